package replication

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	replicationGroups = "replication_groups"
	groupID           = "replication_group_id"
)

// ReplicationGroup holds vVols of one pool that are replicated together. Who is in it is
// VMware's affair: the array's API takes nobody in.
var ReplicationGroup = entity.Kind{
	System: common.System,
	Name:   "replication_group",
	Plural: "replication_groups",
	Path:   replicationGroups,
	Doc: "A replication group: vVols of one pool that are replicated together. Storage policies of VMware put vVols into it; the data source `storage_infinibox_vvols` tells which are in which group (`replication_group_id`), " +
		"and the action `storage_infinibox_replication_group_member_remove` takes one out. `storage_infinibox_rg_replica` replicates the group.",
	Identity: entity.Identity{Taken: []string{"REPLICATION_GROUP_NAME_CONFLICT"}},
	Creation: entity.Creation{InUse: []string{"members_count", "is_replicated"}},
	Explain:  explainReplicationGroup,
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Ref("pool_id").Required().To("pool").Queryable().Doc("The id of the pool of its vVols."),
		entity.Text("uuid").Lasting().Doc("The identifier by which VMware knows it."),
		common.CreatedAt(),

		common.UpdatedAt(),
		entity.Text("type").Queryable().Doc("`MASTER`, or `SNAPSHOT`."),
		entity.Bool("is_replicated").Doc("Whether it is replicated."),
		entity.Integer("members_count").Doc("How many vVols are in it."),
	},
}

// explainReplicationGroup names the replica that a group cannot be deleted for.
func explainReplicationGroup(ctx context.Context, s *entity.Session, group entity.Values, err error) string {
	if api.CodeOf(err) != "REPLICATED_REPLICATION_GROUP_CANNOT_BE_DELETED" {
		return ""
	}
	replica := rgReplicaOf(ctx, s, group.ID("id"))
	if replica == nil {
		return ""
	}
	return fmt.Sprintf("It is replicated by the RG replica of id %v. Delete that first; a storage_infinibox_rg_replica that refers to the group by its resource goes before it.", replica["id"])
}

// rgReplicaOf is the replica of a group; nil where it has none.
func rgReplicaOf(ctx context.Context, s *entity.Session, group string) api.Object {
	for _, o := range common.Collect(ctx, s, rgReplicas, api.Query{Fields: []string{"id", groupID}}) {
		if fmt.Sprint(o[groupID]) == group {
			return o
		}
	}
	return nil
}

// replicationGroupMemberRemove takes a vVol out of its group. It is no attribute of the
// group: only VMware puts vVols in, at any time, and a plan would take each out again.
var replicationGroupMemberRemove = entity.Action{
	System: common.System, Name: "replication_group_member_remove",
	Doc:    "Takes a vVol out of a replication group, on the side that replicates it (role `SOURCE`). Only a storage policy of VMware puts it in again.",
	Danger: "The vVol is no longer replicated, and its copy on the other array is deleted.",
	Loses: func(ctx context.Context, s *entity.Session, v entity.Values) []string {
		if !v.Known("vvol_id") {
			return nil
		}
		o, err := s.Client.Read(ctx, "vvols", v.ID("vvol_id"), []string{"id", "name", "vm_uuid"})
		if err != nil {
			return nil
		}
		text := fmt.Sprintf("It is the vVol %q", common.NameOf(o))
		if vm, ok := o["vm_uuid"].(string); ok {
			text += " of the virtual machine " + vm
		}
		return []string{text + "."}
	},
	Arguments: entity.Facts{
		entity.Ref(groupID).Required().To("replication_group").Doc("The id of the replication group."),
		entity.Ref("vvol_id").Required().Doc("The id of the vVol."),
	},
	Doing: func(v entity.Values) string {
		return fmt.Sprintf("Taking vVol %d out of replication group %d", v.Int("vvol_id"), v.Int(groupID))
	},
	Request: func(v entity.Values) api.Request {
		return api.Request{Method: http.MethodDelete, Path: api.Path(replicationGroups, v.Int(groupID), "members", v.Int("vvol_id"))}
	},
	Done: func(answer any) string {
		o, _ := answer.(api.Object)
		return fmt.Sprintf("The group %q has %v vVols left", common.NameOf(o), o["members_count"])
	},
}
