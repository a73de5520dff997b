package file

import (
	"context"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SharePermission is what one principal may do on a share, for teams that own one together.
var SharePermission = entity.Kind{
	System: common.System,
	Name:   "share_permission",
	Plural: "share_permissions",
	Path:   "shares/{share_id}/permissions",
	Doc: "What one user or group may do through a share, for configurations in which several teams own one. " +
		"It does for one what `permissions` of `storage_infinibox_share` does for all: a share takes one of the two, so leave its `permissions` out, or have the share ignore changes of them (`ignore_changes`).",
	Identity: entity.Identity{NamedBy: "sid", Taken: []string{"SHARE_PERMISSION_ALREADY_DEFINED_FOR_SID"}},
	Planning: entity.Planning{
		Check:  func(_ context.Context, p *entity.Plan) { statementsOf(p.Session).permission(p) },
		Tracks: []string{"share_id", "sid", "access"},
	},
	Deletion: entity.Deletion{Danger: "Who has it may lose access to the share."},
	Facts: entity.Facts{
		entity.ID(),
		entity.Ref("share_id").Required().InPath().
			Doc("The id of the share."),
		sid("sid", "The SID of the user or the group: a share has one permission for each. `S-1-1-0` is everyone.").Required().Queryable(),
		accessFact().Queryable().Mutable().
			Danger("Who has the permission may do less than before.", entity.When("lower it", func(before, after entity.Values) bool {
				return before != nil && accessRank(after.Text("access")) < accessRank(before.Text("access"))
			})),
	},
}
