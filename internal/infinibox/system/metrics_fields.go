package system

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// metricsFields is what can be asked of metrics.
var metricsFields = entity.Lookup{
	System: common.System, Name: "metrics_fields", What: "fields of metrics",
	Doc: "What `storage_infinibox_metrics` can be asked: by which fields its `filters` can go on from those that are given here, and which `fields` can then be measured, with their units. " +
		"To find out, the data source makes such a filter on the array and removes it again. Without `filters` it tells what a filter can begin with.",
	Arguments: entity.Facts{
		filterArgument().Optional(),
		entity.Enum("level", "BASIC", "ADVANCED").Optional().Doc("Whether to tell of the usual fields alone or of more; the array's choice where it is not set. It is for `filters`."),
	},
	Facts: entity.Facts{
		entity.Records("filter_fields", entity.Facts{
			entity.Text("name").Doc("The name, for `filters`."),
			entity.Text("type").Doc("What its values are: `enum` and `histogram` for those of `values`, `uint` for a number, `string` for a text."),
			entity.TextList("values").Doc("The values that there are; absent where it is a number or a text."),
		}).Field("available_filter_fields").Doc("The fields by which filters can go on."),
		entity.Records("collector_fields", entity.Facts{
			entity.Text("name").Doc("The name, for `fields`."),
			entity.Text("unit").Doc("What the array calls its unit."),
			entity.Text("description").Doc("What it is, in words of the array."),
		}).Field("available_collector_fields").Doc("The fields that can be measured; none without `filters`."),
	},
	Ask: askMetricsFields,
}

func askMetricsFields(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	first, err := get(ctx, s, "metrics/available_fields")
	if err != nil || len(v.Pairs("filters")) == 0 {
		return first, err
	}
	steps, err := filterSteps(v.Pairs("filters"), first)
	if err != nil {
		return nil, err
	}
	var answer api.Object
	err = s.Temporarily(ctx, api.Request{Method: http.MethodPost, Path: filters, Body: steps[0]}, func(filter api.Object) error {
		for _, step := range steps[1:] {
			if _, err := s.Client.Do(ctx, api.Request{Method: http.MethodPut, Path: api.Path("metrics", "filters", filter["id"]), Body: step}); err != nil {
				return err
			}
		}
		query := url.Values{}
		if v.Known("level") {
			query.Set("level", v.Text("level"))
		}
		answer, err = common.Object(s.Client.Do(ctx, api.Request{
			Method: http.MethodGet, Path: api.Path("metrics", "filters", filter["id"], "available_fields"), Query: query,
		}))
		return err
	}, func(filter api.Object) []api.Request {
		return []api.Request{{Method: http.MethodDelete, Path: api.Path("metrics", "filters", filter["id"])}}
	})
	return answer, err
}

// filterSteps are the fields of a filter in the order in which the array takes them, one
// by one: those that it may begin with, in the array's order, then the others.
func filterSteps(asked map[string]string, first api.Object) ([]api.Object, error) {
	var steps []api.Object
	var beginnings []string
	rest := maps.Clone(asked)
	add := func(name string) {
		if text, is := rest[name]; is {
			steps = append(steps, api.Object{name: filterValue(text)})
			delete(rest, name)
		}
	}
	list, _ := first["available_filter_fields"].([]any)
	for _, item := range list {
		field, _ := item.(api.Object)
		name, _ := field["name"].(string)
		beginnings = append(beginnings, name)
		add(name)
	}
	if len(steps) == 0 {
		return nil, fmt.Errorf("no filter begins with %s: give filters one of %s as well", common.Few(slices.Sorted(maps.Keys(asked))), strings.Join(beginnings, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		add(name)
	}
	return steps, nil
}
