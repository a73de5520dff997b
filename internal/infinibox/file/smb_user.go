package file

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SMBUser is a user of SMB whom the array itself knows, beside those of a domain.
var SMBUser = entity.Kind{
	System: common.System,
	Name:   "smb_user",
	Plural: "smb_users",
	Noun:   "SMB user",
	Path:   "smb_users",
	Doc: "An SMB user: a user whom the array itself knows, without a domain. " +
		"Every array has `Administrator` and `Guest`, which can be imported and changed, and are never deleted.",
	Planning: entity.Planning{Check: checkSMBUser},
	Deletion: entity.Deletion{Danger: "The user can no longer log in. A user made anew with the same name has another SID, and none of the access that shares and files permit this one."},
	Facts: entity.Facts{
		entity.ID(),
		windowsName(20),
		entity.Secret("password", "").Checked("a password", checkPassword).
			Doc("The password with which the user logs in; needed to make a user."),
		entity.Bool("enabled").Defaulted().Mutable().
			Danger("The user can no longer log in.", entity.Becomes(false)).
			Doc("Whether the user can log in."),
		entity.Ref("primary_group_id").Defaulted().Mutable().To("smb_group").
			Danger("The user no longer has what the old group is permitted.").
			Doc("The id of the user's primary group; `Users` where it is not set."),
		entity.Integers("group_ids").Defaulted().Mutable().To("smb_group").
			Danger("The user no longer has what these groups are permitted.", entity.LosesMembers()).
			Doc("The ids of the user's other groups."),
		privileges("user"),
		unixID(uid, "The number of the user on UNIX, where it is one.").Optional().Mutable(),
		windowsSID("user"),

		common.Tenant(),
		entity.Record("primary_group", SMBGroup.Facts).Doc("The user's primary group."),
		entity.Records("groups", SMBGroup.Facts).Doc("The user's other groups."),
	},
}

// builtInUser is the SID of Administrator or Guest: the last number says so.
var builtInUser = regexp.MustCompile(`^S-1-5-21-.*-50[01]$`)

// checkSMBUser refuses what the array will refuse.
func checkSMBUser(_ context.Context, p *entity.Plan) {
	if p.After == nil || p.Replaced {
		if builtInUser.MatchString(p.Before.Text("sid")) {
			keepsBuiltIn(p, fmt.Sprintf("the SMB user %q", p.Before.Text("name")))
		}
		return
	}
	if p.Before == nil && p.Config.Null("password_wo") {
		p.Refuse("password_wo", "An SMB user needs a password", "Set password_wo, and password_wo_version.")
	}
	if p.After.Known("primary_group_id") && slices.Contains(p.After.Ints("group_ids"), p.After.Int("primary_group_id")) {
		p.Refuse("group_ids", "The primary group is one of the other groups", "Leave the group with the id "+p.After.ID("primary_group_id")+" out of group_ids.")
	}
}

func checkPassword(password string) error {
	if password == "" {
		return fmt.Errorf("the password must not be empty")
	}
	return nil
}
