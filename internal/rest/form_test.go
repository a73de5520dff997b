package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

const (
	certificate = "-----BEGIN CERTIFICATE-----\nMIIDQDCCAiigAwIBAgIGAZ0p\nb3JyZWN0LWhvcnNlLWJhdHRl\n-----END CERTIFICATE-----\n"
	privateKey  = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpQIBAAKCAQEAr9RXv3nz\njwVP1Gb+eHpd8NPifrTzaWxs\n-----END RSA PRIVATE KEY-----\n"
)

var upload = Form{
	{Name: "upload", File: "upload.pem", Content: certificate + privateKey},
	{Name: "component", Content: "the-web-server"},
	{Name: "passphrase", Content: secret, Secret: true},
}

// reading answers as it is told to, after it has kept the body of each attempt.
func reading(t *testing.T, kept *[]string, answers ...http.HandlerFunc) *array {
	t.Helper()
	a := serve(t, answers...)
	answer := a.Config.Handler
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		*kept = append(*kept, r.Header.Get("Content-Type")+"\n"+string(body))
		a.mu.Unlock()
		answer.ServeHTTP(w, r)
	})
	return a
}

func TestFormIsSent(t *testing.T) {
	a := serve(t, text(`{}`))
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
			return
		}
		var got []string
		for {
			part, err := form.NextPart()
			if err != nil {
				break
			}
			content, _ := io.ReadAll(part)
			got = append(got, fmt.Sprintf("%s %q %s %s", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), content))
		}
		want := []string{
			`upload "upload.pem" application/octet-stream ` + certificate + privateKey,
			`component ""  the-web-server`, `passphrase ""  ` + secret,
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("sent %q, want %q", got, want)
		}
		text(`{}`)(w, r)
	})
	if _, err := client(t, a.URL).Do(t.Context(), Request{Method: http.MethodPost, Path: "certificates", Body: upload}); err != nil {
		t.Fatal(err)
	}
}

// A form is repeated as any body is, byte for byte, and never where it may have been
// taken.
func TestFormIsRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		method     string
		repeatable bool
		first      http.HandlerFunc
		attempts   int
		fails      bool
	}{
		"busy":            {http.MethodPost, false, status(503), 2, false},
		"cut":             {http.MethodPost, false, cut, 1, true},
		"cut, repeatable": {http.MethodPost, true, cut, 2, false},
		"cut PUT":         {http.MethodPut, false, cut, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			var kept []string
			a := reading(t, &kept, c.first, text(`{}`))
			_, err := client(t, a.URL).Do(t.Context(), Request{Method: c.method, Path: "certificates", Body: upload, Repeatable: c.repeatable})
			var failed *Error
			if (err != nil) != c.fails || c.fails && (!errors.As(err, &failed) || !failed.Sent) {
				t.Error(err)
			}
			a.mu.Lock()
			defer a.mu.Unlock()
			if len(kept) != c.attempts || !strings.Contains(kept[0], privateKey) || kept[0] != kept[len(kept)-1] {
				t.Errorf("sent %q", kept)
			}
		})
	}
}

// Whatever the system answers, no log holds what the parts of a form hold.
func TestLogsHoldNoForm(t *testing.T) {
	for _, level := range []logLevel{logRequests, logBodies} {
		var log bytes.Buffer
		ctx := tflogtest.RootLogger(t.Context(), &log)
		a := serve(t,
			status(503),
			text(`{"result":{"raw":"MIIDQDCCAiigAwIBAgIGAZ0p","component":"the-web-server"},"error":{"message":"jwVP1Gb+eHpd8NPifrTzaWxs is no key, nor is `+secret+`"}}`))
		c := client(t, a.URL)
		c.log = level
		if _, err := c.Do(ctx, Request{Method: http.MethodPost, Path: "certificates", Body: upload, Header: http.Header{"X-Other": {secret}}}); err != nil {
			t.Fatal(err)
		}
		for _, content := range append(upload.contents(false), "BEGIN") {
			if strings.Contains(log.String(), content) {
				t.Errorf("the log holds %q:\n%s", content, log.String())
			}
		}
		if got := strings.Contains(log.String(), "upload: the file upload.pem of 216 bytes, component: 14 bytes"); got != (level == logBodies) {
			t.Errorf("level %d: the form is told of: %v\n%s", level, got, log.String())
		}
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if said := fmt.Sprintf(format, Request{Body: upload}); strings.Contains(said, secret) || strings.Contains(said, "MIIE") {
			t.Errorf("%s shows %s", format, said)
		}
	}
}

func TestSecretsOf(t *testing.T) {
	said := Mask("jwVP1Gb+eHpd8NPifrTzaWxs and "+secret+" do not fit the-web-server; and MIIEpQIBAAKC…", SecretsOf(upload))
	if want := "*** and *** do not fit the-web-server; and ***…"; said != want {
		t.Errorf("%s, want %s", said, want)
	}
	if got := SecretsOf(map[string]any{"name": "h1", "password": secret}); len(got) != 1 || got[0] != secret {
		t.Error(got)
	}
	if got := SecretsOf(nil); got != nil {
		t.Error(got)
	}
}

func TestBadFormsAreNotSent(t *testing.T) {
	a := serve(t, text(`{}`))
	for _, form := range []Form{{}, {{Content: "x"}}} {
		_, err := client(t, a.URL).Do(t.Context(), Request{Method: http.MethodPost, Path: "certificates", Body: form})
		if failed, ok := errors.AsType[*Error](err); !ok || failed.Kind != Invalid {
			t.Error(err)
		}
	}
	if a.count() != 0 {
		t.Error("sent")
	}
}
