package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// diagnostics are what the provider said.
type diagnostics testcore.Problems

func (d diagnostics) failed() bool { return testcore.Problems(d).Failed() }

func (d diagnostics) of(severity tfprotov6.DiagnosticSeverity) diagnostics {
	return diagnostics(testcore.Problems(d).Of(severity))
}

func (d diagnostics) warnings() string { return d.of(tfprotov6.DiagnosticSeverityWarning).text() }

// text is all that the user reads, with the attribute each refers to.
func (d diagnostics) text() string {
	var b strings.Builder
	for _, one := range d {
		fmt.Fprintf(&b, "%s: %s\n%s\n", one.Severity, one.Summary, one.Detail)
		if one.Attribute != nil {
			fmt.Fprintf(&b, "at %s\n", one.Attribute)
		}
	}
	return b.String()
}

func (d diagnostics) none(t testing.TB) {
	t.Helper()
	if len(d) > 0 {
		t.Fatalf("unexpected: %s", d.text())
	}
}

func (d diagnostics) succeed(t testing.TB) {
	t.Helper()
	if d.failed() {
		t.Fatalf("unexpected: %s", d.text())
	}
}

// refuse holds that there is an error, and that it says all of the words.
func (d diagnostics) refuse(t testing.TB, words ...string) {
	t.Helper()
	if !d.failed() {
		t.Fatalf("not refused; wanted an error that says %q", words)
	}
	says(t, d.of(tfprotov6.DiagnosticSeverityError).text(), words...)
}

func says(t testing.TB, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("missing %q in: %s", word, text)
		}
	}
}
