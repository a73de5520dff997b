package entity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Action is an operation that is an event rather than a state: restore, promote,
// refresh. Terraform 1.14 and later invoke it from a resource's lifecycle or by
// hand.
type Action struct {
	// System is the system's name, and Name the action's, as in
	// storage_SYSTEM_NAME.
	System, Name string
	// Doc is what the docs say of it, in full sentences.
	Doc string
	// Arguments are what it is configured with: facts that are Required or Given.
	Arguments Facts
	// Danger says why it needs approval; nil where it does not.
	Danger *Danger
	// Doing says what is being done: "Restoring volume 1001 from snapshot 1002".
	Doing func(arguments Values) string
	// Request is the operation.
	Request func(arguments Values) Request
	// Done makes a sentence of the operation's answer; nil where there is nothing
	// to say.
	Done func(answer any) string
}

func (a *Action) typeName() string { return "storage_" + a.System + "_" + a.Name }

func (a *Action) title() string { return strings.ReplaceAll(a.Name, "_", " ") }

// event serves an Action to Terraform.
type event struct {
	action   *Action
	sessions Sessions
}

var (
	_ action.ActionWithConfigure  = (*event)(nil)
	_ action.ActionWithModifyPlan = (*event)(nil)
)

// Action serves the action to Terraform.
func (a *Action) Action() action.Action { return &event{action: a} }

func (e *event) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = e.action.typeName()
}

func (e *event) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := map[string]schema.Attribute{}
	for _, f := range e.action.Arguments {
		attributes[f.name] = f.actionAttribute()
	}
	doc := e.action.Doc
	if e.action.Danger != nil {
		// Terraform crashes when something is said of an action without a config block.
		alone, how := len(attributes) == 0, "by `approved = true` here, or by the provider's `approve_dangerous_operations`"
		if alone {
			how = "by `approved = true`"
		}
		attributes[approvedName] = schema.BoolAttribute{
			Required:            alone,
			Optional:            !alone,
			MarkdownDescription: "Whether this dangerous operation is approved. It outranks the provider's `approve_dangerous_operations`, also when it is `false`.",
		}
		doc += "\n\n~> **This is dangerous.** " + e.action.Danger.Reason + " A plan with it is refused until it is approved: " + how + "."
	}
	resp.Schema = schema.Schema{MarkdownDescription: doc, Attributes: attributes}
}

func (f Fact) actionAttribute() schema.Attribute {
	req, opt := f.use == required, f.use != required
	switch s := f.shape.(type) {
	case integer:
		return schema.Int64Attribute{Required: req, Optional: opt, MarkdownDescription: f.doc, Validators: checksOf[validator.Int64](f)}
	case decimal:
		return schema.Float64Attribute{Required: req, Optional: opt, MarkdownDescription: f.doc, Validators: checksOf[validator.Float64](f)}
	case boolean:
		return schema.BoolAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc}
	case text, capacity:
		return schema.StringAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc, Validators: checksOf[validator.String](f)}
	case moment:
		return schema.StringAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc, CustomType: timetypes.RFC3339Type{}, Validators: checksOf[validator.String](f)}
	case collection:
		if s.ordered {
			return schema.ListAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc, ElementType: s.element.attrType(), Validators: checksOf[validator.List](f)}
		}
		return schema.SetAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc, ElementType: s.element.attrType(), Validators: checksOf[validator.Set](f)}
	}
	panic(fmt.Sprintf("fact %s: no argument for shape %T", f.name, f.shape)) // a mistake in a table of facts
}

func (e *event) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	e.sessions = sessionsOf(req.ProviderData, &resp.Diagnostics)
}

// ModifyPlan refuses what is dangerous and not approved, and warns of what is.
func (e *event) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	s := sessionOf(e.sessions, e.action.System, &resp.Diagnostics)
	arguments := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || e.action.Danger == nil || arguments[approvedName].IsUnknown() {
		return
	}
	if approved(s, arguments) {
		resp.Diagnostics.AddWarning("Approved: "+e.action.title()+" is dangerous", e.action.Danger.Reason)
		return
	}
	resp.Diagnostics.Append(e.unapproved())
}

func (e *event) unapproved() diag.Diagnostic {
	return diag.NewErrorDiagnostic(sentenceCase(e.action.title())+" is dangerous and not approved",
		e.action.Danger.Reason+"\n\n"+howToApprove(e.action.System, "this action"))
}

func (e *event) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	s := sessionOf(e.sessions, e.action.System, &resp.Diagnostics)
	arguments := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if e.action.Danger != nil && !approved(s, arguments) { // the plan may not have known
		resp.Diagnostics.Append(e.unapproved())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultWriteTimeout)
	defer cancel()

	doing := e.action.Doing(arguments)
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }
	progress(doing)
	request := e.action.Request(arguments)
	request.Approved = e.action.Danger != nil
	answer, err := s.Client.Do(WithProgress(ctx, progress), request)
	if err != nil {
		parts := []string{sentence(err.Error())}
		if said, ok := errors.AsType[*Error](err); ok {
			if said.Reason == ApprovalRequired {
				parts = append(parts, howToApprove(e.action.System, "this action"))
			}
			if said.Remedy != "" {
				parts = append(parts, said.Remedy)
			}
		}
		resp.Diagnostics.AddError("Failed: "+doing, strings.Join(parts, "\n\n"))
		return
	}
	if e.action.Done != nil {
		progress(e.action.Done(answer))
	}
}

type progressKey struct{}

// WithProgress lets whoever carries out a long operation tell how far it is.
func WithProgress(ctx context.Context, tell func(string)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

// Progress tells how far a long operation is, if anybody wants to know.
func Progress(ctx context.Context, message string) {
	if tell, ok := ctx.Value(progressKey{}).(func(string)); ok {
		tell(message)
	}
}
