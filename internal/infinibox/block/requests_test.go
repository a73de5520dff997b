package block_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// fleet is many objects of one kind, and what they may cost in requests.
type fleet struct {
	resource string
	// prepare makes what the objects need, and returns the arguments of each.
	prepare func(b *acctest.InfiniBox, n int) func(i int) acctest.Attrs
	// creating is the requests that each takes to be made.
	creating int
	// changed are arguments that one request changes; nil where nothing can be.
	changed func(i int) acctest.Attrs
	// collections is how many collections are read to refresh the objects: their
	// own, those that hold their mappings, the metadata.
	collections int
}

var fleets = map[string]fleet{
	"volumes": {
		resource: "storage_infinibox_volume",
		prepare:  volumesIn(nil),
		creating: 1, collections: 1,
		changed: func(i int) acctest.Attrs { return acctest.Attrs{"name": fmt.Sprintf("renamed-%d", i)} },
	},
	"volumes with metadata": {
		resource: "storage_infinibox_volume",
		prepare:  volumesIn(acctest.Attrs{"metadata": map[string]string{"owner": "db"}}),
		creating: 2, collections: 2,
		changed: func(int) acctest.Attrs { return acctest.Attrs{"metadata": map[string]string{"owner": "web"}} },
	},
	"LUNs of a cluster": {
		resource: "storage_infinibox_lun",
		prepare: func(b *acctest.InfiniBox, n int) func(int) acctest.Attrs {
			volume := volumesIn(nil)(b, n)
			cluster, ids := b.Create("clusters", map[string]any{"name": "all"}), make([]any, n)
			for i := range ids {
				v := volume(i)
				ids[i] = b.Create("volumes", map[string]any{"name": v["name"], "pool_id": v["pool_id"], "size": 1_000_000_000})
			}
			return func(i int) acctest.Attrs { return acctest.Attrs{"volume_id": ids[i], "cluster_id": cluster} }
		},
		creating: 2, collections: 2, // each is looked for before: whose it is must be known
	},
	"hosts in clusters": {
		resource: "storage_infinibox_host_cluster_member",
		prepare: func(b *acctest.InfiniBox, n int) func(int) acctest.Attrs {
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
		creating: 2, collections: 1,
	},
	"volumes in a group": {
		resource: "storage_infinibox_consistency_group_member",
		prepare: func(b *acctest.InfiniBox, n int) func(int) acctest.Attrs {
			pool := newPool(b, "pool")
			volumes, group := newVolumes(b, pool, n), newGroup(b, "group", pool)
			return func(i int) acctest.Attrs {
				return acctest.Attrs{"consistency_group_id": group, "member_id": volumes[i]}
			}
		},
		creating: 2, collections: 1,
	},
	"hosts with ports": {
		resource: "storage_infinibox_host",
		prepare: func(*acctest.InfiniBox, int) func(int) acctest.Attrs {
			return func(i int) acctest.Attrs {
				return acctest.Attrs{
					"name":     fmt.Sprintf("host-%d", i),
					"fc_ports": []any{fmt.Sprintf("50014380%08x", 2*i), fmt.Sprintf("50014380%08x", 2*i+1)},
				}
			}
		},
		creating: 3, collections: 1,
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

// few is what a run may take beside the requests that its objects take: to learn
// once what a pool can give, for instance.
const few = 6

// looks is what a run may take beside, to look whether what its objects refer to is
// there: the first ten at once, before there is anything to remember.
const looks = 10

// refreshing is the most requests that a refresh of n objects may take.
func (f fleet) refreshing(n int) int { return f.collections * ((n+999)/1000 + few) }

// Terraform's own CLI counts.
func TestRequestsOfTheCLI(t *testing.T) {
	for name, f := range fleets {
		for _, n := range []int{10, 100} {
			t.Run(fmt.Sprintf("%d %s", n, name), func(t *testing.T) {
				b := acctest.SimulateInfiniBox(t, simulator.Options{})
				arguments := f.prepare(b, n)
				config := func(changed func(int) acctest.Attrs) string {
					var blocks strings.Builder
					for i := range n {
						all := arguments(i)
						if changed != nil {
							all = all.With(changed(i))
						}
						blocks.WriteString(all.Block("resource", f.resource, fmt.Sprintf("o%d", i)))
					}
					return b.Provider(acctest.Attrs{"approve_dangerous_operations": true}) + blocks.String()
				}
				cli := acctest.NewCLI(t)
				atMost := func(doing string, most int, run func() *acctest.Outcome) {
					t.Helper()
					b.Simulator.ResetRequests()
					run().Succeeds(t)
					if got := b.Requests("", ""); got > most {
						t.Errorf("%s takes %d requests, want at most %d: %v", doing, got, most, routes(b))
					}
				}
				atMost("creating", n*f.creating+few+looks, func() *acctest.Outcome { return cli.Apply(config(nil)) })
				atMost("planning", f.refreshing(n), func() *acctest.Outcome { return cli.Plan(config(nil)) })
				if f.changed != nil {
					atMost("changing", n+f.refreshing(n)+few, func() *acctest.Outcome { return cli.Apply(config(f.changed)) })
				}
				atMost("destroying", n+f.refreshing(n)+few, func() *acctest.Outcome { return cli.Destroy() })
			})
		}
	}
}

// A thousand objects, ten at a time as Terraform does, without the CLI: that takes
// a time which grows with the square of the number.
func TestRequestsOfAThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute of a processor")
	}
	const n = 1000
	for name, f := range fleets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := acctest.SimulateInfiniBox(t, simulator.Options{})
			arguments := f.prepare(b, n)
			states, identities := make([]acctest.Object, n), make([]acctest.Object, n)
			atMost := func(doing string, most int, do func(s *acctest.Server, i int)) {
				t.Helper()
				server := acctest.NewServer(t, b)
				b.Simulator.ResetRequests()
				together(n, func(i int) { do(server, i) })
				if got := b.Requests("", ""); got > most {
					t.Errorf("%s takes %d requests, want at most %d: %v", doing, got, most, routes(b))
				}
			}
			refresh := func(s *acctest.Server, i int) {
				states[i], identities[i] = s.Read(f.resource, states[i], identities[i])
			}
			atMost("creating", n*f.creating+few+looks, func(s *acctest.Server, i int) {
				states[i], identities[i] = s.Create(f.resource, arguments(i))
			})
			atMost("refreshing", f.refreshing(n), refresh)
			if f.changed != nil {
				atMost("changing", n+few, func(s *acctest.Server, i int) {
					states[i], identities[i] = s.Apply(f.resource, states[i], identities[i], arguments(i).With(f.changed(i)))
				})
				atMost("refreshing what was changed", f.refreshing(n), refresh)
			}
			atMost("deleting", n+f.refreshing(n)+few, func(s *acctest.Server, i int) { s.Apply(f.resource, states[i], identities[i], nil) })
		})
	}
}

// together does something n times, ten at a time.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range 10 {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// routes counts the requests by what they ask for.
func routes(b *acctest.InfiniBox) map[string]int {
	count := map[string]int{}
	for _, r := range b.Simulator.Requests() {
		count[r.Method+" "+r.Route]++
	}
	return count
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
	together(n, func(i int) {
		name := fmt.Sprint(arguments(i)["name"])
		if found, problems := server.Look("storage_infinibox_volume", acctest.Attrs{"name": name}); found["name"] != name {
			t.Errorf("%s is %v: %s", name, found["name"], problems)
		}
	})
	if got := b.Requests("", ""); got > 2*(1+few) { // the volumes, and their metadata
		t.Errorf("%d look-ups by name take %d requests: %v", n, got, routes(b))
	}
}
