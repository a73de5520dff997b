package server

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counter is a system that counts what it carried out.
type counter struct{ done atomic.Int32 }

func (c *counter) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	c.done.Add(1)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"result":"some result"}`)
}

func (c *counter) Route(_, path string) string {
	return strings.TrimRight(path, "0123456789") + "{id}"
}

func (c *counter) Fault(status int) (string, []byte) {
	return "application/json", []byte(`{"fault":` + http.StatusText(status) + `}`)
}

// once is a client that does not repeat requests by itself, as each has a connection of its own.
func once() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		spec    string
		done    bool   // the system carries it out
		status  int    // 0: no answer
		outcome string // part of the body; "!" if the body cannot be read whole
	}{
		{"1:refuse", false, 0, ""},
		{"1:cut-before", false, 0, ""},
		{"1:cut-after", true, 0, ""},
		{"POST /things/{id}:truncate", true, 200, "!"},
		{"ANY /things/{id}:malformed", true, 200, "\x00"},
		{"*:content-type", true, 200, "<html>"},
		{"1:307", false, 307, "fault"},
		{"1:429:7", false, 429, "fault"},
		{"1-2:503", false, 503, "fault"},
		{"1:slow:1ms", true, 200, "some result"},
		{"1:session-expire", false, 401, "fault"},
		{"2:503", true, 200, "some result"},
		{"GET /things/{id}:503,POST /other:503", true, 200, "some result"},
		{"POST /things/{id}#2:503", true, 200, "some result"},
		{"POST /things/{id}#*:500", false, 500, "fault"},
	} {
		t.Run(c.spec, func(t *testing.T) {
			system := &counter{}
			s, err := Start(system, Options{Faults: c.spec})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			answer, err := once().Post(s.URL()+"/api/things/7", "application/json", strings.NewReader("{}"))
			if (err != nil) != (c.status == 0) {
				t.Fatalf("answer %v, error %v", answer, err)
			}
			if err == nil {
				body, err := io.ReadAll(answer.Body)
				_ = answer.Body.Close()
				if (err != nil) != (c.outcome == "!") {
					t.Errorf("reading the body: %v", err)
				}
				if answer.StatusCode != c.status || c.outcome != "!" && !strings.Contains(string(body), c.outcome) {
					t.Errorf("%d %s", answer.StatusCode, body)
				}
				if want := map[int]string{429: "7"}[c.status]; answer.Header.Get("Retry-After") != want || answer.Header.Get("Location") != "" {
					t.Errorf("headers: %v", answer.Header)
				}
			}
			if (system.done.Load() == 1) != c.done {
				t.Errorf("carried out %d times", system.done.Load())
			}
			requests := s.Requests()
			if len(requests) != 1 || requests[0].Route != "/api/things/{id}" || requests[0].Status != c.status {
				t.Errorf("requests: %+v", requests)
			}
		})
	}
}

// told sends each line of a log on.
type told chan string

func (c told) Write(line []byte) (int, error) {
	c <- string(line)
	return len(line), nil
}

// A slow request ends when its client leaves, also one that has brought a body: it is not
// carried out.
func TestSlowRequestEndsWithItsClient(t *testing.T) {
	system, lines := &counter{}, make(told, 1)
	s, err := Start(system, Options{Faults: "1:slow:1h", Requests: lines})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	client := once()
	client.Timeout = 50 * time.Millisecond
	if answer, err := client.Post(s.URL()+"/api/things/7", "application/json", strings.NewReader("{}")); err == nil {
		_ = answer.Body.Close()
		t.Error("a slow request is answered")
	}
	select {
	case <-lines:
	case <-time.After(10 * time.Second):
		t.Error("it goes on")
	}
	if n := system.done.Load(); n != 0 {
		t.Errorf("carried out %d times", n)
	}
}

func TestFaultsEnd(t *testing.T) {
	f, err := parseFaults("POST /x#2-3:503, 1:cut-after")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"cut-after", "status", "status", ""}
	for i, kind := range want {
		got := ""
		if fault := f.next("POST", "/api/x"); fault != nil {
			got = fault.kind
		}
		if got != kind {
			t.Errorf("request %d: %q, want %q", i+1, got, kind)
		}
	}
}

func TestFaultSyntax(t *testing.T) {
	for _, spec := range []string{
		"503", "0:503", "2-1:503", "x:503", "POST volumes:503", "1:nonsense", "1:200", "1:slow", "1:slow:fast",
		"1:async:x", "1:refuse:1", "POST /x#0:503",
	} {
		if _, err := parseFaults(spec); err == nil {
			t.Errorf("%q was taken", spec)
		}
	}
}

// whole is a system with sessions that answers later.
type whole struct{ counter }

func (*whole) EndSession(*http.Request) {}

func (*whole) Defer(status int, body []byte, _ int) (int, []byte) { return status, body }

func TestKnownFaults(t *testing.T) {
	for spec, want := range map[string]struct{ plain, whole bool }{
		"1:cut-after,2:503": {true, true}, "1:async:2,2:500": {false, true}, "1:async-fail": {false, true},
		"POST /volumes:session-expire": {false, true}, "1:no-such-fault": {false, false},
	} {
		for system, want := range map[System]bool{&counter{}: want.plain, &whole{}: want.whole} {
			s, err := Start(system, Options{})
			s = Started(t, s, err)
			if s.Knows(spec) != want {
				t.Errorf("%T knows %s: %t, want %t", system, spec, !want, want)
			}
		}
	}
}

func TestTLSAndLog(t *testing.T) {
	var log bytes.Buffer
	s, err := Start(&counter{}, Options{TLS: true, Latency: time.Millisecond, Requests: &log})
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(s.CACertificate())) || !strings.HasPrefix(s.URL(), "https://") {
		t.Fatalf("%s %s", s.URL(), s.CACertificate())
	}
	if answer, err := once().Get(s.URL()); err == nil {
		_ = answer.Body.Close()
		t.Error("a client that does not trust the CA was served")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	answer, err := client.Get(s.URL() + "/api/things/7?a=b")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	client.CloseIdleConnections()
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"method":"GET"`, `"route":"/api/things/{id}"`, `"query":"a=b"`, `"status":200`, `"duration_ms":`} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("log has no %s: %s", part, log.String())
		}
	}
	s.ResetRequests()
	if len(s.Requests()) != 0 {
		t.Error("requests were not forgotten")
	}
}
