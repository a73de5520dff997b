package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// directory is an array that reaches corp, and a repository there.
func directory(t *testing.T) (b *acctest.InfiniBox, repository any) {
	t.Helper()
	b = acctest.SimulateInfiniBox(t, simulator.Options{LDAPDirectories: []simulator.LDAPDirectory{corp}, Seed: []byte(secured)})
	return b, b.Create("config/ldap", map[string]any{"name": "corp", "domain_name": corp.Domain, "bind_username": "infinibox", "bind_password": bindPassword})
}

func passwordAsked(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.Create("users", map[string]any{"name": "pat", "email": "pat@example.com", "role": "READ_ONLY", "password": password})
	return b, acctest.Invocation{
		Config: acctest.Attrs{"user_name": "pat"}, Progress: `Asking for a link to reset the password of user "pat"`,
		Sent: "POST /api/rest/users/{name}/reset_password",
		Done: func(t *testing.T) {
			mails := b.Simulator.Mails()
			if len(mails) != 1 || mails[0].To != "pat@example.com" {
				t.Fatalf("the array has sent %v", mails)
			}
			token := mails[0].Text[strings.LastIndex(mails[0].Text, "/")+1:]
			server := acctest.NewServer(t, b)
			reset := acctest.Attrs{"user_name": "pat", "token_wo": token}
			if said := server.Invoke("storage_infinibox_user_reset_password", reset); said.Failed() || len(said.Progress) != 2 || !strings.Contains(said.Progress[1], "The password has been updated") {
				t.Errorf("%q, %s", said.Progress, said.Problems)
			}
			again := server.Invoke("storage_infinibox_user_reset_password", reset)
			again.Refuse(t, "PASSWORD_RESET_REQUEST_EXPIRED")
			if strings.Contains(again.String(), token) {
				t.Errorf("the token is told: %s", again.Problems)
			}
		},
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"user_name": ""}, Says: []string{"1 to 65 characters"}}},
	}
}

func repositoryTested(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b, repository := directory(t)
	before := acctest.Attrs{"domain_name": corp.Domain, "bind_username": "infinibox", "bind_password_wo": bindPassword}
	return b, acctest.Invocation{
		Config:   before.With(acctest.Attrs{"use_ldaps": true, "ldap_port": 636, "groups_basedn": "ou=groups,dc=corp,dc=example,dc=com"}),
		Progress: `Testing the directory of domain "corp.example.com"`, Sent: "POST /api/rest/config/ldap/test",
		Done: func(t *testing.T) {
			server := acctest.NewServer(t, b)
			for _, c := range []struct {
				config acctest.Attrs
				says   []string
			}{
				{acctest.Attrs{"users_repository_id": repository}, []string{fmt.Sprintf("Testing users repository %v", repository), "The array reaches the directory"}},
				{acctest.Attrs{"users_repository_id": repository, "group_name": "admins"}, []string{`Looking for the group "admins"`, corp.Groups[0]}},
				{acctest.Attrs{"repository_type": "LDAP", "servers": corp.Servers, "bind_username": "infinibox", "bind_password_wo": bindPassword}, []string{"at 10.1.0.1, 10.1.0.2", "The array reaches the directory"}},
			} {
				said := server.Invoke("storage_infinibox_users_repository_test", c.config)
				for i, want := range c.says {
					if said.Failed() || len(said.Progress) != len(c.says) || !strings.Contains(said.Progress[i], want) {
						t.Errorf("%v: %q, %s", c.config, said.Progress, said.Problems)
					}
				}
			}
		},
		Refused: []acctest.Refusal{
			{Config: before.With(acctest.Attrs{"bind_password_wo": "wrong"}), Says: []string{"LDAP_BAD_CREDENTIALS"}},
			{Config: before.With(acctest.Attrs{"domain_name": "other.example.com"}), Says: []string{"LDAP_CONNECTION_FAILED"}},
			{Config: acctest.Attrs{"users_repository_id": repository, "group_name": "nobody"}, Says: []string{"LDAP_GROUP_NOT_FOUND"}},
			{Config: acctest.Attrs{"users_repository_id": 4711}, Says: []string{"USERS_REPOSITORY_NOT_FOUND"}},
			{Config: acctest.Attrs{"users_repository_id": repository, "domain_name": "x"}, Says: []string{"either users_repository_id or domain_name"}},
			{Config: acctest.Attrs{"domain_name": "x", "group_name": "admins"}, Says: []string{"group_name takes users_repository_id"}},
			{Config: acctest.Attrs{}, Says: []string{"domain_name or servers"}},
		},
	}
}

func repositoriesReloaded(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b, _ := directory(t)
	return b, acctest.Invocation{
		Config: acctest.Attrs{}, Progress: "Reloading the users repositories", Sent: "POST /api/rest/config/ldap/reload",
		Done: func(*testing.T) {}, // nothing shows it
	}
}

func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	b, _ := directory(t)
	pat := b.Create("users", map[string]any{"name": "pat", "email": "pat@example.com", "role": "POOL_ADMIN", "password": password})
	pool := b.NewPool("mine")
	b.Must("PUT", fmt.Sprintf("pools/%v", pool), map[string]any{"owners": []any{pat}})
	okta := newProvider(b, "okta")
	b.Create("users", map[string]any{"type": "Sso", "name": "admin", "idp_id": okta, "role": "ADMIN"})
	return b, append(securityQuestions(), []acctest.Question{
		{Source: "user", Arguments: acctest.Attrs{"name": "admin"}, Finds: "[it.id, it.role, it.roles]", Want: `[-2,"ADMIN",["ADMIN"]]`},
		{Source: "user", Arguments: acctest.Attrs{"id": -2}, Finds: "it.name", Want: "admin"},
		{Source: "user_group", Arguments: acctest.Attrs{"name": "admin"}, Finds: "it.sso_identity_provider_name", Want: "okta"},
		{Source: "users", Finds: "contains(it.users[*].name, \"pat\") && alltrue([for u in it.users : u.email != null])", Want: "true"},
		{Source: "user_groups", Arguments: acctest.Attrs{"sort": []string{"-name"}}, Finds: "[for g in it.user_groups : [g.name, g.type, g.dn]]", Want: `[["admin","Sso",null]]`},
		{Source: "user_roles", Finds: "contains(it.roles, \"POOL_ADMIN\") && length(it.roles) > 3", Want: "true"},
		{Source: "user_pools", Arguments: acctest.Attrs{"user_id": pat}, Finds: "it.pools", Want: fmt.Sprintf(`[{"id":%v,"name":"mine"}]`, pool)},
		{Source: "user_pools", Arguments: acctest.Attrs{"user_id": -2}, Finds: "length(it.pools)", Want: "0"},
		{Source: "domain_controllers", Arguments: acctest.Attrs{"domain_name": corp.Domain}, Finds: "it.servers", Want: `["10.1.0.1","10.1.0.2"]`},
		{Source: "users_repository_order", Finds: "length(it.repository_ids)", Want: "2"},
		{Source: "sso_identity_provider_links", Finds: "it.links", Want: fmt.Sprintf(`[{"id":%v,"name":"okta","sign_on_url":"/api/rest/config/sso/idps/%v/authenticate"}]`, okta, okta)},
	}...)
}

func TestAccLookupRefusals(t *testing.T) {
	t.Parallel()
	server := acctest.NewServer(t, acctest.SimulateInfiniBox(t, simulator.Options{}))
	for source, c := range map[string]struct {
		arguments acctest.Attrs
		says      string
	}{
		"user_pools":         {acctest.Attrs{"user_id": 4711}, "USER_NOT_FOUND"},
		"domain_controllers": {acctest.Attrs{"domain_name": "other.example.com"}, "LDAP_DOMAIN_NOT_RESOLVED"},
	} {
		if _, problems := server.Look("storage_infinibox_"+source, c.arguments); !strings.Contains(problems.String(), c.says) {
			t.Errorf("%s: want %s, have %s", source, c.says, problems)
		}
	}
}

// orderOfTheFaults sets the order of three repositories, and another.
func orderOfTheFaults(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
	one, two := newRepository(b, "one", "10.2.0.1"), newRepository(b, "two", "10.2.0.2")
	first := acctest.Attrs{"repository_ids": []any{two, -1, one}}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_users_repository_order", Permanent: true, Least: first, Most: first,
		Changes: map[string]acctest.Change{"repository_ids": {Through: []any{[]any{two, -1, one}, []any{one, two, -1}}}},
	}
}

// estate is what random changes are made in.
func estate() *walk.Estate {
	return &walk.Estate{
		Lab: func(t *testing.T) acctest.Simulated {
			return acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
		},
		Prefix: "storage_infinibox_",
		Aside: map[string]string{
			"users_repository_order": "there is one", "kms": "there is one", "ssh": "there is one",
			"ssl_certificate": "there is one", "ssl_certificate_request": "the array knows the last one alone",
		},
		Unique: map[string][][]string{
			"user_group":            {{"users_repository_id", "dn"}},
			"users_repository":      {{"domain_name"}},
			"sso_identity_provider": {{"issuer"}},
		},
		Contradicts: contradiction,
		Never: func(e testcore.Said, p *testcore.Plan) bool {
			// Two repositories do not exchange servers. Whether a user has a password already
			// tells a log-in, which a disabled user has none of.
			return strings.Contains(e.Detail, "(LDAP_SERVER_CONFLICT)") ||
				strings.Contains(e.Detail, "(USER_PASSWORD_DOES_NOT_COMPLY_WITH_POLICY)") && p.Refreshed.Attributes(e.Address)["enabled"] == false
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_user.theirs": {Arguments: acctest.Attrs{
				"name": "their user", "email": "they@example.com", "role": "READ_ONLY", "password_wo": password, "password_wo_version": 1,
			}},
		}},
		Member: "storage_infinibox_user.theirs",
	}
}

// contradiction says which arguments do not go together.
func contradiction(c testcore.Config) string {
	for address, r := range c.Resources {
		a := r.Arguments
		has := func(name string) bool { return a[name] != nil }
		switch {
		case a["type"] == "Sso" && (has("dn") || has("users_repository_id") || !has("sso_identity_provider_id")),
			a["type"] == "Ldap" && (!has("dn") || !has("users_repository_id") || has("sso_identity_provider_id")):
			return address + " is a group of another sort"
		case a["repository_type"] == "LDAP" && has("domain_name"), a["repository_type"] == "ActiveDirectory" && !has("domain_name"):
			return address + " is a repository of another sort"
		case a["signing_certificate"] == "" && (a["signed_response"] != false || a["signed_assertion"] != false):
			return address + " has no certificate"
		}
	}
	return ""
}
