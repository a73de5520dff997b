package network_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// wired is an array with interfaces for spaces, of a set on all nodes each: port groups and
// VLANs on them. The first are the port groups.
func wired(t *testing.T) (b *acctest.InfiniBox, sets [][]any) {
	b = acctest.SimulateInfiniBox(t, simulator.Options{})
	groups := newGroups(b, "below", "eth-data6")
	sets = append(sets, groups)
	for n := range 11 {
		sets = append(sets, newVLANs(b, fmt.Sprintf("wired-%d", n), 100+n, groups))
	}
	return b, sets
}

// interfacesOfTheWalk are port groups on several nodes, whose ports come and go, and VLANs on
// them.
func interfacesOfTheWalk(t *testing.T) acctest.Suite {
	s := interfaces(t)
	s.Least = s.Least.With(acctest.Attrs{
		"node_id": acctest.Own(func(_ string, n int) any { return 1 + n%nodes }),
		"ports":   acctest.Own(func(_ string, n int) any { return []any{fmt.Sprintf("eth-data%d", 1+n/nodes%4)} }),
	})
	s.Changes["ports"] = acctest.Change{Through: []any{[]any{"eth-data1"}, []any{"eth-data2", "eth-data3"}, []any{"eth-data4"}, []any{"eth-data1", "eth-data4"}}}
	s.Most = acctest.Attrs{"name": s.Name(), "type": "VLAN", "vlan": 7, "rate_limit": 1000}
	s.Changes["vlan"] = acctest.Change{Through: []any{7, 8, 9}}
	delete(s.Changes, "type") // what others are on does not change its type
	return s
}

// spacesOfTheWalk are on the interfaces of the array, and leave the rest of their networks to
// addresses.
func spacesOfTheWalk(t *testing.T) acctest.Suite {
	s := spaces(t)
	_, sets := wired(t)
	on := acctest.Own(func(_ string, n int) any { return sets[n%len(sets)] })
	s.Least = s.Least.With(acctest.Attrs{"interface_ids": on, "mtu": 1500})
	s.Most = s.Most.With(acctest.Attrs{"interface_ids": on})
	s.Changes["interface_ids"] = acctest.Change{Through: []any{sets[0], sets[1], sets[2], sets[3], sets[4]}}
	s.Changes["service"] = acctest.Change{Through: []any{"NAS_SERVICE", "ISCSI_SERVICE", acctest.Attrs{"service": "RMR_SERVICE", "is_async_only": true}}}
	s.Changes["network"] = acctest.Change{Through: []any{"192.168.11.0/24", "192.168.10.0/23", "192.168.8.0/22", "192.168.12.0/24"}, Drift: s.Changes["network"].Drift}
	servers := s.Changes["iscsi_isns_servers"]
	servers.Through = []any{[]any{"192.168.11.207"}, []any{"192.168.11.208", "192.168.11.209"}, []any{}}
	s.Changes["iscsi_isns_servers"] = servers
	gateways := s.Changes["default_gateway"]
	gateways.Through = []any{"192.168.11.251", "192.168.11.250", nil}
	s.Changes["default_gateway"] = gateways
	return s
}

// anywhere are the values of a table that are bad in every network space: what others lack is
// known by the plan only where that knows the space.
func anywhere(table acctest.Table) acctest.Table {
	return func(t *testing.T) acctest.Suite {
		s := table(t)
		s.Bad = slices.DeleteFunc(s.Bad, func(bad acctest.Bad) bool {
			return !strings.Contains(bad.Says, "is no IPv4") && !strings.Contains(bad.Says, "long the network")
		})
		return s
	}
}

// estate is what random changes are made in.
func estate() *walk.Estate {
	return &walk.Estate{
		Lab: func(t *testing.T) acctest.Simulated {
			b, _ := wired(t)
			return b
		},
		Prefix: "storage_infinibox_",
		Tables: map[string]acctest.Table{"network_interface": interfacesOfTheWalk, "network_space": spacesOfTheWalk, "network_space_ip": anywhere(ips), "network_space_route": anywhere(routes)},
		Relations: map[string]walk.Relation{
			"network_interface.underlying_interface_id": {To: []string{"network_interface"}},
		},
		Either: map[string][]string{"network_interface": {"node_id", "underlying_interface_id"}},
		Unique: map[string][][]string{
			"network_interface":   {{"underlying_interface_id", "vlan"}},
			"network_space_ip":    {{"ip_address"}},
			"network_space_route": {{"network_space_id", "network"}},
		},
		About: func(path string, o map[string]any) bool {
			return o["ip_address"] != nil && strings.Contains(path+"/", fmt.Sprintf("/ips/%v/", o["ip_address"]))
		},
		Contradicts: contradiction,
		Never:       never,
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_network_interface.theirs": {Arguments: acctest.Attrs{"name": "theirs", "type": "PORT_GROUP", "node_id": 3, "ports": []any{"eth-data5"}}},
		}},
		Member: "storage_infinibox_network_interface.theirs",
	}
}

// never tells what the array does not change.
func never(e testcore.Said, _ *testcore.Plan) bool {
	for _, code := range []string{
		"PORT_BELONGS_TO_PORTGROUP",          // groups that exchange their last ports
		"CANNOT_RENAME_INTERFACE_WITH_VLANS", // whose VLANs stay
		"NO_ACTIVE_PORTS_FOR_VLAN",           // of a group that was disabled, and about which nothing is said
		"NET_SPACE_INTERFACE_CONFLICT",       // spaces that exchange their interfaces
		"NET_SPACE_IP_IN_USE_BY_MANAGEMENT",  // the first address, beside which others stay
	} {
		if strings.Contains(e.Detail, "("+code+")") {
			return true
		}
	}
	return false
}

// contradiction says what of a configuration no array could hold.
func contradiction(c testcore.Config) string {
	holders := map[any][]any{}
	for _, address := range c.Addresses() {
		arguments := c.Resources[address].Arguments
		wrong := ""
		switch testcore.TypeOf(address) {
		case "storage_infinibox_network_interface":
			wrong = contradictory(c, arguments, holders)
		case "storage_infinibox_network_space":
			wrong = impossible(c, address)
		case "storage_infinibox_network_space_ip":
			wrong = misplaced(c, arguments, "ip_address")
		case "storage_infinibox_network_space_route":
			wrong = misplaced(c, arguments, "gateway")
		}
		if wrong != "" {
			return address + " " + wrong
		}
	}
	return ""
}

// contradictory says which group is to give up all of its ports, or wants one of another,
// and which VLAN is on no group that works.
func contradictory(c testcore.Config, arguments map[string]any, holders map[any][]any) string {
	if arguments["type"] == "VLAN" {
		below, _ := arguments["underlying_interface_id"].(testcore.Ref)
		group := c.Resources[below.Address].Arguments
		if ports, _ := group["ports"].([]any); group["type"] != "PORT_GROUP" || len(ports) == 0 || group["enabled"] == false {
			return "is on no group that works"
		}
		return ""
	}
	ports, given := arguments["ports"].([]any)
	if given && len(ports) == 0 {
		return "keeps its last port"
	}
	node := arguments["node_id"]
	for _, port := range ports {
		if slices.Contains(holders[node], port) {
			return "wants a port of another group"
		}
		holders[node] = append(holders[node], port)
	}
	return ""
}

// impossible says what is wrong with the interfaces, the gateway and the MTU of a space.
func impossible(c testcore.Config, address string) string {
	arguments := c.Resources[address].Arguments
	on, _ := arguments["interface_ids"].([]any)
	if len(on) != nodes || !alike(on) {
		return "is not on one interface of each node"
	}
	if !holds(arguments["network"], arguments["default_gateway"]) {
		return "has a gateway elsewhere"
	}
	for _, server := range listOf(arguments["iscsi_isns_servers"]) {
		if !holds(arguments["network"], server) {
			return "does not reach its iSNS servers"
		}
	}
	return ""
}

// alike reports whether ids are those of one set: they were made one after the other.
func alike(ids []any) bool {
	for i, id := range ids {
		if fmt.Sprint(id) != fmt.Sprint(numberOf(ids[0])+i) {
			return false
		}
	}
	return (numberOf(ids[0])-1000)%nodes == 0
}

func numberOf(id any) (n int) {
	_, _ = fmt.Sscan(fmt.Sprint(id), &n)
	return n
}

func listOf(value any) []any {
	list, _ := value.([]any)
	return list
}

// misplaced says that an address is not in the network of its space, or is another's there.
func misplaced(c testcore.Config, arguments map[string]any, name string) string {
	ref, _ := arguments["network_space_id"].(testcore.Ref)
	space := c.Resources[ref.Address].Arguments
	switch {
	case !holds(space["network"], arguments[name]):
		return "is not in the network of its space"
	case name == "ip_address" && space["default_gateway"] == arguments[name]:
		return "is the gateway's"
	}
	return ""
}

// holds reports whether an address is in a network; what is not said is.
func holds(network, address any) bool {
	prefix, err := netip.ParsePrefix(fmt.Sprint(network))
	a, other := netip.ParseAddr(fmt.Sprint(address))
	return err != nil || other != nil || prefix.Contains(a)
}
