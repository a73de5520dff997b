package block_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// hall is where creations from several aliases wait until as many are under way as
// together may be.
type hall struct {
	mu    sync.Mutex
	most  map[string]int // by the alias
	in    map[string]int
	total int
	full  chan struct{}
	*testing.T
}

func newHall(t *testing.T, most map[string]int) *hall {
	return &hall{T: t, most: most, in: map[string]int{}, full: make(chan struct{})}
}

// before puts the hall before an array, for one alias.
func (h *hall) before(array *simulator.Simulator, alias string) string {
	h.Helper()
	address, err := url.Parse(array.URL())
	if err != nil {
		h.Fatal(err)
	}
	behind := httputil.NewSingleHostReverseProxy(address)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			defer h.enter(alias)()
		}
		behind.ServeHTTP(w, r)
	}))
	h.Cleanup(server.Close)
	return server.URL
}

func (h *hall) enter(alias string) (leave func()) {
	h.mu.Lock()
	h.in[alias]++
	h.total++
	if h.in[alias] > h.most[alias] {
		h.Errorf("%s has %d requests under way, at most %d", alias, h.in[alias], h.most[alias])
	}
	all := 0
	for _, most := range h.most {
		all += most
	}
	if h.total == all {
		select {
		case <-h.full:
		default:
			close(h.full)
		}
	}
	h.mu.Unlock()
	select {
	case <-h.full:
	case <-time.After(time.Minute):
		h.Errorf("%d requests are never under way together", all)
	}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.in[alias]--
		h.total--
	}
}

// Each alias has as many requests under way as its own settings say: of two arrays, and
// of one, neither waits for the other.
func TestAliasesAreBoundedApart(t *testing.T) {
	t.Parallel()
	for name, arrays := range map[string]int{"one array": 1, "two arrays": 2} {
		t.Run(name, func(t *testing.T) {
			most := map[string]int{"first": 2, "second": 3}
			h := newHall(t, most)
			var all sync.WaitGroup
			var b *acctest.InfiniBox
			for _, alias := range []string{"first", "second"} {
				if b == nil || arrays > 1 {
					b = acctest.SimulateInfiniBox(t, simulator.Options{})
				}
				pool := b.NewPool(alias)
				b.Set(acctest.Attrs{"endpoint": h.before(b.Simulator, alias), "max_concurrency": most[alias]})
				server := acctest.NewServer(t, b)
				all.Go(func() {
					acctest.Together(20, func(i int) {
						server.Create("storage_infinibox_volume", acctest.Attrs{"name": fmt.Sprintf("%s-%d", alias, i), "pool_id": pool, "size": "1GB"})
					})
				})
			}
			all.Wait()
		})
	}
}
