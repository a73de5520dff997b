package server

import (
	"bytes"
	"context"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"strconv"
)

// quiet keeps net/http from writing about connections that faults cut.
var quiet = log.New(io.Discard, "", 0)

// inject answers a request as the fault says; false means that it is still to be served as ever.
func (s *Server) inject(w http.ResponseWriter, r *http.Request, f *fault, log func(status int)) bool {
	switch f.kind {
	case "refuse":
		log(0)
		cut(w, true)
	case "cut-before":
		_, _ = io.Copy(io.Discard, r.Body)
		log(0)
		cut(w, false)
	case "cut-after":
		s.ask(r)
		log(0)
		cut(w, false)
	case "truncate":
		a := s.ask(r)
		log(a.status)
		truncate(w, a)
	case "malformed":
		a := s.ask(r)
		a.body.Truncate(a.body.Len() / 2)
		a.body.WriteString("\x00}]")
		log(a.status)
		a.send(w)
	case "content-type":
		a := s.ask(r)
		a.header.Set("Content-Type", "text/html; charset=utf-8")
		a.body.Reset()
		a.body.WriteString("<html><head><title>Please wait</title></head><body>The service will be back soon.</body></html>\n")
		log(a.status)
		a.send(w)
	case "slow", "late":
		// That a client leaves is noticed once its request was read.
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		ctx := r.Context()
		if f.kind == "late" {
			ctx = context.WithoutCancel(ctx)
		}
		if !s.wait(ctx, f.duration) {
			log(0)
			return true
		}
		return false
	case "async":
		s.answerLater(w, s.ask(r), f.polls, log)
	case "async-fail":
		_, _ = io.Copy(io.Discard, r.Body)
		s.answerLater(w, s.failed(), f.polls, log)
	case "session-expire":
		if ender, ok := s.system.(SessionEnder); ok {
			ender.EndSession(r)
		}
		s.refuseWith(w, http.StatusUnauthorized, 0, log)
	default:
		s.refuseWith(w, f.status, f.seconds, log)
	}
	return true
}

// failed is the answer of a system that has failed.
func (s *Server) failed() *answer {
	contentType, body := s.system.Fault(http.StatusInternalServerError)
	a := &answer{header: http.Header{"Content-Type": {contentType}}, status: http.StatusInternalServerError}
	a.body.Write(body)
	return a
}

// answerLater leaves an answer for a later poll.
func (s *Server) answerLater(w http.ResponseWriter, a *answer, polls int, log func(status int)) {
	if deferrer, ok := s.system.(Deferrer); ok {
		status, body := deferrer.Defer(a.status, a.body.Bytes(), polls)
		a.status = status
		a.body.Reset()
		a.body.Write(body)
	}
	log(a.status)
	a.send(w)
}

// refuseWith answers with a status and the body that the system itself would send, without asking it.
func (s *Server) refuseWith(w http.ResponseWriter, status, seconds int, log func(status int)) {
	contentType, body := s.system.Fault(status)
	w.Header().Set("Content-Type", contentType)
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	log(status)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// cut closes the connection without an answer; with reset, as a peer does that refuses it.
func cut(w http.ResponseWriter, reset bool) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	connection, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

// truncate promises the whole answer, sends half of it and closes the connection.
func truncate(w http.ResponseWriter, a *answer) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()[:a.body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
