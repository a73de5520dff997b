package acctest

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// Pair are two simulated arrays that can replicate to each other, each with a network
// space for it.
type Pair struct {
	Near, Far *Site
}

// Site is an array of a pair.
type Site struct {
	*InfiniBox
	// Space is the network space for replication, and Host an address of it.
	Space any
	Host  string
	// Link leads to the other array, once Pair.Link has made it.
	Link any
}

// SimulatePair makes two arrays, alike but for their names and serial numbers.
func SimulatePair(t *testing.T, o simulator.Options) *Pair {
	t.Helper()
	p := &Pair{}
	o.SystemName, o.Serial = "near", 1
	p.Near = newSite(t, o, 1)
	o.SystemName, o.Serial, o.Partner = "far", 2, p.Near.Simulator
	p.Far = newSite(t, o, 2)
	p.Near.Peer, p.Far.Peer = p.Far.InfiniBox, p.Near.InfiniBox
	return p
}

// newSite makes an array with seven addresses for replication, which is what
// synchronous replication takes.
func newSite(t *testing.T, o simulator.Options, n int) *Site {
	t.Helper()
	b := SimulateInfiniBox(t, o)
	const nodes, addresses = 3, 7
	var groups []any
	for node := 1; node <= nodes; node++ {
		groups = append(groups, b.Create("network/interfaces", map[string]any{
			"name": "rmr", "type": "PORT_GROUP", "node_id": node, "ports": []any{map[string]any{"name": "eth-data1"}},
		}))
	}
	site := &Site{InfiniBox: b, Host: fmt.Sprintf("10.0.%d.1", n)}
	site.Space = b.Create("network/spaces", map[string]any{
		"name": "rmr", "service": "RMR_SERVICE", "interfaces": groups,
		"network_config": map[string]any{"network": fmt.Sprintf("10.0.%d.0", n), "netmask": 24, "default_gateway": fmt.Sprintf("10.0.%d.254", n)},
	})
	for i := 1; i <= addresses; i++ {
		b.Must("POST", fmt.Sprintf("network/spaces/%v/ips", site.Space), fmt.Sprintf("10.0.%d.%d", n, i))
	}
	return site
}

// Link makes a link between the two, with a witness.
func (p *Pair) Link() *Pair {
	p.Near.t.Helper()
	link := p.Near.Must("POST", "links", map[string]any{
		"name": "link", "remote_host": p.Far.Host, "local_replication_network_space_id": p.Near.Space, "witness_address": "10.9.9.9",
	})
	p.Near.Link, p.Far.Link = link["id"], link["remote_link_id"]
	return p
}

// accidents are what happens to a question that an array asks its peer.
var accidents = map[string]simulator.Accident{
	"unreached":  simulator.Unreached,
	"unheard":    simulator.Unheard,
	"cut-before": simulator.CutBefore,
	"cut-after":  simulator.CutAfter,
	"gone":       simulator.Gone,
	"fails":      simulator.Failing,
	"forbids":    simulator.Forbidden,
}

// Accidents names them.
func Accidents() []string { return slices.Sorted(maps.Keys(accidents)) }

// Strike has an accident happen to the nth question that the array asks its peer from now on;
// "" has none.
func (b *InfiniBox) Strike(n int, accident string) { b.Simulator.Strike(n, accidents[accident]) }

// ProviderAs configures the provider for a site under an alias.
func (s *Site) ProviderAs(alias string, settings Attrs) string {
	return Attrs{"alias": alias, "infinibox": Expr("{\n" + s.settings.With(settings).HCL() + "}")}.Block("provider", "storage")
}
