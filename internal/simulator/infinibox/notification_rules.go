package infinibox

import (
	"fmt"
	"slices"
)

// A notification rule says which events a target is told of: those of some levels, of a code, or named one by one.

// unreachableEvent tells that a target cannot be told of events; no rule can ask for it.
const unreachableEvent = "NOTIFICATION_TARGET_UNAVAILABLE"

func newRules() *collection {
	return newCollection(collection{
		path: "notifications/rules", noun: "Notification rule", absent: "NOTIFICATION_RULE_NOT_FOUND", command: "GetAllNotificationRules",
		taken: "NOTIFICATION_RULE_NAME_CONFLICT", takenText: "A notification rule with this name already exists",
		creation: by(administrators), updating: by(administrators), deletion: by(administrators),
		noNull: func(name string) error { return errWrong(name, nil, "may not be null") },
		hides: func(rq *request, o Object) error {
			if rq.a.alertTargets.objects[o.int("target_id")]["visibility"] == vendorOnly && !rq.seesAll() {
				return notFound("NOTIFICATION_RULE_NOT_FOUND", "Notification rule not found")
			}
			return nil
		},
		full: rulesFull, check: checkRule,
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting event rule '%s' will stop this event from sending alerts to mail / SNMP recipients", o.name())
		},
	}, `
		id                integer  filter sort
		name              text     filter sort required update
		target_id         integer  required update
		target_parameters object   create update  ={}
		event_code        text     filter sort create update null
		event_level       list(INFO|WARNING|ERROR|CRITICAL)  filter sort create update  =[]
		event_visibility  list(CUSTOMER|INFINIDAT)  filter sort create update  =[]
		include_events    list     filter sort create update  =[]
		exclude_events    list     filter sort create update  =[]
	`)
}

func rulesFull(a *Array) error {
	if n := a.limits.Rules; len(a.alertRules.objects) >= n {
		return conflict("NOTIFICATION_RULES_COUNT_LIMIT", "Notification rules count has reached the limit of %d", n)
	}
	return nil
}

// checkRule checks a rule as it is going to be, against its target.
func checkRule(ch *change) error {
	o := ch.after
	target, err := ch.a.alertTargets.find(o.int("target_id"))
	if err != nil {
		return err
	}
	for _, name := range []string{"event_level", "event_visibility", "include_events", "exclude_events"} {
		words, err := ch.a.alertRules.byName[name].words(o.list(name))
		if err != nil {
			return err
		}
		o[name] = words
	}
	switch {
	case target["visibility"] == vendorOnly && !ch.rq.seesAll():
		return conflict("NOTIFICATION_RULE_TARGET_NOT_APPLICABLE", "Notification rule cannot be applied to an Infinidat target")
	case target["visibility"] != vendorOnly && slices.Contains(o.list("event_visibility"), any(vendorOnly)):
		return forbidden("NOTIFICATION_RULE_VISIBILITY_FORBIDDEN", "The notification target is visible by all users")
	}
	parameters, _ := o["target_parameters"].(map[string]any)
	if _, err := readRecipients(target, parameters); err != nil {
		return err
	}
	return checkRuleEvents(ch)
}

func checkRuleEvents(ch *change) error {
	o := ch.after
	included, excluded := o.list("include_events"), o.list("exclude_events")
	if o["event_code"] == unreachableEvent || slices.Contains(included, any(unreachableEvent)) || slices.Contains(excluded, any(unreachableEvent)) {
		return forbidden("NOTIFICATION_RULE_EVENT_FORBIDDEN", "The event '%s' cannot be used in notification rules", unreachableEvent)
	}
	if len(included)+len(excluded) > ch.a.limits.RuleEvents {
		return conflict("INCLUDE_EXCLUDE_EVENTS_COUNT_LIMIT", "The notification rule cannot be created as the maximum number of included and/or excluded event was exceeded")
	}
	illegal := func(reason string) error {
		return conflict("ILLEGAL_NOTIFICATION_RULE_DATA", "Illegal notification rule data: %s", reason)
	}
	if o.text("event_code") == "" && len(o.list("event_level"))+len(included) == 0 {
		return illegal("At least one of the following fields must not be empty: 'event_code', 'event_level', 'include_events'")
	}
	if slices.ContainsFunc(included, func(code any) bool { return slices.Contains(excluded, code) }) {
		return illegal("A notification rule cannot both include and exclude the same event")
	}
	return nil
}

// words reads the elements of a list as texts, or as words if the field takes only some.
func (f *field) words(elements []any) ([]any, error) {
	words := []any{}
	for _, element := range elements {
		text, ok := element.(string)
		if !ok {
			return nil, errField(f.name)
		}
		word, err := f.word(text)
		if err != nil {
			return nil, err
		}
		words = append(words, word)
	}
	return words, nil
}

// asksFor tells whether a rule asks for an event.
func asksFor(rule, target, event Object) bool {
	has := func(field string, value any) bool { return slices.Contains(rule.list(field), value) }
	visibility, code := event["visibility"], event["code"]
	switch {
	case code == unreachableEvent, has("exclude_events", code):
		return false
	case visibility == vendorOnly && target["visibility"] != vendorOnly:
		return false
	case len(rule.list("event_visibility")) > 0 && !has("event_visibility", visibility):
		return false
	}
	return code == rule["event_code"] || has("include_events", code) || has("event_level", event["level"])
}

// notify sends an event to all targets whose rules ask for it.
func (a *Array) notify(event Object) {
	for _, rule := range a.alertRules.all() {
		target := a.alertTargets.objects[rule.int("target_id")]
		if target == nil || target["host"] == nil || !asksFor(rule, target, event) {
			continue
		}
		parameters, _ := rule["target_parameters"].(map[string]any)
		recipients, _ := readRecipients(target, parameters)
		a.post(a.message(target, recipients, event))
	}
}
