package infinibox

import (
	"maps"
	"slices"
)

// Members of a consistency group that is replicated come and go on both sides at once.

// replicaOf is the replica of a consistency group, or nil.
func (a *Array) replicaOf(group Object) Object {
	if replicas := a.replicasOf(group); len(replicas) > 0 {
		return replicas[0]
	}
	return nil
}

// membership is what the other side of a group's replica is asked to do with a member.
type membership struct {
	Replica    int       `json:"replica"`
	Pair       pairOffer `json:"pair"`    // of a new member
	Merge      int       `json:"merge"`   // the replica there that a member had before
	Leaving    int       `json:"leaving"` // the pair there of a member that leaves
	Own        int       `json:"own"`     // id here of a replica that it gets of its own; 0 for none
	Retain     bool      `json:"retain"`
	KeepSerial bool      `json:"keep_serial"`
}

// addReplicatedMember adds a member to a group that is replicated.
func (a *Array) addReplicatedMember(rq *request, group, replica Object, body map[string]any) (any, error) {
	id, err := requiredInteger(body, "dataset_id")
	if err != nil {
		return nil, err
	}
	volume := a.dataset(id)
	if volume == nil {
		return nil, errNoDataset
	}
	if err := a.checkGroupMember(group, volume); err != nil {
		return nil, err
	}
	fields, err := a.checkNewMember(replica, volume, body)
	if err != nil {
		return nil, err
	}
	what := membership{Replica: replica.int("remote_replica_id")}
	if own := a.replicaOf(volume); own != nil {
		what.Merge = own.int("remote_replica_id")
		if err := a.alterMembers(rq, replica, what, nil); err != nil {
			return nil, err
		}
		a.mergeReplica(replica, own)
	} else if err := a.pairMember(rq, replica, volume, fields); err != nil {
		return nil, err
	}
	a.join(group, volume)
	volume["snapshot_policy_id"] = nil
	a.mark(replica)
	a.beginJob(replica, "SCHEDULED", a.now())
	a.touch(group)
	a.touchReplicas()
	return a.render(group, nil), nil
}

// checkNewMember checks a volume against the replica that it is to be in, and returns what is said of its pair.
func (a *Array) checkNewMember(replica, volume Object, body map[string]any) (map[string]any, error) {
	fields := asObject(body["replication_pair_info"])
	own := a.replicaOf(volume)
	if isActiveActive(replica) {
		switch {
		case volume.text(".role") == activeActiveType:
			return nil, conflict("ACTIVE_ACTIVE_PEER_CANNOT_BE_ADDED_TO_CG", "Cannot add an active-active peer volume to a consistency group")
		case isReplicated(volume):
			return nil, conflict("REPLICATED_MEMBER_CANNOT_BE_ADDED_TO_AA_REPLICA", "Cannot add a replicated member '%s' to an active-active replica. Delete the member's replica before adding to the consistency group", volume.name())
		case replica.text(".suspended") == "":
			return nil, conflict("CG_MEMBER_CANNOT_BE_ADDED_TO_ACTIVE_AA_REPLICA", "Cannot add a member '%s' to an active active-active replica. Suspend the replica before adding the member", volume.name())
		case body["active_active_info"] == nil:
			return nil, errMissing("active_active_info")
		}
		return activeActivePair(asObject(body["active_active_info"])), a.checkActiveActive(volume)
	}
	switch {
	case body["active_active_info"] != nil:
		return nil, errUnsupported("active_active_info")
	case body["replication_pairs_info"] != nil:
		return nil, errUnsupported("replication_pairs_info") // there are no replicas to several targets
	case replica["role"] != sourceRole:
		return nil, errOnTarget
	case isTarget(volume):
		return nil, replicatedMember(volume)
	case replica["replication_type"] == syncType:
		return nil, conflict("CG_MEMBER_CANNOT_BE_ADDED_TO_SYNC_REPLICA", "Cannot add a member to a replicated consistency group whose replication type is SYNC. Change the replication type to ASYNC, add the member and then change the replication type back to SYNC")
	case own != nil && own["replication_type"] != replica["replication_type"]:
		return nil, conflict("CG_MEMBER_TYPE_MISMATCH", "The synchronization types of the member and the consistency group have to be identical. In addition, a member can be added only to a replicated consistency group whose type is ASYNC")
	case own != nil && fields != nil:
		return nil, conflict("REPLICA_PAIR_ALREADY_EXISTING", "When adding a replicated entity to a replicated consistency group, no entity pair may be supplied in the command")
	case own != nil && own.bool("including_snapshots") != replica.bool("including_snapshots"):
		return nil, conflict("CANNOT_ADD_MEMBER_DUE_TO_SNAPSHOT_REPLICATION_MISMATCH", "The new member volume '%s' replica and the CG '%s' replica do not have the same snapshots replication settings", volume.name(), a.entityOf(replica).name())
	case own == nil && isReplicated(volume):
		return nil, replicatedMember(volume)
	case a.countReplicated() >= a.limits.ReplicatedDatasets:
		return nil, conflict("REPLICATED_DATASETS_LIMIT", "The system has reached the maximum number of replicated datasets")
	}
	return fields, nil
}

// activeActivePair is what is said of the counterpart of a new member on the other array, as of a pair. The reference does
// not tell its fields; clients of the array call base_action what a pair calls remote_base_action.
func activeActivePair(info map[string]any) map[string]any {
	fields := maps.Clone(info)
	if action, given := fields["base_action"]; given {
		delete(fields, "base_action")
		fields["remote_base_action"] = action
	}
	return fields
}

// alterMembers asks the other side to do with a member as this one does.
func (a *Array) alterMembers(rq *request, replica Object, what membership, made any) error {
	if err := a.needContact(replica); err != nil {
		return err
	}
	replica[".altering"] = true
	err := a.ask(rq.remoteLogin(), "replica/member", what, made)
	delete(replica, ".altering")
	return linked(a.linkOf(replica), unclear(err, "add member"))
}

// pairMember lets the other side have a counterpart of a new member.
func (a *Array) pairMember(rq *request, replica, volume Object, fields map[string]any) error {
	given := map[string]any{"local_entity_id": volume.id()}
	maps.Copy(given, fields)
	if err := only(given, pairFields...); err != nil {
		return err
	}
	p, err := a.readPair(replica, given)
	if err != nil {
		return err
	}
	var answer pairAnswer
	what := membership{Replica: replica.int("remote_replica_id"), Pair: p.offer(a)}
	if err := a.alterMembers(rq, replica, what, &answer); err != nil {
		return err
	}
	item := p.item(replica, answer)
	item["replica_id"] = replica.id()
	replica[".pairs"] = append(replica.list(".pairs"), any(item))
	return nil
}

// mergeReplica makes the pair of a replica one of another replica's.
func (a *Array) mergeReplica(into, from Object) {
	for _, item := range from.list(".pairs") {
		p := asObject(item)
		p["replica_id"] = into.id()
		into[".pairs"] = append(into.list(".pairs"), any(p))
	}
	a.remove(from)
}

// acceptMember does on this side what the other one does with a member.
func (a *Array) acceptMember(v *visit) (any, error) {
	var what membership
	if err := v.read(&what); err != nil {
		return nil, err
	}
	if err := v.needUser(); err != nil {
		return nil, err
	}
	replica, err := a.replicas.find(what.Replica)
	if err != nil {
		return nil, err
	}
	group := a.entityOf(replica)
	if err := mayHold(v, a.poolOf(group)); err != nil {
		return nil, err
	}
	if what.Merge != 0 {
		own, err := a.replicas.find(what.Merge)
		if err != nil {
			return nil, err
		}
		volume := a.entityOf(own)
		if err := a.checkGroupMember(group, volume); err != nil {
			return nil, err
		}
		a.mergeReplica(replica, own)
		a.join(group, volume)
		a.mark(replica)
		return nil, nil
	}
	off := offer{Entity: groupEntity, Type: replica.text("replication_type")}
	o, err := a.targetFor(v, &off, &what.Pair, a.poolOf(group), group)
	if err != nil {
		return nil, err
	}
	answer, item := a.pairTarget(replica, group, o, &what.Pair)
	item["replica_id"] = replica.id()
	replica[".pairs"] = append(replica.list(".pairs"), any(item))
	a.mark(replica)
	return answer, nil
}

// removeReplicatedMember takes a member out of a group that is replicated, on both sides.
func (a *Array) removeReplicatedMember(rq *request, replica Object, id int) error {
	volume := a.volumes.objects[id]
	if err := a.checkLeavingMember(rq, replica, volume); err != nil {
		return err
	}
	var leaving Object
	for _, p := range pairsOf(replica) {
		if p.int("local_entity_id") == id {
			leaving = p
		}
	}
	keep := a.keepsSerial(rq)
	what := membership{Replica: replica.int("remote_replica_id"), Leaving: leaving.int("remote_pair_id"), Retain: rq.flag("retain_staging_area"), KeepSerial: !keep}
	if rq.flag("create_replica") {
		what.Own = a.nextID()
	}
	var far int
	if !rq.flag("force_on_target") && !rq.flag("force_on_local") {
		err := linked(a.linkOf(replica), unclear(a.ask(rq.remoteLogin(), "replica/dismiss", what, &far), "Removing a CG member"))
		if err := rq.unlessForced(err); err != nil {
			return err
		}
	}
	a.dismiss(replica, leaving, what.Own, far, rq.query.Get("replica_name"), what.Retain, keep)
	return nil
}

// checkLeavingMember refuses to take a member out of a group that is replicated.
func (a *Array) checkLeavingMember(rq *request, replica, volume Object) error {
	forced := rq.flag("force_on_target") || rq.flag("force_on_local") || rq.flag("force_if_remote_error")
	switch {
	case rq.flag("create_replica") && forced:
		return conflict("REPLICA_CANNOT_CREATE_IF_FORCE", "Replica creation cannot be specified with force on target or force on remote error")
	case isActiveActive(replica):
		return a.checkLeavingPeer(rq, replica, volume)
	case rq.query.Has("keep_serial_on_local"):
		return errUnsupported("keep_serial_on_local")
	case replica["replication_type"] == syncType:
		return conflict("CG_MEMBER_CANNOT_BE_REMOVED_FROM_SYNC_REPLICA", "Cannot remove a member from a replicated consistency group whose replication type is SYNC. Change the replication type to ASYNC, remove the member and then change the replication type back to SYNC")
	case replica["role"] == targetRole && (a.carriesData(a.linkOf(replica)) || !rq.flag("force_on_target")):
		return conflict("REPLICA_REMOVE_MEMBER_NOT_ALLOWED_ON_TARGET", "Removing a member on the target system is not allowed unless the link to the source is down and the operation is acknowledged by the user")
	}
	if rq.flag("retain_staging_area") {
		if err := a.checkDatasetCount(1); err != nil {
			return err
		}
	}
	return nil
}

func (a *Array) checkLeavingPeer(rq *request, replica, volume Object) error {
	switch {
	case rq.flag("create_replica"):
		return errUnsupported("create_replica")
	case isLagging(replica):
		return conflict("REMOVE_MEMBER_AA_REPLICA_FROM_LAGGING_SIDE", "Cannot remove a member %s of consistency group in an active-active replica from the lagging side", volume.name())
	case replica.text(".suspended") == "":
		return conflict("CG_MEMBER_CANNOT_BE_REMOVED_FROM_ACTIVE_AA_REPLICA", "Cannot remove a member '%s' from an active active-active replica. Suspend the replica before removing the member", volume.name())
	case len(replica.list(".pairs")) == 1:
		return conflict("OPERATION_NOT_SUPPORTED", "Removing the last member in a consistency group of an active-active replica is not supported")
	case !a.keepsSerial(rq) && len(a.byVolume[volume.id()]) > 0:
		return conflict("AA_REMOVE_MEMBER_NOT_POSSIBLE", "Cannot remove a member of an active-active replica when it is mapped because the serial ID will be changed. Please remove all member mappings")
	}
	return nil
}

// dismiss takes a pair out of a group's replica; it gets a replica of its own if that has been given an id.
func (a *Array) dismiss(replica, leaving Object, own, far int, description string, retain, keepSerial bool) {
	rest := []any{}
	for _, p := range pairsOf(replica) {
		if p.id() != leaving.id() {
			rest = append(rest, map[string]any(p))
		}
	}
	replica[".pairs"] = rest
	volume := a.dataset(leaving.int("local_entity_id"))
	if own == 0 {
		if retain && replica["restore_point"] != nil && replica["replication_type"] == asyncType {
			a.snapshotOf(volume, map[string]any{"name": a.freeName(volume, replica.int("restore_point"))})
		}
		a.releaseTarget(replica, leaving, keepSerial)
		a.touchReplicas()
		return
	}
	single := Object{}
	maps.Copy(single, replica)
	single["id"], single[".id"], single["entity_type"], single["remote_replica_id"] = own, own, "VOLUME", far
	single["description"] = description
	for _, name := range []string{"local_cg_id", "remote_cg_id", "remote_cg_name"} {
		single[name] = nil
	}
	leaving["replica_id"] = own
	single[".pairs"] = []any{map[string]any(leaving)}
	dropJob(single)
	a.replicas.keep(single)
	a.mark(single)
	a.touchReplicas()
}

// dismissMember takes a member out of a group here, as the other side does.
func (a *Array) dismissMember(v *visit) (any, error) {
	var what membership
	if err := v.read(&what); err != nil {
		return nil, err
	}
	replica := a.replicas.objects[what.Replica]
	if replica == nil {
		return 0, nil
	}
	if err := v.needUser(); err != nil {
		return nil, err
	}
	for _, p := range pairsOf(replica) {
		if p.id() != what.Leaving {
			continue
		}
		own := 0
		if what.Own != 0 {
			own = a.nextID()
		}
		volume := a.volumes.objects[p.int("local_entity_id")]
		a.dismiss(replica, p, own, what.Own, "", what.Retain, what.KeepSerial)
		a.leaveGroup(volume)
		return own, nil
	}
	return 0, nil
}

// letStrayGo takes members out of a target that its source knows nothing of, because the answer that they are in it was lost.
// What was made of them stays, as ordinary volumes.
func (a *Array) letStrayGo(replica Object, n *replicaNews) {
	for _, p := range pairsOf(replica) {
		known := slices.ContainsFunc(n.Pairs, func(told pairNews) bool { return told.Pair == p.id() })
		if volume := a.volumes.objects[p.int("local_entity_id")]; !known && volume["cg_id"] != nil {
			a.dismiss(replica, p, 0, 0, "", false, true)
			a.leaveGroup(volume)
		}
	}
}
