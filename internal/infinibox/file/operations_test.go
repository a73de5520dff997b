package file_test

import (
	"fmt"
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
		"replication_pairs":            {"filesystem_id": 4711},
	} {
		if _, problems := server.Look("storage_infinibox_"+source, arguments); !problems.Failed() {
			t.Errorf("%s %v is no error", source, arguments)
		}
	}
}
