package infinibox

import "time"

// A snapshot or snapshot group can be locked until a moment: it can then not be changed or deleted before.

// errLocked is for what may not be done to a locked snapshot.
var errLocked = &apiError{"INVALID_OPERATION_ON_LOCKED_SNAPSHOT", 409, "This operation is not allowed on a locked snapshot until its lock expires"}

const longestLock = 365 * 24 * int(time.Hour/time.Millisecond)

// locked tells whether a lock has still to expire.
func (a *Array) locked(o Object) bool {
	return o.int("lock_expires_at") > a.clock()
}

func lockState(a *Array, o Object) any {
	if a.locked(o) {
		return "LOCKED"
	}
	return "UNLOCKED"
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

// checkLockChange checks a snapshot or snapshot group that is to be locked, or locked for longer.
func checkLockChange(ch *change) error {
	if ch.isNew() {
		return nil
	}
	o, kind := ch.before, groupOrKind(ch.before)
	if !isSnapshot(o) {
		return conflict("INVALID_LOCK_ENTITY_TYPE", "Locking %s is not allowed", kind)
	}
	if o["cg_id"] != nil {
		return errLockForbidden(o, "member of a snap-group")
	}
	now := utc(o.int("lock_expires_at"))
	until, given := ch.after["lock_expires_at"].(int)
	switch {
	case !given && ch.a.locked(o):
		return conflict("UNLOCK_FORBIDDEN", "%s '%s' is locked until '%s' UTC, the lock cannot be removed", capital(kind), o.name(), now)
	case !given:
		return nil
	case ch.a.locked(o) && until < o.int("lock_expires_at"):
		return conflict("LOCK_EXPIRY_TOO_SHORT", "The lock expiry of %s '%s' cannot be lowered. Current expiry time is '%s' UTC", kind, o.name(), now)
	case ch.after["write_protected"] == false:
		return errLockForbidden(o, "write-enabled")
	}
	return ch.a.checkLock(until, true)
}

func errLockForbidden(o Object, why string) error {
	return conflict("SNAPSHOT_LOCK_FORBIDDEN", "Snapshot '%s' cannot be further locked as it is %s", o.name(), why)
}

// groupOrKind is how messages call a dataset or a group, a snapshot as such.
func groupOrKind(o Object) string {
	if isGroup(o) {
		return groupNoun(o)
	}
	return kindOf(o)
}
