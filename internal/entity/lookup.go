package entity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Lookup is a question to a system: a data source with arguments of its own,
// which is neither one object of a Kind nor a listing of them.
type Lookup struct {
	// System and Name make the data source's name: storage_SYSTEM_NAME.
	System, Name string
	// Doc is what the docs say of it, in full sentences.
	Doc string
	// What is looked up, in a sentence: "virtual clients".
	What string
	// Arguments are what the user gives: facts that are Required or Optional.
	Arguments Facts
	// Facts are what the system answers with.
	Facts Facts
	// Timeout is how long the answer may take where the user does not say it in
	// timeouts. Without it there is no such argument.
	Timeout time.Duration
	// Ask puts the question. Facts are read from the object it returns.
	Ask func(ctx context.Context, s *Session, arguments Values) (api.Object, error)
}

// lookup serves a Lookup as a data source.
type lookup struct {
	*Lookup
	sessions Sessions
}

var _ datasource.DataSourceWithConfigure = (*lookup)(nil)

// DataSource serves the lookup.
func (l *Lookup) DataSource() datasource.DataSource { return &lookup{Lookup: l} }

func (l *Lookup) typeName() string { return "storage_" + l.System + "_" + l.Name }

func (l *lookup) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = l.typeName()
}

func (l *lookup) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := l.Facts.dataAttributes(nil)
	for _, f := range l.Arguments {
		attributes[f.name] = f.asked()
	}
	if l.Timeout > 0 {
		attributes[timeoutsName] = sourceTimeouts(ctx, l.Timeout)
	}
	resp.Schema = schema.Schema{MarkdownDescription: l.Doc, Attributes: attributes}
}

// asked is a fact that a data source takes and does not answer with.
func (f Fact) asked() schema.Attribute {
	req := f.use == required
	switch s := f.shape.(type) {
	case integer:
		return schema.Int64Attribute{Required: req, Optional: !req, MarkdownDescription: f.doc, Validators: checksOf[validator.Int64](f)}
	case decimal:
		return schema.Float64Attribute{Required: req, Optional: !req, MarkdownDescription: f.doc, Validators: checksOf[validator.Float64](f)}
	case boolean:
		return schema.BoolAttribute{Required: req, Optional: !req, MarkdownDescription: f.doc}
	case text, capacity, duration:
		return schema.StringAttribute{Required: req, Optional: !req, MarkdownDescription: f.doc, Validators: checksOf[validator.String](f)}
	case moment:
		return schema.StringAttribute{Required: req, Optional: !req, MarkdownDescription: f.doc, CustomType: timetypes.RFC3339Type{}, Validators: checksOf[validator.String](f)}
	case pairs:
		return schema.MapAttribute{Required: req, Optional: !req, MarkdownDescription: f.doc, ElementType: basetypes.StringType{}, Validators: checksOf[validator.Map](f)}
	case collection:
		if s.ordered {
			return schema.ListAttribute{Required: req, Optional: !req, MarkdownDescription: f.doc, ElementType: s.element.attrType(), Validators: checksOf[validator.List](f)}
		}
		return schema.SetAttribute{Required: req, Optional: !req, MarkdownDescription: f.doc, ElementType: s.element.attrType(), Validators: checksOf[validator.Set](f)}
	}
	panic(fmt.Sprintf("fact %s: no argument for shape %T", f.name, f.shape)) // a mistake in a table of facts
}

func (l *lookup) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	l.sessions = sessionsOf(req.ProviderData, &resp.Diagnostics)
}

func (l *lookup) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	s := sessionOf(l.sessions, l.System, &resp.Diagnostics)
	arguments := valuesIn(ctx, req.Config, &resp.Diagnostics)
	timeout := l.timeout(ctx, arguments, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	answer, err := l.Ask(ctx, s, arguments)
	if err != nil {
		resp.Diagnostics.Append(l.refusal(timeout, err))
		return
	}
	r := newReading(l.What)
	values := r.object(l.Facts, answer)
	resp.Diagnostics.Append(r.warnings()...)
	for name, value := range arguments {
		if _, answered := values[name]; !answered {
			values[name] = value
		}
	}
	resp.Diagnostics.Append(setObject(ctx, &resp.State, values)...)
}

func (l *lookup) timeout(ctx context.Context, arguments Values, diags *diag.Diagnostics) time.Duration {
	if l.Timeout == 0 {
		return defaultReadTimeout
	}
	given, ok := arguments[timeoutsName].(timeouts.Value)
	if !ok {
		return l.Timeout
	}
	timeout, problems := given.Read(ctx, l.Timeout)
	diags.Append(problems...)
	return timeout
}

// refusal is what the user reads where there is no answer: what the system said,
// and what to do next.
func (l *lookup) refusal(timeout time.Duration, err error) diag.Diagnostic {
	if verdict, ok := errors.AsType[*api.VerdictError](err); ok {
		return diag.NewErrorDiagnostic(verdict.Summary, verdict.Detail)
	}
	parts := []string{sentence(err.Error())}
	if l.Timeout > 0 && errors.Is(err, context.DeadlineExceeded) {
		parts = append(parts, fmt.Sprintf("The time allowed for it, %s, is over. If it needs longer, raise read in the data source's timeouts.", shortly(timeout)))
	}
	if said, ok := errors.AsType[*api.Error](err); ok && said.Remedy != "" {
		parts = append(parts, said.Remedy)
	}
	return diag.NewErrorDiagnostic("Could not read the "+l.What, strings.Join(parts, "\n\n"))
}
