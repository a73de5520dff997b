package common

import (
	"context"
	"fmt"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// The ways in which data gets to the other array.
const (
	Asynchronous = "ASYNC"
	Synchronous  = "SYNC"
	ActiveActive = "ACTIVE_ACTIVE"
)

// ReplicasOf are the replicas of an object of a collection. Of one that cannot be read there
// is the id alone.
func ReplicasOf(ctx context.Context, s *entity.Session, collection, id string) ([]api.Object, error) {
	o, err := s.Client.Read(ctx, collection, id, []string{"id", "replica_ids"})
	if err != nil {
		return nil, err
	}
	ids, _ := o["replica_ids"].([]any)
	var found []api.Object
	for _, id := range ids {
		replica, err := s.Client.Read(ctx, "replicas", fmt.Sprint(id), nil)
		if err != nil {
			replica = api.Object{"id": id}
		}
		found = append(found, replica)
	}
	return found, nil
}

// DescribeReplica names a replica by what it does and which end of it is here.
func DescribeReplica(o api.Object) string {
	name := fmt.Sprintf("replica %v", o["id"])
	if api.IsNothing(o["replication_type"]) {
		return name
	}
	name += fmt.Sprintf(" (%v", o["replication_type"])
	if !api.IsNothing(o["role"]) {
		name += fmt.Sprintf(", %v here", o["role"])
	}
	return name + ")"
}

// ReplicatedBy names the replicas of an object of a collection, for whoever reads a plan
// or an error.
func ReplicatedBy(ctx context.Context, s *entity.Session, collection, id string) []string {
	replicas, err := ReplicasOf(ctx, s, collection, id)
	if err != nil {
		return nil
	}
	var names []string
	for _, o := range replicas {
		names = append(names, DescribeReplica(o))
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
		return makeItOnSource
	case "ACTIVE_ACTIVE_REPLICA_PROVTYPE_CHANGE_NOT_ALLOWED":
		return keepsProvtype
	case "OPERATION_CANNOT_BE_DONE_ON_CONCURRENT_ASYNC_REPLICA":
		return oneReplicaAtATime
	case "VOLUME_REPLICA_CANNOT_BE_RESIZED_ON_LOCAL_SYSTEM":
		return otherGoesOn
	case "REPLICA_UNSUPPORTED_FEATURE", "VOLUME_CANNOT_BE_RESIZED_ACTIVE_AA_REPLICA":
		if strings.Contains(err.Error(), "QoS") {
			return "The pool has a QoS policy: choose another pool, or take the pool out of its policy first."
		}
		return forTheOccasion
	case "CG_MEMBER_CANNOT_BE_ADDED_TO_SYNC_REPLICA", "CG_MEMBER_CANNOT_BE_REMOVED_FROM_SYNC_REPLICA":
		return AsyncForMembers
	case "CG_MEMBER_CANNOT_BE_ADDED_TO_ACTIVE_AA_REPLICA", "CG_MEMBER_CANNOT_BE_REMOVED_FROM_ACTIVE_AA_REPLICA":
		return SuspendForMembers
	case "SOURCE_DATASET_IS_REPLICATED", "REPLICATED_MEMBER_CANNOT_BE_ADDED_TO_AA_REPLICA":
		return ReplicatedAlone
	case "TARGET_DATASET_IS_REPLICATED":
		return CopyJoinsThere
	}
	return ""
}

// DeletionThere says how objects of the other array are deleted from here, the first of them
// with parameters such as `force = "true"`.
func DeletionThere(link string, words []string, paths ...string) string {
	query := ""
	if len(words) > 0 {
		query = fmt.Sprintf(", query = { %s }", strings.Join(words, ", "))
	}
	calls := []string{fmt.Sprintf("path = %q%s", paths[0], query)}
	for _, path := range paths[1:] {
		calls = append(calls, fmt.Sprintf("path = %q", path))
	}
	return fmt.Sprintf("The action storage_infinibox_remote_call does it from here: link_id = %s, method = \"DELETE\", %s.", link, strings.Join(calls, ", and then "))
}
