package entity_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// proposed is the state that core proposes to a provider: what the configuration
// says, and the prior value where it says nothing and the provider may choose.
func (r *resource) proposed(prior, config tftypes.Value) tftypes.Value {
	r.Helper()
	if config.IsNull() {
		return r.null()
	}
	was, merged := attributesOf(r, prior), maps.Clone(attributesOf(r, config))
	for _, a := range r.schema.Block.Attributes {
		if a.Computed && merged[a.Name].IsNull() && was != nil {
			merged[a.Name] = was[a.Name]
		}
	}
	return tftypes.NewValue(r.schema.ValueType(), merged)
}

// validPlan holds a plan to what core holds it to: it may differ from the
// configuration only where that is silent and the attribute is computed, or by
// keeping the prior value.
func (r *resource) validPlan(prior, config, planned tftypes.Value) {
	r.Helper()
	if config.IsNull() != planned.IsNull() {
		r.Errorf("the plan of %s has %s where the configuration has %s", r.name, planned, config)
		return
	}
	was, says, will := attributesOf(r, prior), attributesOf(r, config), attributesOf(r, planned)
	for _, a := range r.schema.Block.Attributes {
		switch {
		case a.WriteOnly, will[a.Name].Equal(says[a.Name]), a.Computed && (says[a.Name].IsNull() || !a.Optional):
		case was != nil && !was[a.Name].IsNull() && !says[a.Name].IsNull() && will[a.Name].Equal(was[a.Name]):
		default:
			r.Errorf("the provider produced an invalid plan: %s is planned to be %s where the configuration says %s",
				a.Name, will[a.Name], says[a.Name])
		}
	}
}

// completes holds a later value to a planned one: what was known stays.
func (r *resource) completes(what string, planned, later tftypes.Value) {
	r.Helper()
	if planned.IsNull() != later.IsNull() {
		r.Errorf("%s of %s is %s where %s was planned", what, r.name, later, planned)
		return
	}
	was := attributesOf(r, planned)
	for name, value := range attributesOf(r, later) {
		if !completion(was[name], value) {
			r.Errorf("the provider produced an inconsistent result: %s has %s = %s where %s was planned", what, name, value, was[name])
		}
	}
}

// completion reports whether a value is a planned one with its unknown parts
// filled in.
func completion(planned, later tftypes.Value) bool {
	if !planned.IsKnown() {
		return true
	}
	if planned.IsFullyKnown() || planned.IsNull() || later.IsNull() {
		return planned.Equal(later)
	}
	var p, l []tftypes.Value
	if planned.As(&p) == nil && later.As(&l) == nil {
		for _, v := range p {
			if !slices.ContainsFunc(l, func(w tftypes.Value) bool { return completion(v, w) }) {
				return false
			}
		}
		return true
	}
	var pm, lm map[string]tftypes.Value
	if planned.As(&pm) != nil || later.As(&lm) != nil || len(pm) != len(lm) {
		return false
	}
	for key, v := range pm {
		if w, ok := lm[key]; !ok || !completion(v, w) {
			return false
		}
	}
	return true
}

// noShortcutTooFar holds that an answer that may be the shortcut's is the one
// that the framework gives.
func (r *resource) noShortcutTooFar(req *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse) {
	r.Helper()
	if resp.PlannedState != req.PriorState {
		return // it went through the framework
	}
	// Another process: one does not plan an object twice.
	want, err := r.start().framework.PlanResourceChange(r.ctx, req)
	if err != nil {
		r.Fatal(err)
	}
	a, b := offWire(r, r.schema.ValueType(), resp.PlannedState), offWire(r, r.schema.ValueType(), want.PlannedState)
	if !a.Equal(b) || len(want.RequiresReplace) > 0 || len(want.Diagnostics) > 0 || !bytes.Equal(resp.PlannedPrivate, want.PlannedPrivate) {
		r.Errorf("the shortcut plans otherwise than the framework: %s, %s", difference(r, a, b), diagnostics(want.Diagnostics).text())
	}
}

// nothingWriteOnly holds that a plan or state has no value of a write-only
// attribute.
func (r *resource) nothingWriteOnly(v tftypes.Value) {
	r.Helper()
	attributes := attributesOf(r, v)
	for _, a := range r.schema.Block.Attributes {
		if a.WriteOnly && attributes != nil && !attributes[a.Name].IsNull() {
			r.Errorf("the write-only attribute %s has a value", a.Name)
		}
	}
}

// attribute is an attribute of the resource's schema; nil where it has none.
func (r *resource) attribute(name string) *tfprotov6.SchemaAttribute {
	for _, a := range r.schema.Block.Attributes {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// difference says in what attributes two objects differ.
func difference(t testing.TB, a, b tftypes.Value) string {
	t.Helper()
	was, will := attributesOf(t, a), attributesOf(t, b)
	var parts []string
	for name := range was {
		if !was[name].Equal(will[name]) {
			parts = append(parts, fmt.Sprintf("%s: %v → %v", name, decode(t, was[name]), decode(t, will[name])))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// diagnostics are what the provider said.
type diagnostics []*tfprotov6.Diagnostic

func (d diagnostics) failed() bool { return len(d.of(tfprotov6.DiagnosticSeverityError)) > 0 }

func (d diagnostics) of(severity tfprotov6.DiagnosticSeverity) diagnostics {
	var some diagnostics
	for _, one := range d {
		if one.Severity == severity {
			some = append(some, one)
		}
	}
	return some
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
