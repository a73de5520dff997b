package infinibox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"strconv"
)

func newMetadata() *collection {
	return newCollection(collection{path: "metadata", noun: "Metadata", absent: "METADATA_NOT_FOUND", command: "GetAllMetadata", key: "key"}, `
		id          integer  filter sort
		key         text     filter sort
		value       text     filter sort
		object_id   integer
		object_type text
	`)
}

func (a *Array) metadataRoutes(r router) {
	// subject finds whose metadata a route is about.
	type subject func(rq *request) (entity, error)
	register := func(base string, of subject, approve bool) {
		with := func(do func(rq *request, e entity) (any, error)) handler {
			return func(rq *request) (any, error) {
				e, err := of(rq)
				if err != nil {
					return nil, err
				}
				return do(rq, e)
			}
		}
		r.list(base, with(a.getMetadata))
		r.read(base+"/{key}", with(a.getMetadataKey))
		r.write(http.MethodPut, base, poolAdmins, with(a.putMetadata))
		r.write(http.MethodDelete, base, poolAdmins, with(func(rq *request, e entity) (any, error) {
			return a.deleteMetadata(rq, e, approve)
		}))
		r.write(http.MethodDelete, base+"/{key}", poolAdmins, with(a.deleteMetadataKey))
	}
	r.list("/metadata", a.allMetadata)
	register("/metadata/system", func(*request) (entity, error) { return entity{id: systemID, kind: "system"}, nil }, false)
	register("/metadata/{object_id}", a.metadataSubject, true)
}

// entity is what metadata is about.
type entity struct {
	id   int
	kind string
	o    Object // nil for the system
}

func (a *Array) metadataSubject(rq *request) (entity, error) {
	id, err := strconv.Atoi(rq.path[0])
	if err != nil {
		return entity{}, errMalformedID
	}
	if id == systemID {
		return entity{id: systemID, kind: "system"}, nil
	}
	for _, c := range a.collections {
		if o := c.objects[id]; o != nil && c.metadata != "" {
			return entity{id, c.metadata, o}, nil
		}
	}
	return entity{}, notFound("METADATA_IS_NOT_SUPPORTED_FOR_ENTITY", "This entity ID %d does not exist nor support metadata", id)
}

// items are the metadata of one object, in the order they were added.
func (a *Array) items(id int) []Object {
	items := make([]Object, 0, len(a.metadata[id]))
	for _, item := range a.metadata[id] {
		items = append(items, item)
	}
	byID(items)
	return items
}

// metadataOwners are the ids of the objects that have metadata. The system comes first, as its id is negative.
func (a *Array) metadataOwners() []int {
	ids := make([]int, 0, len(a.metadata))
	for id := range a.metadata {
		ids = append(ids, id)
	}
	sort.Ints(ids)
	return ids
}

// attach adds an item to the metadata of its object.
func (a *Array) attach(item Object) {
	id := item.int("object_id")
	if a.metadata[id] == nil {
		a.metadata[id] = map[string]Object{}
	}
	a.metadata[id][item.text("key")] = item
	a.metadataBytes += metadataSize(item)
}

func (a *Array) allMetadata(rq *request) (any, error) {
	var all []Object
	for _, id := range a.metadataOwners() {
		all = append(all, a.items(id)...)
	}
	return a.query(a.metadataItems, all, rq.query)
}

func (a *Array) getMetadata(rq *request, e entity) (any, error) {
	return a.query(a.metadataItems, a.items(e.id), rq.query)
}

// key is the last part of the path.
func (rq *request) key() string { return rq.path[len(rq.path)-1] }

func (a *Array) getMetadataKey(rq *request, e entity) (any, error) {
	item := a.metadata[e.id][rq.key()]
	if item == nil {
		return nil, errNoMetadata
	}
	return a.render(item, nil), nil
}

var errNoMetadata = &apiError{"METADATA_NOT_FOUND", http.StatusNotFound, "Metadata not found"}

// mayTag refuses a pool administrator what is in a pool that is not his.
func (rq *request) mayTag(e entity) error {
	if pool := rq.a.poolOf(e.o); pool == nil || rq.owns(pool) {
		return nil
	}
	return forbidden("USER_IS_FORBIDDEN", "User '%s' is forbidden to modify %s '%s'", rq.user.name(), e.kind, e.o.name())
}

func (a *Array) putMetadata(rq *request, e entity) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, errMalformed
	}
	if err := rq.mayTag(e); err != nil {
		return nil, err
	}
	values := map[string]string{}
	for key, value := range body {
		if values[key], err = asText(value); err != nil {
			return nil, err
		}
	}
	if err := a.checkMetadata(e, values); err != nil {
		return nil, err
	}
	changed := []any{}
	for _, key := range sortedKeys(values) {
		item := a.metadata[e.id][key]
		if item == nil {
			a.lastMetadata++
			item = Object{home: a.metadataItems, "id": a.lastMetadata, "key": key, "object_id": e.id, "object_type": e.kind}
			a.attach(item)
		}
		a.metadataBytes -= metadataSize(item)
		item["value"] = values[key]
		a.metadataBytes += metadataSize(item)
		changed = append(changed, a.render(item, nil))
	}
	return changed, nil
}

// asText is a value as the array keeps it: as text, whatever its type was.
func asText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case nil:
		return "", errMalformed
	case bool, json.Number:
		return fmt.Sprint(v), nil
	}
	encoded, err := json.Marshal(value)
	return string(encoded), err
}

func (a *Array) checkMetadata(e entity, values map[string]string) error {
	if len(values) > a.limits.MetadataRequest {
		return conflict("METADATA_PER_REQUEST_EXCEEDED", "Too many metadata per request")
	}
	count, size := len(a.metadata[e.id]), a.metadataBytes
	for key, value := range values {
		if len(value) > a.limits.MetadataSize || len(key) > a.limits.MetadataSize {
			return conflict("METADATA_SIZE_EXCEEDED", "Metadata value is too big")
		}
		if old := a.metadata[e.id][key]; old != nil {
			size -= metadataSize(old)
		} else {
			count++
		}
		size += len(key) + len(value)
	}
	if count > a.limits.MetadataEntity {
		return conflict("METADATA_PER_ENTITY_EXCEEDED", "Too many metadata per entity")
	}
	if size > a.limits.MetadataTotal {
		return conflict("METADATA_IN_SYSTEM_EXCEEDED", "Total size of metadata is exceeded")
	}
	return nil
}

func (a *Array) deleteMetadata(rq *request, e entity, approve bool) (any, error) {
	if err := rq.mayTag(e); err != nil {
		return nil, err
	}
	if approve {
		if err := rq.needApproval("This operation will remove all of the metadata for the specified object"); err != nil {
			return nil, err
		}
	}
	removed := []any{}
	for _, item := range a.items(e.id) {
		removed = append(removed, a.render(item, nil))
	}
	a.dropMetadata(e.id)
	return removed, nil
}

func (a *Array) deleteMetadataKey(rq *request, e entity) (any, error) {
	if err := rq.mayTag(e); err != nil {
		return nil, err
	}
	item := a.metadata[e.id][rq.key()]
	if item == nil {
		return nil, errNoMetadata
	}
	delete(a.metadata[e.id], rq.key())
	a.metadataBytes -= metadataSize(item)
	return a.render(item, nil), nil
}

// metadataSize is what an item takes of METADATA_IN_SYSTEM_EXCEEDED.
func metadataSize(item Object) int { return len(item.text("key")) + len(item.text("value")) }

// dropMetadata forgets all metadata of an object.
func (a *Array) dropMetadata(id int) {
	for _, item := range a.metadata[id] {
		a.metadataBytes -= metadataSize(item)
	}
	delete(a.metadata, id)
}
