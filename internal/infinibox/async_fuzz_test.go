package infinibox

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever address of a result the array gives, the request goes to the API of the
// endpoint.
func FuzzResultPath(f *testing.F) {
	for _, seed := range []string{
		"/api/rest/_results/1", "https://evil.example/api/rest/x?y=1", "//evil.example/api/rest/x", "/api/rest/../users",
		"/api/rest/%2e%2e/users", "mailto:a@b", "", "/api/rest/", "/api/rest/a b", "/api/rest/a%2fb#c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path, _, err := resultPath(text)
		if err != nil {
			return
		}
		u, err := url.Parse("https://array.example" + root + path)
		if err != nil {
			return // the client refuses it
		}
		if u.Host != "array.example" || !strings.HasPrefix(u.Path, root) || strings.Contains(u.Path, "..") {
			t.Errorf("%q leads to %s", text, u)
		}
	})
}
