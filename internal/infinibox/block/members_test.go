package block_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func clusterMembers(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	var hosts []any
	for i := range 8 {
		hosts = append(hosts, newHost(b, fmt.Sprintf("host%d", i)))
	}
	cluster, other := newCluster(b, "cluster"), newCluster(b, "other")
	least := acctest.Attrs{"cluster_id": cluster, "host_id": oneOf(hosts[:5])}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_host_cluster_member", Plural: "host_cluster_members",
		Key: []string{"cluster_id", "host_id"},
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("clusters/%v/hosts/%v", o["cluster_id"], o["host_id"])}
		},
		Deleting: "A host that leaves the cluster loses access",
		Least:    least,
		Most:     least,
		Changes: map[string]acctest.Change{
			"cluster_id": {Through: []any{cluster, other}, Replaces: true},
			"host_id":    {Through: []any{hosts[5], hosts[6]}, Replaces: true},
		},
	}
}

func groupMembers(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := newPool(b, "pool")
	volumes := newVolumes(b, pool, 24)
	group, other := newGroup(b, "group", pool), newGroup(b, "other", pool)
	least := acctest.Attrs{"consistency_group_id": group, "member_id": oneOf(volumes[:22])}
	word := acctest.Change{Through: []any{nil, true, false}}
	base := acctest.Attrs{"base_action": "BASE", "remote_entity_id": 1, "local_base_entity_id": 3, "remote_base_entity_id": 5}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_consistency_group_member", Plural: "consistency_group_members",
		Key: []string{"consistency_group_id", "member_id"},
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("cgs/%v/members/%v", o["consistency_group_id"], o["member_id"])}
		},
		Deleting: "The snapshots of a volume that leaves the group",
		Least:    least,
		Most:     least,
		Changes: map[string]acctest.Change{
			"consistency_group_id": {Through: []any{group, other}, Replaces: true},
			"member_id":            {Through: []any{volumes[22], volumes[23]}, Replaces: true},

			// They are for a group that is replicated: internal/infinibox/replication has such.
			"base_action":           {Through: []any{nil, "CREATE", acctest.Attrs{"base_action": "TAKE_SNAP", "remote_entity_id": 1}}},
			"remote_entity_name":    {Through: []any{nil, "a", "b"}},
			"remote_entity_id":      {Through: []any{1, 2}, Beside: acctest.Attrs{"base_action": "NO_BASE_DATA"}},
			"local_base_entity_id":  {Through: []any{3, 4}, Beside: base},
			"remote_base_entity_id": {Through: []any{5, 6}, Beside: base},

			"retain_staging_area":            word,
			"create_replica":                 word,
			"replica_name":                   {Through: []any{"a", "b"}, Beside: acctest.Attrs{"create_replica": true}},
			"keep_serial_on_local":           word,
			"force_if_no_remote_credentials": word,
			"force_if_remote_error":          word,
			"force_on_local":                 word,
			"force_on_target":                word,
		},
		Bad: []acctest.Bad{
			bad("base_action", "COPY", "is not known here"),
			bad("base_action", "NO_BASE_DATA", "is for a copy that is there"),
			bad("remote_entity_name", "", "1 to 65 characters"),
			bad("remote_entity_id", 1, "CREATE makes the copy"),
			bad("local_base_entity_id", 1, "CREATE begins with no snapshot"),
			bad("remote_base_entity_id", 1, "CREATE begins with no snapshot"),
			bad("replica_name", "a", "replica_name is for the replica"),
			{Attribute: "create_replica", Set: acctest.Attrs{"create_replica": true, "force_on_target": true}, Says: "is not made on one array alone"},
		},
	}
}

func newCluster(b *acctest.InfiniBox, label string) any {
	return b.Create("clusters", map[string]any{"name": b.Name(label)})
}

// team is what a configuration of memberships begins with: hosts and clusters, or
// volumes and groups, each of its own resource.
type team struct {
	b        *acctest.InfiniBox
	cli      *acctest.CLI
	provider string
}

func newTeam(t *testing.T) team {
	t.Helper()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	return team{b, acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})}
}

// converges applies a configuration, and the plan after it is empty.
func (x team) converges(t *testing.T, config ...string) {
	t.Helper()
	config = append([]string{x.provider}, config...)
	x.cli.Apply(config...).Succeeds(t)
	x.cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
}

// refuses plans a configuration, which is an error.
func (x team) refuses(t *testing.T, says []string, config ...string) {
	t.Helper()
	x.cli.Plan(append([]string{x.provider}, config...)...).Refuses(t, says...)
}

// holds fails the test unless these hosts are in the cluster.
func (x team) holds(t *testing.T, cluster any, hosts ...any) {
	t.Helper()
	have := idsOf(t, x.b, fmt.Sprintf("clusters/%v/hosts", cluster))
	if !slices.Equal(have, hosts) {
		t.Errorf("in cluster %v are %v, want %v", cluster, have, hosts)
	}
}

func inCluster(label string, cluster, host any) string {
	return resource("host_cluster_member", label, acctest.Attrs{"cluster_id": cluster, "host_id": host})
}

func clusterOf(label string, more acctest.Attrs) string {
	return resource("host_cluster", label, acctest.Attrs{"name": label}.With(more))
}

func inGroup(label string, group, volume any) string {
	return resource("consistency_group_member", label, acctest.Attrs{"consistency_group_id": group, "member_id": volume})
}

func groupIn(label string, pool any, more acctest.Attrs) string {
	return resource("consistency_group", label, acctest.Attrs{"name": label, "pool_id": pool}.With(more))
}

// A container without a set of its own is quiet about the members that others put into
// it, also where it is changed while they come and go.
func TestAccMembersBesideTheirContainer(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	host := func(label string) string { return resource("host", label, acctest.Attrs{"name": label}) }
	id := func(kind, label string) acctest.Expr {
		return acctest.Expr(fmt.Sprintf("storage_infinibox_%s.%s.id", kind, label))
	}
	member := func(label string) string { return inCluster(label, id("host_cluster", "c"), id("host", label)) }
	hosts := host("one") + host("two") + host("three")
	x.converges(t, hosts, clusterOf("c", nil), member("one"), member("two"))
	x.converges(t, hosts, clusterOf("c", acctest.Attrs{"name": "renamed"}), member("two"), member("three"))
	x.converges(t, hosts, clusterOf("c", acctest.Attrs{"name": "again"}))
	x.converges(t, hosts, clusterOf("c", nil), member("one"))
	x.converges(t)

	volume := func(label string) string {
		return resource("volume", label, acctest.Attrs{"name": label, "pool_id": id("pool", "p"), "size": "1GB"})
	}
	member = func(label string) string { return inGroup(label, id("consistency_group", "g"), id("volume", label)) }
	parts := resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB"}) + volume("one") + volume("two") + volume("three")
	group := func(name string) string { return groupIn("g", id("pool", "p"), acctest.Attrs{"name": name}) }
	x.converges(t, parts, group("g"), member("one"), member("two"))
	x.converges(t, parts, group("renamed"), member("two"), member("three"))
	x.converges(t, parts, group("again"))
	x.converges(t)
}

// What one membership gives up, another gets in the same apply.
func TestAccMembersExchanged(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	one, two := newHost(x.b, "one"), newHost(x.b, "two")
	a, b := newCluster(x.b, "a"), newCluster(x.b, "b")
	x.converges(t, inCluster("one", a, one), inCluster("two", b, two))
	x.converges(t, inCluster("one", b, one), inCluster("two", a, two))
	x.holds(t, a, two)
	x.holds(t, b, one)
	// The hosts in place of the clusters.
	x.converges(t, inCluster("one", b, two), inCluster("two", a, one))
	x.holds(t, a, one)
	// A resource that has another name, and nothing says so.
	x.converges(t, inCluster("three", b, two), inCluster("two", a, one))
	x.holds(t, b, two)

	pool := newPool(x.b, "pool")
	volumes := newVolumes(x.b, pool, 2)
	g, h := newGroup(x.b, "g", pool), newGroup(x.b, "h", pool)
	x.converges(t, inGroup("one", g, volumes[0]), inGroup("two", h, volumes[1]))
	x.converges(t, inGroup("one", h, volumes[0]), inGroup("two", g, volumes[1]))
}

// A host moves between a cluster that states its hosts and one to which they are added
// one by one.
func TestAccMembersBetweenClusters(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	one, two := newHost(x.b, "one"), newHost(x.b, "two")
	b := newCluster(x.b, "b")
	states := func(hosts ...any) string { return clusterOf("a", acctest.Attrs{"host_ids": append([]any{}, hosts...)}) }
	x.converges(t, states(one), inCluster("m", b, two))
	x.converges(t, states(two), inCluster("m", b, one))
	x.holds(t, b, one)
	x.converges(t, states(one, two))
	x.holds(t, b)
	x.converges(t, states(), inCluster("m", b, two))
	x.holds(t, b, two)
}

// A host goes together with its membership, and with a cluster.
func TestAccMembersDeletedWithTheirHost(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	cluster := newCluster(x.b, "c")
	host := resource("host", "h", acctest.Attrs{"name": "h"})
	x.converges(t, host, inCluster("m", cluster, acctest.Expr("storage_infinibox_host.h.id")))
	x.converges(t)

	// Nothing tells Terraform that the one needs the other.
	x.converges(t, host)
	id := idsOf(t, x.b, "hosts?name=h")[0]
	x.converges(t, host, inCluster("m", cluster, id))
	x.converges(t)
	if left := idsOf(t, x.b, "hosts"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}

	volumes := newVolumes(x.b, newPool(x.b, "pool"), 1)
	group := newGroup(x.b, "g", idsOf(t, x.b, "pools")[0])
	member := inGroup("m", group, volumes[0])
	x.converges(t, member)
	x.b.Must("DELETE", fmt.Sprintf("cgs/%v/members/%v", group, volumes[0]), nil)
	x.cli.Plan(x.provider, member).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_consistency_group_member.m": "create"})
	x.converges(t, member)
	x.converges(t)
}

// One resource states a membership.
func TestAccMembersStatedTwice(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	one, two := newHost(x.b, "one"), newHost(x.b, "two")
	other := newCluster(x.b, "other")
	states := func(hosts any) string { return clusterOf("c", acctest.Attrs{"host_ids": hosts}) }
	x.converges(t, states([]any{one}))
	cluster := idsOf(t, x.b, "clusters?name=c")[0]
	twoWays := []string{"The members of one host cluster are stated in two ways", `"c"`, "storage_infinibox_host_cluster_member"}
	x.refuses(t, twoWays, states([]any{one}), inCluster("m", cluster, one))
	x.refuses(t, twoWays, states([]any{one}), inCluster("m", cluster, two))
	x.refuses(t, twoWays, states([]any{}), inCluster("m", cluster, one))
	x.refuses(t, []string{"Two resources have host_id", fmt.Sprintf("%q", fmt.Sprint(one))}, states([]any{one}), inCluster("m", other, one))
	x.refuses(t, []string{fmt.Sprintf(`Two resources have host_id "%v"`, two)}, inCluster("m", cluster, two), inCluster("n", other, two))
	x.refuses(t, []string{"Two resources are the same host cluster member"}, inCluster("m", other, two), inCluster("n", other, two))

	// What is known only after apply is refused then: the cluster is made, and the host
	// is in it once.
	x.cli.Apply(x.provider, resource("host_cluster", "new", acctest.Attrs{"name": "new", "host_ids": []any{two}}), states([]any{one}),
		inCluster("m", acctest.Expr("storage_infinibox_host_cluster.new.id"), two)).Refuses(t, "Two resources have host_id", `"new"`)
	x.cli.Apply(x.provider, resource("host_cluster", "other", acctest.Attrs{"name": "else", "host_ids": []any{two}}), states([]any{one}),
		resource("host", "three", acctest.Attrs{"name": "three"}),
		inCluster("m", acctest.Expr("storage_infinibox_host_cluster.other.id"), acctest.Expr("storage_infinibox_host.three.id"))).Refuses(t, twoWays[0])
	x.converges(t, states([]any{one}))

	// From the set to single members: what is there is imported, and nothing changes.
	unsaid := states(nil)
	x.cli.Apply(x.provider, unsaid, inCluster("m", cluster, one)).
		Refuses(t, "There is such a host cluster member already", `Host "one" is in the cluster "c"`, fmt.Sprintf("cluster_id=%v,host_id=%v", cluster, one))
	imported := fmt.Sprintf("import {\n  to = storage_infinibox_host_cluster_member.m\n  id = \"cluster_id=%v,host_id=%v\"\n}\n", cluster, one)
	x.converges(t, unsaid, inCluster("m", cluster, one), imported)
	x.converges(t, unsaid, inCluster("m", cluster, one), inCluster("n", cluster, two))
	x.holds(t, cluster, one, two)

	// And back: the deletion of a membership that the set states would take it out.
	x.refuses(t, []string{"host_ids keeps it", "removed block"}, states([]any{one, two}))
	removed := ""
	for _, label := range []string{"m", "n"} {
		removed += fmt.Sprintf("removed {\n  from = storage_infinibox_host_cluster_member.%s\n  lifecycle {\n    destroy = false\n  }\n}\n", label)
	}
	x.converges(t, states([]any{one, two}), removed)
	x.holds(t, cluster, one, two)
}

// A member of a group that is stated in two ways is refused as that of a cluster is.
func TestAccGroupMembersStatedTwice(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	pool := newPool(x.b, "pool")
	volumes := newVolumes(x.b, pool, 2)
	states := groupIn("g", pool, acctest.Attrs{"member_ids": volumes[:1], "snapshot_policy_id": 0})
	x.converges(t, states)
	group := idsOf(t, x.b, "cgs?name=g")[0]
	for _, volume := range volumes {
		x.refuses(t, []string{"The members of one consistency group are stated in two ways", `"g"`}, states, inGroup("m", group, volume))
	}
	other := newGroup(x.b, "other", pool)
	x.refuses(t, []string{"Two resources have member_id", fmt.Sprintf("%q", fmt.Sprint(volumes[0]))}, states, inGroup("m", other, volumes[0]))
}

// What others have put somewhere is left there.
func TestAccMembersInTheWay(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	host := newHost(x.b, "h")
	mine, theirs := newCluster(x.b, "mine"), newCluster(x.b, "theirs")
	x.b.Must("POST", fmt.Sprintf("clusters/%v/hosts", theirs), map[string]any{"id": host})
	x.cli.Apply(x.provider, inCluster("m", mine, host)).Refuses(t,
		fmt.Sprintf("Could not create host cluster member (cluster_id %v, host_id %v)", mine, host),
		fmt.Sprintf("cluster_id is %v where %v is wanted", theirs, mine), `in the cluster "theirs"`,
		fmt.Sprintf("terraform import storage_infinibox_host_cluster_member.NAME 'cluster_id=%v,host_id=%v'", theirs, host))
	x.holds(t, theirs, host)

	pool := newPool(x.b, "pool")
	volume := newVolumes(x.b, pool, 1)[0]
	group, other := newGroup(x.b, "group", pool), newGroup(x.b, "other", pool, volume)
	x.cli.Apply(x.provider, inGroup("m", group, volume)).Refuses(t, "There is such a consistency group member already", `consistency group "other"`,
		fmt.Sprintf("terraform import storage_infinibox_consistency_group_member.NAME 'consistency_group_id=%v,member_id=%v'", other, volume))
}

// What the array refuses of a volume in a group, whatever order the operations take, a
// plan refuses; what works in some order is done.
func TestAccGroupMembersAndTheirVolumes(t *testing.T) {
	t.Parallel()
	x := newTeam(t)
	pool, other, third := newPool(x.b, "pool"), newPool(x.b, "other"), newPool(x.b, "third")
	policy := newSnapshotPolicy(x.b, "gold")
	volume := func(pool any, more acctest.Attrs) string {
		return resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": pool, "size": "1GB"}.With(more))
	}
	group := func(pool any) string { return groupIn("g", pool, acctest.Attrs{"snapshot_policy_id": 0}) }
	member := inGroup("m", acctest.Expr("storage_infinibox_consistency_group.g.id"), acctest.Expr("storage_infinibox_volume.v.id"))
	x.converges(t, volume(other, nil), group(pool))
	x.refuses(t, []string{"A volume is not in the pool of its consistency group"}, volume(other, nil), group(pool), member)
	x.refuses(t, []string{"A volume of a group has no snapshot policy of its own"},
		volume(pool, acctest.Attrs{"snapshot_policy_id": policy}), group(pool), member)
	x.converges(t, volume(pool, nil), group(pool), member)

	x.refuses(t, []string{"A volume of a group has no snapshot policy of its own"},
		volume(pool, acctest.Attrs{"snapshot_policy_id": policy}), group(pool), member)
	x.refuses(t, []string{"A volume moves with its consistency group alone"}, volume(other, nil), group(third), member)
	x.converges(t, volume(other, nil), group(other), member)

	// It leaves the group, and gets a policy of its own and another pool.
	x.converges(t, volume(pool, acctest.Attrs{"snapshot_policy_id": policy}), group(other))
}
