package infinibox

import (
	"fmt"
	"net/http"
)

func newPools() *collection {
	return newCollection(collection{
		path: "pools", noun: "Pool", absent: "POOL_NOT_FOUND", taken: "POOL_NAME_CONFLICT", command: "GetAllPoolsFiltered",
		in: "id", metadata: "pool", search: "pool", qos: "POOL",
		creation: by(administrators), updating: by(poolAdmins), deletion: by(administrators), parameters: histogram,
		onePerUpdate: true, unknownAttribute: errMissingAttribute,
		fill: fillPool, full: poolsFull, checks: poolChecks, check: checkThresholds,
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting pool '%s' might prevent the pool's administrator from creating new datasets", o.name())
		},
		keeps:  func(rq *request, o Object) error { return rq.a.checkEmpty(o) },
		delete: func(rq *request, o Object) { rq.a.dropPool(o) },
		computed: map[string]func(a *Array, o Object) any{
			"qos_policies":                        func(a *Array, o Object) any { return a.poolQoS(o) },
			"vvol_volumes_count":                  func(a *Array, o Object) any { return a.vvolsIn(o) },
			"vvol_entities_count":                 func(a *Array, o Object) any { return a.vvolsIn(o) },
			"free_virtual_space":                  freeVirtualSpace,
			"free_physical_space":                 func(a *Array, o Object) any { return a.freePhysical(o) },
			"allocated_physical_space":            func(a *Array, o Object) any { return a.used(o).physical },
			"volumes_count":                       func(a *Array, o Object) any { return a.used(o).volumes },
			"standard_volumes_count":              func(a *Array, o Object) any { return a.used(o).volumes },
			"snapshots_count":                     func(a *Array, o Object) any { return a.used(o).snapshots },
			"standard_snapshots_count":            func(a *Array, o Object) any { return a.used(o).snapshots },
			"filesystems_count":                   func(a *Array, o Object) any { return a.used(o).filesystems },
			"standard_filesystems_count":          func(a *Array, o Object) any { return a.used(o).filesystems },
			"filesystem_snapshots_count":          func(a *Array, o Object) any { return a.used(o).filesystemSnapshots },
			"standard_filesystem_snapshots_count": func(a *Array, o Object) any { return a.used(o).filesystemSnapshots },
			"entities_count":                      func(a *Array, o Object) any { return a.used(o).datasets() + a.vvolsIn(o) + len(a.bucketsIn(o)) },
			"s3_buckets_count":                    func(a *Array, o Object) any { return len(a.bucketsIn(o)) },
			"s3_bound":                            func(a *Array, o Object) any { return a.s3AccountOf(o) != nil },
			"standard_entities_count":             func(a *Array, o Object) any { return a.used(o).datasets() },
		},
	}, `
		id                                     integer  filter sort
		name                                   text     filter sort required update
		type                                   text(STANDARD|VVOL|S3)  filter sort create  ="STANDARD"
		physical_capacity                      integer  filter sort required update admin
		virtual_capacity                       integer  filter sort create update admin
		physical_capacity_warning              integer  create update  =80
		physical_capacity_critical             integer  create update  =90
		fs_used_default_warning                integer  filter sort create update  =100
		fs_used_default_critical               integer  filter sort create update  =100
		max_extend                             integer  create update admin  =-1
		owners                                 list     create update null admin  =[]
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
		filesystems_count                      integer
		filesystem_snapshots_count             integer
		entities_count                         integer
		standard_volumes_count                 integer
		standard_snapshots_count               integer
		standard_filesystems_count             integer
		standard_filesystem_snapshots_count    integer
		standard_entities_count                integer
		vvol_volumes_count                     integer  =0
		vvol_snapshots_count                   integer  =0
		vvol_entities_count                    integer  =0
		internal_entities_count                integer
		s3_buckets_count                       integer
		s3_bound                               boolean
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

// histogram is a parameter of many queries: what it asks for is not simulated.
var histogram = []string{"include_data_reduction_hist"}

func errMissingAttribute(name string) error {
	return badRequest("SET_MISSING_ATTRIBUTE", "Attribute not found: '%s'", name)
}

func (a *Array) poolRoutes(r router) {
	r.serve(a, a.pools)
	r.list("/pools/administered_pools", func(rq *request) (any, error) { return a.poolsOf(rq, rq.user, "GetMyPools") })
	r.list("/pools/{id}/all_admins", a.poolAdministrators)
	r.write(http.MethodPost, "/pools/{id}/lock", administrators, a.lockPool)
	r.write(http.MethodPost, "/pools/{id}/unlock", administrators, a.unlockPool)
}

// fillPool gives a new pool the virtual capacity that it is to have physically, unless it is for S3.
func fillPool(ch *change) {
	switch {
	case !ch.isNew():
	case isS3(ch.after):
		if !ch.sets("max_extend") {
			ch.after["max_extend"] = 0
		}
	case ch.values["virtual_capacity"] == nil:
		ch.say("virtual_capacity", ch.values["physical_capacity"])
	}
}

func poolsFull(a *Array) error {
	if len(a.pools.objects) >= a.limits.Pools {
		return conflict("POOL_COUNT_LIMIT", "Pool cannot be created as the maximum number of pools exceeded")
	}
	return nil
}

var poolChecks = map[string]func(ch *change) error{
	"tenant_id":                  checkTenant,
	"type":                       checkPoolType,
	"physical_capacity":          checkPhysicalCapacity,
	"virtual_capacity":           checkVirtualCapacity,
	"physical_capacity_warning":  thresholdCheck("physical_capacity_warning"),
	"physical_capacity_critical": thresholdCheck("physical_capacity_critical"),
	"fs_used_default_warning":    checkFilesystemThreshold("fs_used_default_warning"),
	"fs_used_default_critical":   checkFilesystemThreshold("fs_used_default_critical"),
	"owners":                     checkOwners,
	"max_extend": func(ch *change) error {
		switch v := ch.after.int("max_extend"); {
		case v < -1:
			return errWrong("max_extend", v, "greater or equals -1")
		case v == -1 && isS3(ch.after):
			return conflict("S3_POOL_SET_UNLIMITED_EMERGENCY_BUFFER_NOT_ALLOWED", "An S3 pool cannot have an unlimited emergency buffer")
		}
		return nil
	},
}

func checkTenant(ch *change) error {
	if ch.after["tenant_id"] != defaultTenant {
		return notFound("TENANT_NOT_FOUND", "Tenant not found")
	}
	return nil
}

// isS3 tells whether a pool is for S3 buckets. It has no virtual capacity.
func isS3(pool Object) bool { return pool["type"] == "S3" }

func checkPoolType(ch *change) error {
	if isS3(ch.after) && !ch.a.s3 {
		return errS3Disabled()
	}
	return nil
}

// thresholdCheck checks one threshold, in percent.
func thresholdCheck(name string) func(ch *change) error {
	return func(ch *change) error {
		if v := ch.after.int(name); v < 1 || v > 100 {
			return badRequest("ILLEGAL_THRESHOLD_VALUE", "Illegal threshold value: %d", v)
		}
		return nil
	}
}

// checkFilesystemThreshold checks a threshold that filesystems of the pool begin with.
func checkFilesystemThreshold(name string) func(ch *change) error {
	return func(ch *change) error {
		switch {
		case ch.isNew() && isS3(ch.after):
			return badRequest("UNSUPPORTED_FIELD", "The request contains an unsupported field ('%s') for S3 type pool", name)
		case !ch.isNew() && ch.after["type"] != "STANDARD":
			return conflict("SET_FS_THRESHOLDS_POOL_TYPE_MISMATCH", "Filesystem capacity alert thresholds can be configured for STANDARD pools only")
		}
		return thresholdCheck(name)(ch)
	}
}

// checkThresholds compares the thresholds as they are going to be.
func checkThresholds(ch *change) error {
	return inOrder(ch.after.int("physical_capacity_warning"), ch.after.int("physical_capacity_critical"))
}

func inOrder(warning, critical int) error {
	if critical <= warning {
		return conflict("ILLEGAL_WARNING_OR_CRITICAL_VALUE", "Illegal value %d. Critical value (%d) must be greater than warning value (%d)", warning, critical, warning)
	}
	return nil
}

// checkOwners checks that the owners of a pool are pool administrators.
func checkOwners(ch *change) error {
	given, ok := ch.after["owners"].([]any)
	if !ok {
		return errWrong("owner", nil, "must be a valid owner")
	}
	owners := []any{}
	for _, item := range given {
		id, ok := toInt(item)
		if !ok {
			return errWrong("owner", item, "must be a valid owner")
		}
		user, err := ch.a.accountOf(id)
		if err != nil {
			return err
		}
		if user.text("role") != "POOL_ADMIN" {
			return conflict("ILLEGAL_POOL_ADMIN", "A non-POOL_ADMIN user cannot be assigned as a pool admin")
		}
		owners = append(owners, id)
	}
	ch.after["owners"] = owners
	return nil
}

func (a *Array) dropPool(pool Object) {
	a.dropQoS(pool)
	a.remove(pool)
	delete(a.usage, pool.id())
}

// checkEmpty refuses to delete a pool that holds anything.
func (a *Array) checkEmpty(pool Object) error {
	if a.used(pool).datasets()+a.vvolsIn(pool) > 0 {
		return conflict("POOL_NOT_EMPTY", "Pool is not empty")
	}
	if len(a.groups.where("pool_id", pool.id())) > 0 {
		return conflict("POOL_HAS_CG", "Pool has consistency groups")
	}
	if account := a.s3AccountOf(pool); account != nil {
		return conflict("S3_POOL_DELETE_WITH_ACCOUNT_NOT_ALLOWED", "S3 pool '%s' cannot be deleted because it is associated with S3 account '%s'", pool.name(), account.name())
	}
	if len(a.replicationGroups.where("pool_id", pool.id())) > 0 {
		return conflict("POOL_HAS_RG", "Pool has replication groups")
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
	return a.render(pool, nil), nil
}

// poolAdministrators lists who may change a pool: all administrators and its owners.
func (a *Array) poolAdministrators(rq *request) (any, error) {
	pool, err := a.pools.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	var ids []any
	for _, c := range a.accountKinds() {
		for _, account := range c.all() {
			if contains(administrators, account.text("role")) {
				ids = append(ids, account.id())
			}
		}
	}
	return plain(rq, "GetPoolAdministrators", append(ids, pool.list("owners")...))
}

// poolsOf lists the pools that a user or group owns.
func (a *Array) poolsOf(rq *request, user Object, command string) (any, error) {
	var owned []Object
	for _, pool := range a.pools.all() {
		if ownedBy(pool, user) {
			owned = append(owned, pool)
		}
	}
	c := *a.pools
	c.command = command
	return a.query(&c, owned, rq.query)
}
