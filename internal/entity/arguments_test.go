package entity

import (
	"context"
	"iter"
	"testing"

	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// A listing ends at its limit, also where what lists knows of none.
func TestLimitHoldsForEveryListing(t *testing.T) {
	listed := 0
	k := &Kind{
		Name: "thing",
		Listing: Listing{
			List: func(context.Context, *Session, Values, api.Query) iter.Seq2[api.Object, error] {
				return func(yield func(api.Object, error) bool) {
					for listed = 1; listed <= 5 && yield(api.Object{}, nil); listed++ {
					}
				}
			},
		},
	}
	for limit, want := range map[int]int{0: 5, 1: 1, 3: 3, 5: 5, 9: 5} {
		found := 0
		for _, err := range k.list(t.Context(), &Session{}, nil, api.Query{Limit: limit}) {
			if err == nil {
				found++
			}
		}
		if found != want || limit > 0 && limit < 5 && listed != limit {
			t.Errorf("limit %d: %d found, the listing went to %d", limit, found, listed)
		}
	}
}

// What a filter compares with is in the unit that the system counts in.
func TestFiltersAreInTheSystemsUnit(t *testing.T) {
	const noon = "2026-01-31T12:00:00Z"
	for _, c := range []struct {
		fact       Fact
		value, out string
	}{
		{Moment("at"), noon, "1769860800000"},
		{Moment("at").InSeconds(), noon, "1769860800"},
		{Capacity("size"), "1KiB", "1024"},
		{Capacity("size").OrUnlimited(), "unlimited", "-1"},
	} {
		if sent, err := c.fact.filterValue(c.value); err != nil || sent != c.out {
			t.Errorf("%s: %q, %v; wanted %q", c.value, sent, err, c.out)
		}
	}
	for _, f := range []Fact{Moment("at").InSeconds(), Capacity("size")} {
		if sent, err := f.filterValue("unlimited"); err == nil {
			t.Errorf("%s: %q", f.name, sent)
		}
	}
}

// An argument of an action, or of a question, has the type that its shape says: a
// list keeps its order, and a decimal is a number.
func TestArgumentsHaveTheTypeOfTheirShape(t *testing.T) {
	list := Fact{name: "steps", shape: collection{element: text{}, ordered: true}}
	for _, f := range []Fact{list.NotEmpty(), Integers("ids").NotEmpty(), Decimal("factor"), Integer("n"), Bool("b"), Text("t"), Capacity("size"), Moment("at")} {
		want := f.shape.attrType()
		action, question := f.actionAttribute(), f.asked()
		if !action.GetType().Equal(want) || !question.GetType().Equal(want) {
			t.Errorf("%s is %s of an action and %s of a question, wanted %s", f.name, action.GetType(), question.GetType(), want)
		}
	}
	if checks := list.NotEmpty().Checked("a step", func(string) error { return nil }).actionAttribute().(actionschema.ListAttribute).Validators; len(checks) != 2 {
		t.Errorf("the list has %d checks", len(checks))
	}
	if checks := Integers("ids").NotEmpty().asked().(dataschema.SetAttribute).Validators; len(checks) != 1 {
		t.Errorf("the set has %d checks", len(checks))
	}
}

// Keys are counted also where their values are not known yet.
func TestCountOfPairs(t *testing.T) {
	v := Values{"pairs": types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringValue("1"), "b": types.StringUnknown()})}
	if n, known := v.Count("pairs"), len(v.Pairs("pairs")); n != 2 || known != 1 {
		t.Errorf("%d keys, %d values known; want 2 and 1", n, known)
	}
}
