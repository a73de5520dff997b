package infinibox

import (
	"maps"
	"slices"
)

// A family is a volume or filesystem with all snapshots of it, and the snapshots of these.

// createSnapshot makes a snapshot of the dataset that a body names as its parent.
func (a *Array) createSnapshot(rq *request, c *collection, body map[string]any) (any, error) {
	values, err := c.readNew(body, c.notOfSnapshots()...)
	if err != nil {
		return nil, err
	}
	parent, err := c.find(values["parent_id"].(int))
	if err != nil {
		return nil, err
	}
	if err := rq.mayChange(parent); err != nil {
		return nil, err
	}
	if isFilesystem(parent) {
		if err := checkFilesystemSnapshot(values, parent); err != nil {
			return nil, err
		}
	}
	if values["ssa_express_enabled"] == true {
		return nil, errSSAExpressType
	}
	if err := c.freeKey(values["name"].(string), 0); err != nil {
		return nil, err
	}
	if err := a.unlocked(parent); err != nil {
		return nil, err
	}
	if err := a.checkKept(values, parent); err != nil {
		return nil, err
	}
	if err := a.checkConsistent(parent, "Taking a snapshot"); err != nil {
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
	noteStay(rq, values)
	return created{a.render(a.snapshotOf(parent, values), nil)}, nil
}

// checkFilesystemSnapshot checks what a snapshot of a filesystem is to be.
func checkFilesystemSnapshot(values map[string]any, parent Object) error {
	if level, given := values["worm_level"]; given && level != "NONE" {
		return conflict("UNSUPPORTED_SNAPSHOT_WORM_FILESYSTEM", "Cannot create A WORM filesystem snapshot")
	}
	delete(values, "worm_level")
	return checkSnapdir(values["name"].(string), parent)
}

// ofSnapshots are the fields that a new snapshot may be given.
var ofSnapshots = []string{
	"name", "parent_id", "write_protected", "ssd_enabled", "ssa_express_enabled", "lock_expires_at", "snapshot_retention",
	"remote_snapshot_retention", "remote_snapshot_retention_lock", "worm_level",
}

// notOfSnapshots are the fields that only a new volume or filesystem may be given.
func (c *collection) notOfSnapshots() []string {
	var refused []string
	for _, f := range c.fields {
		if f.create && !contains(ofSnapshots, f.name) {
			refused = append(refused, f.name)
		}
	}
	return refused
}

// checkFamily refuses a snapshot of what is suspended, and one more than there may be.
func (a *Array) checkFamily(parent Object) error {
	if err := a.checkDatasetCount(1); err != nil {
		return err
	}
	if isFilesystem(parent) {
		if err := notSuspended(parent); err != nil {
			return err
		}
		if err := a.checkFilesystemCount(); err != nil {
			return err
		}
	}
	family := parent.int("family_id")
	if n := a.families[family]; n+1 > a.limits.FamilySnapshots {
		root := a.dataset(family)
		if root == nil {
			root = parent
		}
		return conflict("MAX_FAMILY_SIZE", "The %s family whose root is '%s' now has %d snapshots, which is the maximum allowed. New snapshots for this family can only be created after other snapshots are deleted", noun(parent), root.name(), n)
	}
	if parent.int("depth") >= a.limits.TreeDepth {
		return conflict("MAX_TREE_DEPTH", "Tree depth limit reached")
	}
	return nil
}

// snapshotOf makes a snapshot of a dataset, with values of its own.
func (a *Array) snapshotOf(parent Object, values map[string]any) Object {
	o := a.make(parent.of(), map[string]any{
		"type": "SNAPSHOT", "parent_id": parent.id(), "family_id": parent["family_id"], "depth": parent.int("depth") + 1,
		"pool_id": parent["pool_id"], "size": parent["size"], "provtype": "THIN", "write_protected": true,
		"ssd_enabled": parent["ssd_enabled"], "compression_enabled": parent["compression_enabled"],
		"data_reduction_ratio": nil,
	})
	o[".line"], o[".chain"], o[".replicated"] = parent[".line"], parent[".chain"], isReplicated(parent)
	if isFilesystem(parent) {
		for _, name := range inherited {
			o[name] = parent[name]
		}
	}
	maps.Copy(o, values)
	a.add(o)
	a.joinFamily(o)
	if isFilesystem(parent) {
		a.copyContents(parent, o)
	}
	if retention, ok := values["snapshot_retention"].(int); ok {
		a.retain(o, retention)
	}
	return o
}

// descendants returns the snapshots below a dataset, in the order of their ids.
func (a *Array) descendants(o Object) []Object {
	if a.children[o.id()] == 0 {
		return nil
	}
	var below []Object
	within := map[int]bool{o.id(): true}
	for _, other := range o.of().all() { // a child is always younger than its parent
		if within[other.int("parent_id")] {
			within[other.id()] = true
			below = append(below, other)
		}
	}
	return below
}

// descends tells whether a snapshot was taken of a dataset, or of a snapshot of it.
func (a *Array) descends(snapshot, o Object) bool {
	for snapshot != nil && snapshot.int("parent_id") != 0 {
		if snapshot.int("parent_id") == o.id() {
			return true
		}
		snapshot = a.dataset(snapshot.int("parent_id"))
	}
	return false
}

// keepsDataset refuses to delete a dataset.
func (a *Array) keepsDataset(o Object) error {
	if isReplicated(o) {
		return conflict("REPLICATED_DATASET_DELETE_NOT_ALLOWED", "A replicated %s cannot be deleted. Remove the replication, then delete the %s", noun(o), noun(o))
	}
	if a.keepsReplication(o) {
		return conflict("VOLUME_HAS_RMR_SNAPSHOTS", "The volume has replication snapshots")
	}
	if group := a.groupOf(o); group != nil {
		return conflict("CG_DATASET_DELETE_NOT_ALLOWED", "%s %s belongs to %s %s and cannot be deleted", capital(kindOf(o)), o.name(), groupNoun(group), group.name())
	}
	return a.checkDeletion(o, a.descendants(o))
}

// checkDeletion refuses to delete what is in use or locked.
func (a *Array) checkDeletion(o Object, descendants []Object) error {
	if a.locked(o) {
		return conflict("DELETE_LOCKED_SNAPSHOT", "Snapshot '%s' is locked, and can only be deleted after '%s' UTC", o.name(), utc(o.int("lock_expires_at")))
	}
	if err := a.checkUse(o, descendants); err != nil {
		return err
	}
	for _, below := range descendants {
		if a.locked(below) {
			return conflict("DELETE_SNAPSHOT_WITH_LOCKED_DESCENDANTS", "%s '%s' has locked descendants, and can only be deleted after they expire, on: '%s' UTC", capital(kindOf(o)), o.name(), utc(below.int("lock_expires_at")))
		}
	}
	return nil
}

// checkUse refuses to delete what clients have access to.
func (a *Array) checkUse(o Object, descendants []Object) error {
	if isFilesystem(o) {
		return a.checkFilesystemUse(o, descendants)
	}
	mapped := func(o Object) bool { return len(a.byVolume[o.id()]) > 0 }
	switch {
	case mapped(o):
		return conflict("VOLUME_IS_MAPPED", "The volume cannot be deleted. Volume '%s' has active mappings", o.name())
	case slices.ContainsFunc(descendants, mapped):
		return conflict("CHILD_VOLUMES_ARE_MAPPED", "The volume '%s' cannot be deleted. One or more of its children have active mappings", o.name())
	}
	return nil
}

// dropFamily takes datasets with all their snapshots out of the array.
func (a *Array) dropFamily(datasets ...Object) {
	for _, o := range datasets {
		for _, o := range append(a.descendants(o), o) {
			a.dropDataset(o)
		}
	}
}

// dropDataset takes a dataset out of all that knows it, and out of the array.
func (a *Array) dropDataset(o Object) {
	a.account(o, -1)
	a.leave(o)
	a.dropQoS(o)
	a.dropInternals(o)
	a.dropTreeQs(o)
	if isFilesystem(o) {
		a.dropClientState(o)
	}
	delete(a.expiring, o.id())
	delete(a.replicated, o.id())
	if parent := o.int("parent_id"); parent != 0 {
		a.children[parent]--
		a.families[o.int("family_id")]--
	}
	a.remove(o)
}
