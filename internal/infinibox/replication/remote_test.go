package replication_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// remoteQuestions are put to an array about the one at the other end of its link.
func remoteQuestions(p *acctest.Pair) []acctest.Question {
	pool := p.Far.NewPool("target")
	for i := range 60 {
		p.Far.NewVolume(fmt.Sprintf("v%02d", i), pool)
	}
	by := func(path string, more acctest.Attrs) acctest.Attrs {
		return acctest.Attrs{"link_id": p.Near.Link, "path": path}.With(more)
	}
	return []acctest.Question{
		{Source: "remote", Arguments: by("pools", acctest.Attrs{"query": map[string]any{"name": "eq:target", "fields": "id"}}), Finds: "jsondecode(it.json)[0].id", Want: fmt.Sprint(pool)},
		{Source: "remote", Arguments: by("system/name", nil), Finds: "it.value", Want: "far"},
		{Source: "remote", Arguments: acctest.Attrs{"host": "far", "path": "system/name"}, Finds: "it.value", Want: "far"},
		{Source: "remote", Arguments: acctest.Attrs{"host": "10.0.2.1", "path": "system/name"}, Finds: "it.value", Want: "far"},
		{Source: "remote", Arguments: by("volumes", acctest.Attrs{"query": map[string]any{"pool_id": fmt.Sprint(pool)}}), Finds: "[length(jsondecode(it.json)), jsondecode(it.json)[59].name]", Want: `[60,"v59"]`},
		{Source: "remote", Arguments: by("volumes", acctest.Attrs{"query": map[string]any{"pool_id": fmt.Sprint(pool), "page_size": "2", "page": "3"}}), Finds: "[for v in jsondecode(it.json) : v.name]", Want: `["v04","v05"]`},
		{Source: "remote", Arguments: by(fmt.Sprintf("pools/%v", pool), nil), Finds: "[jsondecode(it.json).name, it.value == null]", Want: `["target",true]`},
	}
}

// What does not say which array is meant, or would leave its place, is refused before
// anything is sent; what the other array says is passed on.
func TestAccRemoteRefusals(t *testing.T) {
	t.Parallel()
	p := linked(t)
	server := acctest.NewServer(t, p.Near)
	p.Near.Sent()
	for name, c := range map[string]struct {
		arguments acctest.Attrs
		says      []string
	}{
		"no array":            {acctest.Attrs{"path": "pools"}, []string{"It takes one of link_id and host"}},
		"two arrays":          {acctest.Attrs{"path": "pools", "link_id": p.Near.Link, "host": "far"}, []string{"It takes one of link_id and host"}},
		"an id for a host":    {acctest.Attrs{"path": "pools", "host": "1017"}, []string{"set link_id"}},
		"a path for a host":   {acctest.Attrs{"path": "pools", "host": "../volumes"}, []string{"neither the name of an array nor an address"}},
		"a way out":           {acctest.Attrs{"path": "../../volumes/1001", "link_id": p.Near.Link}, []string{`has ".."`}},
		"parameters":          {acctest.Attrs{"path": "pools?name=db", "link_id": p.Near.Link}, []string{"set in query"}},
		"the beginning":       {acctest.Attrs{"path": "/api/rest/pools", "link_id": p.Near.Link}, []string{"begins with api/rest"}},
		"a slash":             {acctest.Attrs{"path": "/pools", "link_id": p.Near.Link}, []string{"no slash first or last"}},
		"an escape":           {acctest.Attrs{"path": "pools%2f1", "link_id": p.Near.Link}, []string{"is escaped"}},
		"approval by a query": {acctest.Attrs{"path": "pools", "link_id": p.Near.Link, "query": map[string]any{"approved": "yes"}}, []string{"Query has approved"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, said := server.Look("storage_infinibox_remote", c.arguments)
			said.Refuse(t, c.says...)
			server.PlanAction("storage_infinibox_remote_call", c.arguments.With(acctest.Attrs{"method": "POST"})).Refuse(t, c.says...)
		})
	}
	if sent := p.Near.Sent(); len(sent) > 0 {
		t.Errorf("sent %s", sent)
	}

	look := func(arguments acctest.Attrs) acctest.Problems {
		_, said := server.Look("storage_infinibox_remote", arguments)
		return said
	}
	look(acctest.Attrs{"link_id": 999, "path": "pools"}).Refuse(t, "LINK_NOT_FOUND")
	look(acctest.Attrs{"link_id": p.Near.Link, "path": "volumes/999"}).Refuse(t, "VOLUME_NOT_FOUND")
	p.Near.Simulator.CutLinks()
	look(acctest.Attrs{"link_id": p.Near.Link, "path": "pools"}).Refuse(t, "LINK_IO_ERROR")
}

// remoteCalled deletes a volume of the other array.
func remoteCalled(t *testing.T) (acctest.Lab, acctest.Invocation) {
	p := linked(t)
	volume := p.Far.NewVolume("gone", p.Far.NewPool("target"))
	path := fmt.Sprintf("volumes/%v", volume)
	by := func(method string, more acctest.Attrs) acctest.Attrs {
		return acctest.Attrs{"link_id": p.Near.Link, "method": method}.With(more)
	}
	server := acctest.NewServer(t, p.Near)
	server.PlanAction("storage_infinibox_remote_call", by("DELETE", acctest.Attrs{"path": path, "approved": false})).
		Refuse(t, fmt.Sprintf(`On the other array of link %v, %s is "gone".`, p.Near.Link, path))
	return p.Near, acctest.Invocation{
		Config:   by("DELETE", acctest.Attrs{"path": path}),
		Danger:   "What the path names is deleted on the other array",
		Progress: fmt.Sprintf("Sending DELETE %s to the other array of link %v", path, p.Near.Link),
		Sent:     "DELETE /api/rest/remote/{linkId}/{resource}",
		Done: func(t *testing.T) {
			if left, err := p.Far.Do("GET", path, nil); err == nil {
				t.Errorf("the volume is left: %v", left)
			}
			call := func(config acctest.Attrs) []string {
				t.Helper()
				said := server.Invoke("storage_infinibox_remote_call", config)
				if said.Failed() {
					t.Error(said.Problems)
				}
				return said.Progress
			}
			made := call(by("POST", acctest.Attrs{"path": "hosts", "body": `{"name": "made"}`}))
			found, err := p.Far.Do("GET", "hosts?name=eq:made", nil)
			if err != nil {
				t.Fatal(err)
			}
			id := found.([]any)[0].(map[string]any)["id"]
			if want := fmt.Sprintf("The other array has done it, to the object of id %v", id); made[1] != want {
				t.Errorf("it says %q, want %q", made[1], want)
			}
			call(acctest.Attrs{"host": "far", "method": "PUT", "path": "system/name", "secret_body_wo": `"elsewhere"`})
			if name, err := p.Far.Do("GET", "system/name", nil); err != nil || name != "elsewhere" {
				t.Errorf("the other array is called %v (%v)", name, err)
			}
		},
		Refused: []acctest.Refusal{
			{Config: by("DELETE", acctest.Attrs{"path": path}), Says: []string{"VOLUME_NOT_FOUND"}},
			{Config: by("POST", acctest.Attrs{"path": "hosts", "body": `{}`, "secret_body_wo": `{}`}), Says: []string{"either body or secret_body_wo"}},
		},
	}
}

// A body that is no JSON is refused, and one that is secret is not repeated.
func TestAccRemoteBodies(t *testing.T) {
	t.Parallel()
	p := linked(t)
	server := acctest.NewServer(t, p.Near)
	for _, name := range []string{"body", "secret_body_wo"} {
		said := server.PlanAction("storage_infinibox_remote_call", acctest.Attrs{"link_id": p.Near.Link, "method": "PUT", "path": "pools/1", name: "password=hunter2"})
		said.Refuse(t, "The body is not JSON")
		if strings.Contains(fmt.Sprint(said), "hunter2") {
			t.Errorf("%s is repeated: %s", name, said)
		}
	}
}
