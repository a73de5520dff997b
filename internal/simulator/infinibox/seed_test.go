package infinibox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSeedsPlantWhatNoRequestCanMake(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{
		"requests": [
			{"method": "POST", "path": "pools", "body": {"name": "vv", "physical_capacity": 1000000000000, "type": "VVOL"}},
			{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
			{"method": "POST", "path": "volumes", "body": {"name": "v", "pool_id": 1001, "size": 1000000000}}],
		"vms": [{"name": "vm"}],
		"vvols": [{"name": "Config-1", "pool_id": 1000, "vm": "vm", "type": "Config", "size": 1048576}],
		"replicas": [{"id": 1002, "role": "SOURCE"}],
		"replication_snapshots": [1002],
		"qos_disabled": true}`)})
	vm := listed(t, s, "vms")[0].(values)
	expect(t, listed(t, s, "vvols?vvol_type=config")[0].(values), values{
		"name": "Config-1", "pool_name": "vv", "vm_id": vm["id"], "vm_uuid": vm["uuid"], "is_replicated": false,
	})
	expect(t, must(t, s, "GET", "pools/1000", nil), values{"vvol_volumes_count": 1, "entities_count": 1, "standard_entities_count": 0})
	expect(t, must(t, s, "GET", "volumes/1002", nil), values{"rmr_source": true, "replication_types": []any{"ASYNC_SOURCE"}})
	if pairs := listed(t, s, "volumes/1002/replication_pairs"); len(pairs) != 1 {
		t.Errorf("%d replication pairs", len(pairs))
	}
	must(t, s, "PUT", "volumes/1002", values{"size": 2000000000})
	expect(t, must(t, s, "POST", "volumes/1002/own_snapshot", values{"name": "mine"}), values{
		"name": "mine", "type": "SNAPSHOT", "parent_id": 1002, "size": 1000000000, "write_protected": true, "rmr_source": false,
	})
	expect(t, must(t, s, "GET", "qos/state", nil), values{"is_enabled": false})
	must(t, s, "POST", "qos/enable", nil)
	expect(t, must(t, s, "GET", "qos/state", nil), values{"is_enabled": true})

	for seed, complaint := range map[string]string{
		`{"vvols": [{"name": "x", "pool_id": 1}]}`:      "Pool not found",
		`{"replicas": [{"id": 1, "role": "SOURCE"}]}`:   "there is no such",
		`{"replication_snapshots": [1]}`:                "there is no such",
		`{"replicas": [{"id": 1, "role": "ONLOOKER"}]}`: "neither",
	} {
		if _, err := New(Options{Seed: []byte(seed)}); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s: %v", seed, err)
		}
	}
}

func TestSearchFindsPartsOfNames(t *testing.T) {
	s := database(t)
	for path, want := range map[string]int{
		"search?query=DATA": 1, "search?query=d&type=cg": 1, "search?type=volume": 2, "search?query=nothing": 0, "search?page_size=1": 1,
	} {
		if found := listed(t, s, path); len(found) != want {
			t.Errorf("%s: %v", path, found)
		}
	}
	expect(t, listed(t, s, "search?query=data")[0].(values), values{"id": 1001, "name": "data", "type": "volume"})
}

// TestSearchHasPagesAsOtherListsHave checks the first page of a client that reckons with 50 hits on it, as in every list.
func TestSearchHasPagesAsOtherListsHave(t *testing.T) {
	s := database(t)
	for i := range 60 {
		must(t, s, "POST", "hosts", values{"name": fmt.Sprint("web", i)})
	}
	flow(t, s, []exchange{{"GET", "search?query=web", "", 200, `"page":1,"page_size":50,"pages_total":2`}})
	for path, want := range map[string]int{"search?query=web": 50, "search?query=web&page=2": 10, "search?query=web&page=1&page_size=1000": 60} {
		if found := listed(t, s, path); len(found) != want {
			t.Errorf("%s: %d hits", path, len(found))
		}
	}
}

// TestClockSchedules checks when a schedule is due by the clock: strictly after a moment, at its time of a day that fits.
func TestClockSchedules(t *testing.T) {
	a := newArray(Options{Username: "admin"})
	saturday := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	for day, want := range map[string]time.Time{
		"":         saturday.AddDate(0, 0, 1),
		"ALL":      saturday.AddDate(0, 0, 1),
		"SATURDAY": saturday.AddDate(0, 0, 7),
		"MONDAY":   saturday.AddDate(0, 0, 2),
	} {
		schedule := Object{"type": "CLOCK", "day_of_week": day, "time_of_day": 10 * 3600}
		a.planNext(schedule, int(saturday.UnixMilli()))
		if due := time.UnixMilli(int64(schedule.int(".due"))).UTC(); !due.Equal(want) {
			t.Errorf("%q: due %v, want %v", day, due, want)
		}
	}
}

// TestWhatCannotBeDeletedOutlivesItsRetention maps a scheduled snapshot: it goes only when it is unmapped.
func TestWhatCannotBeDeletedOutlivesItsRetention(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"requests": [
		{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
		{"method": "POST", "path": "volumes", "body": {"name": "v", "pool_id": 1000, "size": 1000000000, "snapshot_policy_id": 0}}],
		"replicas": [{"id": 1001, "role": "SOURCE"}]}`)})
	must(t, s, "POST", "volumes", values{"name": "s", "parent_id": 1001, "snapshot_retention": 3600})
	must(t, s, "POST", "hosts", values{"name": "h"})
	must(t, s, "POST", "hosts/1004/luns", values{"volume_id": 1003})
	s.Advance(2 * time.Hour)
	must(t, s, "GET", "volumes/1003", nil)
	must(t, s, "DELETE", "hosts/1004/luns/volume_id/1003", nil)
	s.Advance(2 * time.Hour)
	if left := listed(t, s, "volumes"); len(left) != 1 {
		t.Errorf("%d volumes are left", len(left))
	}
}
