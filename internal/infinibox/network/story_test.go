package network_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// site is a configuration from bare ports to service, on three nodes: port groups with a
// space for files on them, and VLANs for iSCSI and for replication.
type site struct {
	mtu, iscsiMTU  int
	addresses      int // of the space for files
	disabled       int // which of these is not enabled; 0 for none
	iscsiAddresses int
	synchronous    bool
	approved       bool
	imports        func(address string) string // the import block of a resource; nil for none
}

func interfacesOf(label string) acctest.Expr {
	var ids []string
	for node := 1; node <= nodes; node++ {
		ids = append(ids, fmt.Sprintf("storage_infinibox_network_interface.%s%d.id", label, node))
	}
	return acctest.Expr("[" + strings.Join(ids, ", ") + "]")
}

func (s site) config() string {
	var config strings.Builder
	add := func(kind, label string, arguments acctest.Attrs) {
		config.WriteString(resource(kind, label, arguments))
		if s.imports != nil {
			config.WriteString(s.imports("storage_infinibox_" + kind + "." + label))
		}
	}
	id := func(kind, label string) acctest.Expr {
		return acctest.Expr("storage_infinibox_" + kind + "." + label + ".id")
	}
	approved := acctest.Attrs{}
	if s.approved {
		approved["approved"] = true
	}
	for node := 1; node <= nodes; node++ {
		group := fmt.Sprintf("data%d", node)
		add("network_interface", group, acctest.Attrs{"name": "data", "type": "PORT_GROUP", "node_id": node, "ports": []any{"eth-data1", "eth-data2"}})
		for name, vlan := range map[string]int{"iscsi": 12, "rmr": 13} {
			add("network_interface", fmt.Sprintf("%s%d", name, node), acctest.Attrs{
				"name": name, "type": "VLAN", "vlan": vlan, "underlying_interface_id": id("network_interface", group),
			})
		}
	}
	add("network_space", "nas", acctest.Attrs{
		"name": "nas", "service": "NAS_SERVICE", "interface_ids": interfacesOf("data"), "network": "192.168.11.0/24", "default_gateway": "192.168.11.254", "mtu": s.mtu,
	})
	add("network_space_route", "site", acctest.Attrs{"network_space_id": id("network_space", "nas"), "network": "10.20.0.0/16", "gateway": "192.168.11.253"})
	add("network_space", "iscsi", acctest.Attrs{
		"name": "iscsi", "service": "ISCSI_SERVICE", "interface_ids": interfacesOf("iscsi"), "network": "192.168.12.0/24", "mtu": s.iscsiMTU,
	})
	add("network_space", "rmr", acctest.Attrs{
		"name": "rmr", "service": "RMR_SERVICE", "interface_ids": interfacesOf("rmr"), "network": "192.168.13.0/24", "is_async_only": !s.synchronous,
	})
	for i := 1; i <= s.addresses; i++ {
		ip := acctest.Attrs{"network_space_id": id("network_space", "nas"), "ip_address": fmt.Sprintf("192.168.11.%d", i)}
		if i == s.disabled {
			ip["enabled"] = false
		}
		add("network_space_ip", fmt.Sprintf("nas%d", i), ip.With(approved))
	}
	for i := 1; i <= s.iscsiAddresses; i++ {
		add("network_space_ip", fmt.Sprintf("iscsi%d", i), acctest.Attrs{"network_space_id": id("network_space", "iscsi"), "ip_address": fmt.Sprintf("192.168.12.%d", i)})
	}
	for i := 1; i <= 7; i++ { // what synchronous replication wants
		add("network_space_ip", fmt.Sprintf("rmr%d", i), acctest.Attrs{"network_space_id": id("network_space", "rmr"), "ip_address": fmt.Sprintf("192.168.13.%d", i)})
	}
	return config.String()
}

// From bare ports to service, through what administrators do then, and back to bare ports.
func TestAccSite(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	now := site{mtu: 1500, iscsiMTU: 1500, addresses: 6, iscsiAddresses: 1}
	apply := func(change func(*site), plans map[string]string) {
		t.Helper()
		change(&now)
		outcome := cli.Apply(b.Provider(nil), now.config()).Succeeds(t)
		if plans != nil {
			outcome.Plans(t, plans)
		}
	}
	const ip, space = "storage_infinibox_network_space_ip.", "storage_infinibox_network_space."
	apply(func(*site) {}, nil)
	cli.Plan(b.Provider(nil), now.config()).Succeeds(t).Plans(t, map[string]string{})
	apply(func(s *site) { s.synchronous = true }, map[string]string{space + "rmr": "update"})

	apply(func(s *site) { s.addresses = 7 }, map[string]string{ip + "nas7": "create"})
	with := now
	with.disabled = 7
	cli.Plan(b.Provider(nil), with.config()).Refuses(t, "is dangerous and not approved", "Clients and hosts that use the address are cut off")
	now.approved = true
	apply(func(s *site) { s.disabled = 7 }, nil)
	if state := b.Must("GET", "network/spaces/"+fmt.Sprint(b.IDs("network/spaces?name=nas")[0]), nil); !disabled(state, "192.168.11.7") {
		t.Errorf("192.168.11.7 is not disabled: %v", state["ips"])
	}
	apply(func(s *site) { s.addresses, s.disabled = 6, 0 }, map[string]string{ip + "nas7": "delete"})
	last := now
	last.iscsiAddresses = 0
	cli.Plan(b.Provider(nil), last.config()).Refuses(t, "is dangerous and not approved", `It is the last enabled address of network space "iscsi"`)

	wide := map[string]string{space + "nas": "update", space + "iscsi": "update"}
	apply(func(s *site) { s.mtu, s.iscsiMTU = 9000, 9000 }, wide)
	apply(func(s *site) { s.mtu, s.iscsiMTU = 2000, 1500 }, wide)
	cli.Plan(b.Provider(nil), now.config()).Succeeds(t).Plans(t, map[string]string{})

	importAll(t, b, now)

	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Succeeds(t)
	for _, path := range []string{"network/spaces", "network/interfaces"} {
		if left := b.IDs(path); len(left) > 0 {
			t.Errorf("of %s are left: %v", path, left)
		}
	}
}

// disabled reports whether a space has an address that is not enabled.
func disabled(space map[string]any, address string) bool {
	for _, item := range space["ips"].([]any) {
		if ip := item.(map[string]any); ip["ip_address"] == address {
			return ip["enabled"] == false
		}
	}
	return false
}

// importAll imports all of a site into an empty state, which plans nothing then.
func importAll(t *testing.T, b *acctest.InfiniBox, s site) {
	t.Helper()
	spaceIDs := map[string]any{}
	for _, name := range []string{"nas", "iscsi", "rmr"} {
		spaceIDs[name] = b.IDs("network/spaces?name=" + name)[0]
	}
	s.approved = false // it would be a change of the state
	all := map[string]string{}
	s.imports = func(address string) string {
		all[address] = "import"
		_, kind, _ := strings.Cut(address, "network_")
		kind, label, _ := strings.Cut(kind, ".")
		name := strings.TrimRight(label, "0123456789")
		number := strings.TrimPrefix(label, name)
		var id string
		switch kind {
		case "interface":
			id = fmt.Sprintf("node_id=%s,name=%s", number, name)
		case "space":
			id = "name=" + name
		case "space_route":
			id = fmt.Sprintf("network_space_id=%v,network=10.20.0.0/16", spaceIDs["nas"])
		case "space_ip":
			subnet := map[string]string{"nas": "11", "iscsi": "12", "rmr": "13"}[name]
			id = fmt.Sprintf("network_space_id=%v,ip_address=192.168.%s.%s", spaceIDs[name], subnet, number)
		}
		return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, id)
	}
	cli := acctest.NewCLI(t)
	config := s.config()
	cli.Apply(b.Provider(nil), config).Succeeds(t).Plans(t, all)
	cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
}
