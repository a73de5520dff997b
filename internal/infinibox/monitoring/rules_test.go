package monitoring_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func newTarget(b *acctest.InfiniBox, label string) any {
	return b.Create("notifications/targets", map[string]any{"name": b.Name(label), "protocol": "SYSLOG", "host": b.Name(label) + ".example.com"})
}

func rules(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
	one, two := newTarget(b, "one"), newTarget(b, "two")
	name := acctest.Name(b)
	least := acctest.Attrs{"name": name, "target_id": one, "event_level": []any{"CRITICAL"}}
	drift := func(field string, value any) func(acctest.Object) acctest.Request {
		return put("notifications/rules", field, value)
	}
	mail := func(to ...any) acctest.Attrs { return acctest.Attrs{"target_id": mailServer, "recipients": to} }
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_notification_rule", Plural: "notification_rules", Path: "notifications/rules",
		Deleting: "Its events are no longer sent",
		Least:    least,
		Most: least.With(mail("ops@example.com", "db@example.com")).With(acctest.Attrs{
			"include_events": []any{"VOLUME_RESIZED"}, "exclude_events": []any{"VOLUME_DELETED", "POOL_CREATED"},
			"event_code": "VOLUME_CREATED", "event_visibility": []any{"CUSTOMER"},
		}),
		Changes: map[string]acctest.Change{
			"name":             {Through: []any{name, b.Name("renamed")}, Drift: drift("name", b.Name("drifted"))},
			"target_id":        {Through: []any{one, two, mail("ops@example.com"), acctest.Attrs{"target_id": one}}, Drift: drift("target_id", two)},
			"event_level":      {Through: []any{[]any{"CRITICAL"}, []any{"CRITICAL", "ERROR"}, []any{"WARNING"}}, Drift: drift("event_level", []any{"INFO"})},
			"include_events":   {Through: []any{nil, []any{"VOLUME_CREATED"}, []any{"VOLUME_DELETED", "POOL_CREATED"}, nil, []any{"VOLUME_CREATED"}}, Drift: drift("include_events", []any{})},
			"exclude_events":   {Through: []any{[]any{"VOLUME_CREATED"}, nil, []any{"VOLUME_DELETED", "POOL_CREATED"}}, Drift: drift("exclude_events", []any{"VOLUME_CREATED"})},
			"event_code":       {Through: []any{nil, "VOLUME_CREATED", "VOLUME_DELETED", nil}, Drift: drift("event_code", "POOL_CREATED")},
			"event_visibility": {Through: []any{[]any{"CUSTOMER"}, nil, []any{"CUSTOMER"}}, Drift: drift("event_visibility", []any{})},
			"recipients": {
				Through: []any{mail("ops@example.com"), mail("ops@example.com", "db@example.com"), mail("db@example.com")},
				Drift: func(o acctest.Object) acctest.Request {
					return put("notifications/rules", "target_parameters", map[string]any{"recipients": []any{"drifted@example.com"}})(o)
				},
			},
		},
		Elsewhere: map[string]func(*testing.T){"target_id": TestAccTargetWithRulesIsReplaced}, // it replaces the rule, sometimes
		Bad: append(acctest.BadNames(),
			bad("target_id", 4711, "There is no notification target with the id 4711"),
			bad("event_level", []any{"DIRE"}, `"DIRE" is not known here`),
			bad("event_level", []any{}, "The rule selects no events"),
			bad("event_level", nil, "At least one of these attributes must be configured"),
			bad("include_events", []any{"volume created"}, "is not the code of an event"),
			bad("include_events", []any{"NOTIFICATION_TARGET_UNAVAILABLE"}, "cannot be in a rule"),
			bad("exclude_events", []any{"NOTIFICATION_TARGET_UNAVAILABLE"}, "cannot be in a rule"),
			bad("event_code", "volume created", "is not the code of an event"),
			bad("event_visibility", []any{"ALL"}, `"ALL" is not known here`),
			bad("recipients", []any{"ops@example.com"}, "recipients are not for this target"),
			bad("recipients", []any{}, "at least 1"),
			bad("recipients", []any{"nobody"}, "is not a mail address"),
			bad("recipients", []any{"Support@infinidat.com"}, "sends no events to"),
			acctest.Bad{Attribute: "recipients", Says: "recipients are missing", Set: acctest.Attrs{"target_id": mailServer}},
			acctest.Bad{Attribute: "exclude_events", Says: "both included and excluded", Set: acctest.Attrs{"include_events": []any{"VOLUME_CREATED"}, "exclude_events": []any{"VOLUME_CREATED"}}},
		),
	}
}

// A code that the array does not know is told, and nothing is refused: it may be of another
// version. What only the vendor's targets are sent is refused by the array, with what to do.
func TestAccRuleOfStrangeEvents(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	target := newTarget(b, "one")
	rule := acctest.Attrs{"name": "r", "target_id": target, "include_events": []any{"VOLUM_CREATED", "VOLUME_DELETED"}}
	acctest.NewCLI(t).Plan(b.Provider(nil), resource("notification_rule", "r", rule)).Succeeds(t).
		Warns(t, "The array knows no such event", "Nothing will be sent for VOLUM_CREATED:")
	acctest.NewCLI(t).Apply(b.Provider(nil), resource("notification_rule", "r", rule.With(acctest.Attrs{"event_visibility": []any{"INFINIDAT"}}))).
		Refuses(t, "NOTIFICATION_RULE_VISIBILITY_FORBIDDEN", "Leave INFINIDAT out of event_visibility")
}

// A target that is replaced takes its rules along, in one apply.
func TestAccTargetWithRulesIsReplaced(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	config := func(target acctest.Attrs) string {
		return resource("notification_target", "t", acctest.Attrs{"name": "t", "host": "monitor.example.com"}.With(target)) +
			resource("notification_rule", "r", acctest.Attrs{
				"name": "r", "target_id": acctest.Expr("storage_infinibox_notification_target.t.id"), "event_level": []any{"CRITICAL"},
			})
	}
	yes := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Apply(yes, config(acctest.Attrs{"protocol": "SYSLOG"})).Succeeds(t)
	traps := acctest.Attrs{"protocol": "SNMP", "version": "SNMPV1", "community_wo": "public", "community_wo_version": 1}
	cli.Apply(yes, config(traps)).Succeeds(t).
		Plans(t, map[string]string{"storage_infinibox_notification_target.t": "replace", "storage_infinibox_notification_rule.r": "replace"})
	cli.Plan(yes, config(traps)).Succeeds(t).Plans(t, map[string]string{})
	cli.Replace("storage_infinibox_notification_target.t").Succeeds(t)
	cli.Plan(yes, config(traps)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(yes).Succeeds(t)
}
