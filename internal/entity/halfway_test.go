package entity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// failures are the ways in which a request fails. Only an ambiguous one may have
// been carried out.
var failures = map[string]fault{
	"refused":                {reason: api.Other, code: "BROKEN", message: "Broken."},
	"lost before carried":    {reason: api.Ambiguous, message: "No answer."},
	"lost after carried out": {reason: api.Ambiguous, message: "No answer.", carried: true},
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
	r.refresh().succeed(r)
	if r.state == nil {
		r.Fatalf("step %d: the state has an object that does not exist", step)
	}
	if !f.carried && !was.Value.Equal(r.state.Value) {
		r.Errorf("step %d: the state does not tell the truth: %s", step, testcore.Difference(was.Value, r.state.Value))
	}
}

// isAsWanted holds that there is one object, and that it is the configuration's.
func (r *resource) isAsWanted(d *depot, collection string, config values) {
	r.Helper()
	o := d.only(r, collection)
	if r.state.Tainted {
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

// A step that is refused holds up no other: the update does what it can, and the next
// one does that step, and no other twice.
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
	for step, request := range whole {
		d := newDepot()
		r := newTerraform(t, d, nil).resource("gadget")
		r.mustRun(most)
		planned := r.plan(changedMost)
		d.failingOn(request, failures["refused"])
		r.apply(planned, changedMost).refuse(t, "Could not update gadget", "Broken. (BROKEN)")
		d.healthy()
		d.since()
		r.mustRun(changedMost)
		made := changed(d.since())
		// Metadata counts as one: all of it is sent again, and after the other steps only.
		made = slices.DeleteFunc(made, func(r string) bool { return r != request && strings.Contains(r, " metadata/") })
		// A host does not lose its old ports where it does not get the new one.
		made = slices.DeleteFunc(made, func(r string) bool { return r != request && strings.HasPrefix(r, "DELETE widgets/1001/ports/") })
		if !slices.Equal(made, []string{request}) {
			t.Errorf("step %d, %s: requests:\n  %s", step+1, request, strings.Join(made, "\n  "))
		}
	}
}

// broken makes a creation fail at its metadata, and its removal too where that is said.
func (d *depot) broken(removal bool) {
	refusal := failures["refused"]
	d.before = func(_ int, request string) *fault {
		if strings.HasPrefix(request, "PUT metadata") || removal && strings.HasPrefix(request, "DELETE") {
			return &refusal
		}
		return nil
	}
}

// A creation that is refused half-way is taken back: by the word of nobody, since
// nobody was ever given the object.
func TestCreationIsWholeOrTakenBack(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, values{"approve_dangerous_operations": false}).resource("widget")
	d.broken(false)
	w.run(most).refuse(t, "Could not finish creating", "Broken. (BROKEN)", "removed again", "begins anew")
	if made := changed(d.since()); w.state != nil || len(d.rows["widgets"]) > 0 || made[len(made)-1] != "DELETE widgets/1001 approved" {
		t.Errorf("not taken back: %s", made)
	}
	d.healthy()
	w.mustRun(most)
}

// What somebody uses by then is not taken back.
func TestCreationInUseIsKept(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.broken(false)
	used := d.before
	d.before = func(n int, request string) *fault {
		for _, o := range d.rows["widgets"] {
			o["slots"] = []any{map[string]any{"number": 1}}
		}
		return used(n, request)
	}
	w.run(most).refuse(t, "Could not finish creating", "t is in use (slots is", "terraform untaint")
	if !w.state.Tainted {
		t.Error("the widget is not tainted")
	}
	d.only(t, "widgets")
}

// An object that could be neither finished nor removed is deleted by approval only,
// like any other: somebody may have come to use it since.
func TestUnfinishedObjectIsGuarded(t *testing.T) {
	for name, next := range map[string]values{"replaced": most, "destroyed": nil} {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		d.broken(true)
		w.run(most).refuse(t, "Could not finish creating", `widget "w" (id 1001)`, "could not be removed again", "terraform untaint")
		if !w.state.Tainted || w.get("id") != 1001 {
			t.Fatal("the widget is not in the state")
		}
		d.healthy()
		says(t, w.refresh().warnings(), "unfinished", "terraform untaint")
		d.since()
		w.run(next).refuse(t, "dangerous and not approved")
		if made := changed(d.since()); len(made) > 0 {
			t.Errorf("%s by %s", name, made)
		}
		d.only(t, "widgets")
	}
}

// The user can keep an unfinished object: after terraform untaint, the next
// apply finishes it in place, and it is as well guarded as any.
func TestUntaintedObjectIsFinishedInPlace(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.broken(true)
	w.run(most).refuse(t, "Could not finish creating")
	d.healthy()
	w.state.Tainted = false
	d.since()
	w.mustRun(most)
	if made := changed(d.since()); len(made) != 1 || made[0] != `PUT metadata/1001 {"k":"v"}` {
		t.Errorf("finished by %s", made)
	}
	if w.get("serial") != "S1001" {
		t.Errorf("serial is %v", w.get("serial"))
	}
	w.refresh().none(t)
	w.run(nil).refuse(t, "dangerous and not approved")
}

// An object that was finished and is tainted by hand is guarded like any other.
func TestTaintedByHandIsGuarded(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most)
	w.state.Tainted = true
	w.run(most).refuse(t, "dangerous and not approved", lossOfWidget)
	d.only(t, "widgets")
}
