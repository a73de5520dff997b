package infinibox

import (
	"errors"
	"maps"
	"net/http"
	"slices"
)

// newAllDatasets is what volumes and filesystems can be found by when they are listed together. Each object is shown
// as the collection that it is in shows it.
func newAllDatasets() *collection {
	return newCollection(collection{noun: "Dataset", absent: "DATASET_NOT_FOUND", command: "GetAllDatasetsFiltered"}, datasetFields+`
		dataset_type            text(VOLUME|FILESYSTEM)  filter sort
		udid                    integer
		paths_available         boolean
		source_replicated_sg_id integer
	`)
}

func (a *Array) allDatasets() []Object {
	var all []Object
	for _, c := range a.datasetKinds() {
		for _, o := range c.objects {
			all = append(all, o)
		}
	}
	byID(all)
	return all
}

var errNoDataset = &apiError{"DATASET_NOT_FOUND", 404, "Dataset not found"}

// anyDataset finds a dataset by its id in a path.
func (a *Array) anyDataset(id string) (Object, error) {
	var err error
	for _, c := range a.datasetKinds() {
		var o Object
		if o, err = c.get(id); err == nil {
			return o, nil
		}
	}
	if errors.Is(err, errMalformedID) {
		return nil, err
	}
	return nil, errNoDataset
}

// allDatasetRoutes serve volumes and filesystems as one collection.
func (a *Array) allDatasetRoutes(r router) {
	r.list("/datasets", func(rq *request) (any, error) {
		return a.query(a.datasets, a.allDatasets(), rq.query, histogram...)
	})
	r.read("/datasets/{id}", func(rq *request) (any, error) {
		o, err := a.anyDataset(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.render(o, pluck(rq.query)), nil
	})
	a.internalRoutes(r, "/datasets", "internal_datasets", a.datasets, a.anyDataset)
	r.write(http.MethodPut, "/datasets/bulk", poolAdmins, a.updateDatasets)
}

// updateDatasets changes one field of several datasets, of all or of none. Only the SSA Express cache can be changed so.
func (a *Array) updateDatasets(rq *request) (any, error) {
	result, err := a.bulk(rq)
	var e *apiError
	if errors.As(err, &e) && e.code != "APPROVAL_REQUIRED" {
		return nil, &apiError{e.code, e.status, "The action could not be performed for the selected entities and was canceled: " + e.message}
	}
	return result, err
}

func (a *Array) bulk(rq *request) (any, error) {
	body, err := rq.onlyFields("data", "ids")
	if err != nil {
		return nil, err
	}
	data, ok1 := body["data"].(map[string]any)
	ids, ok2 := body["ids"].([]any)
	if !ok1 || !ok2 || len(data) == 0 {
		return nil, errMalformed
	}
	if len(data) > 1 {
		return nil, errMultiple
	}
	name := sortedKeys(data)[0]
	f := a.datasets.byName[name]
	if f == nil {
		return nil, errMissingAttribute(name)
	}
	value, err := f.convert(data[name])
	if err != nil {
		return nil, err
	}
	if name != "ssa_express_enabled" {
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Multiple updates of attribute '%s' is not supported", name)
	}
	if value == true {
		if err := rq.needApproval("This action will add the selected datasets to the SSA Express queue"); err != nil {
			return nil, err
		}
	}
	changed, err := a.changeAll(rq, ids, map[string]any{name: value})
	if err != nil {
		return nil, err
	}
	return a.renderAll(changed, nil), nil
}

// changeAll changes datasets one after another, and all back again as they were when one refuses.
func (a *Array) changeAll(rq *request, ids []any, values map[string]any) ([]Object, error) {
	var changed, before []Object
	for _, item := range ids {
		id, _ := toInt(item)
		o := a.dataset(id)
		was := maps.Clone(o)
		if err := a.changeOne(rq, o, values); err != nil {
			for i := range slices.Backward(changed) {
				maps.Copy(changed[i], before[i])
			}
			return nil, err
		}
		changed, before = append(changed, o), append(before, was)
	}
	for _, o := range changed {
		a.touch(o)
	}
	return changed, nil
}

// changeOne is the change of one dataset among several.
func (a *Array) changeOne(rq *request, o Object, values map[string]any) error {
	if o == nil {
		return errNoDataset
	}
	if err := rq.mayChange(o); err != nil {
		return err
	}
	if err := a.unlocked(o); err != nil {
		return err
	}
	return a.change(rq, o, maps.Clone(values))
}
