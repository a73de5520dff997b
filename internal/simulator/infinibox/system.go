package infinibox

import (
	"fmt"
	"net/http"
	"strings"
)

const systemVersion = "8.4.6.0"

// features are what the array says it can do, with their versions; "!" is for what is not enabled. Clients treat what is
// missing as not there.
const features = `
	active_active=4 advanced_restore=0 api_auth_sessions=0 api_init_progress=0 api_v2=0 async_replication=2 block_ssh=0
	compression=1 cons_groups=1 create_sync_from_base=0 data_reduction_ratio=0 delta=0 dot_snapshots=0 effective_capacity=0
	event_retention=0 events_db=0 fc_soft_targets=0 filesystem_replicas=1 fips=1 iscsi=1 kms=0 ldap=0
	local_user_password_policy=0 local_users_auth=1 metadata=2 nas=2 native_smb=2 network_configuration=2 nfsv4=0 nlm=0
	nvme=0 open_vms=0 pools=0 promote_snapshot=0 qos=0 rbac=0 replica_auto_create=0 replicate_snapshots=4 san=0
	smb_leases=0 snap_refresh=1 snapshot_lock=0 snapshot_policies=1 snapshots=1 ssa_express=1 sso_authentication=1
	sync_replication=0 tenants=0! treeq=0 user_db=0 user_disabling=0 user_management=1 user_roles_v1=0 vlans=1 vvol=1
	vvol_replication=1! worm_filesystems=0 worm_snapshots=0
`

func (a *Array) systemRoutes(r router) {
	r.open(http.MethodGet, "/_features", func(*request) (any, error) { return featureList(), nil })
	r.open(http.MethodGet, "/system/ping", func(*request) (any, error) { return raw{"OK"}, nil })
	r.read("/system", func(rq *request) (any, error) { return plucked(a.system(), pluck(rq.query)), nil })
	for name, value := range a.system() {
		r.list("/system/"+name, func(rq *request) (any, error) { return a.systemAttribute(rq, name) })
		parts, _ := value.(map[string]any)
		for part := range parts {
			r.list("/system/"+name+"/"+part, func(rq *request) (any, error) { return a.systemAttribute(rq, name, part) })
		}
	}
	a.ssaExpressRoutes(r)
	r.list("/system/ntp_status", a.readNTPStatus)
	a.powerRoutes(r)
	r.write(http.MethodPut, "/system/name", administrators, a.renameSystem)
	r.write(http.MethodPut, "/system/capacity/total_virtual_capacity", administrators, a.setVirtualCapacity)
}

func featureList() []any {
	var list []any
	for word := range strings.FieldsSeq(features) {
		word, disabled := strings.CutSuffix(word, "!")
		name, version, _ := strings.Cut(word, "=")
		number, _ := toInt(version)
		list = append(list, map[string]any{"name": name, "version": number, "enabled": !disabled, "experimental": false})
	}
	return list
}

// system is what the array says of itself.
func (a *Array) system() map[string]any {
	ssa, _ := a.usedSSAExpress()
	return map[string]any{
		"name": a.systemName, "version": systemVersion, "release": release(), "serial_number": a.serial,
		"model": "F6000", "full_model": "F6240", "product_id": "INFINIBOX", "uptime": 1, "wwnn": fmt.Sprintf("5742b0f00000%04x", a.serial&0xffff),
		"deployment_id":     fmt.Sprintf("%d", a.serial),
		"operational_state": a.operationalState(),
		"health_state":      a.protection(a.healthState()),
		"capacity":          a.systemCapacity(),
		"entity_counts":     a.entityCounts(),
		"localtime":         map[string]any{"utc_time": a.clock(), "timezone": "UTC"},
		"security":          a.security(),
		"ntp_status":        a.ntpStatus(),
		"ssa_express_info":  map[string]any{"ssa_express_status": "STATE_ACTIVE", "total_ssa_express_capacity": a.limits.SSAExpress, "free_ssa_express_capacity": a.limits.SSAExpress - ssa, "used_ssa_express_capacity": ssa},
		"cpu_features":      []any{}, "install_timestamp": 0, "upgrade_timestamp": 0, "fqdn": a.fullName(),
	}
}

// release is what each part of the array's software is of.
func release() map[string]any {
	part := func(mode any) map[string]any {
		return map[string]any{"build_mode": mode, "revision": "0", "version": systemVersion}
	}
	return map[string]any{"gui": part(nil), "infinishell": part(nil), "system": part("release")}
}

func (a *Array) systemCapacity() map[string]any {
	held := a.totalUsage()
	physical, virtual := a.total("physical_capacity", nil), a.total("virtual_capacity", nil)
	return map[string]any{
		"total_physical_capacity": a.limits.PhysicalCapacity, "free_physical_space": a.limits.PhysicalCapacity - physical,
		"total_virtual_capacity": a.virtualCapacity, "free_virtual_space": a.virtualCapacity - virtual,
		"total_allocated_physical_space":        held.physical,
		"allocated_physical_space_within_pools": held.physical, "allocated_virtual_space_within_pools": held.virtual,
		"total_disk_usage_within_pools": held.physical, "total_capacity_savings": 0, "total_thick_capacity_savings": 0,
		"total_thin_capacity_savings": 0, "data_reduction_ratio": 1.0,
		"total_spare_bytes": 0, "used_spare_bytes": 0, "used_dynamic_spare_bytes": 0, "dynamic_spare_drive_cost": 0,
		"total_spare_partitions": 0, "used_spare_partitions": 0, "used_dynamic_spare_partitions": 0,
	}
}

func (a *Array) entityCounts() map[string]any {
	held := a.totalUsage()
	count := func(c *collection, field string, value any) int {
		n := 0
		for _, o := range c.objects {
			if o[field] == value {
				n++
			}
		}
		return n
	}
	mapped := map[int]bool{}
	for _, m := range a.mappings {
		mapped[m.Volume] = true
	}
	return map[string]any{
		"pools": len(a.pools.objects), "standard_pools": count(a.pools, "type", "STANDARD"), "vvol_pools": count(a.pools, "type", "VVOL"),
		"volumes": held.volumes, "volume_snapshots": held.snapshots, "mapped_volumes": len(mapped),
		"filesystems": held.filesystems, "filesystem_snapshots": held.filesystemSnapshots,
		"filesystems_unix":    count(a.filesystems, "security_style", "UNIX"),
		"filesystems_windows": count(a.filesystems, "security_style", "WINDOWS"),
		"nfs3_exports":        count(a.exports, "nfs_version", nfs3), "nfs3_exports_win_fs": a.countAccess(a.exports, true),
		"smb_shares": len(a.shares.objects), "smb_shares_unix_fs": a.countAccess(a.shares, false),
		"ssa_express_volumes": count(a.volumes, "ssa_express_enabled", true), "ssa_express_filesystems": count(a.filesystems, "ssa_express_enabled", true),
		"hosts": len(a.hosts.objects), "clusters": len(a.clusters.objects),
		"consistency_groups": a.countGroups("MASTER"), "snapshot_groups": a.countGroups("SNAPSHOT"),
		"replicas": len(a.replicas.objects), "rg_replicas": len(a.rgReplicas.objects), "replication_groups": len(a.replicationGroups.objects),
	}
}

// countAccess counts the exports or shares of filesystems of Windows' style, or of the others.
func (a *Array) countAccess(c *collection, windows bool) int {
	n := 0
	for _, o := range c.objects {
		if isWindows(a.holderOf(o)) == windows && o["nfs_version"] != nfs4 {
			n++
		}
	}
	return n
}

func (a *Array) healthState() map[string]any {
	return with(map[string]any{
		"active_cache_ssd_devices": 0, "active_encrypted_cache_ssd_devices": 0,
		"active_encrypted_drives": 0, "bbu_aggregate_charge_percent": 100, "bbu_charge_level": map[string]any{},
		"enclosure_failure_safe_distribution": true, "encryption_enabled": a.access.Encrypted,
		"raid_groups_pending_rebuild_1": 0, "raid_groups_pending_rebuild_2": 0,
		"rebuild_1_inprogress": false, "rebuild_2_inprogress": false,
	}, a.hardwareHealth())
}

// systemAttribute answers one field of the system, or of one of its parts.
func (a *Array) systemAttribute(rq *request, names ...string) (any, error) {
	var value any = a.system()
	for _, name := range names {
		value = value.(map[string]any)[name]
	}
	switch v := value.(type) {
	case []any:
		return plain(rq, "GetSystem", v)
	case map[string]any:
		return plucked(v, pluck(rq.query)), nil
	}
	return value, nil
}

func (a *Array) renameSystem(rq *request) (any, error) {
	value, err := decode(rq.body)
	name, ok := value.(string)
	if err != nil || !ok {
		return nil, errMalformed
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	a.systemName = name
	return name, nil
}

// setVirtualCapacity sets what the virtual capacities of all pools may add up to.
func (a *Array) setVirtualCapacity(rq *request) (any, error) {
	value, err := decode(rq.body)
	bytes, ok := toInt(value)
	if err != nil || !ok {
		return nil, errMalformed
	}
	if bytes > a.virtualCapacity {
		if err := rq.needApproval("Extending the system virtual capacity requires INFINIDAT support approval"); err != nil {
			return nil, err
		}
	}
	switch {
	case bytes > 10*a.limits.PhysicalCapacity:
		return nil, conflict("MAX_SYSTEM_VIRTUAL_CAPACITY_LIMIT", "System virtual capacity maximum limit will be exceeded")
	case bytes < a.limits.PhysicalCapacity:
		return nil, conflict("SYSTEM_VIRTUAL_CAPACITY_LESS_THAN_HARD", "System virtual capacity cannot be less than hard capacity")
	case bytes < a.total("virtual_capacity", nil):
		return nil, conflict("SYSTEM_VIRTUAL_CAPACITY_LESS_THAN_USED", "System virtual capacity cannot be less than current total provisioned soft capacity")
	}
	a.virtualCapacity = bytes
	return bytes, nil
}
