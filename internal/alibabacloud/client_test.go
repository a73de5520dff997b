package alibabacloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/alibabacloud"
)

const (
	keyID  = "LTAI5tExample"
	secret = "correct-horse"
)

// clientOf is a client that does not wait long.
func clientOf(t *testing.T, endpoint string, change ...func(*Config)) *Client {
	t.Helper()
	config := Config{
		Connection:   rest.Config{MinWait: time.Microsecond, MaxWait: time.Millisecond, MaxRetries: 3, UserAgent: "terraform-provider-storage/test"},
		Region:       "cn-hangzhou",
		Endpoint:     endpoint,
		Key:          Key{ID: keyID, Secret: secret},
		PollInterval: time.Millisecond,
	}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.Close)
	return c
}

func start(t *testing.T, o simulator.Options) *simulator.Simulator {
	t.Helper()
	o.AccessKeyID, o.AccessKeySecret = keyID, secret
	return simulator.Start(t, o)
}

func TestSignature(t *testing.T) {
	for name, options := range map[string]simulator.Options{
		"key": {}, "temporary key": {SecurityToken: "sts/+=="}, "TLS": {TLS: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, options)
			c := clientOf(t, s.URL(), func(c *Config) {
				c.Key.Token, c.Connection.CACertificate = options.SecurityToken, s.CACertificate()
			})
			task, err := c.scanTask(t.Context(), 282832)
			if err != nil || task["ScanTaskProgress"] != "init" || len(task["targets"].([]any)) != 2 {
				t.Error(task, err)
			}
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	s := start(t, simulator.Options{})
	c := clientOf(t, s.URL())
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := c.scanTask(t.Context(), 282832); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// What passes is tried again, signed anew each time: a nonce is good once.
func TestFaultsThatPass(t *testing.T) {
	for _, fault := range []string{"refuse", "cut-before", "cut-after", "truncate", "malformed", "content-type", "307", "429:0", "502", "503", "504", "400"} {
		s := start(t, simulator.Options{Faults: "1:" + fault})
		if _, err := clientOf(t, s.URL()).scanTask(t.Context(), 282832); err != nil || len(s.Requests()) != 2 {
			t.Errorf("%s: %v, %d requests", fault, err, len(s.Requests()))
		}
	}
}

// Each error says what to do about it, and none repeats a secret.
func TestRefusals(t *testing.T) {
	const token = "sts-of-yesterday"
	for name, test := range map[string]struct {
		options simulator.Options
		change  func(*Config)
		task    int64
		ahead   time.Duration
		reason  api.Reason
		code    string
		remedy  string
	}{
		"no permission":    {simulator.Options{NoPermission: true}, nil, 282832, 0, api.Forbidden, "NoPermission", "yundun-sas:DescribeScanTaskProgress"},
		"server error":     {simulator.Options{}, nil, 1, 0, api.Other, "ServerError", "ALIBABACLOUD_REGION"},
		"wrong key":        {simulator.Options{}, func(c *Config) { c.Key.ID = "LTAIother" }, 282832, 0, api.Unauthenticated, "InvalidAccessKeyId.NotFound", "ALIBABACLOUD_ACCESS_KEY_ID"},
		"wrong secret":     {simulator.Options{}, func(c *Config) { c.Key.Secret = "wrong-horse" }, 282832, 0, api.Unauthenticated, "SignatureDoesNotMatch", "ALIBABACLOUD_ACCESS_KEY_SECRET"},
		"expired token":    {simulator.Options{SecurityToken: "sts"}, func(c *Config) { c.Key.Token = token }, 282832, 0, api.Unauthenticated, "InvalidSecurityToken.Expired", "ALIBABACLOUD_SECURITY_TOKEN"},
		"no token":         {simulator.Options{SecurityToken: "sts"}, nil, 282832, 0, api.Unauthenticated, "MissingSecurityToken", "ALIBABACLOUD_SECURITY_TOKEN"},
		"token of another": {simulator.Options{}, func(c *Config) { c.Key.Token = token }, 282832, 0, api.Unauthenticated, "InvalidSecurityToken.MismatchWithAccessKey", "ALIBABACLOUD_SECURITY_TOKEN"},
		"clock":            {simulator.Options{}, nil, 282832, time.Hour, api.Unauthenticated, "InvalidTimeStamp.Expired", "clock"},
		"throttled":        {simulator.Options{Faults: "*:400"}, nil, 282832, 0, api.Other, "", "busy"},
		"unknown":          {simulator.Options{}, nil, -1, 0, api.Other, "ServerError", "ALIBABACLOUD_ENDPOINT"},
		"untrusted":        {simulator.Options{TLS: true}, nil, 282832, 0, api.Untrusted, "", "ca_certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.change == nil {
				test.change = func(*Config) {}
			}
			s := start(t, test.options)
			s.Advance(test.ahead)
			_, err := clientOf(t, s.URL(), test.change).scanTask(t.Context(), test.task)
			var e *api.Error
			if !errors.As(err, &e) || e.Reason != test.reason || e.Code != test.code || !strings.Contains(e.Remedy, test.remedy) || e.Operation != describeScanTask {
				t.Fatalf("%+v", e)
			}
			for _, hidden := range []string{secret, "wrong-horse", token} {
				if strings.Contains(err.Error()+e.Remedy, hidden) {
					t.Errorf("%q is in %q", hidden, err)
				}
			}
		})
	}
}

func say(t *testing.T, status int, body string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return clientOf(t, server.URL)
}

func TestAnswersThatAreNone(t *testing.T) {
	for body, want := range map[string]string{
		`{"TargetInfo": "[{]"}`: "TargetInfo",
		`{"TargetInfo": "{}"}`:  "TargetInfo",
		`<html>`:                "not an answer of Alibaba Cloud",
		`null`:                  "not an answer of Alibaba Cloud",
	} {
		if _, err := say(t, 200, body).scanTask(t.Context(), 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, body := range []string{`{"ScanTaskProgress": "init"}`, `{"TargetInfo": ""}`, `{"TargetInfo": "[]"}`} {
		if _, err := say(t, 200, body).scanTask(t.Context(), 1); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	_, err := say(t, 403, `<html>proxy</html>`).scanTask(t.Context(), 1)
	if err == nil || !strings.Contains(err.Error(), "403") || strings.Contains(err.Error(), "html") {
		t.Error(err)
	}
	_, err = say(t, 400, `{"Code": "X", "Message": "your secret correct-horse\nis \u001b[31mbad"}`).scanTask(t.Context(), 1)
	if err == nil || err.Error() != describeScanTask+": your secret *** is [31mbad (X)" {
		t.Errorf("%q", err)
	}
}

func TestWaiting(t *testing.T) {
	s := start(t, simulator.Options{Tasks: []simulator.Task{
		{ID: 1, Progress: []string{"init", "Processing", "Processing", "Success"}},
		{ID: 2, Progress: []string{"Processing", "Failed"}, Targets: []simulator.Target{{Type: "uuid", Name: "host001", Target: "5032"}}},
		{ID: 3, Progress: []string{"Failed"}},
	}})
	c := clientOf(t, s.URL())
	task, err := c.completed(t.Context(), 1)
	if err != nil || task["ScanTaskProgress"] != "Success" || len(s.Requests()) != 4 {
		t.Error(task, err, len(s.Requests()))
	}
	var verdict *api.VerdictError
	if _, err := c.completed(t.Context(), 2); !errors.As(err, &verdict) || !strings.Contains(err.Error(), "task 2 has failed") || !strings.Contains(err.Error(), "host001 (uuid 5032)") {
		t.Error(err)
	}
	if _, err := c.completed(t.Context(), 3); !errors.As(err, &verdict) {
		t.Error(err)
	}
	// Without waiting, a failed task is what it is.
	if task, err := c.scanTask(t.Context(), 3); err != nil || task["ScanTaskProgress"] != "Failed" {
		t.Error(task, err)
	}
	if _, err := c.completed(t.Context(), 4); api.CodeOf(err) != "ServerError" {
		t.Error(err)
	}
}

func TestWaitingTooLong(t *testing.T) {
	s := start(t, simulator.Options{Tasks: []simulator.Task{{ID: 1, Progress: []string{"Processing"}}}})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := clientOf(t, s.URL()).completed(ctx, 1)
	if err == nil || !strings.Contains(err.Error(), "not ended in time") || !strings.Contains(err.Error(), "Processing") {
		t.Error(err)
	}
}

// A run that is stopped does not wait for the next look.
func TestWaitingIsStopped(t *testing.T) {
	s := start(t, simulator.Options{Tasks: []simulator.Task{{ID: 1, Progress: []string{"Processing"}}}})
	c := clientOf(t, s.URL(), func(c *Config) { c.PollInterval = time.Hour })
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := c.completed(ctx, 1)
		done <- err
	}()
	for len(s.Requests()) == 0 {
		select {
		case err := <-done:
			t.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	select {
	case err := <-done:
		if err == nil || strings.Contains(err.Error(), "in time") {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it goes on waiting")
	}
}

// offline keeps the official credential chain on this machine, and empty.
func offline(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "USERPROFILE": home, "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
		"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "ALIBABA_CLOUD_SECURITY_TOKEN": "",
		"ALIBABA_CLOUD_CREDENTIALS_URI": "", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "", "ALIBABA_CLOUD_PROFILE": "",
		"ALIBABA_CLOUD_CREDENTIALS_FILE": filepath.Join(home, "none"),
	} {
		t.Setenv(name, value)
	}
}

func TestDefaultCredentials(t *testing.T) {
	offline(t)
	s := start(t, simulator.Options{SecurityToken: "sts"})
	c := clientOf(t, s.URL(), func(c *Config) { c.Key = Key{} })
	_, err := c.scanTask(t.Context(), 282832)
	var e *api.Error
	if !errors.As(err, &e) || e.Reason != api.Unauthenticated || !strings.Contains(e.Remedy, "ALIBABACLOUD_ACCESS_KEY_ID") || len(s.Requests()) != 0 {
		t.Errorf("%+v, %d requests", e, len(s.Requests()))
	}
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", keyID)
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret)
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "sts")
	// It finds them now, and a temporary key that has been replaced, too.
	if _, err := c.scanTask(t.Context(), 282832); err != nil {
		t.Error(err)
	}
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "renewed")
	if _, err := c.scanTask(t.Context(), 282832); api.CodeOf(err) != "InvalidSecurityToken.Expired" {
		t.Error(err)
	}
}

func TestCredentialsThatTakeTooLong(t *testing.T) {
	k := &keys{}
	k.init(Key{})
	if !k.turn.TryAcquire(1) { // as if a chain were at work
		t.Fatal("taken")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := k.get(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestEndpoints(t *testing.T) {
	for _, test := range []struct{ region, endpoint, want string }{
		{"cn-hangzhou", "", "https://tds.aliyuncs.com"},
		{"cn-shanghai", "", "https://tds.aliyuncs.com"},
		{"eu-central-1", "", "https://tds.ap-southeast-1.aliyuncs.com"},
		{"ap-southeast-1", "", "https://tds.ap-southeast-1.aliyuncs.com"},
		{"cn-hangzhou", "tds-vpc.cn-hangzhou.aliyuncs.com", "https://tds-vpc.cn-hangzhou.aliyuncs.com"},
		{"cn-hangzhou", "http://127.0.0.1:8080", "http://127.0.0.1:8080"},
	} {
		c, err := New(Config{Region: test.region, Endpoint: test.endpoint, Key: Key{ID: keyID, Secret: secret}})
		if err != nil || c.endpoint.String() != test.want {
			t.Errorf("%+v: %v, %v", test, c.endpoint, err)
		}
	}
	if _, err := New(Config{Endpoint: "https://tds.aliyuncs.com/path"}); err == nil {
		t.Error("an endpoint with a path")
	}
}

// The official client sends what a proxy's URL holds on to the service.
func TestPasswordOfAProxyStaysBehind(t *testing.T) {
	var sent http.Header
	courier := &courier{transport: transport(func(r *http.Request) (*http.Response, error) {
		sent = r.Header
		return nil, errors.New("seen")
	})}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://tds.aliyuncs.com/", nil)
	r.Header.Set("Proxy-Authorization", "Basic secret")
	r.Header.Set("x-acs-action", "Describe")
	if _, err := courier.Call(r, nil); err == nil || sent.Get("Proxy-Authorization") != "" || sent.Get("x-acs-action") == "" {
		t.Error(sent, err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// What identifies us to the service is in what the official client says.
func TestUserAgent(t *testing.T) {
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.UserAgent())
		_, _ = fmt.Fprint(w, `{}`)
	}))
	t.Cleanup(server.Close)
	if _, err := clientOf(t, server.URL).scanTask(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(seen, func(s string) bool { return strings.Contains(s, "terraform-provider-storage/test") }) {
		t.Error(seen)
	}
}
