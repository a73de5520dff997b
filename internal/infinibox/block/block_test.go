package block_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, block.Area(), area.Tests{
		Tables: map[string]acctest.Table{
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
		},
		// Of these there is one each.
		Apart: map[string]func(*testing.T){"qos": TestAccSingletons, "system_metadata": TestAccSingletons},
		Faults: map[string]acctest.Table{
			"volume_group_snapshot":    groupSnapshotsOfTheFaults,
			"consistency_group_member": membersOfTheFaults,
			"qos":                      qosOfTheFaults,
			"system_metadata":          systemMetadataOfTheFaults,
		},
		Actions:   actions(),
		Questions: questions,
		Walk:      estateOfTheWalk(),
	})
}

// What the tests here are written with.
var (
	put, post, bad, badNames    = acctest.Put, acctest.Post, acctest.BadValue, acctest.BadNames
	newPool, newVolume, newHost = (*acctest.InfiniBox).NewPool, (*acctest.InfiniBox).NewVolume, (*acctest.InfiniBox).NewHost
	resource                    = acctest.ArrayResource
)
