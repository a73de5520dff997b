package infinibox

// What is done to a replica as a whole: suspend and resume, the change of its roles and of its type.

// alteration is what the other side of a replica is asked to become.
type alteration struct {
	Replica   int    `json:"replica"`
	Do        string `json:"do"`
	Preferred bool   `json:"preferred"`
	Type      string `json:"type"`
}

// alter asks the other side of a replica to change with this one.
func (a *Array) alter(o Object, what alteration) error {
	doing := map[string]string{"suspend": "suspension", "resume": "resumption"}[what.Do]
	if doing == "" {
		doing = "update"
	}
	link := a.linkOf(o)
	switch {
	case a.isDetached(link):
		return errDetached
	case !a.carriesData(link):
		return errLinkIO(link)
	}
	what.Replica = o.int("remote_replica_id")
	return linked(link, unclear(a.ask(nil, "replica/change", what, nil), doing))
}

// changeReplicaFor changes this side of a replica, as the other one does.
func (a *Array) changeReplicaFor(v *visit) (any, error) {
	var what alteration
	if err := v.read(&what); err != nil {
		return nil, err
	}
	o, err := a.replicas.find(what.Replica)
	if err != nil {
		return nil, err
	}
	switch what.Do {
	case "suspend":
		o[".suspended"], o[".ahead"] = byUser, false
	case "resume":
		o[".suspended"], o[".ahead"] = "", false
	case "prefer":
		o["is_preferred"] = what.Preferred
	case "lead":
		a.setRole(o, sourceRole)
		o[".unready"] = false
	case "type":
		o["replication_type"] = what.Type
		a.mark(o)
	}
	a.touchReplicas()
	return nil, nil
}

// suspend stops a replica on this side.
func (a *Array) suspend(o Object, who string) {
	o[".suspended"] = who
	a.touchReplicas()
}

const suspensionDanger = "Suspending an Active-Active replica will cause the remote side to become offline. If hosts access the volumes in the replica in non-uniform storage access (i.e. only on the peer system), they will lose access to the volumes."

func (a *Array) suspendReplica(rq *request, o Object) (any, error) {
	if isEmptyGroup(o) {
		return nil, errEmptyGroup("Suspension")
	}
	if !isActiveActive(o) {
		return a.suspendOneWay(o)
	}
	switch {
	case o.bool("mobility_source"):
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Suspending a mobility replica is not supported")
	case isLagging(o):
		return nil, conflict("ACTIVE_ACTIVE_REPLICA_CANNOT_BE_SUSPENDED_ON_LOCAL_SYSTEM", "Suspending an active-active replica cannot be done from the lagging side")
	case o.bool(".unready"):
		return nil, conflict("ACTIVE_ACTIVE_REPLICA_CANNOT_BE_SUSPENDED_DURING_INITIALIZATION", "Wait for the replica to reach Synchronized state before suspending it")
	}
	if err := rq.needApproval(suspensionDanger); err != nil {
		return nil, err
	}
	if o.text(".suspended") != byUser {
		if err := a.alter(o, alteration{Do: "suspend"}); err != nil {
			return nil, err
		}
	}
	o[".ahead"] = true
	a.suspend(o, byUser)
	return a.touched(o), nil
}

// suspendOneWay stops a source; what a target does follows from it.
func (a *Array) suspendOneWay(o Object) (any, error) {
	if o["role"] != sourceRole {
		return nil, errOnTarget
	}
	a.suspend(o, byUser)
	return a.touched(o), nil
}

// touched notes a change of a replica, and shows it.
func (a *Array) touched(o Object) any {
	a.touch(o)
	a.touchReplicas()
	return a.render(o, nil)
}

func (a *Array) resumeReplica(_ *request, o Object) (any, error) {
	switch {
	case isEmptyGroup(o):
		return nil, errEmptyGroup("Resumption")
	case isLagging(o):
		return nil, conflict("ACTIVE_ACTIVE_REPLICA_CANNOT_BE_RESUMED_ON_LOCAL_SYSTEM", "Resuming an active-active replica cannot be done from the lagging side")
	case o["role"] == targetRole:
		return nil, errOnTarget
	case o.text(".suspended") == "":
		return a.render(o, nil), nil
	}
	if isActiveActive(o) {
		if err := a.alter(o, alteration{Do: "resume"}); err != nil {
			return nil, err
		}
		o[".suspended"], o[".ahead"] = "", false
		return a.touched(o), nil
	}
	if err := a.needContact(o); err != nil {
		return nil, err
	}
	if o[".remote_role"] == sourceRole {
		return nil, errTwoSources
	}
	o[".suspended"] = ""
	if o["replication_type"] == asyncType {
		now := a.now()
		a.beginJob(o, "SCHEDULED", now)
		a.planSync(o, now)
	}
	return a.touched(o), nil
}

var errTwoSources = &apiError{"REPLICA_NOT_ALLOWED_TWO_SOURCES", 409, "This action cannot be performed when both sides of the replication are sources"}

// needContact refuses what takes the other side, which is out of reach.
func (a *Array) needContact(o Object) error {
	switch link := a.linkOf(o); {
	case a.isDetached(link):
		return errDetached
	case !a.carriesData(link):
		return errLinkIO(link)
	}
	return nil
}

// setRole gives this side of a replica a role: the data of a source can be written, that of a target cannot.
func (a *Array) setRole(o Object, role string) {
	o["role"] = role
	for _, p := range pairsOf(o) {
		if volume := a.dataset(p.int("local_entity_id")); volume != nil {
			volume["write_protected"] = role == targetRole
			a.touch(volume)
		}
	}
	dropJob(o)
	o[".next"] = 0
	a.mark(o)
	a.touch(o)
	a.touchReplicas()
}

const switchDanger = "Switching the roles of replicated datasets changes the source to target and the target to source. Note that when the source switches to target, it becomes write-protected"

// switchRole lets the sides of a synchronous replica change places, without loss.
func (a *Array) switchRole(rq *request, o Object) (any, error) {
	if err := rq.needApproval(switchDanger); err != nil {
		return nil, err
	}
	switch {
	case isActiveActive(o):
		return nil, conflict("OPERATION_CANNOT_BE_DONE_ON_ACTIVE_ACTIVE_REPLICA", "Switching replica role failed because it is not supported for active-active replica")
	case o["replication_type"] == asyncType:
		return nil, conflict("REPLICA_UNSUPPORTED_FEATURE", "Replication feature not yet supported: Switching Async replica role")
	case o["role"] != sourceRole:
		return nil, errOnTarget
	case !a.isSynchronized(o):
		return nil, conflict("NON_SYNCHRONIZED_REPLICA_CANNOT_SWITCH_ROLE", "The replica has to be in Synchronized state in order to allow a role switch")
	}
	a.setRole(o, targetRole) // before the other side tells that it leads
	if err := a.alter(o, alteration{Do: "lead"}); err != nil {
		if !isUnclear(err) { // else the other side may lead by now, and two that do would part the data
			a.setRole(o, sourceRole)
		}
		return nil, err
	}
	return a.render(o, nil), nil
}

const (
	toTargetDanger = "Changing this replicated dataset's role from source to target will restore this dataset from the last replicated snapshot created. The dataset will become write-disabled. Other replicas of the dataset may become auto-suspended"
	toSourceDanger = "Changing this replicated dataset's role from target to source will make it writable with the data of the last restore point. Replication from the remote system stops"
)

// changeRole changes the role of this side alone: a target becomes a source when the other side is lost, a source that was
// superseded becomes a target.
func (a *Array) changeRole(rq *request, o Object) (any, error) {
	retain, _ := toBool(rq.query.Get("retain_staging_area"))
	body, err := rq.onlyFields("entity_pairs", "keep_datasets_write_protected")
	if err != nil {
		return nil, err
	}
	keep, _ := toBool(body["keep_datasets_write_protected"])
	danger := toSourceDanger
	if o["role"] == sourceRole {
		danger = toTargetDanger
	}
	if err := rq.needApproval("%s", danger); err != nil {
		return nil, err
	}
	switch {
	case keep && rq.role() != "INFINIDAT":
		return nil, errUnauthorized("insufficient privileges for using 'keep_datasets_write_protected' flag")
	case isActiveActive(o):
		return nil, conflict("OPERATION_CANNOT_BE_DONE_ON_ACTIVE_ACTIVE_REPLICA", "Change Role failed because it is not supported for active-active replica")
	case keep && o["replication_type"] != asyncType:
		return nil, conflict("REPLICA_UNSUPPORTED_FEATURE", "Replication feature not yet supported: Only async replicas can keep the datasets write protected")
	case isEmptyGroup(o):
		return nil, errEmptyGroup("change-role")
	case a.isDetached(a.linkOf(o)):
		return nil, errDetached
	case o["role"] == sourceRole && o.text(".suspended") == "":
		return nil, conflict("REPLICA_ONLY_ALLOWED_WHEN_SUSPENDED", "Changing the replica role from source to target is only allowed when replica is suspended")
	case retain && o["entity_type"] == "FILESYSTEM":
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Changing a filesystem replica's role with retain_staging_area is not supported")
	case o["entity_type"] == "FILESYSTEM" && isWORM(a.entityOf(o)):
		return nil, conflict("CHANGE_ROLE_WORM_FILESYSTEM_REPLICA", "Cannot change the role of a WORM filesystem replica")
	case o["role"] == targetRole && o.bool(".unready"):
		return nil, conflict("REPLICA_INCONSISTENT_DATASETS", "Changing role cannot be completed because at least one dataset has not reached a consistent state")
	}
	if retain {
		if err := a.checkStaging(o); err != nil {
			return nil, err
		}
		a.exposeStaging(o)
	}
	if o["role"] == targetRole {
		a.setRole(o, sourceRole)
		if keep {
			for _, entity := range a.entitiesIn(o) {
				entity["write_protected"] = true
			}
		}
	} else {
		a.setRole(o, targetRole)
	}
	a.suspend(o, byUser)
	return a.render(o, nil), nil
}

var typeDangers = map[string]string{
	asyncType: "Changing the replica to asynchronous type will periodically send the data to the remote system",
	syncType:  "Changing the replica to synchronous type will continuously send data to the remote system",
}

// changeType makes an asynchronous replica synchronous, or the other way round.
func (a *Array) changeType(rq *request, o Object, kind string) (any, error) {
	if err := rq.needApproval("%s", typeDangers[kind]); err != nil {
		return nil, err
	}
	word := "async"
	if kind == syncType {
		word = "sync"
	}
	link := a.linkOf(o)
	switch {
	case isActiveActive(o):
		return nil, conflict("OPERATION_CANNOT_BE_DONE_ON_ACTIVE_ACTIVE_REPLICA", "Changing the replica type to %s failed because it is not supported for active-active replica", word)
	case o["role"] != sourceRole:
		return nil, errOnTarget
	case o["replication_type"] == kind:
		return a.render(o, nil), nil
	case kind == syncType && o["entity_type"] == "FILESYSTEM":
		return nil, conflict("REPLICA_UNSUPPORTED_FEATURE", "Replication feature not yet supported: Only block datasets can be SYNC replicated")
	case a.isDetached(link):
		return nil, errDetached
	case !contains(wordsOf(a.linkTypes(link)), kind):
		return nil, errLinkType
	case kind == syncType && o.bool("including_snapshots"):
		return nil, conflict("OPERATION_CANNOT_BE_DONE_ON_REPLICATE_SNAPSHOTS_REPLICA", "Changing the replica type to sync failed because it is not supported for replicas with snapshot replication")
	case o.bool(".unready"):
		return nil, conflict("REPLICA_CANNOT_CHANGE_TYPE_DURING_INITIALIZATION", "Wait for the replica to reach Synchronized state before changing the replication type")
	case kind == syncType && a.isResized(o):
		return nil, conflict("REPLICATION_SNAPSHOTS_SIZE_MISMATCH", "Due to a volume resize operation the volume should undergo a sync job before changing the replica type")
	}
	if err := a.alter(o, alteration{Do: "type", Type: kind}); err != nil {
		return nil, err
	}
	o["replication_type"], o["sync_interval"], o["rpo_value"] = kind, nil, nil
	dropJob(o)
	if kind == asyncType {
		o["sync_interval"], o["rpo_value"] = defaultInterval, 0
	} else {
		o["restore_point"] = nil
		a.beginJob(o, "RESYNC", a.now())
	}
	a.planSync(o, a.clock())
	a.mark(o)
	return a.touched(o), nil
}

func wordsOf(items []any) []string {
	words := make([]string, 0, len(items))
	for _, item := range items {
		word, _ := item.(string)
		words = append(words, word)
	}
	return words
}

// isResized tells whether a dataset has grown since the other side was last synchronized.
func (a *Array) isResized(o Object) bool {
	for _, p := range pairsOf(o) {
		if p.int(".size") != a.dataset(p.int("local_entity_id")).int("size") {
			return true
		}
	}
	return false
}
