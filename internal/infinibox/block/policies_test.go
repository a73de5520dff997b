package block_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func snapshotPolicies(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	suffix := acctest.Own(func(label string, _ int) any { return "-" + b.Name(label) })
	all := acctest.Attrs{"name": name, "suffix": suffix}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_snapshot_policy", Plural: "snapshot_policies", Path: "snapshot_policies",
		Deleting: "No more snapshots are taken of what is assigned to the policy",
		Least:    all,
		Most:     all,
		Changes: map[string]acctest.Change{
			"name":   {Through: []any{name, b.Name("renamed")}, Drift: put("snapshot_policies", "name", b.Name("drifted"))},
			"suffix": {Through: []any{"-before", "-after"}, Drift: put("snapshot_policies", "suffix", "-drifted")},
			"default_snapshot_policy": {
				Through: []any{false, true, false}, Drift: put("snapshot_policies", "default_snapshot_policy", true),
			},
		},
		Bad: append(badNames(),
			bad("name", "a:b", "characters that are not allowed"),
			bad("suffix", "", "1 to 64 characters"),
			bad("suffix", "a:b", "characters that are not allowed"),
			bad("suffix", strings.Repeat("x", 65), "1 to 64 characters"),
		),
	}
}

func schedules(t *testing.T) acctest.Suite {
	// A policy has fewer schedules than this table has attributes.
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: simulator.Limits{PolicySchedules: 100}})
	name := acctest.Name(b)
	policy, other := newSnapshotPolicy(b, "gold"), newSnapshotPolicy(b, "silver")
	path := func(o acctest.Object, operation string) string {
		return fmt.Sprintf("snapshot_policies/%v/schedules/%v%s", o["snapshot_policy_id"], o["id"], operation)
	}
	least := acctest.Attrs{"snapshot_policy_id": policy, "name": name, "type": "PERIODIC", "interval": 3600, "retention": 3600}
	clock := acctest.Attrs{"type": "CLOCK", "interval": nil, "time_of_day": 7200}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_snapshot_policy_schedule", Plural: "snapshot_policy_schedules",
		Key: []string{"snapshot_policy_id", "id"}, Owners: []string{"snapshot_policy_id"},
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "DELETE", Path: path(o, "")}
		},
		Deleting: "The schedule takes no more snapshots",
		Least:    least,
		Most:     least.With(clock).With(acctest.Attrs{"day_of_week": "SUNDAY", "lock_snapshots": true, "enabled": false}),
		Changes: map[string]acctest.Change{
			"snapshot_policy_id": {Through: []any{policy, other}, Replaces: true},
			"name":               {Through: []any{name, "renamed"}, Replaces: true},
			"type":               {Through: []any{acctest.Attrs{"type": "PERIODIC"}, clock}, Replaces: true},
			"interval":           {Through: []any{3600, 7200}, Replaces: true},
			"day_of_week":        {Through: []any{"MONDAY", "ALL"}, Beside: clock, Replaces: true},
			"time_of_day":        {Through: []any{0, 86399}, Beside: clock, Replaces: true},
			"retention":          {Through: []any{3600, 31536000}, Replaces: true},
			"lock_snapshots":     {Through: []any{true, false}, Replaces: true},
			"enabled": {
				Through: []any{true, false, true},
				Drift: func(o acctest.Object) acctest.Request {
					return acctest.Request{Method: "POST", Path: path(o, "/disable")}
				},
			},
		},
		Bad: []acctest.Bad{
			bad("name", "", "1 to 65 characters"),
			bad("type", "HOURLY", "use one of PERIODIC, CLOCK"),
			bad("interval", 60, "between 3600 and 2592000"),
			bad("interval", 2592001, "between 3600 and 2592000"),
			bad("retention", 3599, "between 3600 and 31536000"),
			{Attribute: "time_of_day", Set: clock.With(acctest.Attrs{"time_of_day": 86400}), Says: "between 0 and 86399"},
			{Attribute: "day_of_week", Set: clock.With(acctest.Attrs{"day_of_week": "monday"}), Says: `must be written "MONDAY"`},
			{Attribute: "time_of_day", Set: clock.With(acctest.Attrs{"time_of_day": nil}), Says: "type CLOCK needs time_of_day"},
			{Attribute: "interval", Set: acctest.Attrs{"interval": nil}, Says: "type PERIODIC needs interval"},
			{Attribute: "interval", Set: clock.With(acctest.Attrs{"interval": 3600}), Says: "type CLOCK takes no interval"},
			bad("name", "a/b", "characters that are not allowed"),
			{Attribute: "day_of_week", Set: acctest.Attrs{"day_of_week": "MONDAY"}, Says: "type PERIODIC takes no day_of_week"},
			{Attribute: "time_of_day", Set: acctest.Attrs{"time_of_day": 0}, Says: "type PERIODIC takes no time_of_day"},
		},
	}
}

func policyAssignments(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := newPool(b, "pool")
	volumes := newVolumes(b, pool, 12)
	group := newGroup(b, "group", pool)
	policy, other := newSnapshotPolicy(b, "gold"), newSnapshotPolicy(b, "silver")
	least := acctest.Attrs{"snapshot_policy_id": policy, "assigned_entity_id": oneOf(volumes[:8]), "assigned_entity_type": "VOLUME"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_snapshot_policy_assignment", Plural: "snapshot_policy_assignments",
		Key: []string{"snapshot_policy_id", "assigned_entity_id"}, Owners: []string{"snapshot_policy_id"},
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{
				Method: "POST", Path: fmt.Sprintf("snapshot_policies/%v/unassign_entity", o["snapshot_policy_id"]),
				Body: map[string]any{"assigned_entity_id": o["assigned_entity_id"]},
			}
		},
		Deleting: "No more scheduled snapshots are taken of the object",
		Least:    least,
		Most:     least,
		Changes: map[string]acctest.Change{
			"snapshot_policy_id": {Through: []any{policy, other}, Danger: "takes no more snapshots of the object"},
			"assigned_entity_id": {Through: []any{volumes[8], volumes[9]}, Replaces: true},
			"assigned_entity_type": {
				Through: []any{
					acctest.Attrs{"assigned_entity_type": "VOLUME", "assigned_entity_id": volumes[10]},
					acctest.Attrs{"assigned_entity_type": "CG", "assigned_entity_id": group},
				}, Replaces: true,
			},
		},
		Bad: []acctest.Bad{bad("assigned_entity_type", "POOL", "use one of VOLUME, FILESYSTEM, CG")},
	}
}

func qosPolicies(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	burst := acctest.Attrs{"burst_enabled": true, "burst_factor": 1.5}
	const mebi = 1 << 20
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_qos_policy", Plural: "qos_policies", Path: "qos/policies",
		Deleting: "What is assigned to the policy is no longer capped",
		Least:    acctest.Attrs{"name": name, "type": "VOLUME", "max_ops": 1000},
		Most:     acctest.Attrs{"name": name, "type": "VOLUME", "max_ops": 1000, "max_bps": 50 * mebi}.With(burst),
		Changes: map[string]acctest.Change{
			"name":    {Through: []any{name, b.Name("renamed")}, Drift: put("qos/policies", "name", b.Name("drifted"))},
			"type":    {Through: []any{"VOLUME", "POOL_VOLUME"}, Drift: put("qos/policies", "type", "VOLUME")},
			"max_ops": {Through: []any{1000, 10_000_000}, Drift: put("qos/policies", "max_ops", 5000)},
			"max_bps": {Through: []any{50 * mebi, 100 * mebi, nil}, Drift: put("qos/policies", "max_bps", 60*mebi)},
			"burst_enabled": {
				Through: []any{burst, acctest.Attrs{"burst_enabled": false}, burst},
				Drift:   put("qos/policies", "burst_enabled", false),
			},
			"burst_factor": {Through: []any{1.1, 2, 10}, Beside: burst, Drift: put("qos/policies", "burst_factor", 1.3)},
		},
		Bad: append(badNames(),
			bad("type", "HOST", "use one of VOLUME, FILESYSTEM, POOL_VOLUME, POOL_FILESYSTEM"),
			bad("max_ops", 999, "between 1000 and 10000000"),
			bad("max_bps", 0, "between 1 and"),
			acctest.Bad{Attribute: "max_ops", Set: acctest.Attrs{"max_ops": nil}, Says: "The policy caps nothing"},
			acctest.Bad{Attribute: "burst_factor", Set: burst.With(acctest.Attrs{"burst_factor": 1}), Says: "1.1 to 10"},
			acctest.Bad{Attribute: "burst_factor", Set: burst.With(acctest.Attrs{"burst_factor": 10.1}), Says: "1.1 to 10"},
			acctest.Bad{Attribute: "burst_factor", Set: burst.With(acctest.Attrs{"burst_factor": 1.25}), Says: "one decimal"},
			acctest.Bad{Attribute: "burst_factor", Set: burst.With(acctest.Attrs{"burst_enabled": false}), Says: "The policy has no bursts"},
			acctest.Bad{Attribute: "burst_factor", Set: acctest.Attrs{"burst_enabled": true}, Says: "how far bursts go"},
			acctest.Bad{Attribute: "burst_factor", Set: acctest.Attrs{"burst_factor": 2}, Says: "set burst_enabled = true too"},
		),
	}
}

func qosAssignments(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	volumes := newVolumes(b, newPool(b, "pool"), 10)
	policy := func(label string) any {
		return b.Create("qos/policies", map[string]any{"name": b.Name(label), "type": "VOLUME", "max_ops": 1000})
	}
	gold, silver := policy("gold"), policy("silver")
	least := acctest.Attrs{"qos_policy_id": gold, "entity_id": oneOf(volumes[:8])}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_qos_policy_assignment", Plural: "qos_policy_assignments",
		Key: []string{"qos_policy_id", "entity_id"}, Owners: []string{"qos_policy_id"},
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{
				Method: "POST", Path: fmt.Sprintf("qos/policies/%v/unassign", o["qos_policy_id"]),
				Body: map[string]any{"entity_id": o["entity_id"]},
			}
		},
		Least: least,
		Most:  least,
		Changes: map[string]acctest.Change{
			"qos_policy_id": {Through: []any{gold, silver}, Danger: "limits of the other policy"},
			"entity_id":     {Through: []any{volumes[8], volumes[9]}, Replaces: true},
		},
		Elsewhere: map[string]func(*testing.T){"approved": TestAccQoSReassignment},
	}
}

// The policy that an object has was somebody's choice: nothing takes its place, also
// where that is approved. Imported, the assignment moves to another policy by one
// operation, so that there is no moment without a cap.
func TestAccQoSReassignment(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volume := newVolumes(b, newPool(b, "pool"), 1)[0]
	policy := func(label string) any {
		return b.Create("qos/policies", map[string]any{"name": b.Name(label), "type": "VOLUME", "max_ops": 1000})
	}
	gold, silver := policy("gold"), policy("silver")
	b.Must("POST", fmt.Sprintf("qos/policies/%v/assign", gold), map[string]any{"entity_id": volume})
	id := fmt.Sprintf("qos_policy_id=%v,entity_id=%v", gold, volume)
	assignment := func(policy any, approved bool) string {
		return resource("qos_policy_assignment", "a", acctest.Attrs{"qos_policy_id": policy, "entity_id": volume, "approved": approved})
	}
	cli := acctest.NewCLI(t)
	for _, to := range []any{gold, silver} {
		cli.Apply(b.Provider(nil), assignment(to, true)).Refuses(t, "There is such a QoS policy assignment already", "terraform import", id)
	}
	block := fmt.Sprintf("import {\n  to = storage_infinibox_qos_policy_assignment.a\n  id = %q\n}\n", id)
	cli.Apply(b.Provider(nil), assignment(gold, false), block).Succeeds(t)
	cli.Plan(b.Provider(nil), assignment(silver, false)).Refuses(t, "limits of the other policy", "approved = true")
	b.Simulator.ResetRequests()
	cli.Apply(b.Provider(nil), assignment(silver, true)).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_qos_policy_assignment.a": "update"})
	var moved []string
	for _, r := range b.Simulator.Requests() {
		if r.Method != http.MethodGet {
			moved = append(moved, r.Method+" "+r.Path)
		}
	}
	if want := fmt.Sprintf("[POST /api/rest/qos/policies/%v/assign]", silver); fmt.Sprint(moved) != want {
		t.Errorf("moved by %s, want %s", moved, want)
	}
	cli.Plan(b.Provider(nil), assignment(silver, true)).Succeeds(t).Plans(t, map[string]string{})
}

// oneOf gives each object of a test one of the ids.
func oneOf(ids []any) acctest.Own {
	return func(_ string, n int) any { return ids[n%len(ids)] }
}
