package rest

import (
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEndpoint(t *testing.T) {
	for text, cleartext := range map[string]bool{
		"https://array.example.com":       false,
		" https://array.example.com:443/": false,
		"https://[fe80::1]:8443":          false,
		"http://127.0.0.1:8080":           false,
		"http://localhost":                false,
		"http://[::1]:80":                 false,
		"http://array.example.com":        true,
		"http://10.0.0.1":                 true,
	} {
		c, err := New(Config{Endpoint: text})
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if c.Cleartext() != cleartext {
			t.Errorf("%q: cleartext %v", text, c.Cleartext())
		}
	}
	for _, text := range []string{
		"", "array.example.com", "ftp://array", "https://", "https://admin:hunter2@array", "https://array/api/rest",
		"https://array?x=hunter2", "https://array?", "https://array#x", "https:array", "https://array:port", "https://a b", "://",
	} {
		_, err := New(Config{Endpoint: text})
		if err == nil {
			t.Errorf("%q was accepted", text)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error holds the password: %v", err)
		}
	}
}

func TestCACertificateThatIsNone(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"/no/such/file", empty, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"} {
		if _, err := New(Config{Endpoint: "https://array", CACertificate: text}); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(text(`{}`))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(ca), 0o600); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	for _, test := range []struct {
		name     string
		change   func(*Config)
		accepted bool
	}{
		{"unknown authority", func(*Config) {}, false},
		{"CA as text", func(c *Config) { c.CACertificate = ca }, true},
		{"CA as file", func(c *Config) { c.CACertificate = file }, true},
		{"another name", func(c *Config) { c.CACertificate, c.Endpoint = ca, "https://localhost:"+port }, false},
		{"insecure", func(c *Config) { c.Insecure = true }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := client(t, server.URL, test.change).Do(t.Context(), Request{Method: http.MethodGet, Path: "system"})
			var e *Error
			if test.accepted {
				if err != nil {
					t.Error(err)
				}
			} else if !errors.As(err, &e) || e.Kind != Untrusted || e.Attempts != 1 || e.Sent {
				t.Errorf("got %#v", err)
			}
		})
	}
	if d, ok := http.DefaultTransport.(*http.Transport); ok && d.TLSClientConfig != nil && d.TLSClientConfig.InsecureSkipVerify {
		t.Error("the whole process trusts everyone now")
	}
}

func TestHTTPWhereHTTPSWasExpected(t *testing.T) {
	a := serve(t, text(`{}`))
	_, err := client(t, strings.Replace(a.URL, "http:", "https:", 1)).Do(t.Context(), Request{Method: http.MethodGet, Path: "system"})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Unreachable || e.Attempts != 1 {
		t.Errorf("got %#v", err)
	}
}
