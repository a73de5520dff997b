package infinibox

import "strings"

// A snapshot or snapshot group can be kept for a time only, after which the array deletes it. It has such a retention when
// a policy made it, or when what it was taken of is replicated.

// checkKept checks for how long a new object is to be kept, here and on the other system; of is what it is a snapshot of,
// or nil.
func (a *Array) checkKept(values map[string]any, of Object) error {
	if retention, ok := values["remote_snapshot_retention"].(int); ok && retention < 1 {
		return errWrong("remote_snapshot_retention", retention, "must be greater than or equal to 1")
	}
	if !isReplicated(of) {
		if values["snapshot_retention"] != nil {
			return errUnsupported("snapshot_retention")
		}
		return refuseRemoteRetention(values, "snapshots of replicated datasets")
	}
	if err := a.needRemoteRetention(values, of, "snapshots"); err != nil {
		return err
	}
	return a.checkRetentionAndLock(values, "snapshot")
}

func refuseRemoteRetention(values map[string]any, what string) error {
	for _, name := range []string{"remote_snapshot_retention", "remote_snapshot_retention_lock"} {
		if values[name] != nil {
			return conflict("UNSUPPORTED_"+strings.ToUpper(name), "The '%s' field can only be set for %s", name, what)
		}
	}
	return nil
}

// needRemoteRetention lets nothing be left open of a snapshot that goes to the other side.
func (a *Array) needRemoteRetention(values map[string]any, of Object, what string) error {
	replica := a.ownReplica(of)
	if replica == nil || !replica.bool("including_snapshots") || replica["role"] != sourceRole {
		return nil
	}
	for _, name := range []string{"remote_snapshot_retention", "remote_snapshot_retention_lock"} {
		if value, given := values[name]; given && value == nil {
			return conflict(strings.ToUpper(name)+"_INVALID", "The '%s' field for source %s to be replicated cannot be set to null", name, what)
		}
	}
	return nil
}

// checkRetentionAndLock lets no lock of a replicated snapshot outlast its retention.
func (a *Array) checkRetentionAndLock(values map[string]any, kind string) error {
	retention, limited := values["snapshot_retention"].(int)
	if limited && retention < 1 {
		return errWrong("snapshot_retention", retention, "must be greater than or equal to 1")
	}
	if until, locked := values["lock_expires_at"].(int); limited && locked && until > a.clock()+retention*second {
		return conflict("INVALID_LOCK_DURATION_EXCEEDS_SNAPSHOT_RETENTION", "A replicated %s's lock duration cannot be longer than the %s's retention", kind, kind)
	}
	return nil
}

// checkRetention keeps a snapshot or snapshot group for longer, or for ever. Only what a policy made, or what is
// replicated, can be changed so.
func checkRetention(ch *change) error {
	if ch.isNew() {
		return nil
	}
	o := ch.before
	retention, limited := ch.after["snapshot_retention"].(int)
	current, isLimited := o["snapshot_retention"].(int)
	switch {
	case !isSnapshot(o):
		return conflict("NON_SNAPSHOT_RETENTION_CANNOT_BE_MODIFIED", "Only snapshots and snap groups can have a retention time")
	case o["created_by_snapshot_policy_id"] == nil && !o.bool(".replicated"):
		return conflict("SNAPSHOT_RETENTION_FIELD_NOT_SUPPORTED", "The retention cannot be changed because %s '%s' is not a replicated %s, and it was not created by a snapshot policy", groupOrKind(o), o.name(), groupOrKind(o))
	case limited && (!isLimited || retention <= current):
		return conflict("SNAPSHOT_RETENTION_INVALID", "The new snapshot retention must be longer than the current one")
	case !limited:
		return ch.rq.needApproval("%s '%s' will have unlimited retention and will not be deleted automatically", capital(groupOrKind(o)), o.name())
	}
	return nil
}

// retain notes for how long, in seconds from its creation, a snapshot or snapshot group is kept; nil is for ever.
func (a *Array) retain(o Object, value any) {
	o["snapshot_retention"], o["snapshot_expires_at"] = value, nil
	delete(a.expiring, o.id())
	if retention, ok := value.(int); ok {
		expires := o.int("created_at")/second + retention
		o["snapshot_expires_at"] = expires // in seconds, other than all else
		a.expiring[o.id()] = expires * second
	}
	a.nextEvent = 0
}
