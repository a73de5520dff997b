package entity

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// A field can be a path into objects within the object.
func TestFieldPaths(t *testing.T) {
	o := api.Object{"name": "p", "svm": api.Object{"uuid": "u", "name": nil}, "cluster": nil}
	for _, test := range []struct {
		field string
		value any
		ok    bool
	}{
		{"name", "p", true}, {"svm.uuid", "u", true}, {"svm.name", nil, true}, {"svm", o["svm"], true},
		{"role", nil, false}, {"svm.role", nil, false}, {"cluster.name", nil, false}, {"name.first", nil, false},
	} {
		if value, ok := api.FieldOf(o, test.field); ok != test.ok || !reflect.DeepEqual(value, test.value) {
			t.Errorf("%s: %v %v", test.field, value, ok)
		}
	}
	body := api.Object{}
	api.SetField(body, "cluster.name", "c")
	api.SetField(body, "cluster.uuid", "u")
	api.SetField(body, "role", "idle")
	if want := (api.Object{"cluster": api.Object{"name": "c", "uuid": "u"}, "role": "idle"}); !reflect.DeepEqual(body, want) {
		t.Error(body)
	}
}

func words(list ...string) []attr.Value {
	var values []attr.Value
	for _, word := range list {
		values = append(values, types.StringValue(word))
	}
	return values
}

// What is compared in a normal form is sent in it, or as the user wrote it.
func TestAsWritten(t *testing.T) {
	user := types.SetValueMust(types.StringType, words("A", "b"))
	system := types.SetValueMust(types.StringType, words("B", "a"))
	for want, f := range map[string]Fact{"a": Texts("users", foldCase), "A": Texts("users", foldCase).AsWritten()} {
		if sent, err := f.shape.encode(user); err != nil || sent.([]any)[0] != want {
			t.Error(sent, err)
		}
		if !same(f.shape, user, system) {
			t.Error("case makes a difference")
		}
	}
}

// Members of a set that mean the same are one, and sent once; a list is sent as it is.
func TestMembersThatMeanTheSame(t *testing.T) {
	set := types.SetValueMust(types.StringType, words("A", "b", "a"))
	if sent, err := Texts("users", foldCase).shape.encode(set); err != nil || fmt.Sprint(sent) != "[a b]" {
		t.Error(sent, err)
	}
	list := types.ListValueMust(types.StringType, words("A", "b", "a"))
	if sent, err := (collection{element: text{normal: foldCase}, ordered: true}).encode(list); err != nil || fmt.Sprint(sent) != "[a b a]" {
		t.Error(sent, err)
	}
}

// The words on a capacity, and on a text, say the same in any order.
func TestWordsCommute(t *testing.T) {
	words := []func(Fact) Fact{
		func(f Fact) Fact { return f.AtLeast("1KB") }, Fact.OrUnlimited,
		func(f Fact) Fact { return f.InBlocksOf(512) }, func(f Fact) Fact { return f.RoundedTo(1024) },
	}
	want := Fact{
		name: "size", field: "size", shape: capacity{unit: 1024, unlimited: true},
		checks: []validator.Describer{capacityCheck{smallest: 1000, block: 512, unlimited: true}},
	}
	for _, order := range permutations(len(words)) {
		f := Capacity("size")
		for _, i := range order {
			f = words[i](f)
		}
		if !reflect.DeepEqual(f, want) {
			t.Errorf("in the order %v: %+v", order, f)
		}
	}
	for _, f := range []Fact{Text("user").AsWritten().Ignoring(foldCase), Text("user").Ignoring(foldCase).AsWritten()} {
		if sent, err := f.shape.encode(types.StringValue("A")); err != nil || sent != "A" || !same(f.shape, types.StringValue("A"), types.StringValue("a")) {
			t.Errorf("%v %v", sent, err)
		}
	}
}

// permutations are the orders of n things.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, order := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(order), at, n-1))
		}
	}
	return all
}

func TestRoundingStaysWithinNumbers(t *testing.T) {
	for _, c := range []struct{ bytes, unit, want int64 }{
		{1, 512, 512}, {512, 512, 512}, {513, 512, 1024}, {7, 0, 7}, {7, 1, 7},
		{math.MaxInt64, 512, math.MaxInt64}, {math.MaxInt64 - 511, 512, math.MaxInt64 - 511}, {math.MaxInt64 - 510, 512, math.MaxInt64},
		{math.MaxInt64, 6442450944, math.MaxInt64},
	} {
		if got := roundUp(c.bytes, c.unit); got != c.want {
			t.Errorf("%d in units of %d: %d, wanted %d", c.bytes, c.unit, got, c.want)
		}
	}
	for bytes, want := range map[int64]string{
		513: `the next one is "1KiB"`, math.MaxInt64: `the last one is "9223372036854775296"`,
	} {
		if got := nearestMultiple(bytes, 512); got != want {
			t.Errorf("%d: %s, wanted %s", bytes, got, want)
		}
	}
}

// An id that is not there leaves its segment empty, and a path like that is not sent.
func TestPathsOfNothing(t *testing.T) {
	unknown := Values{"id": types.Int64Unknown(), "ids": types.SetValueMust(types.Int64Type, []attr.Value{types.Int64Unknown(), types.Int64Value(3), types.Int64Null()})}
	for path, want := range map[string]string{
		api.Path("hosts", unknown.Int("id"), "luns"):      "hosts//luns",
		api.Path("hosts", unknown.Int("none"), "luns"):    "hosts//luns",
		api.Path("hosts", unknown.Text("none")):           "hosts/",
		api.Path("hosts", nil, "luns"):                    "hosts//luns",
		api.Path("hosts", json.Number("0")):               "hosts/",
		api.Path("users", int64(-1)):                      "users/-1",
		api.Path("hosts", json.Number("10"), "luns", "0"): "hosts/10/luns/0",
		api.Path("metadata", int64(7), "a/b ?"):           "metadata/7/a%2Fb%20%3F",
	} {
		if path != want {
			t.Errorf("%s, wanted %s", path, want)
		}
	}
	if got := unknown.Ints("ids"); !reflect.DeepEqual(got, []int64{3}) {
		t.Errorf("the numbers known are %v", got)
	}
	k := &Kind{Name: "thing", Path: "things", Facts: Facts{ID()}}
	if path := k.objectPath(Values{"id": types.Int64Null()}); path != "things/" {
		t.Errorf("the path of nothing is %s", path)
	}
	if _, err := k.find(t.Context(), &Session{}, Values{"id": types.Int64Null()}, true); err == nil || api.ReasonOf(err) == api.NotFound {
		t.Errorf("an object without an id: %v", err)
	}
}

// A null among the elements that a system answers is nothing, and a text may be told
// as a number or a truth.
func TestAnswersWithNulls(t *testing.T) {
	got, err := Texts("names", nil).shape.decode([]any{"a", nil, json.Number("7"), true})
	if want := types.SetValueMust(types.StringType, words("a", "7", "true")); err != nil || !got.Equal(want) {
		t.Errorf("%v %v", got, err)
	}
}

// What the system has rounded up is told as somebody would have asked for it.
func TestPlainCapacity(t *testing.T) {
	pool := Capacity("physical_capacity").RoundedTo(6 * 64 << 10)
	for system, want := range map[int64]string{
		20000000311296: "20TB", 1500000288768: "1500GB", 1000000192512: "1TB", 1 << 40: "1TiB", 393216: "384KiB", 0: "0",
	} {
		system = roundUp(system, 6*64<<10)
		value, err := pool.shape.decode(json.Number(strconv.FormatInt(system, 10)))
		if err != nil {
			t.Fatal(err)
		}
		if told := pool.spelled(types.StringValue("10TB"), value); told != types.StringValue(want) || !same(pool.shape, told, value) {
			t.Errorf("%d is told as %s, want %q", system, told, want)
		}
		if mine := types.StringValue(strconv.FormatInt(system, 10)); pool.spelled(mine, value) != mine {
			t.Errorf("%d is not told as it was written", system)
		}
	}
	exact := Capacity("size")
	if told := exact.spelled(types.StringValue("1GB"), types.StringValue("20000000311296")); told != types.StringValue("20000000311296") {
		t.Errorf("what is not rounded is told as %s", told)
	}
}
