package infinibox

import (
	"fmt"
	"net/http"
	"strings"
)

// LDAPDirectory is an LDAP directory or Active Directory that the array can reach; servers of no directory do not answer.
type LDAPDirectory struct {
	Domain       string     `json:"domain"`        // of an Active Directory, whose domain controllers are the servers
	Servers      []string   `json:"servers"`       // addresses that it answers at
	BindUsername string     `json:"bind_username"` // "": it asks for none
	BindPassword string     `json:"bind_password"`
	Users        []LDAPUser `json:"users"`
	Groups       []string   `json:"groups"` // distinguished names
}

// LDAPUser is a user of a directory; the groups are the distinguished names of those that he is a member of.
type LDAPUser struct {
	Name     string   `json:"name"`
	DN       string   `json:"dn"`
	Password string   `json:"password"`
	Groups   []string `json:"groups"`
}

// Refusals of what directories say. The reference shows none; clients of the array know the first.
var (
	errBadCredentials = &apiError{"LDAP_BAD_CREDENTIALS", http.StatusConflict, "The LDAP server refused the bind user name or password"}
	errNoDirectory    = &apiError{"LDAP_CONNECTION_FAILED", http.StatusConflict, "None of the LDAP servers answers"}
)

// errNoDomain is for a domain that has no domain controllers.
func errNoDomain(domain string) error {
	return &apiError{"LDAP_DOMAIN_NOT_RESOLVED", http.StatusConflict, "No domain controllers were found for domain '" + domain + "'"}
}

func (a *Array) ldapDirectoryOf(domain string) *LDAPDirectory {
	for i := range a.ldapDirectories {
		if d := &a.ldapDirectories[i]; d.Domain != "" && strings.EqualFold(d.Domain, domain) {
			return d
		}
	}
	return nil
}

// reach finds the directory of a repository: that of the first server that answers, or of the domain if it names none.
func (a *Array) reach(repository Object) *LDAPDirectory {
	servers := repository.list("servers")
	if len(servers) == 0 {
		return a.ldapDirectoryOf(repository.text("domain_name"))
	}
	for _, server := range servers {
		for i := range a.ldapDirectories {
			if d := &a.ldapDirectories[i]; hasFold(d.Servers, server.(string)) {
				return d
			}
		}
	}
	return nil
}

// bind logs in to the directory of a repository as the repository says.
func (a *Array) bind(repository Object) (*LDAPDirectory, error) {
	d := a.reach(repository)
	if d == nil {
		return nil, errNoDirectory
	}
	if d.BindUsername == "" {
		return d, nil // anybody may read it
	}
	if !strings.EqualFold(d.BindUsername, repository.text("bind_username")) || !isDigestOf(repository.text("bind_password"), d.BindPassword) {
		return nil, errBadCredentials
	}
	return d, nil
}

// below tells whether an entry is where a repository looks for entries of its kind.
func below(repository Object, base, dn string) bool {
	suffix, _ := repository["schema_definition"].(map[string]any)[base].(string)
	return suffix == "" || strings.HasSuffix(strings.ToLower(dn), ","+strings.ToLower(suffix))
}

// directoryUser is the user of that name and password in the directory of a repository, by the groups of his that have
// a role here; nil if there is none.
func (a *Array) directoryUser(repository Object, name, password string) Object {
	d, err := a.bind(repository)
	if err != nil {
		return nil
	}
	for _, user := range d.Users {
		if !strings.EqualFold(user.Name, name) || user.Password != password || password == "" || !below(repository, "users_basedn", user.DN) {
			continue
		}
		var groups []Object
		for _, group := range a.groupsOf(repository) {
			if hasFold(user.Groups, group.text("dn")) {
				groups = append(groups, group)
			}
		}
		return a.member(user.Name, groups)
	}
	return nil
}

// testDefinition tests a repository that is not there yet.
func (a *Array) testDefinition(rq *request) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	if body["name"] == nil {
		body["name"] = "test"
	}
	c := a.repositories
	values, err := c.readNew(body)
	if err != nil {
		return nil, err
	}
	ch := &change{rq: rq, a: a, after: a.make(c, values), values: values}
	fillRepository(ch)
	for _, check := range []func() error{
		// A domain or server that is configured already may well be tested once more.
		func() error { return legalDomain(ch.after) },
		func() error { _, err := legalServers(ch.after); return err },
		func() error { return c.checks["ldap_port"](ch) },
		func() error { return checkSchema(ch) },
	} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	if err := checkRepository(ch); err != nil {
		return nil, err
	}
	if _, err := a.bind(ch.after); err != nil {
		return nil, err
	}
	return true, nil
}

// testRepository tests a repository that is there.
func (a *Array) testRepository(rq *request) (any, error) {
	repository, err := rq.object(a.repositories)
	if err != nil {
		return nil, err
	}
	if _, err := rq.onlyFields(); err != nil {
		return nil, err
	}
	if _, err := a.bind(repository); err != nil {
		return nil, err
	}
	return true, nil
}

// testGroup finds a group by its name in the directory of a repository, and answers with its distinguished name.
func (a *Array) testGroup(rq *request) (any, error) {
	repository, err := rq.object(a.repositories)
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields("name")
	if err != nil {
		return nil, err
	}
	name, ok := body["name"].(string)
	if !ok {
		return nil, errMissing("name")
	}
	d, err := a.bind(repository)
	if err != nil {
		return nil, err
	}
	attribute, _ := repository["schema_definition"].(map[string]any)["group_name_attribute"].(string)
	for _, dn := range d.Groups {
		first, _, _ := strings.Cut(dn, ",")
		if strings.EqualFold(first, attribute+"="+name) && below(repository, "groups_basedn", dn) {
			return dn, nil
		}
	}
	return nil, notFound("LDAP_GROUP_NOT_FOUND", "Group '%s' was not found in repository '%s'", name, repository.name())
}

// resolveDomain lists the domain controllers of a domain.
func (a *Array) resolveDomain(rq *request) (any, error) {
	body, err := rq.onlyFields("domain_name")
	if err != nil {
		return nil, err
	}
	domain, ok := body["domain_name"].(string)
	switch {
	case body["domain_name"] == nil:
		return nil, errMissing("domain_name")
	case !ok:
		return nil, errField("domain_name")
	case !isDomainName(domain):
		return nil, errDomainName
	}
	d := a.ldapDirectoryOf(domain)
	if d == nil {
		return nil, errNoDomain(domain)
	}
	return d.Servers, nil
}

// plantLDAPDirectories adds directories that the array can reach.
func (a *Array) plantLDAPDirectories(directories []LDAPDirectory) error {
	for i, d := range directories {
		if d.Domain == "" && len(d.Servers) == 0 {
			return fmt.Errorf("directory %d has neither a domain nor servers", i+1)
		}
	}
	a.ldapDirectories = append(a.ldapDirectories, directories...)
	return nil
}
