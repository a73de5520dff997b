package block_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func volumes(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool, other := newPool(b, "pool"), newPool(b, "other")
	name := acctest.Name(b)
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_volume", Plural: "volumes", Path: "volumes",
		Deleting: "The data of the volume and of all its snapshots is lost",
		Least:    acctest.Attrs{"name": name, "pool_id": pool, "size": "1GB"},
		Most: acctest.Attrs{
			"name": name, "pool_id": pool, "size": "2GB", "provtype": "THICK", "ssd_enabled": true, "compression_enabled": false,
			"write_protected": true, "ssa_express_enabled": true, "udid": 7,
		},
		Changes: map[string]acctest.Change{
			"name":                {Through: []any{name, b.Name("renamed")}, Drift: put("volumes", "name", b.Name("drifted"))},
			"pool_id":             {Through: []any{pool, other}, Drift: post("volumes", "move", map[string]any{"pool_id": pool, "with_capacity": false})},
			"size":                {Through: []any{"1GB", "2GB", "3GiB"}},
			"provtype":            {Through: []any{"THIN", "THICK"}, Drift: put("volumes", "provtype", "THIN")},
			"ssd_enabled":         {Through: []any{true, false}, Drift: put("volumes", "ssd_enabled", true)},
			"compression_enabled": {Through: []any{true, false}, Drift: put("volumes", "compression_enabled", true)},
			"write_protected": {
				Through: []any{false, true, false}, Danger: "Hosts can no longer write to the volume",
				Drift: put("volumes", "write_protected", true),
			},
			"ssa_express_enabled": {
				Through: []any{false, true, false}, Danger: "SSA Express cache",
				Drift: put("volumes", "ssa_express_enabled", true),
			},
			"force_resize":       {Through: []any{true, false, nil}},
			"move_with_capacity": {Through: []any{true, false, nil}},
			"udid":               {Through: []any{100, 101, nil}, Drift: put("volumes", "udid", 102)},
		},
		Elsewhere: map[string]func(*testing.T){"snapshot_policy_id": TestAccVolumeSnapshotPolicy},
		Bad: append(badNames(),
			bad("size", "999MB", "the smallest is 1GB"),
			bad("size", "1000000001", "not a multiple of 512 bytes"),
			bad("size", "-1GB", "is not a capacity"),
			bad("provtype", "THICC", "use one of THIN, THICK"),
			bad("udid", 0, "between 1 and 32766"),
			bad("udid", 32767, "between 1 and 32766"),
		),
	}
}
