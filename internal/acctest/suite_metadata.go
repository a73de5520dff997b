package acctest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// Pairs acts on the metadata of an object behind Terraform's back.
type Pairs interface {
	Get(t *testing.T, id string) map[string]string
	Put(t *testing.T, id string, pairs map[string]string)
	Delete(t *testing.T, id, key string)
}

// RunMetadata follows the metadata of one object of every kind that carries it,
// all in one configuration.
func RunMetadata(t *testing.T, lab Lab, pairs Pairs, suites ...Suite) {
	t.Helper()
	ids := map[string]string{}
	defaults := func(of map[string]string) Attrs {
		return Attrs{"approve_dangerous_operations": true, "default_metadata": of}
	}
	config := func(provider Attrs, own any) string {
		parts := []string{lab.Provider(provider)}
		for i, s := range suites {
			parts = append(parts, s.one("m", i+1, s.Least.With(Attrs{"metadata": own})))
		}
		return strings.Join(parts, "\n")
	}
	// step applies a configuration after what happened behind Terraform's back, and
	// checks what is then kept, and on the objects.
	step := func(config string, action plancheck.ResourceActionType, behind func(id string), kept, onObject map[string]string) resource.TestStep {
		var plans []plancheck.PlanCheck
		var states []statecheck.StateCheck
		var all knownvalue.Check = knownvalue.Null()
		if kept != nil {
			values := map[string]knownvalue.Check{}
			for key, value := range kept {
				values[key] = knownvalue.StringExact(value)
			}
			all = knownvalue.MapExact(values)
		}
		for _, s := range suites {
			plans = append(plans, plancheck.ExpectResourceAction(s.address("m"), action))
			states = append(states, statecheck.ExpectKnownValue(s.address("m"), tfjsonpath.New("metadata_all"), all))
		}
		return resource.TestStep{
			PreConfig: func() {
				for _, id := range ids {
					behind(id)
				}
			},
			Config:            config,
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: plans},
			ConfigStateChecks: states,
			Check: func(state *terraform.State) error {
				for _, s := range suites {
					id := state.RootModule().Resources[s.address("m")].Primary.ID
					ids[s.Type] = id
					if have := pairs.Get(t, id); text(have) != text(onObject) {
						t.Errorf("%s: the object has %v, want %v", s.Type, have, onObject)
					}
				}
				return nil
			},
		}
	}
	type m = map[string]string
	nothing := func(string) {}
	steps := []resource.TestStep{
		step(config(defaults(m{"by": "terraform", "env": "test"}), m{"a": "1", "b": "2"}), plancheck.ResourceActionCreate, nothing,
			m{"a": "1", "b": "2", "by": "terraform", "env": "test"}, m{"a": "1", "b": "2", "by": "terraform", "env": "test"}),
		// One key changed, one added, one removed; a default outranked, another gone;
		// what somebody else put there is left alone.
		step(config(defaults(m{"by": "terraform"}), m{"a": "one", "c": "3", "by": "me"}), plancheck.ResourceActionUpdate,
			func(id string) { pairs.Put(t, id, m{"foreign": "x"}) },
			m{"a": "one", "c": "3", "by": "me"}, m{"a": "one", "c": "3", "by": "me", "foreign": "x"}),
		// One changed and one deleted behind Terraform's back.
		step(config(defaults(m{"by": "terraform"}), m{"a": "one", "c": "3", "by": "me"}), plancheck.ResourceActionUpdate,
			func(id string) {
				pairs.Put(t, id, m{"a": "drifted"})
				pairs.Delete(t, id, "c")
			},
			m{"a": "one", "c": "3", "by": "me"}, m{"a": "one", "c": "3", "by": "me", "foreign": "x"}),
		step(config(defaults(m{"by": "terraform"}), nil), plancheck.ResourceActionUpdate, nothing,
			m{"by": "terraform"}, m{"by": "terraform", "foreign": "x"}),
		step(config(defaults(nil), nil), plancheck.ResourceActionUpdate, nothing, nil, m{"foreign": "x"}),
		step(config(defaults(nil), m{"foreign": "x"}), plancheck.ResourceActionUpdate, nothing, m{"foreign": "x"}, m{"foreign": "x"}),
	}
	for _, s := range suites {
		// An import finds what is there, and the configuration that says so changes
		// nothing; nor does one that says nothing.
		for _, own := range []any{m{"foreign": "x"}, nil} {
			steps = append(steps, resource.TestStep{
				ResourceName: s.address("m"), ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return ids[s.Type], nil },
				Config:            config(defaults(nil), own),
			})
		}
	}
	Test(t, resource.TestCase{Steps: steps})
}
