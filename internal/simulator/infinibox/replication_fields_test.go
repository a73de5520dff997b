package infinibox

import (
	"encoding/json"
	"testing"
	"time"
)

// asWritten is an object with its numbers as they were written, as checkFields takes it.
func asWritten(t *testing.T, value any) any {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	written, err := decode(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// TestReplicationFields is TestFields for links, replicas and replication groups, on both sides.
func TestReplicationFields(t *testing.T) {
	near, far := pairing(t, Options{SyncTime: time.Minute}, nil)
	volume := near.volume(t, "db")
	replica := near.replicate(t, far, volume, nil)
	sync := near.replicate(t, far, near.volume(t, "sync"), values{"replication_type": "SYNC"})
	jobs := listed(t, near.Simulator, "replicas/"+itoa(replica["id"].(int))+"/jobs")
	link := near.get(t, "links/%v", near.link)
	group, rg := replicationGroup(t, near, far)
	reversed := listOf(t, near, "replicas/reverse_entity_pairs", values{"entity_pairs": []any{values{
		"local_entity_id": volume, "remote_entity_id": replica["remote_entity_id"], "_local_reclaimed_snapshot_id": 1, "_remote_reclaimed_snapshot_id": 2,
	}}})
	answers := map[string]map[string][]any{
		"fields_links.json": {
			"link":         {link, far.get(t, "links/%v", far.link), first(listed(t, near.Simulator, "links"))},
			"link_address": link["remote_replication_ip_addresses"].([]any),
		},
		"fields_replicas.json": {
			"replica":       {replica, sync, far.get(t, "replicas/%v", replica["remote_replica_id"]), first(listed(t, near.Simulator, "replicas"))},
			"replica_job":   jobs,
			"reversed_pair": reversed,
		},
		"fields_replication_groups.json": {
			"replication_group": {group, first(listed(t, far.Simulator, "replication_groups"))},
			"rg_replica":        {rg, first(listed(t, far.Simulator, "rg_replicas"))},
			"rg_sync":           {near.post(t, nil, "rg_replicas/%v/sync", idle(t, near, rg))},
		},
	}
	for file, kinds := range answers {
		for kind, fields := range documentedFields(t, file) {
			if len(kinds[kind]) == 0 {
				t.Errorf("no answer shows a %s", kind)
			}
			for _, answer := range kinds[kind] {
				checkFields(t, kind, fields, asWritten(t, answer))
			}
		}
	}
}

// idle waits for the job of a replica, and returns its id.
func idle(t *testing.T, s site, replica values) any {
	t.Helper()
	s.Advance(2 * time.Minute)
	must(t, s.Simulator, "PUT", "rg_replicas/"+itoa(replica["id"].(int)), values{"sync_interval": 0})
	s.Advance(2 * time.Minute)
	return replica["id"]
}

// listOf posts, and returns the list that is answered.
func listOf(t *testing.T, s site, path string, body any) []any {
	t.Helper()
	_, result, err := s.Do("POST", path, body)
	if err != nil {
		t.Fatal(err)
	}
	return result.([]any)
}

// replicationGroup makes a replication group with a vVol on one site, and its replica.
func replicationGroup(t *testing.T, near, far site) (group, replica values) {
	t.Helper()
	pools := map[*site]any{}
	for _, s := range []*site{&near, &far} {
		pools[s] = must(t, s.Simulator, "POST", "pools", values{"name": "vv", "physical_capacity": terabyte, "type": "VVOL"})["id"]
	}
	group = near.post(t, values{"name": "rg", "pool_id": pools[&near]}, "replication_groups")
	if err := near.array.plant(Seed{
		VVols:             []SeedVVol{{Name: "Data-1", PoolID: pools[&near].(int), Type: "Data", Size: 1 << 30}},
		ReplicationGroups: []SeedReplicationGroup{{ID: group["id"].(int), VVols: []int{group["id"].(int) + 1}}},
	}); err != nil {
		t.Fatal(err)
	}
	replica = near.post(t, values{
		"replication_group_id": group["id"], "link_id": near.link, "remote_pool_id": pools[&far], "base_action": "NEW", "replication_type": "ASYNC",
		"sync_interval": nil, "rpo_value": nil, "remote_replication_group_id": nil, "remote_replication_group_name": nil,
	}, "rg_replicas")
	return near.get(t, "replication_groups/%v", group["id"]), replica
}

func TestAReplicationGroupTakesItsVVolsAlong(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	group, replica := replicationGroup(t, near, far)
	expect(t, group, values{"members_count": 1, "is_replicated": true, "type": "MASTER"})
	expect(t, replica, values{"role": "SOURCE", "sync_interval": 4000, "rpo_value": 0, "replication_type": "ASYNC", "replication_group_name": "rg"})
	there := replica["remote_replica_id"]
	expect(t, far.get(t, "rg_replicas/%v", there), values{"role": "TARGET", "remote_replication_group_name": "rg", "remote_replica_id": replica["id"]})
	copied := listed(t, far.Simulator, "vvols")
	if len(copied) != 1 {
		t.Fatalf("vVols on the other side: %v", copied)
	}
	expect(t, copied[0].(values), values{"name": "Data-1", "is_replicated": true, "replication_group_id": replica["remote_replication_group_id"]})

	refused(t, far.Simulator, "POST", "rg_replicas/"+itoa(there.(int))+"/sync", nil, "REPLICA_NOT_ALLOWED_ON_TARGET")
	expect(t, near.post(t, nil, "rg_replicas/%v/sync", replica["id"]), values{"result": "MGMT_COMMAND_RESULT__SUCCESS"})
	near.post(t, nil, "rg_replicas/%v/suspend", replica["id"])
	expect(t, far.get(t, "rg_replicas/%v", there), values{"state": "SUSPENDED", "_enabled": false})
	near.post(t, nil, "rg_replicas/%v/resume", replica["id"])
	expect(t, far.get(t, "rg_replicas/%v", there), values{"state": "ACTIVE", "_enabled": true})

	vvol := listed(t, near.Simulator, "vvols")[0].(values)["id"]
	must(t, near.Simulator, "DELETE", "replication_groups/"+itoa(group["id"].(int))+"/members/"+itoa(vvol.(int)), nil)
	if left := listed(t, far.Simulator, "vvols"); len(left) != 0 {
		t.Errorf("vVols are left on the other side: %v", left)
	}
	must(t, near.Simulator, "DELETE", "rg_replicas/"+itoa(replica["id"].(int)), nil)
	expect(t, far.get(t, "replication_groups/%v", replica["remote_replication_group_id"]), values{"is_replicated": false})
	must(t, near.Simulator, "DELETE", "replication_groups/"+itoa(group["id"].(int)), nil)
}
