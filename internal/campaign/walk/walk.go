// Package walk changes an estate as administrators do, at random and in all that
// they do at once: objects come and go, are renamed, re-keyed, replaced and
// exchanged, members move between owners, others change things behind Terraform's
// back. After each step it holds that the change has converged, or was refused with
// reason; that no two resources are one object, that nothing of others was touched,
// and that nothing was approved unasked.
//
// It plays Terraform's core by the plugin protocol (testcore) on the simulator. SEED
// and STEPS choose a walk; without them a sample of short walks runs.
package walk

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// The walks that run where none is asked for.
const (
	sampleWalks = 4
	sampleSteps = 25
)

// enough violations of different sorts end a walk.
const enough = 10

// Run walks through the estate.
func Run(t *testing.T, e Estate) {
	t.Helper()
	seeds, steps := []uint64{1, 2, 3, 4}[:sampleWalks], sampleSteps
	if text := os.Getenv("STEPS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("STEPS: %v", err)
		}
		steps = n
	}
	if text := os.Getenv("SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SEED: %v", err)
		}
		seeds = []uint64{seed}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			walk(t, e, seed, steps)
		})
	}
}

// walk is one walk.
func walk(t *testing.T, e Estate, seed uint64, steps int) {
	m := &maker{rand: rand.New(rand.NewPCG(seed, 1)), estate: e, kinds: e.kinds(t)}
	w, config := begin(t, m, seed, m.start())
	found, counts := map[string]bool{}, w.counts
	for n := 1; n <= steps && len(found) < enough; n++ {
		s := m.next(config)
		var v *violation
		if config, v = w.play(&s); v == nil && !w.stuck {
			continue
		}
		if v != nil && !found[v.kind] {
			found[v.kind] = true
			report(t, m, seed, n, s, v)
		}
		// On with what was there before, on an array of its own.
		w, config = begin(t, m, seed, s.said)
		w.counts = counts
	}
	if v := w.destroy(config); v != nil && len(found) < enough {
		report(t, m, seed, steps, step{before: config, after: config}, v)
	}
	t.Logf("of %d steps: %v", steps, counts)
}

// begin makes the estate to begin with. What the array does not take of it, for
// reasons that the description does not tell, is left out.
func begin(t *testing.T, m *maker, seed uint64, config testcore.Config) (*world, testcore.Config) {
	t.Helper()
	config = config.Clone()
	for range 20 {
		w := newWorld(t, m, rand.New(rand.NewPCG(seed, 2)))
		w.approve(true)
		first := w.try(config)
		w.approve(false)
		switch {
		case first.converged():
			return w, config
		case first.failed():
			for _, e := range first.done.Errors() {
				m.drop(&config, e.Address)
			}
		case first.refused():
			for _, e := range first.plan.Errors() {
				m.drop(&config, e.Address)
			}
		default:
			for address := range first.next.Actions() {
				m.drop(&config, address)
			}
		}
	}
	t.Fatalf("seed %d: no estate to begin with converges", seed)
	return nil, config
}

// report tells of a violation: the step as it was, and as small as it can be.
func report(t *testing.T, m *maker, seed uint64, n int, s step, v *violation) {
	t.Helper()
	again := fmt.Sprintf("Seed %d, step %d. Again: make test-changes SEED=%d STEPS=%d", seed, n, seed, n)
	smaller, found := shrunk(t, m, s, v)
	if smaller == nil {
		t.Errorf("%s\n\nThe change:\n%s\n\nBefore:\n%s\nAfter:\n%s\n%s\n%s", v.kind, s, s.before.HCL(), s.after.HCL(), v.text, again)
		return
	}
	t.Errorf("%s\n\nThe change:\n%s\n\nOf it, this suffices. Before:\n%s\nAfter:\n%s\n%s%s\n%s", v.kind, s, smaller.before.HCL(), smaller.after.HCL(),
		meddled(smaller), found.text, again)
}

func meddled(s *step) string {
	var b strings.Builder
	for _, address := range s.replace {
		b.WriteString("With -replace=" + address + "\n")
	}
	if len(s.meddle) > 0 {
		b.WriteString("With what was done behind Terraform's back.\n")
	}
	return b.String()
}
