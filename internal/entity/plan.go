package entity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Terraform plans a replacement twice: first the change of the object that there is,
// and then, where that answers that the object must be replaced or where the user
// forces it, the new object alone. The second request brings the private state that
// the first has left, and nothing else of the old object.

// Plan is what Terraform plans for one object, as its kind's Planning.Check sees it.
type Plan struct {
	Session *Session
	// Before is nil when the object is created, After when it is destroyed.
	Before, After Values
	// Config is what the user wrote; nil when the object is destroyed.
	Config Values
	// Replaced says that the object of Before gives way to a new one.
	Replaced bool
	// Second says that what is created takes the place of an object of which this plan
	// was asked before, and Forced that it has left that one as it was: the user forces
	// its replacement.
	Second, Forced bool

	kind   *Kind
	memory memory
	owner  string
	intent intent
	diags  *diag.Diagnostics
}

// Refuse makes the plan fail, because of an attribute ("" for none). Where only
// others' changes have led to it, the plan of all other objects must go on: it warns,
// and the operation on this object is refused.
func (p *Plan) Refuse(attribute, summary, detail string) {
	if attribute != "" && p.ByOthers(attribute) {
		p.later(summary, detail)
		return
	}
	p.refuse(attribute, summary, detail)
}

// refuse makes the plan fail, whoever has changed what.
func (p *Plan) refuse(attribute, summary, detail string) {
	if attribute == "" || p.After == nil {
		p.diags.AddError(summary, detail)
		return
	}
	p.diags.AddAttributeError(path.Root(attribute), summary, detail)
}

// later refuses the operation in place of the plan.
func (p *Plan) later(summary, detail string) {
	p.intent.Refused = &message{summary, detail}
	p.Warn(summary, detail+"\n\nIt was changed outside of Terraform since it was last applied, so this plan goes on. Applied as it is, it leaves this "+
		p.kind.title()+" alone and reports an error for it.")
}

// Warn tells whoever reads the plan.
func (p *Plan) Warn(summary, detail string) { p.diags.AddWarning(summary, detail) }

// Weigh refuses, until it is approved, what only the system's present state makes
// dangerous.
func (p *Plan) Weigh(doing, reason string) {
	if approved(p.Session, p.After) {
		p.Warn("Approved: "+doing+" is dangerous", reason)
		return
	}
	p.diags.AddError(doing+" is dangerous and not approved", reason+"\n\n"+p.kind.howToApprove(p.Session, p.kind.named(p.After)))
}

// Collection is where the object is, or will be, of those of its kind.
func (p *Plan) Collection() string { return p.kind.Path }

// Applying reports whether this is a plan that Terraform makes during an apply, once
// it knows more.
func (p *Plan) Applying() bool {
	p.Session.traffic.mu.Lock()
	defer p.Session.traffic.mu.Unlock()
	return p.Session.traffic.begun
}

// Changes reports whether the plan changes the attribute; a creation does. Of an object
// that does not change, a check is told only what it Tracks.
func (p *Plan) Changes(name string) bool {
	if p.Before == nil || p.After == nil || p.Replaced {
		return true
	}
	after, told := p.After[name]
	return told && !after.Equal(p.Before[name])
}

// ByOthers reports whether others have changed an attribute since it was last
// applied, and the configuration asks for what it asked for then, or leaves it open.
func (p *Plan) ByOthers(name string) bool {
	f, ok := p.kind.Facts.find(name)
	if !ok {
		return false
	}
	asked, changed := p.memory.asked(f)
	return changed && (p.After == nil || p.Config.Null(name) || same(f.shape, p.After[name], asked))
}

func (p *Plan) unchanged() bool {
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
	if resp.Diagnostics.HasError() || before == nil && after == nil || s.hasFailed() {
		return
	}
	s.traffic.touch()
	ctx = withCall(ctx)
	m := recall(ctx, req.Private)
	p := &Plan{Session: s, Before: before, After: after, Config: config, kind: r.kind, memory: m, diags: &resp.Diagnostics}
	if before != nil {
		p.owner = r.kind.keyText(before)
	} else if m.Plan != nil {
		p.Second, p.Forced, p.owner = true, m.Plan.Kept, m.Plan.Owner
		p.intent.Refused = m.Plan.Refused // the deletion is told by this plan, not by the first
	}
	if after == nil {
		r.planDeletion(ctx, p, approved(s, before), "Deleting", nil)
		if r.kind.stands(before) {
			r.planGivingBack(ctx, p)
		}
		r.check(ctx, p)
	} else {
		r.planChange(ctx, p, resp)
	}
	switch trouble, at, written := s.ledger().note(ctx, r.kind, p); {
	case trouble == nil:
	case written:
		p.refuse(at, trouble.Summary, trouble.Detail)
	default:
		p.Refuse(at, trouble.Summary, trouble.Detail)
	}
	m.Plan = p.left()
	resp.Diagnostics.Append(m.keep(ctx, resp.Private)...)
	if after != nil {
		resp.Diagnostics.Append(setPlan(ctx, &resp.Plan, after)...)
	}
}

// left is what the plan leaves for what comes after it.
func (p *Plan) left() *intent {
	i := p.intent
	if p.Before != nil {
		i.Owner, i.Kept = p.owner, p.After != nil && !p.Replaced
	}
	if i == (intent{}) {
		return nil
	}
	return &i
}

// planChange plans a creation, a change or a replacement.
func (r *managed) planChange(ctx context.Context, p *Plan, resp *resource.ModifyPlanResponse) {
	s, before, after, config := p.Session, p.Before, p.After, p.Config
	if r.kind.Planning.Complete != nil {
		r.kind.Planning.Complete(before, config, after)
	}
	var replace []string
	if before != nil {
		replace = r.settle(p, config)
	} else {
		r.leaveOut(after, config)
	}
	if r.kind.hasMetadata() {
		after[metadataName] = likeBefore(before[metadataName], after[metadataName])
		after[metadataAllName] = r.kind.withDefaults(s, after[metadataName])
	}
	if before != nil && len(replace) == 0 {
		r.keepComputed(before, after, config)
	}
	r.planVariants(p)
	if resp.Diagnostics.HasError() {
		return
	}
	p.Replaced = len(replace) > 0
	r.planRevealed(p)
	switch {
	case p.Replaced:
		r.planDeletion(ctx, p, approved(s, after), "Replacing", replace)
		for _, name := range replace {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name))
		}
	case p.Forced && r.kind.deletionDanger(after) != "":
		// The first plan saw no reason for a replacement: only now it is known that the
		// user forces one.
		r.weigh(ctx, p, approved(s, after), "Replacing", r.kind.Deletion.Danger)
	}
	if !p.Replaced {
		r.planDangers(ctx, p)
	}
	if r.kind.Deletion.Danger != "" && !p.unchanged() {
		// A replacement of a tainted object is planned as a creation, and one that the
		// user forces as an update: the word on the deletion goes along with both.
		word := approved(s, after)
		p.intent.Approved = &word
	}
	r.check(ctx, p)
	if !p.Replaced {
		r.planBounds(p) // after the check, which may know more of why
	}
	r.planReferences(ctx, p)
}

// leaveOut plans for a new object nothing where the user says nothing, of what the system does
// not choose itself.
func (r *managed) leaveOut(after, config Values) {
	if r.kind.hasMetadata() && config[metadataName].IsNull() {
		after[metadataName] = noPairs
	}
	for _, f := range r.kind.resourceFacts() {
		if f.readAtImport && config[f.name].IsNull() {
			after[f.name] = config[f.name]
		}
	}
}

func setPlan(ctx context.Context, plan *tfsdk.Plan, v Values) diag.Diagnostics {
	return plan.Set(ctx, types.ObjectValueMust(plan.Schema.Type().(attr.TypeWithAttributeTypes).AttributeTypes(), v))
}

func (r *managed) check(ctx context.Context, p *Plan) {
	if r.kind.Planning.Check == nil || p.diags.HasError() || len(r.kind.Planning.Tracks) == 0 && p.unchanged() {
		return
	}
	r.kind.Planning.Check(ctx, p)
}

// settle takes every planned value that means what the state has back to the
// state's, and returns the attributes whose change replaces the object.
func (r *managed) settle(p *Plan, config Values) (replace []string) {
	for _, f := range r.kind.resourceFacts() {
		if f.secret && f.replacesSecret(p.Before, p.After) {
			replace = append(replace, f.versionName())
		}
		if !f.settable() || f.secret {
			continue
		}
		was, will := p.Before[f.name], p.After[f.name]
		switch {
		case f.use == defaulted && config[f.name].IsNull() && will.IsUnknown():
			// The system keeps what it has: keepComputed decides.
		case !will.IsUnknown() && same(f.shape, will, was):
			if !was.IsNull() || will.IsNull() { // else Terraform wants what the configuration says: 0, for none
				p.After[f.name] = was
			}
		case f.growsOnly && f.shrinks(was, will):
			p.Refuse(f.name, fmt.Sprintf("The %s cannot shrink", r.kind.title()),
				fmt.Sprintf("%s has %s and the configuration asks for %s. A %s cannot be made smaller, because the data beyond its new end would be lost. "+
					"Ask for at least %s, or create a new %s and move the data.",
					sentenceCase(r.kind.named(p.Before)), p.Before.Text(f.name), p.After.Text(f.name), r.kind.title(), p.Before.Text(f.name), r.kind.title()))
		case f.untold() && (was.IsNull() || f.readAtImport && p.memory.Imported != ""):
			// What creation was told is not known of an imported object.
		case f.replaces(p.Before, p.After):
			replace = append(replace, f.name)
		}
	}
	if r.kind.hasMetadata() && config[metadataName].IsNull() {
		// What import found stays until a configuration speaks of it; what a
		// configuration no longer speaks of goes.
		if p.memory.Imported != "" {
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
		follows := slices.ContainsFunc(f.chosenAnewWith, func(name string) bool {
			return !config[name].IsNull() && !after[name].Equal(before[name])
		})
		if !follows {
			after[f.name] = before[f.name]
		}
	}
}

// planDeletion refuses a deletion that is dangerous and not approved, warns of one
// that is approved, and leaves the decision for the deletion itself. Because names
// the attributes whose change replaces the object.
func (r *managed) planDeletion(ctx context.Context, p *Plan, isApproved bool, doing string, because []string) {
	danger := r.kind.deletionDanger(p.Before)
	if danger == "" {
		return
	}
	p.intent.Approved = &isApproved
	reasons := []string{danger}
	if r.kind.Deletion.Loses != nil && !p.Applying() {
		reasons = append(reasons, r.kind.Deletion.Loses(ctx, p.Session, p.Before)...)
	}
	if len(because) > 0 {
		reasons = append(reasons, r.kind.cause(p, because))
	}
	if p.After != nil && isApproved && !approved(p.Session, p.Before) {
		if p.Before.Known(approvedName) {
			// With create_before_destroy, which no plan tells, nothing could delete it any more.
			p.Refuse(approvedName, "Replacing "+r.kind.named(p.Before)+" is not approved by its state",
				"The state says approved = false, by which the object would be deleted if the new one were created first. "+
					"Set approved = true alone, and apply that; then make the change that replaces the "+r.kind.title()+".")
			return
		}
		reasons = append(reasons, "Where the resource has create_before_destroy, the old object is deleted by the word of its own state, "+
			"which is not approved yet: set approved = true alone, and apply that, before the change that replaces the "+r.kind.title()+".")
	}
	r.weigh(ctx, p, isApproved, doing, strings.Join(reasons, "\n\n"), because...)
}

// cause says why an object is replaced: "because host_type changes from …".
func (k *Kind) cause(p *Plan, names []string) string {
	parts := make([]string, len(names))
	for i, name := range names {
		switch {
		case p.After[name].IsUnknown():
			parts[i] = name + " is known only after apply"
		default:
			parts[i] = fmt.Sprintf("%s changes from %s to %s", name, shown(p.Before[name]), shown(p.After[name]))
		}
	}
	return fmt.Sprintf("The %s is replaced because %s.", k.title(), strings.Join(parts, ", and "))
}

func shown(value attr.Value) string {
	if value == nil || value.IsNull() {
		return "nothing"
	}
	return value.String()
}

// planDangers refuses, or warns of, the dangerous changes of an update, or of a
// creation.
func (r *managed) planDangers(ctx context.Context, p *Plan) {
	for _, f := range r.kind.Facts {
		if len(f.danger) == 0 || p.Before != nil && p.After[f.stateName()].Equal(p.Before[f.stateName()]) {
			continue
		}
		reasons := f.dangers(p)
		if len(reasons) == 0 {
			continue
		}
		doing := "Changing " + f.name + " of"
		if p.Before == nil {
			doing = "Creating with " + f.name
		}
		r.weigh(ctx, p, approved(p.Session, p.After), doing, strings.Join(reasons, " "), f.name)
	}
}

// dangers are why what a plan does to a fact needs approval.
func (f Fact) dangers(p *Plan) []string {
	var reasons []string
	switch {
	case !p.After[f.stateName()].IsUnknown():
		for _, d := range f.danger {
			if d.is(p.Before, p.After) {
				reasons = append(reasons, d.of(p.Before, p.After))
			}
		}
	case p.Before != nil && f.settable() && !p.Config.Null(f.stateName()):
		// To ask during the apply would be to ask when half of it is done.
		reasons = []string{"Its new value is known only after apply, and may be a dangerous one."}
		for _, d := range f.danger {
			reasons = append(reasons, d.reason)
		}
	}
	return reasons
}

// planBounds refuses what the facts of one object forbid each other.
func (r *managed) planBounds(p *Plan) {
	for _, f := range r.kind.resourceFacts() {
		if f.above != "" && (p.Changes(f.name) || p.Changes(f.above)) {
			r.planAbove(p, f)
		}
		if w := f.while; w != nil && p.Before != nil && p.Changes(f.name) && p.After.Known(w.name) &&
			!p.Before[w.name].Equal(w.value) && !p.After[w.name].Equal(w.value) {
			p.refuseOf(f.name, w.name, fmt.Sprintf("%s cannot be changed now", f.name),
				fmt.Sprintf("It can be changed only while %s is %s. Change that with it, or before.", w.name, w.value))
		}
	}
}

// planAbove refuses a number that is not far enough above the one that it bounds.
func (r *managed) planAbove(p *Plan, f Fact) {
	lower, _ := r.kind.Facts.find(f.above)
	high, ok1 := f.height(p.After[f.name])
	low, ok2 := amount(lower.shape, p.After[lower.name])
	if !ok1 || !ok2 || high > low && high-low >= f.gap || f.level && high == low {
		return
	}
	if f.level {
		p.refuseOf(f.name, lower.name, fmt.Sprintf("%s must not be below %s", f.name, lower.name),
			fmt.Sprintf("%s is %s and %s is %s: the former must be as high as the latter, or higher; 0 is no limit.", f.name, plain(p.After[f.name]), lower.name, plain(p.After[lower.name])))
		return
	}
	far := ""
	if _, isCapacity := f.shape.(capacity); isCapacity && f.gap > 0 {
		far = " by at least " + FormatCapacity(f.gap)
	} else if f.gap > 0 {
		far = fmt.Sprintf(" by at least %d", f.gap)
	}
	p.refuseOf(f.name, lower.name, fmt.Sprintf("%s must be above %s%s", f.name, lower.name, far),
		fmt.Sprintf("%s is %s and %s is %s: the former must be the higher%s.", f.name, plain(p.After[f.name]), lower.name, plain(p.After[lower.name]), far))
}

// refuseOf is Refuse because of two attributes of which others may have changed
// either.
func (p *Plan) refuseOf(name, other, summary, detail string) {
	if p.ByOthers(other) {
		p.later(summary, detail)
		return
	}
	p.Refuse(name, summary, detail)
}

// weigh turns a danger into an error of the plan, or into a warning where the user
// has approved it. A danger that comes of attributes which others have changed must
// not stop the plan of other objects: its operation is refused in its place.
func (r *managed) weigh(ctx context.Context, p *Plan, isApproved bool, doing, reason string, because ...string) {
	v := p.Before
	if v == nil {
		v = p.After
	}
	object := r.kind.named(v)
	if !p.Applying() {
		object = r.kind.namedFully(ctx, p.Session, v)
	}
	subject := doing + " " + object
	summary, detail := subject+" is dangerous and not approved", reason
	if !isApproved {
		detail += "\n\n" + r.kind.howToApprove(p.Session, object)
	}
	switch {
	case isApproved:
		p.Warn("Approved: "+doing+" "+article(r.kind.title())+" is dangerous", subject+": "+reason)
	case len(because) > 0 && !slices.ContainsFunc(because, func(name string) bool { return !p.ByOthers(name) }):
		p.later(summary, detail)
	default:
		p.diags.AddError(summary, detail)
	}
}

// article is a noun with its article, by how one speaks it: what has no vowel is spelled.
func article(noun string) string {
	first, _, _ := strings.Cut(noun, " ")
	spelled := !strings.ContainsAny(strings.ToLower(first), "aeiou")
	vowel := strings.ContainsRune("aeiou", rune(noun[0])) && !strings.HasPrefix(noun, "us") // "a user"
	if vowel || spelled && strings.ContainsRune("FHLMNRSX", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
