package remote

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

var array = System{Block: "infinibox", Noun: "array"}

func TestFailure(t *testing.T) {
	refused := errors.New("connection refused")
	for name, test := range map[string]struct {
		err    error
		reason api.Reason
		text   string
		remedy string
	}{
		"unreachable":   {&rest.Error{Kind: rest.Unreachable, Operation: "GET pools", Err: refused}, api.Unreachable, "GET pools: connection refused", "INFINIBOX_ENDPOINT"},
		"no such host":  {&rest.Error{Kind: rest.Unreachable, Err: &net.DNSError{IsNotFound: true}}, api.Unreachable, "", "No host has that name"},
		"plain HTTP":    {&rest.Error{Kind: rest.Unreachable, Err: http.ErrSchemeMismatch}, api.Unreachable, "", "begin it with http://"},
		"authority":     {&rest.Error{Kind: rest.Untrusted, Err: x509.UnknownAuthorityError{}}, api.Untrusted, "", "ca_certificate in the provider's infinibox block"},
		"another name":  {&rest.Error{Kind: rest.Untrusted, Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}}, api.Untrusted, "", "Use the name"},
		"expired":       {&rest.Error{Kind: rest.Untrusted, Err: x509.CertificateInvalidError{Reason: x509.Expired}}, api.Untrusted, "", "valid now"},
		"not for this":  {&rest.Error{Kind: rest.Untrusted, Err: x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}}, api.Untrusted, "", "ca_certificate"},
		"handshake":     {&rest.Error{Kind: rest.Untrusted, Err: refused}, api.Untrusted, "", "TLS 1.2"},
		"silence":       {&rest.Error{Kind: rest.NoAnswer, Err: refused}, api.Unreachable, "", "Run the same command again"},
		"in doubt":      {&rest.Error{Kind: rest.NoAnswer, Sent: true, Err: refused}, api.Ambiguous, "", "completes what was not done"},
		"another's":     {&rest.Error{Kind: rest.BadAnswer, Err: refused}, api.Other, "", "not the API of the array"},
		"busy":          {&rest.Error{Kind: rest.Busy, Response: &rest.Response{Status: 503}}, api.Other, "HTTP status 503", "The array is busy"},
		"too late":      {&rest.Error{Kind: rest.Interrupted, Err: context.DeadlineExceeded}, api.Other, "", "lengthen the time-outs"},
		"stopped":       {&rest.Error{Kind: rest.Interrupted, Err: context.Canceled}, api.Other, "canceled", ""},
		"not a request": {&rest.Error{Kind: rest.Invalid, Operation: "GET x", Err: refused}, api.Other, "GET x", ""},
		"login":         {fmt.Errorf("first: %w", &api.Error{Reason: api.Unauthenticated, Operation: "POST login", Remedy: "Check."}), api.Unauthenticated, "POST login", "Check."},
		"other":         {errors.New("a\nb"), api.Other, "a b", ""},
	} {
		e := array.Failure(test.err)
		if e.Reason != test.reason || !strings.Contains(e.Error(), test.text) || !strings.Contains(e.Remedy, test.remedy) || (e.Remedy == "") != (test.remedy == "") {
			t.Errorf("%s: reason %d, %q, %q", name, e.Reason, e, e.Remedy)
		}
	}
	if e := array.Failure(&rest.Error{Kind: rest.Interrupted, Err: context.Canceled}); !errors.Is(e, context.Canceled) {
		t.Error("the cause is lost")
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		" a\r\n\tb  c ":               "a b c",
		"\x1b[31mred\x00\u202e\ufffd": "[31mred",
		strings.Repeat("ä", 3000):     strings.Repeat("ä", MaxText) + "…",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%.40q, want %.40q", got, want)
		}
	}
}

// Every setting that is offered is also used.
func TestSettings(t *testing.T) {
	config, diags := array.Config("agent", entity.Given{"ca_certificate": "PEM", "insecure": true, "request_timeout": time.Second, "max_concurrency": int64(3)})
	want := rest.Config{CACertificate: "PEM", Insecure: true, Timeout: time.Second, MaxConcurrency: 3, UserAgent: "agent"}
	if config != want || diags.HasError() || len(array.Settings()) != 4 {
		t.Error(config, diags)
	}
	if _, diags := array.Config("agent", entity.Given{"max_concurrency": int64(0)}); !diags.HasError() {
		t.Error("no request at a time")
	}
}

func TestWarnings(t *testing.T) {
	for _, test := range []struct {
		given     entity.Given
		cleartext bool
		want      []string
	}{
		{entity.Given{}, false, nil},
		{entity.Given{"insecure": true}, false, []string{"The array's certificate is not verified"}},
		{entity.Given{}, true, []string{"The password travels unencrypted"}},
	} {
		diags := array.Warnings(test.given, "password", test.cleartext)
		var got []string
		for _, d := range diags {
			got = append(got, d.Summary())
		}
		if diags.HasError() || strings.Join(got, "|") != strings.Join(test.want, "|") {
			t.Errorf("%v: %v", test.given, got)
		}
	}
	if d := array.Unusable(errors.New("the endpoint is empty")); d.Detail() != "The endpoint is empty." {
		t.Error(d)
	}
}
