package infinibox

import (
	"fmt"
	"testing"
	"time"
)

// TestALinkIsFoundByItsSpace looks for the links of a network space, as clients of the array do.
func TestALinkIsFoundByItsSpace(t *testing.T) {
	near, _ := pairing(t, Options{}, nil)
	space := near.get(t, "links/%v", near.link)["local_replication_network_space_id"]
	flow(t, near.Simulator, []exchange{
		{"GET", fmt.Sprint("links?local_replication_network_space_id=eq%3A", space), "", 200, `"number_of_objects":1`},
		{"GET", "links?local_replication_network_space_id=eq%3A1", "", 200, `"result":[]`},
		{"PUT", fmt.Sprint("links/", near.link), `{"local_replication_network_space_id":null}`, 200, `"link_mode":"DETACHED"`},
		{"GET", fmt.Sprint("links?local_replication_network_space_id=eq%3A", space), "", 200, `"result":[]`},
	})
}

// TestNothingToSayIsNull gives an operation without arguments the body null, as clients of the array do.
func TestNothingToSayIsNull(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	replica := near.replicate(t, far, near.volume(t, "db"), values{"sync_interval": 300000, "rpo_value": 600000})
	here, there := fmt.Sprint("replicas/", replica["id"]), fmt.Sprint("replicas/", replica["remote_replica_id"])
	flow(t, near.Simulator, []exchange{
		{"POST", here + "/change_role", "null", 409, "REPLICA_ONLY_ALLOWED_WHEN_SUSPENDED"},
		{"POST", here + "/suspend", "", 200, `"state":"SUSPENDED"`},
		{"POST", "pools", "null", 400, "MISSING_FIELD"},
	})
	flow(t, far.Simulator, []exchange{{"POST", there + "/change_role", "null", 200, `"role":"SOURCE"`}})
	flow(t, near.Simulator, []exchange{{"POST", here + "/change_role", "null", 200, `"role":"TARGET"`}})
	flow(t, far.Simulator, []exchange{
		{"POST", there + "/resume", "", 200, `"state":"ACTIVE"`},
		{"POST", there + "/change_type_to_sync", "{}", 200, `"replication_type":"SYNC"`},
		{"POST", there + "/switch_role", "", 200, `"role":"TARGET"`},
	})
	flow(t, near.Simulator, []exchange{{"GET", here + "?fields=role%2Csync_state", "", 200, `"role":"SOURCE","sync_state":"SYNCHRONIZED"`}})
}

// TestThePathOnTheOtherArrayMayBeWhole asks the other array through a link by the whole path, as clients of the array do.
func TestThePathOnTheOtherArrayMayBeWhole(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	replica := near.replicate(t, far, near.volume(t, "db"), nil)
	there := fmt.Sprintf("replicas/%v?fields=entity_pairs", replica["remote_replica_id"])
	want := fmt.Sprintf(`"local_entity_id":%v`, replica["remote_entity_id"])
	flow(t, near.Simulator, []exchange{
		{"GET", fmt.Sprintf("remote/%v/api/rest/%s", near.link, there), "", 200, want},
		{"GET", fmt.Sprintf("remote/%v/%s", near.link, there), "", 200, want},
		{"GET", fmt.Sprintf("remote/%v/api/rest/replicas/1", near.link), "", 404, "REPLICA_NOT_FOUND"},
	})
}

// TestWhatADeletedReplicaLeavesIsNamed deletes replicas and keeps their restore points: the answer tells clients which
// snapshots these are, here and on the other array.
func TestWhatADeletedReplicaLeavesIsNamed(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	interval := values{"sync_interval": 300000, "rpo_value": 600000}
	volume := near.volume(t, "db")
	replica := near.replicate(t, far, volume, interval)
	end := func(s site, replica values, parameters string) values {
		return must(t, s.Simulator, "DELETE", fmt.Sprintf("replicas/%v%s", replica["id"], parameters), nil)
	}
	pair := end(near, replica, "?retain_staging_area=true")["entity_pairs"].([]any)[0].(values)
	expect(t, near.get(t, "volumes/%v", pair["_local_reclaimed_snapshot_id"]), values{"type": "SNAPSHOT", "parent_id": volume})
	expect(t, far.get(t, "volumes/%v", pair["_remote_reclaimed_snapshot_id"]), values{"type": "SNAPSHOT", "parent_id": replica["remote_entity_id"]})

	group := near.post(t, values{"name": "cg", "pool_id": near.pool}, "cgs")["id"]
	member := near.volume(t, "m")
	near.post(t, values{"dataset_id": member}, "cgs/%v/members", group)
	replica = near.replicate(t, far, member, with(values{"entity_type": groupEntity, "local_cg_id": group}, interval))
	answer := end(near, replica, "?retain_staging_area=true")
	expect(t, near.get(t, "cgs/%v", answer["_local_reclaimed_sg_id"]), values{"type": "SNAPSHOT", "parent_id": group})
	expect(t, far.get(t, "cgs/%v", answer["_remote_reclaimed_sg_id"]), values{"type": "SNAPSHOT", "parent_id": replica["remote_cg_id"]})

	replica = near.replicate(t, far, near.volume(t, "gone"), interval)
	answer = end(near, replica, "")
	expect(t, answer, values{"_local_reclaimed_sg_id": nil, "_remote_reclaimed_sg_id": nil})
	expect(t, answer["entity_pairs"].([]any)[0].(values), values{"_local_reclaimed_snapshot_id": nil, "_remote_reclaimed_snapshot_id": nil})
}

// TestTheEntityOfAGroupsReplicaIsTheGroup looks for the replica of a group, as clients of the array do for its members.
func TestTheEntityOfAGroupsReplicaIsTheGroup(t *testing.T) {
	near, far := pairing(t, Options{}, nil)
	group := near.post(t, values{"name": "cg", "pool_id": near.pool}, "cgs")["id"]
	member := near.volume(t, "m")
	near.post(t, values{"dataset_id": member}, "cgs/%v/members", group)
	replica := near.replicate(t, far, member, values{"entity_type": groupEntity, "local_cg_id": group})
	flow(t, near.Simulator, []exchange{
		{"GET", fmt.Sprint("replicas?local_entity_id=eq%3A", group), "", 200, fmt.Sprintf(`"id":%v`, replica["id"])},
		{"GET", fmt.Sprint("replicas?remote_entity_id=eq%3A", replica["remote_cg_id"]), "", 200, `"number_of_objects":1`},
		{"GET", fmt.Sprint("replicas?local_entity_id=eq%3A", member), "", 200, `"result":[]`},
		{"GET", fmt.Sprint("replicas?local_cg_id=eq%3A", group), "", 200, `"number_of_objects":1`},
		{"GET", "replicas?local_cg_id=eq%3A1", "", 200, `"result":[]`},
		{"GET", fmt.Sprintf("replicas/%v?fields=local_entity_name%%2Cremote_entity_name", replica["id"]), "", 200, `"local_entity_name":"cg","remote_entity_name":"cg"`},
	})
}

// TestJobsSayWhatTheyDo follows a replica by the words for its jobs that clients of the array look for: without them they
// take it for idle.
func TestJobsSayWhatTheyDo(t *testing.T) {
	near, far := pairing(t, Options{SyncTime: time.Minute}, nil)
	replica := near.replicate(t, far, near.volume(t, "db"), values{"sync_interval": 0})
	here := fmt.Sprint("replicas/", replica["id"])
	asked := func(want string) exchange {
		return exchange{"GET", here + "?fields=state%2Cjobs%2Cjob_state%2Cis_initial", "", 200, want}
	}
	flow(t, near.Simulator, []exchange{
		asked(`"is_initial":true,"job_state":"INITIALIZING"`),
		{"POST", here + "/suspend", "", 200, `"job_state":"PAUSED"`},
		{"POST", here + "/resume", "", 200, `"job_state":"INITIALIZING"`},
	})
	near.Advance(time.Minute + time.Second)
	flow(t, near.Simulator, []exchange{
		asked(`"is_initial":false,"job_state":null,"jobs":[]`),
		{"POST", here + "/sync", "", 200, `"result":null`},
		asked(`"is_initial":false,"job_state":"REPLICATING"`),
	})
	near.CutLinks()
	flow(t, near.Simulator, []exchange{asked(`"job_state":"STALLED"`)})
}

// TestMembersOfAnActiveActiveGroupSayTheirBeginning adds members to the active-active replica of a group as clients of the
// array do: one that is new on the other array, one with a name of its own there, and one that is there already.
func TestMembersOfAnActiveActiveGroupSayTheirBeginning(t *testing.T) {
	near, far := pairing(t, Options{}, "10.9.9.9")
	group := near.post(t, values{"name": "cg", "pool_id": near.pool}, "cgs")["id"]
	first := near.volume(t, "a")
	near.post(t, values{"dataset_id": first}, "cgs/%v/members", group)
	replica := near.replicate(t, far, first, values{"entity_type": groupEntity, "local_cg_id": group, "replication_type": activeActiveType})
	near.post(t, nil, "replicas/%v/suspend", replica["id"])
	add := fmt.Sprintf("cgs/%v/members", group)
	body := func(name, info string) string {
		return fmt.Sprintf(`{"dataset_id":%v,"active_active_info":%s}`, near.volume(t, name), info)
	}
	flow(t, near.Simulator, []exchange{
		{"POST", add, body("b", `{"base_action":"NEW","remote_entity_name":null}`), 200, `"members_count":2`},
		{"POST", add, body("c", `{"base_action":"NEW","remote_entity_name":"own"}`), 200, `"members_count":3`},
		{"POST", add, body("d", fmt.Sprintf(`{"base_action":"EXISTING","remote_entity_id":%v}`, far.volume(t, "there"))), 200, `"members_count":4`},
		{"POST", add, body("e", `{"base_action":"WHATEVER"}`), 400, "MALFORMED_PARAMETER"},
	})
	if found := names(t, far.Simulator, fmt.Sprintf("cgs/%v/members?sort=name", replica["remote_cg_id"])); found != "abownthere" {
		t.Errorf("members on the other side: %s", found)
	}
}
