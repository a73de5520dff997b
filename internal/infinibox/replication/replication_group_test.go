package replication_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

func replicationGroupTable(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	pool, other := b.NewPool("pool"), b.NewPool("other")
	least := acctest.Attrs{"name": name, "pool_id": pool}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_replication_group", Plural: "replication_groups", Path: "replication_groups",
		Least: least,
		Most:  least,
		Changes: map[string]acctest.Change{
			"name":    {Through: []any{name, b.Name("renamed")}, Drift: put("replication_groups", "name", b.Name("drifted"))},
			"pool_id": {Through: []any{pool, other}, Replaces: true},
		},
		Bad: acctest.BadNames(),
	}
}

// grouped is an array with a replication group of vVols, which VMware has put into it: one
// of a virtual machine, and one of none.
func grouped(t *testing.T) (b *acctest.InfiniBox, group any, vvols []any) {
	t.Helper()
	vvol := func(name, vm string) map[string]any {
		return map[string]any{"name": name, "pool_id": 1000, "type": "Data", "size": 1 << 20, "vm": vm}
	}
	seed, err := json.Marshal(map[string]any{
		"requests": []any{
			map[string]any{"method": "POST", "path": "pools", "body": map[string]any{"name": "vms", "type": "VVOL", "physical_capacity": 1_000_000_000_000}},
			map[string]any{"method": "POST", "path": "replication_groups", "body": map[string]any{"name": "database", "pool_id": 1000}},
		},
		"vms":                []any{map[string]any{"name": "db-1"}},
		"vvols":              []any{vvol("Data-1", "db-1"), vvol("Data-2", "")},
		"replication_groups": []any{map[string]any{"id": 1001, "vvols": []any{1002, 1003}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return acctest.SimulateInfiniBox(t, simulator.Options{Seed: seed}), 1001, []any{1002, 1003}
}

// memberRemoved is a vVol that is taken out of its group.
func memberRemoved(t *testing.T) (acctest.Lab, acctest.Invocation) {
	const action = "storage_infinibox_replication_group_member_remove"
	b, group, vvols := grouped(t)
	of := func(vvol any) acctest.Attrs {
		return acctest.Attrs{"replication_group_id": group, "vvol_id": vvol}
	}
	server := acctest.NewServer(t, b)
	for i, says := range []string{`It is the vVol "Data-1" of the virtual machine naa.`, `It is the vVol "Data-2".`} {
		server.PlanAction(action, of(vvols[i]).With(acctest.Attrs{"approved": false})).Refuse(t, says)
	}
	return b, acctest.Invocation{
		Config:   of(vvols[0]),
		Danger:   "The vVol is no longer replicated",
		Progress: fmt.Sprintf("Taking vVol %v out of replication group %v", vvols[0], group),
		Sent:     "DELETE /api/rest/replication_groups/{id}/members/{vvol_id}",
		Done: func(t *testing.T) {
			if left := b.Must("GET", fmt.Sprintf("vvols/%v", vvols[0]), nil); left["replication_group_id"] != nil {
				t.Errorf("the vVol is in group %v", left["replication_group_id"])
			}
			said := server.Invoke(action, of(vvols[1]))
			if want := `The group "database" has 0 vVols left`; said.Failed() || said.Progress[1] != want {
				t.Errorf("it says %q (%s), want %q", said.Progress, said.Problems, want)
			}
		},
		Refused: []acctest.Refusal{
			{Config: of(vvols[0]), Says: []string{"RG_VVOL_NOT_FOUND"}},
			{Config: of(999), Says: []string{"VVOL_NOT_FOUND"}},
		},
	}
}

// poolsOfTheWalk are what groups are in.
func poolsOfTheWalk(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	arguments := acctest.Attrs{"name": acctest.Name(b), "physical_capacity": "10TB"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_pool", Least: arguments, Most: arguments,
		Changes: map[string]acctest.Change{"physical_capacity": {Through: []any{"10TB", "20TB"}}},
	}
}

// estate is what random changes are made in: at the near one of two arrays, with what the
// tables have at the other.
func estate() *walk.Estate {
	return &walk.Estate{
		Lab: func(t *testing.T) acctest.Simulated {
			y, _ := walked(t)
			return y.Near.InfiniBox
		},
		Prefix: "storage_infinibox_",
		Tables: map[string]acctest.Table{"pool": poolsOfTheWalk, "replica": replicasOfTheWalk, "rg_replica": rgReplicasOfTheWalk},
		Aside: map[string]string{
			"link": "an array has one link to another, over which the replicas of the walk go",
		},
		Unique:    map[string][][]string{"rg_replica": {{"replication_group_id"}}, "replica": {{"volume_id"}}},
		Relations: map[string]walk.Relation{"replica.volume_id": {}, "replica.remote_pool_id": {}},
		Always:    with(alwaysOfReplicas, "rg_replica.remote_replication_group_name", nil), // TestAccRGReplicaRefusals
		About: func(path string, replica map[string]any) bool {
			return strings.HasPrefix(path, fmt.Sprintf("/api/rest/remote/%v/replication_groups/", replica["link_id"]))
		},
		Contradicts: belowInterval,
		Never: func(e testcore.Said, _ *testcore.Plan) bool {
			// A group that was left there, or renamed here, has its name there.
			return strings.Contains(e.Detail, "The other array has a group of that name")
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_pool.theirs": {Arguments: acctest.Attrs{"name": "their pool", "physical_capacity": "1TB"}},
			"storage_infinibox_replication_group.theirs": {Arguments: acctest.Attrs{
				"name": "their group", "pool_id": testcore.Ref{Address: "storage_infinibox_pool.theirs", Attribute: "id"},
			}},
		}},
		Member: "storage_infinibox_replication_group.theirs",
	}
}

// belowInterval says which replica is to be younger than it can be.
func belowInterval(c testcore.Config) string {
	length := func(value any) time.Duration {
		text, _ := value.(string)
		d, _ := time.ParseDuration(text)
		return d
	}
	for address, r := range c.Resources {
		if limit := length(r.Arguments["rpo"]); limit > 0 && limit < length(r.Arguments["sync_interval"]) {
			return address + " wants copies that are younger than they can be"
		}
	}
	return ""
}
