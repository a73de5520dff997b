//go:build unix

package campaign

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A plan that measures is stopped by Ctrl-C while the array makes the collector, while it
// collects, and while it is removed: the array is as it was.
func TestMetricsAfterCtrlC(t *testing.T) {
	all := newTools(t)
	for _, during := range []string{"POST /api/rest/metrics/collectors", "GET /api/rest/metrics/collectors/data", "DELETE /api/rest/metrics/collectors/"} {
		t.Run(strings.Fields(during)[0], func(t *testing.T) {
			t.Parallel()
			lab := newDoor(t, simulator.Options{Latency: 200 * time.Millisecond})
			duration := "10m"
			if strings.HasPrefix(during, "DELETE") {
				duration = "1s" // it comes to its end
			}
			w := all.open(t, fmt.Sprintf(`
terraform {
  required_providers {
    storage = { source = "storage-as-code/storage" }
  }
}

data "storage_infinibox_metrics" "m" {
  filters  = { protocol_type = "SAN" }
  fields   = ["iops"]
  duration = %q
  timeouts = { read = "20m" }
}
`, duration)+lab.Provider(acctest.Attrs{"endpoint": lab.url}))
			var once sync.Once
			word := make(chan struct{})
			lab.arrived = func(r *http.Request) {
				if strings.HasPrefix(r.Method+" "+r.URL.Path, during) {
					once.Do(func() { close(word) })
				}
			}
			cmd := w.start("plan")
			ended := make(chan struct{})
			go func() {
				_ = cmd.Wait() // what it came to shows on the array
				close(ended)
			}()
			select {
			case <-word:
				interruptions["ctrl-c"](cmd)
				<-ended
			case <-ended:
				t.Fatalf("the plan was over before the request came:\n%s", &w.printed)
			}
			for _, request := range lab.Simulator.Requests() {
				if made := request.Method != http.MethodGet; made && request.Status != http.StatusOK && request.Status != http.StatusCreated {
					t.Errorf("%s %s was answered %d", request.Method, request.Path, request.Status)
				}
			}
			for _, left := range []string{"metrics/filters/30001/available_fields", "metrics/collectors/data?collector_id=30002"} {
				if _, err := lab.Do("GET", left, nil); err == nil || !strings.Contains(err.Error(), "NOT_FOUND") {
					t.Errorf("%s is left behind: %v", left, err)
				}
			}
		})
	}
}
