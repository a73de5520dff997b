package hardware

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// FCPort is a Fibre Channel port of a node, which is there and is switched on and off.
var FCPort = entity.Kind{
	System: common.System,
	Name:   "fc_port",
	Plural: "fc_ports",
	Noun:   "Fibre Channel port",
	Path:   nodesPath + "/{node_id}/fc_ports",
	Doc: "A Fibre Channel port of a node. It is there: this resource takes it over to enable or disable it, and leaves it as it was when it is destroyed. " +
		"The data sources tell what zoning needs: the WWPN of each port, and of the soft targets on it.",
	Presence: entity.There,
	Planning: entity.Planning{Check: checkFCPort},
	Facts: entity.Join(entity.Facts{
		number().Required().Immutable().Doc("The number of the port on its node, from 1."),
		entity.Integer("node_id").Field("node_index").Required().InPath().Positive().Doc("The number of the node, from 1."),
		entity.Bool("enabled").Defaulted().ChangedBy(switchFCPort).
			Danger("Hosts lose their paths through the port, and those that have no other are cut off.", entity.Becomes(false)).
			Doc("Whether it is switched on."),
		entity.Enum("role", "HARD_PORT", "SOFT_PORT").Defaulted().ChangedBy(switchFCPort).
			Doc("What it is for: a `HARD_PORT` is its own target, a `SOFT_PORT` carries soft targets, which move to another port where it fails. A port is given a role as it is enabled."),
		entity.Text("wwpn").Lasting().Doc("The WWPN of the port itself."),
	}, health, link, fcFacts[2:], optics),
}

// fcFacts are what is a Fibre Channel port's own; the first two, the resource says in its
// own way.
var fcFacts = entity.Facts{
	entity.Bool("enabled").Doc("Whether it is switched on."),
	entity.Text("role").Doc("`HARD_PORT`, or `SOFT_PORT` where it carries soft targets."),
	entity.Text("wwnn").Doc("The WWNN of the array."),
	entity.TextList("soft_target_addresses").Doc("The WWPNs of the soft targets that it carries now."),
	entity.Text("switch_wwnn").Doc("The WWNN of the switch that it is connected to."),
	entity.Text("switch_vendor").Doc("Who made that switch."),
	entity.Integer("hba_port_number").Doc("Its number on the adapter."),
	entity.Text("hardware_revision").Doc("The revision of the adapter."),
	entity.Integer("qla_errs").Doc("How many errors the adapter has counted."),
}

// switchFCPort enables the port in its role, or disables it.
func switchFCPort(id string, after entity.Values) api.Request {
	r := api.Request{Method: http.MethodPost, Path: api.Path("components", "nodes", after.Int("node_id"), "fc_ports", id, "disable")}
	if after.Bool("enabled") {
		r.Path = api.Path("components", "nodes", after.Int("node_id"), "fc_ports", id, "enable")
		if after.Known("role") {
			r.Body = api.Object{"role": after.Text("role")}
		}
	}
	return r
}

// checkFCPort refuses a new role of a port that is not being enabled.
func checkFCPort(_ context.Context, p *entity.Plan) {
	if p.Before == nil || p.After == nil || !p.Changes("role") || !p.Before.Known("role") || !p.After.Known("role") || !p.After.Known("enabled") {
		return
	}
	if p.Before.Bool("enabled") || !p.After.Bool("enabled") {
		p.Refuse("role", "A port gets its role as it is enabled",
			"The array gives a role to a port that it enables. Set enabled = false alone, and apply that; then enable it in the new role.")
	}
}

// FCSwitch is a switch that Fibre Channel ports are connected to. It is there, and is
// named.
var FCSwitch = entity.Kind{
	System: common.System,
	Name:   "fc_switch",
	Plural: "fc_switches",
	Noun:   "Fibre Channel switch",
	Path:   "fc/switches",
	Doc: "A Fibre Channel switch that ports of the array are connected to. The array finds it: this resource takes it over to name it, and gives its name back when it is destroyed. " +
		"One that is gone from the network is deleted by the action `storage_infinibox_fc_switch_delete`.",
	Presence: entity.There,
	Facts: entity.Facts{
		entity.ID().Required().Immutable().Doc("The number the array gave the switch when it found it."),
		entity.Text("name").Defaulted().Mutable().Queryable().LongestOf(65).Doc("The name on the array."),
		entity.Text("wwnn").Lasting().Queryable().Doc("The WWNN of the switch."),
		entity.Text("vendor").Queryable().Doc("Who made it."),
		entity.Text("resiliency_state").Doc("How well the nodes are connected to it: `OK`, or `DISCONNECTED`."),
		entity.TextList("resiliency_bitmap").Doc("Whether each node is connected to it, by the numbers of the nodes: `true` or `false`."),
	},
}

// FCSoftTarget is an address of the array that moves between ports.
var FCSoftTarget = entity.Kind{
	System: common.System,
	Name:   "fc_soft_target",
	Plural: "fc_soft_targets",
	Noun:   "soft target",
	Path:   "fc/soft_targets",
	Doc: "A soft target: a WWPN by which hosts reach the array over one switch, and which moves to another port where its own fails. " +
		"Zones are made of soft targets where the array has them.",
	Presence: entity.Nameless,
	Facts: entity.Facts{
		entity.Integer("id").Doc("The number of the soft target."),
		entity.Text("wwpn").Doc("The WWPN."),
		entity.Integer("node_id").Doc("The number of the node that it is on now."),
		entity.Integer("port_number").Doc("The number of the port that it is on now."),
		entity.Integer("switch_id").Doc("The id of the switch that it is reached over."),
		entity.Bool("is_home").Doc("Whether that is its own port."),
	},
}

// deleteSwitch makes the array forget a switch.
var deleteSwitch = entity.Action{
	System: common.System,
	Name:   "fc_switch_delete",
	Doc:    "Deletes a Fibre Channel switch that is gone: the array forgets none to which a port is still connected.",
	Arguments: entity.Facts{
		entity.Ref("fc_switch_id").Required().Doc("The id of the switch."),
	},
	Doing: func(v entity.Values) string { return "Deleting Fibre Channel switch " + v.ID("fc_switch_id") },
	Request: func(v entity.Values) api.Request {
		return api.Request{Method: http.MethodDelete, Path: api.Path("fc", "switches", v.Int("fc_switch_id"))}
	},
}
