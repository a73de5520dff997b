package infinibox

import (
	"maps"
	"strings"
	"time"
)

// errLocked is for what may not be done to a locked snapshot.
var errLocked = &apiError{"INVALID_OPERATION_ON_LOCKED_SNAPSHOT", 409, "This operation is not allowed on a locked snapshot until its lock expires"}

const longestLock = 365 * 24 * int(time.Hour/time.Millisecond)

// locked tells whether a snapshot's lock has still to expire.
func (a *Array) locked(volume Object) bool {
	return volume.int("lock_expires_at") > a.clock()
}

func (a *Array) createSnapshot(rq *request, body map[string]any) (any, error) {
	values, err := a.volumes.creation(body, "pool_id", "size", "provtype", "udid", "snapshot_policy_id", "compression_enabled")
	if err != nil {
		return nil, err
	}
	parent, err := a.volumes.find(values["parent_id"].(int))
	if err != nil {
		return nil, err
	}
	if err := rq.mayModify(a.poolOf(parent)); err != nil {
		return nil, err
	}
	if values["ssa_express_enabled"] == true {
		return nil, errSSAExpressType
	}
	if err := a.checkVolumeName(values["name"].(string), 0); err != nil {
		return nil, err
	}
	if err := unlocked(a.poolOf(parent)); err != nil {
		return nil, err
	}
	if err := checkRemoteRetention(values); err != nil {
		return nil, err
	}
	if err := a.checkFamily(parent, 1); err != nil {
		return nil, err
	}
	if values["lock_expires_at"] != nil {
		if err := a.checkLock(values["lock_expires_at"].(int), values["write_protected"] != false); err != nil {
			return nil, err
		}
	}
	o := a.snapshotOf(parent, values)
	return created{a.render(a.volumes, o, nil)}, nil
}

// checkFamily refuses more snapshots of a volume than its family may have.
func (a *Array) checkFamily(parent Object, more int) error {
	if err := a.checkDatasetCount(more); err != nil {
		return err
	}
	family := parent.int("family_id")
	if n := a.families[family]; n+more > a.limits.FamilySnapshots {
		root := a.volumes.objects[family]
		if root == nil {
			root = parent
		}
		return conflict("MAX_FAMILY_SIZE", "The volume family whose root is '%s' now has %d snapshots, which is the maximum allowed. New snapshots for this family can only be created after other snapshots are deleted", root.name(), n)
	}
	if parent.int("depth") >= a.limits.TreeDepth {
		return conflict("MAX_TREE_DEPTH", "Tree depth limit reached")
	}
	return nil
}

// snapshotOf makes a snapshot of a volume, with values of its own.
func (a *Array) snapshotOf(parent Object, values map[string]any) Object {
	o := a.make(a.volumes, map[string]any{
		"type": "SNAPSHOT", "parent_id": parent.id(), "family_id": parent["family_id"], "depth": parent.int("depth") + 1,
		"pool_id": parent["pool_id"], "size": parent["size"], "provtype": "THIN", "write_protected": true,
		"ssd_enabled": parent["ssd_enabled"], "compression_enabled": parent["compression_enabled"],
		"data_reduction_ratio": nil,
	})
	maps.Copy(o, values)
	if retention, ok := values["snapshot_retention"].(int); ok {
		o["snapshot_expires_at"] = o.int("created_at") + retention*1000
	}
	a.addVolume(o)
	return o
}

// checkLock checks a moment until which a snapshot is to be locked.
func (a *Array) checkLock(until int, writeProtected bool) error {
	switch {
	case !writeProtected:
		return conflict("WRITABLE_LOCKED_SNAPSHOT", "A snapshot cannot be both writable and locked")
	case until <= a.clock():
		return conflict("INVALID_LOCK_EXPIRY", "Lock expiry date has to be in the future")
	case until > a.clock()+longestLock:
		return conflict("INVALID_LOCK_DURATION", "Lock expiry cannot exceed 365 days")
	}
	return nil
}

// setLock locks a snapshot, or locks it for longer.
func (a *Array) setLock(volume Object, value any) error {
	if !isSnapshot(volume) {
		return conflict("INVALID_LOCK_ENTITY_TYPE", "Locking volume is not allowed")
	}
	now := utc(volume.int("lock_expires_at"))
	until, _ := value.(int)
	switch {
	case value == nil && a.locked(volume):
		return conflict("UNLOCK_FORBIDDEN", "Snapshot '%s' is locked until '%s' UTC, the lock cannot be removed", volume.name(), now)
	case value == nil:
		volume["lock_expires_at"] = nil
		return nil
	case a.locked(volume) && until < volume.int("lock_expires_at"):
		return conflict("LOCK_EXPIRY_TOO_SHORT", "The lock expiry of snapshot '%s' cannot be lowered. Current expiry time is '%s' UTC", volume.name(), now)
	}
	if err := a.checkLock(until, volume.bool("write_protected")); err != nil {
		return err
	}
	volume["lock_expires_at"] = until
	return nil
}

// sourceID reads the source of a restore or refresh: {"source_id": 1} or a bare number.
func (rq *request) sourceID() (int, error) {
	value, err := decode(rq.body)
	if err != nil {
		return 0, errMalformed
	}
	if body, ok := value.(map[string]any); ok {
		return requiredInteger(body, "source_id")
	}
	if id, ok := toInt(value); ok {
		return id, nil
	}
	return 0, errMalformed
}

// restoreVolume gives a volume the contents, and so the size, that one of its descendants has.
func (a *Array) restoreVolume(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	id, err := rq.sourceID()
	if err != nil {
		return nil, err
	}
	source, err := a.volumes.find(id)
	if err != nil {
		return nil, err
	}
	if err := rq.mayUse(volume); err != nil {
		return nil, err
	}
	if err := rq.needApproval("Restoring volume '%s' will overwrite its data", volume.name()); err != nil {
		return nil, err
	}
	switch {
	case a.locked(volume):
		return nil, errLocked
	case volume.bool("write_protected"):
		return nil, conflict("PROTECTED_DATASET_CANNOT_BE_RESTORED", "A dataset (%s) that is write-protected cannot be restored", volume.name())
	case !a.descends(source, volume):
		return nil, conflict("ILLEGAL_RESTORE_REQUEST", "Dataset cannot be restored. %s is not a descendant of %s", source.name(), volume.name())
	}
	if err := unlocked(a.poolOf(volume)); err != nil {
		return nil, err
	}
	if err := a.resizeWithin(volume, source.int("size")); err != nil {
		return nil, err
	}
	a.touch(volume)
	return true, nil
}

// descends tells whether a snapshot was taken of a volume, or of a snapshot of it.
func (a *Array) descends(snapshot, volume Object) bool {
	for snapshot != nil && snapshot.int("parent_id") != 0 {
		if snapshot.int("parent_id") == volume.id() {
			return true
		}
		snapshot = a.volumes.objects[snapshot.int("parent_id")]
	}
	return false
}

// refreshSnapshot takes a snapshot again, from its parent as it is now.
func (a *Array) refreshSnapshot(rq *request) (any, error) {
	target, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, notFound("DATASET_NOT_FOUND", "Dataset not found")
	}
	id, err := rq.sourceID()
	if err != nil {
		return nil, err
	}
	source := a.volumes.objects[id]
	if source == nil {
		return nil, notFound("DATASET_NOT_FOUND", "Dataset not found")
	}
	if err := rq.mayUse(target); err != nil {
		return nil, err
	}
	if err := rq.needApproval("Refreshing snapshot '%s' will overwrite its data", target.name()); err != nil {
		return nil, err
	}
	switch {
	case !isSnapshot(target):
		return nil, conflict("REFRESH_TARGET_NOT_SNAPSHOT", "The target that is provided for this operation is not a snapshot")
	case target.int("parent_id") != source.id():
		return nil, conflict("REFRESH_TARGET_NOT_DIRECT_SNAPSHOT", "The target that is provided for this operation is not a direct snapshot of the source")
	case a.children[target.id()] > 0:
		return nil, conflict("REFRESH_TARGET_HAS_CHILDREN", "The target that is provided for this operation has children")
	case a.locked(target):
		return nil, errLocked
	}
	if err := unlocked(a.poolOf(target)); err != nil {
		return nil, err
	}
	target["size"] = source["size"]
	a.touch(target)
	return a.render(a.volumes, target, nil), nil
}

// promoteSnapshot makes a snapshot a volume of its own.
func (a *Array) promoteSnapshot(rq *request) (any, error) {
	snapshot, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	pool := a.poolOf(snapshot)
	if err := rq.mayModify(pool); err != nil {
		return nil, err
	}
	if err := rq.needApproval("If this snapshot is promoted, its retention period will be cleared"); err != nil {
		return nil, err
	}
	switch {
	case !isSnapshot(snapshot):
		return nil, conflict("PROMOTE_MASTER_ENTITY", "Only snapshots and snap groups can be promoted")
	case a.children[snapshot.id()] > 0:
		return nil, conflict("PROMOTE_SNAPSHOT_WITH_CHILDREN", "This snapshot has sub-snapshots and cannot be promoted")
	case a.locked(snapshot):
		return nil, conflict("PROMOTE_LOCKED_SNAPSHOT", "This snapshot is locked and cannot be promoted")
	}
	if err := unlocked(pool); err != nil {
		return nil, err
	}
	if err := a.checkDatasetCount(1); err != nil { // the array keeps an internal copy
		return nil, err
	}
	if err := a.room(pool, roundUp(snapshot.int("size"), virtualUnit), 0); err != nil {
		return nil, err
	}
	a.children[snapshot.int("parent_id")]--
	a.families[snapshot.int("family_id")]--
	a.reaccount(snapshot, func() {
		maps.Copy(snapshot, Object{
			"type": "MASTER", "parent_id": 0, "family_id": snapshot.id(), "depth": 0, "write_protected": false,
			"snapshot_retention": nil, "snapshot_expires_at": nil, "lock_expires_at": nil,
			"promote_source_id": a.nextID(), "has_internal_children": true,
			"data_reduction_ratio": a.volumes.byName["data_reduction_ratio"].initial, "compression_suppressed": false, "capacity_savings": 0,
		})
	})
	a.touch(snapshot)
	return a.render(a.volumes, snapshot, nil), nil
}

// ownSnapshot always refuses: nothing is replicated, so there are no replication snapshots.
func (a *Array) ownSnapshot(rq *request) (any, error) {
	if _, err := a.volumes.get(rq.path[0]); err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, errEmpty
	}
	if name, ok := body["name"].(string); ok {
		if err := a.checkVolumeName(name, 0); err != nil {
			return nil, err
		}
	}
	return nil, notFound("NO_RMR_SNAPSHOT_FOUND", "No replication snapshots found")
}

func (a *Array) resetSerial(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if isSnapshot(volume) {
		return nil, conflict("CANNOT_RESET_VOLUME_SERIAL", "Cannot reset volume serial since it is a snapshot")
	}
	a.setSerial(volume, a.nextID())
	a.touch(volume)
	return a.render(a.volumes, volume, nil), nil
}

// member is one volume of which a group snapshot is taken.
type member struct {
	volume Object
	name   string // of its snapshot
}

// groupSnapshot takes snapshots of several volumes at once, of all or of none.
func (a *Array) groupSnapshot(rq *request) (any, error) {
	members, err := a.groupMembers(rq)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, m := range members {
		if taken[strings.ToLower(m.name)] {
			return nil, badRequest("DATASET_NAME_WILL_BE_DUPLICATED", "volume name '%s' would be duplicated", m.name)
		}
		taken[strings.ToLower(m.name)] = true
	}
	for _, m := range members {
		if m.volume["pool_id"] != members[0].volume["pool_id"] {
			return nil, conflict("DATASET_BELONG_TO_DIFFERENT_POOL", "volume '%s' belongs to a different pool", m.volume.name())
		}
		if err := rq.mayModify(a.poolOf(m.volume)); err != nil {
			return nil, err
		}
		if err := unlocked(a.poolOf(m.volume)); err != nil {
			return nil, err
		}
		if err := a.checkVolumeName(m.name, 0); err != nil {
			return nil, err
		}
		if err := a.checkFamily(m.volume, 1); err != nil {
			return nil, err
		}
	}
	if err := a.checkDatasetCount(len(members)); err != nil {
		return nil, err
	}
	snapshots := []any{}
	for _, m := range members {
		o := a.snapshotOf(m.volume, map[string]any{"name": m.name})
		snapshots = append(snapshots, a.render(a.volumes, o, nil))
	}
	return created{snapshots}, nil
}

func (a *Array) groupMembers(rq *request) ([]member, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	entities, ok := body["entities"].([]any)
	if !ok {
		return nil, errMissing("entities")
	}
	if len(entities) > a.limits.GroupMembers {
		return nil, conflict("GROUP_MEMBERS_LIMIT_EXCEEDED", "A snapshot group cannot have more than %d members", a.limits.GroupMembers)
	}
	prefix, _ := body["snap_prefix"].(string)
	suffix, _ := body["snap_suffix"].(string)
	var members []member
	seen := map[int]bool{}
	for _, entity := range entities {
		fields, _ := entity.(map[string]any)
		id, err := requiredInteger(fields, "id")
		if err != nil {
			return nil, err
		}
		if seen[id] {
			return nil, errWrong("entity id", id, " unique")
		}
		seen[id] = true
		volume, err := a.volumes.find(id)
		if err != nil {
			return nil, err
		}
		name, ok := fields["snap_name"].(string)
		if !ok {
			name = prefix + volume.name() + suffix
		}
		members = append(members, member{volume, name})
	}
	return members, nil
}

// simulateDeletion tells how many bytes the deletion of volumes would free.
func (a *Array) simulateDeletion(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	entities, ok := body["entities"].([]any)
	if !ok {
		return nil, badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (null) for field ('entities')")
	}
	freed := 0
	for _, entity := range entities {
		id, _ := toInt(entity)
		volume, err := a.volumes.find(id)
		if err != nil {
			return nil, err
		}
		if volume["promote_source_id"] != nil {
			if err := rq.needApproval("This involves a dataset that was previously part of a promote action. The calculation might be inaccurate"); err != nil {
				return nil, err
			}
		}
		freed += physicalSize(volume)
	}
	return map[string]any{"valid": true, "space_reclaimable": freed}, nil
}
