package replication

import (
	"context"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// threeArrays is an array whose link 5 is 50 on the other one, which has these replicas, some of
// them with a third array.
type threeArrays struct {
	api.Client // of which no more is asked
	there      []any
}

func (c threeArrays) Read(_ context.Context, collection, id string, _ []string) (api.Object, error) {
	switch collection + "/" + id {
	case "links/5":
		return api.Object{"id": 5, "remote_link_id": 50}, nil
	case "replicas/7":
		return api.Object{"id": 7}, nil
	}
	return nil, &api.Error{Reason: api.NotFound}
}

func (c threeArrays) Do(context.Context, api.Request) (any, error) { return c.there, nil }

// The half of a replica is one that goes over this link and whose other half is not here: ids
// are alike on all arrays, and what another array replicates is never named for deletion.
func TestOrphanIsOfThisLink(t *testing.T) {
	for name, c := range map[string]struct {
		there any
		is    bool
	}{
		"of this link":         {api.Object{"id": 1, "link_id": 50, "remote_replica_id": 8}, true},
		"of a third array":     {api.Object{"id": 1, "link_id": 60, "remote_replica_id": 8}, false},
		"with its half here":   {api.Object{"id": 1, "link_id": 50, "remote_replica_id": 7}, false},
		"of something else":    {api.Object{"id": 2, "link_id": 50, "remote_replica_id": 8}, false},
		"of no link that told": {api.Object{"id": 1, "remote_replica_id": 8}, false},
	} {
		s := &entity.Session{Client: threeArrays{there: []any{c.there}}}
		found := orphan(t.Context(), s, "5", replicas, func(o api.Object) bool { return o["id"] == 1 })
		if (found != nil) != c.is {
			t.Errorf("%s: found %v", name, found)
		}
	}
}
