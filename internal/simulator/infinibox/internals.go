package infinibox

import (
	"strings"
)

// Internal volumes are what the array keeps for itself: here, the copy that a promoted snapshot leaves in its place,
// below the volume that it was taken of. They are listed apart, and nothing can be done to them.

// addInternal makes the internal copy of a snapshot. Most of its fields are unknown, as in the reference's example.
func (a *Array) addInternal(snapshot Object, parent int) Object {
	o := a.make(a.volumes, map[string]any{
		"id": a.nextID(), "name": "internal-" + snapshot.name(), "parent_id": parent, "type": "SNAPSHOT",
		"pool_id": snapshot["pool_id"], "is_internal": true, "write_protected": true, "created_at": 0, "updated_at": 0,
	})
	for _, name := range []string{"size", "num_blocks", "family_id", "ssd_enabled", "compression_enabled"} {
		o[name] = nil
	}
	a.internals[o.id()] = o
	return o
}

// dropInternals forgets the copy that a deleted volume was promoted from. A copy below a deleted volume stands by itself.
func (a *Array) dropInternals(volume Object) {
	delete(a.internals, volume.int("promote_source_id"))
	for _, o := range a.internals {
		if o.int("parent_id") == volume.id() {
			o["parent_id"], o["type"] = 0, "MASTER"
		}
	}
}

// internalRoutes list internal volumes below a collection: by their type, and by the dataset they belong to.
func (a *Array) internalRoutes(r router, base, name string, c *collection, owner func(id string) (Object, error)) {
	facts := *c
	facts.command = "GetInternalVolumes"
	list := func(rq *request, wanted func(o Object) bool) (any, error) {
		var found []Object
		for _, o := range a.internals {
			if wanted(o) {
				found = append(found, o)
			}
		}
		byID(found)
		return a.query(&facts, found, rq.query)
	}
	r.list(base+"/"+name+"/{internal_type}", func(rq *request) (any, error) {
		kind := strings.ToUpper(rq.path[0])
		if kind != "MASTER" && kind != "SNAPSHOT" {
			return nil, errField("internal_type")
		}
		return list(rq, func(o Object) bool { return o.text("type") == kind })
	})
	r.list(base+"/{id}/"+name, func(rq *request) (any, error) {
		o, err := owner(rq.path[0])
		if err != nil {
			return nil, err
		}
		return list(rq, func(child Object) bool { return child.int("parent_id") == o.id() })
	})
}
