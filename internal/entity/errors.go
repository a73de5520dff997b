package entity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// refusal turns an error of an operation into what the user reads: which object,
// what the system said, and what to do next.
func (k *Kind) refusal(ctx context.Context, s *Session, doing string, v Values, err error) diag.Diagnostic {
	summary := fmt.Sprintf("Could not %s %s", doing, k.named(v))

	var said *Error
	if !errors.As(err, &said) {
		if errors.Is(err, context.DeadlineExceeded) {
			return diag.NewErrorDiagnostic(summary, k.late(doing))
		}
		return diag.NewErrorDiagnostic(summary, sentence(err.Error()))
	}
	parts := []string{sentence(said.Error())}
	if errors.Is(err, context.DeadlineExceeded) {
		parts = append(parts, k.late(doing))
	}
	switch {
	case said.Reason == ApprovalRequired:
		parts = append(parts, k.howToApprove())
	case said.Reason == NameTaken && k.keyedByID():
		if owner := k.nameOwner(ctx, s, v); owner != "" {
			parts = append(parts, owner)
		}
	default:
		if k.Explain != nil {
			if more := k.Explain(ctx, s, v, err); more != "" {
				parts = append(parts, more)
			}
		}
	}
	if said.Remedy != "" {
		parts = append(parts, said.Remedy)
	}
	detail := strings.Join(parts, "\n\n")
	if name := k.attributeOf(said); name != "" && v != nil {
		return diag.NewAttributeErrorDiagnostic(path.Root(name), summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

func (k *Kind) late(doing string) string {
	return fmt.Sprintf("The time allowed to %s the %s was over before the system answered. "+
		"If the system needs longer, raise it in the resource's timeouts block.", doing, k.title())
}

// attributeOf is the attribute that an error is about, where the system's
// message names it in quotes or the reason tells.
func (k *Kind) attributeOf(e *Error) string {
	if e.Reason == NameTaken && k.hasName() {
		return "name"
	}
	for _, f := range k.Facts {
		if f.settable() && !f.secret && (f.field == e.Field || strings.Contains(e.Message, "'"+f.field+"'")) {
			return f.name
		}
	}
	return ""
}

// nameOwner says who has the name that was refused, and how to import it.
func (k *Kind) nameOwner(ctx context.Context, s *Session, v Values) string {
	if !k.hasName() || !v.Known("name") {
		return ""
	}
	o, err := k.findByName(ctx, s, v, []string{"id", "name"})
	if err != nil {
		return fmt.Sprintf("The name %q is taken by an object of another kind. Choose another name.", v.Text("name"))
	}
	id := fmt.Sprint(o["id"])
	return fmt.Sprintf("The name %q is taken by the %s with id %s. To manage that one, import it: "+
		"terraform import %s.NAME %s. Otherwise choose another name.", v.Text("name"), k.title(), id, k.typeName(), id)
}

func (k *Kind) howToApprove() string {
	return howToApprove(k.System, "this resource (and apply that first, if the resource is to be destroyed, or replaced with create_before_destroy)")
}

// howToApprove names both ways to approve a dangerous operation.
func howToApprove(system, where string) string {
	return "To approve it, set approved = true on " + where + ", " +
		"or set approve_dangerous_operations = true in the provider's " + system + " block, " +
		"or the environment variable " + strings.ToUpper(system) + "_APPROVE_DANGEROUS_OPERATIONS=true."
}

// problem is a mistake that is the provider's or the system's, not the user's.
func problem(doing string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Could not "+doing, sentence(err.Error()))
}
