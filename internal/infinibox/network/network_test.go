package network_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/network"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, network.Area(), area.Tests{
		Tables: map[string]acctest.Table{
			"network_interface":   interfaces,
			"network_space":       spaces,
			"network_space_ip":    ips,
			"network_space_route": routes,
		},
		Actions: map[string]acctest.Action{"ping": pinged},
		Walk:    estate(),
	})
}

// What the tests here are written with.
var resource = acctest.ArrayResource

const nodes = 3

// newGroups makes a port group of one name on each node, of the port of that name.
func newGroups(b *acctest.InfiniBox, label, port string) []any {
	ids := make([]any, nodes)
	for i := range ids {
		ids[i] = b.Create("network/interfaces", map[string]any{
			"name": b.Name(label), "type": "PORT_GROUP", "node_id": i + 1, "ports": []any{map[string]any{"name": port}},
		})
	}
	return ids
}

// newVLANs makes a VLAN of one name on each group.
func newVLANs(b *acctest.InfiniBox, label string, vlan int, groups []any) []any {
	ids := make([]any, len(groups))
	for i, group := range groups {
		ids[i] = b.Create("network/interfaces", map[string]any{"name": b.Name(label), "type": "VLAN", "underlying_interface_id": group, "vlan": vlan})
	}
	return ids
}

// newSpace makes a network space for files, of 192.168.11.0/24.
func newSpace(b *acctest.InfiniBox, label string, interfaces []any) any {
	return b.Create("network/spaces", map[string]any{
		"name": b.Name(label), "service": "NAS_SERVICE", "interfaces": interfaces,
		"network_config": map[string]any{"network": "192.168.11.0", "netmask": 24, "default_gateway": "192.168.11.254"},
	})
}

// pinged is a ping of a machine that is there, and of one that is not.
func pinged(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Seed: []byte(`{"neighbours": ["192.168.11.77", "client.example.com"]}`)})
	newSpace(b, "nas", newGroups(b, "data", "eth-data1"))
	return b, acctest.Invocation{
		Config:   acctest.Attrs{"hostname": "192.168.11.77", "node": "node-1", "service": "MGMT"},
		Progress: "Pinging 192.168.11.77 from the network of MGMT on node-1",
		Sent:     "POST /api/rest/ping",
		Done: func(t *testing.T) {
			said := acctest.NewServer(t, b).Invoke("storage_infinibox_ping", acctest.Attrs{"hostname": "client.example.com"})
			if said.Failed() || len(said.Progress) != 2 || said.Progress[1] != "It answers" {
				t.Errorf("said %q; %s", said.Progress, said.Problems)
			}
		},
		Refused: []acctest.Refusal{
			{Config: acctest.Attrs{"hostname": "192.168.11.78"}, Says: []string{"(CONFLICT)"}},
			{Config: acctest.Attrs{"hostname": "192.168.11.77", "node": "node-4"}, Says: []string{"(MALFORMED_PARAMETER)"}},
		},
	}
}
