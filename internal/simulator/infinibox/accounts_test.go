package infinibox

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"
)

// somebody is a client with a session.
type somebody struct {
	*http.Client
	s *Simulator
}

// browser is a client that keeps cookies and follows no redirection.
func browser(s *Simulator) somebody {
	jar, _ := cookiejar.New(nil)
	return somebody{&http.Client{
		Jar: jar, Transport: s.transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, s}
}

// transport trusts the certificate that was made for the simulator's server.
func (s *Simulator) transport() http.RoundTripper {
	if s.CACertificate() == "" {
		return http.DefaultTransport
	}
	return trusting(s.CACertificate())
}

// logIn opens a session, and returns the status and what the array says of the user.
func (b somebody) logIn(t *testing.T, name, password string) (int, string) {
	t.Helper()
	return b.asks(t, "POST", "users/login", fmt.Sprintf(`{"username":%q,"password":%q}`, name, password))
}

func (b somebody) asks(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	return ask(t, b.Client, method, b.s.URL()+"/api/rest/"+path, body, nil)
}

// may asks and expects a status.
func (b somebody) may(t *testing.T, method, path, body string, want int) {
	t.Helper()
	if status, answer := b.asks(t, method, path, body); status != want {
		t.Errorf("%s %s: %d, want %d: %s", method, path, status, want, answer)
	}
}

// mgmt is a directory in which joe is a storage user and an operator, and ann is in no group.
var mgmt = LDAPDirectory{
	Domain: "mgmt.local", Servers: []string{"10.0.0.1", "10.0.0.2"}, BindUsername: "administrator", BindPassword: "bind-secret",
	Groups: []string{"cn=storage,cn=users,dc=mgmt,dc=local", "cn=operators,cn=users,dc=mgmt,dc=local"},
	Users: []LDAPUser{
		{Name: "joe", DN: "cn=joe,cn=users,dc=mgmt,dc=local", Password: "joe-12345", Groups: []string{"cn=storage,cn=users,dc=mgmt,dc=local", "CN=operators,cn=users,dc=mgmt,dc=local"}},
		{Name: "ann", DN: "cn=ann,cn=users,dc=mgmt,dc=local", Password: "ann-12345"},
		{Name: "admin", DN: "cn=admin,cn=users,dc=mgmt,dc=local", Password: "dir-12345", Groups: []string{"cn=operators,cn=users,dc=mgmt,dc=local"}},
	},
}

// managed has repository 1000 of mgmt, its groups storage 1001 (POOL_ADMIN) and operators 1002 (READ_ONLY), and the
// pools mine 1003, which storage owns, and other 1004.
func managed(t *testing.T) *Simulator {
	t.Helper()
	s := Start(t, Options{LDAPDirectories: []LDAPDirectory{mgmt}})
	must(t, s, "POST", "config/ldap", values{
		"name": "mgmt", "servers": []string{"10.0.0.9", "10.0.0.2"}, "bind_username": "administrator", "bind_password": "bind-secret",
		"schema_definition": values{"users_basedn": "cn=users,dc=mgmt,dc=local"},
	})
	must(t, s, "POST", "users", values{"type": "Ldap", "name": "storage", "dn": mgmt.Groups[0], "ldap_id": 1000, "role": "POOL_ADMIN"})
	must(t, s, "POST", "users", values{"type": "Ldap", "name": "operators", "dn": mgmt.Groups[1], "ldap_id": 1000, "role": "READ_ONLY"})
	must(t, s, "POST", "pools", values{"name": "mine", "physical_capacity": terabyte, "owners": []int{1001}})
	must(t, s, "POST", "pools", values{"name": "other", "physical_capacity": terabyte})
	return s
}

func TestMembersOfLDAPGroupsLogIn(t *testing.T) {
	s := managed(t)
	joe := browser(s)
	if status, answer := joe.logIn(t, "joe", "wrong"); status != http.StatusForbidden || !strings.Contains(answer, "BAD_USER") {
		t.Errorf("a wrong password: %d %s", status, answer)
	}
	joe.may(t, "POST", "users/login", `{"username":"ann","password":"ann-12345"}`, http.StatusForbidden)
	status, answer := joe.logIn(t, "joe", "joe-12345")
	if status != http.StatusOK || !strings.Contains(answer, `"roles":["POOL_ADMIN"]`) || !strings.Contains(answer, `"user_objects":null`) {
		t.Fatalf("%d %s", status, answer)
	}
	joe.may(t, "POST", "volumes", `{"name":"v","pool_id":1003,"size":1000000000}`, http.StatusCreated)
	joe.may(t, "POST", "volumes", `{"name":"w","pool_id":1004,"size":1000000000}`, http.StatusForbidden)
	joe.may(t, "GET", "users/1001", "", http.StatusOK)
	joe.may(t, "GET", "users/-2", "", http.StatusForbidden)
	joe.may(t, "PUT", "users/1001", `{"role":"ADMIN"}`, http.StatusForbidden)
	if _, answer := joe.asks(t, "GET", "pools/administered_pools", ""); !strings.Contains(answer, `"name":"mine"`) || strings.Contains(answer, `"name":"other"`) {
		t.Errorf("pools of joe: %s", answer)
	}
	if found := names(t, s, "users?type=eq:Ldap&sort=name"); found != "operatorsstorage" {
		t.Errorf("groups: %s", found)
	}
	must(t, s, "PUT", "users/1002", values{"role": "ADMIN"})
	if all := fmt.Sprint(listed(t, s, "pools/1003/all_admins")); all != "[-2 -1 1002 1001]" {
		t.Errorf("administrators of mine: %s", all)
	}
	joe.may(t, "GET", "users/-2", "", http.StatusOK) // as an operator, the mightier of his roles
	must(t, s, "PUT", "users/1002", values{"role": "READ_ONLY"})
	if found := names(t, s, "users/1001/pools"); found != "mine" {
		t.Errorf("pools of storage: %s", found)
	}

	must(t, s, "DELETE", "users/1001", nil)
	expect(t, must(t, s, "GET", "pools/1003", nil), values{"owners": []any{}})
	joe.may(t, "POST", "volumes", `{"name":"x","pool_id":1003,"size":1000000000}`, http.StatusForbidden)
	joe.may(t, "GET", "pools", "", http.StatusOK) // as an operator
	must(t, s, "DELETE", "config/ldap/1000", nil)
	joe.may(t, "GET", "pools", "", http.StatusUnauthorized)
	if found := names(t, s, "users/ldap_groups"); found != "" {
		t.Errorf("groups are left: %s", found)
	}
}

func TestRepositoriesAreAskedInTheirOrder(t *testing.T) {
	s := managed(t)
	must(t, s, "POST", "config/ldap", values{"name": "second", "domain_name": "other.local"})
	expect(t, must(t, s, "GET", "config/ldap/1000", nil), values{"search_order": 0, "repository_type": "LDAP"})
	expect(t, must(t, s, "GET", "config/ldap/1005", nil), values{"search_order": 1, "repository_type": "ActiveDirectory", "servers": nil, "ldap_port": 636})
	if _, answer := browser(s).logIn(t, "admin", "dir-12345"); !strings.Contains(answer, `"READ_ONLY"`) {
		t.Errorf("the directory's admin: %s", answer)
	}
	if _, answer := browser(s).logIn(t, "admin", "123456"); !strings.Contains(answer, `"ADMIN"`) {
		t.Errorf("the array's admin: %s", answer)
	}
	if _, result, err := s.Do("POST", "config/ldap/set_order", []int{-1, 1005}); err != nil || result != true {
		t.Errorf("%v %v", result, err)
	}
	expect(t, must(t, s, "GET", "config/ldap/1005", nil), values{"search_order": 1})
	expect(t, must(t, s, "GET", "config/ldap/1000", nil), values{"search_order": 2})
	if found := names(t, s, "config/ldap?sort=search_order"); found != "secondmgmt" {
		t.Errorf("order: %s", found)
	}
	must(t, s, "DELETE", "config/ldap/1005", nil)
	expect(t, must(t, s, "GET", "config/ldap/1000", nil), values{"search_order": 1})
	must(t, s, "POST", "config/ldap", values{"name": "third", "servers": []string{"1.0.0.1"}, "use_ldaps": false})
	expect(t, must(t, s, "GET", "config/ldap/1006", nil), values{"search_order": 2, "ldap_port": 389})
}

func TestRepositoriesAreTested(t *testing.T) {
	s := managed(t)
	for _, c := range []struct {
		path string
		body any
		want string
	}{
		{"config/ldap/1000/test", nil, "true"},
		{"config/ldap/1000/test_group", values{"name": "Storage"}, "cn=storage,cn=users,dc=mgmt,dc=local"},
		{"config/ldap/resolve_domain", values{"domain_name": "MGMT.local"}, "[10.0.0.1 10.0.0.2]"},
		{"config/ldap/test", values{"domain_name": "mgmt.local", "bind_username": "administrator", "bind_password": "bind-secret"}, "true"},
	} {
		if _, result, err := s.Do("POST", c.path, c.body); err != nil || fmt.Sprint(result) != c.want {
			t.Errorf("%s: %v %v", c.path, result, err)
		}
	}
	open := LDAPDirectory{Domain: "open.local", Servers: []string{"10.1.0.1"}}
	if err := s.array.plantLDAPDirectories([]LDAPDirectory{open}); err != nil {
		t.Fatal(err)
	}
	must(t, s, "POST", "config/ldap/test", values{"domain_name": "open.local"})
	if found := names(t, s, "config/ldap"); found != "mgmt" {
		t.Errorf("a test left something: %s", found)
	}
	expect(t, must(t, s, "GET", "system/security", nil)["fips_best_practice"].(values), values{"is_ldap_connections_secured": true})
}

func TestWhoIsDisabledOrDeletedIsLoggedOut(t *testing.T) {
	s := Start(t, Options{})
	pat := must(t, s, "POST", "users", values{"name": "pat", "password": "pat-12345", "email": "pat@example.com", "role": "READ_ONLY"})["id"]
	for _, end := range []func(){
		func() { must(t, s, "POST", fmt.Sprintf("users/%v/disable", pat), nil) },
		func() { must(t, s, "PUT", fmt.Sprintf("users/%v", pat), values{"enabled": false}) },
	} {
		b := browser(s)
		b.logIn(t, "pat", "pat-12345")
		b.may(t, "GET", "pools", "", http.StatusOK)
		end()
		b.may(t, "GET", "pools", "", http.StatusUnauthorized)
		must(t, s, "POST", fmt.Sprintf("users/%v/enable", pat), nil)
		b.may(t, "GET", "pools", "", http.StatusUnauthorized)
	}
	b := browser(s)
	b.logIn(t, "pat", "pat-12345")
	must(t, s, "DELETE", fmt.Sprintf("users/%v", pat), nil)
	b.may(t, "GET", "pools", "", http.StatusUnauthorized)
}

func TestPasswordsAreResetByMail(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"security":{"password_policy":{"max_length":9,"lowercase":true,"uppercase":true,"digit":true,"symbol":true}}}`)})
	must(t, s, "POST", "users", values{"name": "pat", "password": "Pat-12345", "email": "pat@example.com", "role": "READ_ONLY"})
	b := browser(s)
	b.may(t, "POST", "users/nobody/reset_password", "", http.StatusOK)
	b.may(t, "POST", "users/pat/reset_password", "", http.StatusOK)
	link := s.Mails()
	if len(link) != 1 || link[0].To != "pat@example.com" {
		t.Fatalf("mails: %v", link)
	}
	path := strings.TrimPrefix(link[0].Text, "/api/rest/")
	b.may(t, "GET", strings.Replace(path, "/pat/", "/admin/", 1), "", http.StatusForbidden)
	b.may(t, "GET", path, "", http.StatusOK)
	b.may(t, "GET", path, "", http.StatusForbidden) // once only
	if status, _ := b.logIn(t, "pat", "Pat-12345"); status != http.StatusForbidden {
		t.Errorf("the old password: %d", status)
	}
	password := s.Mails()[1].Text
	if status, _ := b.logIn(t, "pat", password); status != http.StatusOK || !s.array.access.Policy.allows("pat", password, nil) {
		t.Errorf("the new password, %s: %d", password, status)
	}
	b.may(t, "POST", "users/pat/reset_password", "", http.StatusOK)
	s.Advance(2 * time.Hour)
	b.may(t, "GET", strings.TrimPrefix(s.Mails()[2].Text, "/api/rest/"), "", http.StatusForbidden)
}

func TestAccountsHaveTheFieldsOfTheReference(t *testing.T) {
	a := managed(t).array
	call(t, a, "POST", "config/sso/idps", `{"name":"okta","issuer":"http://okta","sign_on_url":"https://okta.example.com/x","signed_response":false,"signed_assertion":false}`) // 1005
	call(t, a, "POST", "users", `{"type":"Sso","name":"admins","idp_id":1005,"role":"ADMIN"}`)                                                                                  // 1006
	checkAnswers(t, a, documentedFields(t, "fields_users.json"), map[string][]string{
		"ldap_group":      {"users/1001", "users/ldap_groups", "users?type=Ldap"},
		"sso_group":       {"users/1006", "users/sso_groups", "users?type=Sso"},
		"password_policy": {"users/password_policy"},
	})
	checkAnswers(t, a, documentedFields(t, "fields_ldap.json"), map[string][]string{"repository": {"config/ldap/1000", "config/ldap"}})
}
