//go:build unix

package campaign

import (
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// door is where requests arrive at a simulated array: it counts those inside.
type door struct {
	*acctest.InfiniBox
	url string

	mu           sync.Mutex
	inside, most int
	arrived      func(*http.Request) // called with mu held; nil for nothing
}

func newDoor(t *testing.T, o simulator.Options) *door {
	t.Helper()
	d := &door{InfiniBox: acctest.SimulateInfiniBox(t, o)}
	target, err := url.Parse(d.Simulator.URL())
	if err != nil {
		t.Fatal(err)
	}
	within := httputil.NewSingleHostReverseProxy(target)
	within.ErrorLog = log.New(io.Discard, "", 0) // a client that leaves is what the tests want
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.inside++
		d.most = max(d.most, d.inside)
		if d.arrived != nil {
			d.arrived(r)
		}
		d.mu.Unlock()
		answer := httptest.NewRecorder()
		within.ServeHTTP(answer, r)
		d.mu.Lock() // before the answer leaves, which lets the next in
		d.inside--
		d.mu.Unlock()
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *door) Settings() (string, acctest.Attrs) {
	system, settings := d.InfiniBox.Settings()
	return system, settings.With(acctest.Attrs{"endpoint": d.url})
}

// An array that is slower than Terraform asks is never asked for more at a time
// than the settings say. Everybody is served in the end, although the last waits for
// longer than a request may take, and nothing is asked twice.
func TestArrayThatIsSlowerThanTerraformAsks(t *testing.T) {
	const volumes, bound = 60, 4
	d := newDoor(t, simulator.Options{Latency: 150 * time.Millisecond})
	all := newTools(t)
	w := all.open(t, fmt.Sprintf(`
terraform {
  required_providers {
    storage = { source = "storage-as-code/storage" }
  }
}

resource "storage_infinibox_volume" "v" {
  count   = %d
  name    = "v${count.index}"
  pool_id = %v
  size    = "1GB"
}
`, volumes, d.Create("pools", map[string]any{"name": "pool", "physical_capacity": 1_000_000_000_000}))+
		d.Provider(acctest.Attrs{"endpoint": d.url, "max_concurrency": bound, "request_timeout": "1s"}))
	began := time.Now()
	if answer := w.run(fmt.Sprintf("apply -auto-approve -parallelism=%d", volumes)); answer.Code != 0 {
		t.Fatal(answer.Stdout + answer.Stderr)
	}
	if waited := time.Since(began); waited < 2*time.Second {
		t.Errorf("all were served within %s, which does not show that the wait for a turn is free", waited)
	}
	if answer := w.run("plan -detailed-exitcode"); answer.Code != 0 {
		t.Errorf("the plan after it is not empty: %s", answer.Stdout+answer.Stderr)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.most != bound {
		t.Errorf("%d requests were under way at a time, want %d", d.most, bound)
	}
	if asked := d.Requests("POST", "/api/rest/volumes"); asked != volumes {
		t.Errorf("%d creations for %d volumes", asked, volumes)
	}
	for _, r := range d.Simulator.Requests() {
		if r.Status != http.StatusOK && r.Status != http.StatusCreated {
			t.Errorf("%s %s was answered %d", r.Method, r.Path, r.Status)
		}
	}
}

// Whatever a run waits for, it ends within a second of the word to stop.
func TestStopsInEveryWait(t *testing.T) {
	const resources = 4
	for name, c := range map[string]struct {
		fault string
		// when is the request of creations and their polls whose arrival brings the word.
		when     int
		settings acctest.Attrs
	}{
		"for its turn":               {fault: "POST /volumes#*:slow:1h", when: 1, settings: acctest.Attrs{"max_concurrency": 1}},
		"for Retry-After":            {fault: "POST /volumes#*:429:200", when: resources},
		"for an asynchronous answer": {fault: "POST /volumes#*:async-fail:9999", when: 2 * resources},
		"in a slow answer":           {fault: "POST /volumes#*:slow:1h", when: resources},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDoor(t, simulator.Options{})
			pool := d.Create("pools", map[string]any{"name": "pool", "physical_capacity": 1_000_000_000_000})
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			core, config := acctest.NewCore(t, d, c.settings), testcore.Config{Resources: map[string]testcore.Resource{}}
			for i := range resources {
				config.Resources[fmt.Sprintf("storage_infinibox_volume.v[%d]", i)] = testcore.Resource{
					Arguments: acctest.Attrs{"name": fmt.Sprintf("v%d", i), "pool_id": pool, "size": "1GB"},
				}
			}
			plan := core.Plan(ctx, config, testcore.Options{})
			if err := d.Simulator.SetFaults(c.fault); err != nil {
				t.Fatal(err)
			}
			var told time.Time
			seen := 0
			d.arrived = func(*http.Request) {
				if seen++; seen == c.when {
					// The answer, if one comes, is on its way first.
					time.AfterFunc(100*time.Millisecond, func() {
						d.mu.Lock()
						told = time.Now()
						d.mu.Unlock()
						stop()
					})
				}
			}
			done := core.Apply(ctx, plan)
			if begun := len(done.Order); begun != resources {
				t.Errorf("%d creations began: %s", begun, done)
			}
			if made := core.State.Addresses(); len(made) > 0 {
				t.Errorf("creations succeeded: %v", made)
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			if took := time.Since(told); told.IsZero() || took > time.Second {
				t.Errorf("stopped after %s", took)
			}
		})
	}
}
