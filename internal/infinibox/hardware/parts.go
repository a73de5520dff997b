package hardware

import (
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const nodesPath = "components/nodes"

// partOfRack is a kind that is found in the rack: what tells one from the others, then
// what every part tells, then what is its own.
func partOfRack(name, plural, path, doc string, tables ...entity.Facts) entity.Kind {
	return entity.Kind{
		System: common.System, Name: name, Plural: plural, Path: path, Doc: doc,
		Presence: entity.Foreign,
		Facts:    entity.Join(entity.Facts{number()}, health, entity.Join(tables...)),
	}
}

// partOfNode is a kind that is found in a node.
func partOfNode(name, plural, path, doc string, tables ...entity.Facts) entity.Kind {
	return partOfRack(name, plural, nodesPath+"/{node_id}/"+path, doc, append([]entity.Facts{{nodeID()}}, tables...)...)
}

// number tells a part from the others of its sort.
func number() entity.Fact {
	return entity.ID().Unqueried().Doc("Its number, from 1, among the others of its sort.")
}

func nodeID() entity.Fact {
	return entity.Integer("node_id").Field("node_index").Doc("The number of the node, from 1.")
}

// health is what every part of the rack tells.
var health = entity.Facts{
	entity.Text("state").Doc("How it is: `OK`, `WARNING`, `ERROR`, `MISSING` or `UNKNOWN`, or a state of its own sort, such as `ACTIVE`."),
	entity.Text("state_description").Doc("What is wrong with it, in words of the array."),
	entity.Text("vendor").Doc("Who made it."),
	entity.Text("model").Doc("The model."),
	entity.Text("firmware").Doc("The version of its firmware."),
	entity.Moment("last_probe_timestamp").Doc("When the array last looked at it."),
	entity.Duration("probe_ttl", time.Millisecond).Doc("How long what the array has seen then counts."),
}

// link is what a port tells of its connection.
var link = entity.Facts{
	entity.Integer("connection_speed").Doc("The speed at which it runs, in bits a second."),
	entity.Integer("max_speed").Doc("The speed at which it could run."),
	entity.Text("link_state").Doc("`UP` where it is connected, else `DOWN`."),
	entity.Integer("system_interface_port_number").Doc("Its number among the ports that the outside sees."),
}

// optics is what a port tells of the module that its cable is in; most of it as the
// module tells it, in a text.
var optics = entity.Facts{
	entity.Text("sfp_type").Doc("The type of the module."),
	entity.Text("sfp_model").Doc("The model of the module."),
	entity.Text("sfp_temperature").Field("SFP_Temperature_Deg_C").Doc("The temperature of the module, in degrees Celsius."),
	entity.Text("sfp_voltage").Field("SFP_Voltage_Volt").Doc("The voltage of the module."),
	entity.Text("sfp_laser_bias_current").Field("SFP_Laser_Bias_Current_mA").Doc("The bias current of the laser, in mA."),
	entity.Text("laser_rx_power").Field("laser_RX_power_mW").Doc("The power that is received, in mW."),
	entity.Text("laser_tx_power").Field("laser_TX_power_mW").Doc("The power that is sent, in mW."),
	entity.Text("laser_power_level_state").Doc("Whether these are as they should be."),
	entity.Text("laser_power_level_state_description").Doc("What is wrong with them."),
	entity.Text("rx_power_low_warning").Field("RX_power_low_Warning_THLD_mW").Doc("The power below which too little is received, in mW."),
	entity.Text("rx_power_high_warning").Field("RX_power_high_Warning_THLD_mW").Doc("The power above which too much is received, in mW."),
	entity.Text("tx_power_low_warning").Field("TX_power_low_Warning_THLD_mW").Doc("The power below which too little is sent, in mW."),
	entity.Text("tx_power_high_warning").Field("TX_power_high_Warning_THLD_mW").Doc("The power above which too much is sent, in mW."),
}

// ipAddresses is what a port tells of its own addresses.
var ipAddresses = entity.Facts{
	entity.Text("hw_addr").Doc("The MAC address."),
	entity.Text("ip_v4_addr").Doc("The IPv4 address of its own."),
	entity.Text("ip_v4_netmask").Doc("The netmask of that."),
	entity.Text("ip_v6_addr").Doc("The IPv6 address of its own."),
	entity.Text("ip_v6_netmask").Doc("The netmask of that."),
	entity.Text("ip_v4_broadcast").Doc("The broadcast address."),
}
