package campaign

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// An operation ends with its time, and says what it was that took too long.
func TestTimeoutsSayWhatWasWaitedFor(t *testing.T) {
	short := acctest.Attrs{"timeouts": map[string]any{"create": "1s", "update": "1s", "delete": "1s", "read": "1s"}}
	for name, c := range map[string]struct {
		faults   string
		from, to acctest.Attrs
		says     []string
	}{
		"create": {"POST /volumes#*:503", nil, short, []string{"Could not create volume", "time allowed to create the volume", "timeouts"}},
		"a long operation": {
			"POST /volumes#*:async-fail:9999", nil, short,
			[]string{"still at work", "time allowed to create the volume"},
		},
		"update": {"PUT /volumes/{id}#*:503", short, short.With(acctest.Attrs{"size": "2GB"}), []string{"Could not update volume", "time allowed to update the volume"}},
		"delete": {"DELETE /volumes/{id}#*:503", short, nil, []string{"Could not delete volume", "time allowed to delete the volume"}},
		"read":   {"GET /volumes/{id}#*:slow:1h", short, short, []string{"Could not read volume", "time allowed to read the volume"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			whole := func(a acctest.Attrs) acctest.Attrs {
				if a == nil {
					return nil
				}
				return s.config.With(a)
			}
			core := newCore(t, acctest.Suite{Lab: s, Type: "storage_infinibox_volume"}, nil)
			if made := core.apply(t.Context(), whole(c.from)); made.Failed() {
				t.Fatal(made)
			}
			if err := s.Simulator.SetFaults(c.faults); err != nil {
				t.Fatal(err)
			}
			done := core.apply(t.Context(), whole(c.to))
			for _, words := range c.says {
				if !done.Failed() || !strings.Contains(done.String(), words) {
					t.Errorf("no %q in %s", words, done)
				}
			}
			if err := s.Simulator.SetFaults(""); err != nil {
				t.Fatal(err)
			}
			if healed := core.apply(t.Context(), whole(c.to)); healed.Failed() {
				t.Errorf("the next apply: %s", healed)
			}
			if again := core.plan(t.Context(), whole(c.to)); !again.quiet() {
				t.Errorf("the plan after it is to %s: %s", again.action, again)
			}
		})
	}
}

// When runs are over, whether well, failed or stopped, they leave no goroutine and
// no file descriptor.
func TestNothingIsLeftRunning(t *testing.T) {
	rounds := func(t *testing.T) {
		lab := acctest.SimulateInfiniBox(t, simulator.Options{})
		pool := lab.Create("pools", map[string]any{"name": "pool", "physical_capacity": 1_000_000_000_000})
		s := acctest.Suite{Lab: lab, Type: "storage_infinibox_volume"}
		endless := []string{"POST /volumes:slow:1h", "POST /volumes:429:200", "POST /volumes:async-fail:9999", "*:503"}
		for i, fault := range append([]string{"", "POST /volumes:cut-after", "POST /volumes:truncate", "POST /volumes:async:2"}, endless...) {
			ctx, stop := context.WithCancel(t.Context())
			if slices.Contains(endless, fault) {
				timer := time.AfterFunc(200*time.Millisecond, stop)
				defer timer.Stop()
			}
			if err := lab.Simulator.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			core := newCore(t, s, nil)
			core.apply(ctx, acctest.Attrs{"name": fmt.Sprintf("v%d", i), "pool_id": pool, "size": "1GB"})
			stop()
		}
	}
	t.Run("warm up", rounds)
	goroutines, files := runtime.NumGoroutine(), descriptors(t)
	t.Run("rounds", rounds)

	deadline, tick := time.After(10*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if runtime.NumGoroutine() <= goroutines && descriptors(t) <= files {
				return
			}
		case <-deadline:
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, were %d; %d files, were %d\n%s", runtime.NumGoroutine(), goroutines, descriptors(t), files,
				stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// descriptors counts the open files of this process, where the system tells.
func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this system does not tell of open files")
	}
	return len(open)
}
