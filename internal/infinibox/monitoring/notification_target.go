package monitoring

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	targets = "notifications/targets"

	smtp   = "SMTP"
	snmp   = "SNMP"
	syslog = "SYSLOG"

	version1  = "SNMPV1"
	version2c = "SNMPV2C"
	version3  = "SNMPV3"

	withoutKeys = "NOAUTHNOPRIV"
	signed      = "AUTHNOPRIV"
	encrypted   = "AUTHPRIV"

	// mostSNMPPassword is the longest password of an SNMP user; a mail server's may be longer.
	mostSNMPPassword = 32
)

// NotificationTarget is where the array sends events: its mail server, a receiver of SNMP
// traps, or a syslog server.
var NotificationTarget = entity.Kind{
	System: common.System,
	Name:   "notification_target",
	Plural: "notification_targets",
	Path:   targets,
	Doc: "A target of notifications: where the array sends events by mail (`SMTP`), as SNMP traps (`SNMP`), or to a syslog server (`SYSLOG`). " +
		"What is sent there, `storage_infinibox_notification_rule` says. " +
		"Every array has one mail server: a resource with `protocol = \"SMTP\"` takes it over, and leaves it as it was when it is destroyed. " +
		"The action `storage_infinibox_notification_target_test` sends a message, also before there is a target.",
	BuiltIn:  entity.BuiltIn{By: "protocol", Values: []string{smtp}},
	Reading:  entity.Reading{Find: findTarget},
	Planning: entity.Planning{Check: checkTarget},
	Update: entity.Update{Several: func(before entity.Values) api.Request {
		return api.Request{Method: http.MethodPost, Path: api.Path("notifications", "targets", before.Int("id"), "update_entity")}
	}},
	Deletion: entity.Deletion{Danger: "Nothing is sent there any more.", Loses: losesRules},
	Explain:  explainTarget,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		protocol().Required().Queryable(),
	}, reached(false), entity.Facts{
		entity.Text("visibility").Queryable().Doc("Whom it is for: `CUSTOMER`, or `INFINIDAT` for the vendor's own, which only the vendor's user sees."),
	}),
}

func protocol() entity.Fact {
	return entity.Enum("protocol", smtp, snmp, syslog).Doc("How events are sent there.")
}

// reached are how a target is reached, of a resource and of a test of one that is not
// there yet.
func reached(asked bool) entity.Facts {
	host := entity.Text("host").Checked("a name or an address", checkHost).
		Doc("The name or the address of the server: 3 to 255 characters.")
	port := entity.Integer("port").Between(1, 65535).
		Doc("The port. Where it is not set, it is the protocol's usual one: 25, 162 or 514.")
	tls := entity.Bool("tls").Doc("Whether mail is sent over TLS.")
	from := entity.Text("from_address").Checked("a mail address", checkAddress).Doc("The address that mail is sent from.")
	username := entity.Text("username").Optional().LongestOf(255).
		Doc("The user whom the array logs in to the mail server as, or the user of SNMP version 3, which needs one.")
	password := entity.Secret("password", "").LongestOf(128).
		Doc("The password of the user, of the mail server or of SNMP version 3; the latter's has 1 to 32 characters.")
	version := entity.Enum("version", version1, version2c, version3).Doc("The version of SNMP.")
	community := entity.Secret("community", "").LongestOf(255).Doc("The community of SNMP version 1 and 2c.")
	authType := entity.Enum("auth_type", withoutKeys, signed, encrypted).
		Doc("How traps of SNMP version 3 are protected: not at all, signed, or signed and encrypted.")
	authProtocol := entity.Enum("auth_protocol", "MD5", "SHA").Doc("What traps are signed with, by `password`.")
	privateProtocol := entity.Enum("private_protocol", "DES", "AES").Doc("What traps are encrypted with, by `private_key`.")
	privateKey := entity.Secret("private_key", "").LongestOf(mostSNMPPassword).Doc("The password that traps are encrypted by.")
	engine := entity.Text("engine").Optional().LongestOf(255).Doc("The engine id of the receiver, of SNMP version 3.")
	facility := entity.Enum("facility", "LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6", "LOCAL7").
		Doc("The syslog facility; `LOCAL7` where it is not set.")
	transport := entity.Enum("transport", "UDP", "TCP").Doc("How syslog lines are carried; by `UDP` where it is not set.")
	if asked {
		return entity.Facts{
			host.Optional(), port.Optional(), tls.Optional(), from.Optional(), username, password, version.Optional(), community,
			authType.Optional(), authProtocol.Optional(), privateProtocol.Optional(), privateKey, engine, facility.Optional(), transport.Optional(),
		}
	}
	return entity.Facts{
		host.Required().Mutable().Ignoring(strings.ToLower).AsWritten().Queryable(),
		port.Defaulted().Mutable().OncePer("protocol", "host").Queryable(),

		tls.Defaulted().Mutable().Of("protocol", smtp),
		from.Defaulted().Mutable().Of("protocol", smtp),
		entity.Text("subject_prefix").Defaulted().Mutable().Of("protocol", smtp).Checked("a prefix", checkPrefix).
			Doc("What the subject of each mail begins with: up to 255 characters."),
		username.Mutable().Of("protocol", smtp).OrOf("version", version3),
		password.Of("protocol", smtp).OrOf("auth_type", signed, encrypted),

		version.Required().Of("protocol", snmp),
		community.Of("version", version1, version2c),
		authType.Required().Mutable().Of("version", version3),
		authProtocol.Required().Mutable().Of("auth_type", signed, encrypted),
		privateProtocol.Required().Mutable().Of("auth_type", encrypted),
		privateKey.Of("auth_type", encrypted),
		engine.Mutable().Of("version", version3),

		facility.Defaulted().Mutable().Of("protocol", syslog),
		transport.Defaulted().Mutable().Of("protocol", syslog),
	}
}

// checkHost refuses what the array takes for no host.
func checkHost(host string) error {
	if n := len(host); n < 3 || n > 255 {
		return fmt.Errorf("the host must have 3 to 255 characters; this one has %d", n)
	}
	if strings.ContainsAny(host, " /") {
		return errors.New("a host is a name or an address, without a scheme and a port: port has the port")
	}
	return nil
}

func checkAddress(address string) error {
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		return fmt.Errorf("%q is not a mail address, such as \"storage@example.com\"", address)
	}
	return nil
}

func checkPrefix(prefix string) error {
	if n := len(prefix); n > 255 {
		return fmt.Errorf("the prefix must have up to 255 characters; this one has %d", n)
	}
	return nil
}

// findTarget reads the target of an id, or looks for one by its name; the mail server, of
// which there is one beside the vendor's, it finds without either.
func findTarget(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("id") {
		return s.Client.Read(ctx, targets, v.ID("id"), nil)
	}
	filters, what := api.Where("name", v.Text("name")), fmt.Sprintf("notification target %q", v.Text("name"))
	is := func(o api.Object) bool { return strings.EqualFold(common.NameOf(o), v.Text("name")) }
	if v.Text("protocol") == smtp {
		filters, what = api.Where("protocol", smtp), "mail server"
		is = func(o api.Object) bool { return o["protocol"] == smtp && o["visibility"] != "INFINIDAT" }
	}
	missing := &api.Error{Reason: api.NotFound, Operation: "GET " + targets, Status: http.StatusNotFound, Message: "There is no " + what}
	return api.First(s.Client.List(ctx, targets, api.Query{Filters: filters}), is, missing)
}

// checkTarget refuses a target of SNMP version 3 without a user, or without the passwords
// that its protection takes.
func checkTarget(_ context.Context, p *entity.Plan) {
	if p.After == nil || p.After.Text("version") != version3 {
		return
	}
	if p.Config.Null("username") {
		p.Refuse("username", "username is missing", "SNMP version 3 sends traps as a user: set username.")
	}
	if n := len(p.Config.Text("password_wo")); n > mostSNMPPassword {
		p.Refuse("password_wo_version", "The password is too long", fmt.Sprintf("password_wo has %d characters, and a password of SNMP version 3 has at most %d.", n, mostSNMPPassword))
	}
	needsKey(p, "password_wo", []string{signed, encrypted}, "signed")
	needsKey(p, "private_key_wo", []string{encrypted}, "encrypted")
}

// needsKey refuses a target that begins to sign or to encrypt without a password to do it
// by.
func needsKey(p *entity.Plan, key string, types []string, done string) {
	version := key + "_version"
	had := p.Before != nil && !p.Replaced && slices.Contains(types, p.Before.Text("auth_type"))
	if had || !slices.Contains(types, p.After.Text("auth_type")) || !p.Config.Null(version) {
		return
	}
	p.Refuse("auth_type", key+" is missing", fmt.Sprintf("With auth_type %s, traps are %s: set %s and %s.", p.After.Text("auth_type"), done, key, version))
}

// rulesOf are the rules that send to a target. The array cannot be asked for them.
func rulesOf(ctx context.Context, s *entity.Session, target entity.Values) []api.Object {
	return slices.DeleteFunc(common.Collect(ctx, s, rules, api.Query{}), func(o api.Object) bool { return fmt.Sprint(o["target_id"]) != target.ID("id") })
}

// losesRules names the rules that keep a target from being deleted.
func losesRules(ctx context.Context, s *entity.Session, target entity.Values) []string {
	using := rulesOf(ctx, s, target)
	if len(using) == 0 {
		return nil
	}
	return []string{"Rules send to it: " + common.Few(common.QuotedNames(using)) + ". The array deletes no target that is in use: these must go first, or send elsewhere."}
}

// explainTarget names what is in the way.
func explainTarget(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "NOTIFICATION_TARGET_ACTIVE":
		if using := rulesOf(ctx, s, v); len(using) > 0 {
			return "These rules send to it: " + common.Few(common.QuotedNames(using)) + ". Delete them first, or have them send elsewhere (target_id)."
		}
	case "NOTIFICATION_TARGET_CONFLICT":
		same := slices.DeleteFunc(common.Collect(ctx, s, targets, api.Query{}), func(o api.Object) bool {
			host, _ := o["host"].(string)
			return o["protocol"] != v.Text("protocol") || !strings.EqualFold(host, v.Text("host")) || fmt.Sprint(o["id"]) == v.ID("id")
		})
		if len(same) > 0 {
			return "Targets at this host: " + common.Few(common.QuotedNames(same)) + ". To have one in the state, import it; rules can share it."
		}
	}
	return ""
}
