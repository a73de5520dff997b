package entity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// listing is the operation that is about no one object.
const listing = "list"

// refusal turns an error of an operation into what the user reads: which object,
// what the system said, and what to do next. More is said last.
func (k *Kind) refusal(ctx context.Context, s *Session, doing string, v Values, err error, more ...string) diag.Diagnostic {
	return k.refusalOf(ctx, s, doing, v, v, err, more...)
}

// toldAlready is what is said of a log-in that is refused, after the first error of it.
const toldAlready = "The log-in is refused, as the first error says. Nothing more was sent."

// refusalOf is the refusal of an operation on the object v that was to make it want.
func (k *Kind) refusalOf(ctx context.Context, s *Session, doing string, v, want Values, err error, more ...string) diag.Diagnostic {
	ctx, done := afterwards(ctx)
	defer done()
	summary := fmt.Sprintf("Could not %s %s", doing, k.named(v))
	if doing == listing {
		summary = "Could not list " + k.pluralTitle()
	}

	var said *api.Error
	if !errors.As(err, &said) {
		parts := []string{sentence(err.Error())}
		if errors.Is(err, context.DeadlineExceeded) {
			parts[0] = k.late(doing)
		}
		return diag.NewErrorDiagnostic(summary, strings.Join(append(parts, more...), "\n\n"))
	}
	if said.Reason == api.Unauthenticated && s.shut.Swap(true) {
		return diag.NewErrorDiagnostic(summary, toldAlready)
	}
	parts := []string{sentence(said.Error())}
	if errors.Is(err, context.DeadlineExceeded) {
		parts = append(parts, k.late(doing))
	}
	otherName := false // of something that is made along with the object
	switch said.Reason {
	case api.ApprovalRequired:
		parts = append(parts, k.howToApprove(s, k.named(v)))
	case api.NameTaken, api.AlreadyThere:
		story := k.inTheWay(ctx, s, want)
		parts, otherName = append(parts, story...), len(story) == 0
	}
	if said.Reason == api.NotFound && want != nil && (doing == "create" || doing == "update") {
		if text := k.missing(ctx, s, want); text != "" {
			parts = append(parts, text)
		}
	}
	if k.Explain != nil && said.Reason != api.ApprovalRequired {
		if text := k.Explain(ctx, s, v, err); text != "" {
			parts = append(parts, text)
		}
	}
	if doing == "delete" && said.Reason == api.Conflict {
		parts = append(parts, "If what is in the way was to move or go in this very run: Terraform deletes first, so it takes two applies, the first without this deletion; "+
			"or create_before_destroy on this resource from the start.")
	}
	if said.Remedy != "" {
		parts = append(parts, said.Remedy)
	}
	detail := strings.Join(append(parts, more...), "\n\n")
	if name := k.attributeOf(said); name != "" && v != nil && !otherName {
		return diag.NewAttributeErrorDiagnostic(path.Root(name), summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

func (k *Kind) late(doing string) string {
	if doing == listing {
		return fmt.Sprintf("The time allowed to list %s was over before the system answered.", k.pluralTitle())
	}
	return fmt.Sprintf("The time allowed to %s the %s was over before the system answered. "+
		"If the system needs longer, raise it in the resource's timeouts.", doing, k.title())
}

// attributeOf is the attribute that an error is about, where the system's
// message names it in quotes or the reason tells.
func (k *Kind) attributeOf(e *api.Error) string {
	if e.Reason == api.NameTaken && k.hasLabel() {
		return k.label()
	}
	for _, f := range k.Facts {
		if f.settable() && !f.secret && (f.field == e.Field || strings.Contains(e.Message, "'"+f.field+"'")) {
			return f.name
		}
	}
	return ""
}

// howToApprove names both ways to approve a dangerous operation on an object, or whose
// error has named them.
func (k *Kind) howToApprove(s *Session, object string) string {
	if !s.advised.CompareAndSwap(nil, &object) {
		if first := *s.advised.Load(); first != object {
			return "How to approve it is in the error of " + first + "."
		}
	}
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
