package common

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// What the docs and errors say of replicas that stand in the way.
const (
	makeItOnSource    = "This array has the copy: make the change on the array that has the source, which passes it on."
	otherGoesOn       = "The replica is suspended, and the other array is the one that goes on: make the change there, which passes it on."
	forTheOccasion    = "For the occasion a SYNC replica becomes ASYNC (its replication_type), and an active-active one is suspended: apply that, then this change, and then put the replica back."
	oneReplicaAtATime = "It has another replica beside: delete one of them first, and make it again after the change."
	keepsProvtype     = "What is active-active keeps its provtype: delete the replica first, and make it again after the change."
	reservedFor       = "The replica is reserved for InfiniSafe, which wants it as it is."
)

// What to do where a consistency group that is replicated does not take a volume, or does
// not let one go.
const (
	AsyncForMembers   = "Set replication_type of the group's replica to ASYNC and apply that, then change the members, and then set it back."
	SuspendForMembers = "Suspend the group's replica (suspended = true) and apply that, then change the members, and then let it go on."
	ReplicatedAlone   = "A volume that is replicated by itself does not join the group: delete its replica first. In a group that is replicated it is copied with the others."
	CopyJoinsThere    = "The volume is a copy: it joins a group here when the volume that it is a copy of joins one on the other array."
)

// IsSuspended reports whether a replica is suspended by a user.
func IsSuspended(replica api.Object) bool { return replica["state"] == "SUSPENDED" }

// IsBehind reports whether this array is the one whose volumes are offline while an
// active-active replica is suspended.
func IsBehind(replica api.Object) bool {
	return replica["replication_type"] == ActiveActive && IsSuspended(replica) && replica["suspended_from_local"] == false
}

// CheckReplicated warns of changes of a volume, a filesystem or a group that its replicas stand
// in the way of. It refuses none: the same run may change or delete the replica, or make the
// change on the other array.
func CheckReplicated(ctx context.Context, p *entity.Plan) {
	if p.Before == nil || p.After == nil || p.Replaced || p.Applying() {
		return
	}
	changes := func(name string) bool { return p.After.Known(name) && p.Changes(name) }
	if !changes("size") && !changes("pool_id") && !changes("provtype") {
		return
	}
	replicas, _ := ReplicasOf(ctx, p.Session, p.Collection(), p.Before.ID("id"))
	for _, replica := range replicas {
		if why := keepsSize(replica); why != "" && changes("size") {
			if p.After.Bool("force_resize") {
				why += " force_resize = true asks the array to do it all the same."
			}
			warnOfReplica(p, replica, "size", why)
		}
		if replica["replication_type"] != ActiveActive {
			continue
		}
		if changes("provtype") {
			warnOfReplica(p, replica, "provtype", keepsProvtype)
		}
		if changes("pool_id") && limited(ctx, p.Session, p.After.ID("pool_id")) {
			warnOfReplica(p, replica, "pool_id", fmt.Sprintf("Pool %d has a QoS policy, and what is active-active does not move there: choose another pool, or take the pool out of its policy first.", p.After.Int("pool_id")))
		}
	}
}

// warnOfReplica tells of a change that the array refuses as long as a replica is as it is.
func warnOfReplica(p *entity.Plan, replica api.Object, attribute, why string) {
	p.Warn("A replica stands in the way of the change of "+attribute,
		fmt.Sprintf("%q (id %s) is replicated, by %s. As things are, the array refuses the change. %s", p.Before.Text("name"), p.Before.ID("id"), DescribeReplica(replica), why))
}

// keepsSize says why what is in a replica does not grow, and what to do; "" where it does.
func keepsSize(replica api.Object) string {
	switch {
	case replica["role"] == "TARGET":
		return makeItOnSource
	case IsBehind(replica):
		return otherGoesOn
	case replica["replication_type"] == Synchronous, replica["replication_type"] == ActiveActive && !IsSuspended(replica):
		return forTheOccasion
	case replica["concurrent_replica"] == true:
		return oneReplicaAtATime
	case replica["reserved_for_infinisafe"] == true:
		return reservedFor
	}
	return ""
}

// limited reports whether a pool has a QoS policy.
func limited(ctx context.Context, s *entity.Session, pool string) bool {
	o, err := s.Client.Read(ctx, "pools", pool, []string{"id", "qos_policies"})
	policies, _ := o["qos_policies"].([]any)
	return err == nil && len(policies) > 0
}
