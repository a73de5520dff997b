package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// rackKind refers to others: to one, perhaps to another, and to several.
func rackKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "rack", Plural: "racks", Path: "racks", Doc: "A rack.",
		Facts: entity.Facts{
			entity.ID(), entity.Name(20),
			entity.Ref("plate_id").Required().Mutable().To("plate"),
			entity.Ref("spare_id").Optional().Mutable().To("plate"),
			entity.Integers("widget_ids").Optional().Mutable().To("widget", "gadget"),
		},
	}
}

func TestReferencesToNothingAreRefusedAtPlan(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, nil)
	plate, widget := tf.resource("plate"), tf.resource("widget")
	plate.mustRun(values{"name": "p"})
	widget.mustRun(least)
	rack := values{"name": "r", "plate_id": plate.get("id"), "spare_id": 0}
	d.since()
	for _, c := range []struct {
		change values
		words  []string
	}{
		{values{"plate_id": 9999}, []string{`"plate_id"`, "There is no plate with the id 9999", `Rack "r" asks for it by plate_id`}},
		{values{"plate_id": 0}, []string{`"plate_id"`, "There is no plate with the id 0"}},
		{values{"plate_id": -1}, []string{`"plate_id"`, "There is no plate with the id -1"}},
		{values{"spare_id": 9999}, []string{`"spare_id"`, "There is no plate with the id 9999"}},
		{values{"widget_ids": []any{widget.get("id"), 9999}}, []string{`"widget_ids"`, "There is no widget or gadget with the id 9999"}},
	} {
		tf.resource("rack").plan(rack.with(c.change)).refuse(t, c.words...)
	}
	if made := changed(d.since()); len(made) > 0 {
		t.Errorf("the depot was asked %s", made)
	}
	r := tf.resource("rack")
	r.mustRun(rack.with(values{"widget_ids": []any{widget.get("id")}}))
	r.plan(rack.with(values{"plate_id": 9999})).refuse(t, "There is no plate with the id 9999")
}

// Whoever writes 0 for none where there is none gets no change of it on the system, also
// where the state has it otherwise.
func TestNoneMayBeWrittenWhereThereIsNone(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, nil)
	plate, r := tf.resource("plate"), tf.resource("rack")
	plate.mustRun(values{"name": "p"})
	rack := values{"name": "r", "plate_id": plate.get("id")}
	r.mustRun(rack)
	d.since()
	r.mustRun(rack.with(values{"spare_id": 0}))
	if made := changed(d.since()); len(made) > 0 {
		t.Errorf("the depot was asked %s", made)
	}
	r.quiet(rack.with(values{"spare_id": 0}))
}

// What is made by the same apply is no matter, what is there already costs one request
// however many refer to it, and what this plan has read costs none.
func TestReferencesCostLittle(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, nil)
	plate := tf.resource("plate")
	plate.mustRun(values{"name": "there"})
	id := plate.get("id")
	racks := func(n int, plate any) testcore.Config {
		config := testcore.Config{Resources: map[string]testcore.Resource{}}
		for i := range n {
			config.Resources[fmt.Sprintf("storage_depot_rack.r[%d]", i)] = testcore.Resource{Arguments: values{"name": fmt.Sprintf("r%d", i), "plate_id": plate}}
		}
		return config
	}
	core := tf.resource("rack").core()
	d.since()
	diagnostics(core.Plan(t.Context(), racks(50, id), testcore.Options{}).Shown()).succeed(t)
	d.asked(t, fmt.Sprintf("GET plates/%v", id))

	made := racks(5, testcore.Ref{Address: "storage_depot_plate.new", Attribute: "id"})
	made.Resources["storage_depot_plate.new"] = testcore.Resource{Arguments: values{"name": "new"}}
	plan := core.Plan(t.Context(), made, testcore.Options{})
	diagnostics(plan.Shown()).succeed(t)
	d.asked(t)
	diagnostics(core.Apply(t.Context(), plan).Shown()).succeed(t)

	more := made.Clone()
	more.Resources["storage_depot_rack.another"] = testcore.Resource{Arguments: values{"name": "another", "plate_id": testcore.Ref{Address: "storage_depot_plate.new", Attribute: "id"}}}
	d.since()
	diagnostics(core.Plan(t.Context(), more, testcore.Options{}).Shown()).succeed(t)
	for _, request := range d.since() {
		if strings.HasPrefix(request, "GET plates/") && request != "GET plates/1002" { // its own refresh
			t.Error(request)
		}
	}
}

// Rule 6: what others have deleted stops no plan, and the error of the apply says which
// object is missing.
func TestReferencesToWhatOthersDeleted(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, nil)
	plate, rack := tf.resource("plate"), tf.resource("rack")
	plate.mustRun(values{"name": "p"})
	config := values{"name": "r", "plate_id": plate.get("id")}
	rack.mustRun(config)
	d.rows["plates"], d.rows["racks"] = map[string]api.Object{}, map[string]api.Object{}
	c := rack.plan(config)
	c.succeed(t)
	says(t, c.warnings(), "There is no plate with the id 1001", "this plan goes on")
	rack.apply(c, config).refuse(t, "There is no plate with the id 1001")

	plate.mustRun(values{"name": "q"})
	config["plate_id"] = plate.get("id")
	c = rack.plan(config)
	c.succeed(t)
	d.before = func(_ int, request string) *fault {
		if !strings.HasPrefix(request, "POST racks") {
			return nil
		}
		d.rows["plates"] = map[string]api.Object{}
		return &fault{reason: api.NotFound, code: "PLATE_NOT_FOUND", message: "no such plate"}
	}
	rack.apply(c, config).refuse(t, "PLATE_NOT_FOUND", fmt.Sprintf("plate_id: there is no plate with the id %v.", config["plate_id"]))
}
