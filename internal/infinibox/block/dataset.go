package block

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// udid is settable on what can be mapped to an OpenVMS host.
func udid() entity.Fact {
	return entity.Integer("udid").Given().Mutable().Queryable().Between(1, 32766).
		Doc("The unit number by which OpenVMS hosts know the volume; it must be set before it is mapped to one.")
}

// usedFields tell of a volume or a snapshot that somebody has written to it, mapped
// it, taken snapshots of it, grouped, replicated or capped it.
var usedFields = []string{
	"used", "mapped", "has_children", "cg_id", "replica_ids", "rmr_source", "rmr_target",
	"qos_policy_id", "created_by_snapshot_policy_id",
}

// snapshotPolicyID is the policy of a volume or a group.
func snapshotPolicyID(what string) entity.Fact {
	return entity.Ref("snapshot_policy_id").Optional().Mutable().
		Danger(func(before, after entity.Values) string {
			if before == nil || before.Int("snapshot_policy_id") == 0 {
				return ""
			}
			return "The policy that it has takes no more snapshots of the " + what + "."
		}).
		Doc("The id of the policy that takes and keeps snapshots of the " + what + ". Where it is not set, the array assigns its default policy, if it has one; `0` means none.")
}

// serial is what volumes and snapshots are known by to hosts, for life.
func serial() entity.Fact {
	return entity.Text("serial").Lasting().Queryable().Doc("The SCSI serial number that hosts see: 31 hexadecimal digits.")
}

func nguid() entity.Fact {
	return entity.Text("nguid").Doc("The identifier that NVMe-oF hosts see.")
}

// measures are what the array tells of volumes and snapshots, and changes by
// itself.
var measures = entity.Join(entity.Facts{
	updatedAt(),
	tenant(),
	entity.Text("type").Queryable().Doc("`MASTER` for a volume, `SNAPSHOT` for a snapshot."),
	entity.Text("dataset_type").Queryable().Doc("`VOLUME`."),
	entity.Text("pool_name").Doc("The pool's name."),
	entity.Integer("family_id").Queryable().Doc("The id of the volume at the root of the family of snapshots."),
	entity.Integer("depth").Queryable().Doc("How many snapshots lie between this one and the volume at the root."),
	entity.Bool("has_children").Doc("Whether there are snapshots of this one."),
	entity.Bool("has_internal_children").Doc("Whether the array keeps snapshots of this one for itself."),
	entity.Bool("is_internal").Doc("Whether the array keeps this one for itself."),
	entity.Bool("mapped").Queryable().Doc("Whether it is mapped to a host or cluster."),
	entity.Bool("paths_available").Doc("Whether a host has a path to it."),
	entity.Integer("num_blocks").Doc("The size in blocks of 512 bytes."),
	entity.Capacity("used").Doc("What hosts have written."),
	entity.Capacity("allocated").Doc("What is taken in the pool."),
	entity.Capacity("tree_allocated").Doc("What is taken in the pool, snapshots included."),
	entity.Capacity("disk_usage").Doc("What is taken on disk."),
	entity.Capacity("host_written_data").Doc("What hosts have written, before reduction."),
	entity.Capacity("capacity_savings_per_entity").Doc("What compression and the like save of this one alone."),
	entity.Bool("compression_suppressed").Doc("Whether compression is on but does not pay, so that the array leaves it."),
	entity.Text("ssa_express_status").Doc("How far the move into or out of the SSA Express cache is."),
	entity.Ref("qos_policy_id").Doc("The id of the QoS policy assigned to it."),
	entity.Text("qos_policy_name").Doc("The name of the QoS policy assigned to it."),
	entity.Ref("qos_shared_policy_id").Doc("The id of the QoS policy that its pool shares with it."),
	entity.Text("qos_shared_policy_name").Doc("The name of the QoS policy that its pool shares with it."),
	entity.Integer("cg_id").Filterable().Doc("The id of the consistency group it is in."),
	entity.Text("cg_name").Doc("The name of the consistency group it is in."),
	entity.Text("snapshot_policy_name").Doc("The name of the policy that takes and keeps snapshots of it."),
	entity.Ref("created_by_snapshot_policy_id").Doc("The id of the policy that took it."),
	entity.Text("created_by_snapshot_policy_name").Doc("The name of the policy that took it."),
	entity.Ref("created_by_schedule_id").Doc("The id of the schedule that took it."),
	entity.Text("created_by_schedule_name").Doc("The name of the schedule that took it."),
	entity.Text("lock_state").Doc("`LOCKED` until `lock_expires_at`, else `UNLOCKED`."),
	entity.Moment("snapshot_expires_at").InSeconds().Doc("When the array deletes the snapshot."),
	entity.Bool("rmr_source").Queryable().Doc("Whether it is replicated to another system."),
	entity.Bool("rmr_target").Queryable().Doc("Whether another system replicates to it."),
	entity.Bool("rmr_active_active_peer").Queryable().Doc("Whether it is one side of an active-active replica."),
	entity.Text("rmr_snapshot_guid").Queryable().Doc("The identifier of the replication snapshot."),
	entity.Text("mgmt_snapshot_guid").Queryable().Doc("The identifier of a replicated snapshot."),
	entity.Text("data_snapshot_guid").Queryable().Doc("The identifier of the snapshot's data across systems."),
	entity.Texts("replication_types", nil).Doc("How it is replicated; `NONE` where it is not."),
	entity.Integers("replica_ids").Doc("The ids of its replicas."),
	entity.Text("mobility_source").Queryable().Doc("The system that it was moved from."),
	entity.Integer("promote_source_id").Doc("The id of what it was promoted from."),
	entity.Integer("source_replicated_sg_id").Queryable().Doc("The id of the replicated snapshot group it is in."),
	entity.Integer("remote_snapshot_retention").Queryable().Doc("How long the other system keeps the replicated snapshot, in seconds."),
	entity.Text("remote_snapshot_retention_lock").Queryable().Doc("What the array says of the lock of the replicated snapshot on the other system, as it says it; absent where there is none."),
}, reduction)

// explainVolume says what keeps a volume or a snapshot from being deleted, or moved.
func explainVolume(ctx context.Context, s *entity.Session, volume entity.Values, err error) string {
	switch entity.CodeOf(err) {
	case "VOLUME_IS_MAPPED", "CHILD_VOLUMES_ARE_MAPPED":
	case "CG_DATASET_MOVE_NOT_ALLOWED":
		return movesWithGroup
	default:
		return ""
	}
	family := []entity.Object{{"id": volume["id"]}}
	if entity.CodeOf(err) == "CHILD_VOLUMES_ARE_MAPPED" {
		family = collect(ctx, s, "volumes", entity.Query{
			Filters: append(entity.Where("family_id", volume["id"].String()), entity.Where("mapped", "true")...),
			Fields:  []string{"id", "name"},
		})
	}
	var mappings []string
	for _, member := range family {
		for _, lun := range collect(ctx, s, entity.Path("volumes", member["id"], "luns"), entity.Query{}) {
			mappings = append(mappings, describeMapping(lun))
		}
	}
	if len(mappings) == 0 {
		return ""
	}
	return "It is mapped: " + few(mappings) + ". Remove these mappings first."
}

func describeMapping(lun entity.Object) string {
	owner := fmt.Sprintf("host %v", lun["host_id"])
	if lun["clustered"] == true {
		owner = fmt.Sprintf("cluster %v", lun["host_cluster_id"])
	}
	return fmt.Sprintf("volume %v as LUN %v of %s", lun["volume_id"], lun["lun"], owner)
}
