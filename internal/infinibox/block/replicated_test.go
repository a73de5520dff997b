package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// What is replicated can have snapshots that are replicated too, and the other system is
// told for how long it keeps and locks them.
func TestAccReplicatedSnapshots(t *testing.T) {
	t.Parallel()
	post := func(path string, body map[string]any) any {
		return map[string]any{"method": "POST", "path": path, "body": body}
	}
	b := seeded(t, map[string]any{
		"requests": []any{
			post("pools", map[string]any{"name": "pool", "physical_capacity": 1_000_000_000_000}),
			post("volumes", map[string]any{"name": "single", "pool_id": 1000, "size": 1_000_000_000, "snapshot_policy_id": 0}),
			post("volumes", map[string]any{"name": "member", "pool_id": 1000, "size": 1_000_000_000, "snapshot_policy_id": 0}),
			post("cgs", map[string]any{"name": "group", "pool_id": 1000, "snapshot_policy_id": 0}),
			post("cgs/1003/members", map[string]any{"dataset_id": 1002}),
		},
		"replicas": []any{map[string]any{"id": 1001, "role": "SOURCE"}, map[string]any{"id": 1003, "role": "SOURCE"}},
	})
	remote := acctest.Attrs{"remote_snapshot_retention": 86400, "remote_snapshot_retention_lock": 3600, "replicate_to_async_target": true}
	config := func(changes acctest.Attrs) []string {
		return []string{
			b.Provider(acctest.Attrs{"approve_dangerous_operations": true}),
			resource("volume_snapshot", "s", acctest.Attrs{"name": "s", "parent_id": 1001}.With(remote).With(changes)),
			resource("snapshot_group", "g", acctest.Attrs{"name": "g", "parent_id": 1003, "snap_suffix": "-g", "delete_members": true}.With(remote).With(changes)),
		}
	}
	addresses := []string{"storage_infinibox_volume_snapshot.s", "storage_infinibox_snapshot_group.g"}
	cli := acctest.NewCLI(t)
	cli.Apply(config(nil)...).Succeeds(t)
	cli.Plan(config(nil)...).Succeeds(t).Plans(t, map[string]string{})
	for _, path := range []string{"volumes?name=eq:s", "cgs?name=eq:g"} {
		found, err := b.Do("GET", path, nil)
		if err != nil {
			t.Fatal(err)
		}
		o := found.([]any)[0].(map[string]any)
		if fmt.Sprint(o["remote_snapshot_retention"], o["remote_snapshot_retention_lock"]) != "86400 3600" {
			t.Errorf("%s: the other system keeps it for %v seconds and locks it for %v", path, o["remote_snapshot_retention"], o["remote_snapshot_retention_lock"])
		}
	}
	for _, collection := range []string{"volumes", "cgs"} {
		if n := asked(b, "POST", "/"+collection, "replicate_to_async_target=true"); n != 1 {
			t.Errorf("%d creations in %s were asked to replicate, want 1", n, collection)
		}
	}
	for name, value := range map[string]any{"remote_snapshot_retention": 172800, "remote_snapshot_retention_lock": nil, "replicate_to_async_target": false} {
		cli.Plan(config(acctest.Attrs{name: value})...).Succeeds(t).Plans(t, map[string]string{addresses[0]: "replace", addresses[1]: "replace"})
	}
}

// asked is how many requests a simulator has got with such a path and a part of the query.
func asked(b *acctest.InfiniBox, method, path, query string) int {
	n := 0
	for _, r := range b.Simulator.Requests() {
		if r.Method == method && strings.HasSuffix(r.Path, path) && strings.Contains(r.Query, query) {
			n++
		}
	}
	return n
}
