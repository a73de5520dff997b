package entity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Planning is the plan of one object, as its Kind's Check sees it.
type Planning struct {
	Session *Session
	// Before is nil when the object is created, After when it is destroyed.
	Before, After Values
	// Config is what the user wrote; nil when the object is destroyed.
	Config Values
	// Replaced says that the object of Before gives way to a new one.
	Replaced bool
	// Forced says that what is created takes the place of an object which this plan
	// has just left as it was: the user forces its replacement.
	Forced bool

	diags *diag.Diagnostics
}

// Refuse makes the plan fail, because of an attribute ("" for none).
func (p *Planning) Refuse(attribute, summary, detail string) {
	if attribute == "" {
		p.diags.AddError(summary, detail)
		return
	}
	p.diags.AddAttributeError(path.Root(attribute), summary, detail)
}

// Warn tells whoever reads the plan.
func (p *Planning) Warn(summary, detail string) { p.diags.AddWarning(summary, detail) }

// Changes reports whether the plan changes the attribute; a creation does.
func (p *Planning) Changes(name string) bool {
	if p.Before == nil || p.After == nil || p.Replaced {
		return true
	}
	return !p.After[name].Equal(p.Before[name])
}

func (p *Planning) unchanged() bool {
	return p.Before != nil && p.After != nil && !p.Replaced &&
		maps.EqualFunc(p.Before, p.After, func(a, b attr.Value) bool { return a.Equal(b) })
}

// ModifyPlan decides what a plan does: it quiets what only looks like a change,
// finds what must be replaced, and refuses what is dangerous and not approved.
func (r *managed) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	s := r.session(&resp.Diagnostics)
	before := valuesIn(ctx, req.State, &resp.Diagnostics)
	after := valuesIn(ctx, req.Plan, &resp.Diagnostics)
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	kept, _ := req.Private.GetKey(ctx, privateKept)
	p := &Planning{Session: s, Before: before, After: after, Config: config, Forced: before == nil && kept != nil, diags: &resp.Diagnostics}

	if after == nil {
		p.diags.Append(resp.Private.SetKey(ctx, privateDestroyed, []byte("true"))...)
		r.planDeletion(ctx, p, approved(s, before), "Deleting", req, resp)
		r.check(ctx, p)
		r.kind.noteName(ctx, p)
		return
	}
	if r.kind.Complete != nil {
		r.kind.Complete(before, config, after)
	}
	imported, _ := req.Private.GetKey(ctx, privateImported)
	var replace []string
	if before != nil {
		replace = r.settle(p, config, imported != nil)
	} else if r.kind.Metadata && config[metadataName].IsNull() {
		after[metadataName] = noPairs
	}
	if r.kind.Metadata {
		after[metadataAllName] = r.kind.withDefaults(s, after[metadataName])
	}
	if before != nil && len(replace) == 0 {
		r.keepComputed(before, after, config)
	}
	if resp.Diagnostics.HasError() {
		return
	}

	p.Replaced = len(replace) > 0
	if p.Replaced {
		r.planDeletion(ctx, p, approved(s, after), "Replacing", req, resp)
		for _, name := range replace {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name))
		}
	} else {
		if p.Forced {
			r.planForced(ctx, p, req, resp)
		}
		r.planDangers(p)
		r.carryOver(ctx, p, req, resp)
	}
	r.check(ctx, p)
	var word []byte
	if r.kind.noteName(ctx, p) || before != nil && r.kind.Delete != nil {
		word = []byte("true")
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateKept, word)...)
	resp.Diagnostics.Append(setPlan(ctx, &resp.Plan, after)...)
}

func setPlan(ctx context.Context, plan *tfsdk.Plan, v Values) diag.Diagnostics {
	return plan.Set(ctx, types.ObjectValueMust(plan.Schema.Type().(attr.TypeWithAttributeTypes).AttributeTypes(), v))
}

func (r *managed) check(ctx context.Context, p *Planning) {
	if r.kind.Check == nil || p.diags.HasError() || len(r.kind.Tracks) == 0 && p.unchanged() {
		return
	}
	r.kind.Check(ctx, p)
}

// settle takes every planned value that means what the state has back to the
// state's, and returns the attributes whose change replaces the object.
func (r *managed) settle(p *Planning, config Values, imported bool) (replace []string) {
	for _, f := range r.kind.resourceFacts() {
		if !f.settable() || f.secret {
			continue
		}
		was, will := p.Before[f.name], p.After[f.name]
		switch {
		case f.use == optional && config[f.name].IsNull() && will.IsUnknown():
			// The system keeps what it has: keepComputed decides.
		case !will.IsUnknown() && same(f.shape, will, was):
			p.After[f.name] = was
		case f.growsOnly && f.shrinks(was, will):
			p.Refuse(f.name, fmt.Sprintf("The %s cannot shrink", r.kind.title()),
				fmt.Sprintf("%s has %s and the configuration asks for %s. A %s cannot be made smaller, because the data beyond its new end would be lost. "+
					"Ask for at least %s, or create a new %s and move the data.",
					sentenceCase(r.kind.named(p.Before)), p.Before.Text(f.name), p.After.Text(f.name), r.kind.title(), p.Before.Text(f.name), r.kind.title()))
		case f.local && was.IsNull():
			// What creation was told is not known of an imported object.
		case !f.mutable:
			replace = append(replace, f.name)
		}
	}
	if r.kind.Metadata && config[metadataName].IsNull() {
		// What import found stays until a configuration speaks of it; what a
		// configuration no longer speaks of goes.
		if imported {
			p.After[metadataName] = p.Before[metadataName]
		} else {
			p.After[metadataName] = noPairs
		}
	}
	return replace
}

func sentenceCase(s string) string {
	full := sentence(s)
	return full[:len(full)-1]
}

func (f Fact) shrinks(was, will attr.Value) bool {
	s, ok := f.shape.(capacity)
	if !ok {
		return false
	}
	x, xok := s.bytes(was)
	y, yok := s.bytes(will)
	return xok && yok && y < x
}

// keepComputed plans the state's values for what the system sets, except where
// something that it follows changes.
func (r *managed) keepComputed(before, after, config Values) {
	for _, f := range r.kind.resourceFacts() {
		if !f.computed() || f.secret || !after[f.name].IsUnknown() || !config[f.name].IsNull() {
			continue
		}
		// Two facts may follow each other: only what the user sets counts.
		follows := slices.ContainsFunc(f.follows, func(name string) bool {
			return !config[name].IsNull() && !after[name].Equal(before[name])
		})
		if !follows {
			after[f.name] = before[f.name]
		}
	}
}

// planDeletion refuses a deletion that is dangerous and not approved, warns of
// one that is approved, and leaves the decision for the deletion itself.
func (r *managed) planDeletion(ctx context.Context, p *Planning, isApproved bool, doing string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	// A system may tell nothing that lasts: then the state alone looks unfinished.
	unfinished, _ := req.Private.GetKey(ctx, privateUnfinished)
	if r.kind.Delete == nil || unfinished != nil && r.kind.unfinished(p.Before) {
		return
	}
	p.diags.Append(resp.Private.SetKey(ctx, privateApproved, []byte(strconv.FormatBool(isApproved)))...)
	p.diags.Append(resp.Private.SetKey(ctx, privateGuarded, []byte("true"))...)
	reason := r.kind.Delete.Reason
	if p.After != nil && isApproved && !approved(p.Session, p.Before) {
		if p.Before.Known(approvedName) {
			// With create_before_destroy, which no plan tells, nothing could delete it any more.
			p.Refuse(approvedName, "Replacing "+r.kind.named(p.Before)+" is not approved by its state",
				"The state says approved = false, by which the object would be deleted if the new one were created first. "+
					"Set approved = true alone, and apply that; then make the change that replaces the "+r.kind.title()+".")
			return
		}
		reason += "\n\nWhere the resource has create_before_destroy, the old object is deleted by the word of its own state, " +
			"which is not approved yet: set approved = true alone, and apply that, before the change that replaces the " + r.kind.title() + "."
	}
	r.weigh(p, isApproved, doing, reason)
}

// planForced is planDeletion where the first plan of a replacement saw no reason for
// one: only the second, which has the new object alone, tells that the user forces it.
func (r *managed) planForced(ctx context.Context, p *Planning, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if unfinished, _ := req.Private.GetKey(ctx, privateUnfinished); r.kind.Delete == nil || unfinished != nil {
		return
	}
	isApproved := approved(p.Session, p.After)
	p.diags.Append(resp.Private.SetKey(ctx, privateApproved, []byte(strconv.FormatBool(isApproved)))...)
	r.weigh(p, isApproved, "Replacing", r.kind.Delete.Reason)
}

// carryOver plans what a change owes to the object's past and future. An object
// that the user has untainted is finished: its witnesses are read anew. And the word
// on deletions goes along, because a replacement of a tainted object is planned
// as a creation, and one that the user forces as an update.
func (r *managed) carryOver(ctx context.Context, p *Planning, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if unfinished, _ := req.Private.GetKey(ctx, privateUnfinished); unfinished != nil && p.Before != nil {
		for _, f := range r.kind.witnesses() {
			p.After[f.name] = unknownOf(ctx, f.shape.attrType())
		}
	}
	if r.kind.Delete != nil && !p.unchanged() {
		p.diags.Append(resp.Private.SetKey(ctx, privateApproved, []byte(strconv.FormatBool(approved(p.Session, p.After))))...)
	}
}

// planDangers does the same for the changes of an update, or of a creation.
func (r *managed) planDangers(p *Planning) {
	for _, f := range r.kind.Facts {
		if f.danger == nil || p.After[f.stateName()].IsUnknown() || p.Before != nil && p.After[f.stateName()].Equal(p.Before[f.stateName()]) {
			continue
		}
		if reason := f.danger(p.Before, p.After); reason != "" {
			doing := "Changing " + f.name + " of"
			if p.Before == nil {
				doing = "Creating with " + f.name
			}
			r.weigh(p, approved(p.Session, p.After), doing, reason)
		}
	}
}

// weigh turns a danger into an error of the plan, or into a warning where the
// user has approved it.
func (r *managed) weigh(p *Planning, isApproved bool, doing, reason string) {
	v := p.Before
	if v == nil {
		v = p.After
	}
	subject := doing + " " + r.kind.named(v)
	if isApproved {
		p.Warn("Approved: "+doing+" "+article(r.kind.title())+" is dangerous", subject+": "+reason)
		return
	}
	p.diags.AddError(subject+" is dangerous and not approved", reason+"\n\n"+r.kind.howToApprove())
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
