package infinibox

import "slices"

// What the rest of the array refuses for the sake of links and replicas.

// checkReplicatedResize lets a replicated volume grow only where the other side can follow, and with permission there.
func (a *Array) checkReplicatedResize(rq *request, o Object) error {
	switch o.text(".replication") {
	case syncType:
		return errResizeUnsupported
	case activeActiveType:
		replica := a.ownReplica(o)
		if isLagging(replica) {
			return conflict("VOLUME_REPLICA_CANNOT_BE_RESIZED_ON_LOCAL_SYSTEM", "A peer of an active-active replica %s cannot be resized from the lagging side", o.name())
		}
		if replica.text(".suspended") == "" {
			return conflict("VOLUME_CANNOT_BE_RESIZED_ACTIVE_AA_REPLICA", "A peer of an active-active replica %s cannot be resized when the replica is active. Suspend the replica before resizing the volume", o.name())
		}
	}
	if isFilesystem(o) || a.ownReplica(o) == nil {
		return nil
	}
	if err := a.ask(rq.remoteLogin(), "permit", nil, nil); err != nil && !isAway(err) {
		return err
	}
	return nil
}

var errResizeUnsupported = &apiError{"REPLICA_UNSUPPORTED_FEATURE", 409, "Replication feature not yet supported: Replicated dataset can be resized only if it is part of an async replica or a suspended active active replica"}

// ownReplica is the replica that a dataset is in, by itself or as a member of its group; nil: none.
func (a *Array) ownReplica(o Object) Object {
	if replicas := a.replicasOf(o); len(replicas) > 0 {
		return replicas[0]
	}
	return nil
}

func isActiveActivePeer(o Object) bool { return o.text(".role") == activeActiveType }

// checkConsistent refuses to take what is on a target before all of it has arrived.
func (a *Array) checkConsistent(o Object, doing string) error {
	if replica := a.ownReplica(o); replica != nil && isTarget(o) && replica.bool(".unready") {
		return conflict("REPLICA_INCONSISTENT_DATASETS", "%s cannot be completed because at least one dataset has not reached a consistent state", doing)
	}
	return nil
}

// checkTargetRefresh lets a snapshot of a target be refreshed once after each synchronization.
func (a *Array) checkTargetRefresh(snapshot, target Object) error {
	if err := a.checkConsistent(target, "Refreshing a snapshot on target"); err != nil {
		return err
	}
	replica := a.ownReplica(target)
	if replica == nil || !isTarget(target) || replica["replication_type"] != asyncType {
		return nil
	}
	switch synced := replica.int("last_synchronized"); {
	case snapshot.int(".refreshed") == synced:
		return conflict("REFRESH_TARGET_IS_NOT_POSSIBLE", "Refreshing a snapshot of a replica target can only take place once in a sync cycle. Please wait for the next sync cycle to refresh again")
	case snapshot.int("created_at") > synced:
		return conflict("REFRESH_TARGET_IS_NOT_AVAILABLE", "Refresh snapshot of a replica target is currently not available since there is no new consistent data to refresh")
	}
	return nil
}

// noteRefresh notes which synchronization a snapshot of a target has been refreshed after.
func (a *Array) noteRefresh(snapshot, target Object) {
	if replica := a.ownReplica(target); replica != nil && isTarget(target) {
		snapshot[".refreshed"] = replica.int("last_synchronized")
	}
}

// checkPeerOverNVMe refuses to let an active-active volume be reached over NVMe-oF.
func (a *Array) checkPeerOverNVMe(volume Object, c *collection, o Object) error {
	nvme := a.clientOf(c, o).nvme
	if cluster := a.clusters.objects[o.int("host_cluster_id")]; c == a.hosts && cluster != nil && !nvme {
		nvme, _ = a.clusterProtocols(cluster)
	}
	if isActiveActivePeer(volume) && nvme {
		return conflict("ACTIVE_ACTIVE_VOLUME_CANNOT_BE_MAPPED_TO_NVME_OF_HOST", "Mapping of volume '%s' failed because active-active replication volumes cannot be mapped to hosts or clusters that contain NVMe-oF ports", volume.name())
	}
	return nil
}

// seesPeer tells whether any of the volumes that a client sees is one of an active-active replica.
func (a *Array) seesPeer(luns []lun) bool {
	return slices.ContainsFunc(luns, func(l lun) bool { return isActiveActivePeer(a.volumes.objects[l.volume]) })
}

// checkLinkedSpace refuses to take from a network space what a link goes over.
func (a *Array) checkLinkedSpace(space Object, least int) error {
	if len(a.links.where("local_replication_network_space_id", space.id())) > 0 && enabledAddresses(space) <= least {
		return errSpaceLinked
	}
	return nil
}

var errSpaceLinked = &apiError{"NET_SPACE_IN_USE", 403, "The network space is in use by another entity of type link"}

// keepsLinkedSpace refuses to change what a link finds its network space by, and to end synchronous replication over it.
func keepsLinkedSpace(ch *change) error {
	if ch.isNew() {
		if ch.after["service"] == iscsiService && slices.ContainsFunc(ch.a.replicas.all(), isActiveActive) {
			return conflict("SYSTEM_CANNOT_SUPPORT_ISCSI_AA", "Active-Active Replication and ISCSI network space cannot exist on same system. Please contact INFINIDAT support for further information")
		}
		return nil
	}
	narrows := asyncOnly(ch.after) && !asyncOnly(ch.before)
	if (narrows || ch.sets("network_config")) && len(ch.a.links.where("local_replication_network_space_id", ch.before.id())) > 0 {
		return errSpaceLinked
	}
	return nil
}

// leastAddresses is how many enabled addresses a link takes of its network space.
func leastAddresses(space Object) int {
	if asyncOnly(space) {
		return leastAsyncAddresses
	}
	return leastSyncAddresses
}
