package infinibox

import "fmt"

// The end of a replica. As a rule both sides go; what is left of them are ordinary datasets.

const (
	endDanger      = "Deleting a replica will stop replicating the dataset(s)"
	oneSidedDanger = "Force delete will delete the replica locally only, the remote replica will not be deleted"
)

// farewell is what the other side of a replica is told at its end.
type farewell struct {
	Replica    int  `json:"replica"`
	Retain     bool `json:"retain"`
	KeepSerial bool `json:"keep_serial"`
	Force      bool `json:"force"` // whatever the other side thinks of it
}

// keepsake is what an end of a replica leaves of its restore point: the snapshot group, or snapshots by their parents.
type keepsake struct {
	Group     any         `json:"group"`
	Snapshots map[int]int `json:"snapshots"`
}

// flag reads a parameter that is on or off.
func (rq *request) flag(name string) bool {
	on, _ := toBool(rq.query.Get(name))
	return on
}

// keepsReplica refuses to delete a replica, and deletes its other side.
func (a *Array) keepsReplica(rq *request, o Object) error {
	if err := rq.mayReplicate(o); err != nil {
		return err
	}
	oneSided, danger := rq.flag("force_on_local") || rq.flag("force_on_target"), endDanger
	if oneSided {
		danger = oneSidedDanger
	}
	if err := rq.needApproval("%s", danger); err != nil {
		return err
	}
	if rq.query.Has("keep_serial_on_local") && !isActiveActive(o) {
		return errUnsupported("keep_serial_on_local")
	}
	link := a.linkOf(o)
	reachable := a.carriesData(link) && !o.bool(".orphan")
	if err := a.checkReplicaEnd(rq, o, reachable); err != nil {
		return err
	}
	if rq.flag("retain_staging_area") {
		if err := a.checkStaging(o); err != nil {
			return err
		}
	}
	if oneSided || o.bool(".orphan") {
		return nil
	}
	var err error
	if a.isDetached(link) {
		err = remoteError{&apiError{"REPLICA_INVALID_LINK", 409, fmt.Sprintf("Error on '%s': The link is detached", a.systemName)}}
	} else {
		bye := farewell{Replica: o.int("remote_replica_id"), Retain: rq.flag("retain_staging_area"), KeepSerial: !a.keepsSerial(rq)}
		var left keepsake
		err = linked(link, unclear(a.ask(rq.remoteLogin(), "replica/delete", bye, &left), "deletion"))
		noteReclaimed(o, "remote", left)
	}
	return rq.unlessForced(err)
}

// keepsSerial tells whether the volumes here stay what hosts know them as.
func (*Array) keepsSerial(rq *request) bool {
	return !rq.query.Has("keep_serial_on_local") || rq.flag("keep_serial_on_local")
}

// checkReplicaEnd refuses to delete a replica from a side that must not.
func (a *Array) checkReplicaEnd(rq *request, o Object, reachable bool) error {
	switch {
	case isActiveActive(o) && rq.flag("force_on_local") && reachable:
		return conflict("REMOTE_REPLICA_REACHABLE", "Force-deleting the local Active-Active replica is forbidden, as the remote replica is reachable")
	case isActiveActive(o) && isLagging(o) && !rq.flag("force_on_local"):
		return conflict("ACTIVE_ACTIVE_REPLICA_CANNOT_BE_DELETED_ON_LOCAL_SYSTEM", "Deleting a suspended active-active replica cannot be done from the lagging side")
	case o["role"] == targetRole && (reachable || !rq.flag("force_on_target") && !rq.flag("force_on_local") && !o.bool(".orphan")):
		return conflict("REPLICA_DELETION_NOT_ALLOWED_ON_TARGET", "Replica deletion is allowed on the target system when the link to source is down")
	case rq.flag("retain_staging_area") && o["entity_type"] == "FILESYSTEM" && isWORM(a.entityOf(o)):
		return conflict("DELETE_WORM_FILESYSTEM_REPLICA_NO_RETAIN_SNAPSHOTS", "WORM filesystem snapshots used for replication are not retained when the replica is deleted. To remove the replica, disable the retain_staging_area feature")
	}
	return nil
}

// dropReplica ends this side of a replica.
func (a *Array) dropReplica(rq *request, o Object) {
	a.endReplica(o, rq.flag("retain_staging_area"), a.keepsSerial(rq))
}

// endReplica takes a replica out, with what it has marked and kept, and returns what is left.
func (a *Array) endReplica(o Object, retain, keepSerial bool) keepsake {
	var left keepsake
	if a.replicas.objects[o.id()] == nil {
		return left // the other side has asked for it meanwhile
	}
	if retain {
		left = a.exposeStaging(o)
		noteReclaimed(o, "local", left)
	}
	for _, p := range pairsOf(o) {
		a.releaseTarget(o, p, keepSerial)
	}
	if group := a.groups.objects[o.int("local_cg_id")]; group != nil {
		unmark(group)
	}
	a.remove(o)
	a.touchReplicas()
	return left
}

// dropReplicaFor ends this side of a replica, as the other one does.
func (a *Array) dropReplicaFor(v *visit) (any, error) {
	var bye farewell
	if err := v.read(&bye); err != nil {
		return nil, err
	}
	o := a.replicas.objects[bye.Replica]
	if o == nil {
		return nil, nil
	}
	if err := v.needUser(); err != nil {
		return nil, err
	}
	if err := mayHold(v, a.poolOf(a.entityOf(o))); err != nil {
		return nil, err
	}
	if a.isDetached(a.linkOf(o)) {
		return nil, conflict("LINK_IS_NOT_ACTIVE", "The link is not active, please refresh the link and try again")
	}
	if bye.Retain {
		if err := a.checkStaging(o); err != nil {
			return nil, err
		}
	}
	return a.endReplica(o, bye.Retain, bye.KeepSerial), nil
}

// staged are the datasets of a replica whose restore point can be kept: as a snapshot of each.
func (a *Array) staged(o Object) []Object {
	if o["replication_type"] != asyncType || o["restore_point"] == nil {
		return nil
	}
	return a.entitiesIn(o)
}

// checkStaging refuses to keep a restore point that there is no room for.
func (a *Array) checkStaging(o Object) error {
	staged := a.staged(o)
	if err := a.checkDatasetCount(len(staged)); err != nil {
		return err
	}
	for _, entity := range staged {
		if err := a.checkFamily(entity); err != nil {
			return err
		}
	}
	group := a.groups.objects[o.int("local_cg_id")]
	if group != nil && a.children[group.id()] >= a.limits.SnapshotGroups {
		return conflict("SG_CG_COUNT_LIMIT", "A new snapshot group cannot be created. The consistency group has reached the maximum number of snapshot groups")
	}
	return nil
}

// exposeStaging makes the restore point of a replica ordinary snapshots.
func (a *Array) exposeStaging(o Object) keepsake {
	left := keepsake{Snapshots: map[int]int{}}
	staged := a.staged(o)
	names := map[int]string{}
	for _, entity := range staged {
		names[entity.id()] = a.freeName(entity, o.int("restore_point"))
	}
	if group := a.groups.objects[o.int("local_cg_id")]; group != nil && len(staged) > 0 {
		made := a.snapshotGroupOf(group, map[string]any{"name": a.freeName(group, o.int("restore_point"))}, names)
		left.Group = made.id()
		for _, snapshot := range a.inside(made) {
			left.Snapshots[snapshot.int("parent_id")] = snapshot.id()
		}
		return left
	}
	for _, entity := range staged {
		left.Snapshots[entity.id()] = a.snapshotOf(entity, map[string]any{"name": names[entity.id()]}).id()
	}
	return left
}

// noteReclaimed writes on a replica what a side of it, "local" or "remote", has kept of its restore point.
func noteReclaimed(o Object, side string, left keepsake) {
	o["_"+side+"_reclaimed_sg_id"] = plainFloat(left.Group)
	for _, p := range pairsOf(o) {
		if snapshot, kept := left.Snapshots[p.int(side+"_entity_id")]; kept {
			p["_"+side+"_reclaimed_snapshot_id"] = snapshot
		}
	}
}

// answerReclaimed shows in the answer to a replica's deletion what is kept of its restore point on both sides.
func answerReclaimed(rq *request, o Object, answer map[string]any) {
	for _, name := range []string{"entity_pairs", "_local_reclaimed_sg_id", "_remote_reclaimed_sg_id"} {
		answer[name] = rq.a.value(o, name)
	}
}

// freeName is a name for what a restore point leaves, as nothing else is called.
func (a *Array) freeName(o Object, moment int) string {
	for n := moment; ; n++ {
		suffix := fmt.Sprintf("_replica_%d", n)
		name := fmt.Sprintf("%.*s%s", maxNameLength-len(suffix), o.name(), suffix)
		if o.of().freeKey(name, 0) == nil {
			return name
		}
	}
}
