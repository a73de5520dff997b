package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// errTimeout is an attempt's own time-out, as opposed to its context's.
var errTimeout = errors.New("no complete answer within the time-out of a request")

// attemptError tells why an attempt had no answer, and whether its request may
// have reached the system.
type attemptError struct {
	err     error
	written bool
}

func (e *attemptError) Error() string { return e.err.Error() }
func (e *attemptError) Unwrap() error { return e.err }

// gate lets a bounded number of attempts through, first come, first served. An
// attempt's time-out starts with its turn, so that a queue costs nobody an
// answer; it keeps its slot until the body of its answer is closed.
type gate struct {
	next    http.RoundTripper
	slots   *semaphore.Weighted
	timeout time.Duration
}

func (g *gate) RoundTrip(request *http.Request) (*http.Response, error) {
	outer := request.Context()
	if err := g.slots.Acquire(outer, 1); err != nil {
		return nil, &attemptError{err: err}
	}
	ctx, cancel := context.WithTimeout(outer, g.timeout)
	leave := func() {
		cancel()
		g.slots.Release(1)
	}

	var written atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	})
	response, err := g.next.RoundTrip(request.WithContext(traced))
	if err != nil {
		if ctx.Err() != nil && outer.Err() == nil {
			err = errTimeout
		}
		leave()
		return nil, &attemptError{err: err, written: written.Load()}
	}
	response.Body = &gatedBody{ReadCloser: response.Body, ctx: ctx, outer: outer, leave: leave}
	return response, nil
}

// gatedBody gives the slot back when it is closed, which one goroutine does.
type gatedBody struct {
	io.ReadCloser
	ctx, outer context.Context
	leave      func()
}

func (b *gatedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF && b.ctx.Err() != nil && b.outer.Err() == nil {
		err = errTimeout
	}
	return n, err
}

func (b *gatedBody) Close() error {
	err := b.ReadCloser.Close()
	if b.leave != nil {
		b.leave()
		b.leave = nil
	}
	return err
}
