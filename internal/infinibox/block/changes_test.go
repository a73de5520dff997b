package block_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
)

func TestChanges(t *testing.T) {
	volumes := []string{"volume", "volume_snapshot"}
	walk.Run(t, walk.Estate{
		Prefix: "storage_infinibox_",
		Tables: tables,
		Aside: map[string]string{
			"vm":       "VMware makes it, and it has no other objects",
			"metadata": "it and an object's own metadata are for the same pairs",
		},
		Relations: map[string]walk.Relation{
			"cluster_id":                                    {To: []string{"host_cluster"}},
			"lun.volume_id":                                 {To: volumes},
			"host_cluster.host_ids":                         {To: []string{"host"}, Once: true},
			"consistency_group.member_ids":                  {To: []string{"volume"}, Once: true, Alike: []string{"pool_id"}},
			"volume_snapshot.parent_id":                     {To: []string{"volume"}},
			"snapshot_group.parent_id":                      {To: []string{"consistency_group"}, Needs: "member_ids"},
			"volume_group_snapshot.volume_ids":              {To: []string{"volume"}, Among: []string{"pool_id"}},
			"qos_policy_assignment.entity_id":               {To: []string{"volume"}},
			"snapshot_policy_assignment.assigned_entity_id": {To: []string{"volume"}},
			"pool.owners":                                   {}, // users are no resources yet
		},
		Always: map[string]any{
			"pool.type": "STANDARD", // volumes are in no other
			"snapshot_policy_assignment.assigned_entity_type": "VOLUME",
			// Snapshots that outlive their group are in the way of the next of its name.
			"snapshot_group.delete_members": true,
		},
		Either: map[string][]string{"lun": {"host_id", "cluster_id"}},
		Unique: map[string][][]string{
			"lun":                        {{"host_id", "cluster_id", "lun"}},
			"qos_policy_assignment":      {{"entity_id"}},
			"snapshot_policy_assignment": {{"assigned_entity_id"}},
			"snapshot_policy":            {{"suffix"}},
			"snapshot_policy_schedule":   {{"snapshot_policy_id", "name"}},
		},
	})
}
