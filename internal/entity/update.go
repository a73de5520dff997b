package entity

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// writing is one creation, update or deletion under way: what is to be, and what is
// known to be by now. Held can be saved at any moment, and is the truth.
type writing struct {
	kind     *Kind
	session  *Session
	config   Values // for secrets, which only the configuration has
	want     Values
	held     Values
	latest   api.Object
	approved bool
}

// Update changes the object, as far as it can be, and keeps what was done.
func (r *managed) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	s := r.session(&resp.Diagnostics)
	before := valuesIn(ctx, req.State, &resp.Diagnostics)
	want := valuesIn(ctx, req.Plan, &resp.Diagnostics)
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	m := recall(ctx, req.Private)
	if m.Plan != nil && m.Plan.Refused != nil {
		resp.Diagnostics.AddError(m.Plan.Refused.Summary, m.Plan.Refused.Detail)
		return
	}
	ctx, cancel := within(ctx, want, timeouts.Value.Update, defaultWriteTimeout, &resp.Diagnostics)
	defer cancel()
	defer s.traffic.begin(r.kind.gives(before, want)...)()

	w := &writing{kind: r.kind, session: s, config: config, want: want, held: maps.Clone(before), approved: approved(s, want)}
	for _, name := range []string{approvedName, timeoutsName} {
		if value, ok := want[name]; ok {
			w.held[name] = value
		}
	}
	m.Plan = nil
	m.gives(r.kind, config, before, want)
	if err := w.change(ctx, before, false); err != nil {
		resp.Diagnostics.Append(r.kind.refusalOf(ctx, s, "update", before, want, err))
	} else {
		if !r.kind.hasMetadata() || !config[metadataName].IsNull() {
			m.Imported = ""
		}
		m.Unfinished, m.Asked = false, nil
	}
	resp.Diagnostics.Append(m.keep(ctx, resp.Private)...)
	resp.Diagnostics.Append(r.setState(ctx, &resp.State, w.known())...)
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, w.held)...)
}

// take takes an answer of the system as the truth of what it speaks of.
func (w *writing) take(o api.Object) error {
	o = w.kind.owned(o, w.held)
	w.latest = o
	held, err := w.kind.merge(w.held, o)
	if err != nil {
		return err
	}
	for _, f := range w.kind.resourceFacts() {
		if f.secret {
			held[f.versionName()] = w.held[f.versionName()]
		} else if w.kind.Creation.Whole && f.absentIsNull && !f.told(o) && w.held[f.name] != nil && w.held[f.name].IsUnknown() {
			continue // silence is an answer
		} else if (!f.told(o) || w.leavesAlone(f)) && w.kind.existence(f, held) != missing {
			held[f.name] = w.held[f.name]
		}
	}
	w.held = held
	return nil
}

// leavesAlone reports whether the plan leaves what the system set of a fact as it was. Where
// another resource changes it in the same run, as one that joins a host to a cluster,
// the next refresh tells: an answer that is not as planned is an error to Terraform.
func (w *writing) leavesAlone(f Fact) bool {
	return f.use == defaulted && w.config.Null(f.name) && w.want[f.name] != nil && !w.want[f.name].IsUnknown()
}

// known is held without what no answer has told: unknown becomes null.
func (w *writing) known() Values {
	for _, f := range w.kind.resourceFacts() {
		if value, ok := w.held[f.name]; ok && value.IsUnknown() {
			w.held[f.name], _ = f.shape.decode(nil)
		}
	}
	if value, ok := w.held[metadataAllName]; ok && value.IsUnknown() {
		w.held[metadataAllName] = types.MapNull(types.StringType)
	}
	return w.held
}
