package monitoring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// mailServer is the id of the array's mail server.
const mailServer = 3

// roomy has room for what a table makes.
var roomy = simulator.Limits{Targets: 200, Rules: 200}

func targets(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
	name := acctest.Name(b)
	host := acctest.Own(func(label string, _ int) any { return b.Name(label) + ".example.com" })
	least := acctest.Attrs{"name": name, "protocol": "SYSLOG", "host": host}
	old := acctest.Attrs{"protocol": "SNMP", "version": "SNMPV2C", "community_wo": "planted-community", "community_wo_version": 1}
	v3 := func(more acctest.Attrs) acctest.Attrs {
		return acctest.Attrs{"protocol": "SNMP", "version": "SNMPV3", "username": "ops", "auth_type": "NOAUTHNOPRIV"}.With(more)
	}
	signs := acctest.Attrs{"auth_type": "AUTHNOPRIV", "auth_protocol": "SHA", "password_wo": "planted-password", "password_wo_version": 1}
	encrypts := signs.With(acctest.Attrs{"auth_type": "AUTHPRIV", "private_protocol": "AES", "private_key_wo": "planted-key", "private_key_wo_version": 1})
	mail := acctest.Attrs{"protocol": "SMTP", "tls": true, "from_address": "box@example.com", "subject_prefix": "[box]", "username": "box", "password_wo": "planted-password", "password_wo_version": 1}
	drift := func(field string, value any) func(acctest.Object) acctest.Request {
		return put("notifications/targets", field, value)
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_notification_target", Plural: "notification_targets", Path: "notifications/targets",
		Deleting: "Nothing is sent there any more",
		Least:    least,
		Most:     least.With(acctest.Attrs{"port": 1514, "facility": "LOCAL1", "transport": "TCP"}),
		Changes: map[string]acctest.Change{
			"name": {Through: []any{name, b.Name("renamed")}, Drift: drift("name", b.Name("drifted"))},
			"protocol": {
				Through: []any{acctest.Attrs{"protocol": "SYSLOG"}, old}, Replaces: true,
			},
			"host":      {Through: []any{"one.example.com", "two.example.com"}, Drift: drift("host", "drifted.example.com")},
			"port":      {Through: []any{514, 1514}, Drift: drift("port", 2514)},
			"facility":  {Through: []any{"LOCAL1", "LOCAL2"}, Drift: drift("facility", "LOCAL3")},
			"transport": {Through: []any{"TCP", "UDP"}, Drift: drift("transport", "TCP")},

			"version":              {Through: []any{acctest.Attrs{"version": "SNMPV1"}, acctest.Attrs{"version": "SNMPV2C"}}, Beside: old, Replaces: true},
			"community_wo_version": {Through: []any{1, 2}, Beside: old},
			"username":             {Through: []any{"ops", "others"}, Beside: v3(nil), Drift: drift("username", "drifted")},
			"engine":               {Through: []any{"80000001", nil, "80000002"}, Beside: v3(nil), Drift: drift("engine", "80000003")},
			"auth_type": {
				Through: []any{v3(nil), v3(signs), v3(encrypts), v3(nil), v3(encrypts.With(acctest.Attrs{"password_wo_version": 2, "private_key_wo_version": 2}))},
				Drift:   drift("auth_type", "NOAUTHNOPRIV"),
			},
			"auth_protocol":          {Through: []any{"SHA", "MD5"}, Beside: v3(signs), Drift: drift("auth_protocol", "SHA")},
			"private_protocol":       {Through: []any{"AES", "DES"}, Beside: v3(encrypts), Drift: drift("private_protocol", "AES")},
			"password_wo_version":    {Through: []any{1, 2}, Beside: v3(signs)},
			"private_key_wo_version": {Through: []any{1, 2}, Beside: v3(encrypts)},

			// There is one mail server, and so one object has all that is its own.
			"subject_prefix": {Through: []any{
				mail, mail.With(acctest.Attrs{"tls": false, "from_address": "array@example.com", "subject_prefix": "", "username": nil, "password_wo": nil, "password_wo_version": nil}), mail,
			}, Drift: drift("subject_prefix", "drifted")},
		},
		Elsewhere: map[string]func(*testing.T){"tls": TestAccMailServer, "from_address": TestAccMailServer},
		Bad: append(acctest.BadNames(),
			bad("protocol", "PIGEON", "use one of SMTP, SNMP, SYSLOG"),
			bad("host", "ab", "3 to 255 characters"),
			bad("host", "tcp://syslog.example.com", "without a scheme"),
			bad("port", 0, "between 1 and 65535"),
			bad("transport", "tcp", `must be written "TCP"`),
			bad("facility", "LOCAL8", "use one of"),
			acctest.Bad{Attribute: "version", Says: "use one of", Set: old.With(acctest.Attrs{"version": "SNMPV4"})},
			acctest.Bad{Attribute: "username", Says: "username is missing", Set: v3(acctest.Attrs{"username": nil})},
			acctest.Bad{Attribute: "auth_type", Says: "use one of", Set: v3(acctest.Attrs{"auth_type": "ALL"})},
			acctest.Bad{Attribute: "auth_protocol", Says: "use one of", Set: v3(signs).With(acctest.Attrs{"auth_protocol": "CRC"})},
			acctest.Bad{Attribute: "private_protocol", Says: "use one of", Set: v3(encrypts).With(acctest.Attrs{"private_protocol": "ROT13"})},
			acctest.Bad{Attribute: "password_wo_version", Says: "password_wo is missing", Set: v3(signs).With(acctest.Attrs{"password_wo": nil, "password_wo_version": nil})},
			acctest.Bad{Attribute: "password_wo_version", Says: "The password is too long", Set: v3(signs).With(acctest.Attrs{"password_wo": strings.Repeat("p", 33)})},
			acctest.Bad{Attribute: "private_key_wo_version", Says: "private_key_wo is missing", Set: v3(encrypts).With(acctest.Attrs{"private_key_wo": nil, "private_key_wo_version": nil})},
			acctest.Bad{Attribute: "private_key_wo", Says: "The private key must have 1 to 32 characters", Set: v3(encrypts).With(acctest.Attrs{"private_key_wo": strings.Repeat("k", 33)})},
			acctest.Bad{Attribute: "password_wo", Says: "The password must have 1 to 128 characters", Set: v3(signs).With(acctest.Attrs{"password_wo": ""})},
			acctest.Bad{Attribute: "community_wo", Says: "The community must have 1 to 255 characters", Set: old.With(acctest.Attrs{"community_wo": ""})},
			acctest.Bad{Attribute: "username", Says: "must have 1 to 255 characters", Set: v3(acctest.Attrs{"username": ""})},
			acctest.Bad{Attribute: "engine", Says: "must have 1 to 255 characters", Set: v3(acctest.Attrs{"engine": ""})},
			acctest.Bad{Attribute: "from_address", Says: "is not a mail address", Set: acctest.Attrs{"protocol": "SMTP", "from_address": "nobody"}},
			acctest.Bad{Attribute: "subject_prefix", Says: "up to 255 characters", Set: acctest.Attrs{"protocol": "SMTP", "subject_prefix": strings.Repeat("s", 256)}},
		),
	}
}

// The mail server is taken over, changes with all that is its own, drifts, is imported and
// given back; nothing deletes it.
func TestAccMailServer(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	at := fmt.Sprintf("notifications/targets/%d", mailServer)
	was := b.Must("PUT", at, map[string]any{"name": "old", "host": "old.example.com", "port": 2525})
	const address = "storage_infinibox_notification_target.mail"
	config := func(more acctest.Attrs) string {
		return resource("notification_target", "mail", acctest.Attrs{
			"name": "mail", "protocol": "SMTP", "host": "smtp.example.com", "from_address": "box@example.com", "tls": true,
		}.With(more))
	}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config(nil)).Succeeds(t)
	cli.Plan(b.Provider(nil), config(nil)).Succeeds(t).Plans(t, map[string]string{})
	holds := func(want map[string]any) {
		t.Helper()
		is := b.Must("GET", at, nil)
		for field, value := range want {
			if fmt.Sprint(is[field]) != fmt.Sprint(value) {
				t.Errorf("%s is %v, want %v", field, is[field], value)
			}
		}
	}
	holds(map[string]any{"name": "mail", "host": "smtp.example.com", "from_address": "box@example.com", "tls": true})
	changed := config(acctest.Attrs{"tls": false, "from_address": "array@example.com", "port": 587})
	cli.Apply(b.Provider(nil), changed).Succeeds(t).Plans(t, map[string]string{address: "update"})
	holds(map[string]any{"from_address": "array@example.com", "tls": false, "port": 587})
	for field, value := range map[string]any{"tls": true, "from_address": "drifted@example.com"} {
		b.Must("PUT", at, map[string]any{field: value})
		cli.Plan(b.Provider(nil), changed).Succeeds(t).Plans(t, map[string]string{address: "update"})
	}
	cli.Apply(b.Provider(nil), changed).Succeeds(t)

	second := changed + resource("notification_target", "again", acctest.Attrs{"name": "again", "protocol": "SMTP", "host": "smtp.example.com"})
	cli.Plan(b.Provider(nil), second).Refuses(t, "Two resources are the same notification target")

	imported := acctest.NewCLI(t)
	imported.Write(b.Provider(nil), changed)
	if err := imported.Import(address, "name=mail"); err != nil {
		t.Fatal(err)
	}
	imported.Plan(b.Provider(nil), changed).Succeeds(t).Plans(t, map[string]string{})

	cli.Write(b.Provider(nil), changed)
	cli.Replace(address).Succeeds(t)
	cli.Apply(b.Provider(nil)).Succeeds(t)
	holds(map[string]any{"name": was["name"], "host": was["host"], "tls": was["tls"], "port": was["port"]})
}

// Targets of SNMP are imported with all but their passwords: without these in the
// configuration, the plan is empty.
func TestAccSNMPTargetsAreImported(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.Create("notifications/targets", map[string]any{"name": "old", "protocol": "SNMP", "host": "old.example.com", "version": "SNMPV2C", "username": "nobody", "community": "public"})
	v3 := b.Create("notifications/targets", map[string]any{
		"name": "new", "protocol": "SNMP", "host": "new.example.com", "port": 1162, "version": "SNMPV3", "username": "ops", "engine": "8000000001",
		"auth_type": "AUTHPRIV", "auth_protocol": "MD5", "password": "planted-password", "private_protocol": "DES", "private_key": "planted-key",
	})
	config := resource("notification_target", "old", acctest.Attrs{"name": "old", "protocol": "SNMP", "host": "old.example.com", "version": "SNMPV2C"}) +
		resource("notification_target", "new", acctest.Attrs{
			"name": "new", "protocol": "SNMP", "host": "new.example.com", "port": 1162, "version": "SNMPV3", "username": "ops", "engine": "8000000001",
			"auth_type": "AUTHPRIV", "auth_protocol": "MD5", "private_protocol": "DES",
		})
	cli := acctest.NewCLI(t)
	cli.Write(b.Provider(nil), config)
	for label, id := range map[string]string{"old": "name=old", "new": fmt.Sprint(v3)} {
		if err := cli.Import("storage_infinibox_notification_target."+label, id); err != nil {
			t.Fatal(err)
		}
	}
	cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
	// What others have done stops no plan, though the configuration cannot heal it.
	b.Must("PUT", fmt.Sprintf("notifications/targets/%v", v3), map[string]any{"auth_type": "NOAUTHNOPRIV"})
	cli.Plan(b.Provider(nil), config).Succeeds(t).Warns(t, "password_wo is missing", "set password_wo and password_wo_version", "this plan goes on")
}

// A target that a rule uses is not deleted: the plan names the rule, and so does the error.
func TestAccTargetInUse(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	config := resource("notification_target", "log", acctest.Attrs{"name": "log", "protocol": "SYSLOG", "host": "syslog.example.com"})
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	id := b.IDs("notifications/targets?name=log")[0]
	rule := b.Create("notifications/rules", map[string]any{"name": "theirs", "target_id": id, "event_level": []any{"CRITICAL"}})
	cli.Plan(b.Provider(nil)).Refuses(t, `Deleting notification target "log"`, `Rules send to it: "theirs"`, "approved = true")
	yes := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli.Apply(yes).Refuses(t, "NOTIFICATION_TARGET_ACTIVE", `These rules send to it: "theirs"`)
	b.Must("DELETE", fmt.Sprintf("notifications/rules/%v", rule), nil)
	cli.Apply(yes).Succeeds(t)
}

// Two targets of one protocol are not at one place: the other is named.
func TestAccTargetsOfOnePlace(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	trap := func(label, host string) string {
		return resource("notification_target", label, acctest.Attrs{
			"name": label, "protocol": "SNMP", "version": "SNMPV1", "community_wo": "public", "community_wo_version": 1, "host": host, "port": 162,
		})
	}
	acctest.NewCLI(t).Plan(b.Provider(nil), trap("one", "snmp.example.com")+trap("two", "snmp.example.com")).Refuses(t, `Two resources have port "162"`)
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), trap("one", "a.example.com"), trap("two", "b.example.com")).Succeeds(t)
	cli.Plan(b.Provider(nil), trap("one", "b.example.com"), trap("two", "a.example.com")).Refuses(t, "An exchange of host cannot be made in one apply", "third host")
	b.Create("notifications/targets", map[string]any{"name": "theirs", "protocol": "SNMP", "version": "SNMPV1", "host": "snmp.example.com", "port": 162})
	acctest.NewCLI(t).Apply(b.Provider(nil), trap("other", "SNMP.example.com")).Refuses(t, "NOTIFICATION_TARGET_CONFLICT", `Targets at this host: "theirs"`)
	acctest.NewCLI(t).Apply(b.Provider(nil), trap("theirs", "other.example.com")).
		Refuses(t, `In the way is the notification target "theirs"`, "terraform import storage_infinibox_notification_target.NAME")
}
