package infinibox

import (
	"fmt"
	"testing"
	"time"
)

// database builds a pool 1000 with volumes 1001 and 1002 in the consistency group 1003.
func database(t *testing.T) *Simulator {
	t.Helper()
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	must(t, s, "POST", "volumes", values{"name": "data", "pool_id": 1000, "size": 1000000000})
	must(t, s, "POST", "volumes", values{"name": "log", "pool_id": 1000, "size": 1000000000})
	must(t, s, "POST", "cgs", values{"name": "db", "pool_id": 1000, "snapshot_policy_id": 0})
	must(t, s, "POST", "cgs/1003/members", values{"dataset_id": 1001})
	must(t, s, "POST", "cgs/1003/members", values{"dataset_id": 1002})
	return s
}

// listed asks for a list.
func listed(t *testing.T, s *Simulator, path string) []any {
	t.Helper()
	_, result, err := s.Do("GET", path, nil)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return result.([]any)
}

func TestGroupsAreRestoredRefreshedAndPromoted(t *testing.T) {
	s := database(t)
	expect(t, must(t, s, "GET", "cgs/1003", nil), values{"members_count": 2, "has_children": false, "type": "MASTER", "parent_id": 0})
	expect(t, must(t, s, "GET", "volumes/1001", nil), values{"cg_id": 1003, "cg_name": "db", "snapshot_policy_id": nil})
	sg := must(t, s, "POST", "cgs", values{"name": "sg", "parent_id": 1003, "snap_suffix": "_s"})
	expect(t, sg, values{"id": 1004, "type": "SNAPSHOT", "members_count": 2, "parent_id": 1003, "pool_id": 1000, "lock_state": "UNLOCKED"})
	snapshots := listed(t, s, "cgs/1004/members")
	expect(t, snapshots[0].(values), values{"name": "data_s", "parent_id": 1001, "cg_id": 1004, "cg_name": "sg", "type": "SNAPSHOT"})

	must(t, s, "PUT", "volumes/1001", values{"size": 2000000000})
	must(t, s, "POST", "volumes", values{"name": "late", "pool_id": 1000, "size": 1000000000})
	must(t, s, "POST", "cgs/1003/members", values{"dataset_id": 1007})
	must(t, s, "POST", "cgs/1003/restore", values{"source_id": 1004})
	expect(t, must(t, s, "GET", "volumes/1001", nil), values{"size": 1000000000, "name": "data"})

	must(t, s, "DELETE", "cgs/1003/members/1007", nil)
	must(t, s, "PUT", "volumes/1001", values{"size": 3000000000})
	must(t, s, "POST", "cgs/1004/refresh", values{"source_id": 1003})
	expect(t, must(t, s, "GET", "volumes/1005", nil), values{"size": 3000000000, "parent_id": 1001})

	expect(t, must(t, s, "POST", "cgs/1004/promote", nil), values{"type": "MASTER", "parent_id": 0, "members_count": 2, "name": "sg"})
	expect(t, must(t, s, "GET", "volumes/1005", nil), values{"type": "MASTER", "parent_id": 0, "cg_id": 1004, "has_internal_children": true})
	expect(t, must(t, s, "GET", "cgs/1003", nil), values{"has_children": false})
	internal := listed(t, s, "volumes/1001/internal_volumes")[0].(values)
	expect(t, internal, values{"name": "internal-data_s", "is_internal": true, "parent_id": 1001, "size": nil, "num_blocks": nil})
	if listed := listed(t, s, "volumes/internal_volumes/master"); len(listed) != 0 {
		t.Errorf("internal masters: %v", listed)
	}
	expect(t, must(t, s, "GET", "system/entity_counts", nil), values{"consistency_groups": 2, "snapshot_groups": 0})
}

func TestGroupsAreDeletedWithAndWithoutMembers(t *testing.T) {
	s := database(t)
	must(t, s, "POST", "cgs", values{"name": "sg", "parent_id": 1003, "snap_suffix": "_s"})
	must(t, s, "DELETE", "cgs/1003", nil)
	if left := listed(t, s, "cgs"); len(left) != 0 {
		t.Errorf("groups are left: %v", left)
	}
	if left := listed(t, s, "volumes?cg_id=is:null"); len(left) != 4 {
		t.Errorf("%d volumes are left", len(left))
	}
	must(t, s, "POST", "cgs", values{"name": "db", "pool_id": 1000})
	must(t, s, "POST", "cgs/1007/members", values{"dataset_id": 1001})
	must(t, s, "DELETE", "cgs/1007?delete_members=true", nil)
	if left := listed(t, s, "volumes"); len(left) != 2 { // log and its snapshot
		t.Errorf("%d volumes are left", len(left))
	}
}

func TestGroupsMove(t *testing.T) {
	s := database(t)
	must(t, s, "POST", "cgs", values{"name": "sg", "parent_id": 1003, "snap_suffix": "_s"})
	must(t, s, "POST", "pools", values{"name": "q", "physical_capacity": terabyte})
	expect(t, must(t, s, "POST", "cgs/1003/move", values{"pool_id": 1007}), values{"pool_id": 1007, "pool_name": "q"})
	for _, path := range []string{"cgs/1004", "volumes/1001", "volumes/1002", "volumes/1005", "volumes/1006"} {
		expect(t, must(t, s, "GET", path, nil), values{"pool_id": 1007})
	}
	expect(t, must(t, s, "GET", "pools/1007", nil), values{"volumes_count": 2, "snapshots_count": 2})
	must(t, s, "DELETE", "pools/1000", nil)
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": 2 * terabyte})
	must(t, s, "PUT", "pools/1007", values{"virtual_capacity": 2 * terabyte})
	before := must(t, s, "GET", "pools/1008", nil)["virtual_capacity"].(int)
	must(t, s, "POST", "cgs/1003/move", values{"pool_id": 1008, "with_capacity": true})
	moved := must(t, s, "GET", "pools/1008", nil)["virtual_capacity"].(int) - before
	if moved != roundUp(2*roundUp(1000000000, virtualUnit), poolUnit) {
		t.Errorf("%d bytes came along", moved)
	}
}

// TestPoliciesTakeSnapshotsAsTheClockMoves is the story of a database that is snapshotted hourly and daily.
func TestPoliciesTakeSnapshotsAsTheClockMoves(t *testing.T) {
	s := database(t)
	must(t, s, "POST", "snapshot_policies", values{"name": "gold", "suffix": "-gold"})
	must(t, s, "POST", "snapshot_policies/4/schedules", values{"name": "hourly", "type": "periodic", "interval": 3600, "retention": 4 * 3600})
	must(t, s, "POST", "snapshot_policies/4/schedules", values{"name": "daily", "type": "clock", "day_of_week": "all", "time_of_day": 7200, "retention": 7 * 86400, "lock_snapshots": true})
	must(t, s, "POST", "snapshot_policies/4/assign_entity", values{"assigned_entity_id": 1003, "assigned_entity_type": "CG"})
	expect(t, must(t, s, "GET", "cgs/1003", nil), values{"snapshot_policy_id": 4, "snapshot_policy_name": "gold"})
	expect(t, must(t, s, "GET", "snapshot_policies/4", nil), values{"assigned_entities_count": 1})

	s.Advance(90 * time.Minute)
	hourly := listed(t, s, "cgs?created_by_schedule_name=hourly")
	if len(hourly) != 1 {
		t.Fatalf("%d groups after 90 minutes", len(hourly))
	}
	first := hourly[0].(values)
	expect(t, first, values{
		"parent_id": 1003, "members_count": 2, "created_by_snapshot_policy_id": 4, "created_by_snapshot_policy_name": "gold",
		"created_by_schedule_id": 5, "snapshot_retention": 4 * 3600, "lock_state": "UNLOCKED",
		"snapshot_expires_at": first["created_at"].(int)/1000 + 4*3600,
	})
	must(t, s, "PUT", fmt.Sprint("cgs/", first["id"]), values{"snapshot_retention": 10 * 3600})
	s.Advance(48 * time.Hour)
	if hourly := listed(t, s, "cgs?created_by_schedule_name=hourly"); len(hourly) != 4 {
		t.Errorf("%d hourly groups are kept, 4 hours' worth is 4", len(hourly))
	}
	daily := listed(t, s, "cgs?created_by_schedule_name=daily")
	if len(daily) != 2 {
		t.Errorf("%d daily groups after two days", len(daily))
	}
	expect(t, daily[0].(values), values{"lock_state": "LOCKED"})
	if _, _, err := s.Do("DELETE", fmt.Sprint("cgs/", daily[0].(values)["id"]), nil); err == nil {
		t.Error("a locked group was deleted")
	}
	must(t, s, "POST", "snapshot_policies/4/schedules/5/disable", nil)
	must(t, s, "POST", "snapshot_policies/4/schedules/6/disable", nil)
	s.Advance(30 * 24 * time.Hour)
	if left := listed(t, s, "volumes"); len(left) != 2 {
		t.Errorf("%d volumes are left when all snapshots have expired", len(left))
	}
}

func TestNewVolumesGetTheDefaultPolicy(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	expect(t, must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000}), values{"snapshot_policy_id": 1, "snapshot_policy_name": "Default Policy"})
	expect(t, must(t, s, "POST", "volumes", values{"name": "w", "pool_id": 1000, "size": 1000000000, "snapshot_policy_id": 0}), values{"snapshot_policy_id": nil})
	s.Advance(25 * time.Hour)
	snapshots := listed(t, s, "volumes?parent_id=1001")
	if len(snapshots) != 5 { // four of six hours, one of a day
		t.Errorf("%d snapshots", len(snapshots))
	}
	must(t, s, "POST", "snapshot_policies", values{"name": "own", "suffix": "-own"})
	must(t, s, "PUT", "snapshot_policies/4", values{"default_snapshot_policy": true})
	expect(t, must(t, s, "GET", "snapshot_policies/1", nil), values{"default_snapshot_policy": false})
	expect(t, must(t, s, "POST", "volumes", values{"name": "x", "pool_id": 1000, "size": 1000000000}), values{"snapshot_policy_name": "own"})
	must(t, s, "DELETE", "snapshot_policies/1", nil)
	expect(t, must(t, s, "GET", "volumes/1001", nil), values{"snapshot_policy_id": nil, "snapshot_policy_name": nil})
}

func TestScheduledNames(t *testing.T) {
	// The reference's example: the name and the suffix are cut to make room for 16 digits.
	name := scheduledName(Object{"name": "auto-cg_-7d7673f9-d93b-4e0"}, Object{"suffix": "-auto-snapshotPolicy-84ac6c"}, Object{}, 1)
	if len(name) != 65 || name[:49] != "auto-cg_-7d7673f9-d93b-4e0-auto-snapshotPolicy-84" {
		t.Errorf("%s", name)
	}
}

func TestQoSPoliciesShowAtVolumesAndPools(t *testing.T) {
	s := database(t)
	must(t, s, "POST", "qos/policies", values{"name": "own", "type": "volume", "max_ops": 2000})
	must(t, s, "POST", "qos/policies", values{"name": "shared", "type": "pool_volume", "max_bps": 100 << 20, "burst_enabled": true, "burst_factor": 1.5})
	expect(t, must(t, s, "POST", "qos/policies/1004/assign", values{"entity_id": 1001}), values{"id": 4, "entity_id": 1001, "entity_name": "data", "entity_type": "VOLUME", "qos_policy_id": 1004})
	must(t, s, "POST", "qos/policies/1005/assign", values{"entity_id": 1000})
	expect(t, must(t, s, "GET", "volumes/1001", nil), values{"qos_policy_id": 1004, "qos_policy_name": "own", "qos_shared_policy_id": 1005, "qos_shared_policy_name": "shared"})
	expect(t, must(t, s, "GET", "volumes/1002", nil), values{"qos_policy_id": nil, "qos_shared_policy_id": 1005})
	policies := must(t, s, "GET", "pools/1000", nil)["qos_policies"].([]any)
	expect(t, policies[0].(values), values{"name": "shared", "burst_duration_seconds": 60})
	if assigned := listed(t, s, "qos/assigned_entities"); len(assigned) != 2 || assigned[0].(values)["id"] != 4 {
		t.Errorf("assigned: %v", assigned)
	}
	expect(t, must(t, s, "PUT", "qos/policies/1005", values{"burst_enabled": false}), values{"burst_factor": nil, "burst_duration_seconds": nil})
	must(t, s, "POST", "qos/policies/1004/unassign", values{"entity_id": 1001})
	must(t, s, "DELETE", "qos/policies/1005", nil)
	expect(t, must(t, s, "GET", "volumes/1001", nil), values{"qos_policy_id": nil, "qos_shared_policy_name": nil})
}
