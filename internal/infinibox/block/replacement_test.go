package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// triggered is a volume that takes most of a pool, and a policy, both replaced when
// the number changes, as -replace does it.
func triggered(pool any, number int, firstly bool) string {
	return fmt.Sprintf(`
resource "terraform_data" "trigger" { input = %d }
resource "storage_infinibox_volume" "v" {
  name    = "v"
  pool_id = %v
  size    = "6TB"
  lifecycle {
    replace_triggered_by  = [terraform_data.trigger]
    create_before_destroy = %t
  }
}
resource "storage_infinibox_snapshot_policy" "p" {
  name   = "p"
  suffix = "-p"
  lifecycle { replace_triggered_by = [terraform_data.trigger] }
}
`, number, pool, firstly)
}

// What the user has replaced without a change keeps its name, and its place in the
// pool.
func TestAccForcedReplacement(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Apply(provider, triggered(pool, 1, false)).Succeeds(t)
	before := fmt.Sprint(idsOf(t, b, "volumes"), idsOf(t, b, "snapshot_policies?name=p"))
	cli.Plan(b.Provider(nil), triggered(pool, 2, false)).
		Refuses(t, `Replacing volume "v"`, "dangerous and not approved").
		Refuses(t, `Replacing snapshot policy "p"`, "dangerous and not approved")
	cli.Apply(provider, triggered(pool, 2, false)).Succeeds(t)
	if after := fmt.Sprint(idsOf(t, b, "volumes"), idsOf(t, b, "snapshot_policies?name=p")); after == before {
		t.Errorf("still %s", after)
	}
	cli.Plan(provider, triggered(pool, 2, false)).Succeeds(t).Plans(t, map[string]string{})
	alone := strings.NewReplacer("\"v\"\n  pool_id", "\"v\"\n  approved = true\n  pool_id", `suffix = "-p"`, `suffix = "-p"`+"\n  approved = true")
	cli.Apply(b.Provider(nil), alone.Replace(triggered(pool, 3, false))).Succeeds(t)
	cli.Plan(provider, triggered(pool, 3, false), resource("volume", "w", acctest.Attrs{"name": "v", "pool_id": pool, "size": "1GB"})).Refuses(t, `Two resources have name "v"`)
}

// An object does not give way to itself.
func TestAccForcedReplacementCreatedFirst(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Apply(provider, triggered(pool, 1, true)).Succeeds(t)
	before := fmt.Sprint(idsOf(t, b, "volumes"))
	cli.Apply(provider, triggered(pool, 2, true)).Refuses(t, "VOLUME_NAME_CONFLICT", "create_before_destroy", "needs another name")
	if after := fmt.Sprint(idsOf(t, b, "volumes")); after != before {
		t.Errorf("there are %s, were %s", after, before)
	}
}

// A group moves with its volumes, if they are told to follow.
func TestAccMoveOfGroupWithItsVolumes(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	config := func(pool any, lifecycle string) string {
		return fmt.Sprintf(`
resource "storage_infinibox_volume" "v" {
  name    = "v"
  pool_id = %[1]v
  size    = "1GB"
  %[2]s
}
resource "storage_infinibox_consistency_group" "g" {
  name       = "g"
  pool_id    = %[1]v
  member_ids = [storage_infinibox_volume.v.id]
}
`, pool, lifecycle)
	}
	from, to := newPool(b, "from"), newPool(b, "to")
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config(from, "")).Succeeds(t)
	cli.Plan(b.Provider(nil), config(to, "")).Refuses(t, "moves with its consistency group", "ignore_changes = [pool_id]")
	follows := "lifecycle { ignore_changes = [pool_id] }"
	cli.Apply(b.Provider(nil), config(to, follows)).Succeeds(t)
	cli.Plan(b.Provider(nil), config(to, follows)).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(b.Provider(nil), config(to, "")).Succeeds(t).Plans(t, map[string]string{})
}
