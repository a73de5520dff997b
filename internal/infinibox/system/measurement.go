package system

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// measurement is what a collector has collected so far.
type measurement struct {
	length   time.Duration
	fields   map[string]api.Object // that can be collected, by name
	kind     any
	interval int64 // of a number, in milliseconds
	begun    int64 // when it was begun, in milliseconds; 0 before the first answer
	end      int64 // up to when it has collected
	samples  []any
}

// units asks what the fields of a filter's collectors are.
func (m *measurement) units(ctx context.Context, s *entity.Session, filter any) error {
	answer, err := get(ctx, s, api.Path("metrics", "filters", filter, "available_fields"))
	if err != nil {
		return err
	}
	m.fields = map[string]api.Object{}
	list, _ := answer["available_collector_fields"].([]any)
	for _, item := range list {
		if field, ok := item.(api.Object); ok {
			m.fields[fmt.Sprint(field["name"])] = field
		}
	}
	return nil
}

// collect looks at a collector until it has collected for long enough.
func (m *measurement) collect(ctx context.Context, s *entity.Session, collector any) error {
	timer := time.NewTimer(firstLook)
	defer timer.Stop()
	for wait := firstLook; ; wait = min(2*wait, slowestLook, max(m.missing(), firstLook)) {
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-timer.C:
		}
		answer, err := common.Object(s.Client.Do(ctx, api.Request{
			Method: http.MethodGet, Path: collectors + "/data", Query: url.Values{"collector_id": {fmt.Sprint(collector)}},
		}))
		if err != nil {
			return err
		}
		if err := m.take(answer, collector); err != nil {
			return err
		}
		if m.missing() <= 0 {
			return nil
		}
	}
}

// missing is for how long there is still to be collected.
func (m *measurement) missing() time.Duration {
	if m.begun == 0 {
		return m.length
	}
	return m.length - time.Duration(m.end-m.begun)*time.Millisecond
}

// take takes what a collector has collected since it was last asked.
func (m *measurement) take(answer api.Object, collector any) error {
	list, _ := answer["collectors"].([]any)
	at := slices.IndexFunc(list, func(item any) bool {
		o, _ := item.(api.Object)
		return fmt.Sprint(o["id"]) == fmt.Sprint(collector)
	})
	if at < 0 {
		return fmt.Errorf("the array tells nothing of the collector %v, which was made for this", collector)
	}
	told := list[at].(api.Object)
	rows, _ := told["data"].([]any)
	if told["end_timestamp_milliseconds"] == nil && len(rows) == 0 {
		return nil // it has not begun
	}
	end, err := common.Number(told["end_timestamp_milliseconds"])
	if err != nil {
		return fmt.Errorf("the array does not tell until when it has collected: %w", err)
	}
	if m.interval, err = common.Number(told["interval_milliseconds"]); err != nil {
		return fmt.Errorf("the array does not tell how long it collects for a number: %w", err)
	}
	m.kind, m.end = told["collector_type"], end
	if m.begun == 0 {
		m.begun = end - m.interval*int64(len(rows))
	}
	for i, row := range rows {
		if err := m.row(told, row, end-m.interval*int64(len(rows)-1-i)); err != nil {
			return err
		}
	}
	return nil
}

// row takes the numbers of one moment: one for each field, or a list of them for each
// part, which begins with what the part is.
func (m *measurement) row(told api.Object, row any, at int64) error {
	values, ok := row.([]any)
	if !ok {
		return oddRow(row)
	}
	fields, _ := told["fields"].([]any)
	if told["grouping_field"] == nil {
		return m.numbers(fields, values, nil, at)
	}
	for _, item := range values {
		part, ok := item.([]any)
		if !ok || len(part) == 0 || len(fields) == 0 {
			return oddRow(row)
		}
		if err := m.numbers(fields[1:], part[1:], fmt.Sprint(part[0]), at); err != nil {
			return err
		}
	}
	return nil
}

func (m *measurement) numbers(fields, values []any, group any, at int64) error {
	if len(fields) != len(values) {
		return oddRow(values)
	}
	for i, value := range values {
		if _, isNumber := value.(json.Number); !isNumber {
			return oddRow(values)
		}
		m.samples = append(m.samples, api.Object{"timestamp": at, "field": fields[i], "group": group, "value": value})
	}
	return nil
}

func oddRow(row any) error {
	return fmt.Errorf("the array tells numbers in a form that the provider does not know: %v", row)
}

// answer is what the data source tells.
func (m *measurement) answer(fields []string) api.Object {
	summary := []any{}
	for _, name := range fields {
		var values []float64
		for _, item := range m.samples {
			if sample := item.(api.Object); sample["field"] == name {
				value, _ := sample["value"].(json.Number).Float64()
				values = append(values, value)
			}
		}
		one := api.Object{"field": name, "unit": m.fields[name]["unit"], "description": m.fields[name]["description"]}
		if len(values) > 0 {
			sum := 0.0
			for _, value := range values {
				sum += value
			}
			one["average"], one["minimum"], one["maximum"] = sum/float64(len(values)), slices.Min(values), slices.Max(values)
		}
		summary = append(summary, one)
	}
	return api.Object{"summary": summary, "samples": m.samples, "interval": m.interval, "collector_type": m.kind}
}
