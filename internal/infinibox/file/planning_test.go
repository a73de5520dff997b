package file_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// of refers to the id of a resource.
func of(address string) any { return acctest.Expr("storage_infinibox_" + address + ".id") }

// Filesystems and volumes share what their pool can promise.
func TestAccFilesystemsCountInTheirPool(t *testing.T) {
	t.Parallel()
	const tooSmall = "The pool is too small for what is planned on it"
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli, provider := acctest.NewCLI(t), b.Provider(nil)
	pool := resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "10TB"})
	sized := func(kind, label, size string) string {
		return resource(kind, label, acctest.Attrs{"name": label, "pool_id": of("pool.p"), "size": size})
	}
	cli.Plan(provider, pool, sized("filesystem", "a", "8TB"), sized("filesystem", "b", "8TB")).Refuses(t, tooSmall)
	cli.Apply(provider, pool, sized("filesystem", "a", "1TB"), sized("filesystem", "b", "1TB")).Succeeds(t)
	cli.Plan(provider, pool, sized("filesystem", "a", "8TB"), sized("filesystem", "b", "8TB")).Refuses(t, tooSmall, "virtual_capacity")
	cli.Plan(provider, pool, sized("filesystem", "a", "5TB"), sized("filesystem", "b", "1TB"), sized("volume", "v", "5TB")).Refuses(t, tooSmall)
	cli.Plan(provider, pool, sized("filesystem", "a", "5TB"), sized("filesystem", "b", "1TB"), sized("volume", "v", "3TB")).Succeeds(t)
}

// Nothing but its resumption changes a suspended filesystem: what is changed with it
// comes after, and what is changed with a suspension comes before.
func TestAccFilesystemSuspended(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("pool")
	cli, provider := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	filesystem := func(state, size string, critical int) string {
		return resource("filesystem", "f", acctest.Attrs{
			"name": "f", "pool_id": pool, "size": size, "suspend_state": state, "used_capacity_warning": critical - 5, "used_capacity_critical": critical,
		})
	}
	cli.Apply(provider, filesystem("NONE", "1GB", 90)).Succeeds(t)
	cli.Apply(provider, filesystem("DROP", "2GB", 40)).Succeeds(t)
	cli.Plan(provider, filesystem("DROP", "3GB", 40)).Refuses(t, "The filesystem is suspended", "size")
	cli.Apply(provider, filesystem("NONE", "3GB", 95)).Succeeds(t)
	cli.Plan(provider, filesystem("NONE", "3GB", 95)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(provider, filesystem("NONE", "3GB", 45)).Succeeds(t)
	cli.Apply(provider, filesystem("DROP", "3GB", 45)).Succeeds(t)
	cli.Apply(provider).Succeeds(t)
}

// A filesystem goes only when its hold was lifted, and while nobody mounts it.
func TestAccFilesystemKept(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("pool")
	cli, provider := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	held := func(hold bool) string {
		return resource("filesystem", "f", acctest.Attrs{"name": "f", "pool_id": pool, "size": "1GB", "worm_level": "COMPLIANCE", "worm_legal_hold": hold})
	}
	cli.Apply(provider, held(true)).Succeeds(t)
	cli.Plan(provider).Refuses(t, "The filesystem is under legal hold", "worm_legal_hold = false")
	cli.Apply(provider, held(false)).Succeeds(t)

	id := b.IDs("filesystems")[0]
	snapshot := b.Create("filesystems", map[string]any{"name": "s", "parent_id": id})
	export := b.Create("exports", map[string]any{"filesystem_id": snapshot, "export_path": "/s"})
	run := cli.Apply(provider)
	run.Refuses(t, "CHILD_FILESYSTEMS_HAVE_EXPORTS", "It is exported: /s")
	run.Warns(t, `Lost with it: "s"`)
	b.Must("DELETE", fmt.Sprintf("exports/%v", export), nil)
	b.Create("exports", map[string]any{"filesystem_id": id, "export_path": "/f"})
	cli.Apply(provider).Refuses(t, "FILESYSTEM_HAS_EXPORT", "It is exported: /f")
}

func TestAccFilesystemSnapshotPolicy(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli, provider := acctest.NewCLI(t), b.Provider(nil)
	policy := func(label string) any {
		return b.Create("snapshot_policies", map[string]any{"name": label, "suffix": label})
	}
	one, two, pool := policy("one"), policy("two"), b.NewPool("pool")
	filesystem := func(policy any) string {
		return resource("filesystem", "f", acctest.Attrs{"name": "f", "pool_id": pool, "size": "1GB", "snapshot_policy_id": policy})
	}
	cli.Plan(provider, filesystem(4711)).Refuses(t, "There is no snapshot policy with the id 4711", "snapshot_policy_id")
	cli.Apply(provider, filesystem(one)).Succeeds(t)
	cli.Plan(provider, filesystem(two)).Refuses(t, "takes no more snapshots of the filesystem")
	approved := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli.Apply(approved, filesystem(two)).Succeeds(t)
	cli.Plan(approved, filesystem(two)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(approved, filesystem(json.Number("0"))).Succeeds(t)
	cli.Plan(approved, filesystem(json.Number("0"))).Succeeds(t).Plans(t, map[string]string{})
}

func TestAccSnapshotLock(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("filesystem", b.NewPool("pool"))
	cli, provider := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	now := time.Now().UTC().Truncate(time.Second)
	until := func(ahead time.Duration, more acctest.Attrs) string {
		return resource("filesystem_snapshot", "s", acctest.Attrs{
			"name": "s", "parent_id": filesystem, "lock_expires_at": now.Add(ahead).Format(time.RFC3339),
		}.With(more))
	}
	cli.Plan(provider, until(time.Hour, acctest.Attrs{"write_protected": false})).Refuses(t, "A locked snapshot cannot be writable")
	cli.Apply(provider, until(time.Hour, nil)).Succeeds(t).Warns(t, "A lock cannot be taken back")
	cli.Plan(provider, until(time.Minute, nil)).Refuses(t, "A lock can only be put off")
	cli.Plan(provider).Refuses(t, "The snapshot is locked", "cannot be deleted before")
	cli.Apply(provider, until(2*time.Hour, nil)).Succeeds(t)
	cli.Plan(provider, until(2*time.Hour, nil)).Succeeds(t).Plans(t, map[string]string{})
	b.Simulator.Advance(3 * time.Hour)
	cli.Apply(provider).Succeeds(t)
}

// Only what is replicated or a policy took has a retention: what can have none is refused
// before anything is made.
func TestAccSnapshotRetention(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("filesystem", b.NewPool("pool"))
	acctest.NewCLI(t).Plan(b.Provider(nil), resource("filesystem_snapshot", "s", acctest.Attrs{"name": "s", "parent_id": filesystem, "snapshot_retention": 86400})).
		Refuses(t, "The snapshot cannot be kept for a time", "snapshot_retention")
}

// The word on a copy, which only what is replicated has, is as wrong for a snapshot that is
// there as for a new one.
func TestAccSnapshotIsNotReplicatedLater(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("filesystem", b.NewPool("pool"))
	cli, provider := acctest.NewCLI(t), b.Provider(nil)
	snapshot := func(replicate any) string {
		return resource("filesystem_snapshot", "s", acctest.Attrs{"name": "s", "parent_id": filesystem, "replicate_to_async_target": replicate})
	}
	cli.Apply(provider, snapshot(nil)).Succeeds(t)
	cli.Plan(provider, snapshot(true)).Refuses(t, "The snapshot cannot be replicated", "replicate_to_async_target")
	cli.Plan(provider, snapshot(false)).Succeeds(t)
}
