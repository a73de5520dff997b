package infinibox

import (
	"fmt"
	"net/http"
	"strings"
)

// A notification target is a server that the array tells of events: by mail, SNMP traps or syslog. Each protocol has
// attributes of its own. One mail server is built in, to be configured; another is the vendor's own.

const (
	vendorTargetID = 2
	mailTargetID   = 3

	minHost, maxHost    = 3, 255
	maxPort             = 65535
	maxSubjectPrefix    = 255
	maxTargetPassword   = 128
	maxNewSNMPPassword  = 32
	forbiddenRecipient  = "support@infinidat.com"
	recipientsParameter = "target_parameters.recipients"
)

// protocols are those that targets speak: their port, and the attributes that no other has.
var protocols = []struct {
	name, server string
	port         int
	own          []string
}{
	{"SNMP", "SNMP server", 162, []string{"version", "community", "username", "password", "engine", "auth_type", "auth_protocol", "private_protocol", "private_key"}},
	{"SMTP", "SMTP server", 25, []string{"tls", "from_address", "username", "password", "subject_prefix"}},
	{"SYSLOG", "Syslog server", 514, []string{"facility", "transport"}},
}

// commonToTargets are the attributes that targets of all protocols have.
var commonToTargets = []string{"id", "name", "protocol", "host", "port", "visibility"}

func newTargets() *collection {
	return newCollection(collection{
		path: "notifications/targets", noun: "Notification target", absent: "NOTIFICATION_TARGET_NOT_FOUND", command: "GetAllNotificationTargets",
		taken: "NOTIFICATION_TARGET_NAME_CONFLICT", takenText: "A Notification Target with this name already exists",
		creation: by(administrators), updating: by(administrators), deletion: by(administrators),
		hides: func(rq *request, o Object) error {
			if o["visibility"] == vendorOnly && !rq.seesAll() {
				return errVendorTarget
			}
			return nil
		},
		has: func(o Object, field string) bool {
			return contains(commonToTargets, field) || contains(protocols[protocolOf(o)].own, field)
		},
		prepare: func(_ *request, body map[string]any) error {
			if id, ok := toInt(body["id"]); ok && id == 0 { // clients send it for a target that is still to be
				delete(body, "id")
			}
			return nil
		},
		full: targetsFull, fill: fillTarget, check: checkTarget,
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting %s '%s' will stop all logs from being sent to this host", protocols[protocolOf(o)].server, o.name())
		},
		keeps: func(rq *request, o Object) error { return rq.a.keepsTarget(o) },
	}, `
		id               integer  filter sort
		name             text     filter sort required update
		protocol         text(SMTP|SNMP|SYSLOG)  filter sort required
		host             text     filter sort required update
		port             integer  filter sort create update
		visibility       text(CUSTOMER|INFINIDAT)  filter sort create update  ="CUSTOMER"
		facility         text(LOCAL0|LOCAL1|LOCAL2|LOCAL3|LOCAL4|LOCAL5|LOCAL6|LOCAL7)  create update  ="LOCAL7"
		transport        text(TCP|UDP)  create update  ="UDP"
		tls              boolean  create update  =false
		from_address     text     create update null
		subject_prefix   text     create update null
		username         text     create update null
		password         text     create update null secret
		version          text(SNMPV1|SNMPV2C|SNMPV3)  create update
		community        text     create update null
		engine           text     create update null
		auth_type        text(NOAUTHNOPRIV|AUTHNOPRIV|AUTHPRIV)  create update null
		auth_protocol    text(MD5|SHA)  create update null
		private_protocol text(AES|DES)  create update null
		private_key      text     create update null secret
	`)
}

var errVendorTarget = &apiError{"NOTIFICATION_TARGET_NOT_APPLICABLE", http.StatusConflict, "User not authorized to perform Infinidat target related operations"}

func (a *Array) notificationRoutes(r router) {
	r.list("/notifications/protocols", func(rq *request) (any, error) {
		var names []string
		for _, p := range protocols {
			names = append(names, p.name)
		}
		return plain(rq, "GetNotificationProtocols", names)
	})
	r.serve(a, a.alertTargets)
	r.serve(a, a.alertRules)
	r.write(http.MethodPost, "/notifications/targets/{id}/update_entity", administrators, func(rq *request) (any, error) { return a.update(rq, a.alertTargets) })
	r.write(http.MethodPost, "/notifications/targets/{id}/test", administrators, a.testTarget)
	r.write(http.MethodPost, "/notifications/targets/test", administrators, a.testNewTarget)
	r.write(http.MethodPost, "/notifications/test-target", administrators, a.testNewTarget)
}

// addBuiltInTargets adds the two mail servers that every array has, and what the vendor is told.
func (a *Array) addBuiltInTargets() {
	for _, t := range []struct {
		id               int
		name, visibility string
	}{{vendorTargetID, "infinidat", vendorOnly}, {mailTargetID, "smtp", "CUSTOMER"}} {
		a.alertTargets.keep(a.make(a.alertTargets, map[string]any{"id": t.id, "name": t.name, "protocol": "SMTP", "port": 25, "visibility": t.visibility}))
	}
	a.alertRules.keep(a.make(a.alertRules, map[string]any{
		"id": mailTargetID + 1, "name": "default-infinidat-rule", "target_id": vendorTargetID, "event_level": []any{"WARNING", "ERROR", "CRITICAL"},
		"event_visibility": []any{vendorOnly}, "target_parameters": map[string]any{"recipients": []any{"callhome@infinidat.com"}},
	}))
}

// protocolOf is the place of a target's protocol in the list.
func protocolOf(o Object) int {
	for i, p := range protocols {
		if o["protocol"] == p.name {
			return i
		}
	}
	return 0
}

func targetsFull(a *Array) error {
	if n := a.limits.Targets; len(a.alertTargets.objects) >= n {
		return conflict("NOTIFICATION_TARGETS_COUNT_LIMIT", "Notification targets count has reached the limit of %d", n)
	}
	return nil
}

func fillTarget(ch *change) {
	if ch.isNew() && ch.values["port"] == nil {
		ch.after["port"] = protocols[protocolOf(ch.after)].port
	}
	if ch.isNew() && ch.after["version"] == "SNMPV3" && ch.values["auth_type"] == nil {
		ch.after["auth_type"] = "NOAUTHNOPRIV"
	}
}

// checkTarget checks a target as it is going to be.
func checkTarget(ch *change) error {
	o := ch.after
	for _, name := range sortedKeys(ch.values) {
		if !ch.a.alertTargets.has(o, name) {
			return errUnsupported(name)
		}
	}
	switch {
	case o["visibility"] == vendorOnly && !ch.rq.seesAll():
		return errVendorTarget
	case ch.isNew() && o["protocol"] == "SMTP":
		return conflict("SMTP_TARGET_CREATE_NOT_ALLOWED", "Creating a new SMTP target is not allowed")
	}
	if err := checkServer(ch); err != nil {
		return err
	}
	return checkPlace(ch)
}

// checkPlace refuses a target where there is one. That a place is tested which has one is nobody's harm.
func checkPlace(ch *change) error {
	o := ch.after
	for _, other := range ch.a.alertTargets.objects {
		if other.id() != o.id() && other["protocol"] == o["protocol"] && other["port"] == o["port"] && other["host"] != nil && strings.EqualFold(other.text("host"), o.text("host")) {
			return conflict("NOTIFICATION_TARGET_CONFLICT", "A Notification Target %v with host '%v' and port %v already exists", o["protocol"], o["host"], o["port"])
		}
	}
	return nil
}

// checkServer checks all that is said of a target's server.
func checkServer(ch *change) error {
	o := ch.after
	switch host, port, prefix := o.text("host"), o.int("port"), len(o.text("subject_prefix")); {
	case ch.sets("host") && (len(host) < minHost || len(host) > maxHost):
		return errWrong("host", host, fmt.Sprintf("size must be between %d and %d", minHost, maxHost))
	case port < 1 || port > maxPort:
		return errWrong("port", port, fmt.Sprintf("must be between 1 and %d", maxPort))
	case prefix > maxSubjectPrefix:
		return badRequest("INVALID_PARAMETER_LENGTH", "Parameter ('subject_prefix') length must be between 0 and %d characters. Actual: %d", maxSubjectPrefix, prefix)
	}
	if from, ok := ch.values["from_address"].(string); ok {
		if err := validEmail(from); err != nil {
			return err
		}
	}
	if err := checkTargetPassword(ch); err != nil {
		return err
	}
	if o["protocol"] == "SNMP" {
		return checkSNMP(ch)
	}
	return nil
}

// checkTargetPassword checks a password, which no message shows.
func checkTargetPassword(ch *change) error {
	password, ok := ch.values["password"].(string)
	switch n := len(password); {
	case !ok:
	case ch.isNew() && (n < 1 || n > maxNewSNMPPassword):
		return badRequest("INVALID_PASSWORD", "Password length must be between 1 and %d characters", maxNewSNMPPassword)
	case n > maxTargetPassword:
		return errWrong("password", strings.Repeat("*", n), fmt.Sprintf("size must be between 0 and %d", maxTargetPassword))
	}
	return nil
}

// checkSNMP asks for what the version and the way of proving oneself need.
func checkSNMP(ch *change) error {
	o := ch.after
	if !ch.isNew() && ch.before["version"] != o["version"] {
		return badRequest("UPDATE_SNMP_VERSION", "Updating the SNMP target version is not allowed. Delete the target and create a new one")
	}
	needed := []string{"version"}
	if o["version"] == "SNMPV3" {
		needed = append(needed, "username")
		if o["auth_type"] != "NOAUTHNOPRIV" {
			needed = append(needed, "auth_protocol", "password")
		}
		if o["auth_type"] == "AUTHPRIV" {
			needed = append(needed, "private_protocol", "private_key")
		}
	}
	for _, name := range needed {
		if o.text(name) == "" {
			return errMissing(camel(name))
		}
	}
	return nil
}

// camel writes a name as some messages about targets do: authProtocol.
func camel(name string) string {
	first, rest, _ := strings.Cut(name, "_")
	if rest == "" {
		return first
	}
	return first + strings.ToUpper(rest[:1]) + rest[1:]
}

func (a *Array) keepsTarget(target Object) error {
	switch {
	case target["protocol"] == "SMTP":
		return conflict("SMTP_TARGET_DELETE_NOT_ALLOWED", "Deleting an SMTP target is not allowed")
	case len(a.alertRules.where("target_id", target.id())) > 0:
		return forbidden("NOTIFICATION_TARGET_ACTIVE", "Notification target '%s' cannot be deleted because it is used by notification rules", target.name())
	}
	return nil
}

// readRecipients reads whom a mail goes to; targets of other protocols have no such parameters.
func readRecipients(target Object, parameters map[string]any) ([]string, error) {
	mail := target["protocol"] == "SMTP"
	for _, name := range sortedKeys(parameters) {
		if name != "recipients" || !mail {
			return nil, errUnsupported("target_parameters." + name)
		}
	}
	if !mail {
		return nil, nil
	}
	if parameters["recipients"] == nil {
		return nil, errMissing(recipientsParameter)
	}
	given, ok := parameters["recipients"].([]any)
	if !ok {
		return nil, errField(recipientsParameter)
	}
	if len(given) == 0 {
		return nil, conflict("EMAIL_RULE_NO_RECIPIENTS", "Notification rule must have at least one recipient")
	}
	var recipients []string
	for _, item := range given {
		address, ok := item.(string)
		if !ok {
			return nil, errField(recipientsParameter)
		}
		if err := validEmail(address); err != nil {
			return nil, err
		}
		if strings.EqualFold(address, forbiddenRecipient) {
			return nil, conflict("EMAIL_NOT_ALLOWED_FOR_NOTIFICATION", "%s cannot be used for event notifications. Enter an email address monitored by your system administrators", forbiddenRecipient)
		}
		recipients = append(recipients, address)
	}
	return recipients, nil
}

// testTarget sends an event that never was to a target, and answers whether the server has taken it.
func (a *Array) testTarget(rq *request) (any, error) {
	target, err := rq.object(a.alertTargets)
	if err != nil {
		return nil, err
	}
	parameters, err := rq.fields()
	if err != nil {
		return nil, err
	}
	recipients, err := readRecipients(target, parameters)
	if err != nil {
		return nil, err
	}
	return a.tryOut(target, recipients), nil
}

// testNewTarget is testTarget for a target that is still to be, which the body describes.
func (a *Array) testNewTarget(rq *request) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	parameters := map[string]any{}
	if recipients, given := body["recipients"]; given {
		parameters["recipients"] = recipients
	}
	for _, name := range []string{"recipients", "name", "id"} {
		delete(body, name)
	}
	values, err := a.alertTargets.readNew(body, "name")
	if err != nil {
		return nil, err
	}
	ch := &change{rq: rq, a: a, after: a.make(a.alertTargets, values), values: values}
	fillTarget(ch)
	for _, name := range sortedKeys(values) {
		if !a.alertTargets.has(ch.after, name) {
			return nil, errUnsupported(name)
		}
	}
	if err := checkServer(ch); err != nil {
		return nil, err
	}
	recipients, err := readRecipients(ch.after, parameters)
	if err != nil {
		return nil, err
	}
	return a.tryOut(ch.after, recipients), nil
}
