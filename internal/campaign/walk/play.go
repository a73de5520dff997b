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
	w.broken.said = nil
	w.after = s.after
	s.said, s.before = s.before, w.spelled(s.before)
	for _, m := range s.meddle {
		if words := m(w); words != "" {
			s.words = append(s.words, words)
		}
	}
	s.were = w.objects()
	first := w.try(s.after, s.replace...)
	if v := w.held(first); v != nil {
		return s.before, v
	}
	if s.bad != "" {
		return w.spoilt(*s, first)
	}
	if len(w.inWay) > 0 {
		if first.converged() {
			return s.before, &violation{"took over what others have made", first.String()}
		}
		if v := w.clear(*s, first); v != nil {
			return s.before, v
		}
		if first = w.try(s.after, w.still(*s)...); first.converged() {
			return s.after, w.held(first)
		}
		if v := w.held(first); v != nil {
			return s.before, v
		}
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
		return w.back(*s, first) // the configuration is at odds with itself
	}
	return s.before, &violation{"the plan after it is not empty: " + what(first.next), first.String()}
}

// spoilt holds that a bad value is refused by the plan, and by nothing that ends in
// a request to report a bug.
func (w *world) spoilt(s step, first attempt) (testcore.Config, *violation) {
	if !first.refused() {
		return s.before, &violation{"not refused: " + sort(s.bad), first.String()}
	}
	for _, e := range first.plan.Errors() {
		if text := e.Summary + e.Detail; strings.Contains(text, "always an error in the provider") || strings.Contains(text, "report") && strings.Contains(text, "developer") {
			return s.before, &violation{"refused as a mistake of the provider's: " + sort(s.bad), first.String()}
		}
	}
	for theirs := range maps.Values(w.inWay) {
		w.away(theirs)
	}
	clear(w.inWay)
	return w.back(s, first)
}

// spelled is a configuration that also says what it leaves to the system, as the state
// has it: what is once set stays when a configuration no longer speaks of it.
func (w *world) spelled(c testcore.Config) testcore.Config {
	c = c.Clone()
	for address, r := range c.Resources {
		state, k := w.core.State.Attributes(address), w.maker.kindOf(address)
		for name, a := range k.attributes {
			_, refers := k.relations[name]
			if a.Optional && a.Computed && !refers && r.Arguments[name] == nil && state[name] != nil {
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
func (w *world) still(s step) []string {
	are := w.objects()
	return slices.DeleteFunc(slices.Clone(s.replace), func(address string) bool { return are[address] != s.were[address] })
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
	if address, attribute := s.circle(w.maker); address != "" && len(wrong) > 0 {
		return w.third(s, first, wrong, address, attribute)
	}
	if len(wrong) > 0 && w.possible(s.after) {
		return s.before, &violation{"refused: " + sort(wrong[0].Summary), first.String()}
	}
	if approvals && s.heed {
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
	if e.Summary == testcore.Cycle || wantsApproval(e) && !s.approved(e.Address) {
		return true // Terraform itself cannot put the operations into an order
	}
	was, will := s.before.Resources[e.Address].Arguments, s.after.Resources[e.Address].Arguments
	if strings.Contains(e.Summary, "cannot shrink") {
		return slices.ContainsFunc(slices.Collect(maps.Keys(will)), func(name string) bool { return shrinks(was[name], will[name]) })
	}
	// What a configuration does not speak of stays with who has it.
	return strings.Contains(e.Detail, "keeps what it has")
}

func shrinks(was, will any) bool {
	a, ok1 := was.(string)
	b, ok2 := will.(string)
	x, err1 := entity.ParseCapacity(a)
	y, err2 := entity.ParseCapacity(b)
	return ok1 && ok2 && err1 == nil && err2 == nil && y < x
}

// circle finds objects that take each other's values of an attribute of which no two
// have the same: none can be the first. It returns one of them and the attribute.
func (s step) circle(m *maker) (address, attribute string) {
	for _, k := range m.kinds {
		for _, names := range k.unique {
			if len(names) > 1 {
				continue
			}
			had := map[any]string{}
			for address, r := range s.before.Resources {
				if testcore.TypeOf(address) == k.resource {
					had[r.Arguments[names[0]]] = address
				}
			}
			// From each object to the one whose value it takes.
			for start := range s.after.Resources {
				for one, n := start, 0; n < len(had); n++ {
					r, stays := s.after.Resources[one]
					next := had[r.Arguments[names[0]]]
					if !stays || testcore.TypeOf(one) != k.resource || next == "" || next == one {
						break
					}
					if one = next; one == start {
						return start, names[0]
					}
				}
			}
		}
	}
	return "", ""
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
		switch {
		case again.converged():
			return w.silent(back, s.said), nil
		case again.refused():
			w.grown(back, again) // what has grown cannot shrink again
		}
		again = w.try(back)
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
	if address, attribute := s.circle(w.maker); address != "" {
		return w.third(s, first, first.done.Errors(), address, attribute)
	}
	if slices.ContainsFunc(first.done.Errors(), never) || w.bothAtOnce(s, first) {
		return w.back(s, first)
	}
	if !slices.ContainsFunc(first.done.Errors(), func(e testcore.Said) bool { return !strings.Contains(e.Summary+e.Detail, "cannot shrink") }) {
		// What others have made larger stays so: the configuration must say it.
		c := s.after.Clone()
		w.grown(c, first)
		if a := w.try(c, w.still(s)...); !a.converged() {
			return s.before, w.violation(a, "with what has grown, ")
		}
		return c, nil
	}
	if unasked := s.unapproved(first.done.Errors()); len(unasked) > 0 {
		// Only the array knew.
		if !s.heed {
			return w.back(s, first)
		}
		for _, address := range unasked {
			s.after.Resources[address].Arguments["approved"] = true
		}
		again := w.try(s.after, w.still(s)...)
		if v := w.held(again); v != nil {
			return s.before, v
		}
		switch {
		case again.converged():
			return s.after, nil
		case again.failed():
			return w.afterFailure(s, again)
		case again.refused():
			return w.afterRefusal(s, again)
		}
	}
	for applies < 4 && last.failed() {
		last = w.try(s.after, w.still(s)...)
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

// unapproved are the objects about which an error says that only approval is missing,
// and which have none.
func (s step) unapproved(errors []testcore.Said) []string {
	var all []string
	for _, e := range errors {
		if _, stays := s.after.Resources[e.Address]; stays && strings.Contains(e.Detail, "(APPROVAL_REQUIRED)") && !s.approved(e.Address) {
			all = append(all, e.Address)
		}
	}
	return all
}

// bothAtOnce reports whether an object with create_before_destroy failed to be
// created beside the one whose place it takes, as both have what only one can have.
func (w *world) bothAtOnce(s step, a attempt) bool {
	return slices.ContainsFunc(a.done.Errors(), func(e testcore.Said) bool {
		change := a.plan.Changes[e.Address]
		if change == nil || change.Action != testcore.CreateThenDelete {
			return false
		}
		k, was, will := w.maker.kindOf(e.Address), s.before.Resources[e.Address].Arguments, s.after.Resources[e.Address].Arguments
		return slices.ContainsFunc(append(slices.Clone(k.unique), k.suite.Key), func(names []string) bool {
			return len(names) > 0 && was[names[len(names)-1]] != nil && tuple(names, was) == tuple(names, will)
		})
	})
}

// unavoidable is how many applies a step may take by Terraform's own order.
func (s step) unavoidable() int {
	if s.abandons() {
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

// third makes a step in which objects take each other's names, which an error must
// have said how to do: one of them takes a third name first.
func (w *world) third(s step, first attempt, errors []testcore.Said, address, attribute string) (testcore.Config, *violation) {
	if !slices.ContainsFunc(errors, func(e testcore.Said) bool { return strings.Contains(e.Summary+e.Detail, "third") }) {
		return s.before, &violation{"names in a circle are not explained", first.String()}
	}
	between := s.after.Clone()
	w.maker.made++
	between.Resources[address].Arguments[attribute] = fmt.Sprintf("third-%d", w.maker.made)
	return w.inTwo(s, first, between)
}

// inTwo makes a step by way of a configuration between.
func (w *world) inTwo(s step, first attempt, between testcore.Config) (testcore.Config, *violation) {
	for _, c := range []testcore.Config{between, s.after} {
		a := w.try(c)
		if v := w.held(a); v != nil {
			return s.before, v
		}
		if !a.converged() {
			v := w.violation(a, "in two applies, ")
			v.text = first.String() + "In two applies:\n" + v.text
			return s.before, v
		}
	}
	return s.after, nil
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
	return w.inTwo(s, first, between)
}

// possible reports whether an array can hold a configuration at all: whether it
// converges on one on which nothing else is.
func (w *world) possible(c testcore.Config) bool {
	fresh := newWorld(w.t, w.maker, nil)
	fresh.approve(true)
	c = w.spelled(c)
	c.Moved = nil
	return fresh.try(c).converged()
}
