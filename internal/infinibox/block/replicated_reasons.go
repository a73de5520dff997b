package block

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Why a consistency group that is replicated does not take a volume, or does not let one go,
// and what to do: said by a plan of what is known, and else of what the array refuses.

// keepsOut says why a group with these replicas does not take a volume with its own, and
// what to do; "" where it does.
func keepsOut(replicas, own []api.Object, copied entity.Values) string {
	if len(replicas) == 0 {
		switch {
		case len(own) == 0:
			return ""
		case own[0]["role"] == "TARGET":
			return common.CopyJoinsThere
		}
		return common.ReplicatedAlone
	}
	replica := replicas[0]
	activeActive := replica["replication_type"] == common.ActiveActive
	switch {
	case len(replicas) > 1:
		return toSeveral
	case activeActive && len(own) > 0:
		return common.ReplicatedAlone
	case activeActive && !common.IsSuspended(replica):
		return common.SuspendForMembers
	case activeActive && common.ActionOf(copied) != common.CreateCopy && common.ActionOf(copied) != common.NoBaseData:
		return "A copy in an active-active group begins by CREATE or NO_BASE_DATA: say so in base_action."
	case activeActive:
		return ""
	case replica["role"] == "TARGET":
		return "This array has the copy: the volume that this one is a copy of joins on the array that has the source, and this one follows."
	case len(own) > 0 && own[0]["role"] == "TARGET":
		return common.CopyJoinsThere
	case replica["replication_type"] == common.Synchronous:
		return common.AsyncForMembers
	case len(own) > 0:
		return keepsReplicatedOut(replica, own[0], copied)
	case replica["concurrent_replica"] == true:
		return toSeveral
	}
	return ""
}

// keepsReplicatedOut is keepsOut of a volume whose own replica is to become part of the group's.
func keepsReplicatedOut(replica, own api.Object, copied entity.Values) string {
	switch {
	case own["replication_type"] != replica["replication_type"]:
		return notAlike
	case own["including_snapshots"] != replica["including_snapshots"]:
		return snapshotsNotAlike
	case says(copied, joiningWords):
		return bringsItsCopy
	case own["reserved_for_infinisafe"] == true:
		return "The volume's replica is reserved for InfiniSafe, which wants it as it is."
	}
	return ""
}

const (
	notAlike          = "The volume is replicated by itself, and not as the group is: let its replica have the replication_type of the group's, which is ASYNC for the occasion, or delete the volume's."
	snapshotsNotAlike = "Of the volume's own replica and the group's, one takes snapshots along and the other does not: delete the volume's, or make it anew with the including_snapshots of the group's."
	bringsItsCopy     = "The volume is replicated by itself and brings its copy along: leave out base_action and what else is said of the copy, or delete its replica first."
	toSeveral         = "The group is replicated more than once, and which copy is meant cannot be said here: let the volume join by the array's own user interface, and import it."
)

// keepsIn says why a group does not let a volume go as things are, and what to do; "" where it
// does.
func keepsIn(replica api.Object, words entity.Values) string {
	members, _ := replica["entity_pairs"].([]any)
	activeActive := replica["replication_type"] == common.ActiveActive
	switch {
	case activeActive && common.IsBehind(replica):
		return goesOnElsewhere
	case activeActive && !common.IsSuspended(replica):
		return common.SuspendForMembers
	case activeActive && words.Bool(createReplica):
		return "A volume that leaves an active-active group gets no replica of its own: leave out " + createReplica + "."
	case activeActive && len(members) == 1:
		return lastMember
	case activeActive:
		return ""
	case replica["replication_type"] == common.Synchronous:
		return common.AsyncForMembers
	case replica["role"] == "TARGET" && !words.Bool(common.ForceOnTarget):
		return copyLeaves
	}
	return ""
}

const (
	byResource      = " of storage_infinibox_consistency_group_member"
	goesOnElsewhere = "The replica is suspended, and the other array is the one that goes on: take the volume out of the group there."
	lastMember      = "It is the last member of an active-active group, which keeps one: delete the group's replica first."
	copyLeaves      = "This array has the copy: take the volume out of the group on the array that has the source. Where that one is gone, set " + common.ForceOnTarget + " = true" + byResource + " and apply that first."
)

// explainMembership says what to do about a refusal of a volume that joins or leaves a group
// which is replicated; "" where it is about something else.
func explainMembership(err error) string {
	switch api.CodeOf(err) {
	case "CG_MEMBER_TYPE_MISMATCH":
		return notAlike
	case "CANNOT_ADD_MEMBER_DUE_TO_SNAPSHOT_REPLICATION_MISMATCH":
		return snapshotsNotAlike
	case "REPLICA_PAIR_ALREADY_EXISTING":
		return bringsItsCopy
	case "ACTIVE_ACTIVE_PEER_CANNOT_BE_ADDED_TO_CG":
		return common.ReplicatedAlone
	case "OPERATION_CANNOT_BE_DONE_ON_MULTI_TARGET_REPLICA", "CANNOT_ADD_MEMBER_WITH_MISSING_REPLICA_ID",
		"CANNOT_ADD_MEMBER_WITH_NON_MATCHING_REPLICA_PAIR_COUNT", "CANNOT_ADD_MEMBER_WITH_NON_MATCHING_PAIRS_REPLICA_IDS":
		return toSeveral
	case "CG_ADD_MEMBER_BASE_SNAPSHOT_NOT_FOUND":
		return "The snapshots of local_base_entity_id and remote_base_entity_id must be of the same moment as the snapshots that the group's copies began with."
	case "REMOVE_MEMBER_AA_REPLICA_FROM_LAGGING_SIDE":
		return goesOnElsewhere
	case "REPLICA_REMOVE_MEMBER_NOT_ALLOWED_ON_TARGET":
		return copyLeaves
	case "AA_REMOVE_MEMBER_NOT_POSSIBLE":
		return "Hosts know the volume by its serial number. Remove its LUNs first, or let it keep the number: " + common.KeepSerial + " = true" + byResource + "."
	case "REPLICA_INVALID_CONFIGURATION":
		return "The two arrays are not at one about the replica: let it go on first (suspended = false)."
	case "VOLUME_NAME_CONFLICT":
		return "The group is replicated, and the volume with it. On the other array there is a volume of that name already, such as the copy of an earlier replica. Give the copy another name (remote_entity_name" + byResource +
			"), have that one taken and overwritten (base_action), or delete it there."
	case "LINK_IO_ERROR", "LINK_IS_NOT_ACTIVE", "REMOTE_API_FAILURE", "REMOTE_PERMISSION_REQUIRED":
		return "Apply again once the link is up, as its link_state says. Where the other array is gone for good, a volume leaves the group here alone: set " + common.ForceRemoteError + " = true" + byResource + " (" +
			common.ForceOnTarget + " where this array has the copy, " + common.ForceNoCredentials + " where only the user is unknown there), apply that, and take it out then."
	}
	return ""
}

// copyInTheWay names the volume on the other array that is called what the copy of a new
// member would be, and how to delete it there; "" where it cannot be seen. It is left alone:
// only a person can tell that nobody needs it.
func copyInTheWay(ctx context.Context, s *entity.Session, member entity.Values) string {
	ctx = api.Fresh(ctx)
	replicas, err := common.ReplicasOf(ctx, s, "cgs", member.ID("consistency_group_id"))
	if err != nil || len(replicas) == 0 {
		return ""
	}
	name := member.Text("remote_entity_name")
	if name == "" {
		o, _ := s.Client.Read(ctx, "volumes", member.ID("member_id"), []string{"id", "name"})
		name = common.NameOf(o)
	}
	link := fmt.Sprint(replicas[0]["link_id"])
	answer, err := common.Whole(ctx, s, api.Path("remote", link, "volumes"), url.Values{"name": {"eq:" + name}})
	if err != nil {
		return ""
	}
	all, _ := answer.([]any)
	for _, one := range all {
		there, _ := one.(api.Object)
		if !strings.EqualFold(common.NameOf(there), name) {
			continue
		}
		which := fmt.Sprintf("On %s it is the volume of id %v", common.OtherArray(ctx, s, link), there["id"])
		if there["rmr_target"] != false || there["rmr_source"] != false {
			return which + ", which is replicated."
		}
		return which + ", which is in no replica: what is left of an earlier membership, or of one whose answer was lost between the two arrays, or a volume of somebody else's. " +
			"Nobody but you can tell that it is not needed. " + common.DeletionThere(link, nil, fmt.Sprintf("volumes/%v", there["id"]))
	}
	return ""
}
