package infinibox

import (
	"fmt"
	"net/http"
)

// A consistency group (type MASTER) holds volumes of one pool. A snapshot group (type SNAPSHOT) is taken of a
// consistency group and holds a snapshot of each of its members. Both are in one collection.
func newGroups() *collection {
	return newCollection(collection{
		path: "cgs", noun: "Consistency group", event: "CG", absent: "CG_NOT_FOUND", taken: "CG_NAME_CONFLICT", command: "GetAllCGs",
		in: "pool_id", lockable: true, metadata: "cg", search: "cg", policies: "CG",
		creation: by(poolAdmins, "replicate_to_async_target"), updating: by(poolAdmins),
		deletion: by(poolAdmins, "delete_members", "force_if_snapshot_locked"),
		fill:     fillGroup, full: groupsFull, check: checkGroup, stored: groupStored,
		checks: map[string]func(ch *change) error{
			"name":               checkGroupName,
			"lock_expires_at":    checkGroupLock,
			"snapshot_retention": checkRetention,
			"snapshot_policy_id": checkPolicyChange,
		},
		snapshot: func(rq *request, body map[string]any) (any, error) { return rq.a.createSnapshotGroup(rq, body) },
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting the %s will break the consistency of its members. In case the delete_members parameters is set to yes, the %s members are deleted.", groupNoun(o), groupNoun(o))
		},
		keeps:  func(rq *request, o Object) error { return rq.a.checkGroupDeletion(o, rq.withMembers()) },
		delete: func(rq *request, o Object) { rq.a.deleteGroup(o, rq.withMembers()) },
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
		snapshot_retention              integer  filter sort create update null
		snapshot_expires_at             integer
		remote_snapshot_retention       integer  filter sort create null
		remote_snapshot_retention_lock  integer  filter sort create null
		created_by_snapshot_policy_id   integer  filter sort
		created_by_snapshot_policy_name text     filter sort
		created_by_schedule_id          integer  filter sort
		created_by_schedule_name        text     filter sort
		snap_prefix                     text     create null hidden
		snap_suffix                     text     create null hidden
	`)
}

func (a *Array) groupRoutes(r router) {
	r.serve(a, a.groups)
	r.list("/cgs/{id}/members", a.groupMembersOf)
	post := func(path string, h handler) { r.write(http.MethodPost, "/cgs/{id}/"+path, poolAdmins, h) }
	post("members", a.addGroupMember)
	post("move", a.moveGroup)
	post("restore", a.restoreGroup)
	r.writeWith(http.MethodPost, "/cgs/{id}/refresh", by(poolAdmins, "force_if_replicated_on_target"), a.refreshGroup)
	post("promote", a.promoteGroup)
	r.writeWith(http.MethodDelete, "/cgs/{id}/members/{dataset_id}", by(poolAdmins, removalOptions...), a.removeGroupMember)
}

func isGroup(o Object) bool { return o.of().policies == "CG" }

// inside returns the members of a group in the order of their ids.
func (a *Array) inside(group Object) []Object {
	members := make([]Object, 0, len(a.inGroup[group.id()]))
	for id := range a.inGroup[group.id()] {
		members = append(members, a.volumes.objects[id])
	}
	byID(members)
	return members
}

// groupOf is the group that a volume or snapshot is in, or nil.
func (a *Array) groupOf(volume Object) Object { return a.groups.objects[volume.int("cg_id")] }

func (a *Array) join(group, volume Object) {
	a.enter(group.id(), volume)
	volume["cg_id"] = group.id()
}

// enter notes a member of a group.
func (a *Array) enter(group int, volume Object) {
	if a.inGroup[group] == nil {
		a.inGroup[group] = map[int]bool{}
	}
	a.inGroup[group][volume.id()] = true
}

func (a *Array) leave(volume Object) {
	delete(a.inGroup[volume.int("cg_id")], volume.id())
	volume["cg_id"] = nil
}

// snapshotGroups returns the snapshot groups of a consistency group.
func (a *Array) snapshotGroups(group Object) []Object {
	if a.children[group.id()] == 0 {
		return nil
	}
	return a.groups.where("parent_id", group.id())
}

// fillGroup assigns a new group to the default policy when nothing is said.
func fillGroup(ch *change) {
	if ch.isNew() && !ch.sets("snapshot_policy_id") {
		ch.after["snapshot_policy_id"] = idOf(ch.a.defaultPolicy())
	}
}

func groupsFull(a *Array) error {
	if a.countGroups("MASTER") >= a.limits.Groups {
		return conflict("CG_COUNT_LIMIT", "Consistency group count limit reached")
	}
	return nil
}

// checkGroup checks a new consistency group.
func checkGroup(ch *change) error {
	if !ch.isNew() {
		return nil
	}
	for _, name := range []string{"snap_prefix", "snap_suffix", "snapshot_retention"} {
		if ch.sets(name) {
			return errUnsupported(name)
		}
	}
	switch pool := ch.a.poolOf(ch.after); {
	case isS3(pool):
		return errS3Pool("consistency group", ch.after, pool)
	case pool.text("type") == "VVOL":
		return conflict("ILLEGAL_POOL_TYPE_FOR_CG", "A CG cannot be created within a vVol pool")
	case ch.after["lock_expires_at"] != nil:
		return conflict("INVALID_LOCK_ENTITY_TYPE", "Locking MASTER is not allowed")
	}
	return refuseRemoteRetention(ch.after, ofReplicatedGroups)
}

const ofReplicatedGroups = "snapshot groups of replicated consistency groups"

func (a *Array) countGroups(kind string) int {
	count := 0
	for _, o := range a.groups.objects {
		if o.text("type") == kind {
			count++
		}
	}
	return count
}

// checkGroupName lets a locked snapshot group keep its name. The reference has INVALID_OPERATION_ON_LOCKED_SNAPSHOT for
// an update, and no other field is left to cause it.
func checkGroupName(ch *change) error {
	if !ch.isNew() && ch.a.locked(ch.before) {
		return errLockedGroup
	}
	return nil
}

// checkGroupLock locks a snapshot group only when all its members are write-protected.
func checkGroupLock(ch *change) error {
	until, given := ch.after["lock_expires_at"].(int)
	if !ch.isNew() && given && isSnapshot(ch.before) && until > ch.a.clock() {
		for _, m := range ch.a.inside(ch.before) {
			if !m.bool("write_protected") {
				return errLockForbidden(m, "write-enabled")
			}
		}
	}
	return checkLockChange(ch)
}

// groupStored gives the members the lock of their group, and notes until when it is retained.
func groupStored(ch *change) {
	if ch.isNew() {
		return
	}
	if ch.sets("lock_expires_at") {
		for _, m := range ch.a.inside(ch.after) {
			m["lock_expires_at"] = ch.after["lock_expires_at"]
		}
	}
	if ch.sets("snapshot_retention") {
		ch.a.retain(ch.after, ch.after["snapshot_retention"])
	}
}

// withMembers tells whether a deletion is to delete the members too.
func (rq *request) withMembers() bool {
	with, _ := toBool(rq.query.Get("delete_members"))
	return with
}

// deleteGroup disbands a group, or deletes its members with it. The snapshot groups of a consistency group go
// with it; their snapshots stay, unless the volumes they were taken of are deleted.
func (a *Array) deleteGroup(group Object, withMembers bool) {
	for _, taken := range a.snapshotGroups(group) {
		a.dropGroup(taken)
	}
	members := a.inside(group)
	a.dropGroup(group)
	if withMembers {
		a.dropFamily(members...)
	}
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
	delete(a.expiring, group.id())
	a.remove(group)
}
