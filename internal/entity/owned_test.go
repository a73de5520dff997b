package entity_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// shelfKind lives within a box; its fields lie within objects, the depot lists it
// by equality alone, and an update of one field repeats another.
func shelfKind() *entity.Kind {
	return &entity.Kind{
		System:  "depot",
		Name:    "shelf",
		Plural:  "shelves",
		Path:    "boxes/{box_id}/shelves",
		Doc:     "A shelf.",
		Listing: entity.Listing{As: "found", Plain: true},
		Facts: entity.Facts{
			entity.ID(),
			entity.Ref("box_id").Required().InPath(),
			entity.Text("name").Required().Mutable().Queryable(),
			entity.Integer("wide").Field("size.wide").Defaulted().Mutable().Repeats("deep").Filterable(),
			entity.Integer("deep").Field("size.deep").Defaulted().Mutable(),
			entity.Text("color").Ignoring(strings.ToLower).AsWritten().Optional().Mutable(),
			entity.Capacity("holds").Optional().Mutable().InBlocksOf(512).Danger("What is on it may fall."),
		},
	}
}

// knobKind is there and stays.
func knobKind() *entity.Kind {
	return &entity.Kind{
		System:   "depot",
		Name:     "knob",
		Path:     "knob",
		Doc:      "The knob.",
		Presence: entity.Only,
		Facts: entity.Facts{
			entity.FixedID("knob"), entity.Integer("level").Defaulted().Mutable(), entity.Enum("mode", "A", "B").Defaulted().Mutable(), entity.Integer("heat"),
		},
	}
}

// shake is an event.
func shake() *entity.Action {
	return &entity.Action{
		System: "depot", Name: "widget_shake", Doc: "Shakes a widget.", Danger: "It may break.",
		Arguments: entity.Facts{
			entity.Ref("widget_id").Required(), entity.Integer("times").Optional().Between(1, 9),
			entity.TextList("order").Optional(), entity.Bool("gently").Optional(),
			entity.Secret("word", "").Checked("a word", checkKey),
		},
		Check: func(v entity.Values) error {
			if v.Bool("gently") && v.Int("times") > 3 {
				return errors.New("nothing is shaken gently more than 3 times")
			}
			return nil
		},
		Weighs: []entity.Weighing{{
			When: "nine times", Reason: "Nine times breaks it.",
			Is: func(v entity.Values) bool { return v.Int("times") == 9 },
		}},
		Loses: func(ctx context.Context, s *entity.Session, v entity.Values) []string {
			if v.Int("times") != 9 {
				return nil
			}
			o, err := s.Client.Read(ctx, "widgets", v.ID("widget_id"), []string{"name"})
			if err != nil {
				return nil
			}
			return []string{fmt.Sprintf("Broken is %v.", o["name"])}
		},
		Wait: func(ctx context.Context, s *entity.Session, v entity.Values, answer any) (any, error) {
			if !v.Bool("gently") {
				return answer, nil
			}
			api.Progress(ctx, "Still shaking")
			return s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path("widgets", v.Int("widget_id"), "settle")})
		},
		Doing: func(v entity.Values) string { return fmt.Sprintf("Shaking widget %d", v.Int("widget_id")) },
		Request: func(v entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: api.Path("widgets", v.Int("widget_id"), "shake"), Body: shaken(v)}
		},
		Done: func(answer any) string { return "Shaken " + answer.(api.Object)["name"].(string) },
	}
}

// shaken is what is sent: the list in its order.
func shaken(v entity.Values) api.Object {
	body := api.Object{"times": v.Int("times")}
	if order := v.Texts("order"); len(order) > 0 {
		body["order"] = order
	}
	if v.Known("word_wo") {
		body["word"] = v.Text("word_wo")
	}
	return body
}

var shelf = values{"box_id": 1, "name": "s", "wide": 5, "color": "Red", "holds": "1KiB"}

func TestOwnedObject(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	s := tf.resource("shelf")
	s.run(shelf).none(t)
	d.asked(t, "LIST boxes/1/shelves name eq s", `POST boxes/1/shelves {"color":"Red","holds":1024,"name":"s","size":{"wide":5}}`, "GET boxes/1/shelves/1001")
	s.quiet(shelf)
	s.quiet(shelf.with(values{"color": "RED"}))
	for _, id := range []string{"box_id=1,id=1001", "box_id=1,name=s"} {
		again := tf.resource("shelf")
		again.importAs(id).none(t)
		again.quiet(shelf)
	}
	tf.resource("shelf").importAs("1001").refuse(t, `"1001" is not a key`, "box_id=1001,id=1002 or box_id=1001,name=NAME")
	tf.resource("shelf").importAs("id=1001").refuse(t, "box_id is missing")
	d.since()
	s.run(shelf.with(values{"wide": 6, "deep": 7})).none(t)
	s.run(shelf.with(values{"wide": 8, "deep": 7})).none(t)
	s.run(shelf.with(values{"wide": 8, "deep": 9})).none(t)
	if made := changed(d.since()); strings.Join(made, "\n") != `PUT boxes/1/shelves/1001 {"size":{"deep":7,"wide":6}}
PUT boxes/1/shelves/1001 {"size":{"deep":7,"wide":8}}
PUT boxes/1/shelves/1001 {"size":{"deep":9}}` {
		t.Errorf("asked %s", strings.Join(made, "\n"))
	}
	s.run(shelf.with(values{"holds": "1000"})).refuse(t, "not a multiple of 512 bytes", `"1KiB"`)
	s.run(shelf.with(values{"holds": "2KiB"})).refuse(t, "dangerous", "What is on it may fall.")
	s.run(shelf.with(values{"box_id": 2, "approved": true})).succeed(t)
	if len(d.rows["boxes/1/shelves"]) != 0 || len(d.rows["boxes/2/shelves"]) != 1 {
		t.Error("the shelf has not changed its box")
	}
	s.run(nil).none(t)
}

// What is repeated is what the system has by then, also where others have changed it since
// the plan: the next plan shows that.
func TestRepeatedFactIsNotTakenBack(t *testing.T) {
	t.Parallel()
	d := newDepot()
	s := newTerraform(t, d, nil).resource("shelf")
	shelf := values{"box_id": 1, "name": "top", "wide": 4, "deep": 7}
	s.mustRun(shelf)
	wider := shelf.with(values{"wide": 6})
	plan := s.plan(wider)
	for _, o := range d.rows["boxes/1/shelves"] {
		o["size"] = api.Object{"wide": 4, "deep": 9}
	}
	d.since()
	s.apply(plan, wider).none(t)
	if made := changed(d.since()); strings.Join(made, "") != `PUT boxes/1/shelves/1001 {"size":{"deep":9,"wide":6}}` {
		t.Errorf("asked for\n%s", strings.Join(made, "\n"))
	}
	if next := s.plan(wider); next.value(t, "deep") != 7 {
		t.Errorf("the next plan has a depth of %v", next.value(t, "deep"))
	}
}

func TestPlainFilters(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("shelf").mustRun(shelf)
	d.since()
	found := tf.read("storage_depot_shelves", values{"box_id": 1, "name": "s", "wide": 5, "order_by": []any{"name desc", "name"}, "limit": 2}).must(t)
	if all := found["found"].([]any); len(all) != 0 && all[0].(values)["color"] != "Red" {
		t.Errorf("found %v", all)
	}
	d.asked(t, "LIST boxes/1/shelves name eq s size.wide eq 5 sort -name,name limit 2")
	tf.read("storage_depot_shelves", values{"box_id": 1, "order_by": []any{"wide"}}).refuse(t, "Cannot sort by this field", `"wide"`, "Use one of: id, name")
	tf.read("storage_depot_shelves", values{"box_id": 1, "order_by": []any{"name up"}}).refuse(t, "Unknown direction", `"name desc"`)
	tf.read("storage_depot_shelf", values{"box_id": 1, "name": "s"}).must(t)
	tf.read("storage_depot_shelf", values{"box_id": 2, "id": 1001}).refuse(t, "Could not find shelf")
	tf.read("storage_depot_shelf", values{"id": 1001}).refuse(t, "box_id")
	tf.read("storage_depot_shelf", values{"box_id": 1}).refuse(t, "id", "name")
}

// A singleton is taken over as it is, changed, and given back as it was.
func TestSingleton(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	k := tf.resource("knob")
	k.run(values{"level": 9}).none(t)
	d.asked(t, "GET knob", `PUT knob {"level":9}`)
	k.quiet(values{"level": 9})
	d.since()
	k.run(values{"level": 9, "mode": "B"}).none(t)
	d.asked(t, "GET knob", `PUT knob {"mode":"B"}`)
	k.quiet(values{"level": 9, "mode": "B"})
	d.failingOn("PUT", failures["refused"])
	k.run(nil).refuse(t, "Could not give back knob")
	d.healthy()
	k.run(nil).none(t)
	if d.knob["level"] != float64(3) && fmt.Sprint(d.knob["level"]) != "3" || d.knob["mode"] != "A" {
		t.Errorf("the knob is %v", d.knob)
	}
	k = tf.resource("knob")
	d.failingOn("PUT", failures["refused"])
	k.run(values{"level": 9}).refuse(t, "Could not take over knob")
	if k.state != nil {
		t.Error("a knob that was not taken over is in the state")
	}
	d.healthy()
	k.mustRun(values{"level": 9})
	// What it was is of what is gone by now: no run fails over that for ever.
	d.failingOn("PUT", fault{reason: api.NotFound, code: "PART_NOT_FOUND", message: "no such part"})
	gone := k.run(nil)
	gone.succeed(t)
	says(t, gone.warnings(), "is left as it is", "no such part")
	if k.state != nil {
		t.Error("the knob is still in the state")
	}
}

// What others change of what is taken over is theirs, unless the configuration has a word
// in it.
func TestGivingBackWhatWasGiven(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	k := tf.resource("knob")
	k.mustRun(values{"level": 9})
	d.knob["mode"] = "B"
	k.refresh().none(t)
	d.since()
	k.run(nil).none(t)
	d.asked(t, "GET knob", `PUT knob {"level":3}`)
	k = tf.resource("knob")
	k.mustRun(values{"level": 9})
	k.mustRun(values{"level": 9, "mode": "A"})
	d.since()
	k.run(nil).none(t)
	d.asked(t, "GET knob", `PUT knob {"level":3,"mode":"B"}`)
}

// act plans and invokes the action, and returns what was said.
func (tf *terraform) act(config values) (diagnostics, []string) {
	tf.Helper()
	server, name := tf.start(), "storage_depot_widget_shake"
	typ := tf.schemas.ActionSchemas[name].Schema.ValueType()
	value := testcore.Wire(encode(tf, typ, config))
	checked, err := server.ValidateActionConfig(tf.ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: value})
	if err != nil || diagnostics(checked.Diagnostics).failed() {
		return checked.Diagnostics, nil
	}
	planned, err := server.PlanAction(tf.ctx, &tfprotov6.PlanActionRequest{ActionType: name, Config: value})
	if err != nil || diagnostics(planned.Diagnostics).failed() {
		return planned.Diagnostics, nil
	}
	diags := diagnostics(planned.Diagnostics)
	stream, err := server.InvokeAction(tf.ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: value})
	if err != nil {
		tf.Fatal(err)
	}
	var said []string
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			said = append(said, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = append(diags, e.Diagnostics...)
		}
	}
	return diags, said
}

func TestAction(t *testing.T) {
	for _, c := range consents {
		d := newDepot()
		tf := newTerraform(t, d, values{"approve_dangerous_operations": c.provider})
		tf.resource("widget").mustRun(least)
		d.since()
		diags, said := tf.act(values{"widget_id": 1001, "times": 2, "approved": c.resource})
		if !c.approved {
			diags.refuse(t, append(remedies, "dangerous and not approved", "It may break.")...)
			d.asked(t)
			continue
		}
		diags.succeed(t)
		says(t, diags.warnings(), "It may break.")
		d.asked(t, `POST widgets/1001/shake {"times":2} approved`)
		if strings.Join(said, "; ") != "Shaking widget 1001; Shaken w" {
			t.Errorf("said %q", said)
		}
	}
}

// An action can be dangerous by its arguments, takes lists in their order,
// follows its outcome, and ends with its time.
func TestActionOfMoreThanARequest(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, values{"approve_dangerous_operations": true})
	tf.resource("widget").mustRun(least)
	d.since()
	diags, _ := tf.act(values{"widget_id": 1001, "times": 9, "order": []any{"b", "a"}})
	diags.succeed(t)
	says(t, diags.warnings(), "Nine times breaks it.\n\nBroken is w.")
	d.asked(t, "GET widgets/1001", `POST widgets/1001/shake {"order":["b","a"],"times":9} approved`)
	diags, _ = tf.act(values{"widget_id": 1001, "times": 9, "approved": false})
	diags.refuse(t, "Nine times breaks it.", "Broken is w.", "approved = true")
	diags, _ = tf.act(values{"widget_id": 1001, "times": 4, "gently": true})
	diags.refuse(t, "Nothing is shaken gently more than 3 times")
	d.since()
	diags, said := tf.act(values{"widget_id": 1001, "times": 2, "gently": true})
	diags.succeed(t)
	d.asked(t, `POST widgets/1001/shake {"times":2} approved`, "GET widgets/1001/settle")
	if got := strings.Join(said, "; "); got != "Shaking widget 1001; Still shaking; Shaken w" {
		t.Errorf("said %q", got)
	}
	d.hangOn("GET widgets/1001/settle")
	diags, _ = tf.act(values{"widget_id": 1001, "times": 2, "gently": true, "timeout": "1ms"})
	diags.refuse(t, "The time allowed for it, 1ms, is over", "set timeout")
	diags, _ = tf.act(values{"widget_id": 1001, "timeout": "0s"})
	diags.refuse(t, "leaves no time")
}

// A secret argument is write-only: it is sent, checked, and in no message.
func TestActionTakesSecrets(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, values{"approve_dangerous_operations": true})
	tf.resource("widget").mustRun(least)
	d.since()
	for _, a := range tf.schemas.ActionSchemas["storage_depot_widget_shake"].Schema.Block.Attributes {
		if a.WriteOnly != (a.Name == "word_wo") {
			t.Errorf("%s is write-only: %v", a.Name, a.WriteOnly)
		}
	}
	diags, _ := tf.act(values{"widget_id": 1001, "times": 2, "word_wo": secret})
	diags.succeed(t)
	d.asked(t, `POST widgets/1001/shake {"times":2,"word":"`+secret+`"} approved`)
	diags, _ = tf.act(values{"widget_id": 1001, "times": 2, "word_wo": "short"})
	diags.refuse(t, "word_wo")
	if strings.Contains(diags.text(), "short") {
		t.Errorf("the secret is told: %s", diags.text())
	}
}

func TestActionRefusals(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, values{"approve_dangerous_operations": true})
	diags, _ := tf.act(values{"widget_id": 1001, "times": 10})
	diags.refuse(t, "between 1 and 9")
	diags, _ = tf.act(values{})
	diags.refuse(t, "widget_id")
	d.failingOn("POST", fault{reason: api.ApprovalRequired, code: "APPROVAL_REQUIRED", message: "Are you sure?", remedy: "Be sure."})
	diags, _ = tf.act(values{"widget_id": 1001})
	diags.refuse(t, append(remedies, "Failed: Shaking widget 1001", "Are you sure? (APPROVAL_REQUIRED)", "Be sure.")...)
}
