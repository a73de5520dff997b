package infinibox

import (
	"fmt"
	"testing"
	"time"
)

// shared builds a pool 1000 with the filesystem 1001, which has the TreeQs t and u.
func shared(t *testing.T) *Simulator {
	t.Helper()
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte, "fs_used_default_warning": 80, "fs_used_default_critical": 90})
	must(t, s, "POST", "filesystems", values{"name": "home", "pool_id": 1000, "size": 1000000000, "snapshot_policy_id": 0})
	must(t, s, "POST", "filesystems/1001/treeqs", values{"name": "t", "path": "/t", "hard_capacity": 2000000000})
	must(t, s, "POST", "filesystems/1001/treeqs", values{"name": "u", "path": "/u", "soft_inodes": 5})
	return s
}

func TestFilesystemsBeginAsTheReferenceSays(t *testing.T) {
	s := shared(t)
	expect(t, must(t, s, "GET", "filesystems/1001", nil), values{
		"size": 1000013824, "num_blocks": 1953152, "dataset_type": "FILESYSTEM", "security_style": "UNIX", "atime_mode": "NOATIME",
		"snapdir_name": ".snapshot", "posix_file_ownership": nil, "suspend_state": "NONE", "worm_level": "NONE", "data": 1001,
		"mapped": false, "modified": true, "visible_in_snapdir": false, "used_capacity_warning": 80, "used_capacity_critical": 90,
		"nfs_filesystem_id": 1,
	})
	windows := must(t, s, "POST", "filesystems", values{"name": "win", "pool_id": 1000, "size": 1000000000, "security_style": "windows", "used_capacity_warning": 70})
	expect(t, windows, values{"security_style": "WINDOWS", "posix_file_ownership": false, "used_capacity_warning": 70, "used_capacity_critical": 90, "snapshot_policy_name": "Default Policy"})
	snapshot := must(t, s, "POST", "filesystems", values{"name": "s", "parent_id": 1001})
	expect(t, snapshot, values{
		"type": "SNAPSHOT", "parent_id": 1001, "family_id": 1001, "visible_in_snapdir": true, "modified": false, "used_capacity_warning": 80,
		"write_protected": true, "data_reduction_ratio": nil,
	})
	expect(t, must(t, s, "PUT", "filesystems/1003", values{"write_protected": false}), values{"modified": true})
}

func TestFilesystemsTakeOfTheirPool(t *testing.T) {
	s := shared(t)
	must(t, s, "POST", "filesystems", values{"name": "s", "parent_id": 1001})
	must(t, s, "POST", "filesystems", values{"name": "thick", "pool_id": 1000, "size": 2000000000, "provtype": "THICK"})
	expect(t, must(t, s, "GET", "pools/1000", nil), values{
		"filesystems_count": 2, "standard_filesystems_count": 2, "filesystem_snapshots_count": 1, "volumes_count": 0, "entities_count": 3,
		"free_virtual_space":       1000000192512 - 1000013824 - roundUp(2000000000, virtualUnit),
		"allocated_physical_space": roundUp(2000000000, virtualUnit),
	})
	if _, _, err := s.Do("POST", "volumes", values{"name": "big", "pool_id": 1000, "size": terabyte - 1000000000}); err == nil {
		t.Error("a volume took the room of filesystems")
	}
	expect(t, must(t, s, "GET", "system/entity_counts", nil), values{"filesystems": 2, "filesystem_snapshots": 1, "volumes": 0})
	must(t, s, "POST", "pools", values{"name": "q", "physical_capacity": terabyte})
	expect(t, must(t, s, "POST", "filesystems/1001/move", values{"pool_id": 1004}), values{"pool_id": 1004, "pool_name": "q"})
	expect(t, must(t, s, "GET", "filesystems/1002", nil), values{"pool_id": 1004})
	expect(t, must(t, s, "GET", "pools/1004", nil), values{"filesystems_count": 1, "filesystem_snapshots_count": 1})
}

// paths lists the paths of the TreeQs of a filesystem, with their ids.
func paths(t *testing.T, s *Simulator, filesystem int) string {
	t.Helper()
	found := ""
	for _, item := range listed(t, s, fmt.Sprintf("filesystems/%d/treeqs", filesystem)) {
		o := item.(values)
		found += fmt.Sprintf("%v:%x ", o["path"], o["id"])
	}
	return found
}

func TestTreeQsComeAlongWithContents(t *testing.T) {
	s := shared(t)
	const both = "/t:1000000000020 /u:1000000000021 "
	if got := paths(t, s, 1001); got != both {
		t.Errorf("TreeQs %s", got)
	}
	must(t, s, "POST", "filesystems", values{"name": "s", "parent_id": 1001}) // 1002
	if got := paths(t, s, 1002); got != "/t:2000000000020 /u:2000000000021 " {
		t.Errorf("TreeQs of the snapshot %s", got)
	}
	must(t, s, "DELETE", "filesystems/1001/treeqs/281474976710688", nil)
	must(t, s, "POST", "filesystems/1001/treeqs", values{"name": "v", "path": "/v"})
	if got := paths(t, s, 1001); got != "/u:1000000000021 /v:1000000000022 " {
		t.Errorf("TreeQs changed %s", got)
	}
	must(t, s, "POST", "filesystems/1001/restore", values{"source_id": 1002})
	if got := paths(t, s, 1001); got != both {
		t.Errorf("TreeQs restored %s", got)
	}
	expect(t, listed(t, s, "filesystems/1001/treeqs?hard_capacity=gt:1")[0].(values), values{
		"name": "t", "filesystem_id": 1001, "used_inodes": 1, "capacity_state": "BELOW_SOFT", "soft_capacity": nil,
	})
	must(t, s, "POST", "filesystems/1001/treeqs", values{"name": "w", "path": "/w"})
	must(t, s, "POST", "filesystems/1002/refresh", values{"source_id": 1001})
	if got := paths(t, s, 1002); got != "/t:2000000000020 /u:2000000000021 /w:2000000000023 " {
		t.Errorf("TreeQs refreshed %s", got)
	}
	must(t, s, "DELETE", "filesystems/1001", nil)
	if left := listed(t, s, "filesystems"); len(left) != 0 {
		t.Errorf("%d filesystems are left", len(left))
	}
}

func TestExportsBeginAsTheReferenceSays(t *testing.T) {
	s := shared(t)
	export := must(t, s, "POST", "exports", values{"export_path": "/home", "filesystem_id": 1001})
	expect(t, export, values{
		"id": 4, "inner_path": "/", "enabled": true, "nfs_version": "NFSv3", "transport_protocols": "TCP", "anonymous_uid": 65534,
		"max_read": 1048576, "permissions": []any{values{"access": "RW", "no_root_squash": true, "client": "*"}},
	})
	expect(t, must(t, s, "GET", "filesystems/1001", nil), values{"mapped": true})
	expect(t, must(t, s, "POST", "exports", values{"export_path": "/t", "filesystem_id": 1001, "inner_path": "/t/"}), values{"inner_path": "/t"})
	rules := []any{values{"access": "ro", "client": "10.0.0.1-10.0.0.9"}, values{"access": "NONE", "client": "*", "no_root_squash": false}}
	expect(t, must(t, s, "PUT", "exports/4", values{"permissions": rules}), values{"permissions": []any{
		values{"access": "RO", "client": "10.0.0.1-10.0.0.9", "no_root_squash": true},
		values{"access": "NONE", "client": "*", "no_root_squash": false},
	}})
	for query, want := range map[string]int{"filesystem_id=eq:1001": 2, "export_path=like:HOME": 1, "filesystem_id=1": 0, "32bit_file_id=false": 2} {
		if found := listed(t, s, "exports?"+query); len(found) != want {
			t.Errorf("%s finds %d", query, len(found))
		}
	}
	must(t, s, "DELETE", "exports/4", nil)
	must(t, s, "POST", "exports", values{"export_path": "/home", "filesystem_id": 1001})
}

func TestDatasetsAreVolumesAndFilesystems(t *testing.T) {
	s := shared(t)
	must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000}) // 1002
	must(t, s, "POST", "filesystems", values{"name": "s", "parent_id": 1001})               // 1003
	must(t, s, "POST", "exports", values{"export_path": "/home", "filesystem_id": 1001})
	for path, want := range map[string]string{
		"datasets": "homevs", "datasets?dataset_type=FILESYSTEM": "homes", "datasets?type=MASTER&sort=-name": "vhome",
		"datasets?mapped=true": "home", "datasets?size=gt:1000000000": "homes", "datasets?sort=dataset_type,-id": "vshome",
	} {
		if got := names(t, s, path); got != want {
			t.Errorf("%s finds %q, want %q", path, got, want)
		}
	}
	expect(t, must(t, s, "GET", "datasets/1001", nil), values{"security_style": "UNIX", "dataset_type": "FILESYSTEM"})
	expect(t, must(t, s, "GET", "datasets/1002", nil), values{"udid": nil, "dataset_type": "VOLUME"})

	must(t, s, "PUT", "datasets/bulk", values{"ids": []int{1001, 1002}, "data": values{"ssa_express_enabled": true}})
	if got := names(t, s, "system/ssa_express/active"); got != "homev" {
		t.Errorf("in the cache: %s", got)
	}
	expect(t, must(t, s, "GET", "system/ssa_express_info", nil), values{"used_ssa_express_capacity": 1000013824 + 1000000000})
	must(t, s, "POST", "filesystems/delete_simulation", values{"entities": []int{1001}})
}

func TestPoliciesAreForFilesystemsToo(t *testing.T) {
	s := shared(t)
	must(t, s, "POST", "snapshot_policies/1/assign_entity", values{"assigned_entity_id": 1001, "assigned_entity_type": "filesystem"})
	expect(t, listed(t, s, "snapshot_policies/1/assigned_entities")[0].(values), values{"assigned_entity_id": 1001, "assigned_entity_type": "FILESYSTEM"})
	s.Advance(25 * time.Hour)
	if taken := listed(t, s, "filesystems?parent_id=1001"); len(taken) != 5 { // four of six hours, one of a day
		t.Errorf("%d snapshots", len(taken))
	}
	policy := must(t, s, "POST", "qos/policies", values{"name": "own", "type": "filesystem", "max_ops": 2000})
	shared := must(t, s, "POST", "qos/policies", values{"name": "shared", "type": "pool_filesystem", "max_ops": 3000})
	must(t, s, "POST", fmt.Sprintf("qos/policies/%v/assign", policy["id"]), values{"entity_id": 1001})
	must(t, s, "POST", fmt.Sprintf("qos/policies/%v/assign", shared["id"]), values{"entity_id": 1000})
	expect(t, must(t, s, "GET", "filesystems/1001", nil), values{"qos_policy_name": "own", "qos_shared_policy_name": "shared"})
	must(t, s, "DELETE", "filesystems/1001", nil)
	if left := listed(t, s, "qos/assigned_entities"); len(left) != 1 {
		t.Errorf("%d assignments are left", len(left))
	}
}

func TestFilesystemsCarryMetadataAndAreFound(t *testing.T) {
	s := shared(t)
	_, items, err := s.Do("PUT", "metadata/1001", values{"owner": "it"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, items.([]any)[0].(values), values{"object_id": 1001, "object_type": "filesystem", "key": "owner", "value": "it"})
	expect(t, listed(t, s, "search?query=HOM")[0].(values), values{"id": 1001, "type": "filesystem"})
	worm := must(t, s, "POST", "filesystems", values{"name": "w", "pool_id": 1000, "size": 1000000000, "worm_level": "COMPLIANCE"})
	expect(t, worm, values{"worm_default_retention": leastWORM, "worm_legal_hold": false, "worm_max_retention": nil})
	for _, item := range listed(t, s, "filesystems?show_worm_max_retention=true&fields=name,worm_level,worm_max_retention") {
		want := map[string]any{"home": nil, "w": longWORM}[item.(values)["name"].(string)]
		expect(t, item.(values), values{"worm_max_retention": want})
	}
}
