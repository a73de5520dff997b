package infinibox

import "maps"

var errLockedGroup = &apiError{"INVALID_OPERATION_ON_LOCKED_SNAPSHOT", 409, "This operation is not allowed on a locked snapshot group until its lock expires"}

// createSnapshotGroup takes a snapshot of every member of a consistency group, of all or of none.
func (a *Array) createSnapshotGroup(rq *request, body map[string]any) (any, error) {
	values, err := a.groups.readNew(body, "pool_id", "snapshot_policy_id")
	if err != nil {
		return nil, err
	}
	parent, err := a.groups.find(values["parent_id"].(int))
	if err != nil {
		return nil, err
	}
	if err := rq.mayChange(parent); err != nil {
		return nil, err
	}
	names, err := a.namesInGroup(parent, values)
	if err != nil {
		return nil, err
	}
	if err := a.groups.freeKey(values["name"].(string), 0); err != nil {
		return nil, err
	}
	if err := a.checkGroupKept(values, parent); err != nil {
		return nil, err
	}
	if until, ok := values["lock_expires_at"].(int); ok {
		if err := a.checkLock(until, true); err != nil {
			return nil, err
		}
	}
	if err := a.checkGroupSnapshot(parent, names); err != nil {
		return nil, err
	}
	if err := a.checkConsistent(parent, "Taking a snapshot"); err != nil {
		return nil, err
	}
	delete(values, "snap_prefix")
	delete(values, "snap_suffix")
	noteStay(rq, values)
	o := a.snapshotGroupOf(parent, values, names)
	a.retain(o, values["snapshot_retention"])
	return created{a.render(o, nil)}, nil
}

// checkGroupKept is checkKept for a snapshot group.
func (a *Array) checkGroupKept(values map[string]any, parent Object) error {
	if isReplicated(parent) {
		if err := a.needRemoteRetention(values, parent, "snapshot groups"); err != nil {
			return err
		}
		return a.checkRetentionAndLock(values, "snapshot group")
	}
	if values["snapshot_retention"] != nil {
		return errUnsupported("snapshot_retention")
	}
	return refuseRemoteRetention(values, ofReplicatedGroups)
}

// namesInGroup makes the names of the snapshots: the names of the members between a prefix and a suffix.
func (a *Array) namesInGroup(parent Object, values map[string]any) (map[int]string, error) {
	if values["snap_prefix"] == nil && values["snap_suffix"] == nil {
		return nil, badRequest("MISSING_FIELD", "A field ('snap_prefix' or 'snap_suffix') is missing in an object passed")
	}
	part := map[string]string{}
	for _, name := range []string{"snap_prefix", "snap_suffix"} {
		part[name], _ = values[name].(string)
		if !legalCharacters(part[name]) || part[name] == " " {
			return nil, errWrong(name, part[name], "must include valid name characters only")
		}
	}
	names := map[int]string{}
	for _, m := range a.inside(parent) {
		names[m.id()] = part["snap_prefix"] + m.name() + part["snap_suffix"]
		if len(names[m.id()]) > maxNameLength {
			return nil, badRequest("SG_MEMBER_INVALID_NAME_LENGTH", "Snapshot group member generated name, which is a combination of the member's name with the prefix is too long. Name must be of length between 1 and %d characters", maxNameLength)
		}
	}
	return names, nil
}

// checkGroupSnapshot refuses to take a snapshot of a group that is not fit for one.
func (a *Array) checkGroupSnapshot(parent Object, names map[int]string) error {
	switch {
	case isSnapshot(parent):
		return conflict("SG_SNAP_NOT_ALLOWED", "Cannot take a snapshot of a snapshot group")
	case len(names) == 0:
		return conflict("CG_SNAP_WITH_NO_MEMBERS", "Cannot take a snapshot of an empty consistency group")
	case a.children[parent.id()] >= a.limits.SnapshotGroups:
		return conflict("SG_CG_COUNT_LIMIT", "A new snapshot group cannot be created. The consistency group has reached the maximum number of snapshot groups")
	}
	if err := a.unlocked(parent); err != nil {
		return err
	}
	if err := a.checkDatasetCount(len(names)); err != nil {
		return err
	}
	for _, m := range a.inside(parent) {
		if err := m.of().freeKey(names[m.id()], 0); err != nil {
			return err
		}
		if err := a.checkFamily(m); err != nil {
			return err
		}
	}
	return nil
}

// snapshotGroupOf makes a snapshot group, with values of its own and a snapshot of each member under the name given.
// The members share its lock; retention is the group's alone.
func (a *Array) snapshotGroupOf(parent Object, values map[string]any, names map[int]string) Object {
	o := a.make(a.groups, map[string]any{"type": "SNAPSHOT", "parent_id": parent.id(), "pool_id": parent["pool_id"]})
	o[".replicated"] = isReplicated(parent)
	maps.Copy(o, values)
	a.add(o)
	a.children[parent.id()]++
	for _, m := range a.inside(parent) {
		a.join(o, a.snapshotOf(m, map[string]any{"name": names[m.id()], "lock_expires_at": o["lock_expires_at"]}))
	}
	return o
}

// groupAndSource are the group whose members are overwritten, and the one that their contents come from.
func (a *Array) groupAndSource(rq *request) (group, source Object, err error) {
	if group, err = rq.own(a.groups); err != nil {
		return nil, nil, err
	}
	id, err := rq.sourceID()
	if err != nil {
		return nil, nil, err
	}
	source, err = a.groups.find(id)
	return group, source, err
}

// restoreGroup gives the members of a consistency group the contents that they had in a snapshot group. Members
// that joined later stay as they are.
func (a *Array) restoreGroup(rq *request) (any, error) {
	group, source, err := a.groupAndSource(rq)
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Restoring a consistency group '%s' that has datasets added after taking a snapshot group will restore only the snapshotted datasets. The datasets that were added to the consistency group after the snapshot group was taken, will not be restored", group.name()); err != nil {
		return nil, err
	}
	switch {
	case source.int("parent_id") != group.id():
		return nil, conflict("ILLEGAL_CG_RESTORE_REQUEST", "Consistency group can only be restored from one of its snapshot groups")
	case isReplicated(group):
		return nil, conflict("REPLICATED_CG_RESTORE_NOT_ALLOWED", "A replicated consistency group cannot be restored")
	}
	if err := a.unlocked(group); err != nil {
		return nil, err
	}
	grown := 0
	for _, snapshot := range a.inside(source) {
		volume := a.volumes.objects[snapshot.int("parent_id")]
		if volume.bool("write_protected") {
			return nil, errProtected(volume)
		}
		grown += virtualSize(Object{"size": snapshot["size"]}) - virtualSize(volume)
	}
	if err := a.room(a.poolOf(group), grown, 0); err != nil {
		return nil, err
	}
	for _, snapshot := range a.inside(source) {
		volume := a.volumes.objects[snapshot.int("parent_id")]
		a.reaccount(volume, func() { volume["size"] = snapshot["size"] })
		a.touch(volume)
	}
	a.touch(group)
	return true, nil
}

// refreshGroup takes the snapshots of a snapshot group again, from the volumes as they are now.
func (a *Array) refreshGroup(rq *request) (any, error) {
	group, source, err := a.groupAndSource(rq)
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Refreshing snapshot group '%s' will overwrite its members data", group.name()); err != nil {
		return nil, err
	}
	switch {
	case !isSnapshot(group):
		return nil, conflict("SG_REFRESH_NOT_SG", "The specified entity is not a snapshot group")
	case group.int("parent_id") != source.id():
		return nil, conflict("SG_REFRESH_NOT_DIRECT_SNAPSHOT", "The specified snapshot group is not a child of the specified consistency group")
	case a.locked(group):
		return nil, errLockedGroup
	case len(a.inGroup[group.id()]) != len(a.inGroup[source.id()]):
		return nil, conflict("SG_REFRESH_INCONSISTENT_MEMBERS_NUMBER", "The number of snapshots in the snapshot group is inconsistent with the number of members in the consistency group")
	}
	if err := a.unlocked(group); err != nil {
		return nil, err
	}
	members := a.inside(group)
	for _, snapshot := range members {
		if a.children[snapshot.id()] > 0 {
			return nil, errRefreshChildren
		}
	}
	for _, snapshot := range members {
		snapshot["size"] = a.volumes.objects[snapshot.int("parent_id")]["size"]
		a.touch(snapshot)
	}
	a.touch(group)
	return a.render(group, nil), nil
}

// promoteGroup makes a snapshot group a consistency group, and its snapshots volumes.
func (a *Array) promoteGroup(rq *request) (any, error) {
	group, err := a.groups.get(rq.path[0])
	if err != nil {
		return nil, notFound("ENTITY_NOT_FOUND", "Entity not found")
	}
	pool := a.poolOf(group)
	if err := rq.mayChange(group); err != nil {
		return nil, err
	}
	if err := rq.needApproval("Promoting this snap group will prevent the option to create a new replica with this snap group as base entity"); err != nil {
		return nil, err
	}
	members := a.inside(group)
	if err := a.checkGroupPromotion(group, pool, members); err != nil {
		return nil, err
	}
	for _, snapshot := range members {
		a.promote(snapshot)
	}
	a.children[group.int("parent_id")]--
	a.retain(group, nil)
	maps.Copy(group, Object{
		"type": "MASTER", "parent_id": 0, "lock_expires_at": nil,
		"created_by_snapshot_policy_id": nil, "created_by_snapshot_policy_name": nil,
		"created_by_schedule_id": nil, "created_by_schedule_name": nil,
	})
	a.touch(group)
	return a.render(group, nil), nil
}

func (a *Array) checkGroupPromotion(group, pool Object, members []Object) error {
	switch {
	case !isSnapshot(group):
		return errPromoteMaster
	case a.locked(group):
		return conflict("PROMOTE_LOCKED_SG", "This snap group is locked and cannot be promoted")
	case pool.text("state") == "LOCKED":
		return conflict("PROMOTE_SNAPSHOT_TO_LOCKED_POOL", "Cannot promote this snapshot because the pool is locked")
	}
	size, promotions := 0, map[int]int{}
	for _, snapshot := range members {
		if a.children[snapshot.id()] > 0 {
			return conflict("PROMOTE_SG_WITH_CHILDREN", "Some members of this snap group have sub-snapshots. The snap group cannot be promoted")
		}
		promotions[snapshot.int(".line")]++
		if err := a.checkPromotions(snapshot, promotions[snapshot.int(".line")]); err != nil {
			return err
		}
		size += roundUp(snapshot.int("size"), virtualUnit)
	}
	if err := a.checkDatasetCount(len(members)); err != nil { // the array keeps internal copies
		return err
	}
	return a.room(pool, size, 0)
}
