package system

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	collectors = "metrics/collectors"
	filters    = "metrics/filters"

	usualLength   = 10 * time.Second
	longestLength = time.Hour
)

// metrics is what the array does, measured for a while.
var metrics = entity.Lookup{
	System: common.System, Name: "metrics", What: "metrics", Timeout: 10 * time.Minute,
	Doc: "What the array does, measured for a while: how much is read and written, in how many operations, and how long these take. " +
		"The array counts by the second. For each read the data source makes a filter and a collector on the array, waits for as long as `duration` says, and removes both again, also where it fails or is stopped. " +
		"Each plan and each apply measures anew.\n\n" +
		"`throughput` is in bytes a second, `iops` (of volumes) and `ops` (of filesystems) in operations a second, `latency` in microseconds an operation: `unit` is what the array itself calls it. " +
		"`storage_infinibox_metrics_fields` tells what else can be asked.",
	Arguments: entity.Facts{
		filterArgument().Required().NotEmpty(),
		entity.TextList("fields").Required().NotEmpty().Doc("What is measured, such as `[\"throughput\", \"iops\", \"latency\"]`."),
		entity.Duration("duration", time.Second).Optional().Checked("up to an hour", func(text string) error {
			if d, err := time.ParseDuration(text); err == nil && d > longestLength {
				return fmt.Errorf("%q is too long: a plan waits for it, for up to %s", text, "an hour")
			}
			return nil
		}).Doc("For how long, such as `\"1m\"`; `\"10s\"` where it is not set, and an hour at most. A plan waits for it."),
		entity.Enum("type", "COUNTER", "TOP", "HISTOGRAM", "AGGREGATOR").Optional().
			Doc("How it is told: `COUNTER`, which it is where this is not set, for one number a second, `TOP` for those who do most, `HISTOGRAM` for parts, `AGGREGATOR` for all of the time in one."),
		entity.Text("grouping_field").Optional().Doc("By which field of filters the numbers of a `TOP` or `HISTOGRAM` are divided, such as `\"user_id\"`; the array's choice where it is not set."),
		entity.Text("sorting_field").Optional().Doc("By which of `fields` those of a `TOP` are chosen; the array's choice where it is not set."),
		entity.Bool("sort_ascending").Optional().Doc("Whether a `TOP` is of those who do least."),
	},
	Facts: entity.Facts{
		entity.Records("summary", entity.Facts{
			entity.Text("field").Doc("What was measured."),
			entity.Text("unit").Doc("What the array calls its unit."),
			entity.Text("description").Doc("What it is, in words of the array."),
			entity.Decimal("average").Doc("The average."),
			entity.Decimal("minimum").Doc("The least."),
			entity.Decimal("maximum").Doc("The most."),
		}).Doc("Each of `fields`, over all of the time. Where the numbers are divided, it is over all parts alike."),
		entity.Records("samples", entity.Facts{
			entity.Moment("timestamp").Doc("When the time ended that the number is of."),
			entity.Text("field").Doc("What was measured."),
			entity.Text("group").Doc("Which part it is of, where the numbers are divided: a user's id, the size of an operation."),
			entity.Decimal("value").Doc("The number."),
		}).Doc("Every number, in the order of time."),
		entity.Duration("interval", time.Millisecond).Doc("The time that each sample is of."),
		entity.Text("collector_type").Doc("How it was told."),
	},
	Ask: askMetrics,
}

// filterArgument says what is looked at.
func filterArgument() entity.Fact {
	return entity.Pairs("filters").Doc("What is looked at, by fields of filters: `{ protocol_type = \"SAN\", volume_id = 1001 }`. One of them says what kind of load it is: `protocol`, `protocol_type` or `operation_type`.")
}

// filterValue is a text as the array takes it: most of what filters ask for are numbers.
func filterValue(text string) any {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return json.Number(text)
	}
	return text
}

func askMetrics(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	length := usualLength
	if v.Known("duration") {
		length = durationIn(v, "duration")
	}
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) < length {
		return nil, fmt.Errorf("it takes the duration of %s, and the timeouts of the data source allow less: raise read", length)
	}
	m := &measurement{length: length}
	err := s.Temporarily(ctx, api.Request{Method: http.MethodPost, Path: collectors, Body: collectorOf(v)}, func(collector api.Object) error {
		if err := m.units(ctx, s, collector["filter_id"]); err != nil {
			return err
		}
		return m.collect(ctx, s, collector["id"])
	}, func(collector api.Object) []api.Request {
		return []api.Request{
			{Method: http.MethodDelete, Path: api.Path("metrics", "collectors", collector["id"])},
			{Method: http.MethodDelete, Path: api.Path("metrics", "filters", collector["filter_id"])},
		}
	})
	if err != nil {
		return nil, err
	}
	return m.answer(v.Texts("fields")), nil
}

// collectorOf is a collector and its filter, which the array makes together.
func collectorOf(v entity.Values) api.Object {
	of := api.Object{}
	for name, text := range v.Pairs("filters") {
		of[name] = filterValue(text)
	}
	body := api.Object{"collected_fields": v.Texts("fields"), "type": "COUNTER", "filters": of}
	for _, name := range []string{"type", "grouping_field", "sorting_field"} {
		if v.Known(name) {
			body[name] = v.Text(name)
		}
	}
	if v.Known("sort_ascending") {
		body["sort_ascending"] = v.Bool("sort_ascending")
	}
	return body
}
