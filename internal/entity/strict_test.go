package entity_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// whole and without are what the user reads of a fraction and of a null.
func whole(name, number string) []string {
	return []string{"Invalid value", name + " must be a whole number, " + number + " is not"}
}

func without(name string) []string { return []string{"Invalid value", name + " is null. Leave it out"} }

// What no configuration may hold is refused wherever it stands, with its place, and
// never as a mistake of the provider.
func TestNoFractionsAndNoNullElements(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	w := tf.resource("widget")
	filter := func(of ...any) values {
		return values{"filters": []any{values{"field": "name", "operator": "in", "values": of}}}
	}
	for _, c := range []struct {
		found diagnostics
		words []string
	}{
		{w.plan(least.with(values{"level": 1.5})).diagnostics, append(whole("level", "1.5"), `"level"`)},
		{w.plan(least.with(values{"box_id": 1.0 / 3})).diagnostics, whole("box_id", "0.333333333333333")},
		{w.plan(least.with(values{"level": 1e19})).diagnostics, []string{"level must be a number between", "1e+19 is not"}},
		{w.plan(least.with(values{"peers": []any{1, 2.5}})).diagnostics, whole("An element of peers", "2.5")},
		{w.plan(least.with(values{"ports": []any{"000a", nil}})).diagnostics, append(without("An element of ports"), `"ports"`)},
		{w.plan(least.with(values{"peers": []any{nil}})).diagnostics, without("An element of peers")},
		{tf.read("storage_depot_widget", values{"id": 1.5}).diagnostics, whole("id", "1.5")},
		{tf.read("storage_depot_widgets", values{"limit": 1.5}).diagnostics, whole("limit", "1.5")},
		{tf.read("storage_depot_widgets", filter("a", nil)).diagnostics, append(without("filters[0].values[1]"), "ElementKeyInt(1)")},
		{tf.read("storage_depot_widgets", filter(nil)).diagnostics, without("filters[0].values[0]")},
		{tf.read("storage_depot_widgets", values{"filters": []any{nil}}).diagnostics, without("filters[0]")},
		{tf.read("storage_depot_widgets", values{"sort": []any{"name", nil}}).diagnostics, without("sort[1]")},
		{tf.query("widget", filter(nil), 1)[0].diagnostics, without("filters[0].values[0]")},
		{tf.query("link", values{"box_id": 1.5}, 1)[0].diagnostics, whole("box_id", "1.5")},
		{tf.validateSettings(values{"workers": 2.5}), whole("depot.workers", "2.5")},
	} {
		c.found.refuse(t, c.words...)
	}
	if made := d.since(); len(made) > 0 {
		t.Errorf("the depot was asked %v", made)
	}
}

func (tf *terraform) validateSettings(settings values) diagnostics {
	tf.Helper()
	config := encode(tf, tf.schemas.Provider.ValueType(), values{tf.system.Name: tf.block.with(settings)})
	resp, err := tf.serve().ValidateProviderConfig(tf.ctx, &tfprotov6.ValidateProviderConfigRequest{Config: testcore.Wire(config)})
	if err != nil {
		tf.Fatal(err)
	}
	return resp.Diagnostics
}

// Terraform validates an action's configuration once, before it knows all of it: what
// is known later is checked by the plan and the invocation.
func TestActionsAreCheckedWhenTheirArgumentsAreKnown(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	name := "storage_depot_widget_shake"
	typ := tf.schemas.ActionSchemas[name].Schema.ValueType()
	for _, c := range []struct {
		times any
		words []string
	}{
		{2.5, whole("times", "2.5")},
		{12, []string{"times", "between 1 and 9"}},
	} {
		config := testcore.Wire(encode(t, typ, values{"widget_id": 1001, "times": c.times, "approved": true}))
		planned, err := tf.start().PlanAction(tf.ctx, &tfprotov6.PlanActionRequest{ActionType: name, Config: config})
		if err != nil {
			t.Fatal(err)
		}
		diagnostics(planned.Diagnostics).refuse(t, c.words...)
		stream, err := tf.start().InvokeAction(tf.ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: config})
		if err != nil {
			t.Fatal(err)
		}
		for event := range stream.Events {
			diagnostics(event.Type.(tfprotov6.CompletedInvokeActionEventType).Diagnostics).refuse(t, c.words...)
		}
	}
	if made := d.since(); len(made) > 0 {
		t.Errorf("the depot was asked %v", made)
	}
}

func TestImportByAFractionIsRefused(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	tf.resource("widget").importFrom(testcore.Import{Identity: values{"id": 1.5}}).refuse(t, whole("id", "1.5")...)
}

// What is not known yet may still become what it has to be.
func TestUnknownElementsPassTheChecks(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	w := tf.resource("widget")
	w.plan(least.with(values{"level": notYet{}, "peers": []any{notYet{}}, "metadata": values{"k": notYet{}, "l": nil}})).succeed(t)
}
