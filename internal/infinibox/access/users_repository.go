package access

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	repositories = "config/ldap"

	activeDirectory = "ActiveDirectory"
	plainLDAP       = "LDAP"

	maxServers = 3

	ldapPort  = 389
	ldapsPort = 636
)

// UsersRepository is a directory whose users may log in to the array, by their groups.
var UsersRepository = entity.Kind{
	System: common.System,
	Name:   "users_repository",
	Plural: "users_repositories",
	Path:   repositories,
	Doc: "A directory of users, LDAP or Active Directory, whose members may log in to the array by the groups that `storage_infinibox_user_group` gives a role. " +
		"The action `storage_infinibox_users_repository_test` tells whether the array can reach it and log in there, also before it is made.",
	Planning: entity.Planning{Complete: followLDAPS, Check: checkRepository},
	Deletion: entity.Deletion{
		Danger: "The users of the directory can no longer log in to the array, and its groups are deleted with it.",
		Loses:  groupsOfRepository,
	},
	Explain: explainRepository,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name().Doc("The name: 1 to 65 ASCII letters, digits, spaces, `-`, `_` and `.`."),
		entity.Enum("repository_type", activeDirectory, plainLDAP).Required().Filterable().Doc("What sort of directory it is."),
	}, connection(false), entity.Facts{
		entity.Integer("search_order").Queryable().Doc("The repository's place in the order in which the array looks for a user: `storage_infinibox_users_repository_order` sets it."),
	}),
}

// connection is how a directory is reached and read, of a repository and of a test of one
// that is not there yet.
func connection(asked bool) entity.Facts {
	domain := entity.Text("domain_name").LongestOf(255).Matching(regexp.MustCompile(`^[A-Za-z0-9.-]*$`), `ASCII letters, digits, "-" and "."`).
		Doc("The Active Directory domain, such as `\"example.com\"`. The array finds its domain controllers by it.")
	servers := entity.TextList("servers").Checked("a server", checkServer).
		Doc("Names or addresses of the directory's servers, at most 3. The array asks the first that answers. LDAP needs one; of an Active Directory they are used in place of the domain controllers that the domain's name leads to.")
	port := entity.Integer("ldap_port").Between(1, 65535).
		Doc("The TCP port. Where it is not set, it is 636 with LDAPS, and 389 without.")
	ldaps := entity.Bool("use_ldaps").
		Doc("Whether to use LDAPS, as the array does where it is not set. Without it, passwords are sent to the directory unencrypted.")
	bind := entity.Text("bind_username").Optional().Doc("The user whom the array reads the directory as. Where it is not set, it reads anonymously.")
	password := entity.Secret("bind_password", "").Doc("The password of `bind_username`.")
	if asked {
		return append(entity.Facts{domain.Optional(), servers.Optional(), port.Optional(), ldaps.Optional(), bind, password}, schema(asked)...)
	}
	return append(entity.Facts{
		domain.Required().Of("repository_type", activeDirectory).Ignoring(strings.ToLower).AsWritten().OncePer().Queryable(),
		servers.Defaulted().Mutable().OncePer(),
		port.Defaulted().Mutable().Queryable(),
		ldaps.Defaulted().Mutable().Queryable(),
		bind.Mutable().Queryable(), password,
	}, schema(asked)...)
}

// schema is how the directory calls what the array looks for. The array takes the schema
// as a whole.
func schema(asked bool) entity.Facts {
	all := entity.Facts{
		entity.Text("username_attribute").Doc("The attribute that holds the name that users log in with; `sAMAccountName` where it is not set."),
		entity.Text("user_class").Doc("The object class of users; `user` where it is not set."),
		entity.Text("users_basedn").Doc("The entry below which users are looked for, such as `\"ou=people,dc=example,dc=com\"`."),
		entity.Text("group_name_attribute").Doc("The attribute that holds the name of a group; `cn` where it is not set."),
		entity.Text("group_class").Doc("The object class of groups; `group` where it is not set."),
		entity.Text("group_memberof_attribute").Doc("The attribute of a user that names the groups; `memberof` where it is not set."),
		entity.Text("groups_basedn").Doc("The entry below which groups are looked for, such as `\"ou=groups,dc=example,dc=com\"`."),
	}
	for i, f := range all {
		f = f.Field("schema_definition." + schemaNames[i])
		if asked {
			all[i] = f.Optional()
		} else {
			all[i] = f.Defaulted().Mutable().Repeats(schemaNames...)
		}
	}
	return all
}

// schemaNames are the attributes of the schema, in order.
var schemaNames = []string{
	"username_attribute", "user_class", "users_basedn", "group_name_attribute", "group_class", "group_memberof_attribute", "groups_basedn",
}

func checkServer(s string) error {
	if strings.TrimSpace(s) != s || s == "" || strings.ContainsAny(s, " /:") && strings.Count(s, ":") < 2 {
		return errors.New("a server is a name or an address, without a scheme and a port: ldap_port has the port")
	}
	return nil
}

// followLDAPS lets a port that the user leaves open be that of the protocol, as long as
// nobody chose another.
func followLDAPS(before, config, after entity.Values) {
	if !config.Null("ldap_port") || after.Unknown("use_ldaps") || after.Null("use_ldaps") {
		return
	}
	if before == nil || before.Int("ldap_port") == usualPort(before) {
		after.Set("ldap_port", usualPort(after))
	}
}

func usualPort(v entity.Values) int64 {
	if v.Bool("use_ldaps") {
		return ldapsPort
	}
	return ldapPort
}

func checkRepository(ctx context.Context, p *entity.Plan) {
	if p.Deletes() {
		warnOfRoles(ctx, p, "a group of this directory")
	}
	if p.After == nil {
		return
	}
	servers := p.After.Texts("servers")
	switch {
	case !p.Changes("servers") || p.After.Unknown("servers") && !p.Config.Null("servers"):
	case p.After.Text("repository_type") == plainLDAP && p.After.Count("servers") == 0:
		p.Refuse("servers", "An LDAP directory needs a server", "Name one to 3 servers. Only those of an Active Directory are found by its domain's name.")
	case p.After.Count("servers") > maxServers:
		p.Refuse("servers", "Too many servers", fmt.Sprintf("There are %d, and the array takes %d.", p.After.Count("servers"), maxServers))
	case hasTwice(servers):
		p.Refuse("servers", "A server is named twice", "Name each server once: "+strings.Join(servers, ", ")+".")
	}
	if p.Changes("use_ldaps") && p.After.Known("use_ldaps") && !p.After.Bool("use_ldaps") {
		p.Warn("Passwords travel unencrypted", "Without LDAPS, the array sends the passwords of the users, and its own, to the directory unencrypted. Set use_ldaps to true where the directory has a certificate.")
	}
}

func hasTwice(servers []string) bool {
	for i, server := range servers {
		if slices.ContainsFunc(servers[:i], func(s string) bool { return strings.EqualFold(s, server) }) {
			return true
		}
	}
	return false
}

// groupsOfRepository names the groups that go with a directory.
func groupsOfRepository(ctx context.Context, s *entity.Session, repository entity.Values) []string {
	return groupsOf(ctx, s, "users/ldap_groups", "ldap_id", repository)
}

// groupsOf names the groups of a directory or of an identity provider.
func groupsOf(ctx context.Context, s *entity.Session, path, field string, of entity.Values) []string {
	groups := slices.DeleteFunc(common.Collect(ctx, s, path, api.Query{}), func(o api.Object) bool { return fmt.Sprint(o[field]) != of.ID("id") })
	if len(groups) == 0 {
		return nil
	}
	return []string{"Its groups: " + common.Few(common.QuotedNames(groups)) + "."}
}

// explainRepository says what to do where the directory does not take the password, and
// which repositories there are where there is room for no other.
func explainRepository(ctx context.Context, s *entity.Session, _ entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "LDAP_BAD_CREDENTIALS":
		return "The directory was reached, and refused the array's user: check bind_username and bind_password_wo. A password is sent again when bind_password_wo_version changes."
	case "LDAP_CONNECTION_FAILED":
		return "Check servers, ldap_port, use_ldaps and domain_name, and whether the array's management network reaches the directory."
	case "LDAP_REPOSITORIES_LIMIT", "LDAP_SERVER_CONFLICT", "DOMAIN_NAME_CONFLICT":
		return "The array has the repositories " + common.Few(common.QuotedNames(common.Collect(ctx, s, repositories, api.Query{}))) + "."
	}
	return ""
}
