package infinibox

import (
	"errors"
	"net/http"
)

// datasetRoutes serve volumes and (one day) filesystems as one collection.
func (a *Array) datasetRoutes(r router) {
	datasets := *a.volumes
	datasets.noun, datasets.absent, datasets.command = "Dataset", "DATASET_NOT_FOUND", "GetAllDatasetsFiltered"
	c := &datasets
	r.read("/datasets", func(rq *request) (any, error) {
		return a.query(c, c.all(), rq.query, "include_data_reduction_hist")
	})
	r.read("/datasets/{id}", func(rq *request) (any, error) {
		o, err := c.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.render(c, o, pluck(rq.query)), nil
	})
	a.internalRoutes(r, "/datasets", "internal_datasets", c)
	r.write(http.MethodPut, "/datasets/bulk", poolAdmins, a.updateDatasets)
}

// updateDatasets changes one field of several volumes, of all or of none. Only the SSA Express cache can be changed so.
func (a *Array) updateDatasets(rq *request) (any, error) {
	result, err := a.bulk(rq)
	var e *apiError
	if errors.As(err, &e) && e.code != "APPROVAL_REQUIRED" {
		return nil, &apiError{e.code, e.status, "The action could not be performed for the selected entities and was canceled: " + e.message}
	}
	return result, err
}

func (a *Array) bulk(rq *request) (any, error) {
	body, err := rq.object()
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
	f := a.volumes.byName[name]
	if f == nil {
		return nil, badRequest("SET_MISSING_ATTRIBUTE", "Attribute not found: '%s'", name)
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
	changed, err := a.setAll(rq, ids, name, value)
	if err != nil {
		return nil, err
	}
	rendered := []any{}
	for _, volume := range changed {
		rendered = append(rendered, a.render(a.volumes, volume, nil))
	}
	return rendered, nil
}

// setAll changes the volumes one after another, and back again when one refuses.
func (a *Array) setAll(rq *request, ids []any, name string, value any) (changed []Object, err error) {
	for _, item := range ids {
		id, _ := toInt(item)
		volume := a.volumes.objects[id]
		if volume == nil {
			err = notFound("DATASET_NOT_FOUND", "Dataset not found")
		} else if err = rq.mayModify(a.poolOf(volume)); err == nil {
			err = a.setVolume(rq, volume, name, value)
		}
		if err != nil {
			for _, o := range changed {
				setSSAExpressStatus(o, value == false)
			}
			return nil, err
		}
		a.touch(volume)
		changed = append(changed, volume)
	}
	return changed, nil
}
