package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// family is a filesystem that has grown since two snapshots were taken of it.
func family(t *testing.T) (b *acctest.InfiniBox, filesystem, snapshot any) {
	t.Helper()
	b = acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem = newFilesystem(b, "filesystem", b.NewPool("pool"))
	snapshot = b.Create("filesystems", map[string]any{"name": "first", "parent_id": filesystem})
	b.Must("PUT", fmt.Sprintf("filesystems/%v", filesystem), map[string]any{"size": 2_000_000_000})
	return b, filesystem, snapshot
}

func sizeOf(b *acctest.InfiniBox, filesystem any) string {
	return fmt.Sprint(b.Must("GET", fmt.Sprintf("filesystems/%v", filesystem), nil)["size"])
}

func TestAccActions(t *testing.T) {
	t.Parallel()
	for _, each := range []struct{ verb, danger, refusal string }{
		{"restore", "What is on the filesystem now is lost", "PROTECTED_DATASET_CANNOT_BE_RESTORED"},
		{"refresh", "What is on the snapshot now is lost", "REFRESH_TARGET_NOT_SNAPSHOT"},
	} {
		t.Run(each.verb, func(t *testing.T) {
			t.Parallel()
			b, filesystem, snapshot := family(t)
			server := acctest.NewServer(t, b)
			name := "storage_infinibox_filesystem_" + each.verb
			config := acctest.Attrs{"filesystem_id": filesystem, "snapshot_id": snapshot}
			server.PlanAction(name, config.With(acctest.Attrs{"approved": false})).Refuse(t, "is dangerous and not approved", each.danger)
			if said := server.Invoke(name, config); said.Failed() {
				t.Fatal(said.Problems)
			}
			if has, other := sizeOf(b, filesystem), sizeOf(b, snapshot); has != other {
				t.Errorf("the filesystem has %s, the snapshot %s", has, other)
			}
			server.Invoke(name, acctest.Attrs{"filesystem_id": snapshot, "snapshot_id": filesystem}).Refuse(t, each.refusal)
		})
	}
}

// A filesystem tells its pairs as a volume does, and only one of the two is asked for.
func TestAccReplicationPairs(t *testing.T) {
	t.Parallel()
	seed := `{
		"requests": [
			{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
			{"method": "POST", "path": "filesystems", "body": {"name": "f", "pool_id": 1000, "size": 1000000000}}
		],
		"replicas": [{"id": 1001, "role": "SOURCE"}]
	}`
	server := acctest.NewServer(t, acctest.SimulateInfiniBox(t, simulator.Options{Seed: []byte(seed)}))
	const source = "storage_infinibox_replication_pairs"
	found, problems := server.Look(source, acctest.Attrs{"filesystem_id": 1001})
	pairs, _ := found["pairs"].([]any)
	if problems.Failed() || len(pairs) != 1 || fmt.Sprint(pairs[0].(map[string]any)["local_entity_id"]) != "1001" {
		t.Errorf("%v, %s", found, problems)
	}
	for arguments, says := range map[*acctest.Attrs]string{
		{"filesystem_id": 4711}:                    "FILESYSTEM_NOT_FOUND",
		{"filesystem_id": 1001, "volume_id": 1001}: "either volume_id or filesystem_id",
		{}: "either volume_id or filesystem_id",
	} {
		if _, problems := server.Look(source, *arguments); !strings.Contains(problems.String(), says) {
			t.Errorf("%v: want %q, have %s", *arguments, says, problems)
		}
	}
}

func TestAccLookups(t *testing.T) {
	t.Parallel()
	b, filesystem, snapshot := family(t)
	server := acctest.NewServer(t, b)
	for _, each := range []struct {
		source    string
		arguments acctest.Attrs
		attribute string
		want      any
	}{
		{"filesystem_delete_simulation", acctest.Attrs{"ids": []any{filesystem, snapshot}}, "valid", true},
		{"filesystem_attribute", acctest.Attrs{"filesystem_id": filesystem, "attribute": "security_style"}, "value", "UNIX"},
	} {
		found, problems := server.Look("storage_infinibox_"+each.source, each.arguments)
		if problems.Failed() || fmt.Sprint(found[each.attribute]) != fmt.Sprint(each.want) {
			t.Errorf("%s: %v, %s", each.source, found, problems)
		}
	}
	for source, arguments := range map[string]acctest.Attrs{
		"filesystem_delete_simulation": {"ids": []any{4711}},
		"filesystem_attribute":         {"filesystem_id": 4711, "attribute": "name"},
	} {
		if _, problems := server.Look("storage_infinibox_"+source, arguments); !problems.Failed() {
			t.Errorf("%s %v is no error", source, arguments)
		}
	}
}
