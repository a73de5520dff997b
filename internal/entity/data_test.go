package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// answer is what a data source found.
type answer struct {
	diagnostics
	values
}

func (a answer) must(t testing.TB) values {
	t.Helper()
	a.succeed(t)
	return a.values
}

// read is a data source in a configuration.
func (tf *terraform) read(name string, config values) answer {
	tf.Helper()
	schema := tf.schemas.DataSourceSchemas[name]
	if schema == nil {
		tf.Fatalf("there is no data source %s", name)
	}
	server := tf.start()
	value := testcore.Wire(encode(tf, schema.ValueType(), config))
	checked, err := server.ValidateDataResourceConfig(tf.ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: value})
	if err != nil {
		tf.Fatal(err)
	}
	if diags := diagnostics(checked.Diagnostics); diags.failed() {
		return answer{diagnostics: diags}
	}
	resp, err := server.ReadDataSource(tf.ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: value})
	if err != nil {
		tf.Fatal(err)
	}
	found, _ := decode(tf, offWire(tf, schema.ValueType(), resp.State)).(values)
	return answer{resp.Diagnostics, found}
}

func TestDataSourceFindsByEachKey(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("widget").mustRun(most)
	tf.resource("link").mustRun(values{"widget_id": 1001, "box_id": 1})
	for _, by := range []values{{"id": 1001}, {"name": "w"}} {
		found := tf.read("storage_depot_widget", by).must(t)
		for name, want := range map[string]any{
			"id": 1001, "name": "w", "size": "1KiB", "quota": "1KiB", "mode": "B", "label": "MIXED", "box_id": 1, "weight": 3,
			"serial": "S1001", "created_at": "2026-03-01T12:00:00Z", "expires_at": "2027-01-30T23:00:00Z", "has_key": true, "temperature": 20.5,
		} {
			if found[name] != want {
				t.Errorf("%v: %s is %v, wanted %v", by, name, found[name], want)
			}
		}
		if got := fmt.Sprint(found["metadata"], found["ports"], found["peers"]); got != "map[k:v] [000a 000b] [1 2 3]" {
			t.Errorf("found %s", got)
		}
	}
	if slot := tf.read("storage_depot_link", values{"widget_id": 1001, "box_id": 1}).must(t)["slot"]; slot != 1 {
		t.Errorf("slot is %v", slot)
	}
}

func TestDataSourceRefusesWhatFindsNothing(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.read("storage_depot_widget", values{"id": 7}).refuse(t, "Could not find widget (id 7)")
	tf.read("storage_depot_widget", values{"name": "none"}).refuse(t, `Could not find widget "none"`, `There is no widget with the name "none"`)
	tf.read("storage_depot_widget", values{}).refuse(t, "id", "name")
	tf.read("storage_depot_widget", values{"id": 7, "name": "x"}).refuse(t, "id", "name")
	tf.read("storage_depot_link", values{"widget_id": 7}).refuse(t, "A link is found by widget_id and box_id")
}

// filters are the conditions that a listing can be given: each operator on each
// shape, and what is sent.
var filters = []struct {
	field, operator string
	values          []any
	sent            string
}{
	{"name", "", []any{"a"}, "name eq a"},
	{"name", "", []any{"a", "b"}, "name in a,b"},
	{"name", "neq", []any{"a"}, "name neq a"},
	{"name", "like", []any{"a"}, "name like a"},
	{"id", "in", []any{"1", "2"}, "id in 1,2"},
	{"id", "notin", []any{"1"}, "id notin 1"},
	{"level", "lt", []any{"3"}, "level lt 3"},
	{"level", "leq", []any{"-3"}, "level leq -3"},
	{"size", "gt", []any{"1TB"}, "size gt 1000000000000"},
	{"size", "geq", []any{"1TiB"}, "size geq 1099511627776"},
	{"size", "between", []any{"1KB", "2KB"}, "size between 1000,2000"},
	{"box_id", "is", nil, "box_id is "},
	{"expires_at", "isnot", nil, "expires_at isnot "},
	{"created_at", "lt", []any{"2026-01-31T00:00:00Z"}, "created_at lt 1769817600000"},
	{"shared", "eq", []any{"true"}, "shared eq true"},
	{"ratio", "eq", []any{"1.5"}, "ratio eq 1.5"},
	{"mode", "eq", []any{"A"}, "mode eq A"},
}

func TestPluralSendsEachFilter(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	for _, f := range filters {
		filter := values{"field": f.field, "values": f.values}
		if f.values == nil {
			filter["values"] = nil
		}
		if f.operator != "" {
			filter["operator"] = f.operator
		}
		tf.read("storage_depot_widgets", values{"filters": []any{filter}, "sort": []any{"-size", "name"}, "limit": 5}).must(t)
		d.asked(t, "LIST widgets type eq WIDGET "+f.sent+" sort -size,name limit 5")
	}
}

func TestPluralRefusesBadQueries(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	filter := func(field, operator string, members ...any) values {
		return values{"filters": []any{values{"field": field, "operator": operator, "values": members}}}
	}
	for _, c := range []struct {
		config values
		words  []string
	}{
		{filter("used", "eq", "1"), []string{"Cannot filter by this field", `"used"`, "name, box_id, size", `filters`, "field"}},
		{filter("nonsense", "eq", "1"), []string{"Cannot filter by this field"}},
		{filter("name", "equals", "1"), []string{"Unknown operator", `"equals"`, "between, eq, geq", "operator"}},
		{filter("name", "eq"), []string{"Wrong number of values", "takes one value; it has 0"}},
		{filter("name", "eq", "a", "b"), []string{"takes one value; it has 2"}},
		{filter("level", "between", "1"), []string{"takes 2 values; it has 1"}},
		{filter("level", "in"), []string{"takes at least one value"}},
		{filter("level", "is", "1"), []string{"takes no values; it has 1"}},
		{filter("level", "eq", "one"), []string{`level: "one" is not a whole number`}},
		{filter("size", "eq", "big"), []string{`"big" is not a capacity`}},
		{filter("shared", "eq", "yes"), []string{`"yes" is neither true nor false`}},
		{filter("ratio", "eq", "half"), []string{`"half" is not a number`}},
		{filter("created_at", "lt", "yesterday"), []string{`"yesterday" is not a point in time`}},
		{values{"sort": []any{"-used"}}, []string{"Cannot sort by this field", `"used"`}},
		{values{"limit": 0}, []string{"Invalid limit"}},
	} {
		tf.read("storage_depot_widgets", c.config).refuse(t, c.words...)
	}
	if made := d.since(); len(made) > 0 {
		t.Errorf("the depot was asked %v", made)
	}
}

// A value that is not known yet is no bad value.
func TestPluralLetsUnknownValuesPass(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	name := "storage_depot_widgets"
	for _, config := range []values{
		{"filters": notYet{}}, {"sort": notYet{}}, {"limit": notYet{}},
		{"filters": []any{values{"field": notYet{}}}}, {"filters": []any{values{"field": "name", "operator": notYet{}}}},
		{"filters": []any{values{"field": "name", "values": notYet{}}}}, {"filters": []any{values{"field": "level", "values": []any{notYet{}}}}},
		{"sort": []any{notYet{}}},
	} {
		resp, err := tf.start().ValidateDataResourceConfig(tf.ctx, &tfprotov6.ValidateDataResourceConfigRequest{
			TypeName: name, Config: testcore.Wire(encode(t, tf.schemas.DataSourceSchemas[name].ValueType(), config)),
		})
		if err != nil {
			t.Fatal(err)
		}
		diagnostics(resp.Diagnostics).none(t)
	}
}

func TestPluralFindsAllWithTheirMetadata(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	list := func(config values) []any {
		t.Helper()
		return tf.read("storage_depot_widgets", config).must(t)["widgets"].([]any)
	}
	if found := list(values{}); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	tf.resource("widget").mustRun(least.with(values{"name": "a", "metadata": values{"k": "v"}}))
	d.since()
	if found := list(values{}); len(found) != 1 || fmt.Sprint(found[0].(values)["metadata"]) != "map[k:v]" {
		t.Errorf("found %v", found)
	}
	d.asked(t, "LIST widgets type eq WIDGET", "GET metadata/1001")

	tf.resource("widget").mustRun(least.with(values{"name": "b"}))
	d.rows["widgets"]["1003"] = map[string]any{"id": 1003, "type": "OTHER", "name": "c"}
	d.since()
	found := list(values{})
	if len(found) != 2 || found[1].(values)["name"] != "b" || len(found[1].(values)["metadata"].(values)) != 0 {
		t.Errorf("found %v", found)
	}
	d.asked(t, "LIST widgets type eq WIDGET", "LIST metadata")
}

func TestPluralSaysWhyItFailed(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	d.failing(1, fault{code: "BROKEN", message: "Broken.", remedy: "Mend it."})
	tf.read("storage_depot_widgets", values{}).refuse(t, "Could not list widgets", "Broken. (BROKEN)", "Mend it.")
}

func TestFunctions(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	callAll := func(name string, typ, result tftypes.Type, arguments ...any) (any, string) {
		t.Helper()
		request := &tfprotov6.CallFunctionRequest{Name: name}
		for _, argument := range arguments {
			request.Arguments = append(request.Arguments, testcore.Wire(encode(t, typ, argument)))
		}
		resp, err := tf.start().CallFunction(tf.ctx, request)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Error != nil {
			if strings.HasSuffix(resp.Error.Text, ".") {
				t.Errorf("%s: Terraform adds a full stop to %q", name, resp.Error.Text)
			}
			return nil, resp.Error.Text
		}
		return decode(t, offWire(t, result, resp.Result)), ""
	}
	call := func(name string, typ tftypes.Type, argument any, result tftypes.Type) (any, string) {
		t.Helper()
		return callAll(name, typ, result, argument)
	}
	for _, c := range []struct{ capacity, multiple, want, refused string }{
		{"1GB", "512B", "1GB", ""},
		{"1.1GiB", "512", "1181116416", ""},
		{"333333333333.3333", "512B", "333333333504", ""},
		{"0.1", "512B", "512", ""},
		{"0", "512B", "0", ""},
		{"999.9MB", "1GiB", "1GiB", ""},
		{"7EiB", "1EiB", "7EiB", ""},
		{"7.5EiB", "1EiB", "", `"7.5EiB" is larger than a system can hold`},
		{"much", "512B", "", `"much" is not a capacity`},
		{"1GB", "some", "", `"some" is not a capacity`},
		{"1GB", "0B", "", "multiple of 0"},
	} {
		got, refused := callAll("capacity_round_up", tftypes.String, tftypes.String, c.capacity, c.multiple)
		if (got != c.want && c.refused == "") || !strings.Contains(refused, c.refused) || (refused != "") != (c.refused != "") {
			t.Errorf("capacity_round_up(%q, %q) is %v %s, want %q %s", c.capacity, c.multiple, got, refused, c.want, c.refused)
		}
	}
	for text, want := range map[string]any{"1.5TiB": 1649267441664, "500GB": 500000000000, "7": 7} {
		if got, refused := call("bytes", tftypes.String, text, tftypes.Number); got != want {
			t.Errorf("bytes(%q) is %v %s", text, got, refused)
		}
	}
	if _, refused := call("bytes", tftypes.String, "much", tftypes.Number); refused == "" {
		t.Error(`bytes("much") is accepted`)
	}
	for bytes, want := range map[int]any{500000000000: "500GB", 1099511627776: "1TiB", 0: "0", 7: "7"} {
		if got, refused := call("capacity", tftypes.Number, bytes, tftypes.String); got != want {
			t.Errorf("capacity(%d) is %v %s", bytes, got, refused)
		}
	}
	for bytes, want := range map[any]string{
		-1: "not negative", 1.5: "1.5 is not a whole number of bytes", 1e30: "1e+30 is larger than a system can hold",
	} {
		if _, refused := call("capacity", tftypes.Number, bytes, tftypes.String); !strings.Contains(refused, want) {
			t.Errorf("capacity(%v): %q", bytes, refused)
		}
	}
}
