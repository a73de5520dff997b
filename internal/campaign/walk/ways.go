package walk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Here is what an administrator does where a change is not made at once.

// withApproval does what the errors say: approval for each object, first alone and then
// with the change.
func (w *world) withApproval(s *step, first attempt) (testcore.Config, *violation) {
	w.count("approved")
	last := first
	for range 4 {
		all := []testcore.Config{s.said, s.before, s.after}
		approve := func(address string) {
			for _, c := range all {
				for _, at := range []string{address, s.called(address)} {
					if r, ok := c.Resources[at]; ok {
						r.Arguments["approved"] = true
					}
				}
			}
		}
		for _, e := range last.plan.Errors() {
			approve(e.Address)
		}
		alone := w.try(w.keeping(s))
		if alone.failed() {
			for _, c := range all {
				w.grown(c, alone)
			}
			for _, e := range alone.done.Errors() { // what others have done shows late
				if wantsApproval(e) || strings.Contains(e.Detail, "(APPROVAL_REQUIRED)") {
					approve(e.Address)
				}
			}
			alone = w.try(w.keeping(s))
		}
		if !alone.converged() {
			return s.before, w.violation(alone, "approval alone does not converge: ")
		}
		last = w.try(s.after, s.replace...)
		if !last.refused() || slices.ContainsFunc(last.plan.Errors(), func(e testcore.Said) bool { return !wantsApproval(e) }) {
			return w.judge(s, last)
		}
	}
	return s.before, w.violation(last, "approval is asked for again and again: ")
}

// keeping is the configuration from before a step, with what has been imported in it and
// all that this refers to.
func (w *world) keeping(s *step) testcore.Config {
	c := s.said.Clone()
	var keep func(address string)
	keep = func(address string) {
		r, stays := s.after.Resources[address]
		if _, has := c.Resources[address]; has || !stays {
			return
		}
		c.Resources[address] = r
		for _, ref := range testcore.References(r.Arguments) {
			keep(ref.Address)
		}
	}
	for _, address := range w.core.State.Addresses() {
		keep(address)
	}
	return c
}

// back takes the configuration back, which must converge: with what the array had of
// what the configuration leaves to it, or where others have made that odd, without.
func (w *world) back(s *step, first attempt) (testcore.Config, *violation) {
	w.count("taken back")
	w.clearAway()
	// What has been made half-way goes again: to that the administrator agrees.
	w.approve(true)
	defer w.approve(false)
	var again attempt
	for _, back := range []testcore.Config{s.before.Clone(), s.said.Clone()} {
		for _, m := range s.after.Moved {
			back.Moved = append(back.Moved, testcore.Move{From: m.To, To: m.From})
		}
		for range 3 {
			again = w.try(back)
			if v := w.held(again); v != nil {
				return s.before, v
			}
			if again.converged() {
				return w.silent(back, s.said), nil
			}
			w.grown(back, again) // what has grown cannot shrink again
		}
	}
	circular := again.refused() && !slices.ContainsFunc(again.plan.Errors(), func(e testcore.Said) bool { return e.Summary != testcore.Cycle })
	if circular || again.failed() && (tooLate(again) || w.never(again)) {
		// Terraform has no order for it; or in the way is a deposed object of the one that
		// would come before its end, or what others have left of an object when they deleted it.
		w.stuck = true
		return s.said, nil
	}
	v := w.violation(again, "gone back, ")
	v.text = first.String() + "Gone back:\n" + v.text
	return s.before, v
}

// grown has a configuration ask for what there is where it asks for less.
func (w *world) grown(c testcore.Config, a attempt) {
	for _, e := range slices.Concat(a.plan.Errors(), errorsOf(a)) {
		if r, ok := c.Resources[e.Address]; ok && strings.Contains(e.Summary, "cannot shrink") {
			for name := range r.Arguments {
				if is := w.core.State.Attributes(e.Address)[name]; shrinks(is, r.Arguments[name]) {
					r.Arguments[name] = is
				}
			}
		}
	}
}

// third makes a step in which objects take each other's names, as the error says: one
// of them takes a third name first.
func (w *world) third(s *step, first attempt, address, attribute string) (testcore.Config, *violation) {
	between := step{before: s.before, after: s.after.Clone()}
	for address != "" {
		w.maker.made++
		between.after.Resources[address].Arguments[attribute] = fmt.Sprintf("third-%d", w.maker.made)
		address, attribute = between.circle(w.maker)
	}
	return w.inTwo(s, first, between.after)
}

// keep makes the step in two: what goes stays for the first.
func (w *world) keep(s *step, first attempt) (testcore.Config, *violation) {
	between := s.after.Clone()
	for address, r := range s.before.Resources {
		if _, stays := between.Resources[address]; !stays {
			between.Resources[address] = r
		}
	}
	if w.maker.invalid(between) != "" {
		return w.back(s, first)
	}
	return w.inTwo(s, first, between)
}

// inTwo makes a step by way of a configuration between.
func (w *world) inTwo(s *step, first attempt, between testcore.Config) (testcore.Config, *violation) {
	if !w.possible(between) || !w.possible(s.after) {
		return w.back(s, first)
	}
	w.count("made in two")
	for _, c := range []testcore.Config{between, s.after} {
		a := w.try(c)
		if v := w.held(a); v != nil {
			return s.before, v
		}
		if a.refused() && !slices.ContainsFunc(a.plan.Errors(), func(e testcore.Said) bool { return !s.rightly(e) }) {
			return w.back(s, a)
		}
		if a.failed() && (w.never(a) || onlyGrown(a) || tooLate(a) || s.abandons(a) || len(w.unapproved(s, a)) > 0) {
			return w.back(s, a)
		}
		if !a.converged() {
			v := w.violation(a, "in two applies, ")
			v.text = first.String() + "In two applies:\n" + v.text
			return s.before, v
		}
	}
	return s.after, nil
}
