package rest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// Kind tells errors apart by what was missing for an answer.
type Kind int

// The kinds of Error.
const (
	Invalid     Kind = iota // the request cannot be sent as it is
	Unreachable             // no connection
	Untrusted               // the system's certificate was not accepted
	NoAnswer                // the connection broke or went silent
	BadAnswer               // the answer could not be used
	Busy                    // 307, 429 or 503 until the end
	Interrupted             // the context ended
)

// ErrUnsent marks an error of Request.Send from before anything was sent, which
// another attempt would only meet again.
var ErrUnsent = errors.New("the request could not be made")

// Error is a request that ended without a final answer.
type Error struct {
	Kind Kind
	// Operation is the method and path: "POST volumes".
	Operation string
	// Sent is true where the system may have carried out the request, of which
	// there is no word. It is never true of a GET.
	Sent bool
	// Attempts is how often the request was sent.
	Attempts int
	// Response is the last answer where there was one, as 503 for Busy.
	Response *Response
	Err      error
}

func (e *Error) Error() string {
	text := e.Operation + ": "
	if e.Err != nil {
		text += e.Err.Error()
	} else if e.Response != nil {
		text += fmt.Sprintf("HTTP status %d", e.Response.Status)
	}
	if e.Attempts > 1 {
		text += fmt.Sprintf(" (after %d attempts)", e.Attempts)
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// unwrapURL drops what http.Client puts around an error: the URL, whose query
// is no business of an error's text.
func unwrapURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// written reports whether a failed attempt's request may have arrived: always,
// unless the gate knows better.
func written(err error) bool {
	var a *attemptError
	return !errors.As(err, &a) || a.written
}

// untrusted reports whether the TLS handshake failed for a reason that will not
// go away by itself.
func untrusted(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		alert        *net.OpError
	)
	return errors.As(err, &verification) || errors.As(err, &authority) ||
		errors.As(err, &hostname) || errors.As(err, &invalid) ||
		// How crypto/tls reports an alert of either side.
		errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error")
}

// hopeless reports whether connecting again cannot help: a name that does not
// exist, or a port that does not speak TLS.
func hopeless(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound && !dns.IsTemporary
	}
	var record tls.RecordHeaderError
	return errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch)
}
