package replication_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// What becomes of either side when a replica is deleted is as the user says.
func TestAccHowAReplicaIsDeleted(t *testing.T) {
	t.Parallel()
	serial := func(at *acctest.Site, volume any) any {
		return at.Must("GET", fmt.Sprintf("volumes/%v", volume), nil)["serial"]
	}
	for name, c := range map[string]struct {
		arguments acctest.Attrs
		cut       bool
		says      string
		// left is how many snapshots and replicas the other array has afterwards, and kept
		// which array's volume has the serial number that both had; "" where neither had.
		snapshots, replicas int
		kept                string
	}{
		"as it is":              {arguments: acctest.Attrs{}, says: `The copy "v" on "far" stays there by itself`},
		"with the staging area": {arguments: acctest.Attrs{"retain_staging_area": true}, says: "is kept as a snapshot", snapshots: 1},
		"on this array alone":   {arguments: acctest.Attrs{"force_on_local": true}, cut: true, says: "somebody must delete it there", replicas: 1},
		"the serial number stays here": {
			arguments: acctest.Attrs{"replication_type": "ACTIVE_ACTIVE", "keep_serial_on_local": true}, says: `The volume on "far" gets another serial number`, kept: "near",
		},
		"the serial number goes there": {
			arguments: acctest.Attrs{"replication_type": "ACTIVE_ACTIVE", "keep_serial_on_local": false}, says: "The volume on this array gets another serial number", kept: "far",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			y := newYard(t)
			cli := acctest.NewCLI(t)
			provider := y.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true})
			volume := y.volume("v")
			arguments := acctest.Attrs{"link_id": y.Near.Link, "volume_id": volume, "remote_pool_id": y.farPool, "replication_type": "ASYNC"}.With(c.arguments)
			cli.Apply(provider, resource("replica", "r", arguments)).Succeeds(t)
			copied := y.Near.Must("GET", fmt.Sprintf("replicas/%v", y.Near.IDs("replicas")[0]), nil)["remote_entity_id"]
			before := serial(y.Near, volume)
			if c.cut {
				y.Near.Simulator.CutLinks()
			}
			cli.Apply(provider).Succeeds(t).Warns(t, "Approved", c.says)
			if left := y.Near.IDs("replicas"); len(left) > 0 {
				t.Errorf("replicas that are left: %v", left)
			}
			if left := y.Far.IDs("replicas"); len(left) != c.replicas {
				t.Errorf("the other array has the replicas %v, want %d", left, c.replicas)
			}
			if left := y.Far.IDs("volumes?type=SNAPSHOT"); len(left) != c.snapshots {
				t.Errorf("the other array has the snapshots %v, want %d", left, c.snapshots)
			}
			if c.kept == "" {
				return
			}
			if here, there := serial(y.Near, volume) == before, serial(y.Far, copied) == before; here != (c.kept == "near") || there != (c.kept == "far") {
				t.Errorf("the serial number stays here: %v, there: %v; want it on the %s array", here, there, c.kept)
			}
		})
	}
}

// Where the source is gone, the array that has the copy deletes its end by itself.
func TestAccReplicaIsDeletedWhereTheCopyIs(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	replica := y.replicate("v", nil)
	cli := acctest.NewCLI(t)
	provider := y.Far.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	config := func(more acctest.Attrs) []string {
		return []string{
			provider,
			resource("replica", "r", acctest.Attrs{
				"link_id": y.Far.Link, "volume_id": replica["remote_entity_id"], "remote_pool_id": y.pool, "replication_type": "ASYNC",
			}.With(more)),
			acctest.Attrs{"to": acctest.Expr(replicaType + ".r"), "id": fmt.Sprint(replica["remote_replica_id"])}.Block("import"),
		}
	}
	cli.Apply(config(nil)...).Succeeds(t).Plans(t, map[string]string{replicaType + ".r": "import"})
	cli.Apply(provider).Warns(t, `This array has the copy: "v" stays here by itself`).
		Refuses(t, "REPLICA_DELETION_NOT_ALLOWED_ON_TARGET", "Delete the replica on the array that has the source", "force_on_target = true")
	y.Near.Simulator.CutLinks()
	cli.Apply(config(acctest.Attrs{"force_on_target": true})...).Succeeds(t)
	cli.Apply(provider).Succeeds(t).Warns(t, "stays behind")
	if here, there := y.Far.IDs("replicas"), y.Near.IDs("replicas"); len(here) != 0 || len(there) != 1 {
		t.Errorf("replicas here: %v, there: %v", here, there)
	}
}
