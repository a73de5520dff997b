package entity_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

func TestImportForms(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	link := values{"widget_id": 1001, "box_id": 1}
	tf.resource("widget").mustRun(most)
	tf.resource("link").mustRun(link)
	for _, id := range []string{"1001", "id=1001", "name=w", "name=W"} {
		w := tf.resource("widget")
		w.importAs(id).none(t)
		if w.get("id") != 1001 || w.get("name") != "w" {
			t.Errorf("%q found %v", id, w.get("id"))
		}
	}
	for _, id := range []string{"widget_id=1001,box_id=1", "box_id=1,widget_id=1001", "widget=w,box_id=1", "box_id=1,widget=W"} {
		l := tf.resource("link")
		l.importAs(id).none(t)
		l.quiet(link)
	}
}

func TestImportByIdentity(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	link := values{"widget_id": 1001, "box_id": 1}
	tf.resource("widget").mustRun(least)
	tf.resource("link").mustRun(link)
	identities, err := tf.start().GetResourceIdentitySchemas(tf.ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for kind, c := range map[string]struct{ identity, config values }{
		"widget": {values{"id": 1001}, least}, "link": {link, link},
	} {
		r := tf.resource(kind)
		typ := identities.IdentitySchemas[r.name].ValueType()
		r.importFrom(testcore.Import{Identity: c.identity}).none(t)
		r.quiet(c.config)
		if got := decode(t, offWire(t, typ, r.state.Identity.IdentityData)); len(got.(values)) != len(c.identity) {
			t.Errorf("the identity of the %s is %v", kind, got)
		}
	}
}

func TestImportRefusals(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	for _, c := range []struct {
		kind, id string
		words    []string
	}{
		{"widget", "7", []string{"7"}},
		{"widget", "name=none", []string{`Could not import widget "name=none"`, `There is no widget with the name "none"`}},
		{"widget", "w", []string{`"w" is not an id`, "the id (1001) or name=NAME"}},
		{"widget", "id=x", []string{"is not an id"}},
		{"widget", "", []string{"is not an id"}},
		{"widget", "99999999999999999999", []string{"is not an id"}},
		{"link", "7", []string{`"7" is not a key and its value`, "widget_id=1001,box_id=1001"}},
		{"link", "widget_id=x,box_id=1", []string{`"x" is not a number`}},
		{"link", "widget=none,box_id=1", []string{`There is no widget with the name "none"`}},
		{"link", "box=b,widget_id=1", []string{`"box=b" is not a key and its value`, "also widget=NAME for widget_id=1001"}},
		{"link", "size=1,box_id=1", []string{`"size=1" is not a key`}},
		{"link", "widget_id=7", []string{"A link is found by widget_id and box_id"}},
	} {
		r := tf.resource(c.kind)
		diags := r.importAs(c.id)
		if strings.Contains(diags.text(), "Cannot import non-existent remote object") { // core itself says so
			continue
		}
		diags.refuse(t, c.words...)
	}
}

// What import finds of metadata is the object's own; what the provider puts on
// all is not.
func TestImportTakesMetadata(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, values{"default_metadata": values{"by": "terraform"}})
	config := least.with(values{"metadata": values{"k": "v"}})
	tf.resource("widget").mustRun(config)
	w := tf.resource("widget")
	w.importAs("1001").none(t)
	w.quiet(config)
	// A configuration that does not speak of metadata takes nothing away from what
	// it has just imported.
	d.since()
	w.run(least).succeed(t)
	if made := changed(d.since()); len(made) > 0 {
		t.Errorf("asked %s", made)
	}
}

// found is one result of terraform query.
type found struct {
	diagnostics
	name               string
	identity, resource values
}

// query is terraform query over one kind.
func (tf *terraform) query(kind string, config values, limit int64) []found {
	tf.Helper()
	r := tf.resource(kind)
	server := tf.start()
	identities, err := server.GetResourceIdentitySchemas(tf.ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		tf.Fatal(err)
	}
	value := testcore.Wire(encode(tf, tf.schemas.ListResourceSchemas[r.name].ValueType(), config))
	checked, err := server.ValidateListResourceConfig(tf.ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: r.name, Config: value})
	if err != nil {
		tf.Fatal(err)
	}
	if diags := diagnostics(checked.Diagnostics); diags.failed() {
		return []found{{diagnostics: diags}}
	}
	stream, err := server.ListResource(tf.ctx, &tfprotov6.ListResourceRequest{TypeName: r.name, Config: value, IncludeResource: true, Limit: limit})
	if err != nil {
		tf.Fatal(err)
	}
	var all []found
	for result := range stream.Results {
		one := found{diagnostics: result.Diagnostics, name: result.DisplayName}
		if !one.failed() {
			one.identity, _ = decode(tf, offWire(tf, identities.IdentitySchemas[r.name].ValueType(), result.Identity.IdentityData)).(values)
			one.resource, _ = decode(tf, offWire(tf, r.schema.ValueType(), result.Resource)).(values)
		}
		all = append(all, one)
	}
	return all
}

func TestListResource(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("widget").mustRun(most)
	tf.resource("widget").mustRun(least.with(values{"name": "v"}))
	tf.resource("link").mustRun(values{"widget_id": 1001, "box_id": 1, "slot": 4})
	d.since()

	all := tf.query("widget", values{}, 10)
	if len(all) != 2 || all[0].name != `widget "w" (id 1001)` || all[1].identity["id"] != 1002 {
		t.Fatalf("found %v", all)
	}
	for name, want := range map[string]any{"name": "w", "mode": "B", "serial": "S1001"} {
		if all[0].resource[name] != want {
			t.Errorf("%s is %v", name, all[0].resource[name])
		}
	}
	if asked := d.since(); asked[0] != "LIST widgets type eq WIDGET limit 11" { // one more than wanted: it tells whether there are more
		t.Errorf("asked %s", asked)
	}
	for _, result := range tf.query("widget", values{}, 2) {
		result.none(t)
	}
	if cut := tf.query("widget", values{}, 1); len(cut) != 1 || cut[0].failed() || cut[0].identity["id"] != 1001 {
		t.Errorf("found %v", cut)
	} else if said := cut[0].warnings(); !strings.Contains(said, "There are more widgets than the 1 that are listed") || !strings.Contains(said, "set limit there") {
		t.Errorf("said %q", said)
	}
	filter := values{"filters": []any{values{"field": "name", "values": []any{"v"}}}}
	if some := tf.query("widget", filter, 10); len(some) != 1 || some[0].identity["id"] != 1002 {
		t.Errorf("found %v", some)
	}
	if links := tf.query("link", values{"box_id": 1}, 10); len(links) != 1 || links[0].resource["slot"] != 4 {
		t.Errorf("found %v", links)
	}
	tf.query("widget", values{"filters": []any{values{"field": "used", "values": []any{"1"}}}}, 1)[0].refuse(t, "Cannot filter by this field")
	d.failing(1, fault{code: "BROKEN", message: "Broken."})
	tf.query("widget", values{}, 1)[0].refuse(t, "Could not list widgets", "Broken. (BROKEN)")
}

// What terraform query generates is what import finds: the two lead to one state.
func TestListResourceFindsWhatImportFinds(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("widget").mustRun(most)
	w := tf.resource("widget")
	w.importAs("1001").none(t)
	listed := tf.query("widget", values{}, 1)[0].resource
	for name, value := range testcore.Attributes(w.state.Value) {
		if want, got := encode(t, value.Type(), nil), listed[name]; name != "timeouts" && !value.Equal(want) && got == nil {
			t.Errorf("%s is not listed", name)
		}
	}
}
