package block

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// forS3 is the type of pools that S3 accounts keep their buckets in.
const forS3 = "S3"

// poolUnit is what the array rounds a pool's capacities up to.
const poolUnit = 6 * 64 << 10

// Pool is the capacity that volumes and filesystems are carved from.
var Pool = entity.Kind{
	System:   common.System,
	Name:     "pool",
	Plural:   "pools",
	Path:     "pools",
	Doc:      "A pool: the physical and virtual capacity that volumes, filesystems and their snapshots are carved from.",
	Metadata: entity.WithDefaults,
	Planning: entity.Planning{Complete: followPhysicalCapacity, Check: checkPool, Tracks: []string{"id", "virtual_capacity"}},
	Creation: entity.Creation{InUse: []string{"entities_count", "internal_entities_count", "s3_bound", "qos_policies"}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{Danger: "Nobody can create volumes or filesystems in the pool any more. The array deletes only a pool that is empty."},
	Explain:  explainPool,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Capacity("virtual_capacity").RoundedTo(poolUnit).Defaulted().Mutable().AtLeast("1TB").InBlocksOf(common.BlockSize).
			Doc("What volumes and filesystems can promise in sum, such as `\"20TB\"`. Where it is not set, it follows `physical_capacity`. The array rounds it up to the next 384 KiB."),
		entity.Capacity("physical_capacity").RoundedTo(poolUnit).Required().Mutable().AtLeast("1TB").InBlocksOf(common.BlockSize).
			Doc("What can really be written, such as `\"10TB\"`; at least 1TB. The array rounds it up to the next 384 KiB."),
		entity.Enum("type", "STANDARD", "VVOL", forS3).Defaulted().Queryable().
			Doc("What the pool is for. A pool for `S3` belongs to one S3 account, and has no virtual capacity, no `\"unlimited\"` emergency buffer and no defaults for filesystems."),
		entity.Integer("physical_capacity_warning").Defaulted().Mutable().Between(1, 100).
			Doc("The percentage of physical capacity in use at which the array warns."),
		entity.Integer("physical_capacity_critical").Defaulted().Mutable().Between(1, 100).Above("physical_capacity_warning").
			Doc("The percentage of physical capacity in use at which the array raises a critical event. It must be above `physical_capacity_warning`."),
		entity.Integer("fs_used_default_warning").Defaulted().Mutable().Queryable().Between(1, 100).
			Doc("The percentage of a filesystem in use at which the array warns, for filesystems that do not say otherwise."),
		entity.Integer("fs_used_default_critical").Defaulted().Mutable().Queryable().Between(1, 100).
			Doc("The percentage of a filesystem in use at which the array raises a critical event, for filesystems that do not say otherwise."),
		entity.Capacity("max_extend").OrUnlimited().Defaulted().Mutable().
			Doc("The emergency buffer: how far the pool may grow by itself when it is full. `\"unlimited\"` sets no bound."),
		common.SSDEnabled("pool"),
		entity.Bool("compression_enabled").Defaulted().Mutable().AfterCreation().Queryable().
			Doc("Whether new datasets in the pool are compressed."),
		entity.Integers("owners").Defaulted().Mutable().AfterCreation().To("user", "user_group").
			Doc("The ids of the users, and of the groups of users, with the role POOL_ADMIN who administer the pool."),
		entity.Bool("locked").Defaulted().AfterCreation().ChangedBy(lockPool).From(poolIsLocked).Field("state").
			Danger("Existing datasets in the pool cannot be changed while it is locked, and new ones cannot be created.", entity.When("set it to `true`", locksPool)).
			Doc("Whether the pool is locked against changes."),
		common.TenantOf("pool"),
		common.CreatedAt(),

		common.UpdatedAt(),
		entity.Text("state").Doc("`NORMAL`, `LOCKED`, or what else the array reports."),
		entity.Capacity("free_physical_space").Doc("Physical capacity that is free."),
		entity.Capacity("free_virtual_space").Doc("Virtual capacity that is not promised yet."),
		entity.Capacity("allocated_physical_space").Doc("Physical capacity in use."),
		entity.Capacity("allocated_internal_physical_space").Doc("Physical capacity in use by the array itself."),
		entity.Capacity("reserved_capacity").Doc("Physical capacity that the array holds back."),
		entity.Capacity("thin_capacity_savings").Doc("What thin provisioning saves."),
		entity.Capacity("thick_capacity_savings").Doc("What compression saves of thick datasets."),
		entity.Capacity("host_written_data").Doc("What hosts have written."),
		entity.Capacity("total_disk_usage").Doc("What is taken on disk."),
		entity.Integer("entities_count").Doc("Datasets in the pool."),
		entity.Integer("volumes_count").Doc("Volumes in the pool."),
		entity.Integer("snapshots_count").Doc("Snapshots of volumes in the pool."),
		entity.Integer("filesystems_count").Doc("Filesystems in the pool."),
		entity.Integer("filesystem_snapshots_count").Doc("Snapshots of filesystems in the pool."),
		entity.Integer("internal_entities_count").Doc("Datasets that the array keeps for itself."),
		entity.Integer("s3_buckets_count").Doc("S3 buckets in the pool."),
		entity.Integer("standard_entities_count").Doc("Datasets that are no vVols."),
		entity.Integer("standard_volumes_count").Doc("Volumes that are no vVols."),
		entity.Integer("standard_snapshots_count").Doc("Snapshots of volumes that are no vVols."),
		entity.Integer("standard_filesystems_count").Doc("Filesystems that are no vVols."),
		entity.Integer("standard_filesystem_snapshots_count").Doc("Snapshots of filesystems that are no vVols."),
		entity.Integer("vvol_entities_count").Doc("vVols and their snapshots."),
		entity.Integer("vvol_volumes_count").Doc("vVols."),
		entity.Integer("vvol_snapshots_count").Doc("Snapshots of vVols."),
		entity.Bool("s3_bound").Doc("Whether an S3 account uses the pool."),
		entity.Integers("qos_policies").Doc("The ids of the QoS policies assigned to the pool."),
	}, common.Reduction),
}

func lockPool(id string, after entity.Values) api.Request {
	if after.Bool("locked") {
		return api.Request{Method: http.MethodPost, Path: api.Path("pools", id, "lock")}
	}
	return api.Request{Method: http.MethodPost, Path: api.Path("pools", id, "unlock")}
}

// locksPool reports what the array wants approved in a new pool too.
func locksPool(_, after entity.Values) bool { return after.Bool("locked") }

func poolIsLocked(pool api.Object) any { return pool["state"] == "LOCKED" }

// followPhysicalCapacity lets a virtual capacity that the user leaves open be
// the physical one, as long as nobody made the two differ. It is changed first,
// so that it may be below the physical one for a moment: no error code forbids it.
func followPhysicalCapacity(before, config, after entity.Values) {
	if !config.Null("virtual_capacity") || after.Text("type") == forS3 {
		return
	}
	if before == nil {
		after["virtual_capacity"] = after["physical_capacity"]
		return
	}
	if inUnits(before, "virtual_capacity") == inUnits(before, "physical_capacity") {
		after["virtual_capacity"] = after["physical_capacity"]
	} else {
		after["virtual_capacity"] = before["virtual_capacity"]
	}
}

// inUnits is a capacity of a pool as the array rounds it, in units.
func inUnits(pool entity.Values, name string) int64 {
	bytes, _ := pool.Bytes(name)
	return bytes/poolUnit + min(1, bytes%poolUnit)
}

func checkPool(_ context.Context, p *entity.Plan) {
	common.BudgetOf(p.Session).Pool(p)
	if p.After == nil || p.After.Text("type") != forS3 {
		return
	}
	for _, name := range []string{"virtual_capacity", "fs_used_default_warning", "fs_used_default_critical"} {
		if !p.Config.Null(name) {
			p.Refuse(name, "A pool for S3 has no "+name, "Buckets promise nothing, and a pool for S3 has no filesystems: leave "+name+" out.")
		}
	}
	if p.Config.Text("max_extend") == "unlimited" {
		p.Refuse("max_extend", "A pool for S3 does not grow without a bound", "Set max_extend to a capacity, such as \"1TB\", or leave it out.")
	}
}

// explainPool says what is in a pool that could not be deleted, or whose it is.
func explainPool(ctx context.Context, s *entity.Session, pool entity.Values, err error) string {
	if api.CodeOf(err) == "S3_POOL_DELETE_WITH_ACCOUNT_NOT_ALLOWED" {
		return "Delete the S3 account first: it keeps its buckets in the pool."
	}
	if api.CodeOf(err) != "POOL_NOT_EMPTY" {
		return ""
	}
	inPool := api.Query{Filters: api.Where("pool_id", pool.ID("id")), Fields: []string{"id", "name"}}
	var held []string
	for _, dataset := range []struct{ path, title string }{{"volumes", "volumes and snapshots"}, {"filesystems", "filesystems and snapshots"}} {
		if found := common.Collect(ctx, s, dataset.path, inPool); len(found) > 0 {
			held = append(held, fmt.Sprintf("%s %s", dataset.title, common.Few(common.QuotedNames(found))))
		}
	}
	if len(held) == 0 {
		return ""
	}
	return fmt.Sprintf("The pool still holds: %s. Delete or move them first.", common.Few(held))
}
