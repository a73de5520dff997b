package entity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// listed serves a Kind to terraform query, which finds objects to import.
type listed struct {
	kind     *Kind
	sessions Sessions
}

var (
	_ list.ListResourceWithConfigure      = (*listed)(nil)
	_ list.ListResourceWithValidateConfig = (*listed)(nil)
)

// ListResource serves the kind to terraform query (Terraform 1.14 and later).
func (k *Kind) ListResource() list.ListResource { return &listed{kind: k} }

func (l *listed) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = l.kind.typeName()
}

func (l *listed) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	k := l.kind
	attributes := map[string]schema.Attribute{}
	for _, name := range k.parents() {
		f, _ := k.Facts.find(name)
		attributes[name] = schema.Int64Attribute{Required: true, MarkdownDescription: f.doc}
	}
	for _, name := range k.Listing.Scope {
		f, _ := k.Facts.find(name)
		attributes[name] = listArgument(f.argument("Lists only what belongs to this object."))
	}
	if k.Listing.Plain {
		for name, argument := range k.plainFilters() {
			attributes[name] = listArgument(argument)
		}
	} else if len(k.Facts.names(func(f Fact) bool { return f.isFilterable() })) > 0 {
		attributes[filtersName] = schema.ListNestedAttribute{
			Optional:            true,
			MarkdownDescription: "Conditions that all must hold, as in the data source `storage_" + k.System + "_" + k.Plural + "`.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"field":    schema.StringAttribute{Required: true, MarkdownDescription: "The field to compare."},
				"operator": schema.StringAttribute{Optional: true, MarkdownDescription: "How to compare; `eq` for one value and `in` for several where it is not set."},
				"values":   schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "What to compare with."},
			}},
		}
	}
	resp.Schema = schema.Schema{MarkdownDescription: "Finds objects to import. " + k.Doc, Attributes: attributes}
}

func (l *listed) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.sessions = sessionsOf(req.ProviderData, &resp.Diagnostics)
}

func (l *listed) ValidateListResourceConfig(ctx context.Context, req list.ValidateConfigRequest, resp *list.ValidateConfigResponse) {
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		l.kind.query(config, &resp.Diagnostics)
	}
}

func (l *listed) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	s := sessionFor(l.sessions, l.kind, &diags)
	config := valuesIn(ctx, req.Config, &diags)
	q := l.kind.query(config, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	most := int(req.Limit)
	q.Limit, q.Fields = most, l.kind.fields(true)
	if most > 0 {
		q.Limit++ // one more tells that there are more
	}
	stream.Results = func(push func(list.ListResult) bool) {
		var last *list.ListResult
		found := 0
		for o, err := range l.kind.list(ctx, s, config, q) {
			if found++; most > 0 && found > most {
				// Terraform takes nothing after the last object: the warning comes with it.
				last.Diagnostics.Append(l.cut(most))
				break
			}
			if last != nil && !push(*last) {
				return
			}
			result := req.NewListResult(ctx)
			last = &result
			if err != nil {
				result.Diagnostics.Append(l.kind.refusal(ctx, s, listing, nil, err))
				break
			}
			l.fill(ctx, s, &result, o, req.IncludeResource)
		}
		if last != nil {
			push(*last)
		}
	}
}

// cut tells that there is more to find than was asked for.
func (l *listed) cut(most int) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("There are more %s than the %d that are listed", l.kind.pluralTitle(), most),
		"Terraform asks for 100 objects unless the list block says otherwise: set limit there, beside provider, to as many as there may be.")
}

// fill makes a result of an object, as its import would find it.
func (l *listed) fill(ctx context.Context, s *Session, result *list.ListResult, o api.Object, whole bool) {
	full := stateTypes(&tfsdk.State{Schema: result.Resource.Schema})
	state, err := l.kind.imported(ctx, s, o, full, whole)
	if err != nil {
		result.Diagnostics.Append(problem("list "+l.kind.pluralTitle(), err))
		return
	}
	result.DisplayName = l.kind.named(state)
	r := managed{kind: l.kind}
	result.Diagnostics.Append(r.setIdentity(ctx, result.Identity, state)...)
	if whole {
		result.Diagnostics.Append(result.Resource.Set(ctx, types.ObjectValueMust(full, state))...)
	}
}
