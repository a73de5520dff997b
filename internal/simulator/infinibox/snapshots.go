package infinibox

import (
	"maps"
	"time"
)

// errLocked is for what may not be done to a locked snapshot.
var errLocked = &apiError{"INVALID_OPERATION_ON_LOCKED_SNAPSHOT", 409, "This operation is not allowed on a locked snapshot until its lock expires"}

var errRefreshChildren = &apiError{"REFRESH_TARGET_HAS_CHILDREN", 409, "The target that is provided for this operation has children"}

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
	if isTarget(parent) && values["write_protected"] == false {
		return nil, conflict("CANNOT_CREATE_WRITABLE_SNAPSHOT", "A snapshot of a replica target cannot be write-enabled when created")
	}
	if err := a.checkFamily(parent); err != nil {
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

// checkFamily refuses one more snapshot of a volume than its family may have.
func (a *Array) checkFamily(parent Object) error {
	if err := a.checkDatasetCount(1); err != nil {
		return err
	}
	family := parent.int("family_id")
	if n := a.families[family]; n+1 > a.limits.FamilySnapshots {
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
	o[".line"], o[".chain"] = parent[".line"], parent[".chain"]
	maps.Copy(o, values)
	a.addVolume(o)
	if retention, ok := values["snapshot_retention"].(int); ok {
		a.retain(o, retention)
	}
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

// setLock locks a snapshot or snapshot group, or locks it for longer.
func (a *Array) setLock(volume Object, value any) error {
	noun, capital := snapshotNouns(a, volume)
	if !isSnapshot(volume) {
		return conflict("INVALID_LOCK_ENTITY_TYPE", "Locking %s is not allowed", noun)
	}
	if _, isMember := volume["cg_id"].(int); isMember {
		return conflict("SNAPSHOT_LOCK_FORBIDDEN", "Snapshot '%s' cannot be further locked as it is member of a snap-group", volume.name())
	}
	now := utc(volume.int("lock_expires_at"))
	until, _ := value.(int)
	switch {
	case value == nil && a.locked(volume):
		return conflict("UNLOCK_FORBIDDEN", "%s '%s' is locked until '%s' UTC, the lock cannot be removed", capital, volume.name(), now)
	case value == nil:
		volume["lock_expires_at"] = nil
		return nil
	case a.locked(volume) && until < volume.int("lock_expires_at"):
		return conflict("LOCK_EXPIRY_TOO_SHORT", "The lock expiry of %s '%s' cannot be lowered. Current expiry time is '%s' UTC", noun, volume.name(), now)
	}
	if err := a.checkLock(until, volume["write_protected"] != false); err != nil {
		return err
	}
	volume["lock_expires_at"] = until
	return nil
}

// snapshotNouns are how messages call a volume or a group, a snapshot or not.
func snapshotNouns(a *Array, o Object) (noun, capital string) {
	if noun, capital = a.nounOf(o); !isSnapshot(o) {
		return noun, capital
	}
	if noun == "volume" {
		return "snapshot", "Snapshot"
	}
	return "snapshot group", "Snapshot group"
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
		return nil, errProtected(volume)
	case isReplicated(volume):
		return nil, conflict("REPLICATED_DATASET_RESTORE_NOT_ALLOWED", "Replicated volume cannot be restored")
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
	case isTarget(target):
		return nil, conflict("TARGET_REPLICATED_SNAPSHOT_REFRESH_NOT_ALLOWED", "A target replicated snapshot cannot be refreshed")
	case a.children[target.id()] > 0:
		return nil, errRefreshChildren
	case target["cg_id"] != nil:
		return nil, conflict("REFRESH_TARGET_IS_MEMBER_OF_SG", "The target is a member of snapshot group '%s'", a.groupOf(target).name())
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
