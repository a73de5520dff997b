package rest

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// door keeps a wrong password from being tried more than once, which would lock the
// account: until a system has accepted one, requests that carry a password go one at a
// time, and after a refusal none does any more.
type door struct {
	next http.RoundTripper

	mu      sync.Mutex
	open    bool
	refused *Response
	trial   *trial
}

// trial is the one request that is under way while the door is not open.
type trial struct {
	done chan struct{}
	err  error // why it had no answer; those who wait for it would have none either
}

// lockedOutError is the end of a request that was not sent, because an earlier one with the
// same password was refused with this answer.
type lockedOutError struct{ answer *Response }

func (*lockedOutError) Error() string { return "the password was refused before" }

// RoundTrip implements http.RoundTripper.
func (d *door) RoundTrip(request *http.Request) (*http.Response, error) {
	if _, _, carries := request.BasicAuth(); !carries {
		return d.next.RoundTrip(request)
	}
	for {
		mine, wait, err := d.knock()
		switch {
		case err != nil:
			return nil, err
		case wait == nil:
			return d.enter(request, mine)
		}
		select {
		case <-wait.done:
			if wait.err != nil {
				return nil, &attemptError{err: wait.err}
			}
		case <-request.Context().Done():
			return nil, &attemptError{err: request.Context().Err()}
		}
	}
}

// knock says whether a request may go: at once, as the trial that is returned, or when
// another one's trial is over.
func (d *door) knock() (mine, wait *trial, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.refused != nil:
		return nil, nil, &lockedOutError{d.refused}
	case d.open:
		return nil, nil, nil
	case d.trial != nil:
		return nil, d.trial, nil
	}
	d.trial = &trial{done: make(chan struct{})}
	return d.trial, nil, nil
}

// enter sends a request and notes what its answer says of the password.
func (d *door) enter(request *http.Request, mine *trial) (*http.Response, error) {
	response, err := d.next.RoundTrip(request)
	var refused *Response
	if err == nil && response.StatusCode == http.StatusUnauthorized {
		refused, err = kept(response)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err != nil:
	case refused != nil:
		d.refused = refused
	case !turnedAway(response.StatusCode):
		d.open = true
	}
	if mine != nil {
		if request.Context().Err() == nil {
			mine.err = err
		}
		d.trial = nil
		close(mine.done)
	}
	return response, err
}

// turnedAway reports whether a status may come from where no password is looked at.
func turnedAway(status int) bool {
	return status == http.StatusTemporaryRedirect || status == http.StatusTooManyRequests || status >= 500
}

// longestRefusal bounds what is kept of the answer to a wrong password.
const longestRefusal = 64 << 10

// kept reads an answer to keep it, and leaves it to be read again.
func kept(response *http.Response) (*Response, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, longestRefusal))
	if closing := response.Body.Close(); err == nil {
		err = closing
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	return &Response{Status: response.StatusCode, Header: response.Header, Body: body}, err
}
