package block_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// volumeOf writes a volume.
func volumeOf(label string, pool any, size string) string {
	return resource("volume", label, acctest.Attrs{"name": label, "pool_id": pool, "size": size})
}

const tooSmall = "The pool is too small for what is planned on it"

func TestAccCapacityOfPools(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool, other := newPool(b, "pool"), newPool(b, "other")
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)

	// Each volume fits, and all of them do not.
	many := provider
	for i := range 3 {
		many += volumeOf(fmt.Sprintf("v%d", i), pool, "4TB")
	}
	cli.Plan(many).Succeeds(t).Warns(t, tooSmall, "virtual_capacity", "not managed here")

	// A pool of the same plan; but where the array has others, it may be one of these.
	fresh := acctest.Attrs{"name": "new", "physical_capacity": "2TB"}
	asked := acctest.Expr("storage_infinibox_pool.new.id")
	tooMuch := resource("pool", "new", fresh) + volumeOf("one", asked, "1TB") + volumeOf("two", asked, "1100GB")
	cli.Plan(provider, tooMuch).Succeeds(t).Warns(t, tooSmall, "a pool that is there already")
	acctest.NewCLI(t).Plan(acctest.SimulateInfiniBox(t, simulator.Options{}).Provider(nil), tooMuch).Refuses(t, tooSmall)
	cli.Plan(provider, resource("pool", "new", fresh.With(acctest.Attrs{"virtual_capacity": "3TB"})),
		volumeOf("one", asked, "1TB"), volumeOf("two", asked, "1100GB")).Succeeds(t)

	// What is in the pool already may be on its way out: that is no refusal.
	newVolume(b, "there", pool)
	cli.Plan(provider, volumeOf("rest", pool, "10TB")).Succeeds(t).Warns(t, "The pool may be too small")

	// Growing, moving, and moving with the capacity.
	cli.Apply(provider, volumeOf("v", pool, "6TB"), volumeOf("w", other, "6TB")).Succeeds(t)
	cli.Plan(provider, volumeOf("v", pool, "11TB"), volumeOf("w", other, "6TB")).Succeeds(t).Warns(t, tooSmall)
	cli.Plan(provider, volumeOf("v", other, "6TB"), volumeOf("w", other, "6TB")).Succeeds(t).Warns(t, tooSmall)
	moved := resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": other, "size": "6TB", "move_with_capacity": true})
	cli.Apply(provider, moved, volumeOf("w", other, "6TB")).Succeeds(t)
	cli.Plan(provider, moved, volumeOf("w", other, "6TB")).Succeeds(t).Plans(t, map[string]string{})

	// Data beyond the new end would be lost.
	cli.Plan(provider, moved, volumeOf("w", other, "5TB")).Refuses(t, "The volume cannot shrink", "has 6TB", "asks for 5TB", "size")
}

// A pool that is managed here is planned before what refers to it: what it will not
// hold is refused, and what it grows for is not, also where a volume names it by its
// number.
func TestCapacityOfManagedPools(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	of := func(size, pool string) parts {
		return parts{
			"pool.p":   {"name": "p", "physical_capacity": pool},
			"volume.v": {"name": "v", "pool_id": of("pool.p"), "size": size},
			"volume.w": {"name": "w", "pool_id": of("pool.p"), "size": size},
		}
	}
	s.converges(of("1TB", "10TB"))
	s.refused(of("8TB", "10TB"), tooSmall)
	s.converges(of("8TB", "20TB"))
	for i := range 6 {
		bigger := of("8TB", fmt.Sprintf("%dTB", 30+10*i))
		literal := acctest.Attrs{"name": "x", "pool_id": json.Number(s.id("pool.p")), "size": fmt.Sprintf("%dTB", 5+10*i)}
		s.Order = rand.New(rand.NewPCG(uint64(i), 0))
		s.converges(bigger.with(parts{"volume.x": literal}))
	}
}

func TestAccNumbersOfLUNs(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool, host := newPool(b, "pool"), newHost(b, "host")
	lun := func(label string, volume any, more acctest.Attrs) string {
		return resource("lun", label, acctest.Attrs{"volume_id": volume, "host_id": host}.With(more))
	}
	one, two, three := newVolume(b, "one", pool), newVolume(b, "two", pool), newVolume(b, "three", pool)
	b.Must("POST", fmt.Sprintf("hosts/%v/luns", host), map[string]any{"volume_id": three, "lun": 7})
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})

	cli.Plan(provider, lun("one", one, acctest.Attrs{"lun": 5}), lun("two", two, acctest.Attrs{"lun": 5})).
		Refuses(t, `Two resources have lun "5"`, "only one can have it")
	// What is there may give way to it: only the array tells at last.
	cli.Apply(provider, lun("one", one, acctest.Attrs{"lun": 7})).
		Refuses(t, "LUN_EXISTS", "LUN 7 is taken", fmt.Sprintf("volume %v as LUN 7 of host %v", three, host))

	// Two that the array numbers, then one that gives way to another.
	cli.Apply(provider, lun("one", one, acctest.Attrs{"lun": 5}), lun("two", two, nil)).Succeeds(t)
	cli.Plan(provider, lun("one", one, acctest.Attrs{"lun": 6}), lun("two", two, nil)).
		Succeeds(t).Plans(t, map[string]string{"storage_infinibox_lun.one": "replace"})
	cli.Apply(provider).Succeeds(t)
}

func TestAccSnapshotLock(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volume := newVolume(b, "volume", newPool(b, "pool"))
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	now := time.Now().UTC().Truncate(time.Second)
	until := func(ahead time.Duration, more acctest.Attrs) string {
		return resource("volume_snapshot", "s", acctest.Attrs{
			"name": "s", "parent_id": volume, "lock_expires_at": now.Add(ahead).Format(time.RFC3339),
		}.With(more))
	}
	const hour = time.Hour
	cli.Plan(provider, until(hour, acctest.Attrs{"write_protected": false})).Refuses(t, "A locked snapshot cannot be writable")
	cli.Apply(provider, until(hour, nil)).Succeeds(t).Warns(t, "A lock cannot be taken back")
	cli.Plan(provider, until(hour, nil)).Succeeds(t).Plans(t, map[string]string{})

	cli.Plan(provider, until(hour/2, nil)).Refuses(t, "A lock can only be put off")
	cli.Plan(provider, until(hour, acctest.Attrs{"lock_expires_at": nil})).Refuses(t, "A lock can only be put off")
	cli.Plan(provider, until(hour, acctest.Attrs{"name": "s", "write_protected": false})).Refuses(t, "A locked snapshot cannot be writable")
	cli.Plan(provider).Refuses(t, "The snapshot is locked", "cannot be deleted before")
	cli.Plan(provider, until(hour, acctest.Attrs{"parent_id": newVolume(b, "other", newPool(b, "other"))})).Refuses(t, "The snapshot is locked")

	cli.Apply(provider, until(2*hour, nil)).Succeeds(t)
	cli.Plan(provider, until(2*hour, nil)).Succeeds(t).Plans(t, map[string]string{})

	// The array's clock decides when a lock is over.
	b.Simulator.Advance(3 * hour)
	cli.Apply(provider).Succeeds(t)
}

// Only what is replicated has a retention from the start.
func TestAccSnapshotRetention(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volume := newVolume(b, "volume", newPool(b, "pool"))
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	snapshot := acctest.Attrs{"name": "s", "parent_id": volume, "snapshot_retention": 86400}
	of := func(changes acctest.Attrs) string { return resource("volume_snapshot", "s", snapshot.With(changes)) }
	cli.Plan(provider, of(nil)).Refuses(t, "The snapshot cannot be kept for a time", "what is replicated", "snapshot_retention")
	cli.Plan(provider, of(acctest.Attrs{"snapshot_retention": -5})).Refuses(t, "at least 1")
	none := of(acctest.Attrs{"snapshot_retention": nil})
	cli.Apply(provider, none).Succeeds(t)
	cli.Plan(provider, of(nil)).Refuses(t, "The snapshot cannot be kept for a time", `Snapshot "s" is kept until it is deleted`)

	// What a policy takes can be kept for longer.
	policy := newSnapshotPolicy(b, "gold")
	b.Must("POST", fmt.Sprintf("snapshot_policies/%v/schedules", policy), map[string]any{"name": "hourly", "type": "PERIODIC", "interval": 3600, "retention": 7200})
	b.Must("POST", fmt.Sprintf("snapshot_policies/%v/assign_entity", policy), map[string]any{"assigned_entity_id": volume, "assigned_entity_type": "VOLUME"})
	b.Simulator.Advance(time.Hour + time.Minute)
	found, err := b.Do("GET", "volumes?type=eq:SNAPSHOT&sort=-id", nil)
	if err != nil {
		t.Fatal(err)
	}
	taken := found.([]any)[0].(map[string]any)
	kept := func(retention any) string {
		return none + resource("volume_snapshot", "taken", acctest.Attrs{"name": taken["name"], "parent_id": volume, "snapshot_retention": retention})
	}
	cli.Write(provider, kept(7200))
	if err := cli.Import("storage_infinibox_volume_snapshot.taken", fmt.Sprint(taken["id"])); err != nil {
		t.Fatal(err)
	}
	cli.Plan(provider, kept(3600)).Refuses(t, "A retention can only be raised", "7200 seconds", "asks for 3600")
	cli.Apply(provider, kept(10800)).Succeeds(t)
	// Approved, it is kept for ever.
	cli.Apply(provider, kept(nil)).Succeeds(t)
}

func TestAccVolumeSnapshotPolicy(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	volume := resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": pool, "size": "1GB", "snapshot_policy_id": 4711})
	acctest.NewCLI(t).Plan(b.Provider(nil), volume).Refuses(t, "There is no snapshot policy with the id 4711", `Volume "v" asks for it by snapshot_policy_id`)
}
