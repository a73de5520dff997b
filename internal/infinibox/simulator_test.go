package infinibox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// start serves an array with a pool and some volumes, and a client of it.
func start(t *testing.T, volumes int, change ...func(*infinibox.Config)) (*simulator.Simulator, *infinibox.Client, []string) {
	t.Helper()
	array := simulator.Start(t, simulator.Options{Username: "admin", Password: "correct-horse", TLS: true})
	config := infinibox.Config{
		Endpoint: array.URL(), CACertificate: array.CACertificate(), Username: "admin", Password: "correct-horse",
		Timeout: time.Second, MinWait: time.Microsecond, MaxWait: time.Millisecond,
	}
	for _, f := range change {
		f(&config)
	}
	client, err := infinibox.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(t.Context()) })
	pool := do(t, client, api.Request{Method: "POST", Path: "pools", Body: api.Object{
		"name": "p", "physical_capacity": 10_000_000_000_000, "virtual_capacity": 10_000_000_000_000,
	}})
	var ids []string
	for i := range volumes {
		v := do(t, client, api.Request{Method: "POST", Path: "volumes", Body: volume(pool, i+1)})
		ids = append(ids, fmt.Sprint(v["id"]))
	}
	array.ResetRequests()
	return array, client, ids
}

func volume(pool api.Object, n int) api.Object {
	return api.Object{"name": fmt.Sprintf("v%02d", n), "pool_id": pool["id"], "size": n * 1_000_000_000, "provtype": "THIN"}
}

func do(t *testing.T, c *infinibox.Client, r api.Request) api.Object {
	t.Helper()
	result, err := c.Do(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	object, _ := result.(api.Object)
	return object
}

func TestOperatorsOfTheArray(t *testing.T) {
	_, client, ids := start(t, 9)
	for _, test := range []struct {
		filter api.Filter
		want   int
	}{
		{api.Filter{Field: "name", Operator: api.Equal, Values: []string{"v01"}}, 1},
		{api.Filter{Field: "name", Operator: api.NotEqual, Values: []string{"v01"}}, 8},
		{api.Filter{Field: "name", Operator: api.Like, Values: []string{"V0"}}, 9},
		{api.Filter{Field: "size", Operator: api.Less, Values: []string{"3000000000"}}, 2},
		{api.Filter{Field: "size", Operator: api.LessOrEqual, Values: []string{"3000000000"}}, 3},
		{api.Filter{Field: "size", Operator: api.Greater, Values: []string{"3000000000"}}, 6},
		{api.Filter{Field: "size", Operator: api.GreaterOrEqual, Values: []string{"3000000000"}}, 7},
		{api.Filter{Field: "id", Operator: api.In, Values: ids[:4]}, 4},
		{api.Filter{Field: "id", Operator: api.NotIn, Values: ids[:4]}, 5},
		{api.Filter{Field: "size", Operator: api.Between, Values: []string{"2000000000", "4000000000"}}, 3},
		{api.Filter{Field: "cg_id", Operator: api.IsNull}, 9},
		{api.Filter{Field: "cg_id", Operator: api.IsNotNull}, 0},
	} {
		n := 0
		for _, err := range client.List(t.Context(), "volumes", api.Query{Filters: []api.Filter{test.filter}, Fields: []string{"id"}}) {
			if err != nil {
				t.Errorf("%+v: %v", test.filter, err)
				break
			}
			n++
		}
		if n != test.want {
			t.Errorf("%+v: %d objects, want %d", test.filter, n, test.want)
		}
	}
}

func TestRefreshOfTheArray(t *testing.T) {
	array, client, ids := start(t, 40)
	for _, id := range ids {
		o, err := client.Read(t.Context(), "volumes", id, []string{"id", "name", "size"})
		if err != nil || fmt.Sprint(o["id"]) != id || len(o) != 3 {
			t.Fatal(o, err)
		}
	}
	if n := len(array.Requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// Whatever breaks, an operation either succeeds, is said not to have been
// carried out, or is Ambiguous; one that may be repeated always succeeds.
func TestFaultsOfTheArray(t *testing.T) {
	array, client, ids := start(t, 1)
	pool := do(t, client, api.Request{Method: "GET", Path: "volumes/" + ids[0]})["pool_id"]
	made := 1
	for _, fault := range []string{
		"refuse", "cut-before", "cut-after", "truncate", "malformed", "content-type",
		"307", "429:0", "500", "502", "503", "504", "slow:1500ms", "async:2",
	} {
		for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
			if fault == "slow:1500ms" && method != "POST" {
				continue // once is enough to wait for
			}
			target := api.Request{Method: method, Path: "volumes/" + ids[0]}
			switch method {
			case "PUT":
				target.Body = api.Object{"name": "renamed"}
			case "POST":
				made++
				target.Path, target.Body = "volumes", volume(api.Object{"id": pool}, made)
			case "DELETE":
				victim := do(t, client, api.Request{Method: "POST", Path: "volumes", Body: volume(api.Object{"id": pool}, 99)})
				target.Path, target.Approved = "volumes/"+fmt.Sprint(victim["id"]), true
			}
			if err := array.SetFaults("1:" + fault); err != nil {
				t.Fatal(err)
			}
			_, err := client.Do(t.Context(), target)
			_ = array.SetFaults("")
			final := fault == "500"
			doubtful := method == "POST" && !strings.Contains("307 429:0 503 async:2", fault)
			switch reason := api.ReasonOf(err); {
			case err == nil && final, err != nil && !final && !doubtful:
				t.Errorf("%s %s: %v", fault, method, err)
			case err != nil && !final && reason != api.Ambiguous && reason != api.Unreachable:
				t.Errorf("%s %s: reason %d, %v", fault, method, reason, err)
			}
			if method == "DELETE" {
				_, _ = client.Do(t.Context(), target) // what the final refusal left
			}
			if err != nil && strings.Contains(err.Error(), "correct-horse") {
				t.Error(err)
			}
		}
	}
}

func TestSessionOfTheArray(t *testing.T) {
	array, client, ids := start(t, 1, func(c *infinibox.Config) { c.SessionLogin = true })
	if err := array.SetFaults("1:session-expire"); err != nil {
		t.Fatal(err)
	}
	do(t, client, api.Request{Method: "GET", Path: "volumes/" + ids[0]})
	var log []string
	for _, r := range array.Requests() {
		log = append(log, r.Method+" "+r.Route)
	}
	if len(log) != 3 || !strings.HasSuffix(log[1], "/users/login") {
		t.Error(log)
	}
}
