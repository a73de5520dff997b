package file

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// ActiveDirectoryDomain is the array's membership in an Active Directory domain: there is
// one or none. Joining takes an administrator of the domain, whom the resource names;
// leaving takes one as well, whom no state holds and the provider's settings name.
var ActiveDirectoryDomain = entity.Kind{
	System:   common.System,
	Name:     "active_directory_domain",
	Noun:     "Active Directory domain",
	Path:     domains,
	Doc:      "The array's membership in an Active Directory domain, whose users can then reach its shares: there is one or none. Destroying the resource leaves the domain, which takes the provider's `active_directory_username` and `active_directory_password`. The array needs a network space for NAS first.",
	Presence: entity.Sole,
	Identity: entity.Identity{NamedBy: "domain"},
	Reading:  entity.Reading{Find: joinedDomain},
	Planning: entity.Planning{Check: checkDomain},
	Creation: entity.Creation{Body: joiningBody, TakeBack: leaveAsJoined},
	Deletion: entity.Deletion{
		Danger: "The domain's users are denied access to the array, and those that are connected lose what they have not saved.",
		Loses:  losesDomainUsers,
		Each:   leaveDomain,
	},
	Explain: explainDomain,
	Facts: entity.Facts{
		entity.FixedID("active_directory_domain"),
		entity.Text("domain").Required().Ignoring(strings.ToLower).AsWritten().Checked("the name of a domain", checkDomainName).
			Doc("The domain's name in DNS, such as `\"ad.example.com\"`."),
		entity.Text("org_unit").Defaulted().Ignoring(strings.ToLower).AsWritten().
			Doc("Where in the domain the array's account is made, such as `\"OU=Storage,DC=ad,DC=example,DC=com\"`. Where it is not set, the domain's place for computers."),
		entity.Text("username").Optional().Unread().Mutable().LongestOf(256).
			Doc("An administrator of the domain, who joins the array to it. It is needed to join, and not to import; a change of it does nothing."),
		entity.Secret("password", "").Unread().
			Doc("The password of `username`. It is needed to join, and not to import. It is sent once, whatever the answer: the domain may lock a user for whom a wrong one is tried again."),
		entity.TextList(controllers).Defaulted().ChangedBy(setControllers).Checked("an IPv4 address or a name", checkController).
			Doc("The domain controllers that the array asks before all others, the first first: IPv4 addresses or names in DNS; up to 10. An empty list is none."),
		entity.Bool(unixServices).Defaulted().AfterCreation().ChangedBy(setUnixServices).
			Danger("Clients that reach files over both SMB and NFS may lose access to them.", entity.Becomes(false)).
			Doc("Whether the array asks the domain for the UNIX ids of its users and groups."),
		whileUnixServices(attributeName("uid_attribute_name")).
			Doc("The attribute in the domain that holds the id of a user, such as `uidNumber`. It is set only while `unix_services_enabled` is true."),
		whileUnixServices(attributeName("gid_attribute_name")).
			Doc("The attribute in the domain that holds the id of a group, such as `gidNumber`. It is set only while `unix_services_enabled` is true."),
		whileUnixServices(entity.Integer(translatedGroups)).ChangedBy(setTranslatedGroups).Between(1, 2048).
			Doc("For how many of a user's groups the array asks for the UNIX id: 1 to 2048. It is set only while `unix_services_enabled` is true."),

		common.Tenant(),
	},
}

const (
	domains          = "activedirectory/domains"
	controllers      = "preferred_ips"
	unixServices     = "unix_services_enabled"
	translatedGroups = "max_translated_groups"

	mostControllers = 10
	longestDomain   = 255
)

// ofUnixServices are what is set only while UNIX services are enabled.
var ofUnixServices = []string{"uid_attribute_name", "gid_attribute_name", translatedGroups}

// attributeName is the name of an attribute in the domain, which is empty while UNIX
// services are not enabled.
func attributeName(name string) entity.Fact {
	return entity.Text(name).ChangedBy(setUnixServices).Checked("printable ASCII", checkAttributeName).From(func(o api.Object) any {
		if o[name] == "" {
			return nil
		}
		return o[name]
	})
}

// whileUnixServices is a fact that is there only while UNIX services are enabled.
func whileUnixServices(f entity.Fact) entity.Fact {
	return f.Defaulted().AfterCreation().After(unixServices).ChosenAnewWith(unixServices)
}

// joinedDomain reads the domain that the array has joined.
func joinedDomain(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
	answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: domains})
	if err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, &api.Error{Reason: api.NotFound, Operation: "GET " + domains, Message: "The array has joined no Active Directory domain"}
	}
	domain, ok := answer.(api.Object)
	if !ok {
		return nil, &api.Error{Operation: "GET " + domains, Message: "the answer is not a domain"}
	}
	return domain, nil
}

// joiningBody has the controllers also where there are none, as the vendor's clients do.
func joiningBody(_ entity.Values, body api.Object) any {
	if _, named := body[controllers]; !named {
		body[controllers] = []string{}
	}
	return body
}

// operationOf is an operation on the domain that was joined.
func operationOf(name string, body any) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("activedirectory", "domains", name), Body: body}
}

func setControllers(_ string, after entity.Values) api.Request {
	return operationOf("set_preferred_ips", after.Texts(controllers))
}

// setUnixServices says all that is known of them, so that none is chosen anew.
func setUnixServices(_ string, after entity.Values) api.Request {
	body := api.Object{unixServices: after.Bool(unixServices)}
	if after.Bool(unixServices) {
		for _, name := range ofUnixServices {
			switch {
			case !after.Known(name):
			case name == translatedGroups:
				body[name] = after.Int(name)
			default:
				body[name] = after.Text(name)
			}
		}
	}
	return operationOf("set_unix_services", body)
}

func setTranslatedGroups(_ string, after entity.Values) api.Request {
	return operationOf("set_max_translated_groups", after.Int(translatedGroups))
}

// leaveDomain leaves it as the user whom the provider's settings name.
func leaveDomain(_ context.Context, s *entity.Session, _ entity.Values) ([]api.Request, error) {
	as, err := s.Settings(infinibox.ActiveDirectoryUsername, infinibox.ActiveDirectoryPassword)
	if err != nil {
		return nil, err
	}
	return []api.Request{operationOf("leave", api.Object{"username": as[0], "password": as[1]})}, nil
}

// leaveAsJoined takes a domain back as the user who has just joined it.
func leaveAsJoined(_, config entity.Values) api.Request {
	return operationOf("leave", api.Object{"username": config.Text("username"), "password": config.Text("password_wo")})
}

// losesDomainUsers names the domain's users that are connected.
func losesDomainUsers(ctx context.Context, s *entity.Session, before entity.Values) []string {
	var users []string
	for _, session := range common.Collect(ctx, s, smbSessions, api.Query{}) {
		if domain, _ := session["domain"].(string); strings.EqualFold(domain, before.Text("domain")) {
			users = append(users, userOf(session))
		}
	}
	if len(users) == 0 {
		return nil
	}
	return []string{"Connected over SMB: " + common.Few(users) + "."}
}

// checkDomain refuses what can be known: nobody to join or to leave as, too many
// controllers, and settings of UNIX services that are not enabled.
func checkDomain(_ context.Context, p *entity.Plan) {
	if p.Deletes() {
		p.NeedsSettings("Leaving the Active Directory domain", infinibox.ActiveDirectoryUsername, infinibox.ActiveDirectoryPassword)
	}
	if p.After == nil {
		return
	}
	if p.Before == nil || p.Replaced {
		for _, name := range []string{"username", "password_wo"} {
			if p.Config.Null(name) {
				p.Refuse(name, "Nobody to join the domain as", "Joining an Active Directory domain takes the username and password_wo of one of its administrators, and "+name+" is not set.")
				return
			}
		}
	}
	if n := p.Config.Count(controllers); n > mostControllers {
		p.Refuse(controllers, "Too many domain controllers", fmt.Sprintf("There are %d preferred_ips, and the array takes %d.", n, mostControllers))
	}
	for _, name := range ofUnixServices {
		if p.Config.Known(name) && (p.Config.Null(unixServices) || p.Config.Known(unixServices)) && !p.After.Bool(unixServices) {
			p.Refuse(name, "UNIX services are not enabled", fmt.Sprintf("The array keeps no %s while %s is false. Set that to true, or leave %s out.", name, unixServices, name))
		}
	}
}

// explainDomain says which credentials were wrong.
func explainDomain(_ context.Context, _ *entity.Session, _ entity.Values, err error) string {
	said, ok := errors.AsType[*api.Error](err)
	switch {
	case !ok:
	case said.Code == "NAS_NETWORK_SPACE_NOT_DEFINED":
		return "The array reaches the domain by a network space for NAS: define one first."
	case said.Code != "ACTIVE_DIRECTORY_ADMIN_CREDENTIALS_INVALID":
	case strings.HasSuffix(said.Operation, "/leave"):
		return "Check active_directory_username and active_directory_password of the provider's infinibox settings, or the environment variables INFINIBOX_ACTIVE_DIRECTORY_USERNAME and INFINIBOX_ACTIVE_DIRECTORY_PASSWORD. The array is still in the domain."
	default:
		return "Check username and password_wo. The array has joined nothing, and the password was sent once: a domain may lock a user after several wrong ones."
	}
	return ""
}

var domainName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func checkDomainName(name string) error {
	switch {
	case len(name) > longestDomain:
		return fmt.Errorf("the name of a domain has at most %d characters; this one has %d", longestDomain, len(name))
	case !domainName.MatchString(name):
		return fmt.Errorf("%q is no name of a domain: write one such as \"ad.example.com\"", name)
	}
	return nil
}

// checkController takes an IPv4 address, or a name that does not look like an address.
func checkController(controller string) error {
	address, err := netip.ParseAddr(controller)
	switch {
	case err == nil && address.Is4():
		return nil
	case err == nil, strings.Trim(controller, "0123456789.") == "", checkDomainName(controller) != nil:
		return fmt.Errorf("%q is no domain controller: write an IPv4 address or a name such as \"dc1.ad.example.com\"", controller)
	}
	return nil
}

func checkAttributeName(name string) error {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Errorf("%q is no name of an attribute: write one of printable ASCII characters, such as \"uidNumber\"", name)
	}
	return nil
}
