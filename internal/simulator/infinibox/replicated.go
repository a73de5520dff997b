package infinibox

import (
	"fmt"
	"slices"
)

// What being replicated makes of a dataset or a group. A seed may say so without a replica, so that what the array then
// allows and refuses can be tried on one array alone.

// SeedReplica marks a dataset or a consistency group, with its members, as one side of an asynchronous replica.
type SeedReplica struct {
	ID   int    `json:"id"`
	Role string `json:"role"` // SOURCE or TARGET
}

func isReplicated(o Object) bool { return o.text(".role") != "" }

func isTarget(o Object) bool { return o.text(".role") == "TARGET" }

func (a *Array) plantReplica(s SeedReplica) error {
	if s.Role != sourceRole && s.Role != targetRole {
		return fmt.Errorf("replica of %d: role %q is neither SOURCE nor TARGET", s.ID, s.Role)
	}
	var marked []Object
	if o := a.dataset(s.ID); o != nil {
		marked = []Object{o}
	} else if o := a.groups.objects[s.ID]; o != nil {
		marked = append(a.inside(o), o)
	} else {
		return fmt.Errorf("replica of %d: there is no such dataset or group", s.ID)
	}
	replica := a.nextID()
	for _, o := range marked {
		markReplicated(o, replica, asyncType, s.Role)
	}
	return nil
}

// replicatedMember refuses a replicated volume to a group that is not.
func replicatedMember(volume Object) error {
	if isTarget(volume) {
		return conflict("TARGET_DATASET_IS_REPLICATED", "Replicated target datasets cannot be added to a consistency group: %s", volume.name())
	}
	return conflict("SOURCE_DATASET_IS_REPLICATED", "Replicated source datasets cannot be added to a non-replicated consistency group: %s", volume.name())
}

// A replicationSnapshot is what replication keeps of a volume as it was, and shows nobody until it is owned.
type replicationSnapshot struct {
	Size  int `json:"size"`     // of the volume when it was taken
	Owned int `json:"owned_as"` // id of the ordinary snapshot that it has become; 0 before
}

// plantReplicationSnapshot takes a replication snapshot of a volume as it is now.
func (a *Array) plantReplicationSnapshot(id int) error {
	volume := a.volumes.objects[id]
	if volume == nil {
		return fmt.Errorf("replication snapshot of %d: there is no such volume", id)
	}
	a.replicated[id] = append(a.replicated[id], &replicationSnapshot{Size: volume.int("size")})
	return nil
}

// replicationSnapshots are those that a volume has, the latest last. One that was owned lasts as long as the snapshot
// that it became.
func (a *Array) replicationSnapshots(volume Object) []*replicationSnapshot {
	a.replicated[volume.id()] = slices.DeleteFunc(a.replicated[volume.id()], func(s *replicationSnapshot) bool {
		return s.Owned != 0 && a.volumes.objects[s.Owned] == nil
	})
	return a.replicated[volume.id()]
}

// keepsReplication tells whether a volume has replication snapshots that nobody owns.
func (a *Array) keepsReplication(volume Object) bool {
	return slices.ContainsFunc(a.replicationSnapshots(volume), func(s *replicationSnapshot) bool { return s.Owned == 0 })
}

// ownSnapshot makes the latest replication snapshot of a volume an ordinary one with a name.
func (a *Array) ownSnapshot(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if err := rq.mayChange(volume); err != nil {
		return nil, err
	}
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, errEmpty
	}
	name, ok := body["name"].(string)
	if !ok {
		return nil, errMissing("name")
	}
	if err := only(body, "name"); err != nil {
		return nil, err
	}
	if err := a.volumes.freeKey(name, 0); err != nil {
		return nil, err
	}
	if err := a.unlocked(volume); err != nil {
		return nil, err
	}
	all := a.replicationSnapshots(volume)
	if len(all) == 0 {
		return nil, notFound("NO_RMR_SNAPSHOT_FOUND", "No replication snapshots found")
	}
	latest := all[len(all)-1]
	if o := a.volumes.objects[latest.Owned]; o != nil {
		return nil, conflict("RMR_SNAPSHOT_ALREADY_RECLAIMED",
			"Replication snapshot has been already reclaimed ManagedVolume [id=%d, name=%s, type=SNAPSHOT]", o.id(), o.name())
	}
	o := a.snapshotOf(volume, map[string]any{"name": name, "size": latest.Size})
	latest.Owned = o.id()
	return a.render(o, nil), nil
}
