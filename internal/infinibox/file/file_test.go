package file_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/file"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, file.Area(), area.Tests{
		Tables: map[string]acctest.Table{
			"filesystem":          filesystems,
			"filesystem_snapshot": snapshots,
			"export":              exports,
			"treeq":               treeqs,
		},
		Actions: map[string]acctest.Action{
			"filesystem_restore": restored,
			"filesystem_refresh": refreshed,
		},
		Questions: questions,
		Walk:      estate(),
	})
}

// What the tests here are written with.
var resource = acctest.ArrayResource
