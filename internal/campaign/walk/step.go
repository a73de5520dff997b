package walk

import (
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// step is one change of the estate.
type step struct {
	words         []string
	before, after testcore.Config
	replace       []string
	// meddle is what happens on the array behind Terraform's back, by what it does.
	meddle []meddling
}

// meddling is something that others do. What it does it says in words; "" where it
// could not be done.
type meddling func(w *world) string

func (s step) String() string { return strings.Join(s.words, "\n") }

// next makes a step from a configuration.
func (m *maker) next(from testcore.Config) step {
	s := step{before: from.Clone()}
	s.before.Moved = nil
	s.after = s.before.Clone()
	if m.chance(4) {
		s.meddle = append(s.meddle, m.meddle(s.before))
	}
	for range 1 + m.rand.IntN(3) {
		how := pick(m, changes)
		if words := m.try(&s.after, func(c *testcore.Config) string { return how(m, &s, c) }); words != "" {
			s.words = append(s.words, words)
		}
	}
	return s
}

func (s step) clone() step {
	s.before, s.after = s.before.Clone(), s.after.Clone()
	return s
}
