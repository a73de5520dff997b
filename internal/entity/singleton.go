package entity

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// privateOriginal holds, as JSON, what a singleton was before Terraform managed
// it, for the destroy that gives it back.
const privateOriginal = "original"

// Only is the id of a singleton, of which a system has exactly one.
func Only(id string) Fact {
	return Text("id").Lasting().From(func(Object) any { return id }).Doc("Always `" + id + "`.")
}

// readSingleton reads the one object of its kind.
func (k *Kind) readSingleton(ctx context.Context, s *Session) (Object, error) {
	answer, err := s.Client.Do(ctx, Request{Method: http.MethodGet, Path: k.Path})
	if err != nil {
		return nil, err
	}
	o, ok := answer.(Object)
	if !ok {
		return nil, unexpected(answer, "an object")
	}
	return o, nil
}

// takeOver begins to manage a singleton: it returns what it is now, of what a
// user can set.
func (w *writing) takeOver(ctx context.Context) (original []byte, err error) {
	o, err := w.kind.readSingleton(ctx, w.session)
	if err != nil {
		return nil, err
	}
	w.held = w.want
	if err := w.take(o); err != nil {
		return nil, err
	}
	settings := Object{}
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || f.secret {
			continue
		}
		if value, err := f.read(o); err == nil && !value.IsNull() {
			if settings[f.name], err = f.shape.encode(value); err != nil {
				return nil, err
			}
		}
	}
	return json.Marshal(settings)
}

// giveBack makes a singleton what it was before Terraform managed it.
func (r *managed) giveBack(ctx context.Context, s *Session, before Values, original []byte, isApproved bool, resp *resource.DeleteResponse) {
	var settings Object
	if err := decodeNumbers(original, &settings); err != nil {
		return // imported: what it was is not known, and it stays as it is
	}
	want := Values{}
	for name, value := range before {
		want[name] = value
	}
	for _, f := range r.kind.resourceFacts() {
		if api, ok := settings[f.name]; ok {
			if value, err := f.shape.decode(api); err == nil {
				want[f.name] = value
			}
		}
	}
	w := &writing{kind: r.kind, session: s, config: Values{}, want: want, held: before, approved: isApproved}
	if err := w.change(ctx, before, false); err != nil {
		resp.Diagnostics.Append(r.kind.refusal(ctx, s, "give back", before, err))
	}
}
