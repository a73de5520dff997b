package rest

import (
	"net/http"
	"sync"
	"time"
)

// clock follows a system's clock by the Date of its answers. A Date is cut to
// the second and older than its arrival, so each gives a lower bound of how far
// the system's clock is ahead of ours; the highest is the best.
type clock struct {
	// start is this machine's time at the beginning, and counts on by the
	// monotonic clock, whatever is done to the wall clock.
	start time.Time

	mu     sync.Mutex
	ahead  time.Duration
	synced bool
}

func (c *clock) local() time.Time { return c.start.Add(time.Since(c.start)) }

func (c *clock) observe(date string) {
	t, err := http.ParseTime(date)
	if err != nil {
		return
	}
	ahead := t.Sub(c.local())
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.synced || ahead > c.ahead {
		c.ahead, c.synced = ahead, true
	}
}

func (c *clock) now() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.local().Add(c.ahead), c.synced
}
