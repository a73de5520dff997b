package file_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

var fleets = map[string]acctest.Fleet{
	"filesystems": {
		Resource: "storage_infinibox_filesystem",
		Prepare: func(b *acctest.InfiniBox, _ int) func(int) acctest.Attrs {
			pool := b.Create("pools", map[string]any{"name": "all", "physical_capacity": 10_000_000_000_512, "virtual_capacity": 10_000_000_000_512})
			return func(i int) acctest.Attrs {
				return acctest.Attrs{"name": fmt.Sprintf("filesystem-%d", i), "pool_id": pool, "size": "1GB"}
			}
		},
		Creating: 1, Collections: 1,
		Changed: func(i int) acctest.Attrs { return acctest.Attrs{"name": fmt.Sprintf("renamed-%d", i)} },
	},
	"exports": {
		Resource: "storage_infinibox_export",
		Prepare: func(b *acctest.InfiniBox, _ int) func(int) acctest.Attrs {
			filesystem := b.NewFilesystem("filesystem", b.NewPool("pool"))
			return func(i int) acctest.Attrs {
				return acctest.Attrs{"export_path": fmt.Sprintf("/export-%d", i), "filesystem_id": filesystem}
			}
		},
		Creating: 1, Collections: 1,
		Changed: func(int) acctest.Attrs { return acctest.Attrs{"snapdir_visible": false} },
	},
	"shares": {
		Resource: "storage_infinibox_share",
		Prepare: func(b *acctest.InfiniBox, _ int) func(int) acctest.Attrs {
			filesystem := newWindows(b, "filesystem", b.NewPool("pool"))
			return func(i int) acctest.Attrs {
				return acctest.Attrs{"name": fmt.Sprintf("share-%d", i), "filesystem_id": filesystem}
			}
		},
		Creating: 1, Collections: 1,
		Changed: func(i int) acctest.Attrs { return acctest.Attrs{"description": fmt.Sprintf("share %d", i)} },
	},
	"TreeQs": {
		Resource: "storage_infinibox_treeq",
		Prepare: func(b *acctest.InfiniBox, _ int) func(int) acctest.Attrs {
			filesystem := b.NewFilesystem("filesystem", b.NewPool("pool"))
			return func(i int) acctest.Attrs {
				return acctest.Attrs{"name": fmt.Sprintf("treeq-%d", i), "path": fmt.Sprintf("/treeq-%d", i), "filesystem_id": filesystem}
			}
		},
		Creating: 2, Collections: 1, // each is looked for before: the array does not tell when one was made
		Changed: func(int) acctest.Attrs { return acctest.Attrs{"soft_capacity": "1GB"} },
	},
}

func TestRequestsOfAThousand(t *testing.T) { acctest.RequestsOfAThousand(t, fleets) }
