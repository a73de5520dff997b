package infinibox

// moveVolume moves a volume and its snapshots to another pool, on request with the capacity it takes.
func (a *Array) moveVolume(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	id, err := requiredInteger(body, "pool_id")
	if err != nil {
		return nil, err
	}
	withCapacity := false
	if value, ok := body["with_capacity"]; ok {
		if withCapacity, ok = toBool(value); !ok {
			return nil, errField("with_capacity")
		}
	}
	from := a.poolOf(volume)
	to, err := a.pools.find(id)
	if err != nil {
		return nil, err
	}
	if err := a.checkMove(rq, volume, from, to); err != nil {
		return nil, err
	}
	if withCapacity {
		err = a.moveCapacity(volume, from, to)
	} else {
		err = a.roomToMove(volume, to)
	}
	if err != nil {
		return nil, err
	}
	for _, o := range append(a.descendants(volume), volume) {
		a.reaccount(o, func() { o["pool_id"] = to.id() })
	}
	a.touch(volume)
	return a.render(a.volumes, volume, nil), nil
}

func (a *Array) checkMove(rq *request, volume, from, to Object) error {
	for _, pool := range []Object{from, to} {
		if err := rq.mayModify(pool); err != nil {
			return err
		}
		if err := unlocked(pool); err != nil {
			return err
		}
	}
	if isSnapshot(volume) {
		return conflict("DATASET_NOT_MASTER", "The volume is not a master volume")
	}
	if to.text("type") == "VVOL" {
		return conflict("ILLEGAL_MOVE_TO_VVOL_POOL", "Cannot move VOLUME '%s' into vVol pool '%s', because '%s' is dedicated for VMware vVols", volume.name(), to.name(), to.name())
	}
	return nil
}

// roomToMove refuses a volume that does not fit into what is free in the other pool.
func (a *Array) roomToMove(volume, to Object) error {
	if free, need := a.freePhysical(to), physicalSize(volume); need > free {
		return conflict("INSUFFICIENT_POOL_CAPACITY", "The pool has insufficient capacity. Reason: The capacity of the target pool is insufficient for this action. Pool free capacity is approximately: %s, required capacity is approximately: %s. The capacity is accurate up to 1GB due to internal conversions", inUnits(free), inUnits(need))
	}
	return a.room(to, virtualSize(volume), 0)
}

// moveCapacity takes from one pool what a volume needs and gives it to the other pool.
func (a *Array) moveCapacity(volume, from, to Object) error {
	moved := map[string]int{
		"virtual_capacity":  roundUp(virtualSize(volume), poolUnit),
		"physical_capacity": roundUp(physicalSize(volume), poolUnit),
	}
	for name, bytes := range moved {
		if left := from.int(name) - bytes; left < minimumPool {
			_, err := checkCapacity(left)
			return err
		}
	}
	for name, bytes := range moved {
		from[name] = from.int(name) - bytes
		to[name] = to.int(name) + bytes
	}
	return nil
}
