package campaign

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// figures are what the campaign came to.
type figures struct {
	mu       sync.Mutex
	entities map[string]*Tally
	longest  time.Duration // from the word to stop to the end
}

// Tally counts the runs of an entity, or of a way to interrupt one.
type Tally struct{ Faults, Overcome, Healed, Helped, Lost, Doubled int }

func (f *figures) add(entity string, first, healed outcome, helped bool, surplus int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.entities == nil {
		f.entities = map[string]*Tally{}
	}
	n := f.entities[entity]
	if n == nil {
		n = &Tally{}
		f.entities[entity] = n
	}
	n.Faults++
	switch {
	case !first.Failed():
		n.Overcome++
	case healed.Failed():
	case helped:
		n.Helped++
	default:
		n.Healed++
	}
	n.Lost += max(0, -surplus)
	n.Doubled += max(0, surplus)
}

func (f *figures) stopped(after time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.longest = max(f.longest, after)
}

// report prints the figures at the campaign's end, and leaves them for the
// campaign's page in the directory that FIGURES names.
func (f *figures) report(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	t.Logf("\n%s\nthe longest that a run took to stop: %s", Table(f.entities), f.longest.Round(time.Millisecond))
	if dir := os.Getenv("FIGURES"); dir != "" {
		text, err := json.Marshal(f.entities)
		if err == nil {
			here, _ := os.Getwd()                                                                                                       // tells packages apart
			err = os.WriteFile(filepath.Join(dir, filepath.Base(here)+"-"+strings.ReplaceAll(t.Name(), "/", "-")+".json"), text, 0o600) //nolint:gosec // where the caller wants it
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// Table writes the figures as the docs show them.
func Table(all map[string]*Tally) string {
	var b strings.Builder
	row := func(name string, n Tally) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d |\n", name, n.Faults, n.Overcome, n.Healed, n.Helped, n.Lost, n.Doubled)
	}
	b.WriteString("| | Faults injected | Overcome by the same apply | Healed by the next apply | Healed after the import, untaint or deletion that the error names | Objects lost | Objects doubled |\n|---|--:|--:|--:|--:|--:|--:|\n")
	var sum Tally
	for _, name := range slices.Sorted(maps.Keys(all)) {
		n := *all[name]
		row("`"+name+"`", n)
		sum.Faults += n.Faults
		sum.Overcome += n.Overcome
		sum.Healed += n.Healed
		sum.Helped += n.Helped
		sum.Lost += n.Lost
		sum.Doubled += n.Doubled
	}
	row("**all**", sum)
	return b.String()
}
