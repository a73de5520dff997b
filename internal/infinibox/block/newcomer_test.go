package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// What people get wrong in the first week is refused by the plan, or by an error that names
// what is wrong.
func TestAccFirstWeek(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool, other := newPool(b, "pool"), newPool(b, "other")
	vvols := b.Create("pools", map[string]any{"name": "vvols", "type": "VVOL", "physical_capacity": 1_000_000_000_000})
	volume := newVolumes(b, other, 1)[0]
	long := b.Create("volumes", map[string]any{"name": strings.Repeat("m", 60), "pool_id": pool, "size": 1_000_000_000, "snapshot_policy_id": 0})
	group := newGroup(b, "group", pool, long)
	filesystem := b.Create("filesystems", map[string]any{"name": "f", "pool_id": pool, "size": 1_000_000_000})
	vms := b.Create("hosts", map[string]any{"name": "vms", "host_type": "OPENVMS"})
	policy := newSnapshotPolicy(b, "gold")
	cli := acctest.NewCLI(t)
	for _, each := range []struct {
		kind      string
		arguments acctest.Attrs
		says      []string
	}{
		{"host", acctest.Attrs{"name": "h", "fc_ports": []string{"50:01:43:80:12:34:56:01", "5001438012345601"}}, []string{`fc_ports has "5001438012345601" twice`, "mean the same"}},
		{"volume", acctest.Attrs{"name": "x", "pool_id": vvols, "size": "1GB"}, []string{"The pool is not for this", "of type VVOL"}},
		{"filesystem", acctest.Attrs{"name": "x", "pool_id": vvols, "size": "1GB"}, []string{"The pool is not for this", "of type VVOL"}},
		{
			"snapshot_policy_assignment", acctest.Attrs{"snapshot_policy_id": policy, "assigned_entity_id": filesystem, "assigned_entity_type": "VOLUME"},
			[]string{"There is no such object to assign", fmt.Sprintf("of the volumes on the array none has the id %v", filesystem)},
		},
		{"host_cluster", acctest.Attrs{"name": "c", "host_ids": []any{vms}}, []string{"Hosts are of another kind than their cluster", `"vms"`, "is OPENVMS"}},
	} {
		cli.Plan(b.Provider(nil), resource(each.kind, "x", each.arguments)).Refuses(t, each.says...)
	}
	cli.Plan(b.Provider(nil), resource("host_cluster", "c", acctest.Attrs{"name": "c", "host_type": "OPENVMS", "host_ids": []any{vms}})).Succeeds(t)

	cli.Apply(b.Provider(nil), resource("consistency_group", "g", acctest.Attrs{"name": "g", "pool_id": pool, "member_ids": []any{volume}})).
		Refuses(t, "DATASET_NOT_IN_CG_POOL", `"v0"`, `is in "other"`)
	cli.Apply(b.Provider(nil), resource("snapshot_group", "g", acctest.Attrs{"name": "sg", "parent_id": group, "snap_suffix": "-before"})).
		Refuses(t, "SG_MEMBER_INVALID_NAME_LENGTH", `mmm-before" (67 characters)`)
}
