package system_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const metricsType = "storage_infinibox_metrics"

// left are the filters and collectors of an array that somebody has made there.
func left(t *testing.T, b *acctest.InfiniBox) []string {
	t.Helper()
	var found []string
	for id := 30001; id < 30050; id++ {
		if _, err := b.Do("GET", fmt.Sprintf("metrics/filters/%d/available_fields", id), nil); err == nil {
			found = append(found, fmt.Sprintf("filter %d", id))
		}
		if _, err := b.Do("GET", fmt.Sprintf("metrics/collectors/data?collector_id=%d", id), nil); err == nil {
			found = append(found, fmt.Sprintf("collector %d", id))
		}
	}
	return found
}

// How busy one volume was for ten seconds is what the array itself counts of it, and of no
// other; nothing is left behind, plan after plan.
func TestAccMetricsOfVolume(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volume := newVolume(b)
	b.Create("volumes", map[string]any{"name": "other", "pool_id": b.IDs("pools")[0], "size": 1000000000})
	server := acctest.NewServer(t, b)
	// The same, by hand, over all of the time.
	b.Must("POST", "metrics/collectors", map[string]any{"type": "COUNTER", "collected_fields": []any{"iops"}, "filters": map[string]any{"protocol_type": "SAN", "volume_id": volume}})
	aging(t, b, 5*time.Second)
	seen, problems := server.Look(metricsType, acctest.Attrs{
		"filters": map[string]any{"protocol_type": "SAN", "volume_id": fmt.Sprint(volume)}, "fields": []any{"throughput", "iops"}, "duration": "10s",
	})
	if problems.Failed() {
		t.Fatal(problems)
	}
	counted := b.Must("GET", "metrics/collectors/data?collector_id=30002", nil)["collectors"].([]any)[0].(map[string]any)
	byTime := map[string]string{}
	end, rows := counted["end_timestamp_milliseconds"].(int), counted["data"].([]any)
	for i, row := range rows {
		at := time.UnixMilli(int64(end - 1000*(len(rows)-1-i))).UTC().Format(time.RFC3339)
		byTime[at] = fmt.Sprint(row.([]any)[0])
	}
	samples, compared := seen["samples"].([]any), 0
	for _, item := range samples {
		sample := item.(map[string]any)
		if sample["field"] == "iops" {
			compared++
			if want := byTime[fmt.Sprint(sample["timestamp"])]; fmt.Sprint(sample["value"]) != want {
				t.Errorf("at %v it was %v, and the array counts %q", sample["timestamp"], sample["value"], want)
			}
		}
	}
	if compared < 10 || len(samples) != 2*compared {
		t.Errorf("%d samples, %d of operations", len(samples), compared)
	}
	if found := strings.Join(left(t, b), ", "); found != "filter 30001, collector 30002" {
		t.Errorf("beside those made by hand there are %s", found)
	}

	cli := acctest.NewCLI(t)
	config := strings.Replace(example(t, "data-sources/storage_infinibox_metrics/data-source.tf"), "type = number", fmt.Sprintf("default = %v", volume), 1)
	for range 2 {
		if outcome := cli.Plan(b.Provider(nil), config).Succeeds(t); len(outcome.Diagnostics) > 0 {
			t.Errorf("the example says %s", outcome)
		}
	}
	if found := left(t, b); len(found) != 2 {
		t.Errorf("beside those made by hand there are %v", found)
	}
}

// What is divided tells its parts, and each sort of collector is understood.
func TestAccMetricsOfEachType(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	newVolume(b)
	aging(t, b, 5*time.Second)
	server := acctest.NewServer(t, b)
	for kind, want := range map[string]struct {
		more   acctest.Attrs
		groups string
	}{
		"COUNTER":    {nil, "map[<nil>:true]"},
		"AGGREGATOR": {nil, "map[<nil>:true]"},
		"TOP":        {acctest.Attrs{"grouping_field": "node_id", "sorting_field": "iops", "sort_ascending": true}, "map[3:true]"},
		"HISTOGRAM":  {nil, "map[1K:true 4K:true >4K:true]"},
	} {
		seen, problems := server.Look(metricsType, acctest.Attrs{"filters": map[string]any{"protocol": "FC"}, "fields": []any{"iops"}, "type": kind}.With(want.more))
		if problems.Failed() {
			t.Errorf("%s: %s", kind, problems)
			continue
		}
		groups := map[any]bool{}
		for _, item := range seen["samples"].([]any) {
			groups[item.(map[string]any)["group"]] = true
		}
		if fmt.Sprint(groups) != want.groups || seen["collector_type"] != kind {
			t.Errorf("%s tells of %v", kind, groups)
		}
	}
	if found := left(t, b); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
}

// Nothing is left behind either where something is refused on the way, breaks, or takes
// too long; and what cannot be is refused with what to do.
func TestAccMetricsRefusals(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	server := acctest.NewServer(t, b)
	of := acctest.Attrs{"filters": map[string]any{"protocol_type": "SAN"}, "fields": []any{"iops"}}
	filters := func(pairs map[string]any) acctest.Attrs { return acctest.Attrs{"filters": pairs} }
	for _, c := range []struct {
		source, faults string
		arguments      acctest.Attrs
		says           []string
	}{
		{"metrics", "", of.With(filters(map[string]any{"volume_id": 1})), []string{"FM_DETERMINATION_FAILED"}},
		{"metrics", "", of.With(filters(map[string]any{"protocol_type": "SAN", "x": 1})), []string{"LC_INVALID_FIELD_NAME"}},
		{"metrics", "", of.With(acctest.Attrs{"fields": []any{"ops"}}), []string{"must be available for the filter"}},
		{"metrics", "", of.With(acctest.Attrs{"fields": []any{}}), []string{"at least 1"}},
		{"metrics", "", of.With(filters(map[string]any{})), []string{"at least 1"}},
		{"metrics", "", of.With(acctest.Attrs{"type": "top"}), []string{`must be written "TOP"`}},
		{"metrics", "", of.With(acctest.Attrs{"duration": "61m"}), []string{"too long"}},
		{"metrics", "", of.With(acctest.Attrs{"duration": "1h"}), []string{"duration of 1h0m0s", "raise read"}},
		{"metrics", "", of.With(acctest.Attrs{"timeouts": map[string]any{"read": "2s"}, "duration": "5s"}), []string{"raise read"}},
		{"metrics", "GET /metrics/filters/{filter_id}/available_fields#*:409", of, []string{"INTERNAL_SERVER_ERROR"}},
		{"metrics", "GET /metrics/collectors/data#*:409", of, []string{"INTERNAL_SERVER_ERROR"}},
		{"metrics", "GET /metrics/collectors/data#*:slow:1h", of.With(acctest.Attrs{"timeouts": map[string]any{"read": "1200ms"}, "duration": "1s"}), []string{"1.2s, is over"}},
		{"metrics_fields", "", filters(map[string]any{"volume_id": 1}), []string{"No filter begins with volume_id", "protocol_type"}},
		{"metrics_fields", "", filters(map[string]any{"protocol_type": "SAN", "x": 1}), []string{"LC_INVALID_FIELD_NAME"}},
		{"metrics_fields", "GET /metrics/filters/{filter_id}/available_fields#*:409", filters(map[string]any{"protocol_type": "SAN"}), []string{"INTERNAL_SERVER_ERROR"}},
	} {
		if err := b.Simulator.SetFaults(c.faults); err != nil {
			t.Fatal(err)
		}
		_, said := server.Look("storage_infinibox_"+c.source, c.arguments)
		said.Refuse(t, c.says...)
		if found := left(t, b); len(found) > 0 {
			t.Errorf("%s with %v and %s leaves %v", c.source, c.arguments, c.faults, found)
		}
	}
	if err := b.Simulator.SetFaults("DELETE /metrics/filters/{filter_id}#*:409"); err != nil {
		t.Fatal(err)
	}
	_, said := server.Look("storage_infinibox_metrics_fields", filters(map[string]any{"protocol_type": "SAN"}))
	said.Refuse(t, "left behind", "DELETE metrics/filters/")
}
