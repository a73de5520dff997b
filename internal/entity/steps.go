package entity

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// step is one part of a change: a request, or several that stand for one.
type step struct {
	// facts are the names of what it changes; joins and leaves say what it does of a
	// relation, where it is one member's.
	facts  []string
	joins  bool
	leaves bool
	do     func(context.Context) error
	// ready says whether it may be taken at all by now; nil where it always may.
	ready func() bool
	// undo takes it back when another is refused; nil where it stays.
	undo func(context.Context) error
}

// steps are what leads from before to want, in an order in which none meets what the
// facts forbid on the way.
//
// What the user left open and another value decided comes first: a run that is killed
// after it leaves that other value as it was, and the next plan goes on. Capacities
// that bound each other are raised first to last and lowered last to first, so that
// neither passes the other on the way.
func (w *writing) steps(before Values, creating bool) []*step {
	var first, others, lowering []*step
	groups, operations := map[string]bool{}, map[string]bool{}
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || creating && !f.afterCreation {
			continue
		}
		if f.revealed {
			w.adoptRevealed(f)
		}
		was, will := before[f.stateName()], w.want[f.stateName()]
		if will == nil || will.IsUnknown() || same(f.shapeOfState(), will, was) {
			w.adopt(f)
			continue
		}
		if w.kind.existence(f, w.want) == missing { // it goes with the variant that had it
			w.adopt(f)
			continue
		}
		single := func(do func(context.Context) error) *step { return &step{facts: []string{f.name}, do: do} }
		if f.sentWith != "" {
			f, _ = w.kind.Facts.find(f.sentWith)
		}
		switch {
		case f.untold() && !f.hasOperation(), f.secret && !f.isMutable():
			w.adopt(f)
		case f.relation != nil:
			others = append(others, w.relate(f, was, will)...)
		case f.left != nil:
			others = append(others, single(w.operateUntil(f)))
		case f.change != nil:
			if !operations[f.name] {
				operations[f.name] = true
				others = append(others, single(w.operate(f)))
			}
		case w.group(f) != "":
			group := w.group(f)
			if groups[group] {
				continue
			}
			groups[group] = true
			facts := w.groupOf(group)
			others = append(others, &step{facts: facts.names(func(Fact) bool { return true }), do: w.put(before, facts...)})
		case f.use == defaulted && w.config.Null(f.name):
			derived := single(w.put(before, f))
			derived.undo = w.putBack(before, f)
			first = append(first, derived)
		case f.shrinks(was, will):
			lowering = append([]*step{single(w.put(before, f))}, lowering...)
		default:
			others = append(others, single(w.put(before, f)))
		}
	}
	return w.ordered(before, slices.Concat(first, others, lowering))
}

// ordered sorts steps by what must come before what, and leaves their order
// otherwise.
func (w *writing) ordered(before Values, steps []*step) []*step {
	sorted := make([]*step, 0, len(steps))
	left := slices.Clone(steps)
	for len(left) > 0 {
		next := slices.IndexFunc(left, func(s *step) bool {
			return !slices.ContainsFunc(left, func(o *step) bool { return o != s && w.precedes(before, o, s) })
		})
		next = max(next, 0) // in a circle, which the facts of a page can make, the first is as good as any
		sorted = append(sorted, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return sorted
}

// precedes reports whether a step must come before another.
func (w *writing) precedes(before Values, a, b *step) bool {
	for _, x := range a.facts {
		f, _ := w.kind.Facts.find(x)
		for _, y := range b.facts {
			g, _ := w.kind.Facts.find(y)
			if w.firstOf(before, f, g, a, b) {
				return true
			}
		}
	}
	return false
}

// firstOf reports whether the change of f, by step a, comes before that of g, by
// step b.
func (w *writing) firstOf(before Values, f, g Fact, a, b *step) bool {
	becomes := func(h *holding) bool { return w.want[h.name] != nil && w.want[h.name].Equal(h.value) }
	set := func(f Fact) bool {
		off := w.want[f.name].Equal(types.BoolValue(false))
		return len(elementsOf(w.want[f.name])) > 0 || w.want.Known(f.name) && !isCollection(f) && !off
	}
	raised := func(f Fact) bool {
		will, _ := f.height(w.want[f.name])
		was, had := f.height(before[f.name])
		return !had || will > was
	}
	switch {
	case f.above == g.name: // the upper one goes up first
		return raised(f)
	case g.above == f.name: // the lower one goes down first
		return !raised(g)
	case f.while != nil && f.while.name == g.name: // f changes before g leaves the value that it needs
		return !becomes(f.while)
	case g.while != nil && g.while.name == f.name:
		return becomes(g.while)
	case slices.Contains(f.after, g.name):
		return !set(f)
	case slices.Contains(g.after, f.name):
		return set(g) && !b.leaves
	case f.name == g.name: // the members of one relation: a host does not lose its last port on the way to a new one
		return a.joins && b.leaves
	case f.relation != nil && slices.Contains(f.relation.Around, g.name):
		return a.leaves
	case g.relation != nil && slices.Contains(g.relation.Around, f.name):
		return b.joins
	}
	return false
}

func isCollection(f Fact) bool {
	_, is := f.shape.(collection)
	return is
}

// take carries out steps. One that the system refuses in the object's present state
// is tried again after the others, as long as one of them succeeds; and then after
// what other operations of the run have done, as long as the run gets on.
func (w *writing) takeSteps(ctx context.Context, steps []*step) error {
	var done []*step
	pause := firstPause
	for {
		seen := w.session.traffic.seen()
		before := len(done)
		var refused error
		var left []*step
		for _, s := range steps {
			if s.ready != nil && !s.ready() {
				left = append(left, s)
				continue
			}
			err := s.do(ctx)
			switch {
			case err == nil:
				done = append(done, s)
			case !refusedNow(err) || ctx.Err() != nil:
				return w.undo(ctx, done, err)
			default:
				left = append(left, s)
				refused = errors.Join(refused, err)
			}
		}
		steps = left
		switch {
		case len(left) == 0:
			return nil
		case len(done) > before:
			continue
		case refused == nil || !anyMayPass(refused), !w.session.traffic.await(ctx, seen), !linger(ctx, pause):
			return w.undo(ctx, done, refused)
		}
		pause = min(2*pause, longestPause)
	}
}

// undo takes back the steps that only made sense with one that was refused.
func (w *writing) undo(ctx context.Context, done []*step, refused error) error {
	for _, s := range done {
		if s.undo != nil && api.ReasonOf(refused) != api.Ambiguous && ctx.Err() == nil {
			if err := s.undo(ctx); err != nil {
				refused = errors.Join(refused, err)
			}
		}
	}
	return refused
}

// refusedNow reports whether a system that was asked for a change has said no to it,
// as it may not once another change was made.
func refusedNow(err error) bool {
	switch api.ReasonOf(err) {
	case api.NameTaken, api.AlreadyThere, api.Conflict:
		return true
	case api.Other:
		return api.CodeOf(err) != ""
	}
	return false
}

func anyMayPass(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.ContainsFunc(joined.Unwrap(), anyMayPass)
	}
	return mayPass(err)
}

// relate adds and removes members, one a step. Who leaves, leaves when all have
// joined: a host keeps its old port where it does not get the new one. It is the other
// way round only where another operation is about to give up what this one wants, and
// may be waiting for what this one has; and where the system says that those who leave
// are in the way, who come back if that was not all.
func (w *writing) relate(f Fact, was, will attr.Value) []*step {
	set := f.shape.(collection)
	joining, leaving := set.minus(elementsOf(will), elementsOf(was)), set.minus(elementsOf(was), elementsOf(will))
	members := elementsOf(was)
	waiting := map[string]bool{}
	if was.IsUnknown() { // a creation: the answer has told
		members = elementsOf(w.held[f.name])
	}
	done := func(now []attr.Value) {
		members = now
		w.held[f.name] = set.of(now)
		if len(set.minus(now, elementsOf(will))) == 0 && len(set.minus(elementsOf(will), now)) == 0 {
			w.held[f.name] = will
		}
	}
	var steps []*step
	yield := false
	for _, v := range joining {
		waiting[set.meaning(v)] = true
		steps = append(steps, &step{facts: []string{f.name}, joins: true, do: func(ctx context.Context) error {
			if err := w.member(ctx, f, v, true); err != nil {
				yield = yield || slices.Contains(f.relation.Exclude, api.CodeOf(err))
				return err
			}
			delete(waiting, set.meaning(v))
			done(append(members, v))
			return nil
		}})
	}
	for _, v := range leaving {
		steps = append(steps, &step{
			facts: []string{f.name}, leaves: true,
			ready: func() bool {
				for wanted := range waiting {
					if !yield && !w.session.traffic.willGive(w.kind.giveKey(f, wanted)) {
						return false
					}
				}
				return true
			},
			do: func(ctx context.Context) error {
				if err := w.member(ctx, f, v, false); err != nil {
					return err
				}
				done(slices.DeleteFunc(slices.Clone(members), v.Equal))
				return nil
			},
			undo: func(ctx context.Context) error {
				if !yield || len(waiting) == 0 {
					return nil
				}
				if err := w.member(ctx, f, v, true); err != nil {
					return err
				}
				done(append(members, v))
				return nil
			},
		})
	}
	if len(steps) == 0 {
		w.held[f.name] = will
	}
	return steps
}

// member adds or removes one member. That one which leaves is gone already is what
// was wanted.
func (w *writing) member(ctx context.Context, f Fact, v attr.Value, present bool) error {
	set := f.shape.(collection)
	member, err := set.element.encode(v)
	if err != nil {
		return err
	}
	operation := f.relation.Remove
	if present {
		operation = f.relation.Add
	}
	request := operation(idOf(w.held), member)
	if body, ok := request.Body.(api.Object); ok && present && f.relation.Fill != nil {
		if err := f.relation.Fill(ctx, w.session, idOf(w.held), member, body); err != nil {
			return err
		}
	}
	request.Approved = w.approved
	_, err = w.settled(ctx, request, func(ctx context.Context) (any, error) {
		return w.reread(ctx, func(o api.Object) bool {
			now, err := f.read(o)
			return err == nil && len(set.minus([]attr.Value{v}, elementsOf(now))) == 0 == present
		})
	})
	if !present && api.ReasonOf(err) == api.NotFound {
		return nil
	}
	return err
}

// gives are what an update is to give up that only one can have: members of its
// relations.
func (k *Kind) gives(before, want Values) []string {
	var all []string
	for _, f := range k.resourceFacts() {
		if f.relation == nil {
			continue
		}
		set := f.shape.(collection)
		for _, v := range set.minus(elementsOf(before[f.name]), elementsOf(want[f.name])) {
			all = append(all, k.giveKey(f, set.meaning(v)))
		}
	}
	return all
}

func (k *Kind) giveKey(f Fact, member string) string {
	return k.Path + "\x00" + f.name + "\x00" + member
}
