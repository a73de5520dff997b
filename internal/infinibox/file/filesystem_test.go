package file_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func filesystems(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool, other := b.NewPool("pool"), b.NewPool("other")
	name := acctest.Name(b)
	put, bad := acctest.Put, acctest.BadValue
	worm := acctest.Attrs{"worm_level": "ENTERPRISE"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_filesystem", Plural: "filesystems", Path: "filesystems",
		Deleting: "The data of the filesystem, of its TreeQs and of all its snapshots is lost",
		Least:    acctest.Attrs{"name": name, "pool_id": pool, "size": "1GB"},
		Most: acctest.Attrs{
			"name": name, "pool_id": pool, "size": "2GiB", "provtype": "THICK", "ssd_enabled": true, "compression_enabled": false,
			"write_protected": true, "ssa_express_enabled": true, "security_style": "WINDOWS", "posix_file_ownership": true,
			"atime_mode": "RELATIME", "atime_granularity": 7200, "snapdir_name": ".history", "snapdir_accessible": false,
			"used_capacity_warning": 70, "used_capacity_critical": 85, "worm_level": "COMPLIANCE", "worm_default_retention": 172800,
			"worm_legal_hold": false, "suspend_state": "NONE",
		},
		Changes: map[string]acctest.Change{
			"name":                {Through: []any{name, b.Name("renamed")}, Drift: put("filesystems", "name", b.Name("drifted"))},
			"pool_id":             {Through: []any{pool, other}, Drift: acctest.Post("filesystems", "move", map[string]any{"pool_id": pool, "with_capacity": false})},
			"force_resize":        {Through: []any{true, false, nil}},
			"move_with_capacity":  {Through: []any{true, false, nil}},
			"size":                {Through: []any{"1GB", "2GB", "3GiB"}},
			"provtype":            {Through: []any{"THIN", "THICK"}, Drift: put("filesystems", "provtype", "THIN")},
			"ssd_enabled":         {Through: []any{true, false}, Drift: put("filesystems", "ssd_enabled", true)},
			"compression_enabled": {Through: []any{true, false}, Drift: put("filesystems", "compression_enabled", true)},
			"write_protected": {
				Through: []any{false, true, false}, Danger: "Clients can no longer write to the filesystem",
				Drift: put("filesystems", "write_protected", true),
			},
			"ssa_express_enabled": {
				Through: []any{false, true, false}, Danger: "SSA Express cache",
				Drift: put("filesystems", "ssa_express_enabled", true),
			},
			"security_style":       {Through: []any{"UNIX", "WINDOWS"}, Replaces: true},
			"posix_file_ownership": {Through: []any{true, false}, Beside: acctest.Attrs{"security_style": "WINDOWS"}, Replaces: true},
			"root_mode":            {Through: []any{"755", "0700"}, Replaces: true},
			"atime_mode":           {Through: []any{"NOATIME", "RELATIME"}, Replaces: true},
			"atime_granularity":    {Through: []any{3600, 86400}, Drift: put("filesystems", "atime_granularity", 4000)},
			"snapdir_name":         {Through: []any{".snapshot", ".history"}, Replaces: true},
			"snapdir_accessible":   {Through: []any{true, false}, Replaces: true},
			"used_capacity_warning": {
				Through: []any{70, 80, 100}, Drift: put("filesystems", "used_capacity_warning", 60),
			},
			"used_capacity_critical": {
				Through: []any{90, 95}, Beside: acctest.Attrs{"used_capacity_warning": 70}, Drift: put("filesystems", "used_capacity_critical", 99),
			},
			"worm_level":             {Through: []any{"NONE", "ENTERPRISE"}, Replaces: true},
			"worm_default_retention": {Through: []any{86400, 157680000}, Beside: worm, Drift: put("filesystems", "worm_default_retention", 172800)},
			"worm_legal_hold": {
				Through: []any{true, false}, Beside: worm, Danger: "Files whose retention is over can be deleted",
				Drift: put("filesystems", "worm_legal_hold", true),
			},
			"suspend_state": {
				Through: []any{"NONE", "DROP", "NONE"}, Danger: "Clients lose access to the filesystem",
				Drift: put("filesystems", "suspend_state", "DROP"),
			},
		},
		Elsewhere: map[string]func(*testing.T){"snapshot_policy_id": TestAccFilesystemSnapshotPolicy},
		Bad: append(acctest.BadNames(),
			bad("name", ".snapshot", "what its snapshots' directory is"),
			acctest.Bad{
				Attribute: "name", Says: "what its snapshots' directory is",
				Set: acctest.Attrs{"name": "History", "snapdir_name": "history"},
			},
			bad("size", "999MB", "the smallest is 1GB"),
			bad("provtype", "THICC", "use one of THIN, THICK"),
			bad("security_style", "MIXED", "use one of UNIX, WINDOWS"),
			bad("root_mode", "rwxr-xr-x", "three or four octal digits"),
			bad("atime_mode", "ATIME", "use one of NOATIME, RELATIME"),
			bad("atime_granularity", 3599, "no less than 3600 seconds"),
			bad("snapdir_name", "", "1 to 255 characters"),
			bad("snapdir_name", "a*b", "characters that are not allowed"),
			bad("used_capacity_warning", 0, "between 1 and 100"),
			bad("used_capacity_critical", 101, "between 1 and 100"),
			acctest.Bad{
				Attribute: "used_capacity_critical", Says: "the former must be the higher",
				Set: acctest.Attrs{"used_capacity_warning": 80, "used_capacity_critical": 80},
			},
			bad("worm_level", "FOREVER", "use one of NONE, ENTERPRISE, COMPLIANCE"),
			acctest.Bad{
				Attribute: "worm_default_retention", Says: "between 86400 and 157680000",
				Set: worm.With(acctest.Attrs{"worm_default_retention": 3600}),
			},
			bad("worm_default_retention", 86400, "its worm_level is NONE"),
			bad("worm_legal_hold", true, "its worm_level is NONE"),
			acctest.Bad{
				Attribute: "posix_file_ownership", Says: "The security_style is UNIX",
				Set: acctest.Attrs{"security_style": "UNIX", "posix_file_ownership": true},
			},
			bad("suspend_state", "HANG", "use one of NONE, DROP"),
		),
	}
}
