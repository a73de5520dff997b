package file_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/file"
)

// tables are the standard tests of the entities: one table each.
var tables = map[string]acctest.Table{
	"filesystem":          filesystems,
	"filesystem_snapshot": snapshots,
	"export":              exports,
	"treeq":               treeqs,
}

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccEntities(t *testing.T) {
	acctest.Complete(t, file.Kinds(), tables)
	for name, table := range tables {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, table)
		})
	}
}

func TestFaults(t *testing.T) { campaign.Run(t, file.Kinds(), tables) }

// newFilesystem makes a filesystem of 1GB.
func newFilesystem(b *acctest.InfiniBox, label string, pool any) any {
	return b.Create("filesystems", map[string]any{"name": b.Name(label), "pool_id": pool, "size": 1_000_000_000})
}
