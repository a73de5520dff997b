package entity

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// How long an operation waits, once nothing else is under way, for another one that
// may free what it wants: Terraform takes a moment to begin the next. Where one has
// given up and nothing new has begun, the others have little to hope for.
var (
	patience       = 2 * time.Second
	littlePatience = 250 * time.Millisecond
)

// How long an operation leaves between its attempts at least, and at most.
const (
	firstPause   = 20 * time.Millisecond
	longestPause = time.Second
)

// underWay is how long a request that got no answer is given to be carried out all the
// same.
const underWay = 250 * time.Millisecond

// traffic follows the operations of one run, so that one which wants what another is
// about to free can wait for it: a name, a LUN, a port, a place in a cluster. Nobody
// knows in advance what Terraform will begin. So a refusal that may pass is waited
// out as long as the run gets on; when it stands still, whoever waits the longest
// gives up, which lets Terraform begin something else in its place.
type traffic struct {
	mu      sync.Mutex
	working int       // operations under way that do not wait
	queue   []*waiter // those that wait, the longest first
	freed   uint64    // how often something was done that may free something
	stirred time.Time // when an operation last began, ended or wrote
	stalled bool      // one has given up, and none has begun since
	changed chan struct{}
	begun   bool           // an operation has begun: this is an apply
	gives   map[string]int // what updates under way are to give up
}

// waiter is not empty: the addresses of empty things may be alike.
type waiter struct{ _ byte }

// begin notes that an operation has begun, which will give up what gives names. Its
// end is to be called when it is over.
func (t *traffic) begin(gives ...string) (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.working++
	t.stalled, t.begun = false, true
	if t.gives == nil {
		t.gives = map[string]int{}
	}
	for _, key := range gives {
		t.gives[key]++
		t.freed++ // who waits for it may now give up what this one wants
	}
	t.stir()
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.working--
		for _, key := range gives {
			t.gives[key]--
		}
		t.stir()
	}
}

// willGive reports whether an update under way is to give up what the key names.
func (t *traffic) willGive(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.gives[key] > 0
}

// touch notes that Terraform is at work, as between two operations.
func (t *traffic) touch() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stirred = time.Now()
}

// did notes a request that was carried out. Creating something frees nothing.
func (t *traffic) did(r api.Request, isCreation bool) {
	if r.Method == http.MethodGet || isCreation {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.freed++
	t.stir()
}

// stir wakes those who wait; t.mu is held.
func (t *traffic) stir() {
	t.stirred = time.Now()
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

// seen is what has been freed so far: to be asked before an attempt.
func (t *traffic) seen() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.freed
}

// await returns true when something may have been freed since seen, and false when
// there is nothing to wait for any longer.
func (t *traffic) await(ctx context.Context, seen uint64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	me := &waiter{}
	t.queue = append(t.queue, me)
	t.working--
	t.stir()
	defer func() {
		t.queue = slices.DeleteFunc(t.queue, func(w *waiter) bool { return w == me })
		t.working++
	}()
	for t.freed == seen {
		left, endless := t.hope(me)
		if left <= 0 && !endless {
			t.stalled = true
			return false
		}
		standstill := time.NewTimer(left)
		if endless {
			standstill.Stop()
		}
		if t.changed == nil {
			t.changed = make(chan struct{})
		}
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
		case <-standstill.C:
		case <-ctx.Done():
		}
		standstill.Stop()
		t.mu.Lock()
		if ctx.Err() != nil {
			return false
		}
	}
	return true
}

// hope is how long one that waits has to wait yet before it gives up; without an end as
// long as others are at work, or have waited for longer. t.mu is held.
func (t *traffic) hope(w *waiter) (left time.Duration, endless bool) {
	if t.working > 0 || t.queue[0] != w {
		return 0, true
	}
	left = patience
	if t.stalled {
		left = littlePatience
	}
	return left - time.Since(t.stirred), false
}

// mayPass reports whether what another operation does can lift a refusal.
func mayPass(err error) bool {
	switch api.ReasonOf(err) {
	case api.NameTaken, api.AlreadyThere, api.Conflict:
		return true
	}
	return false
}

// patiently carries out an operation, again and again as long as it is refused for
// what others may yet change.
func (s *Session) patiently(ctx context.Context, attempt func() error) error {
	pause := firstPause
	for {
		seen := s.traffic.seen()
		err := attempt()
		if !mayPass(err) || !s.traffic.await(ctx, seen) {
			return err
		}
		if !linger(ctx, pause) {
			return err
		}
		pause = min(2*pause, longestPause)
	}
}

// linger lets a moment pass; false where the run is stopped meanwhile.
func linger(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// do sends a request to the system.
func (s *Session) do(ctx context.Context, r api.Request, isCreation bool) (any, error) {
	answer, err := s.Client.Do(ctx, r)
	if err == nil {
		s.traffic.did(r, isCreation)
	}
	return answer, err
}
