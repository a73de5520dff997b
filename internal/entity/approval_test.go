package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// remedies are both ways to approve, as every refusal must name them.
var remedies = []string{
	"approved = true", "approve_dangerous_operations = true", "DEPOT_APPROVE_DANGEROUS_OPERATIONS",
}

// consents are the words of the provider and of the resource, and which counts.
var consents = []struct {
	provider, resource any
	approved           bool
}{
	{nil, nil, false}, {false, nil, false}, {true, nil, true},
	{nil, true, true}, {false, true, true}, {nil, false, false}, {true, false, false}, {true, true, true},
}

// A dangerous operation is refused by the plan until it is approved, and then
// warned of and sent as approved.
func TestDangerNeedsConsent(t *testing.T) {
	t.Parallel()
	for _, c := range consents {
		for name, danger := range map[string]struct {
			change values // nil destroys
			reason string
			sent   string
		}{
			"destroy": {nil, lossOfWidget, "DELETE widgets/1001 approved"},
			"replace": {values{"color": "green"}, lossOfWidget, "DELETE widgets/1001 approved"},
			"change":  {values{"shared": false}, lossOfAccess, `PUT widgets/1001 {"shared":false} approved`},
			"remove":  {values{"ports": []any{"000a"}}, lossOfPort, "DELETE widgets/1001/ports/000b approved"},
		} {
			t.Run(fmt.Sprintf("%s/%v/%v", name, c.provider, c.resource), func(t *testing.T) {
				d := newDepot()
				w := newTerraform(t, d, values{"approve_dangerous_operations": c.provider}).resource("widget")
				config := most.with(values{"approved": c.resource})
				w.mustRun(config)
				d.since()
				var change values
				if danger.change != nil {
					change = config.with(danger.change)
				}
				planned := w.plan(change)
				if !c.approved {
					planned.refuse(t, append(remedies, `widget "w" (id 1001)`, "is dangerous and not approved", danger.reason)...)
					if made := changed(d.since()); len(made) > 0 {
						t.Errorf("a plan asked %s", made)
					}
					return
				}
				planned.succeed(t)
				says(t, planned.warnings(), "Approved", `widget "w" (id 1001)`, danger.reason)
				w.apply(planned, change).succeed(t)
				if made := changed(d.since()); len(made) == 0 || made[0] != danger.sent {
					t.Errorf("asked %s", made)
				}
			})
		}
	}
}

// The word that counts for a replacement is that of the configuration that asks
// for it, in the same plan.
func TestReplacementIsApprovedByTheNewConfiguration(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most.with(values{"approved": true}))
	w.run(most.with(values{"color": "green", "approved": false})).refuse(t, "Replacing", "not approved")
	w.mustRun(most.with(values{"approved": nil}))
	w.mustRun(most.with(values{"color": "green", "approved": true}))
	if o := d.only(t, "widgets"); o["color"] != "green" || fmt.Sprint(o["id"]) != "1002" {
		t.Errorf("the depot has %v", o)
	}
	w.run(nil).succeed(t)
}

// A replacement that the user forces is planned as an update: the deletion itself
// asks for approval, by the word of the configuration.
func TestForcedReplacementNeedsConsent(t *testing.T) {
	for _, c := range []struct {
		before, after any
		approved      bool
	}{{nil, nil, false}, {true, true, true}, {nil, true, true}, {true, false, false}} {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		w.mustRun(most.with(values{"approved": c.before}))
		w.forced = true
		config := most.with(values{"approved": c.after})
		if c.approved {
			w.run(config).succeed(t)
		} else {
			w.run(config).refuse(t, "dangerous and not approved", lossOfWidget)
		}
		if _, old := d.rows["widgets"]["1001"]; old == c.approved {
			t.Errorf("%v, then %v: the old widget is there: %v", c.before, c.after, old)
		}
		w.forced = false
		if c.approved {
			w.quiet(config)
		}
		d.only(t, "widgets")
	}
}

// An approval ends with the deletion that it was given for, also if that fails.
func TestApprovalIsNotRemembered(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, values{"approve_dangerous_operations": true})
	w := tf.resource("widget")
	w.mustRun(least)
	d.failingOn("DELETE", failures["refused"])
	w.run(nil).refuse(t, "Could not delete", "Broken.")
	d.healthy()
	tf.block = tf.block.with(values{"approve_dangerous_operations": false})
	w.run(nil).refuse(t, "not approved")
	w.forced = true
	w.run(least).refuse(t, "not approved")
	d.only(t, "widgets")
}

// Creating an object with a value does not endanger anybody.
func TestCreationIsNotDangerous(t *testing.T) {
	w := newTerraform(t, newDepot(), nil).resource("widget")
	w.run(most.with(values{"shared": false})).none(t)
}

// What only the system knows to be dangerous is sent without approval where there
// is none, once, and its refusal is what the user reads.
func TestDangerThatOnlyTheSystemKnows(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most)
	d.before = func(_ int, request string) *fault {
		if request == `PUT widgets/1001 {"level":0}` {
			return &fault{reason: api.ApprovalRequired, code: "APPROVAL_REQUIRED", message: "This stops the world."}
		}
		return nil
	}
	d.since()
	w.run(most.with(values{"level": 0})).refuse(t, append(remedies, "Could not update", "This stops the world. (APPROVAL_REQUIRED)")...)
	d.asked(t, "GET widgets/1001", "GET metadata/1001", `PUT widgets/1001 {"level":0}`)
	w.run(most.with(values{"level": 0, "approved": true})).succeed(t)
	d.asked(t, "GET widgets/1001", "GET metadata/1001", `PUT widgets/1001 {"level":0} approved`)
}

func TestRelationIsGuarded(t *testing.T) {
	d := newDepot()
	l := newTerraform(t, d, nil).resource("link")
	config := values{"widget_id": 7, "box_id": 1}
	l.mustRun(config)
	l.run(nil).refuse(t, append(remedies, "link (widget_id 7, box_id 1)", lossOfAccess)...)
	l.run(config.with(values{"slot": 5})).refuse(t, "Replacing link")
	l.mustRun(config.with(values{"approved": true}))
	l.mustRun(config.with(values{"approved": true, "slot": 5}))
	d.since()
	l.run(nil).succeed(t)
	d.asked(t, "LIST boxes/1/links", "DELETE boxes/1/links/7 approved")
}

// Only kinds that know danger have the attribute.
func TestApprovedIsOnlyWhereThereIsDanger(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	for kind, want := range map[string]bool{"widget": true, "link": true, "plate": false} {
		if got := tf.resource(kind).attribute("approved") != nil; got != want {
			t.Errorf("%s has approved: %v", kind, got)
		}
	}
}

// A tainted object is guarded by the word of the configuration that replaces it.
func TestTaintedObjectIsApprovedByTheNewConfiguration(t *testing.T) {
	for _, c := range []struct{ before, after any }{{nil, true}, {true, false}, {true, nil}} {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		w.mustRun(most.with(values{"approved": c.before}))
		w.state.Tainted = true
		config := most.with(values{"approved": c.after})
		if c.after == true {
			w.mustRun(config)
		} else {
			w.run(config).refuse(t, "not approved")
		}
		if _, there := d.rows["widgets"]["1001"]; there == (c.after == true) {
			t.Errorf("%v, then %v: the old widget is there: %v", c.before, c.after, there)
		}
		if w.state.Private != nil && strings.Contains(string(w.state.Private), "approved") {
			t.Errorf("the approval is remembered: %s", w.state.Private)
		}
	}
}

// A fact that the system leaves out does not make an object look unfinished.
func TestObjectWithoutASerialIsGuarded(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(least)
	d.only(t, "widgets")["serial"] = nil
	w.run(nil).refuse(t, "not approved")
	w.state.Tainted = true
	w.run(least).refuse(t, "not approved")
}

// How to approve is told once in a plan.
func TestHowToApproveIsToldOnce(t *testing.T) {
	t.Parallel()
	d := newDepot()
	core := newTerraform(t, d, nil).resource("widget").core()
	config := testcore.Config{Resources: map[string]testcore.Resource{}}
	for i := range 5 {
		config.Resources[fmt.Sprintf("storage_depot_widget.w%d", i)] = testcore.Resource{Arguments: least.with(values{"name": fmt.Sprintf("w%d", i)})}
	}
	diagnostics(core.Apply(t.Context(), core.Plan(t.Context(), config, testcore.Options{})).Shown()).succeed(t)
	said := diagnostics(core.Plan(t.Context(), testcore.Config{}, testcore.Options{}).Shown()).text()
	if strings.Count(said, lossOfWidget) != 5 || strings.Count(said, "DEPOT_APPROVE_DANGEROUS_OPERATIONS") != 1 || strings.Count(said, "How to approve it is in the error of widget") != 4 {
		t.Error(said)
	}
}
