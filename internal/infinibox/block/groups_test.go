package block_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestAccSnapshotGroupLock(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	group := newGroup(b, "group", pool, newVolumes(b, pool, 2)...)
	s := acctest.Attrs{"name": "s", "parent_id": group, "snap_suffix": "-s", "delete_members": true}
	lockStory(t, b, "snapshot_group", s, func(cli *acctest.CLI, provider string, until string) {
		// Only the groups of what is replicated are kept for a time.
		kept := s.With(acctest.Attrs{"lock_expires_at": until, "snapshot_retention": 86400})
		cli.Plan(provider, resource("snapshot_group", "s", kept)).Refuses(t, "cannot be kept for a time", `Snapshot "s"`)
	})
}

// A lock of a group snapshot is on each of its snapshots.
func TestAccVolumeGroupSnapshotLock(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volumes := newVolumes(b, newPool(b, "pool"), 2)
	lockStory(t, b, "volume_group_snapshot", acctest.Attrs{"volume_ids": volumes, "snap_suffix": "-s"}, nil)
}

// lockStory locks snapshots for an hour, puts the end off, and deletes them after;
// meanwhile happens while the lock holds.
func lockStory(t *testing.T, b *acctest.InfiniBox, kind string, s acctest.Attrs, meanwhile func(cli *acctest.CLI, provider, until string)) {
	t.Helper()
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	now := time.Now().UTC().Truncate(time.Second)
	const hour = time.Hour
	moment := func(ahead time.Duration) string { return now.Add(ahead).Format(time.RFC3339) }
	until := func(ahead time.Duration) string {
		return resource(kind, "s", s.With(acctest.Attrs{"lock_expires_at": moment(ahead)}))
	}
	cli.Apply(provider, until(hour)).Succeeds(t).Warns(t, "A lock cannot be taken back")
	cli.Plan(provider, until(hour)).Succeeds(t).Plans(t, map[string]string{})
	for _, id := range idsOf(t, b, "volumes?type=eq:SNAPSHOT") {
		if state := b.Must("GET", fmt.Sprintf("volumes/%v", id), nil)["lock_state"]; state != "LOCKED" {
			t.Errorf("snapshot %v is %v", id, state)
		}
	}
	cli.Plan(provider, until(hour/2)).Refuses(t, "A lock can only be put off")
	cli.Plan(provider).Refuses(t, "The snapshot is locked", "cannot be deleted before")
	cli.Apply(provider, until(2*hour)).Succeeds(t)
	cli.Plan(provider, until(2*hour)).Succeeds(t).Plans(t, map[string]string{})
	if meanwhile != nil {
		meanwhile(cli, provider, moment(2*hour))
	}
	b.Simulator.Advance(3 * hour)
	cli.Apply(provider).Succeeds(t)
	if left := idsOf(t, b, "volumes?type=eq:SNAPSHOT"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// Deleting a group keeps its members, unless the configuration says otherwise.
func TestAccDeleteMembers(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	volumes := newVolumes(b, pool, 4)
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	group := func(label string, members []any, more acctest.Attrs) string {
		return resource("consistency_group", label, acctest.Attrs{"name": label, "pool_id": pool, "member_ids": members}.With(more))
	}
	config := []string{provider, group("kept", volumes[:2], nil), group("gone", volumes[2:], acctest.Attrs{"delete_members": true})}
	cli.Apply(config...).Succeeds(t)
	cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(provider).Succeeds(t)
	if left := idsOf(t, b, "volumes?sort=id"); fmt.Sprint(left) != fmt.Sprint(volumes[:2]) {
		t.Errorf("left: %v, want %v", left, volumes[:2])
	}
}

// What was promoted is a volume with a life of its own: the others of its group
// snapshot are kept until the user has them replaced, and it is left alone.
func TestAccGroupSnapshotOfPromoted(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volumes := newVolumes(b, newPool(b, "pool"), 2)
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	config := resource("volume_group_snapshot", "s", acctest.Attrs{"volume_ids": volumes, "snap_suffix": "-s"})
	const address = "storage_infinibox_volume_group_snapshot.s"
	cli.Apply(provider, config).Succeeds(t)
	taken := idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id")
	promoted := fmt.Sprintf("volumes/%v", taken[0])
	b.Must("POST", promoted+"/promote", nil)
	b.Must("PUT", promoted, map[string]any{"name": "promoted"})

	cli.Plan(b.Provider(nil), config).Succeeds(t).Warns(t, "Of 2 snapshots that were taken together, 1 are there", "-replace").Plans(t, map[string]string{})
	cli.Write(provider, config)
	cli.Replace(address).Succeeds(t)
	cli.Plan(provider, config).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(provider).Succeeds(t)
	if left := idsOf(t, b, "volumes?type=eq:SNAPSHOT"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if kind := b.Must("GET", promoted, nil)["type"]; kind != "MASTER" {
		t.Errorf("the promoted snapshot is a %v", kind)
	}

	// What is in the way, and may be somebody else's, can be imported.
	before := acctest.NewServer(t, b)
	state, _ := before.Create("storage_infinibox_volume_group_snapshot", acctest.Attrs{"volume_ids": volumes, "snap_suffix": "-s"})
	b.Simulator.Advance(2 * time.Hour)
	cli.Apply(provider, config).Refuses(t, "VOLUME_NAME_CONFLICT", "It looks as configured",
		fmt.Sprintf("terraform import %sNAME '%v'", strings.TrimSuffix(address, "s"), state["id"]))
	for _, id := range state["snapshot_ids"].([]any) {
		b.Must("DELETE", fmt.Sprintf("volumes/%v", id), nil)
	}

	// All or nothing: the array refuses names that are taken.
	b.Create("volumes", map[string]any{"name": "v1-s", "parent_id": volumes[1]})
	cli.Apply(provider, config).Refuses(t, "VOLUME_NAME_CONFLICT")
	if left := idsOf(t, b, "volumes?type=eq:SNAPSHOT"); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

// A creation whose answer is lost is found again.
func TestAccGroupSnapshotLostAnswer(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volumes := newVolumes(b, newPool(b, "pool"), 2)
	server := acctest.NewServer(t, b)
	if err := b.Simulator.SetFaults("POST /volumes/group_snapshot:cut-after"); err != nil {
		t.Fatal(err)
	}
	state, _ := server.Create("storage_infinibox_volume_group_snapshot", acctest.Attrs{"volume_ids": volumes, "snap_suffix": "-s"})
	if taken := idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id"); fmt.Sprint(taken) != fmt.Sprint(state["snapshot_ids"]) {
		t.Errorf("taken %v, kept %v", taken, state["snapshot_ids"])
	}
}

// The array keeps the names of snapshots and not what they were made of: an import
// finds it where the names leave no doubt.
func TestAccImportedAffixes(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	name := func(id any, name string) any {
		b.Must("PUT", fmt.Sprintf("volumes/%v", id), map[string]any{"name": name})
		return id
	}
	take := func(prefix, suffix string, names ...string) []any {
		volumes := newVolumes(b, pool, len(names))
		body := map[string]any{"name": "sg-" + names[0], "parent_id": newGroup(b, names[0], pool, volumes...), "snap_prefix": prefix, "snap_suffix": suffix}
		for i, id := range volumes {
			name(id, names[i])
		}
		return []any{b.Create("cgs", body), volumes}
	}
	affixes := func(kind string, id any) string {
		server := acctest.NewServer(t, b) // a new run, which has read nothing yet
		state, identity, problems := server.Import("storage_infinibox_"+kind, fmt.Sprint(id), nil)
		if problems.Failed() {
			t.Fatal(problems)
		}
		read, _ := server.Read("storage_infinibox_"+kind, state, identity)
		return fmt.Sprint(read["snap_prefix"], " ", read["snap_suffix"])
	}
	plain := take("a-", "-z", "one", "two")
	twice := take("o", "", "oo", "bo") // one of them alone could also be named with a suffix
	alone := take("p", "", "ppp")
	for want, group := range map[string][]any{"a- -z": plain, "o <nil>": twice, "<nil> <nil>": alone} {
		if found := affixes("snapshot_group", group[0]); found != want {
			t.Errorf("found %s, want %s", found, want)
		}
	}
	name(plain[1].([]any)[0], "renamed")
	if found := affixes("snapshot_group", plain[0]); found != "<nil> <nil>" {
		t.Errorf("of a renamed volume: %s", found)
	}

	volumes := newVolumes(b, pool, 2)
	taken, _ := acctest.NewServer(t, b).Create("storage_infinibox_volume_group_snapshot", acctest.Attrs{"volume_ids": volumes, "snap_suffix": "-s"})
	if found := affixes("volume_group_snapshot", taken["id"]); found != "<nil> -s" {
		t.Errorf("found %s", found)
	}
	name(taken["snapshot_ids"].([]any)[1], "other")
	if found := affixes("volume_group_snapshot", taken["id"]); found != "<nil> <nil>" {
		t.Errorf("of a renamed snapshot: %s", found)
	}
}
