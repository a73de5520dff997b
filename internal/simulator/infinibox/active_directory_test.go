package infinibox

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// domainSeed is a domain with two users, of whom ann is connected over SMB.
const domainSeed = `{"active_directory": [{"domain": "ad.example.com", "username": "Administrator", "password": "Domain-1", "users": [
	{"username": "ann", "name": "Ann Smith", "sid": "S-1-5-21-1-2-3-4", "gsid": "S-1-5-21-1-2-3-513", "uid": 3456, "gid": 5432},
	{"username": "bob", "name": "Bob", "sid": "S-1-5-21-1-2-3-5", "gsid": "S-1-5-21-1-2-3-513", "uid": 3457, "gid": 5432}]}],
	"smb_sessions": [{"user_name": "ann", "domain": "ad.example.com"}, {"user_name": "local"}]}`

var joining = values{"domain": "ad.example.com", "username": "Administrator", "password": "Domain-1", "preferred_ips": []any{"10.0.0.2", "10.0.0.1"}, "org_unit": ""}

func TestActiveDirectoryFields(t *testing.T) {
	s := Start(t, Options{Seed: []byte(domainSeed)})
	documented := documentedFields(t, "fields_active_directory.json")
	checkFields(t, "the domain joined", documented["active_directory_domain"], call(t, s.array, http.MethodPost, "activedirectory/domains", `{"domain":"ad.example.com","username":"Administrator","password":"Domain-1"}`))
	checkFields(t, "UNIX services", documented["active_directory_domain"], call(t, s.array, http.MethodPost, "activedirectory/domains/set_unix_services", `{"unix_services_enabled":true}`))
	checkAnswers(t, s.array, documented, map[string][]string{
		"active_directory_domain": {"activedirectory/domains"},
		"active_directory_user":   {"activedirectory/domains/user_query?username=ann"},
	})
}

func TestADomainIsJoinedSetAndLeft(t *testing.T) {
	s := Start(t, Options{Seed: []byte(domainSeed)})
	none := func() {
		t.Helper()
		if _, result, err := s.Do("GET", "activedirectory/domains", nil); err != nil || result != nil {
			t.Errorf("a domain is joined: %v %v", result, err)
		}
	}
	none()
	wrong := values{"domain": "ad.example.com", "username": "Administrator", "password": "wrong", "preferred_ips": []any{}}
	refused(t, s, "POST", "activedirectory/domains", wrong, "ACTIVE_DIRECTORY_ADMIN_CREDENTIALS_INVALID")
	none()
	joined := must(t, s, "POST", "activedirectory/domains", joining)
	expect(t, joined, values{
		"domain": "ad.example.com", "org_unit": "CN=Computers,DC=ad,DC=example,DC=com", "preferred_ips": []any{"10.0.0.2", "10.0.0.1"},
		"unix_services_enabled": false, "uid_attribute_name": "", "gid_attribute_name": "", "max_translated_groups": nil, "tenant_id": 1,
	})
	for _, secret := range []string{"username", "password"} {
		if _, ok := joined[secret]; ok {
			t.Errorf("%s is given back", secret)
		}
	}
	expect(t, must(t, s, "POST", "activedirectory/domains/set_preferred_ips", []any{"10.0.0.1", "10.0.0.2"}), values{"preferred_ips": []any{"10.0.0.1", "10.0.0.2"}})
	expect(t, must(t, s, "POST", "activedirectory/domains/set_unix_services", values{"unix_services_enabled": true, "uid_attribute_name": "uid"}), values{
		"unix_services_enabled": true, "uid_attribute_name": "uid", "gid_attribute_name": "gidNumber", "max_translated_groups": 16,
	})
	expect(t, must(t, s, "POST", "activedirectory/domains/set_unix_services", values{"unix_services_enabled": true, "max_translated_groups": 20}), values{"uid_attribute_name": "uid", "max_translated_groups": 20})
	expect(t, must(t, s, "POST", "activedirectory/domains/set_max_translated_groups", 32), values{"max_translated_groups": 32})
	expect(t, must(t, s, "GET", "activedirectory/domains?fields=max_translated_groups,domain", nil), values{"max_translated_groups": 32, "domain": "ad.example.com"})
	expect(t, must(t, s, "POST", "activedirectory/domains/set_unix_services", values{"unix_services_enabled": false}), values{"uid_attribute_name": "", "max_translated_groups": nil})

	if _, answer, err := s.Do("POST", "activedirectory/domains/leave", values{"username": "Administrator", "password": "Domain-1"}); err != nil || answer != "OK" {
		t.Fatal(answer, err)
	}
	none()
	if left := listed(t, s, "smb/sessions"); len(left) != 1 || left[0].(values)["user_name"] != "local" {
		t.Errorf("connected: %v", left)
	}
	must(t, s, "POST", "activedirectory/domains", joining)
}

func TestDomainUsersAreLookedUp(t *testing.T) {
	s := Start(t, Options{Seed: []byte(domainSeed)})
	must(t, s, "POST", "activedirectory/domains", joining)
	for query, want := range map[string]string{
		"username=ann": "Ann Smith", "username=ANN@ad.example.com": "Ann Smith", `username=ad%5Cbob`: "Bob", "username=eq:bob": "Bob", "uid=3457": "Bob",
		"sid=S-1-5-21-1-2-3-4": "Ann Smith", "username=ann&uid=3457": "", "username=eve": "",
	} {
		if got := names(t, s, "activedirectory/domains/user_query?"+query); got != want {
			t.Errorf("%s finds %q", query, got)
		}
	}
	expect(t, listed(t, s, "activedirectory/domains/user_query?username=ann")[0].(values), values{
		"username": "ann@ad.example.com", "uid": 3456, "gid": 5432, "sid": "S-1-5-21-1-2-3-4", "gsid": "S-1-5-21-1-2-3-513",
	})
}

func TestDomainsAreDumpedWithoutSecrets(t *testing.T) {
	directory := Directory{Domain: "ad.example.com", Username: "Administrator", Password: "Domain-1"}
	s := Start(t, Options{Directories: []Directory{directory}, Seed: []byte(`{"requests": [
		{"method": "POST", "path": "activedirectory/domains", "body": {"domain": "ad.example.com", "username": "administrator", "password": "Domain-1"}}]}`)})
	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump.String(), "Domain-1") {
		t.Error("a secret was dumped")
	}
	again := Start(t, Options{Seed: dump.Bytes()})
	expect(t, must(t, again, "GET", "activedirectory/domains", nil), values{"domain": "ad.example.com"})
	refused(t, again, "POST", "activedirectory/domains/leave", values{"username": "Administrator", "password": "domain-1"}, "ACTIVE_DIRECTORY_ADMIN_CREDENTIALS_INVALID")
	if _, _, err := again.Do("POST", "activedirectory/domains/leave", values{"username": "Administrator", "password": "Domain-1"}); err != nil {
		t.Error(err)
	}
	if _, err := New(Options{Seed: []byte(`{"active_directory": [{"domain": "no domain"}]}`)}); err == nil || !strings.Contains(fmt.Sprint(err), "not the name of a domain") {
		t.Errorf("a domain without a name: %v", err)
	}
}
