package block_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// notForAll are the parts of the example that need a newer CLI than everybody has,
// and the declarations that a test brings itself.
var notForAll = regexp.MustCompile(`(?ms)^(terraform|provider "storage"|action "[a-z_]+" "[a-z_]+") \{.*?^\}\n`)

// The worked example: a database whose volumes are in a group, snapshotted by a
// policy, capped, and restored. Its plan is empty at each rest.
func TestAccProtectedDatabase(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../examples/protected-database/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	example := notForAll.ReplaceAllString(string(text), "")
	if strings.Contains(example, "\naction ") || !strings.Contains(example, "storage_infinibox_qos_policy_assignment") {
		t.Fatalf("not the example as it is known here:\n%s", example)
	}
	provider := b.Provider(nil)
	cli := acctest.NewCLI(t)
	rests := func(when string) {
		t.Helper()
		run := cli.Plan(provider, example).Succeeds(t)
		if len(run.Actions) > 0 {
			t.Errorf("%s: the plan is not empty: %v", when, run.Actions)
		}
	}
	cli.Apply(provider, example).Succeeds(t)
	rests("applied")

	before := len(idsOf(t, b, "cgs?type=eq:SNAPSHOT"))
	b.Simulator.Advance(3 * time.Hour)
	taken := idsOf(t, b, "cgs?type=eq:SNAPSHOT&sort=id")
	if len(taken) < before+3 {
		t.Errorf("the policy has taken %d snapshot groups in three hours", len(taken)-before)
	}
	rests("snapshots are taken")

	// One action restores all volumes from a snapshot group.
	server := acctest.NewServer(t, b)
	of := idsOf(t, b, "cgs?type=eq:MASTER")[0]
	restore := acctest.Attrs{"consistency_group_id": of, "snapshot_group_id": taken[0]}
	const action = "storage_infinibox_consistency_group_restore"
	server.PlanAction(action, restore.With(acctest.Attrs{"approved": false})).Refuse(t, "What is on the group's volumes now is lost")
	if said := server.Invoke(action, restore); said.Failed() {
		t.Errorf("restore: %s", said.Problems)
	}
	rests("restored")

	// A month on, the array has deleted what is not to be kept.
	b.Simulator.Advance(40 * 24 * time.Hour)
	rests("a month later")

	cli.Plan(provider).Refuses(t, "is dangerous and not approved", "approve_dangerous_operations")
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Succeeds(t)
	if left := idsOf(t, b, "volumes?type=eq:MASTER"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
