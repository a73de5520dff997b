package infinibox

import (
	"net/http"
	"sort"
)

// A consistency group (type MASTER) holds volumes of one pool. A snapshot group (type SNAPSHOT) is taken of a
// consistency group and holds a snapshot of each of its members. Both are in one collection.
func newGroups() *collection {
	return newCollection(collection{
		path: "cgs", kind: "cg", noun: "Consistency group", absent: "CG_NOT_FOUND", taken: "CG_NAME_CONFLICT",
		command: "GetAllCGs",
		computed: map[string]func(a *Array, o Object) any{
			"pool_name":            func(a *Array, o Object) any { return a.poolOf(o).name() },
			"members_count":        func(a *Array, o Object) any { return len(a.inGroup[o.id()]) },
			"has_children":         func(a *Array, o Object) any { return a.children[o.id()] > 0 },
			"is_replicated":        func(_ *Array, o Object) any { return isReplicated(o) },
			"lock_state":           lockState,
			"snapshot_policy_name": policyName,
		},
	}, `
		id                              integer  filter sort
		name                            text     filter sort required update
		type                            text(MASTER|SNAPSHOT)  filter sort  ="MASTER"
		pool_id                         integer  filter sort required
		pool_name                       text     filter sort
		parent_id                       integer  filter sort create  =0
		has_children                    boolean
		members_count                   integer  filter sort
		is_replicated                   boolean  filter sort
		replica_ids                     list     =[]
		replication_types               list(NONE|ASYNC_SOURCE|ASYNC_TARGET|SYNC_SOURCE|SYNC_TARGET|ACTIVE_ACTIVE)  filter  =["NONE"]
		rmr_snapshot_guid               text     filter sort
		tenant_id                       integer  filter sort
		created_at                      integer  filter sort
		updated_at                      integer  filter sort
		lock_expires_at                 integer  filter sort create update null
		lock_state                      text
		snapshot_policy_id              integer  filter sort create update null
		snapshot_policy_name            text     filter sort
		snapshot_retention              integer  filter sort update null
		snapshot_expires_at             integer
		remote_snapshot_retention       integer  filter sort create null
		remote_snapshot_retention_lock  boolean  filter sort create null
		created_by_snapshot_policy_id   integer  filter sort
		created_by_snapshot_policy_name text     filter sort
		created_by_schedule_id          integer  filter sort
		created_by_schedule_name        text     filter sort
		snap_prefix                     text     create null hidden
		snap_suffix                     text     create null hidden
	`)
}

func (a *Array) groupRoutes(r router) {
	r.collection(a, a.groups, []string{"include_data_reduction_hist"}, actions{
		create: a.createGroup, createRoles: poolAdmins,
		update: a.updateGroup, updateRoles: poolAdmins,
		remove: a.deleteGroup, removeRoles: poolAdmins,
	})
	r.read("/cgs/{id}/members", a.groupMembersOf)
	post := func(path string, h handler) { r.write(http.MethodPost, "/cgs/{id}/"+path, poolAdmins, h) }
	post("members", a.addGroupMember)
	post("move", a.moveGroup)
	post("restore", a.restoreGroup)
	post("refresh", a.refreshGroup)
	post("promote", a.promoteGroup)
	r.write(http.MethodDelete, "/cgs/{id}/members/{dataset_id}", poolAdmins, a.removeGroupMember)
}

// inside returns the members of a group in the order of their ids.
func (a *Array) inside(group Object) []Object {
	members := make([]Object, 0, len(a.inGroup[group.id()]))
	for id := range a.inGroup[group.id()] {
		members = append(members, a.volumes.objects[id])
	}
	sort.Slice(members, func(i, j int) bool { return members[i].id() < members[j].id() })
	return members
}

// groupOf is the group that a volume or snapshot is in, or nil.
func (a *Array) groupOf(volume Object) Object { return a.groups.objects[volume.int("cg_id")] }

func (a *Array) join(group, volume Object) {
	if a.inGroup[group.id()] == nil {
		a.inGroup[group.id()] = map[int]bool{}
	}
	a.inGroup[group.id()][volume.id()] = true
	volume["cg_id"] = group.id()
}

func (a *Array) leave(volume Object) {
	delete(a.inGroup[volume.int("cg_id")], volume.id())
	volume["cg_id"] = nil
}

// snapshotGroups returns the snapshot groups of a consistency group.
func (a *Array) snapshotGroups(group Object) []Object {
	var taken []Object
	if a.children[group.id()] == 0 {
		return nil
	}
	for _, o := range a.groups.all() {
		if o.int("parent_id") == group.id() {
			taken = append(taken, o)
		}
	}
	return taken
}

// ownGroup finds the group of a path, which the user must be allowed to change.
func (a *Array) ownGroup(rq *request) (Object, error) {
	group, err := a.groups.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	return group, rq.mayModify(a.poolOf(group))
}

func (a *Array) createGroup(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	if parent, ok := body["parent_id"]; ok && parent != nil {
		return a.createSnapshotGroup(rq, body)
	}
	values, err := a.groups.creation(body, "snap_prefix", "snap_suffix")
	if err != nil {
		return nil, err
	}
	if err := a.checkNewGroup(rq, values); err != nil {
		return nil, err
	}
	policy, err := a.policyOfNew(values)
	if err != nil {
		return nil, err
	}
	o := a.make(a.groups, values)
	a.add(a.groups, o)
	a.setPolicy(o, policy)
	return created{a.render(a.groups, o, nil)}, nil
}

func (a *Array) checkNewGroup(rq *request, values map[string]any) error {
	if err := a.groups.freeName(values["name"].(string), 0); err != nil {
		return err
	}
	pool, err := a.pools.find(values["pool_id"].(int))
	if err != nil {
		return err
	}
	if err := rq.mayModify(pool); err != nil {
		return err
	}
	if err := unlocked(pool); err != nil {
		return err
	}
	switch {
	case pool.text("type") == "VVOL":
		return conflict("ILLEGAL_POOL_TYPE_FOR_CG", "A CG cannot be created within a vVol pool")
	case values["lock_expires_at"] != nil:
		return conflict("INVALID_LOCK_ENTITY_TYPE", "Locking MASTER is not allowed")
	case a.countGroups("MASTER") >= a.limits.Groups:
		return conflict("CG_COUNT_LIMIT", "Consistency group count limit reached")
	}
	return checkGroupRetention(values)
}

// checkGroupRetention refuses what only snapshot groups of replicated groups have.
func checkGroupRetention(values map[string]any) error {
	for _, name := range []string{"remote_snapshot_retention", "remote_snapshot_retention_lock"} {
		if values[name] != nil {
			return remoteRetentionError(name, "snapshot groups of replicated consistency groups")
		}
	}
	return nil
}

func (a *Array) countGroups(kind string) int {
	count := 0
	for _, o := range a.groups.objects {
		if o.text("type") == kind {
			count++
		}
	}
	return count
}

// updateGroup changes the name, the policy, the lock and the retention, also several at once.
func (a *Array) updateGroup(rq *request) (any, error) {
	group, err := a.ownGroup(rq)
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.groups.change(body)
	if err != nil {
		return nil, err
	}
	if err := unlocked(a.poolOf(group)); err != nil {
		return nil, err
	}
	for _, name := range sortedKeys(values) {
		if err := a.setGroup(rq, group, name, values[name]); err != nil {
			return nil, err
		}
	}
	a.touch(group)
	return a.render(a.groups, group, nil), nil
}

func (a *Array) setGroup(rq *request, group Object, name string, value any) error {
	switch name {
	case "lock_expires_at":
		return a.lockGroup(group, value)
	case "snapshot_retention":
		return a.setRetention(rq, group, value)
	case "snapshot_policy_id":
		return a.changePolicy(rq, group, value)
	}
	// The reference has INVALID_OPERATION_ON_LOCKED_SNAPSHOT for an update, and no other field is left to cause it.
	if a.locked(group) {
		return errLockedGroup
	}
	if err := a.groups.freeName(value.(string), group.id()); err != nil {
		return err
	}
	a.groups.rename(group, value.(string))
	return nil
}

// lockGroup locks a snapshot group with all its members, or locks it for longer.
func (a *Array) lockGroup(group Object, value any) error {
	if until, ok := value.(int); ok && isSnapshot(group) && until > a.clock() {
		for _, m := range a.inside(group) {
			if !m.bool("write_protected") {
				return conflict("SNAPSHOT_LOCK_FORBIDDEN", "Snapshot '%s' cannot be further locked as it is write-enabled", m.name())
			}
		}
	}
	if err := a.setLock(group, value); err != nil {
		return err
	}
	for _, m := range a.inside(group) {
		m["lock_expires_at"] = group["lock_expires_at"]
	}
	return nil
}

// deleteGroup disbands a group, or deletes its members with it. The snapshot groups of a consistency group go
// with it; their snapshots stay, unless the volumes they were taken of are deleted.
func (a *Array) deleteGroup(rq *request) (any, error) {
	group, err := a.ownGroup(rq)
	if err != nil {
		return nil, err
	}
	withMembers, _ := toBool(rq.query.Get("delete_members"))
	noun := groupNoun(group)
	if err := rq.needApproval("Deleting the %s will break the consistency of its members. In case the delete_members parameters is set to yes, the %s members are deleted.", noun, noun); err != nil {
		return nil, err
	}
	if err := a.checkGroupDeletion(group, withMembers); err != nil {
		return nil, err
	}
	result := a.render(a.groups, group, nil)
	for _, taken := range a.snapshotGroups(group) {
		a.dropGroup(taken)
	}
	members := a.inside(group)
	a.dropGroup(group)
	if withMembers {
		a.dropFamily(members...)
	}
	return result, nil
}

// groupNoun is how messages call a group.
func groupNoun(group Object) string {
	if isSnapshot(group) {
		return "snapshot group"
	}
	return "consistency group"
}

func (a *Array) checkGroupDeletion(group Object, withMembers bool) error {
	if isReplicated(group) {
		return conflict("REPLICATED_CG_CANNOT_BE_DELETED", "A replicated consistency group cannot be deleted. Remove the replication, then delete the consistency group")
	}
	if err := unlocked(a.poolOf(group)); err != nil {
		return err
	}
	if a.children[group.id()] > a.limits.GroupDeletion {
		return conflict("SG_CG_DELETE_LIMIT", "The consistency group cannot be deleted: it contains more than the maximum number of snapshot groups allowed for a delete operation")
	}
	for _, o := range append(a.snapshotGroups(group), group) {
		if a.locked(o) {
			return conflict("DELETE_LOCKED_SNAPSHOT", "Snapshot group '%s' is locked, and can only be deleted after '%s' UTC", o.name(), utc(o.int("lock_expires_at")))
		}
	}
	if !withMembers {
		return nil
	}
	for _, m := range a.inside(group) {
		if err := a.checkDeletion(m, a.descendants(m)); err != nil {
			return err
		}
	}
	return nil
}

// dropGroup takes a group out of the array; its members stay.
func (a *Array) dropGroup(group Object) {
	for _, m := range a.inside(group) {
		a.leave(m)
	}
	if parent := group.int("parent_id"); parent != 0 {
		a.children[parent]--
	}
	delete(a.inGroup, group.id())
	a.setPolicy(group, 0)
	delete(a.expiring, group.id())
	a.remove(a.groups, group)
}
