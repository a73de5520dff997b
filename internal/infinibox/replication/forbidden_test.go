package replication_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// What replication forbids is told at plan where the array's state tells it, and otherwise
// with what to do.
func TestAccWhatReplicationForbids(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	near := y.Near
	cli := acctest.NewCLI(t)
	provider := near.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	config := func(blocks ...string) []string { return append([]string{provider}, blocks...) }
	volume := acctest.Attrs{"name": "v", "pool_id": y.pool, "size": "1GB"}
	files := acctest.Attrs{"name": "f", "pool_id": y.pool, "size": "1GB"}
	database := acctest.Attrs{"name": "db", "pool_id": y.pool}
	v, f, db := resource("volume", "v", volume), resource("filesystem", "f", files), resource("consistency_group", "db", database)
	spare := resource("volume", "spare", acctest.Attrs{"name": "spare", "pool_id": y.pool, "size": "1GB"})
	member := func(label string) string {
		return resource("consistency_group_member", label, acctest.Attrs{"consistency_group_id": id("consistency_group.db"), "member_id": id("volume." + label)})
	}
	cli.Apply(config(v, spare, f, db, member("spare"))...).Succeeds(t)
	ids := map[string]any{"volumes": nil, "filesystems": nil, "cgs": nil}
	for path, name := range map[string]string{"volumes": "v", "filesystems": "f", "cgs": "db"} {
		ids[path] = near.IDs(path + "?type=MASTER&name=eq:" + name)[0]
	}
	replica := func(entityType string, dataset any, replicationType string) any {
		body := map[string]any{"link_id": near.Link, "remote_pool_id": y.farPool, "entity_type": entityType, "replication_type": replicationType}
		if entityType == "CONSISTENCY_GROUP" {
			body["local_cg_id"] = dataset
			dataset = near.IDs("volumes?name=eq:spare")[0]
		}
		body["entity_pairs"] = []any{map[string]any{"local_entity_id": dataset, "remote_base_action": "CREATE"}}
		return near.Must("POST", "replicas", body)["id"]
	}
	ofVolume, ofFiles, ofGroup := replica("VOLUME", ids["volumes"], "SYNC"), replica("FILESYSTEM", ids["filesystems"], "ASYNC"), replica("CONSISTENCY_GROUP", ids["cgs"], "SYNC")

	// Deleting: the plan names the replica, and the array refuses.
	deleted := cli.Apply(config(spare)...)
	for _, by := range []any{fmt.Sprintf("replica %v (SYNC, SOURCE here)", ofVolume), fmt.Sprintf("replica %v (ASYNC, SOURCE here)", ofFiles), fmt.Sprintf("replica %v (SYNC, SOURCE here)", ofGroup)} {
		deleted.Warns(t, "It is replicated, by "+fmt.Sprint(by), "the array deletes nothing that is replicated")
	}
	deleted.Refuses(t, "REPLICATED_DATASET_DELETE_NOT_ALLOWED", fmt.Sprintf("by replica %v (SYNC, SOURCE here). Delete that first", ofVolume))
	deleted.Refuses(t, "REPLICATED_DATASET_DELETE_NOT_ALLOWED", fmt.Sprintf("by replica %v (ASYNC, SOURCE here). Delete that first", ofFiles))
	deleted.Refuses(t, "CG_MEMBER_CANNOT_BE_REMOVED_FROM_SYNC_REPLICA", "Set replication_type of the group's replica to ASYNC")

	// Resizing, and a member that joins: the array's word, with what to do.
	larger := resource("volume", "v", volume.With(acctest.Attrs{"size": "2GB"}))
	changed := cli.Apply(config(larger, spare, f, db, member("spare"), member("v"))...)
	changed.Refuses(t, "REPLICA_UNSUPPORTED_FEATURE", "For the occasion a SYNC replica becomes ASYNC")
	near.Must("DELETE", fmt.Sprint("replicas/", ofVolume), nil)
	changed = cli.Apply(config(larger, spare, f, db, member("spare"), member("v"))...)
	changed.Refuses(t, "CG_MEMBER_CANNOT_BE_ADDED_TO_SYNC_REPLICA", "Set replication_type of the group's replica to ASYNC")
	near.Must("POST", fmt.Sprintf("replicas/%v/change_type_to_async", ofGroup), nil)
	cli.Apply(config(larger, spare, f, db, member("spare"), member("v"))...).
		Refuses(t, "VOLUME_NAME_CONFLICT", "On the other array there is a volume of that name already")
	y.Far.Must("DELETE", fmt.Sprint("volumes/", y.Far.IDs("volumes?name=eq:v")[0]), nil)
	cli.Apply(config(larger, spare, f, db, member("spare"), member("v"))...).Succeeds(t)
	holds(t, near, fmt.Sprint("cgs/", ids["cgs"]), acctest.Attrs{"members_count": 2})

	// Restoring: the plan names the replica.
	snapshot := near.Must("POST", "filesystems", map[string]any{"name": "s", "parent_id": ids["filesystems"]})["id"]
	restore := acctest.Attrs{"filesystem_id": ids["filesystems"], "snapshot_id": snapshot}
	server := acctest.NewServer(t, near)
	server.PlanAction("storage_infinibox_filesystem_restore", restore).
		Warn(t, fmt.Sprintf("It is replicated, by replica %v (ASYNC, SOURCE here)", ofFiles), "the array restores nothing that is replicated")
	server.Invoke("storage_infinibox_filesystem_restore", restore).Refuse(t, "REPLICATED_DATASET_RESTORE_NOT_ALLOWED")
}

// A copy is what its source makes of it: it is neither written to nor resized by itself.
func TestAccWhatACopyForbids(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	replica := y.replicate("v", nil)
	cli := acctest.NewCLI(t)
	provider := y.Far.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	config := func(more acctest.Attrs) []string {
		return []string{provider, resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": y.farPool, "size": "1GB"}.With(more)),
			acctest.Attrs{"to": acctest.Expr("storage_infinibox_volume.v"), "id": fmt.Sprint(replica["remote_entity_id"])}.Block("import")}
	}
	cli.Apply(config(nil)...).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_volume.v": "import"})
	cli.Plan(config(nil)...).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(config(acctest.Attrs{"write_protected": false})...).Refuses(t, "REPLICATED_DATASET_WP_REMOVAL_NOT_ALLOWED", "leave write_protected out")
}

// A new size, pool or provisioning of what is replicated is told by the plan where its replica
// stands in the way, and is made where it does not.
func TestAccWhatReplicasStandInTheWayOf(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	limited := y.Near.NewPool("limited")
	policy := y.Near.Create("qos/policies", map[string]any{"name": "gold", "type": "POOL_VOLUME", "max_ops": 1000})
	y.Near.Must("POST", fmt.Sprintf("qos/policies/%v/assign", policy), map[string]any{"entity_id": limited})
	const way = "A replica stands in the way of the change"
	active := map[string]any{"replication_type": "ACTIVE_ACTIVE"}
	larger := acctest.Attrs{"size": "2GB"}
	for name, c := range map[string]struct {
		replica map[string]any
		far     bool // the change is made on the other array
		suspend bool
		change  acctest.Attrs
		says    []string // nil where nothing is in the way
		code    string
	}{
		"sync":      {replica: map[string]any{"replication_type": "SYNC"}, change: larger, says: []string{"(SYNC, SOURCE here)", "For the occasion a SYNC replica becomes ASYNC"}, code: "REPLICA_UNSUPPORTED_FEATURE"},
		"async":     {change: larger},
		"copy":      {far: true, change: larger, says: []string{"(ASYNC, TARGET here)", "make the change on the array that has the source"}, code: "size cannot be changed now"},
		"active":    {replica: active, change: larger, says: []string{"(ACTIVE_ACTIVE)", "an active-active one is suspended"}, code: "VOLUME_CANNOT_BE_RESIZED_ACTIVE_AA_REPLICA"},
		"forced":    {replica: active, change: larger.With(acctest.Attrs{"force_resize": true}), says: []string{"force_resize = true asks the array"}, code: "VOLUME_CANNOT_BE_RESIZED_ACTIVE_AA_REPLICA"},
		"suspended": {replica: active, suspend: true, change: larger},
		"behind":    {replica: active, suspend: true, far: true, change: larger, says: []string{"the other array is the one that goes on"}, code: "VOLUME_REPLICA_CANNOT_BE_RESIZED_ON_LOCAL_SYSTEM"},
		"moved":     {replica: active, change: acctest.Attrs{"pool_id": y.Near.NewPool("free")}},
		"limited":   {replica: active, change: acctest.Attrs{"pool_id": limited}, says: []string{fmt.Sprintf("Pool %v has a QoS policy", limited)}, code: "REPLICA_UNSUPPORTED_FEATURE"},
		"any pool":  {change: acctest.Attrs{"pool_id": limited}},
		"thick":     {replica: active, change: acctest.Attrs{"provtype": "THICK"}, says: []string{"keeps its provtype"}, code: "ACTIVE_ACTIVE_REPLICA_PROVTYPE_CHANGE_NOT_ALLOWED"},
	} {
		replica := y.replicate(name, c.replica)
		if c.suspend {
			y.Near.Must("POST", fmt.Sprintf("replicas/%v/suspend", replica["id"]), nil)
		}
		at, pool, volume := y.Near, y.pool, y.volume(name)
		if c.far {
			at, pool, volume = y.Far, y.farPool, replica["remote_entity_id"]
		}
		config := func(more acctest.Attrs) []string {
			return []string{
				at.Provider(acctest.Attrs{"approve_dangerous_operations": true}),
				resource("volume", "v", acctest.Attrs{"name": name, "pool_id": pool, "size": "1GB"}.With(more)),
				acctest.Attrs{"to": acctest.Expr("storage_infinibox_volume.v"), "id": fmt.Sprint(volume)}.Block("import"),
			}
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cli := acctest.NewCLI(t)
			cli.Apply(config(nil)...).Succeeds(t)
			done := cli.Apply(config(c.change)...)
			if c.says == nil {
				if done.Succeeds(t).Says("warning", "", way) {
					t.Errorf("nothing is in the way, and the plan warns:\n%s", done)
				}
				return
			}
			done.Warns(t, append(c.says, way)...).Refuses(t, c.code)
			cli.Plan(config(acctest.Attrs{"force_resize": c.change["force_resize"]})...).Succeeds(t).Plans(t, map[string]string{})
		})
	}
}

// A filesystem grows where its source is, and its copy with it.
func TestAccReplicatedFilesystemGrows(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.replicate("beside", map[string]any{"entity_type": "FILESYSTEM", "entity_pairs": []any{map[string]any{"local_entity_id": y.filesystem("f"), "remote_base_action": "CREATE"}}})
	for at, pool := range map[*acctest.Site]any{y.Near: y.pool, y.Far: y.farPool} {
		cli := acctest.NewCLI(t)
		config := func(size string) []string {
			return []string{
				at.Provider(acctest.Attrs{"approve_dangerous_operations": true}),
				resource("filesystem", "f", acctest.Attrs{"name": "f", "pool_id": pool, "size": size}),
				acctest.Attrs{"to": acctest.Expr("storage_infinibox_filesystem.f"), "id": "name=f"}.Block("import"),
			}
		}
		size := at.Must("GET", fmt.Sprintf("filesystems/%v", at.IDs("filesystems")[0]), nil)["size"]
		cli.Apply(config(fmt.Sprint(size))...).Succeeds(t)
		grown := cli.Plan(config("9GB")...)
		if at == y.Near {
			if grown.Succeeds(t).Says("warning", "", "A replica stands in the way") {
				t.Errorf("nothing is in the way, and the plan warns:\n%s", grown)
			}
			continue
		}
		grown.Warns(t, "A replica stands in the way of the change of size", "(ASYNC, TARGET here)", "make the change on the array that has the source")
	}
}

// What stands in the way may go in the same run.
func TestAccVolumeGrowsAsItsReplicaGoes(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	cli := acctest.NewCLI(t)
	config := func(size string, more ...string) []string {
		return append(more, y.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true}), resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": y.pool, "size": size}))
	}
	cli.Apply(config("1GB", resource("replica", "r", acctest.Attrs{
		"link_id": y.Near.Link, "volume_id": id("volume.v"), "remote_pool_id": y.farPool, "replication_type": "SYNC",
	}))...).Succeeds(t)
	cli.Apply(config("2GB")...).Succeeds(t).Warns(t, "A replica stands in the way of the change of size", "(SYNC, SOURCE here)")
	cli.Plan(config("2GB")...).Succeeds(t).Plans(t, map[string]string{})
}
