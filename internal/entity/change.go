package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// change brings the object from before to want, one operation after the other.
func (w *writing) change(ctx context.Context, before Values, creating bool) error {
	if err := w.takeSteps(ctx, w.steps(before, creating)); err != nil {
		return err
	}
	if w.kind.hasMetadata() && !w.want[metadataAllName].Equal(before[metadataAllName]) {
		if err := writeMetadata(ctx, w.session, idOf(w.held), before[metadataAllName], w.want[metadataAllName]); err != nil {
			return err
		}
	}
	if w.kind.hasMetadata() {
		w.held[metadataName], w.held[metadataAllName] = w.want[metadataName], w.want[metadataAllName]
	}
	if w.incomplete() {
		o, err := w.kind.find(ctx, w.session, w.held, true)
		if err != nil {
			return err
		}
		return w.take(o)
	}
	return nil
}

// incomplete reports whether the plan left something open that no answer told.
func (w *writing) incomplete() bool {
	return slices.ContainsFunc(w.kind.resourceFacts(), func(f Fact) bool {
		return !f.secret && (w.held[f.name] == nil || w.held[f.name].IsUnknown() || w.latest == nil && w.want[f.name].IsUnknown())
	})
}

// shapeOfState is the shape of the attribute that shows a fact's change.
func (f Fact) shapeOfState() shape {
	if f.secret {
		return integer{}
	}
	return f.shape
}

// adopt takes over the plan's spelling of a value that is not changed.
func (w *writing) adopt(f Fact) {
	if will := w.want[f.stateName()]; will != nil && !will.IsUnknown() {
		w.held[f.stateName()] = will
	}
}

// group names what an update sends together with a fact; "" where it sends the
// fact alone.
func (w *writing) group(f Fact) string {
	if w.kind.Update.OneByOne {
		return f.group
	}
	return "all"
}

// groupOf are the facts of a group.
func (w *writing) groupOf(group string) Facts {
	return w.kind.Facts.those(func(f Fact) bool {
		return f.inResource() && f.settable() && f.relation == nil && !f.hasOperation() && f.sentWith == "" && f.isMutable() && w.group(f) == group && w.kind.existence(f, w.want) != missing
	})
}

// put is an update that sends those of the facts that changed.
func (w *writing) put(before Values, facts ...Fact) func(context.Context) error {
	return func(ctx context.Context) error {
		body := api.Object{}
		var sent Facts
		for _, f := range facts {
			was, will := before[f.stateName()], w.want[f.stateName()]
			if will == nil || will.IsUnknown() || same(f.shapeOfState(), will, was) {
				continue
			}
			sent = append(sent, f)
			if f.secret {
				if w.config.Known(f.writeOnlyName()) {
					body[f.field] = w.config.Text(f.writeOnlyName())
				}
				continue
			}
			if err := w.add(body, f); err != nil {
				return err
			}
		}
		if len(body) == 0 {
			return w.done(sent, nil)
		}
		if err := w.addAlong(ctx, body, sent); err != nil {
			return err
		}
		request := api.Request{Method: http.MethodPut, Path: w.kind.objectPath(w.held)}
		if w.kind.Update.Request != nil {
			request = w.kind.Update.Request(w.held)
		}
		if w.kind.Update.Several != nil && len(body) > 1 {
			request = w.kind.Update.Several(w.held)
		}
		request.Body, request.Approved = body, w.approved
		answer, err := w.settled(ctx, request, func(ctx context.Context) (any, error) {
			return w.reread(ctx, func(o api.Object) bool { return w.has(o, sent) })
		})
		err = w.kind.judged(err)
		if refusedNow(err) && w.leaveOut(ctx, body, sent) {
			if len(body) == 0 {
				return w.done(sent, nil)
			}
			request.Body = body
			answer, err = w.session.do(ctx, request, false)
		}
		if api.ReasonOf(err) == api.PartlyDone {
			if o, lookErr := w.kind.find(ctx, w.session, w.held, true); lookErr == nil {
				return errors.Join(err, w.take(o))
			}
		}
		if err != nil {
			return err
		}
		return w.done(sent, answer)
	}
}

// putBack is an update that sets a fact to what it was before.
func (w *writing) putBack(before Values, f Fact) func(context.Context) error {
	return func(ctx context.Context) error {
		back := *w
		back.want = maps.Clone(w.held)
		back.want[f.name] = before[f.name]
		err := back.put(w.held, f)(ctx)
		w.held, w.latest = back.held, back.latest
		return err
	}
}

// has reports whether an object has the wanted values of the facts. Nobody can tell
// of a secret: it is sent again.
func (w *writing) has(o api.Object, facts Facts) bool {
	for _, f := range facts {
		if f.secret {
			return false
		}
		if value, err := f.read(o); err != nil || !same(f.shape, w.want[f.name], value) {
			return false
		}
	}
	return true
}

// leaveOut takes out of a refused update the secrets that the object proves to have, and
// reports whether there were any.
func (w *writing) leaveOut(ctx context.Context, body api.Object, sent Facts) bool {
	out := false
	for _, f := range sent {
		secret, is := body[f.field].(string)
		if f.proven != nil && is && f.proven(ctx, w.session, w.held, secret) {
			delete(body, f.field)
			out = true
		}
	}
	return out
}

// add puts the wanted value of a fact into the body of an update.
func (w *writing) add(body api.Object, f Fact) error {
	if w.want[f.name].IsNull() {
		f.put(body, nil)
		return nil
	}
	encoded, err := f.shape.encode(w.want[f.name])
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	f.put(body, encoded)
	return nil
}

// addAlong repeats in the body what must come along with the facts sent: as the system has
// it now, so that what others have changed since the plan stays until a plan shows it.
func (w *writing) addAlong(ctx context.Context, body api.Object, sent Facts) error {
	var along Facts
	for _, f := range sent {
		for _, name := range f.repeats {
			other, _ := w.kind.Facts.find(name)
			if _, has := sent.find(name); !has && w.want.Known(name) {
				along = append(along, other)
			}
		}
	}
	if len(along) == 0 {
		return nil
	}
	now, err := w.kind.find(api.Fresh(ctx), w.session, w.held, true)
	if err != nil {
		return err
	}
	for _, f := range along {
		value, err := f.read(now)
		if err != nil || value.IsNull() {
			continue
		}
		encoded, err := f.shape.encode(value)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		f.put(body, encoded)
	}
	return nil
}

// done takes the facts that were sent, and the system's answer, as held.
func (w *writing) done(sent Facts, answer any) error {
	for _, f := range sent {
		w.held[f.stateName()] = w.want[f.stateName()]
	}
	if o, ok := answer.(api.Object); ok && w.isWhole(o) {
		return w.take(o)
	}
	return nil
}

// isWhole reports whether an answer is the object, not a part or another.
func (w *writing) isWhole(o api.Object) bool {
	o = w.kind.owned(o, w.held)
	if w.kind.idIn(o) == "" || w.kind.idIn(o) != idOf(w.held) || !w.kind.belongs(o) {
		return false
	}
	is := w.kind.variantIn(o, w.held)
	for _, f := range w.kind.resourceFacts() {
		if !f.secret && !f.untold() && !f.keptBeside && !f.told(o) && w.kind.existence(f, is) != missing {
			return false
		}
	}
	return true
}

// sentWith are the secrets that the operation which changes a fact takes along.
func (k *Kind) sentWith(f Fact) Facts {
	return k.Facts.those(func(other Fact) bool { return other.inResource() && other.sentWith == f.name })
}

// operate is a change that has an operation of its own. Nobody can tell of a secret
// whether the system has it: where one is new, what the object looks like does not do.
func (w *writing) operate(f Fact) func(context.Context) error {
	return func(ctx context.Context) error {
		var answer any
		facts := append(Facts{f}, w.kind.sentWith(f)...)
		after, renewed := maps.Clone(w.want), false
		for _, secret := range facts[1:] {
			after[secret.writeOnlyName()] = w.config[secret.writeOnlyName()]
			version := secret.versionName()
			renewed = renewed || !same(integer{}, w.want[version], w.held[version])
		}
		as := func(o api.Object) bool {
			value, err := f.read(o)
			return err == nil && !renewed && same(f.shape, w.want[f.name], value)
		}
		if w.latest != nil && as(w.latest) {
			return w.done(facts, nil) // what another fact's operation has done as well
		}
		for _, request := range f.change(idOf(w.held), after) {
			request.Approved = w.approved
			var err error
			answer, err = w.settled(ctx, request, func(ctx context.Context) (any, error) {
				return w.reread(ctx, as)
			})
			if mayPass(err) {
				// What is in the way may have done the same: a group that has moved has moved its
				// members.
				if o, lookErr := w.reread(ctx, as); lookErr == nil {
					answer, err = o, nil
				}
			}
			if err != nil {
				return err
			}
		}
		return w.done(facts, answer)
	}
}

// operateUntil is a change that takes what operations are left, as a look at the object
// tells. It looks again where nobody knows what has become of one, and from then on also
// where one is refused: that may be for what the lost one has done meanwhile.
func (w *writing) operateUntil(f Fact) func(context.Context) error {
	return func(ctx context.Context) error {
		unclear := false
		for attempt := 1; ; attempt++ {
			o, err := w.kind.find(api.Fresh(ctx), w.session, w.held, true)
			if err != nil {
				return err
			}
			if err = w.sendAll(ctx, f.left(o, w.want)); err == nil {
				return w.done(Facts{f}, nil)
			}
			said, ok := errors.AsType[*api.Error](err)
			unclear = unclear || ok && (said.Repeated || said.Reason == api.Ambiguous || said.Reason == api.NotFound)
			if !unclear || ctx.Err() != nil || attempt == attempts {
				return err
			}
		}
	}
}

// sendAll carries out requests one after the other, up to the first that is refused.
func (w *writing) sendAll(ctx context.Context, requests []api.Request) error {
	for _, request := range requests {
		request.Approved = w.approved
		if _, err := w.session.do(ctx, request, false); err != nil {
			return err
		}
	}
	return nil
}

// reread looks whether the object is by now as it should be. Where the change is one of
// what it is known by, it may be found under either.
func (w *writing) reread(ctx context.Context, as func(api.Object) bool) (any, error) {
	sought := maps.Clone(w.held)
	for _, name := range w.kind.key() {
		if f, _ := w.kind.Facts.find(name); f.settable() && w.want.Known(name) {
			sought[name] = w.want[name]
		}
	}
	o, err := w.kind.find(ctx, w.session, sought, true)
	if err == nil && !as(o) {
		err = w.kind.notFound("the change")
	}
	return o, err
}
