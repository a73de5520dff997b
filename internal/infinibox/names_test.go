package infinibox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

func TestNamesShareTheListing(t *testing.T) {
	array, c, _ := start(t, 0)
	ids := map[string]string{}
	for i := range 20 {
		name := fmt.Sprintf("Host-%d", i)
		o := do(t, c, api.Request{Method: http.MethodPost, Path: "hosts", Body: api.Object{"name": name}})
		ids[name] = fmt.Sprint(o["id"])
	}
	fields := []string{"id", "name"}
	named := func(name string) string {
		t.Helper()
		o, err := c.ReadNamed(t.Context(), "hosts", name, fields)
		if err != nil {
			t.Fatal(err)
		}
		if o == nil {
			return ""
		}
		return fmt.Sprint(o["id"])
	}

	array.ResetRequests()
	if id := named("Host-0"); id != "" {
		t.Errorf("the first look-up of a round is not left to the caller: %s", id)
	}
	for name, id := range ids {
		if got := named(strings.ToUpper(name)); got != id {
			t.Errorf("%s is %q, want %s", name, got, id)
		}
		if o, err := c.Read(t.Context(), "hosts", id, fields); err != nil || o["name"] != name {
			t.Errorf("%s is %v, %v", id, o, err)
		}
	}
	if got := len(array.Requests()); got != 1 {
		t.Errorf("%d requests, want one listing", got)
	}
	if id := named("nobody"); id != "" {
		t.Errorf("nobody is %s", id)
	}

	do(t, c, api.Request{Method: http.MethodPut, Path: "hosts/" + ids["Host-1"], Body: api.Object{"name": "renamed"}})
	_ = named("renamed") // the first of a round
	if got := named("renamed"); got != ids["Host-1"] {
		t.Errorf("renamed is %q, want %s", got, ids["Host-1"])
	}
	if got := named("Host-1"); got != "" {
		t.Errorf("the old name is still %s", got)
	}
}
