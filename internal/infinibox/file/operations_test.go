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
	return familyOn(acctest.SimulateInfiniBox(t, simulator.Options{}))
}

// familyOn is that on an array.
func familyOn(b *acctest.InfiniBox) (_ *acctest.InfiniBox, filesystem, snapshot any) {
	filesystem = b.NewFilesystem("filesystem", b.NewPool("pool"))
	snapshot = b.Create("filesystems", map[string]any{"name": "first", "parent_id": filesystem})
	b.Must("PUT", fmt.Sprintf("filesystems/%v", filesystem), map[string]any{"size": 2_000_000_000})
	return b, filesystem, snapshot
}

func sizeOf(b *acctest.InfiniBox, filesystem any) string {
	return fmt.Sprint(b.Must("GET", fmt.Sprintf("filesystems/%v", filesystem), nil)["size"])
}

func restored(t *testing.T) (acctest.Lab, acctest.Invocation) {
	return overwritten(t, "restore", "What is on the filesystem now is lost", "PROTECTED_DATASET_CANNOT_BE_RESTORED")
}

func refreshed(t *testing.T) (acctest.Lab, acctest.Invocation) {
	return overwritten(t, "refresh", "What is on the snapshot now is lost", "REFRESH_TARGET_NOT_SNAPSHOT")
}

// overwritten is one that gives filesystem and snapshot the same content; with the two
// exchanged it is refused.
func overwritten(t *testing.T, verb, danger, refusal string) (acctest.Lab, acctest.Invocation) {
	t.Helper()
	b, filesystem, snapshot := family(t)
	target, source := fmt.Sprintf("filesystem %v", filesystem), fmt.Sprintf("snapshot %v", snapshot)
	if verb == "refresh" {
		target, source = source, target
	}
	return b, acctest.Invocation{
		Config: acctest.Attrs{"filesystem_id": filesystem, "snapshot_id": snapshot},
		Danger: danger, Progress: "Overwriting " + target + " with the data of " + source, Sent: "POST /api/rest/filesystems/{id}/" + verb,
		Done: func(t *testing.T) {
			if has, other := sizeOf(b, filesystem), sizeOf(b, snapshot); has != other {
				t.Errorf("the filesystem has %s, the snapshot %s", has, other)
			}
		},
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"filesystem_id": snapshot, "snapshot_id": filesystem}, Says: []string{refusal}}},
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

func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	b, filesystem, snapshot := familyOn(withClients(t))
	return b, append(questionsOfClients(), []acctest.Question{
		{Source: "filesystem_delete_simulation", Arguments: acctest.Attrs{"ids": []any{filesystem, snapshot}}, Finds: "it.valid", Want: "true"},
		{Source: "filesystem_attribute", Arguments: acctest.Attrs{"filesystem_id": filesystem, "attribute": "security_style"}, Finds: "it.value", Want: "UNIX"},
	}...)
}

func TestAccLookupRefusals(t *testing.T) {
	t.Parallel()
	server := acctest.NewServer(t, acctest.SimulateInfiniBox(t, simulator.Options{}))
	for source, arguments := range map[string]acctest.Attrs{
		"filesystem_delete_simulation": {"ids": []any{4711}},
		"filesystem_attribute":         {"filesystem_id": 4711, "attribute": "name"},
	} {
		if _, problems := server.Look("storage_infinibox_"+source, arguments); !strings.Contains(problems.String(), "FILESYSTEM_NOT_FOUND") {
			t.Errorf("%s %v is no error: %s", source, arguments, problems)
		}
	}
}
