package file

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SMBGroup is a group of SMB users that the array itself knows, beside those of a domain.
var SMBGroup = entity.Kind{
	System: common.System,
	Name:   "smb_group",
	Plural: "smb_groups",
	Noun:   "SMB group",
	Path:   "smb_groups",
	Doc: "An SMB group: a group that the array itself knows. Its members are users and groups of the domain (`domain_members`), and users of the array that name it. " +
		"Every array has `Administrators`, `Users`, `Guests`, `Power Users` and `Backup Operators`, which can be imported and changed, and are never deleted.",
	Planning: entity.Planning{Check: checkSMBGroup},
	Creation: entity.Creation{InUse: []string{"domain_members"}},
	Deletion: entity.Deletion{
		Danger: "Members no longer have the privileges of the group, nor what shares and files permit it. The array deletes only a group without users of its own.",
		Loses:  losesUsers,
	},
	Explain: explainSMBGroup,
	Facts: entity.Facts{
		entity.ID(),
		windowsName(255),
		privileges("group"),
		entity.Texts("domain_members", nil).Defaulted().Mutable().Checked("a SID", checkSID).
			Danger("They no longer have the privileges of the group, nor what shares and files permit it.", entity.LosesMembers()).
			Doc("The SIDs of the users and groups of the domain that are in it."),
		unixID("gid", "The number of the group on UNIX, where it is one.").Optional().Mutable(),
		unixID(uid, "The number of a user on UNIX that owns what the group owns, where there is one.").Optional().Mutable(),
		windowsSID("group"),

		common.Tenant(),
	},
}

// checkSMBGroup refuses the deletion of a group that every array has.
func checkSMBGroup(_ context.Context, p *entity.Plan) {
	if group := p.Before.Text("sid"); (p.After == nil || p.Replaced) && strings.HasPrefix(group, "S-1-5-32-") {
		keepsBuiltIn(p, fmt.Sprintf("the SMB group %q", p.Before.Text("name")))
	}
}

// usersOf are the users of the array that are in a group, by their field that says so.
func usersOf(ctx context.Context, s *entity.Session, group entity.Values) (primarily, also []api.Object, err error) {
	is := func(id any) bool { return fmt.Sprint(id) == group.ID("id") }
	for user, err := range s.Client.List(ctx, "smb_users", api.Query{}) {
		if err != nil {
			return nil, nil, err
		}
		if is(user["primary_group_id"]) {
			primarily = append(primarily, user)
		}
		if groups, _ := user["group_ids"].([]any); slices.ContainsFunc(groups, is) {
			also = append(also, user)
		}
	}
	return primarily, also, nil
}

// losesUsers names the users of a group that goes.
func losesUsers(ctx context.Context, s *entity.Session, group entity.Values) []string {
	primarily, also, err := usersOf(ctx, s, group)
	if err != nil || len(primarily)+len(also) == 0 {
		return nil
	}
	return []string{"Users of the array in it: " + common.Few(common.QuotedNames(append(primarily, also...))) + "."}
}

// explainSMBGroup names the users of a group that the array does not delete.
func explainSMBGroup(ctx context.Context, s *entity.Session, group entity.Values, err error) string {
	if api.CodeOf(err) != "SMB_GROUP_HAS_MEMBERS" {
		return ""
	}
	return strings.Join(append(losesUsers(ctx, s, group), "Take it out of their group_ids first, and give those whose primary group it is another one."), " ")
}
