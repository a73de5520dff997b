package acctest

import (
	"fmt"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

const howToApprove = " approve it"

// testBadValues plans one object for every bad value, all at once. A plan that
// finds bad values does not ask the system, so what only the planning of an
// object finds comes in a second plan.
func testBadValues(t *testing.T, s Suite) {
	if len(s.Bad) == 0 {
		t.Skip("the table has none")
	}
	cli := NewCLI(t)
	open := map[int]Bad{}
	for i, bad := range s.Bad {
		open[i] = bad
	}
	for len(open) > 0 {
		config := []string{s.Lab.Provider(nil)}
		for i, bad := range open {
			config = append(config, s.one(fmt.Sprintf("bad-%d", i), 100+i, s.Least.With(bad.Set)))
		}
		run := cli.Plan(config...)
		answered := 0
		for i, bad := range open {
			address := s.address(fmt.Sprintf("bad-%d", i))
			if !run.Says(tfjson.DiagnosticSeverityError, address) {
				continue
			}
			// The CLI's output has the place within an attribute only for people.
			attribute, _, _ := strings.Cut(bad.Attribute, ".")
			if !run.Says(tfjson.DiagnosticSeverityError, address, attribute, bad.Says) {
				t.Errorf("%v: want an error about %q with %q, have:\n%s", bad.Set, bad.Attribute, bad.Says, run.about(address))
			}
			answered++
			delete(open, i)
		}
		if answered == 0 {
			for i, bad := range open {
				t.Errorf("%v is not refused:\n%s", bad.Set, run.about(s.address(fmt.Sprintf("bad-%d", i))))
			}
			return
		}
	}
}

// about is the part of a run's diagnostics that is about an address.
func (r *Outcome) about(address string) *Outcome {
	part := &Outcome{}
	for _, d := range r.Diagnostics {
		if d.Address == address {
			part.Diagnostics = append(part.Diagnostics, d)
		}
	}
	return part
}

// testApproval plans a deletion, every replacement and every dangerous change:
// not approved, approved for the resource in the same change, approved for the
// provider, and that outranked by a resource.
func testApproval(t *testing.T, s Suite) {
	var risky []subject
	reasons := map[string]string{}
	for _, x := range s.subjects() {
		switch {
		case len(x.Through) < 2:
		case x.Danger != "":
			reasons[x.label] = x.Danger
			risky = append(risky, x)
		case x.replaces(1) && s.Deleting != "":
			reasons[x.label] = s.Deleting
			risky = append(risky, x)
		}
	}
	if s.Deleting == "" && len(risky) == 0 {
		t.Skip("nothing about it is dangerous")
	}
	config := func(provider Attrs, round int, keep bool, more Attrs) []string {
		parts := []string{s.Lab.Provider(provider)}
		if keep {
			parts = append(parts, s.one("gone", 1, s.Least.With(more)))
		}
		for _, x := range risky {
			parts = append(parts, x.at(s, round, more))
		}
		return parts
	}
	says := func(run *Outcome, severity tfjson.DiagnosticSeverity, label string, texts ...string) {
		t.Helper()
		address := s.address(label)
		if label == "gone" {
			address = "" // Terraform gives none to what the configuration has no more
		}
		if !run.Says(severity, address, texts...) {
			t.Errorf("want of %s: %s with %q, have:\n%s", label, severity, texts, run)
		}
	}
	cli := NewCLI(t)
	cli.Apply(config(nil, 0, true, nil)...).Succeeds(t)

	run := cli.Plan(config(nil, 1, s.Deleting == "", nil)...)
	if s.Deleting != "" {
		says(run, tfjson.DiagnosticSeverityError, "gone", s.Deleting, howToApprove)
	}
	for _, x := range risky {
		says(run, tfjson.DiagnosticSeverityError, x.label, reasons[x.label], howToApprove)
	}

	if (s.Deleting != "" || len(risky) > 0) && !run.Says(tfjson.DiagnosticSeverityError, "", "approved = true", "APPROVE_DANGEROUS_OPERATIONS") {
		t.Errorf("nothing tells how to approve: %s", run)
	}

	run = cli.Plan(config(nil, 1, true, Attrs{"approved": true})...).Succeeds(t)
	actions := map[string]string{s.address("gone"): "update"} // of its word alone
	for _, x := range risky {
		says(run, tfjson.DiagnosticSeverityWarning, x.label, "Approved", reasons[x.label])
		actions[s.address(x.label)] = "update"
		if x.replaces(1) {
			actions[s.address(x.label)] = "replace"
		}
	}
	run.Plans(t, actions)

	yes := Attrs{"approve_dangerous_operations": true}
	run = cli.Plan(config(yes, 1, s.Deleting == "", Attrs{"approved": false})...)
	if s.Deleting != "" {
		says(run, tfjson.DiagnosticSeverityWarning, "gone", "Approved", s.Deleting)
	}
	for _, x := range risky {
		says(run, tfjson.DiagnosticSeverityError, x.label, reasons[x.label], howToApprove)
	}

	// What a resource approves is done, its deletion too.
	cli.Apply(config(nil, 1, true, Attrs{"approved": true})...).Succeeds(t)
	cli.Plan(config(nil, 1, true, Attrs{"approved": true})...).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(s.Lab.Provider(nil)).Succeeds(t)
}
