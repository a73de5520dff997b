package infinibox

import "strings"

// member is one volume of which a group snapshot is taken.
type member struct {
	volume Object
	name   string // of its snapshot
}

// groupSnapshot takes snapshots of several volumes at once, of all or of none.
func (a *Array) groupSnapshot(rq *request) (any, error) {
	members, err := a.groupMembers(rq)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, m := range members {
		if taken[strings.ToLower(m.name)] {
			return nil, badRequest("DATASET_NAME_WILL_BE_DUPLICATED", "volume name '%s' would be duplicated", m.name)
		}
		taken[strings.ToLower(m.name)] = true
	}
	for _, m := range members {
		if m.volume["pool_id"] != members[0].volume["pool_id"] {
			return nil, conflict("DATASET_BELONG_TO_DIFFERENT_POOL", "volume '%s' belongs to a different pool", m.volume.name())
		}
		if err := rq.mayChange(m.volume); err != nil {
			return nil, err
		}
		if err := a.unlocked(m.volume); err != nil {
			return nil, err
		}
		if err := a.volumes.freeKey(m.name, 0); err != nil {
			return nil, err
		}
		if isActiveActivePeer(m.volume) {
			return nil, conflict("ACTIVE_ACTIVE_GROUP_SNAPSHOT_NOT_ALLOWED", "Group snapshot cannot be created on an active active peer")
		}
		if isTarget(m.volume) {
			return nil, conflict("REPLICATED_VOLUME_SNAPSHOT_NOT_ALLOWED", "Snapshot cannot be created on replication target")
		}
		if err := a.checkFamily(m.volume); err != nil {
			return nil, err
		}
	}
	if err := a.checkDatasetCount(len(members)); err != nil {
		return nil, err
	}
	var snapshots []Object
	for _, m := range members {
		snapshots = append(snapshots, a.snapshotOf(m.volume, map[string]any{"name": m.name}))
	}
	return created{a.renderAll(snapshots, nil)}, nil
}

func (a *Array) groupMembers(rq *request) ([]member, error) {
	body, err := rq.onlyFields("entities", "snap_prefix", "snap_suffix")
	if err != nil {
		return nil, err
	}
	entities, ok := body["entities"].([]any)
	if !ok || len(entities) == 0 {
		return nil, errMissing("entities")
	}
	if len(entities) > a.limits.GroupMembers {
		return nil, conflict("GROUP_MEMBERS_LIMIT_EXCEEDED", "A snapshot group cannot have more than %d members", a.limits.GroupMembers)
	}
	prefix, _ := body["snap_prefix"].(string)
	suffix, _ := body["snap_suffix"].(string)
	var members []member
	seen := map[int]bool{}
	for _, entity := range entities {
		fields, _ := entity.(map[string]any)
		if err := only(fields, "id", "snap_name"); err != nil {
			return nil, err
		}
		id, err := requiredInteger(fields, "id")
		if err != nil {
			return nil, err
		}
		if seen[id] {
			return nil, errWrong("entity id", id, " unique")
		}
		seen[id] = true
		volume, err := a.volumes.find(id)
		if err != nil {
			return nil, err
		}
		name, ok := fields["snap_name"].(string)
		if !ok {
			name = prefix + volume.name() + suffix
		}
		members = append(members, member{volume, name})
	}
	return members, nil
}
