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
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
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

// invocation is an action with what it does.
type invocation struct {
	name   string
	config acctest.Attrs
	// danger is part of the reason why it takes approval; "" where it takes none.
	danger, progress, request string
	done                      func(t *testing.T)
}

func (f family) invocations() []invocation {
	const gb = 1_000_000_000
	return []invocation{
		{
			"volume_restore", acctest.Attrs{"volume_id": f.volume, "snapshot_id": f.snapshot},
			"What is on the volume now is lost", fmt.Sprintf("Overwriting volume %v with the data of snapshot %v", f.volume, f.snapshot), "POST /api/rest/volumes/{id}/restore",
			func(t *testing.T) { f.is(t, "volumes", f.volume, map[string]any{"size": gb, "type": "MASTER"}) },
		},
		{
			"volume_refresh", acctest.Attrs{"snapshot_id": f.snapshot, "volume_id": f.volume},
			"What is on the snapshot now is lost", fmt.Sprintf("Overwriting snapshot %v with the data of volume %v", f.snapshot, f.volume), "POST /api/rest/volumes/{id}/refresh",
			func(t *testing.T) {
				f.is(t, "volumes", f.snapshot, map[string]any{"size": 2 * gibi, "parent_id": f.volume, "type": "SNAPSHOT"})
			},
		},
		{
			"volume_promote", acctest.Attrs{"snapshot_id": f.second},
			"The snapshot is no longer one", fmt.Sprintf("Promoting snapshot %v", f.second), "POST /api/rest/volumes/{id}/promote",
			func(t *testing.T) {
				f.is(t, "volumes", f.second, map[string]any{"type": "MASTER", "parent_id": 0, "family_id": f.second, "size": gb, "snapshot_retention": nil})
			},
		},
		{
			"consistency_group_restore", acctest.Attrs{"consistency_group_id": f.group, "snapshot_group_id": f.snapshots},
			"What is on the group's volumes now is lost", fmt.Sprintf("Overwriting consistency group %v with the data of snapshot group %v", f.group, f.snapshots), "POST /api/rest/cgs/{id}/restore",
			func(t *testing.T) {
				if sizes := f.sizes(t, f.group); sizes != fmt.Sprint([]int{gb, gb}) {
					t.Errorf("sizes %s", sizes)
				}
			},
		},
		{
			"consistency_group_refresh", acctest.Attrs{"snapshot_group_id": f.snapshots, "consistency_group_id": f.group},
			"What is on the group's snapshots now is lost", fmt.Sprintf("Overwriting snapshot group %v with the data of consistency group %v", f.snapshots, f.group), "POST /api/rest/cgs/{id}/refresh",
			func(t *testing.T) {
				if sizes := f.sizes(t, f.snapshots); sizes != fmt.Sprint([]int{2 * gibi, 2 * gibi}) {
					t.Errorf("sizes %s", sizes)
				}
			},
		},
		{
			"consistency_group_promote", acctest.Attrs{"snapshot_group_id": f.snapshots},
			"The snapshot group is no longer one", fmt.Sprintf("Promoting snapshot group %v", f.snapshots), "POST /api/rest/cgs/{id}/promote",
			func(t *testing.T) { f.is(t, "cgs", f.snapshots, map[string]any{"type": "MASTER", "parent_id": 0}) },
		},
		{
			"volume_reset_serial", acctest.Attrs{"volume_id": f.volume},
			"", fmt.Sprintf("Resetting the serial number of volume %v", f.volume), "POST /api/rest/volumes/{id}/reset_serial",
			func(*testing.T) {},
		},
		{
			"datasets_update", acctest.Attrs{"ids": []any{f.volume, f.other}, "ssa_express_enabled": true},
			"SSA Express cache", "Updating 2 datasets", "PUT /api/rest/datasets/bulk",
			func(t *testing.T) {
				f.is(t, "volumes", f.volume, map[string]any{"ssa_express_enabled": true})
				f.is(t, "volumes", f.other, map[string]any{"ssa_express_enabled": true})
			},
		},
		{
			"host_lun_unmap", acctest.Attrs{"host_id": f.host, "lun": 7},
			"Hosts lose access", fmt.Sprintf("Unmapping LUN 7 of host %v", f.host), "DELETE /api/rest/hosts/{id}/luns/lun/{lun_number}",
			func(t *testing.T) { f.mapped(t, f.other) },
		},
		{
			"host_cluster_lun_unmap", acctest.Attrs{"cluster_id": f.cluster, "lun": 8},
			"Hosts lose access", fmt.Sprintf("Unmapping LUN 8 of cluster %v", f.cluster), "DELETE /api/rest/clusters/{id}/luns/lun/{lun_number}",
			func(t *testing.T) { f.mapped(t, f.volume) },
		},
		{
			"metadata_clear", acctest.Attrs{"object_id": f.volume},
			"All pairs are lost", fmt.Sprintf("Removing all key-value pairs of object %v", f.volume), "DELETE /api/rest/metadata/{object_id}",
			func(t *testing.T) { f.keeps(t, "system:site, volume:name") },
		},
		{
			"system_metadata_clear", acctest.Attrs{"approved": true},
			"All pairs are lost", "Removing all key-value pairs of the array", "DELETE /api/rest/metadata/system",
			func(t *testing.T) { f.keeps(t, "volume:name, volume:owner, volume:stage") },
		},
	}
}

// Each action is refused until it is approved, then warned of, tells what it does,
// sends one request, and does what the reference says.
func TestAccActions(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{"volume_own_snapshot": true, "vvol_delete": true} // below
	for i, of := range newFamily(t).invocations() {
		tested[of.name] = true
		t.Run(of.name, func(t *testing.T) {
			t.Parallel()
			f := newFamily(t)
			invoked(t, f.InfiniBox, f.invocations()[i])
		})
	}
	for _, a := range block.Actions() {
		if !tested[a.Name] {
			t.Errorf("no test invokes %s", a.Name)
		}
	}
}

func invoked(t *testing.T, b *acctest.InfiniBox, a invocation) {
	t.Helper()
	name := "storage_infinibox_" + a.name
	server := acctest.NewServer(t, b)
	b.Simulator.ResetRequests()
	sent := func() string {
		var all []string
		for _, r := range b.Simulator.Requests() {
			all = append(all, strings.TrimSpace(r.Method+" "+r.Route+" "+r.Query))
		}
		return strings.Join(all, ", ")
	}
	want := a.request
	if a.danger != "" {
		server.PlanAction(name, a.config.With(acctest.Attrs{"approved": false})).
			Refuse(t, "is dangerous and not approved", a.danger, "approved = true", "INFINIBOX_APPROVE_DANGEROUS_OPERATIONS")
		server.PlanAction(name, a.config).Warn(t, "Approved", a.danger)
		server.PlanAction(name, a.config.With(acctest.Attrs{"approved": true})).Warn(t, "Approved", a.danger)
		want += " approved=yes"
	} else if said := server.PlanAction(name, a.config); len(said) > 0 {
		t.Errorf("plan: %s", said)
	}
	if requests := sent(); requests != "" {
		t.Errorf("the plan sent %s", requests)
	}
	said := server.Invoke(name, a.config)
	if said.Failed() || len(said.Progress) == 0 || said.Progress[0] != a.progress {
		t.Errorf("progress %q, want %q; %s", said.Progress, a.progress, said.Problems)
	}
	if requests := sent(); requests != want {
		t.Errorf("sent %s, want %s", requests, want)
	}
	a.done(t)
}

// What replication keeps of a volume becomes a snapshot: of the volume as it was
// then, and only once.
func TestAccVolumeOwnSnapshot(t *testing.T) {
	t.Parallel()
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
	invoked(t, b, invocation{
		"volume_own_snapshot", acctest.Attrs{"volume_id": 1001, "name": "kept"},
		"", `Keeping the latest replication snapshot of volume 1001 as "kept"`, "POST /api/rest/volumes/{id}/own_snapshot",
		func(t *testing.T) {
			f.is(t, "volumes", idsOf(t, b, "volumes?name=kept")[0], map[string]any{
				"type": "SNAPSHOT", "parent_id": 1001, "size": 1_000_000_000, "write_protected": true, "rmr_snapshot_guid": nil, "replication_types": []any{"NONE"},
			})
		},
	})
	acctest.NewServer(t, b).Invoke("storage_infinibox_volume_own_snapshot", acctest.Attrs{"volume_id": 1001, "name": "again"}).
		Refuse(t, "RMR_SNAPSHOT_ALREADY_RECLAIMED", "name=kept")
}

func TestAccVVolDelete(t *testing.T) {
	t.Parallel()
	b := withVVol(t, nil)
	vvol := idsOf(t, b, "vvols")[0]
	server := acctest.NewServer(t, b)
	const name = "storage_infinibox_vvol_delete"
	server.PlanAction(name, acctest.Attrs{"vvol_id": vvol, "approved": false}).Refuse(t, "The data of the vVol is lost")
	server.PlanAction(name, acctest.Attrs{"vvol_id": vvol}).Warn(t, "Approved")
	if said := server.Invoke(name, acctest.Attrs{"vvol_id": vvol}); said.Failed() {
		t.Error(said.Problems)
	}
	if left := idsOf(t, b, "vvols"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	server.Invoke(name, acctest.Attrs{"vvol_id": vvol}).Refuse(t, "VVOL_NOT_FOUND")

	replicated := withVVol(t, map[string]any{"replication_group": "rg"})
	acctest.NewServer(t, replicated).Invoke(name, acctest.Attrs{"vvol_id": idsOf(t, replicated, "vvols")[0]}).
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
	test.Test(t, test.TestCase{
		IsUnitTest: true, ProtoV6ProviderFactories: acctest.Providers(),
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
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
