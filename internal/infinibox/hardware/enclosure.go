package hardware

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const enclosuresPath = "components/enclosures"

// Enclosure is a shelf of drives.
var Enclosure = partOfRack("enclosure", "enclosures", enclosuresPath, "An enclosure: a shelf of drives, which hold the data.", entity.Facts{
	entity.Integer("drives_number").Doc("How many drives it has."),
	entity.Integer("power_supplies_number").Field("power_supplies").From(countPowerSupplies).Doc("How many power supplies the array tells of."),
	entity.Records("drives", entity.Join(entity.Facts{number()}, health, driveFacts)).Doc("Its drives."),
})

func countPowerSupplies(o api.Object) any {
	supplies, _ := o["power_supplies"].([]any)
	return len(supplies)
}

// EnclosureDrive is a drive that holds data.
var EnclosureDrive = partOfRack("enclosure_drive", "enclosure_drives", enclosuresPath+"/{enclosure_id}/drives",
	"A drive of an enclosure, which holds data. Its states are `ACTIVE`, `READY` (not part of the system yet), `PHASING_OUT`, `TESTING`, `FAILED`, `MISSING` and `UNKNOWN`.",
	entity.Facts{entity.Integer("enclosure_id").Field("enclosure_index").Doc("The number of the enclosure, from 1.")}, driveFacts)

var driveFacts = entity.Join(entity.Facts{
	entity.Integer("drive_index").Doc("Its place in the enclosure."),
	entity.Text("serial_number").Doc("The serial number."),
	entity.Text("product_id").Doc("The product's number."),
	entity.Text("product_rev").Doc("The product's revision."),
	entity.Capacity("capacity").Field("bytes_capacity").Doc("How much it holds."),
	entity.Text("encryption_state").Doc("How what is on it is encrypted."),
	entity.Text("failure_reason").Doc("Why it has failed."),
	entity.Integers("nodes_with_access").Field("nodes_access").From(nodesWithAccess).Doc("The numbers of the nodes that reach it."),
}, hardware("hw."))

// hardware are what a drive tells of itself, in fields whose names begin so.
func hardware(within string) entity.Facts {
	return entity.Facts{
		entity.Text("hw_state").Field(within + "state").Doc("How the drive finds itself."),
		entity.Integer("temperature").Field(within + "temperature").Doc("The temperature, in degrees Celsius."),
		entity.Integer("power_on_hours").Field(within + "power_on_hours").Doc("For how many hours it has run."),
		entity.Integer("reallocations").Field(within + "reallocations").Doc("How many sectors it has replaced."),
		entity.Integer("pending_reallocations").Field(within + "pending_reallocations").Doc("How many sectors it is going to replace."),
	}
}

// nodesWithAccess are the numbers of the nodes that reach a drive, of which the array tells
// in their order.
func nodesWithAccess(o api.Object) any {
	numbers := []any{}
	access, _ := o["nodes_access"].([]any)
	for i, has := range access {
		if has == true {
			numbers = append(numbers, int64(i+1))
		}
	}
	return numbers
}

// driveHardware is what a drive tells of itself, asked for alone.
var driveHardware = entity.Lookup{
	System: common.System, Name: "enclosure_drive_hardware", What: "hardware of the drive",
	Doc: "What a drive of an enclosure tells of itself: its temperature, its age, and the sectors that it had to replace.",
	Arguments: entity.Facts{
		entity.Integer("enclosure_id").Required().Positive().Doc("The number of the enclosure, from 1."),
		entity.Integer("drive_id").Required().Positive().Doc("The number of the drive in it, from 1."),
	},
	Facts: hardware(""),
	Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: drivePath(v) + "/hw"}))
	},
}

// EthernetSwitch is a switch between the nodes.
var EthernetSwitch = partOfRack("ethernet_switch", "ethernet_switches", "components/eth_switches", "An Ethernet switch of the rack, between its nodes.")

// SupportAppliance is a computer by which the vendor supports the array.
var SupportAppliance = partOfRack("support_appliance", "support_appliances", "components/support_appliances",
	"A support appliance: a computer in the rack by which its vendor looks after the array.")

// Components is the rack as a whole.
var Components = entity.Lookup{
	System: common.System, Name: "components", What: "components of the rack",
	Doc: "The rack as a whole: how each of its parts is, in one answer, and its patch panels. The data sources of single sorts, such as `storage_infinibox_nodes`, tell more of each.",
	Facts: entity.Facts{
		entity.Integer("enclosures_number").Doc("How many enclosures there are."),
		entity.Records("nodes", entity.Join(entity.Facts{number(), entity.Text("name").Doc("The name.")}, health)).Doc("The nodes."),
		entity.Records("enclosures", entity.Join(entity.Facts{
			number(), entity.Integer("drives_number").Doc("How many drives it has."),
			entity.Records("drives", entity.Facts{
				number(), health[0], health[1],
				entity.Text("serial_number").Doc("The serial number."),
				entity.Text("failure_reason").Doc("Why it has failed."),
			}).Doc("Its drives."),
		}, health)).Doc("The enclosures."),
		entity.Records("eth_switches", entity.Join(entity.Facts{number()}, health)).Doc("The Ethernet switches."),
		entity.Records("support_appliances", entity.Join(entity.Facts{number()}, health)).Doc("The support appliances."),
		entity.Records("patch_panels", entity.Facts{
			entity.Text("component_id").Doc("What the array calls it."),
			entity.Text("vendor").Doc("Who made it."),
			entity.Text("serial_no").Doc("The serial number."),
			entity.Integer("location").Doc("Its place in the rack."),
			entity.Records("frames", entity.Facts{
				entity.Text("component_id").Doc("What the array calls it."),
				entity.Text("label").Doc("What is written on it."),
				entity.Text("color").Doc("Its color."),
				entity.Integer("location").Doc("Its place in the panel."),
				entity.Records("ports", panelPort).Doc("Its ports."),
			}).Doc("Its frames, one a node."),
		}).Doc("The panels by which cables from outside reach the nodes."),
	},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: "components"}))
	},
}

// panelPort is where a cable from outside goes in.
var panelPort = entity.Facts{
	entity.Integer("port_num").Doc("Its number in the frame."),
	entity.Text("label").Doc("What is written on it."),
	entity.Text("type").Doc("What it is for, such as `FC`."),
	entity.Text("state").Doc("How it is."),
	entity.Text("link_state").Doc("`UP` where it is connected, else `DOWN`."),
	entity.Integer("connection_speed").Doc("The speed at which it runs, in bits a second."),
	entity.Text("media_type").Doc("What its cable is made of."),
	entity.Text("sfp_type").Doc("The type of the module that the cable is in."),
	entity.Text("hw_addr").Doc("The WWPN or the MAC address of the port behind it."),
	entity.Text("conn_port_comp_id").Doc("The port behind it, as the array calls it, such as `N1FC1`."),
	entity.Text("conn_port_uuid").Doc("The identifier of that port."),
	entity.Text("component_id").Doc("What the array calls it."),
}
