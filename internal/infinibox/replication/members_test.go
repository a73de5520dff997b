package replication_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

const memberType = "storage_infinibox_consistency_group_member"

// database is a consistency group "db" of one array that is replicated to the other.
type database struct {
	*yard
	t              *testing.T
	cli            *acctest.CLI
	group, replica any
}

func newDatabase(t *testing.T, replicationType string) *database {
	t.Helper()
	y := newYard(t)
	replica := y.replicateGroup("db", map[string]any{"replication_type": replicationType})
	return &database{yard: y, t: t, cli: acctest.NewCLI(t), group: y.group("db"), replica: replica["id"]}
}

// config is memberships of the group, each under the label of its volume.
func (d *database) config(members map[string]acctest.Attrs) []string {
	all := []string{d.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true})}
	for label, more := range members {
		all = append(all, resource("consistency_group_member", label, acctest.Attrs{"consistency_group_id": d.group, "member_id": d.volume(label)}.With(more)))
	}
	return all
}

// settles applies memberships, and the plan after is empty.
func (d *database) settles(members map[string]acctest.Attrs) *acctest.Outcome {
	d.t.Helper()
	done := d.cli.Apply(d.config(members)...).Succeeds(d.t)
	d.cli.Plan(d.config(members)...).Succeeds(d.t).Plans(d.t, map[string]string{})
	return done
}

// copies holds how the members of the replica are called on the other array.
func (d *database) copies(want ...string) {
	d.t.Helper()
	o := d.Near.Must("GET", fmt.Sprintf("replicas/%v", d.replica), nil)
	var have []string
	for _, pair := range o["entity_pairs"].([]any) {
		have = append(have, fmt.Sprint(pair.(map[string]any)["remote_entity_name"]))
	}
	slices.Sort(have)
	there := d.Far.Must("GET", fmt.Sprintf("cgs/%v", o["remote_cg_id"]), nil)
	if !slices.Equal(have, want) || fmt.Sprint(there["members_count"]) != fmt.Sprint(len(want)) {
		d.t.Errorf("copied are %q, and %v there; want %q", have, there["members_count"], want)
	}
}

func (d *database) suspend(verb string) {
	d.t.Helper()
	d.Near.Must("POST", fmt.Sprintf("replicas/%v/%s", d.replica, verb), nil)
}

// What the copy of a new member is to be is as the user says, whatever the group's replica.
func TestAccMembersOfAReplicatedGroup(t *testing.T) {
	t.Parallel()
	for _, replicationType := range []string{"ASYNC", "ACTIVE_ACTIVE"} {
		t.Run(replicationType, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, replicationType)
			if replicationType == "ACTIVE_ACTIVE" {
				d.cli.Apply(d.config(map[string]acctest.Attrs{"a": nil})...).
					Warns(t, "does not take the volume as things are", "(ACTIVE_ACTIVE)", "Suspend the group's replica").
					Refuses(t, "CG_MEMBER_CANNOT_BE_ADDED_TO_ACTIVE_AA_REPLICA", "Suspend the group's replica")
				d.suspend("suspend")
			}
			there := d.Far.NewVolume("there", d.farPool)
			members := map[string]acctest.Attrs{
				"a": nil,
				"b": {"remote_entity_name": "b-dr"},
				"c": {"base_action": "NO_BASE_DATA", "remote_entity_id": there},
			}
			d.settles(members).Warns(t, "Approved: Replicating onto what is there")
			d.copies("a", "b-dr", "db-data", "db-log", "there")

			// What is said later counts for nothing, and nothing is made anew.
			members["a"] = acctest.Attrs{"remote_entity_name": "later"}
			d.settles(members).Warns(t, "in the group already", "remote_entity_name").Plans(t, map[string]string{memberType + ".a": "update"})
			d.copies("a", "b-dr", "db-data", "db-log", "there")

			// It leaves, and its copy is in the way of another.
			delete(members, "a")
			d.settles(members).Warns(t, "Approved", `"a" on "far" stays there by itself`)
			members["a"] = nil
			d.cli.Apply(d.config(members)...).Refuses(t, "VOLUME_NAME_CONFLICT", "remote_entity_name of storage_infinibox_consistency_group_member", "storage_infinibox_remote_call", `method = "DELETE", path = "volumes/`)
			members["a"] = acctest.Attrs{"remote_entity_name": "a-again"}
			d.settles(members)
			d.copies("a-again", "b-dr", "db-data", "db-log", "there")
		})
	}
}

// A copy that begins with a snapshot that both arrays have.
func TestAccMemberFromABaseSnapshot(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "ASYNC")
	volume, there := d.volume("v"), d.Far.NewVolume("for-v", d.farPool)
	of := func(at *acctest.Site, parent any) any {
		return at.Create("volumes", map[string]any{"name": fmt.Sprintf("of-%v", parent), "parent_id": parent})
	}
	d.settles(map[string]acctest.Attrs{"v": {
		"base_action": "BASE", "remote_entity_id": there, "local_base_entity_id": of(d.Near, volume), "remote_base_entity_id": of(d.Far, there),
	}})
	d.copies("db-data", "db-log", "for-v")
}

// What becomes of a member that leaves is as the user says, and is told at plan.
func TestAccHowAMemberLeaves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		words     acctest.Attrs
		active    bool
		cut       bool
		says      string
		asked     string
		replicas  int // of this array afterwards
		snapshots int // of the other one
		members   int // of the group there
	}{
		"as it is":             {says: `"v" on "far" stays there by itself`, replicas: 1, members: 2},
		"with a replica":       {words: acctest.Attrs{"create_replica": true, "replica_name": "own"}, says: "goes on being replicated", asked: "create_replica=true&replica_name=own", replicas: 2, members: 2},
		"with a staging area":  {words: acctest.Attrs{"retain_staging_area": true}, says: "is kept as a snapshot", replicas: 1, snapshots: 1, members: 2},
		"on this array alone":  {words: acctest.Attrs{"force_on_local": true}, cut: true, says: "stays a member of the group there", replicas: 1, members: 3},
		"without the other":    {words: acctest.Attrs{"force_if_remote_error": true}, cut: true, says: "somebody must take it out", replicas: 1, members: 3},
		"its number stays":     {words: acctest.Attrs{"keep_serial_on_local": true}, active: true, says: `The volume on "far" gets another serial number`, asked: "keep_serial_on_local=true", replicas: 1, members: 2},
		"its number goes":      {words: acctest.Attrs{"keep_serial_on_local": false}, active: true, says: "The volume on this array gets another serial number", asked: "keep_serial_on_local=false", replicas: 1, members: 2},
		"a word for others":    {words: acctest.Attrs{"keep_serial_on_local": true}, says: "stays there by itself", replicas: 1, members: 2},
		"nothing but approval": {active: true, says: "keep_serial_on_local says which", replicas: 1, members: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replicationType := "ASYNC"
			if c.active {
				replicationType = "ACTIVE_ACTIVE"
			}
			d := newDatabase(t, replicationType)
			if c.active {
				d.suspend("suspend")
			}
			d.settles(map[string]acctest.Attrs{"v": c.words})
			if c.snapshots > 0 {
				d.Near.Must("POST", fmt.Sprintf("replicas/%v/sync", d.replica), nil)
			}
			if c.cut {
				d.Near.Simulator.CutLinks()
			}
			d.Near.Sent()
			d.settles(nil).Warns(t, "Approved", "The snapshots of a volume that leaves the group", c.says)
			sent := d.Near.Sent()
			if !slices.ContainsFunc(sent, func(r string) bool { return strings.HasPrefix(r, "DELETE") && strings.Contains(r, c.asked) }) {
				t.Errorf("no request with %q: %q", c.asked, sent)
			}
			if left := d.Near.IDs("replicas"); len(left) != c.replicas {
				t.Errorf("replicas: %v, want %d", left, c.replicas)
			}
			if left := d.Far.IDs("volumes?type=SNAPSHOT"); len(left) != c.snapshots {
				t.Errorf("snapshots there: %v, want %d", left, c.snapshots)
			}
			if left := d.Far.IDs("volumes?cg_id=" + fmt.Sprint(d.Far.IDs("cgs")[0])); len(left) != c.members {
				t.Errorf("members there: %v, want %d", left, c.members)
			}
		})
	}
}

// Words that no array could follow are refused, and those on a group that is not replicated
// count for nothing.
func TestAccWordsOnAMember(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	cli := acctest.NewCLI(t)
	group := y.group("db")
	config := func(more acctest.Attrs) []string {
		return []string{
			y.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true}),
			resource("consistency_group_member", "m", acctest.Attrs{"consistency_group_id": group, "member_id": y.volume("v")}.With(more)),
		}
	}
	for says, words := range map[string]acctest.Attrs{
		"NO_BASE_DATA is for a copy that is there":          {"base_action": "NO_BASE_DATA"},
		"CREATE makes the copy":                             {"remote_entity_id": 7},
		"BASE begins with a snapshot that both arrays have": {"base_action": "BASE", "remote_entity_id": 7},
		"replica_name is for the replica":                   {"replica_name": "own"},
		"force_on_target lets the volume leave":             {"create_replica": true, "force_on_target": true},
		"force_if_remote_error lets the volume leave":       {"create_replica": true, "force_if_remote_error": true},
		"is not known here":                                 {"base_action": "COPY"},
		"1 to 65 characters":                                {"remote_entity_name": ""},
	} {
		cli.Plan(config(words)...).Refuses(t, says)
	}
	said := acctest.Attrs{"remote_entity_name": "v-dr", "create_replica": true, "replica_name": "own", "keep_serial_on_local": true}
	cli.Apply(config(said)...).Succeeds(t).Warns(t, "The group is not replicated", "counts for nothing")
	cli.Plan(config(said)...).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(config(nil)[0]).Succeeds(t)
}

// A volume that is replicated by itself joins with its replica, where the two are alike.
func TestAccReplicatedVolumeJoinsAGroup(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "ASYNC")
	own := d.replicate("v", nil)
	plan := func(more acctest.Attrs) *acctest.Outcome {
		return d.cli.Plan(d.config(map[string]acctest.Attrs{"v": more})...)
	}
	plan(acctest.Attrs{"remote_entity_name": "x"}).Warns(t, "does not take the volume as things are", "brings its copy along")
	d.Near.Must("POST", fmt.Sprintf("replicas/%v/change_type_to_sync", own["id"]), nil)
	plan(nil).Warns(t, "does not take the volume as things are", "not as the group is")
	d.Near.Must("POST", fmt.Sprintf("replicas/%v/change_type_to_async", own["id"]), nil)
	d.settles(map[string]acctest.Attrs{"v": nil}).Warns(t, "own replica becomes part of the group's", fmt.Sprintf("replica %v (ASYNC, SOURCE here)", own["id"]))
	d.copies("db-data", "db-log", "v")

	d.Near.Must("POST", fmt.Sprintf("replicas/%v/change_type_to_sync", d.replica), nil)
	d.cli.Apply(d.config(nil)...).Warns(t, "Set replication_type of the group's replica to ASYNC").
		Refuses(t, "CG_MEMBER_CANNOT_BE_REMOVED_FROM_SYNC_REPLICA")
	d.cli.Plan(d.config(map[string]acctest.Attrs{"v": nil, "w": nil})...).Succeeds(t).
		Warns(t, "does not take the volume as things are", "(SYNC, SOURCE here)", "Set replication_type of the group's replica to ASYNC")
}

// A member that joins anew, the same group or another one, finds its old copy in the way, unless
// it brings that along.
func TestAccMemberJoinsAnew(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "ASYNC")
	const way = "A copy is in the way of the new one"
	member := func(more acctest.Attrs) map[string]acctest.Attrs { return map[string]acctest.Attrs{"v": more} }
	d.settles(member(nil))
	d.cli.Replace(memberType+".v").Refuses(t, way, `"v" (id `, `on "far"`, "remote_entity_name")
	d.copies("db-data", "db-log", "v")

	d.replicateGroup("erp", nil)
	other := acctest.Attrs{"consistency_group_id": d.yard.group("erp")}
	d.cli.Plan(d.config(member(other))...).Succeeds(t).Warns(t, way, `"v" (id `)
	d.settles(member(other.With(acctest.Attrs{"remote_entity_name": "v-erp"})))
	d.copies("db-data", "db-log")

	d.settles(member(acctest.Attrs{"remote_entity_name": "v-db", "create_replica": true}))
	d.copies("db-data", "db-log", "v-db")
	d.settles(member(acctest.Attrs{"create_replica": true}))
	d.cli.Replace(memberType + ".v").Succeeds(t)
	d.copies("db-data", "db-log", "v-db")
	if left := d.Near.IDs("replicas"); len(left) != 2 {
		t.Errorf("replicas: %v, want those of the two groups", left)
	}
}

// A group, its members and its replica are made by one apply, whatever is said of copies, and
// go by one.
func TestAccReplicatedGroupFromNothing(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	cli := acctest.NewCLI(t)
	said := acctest.Attrs{"create_replica": true, "replica_name": "own", "retain_staging_area": true}
	config := func(replicationType string, members map[string]acctest.Attrs) []string {
		all := []string{y.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true}), resource("consistency_group", "db", acctest.Attrs{"name": "db", "pool_id": y.pool})}
		var first []any
		for label, more := range members {
			all = append(all,
				resource("volume", label, acctest.Attrs{"name": label, "pool_id": y.pool, "size": "1GB"}),
				resource("consistency_group_member", label, acctest.Attrs{"consistency_group_id": id("consistency_group.db"), "member_id": id("volume." + label)}.With(more)))
			if label != "c" {
				first = append(first, acctest.Expr(memberType+"."+label))
			}
		}
		return append(all, resource("replica", "db", acctest.Attrs{
			"link_id": y.Near.Link, "consistency_group_id": id("consistency_group.db"), "remote_pool_id": y.farPool, "replication_type": replicationType, "depends_on": first,
		}))
	}
	apply := func(replicationType string, members map[string]acctest.Attrs) {
		t.Helper()
		cli.Apply(config(replicationType, members)...).Succeeds(t)
		cli.Plan(config(replicationType, members)...).Succeeds(t).Plans(t, map[string]string{})
	}
	apply("SYNC", map[string]acctest.Attrs{"a": said, "b": said.With(acctest.Attrs{"remote_entity_name": "b-dr"})})
	// The member that joins waits for what the replica becomes in the same run.
	last := acctest.Attrs{"remote_entity_name": "c-dr", "depends_on": []any{acctest.Expr(replicaType + ".db")}}
	apply("ASYNC", map[string]acctest.Attrs{"a": said, "b": said, "c": last})
	if there := y.Far.IDs("volumes?name=eq:c-dr"); len(there) != 1 {
		t.Errorf("the copies called c-dr are %v", there)
	}
	cli.Apply(config("ASYNC", nil)[0]).Succeeds(t)
	for _, collection := range []string{"replicas", "cgs", "volumes"} {
		if left := y.Near.IDs(collection); len(left) > 0 {
			t.Errorf("left of %s: %v", collection, left)
		}
	}
}

// What is known only when it is applied is said then.
func TestAccMemberOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "ASYNC")
	there := d.Far.NewVolume("there", d.farPool)
	config := func(approved bool, more acctest.Attrs) []string {
		return []string{
			d.Near.Provider(acctest.Attrs{"approve_dangerous_operations": approved}),
			fmt.Sprintf("resource \"terraform_data\" \"name\" {\n  input = \"v-dr\"\n}\nresource \"terraform_data\" \"action\" {\n  input = \"NO_BASE_DATA\"\n}\nresource \"terraform_data\" \"copy\" {\n  input = %v\n}\n", there),
			resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": d.pool, "size": "1GB"}),
			resource("consistency_group_member", "v", acctest.Attrs{"consistency_group_id": d.group, "member_id": id("volume.v")}.With(more)),
		}
	}
	named := acctest.Attrs{"remote_entity_name": acctest.Expr("terraform_data.name.output")}
	d.cli.Apply(config(true, named)...).Succeeds(t)
	d.cli.Plan(config(true, named)...).Succeeds(t).Plans(t, map[string]string{})
	d.copies("db-data", "db-log", "v-dr")
	d.cli.Apply(config(true, nil)[:3]...).Succeeds(t)
	onto := acctest.Attrs{"base_action": acctest.Expr("terraform_data.action.output"), "remote_entity_id": acctest.Expr("terraform_data.copy.output")}
	unknown := append(config(false, onto), "")
	unknown[1] = strings.ReplaceAll(unknown[1], "input = ", "triggers_replace = 1\n  input = ")
	d.cli.Apply(unknown...).Refuses(t, "Replicating onto what is there is dangerous and not approved")
	d.copies("db-data", "db-log")
	unknown[0] = config(true, nil)[0]
	d.cli.Apply(unknown...).Succeeds(t)
	d.copies("db-data", "db-log", "there")
}

// A group's own set of members is replicated as it changes, also where both arrays serve it.
func TestAccMembersOfAReplicatedSet(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, "ACTIVE_ACTIVE")
	config := func(labels ...string) []string {
		members := []any{}
		for _, label := range labels {
			members = append(members, d.volume(label))
		}
		return []string{
			d.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true}),
			resource("consistency_group", "db", acctest.Attrs{"name": "db", "pool_id": d.pool, "member_ids": members}),
			acctest.Attrs{"to": acctest.Expr("storage_infinibox_consistency_group.db"), "id": fmt.Sprint(d.group)}.Block("import"),
		}
	}
	d.cli.Apply(config("db-log", "db-data")...).Succeeds(t)
	d.cli.Apply(config("db-log", "db-data", "v")...).Warns(t, "Suspend the group's replica").Refuses(t, "CG_MEMBER_CANNOT_BE_ADDED_TO_ACTIVE_AA_REPLICA")
	d.suspend("suspend")
	for _, labels := range [][]string{{"db-data", "db-log", "v", "w"}, {"db-data", "w"}} {
		done := d.cli.Apply(config(labels...)...).Succeeds(t)
		if !slices.Contains(labels, "v") {
			done.Warns(t, "A volume leaves a group that is replicated", `"v" on "far" stays there by itself`)
		}
		d.cli.Plan(config(labels...)...).Succeeds(t).Plans(t, map[string]string{})
		d.copies(labels...)
	}
}
