package file_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const (
	domainPassword = "planted-domain-password"
	theDomain      = "storage_infinibox_active_directory_domain.this"
	domainRoute    = "/api/rest/activedirectory/domains"
)

// nearDomains is an array that can reach two domains, and has joined neither.
func nearDomains(t *testing.T) *acctest.InfiniBox {
	t.Helper()
	return acctest.SimulateInfiniBox(t, simulator.Options{Seed: fmt.Appendf(nil, `{
		"active_directory": [
			{"domain": "ad.example.com", "username": "Administrator", "password": %q},
			{"domain": "lab.example.com", "username": "Administrator", "password": %[1]q}
		],
		"smb_sessions": [{"user_name": "ann", "domain": "ad.example.com"}, {"user_name": "local"}]
	}`, domainPassword)})
}

// joining are the arguments of a membership.
func joining(more acctest.Attrs) acctest.Attrs {
	return acctest.Attrs{"domain": "ad.example.com", "username": "Administrator", "password_wo": domainPassword, "password_wo_version": 1}.With(more)
}

func membership(more acctest.Attrs) string {
	return resource("active_directory_domain", "this", joining(more))
}

// leavingAs is a provider that may leave the domain by a password.
func leavingAs(b *acctest.InfiniBox, password string) string {
	return b.Provider(acctest.Attrs{
		"active_directory_username": "Administrator", "active_directory_password": password, "approve_dangerous_operations": true,
	})
}

// joined is the domain that the array has joined; nil where it has none.
func joined(t *testing.T, b *acctest.InfiniBox) map[string]any {
	t.Helper()
	answer, err := b.Do(http.MethodGet, "activedirectory/domains", nil)
	if err != nil {
		t.Fatal(err)
	}
	domain, _ := answer.(map[string]any)
	return domain
}

// holds that the array's membership has these values.
func holds(t *testing.T, b *acctest.InfiniBox, want acctest.Attrs) {
	t.Helper()
	domain := joined(t, b)
	for name, value := range want {
		if fmt.Sprint(domain[name]) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v", name, domain[name], value)
		}
	}
}

// A NAS administrator joins a domain, mistypes the password, has another controller asked
// first, and leaves.
func TestAccActiveDirectoryDomain(t *testing.T) {
	t.Parallel()
	b := nearDomains(t)
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	counted := func(route string) int { return b.Requests(http.MethodPost, domainRoute+route) }

	cli.Plan(provider, membership(acctest.Attrs{"password_wo": nil, "password_wo_version": nil})).Refuses(t, "Nobody to join the domain as", "password_wo is not set")
	wrong := cli.Apply(provider, membership(acctest.Attrs{"password_wo": "planted-wrong-password"})).
		Refuses(t, `Could not create Active Directory domain "ad.example.com"`, "Incorrect administrator credentials", "Check username and password_wo", "joined nothing")
	if strings.Contains(wrong.Output, "planted-wrong-password") || joined(t, b) != nil || counted("") != 1 {
		t.Errorf("joined %v by %d requests: %s", joined(t, b), counted(""), wrong)
	}

	two := []string{"192.0.2.10", "dc2.ad.example.com"}
	ordered := membership(acctest.Attrs{"domain": "AD.example.com", "preferred_ips": two})
	cli.Apply(provider, ordered).Succeeds(t).Plans(t, map[string]string{theDomain: "create"})
	holds(t, b, acctest.Attrs{"preferred_ips": two, "org_unit": "CN=Computers,DC=ad,DC=example,DC=com", "unix_services_enabled": false})
	cli.Plan(provider, ordered).Succeeds(t).Plans(t, map[string]string{})

	two = []string{two[1], two[0]}
	reordered := membership(acctest.Attrs{"preferred_ips": two})
	b.Simulator.ResetRequests()
	cli.Apply(provider, reordered).Succeeds(t).Plans(t, map[string]string{theDomain: "update"})
	holds(t, b, acctest.Attrs{"preferred_ips": two})
	if counted("/set_preferred_ips") != 1 || counted("") != 0 {
		t.Errorf("asked for the controllers %d times, joined %d times", counted("/set_preferred_ips"), counted(""))
	}

	// Others change the order, and it is put back; a new password alone sends nothing.
	b.Must("POST", "activedirectory/domains/set_preferred_ips", []string{"192.0.2.99"})
	b.Simulator.ResetRequests()
	cli.Apply(provider, membership(acctest.Attrs{"preferred_ips": two, "password_wo": "new-password", "password_wo_version": 2, "username": "another"})).Succeeds(t)
	holds(t, b, acctest.Attrs{"preferred_ips": two})
	if n := b.Requests(http.MethodPost, ""); n != 1 {
		t.Errorf("%d requests where the controllers alone have changed", n)
	}

	// Leaving takes somebody who may, and approval.
	cli.Apply(provider).Refuses(t, "Deleting Active Directory domain", "is dangerous and not approved", "Connected over SMB: ann@ad.example.com.")
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).
		Refuses(t, "Leaving the Active Directory domain needs active_directory_username and active_directory_password", "INFINIBOX_ACTIVE_DIRECTORY_USERNAME and INFINIBOX_ACTIVE_DIRECTORY_PASSWORD")
	if counted("/leave") != 0 {
		t.Error("it was asked to leave")
	}
	cli.Apply(leavingAs(b, "planted-wrong-password")).Refuses(t, "Incorrect administrator credentials", "Check active_directory_username", "still in the domain")
	if joined(t, b) == nil || counted("/leave") != 1 {
		t.Errorf("left: %v, by %d requests", joined(t, b) == nil, counted("/leave"))
	}
	// Another domain is left and joined, in one apply.
	cli.Apply(leavingAs(b, domainPassword), membership(acctest.Attrs{"domain": "lab.example.com"})).Succeeds(t).Plans(t, map[string]string{theDomain: "replace"})
	holds(t, b, acctest.Attrs{"domain": "lab.example.com", "preferred_ips": []string{}})
	cli.Apply(leavingAs(b, domainPassword)).Succeeds(t)
	if joined(t, b) != nil {
		t.Errorf("it is still in %v", joined(t, b))
	}
}

// UNIX services are set by one request with all that belongs to them, the number of groups
// by itself; disabling them wants approval.
func TestAccActiveDirectoryUnixServices(t *testing.T) {
	t.Parallel()
	b := nearDomains(t)
	provider := b.Provider(nil)
	cli := acctest.NewCLI(t)
	apply := func(attributes acctest.Attrs, want acctest.Attrs, sent ...string) {
		t.Helper()
		b.Sent()
		cli.Apply(provider, membership(attributes)).Succeeds(t)
		var changes []string
		for _, request := range b.Sent() {
			if operation, isPost := strings.CutPrefix(request, "POST "+domainRoute); isPost {
				changes = append(changes, operation)
			}
		}
		if fmt.Sprint(changes) != fmt.Sprint(sent) {
			t.Errorf("%v sent %q, want %q", attributes, changes, sent)
		}
		holds(t, b, want)
		cli.Plan(provider, membership(attributes)).Succeeds(t).Plans(t, map[string]string{})
	}
	on := acctest.Attrs{"unix_services_enabled": true}
	own := on.With(acctest.Attrs{"uid_attribute_name": "uid", "max_translated_groups": 32})
	apply(own, acctest.Attrs{"unix_services_enabled": true, "uid_attribute_name": "uid", "gid_attribute_name": "gidNumber", "max_translated_groups": 32}, "", "/set_unix_services")
	apply(own.With(acctest.Attrs{"max_translated_groups": 64}), acctest.Attrs{"uid_attribute_name": "uid", "max_translated_groups": 64}, "/set_max_translated_groups")
	apply(own.With(acctest.Attrs{"max_translated_groups": 64, "gid_attribute_name": "gid"}), acctest.Attrs{"uid_attribute_name": "uid", "gid_attribute_name": "gid", "max_translated_groups": 64}, "/set_unix_services")
	apply(nil, acctest.Attrs{"unix_services_enabled": true, "uid_attribute_name": "uid"}) // what is not said stays

	off := acctest.Attrs{"unix_services_enabled": false}
	cli.Apply(provider, membership(off)).Refuses(t, "not approved", "Clients that reach files over both SMB and NFS")
	b.Must("POST", "activedirectory/domains/set_unix_services", map[string]any{"unix_services_enabled": false})
	apply(off, acctest.Attrs{"unix_services_enabled": false, "max_translated_groups": nil})
	apply(on, acctest.Attrs{"unix_services_enabled": true, "max_translated_groups": 16}, "/set_unix_services")
	apply(off.With(acctest.Attrs{"approved": true}), acctest.Attrs{"unix_services_enabled": false, "uid_attribute_name": ""}, "/set_unix_services approved=yes")
}

// A membership that others have made is named, imported as it is, and planned empty
// without anybody's password.
func TestAccActiveDirectoryDomainOfOthers(t *testing.T) {
	t.Parallel()
	b := nearDomains(t)
	b.Must("POST", "activedirectory/domains", map[string]any{"domain": "ad.example.com", "username": "Administrator", "password": domainPassword, "preferred_ips": []string{"192.0.2.10"}})
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), membership(nil)).Refuses(t, `In the way is the Active Directory domain "ad.example.com"`, "terraform import storage_infinibox_active_directory_domain.NAME 'active_directory_domain'")
	if n := b.Requests(http.MethodPost, domainRoute); n != 0 {
		t.Error("it was joined again")
	}
	config := resource("active_directory_domain", "this", acctest.Attrs{"domain": "ad.example.com"})
	cli.Write(b.Provider(nil), config)
	if err := cli.Import(theDomain, "active_directory_domain"); err != nil {
		t.Fatal(err)
	}
	cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
	// Others leave it: it is joined anew, by whoever the configuration names then.
	b.Must("POST", "activedirectory/domains/leave", map[string]any{"username": "Administrator", "password": domainPassword})
	cli.Plan(b.Provider(nil), config).Refuses(t, "Nobody to join the domain as", "username is not set")
	cli.Apply(b.Provider(nil), membership(nil)).Succeeds(t).Plans(t, map[string]string{theDomain: "create"})
}

// A membership whose UNIX services are refused is taken back by whoever has just joined,
// whatever the provider's settings.
func TestAccActiveDirectoryDomainTakenBack(t *testing.T) {
	t.Parallel()
	b := nearDomains(t)
	if err := b.Simulator.SetFaults("POST /activedirectory/domains/set_unix_services:403"); err != nil {
		t.Fatal(err)
	}
	acctest.NewCLI(t).Apply(b.Provider(nil), membership(acctest.Attrs{"unix_services_enabled": true})).
		Refuses(t, "Could not finish creating", "removed again")
	if joined(t, b) != nil {
		t.Errorf("it is still in %v", joined(t, b))
	}
}

// All of a membership is read as it was written, in one life of it.
func TestAccActiveDirectoryDomainWhole(t *testing.T) {
	t.Parallel()
	const kind = "storage_infinibox_active_directory_domain"
	s := domainsOfTheFaults(t)
	b := s.Lab.(*acctest.InfiniBox)
	server := acctest.NewServer(t, b)
	reads := func(state acctest.Object, want acctest.Attrs) {
		t.Helper()
		for name, value := range want {
			if !strings.HasSuffix(name, "_wo") && fmt.Sprint(state[name]) != fmt.Sprint(value) {
				t.Errorf("%s is %v, want %v", name, state[name], value)
			}
		}
	}
	state, identity := server.Create(kind, s.Most)
	reads(state, s.Most)
	changed := s.Most.With(acctest.Attrs{"preferred_ips": []string{}, "max_translated_groups": 64})
	server.Again()
	state, identity = server.Apply(kind, state, identity, changed)
	reads(state, changed)
	server.Again()
	state, identity = server.Read(kind, state, identity)
	reads(state, changed)
	off := joining(acctest.Attrs{"org_unit": s.Most["org_unit"], "unix_services_enabled": false})
	server.Again()
	state, identity = server.Apply(kind, state, identity, off)
	reads(state, off.With(acctest.Attrs{"uid_attribute_name": nil, "max_translated_groups": nil}))
	server.Again()
	server.Apply(kind, state, identity, nil)
	if joined(t, b) != nil {
		t.Errorf("it is still in %v", joined(t, b))
	}
}

func TestAccActiveDirectoryDomainBadValues(t *testing.T) {
	t.Parallel()
	b := nearDomains(t)
	server := acctest.NewServer(t, b)
	for says, bad := range map[string]acctest.Attrs{
		`"ad_example" is no name of a domain`:      {"domain": "ad_example"},
		"at most 255 characters; this one has 256": {"domain": strings.Repeat("a.", 127) + "ab"},
		`"192.0.2.300" is no domain controller`:    {"preferred_ips": []string{"192.0.2.10", "192.0.2.300"}},
		`"2001:db8::1" is no domain controller`:    {"preferred_ips": []string{"2001:db8::1"}},
		"printable ASCII":                          {"unix_services_enabled": true, "uid_attribute_name": "größe"},
		"is no name of an attribute":               {"unix_services_enabled": true, "gid_attribute_name": ""},
		"between 1 and 2048":                       {"unix_services_enabled": true, "max_translated_groups": 2049},
	} {
		if problems := server.Validate("storage_infinibox_active_directory_domain", joining(bad)); !strings.Contains(problems.String(), says) {
			t.Errorf("%v: want %q, have %s", bad, says, problems)
		}
	}
	cli := acctest.NewCLI(t)
	cli.Plan(b.Provider(nil), membership(acctest.Attrs{"preferred_ips": strings.Split(strings.Repeat("192.0.2.1,", 10)+"192.0.2.2", ",")})).
		Refuses(t, "There are 11 preferred_ips, and the array takes 10")
	for _, beside := range []acctest.Attrs{nil, {"unix_services_enabled": false}} {
		cli.Plan(b.Provider(nil), membership(acctest.Attrs{"max_translated_groups": 5}.With(beside))).Refuses(t, "UNIX services are not enabled", "max_translated_groups")
	}
	cli.Apply(b.Provider(nil), membership(acctest.Attrs{"domain": "unknown.example.com"})).Refuses(t, "ACTIVE_DIRECTORY_JOIN_DOMAIN_FAILED")
}

// domainsOfTheFaults are those of a provider that may leave them.
func domainsOfTheFaults(t *testing.T) acctest.Suite {
	b := nearDomains(t)
	b.Set(acctest.Attrs{"active_directory_username": "Administrator", "active_directory_password": domainPassword})
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_active_directory_domain", Least: joining(nil),
		Most: joining(acctest.Attrs{
			"org_unit": "OU=Storage,DC=ad,DC=example,DC=com", "preferred_ips": []string{"192.0.2.10"},
			"unix_services_enabled": true, "uid_attribute_name": "uid", "gid_attribute_name": "gid", "max_translated_groups": 32,
		}),
		Changes: map[string]acctest.Change{
			"domain":        {Through: []any{"ad.example.com", "lab.example.com"}},
			"preferred_ips": {Through: []any{[]string{"192.0.2.10", "192.0.2.11"}, []string{"192.0.2.11", "192.0.2.10"}, []string{}}},
			"unix_services_enabled": {Through: []any{
				false, acctest.Attrs{"unix_services_enabled": true, "uid_attribute_name": "uid"}, acctest.Attrs{"unix_services_enabled": true, "max_translated_groups": 64}, false,
			}},
		},
	}
}
