package network_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// putConfig changes the subnet of a space behind Terraform's back.
func putConfig(config map[string]any) func(acctest.Object) acctest.Request {
	return acctest.Put("network/spaces", "network_config", config)
}

func putProperty(name string, value any) func(acctest.Object) acctest.Request {
	return acctest.Put("network/spaces", "properties", map[string]any{name: value})
}

func spaces(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	name := acctest.Name(b)
	bad := acctest.BadValue
	groups := newGroups(b, "data", "eth-data1")
	// Each of a suite's objects has VLANs of its own: no two spaces of one service share an interface.
	vlans := map[string][]any{}
	on := acctest.Own(func(label string, n int) any {
		if vlans[label] == nil {
			vlans[label] = newVLANs(b, fmt.Sprintf("v-%s-%d", label, n), 100+len(vlans), groups)
		}
		return vlans[label]
	})
	others := newVLANs(b, "other", 99, groups)
	iscsi := acctest.Attrs{"service": "ISCSI_SERVICE"}
	least := acctest.Attrs{"name": name, "service": "NAS_SERVICE", "interface_ids": on, "network": "192.168.11.0/24"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_network_space", Plural: "network_spaces", Path: "network/spaces",
		Least: least,
		Most: least.With(acctest.Attrs{
			"service": "ISCSI_SERVICE", "default_gateway": "192.168.11.254", "mtu": 1400, "rate_limit": 1000, "automatic_ip_failback": true,
			"iscsi_isns_servers": []any{"192.168.11.200"}, "iscsi_tcp_port": 3261, "iscsi_default_security_method": "CHAP",
		}),
		Changes: map[string]acctest.Change{
			"name":                  {Through: []any{name, b.Name("renamed")}, Drift: acctest.Put("network/spaces", "name", b.Name("drifted"))},
			"service":               {Through: []any{"NAS_SERVICE", "RMR_SERVICE"}, Replaces: true},
			"interface_ids":         {Through: []any{on, others}},
			"network":               {Through: []any{"192.168.11.0/24", "192.168.12.0/23"}, Drift: putConfig(map[string]any{"network": "10.0.0.0", "netmask": 8})},
			"default_gateway":       {Through: []any{"192.168.11.1", "192.168.11.2", nil, "192.168.11.3"}, Drift: putConfig(map[string]any{"default_gateway": "192.168.11.77"})},
			"mtu":                   {Through: []any{1500, 1280, 1400}, Drift: acctest.Put("network/spaces", "mtu", 1300)},
			"rate_limit":            {Through: []any{1000, nil, 2000}, Drift: acctest.Put("network/spaces", "rate_limit", 77)},
			"automatic_ip_failback": {Through: []any{true, false}, Drift: acctest.Put("network/spaces", "automatic_ip_failback", true)},
			"iscsi_isns_servers": {
				Through: []any{[]any{"192.168.11.7"}, []any{"192.168.11.8", "192.168.11.9"}, []any{}}, Beside: iscsi,
				Drift: putProperty("iscsi_isns_servers", []any{"192.168.11.10"}),
			},
			"iscsi_tcp_port": {
				Through: []any{3260, 3261}, Beside: iscsi, Danger: "Hosts lose their iSCSI sessions", Drift: putProperty("iscsi_tcp_port", 3262),
			},
			"iscsi_default_security_method": {
				Through: []any{"NONE", "CHAP", "MUTUAL_CHAP"}, Beside: iscsi, Drift: putProperty("iscsi_default_security_method", "NONE"),
			},
			"is_async_only": {Through: []any{true}, Beside: acctest.Attrs{"service": "RMR_SERVICE"}},
		},
		Bad: append(acctest.BadNames(),
			bad("service", "FTP_SERVICE", "is not known here"),
			bad("interface_ids", []any{}, "at least 1"),
			bad("network", "192.168.11.0", "does not say how long the network is"),
			bad("network", "192.168.11.7/24", "the network is \"192.168.11.0/24\""),
			bad("network", "192.168.11.0/33", "is no IPv4 network"),
			bad("network", "fd00::/64", "is no IPv4 network"),
			bad("default_gateway", "192.168.12.1", "is not in the network 192.168.11.0/24"),
			bad("default_gateway", "192.168.11.0", "is the address of the network"),
			bad("default_gateway", "192.168.11.255", "is the broadcast address"),
			bad("default_gateway", "gateway", "is no IPv4 address"),
			bad("mtu", 1279, "between 1280 and 9000"),
			bad("mtu", 9001, "between 1280 and 9000"),
			bad("rate_limit", 0, "between 1 and 1000000"),
			bad("iscsi_tcp_port", 3260, "only for a network space where service is \"ISCSI_SERVICE\""),
			bad("is_async_only", true, "only for a network space where service is \"RMR_SERVICE\""),
			acctest.Bad{Attribute: "iscsi_tcp_port", Says: "between 1 and 65535", Set: iscsi.With(acctest.Attrs{"iscsi_tcp_port": 0})},
			acctest.Bad{Attribute: "iscsi_isns_servers", Says: "is no IPv4 address", Set: iscsi.With(acctest.Attrs{"iscsi_isns_servers": []any{"isns"}})},
			acctest.Bad{Attribute: "iscsi_default_security_method", Says: "is not known here", Set: iscsi.With(acctest.Attrs{"iscsi_default_security_method": "KERBEROS"})},
		),
	}
}

func ips(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	space := newSpace(b, "nas", newVLANs(b, "nas", 7, newGroups(b, "data", "eth-data1")))
	other := newSpace(b, "other", newGroups(b, "other", "eth-data2"))
	address := func(_ string, n int) any { return fmt.Sprintf("192.168.11.%d", n+1) }
	bad := acctest.BadValue
	path := func(o acctest.Object) string {
		return fmt.Sprintf("network/spaces/%v/ips/%v", o["network_space_id"], o["ip_address"])
	}
	least := acctest.Attrs{"network_space_id": space, "ip_address": acctest.Own(address)}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_network_space_ip", Plural: "network_space_ips",
		Key: []string{"network_space_id", "ip_address"}, Owners: []string{"network_space_id"},
		Gone: func(o acctest.Object) acctest.Request {
			_, _ = b.Do("POST", path(o)+"/disable", nil) // unless it is so already
			return acctest.Request{Method: "DELETE", Path: path(o)}
		},
		Deleting: "Clients and hosts that use the address are cut off",
		NamedBy:  "ip_address",
		Least:    least,
		Most:     least.With(acctest.Attrs{"enabled": true}),
		Changes: map[string]acctest.Change{
			"network_space_id": {Through: []any{space, other}, Replaces: true},
			"ip_address":       {Through: []any{"192.168.11.101", "192.168.11.102"}, Replaces: true},
			"enabled": {
				Through: []any{true, false, true}, Danger: "Clients and hosts that use the address are cut off",
				Drift: func(o acctest.Object) acctest.Request {
					return acctest.Request{Method: "POST", Path: path(o) + "/disable"}
				},
			},
		},
		Bad: []acctest.Bad{
			bad("ip_address", "192.168.11", "is no IPv4 address"),
			bad("ip_address", "192.168.12.1", "is not in the network 192.168.11.0/24"),
			bad("ip_address", "192.168.11.0", "is the address of the network"),
			bad("ip_address", "192.168.11.255", "is the broadcast address"),
			bad("ip_address", "192.168.11.254", "is the default gateway of network space"),
			bad("network_space_id", 99, "There is no network space with the id 99"),
		},
	}
}

func routes(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	space := newSpace(b, "nas", newVLANs(b, "nas", 7, newGroups(b, "data", "eth-data1")))
	other := newSpace(b, "other", newGroups(b, "other", "eth-data2"))
	network := func(_ string, n int) any { return fmt.Sprintf("10.%d.0.0/16", n) }
	path := func(o acctest.Object) string {
		return fmt.Sprintf("network/spaces/%v/routes/%v", o["network_space_id"], o["id"])
	}
	put := func(fields map[string]any) func(acctest.Object) acctest.Request {
		return func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "PUT", Path: path(o), Body: fields}
		}
	}
	bad := acctest.BadValue
	least := acctest.Attrs{"network_space_id": space, "network": acctest.Own(network), "gateway": "192.168.11.253"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_network_space_route", Plural: "network_space_routes",
		Key: []string{"network_space_id", "id"}, Owners: []string{"network_space_id"}, NamedBy: "network",
		Gone:  func(o acctest.Object) acctest.Request { return acctest.Request{Method: "DELETE", Path: path(o)} },
		Least: least, Most: least,
		Changes: map[string]acctest.Change{
			"network_space_id": {Through: []any{space, other}, Replaces: true},
			"network": {
				Through: []any{"172.16.0.0/12", "172.16.0.0/16", "172.20.0.0/16"}, Drift: put(map[string]any{"destination": "172.30.0.0", "netmask": 20}),
			},
			"gateway": {Through: []any{"192.168.11.253", "192.168.11.252"}, Drift: put(map[string]any{"gateway": "192.168.11.77"})},
		},
		Together: []acctest.Attrs{
			{"network": "172.31.0.0/20", "gateway": "192.168.11.200"}, {"network": "172.31.128.0/17", "gateway": "192.168.11.201"},
		},
		Bad: []acctest.Bad{
			bad("network", "10.0.0.0", "does not say how long the network is"),
			bad("network", "10.0.0.1/8", "the network is \"10.0.0.0/8\""),
			bad("network", "192.168.0.0/16", "have addresses in common"),
			bad("gateway", "10.0.0.1", "is not in the network 192.168.11.0/24"),
			bad("gateway", "192.168.11.255", "is the broadcast address"),
			bad("gateway", "somewhere", "is no IPv4 address"),
			bad("network_space_id", 99, "There is no network space with the id 99"),
		},
	}
}

// What does not fit the network that a space is to have is refused by the plan, also where it
// does not change itself; a route that gives way in the same apply is none.
func TestAccSpaceMoves(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	on := newGroups(b, "data", "eth-data1")
	const id = acctest.Expr("storage_infinibox_network_space.nas.id")
	space := func(network string) string {
		return resource("network_space", "nas", acctest.Attrs{"name": "nas", "service": "NAS_SERVICE", "interface_ids": on, "network": network})
	}
	route := func(gateway string) string {
		return resource("network_space_route", "site", acctest.Attrs{"network_space_id": id, "network": "10.20.0.0/16", "gateway": gateway})
	}
	ip := resource("network_space_ip", "one", acctest.Attrs{"network_space_id": id, "ip_address": "192.168.11.1"})
	approving := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Apply(approving, space("192.168.11.0/24"), route("192.168.11.253"), ip).Succeeds(t)
	cli.Plan(approving, space("192.168.10.0/23"), route("192.168.11.253"), ip).
		Refuses(t, "The network of a space that has routes does not change", "is to have the network 192.168.10.0/23", "-replace")
	cli.Plan(approving, space("192.168.12.0/24"), ip).Refuses(t, "The address is not of its network space", "192.168.11.1 is not in the network 192.168.12.0/24")
	cli.Apply(approving, space("192.168.10.0/23"), ip).Succeeds(t) // waits for the route to go
	cli.Apply(approving, space("192.168.10.0/23"), route("192.168.10.253"), ip).Succeeds(t)
	cli.Plan(approving, space("192.168.10.0/23"), route("192.168.10.253"), ip).Succeeds(t).Plans(t, map[string]string{})
}

// The first address of a space for replication goes as the last one, and the refusal says
// for which it waits.
func TestAccManagementAddress(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	space := b.Create("network/spaces", map[string]any{
		"name": "rmr", "service": "RMR_SERVICE", "interfaces": newGroups(b, "data", "eth-data1"), "network_config": map[string]any{"network": "192.168.13.0", "netmask": 24},
	})
	approving := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	ip := func(label, address string, more acctest.Attrs) string {
		return resource("network_space_ip", label, acctest.Attrs{"network_space_id": space, "ip_address": address}.With(more))
	}
	first := ip("first", "192.168.13.1", nil)
	second := ip("second", "192.168.13.2", acctest.Attrs{"depends_on": acctest.Expr("[storage_infinibox_network_space_ip.first]")})
	cli := acctest.NewCLI(t)
	cli.Apply(approving, first, second).Succeeds(t)
	cli.Apply(approving, ip("second", "192.168.13.2", nil)).
		Refuses(t, "(NET_SPACE_IP_IN_USE_BY_MANAGEMENT)", "The space has the addresses 192.168.13.2 yet")
	cli.Apply(approving).Succeeds(t)
}

// An address that is disabled already is deleted; of one for management, which goes as the
// last one, the refusal says so.
func TestAccDisabledAddressGoes(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	space := b.Create("network/spaces", map[string]any{
		"name": "rmr", "service": "RMR_SERVICE", "interfaces": newGroups(b, "data", "eth-data1"), "network_config": map[string]any{"network": "192.168.13.0", "netmask": 24},
	})
	const first, second = "storage_infinibox_network_space_ip.first", "storage_infinibox_network_space_ip.second"
	all := map[string]testcore.Resource{}
	for i, address := range []string{first, second} {
		all[address] = testcore.Resource{Arguments: acctest.Attrs{"network_space_id": space, "ip_address": fmt.Sprintf("192.168.13.%d", i+1), "approved": true}}
	}
	core := acctest.NewCore(t, b, nil)
	only := func(address string) testcore.Config {
		return testcore.Config{Resources: map[string]testcore.Resource{address: all[address]}}
	}
	run := func(config testcore.Config) *testcore.Result {
		_, done := core.Run(t.Context(), config, testcore.Options{})
		return done
	}
	disable := func(address string) {
		b.Must("POST", fmt.Sprintf("network/spaces/%v/ips/%v/disable", space, all[address].Arguments["ip_address"]), nil)
	}
	run(only(first))
	disable(first)
	run(testcore.Config{Resources: all})
	if said := run(only(second)).String(); !strings.Contains(said, "DELETE network/spaces") || !strings.Contains(said, "(NET_SPACE_IP_IN_USE_BY_MANAGEMENT)") {
		t.Errorf("the address for management: %s", said)
	}
	disable(second)
	if done := run(testcore.Config{}); done.Failed() || len(core.State.Addresses()) > 0 {
		t.Errorf("left are %v: %s", core.State.Addresses(), done)
	}
}

// A change of the network leaves the gateway that others have set since the plan, which the
// next plan takes back by its name.
func TestGatewayOfOthersSincePlan(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	on := newGroups(b, "data", "eth-data1")
	core := acctest.NewCore(t, b, nil)
	const address = "storage_infinibox_network_space.nas"
	config := func(network string) testcore.Config {
		return testcore.Config{Resources: map[string]testcore.Resource{address: {Arguments: acctest.Attrs{
			"name": "nas", "service": "NAS_SERVICE", "interface_ids": on, "network": network, "default_gateway": "192.168.11.254",
		}}}}
	}
	core.Run(t.Context(), config("192.168.11.0/24"), testcore.Options{})
	plan := core.Plan(t.Context(), config("192.168.10.0/23"), testcore.Options{})
	path := fmt.Sprintf("network/spaces/%v", b.IDs("network/spaces")[0])
	b.Must("PUT", path, map[string]any{"network_config": map[string]any{"default_gateway": "192.168.11.77"}})
	if done := core.Apply(t.Context(), plan); done.Failed() {
		t.Fatal(done)
	}
	is := b.Must("GET", path, nil)["network_config"].(map[string]any)
	if is["network"] != "192.168.10.0" || is["default_gateway"] != "192.168.11.77" {
		t.Errorf("the network is %v", is)
	}
	next := core.Plan(t.Context(), config("192.168.10.0/23"), testcore.Options{})
	if next.Actions()[address] != testcore.Update || next.Changes[address].Value("default_gateway") != "192.168.11.254" {
		t.Errorf("the next plan: %s", next)
	}
}

// A route that is written twice is refused by the plan, whichever of the two it comes to
// first, and also where others have changed the one that is there.
func TestRouteWrittenTwice(t *testing.T) {
	t.Parallel()
	const kind = "storage_infinibox_network_space_route."
	for _, second := range []string{kind + "a", kind + "z"} {
		t.Run(second, func(t *testing.T) {
			t.Parallel()
			b := acctest.SimulateInfiniBox(t, simulator.Options{})
			route := testcore.Resource{Arguments: acctest.Attrs{
				"network_space_id": newSpace(b, "nas", newGroups(b, "data", "eth-data1")), "network": "10.20.0.0/16", "gateway": "192.168.11.253",
			}}
			core := acctest.NewCore(t, b, nil)
			core.Run(t.Context(), testcore.Config{Resources: map[string]testcore.Resource{kind + "m": route}}, testcore.Options{})
			is := core.State.Attributes(kind + "m")
			b.Must("PUT", fmt.Sprintf("network/spaces/%v/routes/%v", is["network_space_id"], is["id"]), map[string]any{"destination": "10.30.0.0"})
			plan := core.Plan(t.Context(), testcore.Config{Resources: map[string]testcore.Resource{kind + "m": route, second: route}}, testcore.Options{})
			if !plan.Failed() || !strings.Contains(plan.String(), `Two resources have network "10.20.0.0/16"`) {
				t.Errorf("the plan is not refused: %s", plan)
			}
		})
	}
}

// With create_before_destroy an address leaves its space only after the space has changed: the
// refusal says that it takes two applies, and these work.
func TestAddressLeavesANetwork(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	other := newSpace(b, "other", newGroups(b, "other", "eth-data2"))
	on := newGroups(b, "data", "eth-data1")
	const space, ip = "storage_infinibox_network_space.nas", "storage_infinibox_network_space_ip.one"
	config := func(network string, of any, address string) testcore.Config {
		return testcore.Config{Resources: map[string]testcore.Resource{
			space: {Arguments: acctest.Attrs{"name": "nas", "service": "NAS_SERVICE", "interface_ids": on, "network": network}},
			ip:    {Arguments: acctest.Attrs{"network_space_id": of, "ip_address": address, "approved": true}, CreateBeforeDestroy: true},
		}}
	}
	core := acctest.NewCore(t, b, nil)
	run := func(config testcore.Config) string {
		plan, done := core.Run(t.Context(), config, testcore.Options{})
		if plan.Failed() || done.Failed() {
			return plan.String() + done.String()
		}
		return ""
	}
	of := testcore.Ref{Address: space, Attribute: "id"}
	if said := run(config("192.168.11.0/24", of, "192.168.11.38")); said != "" {
		t.Fatal(said)
	}
	said := run(config("192.168.12.0/24", other, "192.168.11.39"))
	for _, words := range []string{"It has the addresses 192.168.11.38", "it takes two applies"} {
		if !strings.Contains(said, words) {
			t.Errorf("missing %q in %s", words, said)
		}
	}
	for _, network := range []string{"192.168.11.0/24", "192.168.12.0/24"} {
		if said := run(config(network, other, "192.168.11.39")); said != "" {
			t.Errorf("%s: %s", network, said)
		}
	}
}
