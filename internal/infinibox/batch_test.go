package infinibox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// volumes is a collection that can be read, listed, filtered by id and changed.
type volumes struct {
	*box
	mu    sync.Mutex
	size  map[int]int // by id
	order []int
	// before is called before a request is answered, with its number from 1.
	before func(request int, r *http.Request)
	// instead answers in place of the collection, if it returns true.
	instead  func(w http.ResponseWriter, r *http.Request) bool
	answered int
}

func newVolumes(t *testing.T, n int) *volumes {
	t.Helper()
	v := &volumes{size: map[int]int{}, order: upTo(n)}
	for _, id := range v.order {
		v.size[id] = 1
	}
	v.box = newBox(t, v.answer)
	return v
}

func (v *volumes) answer(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	v.answered++
	request := v.answered
	v.mu.Unlock()
	if v.before != nil {
		v.before(request, r)
	}
	if v.instead != nil && v.instead(w, r) {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if id, ok := strings.CutPrefix(r.URL.Path, "/api/rest/volumes/"); ok {
		n, _ := strconv.Atoi(id)
		if r.Method == http.MethodPut {
			v.size[n]++
		}
		if v.size[n] == 0 {
			refuse(404, "VOLUME_NOT_FOUND", "Volume not found")(w, r)
			return
		}
		fmt.Fprintf(w, `{"result":%s,"error":null,"metadata":{"ready":true}}`, v.object(n))
		return
	}
	ids := v.order
	if list, ok := strings.CutPrefix(r.URL.Query().Get("id"), "in:("); ok {
		ids = nil
		for text := range strings.SplitSeq(strings.TrimSuffix(list, ")"), ",") {
			if n, _ := strconv.Atoi(text); v.size[n] != 0 {
				ids = append(ids, n)
			}
		}
	}
	if from, ok := strings.CutPrefix(r.URL.Query().Get("id"), "geq:"); ok {
		least, _ := strconv.Atoi(from)
		ids = slices.DeleteFunc(slices.Sorted(slices.Values(ids)), func(id int) bool { return id < least })
	}
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	from, to := min((number-1)*1000, len(ids)), min(number*1000, len(ids))
	var items []string
	for _, id := range ids[from:to] {
		if v.size[id] != 0 {
			items = append(items, v.object(id))
		}
	}
	fmt.Fprintf(w, `{"result":[%s],"error":null,"metadata":{"ready":true,"pages_total":%d,"number_of_objects":%d}}`,
		strings.Join(items, ","), (len(ids)+999)/1000, len(ids))
}

func (v *volumes) object(id int) string {
	return fmt.Sprintf(`{"id":%d,"size":%d,"tags":[{"a":1}]}`, id, v.size[id])
}

func read(t *testing.T, c *Client, id int) api.Object {
	t.Helper()
	o, err := c.Read(t.Context(), "volumes", strconv.Itoa(id), []string{"size", "tags"})
	if err != nil {
		t.Errorf("read of %d: %v", id, err)
	} else if fmt.Sprint(o["id"]) != strconv.Itoa(id) {
		t.Errorf("read of %d returned %v", id, o)
	}
	return o
}

// refresh reads all ids with the given parallelism, as Terraform does.
func refresh(t *testing.T, c *Client, ids []int, parallelism int) {
	t.Helper()
	queue := make(chan int)
	var wg sync.WaitGroup
	for range parallelism {
		wg.Go(func() {
			for id := range queue {
				read(t, c, id)
			}
		})
	}
	for _, id := range ids {
		queue <- id
	}
	close(queue)
	wg.Wait()
}

func TestRefreshCostsOneRequestAThousand(t *testing.T) {
	for _, n := range []int{1, 2, 10, 100, 1000, 2500} {
		for _, parallelism := range []int{1, 10, 100} {
			v := newVolumes(t, n)
			refresh(t, newClient(t, v.box), upTo(n), parallelism)
			if got, most := len(v.log()), n/1000+3; got > most {
				t.Errorf("%d objects, %d at a time: %d requests, at most %d: %v", n, parallelism, got, most, v.log())
			}
		}
	}
}

func TestReadAsksForWhatIsNeeded(t *testing.T) {
	v := newVolumes(t, 3)
	c := newClient(t, v.box)
	for id := range 3 {
		read(t, c, id+1)
	}
	if got := strings.Join(v.log(), ", "); got != "GET volumes/1?fields=size,tags, GET volumes?fields=size,tags,id&page=1&page_size=1000" {
		t.Error(got)
	}
}

func TestReadAfterWrite(t *testing.T) {
	v := newVolumes(t, 10)
	c := newClient(t, v.box)
	for id := range 10 {
		read(t, c, id+1)
	}
	if _, err := c.Do(t.Context(), api.Request{Method: http.MethodPut, Path: "volumes/5"}); err != nil {
		t.Fatal(err)
	}
	if o := read(t, c, 5); fmt.Sprint(o["size"]) != "2" {
		t.Errorf("read %v after the write", o)
	}
	if o := read(t, c, 6); fmt.Sprint(o["size"]) != "1" {
		t.Error(o)
	}
}

// A listing that began before a write must not answer a read that begins after
// it, though the listing ends later still.
func TestListingUnderWayDuringAWrite(t *testing.T) {
	v := newVolumes(t, 10)
	listing, written := make(chan struct{}), make(chan struct{})
	var once sync.Once
	v.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if !r.URL.Query().Has("page") {
			return false
		}
		late := false
		once.Do(func() { late = true })
		if !late {
			return false
		}
		v.mu.Lock()
		old := v.object(5) + "," + v.object(6)
		v.mu.Unlock()
		close(listing)
		<-written
		fmt.Fprintf(w, `{"result":[%s],"error":null,"metadata":{"ready":true,"pages_total":1,"number_of_objects":2}}`, old)
		return true
	}
	c := newClient(t, v.box)
	read(t, c, 1)
	var wg sync.WaitGroup
	wg.Go(func() { read(t, c, 6) }) // begins the listing
	<-listing
	if _, err := c.Do(t.Context(), api.Request{Method: http.MethodPut, Path: "volumes/5"}); err != nil {
		t.Fatal(err)
	}
	read(t, c, 1) // the first of its round
	wg.Go(func() {
		if o := read(t, c, 5); fmt.Sprint(o["size"]) != "2" {
			t.Errorf("read %v after the write", o)
		}
	})
	waitFor(t, c, 2)
	close(written)
	wg.Wait()
}

// waitFor waits until n reads wait for a listing.
func waitFor(t *testing.T, c *Client, n int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		c.reads.mu.Lock()
		waiting := 0
		for _, b := range c.reads.batches {
			waiting += len(b.waiting)
		}
		c.reads.mu.Unlock()
		if waiting == n {
			return
		}
	}
	t.Fatalf("there are not %d reads waiting", n)
}

func TestDriftIsSeen(t *testing.T) {
	v := newVolumes(t, 10)
	c := newClient(t, v.box)
	now := time.Now()
	c.reads.now = func() time.Time { return now }
	for id := range 10 {
		read(t, c, id+1)
	}
	v.mu.Lock()
	v.size[5], v.size[6] = 7, 0
	v.mu.Unlock()
	now = now.Add(rereadLife)
	if o := read(t, c, 5); fmt.Sprint(o["size"]) != "7" {
		t.Errorf("read %v", o)
	}
	if _, err := c.Read(t.Context(), "volumes", "6", []string{"size", "tags"}); api.ReasonOf(err) != api.NotFound {
		t.Error(err)
	}
	now = now.Add(unreadLife)
	v.mu.Lock()
	v.size[7] = 9
	v.mu.Unlock()
	if o := read(t, c, 7); fmt.Sprint(o["size"]) != "9" {
		t.Errorf("read %v", o)
	}
}

func TestReadOfWhatIsGone(t *testing.T) {
	v := newVolumes(t, 10)
	c := newClient(t, v.box)
	refresh(t, c, upTo(10), 1)
	_, err := c.Read(t.Context(), "volumes", "11", []string{"size", "tags"})
	if api.ReasonOf(err) != api.NotFound {
		t.Error(err)
	}
	if log := v.log(); log[len(log)-1] != "GET volumes/11?fields=size,tags" {
		t.Error(log)
	}
}

func TestReadsShareNothing(t *testing.T) {
	v := newVolumes(t, 3)
	c := newClient(t, v.box)
	refresh(t, c, upTo(3), 1)
	o := read(t, c, 2)
	o["size"] = "spoilt"
	o["tags"].([]any)[0].(api.Object)["a"] = "spoilt"
	if o := read(t, c, 2); strings.Contains(fmt.Sprint(o), "spoilt") {
		t.Error(o)
	}
	if len(v.log()) != 2 {
		t.Error(v.log())
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	v := newVolumes(t, 20)
	failing := true
	v.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if failing && r.URL.Query().Has("page") {
			refuse(500, "INTERNAL_SERVER_ERROR", "x")(w, r)
			return true
		}
		return false
	}
	c := newClient(t, v.box)
	refresh(t, c, upTo(3), 1) // by id, all the same
	failing = false
	before := len(v.log())
	refresh(t, c, upTo(20), 1)
	if n := len(v.log()) - before; n > 2 {
		t.Errorf("%d requests: %v", n, v.log())
	}
}

func TestCollectionThatCannotBeListed(t *testing.T) {
	v := newVolumes(t, 20)
	v.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Has("page") {
			refuse(400, "UNKNOWN_PARAMETER", "x")(w, r)
			return true
		}
		return false
	}
	c := newClient(t, v.box)
	refresh(t, c, upTo(20), 4)
	if n := len(v.log()); n != 21 {
		t.Errorf("%d requests", n)
	}
}

func TestUnreachableArrayFailsAllWhoWait(t *testing.T) {
	v := newVolumes(t, 20)
	c := newClient(t, v.box, func(c *Config) { c.MaxRetries = -1 })
	read(t, c, 1)
	v.instead = cutAll
	_, err := c.Read(t.Context(), "volumes", "2", []string{"size", "tags"})
	if api.ReasonOf(err) != api.Unreachable {
		t.Error(err)
	}
	// net/http itself repeats a GET whose kept connection was closed.
	for _, request := range v.log()[1:] {
		if !strings.HasPrefix(request, "GET volumes?") {
			t.Errorf("after the listing failed: %s", request)
		}
	}
}

func cutAll(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }

func TestCollectionFarLargerThanWhatIsRead(t *testing.T) {
	const objects = 20_000
	v := newVolumes(t, objects)
	c := newClient(t, v.box)
	ids := []int{15, 19_999, 12_000, 15_000, 18_000, 3, 4_000}
	refresh(t, c, ids, len(ids))
	if n := len(v.log()); n > 2+len(ids) {
		t.Errorf("%d requests: %v", n, v.log())
	}
	for _, request := range v.log() {
		if strings.Contains(request, "page=2") {
			t.Errorf("it was listed whole: %v", v.log())
		}
	}
}

func TestLargeCollectionReadWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 objects")
	}
	const objects = 20_000
	for _, parallelism := range []int{1, 10} {
		v := newVolumes(t, objects)
		refresh(t, newClient(t, v.box), upTo(objects), parallelism)
		if n := len(v.log()); n > 2*objects/1000+3 {
			t.Errorf("%d at a time: %d requests", parallelism, n)
		}
	}
}

// Who waits leaves at once when its own context ends, and the others get their
// answer; when all have left, the request is given up.
func TestReadsAreCancelledOneByOne(t *testing.T) {
	v := newVolumes(t, 10)
	release, asked, stopped := make(chan struct{}), make(chan struct{}, 1), make(chan struct{}, 1)
	v.before = func(_ int, r *http.Request) {
		if r.URL.Query().Has("page") {
			asked <- struct{}{}
			select {
			case <-release:
			case <-r.Context().Done():
				stopped <- struct{}{}
			}
		}
	}
	c := newClient(t, v.box)
	read(t, c, 1)

	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	leave := func(id string) {
		if _, err := c.Read(ctx, "volumes", id, []string{"size", "tags"}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	wg.Go(func() { leave("2") })
	wg.Go(func() { leave("3") })
	waitFor(t, c, 2)
	var stayed sync.WaitGroup
	stayed.Go(func() { read(t, c, 4) })
	waitFor(t, c, 3)
	<-asked
	cancel()
	wg.Wait()
	close(release)
	stayed.Wait()

	release = make(chan struct{})
	if _, err := c.Do(t.Context(), api.Request{Method: http.MethodPut, Path: "volumes/1"}); err != nil {
		t.Fatal(err)
	}
	read(t, c, 1)
	ctx, cancel = context.WithCancel(t.Context())
	wg.Go(func() { leave("2") })
	waitFor(t, c, 1)
	<-asked // one that is given up before it is sent is never seen
	cancel()
	wg.Wait()
	select {
	case <-stopped:
	case <-time.After(5 * time.Second):
		t.Error("the listing that nobody waits for goes on")
	}
}

// Reads, writes and changes behind the client's back, all at once: no read may
// see less than what this client had written before it.
func TestReadsNeverMissAWrite(t *testing.T) {
	const objects, rounds = 8, 40
	v := newVolumes(t, objects)
	c := newClient(t, v.box)
	var wg sync.WaitGroup
	for id := 1; id <= objects; id++ {
		wg.Go(func() {
			for round := range rounds {
				o := read(t, c, id)
				if size, _ := strconv.Atoi(fmt.Sprint(o["size"])); size < round+1 {
					t.Errorf("volume %d: read size %d after writing %d", id, size, round+1)
				}
				if _, err := c.Do(t.Context(), api.Request{Method: http.MethodPut, Path: "volumes/" + strconv.Itoa(id)}); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range rounds {
				read(t, c, id)
			}
		})
	}
	wg.Wait()
}

func TestNoGoroutineStays(t *testing.T) {
	before := runtime.NumGoroutine()
	v := newVolumes(t, 200)
	c := newClient(t, v.box)
	refresh(t, c, upTo(200), 20)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = c.Read(ctx, "volumes", "1", nil)
	_, _ = c.Read(ctx, "volumes", "2", nil)
	_ = c.Close(t.Context())
	v.Close()
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

// In a collection far larger than what is looked up, the names are asked for
// together, apart from the ids.
func TestNamesInALargeCollection(t *testing.T) {
	var asked []string
	b := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		asked = append(asked, q.Get("name")+q.Get("id"))
		objects := `{"id":7,"name":"a"},{"id":8,"name":"b"}`
		if q.Get("name")+q.Get("id") == "" {
			objects = `{"id":1,"name":"x"}`
		}
		fmt.Fprintf(w, `{"result":[%s],"error":null,"metadata":{"ready":true,"pages_total":50,"number_of_objects":50000}}`, objects)
	})
	c := newClient(t, b)
	for _, name := range []string{"first", "x", "B", "a"} {
		if _, err := c.ReadNamed(t.Context(), "volumes", name, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(asked, " "); got != " in:(b) in:(a)" {
		t.Errorf("asked for %q", got)
	}
}
