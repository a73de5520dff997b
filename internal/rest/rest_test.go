package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// array is a server whose answers a test scripts, one per attempt; the last
// repeats.
type array struct {
	*httptest.Server
	mu       sync.Mutex
	answers  []http.HandlerFunc
	requests []string
}

func serve(t *testing.T, answers ...http.HandlerFunc) *array {
	t.Helper()
	a := &array{answers: answers}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		a.mu.Lock()
		answer := a.answers[min(len(a.requests), len(a.answers)-1)]
		a.requests = append(a.requests, r.Method+" "+r.URL.RequestURI())
		a.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *array) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.requests)
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"status":%d}`, code)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// cut closes the connection after the request arrived.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// truncated promises more than it sends.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"result":`)
	panic(http.ErrAbortHandler)
}

func silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func client(t *testing.T, endpoint string, change ...func(*Config)) *Client {
	t.Helper()
	config := Config{Endpoint: endpoint, BasePath: "/api/", MinWait: time.Microsecond, MaxWait: time.Millisecond, MaxRetries: 4}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func isJSON(r *Response) error {
	if !json.Valid(r.Body) {
		return errors.New("not JSON")
	}
	return nil
}

func TestRepetitions(t *testing.T) {
	const post, get, put, del = http.MethodPost, http.MethodGet, http.MethodPut, http.MethodDelete
	ok := text(`{}`)
	all := []string{get, post, put, del}
	tests := []struct {
		name    string
		answers []http.HandlerFunc
		methods []string
		sent    int
		status  int  // of the final answer
		kind    Kind // where there is none
		inDoubt bool // Response.Repeated or Error.Sent
	}{
		{"answer", []http.HandlerFunc{ok}, all, 1, 200, 0, false},
		{"refusal", []http.HandlerFunc{status(404)}, all, 1, 404, 0, false},
		{"server error", []http.HandlerFunc{status(500), ok}, all, 1, 500, 0, false},
		{"redirect", []http.HandlerFunc{status(302), ok}, all, 1, 302, 0, false},
		{"reconfiguring", []http.HandlerFunc{status(307), ok}, all, 2, 200, 0, false},
		{"too many", []http.HandlerFunc{status(429), status(429), ok}, all, 3, 200, 0, false},
		{"unavailable", []http.HandlerFunc{status(503), ok}, all, 2, 200, 0, false},
		{"unavailable for ever", []http.HandlerFunc{status(503)}, all, 5, 0, Busy, false},
		{"cut", []http.HandlerFunc{cut, ok}, []string{put, del}, 2, 200, 0, true},
		{"cut POST", []http.HandlerFunc{cut, ok}, []string{post}, 1, 0, NoAnswer, true},
		{"cut for ever", []http.HandlerFunc{cut}, []string{put, del}, 5, 0, NoAnswer, true},
		{"cut then unavailable", []http.HandlerFunc{cut, status(503)}, []string{put, del}, 5, 0, Busy, true},
		{"truncated", []http.HandlerFunc{truncated, ok}, []string{get, put, del}, 2, 200, 0, true},
		{"truncated POST", []http.HandlerFunc{truncated, ok}, []string{post}, 1, 0, NoAnswer, true},
		{"no JSON", []http.HandlerFunc{text("<html>"), ok}, []string{get, put, del}, 2, 200, 0, true},
		{"no JSON POST", []http.HandlerFunc{text("<html>"), ok}, []string{post}, 1, 0, BadAnswer, true},
		{"bad gateway", []http.HandlerFunc{status(502), ok}, []string{get, put, del}, 2, 200, 0, true},
		{"bad gateway POST", []http.HandlerFunc{status(502), ok}, []string{post}, 1, 0, NoAnswer, true},
		{"gateway time-out POST", []http.HandlerFunc{status(504), ok}, []string{post}, 1, 0, NoAnswer, true},
		{"unavailable then bad gateway POST", []http.HandlerFunc{status(503), status(502), ok}, []string{post}, 2, 0, NoAnswer, true},
		{"GET in doubt is nothing sent", []http.HandlerFunc{status(502)}, []string{get}, 5, 0, NoAnswer, false},
	}
	for _, test := range tests {
		for _, method := range test.methods {
			t.Run(test.name+" "+method, func(t *testing.T) {
				t.Parallel()
				a := serve(t, test.answers...)
				r := Request{Method: method, Path: "volumes/1", Decode: isJSON}
				if method == post || method == put {
					r.Body = map[string]any{"name": "a"}
				}
				response, err := client(t, a.URL).Do(t.Context(), r)
				if got := a.count(); got != test.sent {
					t.Errorf("%d requests, want %d: %v", got, test.sent, err)
				}
				if test.status != 0 {
					if err != nil {
						t.Fatal(err)
					}
					if response.Status != test.status || response.Repeated != test.inDoubt {
						t.Errorf("status %d, repeated %v", response.Status, response.Repeated)
					}
					return
				}
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("got %v, %v", response, err)
				}
				if e.Kind != test.kind || e.Sent != test.inDoubt || e.Attempts != test.sent {
					t.Errorf("got %+v", e)
				}
			})
		}
	}
}

func TestRepeatablePost(t *testing.T) {
	a := serve(t, cut, text(`{}`))
	_, err := client(t, a.URL).Do(t.Context(), Request{Method: http.MethodPost, Path: "users/login", Repeatable: true})
	if err != nil || a.count() != 2 {
		t.Error(a.count(), err)
	}
}

func TestNoConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	_, err = client(t, "http://"+listener.Addr().String()).Do(t.Context(), Request{Method: http.MethodPost, Path: "volumes"})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Unreachable || e.Sent || e.Attempts != 1+unreachedRetries {
		t.Fatalf("got %#v", err)
	}

	// A system that was reached before is given all repetitions.
	a := serve(t, text(`{}`))
	c := client(t, a.URL)
	if _, err := c.Do(t.Context(), Request{Method: http.MethodGet, Path: "system"}); err != nil {
		t.Fatal(err)
	}
	a.Close()
	c.Close()
	_, err = c.Do(t.Context(), Request{Method: http.MethodPost, Path: "volumes"})
	if !errors.As(err, &e) || e.Kind != Unreachable || e.Sent || e.Attempts != 5 {
		t.Fatalf("got %#v", err)
	}
}

func TestUnknownHost(t *testing.T) {
	c := client(t, "https://array.example.com")
	c.transport.current.Load().DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "array.example.com", IsNotFound: true}
	}
	_, err := c.Do(t.Context(), Request{Method: http.MethodGet, Path: "volumes"})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Unreachable || e.Attempts != 1 {
		t.Fatalf("got %#v", err)
	}
}

func TestTimeoutOfOneAttempt(t *testing.T) {
	short := func(c *Config) { c.Timeout = 20 * time.Millisecond }
	for _, test := range []struct {
		method string
		sent   int
		status int
	}{{http.MethodGet, 2, 200}, {http.MethodPost, 1, 0}} {
		a := serve(t, silent, text(`{}`))
		response, err := client(t, a.URL, short).Do(t.Context(), Request{Method: test.method, Path: "volumes"})
		if a.count() != test.sent {
			t.Errorf("%s: %d requests", test.method, a.count())
		}
		if test.status != 0 && (err != nil || response.Status != test.status) {
			t.Error(err)
		}
		var e *Error
		if test.status == 0 && (!errors.As(err, &e) || e.Kind != NoAnswer || !e.Sent || !errors.Is(err, errTimeout)) {
			t.Errorf("got %#v", err)
		}
	}
}

func TestCancellation(t *testing.T) {
	t.Run("in flight", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		a := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		_, err := client(t, a.URL).Do(ctx, Request{Method: http.MethodPost, Path: "volumes"})
		var e *Error
		if !errors.As(err, &e) || e.Kind != Interrupted || !e.Sent || !errors.Is(err, context.Canceled) {
			t.Errorf("got %#v", err)
		}
	})
	t.Run("while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		a := serve(t, status(503))
		c := client(t, a.URL, func(c *Config) { c.MinWait, c.MaxWait = time.Hour, time.Hour })
		time.AfterFunc(20*time.Millisecond, cancel)
		_, err := c.Do(ctx, Request{Method: http.MethodPost, Path: "volumes"})
		var e *Error
		if !errors.As(err, &e) || e.Kind != Interrupted || e.Sent || e.Response == nil || e.Response.Status != 503 {
			t.Errorf("got %#v", err)
		}
	})
	t.Run("for a slot", func(t *testing.T) {
		a := serve(t, silent)
		c := client(t, a.URL, func(c *Config) { c.MaxConcurrency = 1 })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = c.Do(ctx, Request{Method: http.MethodGet, Path: "volumes"})
		}()
		for a.count() == 0 {
			time.Sleep(time.Millisecond)
		}
		second, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer stop()
		_, err := c.Do(second, Request{Method: http.MethodPost, Path: "volumes"})
		var e *Error
		if !errors.As(err, &e) || e.Kind != Interrupted || e.Sent || a.count() != 1 {
			t.Errorf("got %#v", err)
		}
		cancel()
		<-done
	})
	t.Run("a wait beyond the deadline is not begun", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		a := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := client(t, a.URL).Do(ctx, Request{Method: http.MethodGet, Path: "volumes"})
		var e *Error
		if !errors.As(err, &e) || e.Kind != Busy || a.count() != 1 {
			t.Errorf("got %#v", err)
		}
	})
}

func TestConcurrencyIsBounded(t *testing.T) {
	const slots, requests = 3, 24
	var now, most atomic.Int64
	full := make(chan struct{})
	a := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if n == slots {
			select {
			case <-full:
			default:
				close(full)
			}
		}
		<-full // so that the bound is reached, and not only kept
		now.Add(-1)
		_, _ = io.WriteString(w, `{}`)
	})
	var connections atomic.Int64
	c := client(t, a.URL, func(c *Config) { c.MaxConcurrency = slots })
	c.transport.current.Load().DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		connections.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	var wg sync.WaitGroup
	for range requests {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), Request{Method: http.MethodGet, Path: "volumes"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() != slots {
		t.Errorf("%d at a time, want %d", most.Load(), slots)
	}
	if n := connections.Load(); n > slots {
		t.Errorf("%d connections for %d slots", n, slots)
	}
}

func TestRequestOnTheWire(t *testing.T) {
	a := serve(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		fmt.Fprintf(w, `%q`, []string{r.Method, r.URL.EscapedPath(), user, password, r.Header.Get("Content-Type"), r.UserAgent()})
	})
	c := client(t, a.URL+"/", func(c *Config) { c.Auth, c.UserAgent = Basic{"u", "p"}, "test/1" })
	response, err := c.Do(t.Context(), Request{Method: http.MethodPost, Path: "hosts/1/ports/iqn%2Fa", Body: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(response.Body), `["POST" "/api/hosts/1/ports/iqn%2Fa" "u" "p" "application/json" "test/1"]`; got != want {
		t.Errorf("got %s", got)
	}
}

func TestPathsThatMeanOthers(t *testing.T) {
	a := serve(t, text(`{}`))
	c := client(t, a.URL)
	for _, path := range []string{"", "volumes/", "/volumes", "volumes//1", "volumes/../pools", "volumes/%2e%2E", "volumes?x=1", "volumes#x", "volumes/%zz", `volumes\x`} {
		_, err := c.Do(t.Context(), Request{Method: http.MethodDelete, Path: path})
		var e *Error
		if !errors.As(err, &e) || e.Kind != Invalid {
			t.Errorf("%q: %v", path, err)
		}
	}
	if a.count() != 0 {
		t.Error("something was sent")
	}
}

func TestAnswerTooLarge(t *testing.T) {
	a := serve(t, text(strings.Repeat("x", 101)))
	_, err := client(t, a.URL, func(c *Config) { c.MaxAnswer = 100 }).Do(t.Context(), Request{Method: http.MethodGet, Path: "volumes"})
	if !errors.Is(err, errTooLarge) || a.count() != 1 {
		t.Error(a.count(), err)
	}
}

func TestSession(t *testing.T) {
	var logins atomic.Int64
	valid := func() string { return fmt.Sprintf("id=%d", logins.Load()) }
	a := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != valid() || logins.Load() == 1 {
			w.WriteHeader(http.StatusUnauthorized) // the first session expires at once
		}
	})
	s := NewSession(func(context.Context) (http.Header, error) {
		logins.Add(1)
		return http.Header{"Cookie": {valid()}}, nil
	})
	c := client(t, a.URL, func(c *Config) { c.Auth = s })
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			response, err := c.Do(t.Context(), Request{Method: http.MethodPost, Path: "volumes"})
			if err != nil || response.Status != 200 {
				t.Error(response, err)
			}
		})
	}
	wg.Wait()
	if logins.Load() != 2 {
		t.Errorf("%d logins", logins.Load())
	}
}

func TestSessionRefused(t *testing.T) {
	logins := 0
	s := NewSession(func(context.Context) (http.Header, error) {
		logins++
		return nil, fmt.Errorf("%w: bad password", ErrRefused)
	})
	a := serve(t, text(`{}`))
	c := client(t, a.URL, func(c *Config) { c.Auth = s })
	for range 3 {
		if _, err := c.Do(t.Context(), Request{Method: http.MethodGet, Path: "volumes"}); !errors.Is(err, ErrRefused) {
			t.Error(err)
		}
	}
	if logins != 1 || a.count() != 0 {
		t.Errorf("%d logins, %d requests", logins, a.count())
	}
}

func TestSecondRefusalIsFinal(t *testing.T) {
	a := serve(t, status(401))
	s := NewSession(func(context.Context) (http.Header, error) { return http.Header{"Cookie": {"a"}}, nil })
	response, err := client(t, a.URL, func(c *Config) { c.Auth = s }).Do(t.Context(), Request{Method: http.MethodGet, Path: "volumes"})
	if err != nil || response.Status != 401 || a.count() != 2 {
		t.Error(a.count(), err)
	}
}

func TestBackoff(t *testing.T) {
	k := &call{Client: &Client{minWait: 100 * time.Millisecond, maxWait: 3 * time.Second}}
	for attempt, want := range map[int]time.Duration{1: 100e6, 2: 200e6, 3: 400e6, 6: 3e9, 7: 3e9, 1000: 3e9} {
		for range 100 {
			if got := k.backoff(attempt); got < want/2 || got > want {
				t.Fatalf("attempt %d: %v is not within half of %v", attempt, got, want)
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"0": 0, "7": 7 * time.Second, "Fri, 31 Dec 1999 23:59:59 GMT": 0,
	} {
		if got, ok := retryAfter(header); !ok || got != want {
			t.Errorf("%q: %v %v", header, got, ok)
		}
	}
	for _, header := range []string{"", "-1", "soon", "1.5"} {
		if got, ok := retryAfter(header); ok {
			t.Errorf("%q: %v", header, got)
		}
	}
	date := time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
	if got, ok := retryAfter(date); !ok || got < 58*time.Second || got > time.Minute {
		t.Errorf("%q: %v %v", date, got, ok)
	}
}
