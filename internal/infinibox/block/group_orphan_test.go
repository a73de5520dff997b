package block_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// takenBefore is an array with two volumes, and with snapshots of both that a run
// may have left behind.
func takenBefore(t *testing.T) (b *acctest.InfiniBox, volumes, snapshots []any) {
	t.Helper()
	b = acctest.SimulateInfiniBox(t, simulator.Options{})
	volumes = newVolumes(b, newPool(b, "pool"), 2)
	for i, id := range volumes {
		snapshots = append(snapshots, b.Create("volumes", map[string]any{"name": fmt.Sprintf("v%d-s", i), "parent_id": id}))
	}
	return b, volumes, snapshots
}

func groupSnapshotOf(volumes []any) string {
	return resource("volume_group_snapshot", "s", acctest.Attrs{"volume_ids": volumes, "snap_suffix": "-s"})
}

func TestAccGroupSnapshotOfKilledRun(t *testing.T) {
	t.Parallel()
	b, volumes, snapshots := takenBefore(t)
	b.Simulator.Advance(50 * time.Minute)
	cli := acctest.NewCLI(t)
	config := []string{b.Provider(acctest.Attrs{"approve_dangerous_operations": true}), groupSnapshotOf(volumes)}
	cli.Apply(config...).Succeeds(t).Warns(t, fmt.Sprintf("Took over volume group snapshot (id %v,%v)", snapshots...))
	cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
	if taken := idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id"); fmt.Sprint(taken) != fmt.Sprint(snapshots) {
		t.Errorf("there are %v, were %v", taken, snapshots)
	}
}

// Snapshots that may be somebody else's are never taken over: a sign on one of
// them is enough.
func TestAccForeignGroupSnapshot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		// foreign makes the second snapshot look used.
		foreign  func(b *acctest.InfiniBox, snapshot any)
		says     string
		settings acctest.Attrs
	}{
		"changed later": {says: "changed after it was created", foreign: func(b *acctest.InfiniBox, snapshot any) {
			b.Simulator.Advance(2 * time.Minute)
			b.Must("PUT", fmt.Sprintf("volumes/%v", snapshot), map[string]any{"ssd_enabled": false})
		}},
		"taken one by one": {says: "changed after it was created", foreign: func(b *acctest.InfiniBox, snapshot any) {
			again := b.Must("GET", fmt.Sprintf("volumes/%v", snapshot), nil)
			b.Must("DELETE", fmt.Sprintf("volumes/%v", snapshot), nil)
			b.Simulator.Advance(2 * time.Minute)
			b.Create("volumes", map[string]any{"name": again["name"], "parent_id": again["parent_id"]})
		}},
		"mapped": {says: "mapped is true", foreign: func(b *acctest.InfiniBox, snapshot any) {
			b.Must("POST", fmt.Sprintf("hosts/%v/luns", newHost(b, "h")), map[string]any{"volume_id": snapshot})
		}},
		"with a snapshot": {says: "has_children is true", foreign: func(b *acctest.InfiniBox, snapshot any) {
			b.Create("volumes", map[string]any{"name": "of-snapshot", "parent_id": snapshot})
		}},
		"with metadata": {says: `metadata "owner"`, foreign: func(b *acctest.InfiniBox, snapshot any) {
			b.Must("PUT", fmt.Sprintf("metadata/%v", snapshot), map[string]any{"owner": "somebody"})
		}},
		"locked": {says: "its lock_expires_at is another", foreign: func(b *acctest.InfiniBox, snapshot any) {
			for _, id := range []any{snapshot, idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id")[0]} {
				b.Must("PUT", fmt.Sprintf("volumes/%v", id), map[string]any{"lock_expires_at": time.Now().Add(time.Hour).UnixMilli()})
			}
		}},
		"a name spelled otherwise": {says: "Choose another prefix or suffix", foreign: func(b *acctest.InfiniBox, snapshot any) {
			b.Must("PUT", fmt.Sprintf("volumes/%v", snapshot), map[string]any{"name": "V1-s"})
		}},
		"not of all volumes": {says: "Choose another prefix or suffix", foreign: func(b *acctest.InfiniBox, snapshot any) {
			b.Must("DELETE", fmt.Sprintf("volumes/%v", snapshot), nil)
		}},
		"a user who wants none": {
			says: "never_adopt", settings: acctest.Attrs{"never_adopt": true}, foreign: func(*acctest.InfiniBox, any) {},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, volumes, snapshots := takenBefore(t)
			c.foreign(b, snapshots[1])
			there := fmt.Sprint(idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id"))
			acctest.NewCLI(t).Apply(b.Provider(c.settings), groupSnapshotOf(volumes)).Refuses(t, "VOLUME_NAME_CONFLICT", c.says)
			if left := fmt.Sprint(idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id")); left != there {
				t.Errorf("there are %s, were %s", left, there)
			}
		})
	}
}

// What another resource of the configuration has is not taken over, whether it is
// a single snapshot or a group's, and in whichever order they are planned or made.
func TestAccGroupSnapshotOfAnotherResource(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volumes := newVolumes(b, newPool(b, "pool"), 3)
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	single := func(i int) string {
		return resource("volume_snapshot", fmt.Sprintf("single%d", i), acctest.Attrs{"name": fmt.Sprintf("v%d-s", i), "parent_id": volumes[i]})
	}
	other := resource("volume_group_snapshot", "other", acctest.Attrs{"volume_ids": volumes, "snap_suffix": "-s"})
	const same = "Two resources"

	cli.Apply(provider, single(0), single(1)).Succeeds(t)
	cli.Plan(provider, single(0), single(1), groupSnapshotOf(volumes[:2])).Refuses(t, same)
	cli.Apply(provider).Succeeds(t)

	cli.Apply(provider, other).Succeeds(t)
	cli.Plan(provider, other, groupSnapshotOf(volumes[:2])).Refuses(t, same)
	cli.Plan(provider, other, single(2)).Refuses(t, same)
	cli.Apply(provider).Succeeds(t)

	// All in one run: one of each name is made, the others are refused.
	for _, config := range [][]string{{other, groupSnapshotOf(volumes[:2])}, {single(0), single(1), groupSnapshotOf(volumes[:2])}} {
		run := cli.Apply(append(config, provider)...)
		run.Refuses(t, "VOLUME_NAME_CONFLICT")
		if run.Says("warning", "", "Took over") {
			t.Errorf("%s", run)
		}
		cli.Apply(provider).Succeeds(t)
		if left := idsOf(t, b, "volumes?type=eq:SNAPSHOT"); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// A creation that did not end is nobody's: it is made again without approval, or
// taken over where a lock is on it already.
func TestAccUnfinishedSnapshots(t *testing.T) {
	t.Parallel()
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for name, c := range map[string]struct {
		kind, fault string
		config      func(b *acctest.InfiniBox, volumes []any) acctest.Attrs
		makesAgain  bool
	}{
		"snapshot group": {kind: "snapshot_group", fault: "PUT /metadata/{object_id}#1-99:409", makesAgain: true, config: func(b *acctest.InfiniBox, volumes []any) acctest.Attrs {
			return acctest.Attrs{"parent_id": newGroup(b, "group", b.Must("GET", fmt.Sprintf("volumes/%v", volumes[0]), nil)["pool_id"], volumes...)}
		}},
		"locked snapshot group": {kind: "snapshot_group", fault: "PUT /metadata/{object_id}#1-99:409", config: func(b *acctest.InfiniBox, volumes []any) acctest.Attrs {
			return acctest.Attrs{
				"parent_id":       newGroup(b, "group", b.Must("GET", fmt.Sprintf("volumes/%v", volumes[0]), nil)["pool_id"], volumes...),
				"lock_expires_at": until,
			}
		}},
		"locked group snapshot": {kind: "volume_group_snapshot", fault: "PUT /volumes/{id}#2-99:409", config: func(_ *acctest.InfiniBox, volumes []any) acctest.Attrs {
			return acctest.Attrs{"volume_ids": volumes, "lock_expires_at": until}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := acctest.SimulateInfiniBox(t, simulator.Options{})
			arguments := c.config(b, newVolumes(b, newPool(b, "pool"), 2)).With(acctest.Attrs{"snap_suffix": "-s"})
			if c.kind == "snapshot_group" {
				arguments = arguments.With(acctest.Attrs{"name": "s", "metadata": map[string]string{"team": "db"}})
			}
			provider, config := b.Provider(nil), resource(c.kind, "s", arguments)
			cli := acctest.NewCLI(t)
			if err := b.Simulator.SetFaults(c.fault); err != nil {
				t.Fatal(err)
			}
			cli.Apply(provider, config).Refuses(t, "Could not finish creating")
			if err := b.Simulator.SetFaults(""); err != nil {
				t.Fatal(err)
			}
			before := fmt.Sprint(idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id"))
			if !c.makesAgain { // and no destruction drops it from the state
				cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Refuses(t, "locked")
			}
			run := cli.Apply(provider, config).Succeeds(t)
			after := fmt.Sprint(idsOf(t, b, "volumes?type=eq:SNAPSHOT&sort=id"))
			if (before != after) != c.makesAgain {
				t.Errorf("the snapshots are %s, were %s", after, before)
			}
			if !c.makesAgain {
				run.Warns(t, "Took over")
			}
			cli.Plan(provider, config).Succeeds(t).Plans(t, map[string]string{})
			for _, id := range idsOf(t, b, "volumes?type=eq:SNAPSHOT") {
				if state := b.Must("GET", fmt.Sprintf("volumes/%v", id), nil)["lock_state"]; (state == "LOCKED") == c.makesAgain {
					t.Errorf("snapshot %v is %v", id, state)
				}
			}
		})
	}
}
