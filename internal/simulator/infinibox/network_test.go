package infinibox

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// TestSpaceFields is TestFields for network spaces: one for iSCSI with an address and a route, and a bare one for files.
func TestSpaceFields(t *testing.T) {
	documented, a := documentedFields(t, "fields_network_spaces.json"), world(t, Options{})
	interfaces := ""
	for node := 1; node <= 3; node++ {
		o := call(t, a, http.MethodPost, "network/interfaces", fmt.Sprintf(`{"name":"pg-spaces","type":"PORT_GROUP","node_id":%d,"ports":[{"name":"eth-data2"}]}`, node))
		interfaces += fmt.Sprint(",", asObject(o)["id"])
	}
	create := func(name, service string) (space map[string]any, path string) {
		o := asObject(call(t, a, http.MethodPost, "network/spaces", fmt.Sprintf(
			`{"name":%q,"service":%q,"interfaces":[%s],"network_config":{"network":"192.168.11.0","netmask":24,"default_gateway":"192.168.11.254"}}`, name, service, interfaces[1:])))
		return o, fmt.Sprint("network/spaces/", o["id"])
	}
	bare, _ := create("bare", nasService)
	_, path := create("iscsi", iscsiService)
	route := call(t, a, http.MethodPost, path+"/routes", `{"netmask":27,"destination":"1.2.3.32","gateway":"192.168.11.1"}`)
	space := asObject(call(t, a, http.MethodPost, path+"/ips", `"192.168.11.6"`))
	ip := first(space["ips"])
	disabled := asObject(call(t, a, http.MethodPost, path+"/ips/192.168.11.6/disable", ""))
	answers := map[string][]any{
		"network_space":    {bare, space, call(t, a, http.MethodGet, path, ""), first(call(t, a, http.MethodGet, "network/spaces", ""))},
		"network_space_ip": {ip, first(disabled["ips"])},
		"iscsi_properties": {space["properties"]},
		"vmac_address":     {first(space["vmac_addresses"])},
		"route":            {route, first(space["routes"]), call(t, a, http.MethodGet, fmt.Sprint(path, "/routes/", asObject(route)["id"]), ""), first(call(t, a, http.MethodGet, path+"/routes", ""))},
	}
	for kind, fields := range documented {
		if len(answers[kind]) == 0 {
			t.Errorf("no answer shows a %s", kind)
		}
		for _, answer := range answers[kind] {
			checkFields(t, kind, fields, answer)
		}
	}
}

// onEachNode makes an interface on each node and returns their ids.
func onEachNode(t *testing.T, s *Simulator, body func(node int) values) []any {
	t.Helper()
	ids := []any{}
	for node := 1; node <= 3; node++ {
		ids = append(ids, must(t, s, "POST", "network/interfaces", body(node))["id"])
	}
	return ids
}

// space makes a network space in 10.0.N.0/24 with a number of addresses, and returns its path.
func space(t *testing.T, s *Simulator, name, service string, n, addresses int, more values, interfaces []any) string {
	t.Helper()
	o := must(t, s, "POST", "network/spaces", with(values{
		"name": name, "service": service, "interfaces": interfaces,
		"network_config": values{"network": fmt.Sprintf("10.0.%d.0", n), "netmask": 24, "default_gateway": fmt.Sprintf("10.0.%d.1", n)},
	}, more))
	path := fmt.Sprint("network/spaces/", o["id"])
	for i := range addresses {
		must(t, s, "POST", path+"/ips", fmt.Sprintf("10.0.%d.%d", n, 10+i))
	}
	return path
}

// portGroups makes a group of two ports on each node.
func portGroups(t *testing.T, s *Simulator) []any {
	t.Helper()
	return onEachNode(t, s, func(node int) values {
		return values{"name": "pg", "type": "PORT_GROUP", "node_id": node, "ports": []any{values{"name": "eth-data1"}, values{"name": "eth-data2"}}}
	})
}

func vlans(t *testing.T, s *Simulator, groups []any, vlan int) []any {
	t.Helper()
	return onEachNode(t, s, func(node int) values {
		return values{"name": fmt.Sprintf("vlan%d", vlan), "type": "VLAN", "underlying_interface_id": groups[node-1], "vlan": vlan}
	})
}

// field lists one field of each address of a space.
func ipField(t *testing.T, s *Simulator, path, field string) string {
	t.Helper()
	found := []any{}
	for _, item := range must(t, s, "GET", path, nil)["ips"].([]any) {
		found = append(found, item.(values)[field])
	}
	return fmt.Sprint(found)
}

// TestNetworkFromBarePortsToServiceAndBack is a network's life: groups, VLANs, a space for files with a route, one for iSCSI
// and one for replication, changes in the order that the array accepts, and the end of it all.
func TestNetworkFromBarePortsToServiceAndBack(t *testing.T) {
	s := Start(t, Options{Serial: 19})
	groups := portGroups(t, s)
	tagged := vlans(t, s, groups, 7)
	nas := space(t, s, "nas", "nas_service", 1, 6, values{"routes": []any{values{"destination": "10.9.0.0", "netmask": 16, "gateway": "10.0.1.2"}}}, tagged)
	iscsi := space(t, s, "iscsi", "ISCSI_SERVICE", 2, 3, nil, vlans(t, s, groups, 8))
	rmr := space(t, s, "rmr", "RMR_SERVICE", 3, 7, nil, groups)

	expect(t, must(t, s, "GET", nas, nil), values{"service": "NAS_SERVICE", "mtu": 1500, "rate_limit": nil, "automatic_ip_failback": false, "properties": "map[]", "tenant_id": 1})
	if got, want := ipField(t, s, nas, "interface_id"), fmt.Sprint(append(append([]any{}, tagged...), tagged...)); got != want {
		t.Errorf("addresses are at %s, want %s", got, want)
	}
	for path, want := range map[string]values{
		nas:   {"type": "[NAS NAS NAS NAS NAS NAS]", "vlan_id": "[7 7 7 7 7 7]", "tpgt": "[<nil> <nil> <nil> <nil> <nil> <nil>]"},
		iscsi: {"type": "[ISCSI ISCSI ISCSI]", "vlan_id": "[8 8 8]", "tpgt": "[1 2 3]"},
		rmr:   {"type": "[MANAGEMENT ASYNC SYNC ASYNC SYNC ASYNC SYNC]", "vlan_id": "[1 1 1 1 1 1 1]", "reserved": "[true false false false false false false]"},
	} {
		for field, value := range want {
			if got := ipField(t, s, path, field); got != value {
				t.Errorf("%s of %s: %s, want %s", field, path, got, value)
			}
		}
	}
	expect(t, must(t, s, "GET", iscsi, nil)["properties"].(values), values{
		"iscsi_iqn": "iqn.2009-11.com.infinidat:storage:infinibox-sn-19", "iscsi_tcp_port": 3260, "iscsi_isns_servers": nil, "iscsi_default_security_method": "NONE",
	})
	expect(t, must(t, s, "GET", fmt.Sprint("network/interfaces/", groups[0]), nil), values{"network_space_ids": fmt.Sprint("[", rmr[len("network/spaces/"):], "]")})
	macs := must(t, s, "GET", rmr, nil)["vmac_addresses"].([]any)
	if len(macs) != 13 || macs[12].(values)["role"] != "RESERVED" || macs[0].(values)["vmac_address"] != "74:2b:0f:ff:ff:f3" {
		t.Errorf("hardware addresses: %v", macs)
	}

	// A wider network begins at what others are on top of.
	refused(t, s, "PUT", nas, values{"mtu": 9000}, "MTU_TOO_HIGH")
	must(t, s, "PUT", rmr, values{"mtu": 9000})
	must(t, s, "PUT", nas, values{"mtu": 9000})
	refused(t, s, "PUT", rmr, values{"mtu": 1500}, "MTU_TOO_LOW")
	expect(t, must(t, s, "PUT", nas, values{"rate_limit": 1000}), values{"rate_limit": 1000, "mtu": 9000})
	expect(t, must(t, s, "PUT", nas, values{"name": "files"}), values{"name": "files"})

	// An address comes, is disabled, and goes.
	must(t, s, "POST", nas+"/ips", "10.0.1.99")
	must(t, s, "POST", nas+"/ips/10.0.1.99/disable", nil)
	if got := ipField(t, s, nas, "enabled"); got != "[true true true true true true false]" {
		t.Errorf("enabled: %s", got)
	}
	must(t, s, "DELETE", nas+"/ips/10.0.1.99", nil)
	routes := listed(t, s, nas+"/routes")
	expect(t, routes[0].(values), values{"destination": "10.9.0.0", "netmask": 16, "gateway": "10.0.1.2"})

	again := Start(t, Options{Seed: dumped(t, s)})
	for _, s := range []*Simulator{s, again} {
		expect(t, must(t, s, "PUT", fmt.Sprint(nas, "/routes/", routes[0].(values)["id"]), values{"gateway": "10.0.1.3"}), values{"destination": "10.9.0.0", "gateway": "10.0.1.3"})
		must(t, s, "DELETE", fmt.Sprint(nas, "/routes/", routes[0].(values)["id"]), nil)
		for _, path := range []string{nas, iscsi, rmr} {
			removeSpace(t, s, path)
		}
		for _, o := range listed(t, s, "network/interfaces?type=VLAN") {
			must(t, s, "DELETE", fmt.Sprint("network/interfaces/", o.(values)["id"]), nil)
		}
		for _, id := range groups {
			must(t, s, "POST", fmt.Sprintf("network/interfaces/%v/disable", id), nil)
			must(t, s, "DELETE", fmt.Sprint("network/interfaces/", id), nil)
		}
		if left := append(listed(t, s, "network/interfaces"), listed(t, s, "network/spaces")...); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// removeSpace takes a space's addresses away, the first last, and then the space.
func removeSpace(t *testing.T, s *Simulator, path string) {
	t.Helper()
	ips := must(t, s, "GET", path, nil)["ips"].([]any)
	for _, ip := range slices.Backward(ips) {
		address := fmt.Sprint(path, "/ips/", ip.(values)["ip_address"])
		must(t, s, "POST", address+"/disable", nil)
		must(t, s, "DELETE", address, nil)
	}
	must(t, s, "DELETE", path, nil)
}

func TestAddressesMoveFromWhatDoesNotWork(t *testing.T) {
	s := Start(t, Options{})
	groups := portGroups(t, s)
	path := space(t, s, "nas", nasService, 1, 3, nil, groups)
	asTechnician(t, s, "components/nodes/2/phase_out")
	if got, want := ipField(t, s, path, "interface_id"), fmt.Sprint([]any{groups[0], groups[2], groups[0]}); got != want {
		t.Errorf("addresses are at %s, want %s", got, want)
	}
	must(t, s, "POST", path+"/ips/10.0.1.10/disable", nil)
	if got, want := ipField(t, s, path, "interface_id"), fmt.Sprint([]any{nil, groups[0], groups[2]}); got != want {
		t.Errorf("addresses are at %s, want %s", got, want)
	}
}

func TestPropertiesAndNetworksChangeInParts(t *testing.T) {
	s := Start(t, Options{})
	path := space(t, s, "iscsi", iscsiService, 1, 0, values{"properties": values{"iscsi_tcp_port": 3300}}, portGroups(t, s))
	must(t, s, "PUT", path, values{"properties": values{"iscsi_isns_servers": []any{"10.0.1.7"}}})
	o := must(t, s, "PUT", path, values{"properties": values{"iscsi_default_security_method": "chap"}})
	expect(t, o["properties"].(values), values{"iscsi_tcp_port": 3300, "iscsi_isns_servers": "[10.0.1.7]", "iscsi_default_security_method": "CHAP", "is_tpg_per_port": true})
	o = must(t, s, "PUT", path, values{"network_config": values{"default_gateway": nil}})
	expect(t, o["network_config"].(values), values{"network": "10.0.1.0", "netmask": 24, "default_gateway": nil})
	o = must(t, s, "PUT", path, values{"properties": values{"iscsi_isns_servers": []any{}}})
	expect(t, o["properties"].(values), values{"iscsi_isns_servers": nil})

	before := must(t, s, "GET", path, nil)
	refused(t, s, "PUT", path, values{"network_config": values{"network": "10.0.2.0", "default_gateway": "10.0.3.1"}}, "NET_SPACE_INCOMPATIBLE_SUBNET_AND_GATEWAY")
	refused(t, s, "PUT", path, values{"properties": values{"iscsi_tcp_port": 99999}}, "WRONG_PARAMETER")
	expect(t, must(t, s, "GET", path, nil), before)
}

func TestPingsAreSentFromTheNetworkOfAService(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"neighbours": ["10.0.1.77", "10.8.0.1", "client.example.com"]}`)})
	path := space(t, s, "nas", nasService, 1, 1, nil, portGroups(t, s))
	ping := func(node int, hostname string) error {
		_, _, err := s.Do("POST", "ping", values{"hostname": hostname, "node": fmt.Sprintf("node-%d", node), "service": "nas_service"})
		return err
	}
	check := func(node int, answers string) {
		t.Helper()
		got := ""
		for _, hostname := range []string{"10.0.1.77", "10.0.1.78", "10.0.1.1", "10.0.1.10", "10.8.0.1", "client.example.com"} {
			if ping(node, hostname) == nil {
				got += "!"
			} else {
				got += "."
			}
		}
		if got != answers {
			t.Errorf("node %d: %s, want %s", node, got, answers)
		}
	}
	check(1, "!.!!!!")
	must(t, s, "PUT", path, values{"network_config": values{"default_gateway": nil}})
	check(1, "!..!.!")
	must(t, s, "POST", path+"/routes", values{"destination": "10.8.0.0", "netmask": 16, "gateway": "10.0.1.2"})
	check(1, "!..!!!")
	asTechnician(t, s, "components/nodes/2/phase_out")
	check(2, "......")
	must(t, s, "POST", path+"/ips/10.0.1.10/disable", nil)
	check(1, "......")
}

func TestAddressesForReplicationAreAssignedByKind(t *testing.T) {
	s := Start(t, Options{})
	path := space(t, s, "rmr", rmrService, 1, 7, values{"properties": values{"is_async_only": true}}, portGroups(t, s))
	for async, want := range map[bool]string{
		false: "[MANAGEMENT ASYNC SYNC ASYNC SYNC ASYNC SYNC]", true: "[MANAGEMENT ASYNC ASYNC ASYNC ASYNC ASYNC ASYNC]",
	} {
		must(t, s, "PUT", path, values{"properties": values{"is_async_only": async}})
		if got := ipField(t, s, path, "type"); got != want {
			t.Errorf("addresses are %s, want %s", got, want)
		}
	}
}
