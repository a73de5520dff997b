package file

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// TreeQ is a directory in the root of a filesystem with limits to what it may hold.
//
// The array takes a new name or new limits in an update, and all limits in one.
var TreeQ = entity.Kind{
	System:   common.System,
	Name:     "treeq",
	Plural:   "treeqs",
	Noun:     "TreeQ",
	Path:     "filesystems/{filesystem_id}/treeqs",
	Doc:      "A TreeQ: a directory in the root of a filesystem, with limits to the space and the inodes (files, directories and links) it may take.",
	Identity: entity.Identity{Taken: []string{"TREEQ_NAME_ALREADY_EXISTS"}},
	Planning: entity.Planning{Check: checkTreeQ},
	Creation: entity.Creation{InUse: []string{"used_capacity"}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{
		Danger: "The directory goes with its TreeQ, and the files in it are lost. The array deletes only a TreeQ that is not exported or shared.",
		Loses:  holdsTreeQ,
	},
	Explain: explainTreeQ,
	Facts: entity.Facts{
		entity.ID(),
		entity.Ref("filesystem_id").Required().InPath().
			Doc("The id of the filesystem."),
		common.Name().Doc("The name: a filesystem has no two TreeQs of one name."),
		entity.Text("path").Required().Queryable().Checked("a directory of the root", checkTreeQPath).
			Doc("The directory, such as `\"/projects\"`: it is made with the TreeQ."),
		mode("mode").
			Doc("The permissions of the directory at its creation, such as `\"0755\"`; not for a `WINDOWS` filesystem. The array does not tell them afterwards."),
		entity.Capacity("soft_capacity").Optional().Mutable().InGroup("limits").AtLeast("500MB").Queryable().
			Doc("The space in use from which the array warns; at least 500MB. No limit where it is not set."),
		entity.Capacity("hard_capacity").Optional().Mutable().InGroup("limits").Above("soft_capacity").By(100_000_000).AtLeast("1GB").Queryable().
			Doc("The most space that may be in use; at least 1GB, and 100MB above `soft_capacity`. No limit where it is not set."),
		entity.Integer("soft_inodes").Optional().Mutable().InGroup("limits").Between(2, mostInodes).Queryable().
			Doc("How many inodes there are before the array warns; at least 2. No limit where it is not set."),
		entity.Integer("hard_inodes").Optional().Mutable().InGroup("limits").Above("soft_inodes").Between(3, mostInodes).Queryable().
			Doc("The most inodes there may be; at least 3, and above `soft_inodes`. No limit where it is not set."),

		entity.Capacity("used_capacity").Queryable().Doc("The space in use."),
		entity.Integer("used_inodes").Queryable().Doc("How many inodes there are."),
		entity.Text("capacity_state").Queryable().Doc("Where the space in use is: `BELOW_SOFT`, `SOFT_EXCEEDED` or `HARD_EXCEEDED`; `NONE` without limits."),
		entity.Text("inodes_state").Queryable().Doc("Where the inodes in use are, in the same words."),
	},
}

const mostInodes = 1_000_000_000_000_000_000

// checkPath refuses what is no path from the root.
func checkPath(path string) error {
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("%q does not begin with a slash", path)
	}
	return nil
}

// checkTreeQPath refuses what is no directory right below the root.
func checkTreeQPath(path string) error {
	directory := strings.TrimPrefix(path, "/")
	switch {
	case directory == path || directory == "" || directory == "." || directory == "..":
		return fmt.Errorf("%q is no directory: write one such as \"/projects\"", path)
	case strings.Contains(directory, "/"):
		return fmt.Errorf("%q is not in the root: a TreeQ is a directory right below it", path)
	case len(path) > 255:
		return errors.New("the path must have at most 255 characters")
	}
	return nil
}

// checkTreeQ refuses permissions of UNIX where the filesystem has those of Windows, also of
// a TreeQ that is there: they would be for the next one in its place.
func checkTreeQ(ctx context.Context, p *entity.Plan) {
	if p.After == nil || !p.Config.Known("mode") || !p.Replaced && !p.Changes("mode") {
		return
	}
	if styleOf(ctx, p) == windows {
		p.Refuse("mode", "mode is for filesystems of the style UNIX", "The security_style of the filesystem is WINDOWS, where permissions are inherited. Leave mode out.")
	}
}
