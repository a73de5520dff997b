package remote

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"unicode"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// Failure translates an error of rest.Client.Do: a request that ended without a
// final answer. An *api.Error, which a login returns, is passed through.
func (s System) Failure(err error) *api.Error {
	var failed *rest.Error
	var login *api.Error
	switch {
	case errors.As(err, &failed):
	case errors.As(err, &login):
		return login
	default:
		return &api.Error{Operation: "request", Message: Clean(err.Error()), Err: err}
	}
	e := &api.Error{
		Operation: failed.Operation,
		Message:   Clean(strings.TrimPrefix(failed.Error(), failed.Operation+": ")),
		Err:       failed.Err,
	}
	if failed.Response != nil {
		e.Status = failed.Response.Status
	}
	switch failed.Kind {
	case rest.Unreachable:
		e.Reason, e.Remedy = api.Unreachable, s.whenUnreachable(failed.Err)
	case rest.Untrusted:
		e.Reason, e.Remedy = api.Untrusted, s.whenUntrusted(failed.Err)
	case rest.NoAnswer:
		e.Reason, e.Remedy = api.Unreachable, s.WhenSlow()
	case rest.BadAnswer:
		e.Remedy = s.WhenAnother()
	case rest.Busy:
		e.Remedy = fmt.Sprintf("The %s is busy: wait, then run the same command again.", s.Noun)
	case rest.Interrupted:
		if errors.Is(failed.Err, context.DeadlineExceeded) {
			e.Remedy = s.WhenSlow()
		}
	}
	if failed.Sent {
		e.Reason, e.Remedy = api.Ambiguous, s.WhenSlow()
	}
	return e
}

// WhenAnother is the remedy where what answers is not the system.
func (s System) WhenAnother() string {
	return fmt.Sprintf("What answers is not the API of the %s: check endpoint (%s).", s.Noun, s.Variable("endpoint"))
}

// WhenSlow is the remedy where it is not known how far the system has come.
func (s System) WhenSlow() string {
	return fmt.Sprintf("Run the same command again: it completes what was not done, and names what is there already. Should it happen again, look at the load of the %s, or lengthen the time-outs.", s.Noun)
}

func (s System) whenUnreachable(err error) string {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("No host has that name: check endpoint (%s).", s.Variable("endpoint"))
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Sprintf("The port answers plain HTTP: check the port of endpoint (%s), or begin it with http://.", s.Variable("endpoint"))
	}
	return fmt.Sprintf("Check endpoint (%s), and that this machine reaches the %s: network, firewall, proxy.", s.Variable("endpoint"), s.Noun)
}

func (s System) whenUntrusted(err error) string {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &hostname):
		return fmt.Sprintf("Use the name that the certificate was made for as endpoint (%s), or give the %s a certificate for the name in use.", s.Variable("endpoint"), s.Noun)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("Give the %s a certificate that is valid now, and check this machine's clock.", s.Noun)
	case errors.As(err, &authority), errors.As(err, &invalid):
		return fmt.Sprintf("Set ca_certificate in the provider's %s block to the authority that signed the %s's certificate (PEM text or the path of a file). For a test, insecure = true accepts any certificate.", s.Block, s.Noun)
	}
	return fmt.Sprintf("The TLS handshake failed: check that endpoint (%s) is the address and port of the %s, and that it offers TLS 1.2 or later.", s.Variable("endpoint"), s.Noun)
}

// MaxText bounds, in runes, what a system can put into an error.
const MaxText = 2000

// Clean makes one line without control characters of what a system said: its
// words are data, and a terminal must not obey them.
func Clean(text string) string {
	if runes := []rune(text); len(runes) > MaxText {
		text = string(runes[:MaxText]) + "…"
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
