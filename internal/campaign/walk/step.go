package walk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// step is one change of the estate.
type step struct {
	words         []string
	before, after testcore.Config
	// said is what before was, when it said no more than the user did.
	said    testcore.Config
	replace []string
	// meddle is what happens on the array behind Terraform's back, by what it does.
	meddle []meddling
	// bad says which value a plan must refuse, and where it stands; "" where there is none.
	bad, badAt, badName string
	badValue            any
	// badHere says that it is bad beside the least arguments, by the kind's table.
	badHere bool
	// double is an object that gets a second address, which a plan must refuse.
	double string
	// fault is what goes wrong with one request of the apply, and heard says that the
	// apply may fail of it.
	fault string
	heard bool
	// heed says that the administrator approves what a plan wants approved, rather
	// than going back.
	heed bool
	// attempts counts the applies.
	attempts int
	// were are the objects by address before the step.
	were map[string]string
}

// meddling is something that others do. What it does it says in words; "" where it
// could not be done.
type meddling func(w *world) string

func (s step) String() string { return strings.Join(s.words, "\n") }

// next makes a step from a configuration.
func (m *maker) next(from testcore.Config) step {
	s := step{before: from.Clone(), heed: m.chance(2)}
	s.before.Moved = nil
	s.after = s.before.Clone()
	if m.chance(4) {
		if how := m.meddle(s.before); how != nil {
			s.meddle = append(s.meddle, how)
		}
	}
	for range 1 + m.rand.IntN(3) {
		how := pick(m, changes)
		if len(s.after.Resources) == 0 { // all went with the last of what they refer to
			how = add
		}
		words := m.try(&s.after, func(c *testcore.Config) string {
			return how(m, &s, c)
		})
		if words != "" {
			s.words = append(s.words, words)
		}
	}
	if m.chance(12) {
		if words := m.try(&s.after, func(c *testcore.Config) string { return spoil(m, &s, c) }); words != "" {
			s.words = append(s.words, words)
		} else {
			s.bad = ""
		}
	}
	switch {
	case s.bad != "":
	case m.chance(20):
		s.double = pick(m, s.before.Addresses())
		s.words = append(s.words, s.double+" is written twice")
	case m.chance(8):
		kind := pick(m, []string{"refuse", "cut-after", "503", "500", "500"})
		s.fault, s.heard = fmt.Sprintf("%d:%s", 1+m.rand.IntN(12), kind), kind == "500"
		s.words = append(s.words, "during the apply, of the requests: "+s.fault)
	}
	var fresh []string
	for _, address := range s.after.Addresses() {
		if _, was := s.before.Resources[s.called(address)]; !was {
			fresh = append(fresh, address)
		}
	}
	if address := pick(m, fresh); address != "" && m.chance(3) {
		s.meddle = append(s.meddle, inTheWay(address))
	}
	return s
}

// clone is a copy that can be changed.
func (s step) clone() step {
	s.before, s.after = s.before.Clone(), s.after.Clone()
	s.words, s.replace, s.meddle = slices.Clone(s.words), slices.Clone(s.replace), slices.Clone(s.meddle)
	return s
}

// called is the address that an object has before the change, where moved blocks say
// another.
func (s *step) called(address string) string {
	for _, m := range slices.Backward(s.after.Moved) {
		if m.To == address {
			address = m.From
		}
	}
	return address
}
