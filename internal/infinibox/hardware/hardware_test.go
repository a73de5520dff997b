package hardware_test

import (
	"encoding/json"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/hardware"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, hardware.Area(), area.Tests{
		Tables: map[string]acctest.Table{"fc_port": fcPorts},
		Apart: map[string]func(*testing.T){
			"fc_switch":        TestAccFCSwitch,
			"external_service": TestAccExternalService,
		},
		Faults: map[string]acctest.Table{"fc_switch": fcSwitches, "external_service": services},
		Actions: map[string]acctest.Action{
			"node_phase_out": nodeOut, "node_phase_in": nodeIn, "drive_phase_out": driveOut, "drive_phase_in": driveIn, "drive_test": driveTested,
			"fc_switch_delete": switchDeleted,
		},
		Questions:   questions,
		WithoutWalk: "nobody adds parts to the rack, or takes them out of it, in Terraform",
	})
}

// What the tests here are written with.
var resource = acctest.ArrayResource

// seeded is an array that begins with a state.
func seeded(t *testing.T, seed map[string]any) *acctest.InfiniBox {
	t.Helper()
	text, err := json.Marshal(seed)
	if err != nil {
		t.Fatal(err)
	}
	return acctest.SimulateInfiniBox(t, simulator.Options{Seed: text})
}

// questions are put to a rack that is well, but for a drive.
func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	t.Helper()
	b := seeded(t, map[string]any{"components": map[string]any{"enclosures/2/drives/7": map[string]any{"state": "FAILED"}}})
	b.Create("network/interfaces", map[string]any{
		"name": "data", "type": "PORT_GROUP", "node_id": 1, "ports": []any{map[string]any{"name": "eth-data1"}},
	})
	one := acctest.Attrs{"id": 1}
	onNode := acctest.Attrs{"node_id": 1}
	first := onNode.With(one)
	drive := acctest.Attrs{"enclosure_id": 2, "id": 7}
	return b, []acctest.Question{
		{Source: "node", Arguments: one, Finds: "it.name", Want: "node-1"},
		{Source: "node", Arguments: acctest.Attrs{"name": "node-2"}, Finds: "it.id", Want: "2"},
		{Source: "node", Arguments: one, Finds: "[it.bios_state, it.ntp_state_description, it.connected_pdu, length(it.batteries)]", Want: `["OK","",["UP","UP"],3]`},
		{Source: "node", Arguments: one, Finds: "[it.fc_ports[3].role, length(it.fc_ports[3].soft_target_addresses), it.eth_ports[0].sfp_temperature]", Want: `["SOFT_PORT",1,"27.23"]`},
		{Source: "node", Arguments: one, Finds: "[it.drives[0].probe_ttl, length(it.ib_ports), it.pgs[0].name, it.services[0].state]", Want: `["26m40s",2,"data","ACTIVE"]`},
		{Source: "nodes", Finds: "[for n in it.nodes : n.state]", Want: `["ACTIVE","ACTIVE","ACTIVE"]`},
		{Source: "ethernet_port", Arguments: first, Finds: "it.name", Want: "eth-data1"},
		{Source: "ethernet_ports", Arguments: onNode, Finds: `length([for p in it.ethernet_ports : p if p.role == "DATA"])`, Want: "6"},
		{Source: "infiniband_port", Arguments: first, Finds: "it.link_layer", Want: "InfiniBand"},
		{Source: "infiniband_ports", Arguments: onNode, Finds: "length(it.infiniband_ports)", Want: "2"},
		{Source: "node_drive", Arguments: first, Finds: "[it.type, it.wearout]", Want: `["OS","99"]`},
		{Source: "node_drives", Arguments: onNode, Finds: "length(it.node_drives)", Want: "8"},
		{Source: "port_group", Arguments: first, Finds: "it.name", Want: "data"},
		{Source: "port_groups", Arguments: onNode, Finds: "[for g in it.port_groups : g.model]", Want: `["Port-Group Master with slaves: eth-data1"]`},
		{Source: "enclosure", Arguments: one, Finds: "[it.drives_number, it.power_supplies_number, it.drives[0].nodes_with_access]", Want: "[60,0,[1,2,3]]"},
		{Source: "enclosures", Finds: "length(it.enclosures)", Want: "8"},
		{Source: "enclosure_drive", Arguments: drive, Finds: "[it.state, it.temperature, it.hw_state]", Want: `["FAILED",31,"ERROR"]`},
		{Source: "enclosure_drives", Arguments: acctest.Attrs{"enclosure_id": 2}, Finds: `[for d in it.enclosure_drives : d.id if d.state != "ACTIVE"]`, Want: "[7]"},
		{Source: "enclosure_drive_hardware", Arguments: acctest.Attrs{"enclosure_id": 2, "drive_id": 7}, Finds: "[it.hw_state, it.temperature, it.power_on_hours, it.reallocations]", Want: `["ERROR",31,8760,10]`},
		{Source: "ethernet_switch", Arguments: one, Finds: "it.state", Want: "OK"},
		{Source: "ethernet_switches", Finds: "length(it.ethernet_switches)", Want: "2"},
		{Source: "support_appliance", Arguments: one, Finds: "it.vendor", Want: "Dell"},
		{Source: "support_appliances", Finds: "length(it.support_appliances)", Want: "1"},
		{Source: "fc_ports", Arguments: onNode, Finds: "[for p in it.fc_ports : p.role]", Want: `["HARD_PORT","HARD_PORT","HARD_PORT","SOFT_PORT","HARD_PORT","HARD_PORT","HARD_PORT","SOFT_PORT"]`},
		{Source: "fc_soft_targets", Finds: "length([for s in it.fc_soft_targets : s.wwpn if s.switch_id == 1 && s.is_home])", Want: "3"},
		{Source: "components", Finds: `[it.enclosures_number, [for e in it.enclosures : [for d in e.drives : d.id if d.state != "ACTIVE"]][1]]`, Want: "[8,[7]]"},
		{Source: "components", Finds: "it.patch_panels[0].frames[0].ports[0].conn_port_comp_id", Want: "N1FC1"},
		{Source: "fc_switches", Finds: "[for s in it.fc_switches : [s.name, s.resiliency_state, s.resiliency_bitmap]][0]", Want: `["switch-1","OK",["true","true","true"]]`},
		{Source: "fc_switch", Arguments: acctest.Attrs{"name": "switch-2"}, Finds: "it.wwnn", Want: "ca:11:f0:49:1a:ac:e3:02"},
		{Source: "external_service", Arguments: acctest.Attrs{"name": "elastic"}, Finds: "[it.running, it.cluster_state, it.node_states[0].role]", Want: `[true,"GREEN","MASTER"]`},
		{Source: "external_service", Arguments: acctest.Attrs{"name": "elastic"}, Finds: "jsondecode(it.health).initializing_shards", Want: "0"},
		{Source: "external_services", Finds: "[for s in it.external_services : s.name]", Want: `["elastic","postgresql"]`},
	}
}
