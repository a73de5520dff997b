package entity

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Delete takes the object out of what holds it, and deletes it.
func (r *managed) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	s := r.session(&resp.Diagnostics)
	before := valuesIn(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, before, timeouts.Value.Delete, defaultWriteTimeout, &resp.Diagnostics)
	defer cancel()
	defer s.traffic.begin()()

	m := recall(ctx, req.Private)
	intent := m.Plan
	// The plan's word counts once: a deletion that fails is planned anew. The answer's
	// private state is the request's, so that nothing can be read of it any more.
	m.Plan = nil
	resp.Diagnostics.Append(m.keep(ctx, resp.Private)...)
	isApproved := approved(s, before)
	if intent != nil && intent.Approved != nil {
		isApproved = *intent.Approved // in a replacement it is the new configuration's
	}
	if intent != nil && intent.Refused != nil {
		resp.Diagnostics.AddError(intent.Refused.Summary, intent.Refused.Detail)
		return
	}
	if danger := r.kind.deletionDanger(before); danger != "" && !isApproved {
		detail := danger + "\n\n" + r.kind.howToApprove(s, r.kind.named(before))
		if m.Unfinished {
			detail += "\n\nIts creation has not ended well. To keep it and finish it in place, run terraform untaint with the resource's address, then apply."
		}
		resp.Diagnostics.AddError("Deleting "+r.kind.named(before)+" is dangerous and not approved", detail)
		return
	}
	if r.kind.stands(before) {
		r.giveBack(ctx, s, before, m, isApproved, resp)
		return
	}
	if r.kind.Presence == ToldOnce {
		return // the state alone has it
	}
	w := &writing{kind: r.kind, session: s, held: before}
	if err := w.delete(ctx, before, isApproved); err != nil {
		resp.Diagnostics.Append(r.kind.refusal(ctx, s, "delete", before, err))
	}
}

// delete deletes the object, with all that belongs to it.
func (w *writing) delete(ctx context.Context, before Values, isApproved bool) error {
	if w.kind.Deletion.Each != nil {
		var r removal
		return w.session.patiently(ctx, func() error {
			defer w.kind.turn(w.session, before)()
			return w.removeEach(ctx, before, isApproved, &r)
		})
	}
	request := api.Request{Method: http.MethodDelete, Path: w.kind.objectPath(before)}
	if w.kind.Deletion.Request != nil {
		request = w.kind.Deletion.Request(before)
	}
	if w.kind.Deletion.Fill != nil {
		err := w.kind.Deletion.Fill(ctx, w.session, before, &request)
		if api.ReasonOf(err) == api.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
	}
	request.Approved = isApproved
	return w.remove(ctx, before, request)
}

// removal is a deletion by several requests, of which some are left.
type removal struct {
	left []api.Request
	// begun says that one was carried out, or may have been: the object does not tell any
	// more what its deletion takes.
	begun bool
}

// removeEach deletes the object by its several requests, and by those that are left once
// an answer was lost.
func (w *writing) removeEach(ctx context.Context, before Values, isApproved bool, r *removal) error {
	for attempt := 1; ; attempt++ {
		err := w.sendEach(ctx, before, isApproved, r)
		if api.ReasonOf(err) != api.Ambiguous || ctx.Err() != nil || attempt == attempts {
			return err
		}
	}
}

// sendEach sends the requests that delete the object, or are left of them, whatever becomes
// of each.
func (w *writing) sendEach(ctx context.Context, before Values, isApproved bool, r *removal) error {
	if !r.begun {
		requests, err := w.kind.Deletion.Each(ctx, w.session, before)
		switch {
		case api.ReasonOf(err) == api.NotFound:
			return nil // gone already
		case err != nil:
			return err
		}
		r.left = requests
	}
	var refusals error
	sent := r.left
	r.left = nil
	for _, request := range sent {
		request.Approved = isApproved
		_, err := w.session.do(ctx, request, false)
		reason := api.ReasonOf(err)
		done := err == nil || reason == api.NotFound
		r.begun = r.begun || done || reason == api.Ambiguous
		if !done {
			r.left, refusals = append(r.left, request), errors.Join(refusals, err)
		}
	}
	return refusals
}

// leave takes the object out of what holds it, once its deletion was refused: most are
// held by nothing. That it is out already, by others or by a request that was lost, is
// what was wanted: what is left to do tells.
func (w *writing) leave(ctx context.Context, before Values, isApproved bool) error {
	requests, err := w.kind.Deletion.Leave(ctx, w.session, before)
	for _, request := range requests {
		if err != nil {
			break
		}
		request.Approved = isApproved
		_, err = w.session.do(ctx, request, false)
		switch api.ReasonOf(err) {
		case api.NotFound:
			err = nil
		case api.Conflict:
			if left, lookErr := w.kind.Deletion.Leave(api.Fresh(ctx), w.session, before); lookErr == nil && len(left) == 0 {
				return nil
			}
		}
	}
	if api.ReasonOf(err) == api.NotFound {
		return nil // gone already
	}
	return err
}

// remove deletes the object, takes it out of what holds it where it must, and waits
// where something is in the way that another operation of this run may remove. That it
// is gone already is what was wanted; after a lost answer it looks before it tries again.
func (w *writing) remove(ctx context.Context, before Values, request api.Request) error {
	return w.session.patiently(ctx, func() error {
		defer w.kind.turn(w.session, before)()
		left, unclear := false, false
		for attempt := 1; ; attempt++ {
			_, err := w.session.do(ctx, request, false)
			if api.ReasonOf(err) == api.NotFound {
				return nil
			}
			if api.ReasonOf(err) == api.Conflict && w.kind.Deletion.Leave != nil && !left {
				err := w.leave(ctx, before, request.Approved)
				// Where an answer was lost, the deletion tells what became of the request:
				// the next one may be refused for what that has done.
				lost := api.ReasonOf(err) == api.Ambiguous && ctx.Err() == nil && attempt < attempts
				if left = !lost; err != nil && !lost && !unclear {
					return err
				}
				unclear = unclear || lost
				continue
			}
			if api.ReasonOf(err) != api.Ambiguous || ctx.Err() != nil || attempt == attempts {
				return err
			}
			if w.isGone(ctx, before) {
				return nil
			}
		}
	})
}

// turn waits until no other operation of this run is at work on the object that v has the
// key of, and returns what ends the turn. Where users say the key, nothing tells an object
// from the one that comes into its place: a deletion whose answer was lost would take it.
func (k *Kind) turn(s *Session, v Values) (end func()) {
	if !k.keyedByUser() {
		return func() {}
	}
	mine := Note[sync.Mutex](s, "turn "+k.keyText(v))
	mine.Lock()
	return mine.Unlock
}

// isGone looks whether a deletion whose answer was lost has done its work. One that names
// the object by a key may still be under way, and would then take what comes into its
// place: it gets a moment more before it is sent again.
func (w *writing) isGone(ctx context.Context, before Values) bool {
	gone := func() bool {
		_, err := w.kind.find(ctx, w.session, before, true)
		return api.ReasonOf(err) == api.NotFound
	}
	return gone() || w.kind.keyedByUser() && linger(ctx, underWay) && gone()
}
