package replication_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// volumesOfTheWalk is how many volumes the replicas of a walk are of, one each.
const volumesOfTheWalk = 6

// walked is the near one of two arrays, with the pools that the tables have on the far one,
// and volumes. What a replica leaves on the far one, its administrator deletes at once:
// it would be in the way of the next replica of the same volume or group.
func walked(t *testing.T) (y *yard, volumes []any) {
	t.Helper()
	y = &yard{Pair: linked(t), made: map[string]any{}}
	y.farPool = y.Far.NewPool("pool")
	y.Far.NewPool("other")
	y.pool = y.Near.NewPool("of the volumes")
	for i := range volumesOfTheWalk {
		volumes = append(volumes, y.volume(fmt.Sprintf("v%d", i)))
	}
	y.Near.OnRequest(func() {
		for _, collection := range []string{"replication_groups", "volumes"} {
			for _, left := range y.Far.IDs(collection) {
				_, _ = y.Far.Do("DELETE", fmt.Sprintf("%s/%v", collection, left), nil) // which is refused of what is replicated
			}
		}
	})
	return y, volumes
}

// replicasOfTheWalk are replicas of volumes that are there.
func replicasOfTheWalk(t *testing.T) acctest.Suite {
	y, volumes := walked(t)
	s := replicaTable(t)
	s.Lab = y.Near.InfiniBox
	all := acctest.Attrs{"link_id": y.Near.Link, "volume_id": volumes[0], "remote_pool_id": y.farPool, "replication_type": "ASYNC"}
	s.Least, s.Most, s.Gone = all, all, nil
	s.Changes["volume_id"] = acctest.Change{Through: volumes, Replaces: true}
	s.Changes["replication_type"] = acctest.Change{Through: []any{"ASYNC", "SYNC", "ACTIVE_ACTIVE"}}
	return s
}

// rgReplicasOfTheWalk leave their groups on the other array when others delete them: what a
// table knows is on arrays of its own, and not on those of the walk.
func rgReplicasOfTheWalk(t *testing.T) acctest.Suite {
	s := rgReplicaTable(t)
	s.Gone = nil
	return s
}

// alwaysOfReplicas are what the replicas of a walk have none of: filesystems and groups,
// and what a new one takes back only by another name.
var alwaysOfReplicas = map[string]any{
	"replica.filesystem_id": nil, "replica.consistency_group_id": nil, "replica.entity_pairs": nil, "replica.mobility_source": nil, "replica.is_preferred": nil,
	"replica.including_snapshots": nil, "replica.snapshots_retention": nil, "replica.remote_snapshot_suffix": nil, "replica.lock_remote_snapshot_retention": nil,
}

// with is a map with one more value.
func with(all map[string]any, name string, value any) map[string]any {
	more := maps.Clone(all)
	more[name] = value
	return more
}
