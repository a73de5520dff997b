package entity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Create makes the object whole, or takes back what it has made of it.
func (r *managed) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	s := r.session(&resp.Diagnostics)
	want := valuesIn(ctx, req.Plan, &resp.Diagnostics)
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, want, timeouts.Value.Create, defaultWriteTimeout, &resp.Diagnostics)
	defer cancel()
	defer s.traffic.begin()()

	w := &writing{kind: r.kind, session: s, config: config, want: want, approved: approved(s, want)}
	if r.kind.stands(want) {
		r.takeOver(ctx, w, resp)
		return
	}
	created, err := w.create(ctx)
	if !created {
		resp.Diagnostics.Append(r.kind.refusal(ctx, s, "create", want, err))
		return
	}
	if err == nil {
		err = w.change(ctx, maps.Clone(w.held), true)
	}
	s.ledger().made(ctx, r.kind, w)
	var m memory
	if err != nil {
		left := w.takeBack(ctx)
		resp.Diagnostics.Append(w.halfWay(ctx, err, left))
		if left == nil {
			return // the state is clean: the next apply begins anew
		}
		m.Unfinished = true
	}
	resp.Diagnostics.Append(m.keep(ctx, resp.Private)...)
	resp.Diagnostics.Append(r.setState(ctx, &resp.State, w.known())...)
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, w.held)...)
}

// takeOver begins to manage what is always there.
func (r *managed) takeOver(ctx context.Context, w *writing, resp *resource.CreateResponse) {
	var m memory
	original, err := w.takeOver(ctx)
	if err == nil {
		passes := r.kind.handover(w.session, w.held)
		passes.Lock()
		defer passes.Unlock()
		if passes.given { // maybe after it was looked at
			original, err = w.takeOver(ctx)
		}
		defer func() { passes.taken = err == nil }()
	}
	if err == nil {
		m.Original = json.RawMessage(original)
		m.gives(r.kind, w.config, w.held, w.want)
		err = w.change(ctx, maps.Clone(w.held), false)
	}
	if err != nil {
		resp.Diagnostics.Append(r.kind.refusal(ctx, w.session, "take over", w.want, err))
		return // nothing was created: the next apply begins anew
	}
	resp.Diagnostics.Append(m.keep(ctx, resp.Private)...)
	resp.Diagnostics.Append(r.setState(ctx, &resp.State, w.known())...)
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, w.held)...)
}

// create makes the object. It reports whether the object exists now, also with
// an error: then its id is in held.
func (w *writing) create(ctx context.Context) (created bool, err error) {
	if w.kind.Creation.Prepare != nil {
		if err := w.kind.Creation.Prepare(ctx, w.session, w.want); err != nil {
			return false, err
		}
	}
	body, err := w.body()
	if err != nil {
		return false, err
	}
	if w.kind.Creation.Fill != nil {
		if err := w.kind.Creation.Fill(ctx, w.session, w.want, body); err != nil {
			return false, err
		}
	}
	request := api.Request{Method: http.MethodPost, Path: w.kind.path(w.want)}
	if w.kind.Creation.Request != nil {
		request = w.kind.Creation.Request(w.want)
	}
	request.Body, request.Approved = body, w.approved
	if w.kind.Creation.Body != nil {
		request.Body = w.kind.Creation.Body(w.want, body)
	}
	var answer any
	err = w.session.patiently(ctx, func() (err error) {
		answer, err = w.post(ctx, request)
		return err
	})
	if api.ReasonOf(err) == api.PartlyDone {
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
	o, err := w.createdIn(answer)
	if err != nil {
		return false, err
	}
	w.held = maps.Clone(w.want)
	for _, f := range w.kind.resourceFacts() {
		if f.afterCreation && !f.secret {
			w.held[f.name] = types.StringUnknown() // replaced by what the answer says
		}
	}
	if w.kind.hasMetadata() {
		w.held[metadataName], w.held[metadataAllName] = noPairs, noPairs
	}
	if err := w.take(o); err != nil {
		return true, err
	}
	return true, w.reveal(o)
}

// found is the object that a creation has made whose answer was lost.
type found struct{ api.Object }

// createdIn is the object of which the answer to a creation tells.
func (w *writing) createdIn(answer any) (api.Object, error) {
	if it, is := answer.(found); is {
		return it.Object, nil
	}
	if w.kind.isOne() {
		answer = theOne(answer)
	}
	if w.kind.Creation.Answer != nil {
		return w.kind.Creation.Answer(w.want, answer)
	}
	o, ok := answer.(api.Object)
	if !ok {
		return nil, unexpected(answer, "the created object")
	}
	return o, nil
}

// post is one attempt of a creation. What users know an object by may be there
// already, made by others: a system may take the request all the same, and nothing
// in its answer would tell.
func (w *writing) post(ctx context.Context, request api.Request) (any, error) {
	defer w.kind.turn(w.session, w.want)()
	if w.kind.mustLook() {
		switch _, err := w.kind.occupant(api.Fresh(ctx), w.session, w.want); {
		case err == nil:
			return nil, &api.Error{
				Reason: api.AlreadyThere, Operation: request.Method + " " + request.Path,
				Message: fmt.Sprintf("There is such a %s already", w.kind.title()),
			}
		case api.ReasonOf(err) != api.NotFound:
			return nil, err
		}
	}
	if !w.isFindable() {
		// Nothing could tell what became of it, so it is never sent again.
		answer, err := w.session.do(ctx, request, true)
		return answer, unfindable(w.kind.title(), err)
	}
	began := time.Now()
	answer, err := w.settled(ctx, request, func(ctx context.Context) (any, error) {
		o, err := w.findOurs(ctx)
		if err == nil && !w.isOurs(ctx, o, began) {
			err = w.kind.notFound("that name that this apply has made")
		}
		return found{o}, err
	})
	return answer, w.kind.judged(err)
}

// judged is an error with the reason that the page gives its code.
func (k *Kind) judged(err error) error {
	said, ok := errors.AsType[*api.Error](err)
	if !ok || !slices.Contains(k.Identity.Taken, said.Code) {
		return err
	}
	taken := *said
	taken.Reason = api.NameTaken
	return &taken
}

// unfindable says of a lost answer that nobody can tell what became of the request.
func unfindable(what string, err error) error {
	said, ok := errors.AsType[*api.Error](err)
	if !ok || said.Reason != api.Ambiguous {
		return err
	}
	unclear := *said
	unclear.Remedy = fmt.Sprintf("The %s may have been made, and nothing tells it from others, so it was not asked for again. "+
		"Look on the system whether it is there: if it is, import or delete it before the next apply.", what)
	return &unclear
}

// body is what creation sends: what the user or a default set, and no more.
func (w *writing) body() (api.Object, error) {
	body := api.Object{}
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || f.afterCreation || f.inPath || f.instruction {
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
			continue
		}
		encoded, err := f.shape.encode(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		f.put(body, encoded)
	}
	return body, nil
}

// takeBack removes what this call has made and could not finish, unless somebody uses
// it by now. It is sent as approved: nobody but this call knows the object.
func (w *writing) takeBack(ctx context.Context) error {
	ctx, done := afterwards(ctx)
	defer done()
	if err := w.unused(ctx); err != nil {
		return err
	}
	made := maps.Clone(w.held)
	for _, f := range w.kind.resourceFacts() {
		if f.instruction { // the user's word on how an object is deleted is for later
			made[f.name], _ = f.shape.decode(nil)
		}
	}
	if w.kind.Creation.TakeBack != nil {
		request := w.kind.Creation.TakeBack(made, w.config)
		request.Approved = true
		return w.remove(ctx, made, request)
	}
	return w.delete(ctx, made, true)
}

// unused is an error where somebody uses the object, or nothing tells.
func (w *writing) unused(ctx context.Context) error {
	var fields, collections []string
	for _, use := range w.kind.Creation.InUse {
		if strings.Contains(use, "/") {
			collections = append(collections, use)
		} else {
			fields = append(fields, use)
		}
	}
	if len(fields) > 0 {
		o, err := w.session.Client.Read(api.Fresh(ctx), w.kind.path(w.held), idOf(w.held), fields)
		if err != nil {
			return err
		}
		for _, field := range fields {
			if value := o[field]; !api.IsNothing(value) {
				return fmt.Errorf("it is in use (%s is %v)", field, value)
			}
		}
	}
	for _, template := range collections {
		path := strings.ReplaceAll(template, "{id}", api.Path(idOf(w.held)))
		for _, err := range w.session.Client.List(ctx, path, api.Query{Limit: 1}) {
			if err != nil {
				return err
			}
			return fmt.Errorf("it is in use (there are %s)", path)
		}
	}
	return nil
}

// halfWay says what became of a creation that was refused when the object was there
// already.
func (w *writing) halfWay(ctx context.Context, err, left error) diag.Diagnostic {
	if left == nil {
		return w.kind.refusal(ctx, w.session, "finish creating", w.want, err,
			"What had been made of it was removed again, so that the next apply begins anew.")
	}
	return w.kind.refusal(ctx, w.session, "finish creating", w.held, err,
		fmt.Sprintf("The %s is there, unfinished, and could not be removed again: %s "+
			"Terraform has marked it as tainted, and plans to replace it, which wants approval like any other deletion. "+
			"To finish it in place, run terraform untaint with the resource's address, then apply.", w.kind.title(), sentence(left.Error())))
}
