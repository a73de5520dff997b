// Package rest is HTTP for every system: TLS, time-outs, bounded concurrency,
// retries that never carry out anything twice, and logs without secrets. It
// knows no system: what an answer's body means is its caller's business.
//
// # What is repeated
//
// An attempt that was certainly not carried out (no connection; the answers
// 307, 429 and 503) is repeated for every method. One that may have been
// carried out (the connection broke or went silent after the request was
// written; 502, 504; an answer that cannot be read) is repeated only where that
// does no harm: GET, HEAD, PUT, DELETE and what its caller calls Repeatable. A
// POST ends there, with an Error whose Sent is true. Any other answer is final.
//
// Waits double from Config.MinWait to Config.MaxWait, with jitter; Retry-After
// is honoured. Where a wait would outlast the context's deadline, Do gives up
// at once. An endpoint that never answered yet is given up after three
// repetitions: it is more likely misspelt than down.
//
// A password that was refused is not sent again: every later request ends with that
// answer, and until a password has been accepted, requests go one at a time.
package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Request is one request, repeated as often as needed.
type Request struct {
	Method string
	// Path is relative to the base path, with escaped segments; empty segments
	// and dots are refused, so that an empty id never addresses a collection.
	Path  string
	Query url.Values
	// Body is sent as JSON, but for a Form; nil sends none.
	Body any
	// Header is added to every attempt. No log holds it.
	Header http.Header
	// Repeatable says that carrying out this POST twice does no harm.
	Repeatable bool
	// Anonymous sends no credentials.
	Anonymous bool
	// Send carries out one attempt in place of this client, by the transport that
	// it is given, for a system whose own client has to make its requests. Path
	// then names the operation in logs and errors, and Query is what the log shows.
	Send func(attempt *http.Request, transport http.RoundTripper) (*http.Response, error)
	// Busy recognises an answer that asks to come back later where its status does
	// not say so.
	Busy func(*Response) bool
	// Decode reads the body of a 2xx answer. Its error says that the answer is
	// unusable, and is treated like a connection that broke.
	Decode func(*Response) error
}

// Response is a system's final answer, whatever its status.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// Repeated says that an earlier attempt may already have been carried out:
	// a 404 to a repeated DELETE means success.
	Repeated bool
}

// Do sends the request until there is a final answer. Its error is an *Error,
// or what the Authenticator returned.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	k, err := c.newCall(r)
	if err != nil {
		return nil, err
	}
	for renewed := false; ; renewed = true {
		response, err := k.run(ctx)
		if err != nil || response.Status != http.StatusUnauthorized || renewed || k.auth == nil {
			return response, err
		}
		again, err := k.auth.Renew(ctx, k.sent)
		if err != nil {
			return nil, err
		}
		if !again {
			return response, nil
		}
	}
}

// newCall does what all attempts share.
func (c *Client) newCall(r Request) (*call, error) {
	k := &call{
		Client:     c,
		request:    r,
		operation:  r.Method + " " + RedactPath(r.Path),
		repeatable: r.Repeatable,
		auth:       c.auth,
		serial:     c.serial.Add(1),
	}
	if r.Anonymous {
		k.auth = nil
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		k.repeatable, k.readOnly = true, true
	case http.MethodPut, http.MethodDelete:
		k.repeatable = true
	}
	if err := checkPath(r.Path); err != nil {
		return nil, &Error{Kind: Invalid, Operation: k.operation, Err: err}
	}
	// JoinPath would clean the path, and url.URL{Path: …} escape it again.
	u, err := url.Parse(c.base.String() + "/" + r.Path)
	if err != nil {
		return nil, &Error{Kind: Invalid, Operation: k.operation, Err: fmt.Errorf("the path is not valid in a URL")}
	}
	u.RawQuery = r.Query.Encode()
	k.url = u.String()
	if r.Body != nil {
		if k.contentType, k.body, err = encode(r.Body); err != nil {
			return nil, &Error{Kind: Invalid, Operation: k.operation, Err: fmt.Errorf("encoding the request's body: %w", err)}
		}
	}
	return k, nil
}

// encode writes a request's body, and says of what type it is.
func encode(body any) (contentType string, encoded []byte, err error) {
	if form, ok := body.(Form); ok {
		return form.encode()
	}
	encoded, err = json.Marshal(body)
	return "application/json", encoded, err
}

// checkPath refuses what would make a path mean another resource.
func checkPath(path string) error {
	if strings.ContainsAny(path, "?#\\") {
		return fmt.Errorf("the path must hold no query and no fragment")
	}
	for segment := range strings.SplitSeq(path, "/") {
		plain, err := url.PathUnescape(segment)
		switch {
		case segment == "":
			return fmt.Errorf("the path does not say which object it is about: it has an empty segment, and nothing was sent")
		case err != nil || plain == "." || plain == "..":
			return fmt.Errorf("the path has a relative segment, or one that is wrongly escaped")
		}
	}
	return nil
}
