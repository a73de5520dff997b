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
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// The walks that run where none is asked for.
const (
	sampleWalks = 4
	sampleSteps = 12
)

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
	m := &maker{rand: rand.New(rand.NewPCG(seed, 1)), kinds: e.kinds(t)}
	w, config := begin(t, m, seed)
	for n := 1; n <= steps; n++ {
		s := m.next(config)
		var v *violation
		if config, v = w.play(&s); v != nil {
			report(t, seed, n, s, v)
			return
		}
	}
}

// begin makes the estate to begin with. What the array does not take of it, for
// reasons that the description does not tell, is left out.
func begin(t *testing.T, m *maker, seed uint64) (*world, testcore.Config) {
	t.Helper()
	config := m.start()
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

func report(t *testing.T, seed uint64, n int, s step, v *violation) {
	t.Helper()
	before := s.before.Clone()
	t.Errorf("%s\n\nThe change:\n%s\n\nBefore:\n%s\nAfter:\n%s\n%s\nSeed %d, step %d. Again: make test-changes SEED=%d STEPS=%d",
		v.kind, s, before.HCL(), s.after.HCL(), v.text, seed, n, seed, n)
	_ = testcore.Config{}
}
