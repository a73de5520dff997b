package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

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
	// adopted says what was taken over in place of a creation; foreign says why an
	// object that is in the way was not.
	adopted, foreign string
	// claims are what the creation holds of names.
	claims []string
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
	resp.Diagnostics.Append(forgetPlan(ctx, resp.Private)...) // it was for what this replaces

	w := &writing{kind: r.kind, session: s, config: config, want: want, approved: approved(s, want)}
	if r.kind.isAdopted() {
		original, err := w.takeOver(ctx)
		if err == nil {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateOriginal, original)...)
			err = w.change(ctx, maps.Clone(w.held), false)
		}
		if err != nil {
			resp.Diagnostics.Append(r.kind.refusal(ctx, s, "take over", want, err))
			return // nothing was created: the next apply begins anew
		}
		resp.Diagnostics.Append(r.setState(ctx, &resp.State, w.known())...)
		resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, w.held)...)
		return
	}
	created := false
	over, err := w.claim(ctx)
	if err == nil {
		defer over()
		created, err = w.create(ctx)
	}
	if !created {
		if err != nil {
			resp.Diagnostics.Append(r.kind.refusal(ctx, s, "create", want, err))
		}
		return
	}
	if err == nil {
		err = w.change(ctx, maps.Clone(w.held), w.adopted == "")
	}
	if w.adopted != "" {
		if err != nil { // it is nobody's to replace: the next apply takes it over anew
			resp.Diagnostics.Append(r.kind.refusal(ctx, s, "take over", want, err))
			return
		}
		resp.Diagnostics.AddWarning("Took over "+r.kind.named(w.held), w.adopted)
		takenOver(s).Store(r.kind.keyText(w.held), true)
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
		if !r.kind.Metadata || !config[metadataName].IsNull() {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, nil)...)
		}
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateUnfinished, nil)...)
	}
	resp.Diagnostics.Append(forgetPlan(ctx, resp.Private)...)
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
	guarded, _ := req.Private.GetKey(ctx, privateGuarded)
	isDestroyed := destroyed(ctx, req.Private)
	// It counts once: a deletion that fails is planned anew. The answer's private state
	// is the request's, so that nothing can be read of it any more.
	resp.Diagnostics.Append(forgetPlan(ctx, resp.Private)...)
	unfinished := guarded == nil && r.kind.unfinished(before)
	isApproved = isApproved || unfinished
	if r.kind.Delete != nil && !isApproved {
		resp.Diagnostics.AddError("Deleting "+r.kind.named(before)+" is dangerous and not approved",
			r.kind.Delete.Reason+"\n\n"+r.kind.howToApprove())
		return
	}
	if r.kind.isAdopted() {
		original, _ := req.Private.GetKey(ctx, privateOriginal)
		r.giveBack(ctx, s, before, original, isApproved, resp)
		return
	}
	if _, taken := takenOver(s).Load(r.kind.keyText(before)); taken {
		resp.Diagnostics.AddWarning("Kept "+r.kind.named(before), "Its replacement was to be created first (create_before_destroy), and took over this very object, which has all that the configuration says. "+
			"So nothing was replaced. To replace it, take create_before_destroy off, or change its name.")
		return
	}
	err := r.delete(ctx, s, before, isApproved)
	if err == nil {
		return
	}
	if r.kind.Undeletable != nil && r.kind.Undeletable(err) && unfinished && !isDestroyed {
		if r.kind.isYoung(ctx, s, before) && !s.NeverAdopt {
			resp.Diagnostics.AddWarning("Left "+r.kind.named(before)+" as it is", sentence(err.Error())+
				" Its creation has not ended, so the one that follows takes it over in place of making it again.")
			return
		}
		err = withRemedy(err, "Its creation has not ended. To keep it, run terraform untaint; the next apply then finishes it in place.")
	}
	resp.Diagnostics.Append(r.kind.refusal(ctx, s, "delete", before, err))
}

// takenOver are the objects that this run took over, by keyText: one that is to be
// deleted because it gives way to itself stays.
func takenOver(s *Session) *sync.Map { return Note[sync.Map](s, "taken over") }

// keyText tells an object from all others.
func (k *Kind) keyText(v Values) string {
	parts := []string{k.Name}
	for _, name := range k.key() {
		parts = append(parts, plain(v[name]))
	}
	return strings.Join(parts, " ")
}

// delete deletes the object, with all that belongs to it.
func (r *managed) delete(ctx context.Context, s *Session, before Values, isApproved bool) error {
	if r.kind.Destroy != nil {
		if err := r.kind.Destroy(ctx, s, before, isApproved); ReasonOf(err) != NotFound {
			return err
		}
		return nil
	}
	request := Request{Method: http.MethodDelete, Path: r.kind.objectPath(before)}
	if r.kind.Remove != nil {
		request = r.kind.Remove(before)
	}
	request.Approved = isApproved
	return r.remove(ctx, s, before, request)
}

// remove deletes the object. That it is gone already is what was wanted; after a
// lost answer it looks before it tries again.
func (r *managed) remove(ctx context.Context, s *Session, before Values, request Request) error {
	for attempt := 1; ; attempt++ {
		_, err := s.Client.Do(ctx, request)
		if ReasonOf(err) == NotFound {
			return nil
		}
		if ReasonOf(err) != Ambiguous || ctx.Err() != nil || attempt == attempts {
			return err
		}
		if _, lookErr := r.kind.find(ctx, s, before, true); ReasonOf(lookErr) == NotFound {
			return nil
		}
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
	request := Request{Method: http.MethodPost, Path: w.kind.path(w.want)}
	if w.kind.Create != nil {
		request = w.kind.Create(w.want)
	}
	request.Body, request.Approved = body, w.approved
	if w.kind.Encode != nil {
		request.Body = w.kind.Encode(w.want, body)
	}

	began := time.Now()
	answer, err := w.settled(ctx, request, func(ctx context.Context) (any, error) {
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
		if o, orphan := w.orphaned(ctx, err); orphan {
			return true, w.takeOrphan(ctx, o)
		}
		return false, w.notOrphaned(err)
	}
	o, ok := answer.(Object)
	if w.kind.Decode != nil {
		o, err = w.kind.Decode(w.want, answer)
	} else if !ok {
		err = unexpected(answer, "the created object")
	}
	if err != nil {
		return false, err
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
