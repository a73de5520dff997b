package replication_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const linkAddress = "storage_infinibox_link.l"

// The life of a link: it is made here and is there too, changes, is detached and attached,
// and is deleted on both sides.
func TestAccLink(t *testing.T) {
	t.Parallel()
	p := acctest.SimulatePair(t, simulator.Options{})
	near, far := p.Near, p.Far
	cli := acctest.NewCLI(t)
	least := acctest.Attrs{"name": "l", "remote_host": far.Host}
	config := func(more acctest.Attrs) []string {
		return []string{near.Provider(nil), resource("link", "l", least.With(more))}
	}
	apply := func(more acctest.Attrs, action string) {
		t.Helper()
		cli.Apply(config(more)...).Succeeds(t).Plans(t, map[string]string{linkAddress: action})
		cli.Plan(config(more)...).Succeeds(t).Plans(t, map[string]string{})
	}
	for attribute, c := range map[string]struct {
		set  any
		says string
	}{
		"name":                               {"a*b", "characters that are not allowed"},
		"remote_host":                        {"", "1 to 255 characters"},
		"witness_address":                    {" ", "is no address"},
		"local_replication_network_space_id": {0, "A link begins attached"},
	} {
		cli.Plan(config(acctest.Attrs{attribute: c.set})...).Refuses(t, c.says)
	}
	cli.Plan(config(acctest.Attrs{"local_replication_network_space_id": 99})...).Refuses(t, "There is no network space with the id 99")
	cli.Apply(config(acctest.Attrs{"remote_host": near.Host})...).Refuses(t, "CANNOT_LINK_SYSTEM_TO_ITSELF")

	apply(nil, "create")
	id := near.IDs("links")[0]
	path := fmt.Sprint("links/", id)
	holds(t, near, path, acctest.Attrs{"link_mode": "ACTIVE", "link_state": "UP", "local_replication_network_space_id": near.Space, "witness_address": nil})
	apply(acctest.Attrs{"name": "renamed", "witness_address": "10.9.9.9"}, "update")
	holds(t, near, path, acctest.Attrs{"name": "renamed", "witness_address": "10.9.9.9"})
	near.Must("PUT", path, map[string]any{"name": "drifted"})
	near.Must("POST", path+"/set_witness_address", map[string]any{"witness_address": "10.9.9.8"})
	apply(acctest.Attrs{"name": "renamed", "witness_address": "10.9.9.9"}, "update")
	apply(nil, "update") // takes the witness back
	holds(t, near, path, acctest.Attrs{"name": "l", "witness_address": nil})

	detached := acctest.Attrs{"local_replication_network_space_id": 0}
	cli.Plan(config(detached)...).Refuses(t, "is dangerous and not approved", "replication over it stops", "approved = true")
	apply(detached.With(acctest.Attrs{"approved": true}), "update")
	holds(t, near, path, acctest.Attrs{"link_mode": "DETACHED", "local_replication_network_space_id": nil})
	cli.Apply(config(detached.With(acctest.Attrs{"witness_address": "10.9.9.9"}))...).Refuses(t, "The link is detached: name its network space")
	apply(acctest.Attrs{"local_replication_network_space_id": near.Space, "witness_address": "10.9.9.9"}, "update")
	holds(t, near, path, acctest.Attrs{"link_mode": "ACTIVE", "witness_address": "10.9.9.9"})

	second := resource("link", "second", acctest.Attrs{"name": "second", "remote_host": far.Host})
	cli.Apply(append(config(acctest.Attrs{"witness_address": "10.9.9.9"}), second)...).
		Refuses(t, "LINK_TO_HOST_ALREADY_EXISTS", fmt.Sprintf(`It is the link "l" (id %v), to "far"`, id), "import it")

	cli.Plan(near.Provider(nil)).Refuses(t, "is dangerous and not approved", "Nothing can be replicated", `It is deleted on "far" too`)
	cli.Apply(near.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Succeeds(t).Plans(t, map[string]string{linkAddress: "delete"})
	for _, b := range []*acctest.Site{near, far} {
		if left := b.IDs("links"); len(left) > 0 {
			t.Errorf("links that are left: %v", left)
		}
	}
}

// A link is managed from both sides: the other one imports it by the id that it has there.
func TestAccLinkOnBothSides(t *testing.T) {
	t.Parallel()
	p := linked(t)
	cli := acctest.NewProgramCLI(t)
	side := func(alias string, here, there *acctest.Site) string {
		arguments := acctest.Attrs{"name": "link", "remote_host": there.Host, "witness_address": "10.9.9.9"}
		return here.ProviderAs(alias, nil) + on(alias, "link", alias, arguments) + imported(alias, "link", here.Link)
	}
	config := []string{side("near", p.Near, p.Far), side("far", p.Far, p.Near)}
	cli.Apply(config...).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_link.near": "import", "storage_infinibox_link.far": "import"})
	cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
}

// A link to an array that is gone is deleted on this side, by the user's word alone.
func TestAccLinkToNobody(t *testing.T) {
	t.Parallel()
	p := acctest.SimulatePair(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	provider := p.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	link := acctest.Attrs{"name": "l", "remote_host": p.Far.Host}
	cli.Apply(provider, resource("link", "l", link)).Succeeds(t)
	p.Near.Simulator.CutLinks()
	cli.Apply(provider).Refuses(t, "LINK_IO_ERROR", "force_if_remote_error = true")
	link["force_if_remote_error"] = true
	cli.Apply(provider, resource("link", "l", link)).Succeeds(t).Plans(t, map[string]string{linkAddress: "update"})
	cli.Apply(provider).Succeeds(t).Warns(t, `Where "far" has no part in it`, "stays behind")
	if left := p.Near.IDs("links"); len(left) > 0 {
		t.Errorf("links that are left: %v", left)
	}
	if left := p.Far.IDs("links"); len(left) != 1 {
		t.Errorf("the other array has %v, want its end of the link", left)
	}
}

func refreshed(t *testing.T) (acctest.Lab, acctest.Invocation) {
	p := linked(t)
	return p.Near, acctest.Invocation{
		Config:   acctest.Attrs{"link_id": p.Near.Link},
		Progress: fmt.Sprintf("Refreshing link %v", p.Near.Link), Sent: "POST /api/rest/links/{id}/refresh",
		Done: func(t *testing.T) {
			moved := acctest.NewServer(t, p.Near).Invoke("storage_infinibox_link_refresh", acctest.Attrs{"link_id": p.Near.Link, "remote_host": "10.0.2.2"})
			if moved.Failed() || len(moved.Progress) != 2 || moved.Progress[1] != `The link to "far" is UP` {
				t.Errorf("%q %s", moved.Progress, moved.Problems)
			}
			holds(t, p.Near, fmt.Sprint("links/", p.Near.Link), acctest.Attrs{"remote_host": "10.0.2.2"})
		},
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"link_id": 99}, Says: []string{"LINK_NOT_FOUND"}}},
	}
}

// linksOfTheFaults are the one link that two arrays have.
func linksOfTheFaults(t *testing.T) acctest.Suite {
	p := acctest.SimulatePair(t, simulator.Options{})
	least := acctest.Attrs{"name": "l", "remote_host": p.Far.Host}
	return acctest.Suite{
		Lab: p.Near.InfiniBox, Type: "storage_infinibox_link", Plural: "links", Path: "links",
		Least: least, Most: least.With(acctest.Attrs{"local_replication_network_space_id": p.Near.Space, "witness_address": "10.9.9.9"}),
		Changes: map[string]acctest.Change{
			"name":                               {Through: []any{"l", "renamed"}},
			"witness_address":                    {Through: []any{nil, "10.9.9.9", "10.9.9.8", nil}},
			"local_replication_network_space_id": {Through: []any{p.Near.Space, 0}},
			"remote_host":                        {Through: []any{p.Far.Host, "10.0.2.2"}},
		},
	}
}
