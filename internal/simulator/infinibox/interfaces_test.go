package infinibox

import (
	"fmt"
	"net/http"
	"testing"
)

// TestInterfaceFields is TestFields for network interfaces: a port group and a VLAN on top of it.
func TestInterfaceFields(t *testing.T) {
	documented, a := documentedFields(t, "fields_interfaces.json"), world(t, Options{})
	group := call(t, a, http.MethodPost, "network/interfaces", `{"name":"pg","type":"PORT_GROUP","node_id":1,"ports":[{"name":"eth-data1"}]}`)
	vlan := call(t, a, http.MethodPost, "network/interfaces", fmt.Sprintf(`{"name":"v","type":"VLAN","underlying_interface_id":%v,"vlan":7}`, asObject(group)["id"]))
	checkFields(t, "a port group", documented["network_interface"], group)
	checkFields(t, "a VLAN", documented["vlan_interface"], vlan)
	checkAnswers(t, a, documented, map[string][]string{
		"network_interface": {fmt.Sprint("network/interfaces/", asObject(group)["id"]), "network/interfaces"},
		"vlan_interface":    {fmt.Sprint("network/interfaces/", asObject(vlan)["id"]), "network/interfaces?type=vlan"},
		"port_group":        {"components/nodes/1/pgs/1", "components/nodes/1/pgs"},
	})
}

// group makes a port group of some ports of a node, and returns its id.
func group(t *testing.T, s *Simulator, node int, name string, ports ...string) any {
	t.Helper()
	list := []any{}
	for _, port := range ports {
		list = append(list, values{"name": port})
	}
	return must(t, s, "POST", "network/interfaces", values{"name": name, "type": "PORT_GROUP", "node_id": node, "ports": list})["id"]
}

func TestInterfacesTellWhatTheirPortsDo(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"components": {"nodes/1/eth_ports/2": {"link_state": "DOWN"}}}`)})
	both, one, none := group(t, s, 1, "both", "eth-data1", "eth-data2"), group(t, s, 2, "one", "eth-data1"), group(t, s, 3, "none")
	mixed := group(t, s, 3, "mixed", "eth-data4", "eth-data5")
	path := func(id any) string { return fmt.Sprint("network/interfaces/", id) }
	expect(t, must(t, s, "GET", path(both), nil), values{
		"operational_state": "PARTIALLY_CONNECTED", "operational_state_description": "Some of the ports in this interface are disconnected. The disconnected ports are: 2.",
		"internal_name": "N1L1", "network_space_ids": "[]", "state": "ENABLED",
	})
	expect(t, must(t, s, "DELETE", path(both)+"/ports/eth-data1", nil), values{
		"operational_state": "DISCONNECTED", "operational_state_description": "All ports in this interface are disconnected. The disconnected ports are: 2.",
		"ports": "[map[name:eth-data2 port_number:2]]",
	})
	expect(t, must(t, s, "GET", path(one), nil), values{"operational_state": "CONNECTED", "operational_state_description": "All ports in the interface are connected and run at the same speed"})
	expect(t, must(t, s, "GET", path(none), nil), values{"operational_state": "DISCONNECTED", "operational_state_description": "N/A"})
	expect(t, must(t, s, "GET", path(mixed), nil), values{"operational_state": "CONNECTED", "operational_state_description": "All ports in the interface are connected, but do not run at the same speed", "internal_name": "N3L2"})
	expect(t, listed(t, s, "components/nodes/1/pgs")[0].(values), values{"name": "both", "state": "ERROR", "model": "Port-Group Master with slaves: eth-data2"})
	expect(t, listed(t, s, "components/nodes/3/pgs")[1].(values), values{"id": 2, "name": "mixed", "state": "OK", "role": "PG"})

	asTechnician(t, s, "components/nodes/2/phase_out")
	expect(t, must(t, s, "GET", path(one), nil), values{"operational_state": "DISCONNECTED", "state": "ENABLED"})
}

func TestDisablingAGroupDisablesItsVLANs(t *testing.T) {
	s := Start(t, Options{})
	pg := group(t, s, 1, "pg", "eth-data1")
	vlan := must(t, s, "POST", "network/interfaces", values{"name": "v", "type": "vlan", "underlying_interface_id": pg, "vlan": 7})
	expect(t, vlan, values{"node_id": 1, "internal_name": "N1L1.7", "state": "ENABLED", "underlying_interface_id": pg})
	expect(t, must(t, s, "POST", fmt.Sprintf("network/interfaces/%v/disable", pg), nil), values{
		"state": "DISABLED", "operational_state": "ADMINISTRATIVELY_DISABLED", "operational_state_description": "The interface was disabled by an administrator",
	})
	again := Start(t, Options{Seed: dumped(t, s)})
	for _, s := range []*Simulator{s, again} {
		expect(t, must(t, s, "GET", fmt.Sprint("network/interfaces/", vlan["id"]), nil), values{"state": "DISABLED"})
		expect(t, must(t, s, "POST", fmt.Sprintf("network/interfaces/%v/enable", pg), nil), values{"state": "ENABLED", "operational_state": "CONNECTED"})
		expect(t, must(t, s, "GET", fmt.Sprint("network/interfaces/", vlan["id"]), nil), values{"state": "ENABLED"})
		expect(t, must(t, s, "DELETE", fmt.Sprint("network/interfaces/", vlan["id"]), nil), values{"state": "ENABLED", "vlan": 7})
		must(t, s, "POST", fmt.Sprintf("network/interfaces/%v/disable", pg), nil)
		must(t, s, "DELETE", fmt.Sprint("network/interfaces/", pg), nil)
		expect(t, must(t, s, "GET", fmt.Sprint("network/interfaces/", group(t, s, 1, "pg", "eth-data1")), nil), values{"internal_name": "N1L1"})
	}
}
