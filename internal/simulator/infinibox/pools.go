package infinibox

import "net/http"

const (
	poolUnit    = 393216 // pool capacities are whole numbers of these: 6 x 64 KiB
	virtualUnit = 65536  // what a volume takes of a pool's virtual capacity
	blockSize   = 512
	minimumPool = 1000000000000
)

// usage is what the volumes of a pool take of it.
type usage struct {
	virtual, physical  int
	volumes, snapshots int
}

func newPools() *collection {
	return newCollection(collection{
		path: "pools", kind: "pool", noun: "Pool", absent: "POOL_NOT_FOUND", taken: "POOL_NAME_CONFLICT",
		command: "GetAllPoolsFiltered", onePerUpdate: true, unknownAttribute: true,
		computed: map[string]func(a *Array, o Object) any{
			"qos_policies":             func(a *Array, o Object) any { return a.poolQoS(o) },
			"vvol_volumes_count":       func(a *Array, o Object) any { return a.vvolsIn(o) },
			"vvol_entities_count":      func(a *Array, o Object) any { return a.vvolsIn(o) },
			"free_virtual_space":       func(a *Array, o Object) any { return a.freeVirtual(o) },
			"free_physical_space":      func(a *Array, o Object) any { return a.freePhysical(o) },
			"allocated_physical_space": func(a *Array, o Object) any { return a.used(o).physical },
			"volumes_count":            func(a *Array, o Object) any { return a.used(o).volumes },
			"standard_volumes_count":   func(a *Array, o Object) any { return a.used(o).volumes },
			"snapshots_count":          func(a *Array, o Object) any { return a.used(o).snapshots },
			"standard_snapshots_count": func(a *Array, o Object) any { return a.used(o).snapshots },
			"entities_count":           func(a *Array, o Object) any { return a.used(o).volumes + a.used(o).snapshots + a.vvolsIn(o) },
			"standard_entities_count":  func(a *Array, o Object) any { return a.used(o).volumes + a.used(o).snapshots },
		},
	}, `
		id                                     integer  filter sort
		name                                   text     filter sort required update
		type                                   text(STANDARD|VVOL|S3)  filter sort create  ="STANDARD"
		physical_capacity                      integer  filter sort required update
		virtual_capacity                       integer  filter sort create update
		physical_capacity_warning              integer  create update  =80
		physical_capacity_critical             integer  create update  =90
		fs_used_default_warning                integer  filter sort create update  =100
		fs_used_default_critical               integer  filter sort create update  =100
		max_extend                             integer  create update  =-1
		owners                                 list     create update null  =[]
		ssd_enabled                            boolean  filter sort create update  =true
		compression_enabled                    boolean  filter sort create update  =true
		tenant_id                              integer  filter sort create
		state                                  text     ="NORMAL"
		created_at                             integer  filter sort
		updated_at                             integer  filter sort
		reserved_capacity                      integer  =100000000000
		free_virtual_space                     integer
		free_physical_space                    integer
		allocated_physical_space               integer
		allocated_internal_physical_space      integer  =0
		volumes_count                          integer
		snapshots_count                        integer
		filesystems_count                      integer  =0
		filesystem_snapshots_count             integer  =0
		entities_count                         integer
		standard_volumes_count                 integer
		standard_snapshots_count               integer
		standard_filesystems_count             integer  =0
		standard_filesystem_snapshots_count    integer  =0
		standard_entities_count                integer
		vvol_volumes_count                     integer  =0
		vvol_snapshots_count                   integer  =0
		vvol_entities_count                    integer  =0
		internal_entities_count                integer
		s3_buckets_count                       integer  =0
		s3_bound                               boolean  =false
		qos_policies                           list     =[]
		data_reduction_ratio                   decimal  =1.0
		capacity_savings                       integer
		thin_capacity_savings                  integer
		thick_capacity_savings                 integer
		zeros_capacity                         integer
		host_written_data                      integer
		total_disk_usage                       integer
		reducible_data_percents                decimal  filter
		reducible_data_reduction_ratio         decimal  filter
		reducible_data_disk_usage_capacity     integer
		reducible_host_written_data            integer
		non_reducible_data_percents            decimal
		non_reducible_data_reduction_ratio     decimal
		non_reducible_data_disk_usage_capacity integer
		non_reducible_host_written_data        integer
	`)
}

func (a *Array) poolRoutes(r router) {
	r.collection(a, a.pools, []string{"include_data_reduction_hist"}, actions{
		create: a.createPool, createRoles: administrators,
		update: a.updatePool, updateRoles: poolAdmins,
		remove: a.deletePool, removeRoles: administrators,
	})
	r.read("/pools/administered_pools", func(rq *request) (any, error) { return a.poolsOf(rq, rq.user, "GetMyPools") })
	r.read("/pools/{id}/all_admins", a.poolAdministrators)
	r.write(http.MethodPost, "/pools/{id}/lock", administrators, a.lockPool)
	r.write(http.MethodPost, "/pools/{id}/unlock", administrators, a.unlockPool)
}

// used is what a pool's volumes take, also of a pool that has none.
func (a *Array) used(pool Object) *usage {
	if u := a.usage[pool.id()]; u != nil {
		return u
	}
	return &usage{}
}

func (a *Array) freeVirtual(pool Object) int {
	return pool.int("virtual_capacity") - a.used(pool).virtual
}

func (a *Array) freePhysical(pool Object) int {
	return pool.int("physical_capacity") - a.used(pool).physical
}

func (a *Array) createPool(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.pools.creation(body)
	if err != nil {
		return nil, err
	}
	if err := a.pools.freeName(values["name"].(string), 0); err != nil {
		return nil, err
	}
	if len(a.pools.objects) >= a.limits.Pools {
		return nil, conflict("POOL_COUNT_LIMIT", "Pool cannot be created as the maximum number of pools exceeded")
	}
	if tenant, ok := values["tenant_id"]; ok && tenant != defaultTenant {
		return nil, notFound("TENANT_NOT_FOUND", "Tenant not found")
	}
	if kind, ok := values["type"]; ok && kind == "S3" {
		return nil, conflict("S3_FEATURE_NOT_ENABLED", "This operation cannot be completed because the S3-Compatible Object Storage feature is not enabled")
	}
	if values["virtual_capacity"] == nil {
		values["virtual_capacity"] = values["physical_capacity"]
	}
	o := a.make(a.pools, nil)
	for _, name := range sortedKeys(values) {
		value, err := a.poolValue(o, name, values[name])
		if err != nil {
			return nil, err
		}
		o[name] = value
	}
	if err := checkThresholds(o); err != nil {
		return nil, err
	}
	a.add(a.pools, o)
	return created{a.render(a.pools, o, nil)}, nil
}

// poolValue checks one value of a pool, new or to be changed, and returns it as it is kept.
func (a *Array) poolValue(pool Object, name string, value any) (any, error) {
	switch name {
	case "physical_capacity":
		return a.physicalCapacity(pool, value.(int))
	case "virtual_capacity":
		return a.newVirtualCapacity(pool, value.(int))
	case "physical_capacity_warning", "physical_capacity_critical", "fs_used_default_warning", "fs_used_default_critical":
		if v := value.(int); v < 1 || v > 100 {
			return nil, badRequest("ILLEGAL_THRESHOLD_VALUE", "Illegal threshold value: %d", v)
		}
	case "max_extend":
		if v := value.(int); v < -1 {
			return nil, errWrong("max_extend", v, "greater or equals -1")
		}
	case "owners":
		return a.poolOwners(value)
	}
	return value, nil
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

func (a *Array) physicalCapacity(pool Object, bytes int) (int, error) {
	rounded, err := checkCapacity(bytes)
	if err != nil {
		return 0, err
	}
	if rounded > a.limits.PhysicalCapacity-a.total("physical_capacity", pool) || rounded < a.used(pool).physical {
		return 0, conflict("ILLEGAL_POOL_PHYSICAL_CAPACITY", "The requested physical capacity is not allowed")
	}
	return rounded, nil
}

func (a *Array) newVirtualCapacity(pool Object, bytes int) (int, error) {
	rounded, err := checkCapacity(bytes)
	if err != nil {
		return 0, err
	}
	if rounded > a.virtualCapacity-a.total("virtual_capacity", pool) {
		return 0, conflict("SYSTEM_VIRTUAL_CAPACITY", "Used virtual space reached system virtual capacity")
	}
	if rounded < a.used(pool).virtual {
		return 0, conflict("ILLEGAL_POOL_CAPACITY", "The requested capacity is not allowed. Reason: Pool capacity is less than the capacity of its datasets. Wrong capacity value: %s", inUnits(bytes))
	}
	return rounded, nil
}

// total adds up a field of all pools but one.
func (a *Array) total(field string, but Object) int {
	sum := 0
	for id, pool := range a.pools.objects {
		if id != but.id() {
			sum += pool.int(field)
		}
	}
	return sum
}

// poolOwners checks that the owners of a pool are pool administrators.
func (a *Array) poolOwners(value any) (any, error) {
	given, ok := value.([]any)
	if !ok {
		return nil, errWrong("owner", nil, "must be a valid owner")
	}
	owners := []any{}
	for _, item := range given {
		id, ok := toInt(item)
		if !ok {
			return nil, errWrong("owner", item, "must be a valid owner")
		}
		user, err := a.users.find(id)
		if err != nil {
			return nil, err
		}
		if user.text("role") != "POOL_ADMIN" {
			return nil, conflict("ILLEGAL_POOL_ADMIN", "A non-POOL_ADMIN user cannot be assigned as a pool admin")
		}
		owners = append(owners, id)
	}
	return owners, nil
}

func checkThresholds(pool Object) error {
	warning, critical := pool.int("physical_capacity_warning"), pool.int("physical_capacity_critical")
	if critical <= warning {
		return conflict("ILLEGAL_WARNING_OR_CRITICAL_VALUE", "Illegal value %d. Critical value (%d) must be greater than warning value (%d)", warning, critical, warning)
	}
	return nil
}

// ownerFields are the fields of a pool that its own administrator may not change.
var ownerFields = []string{"owners", "physical_capacity", "virtual_capacity", "max_extend"}

func (a *Array) updatePool(rq *request) (any, error) {
	pool, err := a.pools.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if err := rq.mayModify(pool); err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.pools.change(body)
	if err != nil {
		return nil, err
	}
	for name, value := range values {
		if !rq.isAdministrator() && contains(ownerFields, name) {
			return nil, errUnauthorized("Method is not allowed for [%s]", rq.role())
		}
		if name == "name" {
			if err := a.pools.freeName(value.(string), pool.id()); err != nil {
				return nil, err
			}
			a.pools.rename(pool, value.(string))
			continue
		}
		if pool.text("type") != "STANDARD" && (name == "fs_used_default_warning" || name == "fs_used_default_critical") {
			return nil, conflict("SET_FS_THRESHOLDS_POOL_TYPE_MISMATCH", "Filesystem capacity alert thresholds can be configured for STANDARD pools only")
		}
		kept, err := a.poolValue(pool, name, value)
		if err != nil {
			return nil, err
		}
		before := pool[name]
		pool[name] = kept
		if err := checkThresholds(pool); err != nil {
			pool[name] = before
			return nil, err
		}
	}
	a.touch(pool)
	return a.render(a.pools, pool, nil), nil
}

func (a *Array) deletePool(rq *request) (any, error) {
	pool, err := a.pools.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Deleting pool '%s' might prevent the pool's administrator from creating new datasets", pool.name()); err != nil {
		return nil, err
	}
	if err := a.checkEmpty(pool); err != nil {
		return nil, err
	}
	result := a.render(a.pools, pool, nil)
	a.dropQoS(pool)
	a.remove(a.pools, pool)
	delete(a.usage, pool.id())
	return result, nil
}

// checkEmpty refuses to delete a pool that holds anything.
func (a *Array) checkEmpty(pool Object) error {
	if u := a.used(pool); u.volumes+u.snapshots+a.vvolsIn(pool) > 0 {
		return conflict("POOL_NOT_EMPTY", "Pool is not empty")
	}
	for _, group := range a.groups.objects {
		if group.int("pool_id") == pool.id() {
			return conflict("POOL_HAS_CG", "Pool has consistency groups")
		}
	}
	return nil
}

func (a *Array) lockPool(rq *request) (any, error) {
	pool, err := a.pools.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Locking a pool prevents any changes to existing datasets, as well as creating new ones"); err != nil {
		return nil, err
	}
	return a.setPoolState(pool, "LOCKED")
}

func (a *Array) unlockPool(rq *request) (any, error) {
	pool, err := a.pools.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	return a.setPoolState(pool, "NORMAL")
}

func (a *Array) setPoolState(pool Object, state string) (any, error) {
	if pool.text("state") != state {
		pool["state"] = state
		a.touch(pool)
	}
	return a.render(a.pools, pool, nil), nil
}

// unlocked refuses to change datasets in a locked pool.
func unlocked(pool Object) error {
	if pool.text("state") == "LOCKED" {
		return conflict("ILLEGAL_POOL_STATE", "Illegal pool state")
	}
	return nil
}

// poolAdministrators lists who may change a pool: all administrators and its owners.
func (a *Array) poolAdministrators(rq *request) (any, error) {
	pool, err := a.pools.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	var ids []any
	for _, user := range a.users.all() {
		if contains(administrators, user.text("role")) {
			ids = append(ids, user.id())
		}
	}
	return plain(rq, "GetPoolAdministrators", append(ids, pool["owners"].([]any)...))
}

// poolsOf lists the pools that a user owns.
func (a *Array) poolsOf(rq *request, user Object, command string) (any, error) {
	var owned []Object
	for _, pool := range a.pools.all() {
		for _, owner := range pool["owners"].([]any) {
			if owner == user.id() {
				owned = append(owned, pool)
			}
		}
	}
	c := *a.pools
	c.command = command
	return a.query(&c, owned, rq.query)
}
