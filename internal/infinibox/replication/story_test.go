package replication_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// sites are two arrays in one configuration, under the aliases near and far.
type sites struct {
	*acctest.Pair
	t   *testing.T
	cli *acctest.CLI
	// written is the configuration beside the providers, in blocks by their labels.
	written map[string]string
}

func newSites(t *testing.T) *sites {
	t.Helper()
	s := &sites{Pair: acctest.SimulatePair(t, simulator.Options{}), t: t, cli: acctest.NewProgramCLI(t), written: map[string]string{}}
	for _, alias := range []string{"near", "far"} {
		s.write(alias, "pool", alias, acctest.Attrs{"name": "db", "physical_capacity": "10TB"})
	}
	s.write("near", "link", "dr", acctest.Attrs{"name": "dr", "remote_host": s.Far.Host, "witness_address": "10.9.9.9"})
	return s
}

func id(address string) acctest.Expr { return acctest.Expr("storage_infinibox_" + address + ".id") }

// write puts a resource of an array into the configuration.
func (s *sites) write(alias, kind, label string, arguments acctest.Attrs) {
	s.written[kind+"."+label] = on(alias, kind, label, arguments)
}

func (s *sites) volume(label string) {
	s.write("near", "volume", label, acctest.Attrs{"name": label, "pool_id": id("pool.near"), "size": "1GB"})
}

func (s *sites) config(approved bool) []string {
	settings := acctest.Attrs{"approve_dangerous_operations": approved}
	all := []string{s.Near.ProviderAs("near", settings), s.Far.ProviderAs("far", settings)}
	for _, block := range s.written {
		all = append(all, block)
	}
	return all
}

func (s *sites) apply(approved bool) *acctest.Outcome {
	s.t.Helper()
	return s.cli.Apply(s.config(approved)...).Succeeds(s.t)
}

func (s *sites) quiet() {
	s.t.Helper()
	s.cli.Plan(s.config(false)...).Succeeds(s.t).Plans(s.t, map[string]string{})
}

// replicas are the paths of the one replica, on either array.
func (s *sites) replicas() (near, far string) {
	s.t.Helper()
	return fmt.Sprint("replicas/", s.Near.IDs("replicas")[0]), fmt.Sprint("replicas/", s.Far.IDs("replicas")[0])
}

// invoke carries out an action on the replica of an array.
func (s *sites) invoke(at *acctest.Site, action, path string) acctest.Invoked {
	s.t.Helper()
	said := acctest.NewServer(s.t, at).Invoke("storage_infinibox_replica_"+action, acctest.Attrs{"replica_id": strings.TrimPrefix(path, "replicas/")})
	if said.Failed() {
		s.t.Fatalf("%s: %s", action, said.Problems)
	}
	return said
}

// role holds who has the source, and who the copy.
func (s *sites) role(near, far string) {
	s.t.Helper()
	atNear, atFar := s.replicas()
	holds(s.t, s.Near, atNear, acctest.Attrs{"role": near})
	holds(s.t, s.Far, atFar, acctest.Attrs{"role": far})
}

// A database is replicated; it fails over as planned and back; then the link fails and it
// goes on at the other site, and comes back. No plan is ever at odds with it.
func TestAccDisasterRecovery(t *testing.T) {
	t.Parallel()
	s := newSites(t)
	s.volume("db-data")
	s.volume("db-log")
	s.write("near", "consistency_group", "db", acctest.Attrs{
		"name": "db", "pool_id": id("pool.near"), "member_ids": acctest.Expr("[storage_infinibox_volume.db-data.id, storage_infinibox_volume.db-log.id]"),
	})
	replica := acctest.Attrs{
		"link_id": id("link.dr"), "consistency_group_id": id("consistency_group.db"), "remote_pool_id": id("pool.far"),
		"replication_type": "ASYNC", "sync_interval": "5m", "rpo": "15m",
	}
	s.write("near", "replica", "db", replica)
	s.apply(false)
	s.quiet()
	near, far := s.replicas()
	holds(t, s.Far, far, acctest.Attrs{"role": "TARGET", "local_cg_name": "db", "sync_interval": 300_000})

	// The other array's end of both is imported, and is as the configuration says.
	s.write("far", "link", "dr-far", acctest.Attrs{"name": "dr", "remote_host": s.Near.Host, "witness_address": "10.9.9.9"})
	s.write("far", "consistency_group", "copy", acctest.Attrs{"name": "db", "pool_id": id("pool.far")})
	copied := acctest.Attrs{
		"link_id": id("link.dr-far"), "consistency_group_id": id("consistency_group.copy"), "remote_pool_id": id("pool.near"), "replication_type": "ASYNC", "rpo": "15m",
	}
	s.write("far", "replica", "copy", copied)
	imports := map[string]any{"link.dr-far": s.Far.IDs("links")[0], "consistency_group.copy": "name=db", "replica.copy": strings.TrimPrefix(far, "replicas/")}
	for address, is := range imports {
		s.written["import of "+address] = acctest.Attrs{"to": acctest.Expr("storage_infinibox_" + address), "id": fmt.Sprint(is)}.Block("import")
	}
	s.apply(false).Plans(t, map[string]string{
		"storage_infinibox_link.dr-far": "import", "storage_infinibox_consistency_group.copy": "import", "storage_infinibox_replica.copy": "import",
	})
	s.quiet()
	s.invoke(s.Near, "sync", near)

	// Planned: synchronous for the occasion, and the roles switch.
	s.write("near", "replica", "db", replica.With(acctest.Attrs{"replication_type": "SYNC", "sync_interval": nil, "rpo": nil}))
	s.cli.Plan(s.config(false)...).Refuses(t, "Changing replication_type of", "is dangerous and not approved", "Writes wait for the other array")
	// Of the two ends one changes, and the other is what it makes of it.
	follows := acctest.Attrs{"replication_type": acctest.Expr("storage_infinibox_replica.db.replication_type")}
	s.write("far", "replica", "copy", copied.With(follows).With(acctest.Attrs{"rpo": nil}))
	s.apply(true)
	s.quiet()
	s.invoke(s.Near, "switch_role", near)
	s.role("TARGET", "SOURCE")
	s.quiet()
	s.apply(true).Plans(t, map[string]string{})
	s.role("TARGET", "SOURCE")
	s.invoke(s.Far, "switch_role", far)
	s.role("SOURCE", "TARGET")
	s.quiet()
	s.write("near", "replica", "db", replica)
	s.write("far", "replica", "copy", copied.With(follows))
	s.apply(true)
	s.quiet()

	// Unplanned: nothing reaches the source.
	s.Near.Simulator.CutLinks()
	s.invoke(s.Far, "change_role", far)
	s.quiet()
	s.role("SOURCE", "SOURCE")
	s.Near.Simulator.RestoreLinks()
	s.quiet()
	s.invoke(s.Near, "change_role", near)
	s.role("TARGET", "SOURCE")
	s.quiet()
	s.Far.Must("POST", far+"/resume", nil)
	s.quiet()
	s.write("near", "replica", "db", replica.With(acctest.Attrs{"rpo": "30m"}))
	s.cli.Apply(s.config(true)...).Warns(t, "This array has the copy", `rpo of the replica of "db"`, "in the configuration of the other array").
		Refuses(t, "REPLICA_NOT_ALLOWED_ON_TARGET", "This array has the copy")
	s.write("near", "replica", "db", replica)

	// Back again, and everything is as before.
	s.Far.Must("POST", far+"/suspend", nil)
	s.invoke(s.Near, "change_role", near)
	s.invoke(s.Far, "change_role", far)
	s.Near.Must("POST", near+"/resume", nil)
	s.role("SOURCE", "TARGET")
	s.quiet()
	holds(t, s.Near, near, acctest.Attrs{"state": "ACTIVE", "sync_interval": 300_000, "rpo_value": 900_000, "replication_type": "ASYNC"})
}

// Hosts of both sites work on one volume, by one serial number.
func TestAccActiveActive(t *testing.T) {
	t.Parallel()
	s := newSites(t)
	s.volume("web")
	active := acctest.Attrs{
		"link_id": id("link.dr"), "volume_id": id("volume.web"), "remote_pool_id": id("pool.far"), "replication_type": "ACTIVE_ACTIVE", "is_preferred": true,
	}
	s.write("near", "replica", "web", active)
	for alias, volume := range map[string]acctest.Expr{"near": id("volume.web"), "far": "storage_infinibox_replica.web.remote_entity_id"} {
		s.write(alias, "host", alias, acctest.Attrs{"name": "server"})
		s.write(alias, "lun", alias, acctest.Attrs{"host_id": id("host." + alias), "volume_id": volume, "lun": 7})
	}
	s.apply(false)
	s.quiet()
	near, far := s.replicas()
	copied := s.Near.Must("GET", near, nil)["remote_entity_id"]
	serial := s.Near.Must("GET", fmt.Sprint("volumes/", s.Near.IDs("volumes")[0]), nil)["serial"]
	holds(t, s.Far, fmt.Sprint("volumes/", copied), acctest.Attrs{"serial": serial})

	s.write("near", "replica", "web", active.With(acctest.Attrs{"is_preferred": false}))
	s.cli.Plan(s.config(false)...).Refuses(t, "is_preferred cannot be changed now", "only while suspended is true")
	suspended := active.With(acctest.Attrs{"suspended": true})
	s.write("near", "replica", "web", suspended)
	s.cli.Plan(s.config(false)...).Refuses(t, "is dangerous and not approved", "The other array goes offline for hosts")
	s.apply(true)
	s.quiet()
	holds(t, s.Near, near, acctest.Attrs{"state": "SUSPENDED", "sync_state": "SYNC_STALLED"})
	s.write("near", "replica", "web", suspended.With(acctest.Attrs{"is_preferred": false, "suspended": false}))
	s.apply(false)
	s.quiet()
	holds(t, s.Near, near, acctest.Attrs{"state": "ACTIVE", "sync_state": "SYNCHRONIZED", "is_preferred": false})
	holds(t, s.Far, far, acctest.Attrs{"is_preferred": true})

	delete(s.written, "replica.web")
	delete(s.written, "lun.far")
	s.cli.Plan(s.config(false)...).Refuses(t, "is dangerous and not approved", "The data is no longer copied", `"web" on "far"`, "another serial number")
}

// What is there on the other array is overwritten only with approval, from a snapshot that
// both arrays have or from nothing.
func TestAccReplicaOfWhatIsThere(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	cli := acctest.NewCLI(t)
	there := y.Far.NewVolume("there", y.farPool)
	replica := acctest.Attrs{"link_id": y.Near.Link, "volume_id": y.volume("v"), "replication_type": "ASYNC"}
	config := func(more acctest.Attrs) []string {
		return []string{y.Near.Provider(nil), resource("replica", "r", replica.With(more))}
	}
	existing := acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"base_action": "NO_BASE_DATA", "remote_entity_id": there}}}
	cli.Plan(config(existing)...).Refuses(t, "is dangerous and not approved", "Its data on the other array is overwritten")
	cli.Apply(config(existing.With(acctest.Attrs{"approved": true}))...).Succeeds(t).Warns(t, "Approved", "is overwritten")
	cli.Plan(config(existing.With(acctest.Attrs{"approved": true}))...).Succeeds(t).Plans(t, map[string]string{})
	path := fmt.Sprint("replicas/", y.Near.IDs("replicas")[0])
	holds(t, y.Near, path, acctest.Attrs{"remote_entity_id": there, "remote_pool_id": y.farPool})

	// The copy that an earlier replica has left is in the way of another.
	y.Far.NewVolume("w", y.farPool)
	w := acctest.Attrs{"link_id": y.Near.Link, "volume_id": y.volume("w"), "replication_type": "ASYNC", "remote_pool_id": y.farPool}
	acctest.NewCLI(t).Apply(y.Near.Provider(nil), resource("replica", "w", w)).Refuses(t, "VOLUME_NAME_CONFLICT", "On the other array there is one of that name already")

	// Another one is told of what is in the way, and how to import it.
	second := resource("replica", "second", replica.With(acctest.Attrs{"remote_pool_id": y.farPool}))
	acctest.NewCLI(t).Apply(y.Near.Provider(nil), second).
		Refuses(t, "REPLICA_ENTITY_IS_SOURCE", "terraform import storage_infinibox_replica.NAME '"+strings.TrimPrefix(path, "replicas/")+"'")
	peer := acctest.Attrs{"link_id": y.Near.Link, "volume_id": y.volume("peer"), "replication_type": "ACTIVE_ACTIVE", "remote_pool_id": y.farPool}
	acctest.NewCLI(t).Apply(y.Near.Provider(nil), resource("replica", "first", peer)).Succeeds(t)
	acctest.NewCLI(t).Apply(y.Near.Provider(nil), resource("replica", "second", peer)).
		Refuses(t, "REPLICA_ENTITY_IS_ACTIVE_ACTIVE_PEER", "It looks as configured", "terraform import storage_infinibox_replica.NAME")
}

// The other array is out of reach: nothing is made, changed or deleted by halves.
func TestAccPeerOutOfReach(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	cli := acctest.NewCLI(t)
	replica := acctest.Attrs{"link_id": y.Near.Link, "volume_id": y.volume("v"), "remote_pool_id": y.farPool, "replication_type": "ASYNC", "sync_interval": "5m"}
	provider := y.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	config := func(more acctest.Attrs) []string {
		return []string{provider, resource("replica", "r", replica.With(more))}
	}
	y.Near.Simulator.CutLinks()
	cli.Apply(config(nil)...).Refuses(t, "Could not create replica", "LINK_IO_ERROR", "Nothing is made as long as the other array is out of reach")
	if left := append(y.Near.IDs("replicas"), y.Far.IDs("volumes")...); len(left) > 0 {
		t.Fatalf("what is left: %v", left)
	}
	y.Near.Simulator.RestoreLinks()
	cli.Apply(config(nil)...).Succeeds(t)

	y.Near.Simulator.CutLinks()
	synchronous := acctest.Attrs{"replication_type": "SYNC", "sync_interval": nil}
	cli.Apply(config(synchronous)...).Refuses(t, "Could not update replica", "LINK_IO_ERROR", "Apply again once the link is up")
	y.Near.Simulator.RestoreLinks()
	cli.Apply(config(synchronous)...).Succeeds(t)
	cli.Plan(config(synchronous)...).Succeeds(t).Plans(t, map[string]string{})

	y.Near.Simulator.CutLinks()
	cli.Apply(provider).Refuses(t, "Could not delete replica", "force_if_remote_error = true")
	forced := synchronous.With(acctest.Attrs{"force_if_remote_error": true})
	cli.Apply(config(forced)...).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_replica.r": "update"})
	cli.Apply(provider).Succeeds(t).Warns(t, `The copy "v" on "far" stays there`, "stays behind")
	if left := y.Near.IDs("replicas"); len(left) > 0 {
		t.Errorf("replicas that are left: %v", left)
	}
	if there := y.Far.IDs("replicas"); len(there) != 1 {
		t.Errorf("the other array has %v, want its end of the replica", there)
	}
}

// Replicas and links that others have made are found by a query, and are imported as they are.
func TestAccReplicasOfOthers(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	common := acctest.Attrs{"link_id": y.Near.Link, "remote_pool_id": y.farPool, "replication_type": "ASYNC", "sync_interval": "0s"}
	config := []string{y.Near.Provider(nil)}
	for label, is := range map[string]struct {
		made      map[string]any
		arguments acctest.Attrs
	}{
		"v":   {y.replicate("v", nil), acctest.Attrs{"volume_id": y.volume("v")}},
		"db":  {y.replicateGroup("db", nil), acctest.Attrs{"consistency_group_id": y.group("db")}},
		"web": {y.replicate("web", map[string]any{"replication_type": "ACTIVE_ACTIVE"}), acctest.Attrs{"volume_id": y.volume("web"), "replication_type": "ACTIVE_ACTIVE", "sync_interval": nil}},
	} {
		config = append(config, resource("replica", label, common.With(is.arguments)),
			acctest.Attrs{"to": acctest.Expr(replicaType + "." + label), "id": fmt.Sprint(is.made["id"])}.Block("import"))
	}
	cli := acctest.NewCLI(t)
	cli.Apply(config...).Succeeds(t).Plans(t, map[string]string{replicaType + ".v": "import", replicaType + ".db": "import", replicaType + ".web": "import"})
	cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
	for _, site := range []*acctest.Site{y.Near, y.Far} {
		server := acctest.NewServer(t, site)
		for kind, n := range map[string]int{replicaType: 3, "storage_infinibox_link": 1} {
			found, problems := server.List(kind, acctest.Attrs{}, 100, true)
			if problems.Failed() || len(found) != n {
				t.Fatalf("%s: %d found, want %d: %s", kind, len(found), n, problems)
			}
			for _, one := range found {
				if _, _, problems := server.Import(kind, "", one.Identity); problems.Failed() {
					t.Errorf("%s %v: %s", kind, one.Identity, problems)
				}
			}
		}
	}
}
