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
			Leave: func(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
				if o, err := s.Client.Read(ctx, "slots", before.ID("id"), nil); err != nil || o["empty"] == true {
					return nil, err
				}
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

// Where others have taken the object out meanwhile, that is what was wanted: the deletion
// goes on, and where it is refused for another reason, that is told.
func TestLeftAlready(t *testing.T) {
	for name, c := range map[string]struct {
		deletion string // the code of what is in the way of it then
		says     []string
	}{
		"and goes":           {},
		"and is kept by all": {"SLOT_IS_LAST", []string{"DELETE slots/1001: SLOT_IS_LAST"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDepot()
			s := newTerraform(t, d, nil).resource("slot")
			s.mustRun(slot)
			d.before = func(_ int, request string) *fault {
				switch o := d.only(t, "slots"); {
				case strings.HasPrefix(request, "DELETE") && o["empty"] == nil:
					return &fault{reason: api.Conflict, code: "SLOT_NOT_EMPTY"}
				case strings.HasPrefix(request, "DELETE") && c.deletion != "":
					return &fault{reason: api.Conflict, code: c.deletion}
				case strings.HasPrefix(request, "POST"):
					o["empty"] = true
					return &fault{reason: api.Conflict, code: "SLOT_EMPTY_ALREADY"}
				}
				return nil
			}
			said := s.run(nil)
			if c.says != nil {
				said.refuse(t, c.says...)
				return
			}
			said.none(t)
			if len(d.rows["slots"]) != 0 {
				t.Error("it is left")
			}
		})
	}
}
