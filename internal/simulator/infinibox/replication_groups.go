package infinibox

import (
	"fmt"
	"net/http"
)

// A replication group holds vVols of one pool that are replicated together.

func newReplicationGroups() *collection {
	return newCollection(collection{
		path: "replication_groups", noun: "Replication group", absent: "REPLICATION_GROUP_NOT_FOUND", command: "GetAllReplicationGroups",
		taken: "REPLICATION_GROUP_NAME_CONFLICT", takenText: "A replication group with this name '%s' already exists",
		in: "pool_id", creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		unknownAttribute: func(name string) error { return notFound("ATTRIBUTE_NOT_FOUND", "Attribute not found: '%s'", name) },
		prepare: func(rq *request, body map[string]any) error {
			if value, given := body["pool_id"]; rq.creates() && (value == nil || !given) {
				return errWrong("pool_id", nil, "may not be null")
			}
			return nil
		},
		full: func(a *Array) error {
			if len(a.replicationGroups.objects) >= a.limits.ReplicationGroups {
				return conflict("RG_COUNT_LIMIT", "Replication group count limit reached")
			}
			return nil
		},
		stored: func(ch *change) {
			o := ch.after
			if ch.isNew() {
				o["uuid"] = fmt.Sprintf("6742b0f0-0000-%04x-0000-%012x", ch.a.serial&0xffff, o.id())
			}
			ch.a.touchReplicas()
		},
		keeps: func(rq *request, o Object) error {
			if rq.a.rgReplicaOf(o) != nil {
				return conflict("REPLICATED_REPLICATION_GROUP_CANNOT_BE_DELETED", "A replicated replication group cannot be deleted")
			}
			return nil
		},
		delete: func(rq *request, o Object) {
			for _, vvol := range rq.a.vvolsOf(o) {
				rq.a.setGroup(vvol, nil)
			}
			rq.a.remove(o)
		},
		computed: map[string]func(a *Array, o Object) any{
			"members_count": func(a *Array, o Object) any { return len(a.vvolsOf(o)) },
			"is_replicated": func(a *Array, o Object) any { return a.rgReplicaOf(o) != nil },
		},
	}, `
		id            integer  filter sort
		name          text     filter sort required update
		pool_id       integer  filter sort required
		type          text(MASTER|SNAPSHOT)  filter sort  ="MASTER"
		is_replicated boolean
		members_count integer
		uuid          text
		created_at    integer  filter sort
		updated_at    integer  filter sort
	`)
}

func (a *Array) replicationGroupRoutes(r router) {
	r.serve(a, a.replicationGroups)
	r.write(http.MethodDelete, "/replication_groups/{id}/members/{vvol_id}", poolAdmins, a.removeVVol)
}

// vvolsOf are the members of a replication group.
func (a *Array) vvolsOf(group Object) []Object {
	return a.vvols.where("replication_group_id", group.id())
}

// rgReplicaOf is the replica of a replication group, or nil.
func (a *Array) rgReplicaOf(group Object) Object {
	if found := a.rgReplicas.where("replication_group_id", group.id()); len(found) > 0 {
		return found[0]
	}
	return nil
}

// setGroup puts a vVol into a replication group, or out of its own.
func (a *Array) setGroup(vvol, group Object) {
	if group == nil {
		vvol["replication_group_id"], vvol["is_replicated"] = nil, false
		delete(vvol, ".group")
		return
	}
	vvol["replication_group_id"], vvol["is_replicated"] = group.id(), a.rgReplicaOf(group) != nil
	vvol[".group"] = group.name()
}

// removeVVol takes a vVol out of a replication group; its counterpart on the other side is deleted.
func (a *Array) removeVVol(rq *request) (any, error) {
	group, err := rq.own(a.replicationGroups)
	if err != nil {
		return nil, err
	}
	vvol, err := a.vvols.get(rq.path[1])
	if err != nil {
		return nil, err
	}
	if vvol.int("replication_group_id") != group.id() {
		return nil, notFound("RG_VVOL_NOT_FOUND", "vVol is not a member of the replication group")
	}
	replica := a.rgReplicaOf(group)
	if replica != nil && replica["role"] != sourceRole {
		return nil, notFound("REMOVE_MEMBER_NOT_ALLOWED_ON_NON_SOURCE_REPLICA", "Remove member cannot be performed on a non source replica")
	}
	if err := rq.needApproval("Removing a member from a replication group will stop replicating it, and the target member will be deleted."); err != nil {
		return nil, err
	}
	a.setGroup(vvol, nil)
	a.touch(group)
	a.touchReplicas()
	return a.render(group, nil), nil
}
