package infinibox

import (
	"maps"
	"strings"
)

// ssaExpressRoutes list what is in the SSA Express cache. Whatever there is room for is loaded at once, so that nothing
// ever waits in the queue.
func (a *Array) ssaExpressRoutes(r router) {
	r.read("/system/ssa_express/active", func(rq *request) (any, error) {
		var cached []Object
		for _, o := range a.volumes.all() {
			if o.bool("ssa_express_enabled") {
				cached = append(cached, o)
			}
		}
		return a.query(a.volumes, cached, rq.query)
	})
	queue := *a.volumes
	queue.byName = map[string]*field{"queue_index": {name: "queue_index", kind: integer, sort: true}}
	maps.Copy(queue.byName, a.volumes.byName)
	r.read("/system/ssa_express/queue", func(rq *request) (any, error) {
		if keys := items(rq.query.Get("sort")); len(keys) > 1 && strings.Contains(rq.query.Get("sort"), "queue_index") {
			return nil, badRequest("NOT_SUPPORTED_MULTIPLE_FIELDS_IN_SORT", "Sorting by multiple fields is not supported when the 'queue_index' field is included")
		}
		return a.query(&queue, nil, rq.query)
	})
}
