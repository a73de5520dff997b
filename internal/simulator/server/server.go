// Package server is what all simulators share: listening, TLS, latency, the log of requests and the
// faults that can be put between a client and a system.
package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// System is one simulated system: an HTTP API and what the server must know about it.
type System interface {
	http.Handler

	// Route names the route that serves a request, as a template: "/api/rest/volumes/{id}".
	Route(method, path string) string

	// Fault is the body the system itself would send with an injected error status.
	Fault(status int) (contentType string, body []byte)
}

// Deferrer is a System that can answer later: Defer keeps the answer and returns the one to send instead,
// which tells the client where to ask again; the kept answer is given after that many polls.
type Deferrer interface {
	Defer(status int, body []byte, polls int) (int, []byte)
}

// SessionEnder is a System whose sessions can be ended by an injected fault.
type SessionEnder interface {
	EndSession(r *http.Request)
}

// Certified is a System that has a certificate of its own. It begins with the one that is made for its server, and may
// change it: each connection is made with the one that it has then.
type Certified interface {
	SetCertificate(certificate tls.Certificate)
	Certificate() (*tls.Certificate, error)
}

// Backstager is a System that is also asked by other simulators. Such requests are no clients': they meet no faults and no
// latency, and are not counted.
type Backstager interface {
	Backstage(r *http.Request) bool
}

// Options say how a System is served. The zero value serves plain HTTP on a free port of 127.0.0.1.
type Options struct {
	Listen   string        // address to listen on; "127.0.0.1:0" when empty
	TLS      bool          // serve HTTPS with a certificate made for this server
	Latency  time.Duration // added to every answer
	Requests io.Writer     // gets one line of JSON a request; nil for none
	Faults   string        // faults to begin with, see ParseFaults
}

// Request is what is kept of a request: never a body, never a header.
type Request struct {
	Method   string        `json:"method"`
	Route    string        `json:"route"`           // template of the path
	Path     string        `json:"path"`            // as sent
	Query    string        `json:"query,omitempty"` // as sent
	Status   int           `json:"status"`          // 0 when no answer was sent
	Duration time.Duration `json:"-"`
}

// Server serves one System until it is closed. It is safe for concurrent use.
type Server struct {
	system  System
	options Options
	url     string
	ca      string
	http    *http.Server

	mu       sync.Mutex
	requests []Request
	faults   *faults
}

// Start listens and serves in the background.
func Start(system System, o Options) (*Server, error) {
	s := &Server{system: system, options: o, faults: &faults{}}
	if err := s.SetFaults(o.Faults); err != nil {
		return nil, err
	}
	listen := o.Listen
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", listen)
	if err != nil {
		return nil, err
	}
	scheme := "http"
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: time.Minute,
		// HTTP/1.1 only: a fault that cuts a connection must cut one request.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		ErrorLog:     quiet,
	}
	if o.TLS {
		certificate, ca, err := makeCertificate(listener.Addr())
		if err != nil {
			_ = listener.Close()
			return nil, err
		}
		scheme, s.ca = "https", ca
		config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		if certified, ok := system.(Certified); ok {
			certified.SetCertificate(certificate)
			config.Certificates = nil
			config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certified.Certificate() }
		}
		listener = tls.NewListener(listener, config)
	}
	s.url = scheme + "://" + listener.Addr().String()
	go func() { _ = s.http.Serve(listener) }()
	return s, nil
}

// URL is where the system is served, without a trailing slash.
func (s *Server) URL() string { return s.url }

// CACertificate is the certificate (PEM) that clients must trust; empty without TLS.
func (s *Server) CACertificate() string { return s.ca }

// Close stops serving and drops what is open.
func (s *Server) Close() error { return s.http.Close() }

// Shutdown stops serving once the requests under way are answered.
func (s *Server) Shutdown(ctx context.Context) error { return s.http.Shutdown(ctx) }

// Requests returns what was asked since the start or the last ResetRequests, in order of arrival of the answers.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// ResetRequests forgets the requests so far.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// SetFaults replaces all faults that are still to come, and counts requests from 1 again; "" ends all faults.
func (s *Server) SetFaults(spec string) error {
	parsed, err := parseFaults(spec)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = parsed
	return nil
}

// Knows reports whether faults mean something to the system: whether it answers later, where they have an answer come
// later, and has sessions, where they end one.
func (s *Server) Knows(spec string) bool {
	parsed, err := parseFaults(spec)
	if err != nil {
		return false
	}
	_, later := s.system.(Deferrer)
	_, sessions := s.system.(SessionEnder)
	return !slices.ContainsFunc(parsed.rules, func(r *rule) bool {
		switch r.fault.kind {
		case "async", "async-fail":
			return !later
		case "session-expire":
			return !sessions
		}
		return false
	})
}

// ServeHTTP lets the system answer into memory, puts the latency and the fault before or after, and logs.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b, ok := s.system.(Backstager); ok && b.Backstage(r) {
		s.system.ServeHTTP(w, r)
		return
	}
	began := time.Now()
	entry := Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Route: s.system.Route(r.Method, r.URL.EscapedPath()),
	}
	s.mu.Lock()
	fault := s.faults.next(entry.Method, entry.Route)
	s.mu.Unlock()

	// Logged before the answer leaves, so that who has the answer finds the request.
	log := func(status int) {
		entry.Status, entry.Duration = status, time.Since(began)
		s.record(entry)
	}
	if !s.wait(r.Context(), s.options.Latency) {
		log(0)
		return
	}
	if fault != nil {
		if s.inject(w, r, fault, log) {
			return
		}
	}
	answer := s.ask(r)
	log(answer.status)
	answer.send(w)
}

// ask lets the system answer into memory.
func (s *Server) ask(r *http.Request) *answer {
	a := &answer{header: http.Header{}, status: http.StatusOK}
	s.system.ServeHTTP(a, r)
	return a
}

// wait sleeps unless the client leaves first.
func (s *Server) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Server) record(entry Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, entry)
	if s.options.Requests == nil {
		return
	}
	line, err := json.Marshal(struct {
		Request
		Milliseconds float64 `json:"duration_ms"`
	}{entry, float64(entry.Duration.Microseconds()) / 1000})
	if err == nil {
		_, _ = s.options.Requests.Write(append(line, '\n'))
	}
}

// answer is a response held in memory, as an http.ResponseWriter.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is what will be sent before the body.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write adds to the body.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

func (a *answer) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes())
}
