package rest

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	// quickest and slowest bound how long before a moment something may have been made
	// and still count as made since: as exact as answers are quick.
	quickest, slowest = 2 * time.Millisecond, 100 * time.Millisecond
	// tellings bounds how often a system is asked for the time, a second apart at most.
	// Where its answers come quickly, one tells.
	tellings = 6
)

// clock follows a system's clock by the Date of its answers. A Date is cut to the
// second, and its answer was under way for a time that nobody knows; so each gives
// bounds of how far the system's clock is ahead of ours.
type clock struct {
	// start is this machine's time at the beginning, and counts on by the
	// monotonic clock, whatever is done to the wall clock.
	start time.Time

	mu     sync.Mutex
	least  time.Duration // the system's clock is ahead by this or more,
	most   time.Duration // and by less than this
	synced bool
}

func (c *clock) local() time.Time { return c.start.Add(time.Since(c.start)) }

// observe learns from the Date of an answer to a request that was sent at a moment of
// ours and is here now.
func (c *clock) observe(date string, sent time.Time) {
	t, err := http.ParseTime(date)
	if err != nil {
		return
	}
	least, most := t.Sub(c.local()), t.Add(time.Second).Sub(c.at(sent))
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.synced || max(c.least, least) >= min(c.most, most) { // one of the clocks was set
		c.least, c.most, c.synced = least, most, true
		return
	}
	c.least, c.most = max(c.least, least), min(c.most, most)
}

// at is a moment of ours by the clock that nobody sets.
func (c *clock) at(moment time.Time) time.Time { return c.start.Add(moment.Sub(c.start)) }

func (c *clock) now() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.local().Add(c.least), c.synced
}

// madeSince reports whether what the system dates made, in milliseconds, was made after
// a moment of ours. Where the bounds leave it open it asks the system for an answer at
// the moment whose second tells.
func (c *clock) madeSince(ctx context.Context, made, began time.Time, ask func(context.Context) error) bool {
	// So far ahead the system's clock may be, and it was made since.
	bound, tolerance := made.Add(time.Millisecond).Sub(c.at(began)), quickest
	for range tellings {
		c.mu.Lock()
		since, before := c.synced && c.most <= bound+tolerance, c.synced && c.least > bound
		c.mu.Unlock()
		if since || before {
			return since
		}
		// An answer of now shows the last second only if the clock is ahead by less.
		now := c.local().Add(bound + tolerance)
		moment := now.Truncate(time.Second).Add(time.Second)
		wait := time.NewTimer(moment.Sub(now))
		select {
		case <-ctx.Done():
			wait.Stop()
			return false
		case <-wait.C:
		}
		if ask(ctx) != nil {
			return false
		}
		late := c.local().Add(bound + tolerance).Sub(moment)
		tolerance = min(max(tolerance, 2*late), slowest)
	}
	return false
}
