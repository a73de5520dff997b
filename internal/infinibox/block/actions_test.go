package block_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	test "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// family is a volume with a snapshot and one of that, and a group of two volumes
// with a snapshot group. The volumes have grown since the snapshots were taken.
type family struct {
	*acctest.InfiniBox
	volume, other, snapshot, second, group, snapshots any
	// host sees volume as LUN 7, and cluster sees other as LUN 8.
	host, cluster any
}

const gibi = 1 << 30

func newFamily(t *testing.T) family {
	t.Helper()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	volumes := newVolumes(b, pool, 4)
	f := family{InfiniBox: b, volume: volumes[0], other: volumes[1]}
	f.snapshot = b.Create("volumes", map[string]any{"name": "first", "parent_id": f.volume})
	f.second = b.Create("volumes", map[string]any{"name": "second", "parent_id": f.volume})
	f.group = newGroup(b, "group", pool, volumes[2:]...)
	f.snapshots = newSnapshotGroup(b, "snapshots", f.group)
	for _, v := range []any{volumes[0], volumes[2], volumes[3]} {
		b.Must("PUT", fmt.Sprintf("volumes/%v", v), map[string]any{"size": 2 * gibi})
	}
	f.host, f.cluster = newHost(b, "host"), b.Create("clusters", map[string]any{"name": "cluster"})
	b.Must("POST", fmt.Sprintf("hosts/%v/luns", f.host), map[string]any{"volume_id": f.volume, "lun": 7})
	b.Must("POST", fmt.Sprintf("clusters/%v/luns", f.cluster), map[string]any{"volume_id": f.other, "lun": 8})
	b.Must("PUT", fmt.Sprintf("metadata/%v", f.volume), map[string]any{"owner": "db", "stage": "test"})
	b.Must("PUT", fmt.Sprintf("metadata/%v", f.other), map[string]any{"name": "other"})
	b.Must("PUT", "metadata/system", map[string]any{"site": "west"})
	return f
}

// mapped checks which of the two volumes still is, as both were.
func (f family) mapped(t *testing.T, want any) {
	t.Helper()
	for _, volume := range []any{f.volume, f.other} {
		f.is(t, "volumes", volume, map[string]any{"mapped": volume == want})
	}
}

// keeps checks whose and which metadata there is.
func (f family) keeps(t *testing.T, want string) {
	t.Helper()
	rows, err := f.Do("GET", "metadata?sort=key", nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rows.([]any) {
		row := r.(map[string]any)
		all = append(all, fmt.Sprintf("%v:%v", row["object_type"], row["key"]))
	}
	slices.Sort(all)
	if have := strings.Join(all, ", "); have != want {
		t.Errorf("there are %s, want %s", have, want)
	}
}

// is checks fields of an object.
func (f family) is(t *testing.T, path string, id any, fields map[string]any) {
	t.Helper()
	o := f.Must("GET", fmt.Sprintf("%s/%v", path, id), nil)
	for name, want := range fields {
		if fmt.Sprint(o[name]) != fmt.Sprint(want) {
			t.Errorf("%s %v has %s %v, want %v", path, id, name, o[name], want)
		}
	}
}

// sizes are those of a group's members.
func (f family) sizes(t *testing.T, group any) string {
	t.Helper()
	members, err := f.Do("GET", fmt.Sprintf("cgs/%v/members", group), nil)
	if err != nil {
		t.Fatal(err)
	}
	var sizes []any
	for _, m := range members.([]any) {
		sizes = append(sizes, m.(map[string]any)["size"])
	}
	return fmt.Sprint(sizes)
}

// invocations are the actions with what they do, by name.
func (f family) invocations() map[string]acctest.Invocation {
	const gb = 1_000_000_000
	return map[string]acctest.Invocation{
		"volume_restore": {
			Config: acctest.Attrs{"volume_id": f.volume, "snapshot_id": f.snapshot},
			Danger: "What is on the volume now is lost", Progress: fmt.Sprintf("Overwriting volume %v with the data of snapshot %v", f.volume, f.snapshot), Sent: "POST /api/rest/volumes/{id}/restore",
			Done: func(t *testing.T) { f.is(t, "volumes", f.volume, map[string]any{"size": gb, "type": "MASTER"}) },
		},
		"volume_refresh": {
			Config: acctest.Attrs{"snapshot_id": f.snapshot, "volume_id": f.volume},
			Danger: "What is on the snapshot now is lost", Progress: fmt.Sprintf("Overwriting snapshot %v with the data of volume %v", f.snapshot, f.volume), Sent: "POST /api/rest/volumes/{id}/refresh",
			Done: func(t *testing.T) {
				f.is(t, "volumes", f.snapshot, map[string]any{"size": 2 * gibi, "parent_id": f.volume, "type": "SNAPSHOT"})
			},
		},
		"volume_promote": {
			Config: acctest.Attrs{"snapshot_id": f.second},
			Danger: "The snapshot is no longer one", Progress: fmt.Sprintf("Promoting snapshot %v", f.second), Sent: "POST /api/rest/volumes/{id}/promote",
			Done: func(t *testing.T) {
				f.is(t, "volumes", f.second, map[string]any{"type": "MASTER", "parent_id": 0, "family_id": f.second, "size": gb, "snapshot_retention": nil})
			},
		},
		"consistency_group_restore": {
			Config: acctest.Attrs{"consistency_group_id": f.group, "snapshot_group_id": f.snapshots},
			Danger: "What is on the group's volumes now is lost", Progress: fmt.Sprintf("Overwriting consistency group %v with the data of snapshot group %v", f.group, f.snapshots), Sent: "POST /api/rest/cgs/{id}/restore",
			Done: func(t *testing.T) {
				if sizes := f.sizes(t, f.group); sizes != fmt.Sprint([]int{gb, gb}) {
					t.Errorf("sizes %s", sizes)
				}
			},
		},
		"consistency_group_refresh": {
			Config: acctest.Attrs{"snapshot_group_id": f.snapshots, "consistency_group_id": f.group},
			Danger: "What is on the group's snapshots now is lost", Progress: fmt.Sprintf("Overwriting snapshot group %v with the data of consistency group %v", f.snapshots, f.group), Sent: "POST /api/rest/cgs/{id}/refresh",
			Done: func(t *testing.T) {
				if sizes := f.sizes(t, f.snapshots); sizes != fmt.Sprint([]int{2 * gibi, 2 * gibi}) {
					t.Errorf("sizes %s", sizes)
				}
			},
		},
		"consistency_group_promote": {
			Config: acctest.Attrs{"snapshot_group_id": f.snapshots},
			Danger: "The snapshot group is no longer one", Progress: fmt.Sprintf("Promoting snapshot group %v", f.snapshots), Sent: "POST /api/rest/cgs/{id}/promote",
			Done: func(t *testing.T) { f.is(t, "cgs", f.snapshots, map[string]any{"type": "MASTER", "parent_id": 0}) },
		},
		"volume_reset_serial": {
			Config:   acctest.Attrs{"volume_id": f.volume},
			Progress: fmt.Sprintf("Resetting the serial number of volume %v", f.volume), Sent: "POST /api/rest/volumes/{id}/reset_serial",
			Done: func(*testing.T) {},
		},
		"datasets_update": {
			Config: acctest.Attrs{"ids": []any{f.volume, f.other}, "ssa_express_enabled": true},
			Danger: "SSA Express cache", Progress: "Updating 2 datasets", Sent: "PUT /api/rest/datasets/bulk",
			Done: func(t *testing.T) {
				f.is(t, "volumes", f.volume, map[string]any{"ssa_express_enabled": true})
				f.is(t, "volumes", f.other, map[string]any{"ssa_express_enabled": true})
			},
		},
		"host_lun_unmap": {
			Config: acctest.Attrs{"host_id": f.host, "lun": 7},
			Danger: "Hosts lose access", Progress: fmt.Sprintf("Unmapping LUN 7 of host %v", f.host), Sent: "DELETE /api/rest/hosts/{id}/luns/lun/{lun_number}",
			Done: func(t *testing.T) { f.mapped(t, f.other) },
		},
		"host_cluster_lun_unmap": {
			Config: acctest.Attrs{"cluster_id": f.cluster, "lun": 8},
			Danger: "Hosts lose access", Progress: fmt.Sprintf("Unmapping LUN 8 of cluster %v", f.cluster), Sent: "DELETE /api/rest/clusters/{id}/luns/lun/{lun_number}",
			Done: func(t *testing.T) { f.mapped(t, f.volume) },
		},
		"metadata_clear": {
			Config: acctest.Attrs{"object_id": f.volume},
			Danger: "All pairs are lost", Progress: fmt.Sprintf("Removing all key-value pairs of object %v", f.volume), Sent: "DELETE /api/rest/metadata/{object_id}",
			Done: func(t *testing.T) { f.keeps(t, "system:site, volume:name") },
		},
		"system_metadata_clear": {
			Config: acctest.Attrs{"approved": true},
			Danger: "All pairs are lost", Progress: "Removing all key-value pairs of the array", Sent: "DELETE /api/rest/metadata/system",
			Done: func(t *testing.T) { f.keeps(t, "volume:name, volume:owner, volume:stage") },
		},
	}
}

// actions are the tests of actions by name.
func actions() map[string]acctest.Action {
	all := map[string]acctest.Action{"volume_own_snapshot": ownedSnapshot, "vvol_delete": deletedVVol}
	for name := range (family{}).invocations() {
		all[name] = func(t *testing.T) (acctest.Lab, acctest.Invocation) {
			f := newFamily(t)
			return f, f.invocations()[name]
		}
	}
	return all
}

// What replication keeps of a volume becomes a snapshot: of the volume as it was
// then, and only once.
func ownedSnapshot(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := seeded(t, map[string]any{
		"requests": []any{
			map[string]any{"method": "POST", "path": "pools", "body": map[string]any{"name": "p", "physical_capacity": 1_000_000_000_000}},
			map[string]any{"method": "POST", "path": "volumes", "body": map[string]any{"name": "v", "pool_id": 1000, "size": 1_000_000_000}},
		},
		"replicas":              []any{map[string]any{"id": 1001, "role": "SOURCE"}},
		"replication_snapshots": []any{1001},
	})
	b.Must("PUT", "volumes/1001", map[string]any{"size": 2 * gibi})
	f := family{InfiniBox: b}
	if left := idsOf(t, b, "volumes"); len(left) != 1 {
		t.Errorf("what replication keeps is listed: %v", left)
	}
	return b, acctest.Invocation{
		Config:   acctest.Attrs{"volume_id": 1001, "name": "kept"},
		Progress: `Keeping the latest replication snapshot of volume 1001 as "kept"`, Sent: "POST /api/rest/volumes/{id}/own_snapshot",
		Done: func(t *testing.T) {
			f.is(t, "volumes", idsOf(t, b, "volumes?name=kept")[0], map[string]any{
				"type": "SNAPSHOT", "parent_id": 1001, "size": 1_000_000_000, "write_protected": true, "rmr_snapshot_guid": nil, "replication_types": []any{"NONE"},
			})
		},
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"volume_id": 1001, "name": "again"}, Says: []string{"RMR_SNAPSHOT_ALREADY_RECLAIMED", "name=kept"}}},
	}
}

func deletedVVol(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := withVVol(t, nil)
	vvol := idsOf(t, b, "vvols")[0]
	config := acctest.Attrs{"vvol_id": vvol}
	return b, acctest.Invocation{
		Config: config, Danger: "The data of the vVol is lost", Progress: fmt.Sprintf("Deleting vVol %v", vvol), Sent: "DELETE /api/rest/vvols/{id}",
		Done: func(t *testing.T) {
			if left := idsOf(t, b, "vvols"); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		},
		Refused: []acctest.Refusal{{Config: config, Says: []string{"VVOL_NOT_FOUND"}}},
	}
}

func TestAccReplicatedVVolDelete(t *testing.T) {
	t.Parallel()
	replicated := withVVol(t, map[string]any{"replication_group": "rg"})
	acctest.NewServer(t, replicated).Invoke("storage_infinibox_vvol_delete", acctest.Attrs{"vvol_id": idsOf(t, replicated, "vvols")[0]}).
		Refuse(t, "VVOL_CANNOT_BE_DELETED", "member of RG: rg")
}

// What the array refuses to do says why.
func TestAccActionRefusals(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	deep := f.Create("volumes", map[string]any{"name": "deep", "parent_id": f.snapshot})
	locked := f.Create("volumes", map[string]any{
		"name": "locked", "parent_id": f.volume, "lock_expires_at": time.Now().Add(time.Hour).UnixMilli(),
	})
	member := idsOf(t, f.InfiniBox, fmt.Sprintf("cgs/%v/members", f.snapshots))[0]
	protected := f.Create("volumes", map[string]any{"name": "w", "pool_id": f.Must("GET", fmt.Sprintf("volumes/%v", f.volume), nil)["pool_id"], "size": 1_000_000_000, "snapshot_policy_id": 0})
	of := f.Create("volumes", map[string]any{"name": "of-w", "parent_id": protected})
	f.Must("PUT", fmt.Sprintf("volumes/%v", protected), map[string]any{"write_protected": true})
	server := acctest.NewServer(t, f)
	for _, each := range []struct {
		name   string
		config acctest.Attrs
		code   string
	}{
		{"volume_restore", acctest.Attrs{"volume_id": f.other, "snapshot_id": f.snapshot}, "ILLEGAL_RESTORE_REQUEST"},
		{"volume_restore", acctest.Attrs{"volume_id": protected, "snapshot_id": of}, "PROTECTED_DATASET_CANNOT_BE_RESTORED"},
		{"volume_restore", acctest.Attrs{"volume_id": 4711, "snapshot_id": f.snapshot}, "VOLUME_NOT_FOUND"},
		{"volume_refresh", acctest.Attrs{"snapshot_id": deep, "volume_id": f.volume}, "REFRESH_TARGET_NOT_DIRECT_SNAPSHOT"},
		{"volume_refresh", acctest.Attrs{"snapshot_id": f.volume, "volume_id": f.other}, "REFRESH_TARGET_NOT_SNAPSHOT"},
		{"volume_refresh", acctest.Attrs{"snapshot_id": locked, "volume_id": f.volume}, "INVALID_OPERATION_ON_LOCKED_SNAPSHOT"},
		{"volume_promote", acctest.Attrs{"snapshot_id": f.volume}, "PROMOTE_MASTER_ENTITY"},
		{"volume_promote", acctest.Attrs{"snapshot_id": f.snapshot}, "PROMOTE_SNAPSHOT_WITH_CHILDREN"},
		{"volume_promote", acctest.Attrs{"snapshot_id": locked}, "PROMOTE_LOCKED_SNAPSHOT"},
		{"volume_promote", acctest.Attrs{"snapshot_id": member}, "PROMOTE_SNAPSHOT_PART_OF_SG"},
		{"consistency_group_restore", acctest.Attrs{"consistency_group_id": f.snapshots, "snapshot_group_id": f.group}, "ILLEGAL_CG_RESTORE_REQUEST"},
		{"consistency_group_refresh", acctest.Attrs{"snapshot_group_id": f.group, "consistency_group_id": f.snapshots}, "SG_REFRESH_NOT_SG"},
		{"consistency_group_promote", acctest.Attrs{"snapshot_group_id": f.group}, "PROMOTE_MASTER_ENTITY"},
		{"volume_reset_serial", acctest.Attrs{"volume_id": f.snapshot}, "CANNOT_RESET_VOLUME_SERIAL"},
		{"volume_own_snapshot", acctest.Attrs{"volume_id": f.volume, "name": "own"}, "NO_RMR_SNAPSHOT_FOUND"},
		{"host_lun_unmap", acctest.Attrs{"host_id": f.host, "lun": 9}, "LUN_NOT_FOUND"},
		{"metadata_clear", acctest.Attrs{"object_id": 4711}, "METADATA_IS_NOT_SUPPORTED_FOR_ENTITY"},
		{"datasets_update", acctest.Attrs{"ids": []any{f.volume}, "ssa_express_enabled": false}, "DATASET_SSA_EXPRESS_ALREADY_DISABLED"},
	} {
		said := server.Invoke("storage_infinibox_"+each.name, each.config)
		said.Refuse(t, "Failed: ", each.code)
		if len(said.Progress) == 0 {
			t.Errorf("%s told nothing", each.name)
		}
	}
	server.PlanAction("storage_infinibox_volume_own_snapshot", acctest.Attrs{"volume_id": 1, "name": strings.Repeat("x", 66)}).Refuse(t, "1 to 65 characters")
	// One without arguments is approved by itself or not at all.
	server.PlanAction("storage_infinibox_system_metadata_clear", nil).Refuse(t, "approved", "required")
	// What the plan could not know counts when the action is invoked.
	server.Invoke("storage_infinibox_volume_promote", acctest.Attrs{"snapshot_id": f.second, "approved": false}).
		Refuse(t, "approved = true", "is dangerous and not approved")

	// A replica's source is not overwritten.
	replicated := seeded(t, map[string]any{
		"requests": []any{
			map[string]any{"method": "POST", "path": "pools", "body": map[string]any{"name": "p", "physical_capacity": 1_000_000_000_000, "virtual_capacity": 1_000_000_000_000}},
			map[string]any{"method": "POST", "path": "volumes", "body": map[string]any{"name": "v", "pool_id": 1000, "size": 1_000_000_000}},
			map[string]any{"method": "POST", "path": "volumes", "body": map[string]any{"name": "s", "parent_id": 1001}},
		},
		"replicas": []any{map[string]any{"id": 1001, "role": "SOURCE"}},
	})
	acctest.NewServer(t, replicated).Invoke("storage_infinibox_volume_restore", acctest.Attrs{"volume_id": 1001, "snapshot_id": 1002}).
		Refuse(t, "REPLICATED_DATASET_RESTORE_NOT_ALLOWED")
}

// A resource's lifecycle triggers an action.
func TestAccActionTrigger(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Actions)
	f := newFamily(t)
	config := func(approved bool) string {
		return f.Provider(nil) + fmt.Sprintf(`
resource "terraform_data" "upgrade" {
  input = "failed: %[1]t"
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.storage_infinibox_volume_restore.back]
    }
  }
}

action "storage_infinibox_volume_restore" "back" {
  config {
    volume_id   = %[2]v
    snapshot_id = %[3]v
    approved    = %[1]t
  }
}
`, approved, f.volume, f.snapshot)
	}
	bare := `action "storage_infinibox_system_metadata_clear" "all" {}`
	acctest.Test(t, test.TestCase{
		Steps: []test.TestStep{
			{Config: f.Provider(nil) + bare, ExpectError: regexp.MustCompile(`"approved" is required`)},
			{Config: config(false), ExpectError: regexp.MustCompile(`(?s)What is on the volume now is\s+lost`)},
			{
				Config: config(true),
				Check: func(*terraform.State) error {
					f.is(t, "volumes", f.volume, map[string]any{"size": 1_000_000_000})
					return nil
				},
			},
		},
	})
}
