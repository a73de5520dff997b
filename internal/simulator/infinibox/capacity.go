package infinibox

const (
	poolUnit    = 393216 // pool capacities are whole numbers of these: 6 x 64 KiB
	virtualUnit = 65536  // what a dataset takes of a pool's capacity
	blockSize   = 512
	minimumPool = 1000000000000
)

// usage is what the datasets of a pool take of it.
type usage struct {
	virtual, physical                int
	volumes, snapshots               int
	filesystems, filesystemSnapshots int
}

func (u *usage) datasets() int {
	return u.volumes + u.snapshots + u.filesystems + u.filesystemSnapshots
}

// used is what a pool's datasets take, also of a pool that has none.
func (a *Array) used(pool Object) *usage {
	if u := a.usage[pool.id()]; u != nil {
		return u
	}
	return &usage{}
}

// totalUsage is what the datasets of all pools take.
func (a *Array) totalUsage() usage {
	var sum usage
	for _, u := range a.usage {
		sum.virtual += u.virtual
		sum.physical += u.physical
		sum.volumes += u.volumes
		sum.snapshots += u.snapshots
		sum.filesystems += u.filesystems
		sum.filesystemSnapshots += u.filesystemSnapshots
	}
	return sum
}

func (a *Array) freeVirtual(pool Object) int {
	return pool.int("virtual_capacity") - a.used(pool).virtual
}

func freeVirtualSpace(a *Array, pool Object) any {
	if isS3(pool) {
		return nil
	}
	return a.freeVirtual(pool)
}

func (a *Array) freePhysical(pool Object) int {
	return pool.int("physical_capacity") - a.used(pool).physical
}

// usageOf is the account of a pool, to be changed.
func (a *Array) usageOf(pool int) *usage {
	if a.usage[pool] == nil {
		a.usage[pool] = &usage{}
	}
	return a.usage[pool]
}

// account adds a dataset to what its pool holds, or takes it off with sign -1.
func (a *Array) account(o Object, sign int) {
	u := a.usageOf(o.int("pool_id"))
	u.virtual += sign * virtualSize(o)
	u.physical += sign * physicalSize(o)
	count := &u.volumes
	switch {
	case isFilesystem(o) && isSnapshot(o):
		count = &u.filesystemSnapshots
	case isFilesystem(o):
		count = &u.filesystems
	case isSnapshot(o):
		count = &u.snapshots
	}
	*count += sign
}

// reaccount changes a dataset and keeps its pool's account right.
func (a *Array) reaccount(o Object, change func()) {
	a.account(o, -1)
	change()
	a.account(o, 1)
}

// virtualSize is what a dataset takes of its pool's virtual capacity. Snapshots take none.
func virtualSize(o Object) int {
	if isSnapshot(o) {
		return 0
	}
	return roundUp(o.int("size"), virtualUnit)
}

// physicalSize is what a dataset takes of its pool's physical capacity: all of it when thick.
func physicalSize(o Object) int {
	if isSnapshot(o) || o.text("provtype") != "THICK" {
		return 0
	}
	return roundUp(o.int("size"), virtualUnit)
}

// room refuses what does not fit into a pool.
func (a *Array) room(pool Object, virtual, physical int) error {
	if physical > a.freePhysical(pool) && physical > 0 {
		return conflict("POOL_PHYSICAL_CAPACITY", "Cannot perform the operation because the pool does not have enough physical capacity")
	}
	if virtual > a.freeVirtual(pool) && virtual > 0 {
		return conflict("POOL_VIRTUAL_CAPACITY", "Cannot perform the operation because the pool does not have enough virtual capacity")
	}
	return nil
}

// checkCapacity applies what holds of each capacity of a pool, and rounds it up.
func checkCapacity(bytes int) (int, error) {
	var reason string
	switch {
	case bytes < minimumPool:
		reason = "Pool capacity is less than the minimum capacity of " + inUnits(minimumPool)
	case bytes%blockSize != 0:
		reason = "Pool size is not aligned with integral units of 512"
	default:
		return roundUp(bytes, poolUnit), nil
	}
	return 0, conflict("ILLEGAL_POOL_CAPACITY", "The requested capacity is not allowed. Reason: %s. Wrong capacity value: %s", reason, inUnits(bytes))
}

func checkPhysicalCapacity(ch *change) error {
	rounded, err := checkCapacity(ch.after.int("physical_capacity"))
	if err != nil {
		return err
	}
	if rounded > ch.a.limits.PhysicalCapacity-ch.a.total("physical_capacity", ch.before) || rounded < ch.a.used(ch.before).physical {
		return conflict("ILLEGAL_POOL_PHYSICAL_CAPACITY", "The requested physical capacity is not allowed")
	}
	ch.after["physical_capacity"] = rounded
	return nil
}

func checkVirtualCapacity(ch *change) error {
	if isS3(ch.after) {
		return conflict("SET_VIRTUAL_CAPACITY_S3_POOL_NOT_ALLOWED", "An S3 pool cannot have a virtual capacity")
	}
	bytes := ch.after.int("virtual_capacity")
	rounded, err := checkCapacity(bytes)
	switch {
	case err != nil:
		return err
	case rounded > ch.a.virtualCapacity-ch.a.total("virtual_capacity", ch.before):
		return conflict("SYSTEM_VIRTUAL_CAPACITY", "Used virtual space reached system virtual capacity")
	case rounded < ch.a.used(ch.before).virtual:
		return conflict("ILLEGAL_POOL_CAPACITY", "The requested capacity is not allowed. Reason: Pool capacity is less than the capacity of its datasets. Wrong capacity value: %s", inUnits(bytes))
	}
	ch.after["virtual_capacity"] = rounded
	return nil
}

// total adds up a field of all pools but one, which may be nil.
func (a *Array) total(field string, but Object) int {
	sum := 0
	for id, pool := range a.pools.objects {
		if id != but.id() {
			sum += pool.int(field)
		}
	}
	return sum
}
