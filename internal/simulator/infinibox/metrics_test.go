package infinibox

import (
	"fmt"
	"testing"
	"time"
)

// collecting makes a collector, waits for ten seconds of load, and returns what was collected.
func collecting(t *testing.T, s *Simulator, body values) values {
	t.Helper()
	made := must(t, s, "POST", "metrics/collectors", body)
	s.Advance(10 * time.Second)
	collectors := must(t, s, "GET", fmt.Sprintf("metrics/collectors/data?collector_id=%v", made["id"]), nil)["collectors"].([]any)
	must(t, s, "DELETE", fmt.Sprintf("metrics/collectors/%v", made["id"]), nil)
	must(t, s, "DELETE", fmt.Sprintf("metrics/filters/%v", made["filter_id"]), nil)
	return collectors[0].(values)
}

func TestLoadIsCollectedSinceTheLastQuestion(t *testing.T) {
	s := database(t)
	filter := must(t, s, "POST", "metrics/filters", values{"protocol_type": "SAN"})
	expect(t, filter, values{"id": 30001})
	must(t, s, "PUT", "metrics/filters/30001", values{"volume_id": 1001})
	next := must(t, s, "GET", "metrics/filters/30001/available_fields", nil)
	var left []any
	for _, field := range next["available_filter_fields"].([]any) {
		left = append(left, field.(values)["name"])
	}
	if text := fmt.Sprint(left); text != "[protocol operation_type pool_id node_id user_id io_size latency]" { // no field of filesystems, and none twice
		t.Errorf("the filter may be narrowed by %s", text)
	}
	made := must(t, s, "POST", "metrics/collectors", values{"filter_id": 30001, "type": "counter", "collected_fields": []any{"throughput", "iops", "latency"}})
	expect(t, made, values{"id": 30002, "filter_id": 30001, "type": "COUNTER", "collected_fields": []any{"throughput", "iops", "latency"}})
	for _, seconds := range []int{10, 3} {
		s.Advance(time.Duration(seconds) * time.Second)
		data := must(t, s, "GET", "metrics/collectors/data?collector_id=30002", nil)["collectors"].([]any)[0].(values)
		rows := data["data"].([]any)
		if n := len(rows); n < seconds || n > seconds+1 {
			t.Fatalf("%d rows of %d seconds", n, seconds)
		}
		for _, row := range rows {
			throughput, iops, latency := row.([]any)[0].(int), row.([]any)[1].(int), row.([]any)[2].(int)
			if iops < 100 || throughput < iops*1024 || throughput > iops*16384 || latency < fastest {
				t.Errorf("no load that could be: %v", row)
			}
		}
	}
	must(t, s, "DELETE", "metrics/filters/30001", nil)
	refused(t, s, "GET", "metrics/collectors/data?collector_id=30002", nil, "NOT_FOUND")
}

// TestLoadAddsUp compares the sums over ten seconds: what is told of parts and of the whole is the same load.
func TestLoadAddsUp(t *testing.T) {
	s := database(t)
	must(t, s, "POST", "filesystems", values{"name": "f", "pool_id": 1000, "size": 1000000000}) // 1004
	until := func(filters values, field string) int {
		t.Helper()
		a := s.array
		a.mu.Lock()
		defer a.mu.Unlock()
		filter, err := a.beginFilter(filters)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for second := range 10 {
			sum += row(a.loadOf(filter, 1000+second), []string{field})[0].(int)
		}
		return sum
	}
	san := until(values{"protocol_type": "SAN"}, "iops")
	parts := []int{
		until(values{"protocol_type": "SAN", "volume_id": 1001}, "iops") + until(values{"protocol_type": "SAN", "volume_id": 1002}, "iops"),
		until(values{"protocol_type": "SAN", "operation_type": "read"}, "iops") + until(values{"protocol": "FC", "operation_type": "write"}, "iops"),
		until(values{"protocol_type": "SAN", "pool_id": 1000}, "iops"),
	}
	for i, sum := range parts {
		if sum != san || sum == 0 {
			t.Errorf("the parts %d add up to %d, the whole is %d", i, sum, san)
		}
	}
	if nas, reads := until(values{"protocol": "NFS"}, "ops"), until(values{"operation_type": "read"}, "ops"); nas == 0 || reads >= nas {
		t.Errorf("%d operations of filesystems, of which %d read", nas, reads)
	}
	if none := until(values{"protocol_type": "RMR"}, "throughput"); none != 0 {
		t.Errorf("replication has a load of %d", none)
	}
}

func TestLoadIsGrouped(t *testing.T) {
	s := database(t)
	top := collecting(t, s, values{"type": "TOP", "collected_fields": []any{"iops"}, "grouping_field": "volume_id", "filters": values{"protocol_type": "SAN"}})
	expect(t, top, values{"grouping_field": "volume_id", "sorting_field": "iops", "fields": []any{"volume_id", "iops"}, "collector_type": "TOP"})
	for _, second := range top["data"].([]any) {
		rows := second.([]any)
		if len(rows) != 2 || rows[0].([]any)[1].(int) < rows[1].([]any)[1].(int) {
			t.Errorf("not the busiest first: %v", rows)
		}
	}
	sizes := collecting(t, s, values{"type": "HISTOGRAM", "collected_fields": []any{"iops"}, "filters": values{"protocol_type": "SAN"}})
	if rows := sizes["data"].([]any)[0].([]any); len(rows) != len(ioSizes) || rows[0].([]any)[0] != ">4K" {
		t.Errorf("by size: %v", rows)
	}
	sum := collecting(t, s, values{"type": "AGGREGATOR", "collected_fields": []any{"iops"}, "filters": values{"protocol_type": "SAN"}})
	if rows := sum["data"].([]any); len(rows) != 1 {
		t.Errorf("in all: %v", rows)
	}
	if available := must(t, s, "GET", "metrics/available_fields", nil)["available_filter_fields"].([]any); len(available) != 3 {
		t.Errorf("a filter may begin with %v", available)
	}
}
