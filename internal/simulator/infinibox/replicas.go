package infinibox

import (
	"net/http"
	"slices"
)

// A replica is one side of the replication of a volume, a filesystem or a consistency group. The other array has one of its own
// for it; what they tell each other is in news.go, how data gets from one to the other in replica_jobs.go.

const (
	sourceRole = "SOURCE"
	targetRole = "TARGET"

	asyncType        = "ASYNC"
	syncType         = "SYNC"
	activeActiveType = "ACTIVE_ACTIVE"

	groupEntity = "CONSISTENCY_GROUP"

	// Who has suspended a replica: a user, or the array itself.
	byUser  = "USER"
	byArray = "ARRAY"

	defaultInterval = 4000
)

func newReplicas() *collection {
	return newCollection(collection{
		path: "replicas", noun: "Replica", absent: "REPLICA_NOT_FOUND", command: "GetAllReplicas", key: "id", number: reservedNumber,
		creation: by(poolAdmins, "remote_members_suffix"), updating: by(poolAdmins),
		deletion: by(poolAdmins, "retain_staging_area", "keep_serial_on_local", "force_if_no_remote_credentials",
			"force_if_remote_error", "force_on_target", "force_on_local"),
		prepare: prepareReplica, full: replicasFull, check: checkReplica, stored: replicaStored,
		unknownSort: errUnsortable,
		keeps:       func(rq *request, o Object) error { return rq.a.keepsReplica(rq, o) },
		delete:      func(rq *request, o Object) { rq.a.dropReplica(rq, o) },
		answered:    answerReclaimed,
		computed: map[string]func(a *Array, o Object) any{
			"entity_pairs":         func(a *Array, o Object) any { return a.renderPairs(o) },
			"local_entity_id":      localEntityID,
			"local_entity_name":    func(a *Array, o Object) any { return nameOf(a.entityOf(o)) },
			"remote_entity_id":     remoteOf("remote_entity_id", "remote_cg_id"),
			"remote_entity_name":   remoteOf("remote_entity_name", "remote_cg_name"),
			"local_cg_name":        func(a *Array, o Object) any { return nameOf(a.groups.objects[o.int("local_cg_id")]) },
			"local_pool_id":        func(a *Array, o Object) any { return a.entityOf(o)["pool_id"] },
			"local_pool_name":      func(a *Array, o Object) any { return nameOf(a.poolOf(a.entityOf(o))) },
			"state":                replicaState,
			"state_reason":         replicaReason,
			"state_description":    replicaDescription,
			"sync_state":           replicaSyncState,
			"suspended_from_local": suspendedFromLocal,
			"_enabled":             func(_ *Array, o Object) any { return o.text(".suspended") == "" },
			"jobs":                 func(a *Array, o Object) any { return a.jobsOf(o) },
			"job_state":            jobState,
			"progress":             jobProgress,
			"is_initial":           func(_ *Array, o Object) any { return o.bool(".unready") },
			"started_at":           jobValue(".job_started"),
			"next_job_start_time":  func(a *Array, o Object) any { return a.nextStart(o) },
			"next_restore_point":   func(a *Array, o Object) any { return a.nextStart(o) },
			"_assigned_remote_ip":  assignedIP,
			"staging_area_allocated_size": func(_ *Array, o Object) any {
				if o["replication_type"] == asyncType && o["role"] == targetRole {
					return 0
				}
				return nil
			},
			"_assigned_sync_remote_ips": assignedSyncIPs,
		},
	}, `
		id                                integer  filter sort
		description                       text     filter sort create update  =""
		link_id                           integer  required
		entity_type                       text(VOLUME|FILESYSTEM|CONSISTENCY_GROUP)  filter sort create  ="VOLUME"
		replication_type                  text(ASYNC|SYNC|ACTIVE_ACTIVE)  filter sort create  ="ASYNC"
		role                              text(SOURCE|TARGET)
		base_action                       text(NEW|CREATE|EXISTING|NO_BASE_DATA|BASE|TAKE_SNAP)  create null hidden
		entity_pairs                      list     create
		local_entity_id                   integer  filter sort create null
		local_entity_name                 text     filter sort
		remote_entity_id                  integer  filter sort create null
		remote_entity_name                text     filter sort create null
		local_cg_id                       integer  filter sort create null
		local_cg_name                     text     filter sort
		remote_cg_id                      integer  filter sort create null
		remote_cg_name                    text     filter sort create null
		local_pool_id                     integer  filter sort
		local_pool_name                   text     filter sort
		remote_pool_id                    integer  filter sort create null
		remote_pool_name                  text     filter sort
		remote_replica_id                 integer  filter sort
		sync_interval                     integer  filter sort create update null
		rpo_value                         integer  filter sort create update null
		rpo_type                          text     filter sort
		rpo_state                         text
		including_snapshots               boolean  filter sort create  =false
		snapshots_retention               integer  filter sort create update null
		remote_snapshot_suffix            text     filter sort create update null
		lock_remote_snapshot_retention    integer  filter sort create update null
		is_preferred                      boolean  filter sort create update null
		mobility_source                   boolean  filter sort create update null
		domino                            boolean  filter sort
		async_mode                        boolean
		concurrent_replica                boolean  filter sort  =false
		reserved_for_infinisafe           boolean  filter sort  =false
		suspended_from_local              boolean  filter sort
		state                             text(ACTIVE|SUSPENDED|AUTO_SUSPENDED)  filter
		state_reason                      text
		state_description                 text
		sync_state                        text(INITIALIZING|SYNCHRONIZED|SYNC_IN_PROGRESS|SYNC_STALLED)  filter
		sync_duration                     integer
		latency                           integer
		throughput                        integer
		progress                          integer
		jobs                              list
		job_state                         text
		pending_job_count                 integer  =0
		is_initial                        boolean
		started_at                        integer
		next_job_start_time               integer
		next_restore_point                integer
		last_synchronized                 integer
		restore_point                     integer  filter sort
		staging_area_allocated_size       integer
		permanent_failure_wait_interval   integer  filter sort create update  =1200000
		temporary_failure_retry_interval  integer  filter sort create update  =30000
		temporary_failure_retry_count     integer  filter sort create update  =100
		created_at                        integer  filter sort
		updated_at                        integer  filter sort
		_enabled                          boolean  filter sort
		_consistent_guid                  text     filter sort
		_snapshot_guid                    text     filter sort
		_snapshot_time                    integer  filter sort
		_is_internal_source               boolean
		_local_reclaimed_sg_id            integer  filter sort
		_remote_reclaimed_sg_id           integer  filter sort
		_assigned_remote_ip               text
		_assigned_sync_remote_ips         list
		_assigned_local_ip_index          integer  filter sort  =0
		_remote_ip_addresses              list
		_dataset_configuration_version    text     filter sort
		_management_configuration_version text     filter sort
		_replica_configuration_version    text     filter sort
	`)
}

func (a *Array) replicaRoutes(r router) {
	r.serve(a, a.replicas)
	r.list("/replicas/{id}/jobs", a.listJobs)
	post := func(path string, do func(rq *request, replica Object) (any, error), parameters ...string) {
		r.writeWith(http.MethodPost, "/replicas/{id}/"+path, by(poolAdmins, parameters...), a.withReplica(do))
	}
	post("suspend", a.suspendReplica)
	post("resume", a.resumeReplica)
	post("sync", a.syncReplica)
	post("switch_role", a.switchRole)
	post("change_role", a.changeRole, "retain_staging_area")
	post("change_type_to_async", func(rq *request, o Object) (any, error) { return a.changeType(rq, o, asyncType) })
	post("change_type_to_sync", func(rq *request, o Object) (any, error) { return a.changeType(rq, o, syncType) })
	r.write(http.MethodPost, "/replicas/reverse_entity_pairs", poolAdmins, a.reverseEntityPairs)
}

// withReplica finds the replica of the path, which the user must be allowed to change.
func (a *Array) withReplica(do func(rq *request, replica Object) (any, error)) handler {
	return func(rq *request) (any, error) {
		o, err := rq.object(a.replicas)
		if err != nil {
			return nil, err
		}
		if err := rq.mayReplicate(o); err != nil {
			return nil, err
		}
		return do(rq, o)
	}
}

// mayReplicate refuses a user what he may not change: the pool that a replica's data is in.
func (rq *request) mayReplicate(replica Object) error {
	return rq.mayChange(rq.a.entityOf(replica))
}

// entityOf is what a replica is of here: a dataset or a consistency group.
func (a *Array) entityOf(replica Object) Object {
	if replica["entity_type"] == groupEntity {
		return a.groups.objects[replica.int("local_cg_id")]
	}
	return a.onlyEntity(replica)
}

// onlyEntity is the dataset of a replica that is of one alone, or nil.
func (a *Array) onlyEntity(replica Object) Object {
	if pairs := pairsOf(replica); replica["entity_type"] != groupEntity && len(pairs) > 0 {
		return a.dataset(pairs[0].int("local_entity_id"))
	}
	return nil
}

// entitiesIn are the datasets of a replica.
func (a *Array) entitiesIn(replica Object) []Object {
	var found []Object
	for _, pair := range pairsOf(replica) {
		if o := a.dataset(pair.int("local_entity_id")); o != nil {
			found = append(found, o)
		}
	}
	return found
}

func (a *Array) linkOf(replica Object) Object { return a.links.objects[replica.int("link_id")] }

// pairsOf are the pairs of datasets of a replica, one here and one there.
func pairsOf(replica Object) []Object {
	pairs := make([]Object, 0, len(replica.list(".pairs")))
	for _, item := range replica.list(".pairs") {
		pairs = append(pairs, Object(asObject(item)))
	}
	return pairs
}

func localEntityID(a *Array, o Object) any { return idOf(a.entityOf(o)) }

// remoteOf is a field of the pair of a replica that has one alone, or the one of a replica of a group.
func remoteOf(field, ofGroup string) func(a *Array, o Object) any {
	return func(_ *Array, o Object) any {
		if o["entity_type"] == groupEntity {
			return o[ofGroup]
		}
		if pairs := pairsOf(o); len(pairs) > 0 {
			return pairs[0][field]
		}
		return nil
	}
}

// replicasOf are the replicas that a dataset or a consistency group is in.
func (a *Array) replicasOf(o Object) []Object {
	var found []Object
	for _, id := range o.list("replica_ids") {
		number, _ := id.(int)
		if replica := a.replicas.objects[number]; replica != nil {
			found = append(found, replica)
		}
	}
	return found
}

func isActiveActive(replica Object) bool { return replica["replication_type"] == activeActiveType }

func (a *Array) hasActiveActive(link Object) bool {
	return slices.ContainsFunc(a.replicas.where("link_id", link.id()), isActiveActive)
}

// isLagging tells whether this side of a suspended active-active replica is the one that is offline.
func isLagging(replica Object) bool {
	return isActiveActive(replica) && replica.text(".suspended") != "" && !replica.bool(".ahead")
}

func suspendedFromLocal(_ *Array, o Object) any {
	if !isActiveActive(o) || o.text(".suspended") == "" {
		return nil
	}
	return o.bool(".ahead")
}

// halted tells whether nothing gets from one side of a replica to the other now.
func (a *Array) halted(o Object) bool {
	return o.text(".suspended") != "" || o.bool(".orphan") || !a.carriesData(a.linkOf(o))
}

func replicaState(a *Array, o Object) any {
	switch {
	case o.text(".suspended") == byUser:
		return "SUSPENDED"
	case o.text(".suspended") == byArray, o.bool(".orphan"):
		return "AUTO_SUSPENDED"
	}
	return "ACTIVE"
}

func replicaReason(a *Array, o Object) any {
	switch {
	case o.bool(".orphan"):
		return "REMOTE_REPLICA_MISSING"
	case o["role"] == sourceRole && o[".remote_role"] == sourceRole:
		return "TWO_SOURCES"
	case !a.carriesData(a.linkOf(o)):
		return "LINK_DOWN"
	}
	return nil
}

// replicaDescription says why a replica stands still.
func replicaDescription(a *Array, o Object) any {
	switch replicaReason(a, o) {
	case "REMOTE_REPLICA_MISSING":
		return "The replica was deleted on the remote system"
	case "TWO_SOURCES":
		return "Both sides of the replica are sources"
	case "LINK_DOWN":
		return "The link to the remote system is down"
	}
	return nil
}

func replicaSyncState(a *Array, o Object) any {
	switch {
	case o["replication_type"] == asyncType:
		return nil
	case a.halted(o):
		return "SYNC_STALLED"
	case o.bool(".unready"):
		return "INITIALIZING"
	case o.int(".job") != 0:
		return "SYNC_IN_PROGRESS"
	}
	return "SYNCHRONIZED"
}

func (a *Array) isSynchronized(o Object) bool { return replicaSyncState(a, o) == "SYNCHRONIZED" }

func assignedIP(a *Array, o Object) any {
	for _, item := range a.linkOf(o).list(".addresses") {
		if asObject(item)["type"] == asyncAddress {
			return asObject(item)["ip_address"]
		}
	}
	return nil
}

func assignedSyncIPs(a *Array, o Object) any {
	if o["replication_type"] == asyncType {
		return nil
	}
	addresses := []any{}
	for _, item := range a.linkOf(o).list(".addresses") {
		if asObject(item)["type"] == syncAddress {
			addresses = append(addresses, asObject(item)["ip_address"])
		}
	}
	return addresses
}

// mark writes on what is replicated what clients see there of its replicas.
func (a *Array) mark(replica Object) {
	marked := a.entitiesIn(replica)
	if group := a.groups.objects[replica.int("local_cg_id")]; group != nil {
		marked = append(marked, group)
	}
	for _, o := range marked {
		markReplicated(o, replica.id(), replica.text("replication_type"), replica.text("role"))
	}
}

// markReplicated writes on an object that it is in a replica.
func markReplicated(o Object, replica int, kind, role string) {
	word := kind
	if kind != activeActiveType {
		word += "_" + role
	}
	o["replication_types"], o["replica_ids"] = []any{word}, []any{replica}
	o[".role"], o[".replication"] = role, kind
	if kind == activeActiveType {
		o[".role"] = activeActiveType
	}
	if isFilesystem(o) {
		o["_is_established"] = role != targetRole
	}
	if _, ok := o["rmr_source"]; ok {
		o["rmr_source"], o["rmr_target"] = kind != activeActiveType && role == sourceRole, kind != activeActiveType && role == targetRole
		o["rmr_active_active_peer"] = kind == activeActiveType
	}
}

// unmark takes off an object what mark has written.
func unmark(o Object) {
	o["replication_types"], o["replica_ids"] = []any{"NONE"}, []any{}
	delete(o, ".role")
	delete(o, ".replication")
	if _, ok := o["rmr_source"]; ok {
		o["rmr_source"], o["rmr_target"], o["rmr_active_active_peer"] = false, false, false
	}
	if isFilesystem(o) {
		o["_is_established"] = true
	}
}
