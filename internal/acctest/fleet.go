package acctest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// Fleet is many objects of one kind, and what they may cost in requests.
type Fleet struct {
	// Resource is the type.
	Resource string
	// Prepare makes what the objects need, and returns the arguments of each.
	Prepare func(b *InfiniBox, n int) func(i int) Attrs
	// Creating is the requests that each takes to be made.
	Creating int
	// Changed are arguments that one request changes; nil where nothing can be.
	Changed func(i int) Attrs
	// Collections is how many collections are read to refresh the objects: their
	// own, those that hold their mappings, the metadata.
	Collections int
}

// Few is what a run may take beside the requests that its objects take: to learn
// once what a pool can give, for instance.
const Few = 6

// looks is what a run may take beside, to look whether what its objects refer to is
// there: the first ten at once, before there is anything to remember.
const looks = 10

// refreshing is the most requests that a refresh of n objects may take.
func (f Fleet) refreshing(n int) int { return f.Collections * ((n+999)/1000 + Few) }

// RequestsOfTheCLI counts what tens and hundreds of objects cost Terraform's own CLI.
func RequestsOfTheCLI(t *testing.T, fleets map[string]Fleet) {
	t.Helper()
	for name, f := range fleets {
		for _, n := range []int{10, 100} {
			t.Run(fmt.Sprintf("%d %s", n, name), func(t *testing.T) {
				b := SimulateInfiniBox(t, simulator.Options{})
				arguments := f.Prepare(b, n)
				config := func(changed func(int) Attrs) string {
					var blocks strings.Builder
					for i := range n {
						all := arguments(i)
						if changed != nil {
							all = all.With(changed(i))
						}
						blocks.WriteString(all.Block("resource", f.Resource, fmt.Sprintf("o%d", i)))
					}
					return b.Provider(Attrs{"approve_dangerous_operations": true}) + blocks.String()
				}
				cli := NewCLI(t)
				atMost := func(doing string, most int, run func() *Outcome) {
					t.Helper()
					b.Simulator.ResetRequests()
					run().Succeeds(t)
					if got := b.Requests("", ""); got > most {
						t.Errorf("%s takes %d requests, want at most %d: %v", doing, got, most, b.Routes())
					}
				}
				atMost("creating", n*f.Creating+Few+looks, func() *Outcome { return cli.Apply(config(nil)) })
				atMost("planning", f.refreshing(n), func() *Outcome { return cli.Plan(config(nil)) })
				if f.Changed != nil {
					atMost("changing", n+f.refreshing(n)+Few, func() *Outcome { return cli.Apply(config(f.Changed)) })
				}
				atMost("destroying", n+f.refreshing(n)+Few, func() *Outcome { return cli.Destroy() })
			})
		}
	}
}

// RequestsOfAThousand counts what a thousand objects cost, ten at a time as Terraform
// does, without the CLI: that takes a time which grows with the square of the number.
func RequestsOfAThousand(t *testing.T, fleets map[string]Fleet) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes half a minute of a processor")
	}
	const n = 1000
	for name, f := range fleets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := SimulateInfiniBox(t, simulator.Options{})
			arguments := f.Prepare(b, n)
			states, identities := make([]Object, n), make([]Object, n)
			atMost := func(doing string, most int, do func(s *Server, i int)) {
				t.Helper()
				server := NewServer(t, b)
				b.Simulator.ResetRequests()
				Together(n, func(i int) { do(server, i) })
				if got := b.Requests("", ""); got > most {
					t.Errorf("%s takes %d requests, want at most %d: %v", doing, got, most, b.Routes())
				}
			}
			refresh := func(s *Server, i int) {
				states[i], identities[i] = s.Read(f.Resource, states[i], identities[i])
			}
			atMost("creating", n*f.Creating+Few+looks, func(s *Server, i int) {
				states[i], identities[i] = s.Create(f.Resource, arguments(i))
			})
			atMost("refreshing", f.refreshing(n), refresh)
			if f.Changed != nil {
				atMost("changing", n+Few, func(s *Server, i int) {
					states[i], identities[i] = s.Apply(f.Resource, states[i], identities[i], arguments(i).With(f.Changed(i)))
				})
				atMost("refreshing what was changed", f.refreshing(n), refresh)
			}
			atMost("deleting", n+f.refreshing(n)+Few+looks, func(s *Server, i int) { s.Apply(f.Resource, states[i], identities[i], nil) })
		})
	}
}

// Together does something n times, ten at a time.
func Together(n int, do func(i int)) {
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

// Routes counts the requests by what they ask for.
func (b *InfiniBox) Routes() map[string]int {
	count := map[string]int{}
	for _, r := range b.Simulator.Requests() {
		count[r.Method+" "+r.Route]++
	}
	return count
}
