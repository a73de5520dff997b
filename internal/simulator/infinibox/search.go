package infinibox

import (
	"sort"
	"strings"
)

// searchable are the types that the array can search for. The reference shows one of them, host; the other names are
// those that metadata and clients use.
func (a *Array) searchable() map[string]*collection {
	types := map[string]*collection{}
	for _, c := range a.collections {
		if c.search != "" {
			types[c.search] = c
		}
	}
	return types
}

// searchRoutes serve the search for objects by a part of their names.
func (a *Array) searchRoutes(r router) {
	r.list("/search", func(rq *request) (any, error) {
		types := a.searchable()
		wanted := sortedKeys(types)
		if kind := rq.query.Get("type"); kind != "" {
			if types[strings.ToLower(kind)] == nil {
				return nil, badRequest("UNSEARCHABLE_TYPE", "Requested entity type '%s' is not searchable", kind)
			}
			wanted = []string{strings.ToLower(kind)}
		}
		part := strings.ToLower(rq.query.Get("query"))
		rq.query.Del("query")
		rq.query.Del("type")
		found := []map[string]any{}
		for _, kind := range wanted {
			for _, o := range types[kind].all() {
				if strings.Contains(strings.ToLower(o.name()), part) {
					found = append(found, map[string]any{
						"id": o.id(), "name": o.name(), "type": kind, "keywords": nil, "properties": map[string]any{},
					})
				}
			}
		}
		sort.SliceStable(found, func(i, j int) bool { return found[i]["id"].(int) < found[j]["id"].(int) })
		return plain(rq, "Search", found)
	})
}
