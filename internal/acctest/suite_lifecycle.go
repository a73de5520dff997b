package acctest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// testLifecycle creates objects with the least and the most attributes, and one
// for every attribute that changes; changes, drifts and heals them; deletes one
// behind Terraform's back; imports one. TestCase itself sees to an empty plan
// after every step.
func testLifecycle(t *testing.T, s Suite) {
	l := &lifecycle{Suite: s, t: t, states: map[string]Object{}}
	steps := make([]resource.TestStep, 0, s.rounds()+3)
	for round := range s.rounds() {
		steps = append(steps, l.round(round))
	}
	last := l.config(s.rounds())
	steps = append(steps, l.drift(last), resource.TestStep{
		ResourceName: s.address("most"), ImportState: true, ImportStateIdFunc: l.importID("most"),
		ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: s.identifier(), ImportStateVerifyIgnore: slices.Sorted(maps.Keys(s.Unverified)),
	})
	for _, label := range []string{"least", "most"} {
		if s.unverifiable() {
			break
		}
		again := resource.TestStep{
			ResourceName: s.address(label), ImportState: true, ImportStateKind: resource.ImportBlockWithID, Config: l.with(withoutSecrets(l.Most), l.rounds()),
		}
		if s.Least[s.label()] != nil && len(s.Key) == 0 {
			again.ImportStateId = s.label() + "=" + text(s.own(label, 2, s.Most)[s.label()])
		} else {
			again.ImportStateIdFunc = l.importID(label)
		}
		steps = append(steps, again)
	}
	Test(t, resource.TestCase{Steps: steps})
}

// identifier is an attribute that no two objects of a test share.
func (s Suite) identifier() string {
	for _, a := range Schemas().ResourceSchemas[s.Type].Block.Attributes {
		if a.Name == "id" {
			return "id"
		}
	}
	return s.Key[len(s.Key)-1]
}

// unverifiable reports whether an import leaves something to the next apply that
// every configuration says.
func (s Suite) unverifiable() bool {
	for name := range s.Unverified {
		if s.Least[name] != nil {
			return true
		}
	}
	return false
}

type lifecycle struct {
	Suite
	t      *testing.T
	states map[string]Object // by label
}

// round creates all objects, or gives their attributes the next value.
func (l *lifecycle) round(round int) resource.TestStep {
	var checks []plancheck.PlanCheck
	for _, x := range l.subjects() {
		action := plancheck.ResourceActionNoop
		switch {
		case round == 0:
			action = plancheck.ResourceActionCreate
		case round >= len(x.Through):
		case x.replaces(round):
			action = plancheck.ResourceActionReplace
		default:
			action = plancheck.ResourceActionUpdate
		}
		checks = append(checks, plancheck.ExpectResourceAction(l.address(x.label), action))
	}
	for _, label := range []string{"least", "most"} {
		if round > 0 {
			checks = append(checks, plancheck.ExpectResourceAction(l.address(label), plancheck.ResourceActionNoop))
		}
	}
	step := resource.TestStep{
		Config:           l.withoutData(round),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks},
		Check:            l.remember,
	}
	if round > 0 {
		step.Config += l.data()
		step.ConfigStateChecks = []statecheck.StateCheck{sameInData{l}}
	}
	return step
}

// drift changes every attribute on the system, and deletes an object there. All
// of it shows in the plan, and the apply heals it.
func (l *lifecycle) drift(config string) resource.TestStep {
	var checks []plancheck.PlanCheck
	if !l.Permanent {
		checks = append(checks, plancheck.ExpectResourceAction(l.address("least"), plancheck.ResourceActionCreate))
	}
	for _, x := range l.subjects() {
		action := plancheck.ResourceActionNoop
		switch {
		case x.Drift != nil && x.Replaces:
			action = plancheck.ResourceActionReplace
		case x.Drift != nil:
			action = plancheck.ResourceActionUpdate
		}
		checks = append(checks, plancheck.ExpectResourceAction(l.address(x.label), action))
	}
	return resource.TestStep{
		PreConfig: func() {
			l.forget(l.t, l.states["least"])
			for _, x := range l.subjects() {
				if x.Drift != nil {
					l.do(l.t, x.Drift(l.states[x.label]))
				}
			}
		},
		Config:           config,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks},
	}
}

func (l *lifecycle) config(round int) string { return l.withoutData(round) + l.data() }

// withoutSecrets is what an import can find. No import tells whether an object has
// the right secrets, so that a configuration with secrets sends them.
func withoutSecrets(arguments Attrs) Attrs {
	plain := maps.Clone(arguments)
	maps.DeleteFunc(plain, func(name string, _ any) bool {
		return strings.Contains(name, "_wo") || strings.HasPrefix(name, "store_generated_")
	})
	return plain
}

func (l *lifecycle) withoutData(round int) string { return l.with(l.Most, round) }

func (l *lifecycle) with(most Attrs, round int) string {
	approve := Attrs{}
	if l.Deleting != "" || slices.ContainsFunc(l.subjects(), func(x subject) bool { return x.Danger != "" }) {
		approve["approve_dangerous_operations"] = true
	}
	parts := []string{l.Lab.Provider(approve), l.one("least", 1, l.Least), l.one("most", 2, most)}
	for _, x := range l.subjects() {
		parts = append(parts, x.at(l.Suite, round, nil))
	}
	return strings.Join(parts, "\n")
}

// data looks the object with the most attributes up in every way there is.
func (l *lifecycle) data() string {
	most := l.address("most")
	if len(l.Key) > 0 {
		by, many := Attrs{}, Attrs{}
		for _, name := range l.Key {
			if l.Most[name] == nil && name != "id" {
				continue
			}
			by[name] = Expr(most + "." + name)
			if len(l.Owners) == 0 || slices.Contains(l.Owners, name) {
				many[name] = by[name]
			}
		}
		config := by.Block("data", l.Type, "by_id")
		if l.Plural != "" {
			config += many.Block("data", l.plural(), "many")
		}
		return config
	}
	filter := Expr(fmt.Sprintf("[{ field = \"id\", values = [%s.id] }]", most))
	config := Attrs{"id": Expr(most + ".id")}.Block("data", l.Type, "by_id") +
		Attrs{"filters": filter}.Block("data", l.plural(), "many")
	if l.Least[l.label()] != nil {
		config += Attrs{l.label(): Expr(most + "." + l.label())}.Block("data", l.Type, "by_name")
	}
	return config
}

func (s Suite) plural() string {
	return s.Type[:strings.Index(s.Type, "_")+1] + strings.Split(s.Type, "_")[1] + "_" + s.Plural
}

// remember keeps what the state says of the objects.
func (l *lifecycle) remember(state *terraform.State) error {
	for address, r := range state.RootModule().Resources {
		if label, ok := strings.CutPrefix(address, l.Type+"."); ok {
			l.states[label] = Object{}
			for name, value := range r.Primary.Attributes {
				l.states[label][name] = value
			}
		}
	}
	return nil
}

func (l *lifecycle) importID(label string) resource.ImportStateIdFunc {
	return func(state *terraform.State) (string, error) {
		is := state.RootModule().Resources[l.address(label)].Primary
		return l.id(func(name string) string { return is.Attributes[name] }), nil
	}
}

// id is what an import of an object takes.
func (s Suite) id(of func(attribute string) string) string {
	switch {
	case s.ImportID != nil:
		return s.ImportID(of)
	case len(s.Key) == 0:
		return of("id")
	}
	var parts []string
	for _, name := range s.Key {
		if value := of(name); value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	return strings.Join(parts, ",")
}

// sameInData checks that the data sources find in the object what the resource
// was given.
type sameInData struct{ *lifecycle }

func (c sameInData) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resources := req.State.Values.RootModule.Resources
	most := slices.IndexFunc(resources, func(r *tfjson.StateResource) bool { return r.Address == c.address("most") })
	want := resources[most].AttributeValues
	found := map[string]map[string]any{}
	for _, r := range resources {
		switch {
		case r.Mode == tfjson.DataResourceMode && r.Name == "many":
			members, _ := r.AttributeValues[c.Plural].([]any)
			members = slices.DeleteFunc(slices.Clone(members), func(m any) bool { return !c.isKeyOf(want, m) })
			if len(members) != 1 {
				resp.Error = fmt.Errorf("%s finds %d objects, want 1", r.Address, len(members))
				return
			}
			found[r.Address], _ = members[0].(map[string]any)
		case r.Mode == tfjson.DataResourceMode:
			found[r.Address] = r.AttributeValues
		}
	}
	for address, values := range found {
		for name, value := range want {
			is, there := values[name]
			if there && c.Unverified[name] == "" && value != nil && fmt.Sprint(is) != fmt.Sprint(value) {
				resp.Error = fmt.Errorf("%s has %s %v, the resource %v", address, name, is, value)
				return
			}
		}
	}
}

// isKeyOf reports whether a listing's object is the one of the values, where the
// listing is of all that an owner has.
func (s Suite) isKeyOf(want map[string]any, object any) bool {
	if len(s.Owners) == 0 {
		return true
	}
	is, _ := object.(map[string]any)
	return !slices.ContainsFunc(s.Key, func(name string) bool { return fmt.Sprint(is[name]) != fmt.Sprint(want[name]) })
}

func text(value any) string { return fmt.Sprint(value) }
