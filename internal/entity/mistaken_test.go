package entity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Another system has other objects under the same ids: a state that is used with
// it must neither change nor delete these.
func TestAnotherObjectOfTheSameIDIsRefused(t *testing.T) {
	for _, kind := range []string{"widget", "button"} {
		d := newDepot()
		w := newTerraform(t, d, values{"approve_dangerous_operations": true}).resource(kind)
		w.mustRun(least)
		was, o := w.state, d.only(t, "widgets")
		o["serial"] = "S2"
		w.refresh().none(t) // one fact alone does not make it another
		w.state = was
		o["created_at"] = d.now.Add(time.Hour).UnixMilli()
		d.since()
		for _, config := range []values{nil, least, least.with(values{"level": 7})} {
			w.run(config).refuse(t, "Could not read", "is by now another object", `serial was S1001 and is S2`, "endpoint", "terraform state rm")
		}
		if made := changed(d.since()); len(made) > 0 || w.state != was {
			t.Errorf("%s: asked %s", kind, made)
		}
	}
}

// An answer that is not about the object says nothing of it, least of all that it
// is gone.
func TestAnswerOfAnotherObjectIsRefused(t *testing.T) {
	for field, answers := range map[string][]any{"id": {1002, nil, "x"}, "type": {nil, 7}} {
		for _, answer := range answers {
			d := newDepot()
			w := newTerraform(t, d, nil).resource("widget")
			w.mustRun(least)
			was := w.state
			d.only(t, "widgets")[field] = answer
			w.refresh().refuse(t, "Could not read", `widget "w" (id 1001)`)
			if w.state != was {
				t.Errorf("%s %v: the state changed", field, answer)
			}
		}
	}
}

// What others put on an object after its import is theirs.
func TestLaterMetadataOfAnImportedObjectIsLeftAlone(t *testing.T) {
	config := least.with(values{"metadata": values{"k": "v"}})
	for _, kind := range []string{"widget", "button"} {
		for _, c := range []values{config, least} {
			d := newDepot()
			tf := newTerraform(t, d, nil)
			tf.resource(kind).mustRun(config)
			w := tf.resource(kind)
			w.importAs("1001").none(t)
			w.quiet(c)
			d.pairs["1001"]["foreign"] = "x"
			w.quiet(c)
			w.mustRun(c.with(values{"level": 3}))
			if len(d.pairs["1001"]) != 2 {
				t.Errorf("the pairs of the %s are %v", kind, d.pairs["1001"])
			}
		}
	}
}

// What an import has found of metadata stays as long as no configuration speaks of
// it, whatever else is applied.
func TestImportedMetadataOutlivesUpdates(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("widget").mustRun(least.with(values{"metadata": values{"k": "v"}}))
	w := tf.resource("widget")
	w.importAs("1001").none(t)
	for level := range 3 {
		w.mustRun(least.with(values{"level": level}))
	}
	if d.pairs["1001"]["k"] != "v" {
		t.Errorf("the pairs of the widget are %v", d.pairs["1001"])
	}
	w.mustRun(least.with(values{"metadata": values{"k": "w"}}))
	w.mustRun(least)
	if len(d.pairs["1001"]) > 0 {
		t.Errorf("the pairs of the widget are %v", d.pairs["1001"])
	}
}

// An object of which the system tells nothing that lasts is guarded like any
// other: it is not one whose creation did not end.
func TestObjectWithoutLastingFactsIsGuarded(t *testing.T) {
	for _, imported := range []bool{false, true} {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		w.mustRun(least)
		o := d.only(t, "widgets")
		o["serial"], o["created_at"] = nil, nil
		if imported {
			w.state = nil
			w.importAs("1001").none(t)
		}
		w.run(nil).refuse(t, "not approved")
		w.run(least.with(values{"color": "green"})).refuse(t, "not approved")
		d.only(t, "widgets")
	}
}

// What was not known when an action was planned counts when it is invoked.
func TestActionIsNotInvokedUnapproved(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, values{"approve_dangerous_operations": true})
	typ := tf.schemas.ActionSchemas["storage_depot_widget_shake"].Schema.ValueType()
	stream, err := tf.start().InvokeAction(tf.ctx, &tfprotov6.InvokeActionRequest{
		ActionType: "storage_depot_widget_shake", Config: testcore.Wire(encode(t, typ, values{"widget_id": 1001, "approved": false})),
	})
	if err != nil {
		t.Fatal(err)
	}
	var diags diagnostics
	for event := range stream.Events {
		if e, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
			diags = append(diags, e.Diagnostics...)
		}
	}
	diags.refuse(t, append(remedies, "dangerous and not approved", "It may break.")...)
	d.asked(t)
}

// The old object of a replacement that creates first is deleted by the word of its
// own state, which a no there would refuse for good.
func TestRefusalInTheStateIsLiftedBeforeAReplacement(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most.with(values{"approved": false}))
	w.run(most.with(values{"color": "green", "approved": true})).refuse(t, "Replacing", "approved = false", "apply")
	w.mustRun(most.with(values{"approved": true}))
	w.mustRun(most.with(values{"color": "green", "approved": true}))

	w.mustRun(most.with(values{"color": "green", "approved": nil}))
	planned := w.plan(most.with(values{"color": "red", "approved": true}))
	says(t, planned.warnings(), "create_before_destroy")
}

// An object that somebody else has made under the name, while the answer of a
// creation was lost that was never carried out, is not what was asked for.
func TestAnothersObjectOfTheMomentIsNotAdopted(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	d.before = func(_ int, request string) *fault {
		if len(d.rows["widgets"]) > 0 || !strings.HasPrefix(request, "POST") {
			return nil
		}
		if _, err := d.create("widgets", values{"name": "w", "box_id": 2, "size": number(4096)}); err != nil {
			t.Error(err)
		}
		return &fault{reason: api.Ambiguous, message: "No answer."}
	}
	w.run(least).refuse(t, `Could not create widget "w"`)
	if w.state != nil {
		t.Error("another's widget was adopted")
	}
}

// A serial number that was reset, as some systems can, does not make another object
// where nothing else tells so.
func TestResetSerialIsDrift(t *testing.T) {
	for _, c := range []struct {
		name    string
		another bool
	}{{"w", false}, {"v", true}} {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		w.mustRun(least)
		o := d.only(t, "widgets")
		o["created_at"] = nil // as where the kind has no date
		w.refresh().none(t)
		o["serial"], o["name"] = "S2", c.name
		if diags := w.refresh(); diags.failed() != c.another {
			t.Errorf("%s: %s", c.name, diags.text())
		}
	}
}
