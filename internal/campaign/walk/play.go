package walk

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// play makes one step. It returns the configuration that is then in force, or what
// must not be.
func (w *world) play(s *step) (testcore.Config, *violation) {
	w.broken.said, w.after, w.drifted, s.attempts = nil, s.after, map[string]bool{}, 0
	s.said, s.before = s.before, w.spelled(s.before)
	for _, m := range s.meddle {
		if words := m(w); words != "" {
			s.words = append(s.words, words)
		}
	}
	s.were = w.objects()
	if s.double != "" {
		return w.doubled(s)
	}
	w.fault = s.fault
	first := w.try(s.after, s.replace...)
	w.fault = ""
	switch {
	case s.heard && first.failed():
		// What went wrong is over: what was not done is done now.
		w.clearAway()
		if v := w.held(first); v != nil {
			return s.before, v
		}
		s.heed = false
		return w.again(s)
	case w.bad(s, first):
		return w.spoilt(s, first)
	case len(w.inWay) > 0 && w.tookOver() != "":
		return s.before, &violation{"took over what others have made", w.tookOver() + "\n" + first.String()}
	case len(w.inWay) > 0 && !first.converged():
		if v := w.held(first); v != nil {
			return s.before, v
		}
		if v := w.deal(s, first); v != nil {
			return s.before, v
		}
		return w.again(s)
	}
	return w.judge(s, first)
}

// again applies the configuration that is to be, once more.
func (w *world) again(s *step) (testcore.Config, *violation) {
	return w.judge(s, w.try(s.after, w.still(s)...))
}

// judge says what an attempt has come to, and goes on from there.
func (w *world) judge(s *step, a attempt) (testcore.Config, *violation) {
	if v := w.held(a); v != nil {
		return s.before, v
	}
	s.attempts++
	switch {
	case a.converged():
		w.count("made")
		return s.after, nil
	case s.attempts > mostAttempts:
		return s.before, w.violation(a, "does not come to an end: ")
	case a.refused():
		return w.refused(s, a)
	case a.failed():
		return w.failed(s, a)
	case s.attempts == 1 && announced(a):
		return w.again(s)
	case !w.possible(s.after):
		return w.back(s, a) // the configuration is at odds with itself
	}
	return s.before, w.violation(a, "")
}

// mostAttempts are those that a step may take where each has come a part of the way.
const mostAttempts = 6

// refused judges errors of a plan. Where they are right, the walk does what they say,
// or goes back.
func (w *world) refused(s *step, a attempt) (testcore.Config, *violation) {
	approvals := true
	var wrong []testcore.Said
	for _, e := range a.plan.Errors() {
		if wantsApproval(e) && !s.approved(e.Address) {
			continue
		}
		approvals = false
		if !s.rightly(e) {
			wrong = append(wrong, e)
		}
	}
	address, attribute := s.circle(w.maker)
	if slices.ContainsFunc(wrong, func(e testcore.Said) bool { return strings.Contains(e.Detail, "third") }) && address != "" {
		return w.third(s, a, address, attribute)
	}
	if len(wrong) > 0 && w.possible(s.after) {
		return s.before, &violation{"refused: " + sort(wrong[0].Summary), a.String()}
	}
	if approvals && s.heed && s.attempts == 1 {
		return w.withApproval(s, a)
	}
	return w.back(s, a)
}

// failed judges an apply that has failed: it must not, but where Terraform's order
// makes it unavoidable, where only the array could know, and where no array can hold
// the configuration.
func (w *world) failed(s *step, a attempt) (testcore.Config, *violation) {
	if w.never(a) || tooLate(a) {
		return w.back(s, a)
	}
	if onlyGrown(a) {
		w.grown(s.after, a) // what others have made larger stays so
		return w.again(s)
	}
	if unasked := w.unapproved(s, a); len(unasked) > 0 {
		if !s.heed {
			return w.back(s, a)
		}
		for _, address := range unasked {
			s.after.Resources[address].Arguments["approved"] = true
		}
		return w.again(s)
	}
	if !slices.ContainsFunc(a.done.Errors(), func(e testcore.Said) bool { return !foretold(a, e) || !s.rightly(e) }) {
		return w.back(s, a)
	}
	last := a
	for n := 0; n < 3 && last.failed(); n++ {
		last = w.try(s.after, w.still(s)...)
		if v := w.held(last); v != nil {
			return s.before, v
		}
	}
	switch {
	case last.converged() && s.abandons(a):
		return s.after, nil
	case last.converged():
		return s.before, &violation{"takes several applies: " + said(a), a.String()}
	case !w.possible(s.after):
		return w.back(s, a)
	case s.abandons(a), inLockedPool(a):
		return w.keep(s, a)
	}
	return s.before, &violation{"never converges: " + said(a), a.String() + "\nAt last:\n" + last.String()}
}

// bad reports whether a step has a value that a plan must refuse: beside other arguments
// it can be good, a secret is not looked at before its version changes, and where others
// have deleted what a value is held against, only the array can know.
func (w *world) bad(s *step, a attempt) bool {
	if s.bad == "" || !reflect.DeepEqual(s.after.Resources[s.badAt].Arguments[s.badName], s.badValue) {
		return false
	}
	if change := a.plan.Changes[s.badAt]; !a.refused() && change != nil && change.Action == testcore.NoOp {
		s.after.Resources[s.badAt].Arguments[s.badName] = s.before.Resources[s.badAt].Arguments[s.badName]
		return false
	}
	late := a.failed() && slices.ContainsFunc(testcore.References(s.after.Resources[s.badAt].Arguments), func(r testcore.Ref) bool {
		return w.drifted[r.Address] && a.plan.Actions()[r.Address] == testcore.Create
	})
	return a.refused() || !late && (!s.badHere || !a.converged() && !w.possible(s.after))
}

// spoilt holds that a bad value is refused by the plan, and by nothing that ends in
// a request to report a bug.
func (w *world) spoilt(s *step, a attempt) (testcore.Config, *violation) {
	if !a.refused() {
		return s.before, &violation{"not refused: " + sort(s.bad), a.String()}
	}
	for _, e := range a.plan.Errors() {
		if text := e.Summary + e.Detail; strings.Contains(text, "always an error in the provider") || strings.Contains(text, "report") && strings.Contains(text, "developer") {
			return s.before, &violation{"refused as a mistake of the provider's: " + sort(s.bad), a.String()}
		}
	}
	w.clearAway()
	return w.back(s, a)
}

// doubled holds that an object which is written twice is refused by the plan: one that
// has an id is imported a second time.
func (w *world) doubled(s *step) (testcore.Config, *violation) {
	again := testcore.TypeOf(s.double) + ".double"
	c := s.before.Clone()
	r := c.Resources[s.double]
	r.Arguments = maps.Clone(r.Arguments)
	c.Resources[again] = r
	if id := w.core.State.Attributes(s.double)["id"]; id != nil && len(w.maker.kindOf(s.double).suite.Key) == 0 {
		c.Imports = map[string]testcore.Import{again: {ID: fmt.Sprint(id)}}
	}
	a := w.try(c)
	if !a.refused() && !w.orphan(s.double, a) {
		return s.before, &violation{"one object at two addresses is not refused: " + testcore.TypeOf(again), a.String()}
	}
	w.clearAway()
	return w.back(s, a)
}

// orphan reports whether an apply has refused an object that is written twice, because
// others have deleted its owner: before the new one is there, nothing tells that the two
// are in one.
func (w *world) orphan(address string, a attempt) bool {
	return a.failed() && w.drifted[address] && a.plan.Changes[address] != nil && a.plan.Changes[address].Action == testcore.Create &&
		slices.ContainsFunc(a.done.Errors(), func(e testcore.Said) bool { return strings.HasPrefix(e.Summary, "Two resources ") })
}

// spelled is a configuration that also says what it leaves to the system, as the state
// has it: what is once set stays when a configuration no longer speaks of it.
func (w *world) spelled(c testcore.Config) testcore.Config {
	c = c.Clone()
	for address, r := range c.Resources {
		state, k := w.found.Attributes(address), w.maker.kindOf(address)
		for name, a := range k.attributes {
			_, refers := k.relations[name]
			members, several := state[name].([]any)
			refers = refers && (!several || len(members) > 0) // of none there is nothing to refer to
			if a.Optional && a.Computed && !refers && r.Arguments[name] == nil && state[name] != nil && count(k.otherwise(name), r.Arguments) == 0 {
				r.Arguments[name] = state[name]
			}
		}
	}
	return c
}

// silent takes back what spelled has said.
func (w *world) silent(c, said testcore.Config) testcore.Config {
	for address, r := range c.Resources {
		for name, a := range w.maker.kindOf(address).attributes {
			if a.Optional && a.Computed && said.Resources[address].Arguments[name] == nil {
				delete(r.Arguments, name)
			}
		}
	}
	return c
}

// objects are what is at each address.
func (w *world) objects() map[string]string {
	all := map[string]string{}
	for _, address := range w.core.State.Addresses() {
		all[address] = w.identity(address, w.core.State.Attributes(address))
	}
	return all
}

// still are the objects that are to be replaced and have not been.
func (w *world) still(s *step) []string {
	are := w.objects()
	return slices.DeleteFunc(slices.Clone(s.replace), func(address string) bool { return are[address] != s.were[address] })
}

// possible reports whether an array can hold a configuration at all: whether it
// converges on one on which nothing else is.
func (w *world) possible(c testcore.Config) (is bool) {
	c = w.spelled(c)
	c.Moved = nil
	aside(w.t, w.maker, nil, func(fresh *world) {
		fresh.approve(true)
		is = fresh.try(c).converged()
	})
	return is
}

// violation is an attempt that should have converged.
func (w *world) violation(a attempt, doing string) *violation {
	switch {
	case a.refused():
		return &violation{doing + "refused: " + sort(a.plan.Errors()[0].Summary), a.String()}
	case a.failed():
		return &violation{doing + "failed: " + said(a), a.String()}
	}
	return &violation{doing + "the plan after it is not empty: " + what(a.next), a.String()}
}

// said is the sort of an apply's first error.
func said(a attempt) string {
	e := a.done.Errors()[0]
	return testcore.TypeOf(e.Address) + ": " + sort(e.Summary) + ": " + sort(e.Detail)
}

// what is a plan's sort: of what is planned, found and said.
func what(p *testcore.Plan) string {
	var parts []string
	for _, address := range slices.Sorted(maps.Keys(p.Actions())) {
		parts = append(parts, string(p.Actions()[address])+" "+testcore.TypeOf(address))
	}
	for _, address := range slices.Sorted(maps.Keys(p.Drift)) {
		parts = append(parts, "drift of "+testcore.TypeOf(address))
	}
	for _, s := range p.Said {
		parts = append(parts, sort(s.Summary))
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), ", ")
}
