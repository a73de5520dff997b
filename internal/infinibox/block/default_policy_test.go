package block_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The array has one default policy. It passes from one to another in one apply, whether the
// one that had it says so or says nothing; that two say that they are it is refused.
func TestAccDefaultSnapshotPolicy(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	policy := func(name string, isDefault any) string {
		return resource("snapshot_policy", name, acctest.Attrs{"name": name, "suffix": "-" + name, "default_snapshot_policy": isDefault})
	}
	config := func(gold, silver any) []string {
		return []string{b.Provider(nil), policy("gold", gold), policy("silver", silver)}
	}
	isDefault := func(want string) {
		t.Helper()
		found, err := b.Do("GET", "snapshot_policies", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range found.([]any) {
			if o := o.(map[string]any); o["default_snapshot_policy"] != (o["name"] == want) {
				t.Errorf("default_snapshot_policy of %v is %v", o["name"], o["default_snapshot_policy"])
			}
		}
	}
	cli.Apply(config(true, nil)...).Succeeds(t)
	isDefault("gold")
	cli.Plan(config(true, true)...).Refuses(t, `Two resources have default_snapshot_policy "true"`)
	for _, next := range []struct{ gold, silver any }{{nil, true}, {true, false}, {false, true}, {true, nil}} {
		cli.Apply(config(next.gold, next.silver)...).Succeeds(t)
		cli.Plan(config(next.gold, next.silver)...).Succeeds(t).Plans(t, map[string]string{})
		if next.gold == true {
			isDefault("gold")
		} else {
			isDefault("silver")
		}
	}
}
