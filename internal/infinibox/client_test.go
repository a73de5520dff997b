package infinibox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
)

const secret = "correct-horse"

// box is an array whose answers a test gives; it records what it was asked.
type box struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
}

func newBox(t *testing.T, answer http.HandlerFunc) *box {
	t.Helper()
	b := &box{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uri, _ := url.QueryUnescape(r.URL.RequestURI())
		b.mu.Lock()
		b.requests = append(b.requests, r.Method+" "+strings.TrimPrefix(uri, "/api/rest/"))
		b.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *box) log() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.requests...)
}

func newClient(t *testing.T, b *box, change ...func(*Config)) *Client {
	t.Helper()
	config := Config{Endpoint: b.URL, Username: "admin", Password: secret, MinWait: time.Microsecond, MaxWait: time.Millisecond, MaxRetries: 2}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.http.Close() })
	return c
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func refuse(status int, code, message string) http.HandlerFunc {
	return say(status, fmt.Sprintf(`{"result":null,"error":{"code":%q,"message":%q,"reasons":[],"severity":"ERROR","is_remote":false,"data":null},"metadata":{"ready":true}}`, code, message))
}

// in sequence gives one answer after the other; the last repeats.
func inSequence(answers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		mu.Unlock()
		answer(w, r)
	}
}

func cut(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	panic(http.ErrAbortHandler)
}

func TestDo(t *testing.T) {
	b := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		body, _ := io.ReadAll(r.Body)
		if user != "admin" || password != secret || string(body) != `{"name":"v1"}` {
			t.Errorf("got %s %s %s", user, password, body)
		}
		say(201, `{"result":{"id":9007199254740993,"name":"v1"},"error":null,"metadata":{"ready":true}}`)(w, r)
	})
	c := newClient(t, b)
	if len(b.log()) != 0 {
		t.Error("New has sent something")
	}
	query := url.Values{"x": {"1"}}
	result, err := c.Do(t.Context(), api.Request{Method: "POST", Path: "volumes", Query: query, Body: api.Object{"name": "v1"}, Approved: true})
	if err != nil {
		t.Fatal(err)
	}
	if id := result.(api.Object)["id"]; id != json.Number("9007199254740993") {
		t.Errorf("id %v", id)
	}
	if got := b.log()[0]; got != "POST volumes?approved=yes&x=1" || len(query) != 1 {
		t.Error(got, query)
	}
	if _, ok := c.ServerTime(); !ok {
		t.Error("no time")
	}
}

// A ping is answered by a text alone, which is no answer to anything else; and an array
// that puts it into an envelope is understood as well.
func TestPing(t *testing.T) {
	for path, test := range map[string]struct {
		body string
		want any
	}{
		"system/ping":  {`"OK"`, "OK"},
		"system/ping/": {`"OK"`, nil},
		"system/name":  {`"OK"`, nil},
	} {
		got, err := newClient(t, newBox(t, say(200, test.body))).Do(t.Context(), api.Request{Method: "GET", Path: path})
		if got != test.want || (err == nil) != (test.want != nil) {
			t.Errorf("%s: %v %v", path, got, err)
		}
	}
	c := newClient(t, newBox(t, say(200, `{"result":"OK","error":null,"metadata":{"ready":true}}`)))
	if got, err := c.Do(t.Context(), api.Request{Method: "GET", Path: "system/ping"}); got != "OK" || err != nil {
		t.Errorf("in an envelope: %v %v", got, err)
	}
	c = newClient(t, newBox(t, say(200, `<html>`)))
	if got, err := c.Do(t.Context(), api.Request{Method: "GET", Path: "system/ping"}); err == nil {
		t.Errorf("the page of a proxy is %v", got)
	}
}

func TestRefusals(t *testing.T) {
	const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
	html := say(404, "<html>not here</html>")
	for _, test := range []struct {
		method string
		answer http.HandlerFunc
		reason api.Reason
		code   string
		remedy string // part of it
	}{
		{get, refuse(404, "VOLUME_NOT_FOUND", "Volume not found"), api.NotFound, "VOLUME_NOT_FOUND", ""},
		{del, refuse(404, "NOT_FOUND", "Object not found"), api.NotFound, "NOT_FOUND", ""},
		{post, refuse(404, "POOL_NOT_FOUND", "Pool not found"), api.NotFound, "POOL_NOT_FOUND", "refers to"},
		{get, refuse(404, "NLM_LOCK_DOES_NOT_EXIST", "x"), api.NotFound, "NLM_LOCK_DOES_NOT_EXIST", ""},
		{get, refuse(404, "UNKNOWN_PATH", "x"), api.Other, "UNKNOWN_PATH", "version"},
		{get, refuse(404, "ATTRIBUTE_NOT_FOUND", "x"), api.Other, "ATTRIBUTE_NOT_FOUND", ""},
		{get, refuse(404, "METADATA_IS_NOT_SUPPORTED_FOR_ENTITY", "x"), api.Other, "METADATA_IS_NOT_SUPPORTED_FOR_ENTITY", ""},
		{get, refuse(409, "VOLUME_NOT_FOUND", "x"), api.Conflict, "VOLUME_NOT_FOUND", ""},
		{get, html, api.Other, "", "endpoint"},
		{del, html, api.Other, "", "endpoint"},
		{post, refuse(409, "VOLUME_NAME_CONFLICT", "taken"), api.NameTaken, "VOLUME_NAME_CONFLICT", ""},
		{post, refuse(409, "USER_ALREADY_EXISTS", "taken"), api.NameTaken, "USER_ALREADY_EXISTS", ""},
		{post, refuse(409, "MAPPING_ALREADY_EXISTS", "mapped"), api.AlreadyThere, "MAPPING_ALREADY_EXISTS", ""},
		{post, refuse(409, "ACTIVE_DIRECTORY_ALREADY_JOINED", "joined"), api.AlreadyThere, "ACTIVE_DIRECTORY_ALREADY_JOINED", ""},
		{post, refuse(409, "ACTIVE_DIRECTORY_NOT_JOINED", "joined"), api.NotFound, "ACTIVE_DIRECTORY_NOT_JOINED", ""},
		{post, refuse(409, "ACTIVE_DIRECTORY_ADMIN_CREDENTIALS_INVALID", "wrong"), api.Other, "ACTIVE_DIRECTORY_ADMIN_CREDENTIALS_INVALID", ""},
		{del, refuse(403, "APPROVAL_REQUIRED", "data is lost"), api.ApprovalRequired, "APPROVAL_REQUIRED", ""},
		{del, refuse(403, "APPROVAL_REQUIRED_VOLUME_HAS_CHILDREN", "x"), api.ApprovalRequired, "APPROVAL_REQUIRED_VOLUME_HAS_CHILDREN", ""},
		{get, refuse(401, "AUTHENTICATION_REQUIRED", "x"), api.Unauthenticated, "AUTHENTICATION_REQUIRED", "INFINIBOX_PASSWORD"},
		{get, say(401, ""), api.Unauthenticated, "", "INFINIBOX_USERNAME"},
		{post, refuse(403, "UNAUTHORIZED", "x"), api.Forbidden, "UNAUTHORIZED", "POOL_ADMIN"},
		{post, refuse(403, "USER_IS_FORBIDDEN", "x"), api.Forbidden, "USER_IS_FORBIDDEN", "role"},
		{post, refuse(403, "REMOTE_PERMISSION_REQUIRED", "x"), api.Forbidden, "REMOTE_PERMISSION_REQUIRED", "remote"},
		{post, refuse(403, "SSA_EXPRESS_BUSY", "x"), api.Conflict, "SSA_EXPRESS_BUSY", ""},
		{post, refuse(409, "DACL_EDIT_PRINCIPAL_DOES_NOT_EXIST", "x"), api.NotFound, "DACL_EDIT_PRINCIPAL_DOES_NOT_EXIST", ""},
		{del, say(409, "<html>"), api.Ambiguous, "", "again"},
		{del, refuse(400, "NET_SPACE_IP_NOT_EXISTS", "x"), api.NotFound, "NET_SPACE_IP_NOT_EXISTS", ""},
		{post, refuse(500, "INTERNAL_SERVER_ERROR", "x"), api.Ambiguous, "INTERNAL_SERVER_ERROR", "again"},
		{get, refuse(500, "INTERNAL_SERVER_ERROR", "x"), api.Other, "INTERNAL_SERVER_ERROR", ""},
		{post, say(500, "oops"), api.Ambiguous, "", "again"},
		{get, say(500, "oops"), api.Other, "", "endpoint"},
		{post, refuse(307, "RECONFIGURING", "in a few seconds"), api.Other, "RECONFIGURING", "reconfiguring"},
		{post, say(302, ""), api.Other, "", "endpoint"},
		{post, say(200, "<html>"), api.Ambiguous, "", "again"},
		{get, say(200, "<html>"), api.Other, "", "endpoint"},
		{get, say(200, `{"hello":"world"}`), api.Other, "", "endpoint"},
		{get, refuse(200, "VOLUME_BUSY", "an error with status 200"), api.Other, "VOLUME_BUSY", ""},
		{post, cut, api.Ambiguous, "", "again"},
		{http.MethodPut, cut, api.Ambiguous, "", "again"},
		{get, cut, api.Unreachable, "", "again"},
	} {
		b := newBox(t, test.answer)
		_, err := newClient(t, b).Do(t.Context(), api.Request{Method: test.method, Path: "volumes/1"})
		var e *api.Error
		if !errors.As(err, &e) {
			t.Errorf("%+v: got %v", test, err)
			continue
		}
		if e.Reason != test.reason || e.Code != test.code || !strings.Contains(e.Remedy, test.remedy) || e.Operation != test.method+" volumes/1" {
			t.Errorf("%s %s: got reason %d, code %q, remedy %q: %v", test.method, test.code, e.Reason, e.Code, e.Remedy, e)
		}
	}
}

func TestRepeatedDeleteThatFindsNothing(t *testing.T) {
	gone := refuse(404, "VOLUME_NOT_FOUND", "Volume not found")
	b := newBox(t, inSequence(cut, gone))
	c := newClient(t, b)
	request := api.Request{Method: http.MethodDelete, Path: "volumes/1"}
	if _, err := c.Do(t.Context(), request); err != nil {
		t.Error(err)
	}
	if _, err := c.Do(t.Context(), request); api.ReasonOf(err) != api.NotFound {
		t.Error(err)
	}
}

func TestErrorText(t *testing.T) {
	b := newBox(t, say(409, `{"error":{"code":"A\nB","message":"bad \u001b[31mthing\u0000 with `+secret+` and hunter2\n  at \u202eend",
		"reasons":[{"message":"first"},{"message":"second\r\n"},{}],"is_remote":true},"metadata":{"ready":true}}`))
	_, err := newClient(t, b).Do(t.Context(), api.Request{Method: "POST", Path: "hosts", Body: api.Object{"security_chap_inbound_secret": "hunter2"}})
	const want = "POST hosts: The remote system answered: bad [31mthing with *** and *** at end; first; second (A B)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}

	b = newBox(t, refuse(409, "X", strings.Repeat("ä", 10*remote.MaxText)))
	_, err = newClient(t, b).Do(t.Context(), api.Request{Method: "GET", Path: "hosts"})
	if n := len([]rune(err.Error())); n > remote.MaxText+100 {
		t.Errorf("%d runes", n)
	}
}

func TestAsynchronous(t *testing.T) {
	const pending = `{"result":null,"error":null,"metadata":{"ready":false,"result_url":"https://other.example.com:1/api/rest/jobs/7?x=1"}}`
	b := newBox(t, inSequence(say(202, pending), say(200, pending), say(200, `{"result":true,"error":null,"metadata":{"ready":true}}`)))
	result, err := newClient(t, b).Do(t.Context(), api.Request{Method: "POST", Path: "volumes/1/restore", Approved: true})
	if err != nil || result != true {
		t.Fatal(result, err)
	}
	if got := strings.Join(b.log(), ", "); got != "POST volumes/1/restore?approved=yes, GET jobs/7?x=1, GET jobs/7?x=1" {
		t.Error(got)
	}
}

func TestAsynchronousFailures(t *testing.T) {
	pending := func(address string) http.HandlerFunc {
		return say(200, fmt.Sprintf(`{"result":null,"metadata":{"ready":false,"result_url":%q}}`, address))
	}
	const job = "/api/rest/jobs/7"
	for _, test := range []struct {
		name   string
		method string
		then   []http.HandlerFunc
		reason api.Reason
	}{
		{"its own error", "POST", []http.HandlerFunc{pending(job), refuse(409, "VOLUME_NAME_CONFLICT", "x")}, api.NameTaken},
		{"the job is gone", "POST", []http.HandlerFunc{pending(job), refuse(404, "NOT_FOUND", "x")}, api.Ambiguous},
		{"no answer", "POST", []http.HandlerFunc{pending(job), cut}, api.Ambiguous},
		{"no answer to a read", "GET", []http.HandlerFunc{pending(job), cut}, api.Other},
		{"no address", "POST", []http.HandlerFunc{pending("")}, api.Ambiguous},
		{"outside", "POST", []http.HandlerFunc{pending("/admin/x")}, api.Ambiguous},
		{"out again", "POST", []http.HandlerFunc{pending("/api/rest/../x")}, api.Ambiguous},
		{"opaque", "POST", []http.HandlerFunc{pending("mailto:x@y")}, api.Ambiguous},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBox(t, inSequence(test.then...))
			_, err := newClient(t, b).Do(t.Context(), api.Request{Method: test.method, Path: "volumes"})
			var e *api.Error
			if !errors.As(err, &e) || e.Reason != test.reason || e.Operation != test.method+" volumes" {
				t.Errorf("got %#v", err)
			}
		})
	}
}

func TestAsynchronousStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := newBox(t, inSequence(
		say(200, `{"result":null,"metadata":{"ready":false,"result_url":"/api/rest/jobs/7"}}`),
		func(w http.ResponseWriter, r *http.Request) {
			time.AfterFunc(5*time.Millisecond, cancel)
			say(200, `{"result":null,"metadata":{"ready":false,"result_url":"/api/rest/jobs/7"}}`)(w, r)
		}))
	_, err := newClient(t, b).Do(ctx, api.Request{Method: "POST", Path: "volumes"})
	if api.ReasonOf(err) != api.Ambiguous || !errors.Is(err, context.Canceled) {
		t.Errorf("got %#v", err)
	}
}

func TestSessionLogin(t *testing.T) {
	const valid = "JSESSIONID=2"
	logins := 0
	b := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/rest/users/login":
			logins++
			var body map[string]string
			_ = json.NewDecoder(r.Body).Decode(&body)
			if body["username"] != "admin" || body["password"] != secret || r.Header.Get("Authorization") != "" {
				t.Errorf("login %v %v", body, r.Header)
			}
			w.Header().Set("Set-Cookie", fmt.Sprintf("JSESSIONID=%d;Version=1;Path=/", logins))
			say(200, `{"result":{"name":"admin"},"error":null,"metadata":{"ready":true}}`)(w, r)
		case r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != valid:
			refuse(401, "AUTHENTICATION_REQUIRED", "x")(w, r)
		default:
			say(200, `{"result":{},"error":null,"metadata":{"ready":true}}`)(w, r)
		}
	})
	c := newClient(t, b, func(c *Config) { c.SessionLogin = true })
	for range 2 {
		if _, err := c.Do(t.Context(), api.Request{Method: "POST", Path: "volumes"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if got := strings.Join(b.log(), ", "); got != "POST users/login, POST volumes, POST users/login, POST volumes, POST volumes, POST users/logout" {
		t.Error(got)
	}
}

func TestSessionLoginRefused(t *testing.T) {
	b := newBox(t, refuse(403, "UNAUTHORIZED", "wrong password "+secret))
	c := newClient(t, b, func(c *Config) { c.SessionLogin = true })
	for range 3 {
		_, err := c.Do(t.Context(), api.Request{Method: "GET", Path: "volumes"})
		if api.ReasonOf(err) != api.Unauthenticated || strings.Contains(err.Error(), secret) {
			t.Errorf("got %#v", err)
		}
	}
	if n := len(b.log()); n != 1 {
		t.Errorf("%d logins", n)
	}
}

func TestArrayWithoutSessions(t *testing.T) {
	b := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); r.URL.Path != "/api/rest/users/login" && password != secret {
			t.Error("no password")
		}
		say(200, `{"result":{},"error":null,"metadata":{"ready":true}}`)(w, r)
	})
	c := newClient(t, b, func(c *Config) { c.SessionLogin = true })
	if _, err := c.Do(t.Context(), api.Request{Method: "GET", Path: "system"}); err != nil {
		t.Error(err)
	}
}

func TestUnreachableAndUntrusted(t *testing.T) {
	b := newBox(t, say(200, "{}"))
	c := newClient(t, b)
	b.Close()
	_, err := c.Do(t.Context(), api.Request{Method: "POST", Path: "volumes"})
	var e *api.Error
	if !errors.As(err, &e) || e.Reason != api.Unreachable || !strings.Contains(e.Remedy, "INFINIBOX_ENDPOINT") {
		t.Errorf("got %#v", err)
	}

	b = newBox(t, say(200, "{}"))
	b.Close()
	s := httptest.NewUnstartedServer(say(200, "{}"))
	s.Config.ErrorLog = quiet
	s.StartTLS()
	defer s.Close()
	b.URL = s.URL
	_, err = newClient(t, b).Do(t.Context(), api.Request{Method: "POST", Path: "volumes"})
	if !errors.As(err, &e) || e.Reason != api.Untrusted || !strings.Contains(e.Remedy, "ca_certificate") {
		t.Errorf("got %#v", err)
	}
}

func FuzzEnvelope(f *testing.F) {
	f.Add(200, `{"result":[{"id":1}],"error":null,"metadata":{"ready":true,"pages_total":1,"number_of_objects":1}}`)
	f.Add(404, `{"result":null,"error":{"code":"X","message":"\u001b","reasons":[{"message":"r"}]},"metadata":{"ready":true}}`)
	f.Add(200, `{"result":null,"metadata":{"ready":false,"result_url":"/api/rest/x"}}`)
	f.Add(500, `<html>`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		answer, err := decode(responseOf(status, body))
		if err != nil {
			return
		}
		if answer.Error != nil {
			text := answer.Error.text()
			if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) || len([]rune(text)) > remote.MaxText+1 {
				t.Errorf("%q", text)
			}
			_, _ = classify(status, answer.Error)
		}
		if path, _, err := resultPath(answer.Metadata.ResultURL); err == nil && strings.Contains(path, "../") {
			t.Errorf("%q", path)
		}
	})
}

// A log-in that is tried for another user says nothing of the password that the provider
// works with: it is not sent along, and what follows is asked as ever.
func TestRefusedLogInOfAnother(t *testing.T) {
	b := newBox(t, inSequence(refuse(401, "AUTHENTICATION_REQUIRED", "wrong"), say(200, `{"result":{"id":1},"error":null,"metadata":{"ready":true}}`)))
	c := newClient(t, b)
	if _, err := c.Do(t.Context(), api.Request{Method: "POST", Path: "users/login", Body: api.Object{"username": "joe", "password": "wrong"}}); api.ReasonOf(err) != api.Unauthenticated {
		t.Errorf("got %v", err)
	}
	if _, err := c.Do(t.Context(), api.Request{Method: "GET", Path: "pools/1"}); err != nil {
		t.Errorf("the next request: %v", err)
	}
}
