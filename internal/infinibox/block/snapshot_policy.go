package block

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SnapshotPolicy takes snapshots by its schedules, of what is assigned to it.
var SnapshotPolicy = entity.Kind{
	System:   common.System,
	Name:     "snapshot_policy",
	Plural:   "snapshot_policies",
	Path:     "snapshot_policies",
	Doc:      "A snapshot policy: it takes and deletes snapshots of the volumes, filesystems and consistency groups assigned to it, as its schedules say.",
	Creation: entity.Creation{InUse: []string{"assigned_entities_count", "default_snapshot_policy", "schedules"}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{Danger: "No more snapshots are taken of what is assigned to the policy. The array deletes the policy's schedules with it."},
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		common.Named(entity.Text("suffix").Required().Mutable().OncePer().LongestOf(64)).
			Doc("What the names of the policy's snapshots end in, before a number; 1 to 64 characters of those that a name has, and unlike other policies' suffixes."),
		entity.Bool("default_snapshot_policy").Defaulted().Mutable().AfterCreation().OncePer().
			Doc("Whether new volumes, filesystems and consistency groups get this policy where nothing else is said. The array has one such policy: the policy that was it before is it no more."),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
		entity.Integer("assigned_entities_count").Doc("How many datasets and groups are assigned to it."),
		entity.Records("schedules", schedule).Doc("Its schedules."),
	},
}

// schedule are the fields of a schedule within its policy's object.
var schedule = entity.Facts{
	entity.Integer("id").Doc("The schedule's id."),
	entity.Text("name").Doc("The schedule's name."),
	entity.Text("type").Doc("`PERIODIC` or `CLOCK`."),
	entity.Bool("enabled").Doc("Whether it takes snapshots."),
	entity.Integer("interval").Doc("Seconds between snapshots."),
	entity.Text("day_of_week").Doc("The day of a clock schedule."),
	entity.Integer("time_of_day").Doc("The time of a clock schedule, in seconds after midnight."),
	entity.Integer("retention").Doc("Seconds for which a snapshot is kept."),
	entity.Bool("lock_snapshots").Doc("Whether snapshots are locked for as long as they are kept."),
}
