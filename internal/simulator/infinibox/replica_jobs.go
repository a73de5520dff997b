package infinibox

import (
	"math"
	"slices"
)

// What a source sends goes in jobs, as the array's clock moves on: the first one brings all data over; of an asynchronous replica
// one follows each interval, of the others one each time that the sides find each other again. A job stands still while nothing
// gets through.

// drives tells whether the jobs of a replica are run by this side.
func drives(o Object) bool {
	return o["role"] == sourceRole || isActiveActive(o) && !o.bool(".second")
}

// beginJob starts a job, if none is under way.
func (a *Array) beginJob(o Object, kind string, moment int) {
	if o.int(".job") != 0 {
		return
	}
	a.lastJob++
	duration := int(a.syncTime.Milliseconds())
	o[".job"], o[".job_started"], o[".job_kind"] = a.lastJob, moment, kind
	o[".job_ends"], o[".job_left"] = 0, duration
	if a.halted(o) {
		return
	}
	if duration == 0 {
		a.finishJob(o, moment)
		return
	}
	o[".job_ends"] = moment + duration
	a.touchReplicas()
}

func dropJob(o Object) {
	o[".job"], o[".job_started"], o[".job_ends"], o[".job_left"], o[".job_kind"] = 0, 0, 0, 0, ""
}

// finishJob notes that the other side now has what there was when the job began.
func (a *Array) finishJob(o Object, moment int) {
	o["restore_point"], o["last_synchronized"], o["_consistent_guid"] = o.int(".job_started"), moment, a.guid()
	if o["replication_type"] != asyncType {
		o["restore_point"] = nil
	}
	o[".unready"] = false
	for _, p := range pairsOf(o) {
		volume := a.dataset(p.int("local_entity_id"))
		p[".size"] = volume.int("size")
		a.keepReplicationSnapshot(o, volume)
	}
	a.sendSnapshots(o)
	dropJob(o)
	a.touchReplicas()
}

// keepReplicationSnapshot keeps of a volume what the next job builds on, instead of what there was.
func (a *Array) keepReplicationSnapshot(replica, volume Object) {
	if replica["replication_type"] != asyncType || isFilesystem(volume) {
		return
	}
	owned := slices.DeleteFunc(a.replicationSnapshots(volume), func(s *replicationSnapshot) bool { return s.Owned == 0 })
	a.replicated[volume.id()] = append(owned, &replicationSnapshot{Size: volume.int("size")})
}

// planSync says when the next job is due after a moment.
func (a *Array) planSync(o Object, moment int) {
	o[".next"] = 0
	if interval := o.int("sync_interval"); interval > 0 && o["replication_type"] == asyncType {
		o[".next"] = moment + interval
	}
	a.nextEvent = 0
}

// settleReplicas lets jobs stand still and go on, and active-active replicas part and join, as the links are now.
func (a *Array) settleReplicas() {
	for _, o := range a.replicas.all() {
		a.settleActiveActive(o)
		halted := a.halted(o)
		if drives(o) {
			a.settleJob(o, halted)
		}
		o[".halted"] = halted
	}
	for _, o := range a.rgReplicas.all() {
		if drives(o) {
			a.settleJob(o, a.halted(o))
		}
	}
}

func (a *Array) settleJob(o Object, halted bool) {
	now := a.clock()
	switch job := o.int(".job") != 0; {
	case job && halted && o.int(".job_ends") != 0:
		o[".job_left"], o[".job_ends"] = max(0, o.int(".job_ends")-now), 0
		a.touchReplicas()
	case job && !halted && o.int(".job_ends") == 0:
		o[".job_ends"] = now + o.int(".job_left")
		a.touchReplicas()
	case !job && !halted && o.bool(".halted") && o["replication_type"] != asyncType:
		a.beginJob(o, "RESYNC", now)
	}
}

// settleActiveActive lets one side of an active-active replica go on alone when the sides lose each other: the preferred one, or
// that which is left. They join by themselves.
func (a *Array) settleActiveActive(o Object) {
	if !isActiveActive(o) {
		return
	}
	apart := o.bool(".orphan") || !a.carriesData(a.linkOf(o))
	switch {
	case apart && o.text(".suspended") == "":
		o[".suspended"], o[".ahead"] = byArray, a.contact == alone || o.bool("is_preferred")
		a.touchReplicas()
	case !apart && o.text(".suspended") == byArray:
		o[".suspended"], o[".ahead"] = "", false
		a.touchReplicas()
	}
}

// replicate does what replicas are due for.
func (a *Array) replicate(moment int) {
	for _, o := range a.replicas.all() {
		if !drives(o) {
			continue
		}
		if ends := o.int(".job_ends"); ends != 0 && ends <= moment {
			a.finishJob(o, ends)
		}
		if due := o.int(".next"); due != 0 && due <= moment {
			a.planSync(o, due)
			if o.text(".suspended") == "" && a.mayJob(o) == nil {
				a.beginJob(o, "SCHEDULED", due)
			}
		}
	}
	a.replicateGroups(moment)
}

// nextReplication is the next moment at which a replica is due.
func (a *Array) nextReplication() int {
	next := math.MaxInt
	for _, c := range []*collection{a.replicas, a.rgReplicas} {
		for _, o := range c.objects {
			if !drives(o) {
				continue
			}
			for _, name := range []string{".job_ends", ".next"} {
				if due := o.int(name); due != 0 {
					next = min(next, due)
				}
			}
		}
	}
	return next
}

// mayJob refuses a job of what cannot have one now.
func (a *Array) mayJob(o Object) error {
	if a.unlocked(a.entityOf(o)) != nil {
		return errSyncPool
	}
	if isEmptyGroup(o) {
		return errEmptyGroup("sync now")
	}
	return nil
}

var errSyncPool = &apiError{"REPLICA_SYNC_JOB_INVALID_POOL_STATE", 409, "A new sync job cannot be started while the corresponding pool is locked"}

func isEmptyGroup(o Object) bool {
	return o["entity_type"] == groupEntity && len(o.list(".pairs")) == 0
}

func errEmptyGroup(what string) error {
	return conflict("REPLICATED_CG_IS_EMPTY", "%s is not allowed when the replicated consistency group is empty", what)
}

// syncReplica starts a job now.
func (a *Array) syncReplica(_ *request, o Object) (any, error) {
	switch {
	case isActiveActive(o):
		return nil, conflict("OPERATION_CANNOT_BE_DONE_ON_ACTIVE_ACTIVE_REPLICA", "Sync now failed because it is not supported for active-active replica")
	case o["replication_type"] == syncType:
		return nil, conflict("REPLICA_INVALID_REPLICATION_TYPE", "This operation cannot be performed on SYNC replica")
	case o["role"] != sourceRole:
		return nil, errOnTarget
	case o.text(".suspended") != "":
		return nil, conflict("REPLICA_NOT_ALLOWED_WHEN_SUSPENDED", "sync now is not allowed when replica is suspended")
	}
	if err := a.mayJob(o); err != nil {
		return nil, err
	}
	a.beginJob(o, "MANUAL", a.now())
	return nil, nil
}

var errOnTarget = &apiError{"REPLICA_NOT_ALLOWED_ON_TARGET", 409, "This operation can only be performed on the source side of the replica"}

// jobsOf are the jobs of a replica that are under way: one, or none.
func (a *Array) jobsOf(o Object) []any {
	if o.int(".job") == 0 {
		return []any{}
	}
	kind := o.text(".job_kind")
	if kind != "MANUAL" {
		kind = "SCHEDULED"
	}
	return []any{map[string]any{
		"id": o.int(".job"), "start_time": o.int(".job_started"), "end_time": nil, "is_initial": o.bool(".unready"),
		"state": jobState(a, o), "type": kind,
	}}
}

func (a *Array) listJobs(rq *request) (any, error) {
	o, err := rq.object(a.replicas)
	if err != nil {
		return nil, err
	}
	return plain(rq, "GetReplicaJobs", a.jobsOf(o))
}

// jobState is what a job does. The reference shows one that is paused; the other words are those that clients of the
// array look for.
func jobState(a *Array, o Object) any {
	switch {
	case o.int(".job") == 0:
		return nil
	case o.text(".suspended") != "":
		return "PAUSED"
	case a.halted(o):
		return "STALLED"
	case o.bool(".unready"):
		return "INITIALIZING"
	}
	return "REPLICATING"
}

// jobProgress is how much of a job is done, in percent.
func jobProgress(a *Array, o Object) any {
	duration := int(a.syncTime.Milliseconds())
	switch left := o.int(".job_left"); {
	case o.int(".job") == 0 || duration == 0:
		return nil
	case o.int(".job_ends") != 0:
		left = max(0, o.int(".job_ends")-a.clock())
		fallthrough
	default:
		return 100 * (duration - left) / duration
	}
}

// jobValue is a value that there is during a job alone.
func jobValue(name string) func(a *Array, o Object) any {
	return func(_ *Array, o Object) any {
		if o.int(".job") == 0 {
			return nil
		}
		return o[name]
	}
}

// nextStart is when the next job is due, or nil.
func (a *Array) nextStart(o Object) any {
	if o.int(".next") == 0 || o.text(".suspended") != "" {
		return nil
	}
	return o.int(".next")
}
