package block_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func snapshots(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := newPool(b, "pool")
	volume, other := newVolume(b, "volume", pool), newVolume(b, "other", pool)
	name := acctest.Name(b)
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_volume_snapshot", Plural: "volume_snapshots", Path: "volumes",
		Deleting: "The data of the snapshot and of all snapshots taken of it is lost",
		Least:    acctest.Attrs{"name": name, "parent_id": volume},
		Most:     acctest.Attrs{"name": name, "parent_id": volume, "write_protected": false, "ssd_enabled": false, "size": "2GB", "udid": 7},
		Changes: map[string]acctest.Change{
			"name":      {Through: []any{name, b.Name("renamed")}, Drift: put("volumes", "name", b.Name("drifted"))},
			"parent_id": {Through: []any{volume, other}, Replaces: true},
			"write_protected": {
				Through: []any{false, true, false}, Danger: "Hosts can no longer write to the snapshot",
				Drift: put("volumes", "write_protected", true),
			},
			"size":         {Through: []any{"1GB", "2GB", "3GiB"}, Beside: acctest.Attrs{"write_protected": false}},
			"force_resize": {Through: []any{true, false, nil}},
			"ssd_enabled":  {Through: []any{true, false}, Drift: put("volumes", "ssd_enabled", true)},
			"udid":         {Through: []any{100, 101, nil}, Drift: put("volumes", "udid", 102)},
		},
		Elsewhere: map[string]func(*testing.T){
			"lock_expires_at":    TestAccSnapshotLock,
			"snapshot_retention": TestAccSnapshotRetention,

			"remote_snapshot_retention":      TestAccReplicatedSnapshots,
			"remote_snapshot_retention_lock": TestAccReplicatedSnapshots,
			"replicate_to_async_target":      TestAccReplicatedSnapshots,
		},
		Bad: append(badNames(),
			bad("lock_expires_at", "tomorrow", "RFC3339"),
			bad("lock_expires_at", "2020-01-31T00:00:00Z", "is in the past"),
			bad("lock_expires_at", "2099-01-31T00:00:00Z", "more than 365 days ahead"),
			bad("udid", 0, "between 1 and 32766"),
			bad("size", "999MB", "the smallest is 1GB"),
			bad("size", "1000000001", "not a multiple of 512 bytes"),
			bad("remote_snapshot_retention", 0, "at least 1"),
			bad("remote_snapshot_retention", 3600, "what this one is taken of is not"),
			bad("remote_snapshot_retention_lock", -1, "at least 1"),
			bad("remote_snapshot_retention_lock", 3600, "what this one is taken of is not"),
			bad("replicate_to_async_target", true, "cannot be replicated"),
		),
	}
}
