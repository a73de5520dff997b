package infinibox

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// eventType is one of the events that there are.
type eventType struct {
	code, template              string
	level, reporter, visibility string
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func (t *eventType) describe() map[string]any {
	parameters := []any{}
	for _, m := range placeholder.FindAllStringSubmatch(t.template, -1) {
		parameters = append(parameters, strings.ToLower(m[1]))
	}
	return map[string]any{
		"code": t.code, "description": t.template, "parameters": parameters,
		"level": t.level, "reporter": t.reporter, "visibility": t.visibility,
	}
}

// otherEvents are what the reference names beside what is done to objects, a line each: code, level, reporter, visibility,
// template.
const otherEvents = `
	USER_LOGIN_SUCCESS INFO MGMT CUSTOMER User '{user_name}' logged in
	USER_LOGIN_FAILURE WARNING MGMT CUSTOMER User '{user_name}' failed to log in
	SYSTEM_SHUTDOWN WARNING MGMT CUSTOMER The system was shut down, and is now in state {state}
	SYSTEM_ACTIVATED INFO MGMT CUSTOMER The system was activated
	SNAP_CREATE INFO MGMT CUSTOMER Created snapshot '{vol_name}' id '{vol_id}' from parent '{parent_name}' id '{parent_id}'
	SNAP_DELETE INFO MGMT CUSTOMER Deleted snapshot '{vol_name}' id '{vol_id}' of parent id '{parent_id}'
	REPLICATION_GROUP_CREATED INFO MGMT CUSTOMER Created replication group '{rg_name}'
	IP_ADDRESS_ENABLED INFO MGMT CUSTOMER IP Address {IP_Address_ID} on Network Space '{Network_Space_Name}' was enabled
	WITNESS_ADDRESS_ADDED INFO MGMT CUSTOMER Witness address {witness_address} was added to link '{link_name}'
	SCSI_CONNECTION_OVERLOAD WARNING BLOCK INFINIDAT Node {node_id} has detected danger of SCSI starvation; slowing down initiator(s) {initiator_ports} by sending SCSI BUSY
	UNCOMMITTED_DATA_SESSION_INFO INFO BLOCK INFINIDAT An uncommitted data read session (data set:{dataset_id}, session:{session_id}) has ended:'{details}'
	NOTIFICATION_TARGET_UNAVAILABLE ERROR MGMT CUSTOMER Notification target '{target_name}' is unavailable
	HEARTBEAT INFO MGMT INFINIDAT {event_desc}
	ECOSYSTEM_TOOLS_HEARTBEAT INFO EXTERNAL INFINIDAT {event_desc}
	INFINIMETRICS_HEARTBEAT INFO EXTERNAL INFINIDAT {event_desc}
	HPT_HEARTBEAT INFO EXTERNAL INFINIDAT {event_desc}
	CUSTOM_INFO_EVENT INFO CUSTOM CUSTOMER {description}
	CUSTOM_WARNING_EVENT WARNING CUSTOM CUSTOMER {description}
	CUSTOM_ERROR_EVENT ERROR CUSTOM CUSTOMER {description}
	CUSTOM_CRITICAL_EVENT CRITICAL CUSTOM CUSTOMER {description}
`

// verbs are what may happen to an object, and how events say it: before the noun, and after the name.
var verbs = map[string]struct{ before, after string }{
	"CREATED": {"Created ", ""}, "DELETED": {"Deleted ", ""}, "UPDATED": {"Updated {fields} of ", ""},
	"RENAMED": {"Renamed ", ", which was '{old_name}'"}, "RESIZED": {"Resized ", " to {size} bytes"},
	"RESTORED": {"Restored ", ""}, "REFRESHED": {"Refreshed ", ""}, "PROMOTED": {"Promoted ", ""}, "MOVED": {"Moved ", ""},
	"LOCKED": {"Locked ", ""}, "UNLOCKED": {"Unlocked ", ""}, "ENABLED": {"Enabled ", ""}, "DISABLED": {"Disabled ", ""},
	"MAPPED": {"Mapped a volume to ", ""}, "UNMAPPED": {"Unmapped a volume from ", ""},
}

// operations are the words of paths that do to an object what a verb says, if they succeed.
var operations = map[string]string{
	"POST restore": "RESTORED", "POST refresh": "REFRESHED", "POST promote": "PROMOTED", "POST move": "MOVED",
	"POST lock": "LOCKED", "POST unlock": "UNLOCKED", "POST enable": "ENABLED", "POST disable": "DISABLED",
	"POST luns": "MAPPED", "DELETE luns": "UNMAPPED",
}

// eventName is what the codes of a collection's events begin with: VOLUME.
func (c *collection) eventName() string {
	if c.event != "" {
		return c.event
	}
	return strings.ToUpper(strings.ReplaceAll(c.noun, " ", "_"))
}

// shortName is what the facts of its events begin with: vol_name.
func (c *collection) shortName() string {
	if c.eventName() == "VOLUME" {
		return "vol"
	}
	return strings.ToLower(c.eventName())
}

// eventOf is the type of the events that tell what happens to the objects of a collection.
func (c *collection) eventOf(verb string) *eventType {
	phrase := verbs[verb]
	noun := c.noun
	if !strings.HasPrefix(noun, "S3 ") && noun != "TreeQ" && noun != "vVol" {
		noun = strings.ToLower(noun)
	}
	return &eventType{
		code: c.eventName() + "_" + verb, template: phrase.before + noun + " '{" + c.shortName() + "_name}'" + phrase.after,
		level: "INFO", reporter: "MGMT", visibility: "CUSTOMER",
	}
}

// newEventTypes collects all events that the array may write, once its collections and routes are known.
func (a *Array) newEventTypes() map[string]*eventType {
	types := map[string]*eventType{}
	add := func(c *collection, verb string) {
		kind := c.eventOf(verb)
		types[kind.code] = kind
	}
	for _, c := range a.collections {
		if c == a.events || c.silent {
			continue
		}
		for _, verb := range []string{"CREATED", "DELETED", "UPDATED", "RENAMED"} {
			add(c, verb)
		}
		if c.byName["size"] != nil {
			add(c, "RESIZED")
		}
	}
	a.routes.each(func(method string, r *route) {
		if c, _, verb := a.done(method, r.template); verb != "" && !c.silent {
			add(c, verb)
		}
	})
	for line := range strings.SplitSeq(strings.TrimSpace(otherEvents), "\n") {
		words := strings.SplitN(strings.TrimSpace(line), " ", 5)
		types[words[0]] = &eventType{words[0], words[4], words[1], words[2], words[3]}
	}
	return types
}

// each calls visit for all routes below.
func (n *node) each(visit func(method string, r *route)) {
	for method, r := range n.routes {
		visit(method, r)
	}
	for _, next := range n.names {
		next.each(visit)
	}
	for _, next := range []*node{n.any, n.rest} {
		if next != nil {
			next.each(visit)
		}
	}
}

// done is what a route does to the objects of which collection, and which of the path's parameters is the id.
func (a *Array) done(method, template string) (c *collection, parameter int, verb string) {
	parts := segments(strings.TrimPrefix(template, root))
	parameter = -1
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		parameter++
		if i+1 == len(parts) {
			break
		}
		verb = operations[method+" "+parts[i+1]]
		for _, c := range a.collections {
			if verb != "" && c.path == parts[i-1] || verb != "" && c.path == strings.Join(parts[:i], "/") {
				return c, parameter, verb
			}
		}
	}
	return nil, 0, ""
}

// acted tells of a request that did to an object what no change of its fields shows.
func (a *Array) acted(found *route, rq *request) {
	if rq.method == http.MethodGet {
		return
	}
	c, parameter, verb := a.done(rq.method, found.template)
	if c == nil {
		return
	}
	if o, err := c.get(rq.path[parameter]); err == nil {
		a.record(verb, o)
	}
}

// record tells what has happened to an object.
func (a *Array) record(verb string, o Object, more ...datum) {
	c := o.of()
	if a.eventTypes == nil || c.silent { // an array that is being made tells nothing
		return
	}
	short, proper := c.shortName(), strings.ReplaceAll(c.noun, " ", "")
	data := append([]datum{{short + "_name", proper + "Name", o.name()}, {short + "_id", proper + "ID", itoa(o.id())}}, more...)
	kind := a.eventTypes[c.eventName()+"_"+verb]
	if kind == nil {
		kind = c.eventOf(verb)
	}
	if c == a.volumes && isSnapshot(o) && (verb == "CREATED" || verb == "DELETED") {
		kind = a.eventTypes["SNAP_"+strings.TrimSuffix(verb, "D")]
		parent := datum{"parent_id", "VolumeID", itoa(o.int("parent_id"))}
		data = append(data, parent, datum{"parent_name", "VolumeName", a.volumes.objects[o.int("parent_id")].name()})
	}
	a.tell(kind, a.actor.name(), o.id(), data)
}

// recordChange tells what a change of an object's fields means.
func (a *Array) recordChange(was, o Object, values map[string]any) {
	size, sized := values["size"].(int)
	switch {
	case was.name() != o.name():
		a.record("RENAMED", o, datum{"old_name", "String", was.name()})
	case sized && was.int("size") != size:
		a.record("RESIZED", o, datum{"size", "Capacity", itoa(o.int("size"))})
	default:
		a.record("UPDATED", o, datum{"fields", "String", strings.Join(sortedKeys(values), ", ")})
	}
}

// tell writes an event, and sends it to whom the rules say.
func (a *Array) tell(kind *eventType, user string, about int, data []datum) Object {
	event := a.write(kind, user, about, data)
	a.notify(event)
	return event
}

// tellOfUser tells what somebody did who is known by name alone.
func (a *Array) tellOfUser(code, name string) {
	a.tell(a.eventTypes[code], name, a.userByName(name).id(), []datum{{"user_name", "String", name}})
}

func (a *Array) describeEventTypes() map[string]any {
	var codes, levels, reporters []any
	for _, code := range sortedKeys(a.eventTypes) {
		kind := a.eventTypes[code]
		codes = append(codes, kind.describe())
		if !slices.Contains(reporters, any(kind.reporter)) {
			reporters = append(reporters, kind.reporter)
		}
	}
	for value, name := range eventLevels {
		levels = append(levels, map[string]any{"name": name, "value": value})
	}
	return map[string]any{"codes": codes, "levels": levels, "reporters": reporters, "visibilities": []any{"CUSTOMER", vendorOnly}}
}
