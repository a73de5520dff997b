package block_test

import (
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// lockedUntil is the same in every trial, so that they can be compared.
var lockedUntil = time.Now().Add(time.Hour).UTC().Truncate(time.Second)

// groupSnapshotsOfTheFaults lock until the same moment in every trial.
func groupSnapshotsOfTheFaults(t *testing.T) acctest.Suite {
	s := groupSnapshots(t)
	until := func(ahead time.Duration) acctest.Attrs {
		return acctest.Attrs{"volume_ids": s.Most["volume_ids"], "lock_expires_at": lockedUntil.Add(ahead).Format(time.RFC3339)}
	}
	s.Changes["lock_expires_at"] = acctest.Change{Through: []any{acctest.Attrs{}, until(0), until(time.Hour)}}
	return s
}

// membersOfTheFaults change what sends requests: the user's words on a copy send none by
// themselves.
func membersOfTheFaults(t *testing.T) acctest.Suite {
	s := groupMembers(t)
	s.Most = s.Least.With(acctest.Attrs{"remote_entity_name": "copy", "create_replica": true, "replica_name": "own"})
	s.Changes = map[string]acctest.Change{"consistency_group_id": s.Changes["consistency_group_id"], "member_id": s.Changes["member_id"]}
	return s
}

func qosOfTheFaults(t *testing.T) acctest.Suite {
	on := acctest.Attrs{"enabled": true}
	return acctest.Suite{
		Lab: seeded(t, map[string]any{"qos_disabled": true}), Type: "storage_infinibox_qos", Permanent: true,
		Least: on, Most: on,
	}
}

func systemMetadataOfTheFaults(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	b.Must("PUT", "metadata/system", map[string]string{"foreign": "x"})
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_system_metadata", Permanent: true,
		Least: acctest.Attrs{}, Most: acctest.Attrs{},
		Changes: map[string]acctest.Change{
			"metadata": {Through: []any{map[string]string{"site": "a", "rack": "1"}, map[string]string{"site": "b"}, nil}},
		},
	}
}
