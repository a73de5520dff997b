package testcore

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Doing is what a provider was asked to do when it said something.
type Doing string

// What a provider is asked to do, in the order of a run.
const (
	Validating  Doing = "validation"
	Configuring Doing = "configuration"
	Importing   Doing = "import"
	Refreshing  Doing = "refresh"
	Planning    Doing = "plan"
	// PlanningAgain is the second plan of a replacement. Terraform shows its warnings
	// to nobody, and its errors.
	PlanningAgain Doing = "second plan"
	// PlanningAtLast is the plan that Terraform makes during the apply, with what is
	// known by then.
	PlanningAtLast Doing = "final plan"
	// PlanningAtLastAgain is the second plan of a replacement during the apply.
	PlanningAtLastAgain Doing = "second final plan"
	Applying            Doing = "apply"
)

// Said is what a provider has said about an object; the address is "" where it is
// about the provider itself.
type Said struct {
	Address string
	Doing   Doing
	*tfprotov6.Diagnostic
}

// Shown reports whether the user gets to see it.
func (s Said) Shown() bool {
	return s.Severity == tfprotov6.DiagnosticSeverityError || s.Doing != PlanningAgain && s.Doing != PlanningAtLastAgain
}

// Result is what a plan or an apply came to.
type Result struct {
	Said []Said
	// Order are the operations in the order in which they began: "create TYPE.NAME".
	Order []string
	// Drift says for each object in which attributes a refresh has found it changed;
	// in all where it is gone.
	Drift map[string][]string
}

// Failed reports whether there was an error.
func (r *Result) Failed() bool { return len(r.Errors()) > 0 }

// Errors are the errors.
func (r *Result) Errors() []Said {
	return r.only(func(s Said) bool { return s.Severity == tfprotov6.DiagnosticSeverityError })
}

// Warnings are the warnings that the user sees.
func (r *Result) Warnings() []Said {
	return r.only(func(s Said) bool { return s.Severity == tfprotov6.DiagnosticSeverityWarning && s.Shown() })
}

// About is what was said about an address.
func (r *Result) About(address string) []Said {
	return r.only(func(s Said) bool { return s.Address == address })
}

// Shown are the errors and warnings that the user sees.
func (r *Result) Shown() Problems {
	var all Problems
	for _, s := range r.only(Said.Shown) {
		all = append(all, s.Diagnostic)
	}
	return all
}

func (r *Result) only(test func(Said) bool) []Said {
	var some []Said
	for _, s := range r.Said {
		if test(s) {
			some = append(some, s)
		}
	}
	return some
}

// String is all that was said, and drift.
func (r *Result) String() string {
	var b strings.Builder
	for _, s := range r.Said {
		fmt.Fprintf(&b, "%s, %s: %s: %s: %s", s.Address, s.Doing, s.Severity, s.Summary, s.Detail)
		if s.Attribute != nil {
			fmt.Fprintf(&b, " (%s)", s.Attribute)
		}
		b.WriteByte('\n')
	}
	for _, address := range slices.Sorted(maps.Keys(r.Drift)) {
		fmt.Fprintf(&b, "%s has changed: %s\n", address, strings.Join(r.Drift[address], ", "))
	}
	return b.String()
}

// Problems are the errors and warnings of an answer.
type Problems []*tfprotov6.Diagnostic

// Failed reports whether there is an error among them.
func (p Problems) Failed() bool { return len(p.Of(tfprotov6.DiagnosticSeverityError)) > 0 }

// Of are those of a severity.
func (p Problems) Of(severity tfprotov6.DiagnosticSeverity) Problems {
	var some Problems
	for _, d := range p {
		if d.Severity == severity {
			some = append(some, d)
		}
	}
	return some
}

// String is the problems as a person reads them.
func (p Problems) String() string {
	var b strings.Builder
	for _, d := range p {
		fmt.Fprintf(&b, "%s: %s: %s (%s)\n", d.Severity, d.Summary, d.Detail, d.Attribute)
	}
	return b.String()
}

// Refuse fails the test unless there is an error that has all of the texts.
func (p Problems) Refuse(t Reporter, texts ...string) {
	t.Helper()
	p.say(t, tfprotov6.DiagnosticSeverityError, texts)
}

// Warn fails the test unless there is a warning that has all of the texts, and no
// error.
func (p Problems) Warn(t Reporter, texts ...string) {
	t.Helper()
	if p.Failed() {
		t.Errorf("not to be refused: %s", p)
	}
	p.say(t, tfprotov6.DiagnosticSeverityWarning, texts)
}

func (p Problems) say(t Reporter, severity tfprotov6.DiagnosticSeverity, texts []string) {
	t.Helper()
	for _, d := range p {
		text := d.Summary + "\n" + d.Detail
		if d.Severity == severity && !slices.ContainsFunc(texts, func(part string) bool { return !strings.Contains(text, part) }) {
			return
		}
	}
	t.Errorf("want of severity %s: %q, have %s", severity, texts, p)
}
