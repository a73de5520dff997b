package replication_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/replication"
)

// A volume joins and leaves a group that is replicated on both arrays: the faults of its
// table in block, which has one array, are those of a group that is not.
func TestAccFaultsOfReplicatedMembers(t *testing.T) {
	t.Parallel()
	kinds := append([]*entity.Kind{&block.ConsistencyGroupMember}, replication.Area().Kinds...)
	campaign.Run(t, kinds, map[string]acctest.Table{"consistency_group_member of a replicated group": replicatedMemberTable})
}

func replicatedMemberTable(t *testing.T) acctest.Suite {
	y := newYard(t)
	y.replicateGroup("db", map[string]any{"replication_type": "ASYNC"})
	y.replicateGroup("erp", map[string]any{"replication_type": "ASYNC"})
	least := acctest.Attrs{"consistency_group_id": y.group("db"), "member_id": y.volumes("m")}
	return acctest.Suite{
		Lab: y.Near.InfiniBox, Type: memberType, Plural: "consistency_group_members",
		Key: []string{"consistency_group_id", "member_id"},
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("cgs/%v/members/%v", o["consistency_group_id"], o["member_id"])}
		},
		Deleting: "The snapshots of a volume that leaves the group",
		Least:    least,
		Most:     least.With(acctest.Attrs{"remote_entity_name": "copy", "retain_staging_area": true}),
		Changes: map[string]acctest.Change{
			"member_id": {Through: []any{y.volumes("m"), y.volumes("n")}, Replaces: true},
			"consistency_group_id": {
				Through:  []any{y.group("db"), acctest.Attrs{"consistency_group_id": y.group("erp"), "remote_entity_name": "in-erp"}},
				Replaces: true,
			},
		},
	}
}
