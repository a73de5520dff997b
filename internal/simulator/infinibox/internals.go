package infinibox

import (
	"maps"
	"strings"
)

// Internal volumes are what the array keeps for itself: here, the copy that a promoted snapshot rests on. They are
// listed apart, and nothing can be done to them.

// addInternal makes the internal child of a volume. Most of its fields are unknown, as in the reference's example.
func (a *Array) addInternal(parent Object) Object {
	o := a.make(a.volumes, map[string]any{
		"id": a.nextID(), "name": "internal-" + parent.name(), "parent_id": parent.id(), "type": "SNAPSHOT",
		"pool_id": parent["pool_id"], "is_internal": true, "write_protected": true, "created_at": 0, "updated_at": 0,
	})
	for _, name := range []string{"size", "num_blocks", "family_id", "ssd_enabled", "compression_enabled"} {
		o[name] = nil
	}
	a.internals[o.id()] = o
	return o
}

// dropInternals forgets the internal children of a volume.
func (a *Array) dropInternals(volume Object) {
	maps.DeleteFunc(a.internals, func(_ int, o Object) bool { return o.int("parent_id") == volume.id() })
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
