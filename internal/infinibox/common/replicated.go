package common

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// ReplicatedBy names the replicas of an object of a collection, for whoever reads a plan
// or an error.
func ReplicatedBy(ctx context.Context, s *entity.Session, collection, id string) []string {
	o, err := s.Client.Read(ctx, collection, id, []string{"id", "replica_ids"})
	ids, _ := o["replica_ids"].([]any)
	if err != nil {
		return nil
	}
	var names []string
	for _, id := range ids {
		name := fmt.Sprintf("replica %v", id)
		if replica, err := s.Client.Read(ctx, "replicas", fmt.Sprint(id), nil); err == nil {
			name += fmt.Sprintf(" (%v", replica["replication_type"])
			if !api.IsNothing(replica["role"]) {
				name += fmt.Sprintf(", %v here", replica["role"])
			}
			name += ")"
		}
		names = append(names, name)
	}
	return names
}

// ReplicatedFirst says which replicas must go before an object of a collection is deleted,
// or restored ("restores").
func ReplicatedFirst(ctx context.Context, s *entity.Session, collection, id, does string) []string {
	names := ReplicatedBy(ctx, s, collection, id)
	if len(names) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("It is replicated, by %s: that must be deleted first, because the array %s nothing that is replicated.", Few(names), does)}
}

// ExplainReplicated says what to do about a refusal that speaks of replication, of an
// object of a collection.
func ExplainReplicated(ctx context.Context, s *entity.Session, collection, id string, err error) string {
	switch api.CodeOf(err) {
	case "REPLICA_PARTIAL_FAILURE":
		return "The two arrays have lost sight of each other in the middle of it, and this one does not know whether the other one has done its part. Apply again once the link is up: what is done already is no hindrance, and of what is in the way there the error says so then."
	case "REPLICATED_DATASET_DELETE_NOT_ALLOWED", "REPLICATED_CG_CANNOT_BE_DELETED":
		if names := ReplicatedBy(ctx, s, collection, id); len(names) > 0 {
			return "It is replicated, by " + Few(names) + ". Delete that first: where its resource is in another configuration, there."
		}
	case "REPLICATED_DATASET_WP_REMOVAL_NOT_ALLOWED", "ACTIVE_ACTIVE_REPLICA_CANNOT_BE_WRITE_PROTECTED":
		return "Who may write is a matter of the replica's role: leave write_protected out of the configuration."
	case "REPLICA_NOT_ALLOWED_ON_TARGET":
		return "This array has the copy: make the change on the array that has the source, which passes it on."
	case "REPLICA_UNSUPPORTED_FEATURE", "VOLUME_CANNOT_BE_RESIZED_ACTIVE_AA_REPLICA":
		return "For the occasion a SYNC replica becomes ASYNC (its replication_type), and an active-active one is suspended: apply that, then this change, and then put the replica back."
	case "CG_MEMBER_CANNOT_BE_ADDED_TO_SYNC_REPLICA", "CG_MEMBER_CANNOT_BE_REMOVED_FROM_SYNC_REPLICA":
		return "Set replication_type of the group's replica to ASYNC and apply that, then change the members, and then set it back."
	case "CG_MEMBER_CANNOT_BE_ADDED_TO_ACTIVE_AA_REPLICA", "CG_MEMBER_CANNOT_BE_REMOVED_FROM_ACTIVE_AA_REPLICA":
		return "Suspend the group's replica (suspended = true) and apply that, then change the members, and then let it go on."
	case "SOURCE_DATASET_IS_REPLICATED", "REPLICATED_MEMBER_CANNOT_BE_ADDED_TO_AA_REPLICA":
		return "A volume that is replicated by itself does not join the group: delete its replica first. In a group that is replicated it is copied with the others."
	case "TARGET_DATASET_IS_REPLICATED":
		return "The volume is a copy: it joins a group here when the volume that it is a copy of joins one on the other array."
	}
	return ""
}
