package network_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// groupsOfTheWalk are port groups on several nodes, whose ports come and go.
func groupsOfTheWalk(t *testing.T) acctest.Suite {
	s := interfaces(t)
	s.Changes["ports"] = acctest.Change{Through: []any{[]any{"eth-data1"}, []any{"eth-data2", "eth-data3"}, []any{"eth-data4"}, []any{"eth-data1", "eth-data4"}}}
	return s
}

// estate is what random changes are made in.
func estate() *walk.Estate {
	onSpaces := "a network space stands on one interface of each node, which no relation of a walk says: TestAccSite"
	return &walk.Estate{
		Lab:       func(t *testing.T) *acctest.InfiniBox { return acctest.SimulateInfiniBox(t, simulator.Options{}) },
		Prefix:    "storage_infinibox_",
		Tables:    map[string]acctest.Table{"network_interface": groupsOfTheWalk},
		Aside:     map[string]string{"network_space": onSpaces, "network_space_ip": onSpaces, "network_space_route": onSpaces},
		Relations: map[string]walk.Relation{"network_interface.underlying_interface_id": {}},
		Always: map[string]any{
			"network_interface.type": "PORT_GROUP", "network_interface.vlan": nil, "network_interface.underlying_interface_id": nil, // TestAccVLAN
		},
		Contradicts: contradiction,
		Never: func(e testcore.Said, _ *testcore.Plan) bool {
			return strings.Contains(e.Detail, "(PORT_BELONGS_TO_PORTGROUP)") // groups that exchange their last ports
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_network_interface.theirs": {Arguments: acctest.Attrs{"name": "theirs", "type": "PORT_GROUP", "node_id": 3, "ports": []any{"eth-data5"}}},
		}},
		Member: "storage_infinibox_network_interface.theirs",
	}
}

// contradiction says which group of a node is to give up all of its ports, and which two
// want one.
func contradiction(c testcore.Config) string {
	holders := map[any][]any{}
	for address, r := range c.Resources {
		ports, given := r.Arguments["ports"].([]any)
		if given && len(ports) == 0 {
			return address + " keeps its last port"
		}
		node := r.Arguments["node_id"]
		for _, port := range ports {
			if slices.Contains(holders[node], port) {
				return address + " wants a port of another group"
			}
			holders[node] = append(holders[node], port)
		}
	}
	return ""
}
