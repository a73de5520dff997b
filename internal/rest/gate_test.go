package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/semaphore"
)

// slow answers one request after the other, each when it is told to.
type slow struct {
	mu     sync.Mutex
	served []string
	answer chan struct{}
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.served = append(s.served, r.URL.Path)
	s.mu.Unlock()
	select {
	case <-s.answer:
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// queued sends requests one after the other, so that each waits behind those
// before it; wait is for their ends.
func queued(t *testing.T, g *gate, paths []string, done func(path string, err error)) (wait func()) {
	t.Helper()
	var all sync.WaitGroup
	for _, path := range paths {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://array/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			response, err := g.RoundTrip(r)
			if err == nil {
				_, err = io.ReadAll(response.Body)
				err = errors.Join(err, response.Body.Close())
			}
			done(path, err)
		})
		synctest.Wait()
	}
	return all.Wait
}

var twenty = strings.Split("abcdefghijklmnopqrst", "")

// Who came first is served first, so that nobody starves behind those who keep
// coming; and who waits for a turn loses nothing of the time that a request has.
func TestTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const timeout = time.Second
		array := &slow{answer: make(chan struct{})}
		g := &gate{next: array, slots: semaphore.NewWeighted(2), timeout: timeout}
		wait := queued(t, g, twenty, func(path string, err error) {
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
		})
		began := time.Now()
		for range twenty {
			<-time.After(timeout / 3) // by the bubble's clock, which nobody waits for
			array.answer <- struct{}{}
			synctest.Wait()
		}
		wait()
		if waited := time.Since(began); waited < 5*timeout {
			t.Errorf("the last waited for %s, which does not show that waiting is free", waited)
		}
		for i, path := range array.served {
			if want := "/" + twenty[i]; path != want {
				t.Fatalf("served in the order %s", array.served)
			}
		}
	})
}

// A request that leaves the queue, because its run was stopped, is gone at once
// and holds nobody up.
func TestLeavingTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		array := &slow{answer: make(chan struct{})}
		g := &gate{next: array, slots: semaphore.NewWeighted(1), timeout: time.Minute}
		wait := queued(t, g, []string{"first"}, func(string, error) {})
		ctx, stop := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://array/leaves", nil)
			if err == nil {
				_, err = g.RoundTrip(r) //nolint:bodyclose // there is none: it never gets its turn
			}
			left <- err
		}()
		synctest.Wait()
		waitLast := queued(t, g, []string{"last"}, func(string, error) {})
		began := time.Now()
		stop()
		if err := <-left; !errors.Is(err, context.Canceled) || time.Since(began) > 0 {
			t.Errorf("left after %s: %v", time.Since(began), err)
		}
		array.answer <- struct{}{}
		array.answer <- struct{}{}
		wait()
		waitLast()
		if !slices.Equal(array.served, []string{"/first", "/last"}) {
			t.Errorf("served %s", array.served)
		}
	})
}

// While Retry-After is waited out, the slot is free for others, and a stop ends
// the wait at once.
func TestRetryAfterHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	answered := make(chan struct{})
	a := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "200")
		w.WriteHeader(http.StatusTooManyRequests)
		close(answered)
	}, text(`{}`))
	c := client(t, a.URL, func(c *Config) { c.MaxConcurrency = 1 })
	ctx, stop := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := c.Do(ctx, Request{Method: http.MethodPost, Path: "volumes"})
		left <- err
	}()
	<-answered
	if _, err := c.Do(t.Context(), Request{Method: http.MethodGet, Path: "volumes"}); err != nil {
		t.Errorf("behind who waits: %v", err)
	}
	began := time.Now()
	stop()
	var e *Error
	if err := <-left; !errors.As(err, &e) || e.Kind != Interrupted || e.Sent || time.Since(began) > time.Second {
		t.Errorf("left after %s: %#v", time.Since(began), err)
	}
	if a.count() != 2 {
		t.Errorf("%d requests", a.count())
	}
}
