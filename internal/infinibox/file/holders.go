package file

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// What holds a filesystem, a snapshot of one or a TreeQ: by what clients reach it.

// The exports and shares of each filesystem, by what they are known by.
var (
	exportsOf = byFilesystem("exports", "export_path")
	sharesOf  = byFilesystem("shares", "name")
)

func byFilesystem(collection, field string) *api.Source {
	return common.WithNone(collection, common.Grouped(collection+" by filesystem", collection, "filesystem_id", field, collection, func(filesystem string) (string, api.Query) {
		return collection, api.Query{Fields: []string{"id", field}, Filters: api.Where("filesystem_id", filesystem)}
	}))
}

// losesFilesystem names what is lost with a filesystem, what it is held by, and what
// replicates it.
func losesFilesystem(ctx context.Context, s *entity.Session, filesystem entity.Values) []string {
	lost := append(losesSnapshot(ctx, s, filesystem), common.ReplicatedFirst(ctx, s, "filesystems", filesystem.ID("id"), "deletes")...)
	treeqs := common.Collect(ctx, s, api.Path("filesystems", filesystem.Int("id"), "treeqs"), api.Query{Fields: []string{"id", "name"}, Sort: []string{"name"}})
	if len(treeqs) > 0 {
		lost = append(lost, "TreeQs lost with it: "+common.Few(common.QuotedNames(treeqs))+".")
	}
	return lost
}

// losesSnapshot does so for a snapshot.
func losesSnapshot(ctx context.Context, s *entity.Session, snapshot entity.Values) []string {
	lost := common.LosesSnapshots(ctx, s, "filesystems", snapshots, snapshot)
	for _, by := range []struct {
		source *api.Source
		is     string
	}{{exportsOf, "exported as"}, {sharesOf, "shared as"}} {
		o, err := s.Client.ReadFrom(ctx, by.source, snapshot.ID("id"))
		if err != nil {
			continue
		}
		if names := quoted(o); len(names) > 0 {
			lost = append(lost, fmt.Sprintf("It is %s %s. The array deletes it when that is gone.", by.is, common.Few(names)))
		}
	}
	return lost
}

// quoted are the names in the one list of an object.
func quoted(o api.Object) []string {
	var names []string
	for _, value := range o {
		list, _ := value.([]any)
		for _, name := range list {
			names = append(names, fmt.Sprintf("%q", name))
		}
	}
	return names
}

// explainFilesystem says by what a filesystem is exported or shared that cannot be deleted,
// or suspended.
func explainFilesystem(ctx context.Context, s *entity.Session, filesystem entity.Values, err error) string {
	family := []api.Object{{"id": filesystem["id"]}}
	switch api.CodeOf(err) {
	case "FILESYSTEM_HAS_EXPORT", "FILESYSTEM_HAS_SHARES", "FILESYSTEM_SUSPEND_NOT_ALLOWED":
	case "CHILD_FILESYSTEMS_HAVE_EXPORTS", "CHILD_FILESYSTEMS_HAVE_SHARES":
		family = common.Collect(ctx, s, "filesystems", api.Query{Filters: api.Where("family_id", filesystem.ID("id")), Fields: []string{"id", "name"}})
	case "FILESYSTEM_WORM_LOCKED_FILES":
		return "Files on it are retained. The array deletes it when the retention of the last of them is over."
	default:
		return common.ExplainReplicated(ctx, s, "filesystems", filesystem.ID("id"), err)
	}
	var paths, names []string
	for _, member := range family {
		of := api.Where("filesystem_id", fmt.Sprint(member["id"]))
		paths = append(paths, exportPaths(ctx, s, of)...)
		names = append(names, shareNames(ctx, s, of)...)
	}
	return heldBy(paths, names)
}

// holdsTreeQ says what keeps a TreeQ from being deleted.
func holdsTreeQ(ctx context.Context, s *entity.Session, treeq entity.Values) []string {
	filesystem, err := s.Client.Read(ctx, "filesystems", treeq.ID("filesystem_id"), []string{"id", "write_protected"})
	if protected, _ := filesystem["write_protected"].(bool); err != nil || !protected {
		return nil
	}
	return []string{"The filesystem is write-protected, and the array deletes no TreeQ of it. " + liftProtection}
}

// liftProtection is said of a TreeQ of a filesystem that is write-protected: Terraform
// deletes before it changes what the deleted depends on.
const liftProtection = "Set write_protected = false on the filesystem and apply that first."

// explainTreeQ says by what a TreeQ is exported or shared that cannot be deleted, and what
// is to be done where its filesystem is write-protected.
func explainTreeQ(ctx context.Context, s *entity.Session, treeq entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "TREEQ_FILESYSTEM_HAS_EXPORTS", "TREEQ_FILESYSTEM_HAS_SHARES":
	case "TREEQ_FILESYSTEM_READ_ONLY":
		return liftProtection
	default:
		return ""
	}
	of := append(api.Where("filesystem_id", treeq.ID("filesystem_id")), api.Where(innerPath, treeq.Text("path"))...)
	return heldBy(exportPaths(ctx, s, of), shareNames(ctx, s, of))
}

// exportPaths are the exports that filters select, by path and id.
func exportPaths(ctx context.Context, s *entity.Session, filters []api.Filter) []string {
	return known(common.Collect(ctx, s, "exports", api.Query{Filters: filters}), "export_path")
}

// shareNames are the shares that filters select, by name and id.
func shareNames(ctx context.Context, s *entity.Session, filters []api.Filter) []string {
	return known(common.Collect(ctx, s, "shares", api.Query{Filters: filters}), "name")
}

func known(objects []api.Object, by string) []string {
	names := make([]string, len(objects))
	for i, o := range objects {
		names[i] = fmt.Sprintf("%v (id %v)", o[by], o["id"])
	}
	return names
}

func heldBy(exports, shares []string) string {
	var by string
	if len(exports) > 0 {
		by = "It is exported: " + common.Few(exports) + ". "
	}
	if len(shares) > 0 {
		by += "It is shared: " + common.Few(shares) + ". "
	}
	if by == "" {
		return ""
	}
	return by + "Delete these first."
}
