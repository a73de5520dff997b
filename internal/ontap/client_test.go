package ontap_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/ontap"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

const pools = "protocols/vscan/02c9e252-41be-11e9-81d5-00a0986138f7/scanner-pools"

// start serves a cluster over TLS, and a client of it.
func start(t *testing.T, change ...func(*ontap.Config)) (*simulator.Simulator, *ontap.Client) {
	t.Helper()
	cluster := simulator.Start(t, simulator.Options{Password: "correct-horse", TLS: true})
	return cluster, client(t, cluster.URL(), append([]func(*ontap.Config){func(c *ontap.Config) { c.CACertificate = cluster.CACertificate() }}, change...)...)
}

func client(t *testing.T, url string, change ...func(*ontap.Config)) *ontap.Client {
	t.Helper()
	config := ontap.Config{Username: "admin", Password: "correct-horse", Config: rest.Config{
		Endpoint: url, Timeout: time.Second, MinWait: time.Microsecond, MaxWait: time.Millisecond,
	}}
	for _, f := range change {
		f(&config)
	}
	c, err := ontap.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// answering is a server that answers every request with a status and a body.
func answering(t *testing.T, status int, body string) *ontap.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return client(t, s.URL)
}

// A page that something between the two sends once in place of the cluster's own 404 is no
// reason to fail.
func TestAPageInPlaceOfAnAnswer(t *testing.T) {
	cluster, c := start(t)
	for _, fault := range []string{"malformed", "content-type"} {
		if err := cluster.SetFaults("1:" + fault); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(t.Context(), pools, "none", nil); api.ReasonOf(err) != api.NotFound || api.CodeOf(err) != "4" {
			t.Errorf("%s: %v", fault, err)
		}
	}
}

func pool(name string) api.Object {
	return api.Object{"name": name, "servers": []any{"1.1.1.1"}, "privileged_users": []any{`cifs\u1`}}
}

func create(t *testing.T, c *ontap.Client, name string) api.Object {
	t.Helper()
	made, err := c.Do(t.Context(), api.Request{Method: "POST", Path: pools, Query: map[string][]string{"return_records": {"true"}}, Body: pool(name)})
	if err != nil {
		t.Fatal(err)
	}
	return made.(api.Object)
}

func list(ctx context.Context, c *ontap.Client, path string, q api.Query) ([]string, error) {
	var names []string
	for o, err := range c.List(ctx, path, q) {
		if err != nil {
			return names, err
		}
		names = append(names, fmt.Sprint(o["name"]))
	}
	return names, nil
}

func TestObjects(t *testing.T) {
	_, c := start(t)
	if made := create(t, c, "p"); made["name"] != "p" {
		t.Error(made)
	}
	read, err := c.Read(t.Context(), pools, "p", []string{"name"})
	if err != nil || read["role"] != "primary" {
		t.Error(read, err)
	}
	if _, err = c.Do(t.Context(), api.Request{Method: "PATCH", Path: pools + "/p", Body: api.Object{"role": "idle"}}); err != nil {
		t.Error(err)
	}
	if _, err = c.Do(t.Context(), api.Request{Method: "DELETE", Path: pools + "/p"}); err != nil {
		t.Error(err)
	}
	if _, err = c.Read(t.Context(), pools, "p", nil); api.ReasonOf(err) != api.NotFound {
		t.Error(err)
	}
	if _, known := c.ServerTime(); !known {
		t.Error("the cluster's clock is not known")
	}
}

func TestListing(t *testing.T) {
	cluster, c := start(t)
	for i := range 5 {
		create(t, c, fmt.Sprintf("p%d", i))
	}
	cluster.ResetRequests()
	for _, test := range []struct {
		q    api.Query
		want string
	}{
		{api.Query{}, "p0 p1 p2 p3 p4"},
		{api.Query{Limit: 2}, "p0 p1"},
		{api.Query{Sort: []string{"role", "-name"}}, "p4 p3 p2 p1 p0"},
		{api.Query{Filters: api.Where("name", "p3")}, "p3"},
		{api.Query{Filters: api.Where("role", "idle")}, ""},
		// Pages of two, by the links that the cluster gives.
		{api.Query{Params: map[string][]string{"max_records": {"2"}}}, "p0 p1 p2 p3 p4"},
	} {
		names, err := list(t.Context(), c, pools, test.q)
		if err != nil || strings.Join(names, " ") != test.want {
			t.Errorf("%+v: %v %v", test.q, names, err)
		}
	}
	if n := len(cluster.Requests()); n != 5+3 {
		t.Errorf("%d requests", n)
	}
	for _, request := range cluster.Requests() {
		if !strings.Contains(request.Query, "fields=%2A") {
			t.Error(request.Query)
		}
	}
	in := api.Filter{Field: "name", Operator: api.In, Values: []string{"a", "b"}}
	if _, err := list(t.Context(), c, pools, api.Query{Filters: []api.Filter{in}}); err == nil {
		t.Error("a filter that the API does not have is not refused")
	}
	cluster.ResetRequests()
	for _, err := range c.List(t.Context(), pools, api.Query{Params: map[string][]string{"max_records": {"2"}}}) {
		if err != nil {
			t.Error(err)
		}
		break // who has seen enough
	}
	if n := len(cluster.Requests()); n != 1 {
		t.Errorf("%d requests for one object", n)
	}
}

// What a listing can hold that is no listing, or not the expected one.
func TestStrangeListings(t *testing.T) {
	for body, want := range map[string]string{
		`{"records": {"name": "bare"}}`:     "bare",
		`{"records": [], "num_records": 0}`: "",
		`{"num_records": 0}`:                "",
		`{"records": [1]}`:                  "record that is no object",
		`{}`:                                "holds no records",
		`[]`:                                "not an answer of the ONTAP API",
		`{"records": []} {}`:                "more than one JSON value",
		`{"records": [{"name": "a"}], "_links": {"next": {"href": "https://elsewhere.example.com/steal"}}}`: "leads out of the API",
		`{"records": [{"name": "a"}], "_links": {"next": {"href": "/api/svm/svms?start=1"}}}`:               "in a circle",
		`{"records": [{"name": "a"}], "_links": {"next": {"href": "%zz"}}}`:                                 "not valid",
	} {
		names, err := list(t.Context(), answering(t, 200, body), "svm/svms", api.Query{})
		if err == nil && strings.Join(names, " ") != want || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v %v, want %s", body, names, err, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		method       string
		status       int
		body         string
		reason       api.Reason
		code, remedy string
	}{
		{"GET", 404, `{"error": {"code": "4", "message": "entry doesn't exist", "target": "uuid"}}`, api.NotFound, "4", ""},
		{"GET", 400, `{"error": {"code": 4, "message": "entry doesn't exist", "arguments": {"code": "c", "message": "m"}}}`, api.NotFound, "4", ""},
		{"DELETE", 404, `{"error": {"code": "4", "message": "entry doesn't exist"}}`, api.NotFound, "4", ""},
		{"POST", 404, `{"error": {"code": "4", "message": "entry doesn't exist"}}`, api.NotFound, "4", "terraform plan"},
		{"GET", 404, `{"error": {"code": "3", "message": "API not found"}}`, api.Other, "3", "version of ONTAP"},
		// A proxy's 404 must never pass for a deleted object.
		{"GET", 404, `<html>not here</html>`, api.Other, "", "ONTAP_ENDPOINT"},
		{"GET", 401, `{"error": {"code": "6691623", "message": "User is not authorized."}}`, api.Unauthenticated, "6691623", "ONTAP_PASSWORD"},
		{"GET", 401, ``, api.Unauthenticated, "", "ONTAP_PASSWORD"},
		{"GET", 403, `{"error": {"code": "6", "message": "not authorized for that command"}}`, api.Forbidden, "6", "role"},
		{"POST", 409, `{"error": {"code": "1", "message": "duplicate entry", "target": "name"}}`, api.NameTaken, "1", ""},
		{"PATCH", 400, `{"error": {"code": "10027248", "message": "no role"}}`, api.PartlyDone, "10027248", ""},
		{"PATCH", 400, `{"error": {"code": "10027107", "message": "empty", "target": "servers"}}`, api.Other, "10027107", ""},
		{"POST", 500, `oops`, api.Ambiguous, "", "Run the same command again"},
		{"GET", 500, `oops`, api.Other, "", "ONTAP_ENDPOINT"},
		{"POST", 500, `{"error": {"code": "2", "message": "refused"}}`, api.Other, "2", ""},
	} {
		_, err := answering(t, test.status, test.body).Do(t.Context(), api.Request{Method: test.method, Path: "svm/svms"})
		var said *api.Error
		if !errors.As(err, &said) {
			t.Errorf("%+v: %v", test, err)
			continue
		}
		if said.Reason != test.reason || said.Code != test.code || said.Status != test.status || !strings.Contains(said.Remedy, test.remedy) || test.remedy == "" && said.Remedy != "" {
			t.Errorf("%+v: %+v", test, said)
		}
	}
}

// What an error says is one line, names its field, and does not repeat the password.
func TestErrorText(t *testing.T) {
	c := answering(t, 400, `{"error": {"code": "7", "message": "bad\n\u001b[31m correct-horse", "target": "privileged_users"}}`)
	_, err := c.Do(t.Context(), api.Request{Method: "POST", Path: "svm/svms"})
	var said *api.Error
	if !errors.As(err, &said) || said.Field != "privileged_users" || err.Error() != "POST svm/svms: bad [31m *** (7)" {
		t.Errorf("%q", err)
	}
}

func TestConnection(t *testing.T) {
	cluster, _ := start(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, test := range []struct {
		change func(*ontap.Config)
		reason api.Reason
		remedy string
	}{
		{func(c *ontap.Config) { c.Password = "wrong" }, api.Unauthenticated, "ONTAP_PASSWORD"},
		{func(c *ontap.Config) { c.CACertificate = "" }, api.Untrusted, "ca_certificate"},
		{func(c *ontap.Config) { c.Endpoint = closed.URL }, api.Unreachable, "ONTAP_ENDPOINT"},
	} {
		c := client(t, cluster.URL(), func(c *ontap.Config) { c.CACertificate = cluster.CACertificate() }, test.change)
		_, err := list(t.Context(), c, "svm/svms", api.Query{})
		var said *api.Error
		if !errors.As(err, &said) || said.Reason != test.reason || !strings.Contains(said.Remedy, test.remedy) {
			t.Errorf("%v: %+v", err, said)
		}
	}
	insecure := client(t, cluster.URL(), func(c *ontap.Config) { c.Insecure = true })
	if _, err := list(t.Context(), insecure, "svm/svms", api.Query{}); err != nil {
		t.Error(err)
	}
	if _, err := ontap.New(ontap.Config{Config: rest.Config{Endpoint: "cluster1"}}); err == nil {
		t.Error("an endpoint without a scheme is not refused")
	}
}

// Whatever breaks, an operation either succeeds or is Ambiguous, and one that
// may be repeated always succeeds.
func TestFaults(t *testing.T) {
	cluster, c := start(t)
	made := 0
	for _, fault := range []string{"refuse", "cut-before", "cut-after", "truncate", "malformed", "content-type", "307", "429:0", "502", "503", "504"} {
		for _, method := range []string{"GET", "PATCH", "POST", "DELETE"} {
			made++
			name := fmt.Sprintf("p%d", made)
			r := api.Request{Method: method, Path: pools + "/" + name}
			switch method {
			case "POST":
				r.Path, r.Body = pools, pool(name)
			case "PATCH":
				r.Body = api.Object{"role": "idle"}
			}
			if method != "POST" {
				create(t, c, name)
			}
			if err := cluster.SetFaults("1:" + fault); err != nil {
				t.Fatal(err)
			}
			_, err := c.Do(t.Context(), r)
			_ = cluster.SetFaults("")
			doubtful := method == "POST" && !strings.Contains("307 429:0 503", fault)
			reason := api.ReasonOf(err)
			switch {
			case err == nil, doubtful && reason == api.Ambiguous:
			case doubtful && fault == "refuse" && reason == api.Unreachable: // nothing was sent
			case method == "DELETE" && reason == api.NotFound: // its repetition found nothing
			default:
				t.Errorf("%s %s: %v", fault, method, err)
			}
		}
	}
}
