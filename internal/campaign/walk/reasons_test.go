package walk

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// An object may have been moved more than once.
func TestCalled(t *testing.T) {
	s := step{after: testcore.Config{Moved: []testcore.Move{{From: "x.a", To: "x.b"}, {From: "x.b", To: "x.c"}}}}
	for address, want := range map[string]string{"x.c": "x.a", "x.b": "x.a", "x.d": "x.d"} {
		if got := s.called(address); got != want {
			t.Errorf("%s was called %s, want %s", address, got, want)
		}
	}
}

// What create_before_destroy keeps until last is a reason for what is in its way, and for
// nothing else.
func TestTooLate(t *testing.T) {
	const taken = "In the way is the space \"a\" (id 1)."
	instance := func(on ...string) *testcore.Instance { return &testcore.Instance{Dependencies: on} }
	space := &testcore.Change{Address: "x_space.s[0]", Action: testcore.CreateThenDelete, Before: instance()}
	for name, c := range map[string]struct {
		failed, detail string
		others         []*testcore.Change
		want           bool
	}{
		"an address leaves a space that changes": {
			"x_space.s[1]", "", []*testcore.Change{
				{Address: "x_space.s[1]", Action: testcore.Update, Before: instance()},
				{Address: "x_ip.i", Action: testcore.CreateThenDelete, Before: instance("x_space.s")},
			}, true,
		},
		"an address of another": {
			"x_space.s[1]", "", []*testcore.Change{
				{Address: "x_space.s[1]", Action: testcore.Update, Before: instance()},
				{Address: "x_ip.i", Action: testcore.CreateThenDelete, Before: instance("x_space.other")},
			}, false,
		},
		"a name that is given up only after what refers to both": {
			"x_space.s[1]", taken, []*testcore.Change{
				{Address: "x_space.s[1]", Action: testcore.Create}, space,
				{Address: "x_route.r", Action: testcore.CreateThenDelete, Before: instance("x_space.s")},
			}, true,
		},
		"a name that could be waited for": {
			"x_space.s[1]", taken, []*testcore.Change{{Address: "x_space.s[1]", Action: testcore.Create}, space}, false,
		},
		"another reason": {
			"x_space.s[1]", "No.", []*testcore.Change{
				{Address: "x_space.s[1]", Action: testcore.Create}, space,
				{Address: "x_route.r", Action: testcore.Update, Before: instance("x_space.s")},
			}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan := &testcore.Plan{Changes: map[string]*testcore.Change{}}
			for _, change := range c.others {
				plan.Changes[change.Address] = change
			}
			done := &testcore.Result{Said: []testcore.Said{{
				Address: c.failed, Diagnostic: &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Detail: c.detail},
			}}}
			if got := tooLate(attempt{plan: plan, done: done}); got != c.want {
				t.Errorf("tooLate is %t", got)
			}
		})
	}
}
