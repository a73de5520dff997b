package entity_test

import (
	"slices"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

func TestDisappearedObjectIsMadeAgain(t *testing.T) {
	for kind, c := range map[string]struct {
		config     values
		collection string
		key        string
	}{
		"widget": {most, "widgets", "1001"},
		"gadget": {least, "widgets", "1001"},
		"plate":  {values{"name": "p"}, "plates", "1001"},
		"link":   {values{"widget_id": 7, "box_id": 1}, "links", "1/7"},
	} {
		t.Run(kind, func(t *testing.T) {
			d := newDepot()
			r := newTerraform(t, d, nil).resource(kind)
			r.mustRun(c.config)
			delete(d.rows[c.collection], c.key)
			r.refresh().none(t)
			if r.state != nil {
				t.Fatal("an object that is gone is still in the state")
			}
			r.mustRun(c.config)
			d.only(t, c.collection)
		})
	}
}

// An object of the same id and another kind is not the object.
func TestObjectThatBecameAnotherKindIsGone(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(least)
	d.only(t, "widgets")["type"] = "OTHER"
	w.refresh().none(t)
	if w.state != nil {
		t.Error("the widget is still in the state")
	}
}

// Only the system's word that an object is not there removes it from the state.
func TestFailedReadKeepsTheState(t *testing.T) {
	t.Parallel()
	for _, reason := range []api.Reason{
		api.Other, api.Unauthenticated, api.Forbidden, api.Unreachable, api.Ambiguous, api.Untrusted, api.ApprovalRequired,
	} {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		w.mustRun(most)
		was := w.state
		for request := 1; request <= 2; request++ { // the object, its metadata
			d.failing(request, fault{reason: reason, code: "SOME", message: "No."})
			w.refresh().refuse(t, "Could not read", `widget "w" (id 1001)`, "No. (SOME)")
			if w.state != was {
				t.Errorf("reason %v: the state changed", reason)
			}
		}
		d.healthy()
		w.quiet(most)
	}
}

func TestDestroyOfDisappearedObjectIsNothing(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(least)
	delete(d.rows["widgets"], "1001")
	w.run(nil).none(t)
	if w.state != nil || slices.Contains(d.since(), "DELETE widgets/1001") {
		t.Error("what was gone has been deleted")
	}
}
