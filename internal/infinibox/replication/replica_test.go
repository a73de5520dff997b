package replication_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const replicaType = "storage_infinibox_replica"

// yard is a pair of arrays with what replicas are made of.
type yard struct {
	*acctest.Pair
	pool, farPool any
	made          map[string]any
}

func newYard(t *testing.T) *yard {
	t.Helper()
	return yardOf(t, simulator.Options{})
}

func yardOf(t *testing.T, o simulator.Options) *yard {
	t.Helper()
	p := acctest.SimulatePair(t, o).Link()
	return &yard{Pair: p, pool: p.Near.NewPool("pool"), farPool: p.Far.NewPool("pool"), made: map[string]any{}}
}

// once makes a thing of a name, and knows it afterwards.
func (y *yard) once(name string, makes func(string) any) any {
	if y.made[name] == nil {
		y.made[name] = makes(name)
	}
	return y.made[name]
}

func (y *yard) volume(name string) any {
	return y.once(name, func(string) any { return y.Near.NewVolume(name, y.pool) })
}

// volumes are one for each object of a test, of those that a word tells apart.
func (y *yard) volumes(word string) acctest.Own {
	return func(label string, n int) any { return y.volume(fmt.Sprintf("%s-%d-%s", label, n, word)) }
}

func (y *yard) filesystem(name string) any {
	return y.once(name, func(string) any { return y.Near.NewFilesystem(name, y.pool) })
}

// group is a consistency group with two members.
func (y *yard) group(name string) any {
	return y.once(name, func(string) any {
		id := y.Near.Create("cgs", map[string]any{"name": name, "pool_id": y.pool})
		for _, member := range []string{"-log", "-data"} {
			y.Near.Must("POST", fmt.Sprintf("cgs/%v/members", id), map[string]any{"dataset_id": y.volume(name + member)})
		}
		return id
	})
}

// gone deletes a replica behind Terraform's back, and the copy with it.
func (y *yard) gone(o acctest.Object) acctest.Request {
	_, _ = y.Near.Do("DELETE", fmt.Sprintf("replicas/%v", o["id"]), nil)
	return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("remote/%v/volumes/%v", y.Near.Link, o["remote_entity_id"])}
}

// copies is a pair that makes a copy of a name.
func copies(name string) []any { return []any{acctest.Attrs{"remote_entity_name": name}} }

func replicaTable(t *testing.T) acctest.Suite {
	y := newYard(t)
	least := acctest.Attrs{"link_id": y.Near.Link, "volume_id": y.volumes("v"), "remote_pool_id": y.farPool, "replication_type": "ASYNC"}
	active := acctest.Attrs{"replication_type": "ACTIVE_ACTIVE"}
	snapshots := acctest.Attrs{"including_snapshots": true, "snapshots_retention": "168h"}
	with := func(says, attribute string, set acctest.Attrs) acctest.Bad {
		return acctest.Bad{Attribute: attribute, Set: set, Says: says}
	}
	pair := func(says, attribute string, set acctest.Attrs) acctest.Bad {
		return with(says, "entity_pairs."+attribute, acctest.Attrs{"entity_pairs": []any{set}})
	}
	word := func(name string) acctest.Change { return acctest.Change{Through: []any{nil, true, false}} }
	return acctest.Suite{
		Lab: y.Near.InfiniBox, Type: replicaType, Plural: "replicas", Path: "replicas",
		Gone: y.gone, NamedBy: "description", Deleting: "The data is no longer copied to the other array",
		Least: least,
		Most: least.With(snapshots).With(acctest.Attrs{
			"sync_interval": "5m", "rpo": "15m", "description": "the most",
			"suspended": true, "remote_snapshot_suffix": "-dr", "lock_remote_snapshot_retention": "24h",
			"permanent_failure_wait_interval": "10m", "temporary_failure_retry_interval": "10s", "temporary_failure_retry_count": 7,
		}),
		Changes: map[string]acctest.Change{
			"volume_id":            {Through: []any{y.volumes("v"), y.volumes("w")}, Replaces: true},
			"filesystem_id":        {Through: []any{acctest.Attrs{"volume_id": nil, "filesystem_id": y.filesystem("f")}, acctest.Attrs{"volume_id": nil, "filesystem_id": y.filesystem("g")}}, Replaces: true},
			"consistency_group_id": {Through: []any{acctest.Attrs{"volume_id": nil, "consistency_group_id": y.group("db")}, acctest.Attrs{"volume_id": nil, "consistency_group_id": y.group("erp")}}, Replaces: true},
			"replication_type": {
				Through: []any{"SYNC", "ASYNC", "SYNC", active.With(acctest.Attrs{"entity_pairs": copies("active")})}, Anew: []int{3}, Danger: "The other array lags behind",
				Drift: nil,
			},
			"remote_pool_id":        {Through: []any{y.farPool, acctest.Attrs{"remote_pool_id": y.Far.NewPool("other"), "entity_pairs": copies("elsewhere")}}, Replaces: true},
			"entity_pairs":          {Through: []any{copies("one"), copies("two")}, Replaces: true},
			"remote_members_suffix": {Through: []any{nil, "-dr", "-copy"}},
			"sync_interval":         {Through: []any{nil, "5m", "0s", "4s"}, Drift: put("replicas", "sync_interval", 8000)},
			"rpo":                   {Through: []any{nil, "15m", "0s", "10m"}, Drift: put("replicas", "rpo_value", 3600000)},
			"description":           {Through: []any{"one", "", "two"}, Drift: put("replicas", "description", "other")},
			"suspended":             {Through: []any{false, true, false}, Drift: acctest.Post("replicas", "suspend", nil)},
			"is_preferred":          {Through: []any{true, false}, Beside: active.With(acctest.Attrs{"suspended": true})},
			"mobility_source":       {Through: []any{nil, true, acctest.Attrs{"entity_pairs": copies("stays")}}, Anew: []int{2}, Beside: active},

			"including_snapshots":            {Through: []any{false, snapshots.With(acctest.Attrs{"entity_pairs": copies("snapped")})}, Replaces: true},
			"snapshots_retention":            {Through: []any{"168h", "24h"}, Beside: snapshots, Drift: put("replicas", "snapshots_retention", 3600)},
			"remote_snapshot_suffix":         {Through: []any{"-dr", "-copy"}, Beside: snapshots, Drift: put("replicas", "remote_snapshot_suffix", "-other")},
			"lock_remote_snapshot_retention": {Through: []any{"1h", "2h"}, Beside: snapshots, Drift: put("replicas", "lock_remote_snapshot_retention", 60)},

			"permanent_failure_wait_interval":  {Through: []any{"10m", "20m"}, Drift: put("replicas", "permanent_failure_wait_interval", 1000)},
			"temporary_failure_retry_interval": {Through: []any{"10s", "20s"}, Drift: put("replicas", "temporary_failure_retry_interval", 1000)},
			"temporary_failure_retry_count":    {Through: []any{1, 2}, Drift: put("replicas", "temporary_failure_retry_count", 3)},

			"retain_staging_area":            word("retain_staging_area"),
			"keep_serial_on_local":           {Through: []any{nil, true, false}, Beside: active},
			"force_if_no_remote_credentials": word("force_if_no_remote_credentials"),
			"force_if_remote_error":          word("force_if_remote_error"),
			"force_on_local":                 word("force_on_local"),
			"force_on_target":                word("force_on_target"),
		},
		Elsewhere:  map[string]func(*testing.T){"link_id": TestAccReplicaOverNoLink},
		Unverified: map[string]string{"entity_pairs": "a replica keeps what it was made with, and an import takes what is copied by then"},
		Together: []acctest.Attrs{
			{"sync_interval": "1m", "rpo": "2m"}, {"sync_interval": "5m", "rpo": "5m"}, {"sync_interval": "4s", "rpo": "30s"}, {"sync_interval": "1h", "rpo": "0s"},
		},
		Bad: []acctest.Bad{
			bad("replication_type", "FAST", "is not known here"),
			bad("remote_pool_id", 0, "at least 1"),
			bad("volume_id", 99, "There is no volume with the id 99"),
			with("There is no filesystem with the id 99", "filesystem_id", acctest.Attrs{"volume_id": nil, "filesystem_id": 99}),
			with("A filesystem takes ASYNC alone", "replication_type", acctest.Attrs{"volume_id": nil, "filesystem_id": y.filesystem("h"), "replication_type": "SYNC"}),
			bad("remote_members_suffix", "", "1 to 65 characters"),
			bad("sync_interval", "3s", "neither 0s"),
			bad("sync_interval", "25h", "neither 0s"),
			bad("sync_interval", "often", "is not a duration"),
			with("rpo must not be below sync_interval", "rpo", acctest.Attrs{"sync_interval": "5m", "rpo": "4m"}),
			bad("rpo", "soon", "is not a duration"),
			bad("description", strings.Repeat("x", 256), "at most 255 characters"),
			with("mobility_source is true or not set", "mobility_source", active.With(acctest.Attrs{"mobility_source": false})),
			bad("snapshots_retention", "1h", "snapshots_retention is for replicas with snapshots"),
			with("is not a duration", "snapshots_retention", snapshots.With(acctest.Attrs{"snapshots_retention": "7d"})),
			bad("including_snapshots", true, "snapshots_retention is missing"),
			bad("remote_snapshot_suffix", "-dr", "is for replicas with snapshots"),
			with("1 to 255 characters", "remote_snapshot_suffix", snapshots.With(acctest.Attrs{"remote_snapshot_suffix": ""})),
			bad("lock_remote_snapshot_retention", "1h", "is for replicas with snapshots"),
			with("cannot be locked for longer than they are kept", "lock_remote_snapshot_retention", snapshots.With(acctest.Attrs{"lock_remote_snapshot_retention": "169h"})),
			with("for 365 days at most", "lock_remote_snapshot_retention", snapshots.With(acctest.Attrs{"snapshots_retention": "9000h", "lock_remote_snapshot_retention": "8761h"})),
			bad("permanent_failure_wait_interval", "0s", "leaves no time"),
			bad("temporary_failure_retry_interval", "0s", "leaves no time"),
			bad("temporary_failure_retry_count", -1, "between 0 and"),
			pair("is not known here", "base_action", acctest.Attrs{"base_action": "COPY"}),
			pair("1 to 65 characters", "remote_entity_name", acctest.Attrs{"remote_entity_name": ""}),
			with("NO_BASE_DATA is for a copy that is there", "entity_pairs", acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"base_action": "NO_BASE_DATA"}}}),
			with("CREATE makes the copy", "entity_pairs", acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"remote_entity_id": 1}}}),
			with("BASE begins with a snapshot that both arrays have", "entity_pairs", acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"base_action": "BASE", "remote_entity_id": 1}}}),
			with("begins with no snapshot", "entity_pairs", acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"local_base_entity_id": 1}}}),
			with("for a copy that is made", "entity_pairs", acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"base_action": "TAKE_SNAP", "remote_entity_id": 1, "remote_entity_name": "x"}}}),
			with("There is one pair at most", "entity_pairs", acctest.Attrs{"entity_pairs": []any{acctest.Attrs{}, acctest.Attrs{}}}),
			with("name that in remote_pool_id", "entity_pairs", acctest.Attrs{"remote_pool_id": nil, "entity_pairs": copies("x")}),
		},
	}
}

// replicasOfTheFaults get no snapshots by an update: that would replace them, and the copy
// of the old one would be in the way.
func replicasOfTheFaults(t *testing.T) acctest.Suite {
	s := replicaTable(t)
	for _, name := range []string{"including_snapshots", "snapshots_retention", "remote_snapshot_suffix", "lock_remote_snapshot_retention"} {
		delete(s.Most, name)
	}
	return s
}

// A replica goes over a link that is there.
func TestAccReplicaOverNoLink(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	cli := acctest.NewCLI(t)
	arguments := acctest.Attrs{"link_id": 99, "volume_id": y.volume("v"), "remote_pool_id": y.farPool, "replication_type": "ASYNC"}
	cli.Plan(y.Near.Provider(nil), resource("replica", "r", arguments)).Refuses(t, "There is no link with the id 99")
	arguments["link_id"] = y.Near.Link
	cli.Apply(y.Near.Provider(nil), resource("replica", "r", arguments)).Succeeds(t)
	arguments["link_id"], arguments["approved"] = 99, true
	cli.Plan(y.Near.Provider(nil), resource("replica", "r", arguments)).Refuses(t, "There is no link with the id 99")
}
