package unitrends

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/unitrends"
)

const secret = "correct-horse"

// clientOf is a client that does not wait long.
func clientOf(t *testing.T, endpoint string, change ...func(*rest.Config)) *Client {
	t.Helper()
	config := rest.Config{Endpoint: endpoint, MinWait: time.Microsecond, MaxWait: time.Millisecond, MaxRetries: 3}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config, "admin", secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.Close)
	return c
}

func read(ctx context.Context, c *Client) error {
	_, err := c.get(ctx, "virtual_clients", nil)
	return err
}

// log is what a simulator was asked, with the statuses.
func log(s *simulator.Simulator) string {
	var lines []string
	for _, r := range s.Requests() {
		lines = append(lines, fmt.Sprintf("%s %s %d", r.Method, r.Path, r.Status))
	}
	return strings.Join(lines, ", ")
}

func TestOneLoginForAll(t *testing.T) {
	s := simulator.Start(t, simulator.Options{Password: secret})
	c := clientOf(t, s.URL())
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if err := read(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := strings.Count(log(s), "/api/login"); n != 1 || len(s.Requests()) != 21 {
		t.Error(log(s))
	}
}

func TestExpiredToken(t *testing.T) {
	s := simulator.Start(t, simulator.Options{Password: secret, TokenLife: time.Minute})
	c := clientOf(t, s.URL())
	for range 2 {
		s.ResetRequests()
		if err := read(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		s.Advance(2 * time.Minute)
	}
	if got := log(s); got != "GET /api/virtual_clients 401, POST /api/login 200, GET /api/virtual_clients 200" {
		t.Error(got)
	}
}

// An appliance that refuses each new token is not logged in to again and again.
func TestTokenThatIsNeverGood(t *testing.T) {
	s := simulator.Start(t, simulator.Options{Password: secret, Faults: "GET /virtual_clients#*:401"})
	err := read(t.Context(), clientOf(t, s.URL()))
	if api.ReasonOf(err) != api.Unauthenticated || strings.Count(log(s), "/api/login") != 2 {
		t.Error(err, log(s))
	}
}

func TestWrongCredentials(t *testing.T) {
	s := simulator.Start(t, simulator.Options{Password: "another"})
	c := clientOf(t, s.URL())
	for range 3 {
		err := read(t.Context(), c)
		var e *api.Error
		if !errors.As(err, &e) || e.Reason != api.Unauthenticated || !strings.Contains(e.Remedy, "UNITRENDS_PASSWORD") ||
			err.Error() != "POST login: The username or password is incorrect." {
			t.Error(err)
		}
	}
	// Repeating it would lock the account.
	if log(s) != "POST /api/login 401" {
		t.Error(log(s))
	}
}

func TestTrust(t *testing.T) {
	s := simulator.Start(t, simulator.Options{Password: secret, TLS: true})
	for name, test := range map[string]struct {
		change func(*rest.Config)
		reason api.Reason
	}{
		"authority": {func(c *rest.Config) { c.CACertificate = s.CACertificate() }, api.Other},
		"insecure":  {func(c *rest.Config) { c.Insecure = true }, api.Other},
		"neither":   {func(*rest.Config) {}, api.Untrusted},
	} {
		if err := read(t.Context(), clientOf(t, s.URL(), test.change)); api.ReasonOf(err) != test.reason || (err == nil) != (test.reason == api.Other) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFaultsThatPass(t *testing.T) {
	for _, fault := range []string{"refuse", "cut-before", "cut-after", "truncate", "malformed", "content-type", "307", "429:0", "502", "503", "504", "session-expire"} {
		for _, which := range []string{"POST /login", "GET /virtual_clients"} {
			s := simulator.Start(t, simulator.Options{Password: secret, Faults: which + ":" + fault})
			if fault == "session-expire" && which == "POST /login" {
				continue // a login that is answered 401 is refused
			}
			if err := read(t.Context(), clientOf(t, s.URL())); err != nil {
				t.Errorf("%s at %s: %v", fault, which, err)
			}
		}
	}
}

// answers is an appliance that logs in and then answers the same to everything.
func answers(t *testing.T, login, other http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/login", login)
	mux.HandleFunc("/", other)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestRefusals(t *testing.T) {
	good := say(200, `{"auth_token": "t_)(1"}`)
	for name, test := range map[string]struct {
		login, other http.HandlerFunc
		reason       api.Reason
		text, remedy string
	}{
		"login without a token": {say(200, `{"result": [{"message": "No such user"}]}`), nil, api.Unauthenticated, "No such user", "UNITRENDS_USERNAME"},
		"login forbidden":       {say(403, ``), nil, api.Unauthenticated, "403", "UNITRENDS_USERNAME"},
		"login not found":       {say(404, `<html>`), nil, api.Other, "404", "UNITRENDS_ENDPOINT"},
		"login page":            {say(200, `<html>`), nil, api.Other, "Unitrends API", "UNITRENDS_ENDPOINT"},
		"login repeats":         {say(401, `{"result": [{"message": "no user with correct-horse"}]}`), nil, api.Unauthenticated, "no user with ***", "UNITRENDS_USERNAME"},
		"forbidden":             {good, say(403, `{"result": {"message": "Not for\nyou"}}`), api.Forbidden, "Not for you", "role"},
		"not found":             {good, say(404, `{}`), api.Other, "404", "UNITRENDS_ENDPOINT"},
		"error":                 {good, say(500, `{"result": [{"code": 1}, {"message": "out of order"}]}`), api.Other, "out of order", ""},
		"no data":               {good, say(200, `{"timestamp": 1}`), api.Other, "200", "UNITRENDS_ENDPOINT"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.other == nil {
				test.other = say(500, ``)
			}
			err := read(t.Context(), clientOf(t, answers(t, test.login, test.other).URL))
			var e *api.Error
			if !errors.As(err, &e) || e.Reason != test.reason || !strings.Contains(e.Error(), test.text) || !strings.Contains(e.Remedy, test.remedy) {
				t.Errorf("%v; %+v", err, e)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Error("the password is in the error")
			}
		})
	}
}

func TestTokenIsSentAsDocumented(t *testing.T) {
	var sent []string
	server := answers(t, say(200, `{"auth_token": "8a00sj4h_)(fjdkasHHHHHkdal324"}`), func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("AuthToken"), r.Header.Get("Authorization"))
		say(200, `{"data": []}`)(w, r)
	})
	if err := read(t.Context(), clientOf(t, server.URL)); err != nil || strings.Join(sent, "|") != "8a00sj4h_)(fjdkasHHHHHkdal324|" {
		t.Error(sent, err)
	}
}

func TestInterruption(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	server := answers(t, say(200, `{"auth_token": "t"}`), func(_ http.ResponseWriter, r *http.Request) {
		stop()
		<-r.Context().Done()
	})
	if err := read(ctx, clientOf(t, server.URL)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(`{"data": [{"system_id": "1", "wir": {"data": [{"id": "34", "mode": "Audit"}]}}]}`)
	f.Add(`{"data": {"system_id": 1, "vm_ir": {"id": 3.5}}}`)
	f.Add(`{"data": [1, null, {"wir": [null, "x"]}], "result": [[]]}`)
	f.Fuzz(func(t *testing.T, body string) {
		answer, err := decode([]byte(body))
		if err != nil {
			return
		}
		messageOf([]byte(body))
		for _, system := range objectsIn(answer["data"]) {
			o, ok := system.(api.Object)
			if !ok {
				continue
			}
			for _, read := range []func(api.Object) any{number("id"), truth("valid"), lower("mode"), either("a", "b"), objects("wir")} {
				read(o)
			}
		}
	})
}
