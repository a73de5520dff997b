package infinibox

const (
	leastInterval = 4000
	mostInterval  = 24 * 60 * 60 * 1000
	mostLock      = 365 * 24 * 60 * 60 // seconds
)

// checkIntervals checks how often an asynchronous replica sends, against how old its data may be.
func (a *Array) checkIntervals(ch *change) error {
	o := ch.after
	if o["replication_type"] != asyncType {
		return nil
	}
	if o["sync_interval"] == nil {
		o["sync_interval"] = defaultInterval
	}
	if o["rpo_value"] == nil {
		o["rpo_value"] = 0
	}
	interval, rpo := o.int("sync_interval"), o.int("rpo_value")
	if interval != 0 && (interval < leastInterval || interval > mostInterval) {
		return conflict("REPLICA_INVALID_SYNC_INTERVAL", "The replica interval has to be zero or between 4 seconds and 24 hours")
	}
	if rpo == 0 || rpo >= interval {
		return nil
	}
	if ch.sets("rpo_value") {
		return conflict("REPLICA_INVALID_RPO_VALUE", "The RPO value (%ds) must be either 0, or greater than or equal to the sync interval value (%ds)", rpo/second, interval/second)
	}
	return conflict("REPLICA_INVALID_INTERVAL_VALUE", "The sync interval value (%ds) must be either 0, or less than or equal to the RPO value (%ds)", interval/second, rpo/second)
}

// checkSnapshotReplication checks what is said of snapshots that go to the other side too.
func checkSnapshotReplication(o Object) error {
	retention, lock := o.int("snapshots_retention"), o.int("lock_remote_snapshot_retention")
	if !o.bool("including_snapshots") {
		switch {
		case o["snapshots_retention"] != nil:
			return conflict("UNSUPPORTED_SNAPSHOTS_RETENTION", "The 'snapshots_retention' field can only be set for replicas with snapshot replication")
		case o["remote_snapshot_suffix"] != nil:
			return conflict("UNSUPPORTED_REMOTE_SNAPSHOT_SUFFIX", "The 'remote_snapshot_suffix' field can only be set for replicas with snapshot replication")
		case o["lock_remote_snapshot_retention"] != nil:
			return conflict("UNSUPPORTED_LOCK_REMOTE_SNAPSHOT_RETENTION", "The 'lock_remote_snapshot_retention' field can only be set for replicas with snapshot replication")
		}
		return nil
	}
	kind := "snapshot"
	if o["entity_type"] == groupEntity {
		kind = "snapshot group"
	}
	switch {
	case o["snapshots_retention"] == nil:
		return conflict("MISSING_SNAPSHOTS_RETENTION", "The 'snapshots_retention' field must be set for replicas with snapshot replication")
	case o["lock_remote_snapshot_retention"] == nil:
		return nil
	case lock <= 0:
		return conflict("INVALID_LOCK_EXPIRY", "Lock expiry date has to be in the future")
	case lock > mostLock:
		return conflict("INVALID_LOCK_DURATION", "Lock expiry cannot exceed 365 days")
	case lock > retention:
		return conflict("INVALID_LOCK_DURATION_EXCEEDS_SNAPSHOT_RETENTION", "A replicated %s's lock duration cannot be longer than the %s's retention", kind, kind)
	}
	return nil
}

// checkReplicaUpdate checks a replica that is changed.
func checkReplicaUpdate(ch *change) error {
	a, o := ch.a, ch.before
	if err := ch.rq.mayReplicate(o); err != nil {
		return err
	}
	if isActiveActive(o) {
		return checkActiveActiveUpdate(ch)
	}
	for _, name := range append(onlyOfActiveActive, "reserved_for_infinisafe") {
		if ch.sets(name) {
			return errUnsupported(name)
		}
	}
	if o["replication_type"] != asyncType && (ch.sets("sync_interval") || ch.sets("rpo_value")) {
		return errUnsupported(firstSet(ch, onlyOfAsync))
	}
	switch {
	case o["role"] != sourceRole:
		return errOnTarget
	case o[".remote_role"] == sourceRole:
		return errTwoSources
	}
	if err := a.checkIntervals(ch); err != nil {
		return err
	}
	return checkSnapshotReplication(ch.after)
}

func firstSet(ch *change, names []string) string {
	for _, name := range names {
		if ch.sets(name) {
			return name
		}
	}
	return ""
}

// checkActiveActiveUpdate lets an active-active replica change what says which side goes on alone, and its description.
func checkActiveActiveUpdate(ch *change) error {
	a, o := ch.a, ch.before
	name := o.text("description")
	if entity := a.entityOf(o); entity != nil {
		name = entity.name()
	}
	for field := range ch.values {
		if !contains([]string{"description", "is_preferred", "mobility_source"}, field) {
			return conflict("OPERATION_CANNOT_BE_DONE_ON_ACTIVE_ACTIVE_REPLICA", "Update replica failed because it is not supported for active-active replica")
		}
	}
	if ch.values["mobility_source"] == false {
		return badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (false) for field ('mobility_source')")
	}
	if !ch.sets("is_preferred") || ch.after["is_preferred"] == o["is_preferred"] {
		return nil
	}
	switch {
	case isLagging(o):
		return conflict("SET_PREFERRED_AA_REPLICA_FROM_LAGGING_SIDE", "The preferred system settings for active-active replica %s cannot be modified from the lagging side", name)
	case o.text(".suspended") == "":
		return conflict("SET_PREFERRED_ACTIVE_AA_REPLICA", "The preferred system settings for active-active replica %s cannot be modified when the replica is active. Suspend the replica before updating the preferred system settings", name)
	}
	return a.alter(o, alteration{Do: "prefer", Preferred: !ch.after.bool("is_preferred")})
}
