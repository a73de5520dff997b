package file

import (
	"context"
	"fmt"
	"regexp"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// serial is what the array knows filesystems and snapshots by, for life.
func serial() entity.Fact {
	return entity.Text("serial").Lasting().Queryable().Doc("The serial number: 31 hexadecimal digits.")
}

// mode is what the permissions of a directory are at its creation.
func mode(name string) entity.Fact {
	return entity.Text(name).Optional().Unread().Matching(regexp.MustCompile(`^[0-7]{3,4}$`), "three or four octal digits, such as \"0755\"")
}

// measures are what the array tells of filesystems and snapshots, and changes by
// itself.
var measures = entity.Join(entity.Facts{
	entity.Text("dataset_type").Queryable().Doc("`FILESYSTEM`."),
	entity.Bool("mapped").Queryable().Doc("Whether it is exported."),
}, common.FilesystemMeasures, common.Measures("filesystem"))

var snapshots = common.SnapshotsIn("filesystems")

// losesSnapshots names what is lost with a filesystem or a snapshot: the snapshots of
// it, and what was taken of these.
func losesSnapshots(ctx context.Context, s *entity.Session, before entity.Values) []string {
	return common.LosesSnapshots(ctx, s, "filesystems", snapshots, before)
}

// explainExports says by what a filesystem that cannot be deleted is exported.
func explainExports(ctx context.Context, s *entity.Session, filesystem entity.Values, err error) string {
	family := []api.Object{{"id": filesystem["id"]}}
	switch api.CodeOf(err) {
	case "FILESYSTEM_HAS_EXPORT":
	case "CHILD_FILESYSTEMS_HAVE_EXPORTS":
		family = common.Collect(ctx, s, "filesystems", api.Query{
			Filters: append(api.Where("family_id", filesystem.ID("id")), api.Where("mapped", "true")...),
			Fields:  []string{"id", "name"},
		})
	default:
		return ""
	}
	var paths []string
	for _, member := range family {
		paths = append(paths, exportPaths(ctx, s, api.Where("filesystem_id", fmt.Sprint(member["id"])))...)
	}
	return exportedBy(paths)
}

// exportPaths are the exports that filters select, by path and id.
func exportPaths(ctx context.Context, s *entity.Session, filters []api.Filter) []string {
	var paths []string
	for _, export := range common.Collect(ctx, s, "exports", api.Query{Filters: filters}) {
		paths = append(paths, fmt.Sprintf("%v (id %v)", export["export_path"], export["id"]))
	}
	return paths
}

func exportedBy(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return "It is exported: " + common.Few(paths) + ". Delete these exports first."
}
