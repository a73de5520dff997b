package infinibox

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strings"
)

// Repositories are directories of users, LDAP or Active Directory, whose members may log in by their groups. The array
// asks them in an order, in which its own users have a place too.

const (
	localRepository = -1 // the array's own users, in the order of repositories

	maxLDAPServers = 3
	ldapPort       = 389
)

func newRepositories() *collection {
	return newCollection(collection{
		path: "config/ldap", absent: "USERS_REPOSITORY_NOT_FOUND", absentText: "Invalid user repository", command: "GetLdapRepositories",
		taken: "LDAP_NAME_CONFLICT", takenText: "LDAP name '%s' already configured",
		creation: by(administrators), updating: by(administrators), deletion: by(administrators),
		fill: fillRepository, full: repositoriesFull, check: checkRepository,
		checks: map[string]func(ch *change) error{
			"domain_name": checkRepositoryDomain, "servers": checkLDAPServers, "schema_definition": checkSchema,
			"ldap_port": func(ch *change) error { return checkPort("ldap_port", ch.after.int("ldap_port")) },
		},
		keeps:  keepsRepository,
		delete: func(rq *request, repository Object) { rq.a.dropRepository(repository) },
	}, `
		id                integer  filter sort
		name              text     filter sort required update
		repository_type   text(ActiveDirectory|LDAP)  filter sort create
		domain_name       text     filter sort create null
		servers           list     create update null
		ldap_port         integer  filter sort create update  =636
		use_ldaps         boolean  filter sort create update  =true
		bind_username     text     filter sort create update null
		bind_password     text     create update null hidden
		schema_definition object   create update
		search_order      integer  filter sort
	`)
}

func (a *Array) ldapRoutes(r router) {
	r.serve(a, a.repositories)
	base := "/" + a.repositories.path
	r.write(http.MethodPost, base+"/set_order", administrators, a.reorderRepositories)
	// The array's copy of what directories say is none here: it asks them every time.
	r.write(http.MethodPost, base+"/reload", administrators, func(*request) (any, error) { return nil, nil })
	r.write(http.MethodPost, base+"/resolve_domain", administrators, a.resolveDomain)
	r.write(http.MethodPost, base+"/test", administrators, a.testDefinition)
	r.write(http.MethodPost, base+"/{id}/test", administrators, a.testRepository)
	r.write(http.MethodPost, base+"/{id}/test_group", administrators, a.testGroup)
}

// activeDirectorySchema is what a repository goes by where it is not said otherwise.
var activeDirectorySchema = map[string]any{
	"group_memberof_attribute": "memberof", "group_name_attribute": "cn", "group_class": "group", "user_class": "user",
	"username_attribute": "sAMAccountName", "groups_basedn": "", "users_basedn": "",
}

// fillRepository settles what follows from what is said of a new repository: a domain means Active Directory.
func fillRepository(ch *change) {
	if !ch.isNew() {
		return
	}
	if ch.after["repository_type"] == nil {
		ch.after["repository_type"] = "LDAP"
		if ch.after["domain_name"] != nil {
			ch.after["repository_type"] = "ActiveDirectory"
		}
	}
	if !ch.sets("ldap_port") && !ch.after.bool("use_ldaps") {
		ch.after["ldap_port"] = ldapPort
	}
	if !ch.sets("schema_definition") {
		ch.after["schema_definition"] = maps.Clone(activeDirectorySchema)
	}
	ch.after["search_order"] = ch.a.placeOfNewRepository()
}

func repositoriesFull(a *Array) error {
	if len(a.repositories.objects) >= a.limits.LDAPRepositories {
		return conflict("LDAP_REPOSITORIES_LIMIT", "LDAP repositories count has reached the limit of %d", a.limits.LDAPRepositories)
	}
	return nil
}

// legalDomain checks the domain that a repository names, if it does.
func legalDomain(repository Object) error {
	name, given := repository["domain_name"].(string)
	switch {
	case !given:
		return nil
	case len(name) > longestDomain:
		return errWrong("domain_name", name, fmt.Sprintf("size must be between 0 and %d", longestDomain))
	case !isDomainName(name):
		return errDomainName
	}
	return nil
}

// checkRepositoryDomain checks a domain, which must be of no other repository.
func checkRepositoryDomain(ch *change) error {
	if err := legalDomain(ch.after); err != nil {
		return err
	}
	name := ch.after.text("domain_name")
	for _, other := range ch.a.repositories.objects {
		if name != "" && other.id() != ch.before.id() && strings.EqualFold(other.text("domain_name"), name) {
			return conflict("DOMAIN_NAME_CONFLICT", "Domain name '%s' already configured", name)
		}
	}
	return nil
}

// legalServers reads the servers of a repository, which must be different.
func legalServers(repository Object) ([]string, error) {
	servers, err := texts("servers", repository["servers"])
	if err != nil {
		return nil, err
	}
	unsupported := len(servers) == 0 && repository["repository_type"] == "LDAP"
	for i, server := range servers {
		unsupported = unsupported || strings.TrimSpace(server) == "" || hasFold(servers[:i], server)
	}
	if unsupported {
		return nil, badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (%s) for field ('servers')", strings.Join(servers, ", "))
	}
	if len(servers) > maxLDAPServers {
		return nil, conflict("LDAP_SERVERS_LIMIT", "Maximum servers in LDAP repository reached. Please set up to %d different servers", maxLDAPServers)
	}
	return servers, nil
}

// checkLDAPServers checks the servers, which must be of no other repository.
func checkLDAPServers(ch *change) error {
	servers, err := legalServers(ch.after)
	if err != nil {
		return err
	}
	var taken []string
	for _, other := range ch.a.repositories.all() {
		for _, server := range other.list("servers") {
			if other.id() != ch.before.id() && hasFold(servers, server.(string)) {
				taken = append(taken, server.(string))
			}
		}
	}
	if len(taken) > 0 {
		return conflict("LDAP_SERVER_CONFLICT", "LDAP server(s) '%s' already configured", strings.Join(taken, ", "))
	}
	return nil
}

func checkPort(name string, port int) error {
	if port < 1 || port > 65535 {
		return errWrong(name, port, "must be between 1 and 65535")
	}
	return nil
}

// checkSchema checks what is said of the schema; what is not said stays as it is.
func checkSchema(ch *change) error {
	said := ch.after["schema_definition"].(map[string]any)
	schema := maps.Clone(activeDirectorySchema)
	if !ch.isNew() {
		schema = maps.Clone(ch.before["schema_definition"].(map[string]any))
	}
	for _, name := range sortedKeys(said) {
		value, ok := said[name].(string)
		switch {
		case activeDirectorySchema[name] == nil:
			return errUnsupported(name)
		case said[name] != nil && !ok:
			return errField(name)
		}
		schema[name] = value
	}
	ch.after["schema_definition"] = schema
	return nil
}

// checkRepository checks that a repository can be found, and that its directory, if it answers, takes the password.
func checkRepository(ch *change) error {
	domain := ch.after["domain_name"] != nil
	switch {
	case !ch.isNew():
	case ch.after["repository_type"] == "LDAP" && domain:
		return errUnsupported("domain_name")
	case ch.after["repository_type"] == "LDAP" && !ch.sets("servers"):
		return errMissing("servers")
	case ch.after["repository_type"] == "ActiveDirectory" && !domain:
		return errMissing("domain_name")
	}
	if password, ok := ch.values["bind_password"].(string); ok {
		ch.after["bind_password"] = digest(password)
	}
	if ch.isNew() || ch.sets("bind_username") || ch.sets("bind_password") || ch.sets("servers") {
		if _, err := ch.a.bind(ch.after); errors.Is(err, errBadCredentials) {
			return err
		}
	}
	return nil
}

func (a *Array) groupsOf(repository Object) []Object {
	return a.ldapGroups.where("ldap_id", repository.id())
}

func keepsRepository(rq *request, repository Object) error {
	if len(rq.a.groupsOf(repository)) == 0 {
		return nil
	}
	return rq.needApproval("LDAP server %s has configured groups. Removing the server will remove the groups as well", repository.name())
}

func (a *Array) dropRepository(repository Object) {
	order := slices.DeleteFunc(a.repositoryOrder(), func(id int) bool { return id == repository.id() })
	for _, group := range a.groupsOf(repository) {
		a.dropAccount(group)
	}
	a.remove(repository)
	a.setRepositoryOrder(order)
}

// repositoryOrder is the order in which users are looked for. The place that no repository has is the array's own.
func (a *Array) repositoryOrder() []int {
	repositories := a.repositories.all()
	sort.SliceStable(repositories, func(i, j int) bool { return repositories[i].int("search_order") < repositories[j].int("search_order") })
	order, local := []int{}, len(repositories)
	for place, repository := range repositories {
		if repository.int("search_order") > place {
			local = min(local, place)
		}
		order = append(order, repository.id())
	}
	return slices.Insert(order, local, localRepository)
}

// placeOfNewRepository is after the others, and before the array's own users where these come last.
func (a *Array) placeOfNewRepository() int {
	order := a.repositoryOrder()
	if order[len(order)-1] == localRepository {
		return len(order) - 1
	}
	return len(order)
}

func (a *Array) setRepositoryOrder(order []int) {
	for place, id := range order {
		if id != localRepository {
			a.repositories.objects[id]["search_order"] = place
		}
	}
}

// reorderRepositories puts the repositories of the body first, in its order; the others follow as they were.
func (a *Array) reorderRepositories(rq *request) (any, error) {
	if len(rq.body) == 0 {
		return nil, errEmpty
	}
	value, err := decode(rq.body)
	items, ok := value.([]any)
	if err != nil || !ok {
		return nil, errMalformed
	}
	var order []int
	for i, item := range items {
		id, ok := toInt(item)
		if !ok {
			return nil, errField(fmt.Sprintf("[%d]", i))
		}
		if slices.Contains(order, id) {
			return nil, badRequest("LDAP_LIST_NOT_UNIQUE", "LDAP list must contain unique values")
		}
		order = append(order, id)
	}
	for _, id := range order {
		if id != localRepository {
			if _, err := a.repositories.find(id); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range a.repositoryOrder() {
		if !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	a.setRepositoryOrder(order)
	return true, nil
}
