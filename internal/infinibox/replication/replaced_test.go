package replication_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// A replica that is made anew leaves its copy on the other array, in the way of the new one: the
// plan says so, and what works.
func TestAccCopyInTheWayOfAnotherReplica(t *testing.T) {
	t.Parallel()
	const way = "A copy is in the way of the new one"
	for name, c := range map[string]struct {
		group  bool
		change func(copied any) acctest.Attrs
		forced bool     // by the user alone
		says   []string // nil where nothing is in the way
		code   string
	}{
		"under the same name": {change: func(any) acctest.Attrs { return nil }, says: []string{`"x" (id `, "remote_entity_name of entity_pairs"}, code: "VOLUME_NAME_CONFLICT"},
		"under another name":  {change: func(any) acctest.Attrs { return acctest.Attrs{"entity_pairs": copies("x-2")} }},
		"under a name unknown": {change: func(any) acctest.Attrs {
			return acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"remote_entity_name": acctest.Expr("terraform_data.name.output")}}}
		}},
		"onto it": {change: func(copied any) acctest.Attrs {
			return acctest.Attrs{"entity_pairs": []any{acctest.Attrs{"base_action": "NO_BASE_DATA", "remote_entity_id": copied}}}
		}},
		"of another volume":     {change: func(any) acctest.Attrs { return acctest.Attrs{"volume_id": "other"} }},
		"as the user forces":    {forced: true, change: func(any) acctest.Attrs { return nil }, says: []string{`"x" (id `, "have the old one taken and overwritten"}},
		"of a group":            {group: true, change: func(any) acctest.Attrs { return nil }, says: []string{`"db" (id `, "db-log", "Rename the group there"}, code: "NAME_CONFLICT"},
		"of a group and suffix": {group: true, change: func(any) acctest.Attrs { return acctest.Attrs{"remote_members_suffix": "-2"} }, says: []string{`by itself: "db" (id `, "Rename the group there"}, code: "CG_NAME_CONFLICT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			y := newYard(t)
			cli := acctest.NewCLI(t)
			is := acctest.Attrs{"volume_id": y.volume("x")}
			if c.group {
				is = acctest.Attrs{"consistency_group_id": y.group("db")}
			}
			config := func(more acctest.Attrs) []string {
				if more["volume_id"] == "other" {
					more["volume_id"] = y.volume("other")
				}
				return []string{
					y.Near.Provider(acctest.Attrs{"approve_dangerous_operations": true}),
					"resource \"terraform_data\" \"name\" {\n  input = \"y\"\n}\n",
					resource("replica", "r", acctest.Attrs{"link_id": y.Near.Link, "remote_pool_id": y.farPool, "replication_type": "ASYNC"}.With(is).With(more)),
				}
			}
			cli.Apply(config(nil)...).Succeeds(t)
			copied := y.Near.Must("GET", fmt.Sprintf("replicas/%v", y.Near.IDs("replicas")[0]), nil)["remote_entity_id"]
			change := c.change(copied)
			if !c.forced {
				change = acctest.Attrs{"replication_type": "ACTIVE_ACTIVE"}.With(change)
			}
			run := func() *acctest.Outcome {
				if c.forced {
					return cli.Replace(replicaType + ".r")
				}
				return cli.Apply(config(change)...)
			}
			switch {
			case c.forced:
				run().Refuses(t, append(c.says, way, `on "far"`)...)
				if left := y.Near.IDs("replicas"); len(left) != 1 {
					t.Errorf("replicas that are left: %v", left)
				}
				return
			case c.says != nil:
				run().Warns(t, append(c.says, way, `on "far"`)...).Refuses(t, c.code)
				return
			}
			if done := run().Succeeds(t); done.Says("warning", "", way) {
				t.Errorf("nothing is in the way, and the plan warns:\n%s", done)
			}
			cli.Plan(config(change)...).Succeeds(t).Plans(t, map[string]string{})
		})
	}
}
