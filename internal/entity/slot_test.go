package entity_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// slotKind has a name that each rack has once, and a reach that the depot keeps in two
// fields. A slot that is not empty is emptied before it is deleted.
func slotKind() *entity.Kind {
	return &entity.Kind{
		System:  "depot",
		Name:    "slot",
		Plural:  "slots",
		Path:    "slots",
		Doc:     "A slot.",
		Reading: entity.Reading{Find: findSlot, By: []string{"id", "rack", "name"}},
		Deletion: entity.Deletion{
			Leave: func(_ context.Context, _ *entity.Session, before entity.Values) ([]api.Request, error) {
				return []api.Request{{Method: http.MethodPost, Path: api.Path("slots", before.Int("id"), "empty")}}, nil
			},
		},
		Facts: entity.Facts{
			entity.ID(),
			entity.Text("name").Required().Mutable().OncePer("rack").Queryable().Doc("The name."),
			entity.Integer("rack").Required().Doc("The rack."),
			entity.Text("reach").Field("from").From(func(o api.Object) any { return fmt.Sprintf("%v-%v", o["from"], o["to"]) }, "to").
				Into(func(body api.Object, value any) {
					body["from"], body["to"], _ = strings.Cut(fmt.Sprint(value), "-")
				}).Required().Mutable().Doc("From where to where it reaches."),
		},
	}
}

func findSlot(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("id") {
		return s.Client.Read(ctx, "slots", v.ID("id"), nil)
	}
	for o, err := range s.Client.List(ctx, "slots", api.Query{Filters: api.Where("name", v.Text("name"))}) {
		if err != nil || !v.Known("rack") || fmt.Sprint(o["rack"]) == v.ID("rack") {
			return o, err
		}
	}
	return nil, &api.Error{Reason: api.NotFound, Message: "There is no such slot"}
}

var slot = values{"name": "a", "rack": 1, "reach": "3-7"}

// What the system keeps in two fields is one attribute.
func TestFactInTwoFields(t *testing.T) {
	d := newDepot()
	s := newTerraform(t, d, nil).resource("slot")
	s.run(slot).none(t)
	d.asked(t, "LIST slots name eq a", `POST slots {"from":"3","name":"a","rack":1,"to":"7"}`)
	s.quiet(slot)
	d.since()
	s.mustRun(slot.with(values{"reach": "4-8"}))
	if made := changed(d.since()); strings.Join(made, "\n") != `PUT slots/1001 {"from":"4","to":"8"}` {
		t.Errorf("asked %s", made)
	}
}

// A name that is there once in each rack is found in its rack: by the data source, and in
// the way of another.
func TestNameWithinAnOwner(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("slot").mustRun(slot)
	tf.resource("slot").mustRun(slot.with(values{"rack": 2}))
	if found := tf.read("storage_depot_slot", values{"rack": 2, "name": "a"}).must(t); fmt.Sprint(found["id"]) != "1002" {
		t.Errorf("found %v", found)
	}
	tf.read("storage_depot_slot", values{"rack": 2}).refuse(t, "id", "name")
	tf.resource("slot").run(slot.with(values{"rack": 2})).refuse(t, `In the way is the slot "a" (id 1002)`)
	// Whose answer is lost is found there, too.
	d.failing(2, lost)
	tf.resource("slot").run(slot.with(values{"rack": 3})).none(t)
	if len(d.rows["slots"]) != 3 {
		t.Errorf("there are %d slots where there are to be 3", len(d.rows["slots"]))
	}
}

// Where the answer is lost of what takes an object out of what holds it, the deletion
// tells what became of it.
func TestLostLeaving(t *testing.T) {
	d := newDepot()
	s := newTerraform(t, d, nil).resource("slot")
	s.mustRun(slot)
	full, emptied := true, 0
	d.before = func(_ int, request string) *fault {
		switch {
		case strings.HasPrefix(request, "DELETE") && full:
			return &fault{reason: api.Conflict, code: "SLOT_NOT_EMPTY"}
		case strings.HasPrefix(request, "POST"):
			emptied++
			full = emptied < 2 // the first request has never arrived
			return &fault{reason: api.Ambiguous, message: "No answer."}
		}
		return nil
	}
	s.run(nil).none(t)
	if len(d.rows["slots"]) != 0 || emptied != 2 {
		t.Errorf("emptied %d times, and %v is left", emptied, d.rows["slots"])
	}
}
