package common

import "github.com/storage-as-code/terraform-provider-storage/internal/entity"

// Reduction is what the array tells of the space that it saves, of pools and of
// what is in them.
var Reduction = entity.Facts{
	entity.Capacity("capacity_savings").Doc("What compression and the like save."),
	entity.Capacity("zeros_capacity").Doc("Zeros that take no space."),
	entity.Decimal("data_reduction_ratio").Doc("Data written to data stored."),
	entity.Decimal("reducible_data_percents").Filterable().Doc("The share of data that can be reduced, in percent."),
	entity.Decimal("reducible_data_reduction_ratio").Filterable().Doc("Data written to data stored, of the data that can be reduced."),
	entity.Capacity("reducible_host_written_data").Doc("What hosts have written that can be reduced."),
	entity.Capacity("reducible_data_disk_usage_capacity").Doc("What is taken on disk by data that can be reduced."),
	entity.Decimal("non_reducible_data_percents").Doc("The share of data that cannot be reduced, in percent."),
	entity.Decimal("non_reducible_data_reduction_ratio").Doc("Data written to data stored, of the data that cannot be reduced."),
	entity.Capacity("non_reducible_host_written_data").Doc("What hosts have written that cannot be reduced."),
	entity.Capacity("non_reducible_data_disk_usage_capacity").Doc("What is taken on disk by data that cannot be reduced."),
}

// Measures are what the array tells of volumes, filesystems and their snapshots, and
// changes by itself.
func Measures(what string) entity.Facts {
	return entity.Join(entity.Facts{
		UpdatedAt(),
		Tenant(),
		entity.Text("type").Queryable().Doc("`MASTER` for a " + what + ", `SNAPSHOT` for a snapshot."),
		entity.Text("pool_name").Doc("The pool's name."),
		entity.Integer("family_id").Queryable().Doc("The id of the " + what + " at the root of the family of snapshots."),
		entity.Integer("depth").Queryable().Doc("How many snapshots lie between this one and the " + what + " at the root."),
		entity.Bool("has_children").Doc("Whether there are snapshots of this one."),
		entity.Bool("has_internal_children").Doc("Whether the array keeps snapshots of this one for itself."),
		entity.Bool("is_internal").Doc("Whether the array keeps this one for itself."),
		entity.Integer("num_blocks").Doc("The size in blocks of 512 bytes."),
		entity.Capacity("used").Doc("What clients have written."),
		entity.Capacity("allocated").Doc("What is taken in the pool."),
		entity.Capacity("tree_allocated").Doc("What is taken in the pool, snapshots included."),
		entity.Capacity("disk_usage").Doc("What is taken on disk."),
		entity.Capacity("host_written_data").Doc("What clients have written, before reduction."),
		entity.Capacity("capacity_savings_per_entity").Doc("What compression and the like save of this one alone."),
		entity.Bool("compression_suppressed").Doc("Whether compression is on but does not pay, so that the array leaves it."),
		entity.Text("ssa_express_status").Doc("How far the move into or out of the SSA Express cache is."),
		entity.Ref("qos_policy_id").Doc("The id of the QoS policy assigned to it."),
		entity.Text("qos_policy_name").Doc("The name of the QoS policy assigned to it."),
		entity.Ref("qos_shared_policy_id").Doc("The id of the QoS policy that its pool shares with it."),
		entity.Text("qos_shared_policy_name").Doc("The name of the QoS policy that its pool shares with it."),
		entity.Integer("cg_id").Filterable().Doc("The id of the consistency group it is in."),
		entity.Text("cg_name").Doc("The name of the consistency group it is in."),
		entity.Moment("snapshot_expires_at").InSeconds().Doc("When the array deletes the snapshot."),
		entity.Bool("rmr_source").Queryable().Doc("Whether it is replicated to another system."),
		entity.Bool("rmr_target").Queryable().Doc("Whether another system replicates to it."),
		entity.Bool("rmr_active_active_peer").Queryable().Doc("Whether it is one side of an active-active replica."),
		entity.Text("rmr_snapshot_guid").Queryable().Doc("The identifier of the replication snapshot."),
		entity.Text("mgmt_snapshot_guid").Queryable().Doc("The identifier of a replicated snapshot."),
		entity.Text("data_snapshot_guid").Queryable().Doc("The identifier of the snapshot's data across systems."),
		entity.Texts("replication_types", nil).Doc("How it is replicated; `NONE` where it is not."),
		entity.Integers("replica_ids").Doc("The ids of its replicas."),
		entity.Text("mobility_source").Queryable().Doc("What the array says of a move from another system, as it says it; absent where there was none."),
		entity.Integer("promote_source_id").Doc("The id of what it was promoted from."),
	}, Policies, Reduction)
}

// FilesystemState is what the array tells of filesystems and their snapshots alone; of a
// filesystem most of it can be set.
var FilesystemState = entity.Facts{
	entity.Text("security_style").Queryable().Doc("Whether permissions are those of UNIX or Windows ACLs."),
	entity.Bool("posix_file_ownership").Queryable().Doc("Whether files are owned as POSIX has it."),
	entity.Text("atime_mode").Queryable().Doc("Whether the time of the last access to a file is kept."),
	entity.Integer("atime_granularity").Queryable().Doc("How many seconds the time of the last access may be behind."),
	entity.Text("snapdir_name").Queryable().Doc("The name of the directory in which clients find the snapshots."),
	entity.Bool("snapdir_accessible").Queryable().Doc("Whether clients can enter the directory of the snapshots."),
	entity.Integer("used_capacity_warning").Queryable().Doc("The percentage of the size in use at which the array warns."),
	entity.Integer("used_capacity_critical").Queryable().Doc("The percentage of the size in use at which the array raises a critical event."),
	entity.Text("worm_level").Queryable().Doc("Whether files, once written, are kept as they are: `NONE`, `ENTERPRISE` or `COMPLIANCE`."),
	entity.Integer("worm_default_retention").Queryable().Doc("How long a file of a WORM filesystem is retained where nothing else is said, in seconds."),
	entity.Bool("worm_legal_hold").Queryable().Doc("Whether a WORM filesystem is under legal hold."),
	entity.Text("suspend_state").Queryable().Doc("Whether clients are served (`NONE`), or their requests dropped (`DROP`)."),
}

// FilesystemMeasures are what the array tells of filesystems and their snapshots alone,
// and changes by itself.
var FilesystemMeasures = entity.Facts{
	entity.Integer("nfs_filesystem_id").Queryable().Doc("The number by which NFS clients know it."),
	entity.Integer("data").Doc("The number by which the array knows its data."),
	entity.Bool("visible_in_snapdir").Queryable().Doc("Whether clients find it in the directory of the snapshots."),
	entity.Bool("modified").Doc("Whether it can differ from what it was taken of."),
	entity.Bool("is_consistent").Queryable().Doc("Whether its content is of one point in time."),
	entity.Integer("worm_max_retention").Doc("How long a file of a WORM filesystem can be retained at most, in seconds, where the array says so."),
}

// Policies is what the array tells of the snapshot policies behind volumes, filesystems
// and groups, and of their locks.
var Policies = entity.Facts{
	entity.Text("lock_state").Doc("`LOCKED` until `lock_expires_at`, else `UNLOCKED`."),
	entity.Text("snapshot_policy_name").Doc("The name of the policy that takes and keeps snapshots of it."),
	entity.Ref("created_by_snapshot_policy_id").Doc("The id of the policy that took it."),
	entity.Text("created_by_snapshot_policy_name").Doc("The name of the policy that took it."),
	entity.Ref("created_by_schedule_id").Doc("The id of the schedule that took it."),
	entity.Text("created_by_schedule_name").Doc("The name of the schedule that took it."),
}
