package infinibox

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// replicationNetwork gives an array a network space for replication in 10.0.N.0/24, and returns its id.
func replicationNetwork(t *testing.T, s *Simulator, n int) any {
	t.Helper()
	path := space(t, s, "rmr", rmrService, n, 7, nil, portGroups(t, s))
	return must(t, s, "GET", path, nil)["id"]
}

// site is an array of a pair, with a pool.
type site struct {
	*Simulator
	link, pool any
}

// pairing makes two arrays with a link between them, and a pool on each.
func pairing(t *testing.T, o Options, witness any) (near, far site) {
	t.Helper()
	o.SystemName, o.Serial = "near", 1
	near.Simulator = Start(t, o)
	o.SystemName, o.Serial, o.Partner = "far", 2, near.Simulator
	far.Simulator = Start(t, o)
	replicationNetwork(t, far.Simulator, 2)
	link := must(t, near.Simulator, "POST", "links", values{
		"name": "link", "remote_host": "10.0.2.10", "local_replication_network_space_id": replicationNetwork(t, near.Simulator, 1), "witness_address": witness,
	})
	near.link, far.link = link["id"], link["remote_link_id"]
	near.pool = must(t, near.Simulator, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})["id"]
	far.pool = must(t, far.Simulator, "POST", "pools", values{"name": "q", "physical_capacity": terabyte})["id"]
	return near, far
}

func (s site) volume(t *testing.T, name string) any {
	t.Helper()
	return must(t, s.Simulator, "POST", "volumes", values{"name": name, "pool_id": s.pool, "size": 1000000000, "snapshot_policy_id": 0})["id"]
}

// replicate makes a replica of a volume of one site, and returns it.
func (s site) replicate(t *testing.T, to site, volume any, more values) values {
	t.Helper()
	return must(t, s.Simulator, "POST", "replicas", with(values{
		"link_id": s.link, "entity_type": "VOLUME", "remote_pool_id": to.pool,
		"entity_pairs": []any{values{"local_entity_id": volume, "remote_base_action": "CREATE"}},
	}, more))
}

func (s site) get(t *testing.T, format string, args ...any) values {
	t.Helper()
	return must(t, s.Simulator, "GET", fmt.Sprintf(format, args...), nil)
}

func (s site) post(t *testing.T, body any, format string, args ...any) values {
	t.Helper()
	return must(t, s.Simulator, "POST", fmt.Sprintf(format, args...), body)
}

func TestALinkIsThereOnBothSides(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	expect(t, near.get(t, "links/%v", near.link), values{
		"link_state": "UP", "link_mode": "ACTIVE", "remote_system_name": "far", "remote_link_id": far.link, "async_only": false,
		"link_replication_type": "[SYNC ASYNC]", "is_local_link_ready_for_sync": true, "remote_system_serial_number": 2,
	})
	expect(t, far.get(t, "links/%v", far.link), values{
		"link_state": "UP", "name": "link", "remote_system_name": "near", "remote_link_id": near.link, "remote_host": "10.0.1.10",
	})
	must(t, far.Simulator, "PUT", "system/name", "elsewhere")
	expect(t, near.get(t, "links/%v", near.link), values{"remote_system_name": "elsewhere"})

	must(t, near.Simulator, "PUT", fmt.Sprint("links/", near.link), values{"local_replication_network_space_id": nil})
	expect(t, near.get(t, "links/%v", near.link), values{"link_mode": "DETACHED", "link_state": nil, "async_only": nil, "link_replication_type": "[]"})
	expect(t, far.get(t, "links/%v", far.link), values{"link_mode": "ACTIVE", "link_state": "DOWN", "remote_replication_network_space_id": nil})
	spaces := listed(t, near.Simulator, "network/spaces")
	must(t, near.Simulator, "PUT", fmt.Sprint("links/", near.link), values{"local_replication_network_space_id": spaces[0].(values)["id"]})
	expect(t, far.get(t, "links/%v", far.link), values{"link_state": "UP"})

	must(t, near.Simulator, "DELETE", fmt.Sprint("links/", near.link), nil)
	if left := listed(t, far.Simulator, "links"); len(left) != 0 {
		t.Errorf("the other side is left: %v", left)
	}
}

func TestAnAsynchronousPairFollowsItsSource(t *testing.T) {
	near, far := pairing(t, Options{SyncTime: time.Minute}, nil)
	volume := near.volume(t, "db")
	replica := near.replicate(t, far, volume, values{"sync_interval": 300000, "rpo_value": 600000})
	expect(t, replica, values{
		"role": "SOURCE", "state": "ACTIVE", "is_initial": true, "job_state": "INITIALIZING", "progress": 0, "remote_entity_name": "db", "sync_interval": 300000,
		"local_entity_id": volume, "last_synchronized": nil, "remote_pool_name": "q",
	})
	id, there, copied := replica["id"], replica["remote_replica_id"], replica["remote_entity_id"]
	expect(t, far.get(t, "replicas/%v", there), values{
		"role": "TARGET", "state": "ACTIVE", "is_initial": true, "job_state": "INITIALIZING", "remote_replica_id": id, "remote_entity_id": volume, "remote_pool_name": "p",
	})
	expect(t, far.get(t, "volumes/%v", copied), values{"name": "db", "write_protected": true, "rmr_target": true, "replication_types": "[ASYNC_TARGET]", "size": 1000000000})
	expect(t, near.get(t, "volumes/%v", volume), values{"rmr_source": true, "replication_types": "[ASYNC_SOURCE]", "replica_ids": fmt.Sprint([]any{id})})

	near.Advance(30 * time.Second)
	halfway := far.get(t, "replicas/%v", there)
	expect(t, halfway, values{"job_state": "INITIALIZING"})
	if progress := halfway["progress"].(int); progress < 49 || progress > 60 {
		t.Errorf("after half of the time, the progress is %d", progress)
	}
	near.Advance(31 * time.Second)
	done := near.get(t, "replicas/%v", id)
	expect(t, done, values{"job_state": nil, "is_initial": false, "progress": nil, "jobs": "[]"})
	expect(t, far.get(t, "replicas/%v", there), values{"is_initial": false, "restore_point": done["restore_point"], "last_synchronized": done["last_synchronized"]})

	must(t, near.Simulator, "PUT", fmt.Sprint("volumes/", volume), values{"size": 2000000000})
	expect(t, far.get(t, "volumes/%v", copied), values{"size": 1000000000})
	near.post(t, nil, "replicas/%v/sync", id)
	expect(t, listed(t, near.Simulator, fmt.Sprintf("replicas/%v/jobs", id))[0].(values), values{"type": "MANUAL", "state": "REPLICATING", "is_initial": false})
	near.Advance(61 * time.Second)
	expect(t, far.get(t, "volumes/%v", copied), values{"size": 2000000000})

	near.CutLinks()
	near.Advance(10 * time.Minute)
	expect(t, near.get(t, "links/%v", near.link), values{"link_state": "DOWN"})
	expect(t, near.get(t, "replicas/%v", id), values{"job_state": "STALLED", "state": "ACTIVE", "state_reason": "LINK_DOWN"})
	expect(t, far.get(t, "links/%v", far.link), values{"link_state": "DOWN"})
	expect(t, far.get(t, "replicas/%v", there), values{"state_reason": "LINK_DOWN"})
	before := far.get(t, "replicas/%v", there)["restore_point"]
	near.RestoreLinks()
	near.Advance(61 * time.Second)
	expect(t, far.get(t, "links/%v", far.link), values{"link_state": "UP"})
	if after := far.get(t, "replicas/%v", there)["restore_point"]; after == before {
		t.Errorf("the restore point is still %v", after)
	}
}

func TestAPlannedSwitchOfRoles(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	volume := near.volume(t, "db")
	replica := near.replicate(t, far, volume, values{"replication_type": "SYNC"})
	id, there, copied := replica["id"], replica["remote_replica_id"], replica["remote_entity_id"]
	expect(t, near.get(t, "replicas/%v", id), values{"sync_state": "SYNCHRONIZED", "sync_interval": nil, "role": "SOURCE"})
	expect(t, near.post(t, nil, "replicas/%v/switch_role", id), values{"role": "TARGET"})
	expect(t, far.get(t, "replicas/%v", there), values{"role": "SOURCE", "sync_state": "SYNCHRONIZED"})
	expect(t, far.get(t, "volumes/%v", copied), values{"write_protected": false, "replication_types": "[SYNC_SOURCE]"})
	expect(t, near.get(t, "volumes/%v", volume), values{"write_protected": true, "replication_types": "[SYNC_TARGET]"})
	refused(t, near.Simulator, "POST", fmt.Sprintf("replicas/%v/switch_role", id), nil, "REPLICA_NOT_ALLOWED_ON_TARGET")
	far.post(t, nil, "replicas/%v/switch_role", there)
	expect(t, near.get(t, "replicas/%v", id), values{"role": "SOURCE", "sync_state": "SYNCHRONIZED"})

	near.CutLinks()
	expect(t, near.get(t, "replicas/%v", id), values{"sync_state": "SYNC_STALLED"})
	refused(t, near.Simulator, "POST", fmt.Sprintf("replicas/%v/switch_role", id), nil, "NON_SYNCHRONIZED_REPLICA_CANNOT_SWITCH_ROLE")
	near.RestoreLinks()
	expect(t, near.get(t, "replicas/%v", id), values{"sync_state": "SYNCHRONIZED"})
}

// TestASourceIsLostAndComesBack is a disaster and its recovery: the target takes over, the old source follows it, and in the end
// everything is as before.
func TestASourceIsLostAndComesBack(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	volume := near.volume(t, "db")
	replica := near.replicate(t, far, volume, nil)
	id, there, copied := replica["id"], replica["remote_replica_id"], replica["remote_entity_id"]
	refused(t, near.Simulator, "POST", fmt.Sprintf("replicas/%v/change_role", id), nil, "REPLICA_ONLY_ALLOWED_WHEN_SUSPENDED")

	near.CutLinks()
	expect(t, far.post(t, nil, "replicas/%v/change_role", there), values{"role": "SOURCE", "state": "SUSPENDED", "_enabled": false})
	must(t, far.Simulator, "PUT", fmt.Sprint("volumes/", copied), values{"size": 3000000000})
	refused(t, far.Simulator, "POST", fmt.Sprintf("replicas/%v/resume", there), nil, "LINK_IO_ERROR")

	near.RestoreLinks()
	expect(t, near.get(t, "replicas/%v", id), values{"role": "SOURCE", "state": "AUTO_SUSPENDED", "state_reason": "TWO_SOURCES"})
	refused(t, near.Simulator, "PUT", fmt.Sprint("replicas/", id), values{"sync_interval": 8000}, "REPLICA_NOT_ALLOWED_TWO_SOURCES")
	refused(t, far.Simulator, "POST", fmt.Sprintf("replicas/%v/resume", there), nil, "REPLICA_NOT_ALLOWED_TWO_SOURCES")
	expect(t, near.post(t, nil, "replicas/%v/change_role", id), values{"role": "TARGET", "state": "SUSPENDED"})
	expect(t, near.get(t, "volumes/%v", volume), values{"write_protected": true, "size": 1000000000})
	expect(t, far.post(t, nil, "replicas/%v/resume", there), values{"state": "ACTIVE", "role": "SOURCE"})
	expect(t, near.get(t, "volumes/%v", volume), values{"size": 3000000000})
	expect(t, near.get(t, "replicas/%v", id), values{"state": "ACTIVE", "role": "TARGET", "is_initial": false})

	far.post(t, nil, "replicas/%v/suspend", there)
	expect(t, near.get(t, "replicas/%v", id), values{"state": "SUSPENDED"})
	far.post(t, nil, "replicas/%v/change_role", there)
	near.post(t, nil, "replicas/%v/change_role", id)
	near.post(t, nil, "replicas/%v/resume", id)
	expect(t, near.get(t, "replicas/%v", id), values{"state": "ACTIVE", "role": "SOURCE"})
	expect(t, far.get(t, "replicas/%v", there), values{"state": "ACTIVE", "role": "TARGET"})
	expect(t, near.get(t, "volumes/%v", volume), values{"write_protected": false, "rmr_source": true})
	expect(t, far.get(t, "volumes/%v", copied), values{"write_protected": true, "rmr_target": true})
}

func TestASynchronousReplicaBecomesAsynchronousAndBack(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	replica := near.replicate(t, far, near.volume(t, "db"), nil)
	id, there := replica["id"], replica["remote_replica_id"]
	expect(t, near.post(t, nil, "replicas/%v/change_type_to_sync", id), values{"replication_type": "SYNC", "sync_interval": nil})
	expect(t, far.get(t, "replicas/%v", there), values{"replication_type": "SYNC", "sync_state": "SYNCHRONIZED"})
	expect(t, near.post(t, nil, "replicas/%v/change_type_to_async", id), values{"replication_type": "ASYNC", "sync_interval": 4000, "rpo_value": 0})
	expect(t, far.get(t, "replicas/%v", there), values{"replication_type": "ASYNC", "sync_state": nil, "sync_interval": 4000})
	expect(t, near.get(t, "volumes/%v", replica["local_entity_id"]), values{"replication_types": "[ASYNC_SOURCE]"})
}

func TestActiveActiveVolumesAreOneForTheirHosts(t *testing.T) {
	near, far := pairing(t, Options{SyncTime: time.Minute}, "192.168.7.7")
	volume := near.volume(t, "db")
	replica := near.replicate(t, far, volume, values{"replication_type": "ACTIVE_ACTIVE"})
	id, there, copied := replica["id"], replica["remote_replica_id"], replica["remote_entity_id"]
	expect(t, replica, values{"role": nil, "is_preferred": true, "sync_state": "INITIALIZING"})
	serial := near.get(t, "volumes/%v", volume)["serial"]
	expect(t, far.get(t, "volumes/%v", copied), values{"serial": serial, "write_protected": false, "rmr_active_active_peer": true, "replication_types": "[ACTIVE_ACTIVE]"})
	refused(t, near.Simulator, "POST", fmt.Sprintf("replicas/%v/suspend", id), nil, "ACTIVE_ACTIVE_REPLICA_CANNOT_BE_SUSPENDED_DURING_INITIALIZATION")
	near.Advance(61 * time.Second)
	expect(t, far.get(t, "replicas/%v", there), values{"sync_state": "SYNCHRONIZED", "is_preferred": false, "role": nil})

	near.post(t, nil, "replicas/%v/suspend", id)
	expect(t, near.get(t, "replicas/%v", id), values{"state": "SUSPENDED", "suspended_from_local": true, "sync_state": "SYNC_STALLED"})
	expect(t, far.get(t, "replicas/%v", there), values{"state": "SUSPENDED", "suspended_from_local": false})
	refused(t, far.Simulator, "POST", fmt.Sprintf("replicas/%v/resume", there), nil, "ACTIVE_ACTIVE_REPLICA_CANNOT_BE_RESUMED_ON_LOCAL_SYSTEM")
	must(t, near.Simulator, "PUT", fmt.Sprint("replicas/", id), values{"is_preferred": false})
	expect(t, far.get(t, "replicas/%v", there), values{"is_preferred": true})
	near.post(t, nil, "replicas/%v/resume", id)
	expect(t, far.get(t, "replicas/%v", there), values{"state": "ACTIVE", "sync_state": "SYNC_IN_PROGRESS"})
	near.Advance(61 * time.Second)
	expect(t, far.get(t, "replicas/%v", there), values{"state": "ACTIVE", "sync_state": "SYNCHRONIZED"})

	near.CutLinks()
	expect(t, near.get(t, "replicas/%v", id), values{"state": "AUTO_SUSPENDED", "suspended_from_local": false})
	expect(t, far.get(t, "replicas/%v", there), values{"state": "AUTO_SUSPENDED", "suspended_from_local": true})
	near.RestoreLinks()
	near.Advance(61 * time.Second)
	for s, replica := range map[*site]any{&near: id, &far: there} {
		expect(t, s.get(t, "replicas/%v", replica), values{"state": "ACTIVE", "sync_state": "SYNCHRONIZED", "suspended_from_local": nil})
	}
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	expect(t, near.get(t, "replicas/%v", id), values{"state": "AUTO_SUSPENDED", "suspended_from_local": true}) // the witness tells
}

func TestTheEndOfAReplica(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	volume := near.volume(t, "db")
	replica := near.replicate(t, far, volume, nil)
	copied := replica["remote_entity_id"]
	refused(t, near.Simulator, "DELETE", fmt.Sprint("volumes/", volume), nil, "REPLICATED_DATASET_DELETE_NOT_ALLOWED")
	refused(t, near.Simulator, "DELETE", fmt.Sprint("links/", near.link), nil, "LINK_ERROR")
	must(t, near.Simulator, "DELETE", fmt.Sprintf("replicas/%v?retain_staging_area=true", replica["id"]), nil)
	if left := listed(t, far.Simulator, "replicas"); len(left) != 0 {
		t.Errorf("the other side is left: %v", left)
	}
	for s, id := range map[*site]any{&near: volume, &far: copied} {
		expect(t, s.get(t, "volumes/%v", id), values{"has_children": true, "write_protected": false, "replication_types": "[NONE]", "replica_ids": "[]", "rmr_source": false, "rmr_target": false})
	}
	must(t, far.Simulator, "DELETE", fmt.Sprint("volumes/", copied), nil)

	replica = near.replicate(t, far, volume, nil)
	there, copied := replica["remote_replica_id"], replica["remote_entity_id"]
	near.CutLinks()
	path := fmt.Sprint("replicas/", replica["id"])
	refused(t, near.Simulator, "DELETE", path, nil, "LINK_IO_ERROR")
	must(t, near.Simulator, "DELETE", path+"?force_if_remote_error=true", nil)
	expect(t, far.get(t, "volumes/%v", copied), values{"write_protected": true})
	refused(t, far.Simulator, "DELETE", fmt.Sprint("replicas/", there), nil, "REPLICA_DELETION_NOT_ALLOWED_ON_TARGET")
	near.RestoreLinks()
	expect(t, far.get(t, "replicas/%v", there), values{"state": "AUTO_SUSPENDED", "state_reason": "REMOTE_REPLICA_MISSING"})
	must(t, far.Simulator, "DELETE", fmt.Sprint("replicas/", there), nil)
	expect(t, far.get(t, "volumes/%v", copied), values{"write_protected": false, "rmr_target": false})
	near.CutLinks()
	refused(t, near.Simulator, "DELETE", fmt.Sprint("links/", near.link), nil, "LINK_IO_ERROR")
	must(t, near.Simulator, "DELETE", fmt.Sprintf("links/%v?force_if_remote_error=yes", near.link), nil)
	near.RestoreLinks()
	expect(t, far.get(t, "links/%v", far.link), values{"link_state": "DOWN"})
}

func TestAGroupIsReplicatedWithItsSnapshots(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	data, log := near.volume(t, "data"), near.volume(t, "log")
	group := near.post(t, values{"name": "db", "pool_id": near.pool, "snapshot_policy_id": 0}, "cgs")["id"]
	near.post(t, values{"dataset_id": data}, "cgs/%v/members", group)
	replica := near.post(t, values{
		"link_id": near.link, "entity_type": "CONSISTENCY_GROUP", "local_cg_id": group, "remote_pool_id": far.pool, "sync_interval": 60000,
		"entity_pairs": []any{values{"local_entity_id": data, "remote_base_action": "CREATE"}}, "including_snapshots": true,
		"snapshots_retention": 86400, "remote_snapshot_suffix": "_far",
	}, "replicas?remote_members_suffix=_copy")
	copied := replica["remote_cg_id"]
	expect(t, replica, values{"local_cg_name": "db", "remote_cg_name": "db", "local_entity_id": group, "remote_entity_id": copied})
	expect(t, far.get(t, "cgs/%v", copied), values{"name": "db", "is_replicated": true, "members_count": 1, "replication_types": "[ASYNC_TARGET]"})
	expect(t, listed(t, far.Simulator, fmt.Sprintf("cgs/%v/members", copied))[0].(values), values{"name": "data_copy", "write_protected": true})

	near.post(t, values{"dataset_id": log, "replication_pair_info": values{"remote_base_action": "CREATE"}}, "cgs/%v/members", group)
	expect(t, far.get(t, "cgs/%v", copied), values{"members_count": 2})
	near.post(t, values{"name": "sg", "parent_id": group, "snap_suffix": "_s"}, "cgs")
	near.post(t, values{"name": "stays", "parent_id": group, "snap_suffix": "_t"}, "cgs?replicate_to_async_target=false")
	near.Advance(61 * time.Second)
	if found := names(t, far.Simulator, "cgs?type=SNAPSHOT"); found != "sg_far" {
		t.Errorf("snapshot groups on the other side: %s", found)
	}
	near.Advance(24 * time.Hour)
	if found := names(t, far.Simulator, "cgs?type=SNAPSHOT"); found != "" {
		t.Errorf("snapshot groups outlive their retention: %s", found)
	}
	must(t, near.Simulator, "DELETE", fmt.Sprintf("cgs/%v/members/%v?create_replica=true&replica_name=own", group, log), nil)
	expect(t, far.get(t, "cgs/%v", copied), values{"members_count": 1})
	own := listed(t, near.Simulator, "replicas?entity_type=VOLUME")[0].(values)
	expect(t, own, values{"local_entity_id": log, "role": "SOURCE", "description": "own", "local_cg_id": nil})
	expect(t, far.get(t, "replicas/%v", own["remote_replica_id"]), values{"remote_replica_id": own["id"], "role": "TARGET", "remote_entity_name": "log"})
	near.post(t, values{"dataset_id": log}, "cgs/%v/members", group)
	expect(t, far.get(t, "cgs/%v", copied), values{"members_count": 2})
	if left := listed(t, far.Simulator, "replicas"); len(left) != 1 {
		t.Errorf("%d replicas are left", len(left))
	}
	refused(t, near.Simulator, "DELETE", fmt.Sprint("cgs/", group), nil, "REPLICATED_CG_CANNOT_BE_DELETED")
	must(t, near.Simulator, "DELETE", fmt.Sprint("replicas/", replica["id"]), nil)
	expect(t, far.get(t, "cgs/%v", copied), values{"is_replicated": false, "members_count": 2})
}

// TestTwoProcessesReplicate has two arrays that reach each other over HTTP alone, with other passwords on the other side.
func TestTwoProcessesReplicate(t *testing.T) {
	far := site{Simulator: Start(t, Options{SystemName: "far", Serial: 2, Password: "other-12345"})}
	near := site{Simulator: Start(t, Options{SystemName: "near", Serial: 1, Peer: far.URL()})}
	replicationNetwork(t, far.Simulator, 2)
	replicationNetwork(t, near.Simulator, 1)
	client := &http.Client{Timeout: time.Minute}
	body := `{"name":"link","remote_host":"10.0.2.10"}`
	status, answer := ask(t, client, http.MethodPost, near.URL()+"/api/rest/links", body, basic())
	if status != http.StatusForbidden || !strings.Contains(answer, `"code":"REMOTE_PERMISSION_REQUIRED"`) || !strings.Contains(answer, `"is_remote":true`) {
		t.Fatalf("%d %s", status, answer)
	}
	header := basic()
	for _, password := range []string{"wrong", "other-12345"} {
		header.Set("X-Remote-Authorization", basicAuthorization("admin", password))
		status, answer = ask(t, client, http.MethodPost, near.URL()+"/api/rest/links", body, header)
		if want := map[bool]int{true: http.StatusCreated, false: http.StatusForbidden}[password != "wrong"]; status != want {
			t.Fatalf("%s: %d %s", password, status, answer)
		}
	}
	link := listed(t, near.Simulator, "links")[0].(values)
	near.link, far.link = link["id"], link["remote_link_id"]
	near.pool = near.post(t, values{"name": "p", "physical_capacity": terabyte}, "pools")["id"]
	far.pool = far.post(t, values{"name": "q", "physical_capacity": terabyte}, "pools")["id"]
	replica := near.replicate(t, far, near.volume(t, "db"), values{"replication_type": "SYNC"})
	expect(t, far.get(t, "replicas/%v", replica["remote_replica_id"]), values{"role": "TARGET", "sync_state": "SYNCHRONIZED"})
	status, answer = ask(t, client, http.MethodGet, fmt.Sprintf("%s/api/rest/remote/%v/volumes?name=db", near.URL(), near.link), "", header)
	if status != http.StatusOK || !strings.Contains(answer, `"rmr_target":true`) {
		t.Errorf("through the link: %d %s", status, answer)
	}
	far.post(t, values{"name": "x", "pool_id": far.pool, "size": 1000000000}, "volumes")
	if got := len(far.Requests()); got != 0 {
		t.Errorf("what arrays tell each other is counted as %d requests", got)
	}

	far.CutLinks()
	expect(t, near.get(t, "links/%v", near.link), values{"link_state": "DOWN"})
	far.RestoreLinks()
	expect(t, near.get(t, "replicas/%v", replica["id"]), values{"sync_state": "SYNCHRONIZED"})
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	expect(t, near.get(t, "replicas/%v", replica["id"]), values{"sync_state": "SYNC_STALLED"})
}

// TestTheRemoteAPI asks one array through the other, by the link and by its host.
func TestTheRemoteAPI(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	made := near.post(t, values{"name": "v", "pool_id": far.pool, "size": 1000000000}, "remote/%v/volumes", near.link)
	expect(t, far.get(t, "volumes/%v", made["id"]), values{"name": "v"})
	must(t, near.Simulator, "PUT", fmt.Sprintf("remote/10.0.2.10/volumes/%v", made["id"]), values{"name": "w"})
	expect(t, near.get(t, "remote/far/volumes/%v", made["id"]), values{"name": "w"})
	refused(t, near.Simulator, "GET", "remote/far/volumes/1", nil, "VOLUME_NOT_FOUND")
	refused(t, near.Simulator, "GET", "remote/nowhere/volumes", nil, "LINK_NOT_FOUND")
	refused(t, near.Simulator, "GET", "remote/far/nonsense", nil, "UNKNOWN_PATH")
	must(t, near.Simulator, "DELETE", fmt.Sprintf("remote/%v/volumes/%v", near.link, made["id"]), nil)
	if left := listed(t, far.Simulator, "volumes"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestBothSidesAtOnce has clients on both sides change replicas at the same time: neither array may wait for the other for ever.
func TestBothSidesAtOnce(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	var group sync.WaitGroup
	for _, way := range [][2]site{{near, far}, {far, near}} {
		group.Go(func() {
			from, to := way[0], way[1]
			for i := range 20 {
				volume := from.volume(t, fmt.Sprintf("%v-%d", from.array.systemName, i))
				replica := from.replicate(t, to, volume, values{"replication_type": "SYNC"})
				from.post(t, nil, "replicas/%v/switch_role", replica["id"])
				must(t, to.Simulator, "DELETE", fmt.Sprint("replicas/", replica["remote_replica_id"]), nil)
				must(t, from.Simulator, "GET", fmt.Sprintf("remote/%v/system", from.link), nil)
			}
		})
	}
	group.Wait()
	for _, s := range []site{near, far} {
		if left := listed(t, s.Simulator, "replicas"); len(left) != 0 {
			t.Errorf("%d replicas are left", len(left))
		}
	}
}

// TestAPairIsDumpedAndComesBack makes of each array's dump an array that knows the other one as before.
func TestAPairIsDumpedAndComesBack(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	replica := near.replicate(t, far, near.volume(t, "db"), values{"sync_interval": 60000})
	group, rg := replicationGroup(t, near, far)
	var again [2]site
	for i, s := range []site{near, far} {
		var dump bytes.Buffer
		if err := s.Dump(&dump); err != nil {
			t.Fatal(err)
		}
		o := Options{Seed: dump.Bytes()}
		if i == 1 {
			o.Partner = again[0].Simulator
		}
		again[i].Simulator = Start(t, o)
	}
	for i, s := range []site{near, far} {
		for _, path := range []string{"links", "replicas", "replication_groups", "rg_replicas", "vvols"} {
			if was, is := fmt.Sprint(listed(t, s.Simulator, path)), fmt.Sprint(listed(t, again[i].Simulator, path)); was != is {
				t.Errorf("%s:\nwas %s\nis  %s", path, was, is)
			}
		}
	}
	expect(t, again[0].post(t, nil, "replicas/%v/change_type_to_sync", replica["id"]), values{"replication_type": "SYNC"})
	expect(t, again[1].get(t, "replicas/%v", replica["remote_replica_id"]), values{"replication_type": "SYNC"})
	expect(t, again[0].get(t, "replication_groups/%v", group["id"]), values{"is_replicated": true})
	if job := again[0].post(t, nil, "rg_replicas/%v/sync", rg["id"])["rmr_sync_job_id"].(int); job < 3 {
		t.Errorf("a new job is numbered %d", job)
	}
	if next := again[0].replicate(t, again[1], again[0].volumeIn(t, near.pool), values{"link_id": near.link, "remote_pool_id": far.pool}); next["id"].(int) <= replica["id"].(int) {
		t.Errorf("a new replica is numbered %v", next["id"])
	}
}

func (s site) volumeIn(t *testing.T, pool any) any {
	t.Helper()
	s.pool = pool
	return s.volume(t, "more")
}
