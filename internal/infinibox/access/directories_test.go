package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// What is made of one sort in a table is more than an array takes.
var roomy = simulator.Limits{LDAPRepositories: 100, IdentityProviders: 100, LDAPGroups: 200, SSOGroups: 200}

const bindPassword = "Bind-secret-1"

// corp is a directory that the array reaches.
var corp = simulator.LDAPDirectory{
	Domain: "corp.example.com", Servers: []string{"10.1.0.1", "10.1.0.2"}, BindUsername: "infinibox", BindPassword: bindPassword,
	Groups: []string{"cn=admins,ou=groups,dc=corp,dc=example,dc=com"},
}

func repositories(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
	name := acctest.Name(b)
	servers := func(numbers ...int) acctest.Own {
		return func(_ string, n int) any {
			all := []any{}
			for _, number := range numbers {
				all = append(all, fmt.Sprintf("10.0.%d.%d", n, number))
			}
			return all
		}
	}
	domain := acctest.Own(func(label string, _ int) any { return b.Name(label) + ".example.com" })
	least := acctest.Attrs{"name": name, "repository_type": "LDAP", "servers": servers(1)}
	schema := func(attribute, one, other string) acctest.Change {
		return acctest.Change{Through: []any{one, other}, Drift: func(o acctest.Object) acctest.Request {
			return put("config/ldap", "schema_definition", map[string]any{attribute: "drifted"})(o)
		}}
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_users_repository", Plural: "users_repositories", Path: "config/ldap",
		Deleting: "The users of the directory can no longer log in to the array",
		Least:    least,
		Most: least.With(acctest.Attrs{
			"servers": servers(2), "ldap_port": 1636, "use_ldaps": true, "bind_username": "reader", "bind_password_wo": bindPassword, "bind_password_wo_version": 1,
			"username_attribute": "uid", "user_class": "inetOrgPerson", "users_basedn": "ou=people,dc=example,dc=com",
			"group_name_attribute": "cn", "group_class": "groupOfNames", "group_memberof_attribute": "memberOf", "groups_basedn": "ou=groups,dc=example,dc=com",
		}),
		Unverified: map[string]string{"bind_password_wo_version": "a version is the configuration's; the array knows none"},
		Changes: map[string]acctest.Change{
			"name": {Through: []any{name, b.Name("renamed")}, Drift: put("config/ldap", "name", b.Name("drifted"))},
			"repository_type": {
				Through:  []any{acctest.Attrs{"repository_type": "LDAP"}, acctest.Attrs{"repository_type": "ActiveDirectory", "domain_name": domain}},
				Replaces: true,
			},
			"domain_name": {
				Through: []any{"before.example.com", "after.example.com"}, Replaces: true, Beside: acctest.Attrs{"repository_type": "ActiveDirectory", "servers": nil},
			},
			"servers":                  {Through: []any{servers(1, 2), servers(2, 1), servers(3)}, Drift: put("config/ldap", "servers", []any{"10.9.9.9"})},
			"ldap_port":                {Through: []any{636, 1636}, Drift: put("config/ldap", "ldap_port", 389)},
			"use_ldaps":                {Through: []any{true, false, true}, Drift: put("config/ldap", "use_ldaps", false)},
			"bind_username":            {Through: []any{"reader", "other", nil, "reader"}, Drift: put("config/ldap", "bind_username", "drifted")},
			"bind_password_wo_version": {Through: []any{1, 2}, Beside: acctest.Attrs{"bind_username": "reader", "bind_password_wo": bindPassword}},
			"username_attribute":       schema("username_attribute", "uid", "cn"),
			"user_class":               schema("user_class", "person", "inetOrgPerson"),
			"users_basedn":             schema("users_basedn", "ou=people", ""),
			"group_name_attribute":     schema("group_name_attribute", "cn", "ou"),
			"group_class":              schema("group_class", "groupOfNames", "posixGroup"),
			"group_memberof_attribute": schema("group_memberof_attribute", "memberOf", "isMemberOf"),
			"groups_basedn":            schema("groups_basedn", "ou=groups", "ou=roles"),
		},
		Bad: append(acctest.BadNames(),
			bad("repository_type", "NIS", "use one of ActiveDirectory, LDAP"),
			bad("servers", []any{}, "needs a server"),
			bad("servers", []any{"ldaps://ldap.example.com"}, "without a scheme"),
			bad("servers", []any{"1.0.0.1", "1.0.0.2", "1.0.0.3", "1.0.0.4"}, "Too many servers"),
			bad("servers", []any{"ldap.example.com", "LDAP.example.com"}, "A server is named twice"),
			acctest.Bad{Attribute: "domain_name", Says: "is only for", Set: acctest.Attrs{"domain_name": "example.com"}},
			acctest.Bad{Attribute: "domain_name", Says: "domain_name is missing", Set: acctest.Attrs{"repository_type": "ActiveDirectory"}},
			acctest.Bad{Attribute: "domain_name", Says: "characters that are not allowed", Set: acctest.Attrs{"repository_type": "ActiveDirectory", "domain_name": "a_b!"}},
			bad("ldap_port", 0, "between 1 and 65535"),
			bad("bind_password_wo_version", 1, "must be configured together"),
		),
	}
}

func groups(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
	one, two := newRepository(b, "one", "10.2.0.1"), newRepository(b, "two", "10.2.0.2")
	okta, other := newProvider(b, "okta"), newProvider(b, "other")
	name := acctest.Name(b)
	dn := func(ou string) acctest.Own {
		return func(label string, _ int) any { return "cn=" + b.Name(label) + ",ou=" + ou + ",dc=example,dc=com" }
	}
	least := acctest.Attrs{"type": "Ldap", "name": name, "users_repository_id": one, "dn": dn("groups"), "role": "READ_ONLY"}
	sso := func(provider any) acctest.Attrs {
		return acctest.Attrs{"type": "Sso", "users_repository_id": nil, "dn": nil, "sso_identity_provider_id": provider}
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_user_group", Plural: "user_groups", Path: "users",
		Deleting: "Its members can no longer log in by it",
		Least:    least,
		Most:     least.With(acctest.Attrs{"role": "POOL_ADMIN"}),
		Changes: map[string]acctest.Change{
			"type":                     {Through: []any{acctest.Attrs{"type": "Ldap"}, sso(okta)}, Replaces: true},
			"name":                     {Through: []any{name, b.Name("renamed")}, Drift: put("users", "name", b.Name("drifted"))},
			"role":                     {Through: []any{"READ_ONLY", "ADMIN", "POOL_ADMIN"}, Drift: put("users", "role", "READ_ONLY")},
			"users_repository_id":      {Through: []any{one, two}, Replaces: true},
			"dn":                       {Through: []any{dn("one"), dn("two")}, Drift: put("users", "dn", "cn=drifted")},
			"sso_identity_provider_id": {Through: []any{sso(okta), sso(other)}, Replaces: true},
		},
		Bad: []acctest.Bad{
			bad("type", "LDAP", `must be written "Ldap"`),
			bad("name", "", "1 to 65 characters"),
			bad("name", "a*b", "characters that are not allowed"),
			bad("role", "OWNER", "use one of"),
			bad("role", "INFINIDAT", "cannot have this role"),
			bad("dn", " ", "distinguished name is empty"),
			bad("dn", nil, "dn is missing"),
			bad("users_repository_id", 4711, "There is no users repository with the id 4711"),
			{Attribute: "role", Says: "cannot have this role", Set: sso(okta).With(acctest.Attrs{"role": "TECHNICIAN"})},
			{Attribute: "sso_identity_provider_id", Says: "is only for", Set: acctest.Attrs{"sso_identity_provider_id": okta}},
			{Attribute: "sso_identity_provider_id", Says: "There is no SSO identity provider with the id 4711", Set: sso(4711)},
		},
	}
}

// newRepository makes a repository.
func newRepository(b *acctest.InfiniBox, label, server string) any {
	return b.Create("config/ldap", map[string]any{"name": b.Name(label), "repository_type": "LDAP", "servers": []any{server}})
}

// newProvider makes an identity provider that signs nothing.
func newProvider(b *acctest.InfiniBox, label string) any {
	return b.Create("config/sso/idps", map[string]any{
		"name": b.Name(label), "issuer": "http://" + label, "sign_on_url": "https://" + label + ".example.com", "signed_response": false, "signed_assertion": false,
	})
}

// Groups of one name at two identity providers are two groups, and a group's distinguished
// name means what it means in its directory.
func TestAccGroupsOfOneName(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	directory := newRepository(b, "one", "10.2.0.1")
	okta, other := newProvider(b, "okta"), newProvider(b, "other")
	group := func(label string, more acctest.Attrs) string {
		return resource("user_group", label, acctest.Attrs{"name": "admins", "role": "ADMIN"}.With(more))
	}
	config := group("a", acctest.Attrs{"type": "Sso", "sso_identity_provider_id": okta}) +
		group("b", acctest.Attrs{"type": "Sso", "sso_identity_provider_id": other}) +
		group("c", acctest.Attrs{"type": "Ldap", "users_repository_id": directory, "dn": "CN=Admins, DC=example, DC=com"}) +
		userOf("admins", nil)
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	cli.Plan(b.Provider(nil), strings.ReplaceAll(config, "CN=Admins, DC=example, DC=com", "cn=admins,dc=example,dc=com")).Succeeds(t).Plans(t, map[string]string{})
	acctest.NewCLI(t).Apply(b.Provider(nil), group("d", acctest.Attrs{"type": "Sso", "sso_identity_provider_id": other})).
		Refuses(t, `In the way is the user group "admins"`, "terraform import storage_infinibox_user_group.NAME")
	acctest.NewCLI(t).Apply(b.Provider(nil), group("e", acctest.Attrs{"type": "Ldap", "name": "more", "users_repository_id": directory, "dn": "cn=admins, DC=example, DC=com"})).
		Refuses(t, "DUPLICATE_DISTINGUISHED_NAME", "That group has the id")
	acctest.NewCLI(t).Plan(b.Provider(nil), group("f", acctest.Attrs{"type": "Sso", "sso_identity_provider_id": okta})+group("g", acctest.Attrs{"type": "Sso", "sso_identity_provider_id": okta})).
		Refuses(t, `Two resources have name "admins"`)
}

// A repository with groups is not deleted unasked, and the plan names them.
func TestAccRepositoryWithGroups(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	config := resource("users_repository", "r", acctest.Attrs{"name": "corp", "repository_type": "LDAP", "servers": []any{"10.0.0.1"}})
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	id := b.IDs("config/ldap")[0]
	b.Create("users", map[string]any{"type": "Ldap", "name": "admins", "dn": "cn=admins", "ldap_id": id, "role": "ADMIN"})
	cli.Plan(b.Provider(nil)).Refuses(t, `Deleting users repository "corp"`, `Its groups: "admins"`, "approved = true")
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Succeeds(t)
	if groups := b.IDs("users/ldap_groups"); len(groups) > 0 {
		t.Errorf("left over: %v", groups)
	}
}

// A member of a directory who works with the provider is warned of what may lock him out.
func TestAccGroupOfProvider(t *testing.T) {
	t.Parallel()
	directory := corp
	directory.Users = []simulator.LDAPUser{{Name: "jo", DN: "cn=jo,dc=corp", Password: password, Groups: []string{"cn=admins,ou=groups,dc=corp,dc=example,dc=com"}}}
	b := acctest.SimulateInfiniBox(t, simulator.Options{LDAPDirectories: []simulator.LDAPDirectory{directory}})
	id := b.Create("config/ldap", map[string]any{"name": "corp", "domain_name": corp.Domain, "bind_username": "infinibox", "bind_password": bindPassword})
	group := func(role string) string {
		return resource("user_group", "g", acctest.Attrs{
			"type": "Ldap", "name": "admins", "users_repository_id": id, "dn": directory.Groups[0], "role": role, "approved": true,
		})
	}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), group("ADMIN")).Succeeds(t)
	jo := b.Provider(acctest.Attrs{"username": "jo", "password": password})
	for _, out := range []*acctest.Outcome{cli.Plan(jo, group("READ_ONLY")), cli.Plan(jo)} {
		out.Succeeds(t).Warns(t, "The provider may lock itself out")
	}
	if out := cli.Plan(b.Provider(nil), group("READ_ONLY")).Succeeds(t); strings.Contains(out.Output, "lock itself out") {
		t.Errorf("a local user is warned: %s", out.Output)
	}
}

// The port follows the protocol as long as nobody has chosen one.
func TestAccRepositoryPort(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	config := func(more acctest.Attrs) string {
		return resource("users_repository", "r", acctest.Attrs{"name": "corp", "repository_type": "LDAP", "servers": []any{"10.0.0.1"}}.With(more))
	}
	cli := acctest.NewCLI(t)
	for _, c := range []struct {
		more acctest.Attrs
		want string
	}{
		{nil, "636"},
		{acctest.Attrs{"use_ldaps": false}, "389"},
		{acctest.Attrs{"use_ldaps": true}, "636"},
		{acctest.Attrs{"use_ldaps": true, "ldap_port": 3269}, "3269"},
		{acctest.Attrs{"use_ldaps": false}, "3269"},
	} {
		out := cli.Apply(b.Provider(nil), config(c.more)).Succeeds(t)
		if c.more["use_ldaps"] == false {
			out.Warns(t, "Passwords travel unencrypted")
		}
		if port := fmt.Sprint(b.Must("GET", fmt.Sprintf("config/ldap/%v", b.IDs("config/ldap")[0]), nil)["ldap_port"]); port != c.want {
			t.Errorf("%v: port %s, want %s", c.more, port, c.want)
		}
	}
}

// The order of two repositories and the array's own users is set, drifts and is healed,
// imported, given back, and left where a part of it is gone.
func TestAccRepositoryOrder(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
	one, two := newRepository(b, "one", "10.2.0.1"), newRepository(b, "two", "10.2.0.2")
	order := func(ids ...any) string {
		return resource("users_repository_order", "o", acctest.Attrs{"repository_ids": ids})
	}
	const address = "storage_infinibox_users_repository_order.o"
	changed := map[string]string{address: "update"}
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	cli.Apply(provider, order(-1, two, one)).Succeeds(t)
	cli.Plan(provider, order(-1, two, one)).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(provider, order(two, -1, one)).Succeeds(t).Plans(t, changed)
	cli.Apply(provider, order(two, one)).Succeeds(t)
	cli.Plan(provider, order(two, one)).Succeeds(t).Plans(t, map[string]string{})
	b.Must("POST", "config/ldap/set_order", []any{one, two, -1})
	cli.Apply(provider, order(two, one)).Succeeds(t).Plans(t, changed)
	// A third is no matter of this order.
	three := newRepository(b, "three", "10.2.0.3")
	cli.Plan(provider, order(two, one)).Succeeds(t).Plans(t, map[string]string{})

	imported := acctest.NewCLI(t)
	imported.Write(provider, order(two, one, three, -1))
	if err := imported.Import(address, "users_repository_order"); err != nil {
		t.Fatal(err)
	}
	imported.Apply(provider, order(two, one, three, -1)).Succeeds(t)
	imported.Plan(provider, order(two, one, three, -1)).Succeeds(t).Plans(t, map[string]string{})

	cli.Plan(provider, order(two, two)).Refuses(t, "A repository is named twice")
	cli.Plan(provider, order(two, 0)).Refuses(t, "That is no repository")
	cli.Plan(provider, order()).Refuses(t, "repository_ids")
	acctest.NewCLI(t).Apply(provider, order(one, 4711)).Refuses(t, "There is no repository with the id 4711")

	cli.Apply(provider).Succeeds(t)
	if places := fmt.Sprint(b.Must("GET", fmt.Sprintf("config/ldap/%v", one), nil)["search_order"], b.Must("GET", fmt.Sprintf("config/ldap/%v", two), nil)["search_order"]); places != "0 1" && places != "0 2" && places != "1 2" {
		t.Errorf("the places are %s", places)
	}
	b.Must("DELETE", fmt.Sprintf("config/ldap/%v", three), nil)
	imported.Apply(provider, order(two, one)).Succeeds(t)
	b.Must("DELETE", fmt.Sprintf("config/ldap/%v", two), nil)
	imported.Apply(provider).Succeeds(t)
}

// A distinguished name is had once in its directory, however it is spelled: two groups that
// say one are refused, and so are two that exchange theirs, of which none can be the first.
func TestAccDistinguishedNameIsHadOnce(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	directory := newRepository(b, "one", "10.2.0.1")
	groups := func(a, z string) string {
		of := func(label, dn string) string {
			return resource("user_group", label, acctest.Attrs{"name": label, "role": "ADMIN", "type": "Ldap", "users_repository_id": directory, "dn": dn})
		}
		return b.Provider(nil) + of("a", a) + of("z", z)
	}
	cli := acctest.NewCLI(t)
	cli.Plan(groups("cn=a, dc=example", "CN=A,dc=example")).Refuses(t, "Two resources have dn")
	cli.Apply(groups("cn=a,dc=example", "cn=z,dc=example")).Succeeds(t)
	cli.Plan(groups("cn=Z,dc=example", "cn=a,dc=example")).Refuses(t, "An exchange of dn cannot be made in one apply", "third dn")
	cli.Apply(groups("cn=third,dc=example", "cn=a,dc=example")).Succeeds(t)
	cli.Apply(groups("cn=z,dc=example", "cn=a,dc=example")).Succeeds(t)

	theirs := b.Create("users", map[string]any{"name": "theirs", "type": "Ldap", "role": "ADMIN", "ldap_id": directory, "dn": "cn=theirs,dc=example"})
	cli.Apply(groups("CN=theirs,dc=example", "cn=a,dc=example")).Refuses(t, "DUPLICATE_DISTINGUISHED_NAME", fmt.Sprintf("That group has the id %v.", theirs))
}
