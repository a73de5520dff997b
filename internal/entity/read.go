package entity

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

func (r *managed) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	s := r.session(&resp.Diagnostics)
	prior := valuesIn(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	s.traffic.touch()
	m := recall(ctx, req.Private)
	read, done := ctx.Value(refreshKey{}).(refreshed)
	if !done {
		read = r.kind.refresh(ctx, s, prior, m.Imported == importFound)
	}
	if resp.Diagnostics.Append(read.problems...); resp.Diagnostics.HasError() {
		return
	}
	if read.state == nil {
		if r.kind.Reading.Left != nil && m.Imported != importFound {
			if summary, detail := r.kind.Reading.Left(ctx, s, prior); summary != "" {
				resp.Diagnostics.AddWarning(summary, detail)
			}
		}
		// The framework wants an identity also of what is gone.
		resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, prior)...)
		resp.State.RemoveResource(ctx)
		return
	}
	if m.Imported == importFound {
		m.Imported = importRead
	} else {
		m.notice(r.kind, prior, read.state)
		if r.kind.Reading.Noticed != nil {
			if summary, detail := r.kind.Reading.Noticed(prior, read.state); summary != "" {
				resp.Diagnostics.AddWarning(summary, detail)
			}
		}
	}
	if m.Unfinished {
		resp.Diagnostics.AddWarning(sentenceCase(r.kind.named(read.state))+" is unfinished",
			"Its creation has not ended well. If Terraform plans to replace it, and you want to keep it, run terraform untaint with the resource's address: the next apply then finishes it in place.")
	}
	resp.Diagnostics.Append(m.keep(ctx, resp.Private)...)
	resp.Diagnostics.Append(r.setState(ctx, &resp.State, read.state)...)
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, read.state)...)
}

// refreshed is what the system tells of an object: the state that it leads to,
// which is nil where the object is gone, or why it tells nothing.
type refreshed struct {
	state    Values
	problems diag.Diagnostics
}

// refreshKey is where a context holds what was refreshed already.
type refreshKey struct{}

// refresh asks the system for an object. Of an imported one it takes all metadata
// that it finds.
func (k *Kind) refresh(ctx context.Context, s *Session, prior Values, imported bool) (read refreshed) {
	ctx, cancel := within(ctx, prior, timeouts.Value.Read, defaultReadTimeout, &read.problems)
	defer cancel()

	if k.Presence == ToldOnce {
		read.state = prior
		return read
	}
	o, err := k.find(ctx, s, prior, true)
	if api.ReasonOf(err) == api.NotFound {
		if !imported {
			s.gone.Store(true)
		} else if is := k.otherKind(ctx, s, prior); is != "" {
			read.problems.AddError("Could not import "+k.named(prior), is)
		}
		return read
	}
	if err != nil {
		refusal := k.refusal(ctx, s, "read", prior, err)
		if refusal.Detail() == toldAlready && !imported {
			read.state = prior // the run fails with the error that was told
			return read
		}
		read.problems.Append(refusal)
		return read
	}
	state, err := k.merge(prior, o)
	if err == nil && imported {
		err = k.readAtImport(state, o)
	}
	if err == nil {
		err = k.sameObject(prior, state)
	}
	if err != nil {
		read.problems.Append(problem("read "+k.named(prior), err))
		return read
	}
	if k.hasMetadata() {
		if err := readMetadata(ctx, s, state, imported); err != nil {
			read.problems.Append(k.refusal(ctx, s, "read the metadata of", prior, err))
			return read
		}
	}
	read.state = state
	return read
}

// sameObject holds that an object which has nothing left of what lasts is another
// of the same id: that of another system, or one made later.
func (k *Kind) sameObject(prior, state Values) error {
	if !k.keyedByID() || k.isOne() {
		return nil
	}
	var differ []string
	dated := false
	for _, f := range k.witnesses() {
		was, is := prior[f.name], state[f.name]
		if was == nil || was.IsNull() || is.IsNull() {
			continue
		}
		if same(f.shape, was, is) {
			return nil
		}
		_, isMoment := f.shape.(moment)
		dated = dated || isMoment
		differ = append(differ, fmt.Sprintf("%s was %s and is %s", f.name, prior.Text(f.name), state.Text(f.name)))
	}
	// A serial number can be reset: without a date, the name has to differ too.
	if len(differ) == 0 || !dated && prior.Known(k.label()) && prior[k.label()].Equal(state[k.label()]) {
		return nil
	}
	return fmt.Errorf("the id is by now another object's: its %s. Look whether endpoint names the system that the state is of. "+
		"If it does, and the %s was made anew, take the old one out of the state (terraform state rm) and import the new one",
		strings.Join(differ, ", and its "), k.title())
}

// merge is the state that an answer of the system leads to. Where an answer
// means what prior has, prior's spelling stays, so that plans are quiet.
func (k *Kind) merge(prior Values, o api.Object) (Values, error) {
	state := make(Values, len(prior))
	maps.Copy(state, prior)
	for _, f := range k.resourceFacts() {
		if f.secret {
			state[f.writeOnlyName()] = types.StringNull()
			if has, ok := o[f.proof].(bool); ok && !has {
				state[f.versionName()] = types.Int64Null()
			}
			continue
		}
		if f.untold() || !f.told(o) && !f.absentIsNull {
			if !f.keptBeside && (state[f.name] == nil || state[f.name].IsUnknown()) {
				state[f.name], _ = f.shape.decode(nil)
			}
			continue
		}
		value, err := f.read(o)
		if err != nil {
			return nil, err
		}
		state[f.name] = f.spelled(prior[f.name], value)
	}
	k.withoutOthers(state)
	return state, nil
}

// readAtImport takes what an import alone takes of an answer.
func (k *Kind) readAtImport(state Values, o api.Object) error {
	for _, f := range k.resourceFacts() {
		if !f.readAtImport || !f.told(o) || k.existence(f, state) == missing {
			continue
		}
		value, err := f.read(o)
		if err != nil {
			return err
		}
		state[f.name] = value
	}
	return nil
}

// spelled is the system's value in the user's spelling, as far as the two mean
// the same, and else as a user would have spelled it.
func (f Fact) spelled(user, system attr.Value) attr.Value {
	if c, ok := f.shape.(capacity); ok {
		system = c.plain(system)
	}
	if user == nil || user.IsUnknown() {
		return system
	}
	if user.IsNull() {
		// The system's empty collection is what the user left out.
		if f.use == optional && isEmpty(system) {
			return user
		}
		return system
	}
	if same(f.shape, user, system) {
		return user
	}
	set, ok := f.shape.(collection)
	if !ok || set.ordered {
		return system
	}
	meant := map[string]attr.Value{}
	for _, v := range elementsOf(user) {
		meant[set.meaning(v)] = v
	}
	members := elementsOf(system)
	for i, v := range members {
		if mine, ok := meant[set.meaning(v)]; ok {
			members[i] = mine
		}
	}
	return set.of(members)
}

// witnesses are the facts that tell an object from a later one of the same id.
func (k *Kind) witnesses() Facts {
	return k.Facts.those(func(f Fact) bool {
		_, several := f.shape.(collection) // has no blank: none is empty
		return f.inResource() && !several && !isPairs(f.shape) && f.use == lasting && f.name != idName
	})
}
