package file_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// What is within a filesystem or a share is imported by its name as by its id.
func TestAccImportByNames(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("nas")
	home := b.NewFilesystem("home", pool)
	windows := b.Create("filesystems", map[string]any{"name": "windows", "pool_id": pool, "size": 1_000_000_000, "security_style": "WINDOWS"})
	treeq := b.Must("POST", fmt.Sprintf("filesystems/%v/treeqs", home), map[string]any{"name": "projects", "path": "/projects"})["id"]
	export := b.Create("exports", map[string]any{"filesystem_id": home, "export_path": "/home"})
	share := b.Create("shares", map[string]any{"name": "plans", "filesystem_id": windows})
	s := acctest.NewServer(t, b)
	for id, want := range map[string]struct {
		kind string
		key  acctest.Object
	}{
		"filesystem=home,name=projects":               {"treeq", acctest.Object{"filesystem_id": home, "id": treeq}},
		"export_path=/home":                           {"export", acctest.Object{"id": export}},
		"name=plans":                                  {"share", acctest.Object{"id": share}},
		"share=plans,sid=S-1-1-0":                     {"share_permission", acctest.Object{"share_id": share, "sid": "S-1-1-0"}},
		"share=plans,principal=S-1-1-0":               {"share_folder_acl", acctest.Object{"share_id": share, "principal": "S-1-1-0"}},
		"filesystem=HOME,name=projects":               {"treeq", acctest.Object{"filesystem_id": home, "id": treeq}},
		fmt.Sprintf("share_id=%v,sid=S-1-1-0", share): {"share_permission", acctest.Object{"share_id": share}},
	} {
		acctest.ImportedAs(t, s, "storage_infinibox_"+want.kind, id, want.key)
	}
}
