package infinibox

import "fmt"

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
	if err := rq.needApproval("%s", restoreDanger(o)); err != nil {
		return nil, err
	}
	if err := notSuspended(o); err != nil {
		return nil, err
	}
	switch {
	case isWORM(o):
		return nil, conflict("CANNOT_RESTORE_WORM_FILESYSTEM", "WORM filesystems cannot be restored from snapshots")
	case a.locked(o):
		return nil, errLocked
	case o.bool("write_protected"):
		return nil, errProtected(o)
	case isReplicated(o):
		return nil, conflict("REPLICATED_DATASET_RESTORE_NOT_ALLOWED", "Replicated %s cannot be restored", noun(o))
	case !a.descends(source, o):
		return nil, conflict("ILLEGAL_RESTORE_REQUEST", "Dataset cannot be restored. %s is not a descendant of %s", source.name(), o.name())
	case isFilesystem(o) && source.int("parent_id") != o.id():
		return nil, conflict("ILLEGAL_FS_RESTORE_REQUEST", "Filesystem cannot be restored. %s is not a direct snapshot of %s", source.name(), o.name())
	}
	if err := a.unlocked(o); err != nil {
		return nil, err
	}
	if err := a.resizeWithin(o, source.int("size")); err != nil {
		return nil, err
	}
	a.copyContents(source, o)
	a.touch(o)
	return true, nil
}

func restoreDanger(o Object) string {
	if isFilesystem(o) {
		return "Restoring datasets will overwrite their data"
	}
	return fmt.Sprintf("Restoring volume '%s' will overwrite its data", o.name())
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
	target, source, err := a.targetAndSource(rq, c)
	if err != nil {
		return nil, err
	}
	if err := rq.mayUse(target); err != nil {
		return nil, err
	}
	if err := a.approveRefresh(rq, target); err != nil {
		return nil, err
	}
	if err := notSuspended(target); err != nil {
		return nil, err
	}
	switch {
	case !isSnapshot(target):
		return nil, conflict("REFRESH_TARGET_NOT_SNAPSHOT", "The target that is provided for this operation is not a snapshot")
	case target.int("parent_id") != source.id():
		return nil, conflict("REFRESH_TARGET_NOT_DIRECT_SNAPSHOT", "The target that is provided for this operation is not a direct snapshot of the source")
	case isTarget(target):
		return nil, conflict("TARGET_REPLICATED_SNAPSHOT_REFRESH_NOT_ALLOWED", "A target replicated snapshot cannot be refreshed")
	case isFilesystem(target) && !target.bool("_is_established"):
		return nil, conflict("CANNOT_REFRESH_UNESTABLISHED_SNAPSHOT", "Cannot refresh an unestablished snapshot, please write enable the snapshot first")
	case isFilesystem(target) && isTarget(source):
		return nil, conflict("REPLICATED_FILESYSTEM_SNAPSHOT_REFRESH_NOT_ALLOWED", "A filesystem replication target snapshot cannot be refreshed")
	case a.children[target.id()] > 0:
		return nil, errRefreshChildren
	case target["cg_id"] != nil:
		return nil, conflict("REFRESH_TARGET_IS_MEMBER_OF_SG", "The target is a member of snapshot group '%s'", a.groupOf(target).name())
	case a.locked(target):
		return nil, errLocked
	}
	if err := a.checkTargetRefresh(target, source); err != nil {
		return nil, err
	}
	if err := a.unlocked(target); err != nil {
		return nil, err
	}
	target["size"] = source["size"]
	a.noteRefresh(target, source)
	a.copyContents(source, target)
	a.touch(target)
	return a.render(target, nil), nil
}

// targetAndSource are the snapshot that is refreshed, and what it is refreshed from.
func (a *Array) targetAndSource(rq *request, c *collection) (target, source Object, err error) {
	absent := error(errNoDataset)
	if target, err = c.get(rq.path[0]); err != nil {
		return nil, nil, absent
	}
	id, err := rq.sourceID()
	if err != nil {
		return nil, nil, err
	}
	if source = c.objects[id]; source == nil {
		return nil, nil, absent
	}
	return target, source, nil
}

// approveRefresh asks for approval of what clients may notice.
func (a *Array) approveRefresh(rq *request, target Object) error {
	switch {
	case !isFilesystem(target):
		return rq.needApproval("Refreshing snapshot '%s' will overwrite its data", target.name())
	case a.isExported(target):
		return rq.needApproval("The filesystem '%s' has active export(s), refreshing or restoring it may cause data corruption for clients currently mounted", target.name())
	}
	return nil
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
