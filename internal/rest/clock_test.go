package rest

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// skewed is a system whose clock is ahead of ours. Its answers take some time each way.
type skewed struct {
	clock
	ahead, way time.Duration
	asked      int
}

func (s *skewed) time() time.Time { return time.Now().Add(s.ahead) }

func (s *skewed) ask(context.Context) error {
	sent := time.Now()
	<-time.After(s.way) // by the bubble's clock, which nobody waits for
	date := s.time().UTC().Format(http.TimeFormat)
	<-time.After(s.way)
	s.asked++
	s.observe(date, sent)
	return nil
}

// inBubble plays with systems whose clocks are ahead by all kinds of fractions of a second.
func inBubble(t *testing.T, play func(t *testing.T, s *skewed)) {
	t.Helper()
	for _, way := range []time.Duration{0, time.Millisecond, 9 * time.Millisecond} {
		for ahead := -3 * time.Second; ahead < 3*time.Second; ahead += 77 * time.Millisecond {
			synctest.Test(t, func(t *testing.T) {
				play(t, &skewed{clock: clock{start: time.Now()}, ahead: ahead, way: way})
			})
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *skewed) {
		if _, ok := s.now(); ok {
			t.Error("it knows the time without an answer")
		}
		s.observe("yesterday", time.Now())
		for range 3 {
			_ = s.ask(t.Context())
			<-time.After(300 * time.Millisecond)
		}
		got, ok := s.now()
		if behind := s.time().Sub(got); !ok || behind < 0 || behind > time.Second+s.way {
			t.Errorf("%v behind", behind)
		}
	})
}

// What is made right after a moment is told from what was made right before, whatever
// the clocks show, and nothing is asked where the answers so far tell.
func TestMadeSince(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age  time.Duration // when the system gets the request
		want bool
		most int
	}{
		"a minute before":             {time.Minute, false, 0},
		"a tenth before":              {100 * time.Millisecond, false, tellings},
		"a twentieth before":          {50 * time.Millisecond, false, tellings},
		"as the request comes":        {0, true, 1},
		"after a quick answer":        {-9 * time.Millisecond, true, 1},
		"after a slow one":            {-300 * time.Millisecond, true, 1},
		"after one that takes longer": {-2 * time.Second, true, 0},
	} {
		inBubble(t, func(t *testing.T, s *skewed) {
			_ = s.ask(t.Context())
			s.asked = 0
			began := time.Now()
			made := s.time().Add(s.way - test.age).Truncate(time.Millisecond)
			if got := s.madeSince(t.Context(), made, began, s.ask); got != test.want {
				t.Errorf("%s: %v ahead by %v, %v away", name, got, s.ahead, s.way)
			}
			if test.age > 0 && s.way == 0 && s.asked > 1 {
				t.Errorf("%s: a system that answers at once was asked %d times", name, s.asked)
			}
			if waited := time.Since(began); s.asked > test.most || waited > tellings*(time.Second+2*s.way) {
				t.Errorf("%s: asked %d times in %v", name, s.asked, waited)
			}
		})
	}
}

// A run that ends meanwhile waits no longer, and a clock that was set is learned anew.
func TestMadeSinceEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &skewed{clock: clock{start: time.Now()}, ahead: 500 * time.Millisecond}
		_ = s.ask(t.Context())
		ctx, cancel := context.WithTimeout(t.Context(), time.Microsecond)
		defer cancel()
		if s.madeSince(ctx, s.time(), time.Now(), s.ask) || s.asked > 1 {
			t.Error("it has not ended")
		}
		s.ahead += time.Hour
		_ = s.ask(t.Context())
		if got, _ := s.now(); s.time().Sub(got) > time.Second {
			t.Errorf("after the clock was set: %v behind", s.time().Sub(got))
		}
	})
}
