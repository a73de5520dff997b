package infinibox

import "slices"

// A replica may take the snapshots of its source along: each goes with the first job after it was taken, and is an ordinary
// snapshot on the other side, with a retention of its own.

// snapshotNews is a snapshot, or snapshot group, that has gone to the other side.
type snapshotNews struct {
	ID        int
	Name      string
	Pair      int // as the hearer knows it; 0 for a snapshot group
	Created   int
	Retention any
	Lock      any
	Members   []memberNews
}

type memberNews struct {
	Pair int
	Name string
}

// snapshotsOf are the snapshots of a replica's source, or the snapshot groups of its group.
func (a *Array) snapshotsOf(replica Object) []Object {
	if group := a.groups.objects[replica.int("local_cg_id")]; group != nil {
		return a.snapshotGroups(group)
	}
	var found []Object
	for _, o := range a.entitiesIn(replica) {
		if a.children[o.id()] > 0 {
			found = append(found, o.of().where("parent_id", o.id())...)
		}
	}
	return found
}

// sendSnapshots lets the snapshots that were there when a job began go with it.
func (a *Array) sendSnapshots(replica Object) {
	if !replica.bool("including_snapshots") {
		return
	}
	for _, o := range a.snapshotsOf(replica) {
		taken := o.int("created_at")
		if !o.bool(".stays") && taken >= replica.int("created_at") && taken <= replica.int(".job_started") {
			o[".sent"] = true
		}
	}
}

// noteStay notes that a new snapshot is not to go to the other side, if the request says so.
func noteStay(rq *request, values map[string]any) {
	if rq.query.Has("replicate_to_async_target") && !rq.flag("replicate_to_async_target") {
		values[".stays"] = true
	}
}

func (a *Array) snapshotNews(replica Object) []snapshotNews {
	if !replica.bool("including_snapshots") || replica["role"] != sourceRole {
		return nil
	}
	farPair := map[int]int{}
	for _, p := range pairsOf(replica) {
		farPair[p.int("local_entity_id")] = p.int("remote_pair_id")
	}
	var told []snapshotNews
	for _, o := range a.snapshotsOf(replica) {
		if !o.bool(".sent") {
			continue
		}
		n := snapshotNews{
			ID: o.id(), Name: o.name(), Pair: farPair[o.int("parent_id")], Created: o.int("created_at"),
			Retention: o["remote_snapshot_retention"], Lock: o["remote_snapshot_retention_lock"],
		}
		if isGroup(o) {
			for _, m := range a.inside(o) {
				n.Members = append(n.Members, memberNews{farPair[m.int("parent_id")], m.name()})
			}
		}
		told = append(told, n)
	}
	return told
}

// takeSnapshots makes on a target the snapshots that have come with a job.
func (a *Array) takeSnapshots(replica Object, told []snapshotNews) {
	taken := replica.list(".taken")
	for _, n := range told {
		if slices.Contains(taken, any(n.ID)) {
			continue
		}
		taken = append(taken, n.ID)
		a.takeSnapshot(replica, n)
	}
	if len(taken) > 0 {
		replica[".taken"] = taken
	}
}

func (a *Array) takeSnapshot(replica Object, n snapshotNews) {
	suffix := replica.text("remote_snapshot_suffix")
	values := map[string]any{"name": n.Name + suffix, "created_at": n.Created, "updated_at": n.Created}
	retention := replica["snapshots_retention"]
	if own := plainFloat(n.Retention); own != nil {
		retention = own
	}
	lock := replica["lock_remote_snapshot_retention"]
	if own := plainFloat(n.Lock); own != nil {
		lock = own
	}
	if seconds, ok := lock.(int); ok {
		values["lock_expires_at"] = n.Created + seconds*second
	}
	local := map[int]Object{}
	for _, p := range pairsOf(replica) {
		local[p.id()] = a.dataset(p.int("local_entity_id"))
	}
	var made Object
	if group := a.groups.objects[replica.int("local_cg_id")]; group != nil {
		names := map[int]string{}
		for _, m := range n.Members {
			if o := local[m.Pair]; o != nil {
				names[o.id()] = m.Name + suffix
			}
		}
		if a.groups.freeKey(n.Name+suffix, 0) != nil || len(names) != len(a.inGroup[group.id()]) || a.checkGroupSnapshot(group, names) != nil {
			return
		}
		made = a.snapshotGroupOf(group, values, names)
	} else if o := local[n.Pair]; o != nil && o.of().freeKey(n.Name+suffix, 0) == nil && a.checkFamily(o) == nil {
		made = a.snapshotOf(o, values)
	}
	if made != nil {
		a.retain(made, retention)
	}
}
