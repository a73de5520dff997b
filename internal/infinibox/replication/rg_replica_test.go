package replication_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// groupsOf makes replication groups in a pool of an array.
func groupsOf(b *acctest.Site, pool any, n int) []any {
	ids := make([]any, n)
	for i := range ids {
		ids[i] = b.Create("replication_groups", map[string]any{"name": b.Name(fmt.Sprintf("group-%d", i)), "pool_id": pool})
	}
	return ids
}

func rgReplicaTable(t *testing.T) acctest.Suite {
	p := linked(t)
	there, elsewhere := p.Far.NewPool("pool"), p.Far.NewPool("other")
	groups := groupsOf(p.Near, p.Near.NewPool("pool"), 30)
	taken := len(groups) - 2 // by the change of the group
	least := acctest.Attrs{
		"replication_group_id": acctest.Own(func(_ string, n int) any { return groups[n%taken] }), "link_id": p.Near.Link, "remote_pool_id": there,
		"delete_remote_replication_group": true, // what replaces one takes its name
	}
	post := func(verb string) func(acctest.Object) acctest.Request { return acctest.Post("rg_replicas", verb, nil) }
	// Who deletes a replica behind Terraform's back deletes the group that it leaves too.
	gone := func(o acctest.Object) acctest.Request {
		path := fmt.Sprintf("rg_replicas/%v", o["id"])
		group := p.Near.Must("GET", path, nil)["remote_replication_group_id"]
		p.Near.Must("DELETE", path, nil)
		return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("remote/%v/replication_groups/%v", p.Near.Link, group)}
	}
	return acctest.Suite{
		Lab: p.Near.InfiniBox, Type: "storage_infinibox_rg_replica", Plural: "rg_replicas", Path: "rg_replicas", Gone: gone,
		Deleting: "The vVols of the group are no longer copied to the other array",
		Least:    least,
		Most: least.With(acctest.Attrs{
			"remote_replication_group_name": acctest.Name(p.Far), "sync_interval": "5m", "rpo": "10m", "suspended": true, "force": false,
		}),
		Changes: map[string]acctest.Change{
			"replication_group_id":            {Through: []any{groups[taken], groups[taken+1]}, Replaces: true},
			"remote_pool_id":                  {Through: []any{there, elsewhere}, Replaces: true},
			"remote_replication_group_name":   {Through: []any{"one", "two"}, Replaces: true},
			"sync_interval":                   {Through: []any{"5m", "24h", "0s"}, Drift: put("rg_replicas", "sync_interval", 600_000)},
			"rpo":                             {Through: []any{"10m", "36h", "0s"}, Drift: put("rg_replicas", "rpo_value", 1_200_000)},
			"suspended":                       {Through: []any{true, false, true}, Drift: post("resume")},
			"force":                           {Through: []any{false, true}},
			"delete_remote_replication_group": {Through: []any{true, false}},
		},
		Together: []acctest.Attrs{
			{"sync_interval": "5m", "rpo": "5m"},
			{"sync_interval": "1h", "rpo": "2h"},
			{"sync_interval": "4s", "rpo": "1m"},
			{"sync_interval": "24h", "rpo": "0s"},
			{"sync_interval": "0s", "rpo": "5s"},
		},
		Elsewhere: map[string]func(*testing.T){"link_id": TestAccVVolsAtTwoSites},
		Bad: []acctest.Bad{
			bad("remote_pool_id", 0, "must be at least 1"),
			bad("sync_interval", "3s", "nor between 4s and 24h"),
			bad("sync_interval", "25h", "nor between 4s and 24h"),
			bad("sync_interval", "often", "is not a duration"),
			bad("rpo", "-1s", "leaves no time"),
			bad("remote_replication_group_name", "", "1 to 65 characters"),
			{Attribute: "rpo", Set: acctest.Attrs{"sync_interval": "5m", "rpo": "4m"}, Says: "rpo must not be below sync_interval"},
			{Attribute: "link_id", Set: acctest.Attrs{"link_id": 999}, Says: "There is no link with the id 999"},
			{Attribute: "replication_group_id", Set: acctest.Attrs{"replication_group_id": 999}, Says: "There is no replication group with the id 999"},
		},
		Unverified: map[string]string{
			"remote_replication_group_name":   "what creation was told; the group has a name of its own",
			"force":                           "the user's word on a deletion",
			"delete_remote_replication_group": "the user's word on a deletion",
		},
	}
}

// groupSynchronized is a replica that is brought up to date.
func groupSynchronized(t *testing.T) (acctest.Lab, acctest.Invocation) {
	p := acctest.SimulatePair(t, simulator.Options{SyncTime: time.Minute}).Link()
	replica := p.Near.Create("rg_replicas", map[string]any{
		"replication_group_id": groupsOf(p.Near, p.Near.NewPool("pool"), 1)[0], "link_id": p.Near.Link, "remote_pool_id": p.Far.NewPool("pool"), "sync_interval": 0,
	})
	p.Near.Simulator.Advance(2 * time.Minute) // the first job is done
	before := p.Near.Must("GET", fmt.Sprintf("rg_replicas/%v", replica), nil)["last_synchronized"]
	return p.Near.InfiniBox, acctest.Invocation{
		Config:    acctest.Attrs{"rg_replica_id": replica},
		Progress:  fmt.Sprintf("Synchronizing RG replica %v", replica),
		Sent:      "POST /api/rest/rg_replicas/{id}/sync",
		Meanwhile: func() { p.Near.Simulator.Advance(5 * time.Second) },
		Done: func(t *testing.T) {
			if after := p.Near.Must("GET", fmt.Sprintf("rg_replicas/%v", replica), nil)["last_synchronized"]; after == before {
				t.Errorf("it was last synchronized at %v, as before", after)
			}
		},
		Refused: []acctest.Refusal{
			{Config: acctest.Attrs{"rg_replica_id": 999}, Says: []string{"REPLICA_NOT_FOUND"}},
		},
	}
}

const (
	groupAddress     = "storage_infinibox_replication_group.g"
	rgReplicaAddress = "storage_infinibox_rg_replica.r"
)

// replicatedGroup is the configuration of a replicated group.
func replicatedGroup(p *acctest.Pair, here, there any, more acctest.Attrs) string {
	return resource("replication_group", "g", acctest.Attrs{"name": "database", "pool_id": here}) +
		resource("rg_replica", "r", acctest.Attrs{
			"replication_group_id": acctest.Expr(groupAddress + ".id"), "link_id": p.Near.Link, "remote_pool_id": there,
		}.With(more))
}

// A group is replicated from one site, suspended, resumed and changed there, and each time
// the plans of both sites are quiet; the other site cannot change it, nor end it.
func TestAccVVolsAtTwoSites(t *testing.T) {
	t.Parallel()
	p := linked(t)
	cli, far := acctest.NewCLI(t), acctest.NewCLI(t)
	here, there := p.Near.NewPool("here"), p.Far.NewPool("there")
	config := func(more acctest.Attrs) []string {
		return []string{p.Near.Provider(nil), replicatedGroup(p, here, there, more)}
	}
	cli.Apply(config(nil)...).Succeeds(t)
	replica := p.Near.Must("GET", fmt.Sprintf("rg_replicas/%v", p.Near.IDs("rg_replicas")[0]), nil)
	path := fmt.Sprintf("rg_replicas/%v", replica["id"])
	holds(t, p.Near, path, acctest.Attrs{"role": "SOURCE", "sync_interval": 4000, "rpo_value": 0, "remote_replication_group_name": "database"})

	// The other site has a group and a replica of its own, of the same pair.
	mirrored := func(more acctest.Attrs) string {
		return p.Far.Provider(acctest.Attrs{"approve_dangerous_operations": true}) +
			resource("replication_group", "g", acctest.Attrs{"name": "database", "pool_id": there}) +
			resource("rg_replica", "r", acctest.Attrs{"replication_group_id": acctest.Expr(groupAddress + ".id"), "link_id": p.Far.Link, "remote_pool_id": here}.With(more))
	}
	far.Write(mirrored(nil))
	for address, id := range map[string]any{groupAddress: "name=database", rgReplicaAddress: replica["remote_replica_id"]} {
		if err := far.Import(address, fmt.Sprint(id)); err != nil {
			t.Fatal(err)
		}
	}
	quiet := func() {
		t.Helper()
		far.Plan(mirrored(nil)).Succeeds(t).Plans(t, map[string]string{})
	}
	quiet()

	changed := acctest.Attrs{"sync_interval": "5m", "rpo": "5m", "suspended": true}
	cli.Apply(config(changed)...).Succeeds(t).Plans(t, map[string]string{rgReplicaAddress: "update"})
	cli.Plan(config(changed)...).Succeeds(t).Plans(t, map[string]string{})
	holds(t, p.Near, path, acctest.Attrs{"state": "SUSPENDED", "sync_interval": 300_000, "rpo_value": 300_000})
	quiet()
	changed["suspended"] = false
	cli.Apply(config(changed)...).Succeeds(t).Plans(t, map[string]string{rgReplicaAddress: "update"})
	holds(t, p.Near, path, acctest.Attrs{"state": "ACTIVE"})

	far.Apply(mirrored(acctest.Attrs{"sync_interval": "2m"})).Refuses(t, "REPLICA_NOT_ALLOWED_ON_TARGET", "in the configuration of the array that has the vVols")
	far.Plan(p.Far.Provider(nil)).Refuses(t, `This array has the copies: the group "database" stays here, and is no longer kept as the group "database" on "near" is.`)
	far.Apply(p.Far.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Refuses(t, "REPLICA_DELETION_NOT_ALLOWED_ON_TARGET", "terraform state rm")

	// Another link, or another group there, is another replica.
	moved := config(changed.With(acctest.Attrs{"link_id": acctest.Expr("terraform_data.link.id")}))
	cli.Plan(append(moved, `resource "terraform_data" "link" {}`)...).Refuses(t, "is dangerous and not approved", "link_id", "The vVols of the group are no longer copied")
	cli.Plan(p.Near.Provider(nil)).Refuses(t, "is dangerous and not approved", fmt.Sprintf(`It copies the group "database" to the group "database" on "far", and is deleted there too (id %v there).`, replica["remote_replica_id"]), "The group there stays.")
	both := changed.With(acctest.Attrs{"approved": true, "delete_remote_replication_group": true})
	cli.Apply(config(both)...).Succeeds(t)
	cli.Apply(p.Near.Provider(nil)).Succeeds(t).Warns(t, "The group there is deleted with it.")
	for _, b := range []*acctest.Site{p.Near, p.Far} {
		for _, collection := range []string{"rg_replicas", "replication_groups"} {
			if left := b.IDs(collection); len(left) > 0 {
				t.Errorf("%s that are left: %v", collection, left)
			}
		}
	}
	far.Plan(mirrored(nil)).Succeeds(t).Plans(t, map[string]string{groupAddress: "create", rgReplicaAddress: "create"})
}

// What stands in the way of a replica, or of its end, is named with what to do.
func TestAccRGReplicaRefusals(t *testing.T) {
	t.Parallel()
	p := linked(t)
	cli := acctest.NewCLI(t)
	here, there := p.Near.NewPool("here"), p.Far.NewPool("there")
	provider := p.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	group := resource("replication_group", "g", acctest.Attrs{"name": "database", "pool_id": here})
	config := func(more acctest.Attrs) []string { return []string{provider, replicatedGroup(p, here, there, more)} }

	// Where the other array does not answer, nothing is made on either side.
	p.Near.Simulator.CutLinks()
	cli.Apply(config(nil)...).Refuses(t, "LINK_IO_ERROR")
	p.Near.Simulator.RestoreLinks()
	for _, collection := range []*acctest.Site{p.Near, p.Far} {
		if made := collection.IDs("rg_replicas"); len(made) > 0 {
			t.Errorf("replicas that were made: %v", made)
		}
	}

	// A replica that others have made is left alone.
	id := p.Near.Create("rg_replicas", map[string]any{"replication_group_id": p.Near.IDs("replication_groups")[0], "link_id": p.Near.Link, "remote_pool_id": there})
	cli.Apply(config(nil)...).Refuses(t, "REPLICATION_GROUP_ALREADY_REPLICATED", "In the way is the RG replica", fmt.Sprintf("terraform import storage_infinibox_rg_replica.NAME '%v'", id))
	cli.Apply(provider).Refuses(t, "REPLICATED_REPLICATION_GROUP_CANNOT_BE_DELETED", fmt.Sprintf("replicated by the RG replica of id %v. Delete that first", id))
	if err := cli.Import(rgReplicaAddress, fmt.Sprint(id)); err == nil {
		t.Error("what is in no configuration is imported")
	}
	cli.Write(config(nil)...)
	if err := cli.Import(rgReplicaAddress, fmt.Sprint(id)); err != nil {
		t.Fatal(err)
	}
	cli.Plan(config(nil)...).Succeeds(t).Plans(t, map[string]string{})

	// The group that a replica leaves on the other array is in the way of the next one.
	cli.Apply(provider, group).Succeeds(t).Plans(t, map[string]string{rgReplicaAddress: "delete"})
	cli.Apply(config(nil)...).Refuses(t, "REPLICATION_GROUP_NAME_CONFLICT", "The other array has a group of that name", "remote_replication_group_name")
	named := acctest.Attrs{"remote_replication_group_name": "database-2"}
	cli.Apply(config(named)...).Succeeds(t)
	other := p.Far.NewPool("other")
	cli.Plan(config(named.With(acctest.Attrs{"remote_pool_id": other}))...).Succeeds(t).Warns(t, "keeps its name", "delete_remote_replication_group = true")

	// An array that is gone keeps its side, by the user's word alone.
	p.Near.Simulator.CutLinks()
	cli.Apply(provider, group).Refuses(t, "LINK_IO_ERROR", "force = true")
	named["force"] = true
	cli.Apply(config(named)...).Succeeds(t).Plans(t, map[string]string{rgReplicaAddress: "update"})
	cli.Apply(provider, group).Succeeds(t).Warns(t, `Where "far" does not answer, its side stays behind`)
	if left := p.Near.IDs("rg_replicas"); len(left) > 0 {
		t.Errorf("replicas that are left: %v", left)
	}
}

// After VMware has failed a group over, the plan of the site that has taken over is quiet,
// and its replica goes by the user's word alone; the group that serves the vVols stays.
func TestAccRGReplicaFailedOver(t *testing.T) {
	t.Parallel()
	p := linked(t)
	pool, farPool := p.Near.NewPool("here"), p.Far.NewPool("there")
	p.Near.Create("rg_replicas", map[string]any{"replication_group_id": groupsOf(p.Near, pool, 1)[0], "link_id": p.Near.Link, "remote_pool_id": farPool})
	b := failedOver(t, p.Far)
	id := b.IDs("rg_replicas")[0]
	config := func(settings, more acctest.Attrs) []string {
		return []string{b.Provider(settings), resource("rg_replica", "r", acctest.Attrs{
			"replication_group_id": b.IDs("replication_groups")[0], "link_id": p.Far.Link, "remote_pool_id": pool, "delete_remote_replication_group": true,
		}.With(more))}
	}
	cli := acctest.NewCLI(t)
	cli.Write(config(nil, nil)...)
	if err := cli.Import(rgReplicaAddress, fmt.Sprint(id)); err != nil {
		t.Fatal(err)
	}
	approved := acctest.Attrs{"approve_dangerous_operations": true}
	cli.Apply(config(approved, nil)...).Succeeds(t)
	cli.Plan(config(approved, nil)...).Succeeds(t).Plans(t, map[string]string{})
	if role := b.Must("GET", fmt.Sprintf("rg_replicas/%v", id), nil)["role"]; role != "FAILEDOVER" {
		t.Errorf("the role is %v", role)
	}
	cli.Apply(b.Provider(approved)).Refuses(t, "REPLICA_DELETION_ERROR", "VMware has failed it over", "force = true")
	cli.Apply(config(approved, acctest.Attrs{"force": true})...).Succeeds(t).Plans(t, map[string]string{rgReplicaAddress: "update"})
	b.Sent()
	cli.Apply(b.Provider(approved)).Succeeds(t).Warns(t, "This array has the copies", "stays here")
	if sent := b.Sent(); slices.ContainsFunc(sent, func(r string) bool { return strings.Contains(r, "/remote/") }) {
		t.Errorf("the group of the vVols is touched: %s", sent)
	}
	if left := b.IDs("rg_replicas"); len(left) > 0 {
		t.Errorf("replicas that are left: %v", left)
	}
	if groups := b.IDs("replication_groups"); len(groups) != 1 {
		t.Errorf("groups: %v", groups)
	}
}

// failedOver is an array after VMware has failed over to it, from one that is gone.
func failedOver(t *testing.T, b *acctest.Site) *acctest.InfiniBox {
	t.Helper()
	var dump bytes.Buffer
	if err := b.Simulator.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	var seed map[string]any
	if err := json.Unmarshal(dump.Bytes(), &seed); err != nil {
		t.Fatal(err)
	}
	seed["replication_groups"] = []any{map[string]any{"id": b.IDs("replication_groups")[0], "role": "FAILEDOVER"}}
	text, err := json.Marshal(seed)
	if err != nil {
		t.Fatal(err)
	}
	return acctest.SimulateInfiniBox(t, simulator.Options{Seed: text})
}
