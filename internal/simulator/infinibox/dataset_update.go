package infinibox

// datasetChecks check the fields of a dataset that a request sets.
var datasetChecks = map[string]func(ch *change) error{
	"size":                checkSize,
	"provtype":            checkProvisioning,
	"write_protected":     checkWriteProtection,
	"lock_expires_at":     checkLockChange,
	"ssa_express_enabled": checkSSAExpressChange,
	"snapshot_retention":  checkRetention,
	"snapshot_policy_id":  checkPolicyChange,
	"ssd_enabled": func(ch *change) error {
		if !ch.isNew() && !ch.after.bool("ssd_enabled") && ch.before.bool("ssa_express_enabled") {
			return errSSD
		}
		return nil
	},
	"compression_enabled": func(ch *change) error {
		if isSnapshot(ch.after) {
			return conflict("COMPRESSION_OPERATION_NOT_ALLOWED", "Compression cannot be enabled or disabled on a single snapshot")
		}
		return nil
	},
}

// sizeUnit is what the array rounds a dataset's size up to.
func sizeUnit(o Object) int {
	if isFilesystem(o) {
		return virtualUnit
	}
	return blockSize
}

// checkSize rounds a size up, and lets volumes, filesystems and their writable snapshots only grow.
func checkSize(ch *change) error {
	size := ch.after.int("size")
	if !ch.isNew() {
		if err := checkResize(ch, size); err != nil {
			return err
		}
	}
	ch.after["size"] = roundUp(size, sizeUnit(ch.after))
	return nil
}

func checkResize(ch *change, size int) error {
	o, protected := ch.before, ch.after.bool("write_protected")
	switch {
	case ch.a.locked(o):
		return errLocked
	case isTarget(o):
		return conflict("REPLICA_NOT_ALLOWED_ON_TARGET", "This operation can only be performed on the source side of the replica")
	case protected && isSnapshot(o):
		return conflict("SNAP_RESIZE_NOT_ALLOWED", "A write-protected snapshot cannot be resized")
	case protected && isFilesystem(o):
		return conflict("FILESYSTEM_RESIZE_NOT_ALLOWED", "A write-protected filesystem cannot be resized")
	case protected:
		return conflict("VOLUME_RESIZE_NOT_ALLOWED", "A write-protected volume cannot be resized")
	case size <= 0 || size > ch.a.limits.VolumeSize:
		return conflict("ILLEGAL_DATASET_SIZE", "The requested %s size is not allowed", noun(o))
	case size < o.int("size"):
		return conflict("DATASET_SHRINKING_NOT_ALLOWED", "%s size cannot be reduced", noun(o))
	case isReplicated(o):
		return ch.a.checkReplicatedResize(ch.rq, o)
	}
	return nil
}

func checkProvisioning(ch *change) error {
	if !ch.isNew() && isActiveActivePeer(ch.before) && ch.before["provtype"] != ch.after["provtype"] {
		return conflict("ACTIVE_ACTIVE_REPLICA_PROVTYPE_CHANGE_NOT_ALLOWED", "Changing the provisioning type for an active-active replicated entity is not allowed")
	}
	if isSnapshot(ch.after) {
		return conflict("DATASET_NOT_MASTER", "The %s is not a master %s", noun(ch.after), noun(ch.after))
	}
	return nil
}

func checkWriteProtection(ch *change) error {
	if ch.isNew() {
		return nil
	}
	o, protect := ch.before, ch.after.bool("write_protected")
	switch {
	case !protect && ch.a.locked(o):
		return conflict("WRITE_ENABLE_LOCKED_SNAPSHOT", "Snapshot '%s' is locked, and can only be write-enabled after '%s' UTC", o.name(), utc(o.int("lock_expires_at")))
	case !protect && o.bool("write_protected") && isTarget(o):
		return conflict("REPLICATED_DATASET_WP_REMOVAL_NOT_ALLOWED", "Replicated %s write-protect attribute cannot be changed", noun(o))
	case protect && isActiveActivePeer(o):
		return errActiveActiveProtected(o)
	case protect && !o.bool("write_protected") && !isFilesystem(o):
		return ch.rq.needApproval("Disabling writes to volume '%s' will prevent the hosts from writing to it, which may cause the application to fail", o.name())
	}
	return nil
}
