package entity

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// FixedID is the id of the one object of its kind.
func FixedID(id string) Fact {
	f := Text("id").Lasting().From(func(api.Object) any { return id }).Doc("Always `" + id + "`.")
	f.constant = true
	return f
}

// readSingleton reads the one object of its kind.
func (k *Kind) readSingleton(ctx context.Context, s *Session) (api.Object, error) {
	answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: k.Path})
	if err != nil {
		return nil, err
	}
	one := theOne(answer)
	if one == nil {
		return nil, k.notFound("that name: there is none")
	}
	o, ok := one.(api.Object)
	if !ok {
		return nil, unexpected(answer, "an object")
	}
	return o, nil
}

// theOne is what an answer holds of the one object of a kind: some are a list of it.
func theOne(answer any) any {
	list, ok := answer.([]any)
	switch {
	case !ok:
		return answer
	case len(list) == 0:
		return nil
	}
	return list[0]
}

// handover is an object that may be given back by one resource and taken over by another
// in one run, such as under a new address. Terraform puts the two into no order.
type handover struct {
	sync.Mutex
	taken, given bool
}

// handover is that of the object that v has the key of.
func (k *Kind) handover(s *Session, v Values) *handover {
	return Note[handover](s, "handover "+k.keyText(v))
}

// takeOver begins to manage an object that is there already: it returns what it
// is now, of what a user can set.
func (w *writing) takeOver(ctx context.Context) (original []byte, err error) {
	o, err := w.kind.find(ctx, w.session, w.want, true)
	if err != nil {
		return nil, err
	}
	w.held = maps.Clone(w.want)
	for _, f := range w.kind.resourceFacts() {
		if f.secret { // what it has is not known
			w.held[f.versionName()] = types.Int64Null()
		}
	}
	if w.kind.hasMetadata() {
		w.held[metadataName], w.held[metadataAllName] = noPairs, noPairs
	}
	if err := w.take(o); err != nil {
		return nil, err
	}
	settings := api.Object{}
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || f.secret {
			continue
		}
		value, err := f.read(o)
		switch {
		case err != nil:
		case !value.IsNull():
			if settings[f.name], err = f.shape.encode(value); err != nil {
				return nil, err
			}
		case f.use == optional && f.told(o): // what was absent can be again
			settings[f.name] = nil
		}
	}
	return json.Marshal(settings)
}

// gives notes which attributes of what was taken over a configuration sets or changes.
func (m *memory) gives(k *Kind, config, before, want Values) {
	if m.Original == nil {
		return
	}
	for _, f := range k.resourceFacts() {
		if f.secret || slices.Contains(m.Given, f.name) {
			continue
		}
		value := want[f.name]
		if !config.Null(f.name) || value != nil && !value.IsUnknown() && !value.Equal(before[f.name]) {
			m.Given = append(m.Given, f.name)
		}
	}
}

// asBefore is what an object was before Terraform managed it, of what its configuration
// has set or changed since.
func (k *Kind) asBefore(before Values, m memory) (Values, error) {
	settings := api.Object{}
	if m.Original != nil { // else it was imported: what it was is not known
		if err := decodeNumbers(m.Original, &settings); err != nil {
			return nil, err
		}
	}
	was := maps.Clone(before)
	if k.hasMetadata() {
		was[metadataName], was[metadataAllName] = noPairs, noPairs
	}
	for _, f := range k.resourceFacts() {
		if answer, ok := settings[f.name]; ok && slices.Contains(m.Given, f.name) && len(k.sentWith(f)) == 0 {
			if value, err := f.shape.decode(answer); err == nil {
				was[f.name] = value
			}
		}
	}
	return was, nil
}

// planGivingBack weighs what it takes to give an object back as a change of it.
func (r *managed) planGivingBack(ctx context.Context, p *Plan) {
	was, err := r.kind.asBefore(p.Before, p.memory)
	if err != nil {
		return // the operation says so
	}
	for _, f := range r.kind.Facts {
		for _, d := range f.danger {
			if !was[f.stateName()].Equal(p.Before[f.stateName()]) && d.is(p.Before, was) {
				r.weigh(ctx, p, approved(p.Session, p.Before), "Giving back "+f.name+" of", d.of(p.Before, was), f.name)
			}
		}
	}
}

// giveBack makes an object what it was before Terraform managed it, unless another resource
// has taken it over since this run began.
func (r *managed) giveBack(ctx context.Context, s *Session, before Values, m memory, isApproved bool, resp *resource.DeleteResponse) {
	want, err := r.kind.asBefore(before, m)
	if err != nil {
		resp.Diagnostics.Append(problem("give back "+r.kind.named(before), err))
		return
	}
	passes := r.kind.handover(s, before)
	passes.Lock()
	defer passes.Unlock()
	if passes.taken {
		return // another resource has it
	}
	passes.given = true
	w := &writing{kind: r.kind, session: s, config: Values{}, want: want, held: maps.Clone(before), approved: isApproved}
	switch err := w.change(ctx, before, false); {
	case api.ReasonOf(err) == api.NotFound:
		// A run must not fail, for ever, over what nobody can make again.
		resp.Diagnostics.AddWarning(sentenceCase(r.kind.named(before))+" is left as it is",
			"It cannot be what it was before Terraform managed it, because something that it was made of is gone: "+sentence(err.Error()))
	case err != nil:
		resp.Diagnostics.Append(r.kind.refusal(ctx, s, "give back", before, err))
	}
}
