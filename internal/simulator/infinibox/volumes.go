package infinibox

import (
	"fmt"
	"net/http"
	"strings"
)

const (
	minimumVolume = 1000000000
	// reservedName is the name of the array's own protocol endpoint.
	reservedName = "Default_Protocol_Endpoint"
	maxUDID      = 32766
)

func newVolumes() *collection {
	return newCollection(collection{
		path: "volumes", kind: "volume", noun: "Volume", absent: "VOLUME_NOT_FOUND", taken: "VOLUME_NAME_CONFLICT",
		command: "GetAllVolumesFiltered", onePerUpdate: true,
		computed: map[string]func(a *Array, o Object) any{
			"pool_name":              func(a *Array, o Object) any { return a.poolOf(o).name() },
			"num_blocks":             numBlocks,
			"has_children":           func(a *Array, o Object) any { return a.children[o.id()] > 0 },
			"mapped":                 func(a *Array, o Object) any { return len(a.byVolume[o.id()]) > 0 },
			"allocated":              func(_ *Array, o Object) any { return physicalSize(o) },
			"lock_state":             lockState,
			"cg_name":                func(a *Array, o Object) any { return nameOf(a.groupOf(o)) },
			"snapshot_policy_name":   policyName,
			"qos_policy_id":          func(a *Array, o Object) any { return idOf(a.qosOf(o, "VOLUME")) },
			"qos_policy_name":        func(a *Array, o Object) any { return nameOf(a.qosOf(o, "VOLUME")) },
			"qos_shared_policy_id":   func(a *Array, o Object) any { return idOf(a.qosOf(a.poolOf(o), "POOL_VOLUME")) },
			"qos_shared_policy_name": func(a *Array, o Object) any { return nameOf(a.qosOf(a.poolOf(o), "POOL_VOLUME")) },
		},
	}, `
		id                                       integer  filter sort
		name                                     text     filter sort required update
		pool_id                                  integer  filter sort required
		pool_name                                text     filter sort
		parent_id                                integer  filter create  =0
		family_id                                integer  filter sort
		depth                                    integer  filter sort  =0
		type                                     text(MASTER|SNAPSHOT)  filter sort  ="MASTER"
		dataset_type                             text(VOLUME|FILESYSTEM)  filter sort  ="VOLUME"
		size                                     integer  filter sort required update
		num_blocks                               integer
		provtype                                 text(THIN|THICK)  filter sort create update  ="THIN"
		write_protected                          boolean  filter sort create update  =false
		ssd_enabled                              boolean  filter sort create update  =true
		compression_enabled                      boolean  filter sort create update  =true
		compression_suppressed                   boolean
		ssa_express_enabled                      boolean  filter sort create update  =false
		ssa_express_status                       text
		udid                                     integer  filter sort create update null
		serial                                   text     filter sort
		nguid                                    text
		mapped                                   boolean  filter sort
		has_children                             boolean
		has_internal_children                    boolean
		is_internal                              boolean  =false
		paths_available                          boolean
		tenant_id                                integer  filter sort
		created_at                               integer  filter sort
		updated_at                               integer  filter sort
		lock_expires_at                          integer  filter sort create update null
		lock_state                               text
		used                                     integer  =0
		allocated                                integer  filter sort
		tree_allocated                           integer  =0
		capacity_savings                         integer
		capacity_savings_per_entity              integer
		data_reduction_ratio                     decimal  =1.0
		disk_usage                               integer
		host_written_data                        integer
		zeros_capacity                           integer
		reducible_data_percents                  decimal  filter
		reducible_data_reduction_ratio           decimal  filter
		reducible_data_disk_usage_capacity       integer
		reducible_host_written_data              integer
		non_reducible_data_percents              decimal
		non_reducible_data_reduction_ratio       decimal
		non_reducible_data_disk_usage_capacity   integer
		non_reducible_host_written_data          integer
		cg_id                                    integer  filter sort
		cg_name                                  text
		_cg_guid                                 text     filter sort
		_cg_snapshot_guid                        text     filter sort
		qos_policy_id                            integer  filter sort
		qos_policy_name                          text
		qos_shared_policy_id                     integer  filter sort
		qos_shared_policy_name                   text
		snapshot_policy_id                       integer  filter sort create update null
		snapshot_policy_name                     text     filter sort
		created_by_snapshot_policy_id            integer  filter sort
		created_by_snapshot_policy_name          text     filter sort
		created_by_schedule_id                   integer  filter sort
		created_by_schedule_name                 text     filter sort
		snapshot_retention                       integer  filter sort create update null
		snapshot_expires_at                      integer
		remote_snapshot_retention                integer  filter sort create null
		remote_snapshot_retention_lock           boolean  filter sort create
		source_replicated_sg_id                  integer  filter sort
		promote_source_id                        integer
		mobility_source                          text     filter sort
		replica_ids                              list     =[]
		replication_types                        list     filter  =["NONE"]
		rmr_source                               boolean  filter sort  =false
		rmr_target                               boolean  filter sort  =false
		rmr_active_active_peer                   boolean  filter sort  =false
		rmr_snapshot_guid                        text     filter sort
		mgmt_snapshot_guid                       text     filter sort
		data_snapshot_guid                       text     filter sort
		_reclaimed_snapshot_remote_system_serial integer  filter sort
	`)
}

func (a *Array) volumeRoutes(r router) {
	r.collection(a, a.volumes, []string{"include_data_reduction_hist"}, actions{
		create: a.createVolume, createRoles: poolAdmins,
		update: a.updateVolume, updateRoles: poolAdmins,
		remove: a.deleteVolume, removeRoles: poolAdmins,
	})
	a.internalRoutes(r, "/volumes", "internal_volumes", a.volumes)
	r.read("/volumes/_raw", func(rq *request) (any, error) { return a.query(a.volumes, a.volumes.all(), rq.query) })
	r.read("/volumes/{id}/luns", a.volumeLUNs)
	r.read("/volumes/{id}/replication_pairs", a.replicationPairs)
	post := func(path string, roles []string, h handler) { r.write(http.MethodPost, "/volumes/"+path, roles, h) }
	post("{id}/move", poolAdmins, a.moveVolume)
	post("{id}/restore", poolAdmins, a.restoreVolume)
	post("{id}/refresh", poolAdmins, a.refreshSnapshot)
	post("{id}/promote", poolAdmins, a.promoteSnapshot)
	post("{id}/own_snapshot", poolAdmins, a.ownSnapshot)
	post("{id}/reset_serial", administrators, a.resetSerial)
	post("group_snapshot", poolAdmins, a.groupSnapshot)
	post("delete_simulation", poolAdmins, a.simulateDeletion)
}

func (a *Array) poolOf(volume Object) Object { return a.pools.objects[volume.int("pool_id")] }

// numBlocks is unknown where the size is.
func numBlocks(_ *Array, o Object) any {
	if o["size"] == nil {
		return nil
	}
	return o.int("size") / blockSize
}

func lockState(a *Array, o Object) any {
	if a.locked(o) {
		return "LOCKED"
	}
	return "UNLOCKED"
}

func isSnapshot(volume Object) bool { return volume.text("type") == "SNAPSHOT" }

// virtualSize is what a volume takes of its pool's virtual capacity. Snapshots take none.
func virtualSize(volume Object) int {
	if isSnapshot(volume) {
		return 0
	}
	return roundUp(volume.int("size"), virtualUnit)
}

// physicalSize is what a volume takes of its pool's physical capacity: all of it when thick.
func physicalSize(volume Object) int {
	if isSnapshot(volume) || volume.text("provtype") != "THICK" {
		return 0
	}
	return roundUp(volume.int("size"), virtualUnit)
}

// account adds a volume to what its pool holds, or takes it off with sign -1.
// It is called before and after every change of a volume's pool, size, type or provisioning.
func (a *Array) account(volume Object, sign int) {
	u := a.usage[volume.int("pool_id")]
	if u == nil {
		u = &usage{}
		a.usage[volume.int("pool_id")] = u
	}
	u.virtual += sign * virtualSize(volume)
	u.physical += sign * physicalSize(volume)
	if isSnapshot(volume) {
		u.snapshots += sign
	} else {
		u.volumes += sign
	}
}

// reaccount changes a volume and keeps its pool's account right.
func (a *Array) reaccount(volume Object, change func()) {
	a.account(volume, -1)
	change()
	a.account(volume, 1)
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

func (a *Array) createVolume(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	if parent, ok := body["parent_id"]; ok && parent != nil {
		return a.createSnapshot(rq, body)
	}
	values, err := a.volumes.creation(body)
	if err != nil {
		return nil, err
	}
	if err := a.checkNewVolume(rq, values); err != nil {
		return nil, err
	}
	policy, err := a.policyOfNew(values)
	if err != nil {
		return nil, err
	}
	pool := a.pools.objects[values["pool_id"].(int)]
	values["size"] = roundUp(values["size"].(int), blockSize)
	o := a.make(a.volumes, values)
	if err := a.room(pool, virtualSize(o), physicalSize(o)); err != nil {
		return nil, err
	}
	if err := a.checkSSAExpress(rq, o); err != nil {
		return nil, err
	}
	a.addVolume(o)
	a.setPolicy(o, policy)
	return created{a.render(a.volumes, o, nil)}, nil
}

// checkNewVolume checks what does not need the volume itself.
func (a *Array) checkNewVolume(rq *request, values map[string]any) error {
	if err := a.checkVolumeName(values["name"].(string), 0); err != nil {
		return err
	}
	pool, err := a.pools.find(values["pool_id"].(int))
	if err != nil {
		return err
	}
	if err := rq.mayModify(pool); err != nil {
		return err
	}
	if err := unlocked(pool); err != nil {
		return err
	}
	if kind := pool.text("type"); kind == "VVOL" {
		return conflict("ILLEGAL_POOL_TYPE", "Cannot create a VOLUME '%s' in vVol pool '%s' because it is dedicated for VMware vVols", values["name"], pool.name())
	}
	if values["size"].(int) < minimumVolume {
		return conflict("DATASET_MIN_CAPACITY", "The requested volume size is less than the minimum volume size: %s", inUnits(minimumVolume))
	}
	if values["lock_expires_at"] != nil {
		return conflict("INVALID_LOCK_ENTITY_TYPE", "Locking volume is not allowed")
	}
	if values["snapshot_retention"] != nil {
		return errUnsupported("snapshot_retention")
	}
	if err := checkRemoteRetention(values); err != nil {
		return err
	}
	if err := checkUDID(values["udid"]); err != nil {
		return err
	}
	return a.checkDatasetCount(1)
}

func (a *Array) checkDatasetCount(more int) error {
	if len(a.volumes.objects)+more > a.limits.Datasets {
		return conflict("DATASET_COUNT_LIMIT", "The request exceeds the dataset count limit")
	}
	return nil
}

func (a *Array) checkVolumeName(name string, self int) error {
	if strings.EqualFold(name, reservedName) {
		return conflict("ENTITY_NAME_IS_RESERVED", "'%s' is a reserved name and cannot be used by volumes", reservedName)
	}
	return a.volumes.freeName(name, self)
}

func checkUDID(value any) error {
	if udid, ok := value.(int); ok && (udid < 0 || udid > maxUDID) {
		return conflict("UDID_NOT_VALID", "The specified UDID value is not valid")
	}
	return nil
}

// checkRemoteRetention refuses what only snapshots of replicated datasets have.
func checkRemoteRetention(values map[string]any) error {
	if retention, ok := values["remote_snapshot_retention"].(int); ok && retention < 1 {
		return errWrong("remote_snapshot_retention", retention, "must be greater than or equal to 1")
	}
	for _, name := range []string{"remote_snapshot_retention", "remote_snapshot_retention_lock"} {
		if values[name] != nil {
			return remoteRetentionError(name, "snapshots of replicated datasets")
		}
	}
	return nil
}

func remoteRetentionError(name, what string) error {
	return conflict("UNSUPPORTED_"+strings.ToUpper(name), "The '%s' field can only be set for %s", name, what)
}

// addVolume gives a volume its id and what follows from it, and puts it into its pool and family.
func (a *Array) addVolume(o Object) {
	a.add(a.volumes, o)
	id := o.id()
	if parent := o.int("parent_id"); parent != 0 {
		a.children[parent]++
		a.families[o.int("family_id")]++
	} else {
		o["family_id"], o[".line"] = id, id
	}
	a.setSerial(o, id)
	a.account(o, 1)
}

// setSerial makes the SCSI serial, 31 hexadecimal digits: vendor, system, and a number of the volume's own.
func (a *Array) setSerial(o Object, number int) {
	serial := fmt.Sprintf("742b0f00000%04x%016x", a.serial&0xffff, number)
	o["serial"] = serial
	o["nguid"] = nguid(serial)
}

// nguid arranges the digits of a serial as NVMe wants them: the number, the vendor, a zero and the system.
func nguid(serial string) string {
	n := serial[15:] + serial[:6] + "0" + serial[6:15]
	return strings.Join([]string{n[:8], n[8:12], n[12:16], n[16:20], n[20:]}, "-")
}

func (a *Array) deleteVolume(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	pool := a.poolOf(volume)
	if err := rq.mayModify(pool); err != nil {
		return nil, err
	}
	if err := rq.needApproval("Deleting the volume '%s' will also delete all of its snapshots", volume.name()); err != nil {
		return nil, err
	}
	if err := unlocked(pool); err != nil {
		return nil, err
	}
	if isReplicated(volume) {
		return nil, conflict("REPLICATED_DATASET_DELETE_NOT_ALLOWED", "A replicated volume cannot be deleted. Remove the replication, then delete the volume")
	}
	if a.keepsReplication(volume) {
		return nil, conflict("VOLUME_HAS_RMR_SNAPSHOTS", "The volume has replication snapshots")
	}
	if err := a.checkMembership(volume); err != nil {
		return nil, err
	}
	if err := a.checkDeletion(volume, a.descendants(volume)); err != nil {
		return nil, err
	}
	result := a.render(a.volumes, volume, nil)
	a.dropFamily(volume)
	return result, nil
}

// checkMembership refuses to delete what a group holds.
func (a *Array) checkMembership(volume Object) error {
	group := a.groupOf(volume)
	if group == nil {
		return nil
	}
	kind := "Volume"
	if isSnapshot(volume) {
		kind = "Snapshot"
	}
	return conflict("CG_DATASET_DELETE_NOT_ALLOWED", "%s %s belongs to %s %s and cannot be deleted", kind, volume.name(), groupNoun(group), group.name())
}

// checkDeletion refuses to delete what is mapped or locked.
func (a *Array) checkDeletion(volume Object, descendants []Object) error {
	if a.locked(volume) {
		return conflict("DELETE_LOCKED_SNAPSHOT", "Snapshot '%s' is locked, and can only be deleted after '%s' UTC", volume.name(), utc(volume.int("lock_expires_at")))
	}
	if len(a.byVolume[volume.id()]) > 0 {
		return conflict("VOLUME_IS_MAPPED", "The volume cannot be deleted. Volume '%s' has active mappings", volume.name())
	}
	for _, o := range descendants {
		if len(a.byVolume[o.id()]) > 0 {
			return conflict("CHILD_VOLUMES_ARE_MAPPED", "The volume '%s' cannot be deleted. One or more of its children have active mappings", volume.name())
		}
		if a.locked(o) {
			kind := "Volume"
			if isSnapshot(volume) {
				kind = "Snapshot"
			}
			return conflict("DELETE_SNAPSHOT_WITH_LOCKED_DESCENDANTS", "%s '%s' has locked descendants, and can only be deleted after they expire, on: '%s' UTC", kind, volume.name(), utc(o.int("lock_expires_at")))
		}
	}
	return nil
}

// dropFamily takes volumes with all their snapshots out of the array.
func (a *Array) dropFamily(volumes ...Object) {
	for _, volume := range volumes {
		for _, o := range append(a.descendants(volume), volume) {
			a.dropVolume(o)
		}
	}
}

// dropVolume takes a volume out of all that knows it, and out of the array.
func (a *Array) dropVolume(o Object) {
	a.account(o, -1)
	a.leave(o)
	a.setPolicy(o, 0)
	a.dropQoS(o)
	a.dropInternals(o)
	delete(a.expiring, o.id())
	delete(a.replicated, o.id())
	if parent := o.int("parent_id"); parent != 0 {
		a.children[parent]--
		a.families[o.int("family_id")]--
	}
	a.remove(a.volumes, o)
}

// descendants returns the snapshots below a volume, in the order of their ids.
func (a *Array) descendants(volume Object) []Object {
	if a.children[volume.id()] == 0 {
		return nil
	}
	var below []Object
	within := map[int]bool{volume.id(): true}
	for _, o := range a.volumes.all() { // a child is always younger than its parent
		if within[o.int("parent_id")] {
			within[o.id()] = true
			below = append(below, o)
		}
	}
	return below
}
