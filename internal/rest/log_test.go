package rest

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

const secret = "correct-horse"

func TestLogsHoldNoSecret(t *testing.T) {
	for _, level := range []logLevel{logRequests, logBodies} {
		var log bytes.Buffer
		ctx := tflogtest.RootLogger(t.Context(), &log)
		a := serve(t,
			status(503),
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Set-Cookie", "JSESSIONID="+secret)
				text(`{"result":{"name":"h1","security_chap_inbound_secret":"`+secret+`"},"error":{"message":"The value (`+secret+`) is bad"}}`)(w, nil)
			})
		c := client(t, a.URL, func(c *Config) { c.Auth = Basic{"admin", secret} })
		c.log = level
		_, err := c.Do(ctx, Request{
			Method: http.MethodPut,
			Path:   "hosts/1",
			Query:  url.Values{"token": {secret}, "approved": {"yes"}},
			Body:   map[string]any{"name": "h1", "chap": map[string]any{"password": secret, "list": []any{map[string]any{"key": "api_token", "value": secret}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds the secret:\n%s", log.String())
		}
		for _, want := range []string{`"method":"PUT"`, `"path":"hosts/1"`, `"status":503`, `"status":200`, `"attempt":2`} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%s is missing in:\n%s", want, log.String())
			}
		}
		if got := strings.Contains(log.String(), "h1"); got != (level == logBodies) {
			t.Errorf("level %d: bodies logged: %v", level, got)
		}
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	a := serve(t, cut)
	c := client(t, a.URL, func(c *Config) { c.Auth = Basic{"admin", secret} })
	_, err := c.Do(t.Context(), Request{Method: http.MethodPost, Path: "hosts", Query: url.Values{"x": {secret}}, Body: map[string]any{"password": secret}})
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"hunter2 and hunter": "*** and ***",
		`{"p":"a\\\"b"}`:     `{"p":"***"}`,
		"two words":          "***",
		"an x":               "an x",
		"it is hunt…":        "it is ***…",
		"a hunter2 hunt":     "a *** hunt",
	} {
		if got := Mask(text, []string{"hunter", "hunter2", `a\"b`, " two   words", "x"}); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestNoLogCostsNothing(t *testing.T) {
	k := &call{Client: &Client{}}
	if n := testing.AllocsPerRun(100, func() { k.logAttempt(t.Context()) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestLogLevel(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want logLevel
	}{
		{nil, logOff},
		{map[string]string{"TF_LOG": "trace"}, logBodies},
		{map[string]string{"TF_LOG": "JSON"}, logBodies},
		{map[string]string{"TF_LOG": "DEBUG"}, logRequests},
		{map[string]string{"TF_LOG": "INFO"}, logOff},
		{map[string]string{"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "OFF"}, logOff},
		{map[string]string{"TF_LOG": "ERROR", "TF_LOG_PROVIDER_STORAGE": "DEBUG"}, logRequests},
	} {
		if got := levelFromEnvironment(func(name string) string { return test.env[name] }); got != test.want {
			t.Errorf("%v: %v", test.env, got)
		}
	}
}

func TestRedact(t *testing.T) {
	for body, want := range map[string]string{
		`{"password":"a","name":"b"}`:               `{"name":"b","password":"***"}`,
		`{"bind_password":null,"has_secret":true}`:  `{"bind_password":null,"has_secret":true}`,
		`{"Token":123}`:                             `{"Token":"***"}`,
		`[{"secret":{"a":["b"]}}]`:                  `[{"secret":{"a":["***"]}}]`,
		`{"size":12345678901234567890}`:             `{"size":12345678901234567890}`,
		`{"key":"-----BEGIN RSA PRIVATE KEY-----"}`: `{"key":"***"}`,
		`{"key":"password","value":"x"}`:            `{"key":"password","value":"***"}`,
		`{"key":"owner","value":"x"}`:               `{"key":"owner","value":"x"}`,
		`"bare"`:                                    hidden,
		`password=a`:                                `(10 bytes that are not JSON)`,
	} {
		if got := redact([]byte(body), []string{"never"}); got != want {
			t.Errorf("%s: %s", body, got)
		}
	}
	if got := redact([]byte(`["`+strings.Repeat("x", 2*maxLogged)+`"]`), nil); len(got) > maxLogged+100 {
		t.Errorf("%d bytes", len(got))
	}
	if got := Secrets([]byte(`{"password":"a","n":[{"chap_secret":"b"}],"name":"c"}`)); !slices.Contains(got, "a") || !slices.Contains(got, "b") || len(got) != 2 {
		t.Error(got)
	}
	if got := redact([]byte(`{"message":"not a\"<b> here"}`), []string{`a"<b>`}); got != `{"message":"not *** here"}` {
		t.Error(got)
	}
	if got := Mask("abcabc ab", []string{"abc", "ab"}); got != "****** ab" {
		t.Error(got)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add(`{"password":"correct-horse"}`)
	f.Add(`[1,"a",null]`)
	f.Fuzz(func(t *testing.T, body string) {
		_ = redact([]byte(body), []string{"never"})
		wrapped := redact([]byte(`{"a":`+body+`,"password":"`+secret+`"}`), nil)
		if strings.Contains(wrapped, secret) && !strings.Contains(body, secret) {
			t.Error(wrapped)
		}
	})
}

// A path holds no secret where it is logged, or told in an error.
func TestRedactPath(t *testing.T) {
	for path, want := range map[string]string{
		"users/pat/reset_password/T0K3N": "users/pat/reset_password/***",
		"users/password_policy":          "users/password_policy",
		"volumes/1001":                   "volumes/1001",
		"s3_credentials/1001":            "s3_credentials/1001",
	} {
		if got := RedactPath(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
