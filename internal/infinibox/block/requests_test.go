package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

var fleets = map[string]acctest.Fleet{
	"volumes": {
		Resource: "storage_infinibox_volume",
		Prepare:  volumesIn(nil),
		Creating: 1, Collections: 1,
		Changed: func(i int) acctest.Attrs { return acctest.Attrs{"name": fmt.Sprintf("renamed-%d", i)} },
	},
	"volumes with metadata": {
		Resource: "storage_infinibox_volume",
		Prepare:  volumesIn(acctest.Attrs{"metadata": map[string]string{"owner": "db"}}),
		Creating: 2, Collections: 2,
		Changed: func(int) acctest.Attrs { return acctest.Attrs{"metadata": map[string]string{"owner": "web"}} },
	},
	"LUNs of a cluster": {
		Resource: "storage_infinibox_lun",
		Prepare: func(b *acctest.InfiniBox, n int) func(int) acctest.Attrs {
			volume := volumesIn(nil)(b, n)
			cluster, ids := b.Create("clusters", map[string]any{"name": "all"}), make([]any, n)
			for i := range ids {
				v := volume(i)
				ids[i] = b.Create("volumes", map[string]any{"name": v["name"], "pool_id": v["pool_id"], "size": 1_000_000_000})
			}
			return func(i int) acctest.Attrs { return acctest.Attrs{"volume_id": ids[i], "cluster_id": cluster} }
		},
		Creating: 2, Collections: 2, // each is looked for before: whose it is must be known
	},
	"hosts in clusters": {
		Resource: "storage_infinibox_host_cluster_member",
		Prepare: func(b *acctest.InfiniBox, n int) func(int) acctest.Attrs {
			const most = 50 // hosts in a cluster
			hosts, clusters := make([]any, n), make([]any, n/most+1)
			for i := range hosts {
				hosts[i] = newHost(b, fmt.Sprintf("host-%d", i))
			}
			for i := range clusters {
				clusters[i] = newCluster(b, fmt.Sprintf("cluster-%d", i))
			}
			return func(i int) acctest.Attrs {
				return acctest.Attrs{"cluster_id": clusters[i/most], "host_id": hosts[i]}
			}
		},
		Creating: 2, Collections: 1,
	},
	"volumes in a group": {
		Resource: "storage_infinibox_consistency_group_member",
		Prepare: func(b *acctest.InfiniBox, n int) func(int) acctest.Attrs {
			pool := newPool(b, "pool")
			volumes, group := newVolumes(b, pool, n), newGroup(b, "group", pool)
			return func(i int) acctest.Attrs {
				return acctest.Attrs{"consistency_group_id": group, "member_id": volumes[i]}
			}
		},
		Creating: 3, Collections: 1, // how the group is replicated, if it is, must be known too
	},
	"hosts with ports": {
		Resource: "storage_infinibox_host",
		Prepare: func(*acctest.InfiniBox, int) func(int) acctest.Attrs {
			return func(i int) acctest.Attrs {
				return acctest.Attrs{
					"name":     fmt.Sprintf("host-%d", i),
					"fc_ports": []any{fmt.Sprintf("50014380%08x", 2*i), fmt.Sprintf("50014380%08x", 2*i+1)},
				}
			}
		},
		Creating: 3, Collections: 1,
	},
}

func volumesIn(more acctest.Attrs) func(*acctest.InfiniBox, int) func(int) acctest.Attrs {
	return func(b *acctest.InfiniBox, _ int) func(int) acctest.Attrs {
		pool := b.Create("pools", map[string]any{"name": "all", "physical_capacity": 10_000_000_000_512, "virtual_capacity": 10_000_000_000_512})
		return func(i int) acctest.Attrs {
			return acctest.Attrs{"name": fmt.Sprintf("volume-%d", i), "pool_id": pool, "size": "1GB"}.With(more)
		}
	}
}

// Terraform's own CLI counts.
func TestRequestsOfTheCLI(t *testing.T) { acctest.RequestsOfTheCLI(t, fleets) }

func TestRequestsOfAThousand(t *testing.T) { acctest.RequestsOfAThousand(t, fleets) }

// What others have on the array costs nothing.
func TestRequestsBesideOthersObjects(t *testing.T) {
	acctest.RequestsOfAThousand(t, map[string]acctest.Fleet{
		"volumes beside thousands of others": {
			Resource: "storage_infinibox_volume",
			Prepare: func(b *acctest.InfiniBox, n int) func(int) acctest.Attrs {
				own := volumesIn(nil)(b, n)
				for i := range 7000 {
					b.Create("volumes", map[string]any{"name": fmt.Sprintf("theirs-%d", i), "pool_id": own(0)["pool_id"], "size": 1_000_000_000})
				}
				return own
			},
			Creating: 1, Collections: 1,
			Changed: func(i int) acctest.Attrs { return acctest.Attrs{"name": fmt.Sprintf("renamed-%d", i)} },
		},
	})
}

// Data sources that look up by name share a listing with each other.
func TestRequestsOfDataSources(t *testing.T) {
	const n = 100
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	arguments := volumesIn(nil)(b, n)
	for i := range n {
		v := arguments(i)
		b.Create("volumes", map[string]any{"name": v["name"], "pool_id": v["pool_id"], "size": 1_000_000_000})
	}
	server := acctest.NewServer(t, b)
	b.Simulator.ResetRequests()
	acctest.Together(n, func(i int) {
		name := fmt.Sprint(arguments(i)["name"])
		if found, problems := server.Look("storage_infinibox_volume", acctest.Attrs{"name": name}); found["name"] != name {
			t.Errorf("%s is %v: %s", name, found["name"], problems)
		}
	})
	if got := b.Requests("", ""); got > 2*(1+acctest.Few) { // the volumes, and their metadata
		t.Errorf("%d look-ups by name take %d requests: %v", n, got, b.Routes())
	}
}
