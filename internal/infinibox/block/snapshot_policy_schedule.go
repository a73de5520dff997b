package block

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SnapshotPolicySchedule says when its policy takes snapshots. The array has no
// operation that changes a schedule but for switching it on and off.
var SnapshotPolicySchedule = entity.Kind{
	System:   common.System,
	Name:     "snapshot_policy_schedule",
	Plural:   "snapshot_policy_schedules",
	Path:     "snapshot_policies/{snapshot_policy_id}/schedules",
	Doc:      "A schedule of a snapshot policy: when snapshots are taken, and for how long they are kept. Apart from `enabled`, a change replaces the schedule.",
	Planning: entity.Planning{Check: checkSchedule},
	Deletion: entity.Deletion{Danger: "The schedule takes no more snapshots. Those that it took stay for as long as they are kept."},
	Facts: entity.Facts{
		entity.ID(),
		entity.Ref("snapshot_policy_id").Required().To("snapshot_policy").InPath().
			Doc("The id of the policy."),
		common.Name().Immutable(),
		entity.Enum("type", "PERIODIC", "CLOCK").Required().
			Doc("`PERIODIC` takes a snapshot every `interval`; `CLOCK` takes one at `time_of_day`, on `day_of_week` or every day."),
		entity.Integer("interval").Defaulted().Between(3600, 30*24*3600).
			Doc("For a periodic schedule: seconds between snapshots, from an hour to 30 days."),
		entity.Enum("day_of_week", "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "ALL").Defaulted().
			Doc("For a clock schedule: the day."),
		entity.Integer("time_of_day").Defaulted().Between(0, 24*3600-1).
			Doc("For a clock schedule: the time, in seconds after midnight."),
		entity.Integer("retention").Required().Between(3600, 365*24*3600).
			Doc("How long a snapshot is kept, in seconds: from an hour to 365 days."),
		entity.Bool("lock_snapshots").Defaulted().
			Doc("Whether snapshots are locked for as long as they are kept. **Nobody can delete a locked snapshot.**"),
		entity.Bool("enabled").Defaulted().ChangedBy(switchSchedule).
			Doc("Whether it takes snapshots."),
		common.CreatedAt().Unqueried(),

		entity.Moment("updated_at").Doc("When the object was last changed."),
		common.Tenant(),
	},
}

func switchSchedule(id string, after entity.Values) api.Request {
	verb := "disable"
	if after.Bool("enabled") {
		verb = "enable"
	}
	return api.Request{
		Method: http.MethodPost,
		Path:   api.Path("snapshot_policies", after.Int("snapshot_policy_id"), "schedules", id, verb),
	}
}

// checkSchedule refuses a schedule that does not say when.
func checkSchedule(_ context.Context, p *entity.Plan) {
	if p.After == nil || !p.After.Known("type") || p.Before != nil && !p.Replaced {
		return
	}
	needs, forbids := "interval", []string{"time_of_day", "day_of_week"}
	if p.After.Text("type") == "CLOCK" {
		needs, forbids = "time_of_day", []string{"interval"}
	}
	if p.Config.Null(needs) {
		p.Refuse(needs, "The schedule does not say when", fmt.Sprintf("A schedule of type %s needs %s.", p.After.Text("type"), needs))
	}
	for _, name := range forbids {
		if p.Config.Known(name) {
			p.Refuse(name, "The schedule says two things", fmt.Sprintf("A schedule of type %s takes no %s.", p.After.Text("type"), name))
		}
	}
}
