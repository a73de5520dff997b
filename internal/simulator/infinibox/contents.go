package infinibox

// What overwrites the contents of a dataset: a restore from a snapshot, and the refresh of a snapshot from its parent.
// Contents are not simulated; what shows of them is a dataset's size.

// sourceID reads the source of a restore or refresh: {"source_id": 1} or a bare number.
func (rq *request) sourceID() (int, error) {
	value, err := decode(rq.body)
	if err != nil {
		return 0, errMalformed
	}
	if body, ok := value.(map[string]any); ok {
		if err := only(body, "source_id"); err != nil {
			return 0, err
		}
		return requiredInteger(body, "source_id")
	}
	if id, ok := toInt(value); ok {
		return id, nil
	}
	return 0, errMalformed
}

// restoreDataset gives a dataset the contents, and so the size, that one of its descendants has.
func (a *Array) restoreDataset(rq *request, c *collection) (any, error) {
	o, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	id, err := rq.sourceID()
	if err != nil {
		return nil, err
	}
	source, err := c.find(id)
	if err != nil {
		return nil, err
	}
	if err := rq.mayUse(o); err != nil {
		return nil, err
	}
	if err := rq.needApproval("Restoring volume '%s' will overwrite its data", o.name()); err != nil {
		return nil, err
	}
	switch {
	case a.locked(o):
		return nil, errLocked
	case o.bool("write_protected"):
		return nil, errProtected(o)
	case isReplicated(o):
		return nil, conflict("REPLICATED_DATASET_RESTORE_NOT_ALLOWED", "Replicated %s cannot be restored", noun(o))
	case !a.descends(source, o):
		return nil, conflict("ILLEGAL_RESTORE_REQUEST", "Dataset cannot be restored. %s is not a descendant of %s", source.name(), o.name())
	}
	if err := a.unlocked(o); err != nil {
		return nil, err
	}
	if err := a.resizeWithin(o, source.int("size")); err != nil {
		return nil, err
	}
	a.touch(o)
	return true, nil
}

// resizeWithin sets a size that the dataset's pool has room for.
func (a *Array) resizeWithin(o Object, size int) error {
	bigger := Object{"size": size, "type": o["type"], "provtype": o["provtype"]}
	err := a.room(a.poolOf(o), virtualSize(bigger)-virtualSize(o), physicalSize(bigger)-physicalSize(o))
	if err != nil {
		return err
	}
	a.reaccount(o, func() { o["size"] = size })
	return nil
}

func errProtected(o Object) error {
	return conflict("PROTECTED_DATASET_CANNOT_BE_RESTORED", "A dataset (%s) that is write-protected cannot be restored", o.name())
}

var errRefreshChildren = &apiError{"REFRESH_TARGET_HAS_CHILDREN", 409, "The target that is provided for this operation has children"}

// refreshSnapshot takes a snapshot again, from its parent as it is now.
func (a *Array) refreshSnapshot(rq *request, c *collection) (any, error) {
	target, err := c.get(rq.path[0])
	if err != nil {
		return nil, errNoDataset
	}
	id, err := rq.sourceID()
	if err != nil {
		return nil, err
	}
	source := c.objects[id]
	if source == nil {
		return nil, errNoDataset
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
	if err := a.unlocked(target); err != nil {
		return nil, err
	}
	target["size"] = source["size"]
	a.touch(target)
	return a.render(target, nil), nil
}

// simulateDeletion tells how many bytes the deletion of datasets would free.
func (a *Array) simulateDeletion(rq *request, c *collection) (any, error) {
	body, err := rq.onlyFields("entities")
	if err != nil {
		return nil, err
	}
	entities, ok := body["entities"].([]any)
	if !ok {
		return nil, badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (null) for field ('entities')")
	}
	freed := map[int]int{}
	for _, entity := range entities {
		id, _ := toInt(entity)
		o, err := c.find(id)
		if err != nil {
			return nil, err
		}
		if o["promote_source_id"] != nil {
			if err := rq.needApproval("This involves a dataset that was previously part of a promote action. The calculation might be inaccurate"); err != nil {
				return nil, err
			}
		}
		freed[id] = physicalSize(o)
	}
	sum := 0
	for _, bytes := range freed {
		sum += bytes
	}
	return map[string]any{"valid": true, "space_reclaimable": sum}, nil
}
