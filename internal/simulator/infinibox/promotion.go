package infinibox

import "maps"

var errPromoteMaster = &apiError{"PROMOTE_MASTER_ENTITY", 409, "Only snapshots and snap groups can be promoted"}

// promoteSnapshot makes a snapshot a volume of its own.
func (a *Array) promoteSnapshot(rq *request) (any, error) {
	snapshot, err := a.volumes.get(rq.path[0])
	if err != nil {
		id, _ := toInt(rq.path[0])
		if a.filesystems.objects[id] != nil || a.vvols.objects[id] != nil {
			return nil, conflict("PROMOTE_VVOL_OR_FILESYSTEM_NOT_SUPPORTED", "A filesystem or vVol cannot be promoted")
		}
		return nil, err
	}
	pool := a.poolOf(snapshot)
	if err := rq.mayChange(snapshot); err != nil {
		return nil, err
	}
	if err := rq.needApproval("If this snapshot is promoted, its retention period will be cleared"); err != nil {
		return nil, err
	}
	switch {
	case !isSnapshot(snapshot):
		return nil, errPromoteMaster
	case snapshot["cg_id"] != nil:
		return nil, conflict("PROMOTE_SNAPSHOT_PART_OF_SG", "This snapshot is part of a snap group and cannot be promoted")
	case a.children[snapshot.id()] > 0:
		return nil, conflict("PROMOTE_SNAPSHOT_WITH_CHILDREN", "This snapshot has sub-snapshots and cannot be promoted")
	case a.locked(snapshot):
		return nil, conflict("PROMOTE_LOCKED_SNAPSHOT", "This snapshot is locked and cannot be promoted")
	}
	if err := a.unlocked(snapshot); err != nil {
		return nil, err
	}
	if err := a.checkPromotions(snapshot, 1); err != nil {
		return nil, err
	}
	if err := a.checkDatasetCount(1); err != nil { // the array keeps an internal copy
		return nil, err
	}
	if err := a.room(pool, roundUp(snapshot.int("size"), virtualUnit), 0); err != nil {
		return nil, err
	}
	a.promote(snapshot)
	return a.render(snapshot, nil), nil
}

// checkPromotions refuses a promotion of what was itself promoted too often, or too many promotions out of one
// volume. ".chain" counts the promotions that led to a volume, ".line" is the volume that all of them began with.
func (a *Array) checkPromotions(snapshot Object, more int) error {
	switch {
	case snapshot.int(".chain") >= a.limits.PromoteChain:
		return conflict("PROMOTE_CHAIN_TOO_DEEP", "Promotion is not supported because the snapshot or a member of the snap group has a promote chain above the limit of %d", a.limits.PromoteChain)
	case a.promotions[snapshot.int(".line")]+more > a.limits.FamilyPromotions:
		return conflict("MAXIMUM_PROMOTES_IN_FAMILY_REACHED", "Promotion is not supported because the system reached the maximum number of promotes in family: %d", a.limits.FamilyPromotions)
	}
	return nil
}

// promote makes a snapshot a volume. The array keeps an internal copy of it in its place.
func (a *Array) promote(snapshot Object) {
	parent := snapshot.int("parent_id")
	a.children[parent]--
	a.families[snapshot.int("family_id")]--
	a.promotions[snapshot.int(".line")]++
	a.retain(snapshot, nil)
	a.reaccount(snapshot, func() {
		maps.Copy(snapshot, Object{
			"type": "MASTER", "parent_id": 0, "family_id": snapshot.id(), "depth": 0, "write_protected": false,
			"lock_expires_at": nil, "has_internal_children": true, "compression_suppressed": false, "capacity_savings": 0,
			"data_reduction_ratio":          a.volumes.byName["data_reduction_ratio"].initial,
			"created_by_snapshot_policy_id": nil, "created_by_snapshot_policy_name": nil,
			"created_by_schedule_id": nil, "created_by_schedule_name": nil,
		})
	})
	snapshot[".chain"] = snapshot.int(".chain") + 1
	snapshot["promote_source_id"] = a.addInternal(snapshot, parent).id()
	a.touch(snapshot)
}
