package entity

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// createdField is when an object was made, by the system's own clock.
const createdField = "created_at"

const (
	// attempts bounds how often an operation is carried out whose answer gets lost.
	attempts = 4
	// stopGrace and lateGrace are how long a run that was stopped, or whose time is
	// over, still looks for what its last request has done.
	stopGrace = 1500 * time.Millisecond
	lateGrace = 10 * time.Second
)

// settled carries out an operation whose answer may get lost. Before it tries
// again it looks for the outcome, so that nothing is done twice. It looks also
// where it must not try again: because the run was stopped, or because a second
// attempt is refused, which may be for what the first has done.
func (w *writing) settled(ctx context.Context, request api.Request, outcome func(context.Context) (any, error)) (any, error) {
	lost := false
	for attempt := 1; ; attempt++ {
		answer, err := w.session.do(ctx, request, w.held == nil)
		reason := api.ReasonOf(err)
		if refusal, ok := errors.AsType[*api.Error](err); ok {
			lost = lost || refusal.Repeated
		}
		if err == nil || reason == api.PartlyDone || reason != api.Ambiguous && !lost {
			return answer, err
		}
		looking, done := afterwards(ctx)
		found, lookErr := outcome(api.Fresh(looking)) // what was read before the request does not tell
		done()
		switch {
		case lookErr == nil:
			return found, nil
		case reason != api.Ambiguous, ctx.Err() != nil, api.ReasonOf(lookErr) != api.NotFound, attempt == attempts:
			return nil, err
		}
		lost = true
	}
}

// afterwards is a context for what a run owes to the truth after its own ended.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	switch err := ctx.Err(); {
	case err == nil:
		return ctx, func() {}
	case errors.Is(err, context.DeadlineExceeded):
		return context.WithTimeout(context.WithoutCancel(ctx), lateGrace)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
}

// findOurs looks for what a lost creation may have made.
func (w *writing) findOurs(ctx context.Context) (api.Object, error) {
	if w.kind.isFoundByKey() {
		return w.kind.findByKey(ctx, w.session, w.want)
	}
	if !w.kind.hasLabel() {
		return nil, w.kind.notFound("a name")
	}
	fields := w.kind.fields(true)
	if _, ok := w.kind.Facts.find(createdField); ok && !slices.Contains(fields, createdField) {
		fields = append(fields, createdField)
	}
	return w.kind.findByName(ctx, w.session, w.want, fields)
}

// isOurs reports whether an object can only have come from this creation, which began
// at a moment of this machine's clock: whether it is as was asked for, and was made
// since then. Where nothing tells when it was made, it is not ours.
func (w *writing) isOurs(ctx context.Context, o api.Object, began time.Time) bool {
	if w.unlike(o) != "" {
		return false
	}
	if w.kind.mustLook() {
		return true // it was not there right before the request
	}
	made, err := integerOf(o[createdField])
	return err == nil && w.session.Client.MadeSince(ctx, time.UnixMilli(made), began, func(ctx context.Context) error {
		_, err := w.findOurs(api.Fresh(ctx))
		return err
	})
}

// unlike names an attribute in which an object is not what its creation asked
// for; "" where it is in all.
func (w *writing) unlike(o api.Object) string {
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || f.secret || f.inPath || f.untold() || f.afterCreation || !w.want.Known(f.name) {
			continue
		}
		value, err := f.read(o)
		if err != nil || !same(f.shape, w.want[f.name], value) {
			return f.name
		}
	}
	return ""
}
