package entity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// How long an operation may take where the resource's timeouts are silent.
const (
	defaultReadTimeout  = 5 * time.Minute
	defaultWriteTimeout = 20 * time.Minute
)

// managed serves a Kind as a managed resource.
type managed struct {
	kind     *Kind
	sessions Sessions
}

var (
	_ resource.ResourceWithConfigure        = (*managed)(nil)
	_ resource.ResourceWithConfigValidators = (*managed)(nil)
	_ resource.ResourceWithIdentity         = (*managed)(nil)
	_ resource.ResourceWithImportState      = (*managed)(nil)
	_ resource.ResourceWithModifyPlan       = (*managed)(nil)
)

// Resource serves the kind as a managed resource.
func (k *Kind) Resource() resource.Resource { return &managed{kind: k} }

func (r *managed) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.kind.typeName()
	for _, name := range r.kind.key() {
		if f, _ := r.kind.Facts.find(name); f.settable() && f.isMutable() {
			resp.ResourceBehavior.MutableIdentity = true
		}
	}
}

func (r *managed) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.kind.resourceSchema(ctx)
}

func (r *managed) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = r.kind.identitySchema()
}

func (r *managed) ConfigValidators(context.Context) []resource.ConfigValidator {
	var rules []resource.ConfigValidator
	for _, f := range r.kind.Facts {
		if f.secret { // alone a secret would never be sent again, and a version would send nothing
			rules = append(rules, resourcevalidator.RequiredTogether(rootsOf([]string{f.writeOnlyName(), f.versionName()})...))
		}
	}
	for _, rule := range r.kind.Rules {
		if rule.exactly {
			rules = append(rules, resourcevalidator.ExactlyOneOf(rootsOf(rule.names)...))
		} else {
			rules = append(rules, resourcevalidator.AtLeastOneOf(rootsOf(rule.names)...))
		}
	}
	return rules
}

// rootsOf are the paths of attributes.
func rootsOf(names []string) []path.Expression {
	roots := make([]path.Expression, len(names))
	for i, name := range names {
		roots[i] = path.MatchRoot(name)
	}
	return roots
}

func (r *managed) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.sessions = sessionsOf(req.ProviderData, &resp.Diagnostics)
}

// sessionsOf is what the provider has handed over; nil before it is configured.
func sessionsOf(data any, diags *diag.Diagnostics) Sessions {
	if data == nil {
		return nil
	}
	sessions, ok := data.(Sessions)
	if !ok {
		diags.AddError("The provider is not configured", fmt.Sprintf("The provider handed over %T. This is a mistake in the provider.", data))
	}
	return sessions
}

// session is the kind's system, or nil and a diagnostic.
func (r *managed) session(diags *diag.Diagnostics) *Session {
	return sessionFor(r.sessions, r.kind, diags)
}

func sessionFor(sessions Sessions, k *Kind, diags *diag.Diagnostics) *Session {
	return sessionOf(sessions, k.System, diags)
}

func sessionOf(sessions Sessions, system string, diags *diag.Diagnostics) *Session {
	if sessions == nil {
		diags.AddError("The provider is not configured", "This is a mistake in the provider: please report it.")
		return nil
	}
	s, problems := sessions.Session(system)
	diags.Append(problems...)
	return s
}

// valuesIn are the attributes of a configuration, plan or state; nil where
// there is no object.
func valuesIn(ctx context.Context, from interface {
	Get(context.Context, any) diag.Diagnostics
}, diags *diag.Diagnostics) Values {
	var o types.Object
	diags.Append(from.Get(ctx, &o)...)
	if o.IsNull() || o.IsUnknown() {
		return nil
	}
	return o.Attributes()
}

// setState writes a resource's attributes into its state.
func (r *managed) setState(ctx context.Context, state *tfsdk.State, v Values) diag.Diagnostics {
	return state.Set(ctx, types.ObjectValueMust(stateTypes(state), v))
}

func stateTypes(state *tfsdk.State) map[string]attr.Type {
	return state.Schema.Type().(attr.TypeWithAttributeTypes).AttributeTypes()
}

// setIdentity writes what identifies the object, where Terraform asks for it.
func (r *managed) setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, v Values) (diags diag.Diagnostics) {
	if identity == nil {
		return nil
	}
	for _, name := range r.kind.key() {
		diags.Append(identity.SetAttribute(ctx, path.Root(name), v[name])...)
	}
	return diags
}

// within limits ctx to the time that timeouts allow an operation.
func within(ctx context.Context, v Values, allowed func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics), otherwise time.Duration, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	limit := otherwise
	if t, ok := v[timeoutsName].(timeouts.Value); ok && !t.IsNull() {
		var problems diag.Diagnostics
		limit, problems = allowed(t, ctx, otherwise)
		diags.Append(problems...)
	}
	return context.WithTimeout(ctx, limit)
}

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

	o, err := k.find(ctx, s, prior, true)
	if api.ReasonOf(err) == api.NotFound {
		if !imported {
			s.gone.Store(true)
		} else if is := k.otherKind(ctx, s, prior); is != "" {
			read.problems.AddError("Could not import "+k.named(prior), is)
		}
		return read
	}
	if api.ReasonOf(err) == api.Unauthenticated && s.shut.Load() && !imported {
		read.state = prior // the run fails with the error that was told
		return read
	}
	if err != nil {
		read.problems.Append(k.refusal(ctx, s, "read", prior, err))
		return read
	}
	state, err := k.merge(prior, o)
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
	if !k.keyedByID() {
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
	return state, nil
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
		if f.use == optional && len(elementsOf(system)) == 0 && !system.IsNull() {
			if _, isCollection := f.shape.(collection); isCollection {
				return user
			}
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
	return slices.DeleteFunc(k.resourceFacts(), func(f Fact) bool {
		_, several := f.shape.(collection) // has no blank: none is empty
		return several || f.use != lasting || f.name == idName
	})
}

// ImportState takes the entity's own forms, or an id, "name=NAME", or "KEY=VALUE,KEY=VALUE" for kinds that
// are identified by more than an id; or the identity of an import block.
func (r *managed) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	s := r.session(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	key, err := r.importKey(ctx, s, req)
	if err == nil {
		err = r.kind.deduce(ctx, s, key)
	}
	if err != nil {
		resp.Diagnostics.Append(r.kind.importRefusal(req.ID, err))
		return
	}
	for name, value := range key {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, r.keyWithNulls(key))...)
	resp.Diagnostics.Append(memory{Imported: importFound}.keep(ctx, resp.Private)...)
}

func (r *managed) keyWithNulls(key Values) Values {
	full := Values{}
	for _, name := range r.kind.key() {
		full[name] = key[name]
		if full[name] == nil {
			f, _ := r.kind.Facts.find(name)
			full[name], _ = f.shape.decode(nil)
		}
	}
	return full
}

func (k *Kind) importRefusal(id string, err error) diag.Diagnostic {
	summary := fmt.Sprintf("Could not import %s %q", k.title(), id)
	detail := sentence(err.Error())
	if api.ReasonOf(err) == api.NotFound {
		return diag.NewErrorDiagnostic(summary, detail)
	}
	forms := "the id (1001)"
	if k.Identity.Import.Forms != "" {
		forms = k.Identity.Import.Forms
	} else if owners := k.parents(); k.keyedByID() && len(owners) > 0 {
		forms = strings.Join(owners, "=1001,") + "=1001,id=1002"
		if k.hasLabel() {
			forms += " or " + strings.Join(owners, "=1001,") + "=1001," + k.label() + "=NAME"
		}
	} else if !k.keyedByID() {
		forms = strings.Join(k.key(), "=1001,") + "=1001 (of those, the ones that apply)"
	} else if k.hasLabel() {
		forms += " or " + k.label() + "=NAME"
	}
	return diag.NewErrorDiagnostic(summary, detail+"\n\nImport takes "+forms+".")
}

func (r *managed) importKey(ctx context.Context, s *Session, req resource.ImportStateRequest) (Values, error) {
	k := r.kind
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		key := Values{}
		for _, name := range k.key() {
			f, _ := k.Facts.find(name)
			value, _ := f.shape.decode(nil)
			if _, isText := value.(types.String); isText {
				var t types.String
				req.Identity.GetAttribute(ctx, path.Root(name), &t)
				value = t
			} else {
				var n types.Int64
				req.Identity.GetAttribute(ctx, path.Root(name), &n)
				value = n
			}
			if !value.IsNull() {
				key[name] = value
			}
		}
		return key, nil
	}
	if k.Identity.Import.Key != nil {
		return k.Identity.Import.Key(ctx, s, req.ID)
	}
	if name, ok := strings.CutPrefix(req.ID, k.label()+"="); ok && k.hasLabel() && len(k.parents()) == 0 {
		return k.keyOfNamed(ctx, s, Values{k.label(): types.StringValue(name)})
	}
	if k.isOne() {
		id, err := k.Facts[0].read(nil)
		return Values{idName: id}, err
	}
	if k.keyedByID() && len(k.parents()) == 0 {
		f, _ := k.Facts.find(idName)
		id, err := f.parsed(strings.TrimPrefix(req.ID, "id="))
		if err != nil {
			return nil, fmt.Errorf("%q is not an id", req.ID)
		}
		return Values{idName: id}, nil
	}
	key, err := k.parseKey(req.ID)
	for _, name := range k.parents() {
		if err == nil && !key.Known(name) {
			err = fmt.Errorf("%s is missing", name)
		}
	}
	if err == nil && k.keyedByID() && !key.Known(idName) {
		return k.keyOfNamed(ctx, s, key)
	}
	return key, err
}

// keyOfNamed is the key of the object that has the name, and the owners, of v.
func (k *Kind) keyOfNamed(ctx context.Context, s *Session, v Values) (Values, error) {
	o, err := k.findByName(ctx, s, v, k.idFields())
	if err != nil {
		return nil, err
	}
	f, _ := k.Facts.find(idName)
	id, err := f.read(o)
	key := Values{idName: id}
	for _, name := range k.parents() {
		key[name] = v[name]
	}
	return key, err
}

// parseKey reads "KEY=VALUE,KEY=VALUE".
func (k *Kind) parseKey(id string) (Values, error) {
	key := Values{}
	for part := range strings.SplitSeq(id, ",") {
		name, value, ok := strings.Cut(part, "=")
		f, known := k.Facts.find(name)
		if !ok || !known {
			return nil, fmt.Errorf("%q is not a key and its value", part)
		}
		parsed, err := f.parsed(value)
		if err != nil {
			return nil, err
		}
		key[name] = parsed
	}
	return key, nil
}
