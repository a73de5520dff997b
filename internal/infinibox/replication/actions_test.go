package replication_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// replicate makes a replica of a new volume of the near array, of which nothing begins by
// itself.
func (y *yard) replicate(name string, more map[string]any) (replica map[string]any) {
	body := map[string]any{
		"link_id": y.Near.Link, "remote_pool_id": y.farPool, "entity_type": "VOLUME", "replication_type": "ASYNC",
		"entity_pairs": []any{map[string]any{"local_entity_id": y.volume(name), "remote_base_action": "CREATE"}},
	}
	maps.Copy(body, more)
	if body["replication_type"] == "ASYNC" {
		body["sync_interval"] = 0
	}
	return y.Near.Must("POST", "replicas", body)
}

// replicateGroup makes a replica of a new group of the near array.
func (y *yard) replicateGroup(name string, more map[string]any) (replica map[string]any) {
	id, members := y.group(name), []any{}
	for _, member := range y.Near.IDs(fmt.Sprintf("cgs/%v/members", id)) {
		members = append(members, map[string]any{"local_entity_id": member, "remote_base_action": "CREATE"})
	}
	body := map[string]any{"entity_type": "CONSISTENCY_GROUP", "local_cg_id": id, "entity_pairs": members}
	maps.Copy(body, more)
	return y.replicate(name+"-beside", body)
}

func synchronized(t *testing.T) (acctest.Lab, acctest.Invocation) {
	y := yardOf(t, simulator.Options{SyncTime: time.Minute})
	id := y.replicate("v", nil)["id"]
	active := y.replicate("a", map[string]any{"replication_type": "ACTIVE_ACTIVE"})["id"]
	y.Near.Simulator.Advance(time.Hour)
	before := y.Near.Must("GET", fmt.Sprint("replicas/", id), nil)["restore_point"]
	config := acctest.Attrs{"replica_id": id}
	return y.Near, acctest.Invocation{
		Config: config, Progress: fmt.Sprintf("Synchronizing replica %v", id), Sent: "POST /api/rest/replicas/{id}/sync",
		Meanwhile: func() { y.Near.Simulator.Advance(10 * time.Second) },
		Done: func(t *testing.T) {
			after := y.Near.Must("GET", fmt.Sprint("replicas/", id), nil)
			if fmt.Sprint(after["restore_point"]) == fmt.Sprint(before) || after["job_state"] != nil {
				t.Errorf("the copy is as of %v, as before; its job is %v", after["restore_point"], after["job_state"])
			}
			said := acctest.Invocation{Config: config, Meanwhile: func() { y.Near.Simulator.Advance(10 * time.Second) }}.
				Invoke(acctest.NewServer(t, y.Near), "storage_infinibox_replica_sync")
			if text := strings.Join(said.Progress, "\n"); said.Failed() || !strings.Contains(text, `The job of the replica of "v"`) || !strings.Contains(text, `The copy "v" is as of 20`) {
				t.Errorf("%s %s", text, said.Problems)
			}
			y.Near.Must("POST", fmt.Sprintf("replicas/%v/suspend", id), nil)
		},
		Refused: []acctest.Refusal{
			{Config: config, Says: []string{"REPLICA_NOT_ALLOWED_WHEN_SUSPENDED"}},
			{Config: acctest.Attrs{"replica_id": active}, Says: []string{"OPERATION_CANNOT_BE_DONE_ON_ACTIVE_ACTIVE_REPLICA"}},
		},
	}
}

// A job that stands still is told of, and a replica that is suspended meanwhile is not waited for.
func TestAccSyncOverALinkThatIsDown(t *testing.T) {
	t.Parallel()
	y := yardOf(t, simulator.Options{SyncTime: time.Minute})
	id := y.replicate("v", nil)["id"]
	y.Near.Simulator.Advance(time.Hour)
	y.Near.Simulator.CutLinks()
	server := acctest.NewServer(t, y.Near)
	late := server.Invoke("storage_infinibox_replica_sync", acctest.Attrs{"replica_id": id, "timeout": "200ms"})
	late.Refuse(t, "is STALLED", "The link to the remote system is down", "goes on by itself", "set timeout")
	suspends := acctest.Invocation{
		Config:    acctest.Attrs{"replica_id": id},
		Meanwhile: func() { _, _ = y.Near.Do("POST", fmt.Sprintf("replicas/%v/suspend", id), nil) },
	}
	suspends.Invoke(server, "storage_infinibox_replica_sync").Refuse(t, `The replica of "v"`, "is SUSPENDED: nothing is copied until it is resumed")
}

func switched(t *testing.T) (acctest.Lab, acctest.Invocation) {
	y := newYard(t)
	replica, other := y.replicate("v", map[string]any{"replication_type": "SYNC"}), y.replicate("w", nil)
	config := acctest.Attrs{"replica_id": replica["id"]}
	return y.Near, acctest.Invocation{
		Config: config, Danger: "hosts here can no longer write",
		Progress: fmt.Sprintf("Switching the roles of replica %v", replica["id"]), Sent: "POST /api/rest/replicas/{id}/switch_role",
		Meanwhile: func() {},
		Done: func(t *testing.T) {
			holds(t, y.Near, fmt.Sprint("replicas/", replica["id"]), acctest.Attrs{"role": "TARGET"})
			holds(t, y.Far, fmt.Sprint("replicas/", replica["remote_replica_id"]), acctest.Attrs{"role": "SOURCE"})
			back := acctest.NewServer(t, y.Far)
			config := acctest.Attrs{"replica_id": replica["remote_replica_id"]}
			back.PlanAction("storage_infinibox_replica_switch_role", config).Warn(t, `"v" here becomes the copy, and "v" on "near" the source`)
			if said := back.Invoke("storage_infinibox_replica_switch_role", config); said.Failed() || said.Progress[len(said.Progress)-1] != `"v" is the TARGET here` {
				t.Errorf("%q %s", said.Progress, said.Problems)
			}
			holds(t, y.Near, fmt.Sprint("replicas/", replica["id"]), acctest.Attrs{"role": "SOURCE"})
		},
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"replica_id": other["id"]}, Says: []string{"REPLICA_UNSUPPORTED_FEATURE", "Switching Async replica role"}}},
	}
}

func roleChanged(t *testing.T) (acctest.Lab, acctest.Invocation) {
	y := newYard(t)
	replica := y.replicateGroup("db", nil)
	near, far := fmt.Sprint("replicas/", replica["id"]), fmt.Sprint("replicas/", replica["remote_replica_id"])
	config := acctest.Attrs{"replica_id": replica["remote_replica_id"]}
	y.Near.Simulator.Advance(time.Minute)
	y.Near.Simulator.CutLinks()
	return y.Far, acctest.Invocation{
		Config: config, Danger: "the two arrays' data go apart",
		Progress: fmt.Sprintf("Changing the role of replica %v on this array", replica["remote_replica_id"]),
		Sent:     "POST /api/rest/replicas/{id}/change_role", Meanwhile: func() {},
		Done: func(t *testing.T) {
			holds(t, y.Far, far, acctest.Attrs{"role": "SOURCE", "state": "SUSPENDED"})
			y.Near.Simulator.RestoreLinks()
			config := acctest.Attrs{"replica_id": replica["id"]}
			server := acctest.NewServer(t, y.Near)
			server.PlanAction("storage_infinibox_replica_change_role", config).
				Warn(t, `"db" here (with `, `"db-log"`, `"db-data"`, "is the source by now. It becomes the copy, and goes back to 20")
			if said := server.Invoke("storage_infinibox_replica_change_role", config.With(acctest.Attrs{"retain_staging_area": true})); said.Failed() || said.Progress[len(said.Progress)-1] != `"db" is the TARGET here` {
				t.Errorf("%q %s", said.Progress, said.Problems)
			}
			holds(t, y.Near, near, acctest.Attrs{"role": "TARGET"})
			if kept := len(y.Near.IDs("cgs?type=SNAPSHOT")); kept != 1 {
				t.Errorf("%d snapshot groups have what was on its way, want 1", kept)
			}
			server.PlanAction("storage_infinibox_replica_change_role", config).Warn(t, "is the copy by now, as of 20", `and "db" on "far" stays what it is`)
		},
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"replica_id": 99}, Says: []string{"REPLICA_NOT_FOUND"}}},
	}
}

// questions are put to what no table asks.
func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	y := yardOf(t, simulator.Options{SyncTime: 24 * time.Hour})
	replica := y.replicate("v", nil)
	of := acctest.Attrs{"replica_id": replica["id"]}
	return y.Near, append([]acctest.Question{
		{Source: "link", Arguments: acctest.Attrs{"id": y.Near.Link}, Finds: "it.remote_system_name", Want: "far"},
		{Source: "link", Arguments: acctest.Attrs{"name": "link"}, Finds: "it.link_state", Want: "UP"},
		{Source: "links", Arguments: acctest.Attrs{}, Finds: "it.links[0].witness_address", Want: "10.9.9.9"},
		{Source: "replica", Arguments: acctest.Attrs{"id": replica["id"]}, Finds: "it.pairs[0].remote_entity_name", Want: "v"},
		{Source: "replica_jobs", Arguments: of, Finds: "it.jobs[0].state", Want: "INITIALIZING"},
		{Source: "replica_entity_pairs", Arguments: of, Finds: "it.entity_pairs[0].local_entity_id", Want: fmt.Sprint(replica["remote_entity_id"])},
	}, remoteQuestions(y.Pair)...)
}
