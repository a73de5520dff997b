package infinibox

import (
	"strconv"
	"time"
)

func (a *Array) groupMembersOf(rq *request) (any, error) {
	group, err := a.groups.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	return a.query(a.datasets, a.inside(group), rq.query)
}

// replicaFields are what a new member of a replicated group may come with.
var replicaFields = []string{"replication_pairs_info", "replication_pair_info", "active_active_info"}

func (a *Array) addGroupMember(rq *request) (any, error) {
	group, err := rq.own(a.groups)
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields(append([]string{"dataset_id"}, replicaFields...)...)
	if err != nil {
		return nil, err
	}
	if replica := a.replicaOf(group); replica != nil {
		return a.addReplicatedMember(rq, group, replica, body)
	}
	for _, name := range replicaFields {
		if body[name] != nil {
			return nil, errUnsupported(name) // the group is not replicated
		}
	}
	id, err := requiredInteger(body, "dataset_id")
	if err != nil {
		return nil, err
	}
	volume := a.dataset(id)
	if volume == nil {
		return nil, errNoDataset
	}
	if err := a.checkGroupMember(group, volume); err != nil {
		return nil, err
	}
	if isSnapshot(group) {
		err = a.checkSnapshotMember(rq, group, volume)
	} else if isReplicated(volume) {
		err = replicatedMember(volume)
	}
	if err != nil {
		return nil, err
	}
	a.join(group, volume)
	volume["snapshot_policy_id"] = nil // SNAPSHOT_POLICY_CANNOT_BE_ASSIGNED_TO_CG_MEMBER: a member has none of its own
	a.touch(group)
	return a.render(group, nil), nil
}

// checkGroupMember checks what holds of members of both kinds of group.
func (a *Array) checkGroupMember(group, volume Object) error {
	switch {
	case isFilesystem(volume):
		return conflict("ILLEGAL_CG_DATASET_TYPE", "A filesystem cannot be added to a consistency group")
	case isSnapshot(group) && !isSnapshot(volume):
		return conflict("DATASET_NOT_SNAPSHOT", "The volume cannot be a master volume")
	case isSnapshot(volume) && !isSnapshot(group):
		return conflict("ILLEGAL_CG_DATASET", "Snapshots cannot be added to consistency groups.")
	case volume["cg_id"] != nil:
		return conflict("DATASET_ALREADY_IN_A_CG", "The dataset is already a part of a consistency group")
	case volume.int("pool_id") != group.int("pool_id"):
		return conflict("DATASET_NOT_IN_CG_POOL", "The dataset is not in the same pool as the consistency group")
	case len(a.inGroup[group.id()]) >= a.limits.GroupMembers:
		return conflict("GROUP_MEMBERS_LIMIT_EXCEEDED", "A consistency group cannot have more than %d members", a.limits.GroupMembers)
	}
	return a.unlocked(group)
}

// checkSnapshotMember checks a snapshot that is to join a snapshot group: its volume must be in the consistency
// group, with no other snapshot in this group, and locks and retention must not clash.
func (a *Array) checkSnapshotMember(rq *request, group, snapshot Object) error {
	parent, source := a.volumes.objects[snapshot.int("parent_id")], a.groups.objects[group.int("parent_id")]
	if parent.int("cg_id") != source.id() {
		return conflict("SNAPSHOT_PARENT_IS_NOT_IN_CG", "The snapshot '%s' cannot be added to the snapshot group '%s', since its parent '%s' is not a member of the consistency group '%s'", snapshot.name(), group.name(), parent.name(), source.name())
	}
	for _, other := range a.inside(group) {
		if other.int("parent_id") == parent.id() {
			return conflict("SNAPSHOT_PARENT_HAS_ALREADY_MEMBER_IN_SG", "The snapshot '%s' cannot be added to the snapshot group '%s', since this snapshot group already contains another snapshot - '%s', of the same parent volume", snapshot.name(), group.name(), other.name())
		}
	}
	if err := a.checkMemberLocks(group, snapshot); err != nil {
		return err
	}
	kept, groupKept := snapshot["snapshot_expires_at"] != nil, group["snapshot_expires_at"] != nil
	switch {
	case kept && groupKept:
		return conflict("SNAPSHOT_AND_SG_BOTH_HAVE_RETENTION", "Snapshot '%s' cannot be added to snap group '%s' because they both have a retention time", snapshot.name(), group.name())
	case groupKept:
		return conflict("SNAPSHOT_CANNOT_BE_ADDED_TO_SG_WITH_RETENTION", "Snap group '%s' is only retained until %s, and snapshots cannot be added to it", group.name(), utc(group.int("snapshot_expires_at")*int(time.Second/time.Millisecond)))
	case kept:
		err := rq.needApproval("If you add snapshot '%s' to snap group '%s', the snapshot's retention time of %d will be cleared", snapshot.name(), group.name(), snapshot.int("snapshot_expires_at"))
		if err != nil {
			return err
		}
		a.retain(snapshot, nil)
	}
	return nil
}

func (a *Array) checkMemberLocks(group, snapshot Object) error {
	locked, groupLocked := a.locked(snapshot), a.locked(group)
	switch {
	case locked && groupLocked && snapshot["lock_expires_at"] != group["lock_expires_at"]:
		return conflict("CANNOT_ADD_LOCKED_SNAPSHOT_TO_LOCKED_SG", "Cannot add a locked snapshot to a locked snap group due to their different expiration dates")
	case locked && !groupLocked:
		return conflict("CANNOT_ADD_LOCKED_SNAPSHOT_TO_UNLOCKED_SG", "Cannot add a locked snapshot to an unlocked snap group")
	case !locked && groupLocked:
		return conflict("CANNOT_ADD_UNLOCKED_SNAPSHOT_TO_LOCKED_SG", "Cannot add an unlocked snapshot to a locked snap group")
	}
	return nil
}

// removalOptions are what the removal of a member of a replicated group may ask for.
var removalOptions = []string{
	"retain_staging_area", "create_replica", "replica_name", "force_if_no_remote_credentials", "force_if_remote_error",
	"force_on_target", "force_on_local", "keep_serial_on_local",
}

// removeGroupMember takes a volume out of a consistency group, and its snapshots out of the group's snapshot groups.
// Nothing is deleted.
func (a *Array) removeGroupMember(rq *request) (any, error) {
	group, err := rq.own(a.groups)
	if err != nil {
		return nil, err
	}
	id, err := strconv.Atoi(rq.path[1])
	if err != nil {
		return nil, errMalformedID
	}
	if !a.inGroup[group.id()][id] {
		return nil, notFound("CG_DATASET_NOT_FOUND", "Dataset is not a member of the consistency group")
	}
	if isSnapshot(group) {
		return nil, conflict("MEMBER_CANNOT_BE_REMOVED_FROM_SG", "A snapshot group member cannot be removed")
	}
	replica := a.replicaOf(group)
	for _, name := range removalOptions {
		if replica != nil {
			break
		}
		if on, isSwitch := toBool(rq.query.Get(name)); on || !isSwitch && rq.query.Get(name) != "" {
			return nil, errUnsupported(name) // the group is not replicated
		}
	}
	if err := a.unlocked(group); err != nil {
		return nil, err
	}
	if err := rq.needApproval("Removing a member from a consistency group will also remove its snapshots from the snapgroups. Future snapshots (as well as replications) will not include this member"); err != nil {
		return nil, err
	}
	if replica != nil {
		if err := a.removeReplicatedMember(rq, replica, id); err != nil {
			return nil, err
		}
	}
	a.leaveGroup(a.volumes.objects[id])
	a.touch(group)
	return a.render(group, nil), nil
}

// leaveGroup takes a volume out of its consistency group, and its snapshots out of the group's snapshot groups.
func (a *Array) leaveGroup(volume Object) {
	for _, taken := range a.snapshotGroups(a.groupOf(volume)) {
		for _, snapshot := range a.inside(taken) {
			if snapshot.int("parent_id") == volume.id() {
				a.leave(snapshot)
			}
		}
	}
	a.leave(volume)
}
