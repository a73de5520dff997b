package testcore

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// graph is operations and which of them wait for which.
type graph struct{ nodes []*node }

// node is an operation. Where run returns false, what waits for it is not done.
type node struct {
	name  string
	run   func() bool
	after map[*node]bool
}

func (g *graph) add(name string, run func() bool) *node {
	n := &node{name: name, run: run, after: map[*node]bool{}}
	g.nodes = append(g.nodes, n)
	return n
}

// follow says that the node waits for others.
func (n *node) follow(others ...*node) {
	for _, other := range others {
		if other != n {
			n.after[other] = true
		}
	}
}

// walk does all operations, as many at once as parallelism allows. Where some wait
// for each other, it is an error and none is done.
func (g *graph) walk(ctx context.Context, parallelism int, order *rand.Rand) error {
	slices.SortFunc(g.nodes, func(a, b *node) int { return cmp.Compare(a.name, b.name) })
	if circle := g.circle(); len(circle) > 0 {
		return fmt.Errorf("cycle: %s", names(circle))
	}
	open := slices.Clone(g.nodes)
	ended, failed := map[*node]bool{}, map[*node]bool{}
	type end struct {
		*node
		ok bool
	}
	ends, running := make(chan end), 0
	for len(open) > 0 || running > 0 {
		ready := -1
		if running < parallelism {
			for left := -1; left != len(open); { // what waits for the spoilt is spoilt too
				left = len(open)
				open = slices.DeleteFunc(open, func(n *node) bool { return spoilt(n, ended, failed) || ctx.Err() != nil })
			}
			ready = choose(open, ended, order)
		}
		if ready >= 0 {
			n := open[ready]
			open = slices.Delete(open, ready, ready+1)
			running++
			go func() {
				ok := false
				defer func() { ends <- end{n, ok} }() // also where a test has failed for good
				ok = n.run()
			}()
			continue
		}
		if running == 0 {
			return nil
		}
		e := <-ends
		running--
		ended[e.node] = true
		if !e.ok {
			failed[e.node] = true
		}
	}
	return nil
}

// circle are operations that wait for each other, and what waits for these.
func (g *graph) circle() []*node {
	open, ended := slices.Clone(g.nodes), map[*node]bool{}
	for {
		next := choose(open, ended, nil)
		if next < 0 {
			return open
		}
		ended[open[next]] = true
		open = slices.Delete(open, next, next+1)
	}
}

// spoilt reports whether the node waits for one that has failed, and notes it as
// failed too.
func spoilt(n *node, ended, failed map[*node]bool) bool {
	for other := range n.after {
		if failed[other] {
			ended[n], failed[n] = true, true
			return true
		}
	}
	return false
}

// choose is the index of a node that is free to begin; -1 where there is none.
func choose(open []*node, ended map[*node]bool, order *rand.Rand) int {
	var free []int
	for i, n := range open {
		if !slices.ContainsFunc(keys(n.after), func(other *node) bool { return !ended[other] }) {
			free = append(free, i)
		}
	}
	switch {
	case len(free) == 0:
		return -1
	case order == nil:
		return free[0]
	}
	return free[order.IntN(len(free))]
}

func keys(set map[*node]bool) []*node {
	all := make([]*node, 0, len(set))
	for n := range set {
		all = append(all, n)
	}
	return all
}

func names(nodes []*node) string {
	all := make([]string, len(nodes))
	for i, n := range nodes {
		all[i] = n.name
	}
	return strings.Join(all, ", ")
}
