package rest

import (
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What a system has got in place of its certificate is trusted beside what was trusted
// before, for its name alone.
func TestTrust(t *testing.T) {
	server := httptest.NewUnstartedServer(text(`{}`))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	ask := func(c *Client) error {
		_, err := c.Do(t.Context(), Request{Method: http.MethodGet, Path: "system"})
		return err
	}
	refused := func(c *Client) bool {
		var e *Error
		return errors.As(ask(c), &e) && e.Kind == Untrusted
	}
	c := client(t, server.URL, func(*Config) {})
	if !refused(c) {
		t.Fatal("an unknown certificate is accepted")
	}
	chain := []*x509.Certificate{server.Certificate()}
	if c.Accepts(chain) == nil {
		t.Error("an unknown certificate would be accepted")
	}
	c.Trust(server.Certificate())
	if err := c.Accepts(chain); err != nil {
		t.Error(err)
	}
	if err := ask(c); err != nil {
		t.Errorf("the certificate that was given to the system: %v", err)
	}
	if !refused(client(t, server.URL, func(*Config) {})) {
		t.Error("another client trusts it too")
	}
	c = client(t, server.URL, func(c *Config) { c.Endpoint = "https://localhost:" + port })
	c.Trust(server.Certificate())
	if !refused(c) {
		t.Error("it is accepted for another name")
	}
	var name x509.HostnameError
	if err := c.Accepts(chain); !errors.As(err, &name) {
		t.Errorf("it would be accepted for another name: %v", err)
	}
	for _, settings := range []func(*Config){func(c *Config) { c.Insecure = true }, func(c *Config) { c.Endpoint = "http://localhost:" + port }} {
		if err := client(t, server.URL, settings).Accepts(chain); err != nil {
			t.Errorf("nobody looks at certificates: %v", err)
		}
	}
}
