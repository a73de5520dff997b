package entity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// failures are the ways in which a request fails. Only an ambiguous one may have
// been carried out.
var failures = map[string]fault{
	"refused":                {reason: entity.Other, code: "BROKEN", message: "Broken."},
	"lost before carried":    {reason: entity.Ambiguous, message: "No answer."},
	"lost after carried out": {reason: entity.Ambiguous, message: "No answer.", carried: true},
}

// halfway are creations, each of more than one step, and updates of all there is.
var halfway = []struct {
	kind, collection string
	from, to         values
}{
	{"button", "widgets", nil, button},
	{"button", "widgets", nil, least},
	{"plate", "plates", nil, values{"name": "p", "level": 3}},
	{"link", "links", nil, values{"widget_id": 7, "box_id": 1, "slot": 9}},
	{"gadget", "widgets", most, changedMost},
}

// changedMost is a widget with the most of which all has changed.
var changedMost = values{
	"name": "v", "box_id": 2, "size": "8KiB", "quota": "512", "mode": "A", "level": 1, "shared": true, "frozen": false,
	"ratio": 0.25, "expires_at": nil, "weight": 4, "label": "other", "owner": "you", "grade": "HIGH",
	"color": "blue", "lid": "tin", "ports": []any{"000b", "000c", "000d"}, "peers": []any{4}, "user": "x",
	"key_wo": "close sesame", "key_wo_version": 2, "metadata": values{"l": "w"}, "approved": true,
}

// One request of an apply fails, at each step in turn: the state tells the truth
// after it, and the next apply finishes the work.
func TestOneFailureAtEachStepIsHealedByTheNextApply(t *testing.T) {
	for _, c := range halfway {
		for how, f := range failures {
			if how == "lost before carried" && c.from != nil {
				continue // TestLostOperationIsNotRepeated has it
			}
			t.Run(fmt.Sprintf("%s/%d/%s", c.kind, len(c.to), how), func(t *testing.T) {
				t.Parallel()
				for step := 1; step < 40; step++ {
					d := newDepot()
					r := newTerraform(t, d, nil).resource(c.kind)
					if c.from != nil {
						r.mustRun(c.from)
					}
					planned := r.plan(c.to)
					d.since()
					d.failing(step, f)
					outcome := r.apply(planned, c.to)
					if made := d.since(); len(made) < step {
						return // there are no more steps
					}
					d.healthy()
					r.tellsTheTruth(d, c.collection, step, f, outcome)
					r.mustRun(c.to)
					r.isAsWanted(d, c.collection, c.to)
					if t.Failed() {
						t.Fatalf("at step %d", step)
					}
				}
				t.Fatal("the steps do not end")
			})
		}
	}
}

// tellsTheTruth holds that the state is what a refresh finds: nothing that exists
// is missing from it. An update whose answer is lost may have changed more than
// the state says, until the refresh.
func (r *resource) tellsTheTruth(d *depot, collection string, step int, f fault, outcome diagnostics) {
	r.Helper()
	if r.state == nil {
		if len(d.rows[collection]) > 0 {
			r.Errorf("step %d: an object is orphaned after %s", step, outcome.text())
		}
		return
	}
	was := r.state
	r.refresh().none(r)
	if r.state == nil {
		r.Fatalf("step %d: the state has an object that does not exist", step)
	}
	if !f.carried && !was.value.Equal(r.state.value) {
		r.Errorf("step %d: the state does not tell the truth: %s", step, difference(r, was.value, r.state.value))
	}
}

// isAsWanted holds that there is one object, and that it is the configuration's.
func (r *resource) isAsWanted(d *depot, collection string, config values) {
	r.Helper()
	o := d.only(r, collection)
	if r.state.tainted {
		r.Error("the object is tainted")
	}
	for _, field := range []string{"name", "box_id", "level", "frozen", "weight", "owner", "grade", "slot"} {
		if want, ok := config[field]; ok && fmt.Sprint(o[field]) != fmt.Sprint(want) {
			r.Errorf("%s is %v in the depot, wanted %v", field, o[field], want)
		}
	}
	if want, ok := config["key_wo"]; ok && d.secrets[fmt.Sprint(o["id"])] != want {
		r.Errorf("the secret is %q", d.secrets[fmt.Sprint(o["id"])])
	}
	if want, ok := config["metadata"]; ok && fmt.Sprint(d.pairs[fmt.Sprint(o["id"])]) != fmt.Sprint(map[string]any(want.(values))) {
		r.Errorf("the metadata is %v, wanted %v", d.pairs[fmt.Sprint(o["id"])], want)
	}
}

// A failed update has done some of its steps; the next one does the rest, and
// none twice.
func TestUpdateIsContinuedWhereItFailed(t *testing.T) {
	t.Parallel()
	whole := func() []string {
		d := newDepot()
		r := newTerraform(t, d, nil).resource("gadget")
		r.mustRun(most)
		d.since()
		r.mustRun(changedMost)
		return changed(d.since())
	}()
	for step := range whole {
		d := newDepot()
		r := newTerraform(t, d, nil).resource("gadget")
		r.mustRun(most)
		planned := r.plan(changedMost)
		d.since()
		d.failing(step+1, failures["refused"])
		r.apply(planned, changedMost).refuse(t, "Could not update gadget", "Broken. (BROKEN)")
		d.healthy()
		r.mustRun(changedMost)
		made := changed(d.since())
		// The request that failed is made once more, and no other. Metadata counts as
		// one: all of it is sent again.
		if strings.HasPrefix(whole[step], "DELETE metadata") {
			made = slices.DeleteFunc(made, func(r string) bool { return strings.HasPrefix(r, "PUT metadata") })
			made = append(made, whole[step-1])
		}
		if want := len(whole) + 1; len(made) != want || len(slices.Compact(slices.Sorted(slices.Values(made)))) != len(whole) {
			t.Errorf("step %d: requests:\n  %s", step+1, strings.Join(made, "\n  "))
		}
	}
}

// A creation that failed half-way is deleted and made again, without approval
// although a deletion is dangerous: nobody was ever given the object.
func TestUnfinishedObjectIsReplacedWithoutApproval(t *testing.T) {
	for _, settings := range []values{nil, {"approve_dangerous_operations": false}} {
		d := newDepot()
		w := newTerraform(t, d, settings).resource("widget")
		d.failingOn("PUT metadata", failures["refused"])
		w.run(most).refuse(t, "Could not finish creating", `widget "w" (id 1001)`)
		if !w.state.tainted || w.get("id") != 1001 {
			t.Fatal("the widget is not in the state")
		}
		d.healthy()
		d.since()
		w.run(most).succeed(t)
		if made := changed(d.since()); made[0] != "DELETE widgets/1001 approved" || !strings.HasPrefix(made[1], "POST widgets ") {
			t.Errorf("healed by %s", made)
		}
		w.quiet(most)
		d.only(t, "widgets")
		w.run(nil).refuse(t, "dangerous and not approved")
	}
}

func TestUnfinishedObjectIsDestroyedWithoutApproval(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.failingOn("PUT metadata", failures["refused"])
	w.run(most).refuse(t, "Could not finish creating")
	d.healthy()
	w.run(nil).succeed(t)
	if len(d.rows["widgets"]) > 0 || w.state != nil {
		t.Error("the unfinished widget is still there")
	}
}

// The user can keep an unfinished object: after terraform untaint, the next
// apply finishes it in place, and it is as well guarded as any.
func TestUntaintedObjectIsFinishedInPlace(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.failingOn("PUT metadata", failures["refused"])
	w.run(most).refuse(t, "Could not finish creating")
	d.healthy()
	w.state.tainted = false
	d.since()
	w.mustRun(most)
	if made := changed(d.since()); len(made) != 1 || made[0] != `PUT metadata/1001 {"k":"v"}` {
		t.Errorf("finished by %s", made)
	}
	if w.get("serial") != "S1001" {
		t.Errorf("serial is %v", w.get("serial"))
	}
	w.run(nil).refuse(t, "dangerous and not approved")
}

// A creation whose last step was lost needs nothing more than its untaint.
func TestUntaintedObjectThatIsWholeIsGuarded(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	lost := failures["lost after carried out"]
	d.failingOn("PUT metadata", lost)
	w.run(most).refuse(t, "Could not finish creating")
	d.healthy()
	w.state.tainted = false
	w.mustRun(most)
	w.run(nil).refuse(t, "dangerous and not approved")
}

// An object that was finished and is tainted by hand is guarded like any other.
func TestTaintedByHandIsGuarded(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most)
	w.state.tainted = true
	w.run(most).refuse(t, "dangerous and not approved", lossOfWidget)
	d.only(t, "widgets")
}
