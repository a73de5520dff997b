package replication_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// A copy begins with nothing, with what is there, or with a snapshot that both arrays have;
// the copies of a group's members are named by their pairs, or end alike.
func TestAccWhatCopiesBeginWith(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	server := acctest.NewServer(t, y.Near)
	snapshot := func(at *acctest.Site, volume any) any {
		return at.Create("volumes", map[string]any{"name": fmt.Sprintf("of-%v", volume), "parent_id": volume})
	}
	create := func(arguments acctest.Attrs) map[string]any {
		t.Helper()
		state, _ := server.Create(replicaType, acctest.Attrs{"link_id": y.Near.Link, "replication_type": "ASYNC"}.With(arguments))
		return y.Near.Must("GET", fmt.Sprintf("replicas/%v", state["id"]), nil)
	}
	for action, more := range map[string]func(volume, there any) acctest.Attrs{
		"NO_BASE_DATA": func(any, any) acctest.Attrs { return nil },
		"TAKE_SNAP":    func(any, any) acctest.Attrs { return nil },
		"BASE": func(volume, there any) acctest.Attrs {
			return acctest.Attrs{"local_base_entity_id": snapshot(y.Near, volume), "remote_base_entity_id": snapshot(y.Far, there)}
		},
	} {
		volume, there := y.volume(action), y.Far.NewVolume("for-"+action, y.farPool)
		pair := acctest.Attrs{"base_action": action, "remote_entity_id": there}.With(more(volume, there))
		replica := create(acctest.Attrs{"volume_id": volume, "entity_pairs": []any{pair}})
		made := replica["entity_pairs"].([]any)[0].(map[string]any)
		for field, want := range map[string]any{"local_base_action": action, "remote_base_action": action, "local_entity_id": volume, "remote_entity_id": there} {
			if fmt.Sprint(made[field]) != fmt.Sprint(want) {
				t.Errorf("%s: %s is %v, want %v", action, field, made[field], want)
			}
		}
	}

	names := func(replica map[string]any) (all []string) {
		for _, pair := range replica["entity_pairs"].([]any) {
			all = append(all, fmt.Sprint(pair.(map[string]any)["remote_entity_name"]))
		}
		slices.Sort(all)
		return all
	}
	suffixed := create(acctest.Attrs{"consistency_group_id": y.group("db"), "remote_pool_id": y.farPool, "remote_members_suffix": "-dr"})
	if got := names(suffixed); !slices.Equal(got, []string{"db-data-dr", "db-log-dr"}) {
		t.Errorf("the copies are called %q", got)
	}
	erp := y.group("erp")
	named := create(acctest.Attrs{"consistency_group_id": erp, "remote_pool_id": y.farPool, "entity_pairs": []any{
		acctest.Attrs{"local_entity_id": y.volume("erp-log"), "remote_entity_name": "log"}, acctest.Attrs{"local_entity_id": y.volume("erp-data"), "remote_entity_name": "data"},
	}})
	if got := names(named); !slices.Equal(got, []string{"data", "log"}) {
		t.Errorf("the copies are called %q", got)
	}
}

// The plan after an import is empty, whatever the configuration says of the pairs, as long as it
// is true.
func TestAccImportOfAReplicaWithPairs(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	address := replicaType + ".r"
	there := y.Far.NewVolume("there", y.farPool)
	single := y.replicate("v", map[string]any{"entity_pairs": []any{map[string]any{"local_entity_id": y.volume("v"), "remote_base_action": "CREATE", "remote_entity_name": "v-dr"}}})
	onto := y.replicate("w", map[string]any{"entity_pairs": []any{map[string]any{"local_entity_id": y.volume("w"), "remote_base_action": "NO_BASE_DATA", "remote_entity_id": there}}})
	group := y.replicateGroup("db", nil)
	members := func(names ...any) []any {
		var all []any
		for _, name := range names {
			all = append(all, acctest.Attrs{"local_entity_id": y.volume(fmt.Sprint(name)), "remote_entity_name": name})
		}
		return all
	}
	of := map[string]acctest.Attrs{
		fmt.Sprint(single["id"]): {"volume_id": y.volume("v"), "remote_pool_id": y.farPool},
		fmt.Sprint(onto["id"]):   {"volume_id": y.volume("w")},
		fmt.Sprint(group["id"]):  {"consistency_group_id": y.group("db"), "remote_pool_id": y.farPool},
	}
	for name, c := range map[string]struct {
		replica any
		pairs   any
		then    string // what the plan that imports does as well
	}{
		"nothing said":          {replica: single["id"]},
		"a name":                {replica: single["id"], pairs: copies("v-dr")},
		"all of it":             {replica: single["id"], pairs: []any{acctest.Attrs{"local_entity_id": y.volume("v"), "base_action": "CREATE", "remote_entity_name": "v-dr"}}},
		"nothing of what it is": {replica: onto["id"]},
		"what is there":         {replica: onto["id"], pairs: []any{acctest.Attrs{"base_action": "NO_BASE_DATA", "remote_entity_id": there}}},
		"members in any order":  {replica: group["id"], pairs: members("db-log", "db-data")},
		"members the other way": {replica: group["id"], pairs: members("db-data", "db-log")},
		"nothing of members":    {replica: group["id"]},
		"what is not so":        {replica: single["id"], pairs: copies("v-other"), then: "update"},
		"a member too few":      {replica: group["id"], pairs: members("db-data"), then: "update"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cli := acctest.NewCLI(t)
			config := []string{
				y.Near.Provider(nil),
				resource("replica", "r", acctest.Attrs{"link_id": y.Near.Link, "replication_type": "ASYNC", "entity_pairs": c.pairs}.With(of[fmt.Sprint(c.replica)])),
				acctest.Attrs{"to": acctest.Expr(address), "id": fmt.Sprint(c.replica)}.Block("import"),
			}
			want := "import"
			if c.then != "" {
				want = c.then
			}
			cli.Apply(config...).Succeeds(t).Plans(t, map[string]string{address: want})
			cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
		})
	}
}
