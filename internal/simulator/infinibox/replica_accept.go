package infinibox

import "slices"

// errPrepare is what the other array says of what it does not have.
var errPrepare = &apiError{"ENTITY_NOT_FOUND", 404, "Prepare phase error response"}

// acceptReplica makes this side of a replica that the other array begins. All of it is checked before any of it is made.
func (a *Array) acceptReplica(v *visit) (any, error) {
	var off offer
	if err := v.read(&off); err != nil {
		return nil, err
	}
	if err := v.needUser(); err != nil {
		return nil, err
	}
	link := a.links.objects[off.Link]
	switch {
	case link == nil:
		return nil, errPrepare
	case a.isDetached(link):
		return nil, errDetached
	}
	if err := replicasFull(a); err != nil {
		return nil, err
	}
	group, pool, err := a.placeFor(v, &off)
	if err != nil {
		return nil, err
	}
	made := make([]Object, 0, len(off.Pairs))
	for _, p := range off.Pairs {
		o, err := a.targetFor(v, &off, &p, pool, group)
		if err != nil {
			return nil, err
		}
		made = append(made, o)
	}
	if pool == nil && len(made) > 0 {
		pool = a.poolOf(made[0])
	}
	if group != nil && group["id"] == nil {
		a.add(group)
	}
	return a.makeTarget(&off, link, pool, group, made), nil
}

// placeFor is the consistency group and the pool that the other side of an offer is to be in. A group that is still to be made
// has no id.
func (a *Array) placeFor(v *visit, off *offer) (group, pool Object, err error) {
	if off.GroupID != 0 {
		group = a.groups.objects[off.GroupID]
		if group == nil {
			return nil, nil, errPrepare
		}
		if err := notInReplica(group); err != nil {
			return nil, nil, err
		}
		if len(off.Pairs) != len(a.inGroup[group.id()]) && off.Pairs[0].Existing != 0 {
			return nil, nil, conflict("REPLICA_INCONSISTENT_PAIR_CG_COUNT", "The number of entities in the consistency group didn't match the number of entity pairs in the replica")
		}
		return group, a.poolOf(group), mayHold(v, a.poolOf(group))
	}
	if off.Pool != 0 {
		if pool = a.pools.objects[off.Pool]; pool == nil {
			return nil, nil, errPrepare
		}
		if err := mayHold(v, pool); err != nil {
			return nil, nil, err
		}
	}
	if off.Entity != groupEntity {
		return nil, pool, nil
	}
	if pool == nil {
		return nil, nil, errPrepare
	}
	ch, err := a.propose(v.request("POST"), a.groups, map[string]any{"name": off.Group, "pool_id": pool.id(), "snapshot_policy_id": 0})
	if err != nil {
		return nil, nil, err
	}
	return ch.after, pool, nil
}

// mayHold refuses a pool that is not the visitor's.
func mayHold(v *visit, pool Object) error {
	if !v.request("POST").owns(pool) {
		return errRemotePermission
	}
	return v.a.unlocked(Object{home: v.a.volumes, "pool_id": pool.id()})
}

// targetFor is the dataset that a pair is to have here: one that is there, or a new one, which is not yet in its collection.
func (a *Array) targetFor(v *visit, off *offer, p *pairOffer, pool, group Object) (Object, error) {
	if p.Existing != 0 {
		return a.existingTarget(v, off, p)
	}
	name := p.NewName
	if name == "" {
		name = p.Name
		if group != nil {
			name += off.Suffix
		}
	}
	body := map[string]any{"name": name, "pool_id": pool.id(), "size": p.Size, "snapshot_policy_id": 0}
	c := a.volumes
	if off.Entity == "FILESYSTEM" {
		c = a.filesystems
		if p.WORM != "" {
			body["worm_level"] = p.WORM
		}
	}
	ch, err := a.propose(v.request("POST"), c, body)
	if err != nil {
		return nil, err
	}
	return ch.after, nil
}

func (a *Array) existingTarget(v *visit, off *offer, p *pairOffer) (Object, error) {
	o := a.dataset(p.Existing)
	if o == nil {
		return nil, errPrepare
	}
	if p.Base != 0 {
		if base := a.dataset(p.Base); base == nil || !a.descends(base, o) {
			return nil, conflict("REPLICA_INCONSISTENT_PAIR_SAME_BASE", "A BASE entity for replication must be a snapshot of the main entity")
		}
	}
	if isFilesystem(o) != (off.Entity == "FILESYSTEM") {
		return nil, conflict("REPLICA_INCONSISTENT_ENTITY_TYPE", "The type of entity (%s) is not compatible with replica type (%s)", o.text("dataset_type"), off.Entity)
	}
	if err := notInReplica(o); err != nil {
		return nil, err
	}
	return o, mayHold(v, a.poolOf(o))
}

// makeTarget makes this side of an offer, once all of it is checked.
func (a *Array) makeTarget(off *offer, link, pool, group Object, made []Object) acceptance {
	replica := a.make(a.replicas, map[string]any{
		".id": a.nextID(), "link_id": link.id(), "entity_type": off.Entity, "replication_type": off.Type, "role": targetRole,
		"remote_replica_id": off.ID, "remote_pool_id": off.PoolID, "remote_pool_name": off.PoolName, ".unready": true,
		"_replica_configuration_version": a.guid(), "_dataset_configuration_version": a.guid(), "_management_configuration_version": a.guid(),
	})
	adoptSettings(replica, off.Settings)
	if off.Type == activeActiveType {
		replica["role"], replica["is_preferred"], replica[".second"] = nil, off.Preferred, true
	}
	if group != nil {
		replica["local_cg_id"], replica["remote_cg_id"], replica["remote_cg_name"] = group.id(), off.SourceID, off.Source
	}
	clearPairFields(replica)
	accepted := acceptance{ID: replica.int(".id"), Pool: pool.id(), PoolName: pool.name()}
	if group != nil {
		accepted.Group, accepted.Name = group.id(), group.name()
	}
	items := []any{}
	for i, o := range made {
		answer, item := a.pairTarget(replica, group, o, &off.Pairs[i])
		items = append(items, item)
		accepted.Pairs = append(accepted.Pairs, answer)
	}
	replica[".pairs"] = items
	a.add(replica)
	a.mark(replica)
	a.touchReplicas()
	return accepted
}

// pairTarget puts the dataset of a pair here to its place: protected from all but the replication.
func (a *Array) pairTarget(replica, group, o Object, p *pairOffer) (pairAnswer, map[string]any) {
	base, created := noBase, o["id"] == nil
	if created {
		base = createBase
		a.add(o)
		a.joinFamily(o)
	} else if p.Base != 0 {
		base = snapshotBase
	}
	if group != nil && o["cg_id"] != group.id() {
		a.join(group, o)
	}
	item := map[string]any{
		"id": a.nextID(), "replica_id": replica.int(".id"), "local_entity_id": o.id(), "local_base_action": base,
		"remote_base_action": noBase, "remote_entity_id": p.Entity, "remote_entity_name": p.Name, "remote_pair_id": p.ID,
		"_target_old_ro_state": o.bool("write_protected"),
	}
	if isActiveActive(replica) { // hosts see one volume, on whichever array
		item[".serial"], item[".nguid"] = o["serial"], o["nguid"]
		o["serial"], o["nguid"] = p.Serial, p.NGUID
	} else {
		o["write_protected"] = true
	}
	return pairAnswer{item["id"].(int), o.id(), o.name()}, item
}

// clearPairFields drops what a replica's pairs tell.
func clearPairFields(replica Object) {
	for _, name := range []string{"local_entity_id", "remote_entity_id", "remote_entity_name", "base_action", "entity_pairs"} {
		delete(replica, name)
	}
}

// releaseTarget takes a dataset out of its replica: it is again what it was before, but for its data.
func (a *Array) releaseTarget(replica, p Object, keepSerial bool) {
	o := a.dataset(p.int("local_entity_id"))
	if o == nil {
		return
	}
	if replica["role"] == targetRole {
		o["write_protected"] = p.bool("_target_old_ro_state")
	}
	if isActiveActive(replica) && !keepSerial {
		if serial := p.text(".serial"); serial != "" {
			o["serial"], o["nguid"] = serial, p.text(".nguid")
		} else {
			a.setSerial(o, a.nextID())
		}
	}
	unmark(o)
	a.replicated[o.id()] = slices.DeleteFunc(a.replicated[o.id()], func(s *replicationSnapshot) bool { return s.Owned == 0 })
}
