package entity

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
	if len(r.kind.revealed()) > 0 {
		rules = append(rules, oneSecret{r.kind})
	}
	if r.kind.hasVariants() {
		rules = append(rules, variants{r.kind})
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
