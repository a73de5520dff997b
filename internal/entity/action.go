package entity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
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
	// Arguments are what it is configured with: facts that are Required or Optional. A
	// Secret is NAME_wo, which Terraform keeps in no plan.
	Arguments Facts
	// Danger says why it needs approval; "" where it does not, or only by its arguments,
	// which Weighs are about.
	Danger string
	Weighs []Weighing
	// Loses names whom or what a dangerous operation hits, for whoever reads the plan; nil
	// where its danger says all. What is not known yet is not Known.
	Loses func(ctx context.Context, s *Session, arguments Values) []string
	// Approvable says that the system may want approval of what only it knows to be
	// dangerous.
	Approvable bool
	// Timeout is how long it may take where the user does not say; 20 minutes where it is 0.
	Timeout time.Duration
	// Check refuses arguments that do not go together, before anything is sent; nil where
	// each stands for itself. What is not known yet is not Known.
	Check func(arguments Values) error
	// Doing says what is being done: "Restoring volume 1001 from snapshot 1002".
	Doing func(arguments Values) string
	// Request is the operation.
	Request func(arguments Values) api.Request
	// Wait follows the operation to its outcome, and tells by Progress how far it is; nil
	// where the answer is the outcome. Its result takes the place of the answer.
	Wait func(ctx context.Context, s *Session, arguments Values, answer any) (any, error)
	// Done makes a sentence of the operation's answer; nil where there is nothing
	// to say.
	Done func(answer any) string
}

// timeoutName is the argument by which a user says how long an action may take.
const timeoutName = "timeout"

// mayBeDangerous reports whether there is anything to approve.
func (a *Action) mayBeDangerous() bool { return a.Danger != "" || len(a.Weighs) > 0 || a.Approvable }

// reason says why the arguments need approval; "" where they do not.
func (a *Action) reason(arguments Values) string {
	for _, w := range a.Weighs {
		if w.Is(arguments) {
			return w.Reason
		}
	}
	if a.Danger != "" {
		return a.Danger
	}
	return ""
}

func (a *Action) timeout() time.Duration {
	if a.Timeout > 0 {
		return a.Timeout
	}
	return defaultWriteTimeout
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
		if f.secret {
			attributes[f.writeOnlyName()] = schema.StringAttribute{
				Required: f.use == required, Optional: f.use != required, WriteOnly: true,
				MarkdownDescription: f.doc + " Terraform keeps it in no plan.", Validators: checksOf[validator.String](f),
			}
			continue
		}
		attributes[f.name] = f.actionAttribute()
	}
	alone := len(attributes) == 0
	attributes[timeoutName] = schema.StringAttribute{
		Optional: true, Validators: []validator.String{durations},
		MarkdownDescription: fmt.Sprintf("How long it may take, such as `\"45m\"`; %s where it is not set.", shortly(e.action.timeout())),
	}
	doc := e.action.Doc
	if e.action.mayBeDangerous() {
		// Terraform crashes when something is said of an action without a config block.
		alone, how := alone && e.action.Danger != "", "by `approved = true` here, or by the provider's `approve_dangerous_operations`"
		if alone {
			how = "by `approved = true`"
		}
		attributes[approvedName] = schema.BoolAttribute{
			Required:            alone,
			Optional:            !alone,
			MarkdownDescription: "Whether this dangerous operation is approved. It outranks the provider's `approve_dangerous_operations`, also when it is `false`.",
		}
		doc += e.action.dangers(how)
	}
	resp.Schema = schema.Schema{MarkdownDescription: doc, Attributes: attributes}
}

// dangers is the docs' text on what wants approval, and how that is given.
func (a *Action) dangers(how string) string {
	if a.Danger != "" {
		return "\n\n~> **This is dangerous.** " + a.Danger + " A plan with it is refused until it is approved: " + how + "."
	}
	var b strings.Builder
	b.WriteString("\n\n~> **Dangerous operations.** These are refused until they are approved, " + how + ":")
	for _, c := range a.Consents() {
		b.WriteString("\n- **" + sentenceCase(c.Doing) + ".** " + c.Reason)
	}
	return b.String()
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
	case text, capacity, duration:
		return schema.StringAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc, Validators: checksOf[validator.String](f)}
	case moment:
		return schema.StringAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc, CustomType: timetypes.RFC3339Type{}, Validators: checksOf[validator.String](f)}
	case pairs:
		return schema.MapAttribute{Required: req, Optional: opt, MarkdownDescription: f.doc, ElementType: basetypes.StringType{}, Validators: checksOf[validator.Map](f)}
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
	if resp.Diagnostics.HasError() || e.refuses(arguments, &resp.Diagnostics) {
		return
	}
	reason := e.action.reason(arguments)
	if reason != "" && e.action.Loses != nil {
		reason = strings.Join(append([]string{reason}, e.action.Loses(ctx, s, arguments)...), "\n\n")
	}
	switch {
	case reason == "" || arguments[approvedName] != nil && arguments[approvedName].IsUnknown():
	case approved(s, arguments):
		resp.Diagnostics.AddWarning("Approved: "+e.action.title()+" is dangerous", reason)
	default:
		resp.Diagnostics.Append(e.unapproved(reason))
	}
}

// refuses reports arguments that do not go together.
func (e *event) refuses(arguments Values, diags *diag.Diagnostics) bool {
	if e.action.Check == nil {
		return false
	}
	err := e.action.Check(arguments)
	if err != nil {
		diags.AddError("Invalid arguments of "+e.action.title(), sentence(err.Error()))
	}
	return err != nil
}

func (e *event) unapproved(reason string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(sentenceCase(e.action.title())+" is dangerous and not approved",
		reason+"\n\n"+howToApprove(e.action.System, "this action"))
}

func (e *event) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	s := sessionOf(e.sessions, e.action.System, &resp.Diagnostics)
	arguments := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || e.refuses(arguments, &resp.Diagnostics) {
		return
	}
	reason := e.action.reason(arguments)
	if reason != "" && !approved(s, arguments) { // the plan may not have known
		resp.Diagnostics.Append(e.unapproved(reason))
		return
	}
	allowed := e.action.timeout()
	if d, err := parseDuration(arguments.Text(timeoutName)); err == nil {
		allowed = d
	}
	ctx, cancel := context.WithTimeout(ctx, allowed)
	defer cancel()

	doing := e.action.Doing(arguments)
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }
	progress(doing)
	request := e.action.Request(arguments)
	request.Approved = reason != "" || e.action.Approvable && approved(s, arguments)
	ctx = api.WithProgress(ctx, progress)
	answer, err := s.Client.Do(ctx, request)
	if err == nil && e.action.Wait != nil {
		answer, err = e.action.Wait(ctx, s, arguments, answer)
	}
	if err != nil {
		parts := []string{sentence(err.Error())}
		if errors.Is(err, context.DeadlineExceeded) {
			parts = append(parts, fmt.Sprintf("The time allowed for it, %s, is over. If it needs longer, set timeout.", shortly(allowed)))
		}
		if said, ok := errors.AsType[*api.Error](err); ok {
			if said.Reason == api.ApprovalRequired {
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
