package infinibox

import (
	"fmt"
	"strings"
)

// vVols and the virtual machines they belong to are made by VMware through the array's VASA provider, not over
// this API. Here they come from the seed.

// SeedVM is a virtual machine of a seed.
type SeedVM struct {
	Name string `json:"name"`
}

// SeedVVol is a vVol of a seed, in a vVol pool.
type SeedVVol struct {
	Name             string `json:"name"`
	PoolID           int    `json:"pool_id"`
	VM               string `json:"vm"`                // name of a virtual machine of the seed; none when empty
	Type             string `json:"type"`              // such as Config, Data or Swap
	Size             int    `json:"size"`              // bytes
	ReplicationGroup string `json:"replication_group"` // name of the group that it is said to be in
}

func newVMs() *collection {
	return newCollection(collection{
		path: "vms", noun: "Virtual machine", absent: "VIRTUAL_MACHINE_NOT_FOUND", command: "GetAllVms",
		minor: true, search: "vm", updating: by(administrators),
		unknownAttribute: func(name string) error { return notFound("ATTRIBUTE_NOT_FOUND", "Attribute not found: '%s'", name) },
	}, `
		id   integer  filter sort
		name text     filter sort update
		uuid text
	`)
}

func newVVols() *collection {
	return newCollection(collection{
		path: "vvols", noun: "vVol", absent: "VVOL_NOT_FOUND", command: "GetAllVvols", in: "pool_id", search: "vvol",
		deletion: by(administrators), parameters: []string{"include_space_stats"},
		keeps: func(_ *request, o Object) error {
			if group := o.text(".group"); group != "" {
				return conflict("VVOL_CANNOT_BE_DELETED", "The vvol '%s' cannot be deleted. reason: vvol is a member of RG: %s", o.name(), group)
			}
			return nil
		},
		computed: map[string]func(a *Array, o Object) any{
			"pool_name": func(a *Array, o Object) any { return a.poolOf(o).name() },
			"vm_uuid":   func(a *Array, o Object) any { return a.vms.objects[o.int("vm_id")]["uuid"] },
		},
	}, `
		id                                     integer  filter sort
		uuid                                   text     filter sort
		_core_vvol_guid                        text     filter sort
		_consistent_guid                       text
		name                                   text     filter sort
		vvol_type                              text     filter sort
		type                                   text(MASTER|SNAPSHOT)  filter sort  ="MASTER"
		size                                   integer  filter sort
		provtype                               text(THIN|THICK)  filter sort  ="THIN"
		pool_id                                integer  filter sort
		pool_name                              text
		vm_id                                  integer  =0
		vm_uuid                                text     filter sort
		guest_os                               text     filter sort
		parent_id                              integer  =0
		depth                                  integer  filter sort  =0
		is_replicated                          boolean  filter  =false
		replication_group_id                   integer
		ssd_enabled                            boolean  =true
		compression_enabled                    boolean  =true
		create_time                            integer  filter sort
		created_at                             integer  filter sort
		updated_at                             integer  filter sort
		tree_allocated                         integer  =0
		data_reduction_ratio                   decimal  =1.0
		capacity_savings                       integer
		capacity_savings_per_entity            integer
		disk_usage                             integer
		host_written_data                      integer
		zeros_capacity                         integer
		reducible_data_percents                decimal
		reducible_data_reduction_ratio         decimal
		reducible_data_disk_usage_capacity     integer
		reducible_host_written_data            integer
		non_reducible_data_percents            decimal
		non_reducible_data_reduction_ratio     decimal
		non_reducible_data_disk_usage_capacity integer
		non_reducible_host_written_data        integer
	`)
}

func (a *Array) vvolRoutes(r router) {
	r.serve(a, a.vms)
	r.serve(a, a.vvols)
	r.list("/vvols", func(rq *request) (any, error) {
		if strings.Contains(rq.query.Get("sort"), "is_replicated") {
			return nil, conflict("OPERATION_NOT_SUPPORTED", "Sorting by field: 'is_replicated' is not supported")
		}
		for _, value := range rq.query["is_replicated"] {
			if op, _, ok := strings.Cut(value, ":"); ok && op != "eq" {
				return nil, errOperator(operators[op])
			}
		}
		return a.listAll(rq, a.vvols)
	})
}

// vvolsIn counts the vVols of a pool.
func (a *Array) vvolsIn(pool Object) int {
	return len(a.vvols.where("pool_id", pool.id()))
}

func (a *Array) plantVM(s SeedVM) {
	vm := a.make(a.vms, map[string]any{"name": s.Name})
	a.add(vm)
	vm["uuid"] = a.naa(vm.id())
}

func (a *Array) plantVVol(s SeedVVol) error {
	pool, err := a.pools.find(s.PoolID)
	if err != nil {
		return err
	}
	if pool.text("type") != "VVOL" {
		return fmt.Errorf("vVol %s: pool %d is not for vVols", s.Name, s.PoolID)
	}
	values := map[string]any{"name": s.Name, "pool_id": s.PoolID, "vvol_type": s.Type, "size": s.Size}
	for _, vm := range a.vms.objects {
		if s.VM != "" && vm.name() == s.VM {
			values["vm_id"] = vm.id()
		}
	}
	if s.VM != "" && values["vm_id"] == nil {
		return fmt.Errorf("vVol %s: there is no virtual machine %s", s.Name, s.VM)
	}
	if s.ReplicationGroup != "" {
		values[".group"], values["is_replicated"], values["replication_group_id"] = s.ReplicationGroup, true, a.nextID()
	}
	a.addVVol(values)
	return nil
}

func (a *Array) addVVol(values map[string]any) Object {
	vvol := a.make(a.vvols, values)
	a.add(vvol)
	vvol["uuid"] = a.naa(vvol.id())
	vvol["_core_vvol_guid"] = fmt.Sprintf("%08x-0000-4000-8000-%012x", a.serial, vvol.id())
	return vvol
}

// naa is a name that the array gives to a vVol or virtual machine.
func (a *Array) naa(id int) string {
	return fmt.Sprintf("naa.6742b0f00000%04x%015x", a.serial&0xffff, id)
}
