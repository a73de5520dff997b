package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func groups(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	pool, other := newPool(b, "pool"), newPool(b, "other")
	volumes := newVolumes(b, pool, 8)
	policy, second := newSnapshotPolicy(b, "gold"), newSnapshotPolicy(b, "silver")
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_consistency_group", Plural: "consistency_groups", Path: "cgs",
		Deleting: "no longer kept consistent with each other",
		Least:    acctest.Attrs{"name": name, "pool_id": pool},
		Most:     acctest.Attrs{"name": name, "pool_id": pool, "member_ids": volumes[:2], "snapshot_policy_id": policy},
		Changes: map[string]acctest.Change{
			"name":    {Through: []any{name, b.Name("renamed")}, Drift: put("cgs", "name", b.Name("drifted"))},
			"pool_id": {Through: []any{pool, other}, Drift: post("cgs", "move", map[string]any{"pool_id": pool, "with_capacity": false})},
			"member_ids": {
				Through: []any{volumes[2:4], volumes[3:5], volumes[2:4]}, Danger: "The snapshots of a volume that leaves the group",
				Drift: post("cgs", "members", map[string]any{"dataset_id": volumes[6]}),
			},
			"snapshot_policy_id": {
				Through: []any{policy, second}, Danger: "The policy that it has takes no more snapshots",
				Drift: put("cgs", "snapshot_policy_id", policy),
			},
			"move_with_capacity": {Through: []any{true, false, nil}},
			"delete_members":     {Through: []any{false, true, nil}},
		},
		Bad: badNames(),
	}
}

func snapshotGroups(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	pool := newPool(b, "pool")
	volumes := newVolumes(b, pool, 3)
	group, other := newGroup(b, "group", pool, volumes[:2]...), newGroup(b, "other", pool, volumes[2])
	suffix := acctest.Own(func(label string, _ int) any { return "-" + label })
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_snapshot_group", Plural: "snapshot_groups", Path: "cgs",
		// Its snapshots would be in the way of the next group of the same names.
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("cgs/%v?delete_members=true", o["id"])}
		},
		Deleting: "no longer kept together",
		Least:    acctest.Attrs{"name": name, "parent_id": group, "snap_suffix": suffix},
		Most:     acctest.Attrs{"name": name, "parent_id": group, "snap_suffix": suffix, "snap_prefix": "before-"},
		Changes: map[string]acctest.Change{
			"name":           {Through: []any{name, b.Name("renamed")}, Drift: put("cgs", "name", b.Name("drifted"))},
			"parent_id":      {Through: []any{group, other}, Replaces: true},
			"snap_prefix":    {Through: []any{"a-", "b-"}, Replaces: true},
			"snap_suffix":    {Through: []any{"-a", "-b"}, Replaces: true},
			"delete_members": {Through: []any{false, true, nil}},
		},
		Elsewhere: map[string]func(*testing.T){
			"lock_expires_at":    TestAccSnapshotGroupLock,
			"snapshot_retention": TestAccSnapshotGroupLock,

			"remote_snapshot_retention":      TestAccReplicatedSnapshots,
			"remote_snapshot_retention_lock": TestAccReplicatedSnapshots,
			"replicate_to_async_target":      TestAccReplicatedSnapshots,
		},
		Bad: append(badNames(),
			bad("lock_expires_at", "tomorrow", "RFC3339"),
			bad("lock_expires_at", "2020-01-31T00:00:00Z", "is in the past"),
			acctest.Bad{Set: acctest.Attrs{"snap_suffix": nil}, Says: "[snap_prefix,snap_suffix]"},
			bad("snap_prefix", "a:", "characters that are not allowed"),
			bad("snap_suffix", " ", "spaces alone"),
			bad("snap_suffix", "", "is empty: leave it out"),
			bad("snapshot_retention", 0, "at least 1"),
			bad("snapshot_retention", 3600, "cannot be kept for a time"),
			bad("remote_snapshot_retention", 0, "at least 1"),
			bad("remote_snapshot_retention", 3600, "what this one is taken of is not"),
			bad("remote_snapshot_retention_lock", 0, "at least 1"),
			bad("remote_snapshot_retention_lock", 3600, "what this one is taken of is not"),
			bad("replicate_to_async_target", true, "cannot be replicated"),
		),
	}
}

func groupSnapshots(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	volumes := newVolumes(b, newPool(b, "pool"), 3)
	suffix := acctest.Own(func(label string, _ int) any { return "-" + label })
	// The first of the snapshots: of one volume it is all of them.
	gone := func(o acctest.Object) acctest.Request {
		first, _, _ := strings.Cut(fmt.Sprint(o["id"]), ",")
		return acctest.Request{Method: "DELETE", Path: "volumes/" + first}
	}
	names := func(name string) []any {
		return []any{acctest.Attrs{"volume_id": volumes[0], "snap_name": b.Name(name)}}
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_volume_group_snapshot",
		Key:      []string{"id"},
		Gone:     gone,
		Deleting: "The data of the snapshots and of all snapshots taken of them is lost",
		Least:    acctest.Attrs{"volume_ids": volumes[:1], "snap_suffix": suffix},
		Most:     acctest.Attrs{"volume_ids": volumes, "snap_suffix": suffix, "snap_prefix": "before-"},
		Changes: map[string]acctest.Change{
			"volume_ids":  {Through: []any{volumes[:2], volumes[1:]}, Replaces: true},
			"snap_prefix": {Through: []any{"a-", "b-"}, Replaces: true},
			"snap_suffix": {Through: []any{"-a", "-b"}, Replaces: true},
			"snap_names":  {Through: []any{names("first"), names("other")}, Replaces: true},
		},
		Elsewhere:  map[string]func(*testing.T){"lock_expires_at": TestAccVolumeGroupSnapshotLock},
		Unverified: map[string]string{"snap_names": "the array keeps no word on how a name was chosen"},
		Bad: []acctest.Bad{
			{Set: acctest.Attrs{"snap_suffix": nil}, Says: "[snap_prefix,snap_suffix,snap_names]"},
			{Attribute: "snap_names", Set: acctest.Attrs{"snap_names": []any{}}, Says: "at least 1 elements"},
			{Attribute: "snap_names.snap_name", Set: acctest.Attrs{"snap_names": []any{acctest.Attrs{"volume_id": volumes[0], "snap_name": "a/b"}}}, Says: "characters that are not allowed"},
			{Attribute: "snap_names", Set: acctest.Attrs{"snap_names": []any{acctest.Attrs{"volume_id": 999999, "snap_name": "s"}}}, Says: "is not one of volume_ids"},
			{Attribute: "snap_names", Set: acctest.Attrs{"snap_names": append(names("s"), names("t")...)}, Says: "is named twice"},
			{Attribute: "snap_names", Set: acctest.Attrs{"snap_suffix": nil, "volume_ids": volumes[:2], "snap_names": names("s")}, Says: "Name all of them"},
			bad("volume_ids", []any{}, "at least 1 elements"),
			bad("snap_prefix", "a:", "characters that are not allowed"),
			bad("snap_suffix", " ", "spaces alone"),
			{Attribute: "lock_expires_at", Set: acctest.Attrs{"lock_expires_at": "2020-01-31T00:00:00Z"}, Says: "is in the past"},
		},
	}
}

// newVolumes makes volumes without a snapshot policy of their own.
func newVolumes(b *acctest.InfiniBox, pool any, n int) []any {
	volumes := make([]any, n)
	for i := range volumes {
		volumes[i] = b.Create("volumes", map[string]any{
			"name": b.Name(fmt.Sprintf("v%d", i)), "pool_id": pool, "size": 1_000_000_000, "snapshot_policy_id": 0,
		})
	}
	return volumes
}

// newGroup makes a consistency group without a snapshot policy.
func newGroup(b *acctest.InfiniBox, label string, pool any, members ...any) any {
	group := b.Create("cgs", map[string]any{"name": b.Name(label), "pool_id": pool, "snapshot_policy_id": 0})
	for _, m := range members {
		b.Must("POST", fmt.Sprintf("cgs/%v/members", group), map[string]any{"dataset_id": m})
	}
	return group
}

// newSnapshotGroup makes a snapshot group of a consistency group.
func newSnapshotGroup(b *acctest.InfiniBox, label string, group any) any {
	return b.Create("cgs", map[string]any{"name": b.Name(label), "parent_id": group, "snap_suffix": "-" + label})
}

func newSnapshotPolicy(b *acctest.InfiniBox, label string) any {
	return b.Create("snapshot_policies", map[string]any{"name": b.Name(label), "suffix": b.Name(label)})
}
