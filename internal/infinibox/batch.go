package infinibox

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

const (
	// unreadLife is how long a listing answers the first read of an object: a
	// refresh of thousands takes Terraform that long.
	unreadLife = 30 * time.Second
	// rereadLife is how long it answers further reads of the same object: who
	// asks again later wants to know what has changed.
	rereadLife = 2 * time.Second
	// longestLife is how long it answers at most, as long as reads keep coming with less
	// than rereadLife between them: the refresh of ten thousand takes minutes.
	longestLife = 5 * time.Minute
	// wholePages is up to how many pages a collection is always listed whole, and
	// wholePagesUnsorted of one that cannot be listed from an id on.
	wholePages, wholePagesUnsorted = 3, 10
	// chunkSize is how many ids one request asks for; the URL stays below 8 KiB.
	chunkSize = 400
)

// batching is "off" where the linker says so: for the benchmark, which shows what
// it is worth.
var batching = "on"

// reads turns single reads into listings.
//
// The first read of a round gets its object by id, so that the refresh of one
// object stays one small request. A second read shows that there are many: it
// lists the collection, and the reads that come meanwhile or soon after are
// answered from the same listing. A read that finds nothing there gets its
// object by id, so that only the array's own 404 says that an object is gone.
//
// A listing never answers a read that began after a write that began after the
// listing: every write of this client, to whatever collection, ends the round
// when it starts and when it ends. Errors are returned, never kept.
//
// A collection of more than wholePages pages may be far larger than what
// Terraform manages in it. There, a page from the id on that is read answers for
// its neighbours too, since what was made together has ids side by side; where that
// answers few, the ids that wait are asked for together. Once this has cost as many
// requests as the whole listing would have, that is made; so the cost is never more
// than twice what foresight would have paid.
type reads struct {
	client *Client
	now    func() time.Time

	mu sync.Mutex
	// generation counts the beginnings and ends of writes.
	generation uint64
	batches    map[string]*batch
}

// batch is the reads of one collection with one selection of fields.
type batch struct {
	*reads
	collection string
	fields     []string
	// source takes the place of a collection of the API; nil for most.
	source *api.Source

	// round is the generation of the round.
	round uint64
	// last is the latest read of the round; zero before the first.
	last time.Time
	// listing holds objects by id as of listed or later, in this generation; whole says
	// that an object which is not in it was not in the collection, and known that one with
	// an id there was not.
	listing map[string]*listed
	listed  time.Time
	whole   bool
	known   spans

	waiting []*waiter
	// running says that a goroutine serves the waiting, under cancel.
	running bool
	cancel  context.CancelFunc
	// interest counts the waiters whose context has not ended.
	interest int

	// pages is the size of a collection too large to be listed at once, and
	// spent the requests that avoided it so far, in this round.
	pages, spent int
	windows      windows
	// refused says that the collection cannot be listed.
	refused bool
}

type listed struct {
	object api.Object
	read   bool
}

// waiter is a read waiting for a listing.
type waiter struct {
	id         string
	generation uint64
	tried      bool // a request for this id is under way
	done       chan struct{}
	object     api.Object // nil: get it by id
	err        error
}

func (r *reads) init(c *Client) {
	r.client, r.now, r.batches = c, time.Now, map[string]*batch{}
}

// writing is called when a write starts and when it ends. Each batch finds out when it is
// read again: there may be thousands, one for each owner.
func (r *reads) writing() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
}

// Read implements api.Client: one object of a collection, with the fields
// named (all where none is). It may answer from a listing that is not older than
// this client's last write.
func (c *Client) Read(ctx context.Context, collection, id string, fields []string) (api.Object, error) {
	if !api.IsFresh(ctx) {
		if object, err := c.reads.find(ctx, c.reads.ofCollection(collection, fields), id); object != nil || err != nil {
			return object, err
		}
	}
	r := api.Request{Method: http.MethodGet, Path: collection + "/" + url.PathEscape(id)}
	if len(fields) > 0 {
		r.Query = url.Values{"fields": {strings.Join(fields, ",")}}
	}
	result, err := c.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	object, ok := result.(api.Object)
	if !ok {
		return nil, unexpected(r, "an object", result)
	}
	return object, nil
}

// ReadNamed implements api.NameReader: the object of that name, in the listing
// that answers reads by id.
func (c *Client) ReadNamed(ctx context.Context, collection, name string, fields []string) (api.Object, error) {
	return c.reads.find(ctx, c.reads.ofCollection(collection, fields), byName(name))
}

// ReadFrom implements api.Client, as Read does.
func (c *Client) ReadFrom(ctx context.Context, source *api.Source, id string) (api.Object, error) {
	if !api.IsFresh(ctx) {
		if object, err := c.reads.find(ctx, c.reads.ofSource(source), id); object != nil || err != nil {
			return object, err
		}
	}
	return source.Get(ctx, c, id)
}

// find returns an object from a listing, or nil where it is to be got by id.
func (r *reads) find(ctx context.Context, b *batch, id string) (api.Object, error) {
	r.mu.Lock()
	object, wait := b.lookUp(id)
	if !wait {
		r.mu.Unlock()
		return object, nil
	}
	w := &waiter{id: id, generation: r.generation, done: make(chan struct{})}
	b.waiting = append(b.waiting, w)
	b.interest++
	if !b.running {
		// The listing serves others too: it outlives the context of the first.
		var shared context.Context
		shared, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
		b.running = true
		go b.serve(shared)
	}
	r.mu.Unlock()

	select {
	case <-w.done:
		return w.object, w.err
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		b.waiting = slices.DeleteFunc(b.waiting, func(o *waiter) bool { return o == w })
		select {
		case <-w.done: // answered at the same moment, and no longer counted
		default:
			if b.interest--; b.interest == 0 {
				b.cancel()
			}
		}
		return nil, &api.Error{
			Operation: http.MethodGet + " " + b.collection + "/" + id,
			Message:   "stopped while waiting for the array's answer",
			Err:       context.Cause(ctx),
		}
	}
}

// ofSource is the batch of a source's objects.
func (r *reads) ofSource(source *api.Source) *batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.batches[source.Name]
	if b == nil {
		b = &batch{reads: r, collection: source.Name, source: source}
		r.batches[source.Name] = b
	}
	return b
}

// ofCollection is the batch of a collection's objects with those fields.
func (r *reads) ofCollection(collection string, fields []string) *batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := collection + "?" + strings.Join(fields, ",")
	b := r.batches[key]
	if b == nil {
		if len(fields) > 0 && !slices.Contains(fields, "id") {
			fields = append(slices.Clip(fields), "id")
		}
		b = &batch{reads: r, collection: collection, fields: slices.Clone(fields)}
		r.batches[key] = b
	}
	return b
}

// lookUp answers from the listing at hand, or says whether to wait for one.
func (b *batch) lookUp(id string) (object api.Object, wait bool) {
	b.renew()
	now := b.now()
	age := now.Sub(b.listed)
	lives := age < unreadLife || age < longestLife && now.Sub(b.last) < rereadLife
	known := b.listing[id]
	switch {
	case known != nil && (age < rereadLife || !known.read && lives):
		b.last = now
		b.windows.answered++
		return known.take(), false
	case known == nil && b.listing != nil && lives && (b.whole || b.known.have(id)):
		return b.absent(id), false
	case b.listing != nil && (known != nil || !lives), now.Sub(b.last) >= unreadLife:
		b.forget()
	}
	first := b.last.IsZero()
	b.last = now
	return nil, !first && !b.refused && batching == "on"
}

// absent is what a whole listing says of an object that is not in it: nothing, as
// the array has the last word on that, unless the source knows better.
func (b *batch) absent(id string) api.Object {
	if b.source == nil || b.source.Absent == nil || b.refused {
		return nil
	}
	none := &listed{object: b.source.Absent(id)}
	if b.listing != nil {
		b.listing[id] = none // so that a later read of it asks again
	}
	return none.take()
}

// renew ends the round where something was written since it began.
func (b *batch) renew() {
	if b.round != b.generation {
		b.round = b.generation
		b.forget()
	}
}

// forget ends the round.
func (b *batch) forget() {
	b.listing, b.whole, b.known, b.last = nil, false, nil, time.Time{}
	b.spent, b.windows = 0, b.windows.again()
}

// take copies the object, which later reads may share.
func (l *listed) take() api.Object {
	l.read = true
	return copied(l.object).(api.Object)
}

func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for key, value := range v {
			c[key] = copied(value)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, value := range v {
			c[i] = copied(value)
		}
		return c
	}
	return v
}

// serve asks the array until nobody waits.
func (b *batch) serve(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) > 0 {
		generation, began := b.generation, b.now()
		asked := b.next()
		b.mu.Unlock()
		answer, err := b.fetch(ctx, asked)
		b.mu.Lock()
		switch {
		case err == nil:
			b.spend(asked, answer)
			b.deliver(asked, answer, generation, began)
		case asked.window && refusal(err):
			b.windows.refused = true
		default:
			b.fail(err)
		}
	}
	b.running = false
	b.cancel()
}

// next chooses what to ask for.
func (b *batch) next() asked {
	if b.pages > b.wholePages() && b.spent < b.pages {
		from, is := b.windowOf(b.waiting[0].id)
		if !is {
			return asked{ids: b.nextChunk()}
		}
		b.tryAll()
		return asked{window: true, from: from}
	}
	b.tryAll()
	return asked{}
}

func (b *batch) tryAll() {
	for _, w := range b.waiting {
		w.tried = true
	}
}

// wholePages is up to how many pages the collection is listed whole.
func (b *batch) wholePages() int {
	if b.source != nil || b.windows.refused {
		return wholePagesUnsorted
	}
	return wholePages
}

// spend counts what a look has cost that was not at the whole collection.
func (b *batch) spend(asked asked, answer answer) {
	if !answer.whole && answer.pages > 0 {
		b.pages = answer.pages
	}
	switch {
	case b.source != nil && asked.ids != nil:
		b.spent += len(asked.ids) // each is got by itself
	case !answer.whole:
		b.spent++
	}
	if asked.window {
		b.windows.opened(asked.from, answer.until)
	}
}

// namePrefix tells names from ids, where objects are looked up by either.
const namePrefix = "name="

// byName is how objects of a name are looked up. Names that differ in case alone
// are one to the array.
func byName(name string) string { return namePrefix + strings.ToLower(name) }

// nextChunk takes the ids that have waited longest, or the names.
func (b *batch) nextChunk() []string {
	ids := make([]string, 0, min(len(b.waiting), chunkSize))
	named := strings.HasPrefix(b.waiting[0].id, namePrefix)
	for _, w := range b.waiting {
		if len(ids) == chunkSize {
			break
		}
		if strings.HasPrefix(w.id, namePrefix) == named {
			w.tried = true
			ids = append(ids, w.id)
		}
	}
	return ids
}

// deliver answers those who waited, and those who came while the request was
// under way, if nothing was written meanwhile.
func (b *batch) deliver(asked asked, answer answer, generation uint64, began time.Time) {
	found := make(map[string]*listed, 2*len(answer.objects))
	for _, object := range answer.objects {
		id, ok := b.idOf(object)
		if !ok {
			continue
		}
		found[id] = &listed{object: object}
		if name, ok := object["name"].(string); ok && found[byName(name)] == nil {
			found[byName(name)] = found[id]
		}
	}
	if len(found) == 0 && len(answer.objects) > 0 {
		b.refused, answer.whole = true, true // objects without ids cannot be told apart
	}
	if asked.ids == nil && generation == b.generation {
		b.keep(found, asked, answer, began)
	}
	b.waiting = slices.DeleteFunc(b.waiting, func(w *waiter) bool {
		timely := w.tried || w.generation == generation
		switch o := found[w.id]; {
		case o != nil && timely:
			w.object = o.take()
		case timely && (answer.whole || asked.window && (span{asked.from, answer.until}).has(w.id)):
			w.object = b.absent(w.id)
		case asked.ids != nil && w.tried: // on its absence, the array has the last word
		default:
			w.tried = false
			return false
		}
		if asked.window {
			b.windows.answered++
		}
		b.answer(w)
		return true
	})
}

// keep adds a window to the listing at hand, or begins one.
func (b *batch) keep(found map[string]*listed, asked asked, answer answer, began time.Time) {
	b.renew()
	if asked.window && b.listing != nil {
		maps.Copy(b.listing, found)
	} else {
		b.listing, b.known, b.whole, b.listed = found, nil, answer.whole, began
	}
	if asked.window {
		b.known = b.known.with(span{asked.from, answer.until})
	}
}

func (b *batch) idOf(object api.Object) (string, bool) {
	if b.source != nil {
		return b.source.ID(object), true
	}
	return idOf(object)
}

// fail sends all who wait to get their object by id, unless that would meet the
// same error.
func (b *batch) fail(err error) {
	if refusal(err) {
		b.refused = true
	}
	for _, w := range b.waiting {
		w.err = lasting(err)
		b.answer(w)
	}
	b.waiting = nil
}

func (b *batch) answer(w *waiter) {
	b.interest--
	close(w.done)
}

// refusal reports whether the array does not let the collection be listed.
func refusal(err error) bool {
	var e *api.Error
	if !errors.As(err, &e) || e.Err != nil || e.Status == http.StatusTooManyRequests {
		return false
	}
	return e.Status == 0 || e.Status >= 400 && e.Status < 500
}

// lasting keeps an error that getting the object by id would meet again.
func lasting(err error) error {
	switch api.ReasonOf(err) {
	case api.Unreachable, api.Untrusted, api.Unauthenticated:
		return err
	}
	return nil
}
