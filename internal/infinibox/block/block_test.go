package block_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
)

// tables are the standard tests of the entities: one table each.
var tables = map[string]acctest.Table{
	"pool":                pools,
	"volume":              volumes,
	"volume_snapshot":     snapshots,
	"host":                hosts,
	"host_cluster":        clusters,
	"host_cluster_member": clusterMembers,
	"lun":                 luns,

	"consistency_group":          groups,
	"consistency_group_member":   groupMembers,
	"snapshot_group":             snapshotGroups,
	"volume_group_snapshot":      groupSnapshots,
	"snapshot_policy":            snapshotPolicies,
	"snapshot_policy_schedule":   schedules,
	"snapshot_policy_assignment": policyAssignments,
	"qos_policy":                 qosPolicies,
	"qos_policy_assignment":      qosAssignments,
	"metadata":                   carriers,
	"vm":                         machines,
}

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccEntities(t *testing.T) {
	// Of these there is one each, which TestAccSingletons takes over.
	acctest.Complete(t, block.Kinds(), tables, "qos", "system_metadata")
	for name, table := range tables {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, table)
		})
	}
}

// What tables are written with.
var put, post, bad, badNames, newPool = acctest.Put, acctest.Post, acctest.BadValue, acctest.BadNames, (*acctest.InfiniBox).NewPool

// newVolume makes a volume of 1GB.
func newVolume(b *acctest.InfiniBox, label string, pool any) any {
	return b.Create("volumes", map[string]any{"name": b.Name(label), "pool_id": pool, "size": 1_000_000_000})
}

func newHost(b *acctest.InfiniBox, label string) any {
	return b.Create("hosts", map[string]any{"name": b.Name(label)})
}
