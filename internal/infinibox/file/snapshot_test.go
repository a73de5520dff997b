package file_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func snapshots(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := b.NewPool("pool")
	filesystem, other := b.NewFilesystem("filesystem", pool), b.NewFilesystem("other", pool)
	name := acctest.Name(b)
	put, bad := acctest.Put, acctest.BadValue
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_filesystem_snapshot", Plural: "filesystem_snapshots", Path: "filesystems",
		Deleting: "The data of the snapshot and of all snapshots taken of it is lost",
		Least:    acctest.Attrs{"name": name, "parent_id": filesystem},
		Most:     acctest.Attrs{"name": name, "parent_id": filesystem, "write_protected": false, "ssd_enabled": false, "size": "2GiB"},
		Changes: map[string]acctest.Change{
			"name":      {Through: []any{name, b.Name("renamed")}, Drift: put("filesystems", "name", b.Name("drifted"))},
			"parent_id": {Through: []any{filesystem, other}, Replaces: true},
			"write_protected": {
				Through: []any{false, true, false}, Danger: "Clients can no longer write to the snapshot",
				Drift: put("filesystems", "write_protected", true),
			},
			"size":         {Through: []any{"1GB", "2GB", "3GiB"}, Beside: acctest.Attrs{"write_protected": false}},
			"force_resize": {Through: []any{true, false, nil}},
			"ssd_enabled":  {Through: []any{true, false}, Drift: put("filesystems", "ssd_enabled", true)},
		},
		Elsewhere: map[string]func(*testing.T){
			"lock_expires_at":    TestAccSnapshotLock,
			"snapshot_retention": TestAccSnapshotRetention,

			"remote_snapshot_retention":      TestAccReplicatedSnapshot,
			"remote_snapshot_retention_lock": TestAccReplicatedSnapshot,
			"replicate_to_async_target":      TestAccReplicatedSnapshot,
		},
		Bad: append(acctest.BadNames(),
			bad("lock_expires_at", "tomorrow", "RFC3339"),
			bad("lock_expires_at", "2020-01-31T00:00:00Z", "is in the past"),
			bad("lock_expires_at", "2099-01-31T00:00:00Z", "more than 365 days ahead"),
			bad("size", "999MB", "the smallest is 1GB"),
			bad("remote_snapshot_retention", 0, "at least 1"),
			bad("remote_snapshot_retention", 3600, "what this one is taken of is not"),
			bad("remote_snapshot_retention_lock", 0, "at least 1"),
			bad("replicate_to_async_target", true, "cannot be replicated"),
		),
	}
}
