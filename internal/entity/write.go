package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attempts bounds how often an operation is carried out whose answer gets lost.
const attempts = 4

// writing is one creation or update under way: what is to be, and what is known
// to be by now. Held can be saved at any moment, and is the truth.
type writing struct {
	kind     *Kind
	session  *Session
	config   Values // for secrets, which only the configuration has
	want     Values
	held     Values
	latest   Object
	approved bool
}

func (r *managed) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	s := r.session(&resp.Diagnostics)
	want := valuesIn(ctx, req.Plan, &resp.Diagnostics)
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, want, timeouts.Value.Create, defaultWriteTimeout, &resp.Diagnostics)
	defer cancel()

	w := &writing{kind: r.kind, session: s, config: config, want: want, approved: approved(s, want)}
	created, err := w.create(ctx)
	if !created {
		if err != nil {
			resp.Diagnostics.Append(r.kind.refusal(ctx, s, "create", want, err))
		}
		return
	}
	if err == nil {
		err = w.change(ctx, maps.Clone(w.held), true)
	}
	if err != nil {
		resp.Diagnostics.Append(r.kind.refusal(ctx, s, "finish creating", w.held, err))
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateUnfinished, []byte("true"))...)
		r.kind.markUnfinished(w.held)
	}
	resp.Diagnostics.Append(r.setState(ctx, &resp.State, w.known())...)
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, w.held)...)
}

func (r *managed) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	s := r.session(&resp.Diagnostics)
	before := valuesIn(ctx, req.State, &resp.Diagnostics)
	want := valuesIn(ctx, req.Plan, &resp.Diagnostics)
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, want, timeouts.Value.Update, defaultWriteTimeout, &resp.Diagnostics)
	defer cancel()

	w := &writing{kind: r.kind, session: s, config: config, want: want, held: maps.Clone(before), approved: approved(s, want)}
	for _, name := range []string{approvedName, timeoutsName} {
		if value, ok := want[name]; ok {
			w.held[name] = value
		}
	}
	if err := w.change(ctx, before, false); err != nil {
		resp.Diagnostics.Append(r.kind.refusal(ctx, s, "update", before, err))
	} else {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, nil)...)
	}
	resp.Diagnostics.Append(r.setState(ctx, &resp.State, w.known())...)
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, w.held)...)
}

func (r *managed) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	s := r.session(&resp.Diagnostics)
	before := valuesIn(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, before, timeouts.Value.Delete, defaultWriteTimeout, &resp.Diagnostics)
	defer cancel()

	// The plan's word counts: in a replacement it is the new configuration's.
	isApproved := approved(s, before)
	if word, _ := req.Private.GetKey(ctx, privateApproved); word != nil {
		isApproved = string(word) == "true"
	}
	if r.kind.unfinished(before) {
		isApproved = true
	}
	if r.kind.Delete != nil && !isApproved {
		resp.Diagnostics.AddError("Deleting "+r.kind.named(before)+" is dangerous and not approved",
			r.kind.Delete.Reason+"\n\n"+r.kind.howToApprove())
		return
	}
	request := Request{Method: http.MethodDelete, Path: r.kind.Path + "/" + idOf(before)}
	if r.kind.Remove != nil {
		request = r.kind.Remove(before)
	}
	request.Approved = isApproved
	if _, err := s.Client.Do(ctx, request); err != nil && ReasonOf(err) != NotFound {
		resp.Diagnostics.Append(r.kind.refusal(ctx, s, "delete", before, err))
	}
}

// create makes the object. It reports whether the object exists now, also with
// an error: then its id is in held.
func (w *writing) create(ctx context.Context) (created bool, err error) {
	if w.kind.Prepare != nil {
		if err := w.kind.Prepare(ctx, w.session, w.want); err != nil {
			return false, err
		}
	}
	body, err := w.body()
	if err != nil {
		return false, err
	}
	request := Request{Method: http.MethodPost, Path: w.kind.Path}
	if w.kind.Create != nil {
		request = w.kind.Create(w.want)
	}
	request.Body, request.Approved = body, w.approved

	began := time.Now()
	answer, err := w.settled(ctx, request, func() (any, error) {
		o, err := w.findOurs(ctx)
		if err == nil && !w.isOurs(o, time.Since(began)) {
			err = w.kind.notFound("that name that this apply has made")
		}
		return o, err
	})
	if ReasonOf(err) == PartlyDone {
		// It is there, whether it can be read or not: it must not be forgotten.
		w.held = maps.Clone(w.want)
		if o, lookErr := w.findOurs(ctx); lookErr == nil {
			err = errors.Join(err, w.take(o))
		}
		return true, err
	}
	if err != nil {
		return false, err
	}
	o, ok := answer.(Object)
	if !ok {
		return false, unexpected(answer, "the created object")
	}
	w.held = maps.Clone(w.want)
	for _, f := range w.kind.resourceFacts() {
		if f.late && !f.secret {
			w.held[f.name] = types.StringUnknown() // replaced by what the answer says
		}
	}
	if w.kind.Metadata {
		w.held[metadataName], w.held[metadataAllName] = noPairs, noPairs
	}
	return true, w.take(o)
}

// findOurs looks for what a lost creation may have made.
func (w *writing) findOurs(ctx context.Context) (Object, error) {
	if w.kind.Find != nil {
		return w.kind.Find(ctx, w.session, w.want)
	}
	if !w.kind.hasName() {
		return nil, w.kind.notFound("a name")
	}
	return w.kind.findByName(ctx, w.session, w.want.Text("name"), w.kind.fields(true))
}

// isOurs reports whether an object can only have come from this creation, which
// began that long ago: whether it was made since then, by the system's own
// clock. Where the clock or the object's age is not known, it is not ours.
func (w *writing) isOurs(o Object, ago time.Duration) bool {
	if w.kind.Find != nil {
		return w.isWanted(o) // whoever made it, it is what was asked for
	}
	now, clockKnown := w.session.Client.ServerTime()
	made, err := integerOf(o["created_at"])
	return err == nil && clockKnown && !time.UnixMilli(made).Before(now.Add(-ago))
}

// isWanted reports whether an object has all that its creation asked for.
func (w *writing) isWanted(o Object) bool {
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || f.secret || f.unsent || f.late || !w.want.Known(f.name) {
			continue
		}
		value, err := f.read(o)
		if err != nil || !same(f.shape, w.want[f.name], value) {
			return false
		}
	}
	return true
}

// settled carries out an operation whose answer may get lost. Before it tries
// again it looks for the outcome, so that nothing is done twice.
func (w *writing) settled(ctx context.Context, request Request, outcome func() (any, error)) (any, error) {
	for attempt := 1; ; attempt++ {
		answer, err := w.session.Client.Do(ctx, request)
		if ReasonOf(err) != Ambiguous || ctx.Err() != nil {
			return answer, err
		}
		done, lookErr := outcome()
		switch {
		case lookErr == nil:
			return done, nil
		case ReasonOf(lookErr) != NotFound || attempt == attempts:
			return nil, err
		}
	}
}

// body is what creation sends: what the user or a default set, and no more.
func (w *writing) body() (Object, error) {
	body := Object{}
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || f.late || f.unsent {
			continue
		}
		if f.secret {
			if w.config.Known(f.writeOnlyName()) {
				body[f.field] = w.config.Text(f.writeOnlyName())
			}
			continue
		}
		value := w.want[f.name]
		if value.IsNull() || value.IsUnknown() {
			if f.initial == nil {
				continue
			}
			value = f.initial
		}
		encoded, err := f.shape.encode(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		setField(body, f.field, encoded)
	}
	return body, nil
}

// take takes an answer of the system as the truth of what it speaks of.
func (w *writing) take(o Object) error {
	w.latest = o
	held, err := w.kind.merge(w.held, o)
	if err != nil {
		return err
	}
	for _, f := range w.kind.resourceFacts() {
		if f.secret {
			held[f.versionName()] = w.held[f.versionName()]
		} else if _, told := fieldOf(o, f.field); !told && f.from == nil {
			held[f.name] = w.held[f.name]
		}
	}
	w.held = held
	return nil
}

// known is held without what no answer has told: unknown becomes null.
func (w *writing) known() Values {
	for _, f := range w.kind.resourceFacts() {
		if value, ok := w.held[f.name]; ok && value.IsUnknown() {
			w.held[f.name], _ = f.shape.decode(nil)
		}
	}
	return w.held
}

// change brings the object from before to want, one operation after the other.
func (w *writing) change(ctx context.Context, before Values, creating bool) error {
	for _, step := range w.steps(before, creating) {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if w.kind.Metadata && !w.want[metadataAllName].Equal(before[metadataAllName]) {
		if err := writeMetadata(ctx, w.session, idOf(w.held), before[metadataAllName], w.want[metadataAllName]); err != nil {
			return err
		}
	}
	if w.kind.Metadata {
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

// steps are the operations that lead from before to want, in the table's order.
// Capacities that bound each other are raised first to last and lowered last to
// first, so that neither passes the other on the way.
func (w *writing) steps(before Values, creating bool) []func(context.Context) error {
	var steps, lowering []func(context.Context) error
	groups := map[string]bool{}
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || creating && !f.late {
			continue
		}
		was, will := before[f.stateName()], w.want[f.stateName()]
		if will == nil || will.IsUnknown() || same(f.shapeOfState(), will, was) {
			w.adopt(f)
			continue
		}
		switch {
		case f.relation != nil:
			steps = append(steps, w.relate(f, was, will))
		case f.change != nil:
			steps = append(steps, w.operate(f))
		case f.shrinks(was, will):
			lowering = append([]func(context.Context) error{w.put(before, f)}, lowering...)
		default:
			group := f.group
			if !w.kind.OneFieldPerUpdate {
				group = "all"
			}
			if group == "" {
				steps = append(steps, w.put(before, f))
			} else if !groups[group] {
				groups[group] = true
				steps = append(steps, w.put(before, w.groupOf(group)...))
			}
		}
	}
	return append(steps, lowering...)
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

// groupOf are the facts that one update sends together.
func (w *writing) groupOf(group string) Facts {
	return slices.DeleteFunc(w.kind.resourceFacts(), func(f Fact) bool {
		if !f.settable() || f.relation != nil || f.change != nil || !f.mutable {
			return true
		}
		return w.kind.OneFieldPerUpdate && f.group != group
	})
}

// put is an update that sends those of the facts that changed.
func (w *writing) put(before Values, facts ...Fact) func(context.Context) error {
	return func(ctx context.Context) error {
		body := Object{}
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
		if err := w.addAlong(body, sent); err != nil {
			return err
		}
		request := Request{Method: http.MethodPut, Path: w.kind.Path + "/" + idOf(w.held)}
		if w.kind.Update != nil {
			request = w.kind.Update(w.held)
		}
		request.Body, request.Approved = body, w.approved
		answer, err := w.session.Client.Do(ctx, request)
		if ReasonOf(err) == PartlyDone {
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

// add puts the wanted value of a fact into the body of an update.
func (w *writing) add(body Object, f Fact) error {
	if w.want[f.name].IsNull() {
		setField(body, f.field, nil)
		return nil
	}
	encoded, err := f.shape.encode(w.want[f.name])
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	setField(body, f.field, encoded)
	return nil
}

// addAlong repeats in the body what must come along with the facts sent.
func (w *writing) addAlong(body Object, sent Facts) error {
	for _, f := range sent {
		for _, name := range f.along {
			other, _ := w.kind.Facts.find(name)
			if _, has := fieldOf(body, other.field); has || !w.want.Known(name) {
				continue
			}
			if err := w.add(body, other); err != nil {
				return err
			}
		}
	}
	return nil
}

// done takes the facts that were sent, and the system's answer, as held.
func (w *writing) done(sent Facts, answer any) error {
	for _, f := range sent {
		w.held[f.stateName()] = w.want[f.stateName()]
	}
	if o, ok := answer.(Object); ok && w.isWhole(o) {
		return w.take(o)
	}
	return nil
}

// isWhole reports whether an answer is the object, not a part or another.
func (w *writing) isWhole(o Object) bool {
	id, err := integerOf(o["id"])
	if err != nil || id != w.held.Int("id") || !w.kind.belongs(o) {
		return false
	}
	for _, f := range w.kind.resourceFacts() {
		if _, ok := fieldOf(o, f.field); !ok && !f.secret && f.from == nil {
			return false
		}
	}
	return true
}

// operate is a change that has an operation of its own.
func (w *writing) operate(f Fact) func(context.Context) error {
	return func(ctx context.Context) error {
		request := f.change(idOf(w.held), w.want)
		request.Approved = w.approved
		answer, err := w.settled(ctx, request, func() (any, error) {
			return w.reread(ctx, func(o Object) bool {
				value, err := f.read(o)
				return err == nil && same(f.shape, w.want[f.name], value)
			})
		})
		if err != nil {
			return err
		}
		return w.done(Facts{f}, answer)
	}
}

// reread looks whether the object is by now as it should be.
func (w *writing) reread(ctx context.Context, as func(Object) bool) (any, error) {
	o, err := w.kind.find(ctx, w.session, w.held, true)
	if err == nil && !as(o) {
		err = w.kind.notFound("the change")
	}
	return o, err
}

// relate adds and removes members. It adds first, so that a host does not lose
// its last port on the way to a new one.
func (w *writing) relate(f Fact, was, will attr.Value) func(context.Context) error {
	set := f.shape.(collection)
	return func(ctx context.Context) error {
		members := elementsOf(was)
		one := func(v attr.Value, operation func(string, any) Request, present bool) error {
			member, err := set.element.encode(v)
			if err != nil {
				return err
			}
			request := operation(idOf(w.held), member)
			request.Approved = w.approved
			_, err = w.settled(ctx, request, func() (any, error) {
				return w.reread(ctx, func(o Object) bool {
					now, err := f.read(o)
					return err == nil && len(set.minus([]attr.Value{v}, elementsOf(now))) == 0 == present
				})
			})
			if !present && ReasonOf(err) == NotFound {
				err = nil
			}
			return err
		}
		for _, v := range set.minus(elementsOf(will), elementsOf(was)) {
			if err := one(v, f.relation.Add, true); err != nil {
				return err
			}
			members = append(members, v)
			w.held[f.name] = set.of(members)
		}
		for _, v := range set.minus(elementsOf(was), elementsOf(will)) {
			if err := one(v, f.relation.Remove, false); err != nil {
				return err
			}
			members = slices.DeleteFunc(members, v.Equal)
			w.held[f.name] = set.of(members)
		}
		w.held[f.name] = will
		return nil
	}
}
