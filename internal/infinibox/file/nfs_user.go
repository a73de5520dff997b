package file

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// NFSUser tells the array which groups a UNIX user is in, and which Windows user it is.
var NFSUser = entity.Kind{
	System: common.System,
	Name:   "nfs_user",
	Plural: "nfs_users",
	Noun:   "NFS user",
	Path:   "nfs_users",
	Doc: "An NFS user: what the array knows of a UNIX user beyond what clients send, which is the groups and the Windows user that the user is. " +
		"Every array has the user with the uid 0, which can be imported and changed, and is never deleted.",
	Identity: entity.Identity{Key: []string{uid}, Taken: []string{"UID_NOT_UNIQUE"}},
	Reading:  entity.Reading{Find: findNFSUser},
	Planning: entity.Planning{Check: checkNFSUser},
	Deletion: entity.Deletion{Danger: "The user is in no group any more but those that clients tell of, is no Windows user any more, and may lose access to files."},
	Listing:  entity.Listing{Scope: []string{uid}, List: listNFSUsers},
	Facts: entity.Facts{
		entity.ID(),
		unixID(uid, "The number of the user on UNIX.").Required(),
		unixID("primary_gid", "The number of the user's primary group on UNIX.").Required().Mutable(),
		entity.Integers("supplementary_gids").Defaulted().Mutable().Queryable().
			Danger("The user may lose access to files of these groups.", entity.LosesMembers()).
			Doc("The numbers of the user's other groups on UNIX."),
		sid("sid", "The SID of the Windows user that this one is.").Optional().Mutable().Queryable().
			Danger("The user is no longer the Windows user, and may lose access to files.", entity.When("change or remove it", replacesText("sid"))),
		sid("primary_gsid", "The SID of the user's primary group on Windows; only with `sid`.").Optional().Mutable().Queryable(),
		entity.Texts(gsids, nil).Defaulted().Mutable().Queryable().Checked("a SID", checkSID).
			Danger("The user may lose access to files of these groups.", entity.LosesMembers()).
			Doc("The SIDs of the user's other groups on Windows, up to 10; only with `sid`."),

		common.Tenant(),
	},
}

const (
	uid     = "uid"
	rootUID = 0
	gsids   = "supplementary_gsids"
)

// findNFSUser reads the user of an id, or the one of a uid.
func findNFSUser(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("id") {
		return s.Client.Read(ctx, "nfs_users", v.ID("id"), nil)
	}
	if !v.Known(uid) {
		return nil, errors.New("an NFS user is found by its uid")
	}
	for user, err := range s.Client.List(ctx, "nfs_users", api.Query{Filters: api.Where(uid, v.ID(uid))}) {
		if err != nil || fmt.Sprint(user[uid]) == v.ID(uid) {
			return user, err
		}
	}
	return nil, absent("nfs_users", "There is no NFS user with the uid "+v.ID(uid))
}

// listNFSUsers lists the users, or the one of a uid.
func listNFSUsers(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
	if scope.Known(uid) {
		q.Filters = append(api.Where(uid, scope.ID(uid)), q.Filters...)
	}
	return s.Client.List(ctx, "nfs_users", q)
}

// checkNFSUser refuses what the array will refuse.
func checkNFSUser(_ context.Context, p *entity.Plan) {
	if p.After == nil || p.Replaced {
		if p.Before.Known(uid) && p.Before.Int(uid) == rootUID {
			keepsBuiltIn(p, `the NFS user with the uid 0`)
		}
		return
	}
	for _, name := range []string{"primary_gsid", gsids} {
		given := p.Config.Known(name) && (name != gsids || p.Config.Count(name) > 0)
		if given && p.Config.Null("sid") {
			p.Refuse(name, name+" is for users of Windows", "Without sid the user is none there. Set sid, or leave "+name+" out.")
		}
	}
}
