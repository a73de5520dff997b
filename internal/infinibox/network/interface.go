package network

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	interfaces = "network/interfaces"

	isPort  = "PORT"
	isGroup = "PORT_GROUP"
	isVLAN  = "VLAN"
)

// mostRate is the highest limit of a rate that the array takes.
const mostRate = 1_000_000

// Interface is a port of a node, a group of its ports, or a VLAN on a group.
var Interface = entity.Kind{
	System: common.System,
	Name:   "network_interface",
	Plural: "network_interfaces",
	Path:   interfaces,
	Doc: "A network interface of a node: an Ethernet port, a group of ports, or a VLAN on a group. Network spaces stand on such interfaces, one on each node. " +
		"A name is there once on each node, so that the same one can be on all of them.",
	// Ports whose speeds differ by then want approval.
	Approvable: true,
	Identity: entity.Identity{
		NamedIn: []string{"node_id", "underlying_interface_id"},
		Import:  entity.Import{Forms: "the id (1001), name=NAME where one node has it, node_id=1,name=NAME, or of a VLAN underlying_interface_id=1001,name=NAME"},
	},
	Planning: entity.Planning{Check: checkInterface},
	Creation: entity.Creation{
		Body:  withPorts,
		Whole: true,
		InUse: []string{"network_space_ids"},
	},
	Deletion: entity.Deletion{Leave: disableFirst},
	Explain:  explainInterface,
	Facts: entity.Facts{
		entity.ID().Doc("The number the array gave the interface when it was created."),
		common.Name().OncePer("node_id").Doc("The name. A node has no two interfaces of one name. The interfaces of VLANs that make one network space have the same name on all nodes. It changes only while no VLAN is on the interface and no network space uses it, and that of a single port never."),
		entity.Enum("type", isPort, isGroup, isVLAN).Required().Queryable().
			Doc("What it is: `PORT_GROUP` is one port or several that are used as one, `PORT` a single port, `VLAN` a VLAN on a group."),
		entity.Integer("node_id").Defaulted().Queryable().Positive().
			Doc("The number of the node. A port and a group need it; a VLAN is on the node of its group."),
		entity.Texts("ports", nil).Defaulted().Of("type", isPort, isGroup).From(portNames).OncePer("node_id").Members(entity.Relation{
			Add: func(id string, port any) api.Request {
				return api.Request{Method: http.MethodPost, Path: api.Path("network", "interfaces", id, "ports"), Body: api.Object{"name": port}}
			},
			Remove: func(id string, port any) api.Request {
				return api.Request{Method: http.MethodDelete, Path: api.Path("network", "interfaces", id, "ports", port)}
			},
		}).AbsentIsNull().
			Doc("The names of its ports on the node, such as `\"eth-data1\"`: exactly one of a `PORT`, any number of a `PORT_GROUP`. They are added and removed in place; a group does not lose its last port."),
		entity.Ref("underlying_interface_id").Required().Of("type", isVLAN).AbsentIsNull().To("network_interface").
			Doc("The id of the port group that a VLAN is on."),
		entity.Integer("vlan").Required().Of("type", isVLAN).AbsentIsNull().Between(1, 4094).
			Doc("The number of the VLAN: 1 to 4094. A group has no two VLANs of one number."),
		entity.Integer("rate_limit").Optional().Of("type", isGroup, isVLAN).Mutable().Between(1, mostRate).Queryable().
			Doc("The most that it carries, in Mbit/s: 1 to 1000000. No limit where it is not set."),
		entity.Bool("enabled").Field("state").From(isEnabled).Of("type", isPort, isGroup).Defaulted().AfterCreation().ChangedBy(switchInterface).
			Doc("Whether it carries data. A VLAN does as its group does."),
		entity.Text("internal_name").Lasting().Queryable().Doc("What the array calls it, such as `N1L1`."),

		entity.Text("state").Doc("`ENABLED` or `DISABLED`."),
		entity.Text("operational_state").AbsentIsNull().Doc("How its ports are connected, such as `CONNECTED` or `DISCONNECTED`; absent of a VLAN."),
		entity.Text("operational_state_description").AbsentIsNull().Doc("The same in a sentence."),
		entity.Integers("network_space_ids").Doc("The ids of the network spaces on it."),
		entity.Records("port_numbers", entity.Facts{
			entity.Text("name").Doc("The name of the port."),
			entity.Integer("port_number").Doc("Its number on the node."),
		}).Field("ports").AbsentIsNull().Doc("Its ports with their numbers."),
	},
}

// portNames are the names of an interface's ports; none where it has no ports to speak of.
func portNames(o api.Object) any {
	if _, has := o["ports"]; !has {
		return nil
	}
	names := []any{}
	for _, port := range recordsOf(o, "ports") {
		names = append(names, port["name"])
	}
	return names
}

func isEnabled(o api.Object) any { return o["state"] == "ENABLED" }

func switchInterface(id string, after entity.Values) api.Request {
	verb := "disable"
	if after.Bool("enabled") {
		verb = "enable"
	}
	return operation(id, verb)
}

func operation(id, verb string) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("network", "interfaces", id, verb)}
}

// withPorts creates the interface with its ports: a single port is nothing without.
func withPorts(after entity.Values, body api.Object) any {
	if names := after.Texts("ports"); len(names) > 0 {
		ports := make([]any, len(names))
		for i, name := range names {
			ports[i] = api.Object{"name": name}
		}
		body["ports"] = ports
	}
	return body
}

// disableFirst disables an interface that is to be deleted and that nothing is on: the
// array deletes none that is enabled, but for VLANs, which nobody enables by itself.
func disableFirst(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
	o, err := s.Client.Read(api.Fresh(ctx), interfaces, before.ID("id"), nil)
	if err != nil || o["type"] == isVLAN || isEnabled(o) != true || !api.IsNothing(o["network_space_ids"]) || len(vlansOn(ctx, s, before.ID("id"))) > 0 {
		return nil, err
	}
	return []api.Request{operation(before.ID("id"), "disable")}, nil
}

// vlansOn are the VLANs on a group.
func vlansOn(ctx context.Context, s *entity.Session, id string) []api.Object {
	all := common.Collect(ctx, s, interfaces, api.Query{Filters: api.Where("type", isVLAN)})
	return slices.DeleteFunc(all, func(o api.Object) bool { return fmt.Sprint(o["underlying_interface_id"]) != id })
}

// spacesOf are the network spaces that are on one of some interfaces.
func spacesOf(ctx context.Context, s *entity.Session, of ...string) []api.Object {
	return slices.DeleteFunc(common.Collect(ctx, s, spaces, api.Query{}), func(space api.Object) bool {
		on, _ := space["interfaces"].([]any)
		return !slices.ContainsFunc(on, func(id any) bool { return slices.Contains(of, fmt.Sprint(id)) })
	})
}

// explainInterface names what is on an interface that is in use.
func explainInterface(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	if !v.Known("id") {
		return ""
	}
	switch api.CodeOf(err) {
	case "INTERFACE_IN_USE", "INTERFACE_IN_USE_BY_ASSOCIATED_NET_SPACE":
		return "It carries the network spaces " + namesOf(spacesOf(ctx, s, v.ID("id"))) + "."
	case "CANNOT_DELETE_INTERFACE_WITH_VLANS", "CANNOT_RENAME_INTERFACE_WITH_VLANS":
		return "On it are the VLANs " + namesOf(vlansOn(ctx, s, v.ID("id"))) + "."
	case "CANNOT_DELETE_LAST_PORT_IN_PORTGROUP":
		return "A group keeps at least one port: to free it, delete the interface."
	}
	return ""
}
