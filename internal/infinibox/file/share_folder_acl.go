package file

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// ShareFolderACL is an entry in the ACL of the directory that a share gives access to. The
// array takes entries in and out, and changes none.
var ShareFolderACL = entity.Kind{
	System: common.System,
	Name:   "share_folder_acl",
	Plural: "share_folder_acls",
	Noun:   "folder ACL entry",
	Path:   "shares/{share_id}/folder_acl",
	Doc: "An entry in the ACL of the directory at the root of a share, on a filesystem of the style `WINDOWS`: what one user or group may do there. " +
		"The ACL belongs to the directory, so that all shares of it have it in common. Entries that others have made stay as they are.",
	Identity: entity.Identity{Key: []string{"share_id", principal}},
	Reading:  entity.Reading{Find: findACE},
	Creation: entity.Creation{
		Request: func(after entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: api.Path("shares", after.Int("share_id"), "folder_acl_add")}
		},
	},
	Deletion: entity.Deletion{
		Danger: "The user or group may lose access to the directory.",
		Request: func(before entity.Values) api.Request {
			return api.Request{
				Method: http.MethodPost, Path: api.Path("shares", before.Int("share_id"), "folder_acl_remove"),
				Body: api.Object{principal: before.Text(principal)},
			}
		},
	},
	Facts: entity.Facts{
		entity.Ref("share_id").Required().InPath().
			Doc("The id of the share."),
		sid(principal, "The SID of the user or the group: a directory has one entry for each. `S-1-1-0` is everyone.").Required(),
		entity.Enum("permissions", "FULLCONTROL", "MODIFY", "READEXECUTE", "READ", "WRITE").Required().
			Doc("What they may do. An entry that was made otherwise can be `OTHER`. A change takes the entry out before it adds the new one."),

		entity.Ref("filesystem_id").Doc("The id of the filesystem."),
	},
}

const principal = "principal"

// findACE is the entry of a principal.
func findACE(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if !v.Known("share_id") || !v.Known(principal) {
		return nil, errors.New("a folder ACL entry is found by share_id and principal")
	}
	for ace, err := range s.Client.List(ctx, api.Path("shares", v.Int("share_id"), "folder_acl"), api.Query{}) {
		if err != nil || ace[principal] == v.Text(principal) {
			return ace, err
		}
	}
	return nil, absent("folder_acl", fmt.Sprintf("The directory of the share %d has no entry for %s", v.Int("share_id"), v.Text(principal)))
}
