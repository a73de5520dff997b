package rest

import (
	"net/url"
	"testing"
)

// An endpoint that is accepted names a host and nothing else, and its error repeats
// nothing of what may hold a password.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{
		"https://array.example.com", "http://[::1]:8443", "https://u:p@host", "https://host/path", "array", "https://host:99999", "https://ho st", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := endpoint(text)
		if err != nil {
			return
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Host != u.Host || u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" {
			t.Errorf("%q becomes %q: %v", text, u, err)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "7", "-1", "99999999999", "Sat, 21 Nov 2026 10:08:55 GMT", "soon"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if wait, ok := retryAfter(header); wait < 0 || !ok && wait != 0 {
			t.Errorf("%q means %s", header, wait)
		}
	})
}
