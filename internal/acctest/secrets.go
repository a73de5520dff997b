package acctest

import (
	"archive/zip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"testing"
)

// Unzipped is all that a plan file holds.
func Unzipped(t *testing.T, file string) string {
	t.Helper()
	plan, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plan.Close() }()
	var all strings.Builder
	for _, part := range plan.File {
		if strings.HasPrefix(part.Name, "tfconfig/") {
			continue // the configuration as it was written
		}
		content, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, io.LimitReader(content, 64<<20)); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// KeepsSecrets holds that no text tells a secret: as it is, Base64 or URL encoded, or as
// JSON escapes it.
func KeepsSecrets(t *testing.T, texts map[string]string, secrets ...string) {
	t.Helper()
	for where, text := range texts {
		if len(text) < 200 {
			t.Errorf("%s is all but empty: %s", where, text)
		}
		for _, secret := range secrets {
			quoted, err := json.Marshal(secret)
			if err != nil {
				t.Fatal(err)
			}
			basic := "admin:" + secret
			for form, told := range map[string]string{
				"as it is": secret, "as JSON": string(quoted[1 : len(quoted)-1]), "in a query": url.QueryEscape(secret), "in a path": url.PathEscape(secret),
				"in Base64": base64.StdEncoding.EncodeToString([]byte(secret)), "in Base64 of URLs": base64.URLEncoding.EncodeToString([]byte(secret)),
				"in bare Base64": base64.RawStdEncoding.EncodeToString([]byte(secret)), "as a log-in": base64.StdEncoding.EncodeToString([]byte(basic)),
			} {
				if strings.Contains(text, told) {
					t.Errorf("%s tells %q %s", where, secret, form)
				}
			}
		}
	}
}
