package walk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// play makes one step. It returns the configuration that is then in force, or what
// must not be.
func (w *world) play(s *step) (testcore.Config, *violation) {
	for _, m := range s.meddle {
		if words := m(w); words != "" {
			s.words = append(s.words, words)
		}
	}
	s.meddle = nil
	first := w.try(s.after, s.replace...)
	if v := w.held(first); v != nil {
		return s.before, v
	}
	switch {
	case first.converged():
		return s.after, nil
	case first.refused():
		return w.afterRefusal(*s, first)
	case first.failed():
		return w.afterFailure(*s, first)
	}
	if !w.possible(s.after) {
		return w.back(*s, first) // what the configuration says is at odds with itself
	}
	return s.before, &violation{"the plan after it is not empty: " + what(first.next), first.String()}
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

// afterRefusal judges errors of a plan. Where they are right, the walk does what they
// say, or goes back.
func (w *world) afterRefusal(s step, first attempt) (testcore.Config, *violation) {
	approvals := true
	var wrong []testcore.Said
	for _, e := range first.plan.Errors() {
		if wantsApproval(e) && !s.approved(e.Address) {
			continue
		}
		approvals = false
		if !s.rightly(e) {
			wrong = append(wrong, e)
		}
	}
	if len(wrong) > 0 && w.possible(s.after) {
		return s.before, &violation{"refused: " + sort(wrong[0].Summary), first.String()}
	}
	if approvals && w.maker.chance(2) {
		return w.withApproval(s, first)
	}
	return w.back(s, first)
}

// wantsApproval reports whether an error is of an operation that nobody has approved.
func wantsApproval(e testcore.Said) bool {
	return strings.Contains(e.Summary, "not approved")
}

// approved reports whether the user has approved what is done to an object. The word
// of the configuration counts, and that of the state where the object goes.
func (s step) approved(address string) bool {
	if r, stays := s.after.Resources[address]; stays {
		return r.Arguments["approved"] == true && s.before.Resources[address].Arguments["approved"] != false
	}
	return s.before.Resources[address].Arguments["approved"] == true
}

// rightly reports whether an error of a plan has its reason in the change itself,
// though both configurations are possible.
func (s step) rightly(e testcore.Said) bool {
	if wantsApproval(e) && !s.approved(e.Address) {
		return true
	}
	was, will := s.before.Resources[e.Address].Arguments, s.after.Resources[e.Address].Arguments
	if strings.Contains(e.Summary, "cannot shrink") {
		return slices.ContainsFunc(slices.Collect(maps.Keys(will)), func(name string) bool { return shrinks(was[name], will[name]) })
	}
	// What a configuration does not speak of stays with who has it.
	if strings.Contains(e.Detail, "keeps what it has") {
		return true
	}
	// Two names cannot be exchanged: one must be given up before the other is taken.
	attribute, ok := strings.CutPrefix(e.Summary, "An exchange of ")
	attribute, _, _ = strings.Cut(attribute, " ")
	return ok && s.circle(attribute)
}

func shrinks(was, will any) bool {
	a, ok1 := was.(string)
	b, ok2 := will.(string)
	x, err1 := entity.ParseCapacity(a)
	y, err2 := entity.ParseCapacity(b)
	return ok1 && ok2 && err1 == nil && err2 == nil && y < x
}

// circle reports whether objects take each other's values of an attribute.
func (s step) circle(attribute string) bool {
	for one, r := range s.after.Resources {
		for other, q := range s.after.Resources {
			a, b := s.before.Resources[one], s.before.Resources[other]
			if one != other && testcore.TypeOf(one) == testcore.TypeOf(other) && a.Arguments != nil && b.Arguments != nil &&
				r.Arguments[attribute] == b.Arguments[attribute] && q.Arguments[attribute] == a.Arguments[attribute] {
				return true
			}
		}
	}
	return false
}

// withApproval does what the errors say: approval for each object, first alone and then
// with the change.
func (w *world) withApproval(s step, first attempt) (testcore.Config, *violation) {
	last := first
	for range 4 {
		alone, after := s.before.Clone(), s.after.Clone()
		for _, e := range last.plan.Errors() {
			for _, c := range []testcore.Config{alone, after} {
				if r, ok := c.Resources[e.Address]; ok {
					r.Arguments["approved"] = true
				}
			}
		}
		s.before, s.after = alone, after
		if last = w.try(s.before); !last.converged() {
			return s.before, w.violation(last, "approval alone does not converge: ")
		}
		last = w.try(s.after, s.replace...)
		if v := w.held(last); v != nil {
			return s.before, v
		}
		switch {
		case last.converged():
			return s.after, nil
		case last.failed():
			return w.afterFailure(s, last)
		case !last.refused():
			return s.before, w.violation(last, "")
		}
		for _, e := range last.plan.Errors() {
			if !s.rightly(e) {
				if w.possible(s.after) {
					return s.before, &violation{"refused: " + sort(e.Summary), last.String()}
				}
				return w.back(s, last)
			}
		}
	}
	return s.before, &violation{"approval is asked for again and again", last.String()}
}

// back takes the configuration back, which must converge.
func (w *world) back(s step, first attempt) (testcore.Config, *violation) {
	// What has been made half-way goes again: to that the administrator agrees.
	w.approve(true)
	defer w.approve(false)
	back := s.before.Clone()
	again := w.try(back)
	if v := w.held(again); v != nil {
		return s.before, v
	}
	for range 3 {
		if again.converged() {
			return back, nil
		}
		again = w.try(back)
	}
	v := w.violation(again, "gone back, ")
	v.text = first.String() + "Gone back:\n" + v.text
	return s.before, v
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

// afterFailure judges an apply that has failed: it must not, but where Terraform's
// order makes it unavoidable, and where the array cannot hold the configuration.
func (w *world) afterFailure(s step, first attempt) (testcore.Config, *violation) {
	last, applies := first, 1
	if slices.ContainsFunc(first.done.Errors(), never) {
		return w.back(s, first)
	}
	for applies < 4 && last.failed() {
		last = w.try(s.after)
		applies++
		if v := w.held(last); v != nil {
			return s.before, v
		}
	}
	if last.converged() {
		if applies <= s.unavoidable() {
			return s.after, nil
		}
		return s.before, &violation{fmt.Sprintf("takes %d applies: ", applies) + said(first), first.String()}
	}
	if !w.possible(s.after) {
		return w.back(s, first)
	}
	if s.abandons() {
		// The other way that the error names: what was left goes with the next change.
		return w.keep(s, first)
	}
	return s.before, &violation{"never converges: " + said(first), first.String() + "\nAt last:\n" + last.String()}
}

// never reports whether an error says that the array does not make a change of what
// is there, whatever else changes: only it knows, and says so.
func never(e testcore.Said) bool {
	return strings.Contains(e.Detail, "(UDID_ILLEGAL_MODIFICATION)") // of a mapped volume
}

// unavoidable is how many applies a step may take by Terraform's own order.
func (s step) unavoidable() int {
	if s.circle("name") || s.abandons() {
		return 2
	}
	return 1
}

// abandons reports whether an object goes, or gives way to a new one, of which
// another object is freed in place by the same change: Terraform deletes what was
// referred to before it changes what has referred to it.
func (s step) abandons() bool {
	for address := range s.before.Resources {
		if _, stays := s.after.Resources[address]; stays {
			continue
		}
		for other, r := range s.before.Resources {
			if _, stays := s.after.Resources[other]; stays && refersToAny(r.Arguments, address) {
				return true
			}
		}
	}
	return false
}

func refersToAny(arguments map[string]any, address string) bool {
	for _, value := range arguments {
		if refersTo(value, address) {
			return true
		}
	}
	return false
}

// keep makes the step in two: what goes stays for the first.
func (w *world) keep(s step, first attempt) (testcore.Config, *violation) {
	between := s.after.Clone()
	for address, r := range s.before.Resources {
		if _, stays := between.Resources[address]; !stays {
			between.Resources[address] = r
		}
	}
	if w.maker.invalid(between) != "" {
		return w.back(s, first)
	}
	for _, c := range []testcore.Config{between, s.after} {
		if a := w.try(c); !a.converged() {
			v := w.violation(a, "in two applies, ")
			v.text = first.String() + "In two applies:\n" + v.text
			return s.before, v
		}
	}
	return s.after, nil
}

// possible reports whether an array can hold a configuration at all: whether it
// converges on one on which nothing else is.
func (w *world) possible(c testcore.Config) bool {
	fresh := newWorld(w.t, w.maker, nil)
	fresh.approve(true)
	c = c.Clone()
	c.Moved = nil
	return fresh.try(c).converged()
}
