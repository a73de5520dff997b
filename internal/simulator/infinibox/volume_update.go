package infinibox

// updateVolume changes one field of a volume or snapshot.
func (a *Array) updateVolume(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	pool := a.poolOf(volume)
	if err := rq.mayModify(pool); err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.volumes.change(body)
	if err != nil {
		return nil, err
	}
	if err := unlocked(pool); err != nil {
		return nil, err
	}
	for name, value := range values {
		if err := a.setVolume(rq, volume, name, value); err != nil {
			return nil, err
		}
	}
	a.touch(volume)
	return a.render(a.volumes, volume, nil), nil
}

func (a *Array) setVolume(rq *request, volume Object, name string, value any) error {
	switch name {
	case "name":
		if err := a.checkVolumeName(value.(string), volume.id()); err != nil {
			return err
		}
		a.volumes.rename(volume, value.(string))
		return nil
	case "size":
		return a.resize(volume, value.(int))
	case "provtype":
		return a.setProvisioning(volume, value.(string))
	case "write_protected":
		return a.setWriteProtected(rq, volume, value.(bool))
	case "lock_expires_at":
		return a.setLock(volume, value)
	case "ssa_express_enabled":
		return a.setSSAExpress(rq, volume, value.(bool))
	case "snapshot_retention":
		return a.setRetention(rq, volume, value)
	case "snapshot_policy_id":
		return a.changePolicy(rq, volume, value)
	case "ssd_enabled":
		if !value.(bool) && volume.bool("ssa_express_enabled") {
			return conflict("SSA_EXPRESS_DATASET_MUST_BE_SSD_ENABLED", "Datasets in SSA Express cache must be SSD enabled")
		}
	case "compression_enabled":
		if isSnapshot(volume) {
			return conflict("COMPRESSION_OPERATION_NOT_ALLOWED", "Compression cannot be enabled or disabled on a single snapshot")
		}
	case "udid":
		if err := a.checkUDIDChange(volume, value); err != nil {
			return err
		}
	}
	volume[name] = value
	return nil
}

func (a *Array) checkUDIDChange(volume Object, value any) error {
	if err := checkUDID(value); err != nil {
		return err
	}
	if len(a.byVolume[volume.id()]) > 0 && volume["udid"] != value {
		return conflict("UDID_ILLEGAL_MODIFICATION", "Modifying the UDID value of a mapped volume is prohibited")
	}
	return nil
}

// resize grows a volume or a writable snapshot.
func (a *Array) resize(volume Object, size int) error {
	switch {
	case a.locked(volume):
		return errLocked
	case volume.bool("write_protected") && isSnapshot(volume):
		return conflict("SNAP_RESIZE_NOT_ALLOWED", "A write-protected snapshot cannot be resized")
	case volume.bool("write_protected"):
		return conflict("VOLUME_RESIZE_NOT_ALLOWED", "A write-protected volume cannot be resized")
	case size <= 0 || size > a.limits.VolumeSize:
		return conflict("ILLEGAL_DATASET_SIZE", "The requested volume size is not allowed")
	case size < volume.int("size"):
		return conflict("DATASET_SHRINKING_NOT_ALLOWED", "volume size cannot be reduced")
	}
	return a.resizeWithin(volume, roundUp(size, blockSize))
}

// resizeWithin sets a size that the volume's pool has room for.
func (a *Array) resizeWithin(volume Object, size int) error {
	bigger := Object{"size": size, "type": volume["type"], "provtype": volume["provtype"]}
	err := a.room(a.poolOf(volume), virtualSize(bigger)-virtualSize(volume), physicalSize(bigger)-physicalSize(volume))
	if err != nil {
		return err
	}
	a.reaccount(volume, func() { volume["size"] = size })
	return nil
}

func (a *Array) setProvisioning(volume Object, provtype string) error {
	if isSnapshot(volume) {
		return conflict("DATASET_NOT_MASTER", "The volume is not a master volume")
	}
	other := Object{"size": volume["size"], "type": volume["type"], "provtype": provtype}
	if err := a.room(a.poolOf(volume), 0, physicalSize(other)-physicalSize(volume)); err != nil {
		return err
	}
	a.reaccount(volume, func() { volume["provtype"] = provtype })
	return nil
}

func (a *Array) setWriteProtected(rq *request, volume Object, protect bool) error {
	if !protect && a.locked(volume) {
		return conflict("WRITE_ENABLE_LOCKED_SNAPSHOT", "Snapshot '%s' is locked, and can only be write-enabled after '%s' UTC", volume.name(), utc(volume.int("lock_expires_at")))
	}
	if !protect && volume.bool("write_protected") && isTarget(volume) {
		return conflict("REPLICATED_DATASET_WP_REMOVAL_NOT_ALLOWED", "Replicated volume write-protect attribute cannot be changed")
	}
	if protect && !volume.bool("write_protected") {
		if err := rq.needApproval("Disabling writes to volume '%s' will prevent the hosts from writing to it, which may cause the application to fail", volume.name()); err != nil {
			return err
		}
	}
	volume["write_protected"] = protect
	return nil
}

// setRetention keeps a snapshot or snapshot group for longer, or for ever. Only what a policy made can be changed so.
func (a *Array) setRetention(rq *request, o Object, value any) error {
	noun, capital := snapshotNouns(a, o)
	retention, limited := value.(int)
	current, isLimited := o["snapshot_retention"].(int)
	switch {
	case !isSnapshot(o):
		return conflict("NON_SNAPSHOT_RETENTION_CANNOT_BE_MODIFIED", "Only snapshots and snap groups can have a retention time")
	case o["created_by_snapshot_policy_id"] == nil:
		return conflict("SNAPSHOT_RETENTION_FIELD_NOT_SUPPORTED", "The retention cannot be changed because %s '%s' is not a replicated %s, and it was not created by a snapshot policy", noun, o.name(), noun)
	case limited && (!isLimited || retention <= current):
		return conflict("SNAPSHOT_RETENTION_INVALID", "The new snapshot retention must be longer than the current one")
	case !limited:
		err := rq.needApproval("%s '%s' will have unlimited retention and will not be deleted automatically", capital, o.name())
		if err != nil {
			return err
		}
	}
	a.retain(o, value)
	return nil
}

// setSSAExpress puts a volume into the SSA Express cache or takes it out.
func (a *Array) setSSAExpress(rq *request, volume Object, enable bool) error {
	was := volume.bool("ssa_express_enabled")
	switch {
	case !rq.isAdministrator():
		return errUnauthorized("Method is not allowed for [%s]", rq.role())
	case isSnapshot(volume):
		return errSSAExpressType
	case enable && was:
		return conflict("DATASET_SSA_EXPRESS_ALREADY_ENABLED", "Dataset '%s' is already in SSA Express cache", volume.name())
	case !enable && !was:
		return conflict("DATASET_SSA_EXPRESS_ALREADY_DISABLED", "Dataset '%s' was not in SSA Express cache", volume.name())
	}
	if enable {
		if err := a.checkSSAExpressRoom(volume); err != nil {
			return err
		}
	}
	setSSAExpressStatus(volume, enable)
	return nil
}

var errSSAExpressType = &apiError{"INVALID_SSA_EXPRESS_DATASET_TYPE", 403, "SSA Express does not support snapshots, consistency groups, snapshot groups and vVols"}

// checkSSAExpress checks a new volume that is to be in the cache from the start.
func (a *Array) checkSSAExpress(rq *request, volume Object) error {
	if !volume.bool("ssa_express_enabled") {
		return nil
	}
	if !rq.isAdministrator() {
		return errUnauthorized("Method is not allowed for [%s]", rq.role())
	}
	if err := rq.needApproval("Dataset '%s' will be added to SSA Express cache", volume.name()); err != nil {
		return err
	}
	if err := a.checkSSAExpressRoom(volume); err != nil {
		return err
	}
	setSSAExpressStatus(volume, true)
	return nil
}

func (a *Array) checkSSAExpressRoom(volume Object) error {
	used, count := a.usedSSAExpress()
	switch {
	case !volume.bool("ssd_enabled"):
		return conflict("SSA_EXPRESS_DATASET_MUST_BE_SSD_ENABLED", "Datasets in SSA Express cache must be SSD enabled")
	case count >= a.limits.SSAExpressQueue:
		return forbidden("SSA_EXPRESS_QUEUE_FULL", "The SSA Express queue has reached its limit of %d datasets. You cannot add more datasets at this time", a.limits.SSAExpressQueue)
	case used+volume.int("size") > a.limits.SSAExpress:
		return conflict("INSUFFICIENT_SSA_EXPRESS_CAPACITY", "Not enough free capacity in SSA Express cache for this action")
	}
	return nil
}

// usedSSAExpress returns the bytes and the number of volumes in the cache.
func (a *Array) usedSSAExpress() (used, count int) {
	for _, o := range a.volumes.objects {
		if o.bool("ssa_express_enabled") {
			used += o.int("size")
			count++
		}
	}
	return used, count
}

func setSSAExpressStatus(volume Object, enabled bool) {
	volume["ssa_express_enabled"] = enabled
	volume["ssa_express_status"] = nil
	if enabled {
		volume["ssa_express_status"] = "STATUS_LOADING" // the only status that the reference shows
	}
}
