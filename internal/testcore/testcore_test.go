package testcore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const one, two = toyType + ".one", toyType + ".two"

// pair is one resource, and a second that refers to the first.
func pair(input, trigger string) Config {
	return Config{Resources: map[string]Resource{
		one: data(map[string]any{"input": input, "triggers_replace": trigger}),
		two: data(map[string]any{"input": ref(one)}),
	}}
}

func applied(t *testing.T, c *Core, config Config, o Options) *Result {
	t.Helper()
	plan, done := c.Run(t.Context(), config, o)
	if plan.Failed() || done.Failed() {
		t.Fatal(plan, done)
	}
	if next := c.Plan(t.Context(), config, Options{}); !next.Empty() {
		t.Fatalf("the plan after it is not empty: %s", next)
	}
	return done
}

func actions(p *Plan) string { return fmt.Sprint(p.Actions()) }

// What is known only after apply is unknown in the plan, and known by the time of
// what refers to it.
func TestUnknownBecomesKnown(t *testing.T) {
	c := newToy().core(t)
	plan := c.Plan(t.Context(), pair("x", "1"), Options{})
	if got := Attributes(plan.Changes[two].After)["input"]; got.IsKnown() {
		t.Errorf("planned: %s", Text(got))
	}
	applied(t, c, pair("x", "1"), Options{})
	if first, second := c.State.Attributes(one)["id"], c.State.Attributes(two)["input"]; first != second {
		t.Errorf("the second has %v, the first is %v", second, first)
	}
	if deps := c.State.Get(two).Dependencies; !slices.Equal(deps, []string{one}) {
		t.Errorf("kept dependencies: %v", deps)
	}
	// An update may turn out to be none.
	same := c.Plan(t.Context(), pair("x", "1"), Options{})
	same.Changes[two].Action, same.Changes[two].After = Update, plan.Changes[two].After
	if done := c.Apply(t.Context(), same); done.Failed() {
		t.Error(done)
	}
}

// A replacement is planned twice, the second time as if there were nothing, and with
// what the first has put into the private state; what the second warns of nobody sees.
func TestReplacementIsPlannedTwice(t *testing.T) {
	p := newToy()
	c := p.core(t)
	applied(t, c, pair("x", "1"), Options{})
	p.twist.warn = true
	plan := c.Plan(t.Context(), pair("x", "2"), Options{})
	if actions(plan) != "map["+one+":replace "+two+":update]" || !slices.Equal(plan.Changes[one].Replaced, []string{"triggers_replace"}) {
		t.Errorf("planned %s because of %v", actions(plan), plan.Changes[one].Replaced)
	}
	var said []string
	for _, s := range plan.About(one) {
		said = append(said, fmt.Sprintf("%s: %s, shown %t", s.Doing, s.Summary, s.Shown()))
	}
	want := []string{"plan: with private p, shown true", "second plan: with private pp, shown false"}
	if !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	// During the apply it is a creation, of which no private state is left.
	done := c.Apply(t.Context(), plan)
	if about := done.About(one); len(about) != 1 || about[0].Doing != PlanningAtLast || about[0].Summary != "with private " {
		t.Errorf("said %v", about)
	}
	if !slices.Equal(done.Order, []string{"delete " + one, "replace " + one, "update " + two}) {
		t.Errorf("order: %q", done.Order)
	}
}

// Each of core's demands on a provider is held.
func TestBrokenWords(t *testing.T) {
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	later := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	for words, twist := range map[string]twists{
		"the plan is invalid: input is planned":        {planned: func(v map[string]tftypes.Value) { v["input"] = text("other") }},
		"write-only attributes have values: secret":    {planned: func(v map[string]tftypes.Value) { v["secret"] = text("told") }},
		"the result is inconsistent: triggers_replace": {made: func(v map[string]tftypes.Value) { v["triggers_replace"] = text("other") }},
		"it leaves unknown values: output":             {made: func(v map[string]tftypes.Value) { v["output"] = later }},
		"the answer is not of the schema's type":       {plan: func(r *tfprotov6.PlanResourceChangeResponse) { r.PlannedState = Wire(text("x")) }},
		"there is null where": {apply: func(_ *tfprotov6.ApplyResourceChangeRequest, r *tfprotov6.ApplyResourceChangeResponse) {
			r.NewState = toyObject(nil)
		}},
	} {
		t.Run(words, func(t *testing.T) {
			p, said := newToy(), &complaints{TB: t}
			p.twist = twist
			plan, done := p.core(said).Run(t.Context(), pair("x", "1"), Options{})
			if !plan.Failed() && !done.Failed() {
				t.Error("the run goes on as if nothing were")
			}
			said.about(t, words)
		})
	}
}

// What a plan knew must stay when it is planned again at the apply.
func TestFinalPlanIsHeldToTheFirst(t *testing.T) {
	p, said := newToy(), &complaints{TB: t}
	c := p.core(said)
	plan := c.Plan(t.Context(), pair("x", "1"), Options{})
	p.twist.planned = func(v map[string]tftypes.Value) { v["kept"] = tftypes.NewValue(v["kept"].Type(), nil) }
	if done := c.Apply(t.Context(), plan); done.Failed() {
		t.Errorf("what was unknown may become null: %s", done)
	}
	plan = c.Plan(t.Context(), pair("y", "1"), Options{})
	p.twist.planned = func(v map[string]tftypes.Value) { v["output"] = v["id"] }
	plan.Changes[one].After = c.State.Get(one).Value
	if done := c.Apply(t.Context(), plan); !done.Failed() {
		t.Error("the final plan may differ")
	}
	said.about(t, "the final plan is inconsistent")
}

// An object whose creation fails is tainted, and replaced by the next apply; what
// refers to it is not made.
func TestTaint(t *testing.T) {
	p := newToy()
	c := p.core(t)
	p.twist.apply = func(r *tfprotov6.ApplyResourceChangeRequest, resp *tfprotov6.ApplyResourceChangeResponse) {
		resp.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "half-way"}}
	}
	_, done := c.Run(t.Context(), pair("x", "1"), Options{})
	if i := c.State.Get(one); !done.Failed() || i == nil || !i.Tainted || c.State.Get(two) != nil {
		t.Fatalf("state %v after %s", c.State.Addresses(), done)
	}
	p.twist.apply = nil
	if plan := c.Plan(t.Context(), pair("x", "1"), Options{}); actions(plan) != "map["+one+":replace "+two+":create]" {
		t.Errorf("planned %s", actions(plan))
	}
	applied(t, c, pair("x", "1"), Options{})
	if len(p.store) != 2 || c.State.Get(one).Tainted {
		t.Errorf("there are %d objects", len(p.store))
	}
}

// With create_before_destroy the old object stays until the new one is there, and
// where it then cannot be deleted, the next apply deletes it.
func TestDeposed(t *testing.T) {
	p := newToy()
	c := p.core(t)
	config := func(trigger string) Config {
		c := pair("x", trigger)
		r := c.Resources[two]
		r.CreateBeforeDestroy = true // and with it what it refers to
		c.Resources[two] = r
		return c
	}
	applied(t, c, config("1"), Options{})
	if plan := c.Plan(t.Context(), config("2"), Options{}); plan.Changes[one].Action != CreateThenDelete {
		t.Errorf("planned %s", actions(plan))
	}
	fail := func(deletion bool) {
		p.twist.apply = func(r *tfprotov6.ApplyResourceChangeRequest, resp *tfprotov6.ApplyResourceChangeResponse) {
			if planned := toyValues(r.PlannedState); (planned == nil) == deletion {
				resp.NewState = r.PriorState
				if prior := toyValues(r.PriorState); prior != nil {
					p.store[Text(prior["id"])] = prior // it is there still
				}
				resp.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "no"}}
			}
		}
	}
	was := c.State.Attributes(one)["id"]
	fail(false)
	if _, done := c.Run(t.Context(), config("2"), Options{}); !done.Failed() || c.State.Attributes(one)["id"] != was || len(c.State.Deposed()) != 0 {
		t.Errorf("the old object is not back: %v, %v", c.State.Attributes(one), c.State.Deposed())
	}
	fail(true)
	if _, done := c.Run(t.Context(), config("2"), Options{}); !done.Failed() || c.State.Attributes(one)["id"] == was || len(c.State.Deposed()) != 1 {
		t.Errorf("the old object is not deposed: %v, %v", c.State.Attributes(one), c.State.Deposed())
	}
	p.twist.apply = nil
	if plan := c.Plan(t.Context(), config("2"), Options{}); actions(plan) != "map["+one+" (deposed 1):delete]" {
		t.Errorf("planned %s", actions(plan))
	}
	applied(t, c, config("2"), Options{})
	if len(c.State.Deposed()) != 0 {
		t.Errorf("deposed: %v", c.State.Deposed())
	}
}

// The user's and the configuration's ways to say what becomes of objects.
func TestWords(t *testing.T) {
	p := newToy()
	c := p.core(t)
	applied(t, c, pair("x", "1"), Options{})
	if plan := c.Plan(t.Context(), pair("x", "1"), Options{Replace: []string{two}}); actions(plan) != "map["+two+":replace]" {
		t.Errorf("-replace: %s", actions(plan))
	}
	triggered := pair("y", "1")
	triggered.Resources[two] = Resource{Arguments: map[string]any{"input": "z"}, ReplaceTriggeredBy: []string{one}}
	if plan := c.Plan(t.Context(), triggered, Options{}); actions(plan) != "map["+one+":update "+two+":replace]" {
		t.Errorf("replace_triggered_by: %s", actions(plan))
	}
	moved := pair("x", "1")
	moved.Resources[toyType+".three"] = moved.Resources[two]
	delete(moved.Resources, two)
	moved.Moved = []Move{{two, toyType + ".three"}}
	if plan := c.Plan(t.Context(), moved, Options{}); !plan.Empty() {
		t.Errorf("moved: %s", plan)
	}
	removed := Config{Resources: map[string]Resource{one: pair("x", "1").Resources[one]}, Removed: []string{two}}
	applied(t, c, removed, Options{})
	if len(p.store) != 2 || c.State.Get(two) != nil {
		t.Errorf("removed: %d objects, %v", len(p.store), c.State.Addresses())
	}
	back := pair("x", "1")
	back.Imports = map[string]Import{two: {ID: "2"}}
	plan := c.Plan(t.Context(), back, Options{})
	if change := plan.Changes[two]; plan.Failed() || !change.Imported || change.Action != NoOp {
		t.Errorf("import: %s", plan)
	}
	applied(t, c, back, Options{})
	c.State.Set(two, nil)
	if r := c.Import(t.Context(), two, Import{ID: "2"}); r.Failed() || c.State.Attributes(two)["input"] != "1" {
		t.Errorf("terraform import: %s", r)
	}
	if r := c.Import(t.Context(), two, Import{ID: "none"}); !r.Failed() {
		t.Error("what is not there is imported")
	}
	plan, done := c.Run(t.Context(), pair("x", "1"), Options{Destroy: true})
	if plan.Failed() || done.Failed() || len(p.store) != 0 || !slices.Equal(done.Order, []string{"delete " + two, "delete " + one}) {
		t.Errorf("destroy: %s %s", plan, done)
	}
}

// Changes behind Terraform's back show as drift, and what is gone is made anew.
func TestDrift(t *testing.T) {
	p := newToy()
	c := p.core(t)
	applied(t, c, pair("x", "1"), Options{})
	p.store[`"1"`]["input"] = tftypes.NewValue(tftypes.String, "drifted")
	delete(p.store, `"2"`)
	plan := c.Plan(t.Context(), pair("x", "1"), Options{})
	if fmt.Sprint(plan.Drift[one]) != "[input]" || len(plan.Drift[two]) == 0 || actions(plan) != "map["+one+":update "+two+":create]" {
		t.Errorf("drift %v, planned %s", plan.Drift, actions(plan))
	}
	if was := c.State.Attributes(one)["input"]; was != "x" {
		t.Errorf("a plan changes the state: %v", was)
	}
	applied(t, c, pair("x", "1"), Options{})
}

// A seed repeats the order of a walk, and different seeds have different orders.
func TestOrderIsTheSeeds(t *testing.T) {
	config := Config{Resources: map[string]Resource{}}
	for i := range 20 {
		config.Resources[fmt.Sprintf("%s.r[%d]", toyType, i)] = data(map[string]any{"input": "x"})
	}
	order := func(seed uint64) string {
		c := newToy().core(t)
		c.Order, c.Parallelism = rand.New(rand.NewPCG(seed, 0)), 1
		return strings.Join(applied(t, c, config, Options{}).Order, ", ")
	}
	first, again, other := order(1), order(1), order(2)
	if first != again || first == other {
		t.Error("the order is not the seed's")
	}
}

// What is under way when the word to stop comes ends, and nothing else begins.
func TestInterrupted(t *testing.T) {
	for _, killed := range []bool{false, true} {
		p := newToy()
		c := p.core(t)
		plan := c.Plan(t.Context(), pair("x", "1"), Options{})
		ctx, stop := context.WithCancel(t.Context())
		p.twist.apply = func(*tfprotov6.ApplyResourceChangeRequest, *tfprotov6.ApplyResourceChangeResponse) { stop() }
		c.Killed = killed
		if done := c.Apply(ctx, plan); !done.Failed() || len(p.store) != 1 || (c.State.Get(one) == nil) != killed {
			t.Errorf("killed %t: %d objects, state %v", killed, len(p.store), c.State.Addresses())
		}
	}
}

// Values are made of Go's as Terraform's language makes them of HCL.
func TestEncode(t *testing.T) {
	set := tftypes.Set{ElementType: tftypes.String}
	for _, c := range []struct {
		want tftypes.Type
		from any
		text string
	}{
		{tftypes.Number, "12", "12"},
		{tftypes.String, 12, `"12"`},
		{tftypes.String, 1.5, `"1.5"`},
		{tftypes.Bool, "true", "true"},
		{set, []any{"a", "a", "b"}, `["a", "b"]`},
		{set, []string(nil), "null"},
		{set, []any{Unknown{}, Unknown{}}, "[(known after apply), (known after apply)]"},
		{tftypes.Map{ElementType: tftypes.String}, map[string]string{"a": "b"}, `{a = "b"}`},
		{tftypes.String, Ref{"x", "id"}, `"found x.id"`},
	} {
		v, err := Encode(c.want, c.from, func(r Ref) (tftypes.Value, error) {
			return tftypes.NewValue(tftypes.String, "found "+r.Address+"."+r.Attribute), nil
		})
		if err != nil || Text(v) != c.text {
			t.Errorf("%v becomes %s, want %s: %v", c.from, Text(v), c.text, err)
		}
	}
	for _, wrong := range []any{struct{}{}, []any{1}, map[string]any{"none": 1}} {
		if v, err := Encode(toySchema.ValueType(), wrong, nil); err == nil {
			t.Errorf("%v becomes %s", wrong, Text(v))
		}
	}
}
