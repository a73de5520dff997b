package hardware

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Node is one of the computers that the array is made of.
var Node = nodeKind()

func nodeKind() entity.Kind {
	k := partOfRack("node", "nodes", nodesPath, "A node: one of the computers that the array is made of, with its ports and drives.", nodeFacts)
	k.Reading.Find = findNode
	return k
}

// nodeFacts are what is a node's own. Of two fields the name has a dot in it.
var nodeFacts = entity.Facts{
	entity.Text("name").Doc("The name, such as `node-1`."),
	entity.Text("bios_state").Field("bios.state").Doc("How its BIOS is."),
	entity.Text("ntp_state_description").Field("ntp.state_description").Doc("What is wrong with its clock."),
	entity.Decimal("power").Doc("The power that it draws, in watts."),
	entity.Integer("protecting_bbu").Doc("The number of the battery that protects it."),
	entity.Records("services", entity.Facts{
		entity.Text("name").Doc("The name, such as `core`."),
		entity.Text("state").Doc("`ACTIVE` where it runs."),
	}).Doc("The services that run on it."),
	entity.Records("batteries", entity.Facts{
		entity.Text("state").Doc("How the battery is."),
		entity.Text("state_description").Doc("What is wrong with it."),
	}).Field("connectivity_status.bbu").Doc("The batteries, as the node sees them, by their numbers."),
	seen("eth_switches", "Ethernet switches"),
	seen("pdu", "power distribution units"),
	seen("enclosures", "enclosures"),
	seen("support_appliances", "support appliances"),
	entity.Records("fc_ports", entity.Join(entity.Facts{number()}, health, link, fcFacts, optics)).Doc("Its Fibre Channel ports."),
	entity.Records("eth_ports", entity.Join(entity.Facts{number()}, health, link, ethernetFacts, ipAddresses, optics)).Doc("Its Ethernet ports."),
	entity.Records("ib_ports", entity.Join(entity.Facts{number()}, health, infiniBandFacts)).Doc("Its InfiniBand ports, by which nodes reach each other."),
	entity.Records("drives", entity.Join(entity.Facts{number()}, health, nodeDriveFacts)).Doc("Its own drives, which hold its system."),
	entity.Records("pgs", entity.Join(entity.Facts{number()}, health, portGroupFacts, ipAddresses)).Doc("Its port groups, as the node sees them."),
}

// seen is how a node sees parts of one sort.
func seen(field, what string) entity.Fact {
	return entity.TextList("connected_" + field).Field("connectivity_status." + field).
		Doc("The state of its connections to the " + what + ", by their numbers: `UP` or not.")
}

// findNode reads a node whole: the array plucks no field with a dot in its name.
func findNode(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("id") {
		return s.Client.Read(ctx, nodesPath, v.ID("id"), nil)
	}
	for o, err := range s.Client.List(ctx, nodesPath, api.Query{}) {
		if err != nil || common.NameOf(o) == v.Text("name") {
			return o, err
		}
	}
	return nil, &api.Error{
		Reason: api.NotFound, Operation: "GET " + nodesPath, Status: http.StatusNotFound,
		Message: fmt.Sprintf("There is no node %q", v.Text("name")),
	}
}

// EthernetPort is a port of a node for the network.
var EthernetPort = partOfNode("ethernet_port", "ethernet_ports", "eth_ports",
	"An Ethernet port of a node. Network interfaces name those for data by their names.", link, ethernetFacts, ipAddresses, optics)

var ethernetFacts = entity.Facts{
	entity.Text("name").Doc("The name, such as `eth-data1`; absent where nothing is to be made of the port."),
	entity.Integer("port_number").Doc("Its number on the node."),
	entity.Text("role").Doc("What it is for: `DATA`, `MANAGEMENT`, `IDRAC` or `INTERNAL`."),
	entity.Text("media_type").Doc("What its cable is made of, such as `optics` or `copper`."),
}

// InfiniBandPort is a port by which nodes reach each other.
var InfiniBandPort = partOfNode("infiniband_port", "infiniband_ports", "ib_ports",
	"An InfiniBand port of a node, by which nodes reach each other.", infiniBandFacts)

var infiniBandFacts = entity.Facts{
	entity.Text("link_state").Doc("`UP` where it is connected, else `DOWN`."),
	entity.Text("link_layer").Doc("What is spoken on it."),
}

// NodeDrive is a drive of a node, which holds its system.
var NodeDrive = partOfNode("node_drive", "node_drives", "drives",
	"A drive of a node, which holds its system. Data is on the drives of enclosures.", nodeDriveFacts)

var nodeDriveFacts = entity.Facts{
	entity.Integer("drive_index").Doc("Its place in the node."),
	entity.Text("serial_number").Doc("The serial number."),
	entity.Text("type").Doc("What it is for, such as `OS`."),
	entity.Text("wearout").Doc("How much of its life is left, in percent."),
}

// PortGroup is a group of Ethernet ports as its node sees it.
var PortGroup = partOfNode("port_group", "port_groups", "pgs",
	"A group of Ethernet ports, as its node sees it. What makes it is `storage_infinibox_network_interface`.", portGroupFacts, ipAddresses)

var portGroupFacts = entity.Facts{
	entity.Text("name").Doc("The name of the network interface."),
	entity.Text("role").Doc("`PG`."),
	entity.Integer("connection_speed").Doc("The speed at which it runs, in bits a second."),
	entity.Integer("system_interface_port_number").Doc("Its number among the ports that the outside sees."),
}
