package infinibox

import (
	"maps"
	"strings"
)

// Whatever there is room for in the SSA Express cache is loaded at once, so that nothing ever waits in the queue.

var (
	errSSAExpressType = &apiError{"INVALID_SSA_EXPRESS_DATASET_TYPE", 403, "SSA Express does not support snapshots, consistency groups, snapshot groups and vVols"}
	errSSD            = &apiError{"SSA_EXPRESS_DATASET_MUST_BE_SSD_ENABLED", 409, "Datasets in SSA Express cache must be SSD enabled"}
)

// checkSSAExpressChange checks a dataset that is to be put into the cache or taken out.
func checkSSAExpressChange(ch *change) error {
	if ch.isNew() {
		return nil // checked last, when all else is known to be right
	}
	o, enable := ch.before, ch.after.bool("ssa_express_enabled")
	was := o.bool("ssa_express_enabled")
	switch {
	case isSnapshot(o):
		return errSSAExpressType
	case enable && was:
		return conflict("DATASET_SSA_EXPRESS_ALREADY_ENABLED", "Dataset '%s' is already in SSA Express cache", o.name())
	case !enable && !was:
		return conflict("DATASET_SSA_EXPRESS_ALREADY_DISABLED", "Dataset '%s' was not in SSA Express cache", o.name())
	case enable && isFilesystem(o):
		return enterSSAExpress(ch, "Dataset '%s' is now in the SSA Express queue and will load to SSA Express cache after all previously queued datasets have been loaded. You may remove it from the SSA Express queue at any time before it begins loading")
	case enable:
		return enterSSAExpress(ch, "")
	}
	ch.after["ssa_express_status"] = nil
	return nil
}

// enterSSAExpress puts a dataset into the cache, if it has room; danger is why that wants approval, if it does.
func enterSSAExpress(ch *change, danger string) error {
	o := ch.after
	if danger != "" {
		if err := ch.rq.needApproval(danger, o.name()); err != nil {
			return err
		}
	}
	used, count := ch.a.usedSSAExpress()
	switch {
	case !o.bool("ssd_enabled"):
		return errSSD
	case count >= ch.a.limits.SSAExpressQueue:
		return forbidden("SSA_EXPRESS_QUEUE_FULL", "The SSA Express queue has reached its limit of %d datasets. You cannot add more datasets at this time", ch.a.limits.SSAExpressQueue)
	case used+o.int("size") > ch.a.limits.SSAExpress:
		return conflict("INSUFFICIENT_SSA_EXPRESS_CAPACITY", "Not enough free capacity in SSA Express cache for this action")
	}
	o["ssa_express_status"] = "STATUS_LOADING" // the only status that the reference shows
	return nil
}

// usedSSAExpress returns the bytes and the number of datasets in the cache.
func (a *Array) usedSSAExpress() (used, count int) {
	for _, o := range a.inSSAExpress() {
		used += o.int("size")
		count++
	}
	return used, count
}

func (a *Array) inSSAExpress() []Object {
	var cached []Object
	for _, c := range a.datasetKinds() {
		for _, o := range c.objects {
			if o.bool("ssa_express_enabled") {
				cached = append(cached, o)
			}
		}
	}
	byID(cached)
	return cached
}

// ssaExpressRoutes list what is in the cache, and what waits for it.
func (a *Array) ssaExpressRoutes(r router) {
	r.list("/system/ssa_express/active", func(rq *request) (any, error) { return a.query(a.datasets, a.inSSAExpress(), rq.query) })
	queue := *a.datasets
	queue.byName = map[string]*field{"queue_index": {name: "queue_index", kind: integer, sort: true}}
	maps.Copy(queue.byName, a.datasets.byName)
	r.list("/system/ssa_express/queue", func(rq *request) (any, error) {
		if keys := items(rq.query.Get("sort")); len(keys) > 1 && strings.Contains(rq.query.Get("sort"), "queue_index") {
			return nil, badRequest("NOT_SUPPORTED_MULTIPLE_FIELDS_IN_SORT", "Sorting by multiple fields is not supported when the 'queue_index' field is included")
		}
		return a.query(&queue, nil, rq.query)
	})
}
