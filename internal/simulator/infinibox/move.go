package infinibox

// A move takes a volume or filesystem, or a consistency group with its members, and all their snapshots to another pool; on
// request with the capacity that they take.

// move is what the body of a request says.
type move struct {
	from, to     Object
	withCapacity bool
}

func (a *Array) readMove(rq *request, what Object) (move, error) {
	m := move{from: a.poolOf(what)}
	body, err := rq.onlyFields("pool_id", "with_capacity")
	if err != nil {
		return m, err
	}
	id, err := requiredInteger(body, "pool_id")
	if err != nil {
		return m, err
	}
	if value, ok := body["with_capacity"]; ok {
		if m.withCapacity, ok = toBool(value); !ok {
			return m, errField("with_capacity")
		}
	}
	if m.to, err = a.pools.find(id); err != nil {
		return m, err
	}
	for _, pool := range []Object{m.from, m.to} {
		if err := rq.mayChange(pool); err != nil {
			return m, err
		}
		if pool.text("state") == "LOCKED" {
			return m, errPoolLocked
		}
	}
	return m, nil
}

func (a *Array) moveDataset(rq *request, c *collection) (any, error) {
	o, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	m, err := a.readMove(rq, o)
	if err != nil {
		return nil, err
	}
	switch {
	case isSnapshot(o):
		return nil, conflict("DATASET_NOT_MASTER", "The %s is not a master %s", noun(o), noun(o))
	case o["cg_id"] != nil:
		return nil, conflict("CG_DATASET_MOVE_NOT_ALLOWED", "A dataset in a consistency group cannot be moved")
	}
	if err := a.carry(m, o.text("dataset_type"), o, o); err != nil {
		return nil, err
	}
	a.touch(o)
	return a.render(o, nil), nil
}

func (a *Array) moveGroup(rq *request) (any, error) {
	group, err := a.groups.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	m, err := a.readMove(rq, group)
	if err != nil {
		return nil, err
	}
	if isSnapshot(group) {
		return nil, conflict("SG_CANNOT_BE_MOVED", "a snapshot group can be moved only as part of a consistency group move")
	}
	if err := a.carry(m, "Consistency Group", group, a.inside(group)...); err != nil {
		return nil, err
	}
	for _, o := range append(a.snapshotGroups(group), group) {
		o["pool_id"] = m.to.id()
	}
	a.touch(group)
	return a.render(group, nil), nil
}

// carry moves datasets with their snapshots, of all or of none. what and kind are what the client asked to move.
func (a *Array) carry(m move, kind string, what Object, datasets ...Object) error {
	if isS3(m.to) {
		return conflict("S3_POOL_MOVE_ENTITIES_NOT_ALLOWED", "Entities cannot be moved to or from an S3 pool")
	}
	if m.to.text("type") == "VVOL" {
		return conflict("ILLEGAL_MOVE_TO_VVOL_POOL", "Cannot move %s '%s' into vVol pool '%s', because '%s' is dedicated for VMware vVols", kind, what.name(), m.to.name(), m.to.name())
	}
	if m.from.id() == m.to.id() {
		return nil
	}
	if isActiveActivePeer(what) && a.qosOf(m.to, "POOL_VOLUME") != nil {
		return conflict("REPLICA_UNSUPPORTED_FEATURE", "Replication feature not yet supported: Moving an active-active replicated entity to a pool assigned with a QoS policy")
	}
	virtual, physical := 0, 0
	for _, o := range datasets {
		virtual += virtualSize(o)
		physical += physicalSize(o)
	}
	err := a.roomToMove(m.to, virtual, physical)
	switch {
	case m.withCapacity:
		err = a.moveCapacity(m, virtual, physical)
	case kind == "FILESYSTEM":
		err = a.room(m.to, virtual, physical)
	}
	if err != nil {
		return err
	}
	for _, o := range datasets {
		for _, o := range append(a.descendants(o), o) {
			a.reaccount(o, func() { o["pool_id"] = m.to.id() })
		}
	}
	return nil
}

// roomToMove refuses what does not fit into what is free in the other pool.
func (a *Array) roomToMove(to Object, virtual, physical int) error {
	if free := a.freePhysical(to); physical > free {
		return conflict("INSUFFICIENT_POOL_CAPACITY", "The pool has insufficient capacity. Reason: The capacity of the target pool is insufficient for this action. Pool free capacity is approximately: %s, required capacity is approximately: %s. The capacity is accurate up to 1GB due to internal conversions", inUnits(free), inUnits(physical))
	}
	return a.room(to, virtual, 0)
}

// moveCapacity takes from one pool what is needed and gives it to the other pool.
func (a *Array) moveCapacity(m move, virtual, physical int) error {
	moved := map[string]int{
		"virtual_capacity":  roundUp(virtual, poolUnit),
		"physical_capacity": roundUp(physical, poolUnit),
	}
	for name, bytes := range moved {
		if left := m.from.int(name) - bytes; left < minimumPool {
			_, err := checkCapacity(left)
			return err
		}
	}
	for name, bytes := range moved {
		m.from[name] = m.from.int(name) - bytes
		m.to[name] = m.to.int(name) + bytes
	}
	return nil
}
