package infinibox

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The array tells of what is done to it, and of what it does by itself, in events: most of them are written where
// objects come, change and go, whatever they are (recording.go). Clients add events of their own.

// levels of events, from the least.
var eventLevels = []string{"INFO", "WARNING", "ERROR", "CRITICAL"}

const vendorOnly = "INFINIDAT" // the visibility of events that customers do not see

func newEvents() *collection {
	return newCollection(collection{
		path: "events", noun: "Event", absent: "EVENT_NOT_FOUND", command: "GetAllEventsFiltered",
		key: "code", number: func(a *Array, _ Object) int { a.lastEvent++; return a.lastEvent },
		hides: func(rq *request, o Object) error {
			if o["visibility"] == vendorOnly && !rq.seesAll() {
				return errNoEvent
			}
			return nil
		},
	}, `
		id                   integer  filter sort
		seq_num              integer  filter sort
		code                 text     filter sort
		level                text(INFO|WARNING|ERROR|CRITICAL)  filter sort
		timestamp            integer  filter sort
		username             text     filter sort
		reporter             text     filter sort
		visibility           text(CUSTOMER|INFINIDAT)  filter sort
		description          text     filter
		description_template text
		data                 list
		affected_entity_id   integer  filter sort
		source_node_id       integer  filter sort
		system_version       text     filter sort
		tenant_id            integer  filter sort
	`)
}

var errNoEvent = &apiError{"EVENT_NOT_FOUND", http.StatusNotFound, "Event not found"}

func (a *Array) eventRoutes(r router) {
	r.list("/events", func(rq *request) (any, error) {
		if err := rq.maySearch(); err != nil {
			return nil, err
		}
		return a.listAll(rq, a.events)
	})
	r.read("/events/{id}", func(rq *request) (any, error) { return a.readOne(rq, a.events) })
	r.read("/events/types", func(*request) (any, error) { return a.describeEventTypes(), nil })
	r.write(http.MethodPost, "/events", nil, a.createExternalEvent)
	r.write(http.MethodPost, "/events/custom", nil, a.createCustomEvent)
	r.root.add(http.MethodDelete, "/events", route{roles: administrators, lists: true, handle: a.deleteEvents})
}

// seesAll tells whether the user sees what is for the vendor alone.
func (rq *request) seesAll() bool { return rq.role() == "INFINIDAT" }

// maySearch refuses a customer to ask for the vendor's events by name.
func (rq *request) maySearch() error {
	for _, value := range rq.query["visibility"] {
		condition, err := rq.a.events.byName["visibility"].condition(value)
		if err == nil && !rq.seesAll() && !condition.holds("CUSTOMER") {
			return forbidden("ACTION_NOT_ALLOWED_FOR_ROLE", "User with role [%s] is not allowed to perform this action", rq.role())
		}
	}
	return nil
}

// datum is one of the facts that an event tells: what its template names.
type datum struct{ name, kind, value string }

func (d datum) rendered() map[string]any {
	return map[string]any{"name": d.name, "type": d.kind, "value": d.value}
}

// describe fills the placeholders of a template.
func describe(template string, data []datum) string {
	for _, d := range data {
		template = strings.ReplaceAll(template, "{"+d.name+"}", d.value)
	}
	return template
}

// write adds an event. It is not made as other objects are: the moments that the array gives to objects are not its.
func (a *Array) write(kind *eventType, user string, about int, data []datum) Object {
	facts := []any{}
	for _, d := range data {
		facts = append(facts, d.rendered())
	}
	event := Object{
		home: a.events, "code": kind.code, "level": kind.level, "reporter": kind.reporter, "visibility": kind.visibility,
		"timestamp": a.clock(), "username": nil, "description": describe(kind.template, data), "description_template": kind.template,
		"data": facts, "affected_entity_id": about, "source_node_id": 1, "system_version": systemVersion, "tenant_id": defaultTenant,
	}
	if user != "" {
		event["username"] = user
	}
	event["id"] = a.events.number(a, event)
	event["seq_num"] = event.id()
	a.events.keep(event)
	delete(a.events.objects, event.id()-a.limits.Events) // the oldest go
	return event
}

// createExternalEvent writes an event that the array knows and something beside it reports.
func (a *Array) createExternalEvent(rq *request) (any, error) {
	body, err := rq.onlyFields("code", "data")
	if err != nil {
		return nil, err
	}
	code, ok := body["code"].(string)
	switch {
	case body["code"] == nil:
		return nil, errMissing("code")
	case !ok:
		return nil, errField("code")
	}
	if value, given := body["data"]; given && value == nil {
		return nil, badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (null) for field ('data')")
	}
	data, err := readEventData(body["data"])
	if err != nil {
		return nil, err
	}
	kind := a.eventTypes[code]
	if kind == nil || kind.reporter != "EXTERNAL" {
		return nil, errNoEvent
	}
	return created{a.render(a.tell(kind, rq.user.name(), 0, data), nil)}, nil
}

// readEventData reads the facts of an event.
func readEventData(value any) ([]datum, error) {
	if value == nil {
		return nil, nil
	}
	elements, ok := value.([]any)
	if !ok {
		return nil, errField("data")
	}
	var data []datum
	for _, element := range elements {
		fact, ok := element.(map[string]any)
		if !ok {
			return nil, errField("data")
		}
		if err := only(fact, "name", "type", "value"); err != nil {
			return nil, err
		}
		for _, part := range []string{"type", "name", "value"} {
			if fact[part] == nil {
				return nil, badRequest("ILLEGAL_EVENT_DATA", "Illegal event data: (%s) is missing or specified as 'null'", part)
			}
		}
		data = append(data, datum{fmt.Sprint(fact["name"]), fmt.Sprint(fact["type"]), fmt.Sprint(fact["value"])})
	}
	return data, nil
}

// createCustomEvent writes an event with a text of the user's own.
func (a *Array) createCustomEvent(rq *request) (any, error) {
	body, err := rq.onlyFields("description_template", "data", "level", "visibility")
	if err != nil {
		return nil, err
	}
	kind := &eventType{reporter: "CUSTOM", visibility: "CUSTOMER"}
	for _, part := range []struct {
		name     string
		target   *string
		optional bool
	}{{"level", &kind.level, false}, {"description_template", &kind.template, false}, {"visibility", &kind.visibility, true}} {
		text, ok := body[part.name].(string)
		switch {
		case body[part.name] == nil && part.optional:
		case body[part.name] == nil:
			return nil, errMissing(part.name)
		case !ok:
			return nil, errField(part.name)
		default:
			*part.target = text
		}
	}
	kind.level, kind.visibility = strings.ToUpper(kind.level), strings.ToUpper(kind.visibility)
	switch {
	case !contains(eventLevels, kind.level):
		return nil, conflict("ILLEGAL_EVENT_LEVEL", "Illegal event level: %s. Allowed values: %s", kind.level, strings.Join(eventLevels, ", "))
	case kind.visibility != "CUSTOMER" && kind.visibility != vendorOnly:
		return nil, errField("visibility")
	case !legalTemplate(kind.template):
		return nil, errWrong("description_template", kind.template, "field contains illegal placeholder '{dataParam}' format")
	}
	data, err := readEventData(body["data"])
	if err != nil {
		return nil, err
	}
	kind.code = "CUSTOM_" + kind.level + "_EVENT"
	return created{a.render(a.tell(kind, rq.user.name(), 0, data), nil)}, nil
}

// legalTemplate tells whether all braces of a template enclose names.
func legalTemplate(template string) bool {
	for {
		before, rest, found := strings.Cut(template, "{")
		if !found || strings.Contains(before, "}") {
			return !strings.Contains(before, "}")
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" || strings.Trim(name, letters+"_") != "" {
			return false
		}
		template = after
	}
}

// deleteEvents takes the events out that are older than a moment, which has to be past.
func (a *Array) deleteEvents(rq *request) (any, error) {
	conditions, err := a.events.conditions(rq.query, nil)
	switch {
	case err != nil:
		return nil, err
	case len(conditions) == 0:
		return nil, badRequest("MISSING_QUERY_PARAMETER", "A mandatory query parameter ('timestamp') is missing")
	}
	for _, c := range conditions {
		switch {
		case c.field.name != "timestamp":
			return nil, errField(fmt.Sprintf("[(%s %s %v)]", c.field.name, c.op, c.values[0]))
		case c.op != "LE" && c.op != "LT":
			return nil, badRequest("RELATION_NOT_SUPPORTED_FOR_FIELD", "Relation '%s' is not supported for field 'timestamp'", c.op)
		}
		if until, _ := c.values[0].(int); until > a.clock() {
			return nil, conflict("CANNOT_SET_EVENTS_RETENTION_TIME", "Cannot delete events that occurred after %s", time.UnixMilli(int64(a.clock())).UTC().Format(time.DateTime))
		}
	}
	for _, event := range a.sorted(a.events.all(), conditions, nil) {
		delete(a.events.objects, event.id())
	}
	return nil, nil
}
