package block_test

import (
	"maps"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
)

func TestFaults(t *testing.T) {
	all := maps.Clone(broken)
	maps.Copy(all, tables)
	// Nothing tells what a killed run has taken from what another resource has:
	// the refusal says how to import it.
	delete(all, "volume_group_snapshot")
	campaign.Run(t, block.Kinds(), all)
}

// broken are tables of entities for the campaign of faults alone.
var broken = map[string]acctest.Table{
	"consistency_group": func(t *testing.T) acctest.Suite {
		b := acctest.NewInfiniBox(t)
		pool := newPool(b, "pool")
		members := []any{newVolume(b, "one", pool), newVolume(b, "two", pool), newVolume(b, "three", pool)}
		least := acctest.Attrs{"name": "group", "pool_id": pool}
		return acctest.Suite{
			Lab: b, Type: "storage_infinibox_consistency_group", Least: least, Most: least.With(acctest.Attrs{"member_ids": members[:2]}),
			Changes: map[string]acctest.Change{
				"name":       {Through: []any{"group", "renamed"}},
				"member_ids": {Through: []any{members[:1], members[1:], []any{}}},
			},
		}
	},
	"snapshot_policy": func(t *testing.T) acctest.Suite {
		least := acctest.Attrs{"name": "policy", "suffix": "daily"}
		return acctest.Suite{
			Lab: acctest.NewInfiniBox(t), Type: "storage_infinibox_snapshot_policy", Least: least, Most: least.With(acctest.Attrs{"suffix": "nightly"}),
		}
	},
	"snapshot_policy_schedule": func(t *testing.T) acctest.Suite {
		b := acctest.NewInfiniBox(t)
		policy := b.Create("snapshot_policies", map[string]any{"name": "policy", "suffix": "daily"})
		least := acctest.Attrs{"snapshot_policy_id": policy, "name": "schedule", "type": "PERIODIC", "interval": 3600, "retention": 7200}
		return acctest.Suite{
			Lab: b, Type: "storage_infinibox_snapshot_policy_schedule", Least: least, Most: least.With(acctest.Attrs{"enabled": false}),
		}
	},
	"qos_policy": func(t *testing.T) acctest.Suite {
		least := acctest.Attrs{"name": "cap", "type": "VOLUME", "max_ops": 1000}
		return acctest.Suite{
			Lab: acctest.NewInfiniBox(t), Type: "storage_infinibox_qos_policy", Least: least, Most: least.With(acctest.Attrs{"max_ops": 2000, "max_bps": 1_000_000_000}),
		}
	},
	"qos_policy_assignment": func(t *testing.T) acctest.Suite {
		b := acctest.NewInfiniBox(t)
		policy := b.Create("qos/policies", map[string]any{"name": "cap", "type": "VOLUME", "max_ops": 1000})
		least := acctest.Attrs{"qos_policy_id": policy, "entity_id": newVolume(b, "volume", newPool(b, "pool"))}
		return acctest.Suite{Lab: b, Type: "storage_infinibox_qos_policy_assignment", Least: least, Most: least}
	},
	"snapshot_policy_assignment": func(t *testing.T) acctest.Suite {
		b := acctest.NewInfiniBox(t)
		policy := b.Create("snapshot_policies", map[string]any{"name": "policy", "suffix": "daily"})
		least := acctest.Attrs{
			"snapshot_policy_id": policy, "assigned_entity_id": newVolume(b, "volume", newPool(b, "pool")), "assigned_entity_type": "VOLUME",
		}
		return acctest.Suite{Lab: b, Type: "storage_infinibox_snapshot_policy_assignment", Least: least, Most: least}
	},
}
