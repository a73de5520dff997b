package entity_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

var lost = fault{reason: api.Ambiguous, message: "No answer.", carried: true}

// The answer to a creation is lost: the object is found by its name and its age, or,
// where users say what identifies it, because it was not there right before.
func TestLostCreationIsRecognised(t *testing.T) {
	for kind, config := range map[string]values{"widget": least, "link": {"widget_id": 7, "box_id": 1}} {
		d := newDepot()
		r := newTerraform(t, d, nil).resource(kind)
		d.failing(map[string]int{"widget": 1, "link": 2}[kind], lost)
		r.run(config).none(t)
		if posts := changed(d.since()); len(posts) != 1 {
			t.Errorf("%s: asked %s", kind, posts)
		}
		r.quiet(config)
		d.only(t, map[string]string{"widget": "widgets", "link": "links"}[kind])
	}
}

// An object of that name that is older than the creation is somebody else's.
func TestOlderObjectIsNotOurs(t *testing.T) {
	for name, age := range map[string]time.Duration{"a year": 365 * 24 * time.Hour, "a minute": time.Minute} {
		d := newDepot()
		tf := newTerraform(t, d, nil)
		tf.resource("widget").mustRun(least)
		d.now = d.now.Add(age)
		d.since()

		w := tf.resource("widget")
		d.failing(1, fault{reason: api.Ambiguous, message: "No answer."})
		w.run(least).refuse(t, `Could not create widget "w"`)
		if w.state != nil {
			t.Errorf("an object that is %s old was adopted", name)
		}
		d.only(t, "widgets")
	}
}

func TestWithoutAClockNothingIsOurs(t *testing.T) {
	d := newDepot()
	d.noClock = true
	w := newTerraform(t, d, nil).resource("widget")
	d.failing(1, lost)
	w.run(least).refuse(t, `In the way is the widget "w" (id 1001)`, "terraform import storage_depot_widget.NAME '1001'")
	if w.state != nil {
		t.Error("an object of unknown age was adopted")
	}
}

// A relation that is there already is somebody's, also where it is as was asked for:
// nothing is sent, and the error says how to import it.
func TestRelationThatIsThereIsNotTakenOver(t *testing.T) {
	for slot, story := range map[int]string{3: "It looks as configured.", 9: "It is not as configured: slot is 3 where 9 is wanted."} {
		d := newDepot()
		tf := newTerraform(t, d, nil)
		tf.resource("link").mustRun(values{"widget_id": 7, "box_id": 1, "slot": 3})
		d.since()
		l := tf.resource("link")
		l.run(values{"widget_id": 7, "box_id": 1, "slot": slot}).refuse(t, "Could not create link", story, "terraform import storage_depot_link.NAME 'widget_id=7,box_id=1'")
		if made := changed(d.since()); l.state != nil || len(made) > 0 {
			t.Errorf("taken over by %s", made)
		}
		l.importAs("widget_id=7,box_id=1").succeed(t)
		l.quiet(values{"widget_id": 7, "box_id": 1})
	}
}

// A system that never answers is asked a few times, and no more.
func TestSilentSystemIsGivenUp(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.failingOn("POST", fault{reason: api.Ambiguous, message: "No answer."})
	w.run(least).refuse(t, `Could not create widget "w"`, "No answer.")
	if posts := changed(d.since()); len(posts) < 2 || len(posts) > 5 {
		t.Errorf("%d attempts", len(posts))
	}
	if w.state != nil {
		t.Error("there is a state of nothing")
	}
}

// Where the look for a lost creation fails too, nothing is made twice: the next
// apply says that the name is taken, and how to import what has it.
func TestLostCreationThatCannotBeLookedForIsNotDoubled(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.before = func(number int, _ string) *fault {
		if number == 1 {
			return &lost
		}
		return &fault{reason: api.Unreachable, message: "No route."}
	}
	w.run(least).refuse(t, "No answer.")
	d.healthy()
	d.now = d.now.Add(time.Minute)
	w.run(least).refuse(t, `In the way is the widget "w" (id 1001), created 2026-03-01T12:00:00Z. It looks as configured.`, "terraform import", "import {")
	d.only(t, "widgets")
	w.importAs("1001").none(t)
	w.mustRun(least)
}

// The answer to an operation of its own is lost: it is looked for before it is
// tried again.
func TestLostOperationIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, change := range []values{{"box_id": 2}, {"frozen": false}, {"ports": []any{"000a", "000b", "000c"}}, {"ports": []any{"000a"}, "approved": true}} {
		for _, f := range []fault{lost, {reason: api.Ambiguous, message: "No answer."}} {
			d := newDepot()
			w := newTerraform(t, d, nil).resource("widget")
			w.mustRun(most)
			planned := w.plan(most.with(change))
			d.since()
			d.failing(1, f)
			w.apply(planned, most.with(change)).succeed(t)
			made := changed(d.since())
			if f.carried && len(made) != 1 || !f.carried && len(made) != 2 {
				t.Errorf("%v carried out %v: asked %s", change, f.carried, made)
			}
			w.quiet(most.with(change))
		}
	}
}

// An object that was made but for a part is taken back, like any that could not be
// made whole.
func TestPartlyDoneCreationIsTakenBack(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.failing(1, fault{reason: api.PartlyDone, message: "Made, without a lid.", carried: true})
	w.run(least).refuse(t, "Could not finish creating", "Made, without a lid.", "removed again")
	if w.state != nil || len(d.rows["widgets"]) > 0 {
		t.Fatal("the widget is there")
	}
	d.healthy()
	w.mustRun(least)
	d.only(t, "widgets")
}

func TestPartlyDoneUpdateTellsTheTruth(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most)
	planned := w.plan(most.with(values{"level": 1}))
	d.failing(1, fault{reason: api.PartlyDone, message: "Done, but for a part.", carried: true})
	w.apply(planned, most.with(values{"level": 1})).refuse(t, "Could not update", "Done, but for a part.")
	if w.get("level") != 1 {
		t.Errorf("level is %v in the state", w.get("level"))
	}
	d.healthy()
	w.quiet(most.with(values{"level": 1}))
}

// A member that is gone already is removed.
func TestMemberThatIsGoneIsRemoved(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	config := most.with(values{"ports": []any{"000a"}, "approved": true})
	w.mustRun(most)
	planned := w.plan(config)
	d.only(t, "widgets")["ports"] = []any{"000a"}
	w.apply(planned, config).succeed(t)
	w.quiet(config)
	if made := d.since(); !slices.ContainsFunc(made, func(r string) bool { return strings.HasPrefix(r, "DELETE widgets/1001/ports/000b") }) {
		t.Errorf("asked %s", made)
	}
}

// The lost creation is not to be seen yet, so that it is tried again, and is
// refused for what the first attempt has made: which is then taken over.
func TestLateCreationIsRecognised(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.before = func(number int, _ string) *fault {
		switch number {
		case 1:
			return &lost
		case 2:
			return &fault{reason: api.NotFound, message: "Not yet."}
		}
		return nil
	}
	w.run(least).none(t)
	d.healthy()
	if made := changed(d.since()); len(made) != 2 {
		t.Errorf("asked %s", made)
	}
	w.quiet(least)
	d.only(t, "widgets")
}

// A deletion by a key that is carried out a little later than its client waits is not sent
// again: the second would come to nothing, and the first could take what was made since.
func TestDeletionByKeyThatIsUnderWayIsNotRepeated(t *testing.T) {
	t.Parallel()
	d := newDepot()
	l := newTerraform(t, d, nil).resource("link")
	l.mustRun(values{"widget_id": 7, "box_id": 1, "slot": 3, "approved": true})
	sent, looks := false, 0
	d.before = func(_ int, request string) *fault {
		if strings.HasPrefix(request, "DELETE") && !sent {
			sent = true
			return &fault{reason: api.Ambiguous, message: "No answer."}
		}
		if sent {
			if looks++; looks == 2 {
				delete(d.rows["links"], "1/7")
			}
		}
		return nil
	}
	d.since()
	l.run(nil).succeed(t)
	if made := changed(d.since()); len(made) != 1 || looks < 2 {
		t.Errorf("%d looks, and asked %s", looks, made)
	}
}

// What users say the key of is made anew while its deletion's answer is lost: the deletion
// looks first, or it would take the new one for the old.
func TestLostDeletionLeavesWhatComesAfterIt(t *testing.T) {
	t.Parallel()
	d := newDepot()
	r := newTerraform(t, d, nil).resource("link")
	core := r.core()
	at := func(address string) testcore.Config {
		return testcore.Config{Resources: map[string]testcore.Resource{
			r.name + "." + address: {Arguments: values{"widget_id": 7, "box_id": 1, "approved": true}},
		}}
	}
	apply := func(c testcore.Config) {
		if plan, done := core.Run(r.ctx, c, testcore.Options{}); plan.Failed() || done.Failed() {
			t.Fatalf("%s%s", plan, done)
		}
	}
	apply(at("old"))
	deleted, looks, posted := false, 0, make(chan struct{})
	d.before = func(_ int, request string) *fault {
		switch {
		case strings.HasPrefix(request, "DELETE") && !deleted:
			deleted = true
			return &fault{reason: api.Ambiguous, carried: true, message: "No answer."}
		case strings.HasPrefix(request, "POST"):
			close(posted)
		}
		return nil
	}
	d.ahead = func(request string) {
		d.mu.Lock()
		if deleted {
			looks++
		}
		first := looks == 1
		d.mu.Unlock()
		if first {
			select {
			case <-posted:
			case <-time.After(100 * time.Millisecond): // what is to come waits for the deletion's end
			}
		}
	}
	apply(at("next"))
	d.only(t, "links")
}
