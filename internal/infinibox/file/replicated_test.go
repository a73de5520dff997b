package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A snapshot of a replicated filesystem can be replicated too, and the other system is told
// for how long it keeps and locks it.
func TestAccReplicatedSnapshot(t *testing.T) {
	t.Parallel()
	seed := `{
		"requests": [
			{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
			{"method": "POST", "path": "filesystems", "body": {"name": "f", "pool_id": 1000, "size": 1000000000}}
		],
		"replicas": [{"id": 1001, "role": "SOURCE"}]
	}`
	b := acctest.SimulateInfiniBox(t, simulator.Options{Seed: []byte(seed)})
	cli := acctest.NewCLI(t)
	config := func(size any) []string {
		return []string{b.Provider(nil), resource("filesystem_snapshot", "s", acctest.Attrs{
			"name": "s", "parent_id": 1001, "write_protected": false, "size": size, "force_resize": true,
			"remote_snapshot_retention": 86400, "remote_snapshot_retention_lock": 3600, "replicate_to_async_target": true,
		})}
	}
	cli.Apply(config(nil)...).Succeeds(t)
	cli.Plan(config(nil)...).Succeeds(t).Plans(t, map[string]string{})
	found, err := b.Do("GET", "filesystems?name=eq:s", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := found.([]any)[0].(map[string]any)
	if fmt.Sprint(o["remote_snapshot_retention"], o["remote_snapshot_retention_lock"]) != "86400 3600" {
		t.Errorf("the other system keeps it for %v seconds and locks it for %v", o["remote_snapshot_retention"], o["remote_snapshot_retention_lock"])
	}
	cli.Apply(config("2GB")...).Succeeds(t)
	queries := map[string]string{}
	for _, r := range b.Simulator.Requests() {
		queries[r.Method] += r.Query
	}
	for method, part := range map[string]string{"POST": "replicate_to_async_target=true", "PUT": "force_resize=true"} {
		if !strings.Contains(queries[method], part) {
			t.Errorf("no %s with %s", method, part)
		}
	}
}
