package replication

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// ReplicaJobs are the jobs of a replica that are at work.
var ReplicaJobs = entity.Lookup{
	System: common.System, Name: "replica_jobs", What: "jobs of the replica",
	Doc:       "The jobs of a replica that are at work, or wait to go on.",
	Arguments: entity.Facts{replicaArgument()},
	Facts:     entity.Facts{entity.Records("jobs", jobFacts).Doc("The jobs.")},
	Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		return common.Listing(ctx, s, "jobs", api.Path(replicas, v.Int(replicaID), "jobs"), api.Query{})
	},
}

// ReplicaEntityPairs are the pairs of a replica as the other array sees them.
var ReplicaEntityPairs = entity.Lookup{
	System: common.System, Name: "replica_entity_pairs", What: "reversed pairs of the replica",
	Doc:       "The pairs of a replica with their ends exchanged, as the other array sees them. The array has this for tools that fail over by themselves.",
	Arguments: entity.Facts{replicaArgument()},
	Facts:     entity.Facts{entity.Records(pairs, pairFacts).Doc("The pairs.")},
	Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		o, err := s.Client.Read(ctx, replicas, v.ID(replicaID), nil)
		if err != nil {
			return nil, err
		}
		answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodPost, Path: api.Path(replicas, "reverse_entity_pairs"), Body: api.Object{pairs: o[pairs]}})
		if err != nil {
			return nil, err
		}
		reversed, ok := answer.([]any)
		if !ok {
			return nil, fmt.Errorf("the array answered %T where a list of pairs was expected", answer)
		}
		return api.Object{pairs: reversed}, nil
	},
}
