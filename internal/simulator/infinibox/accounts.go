package infinibox

import (
	"net/http"
	"slices"
	"strconv"
)

// Accounts are what roles are given to: users of the array itself, and groups of LDAP repositories and SSO identity
// providers, whose members may log in. They share their ids, and are listed and changed below the same path.

// ranks are the roles from the mightiest on: who is a member of several groups has the first of their roles.
var ranks = []string{"INFINIDAT", "ADMIN", "POOL_ADMIN", "TECHNICIAN", "READ_ONLY", "INFINIGUARD"}

// newAccounts is what all accounts can be found by when they are listed together. Each is shown as its own collection
// shows it.
func newAccounts() *collection {
	return newCollection(collection{noun: "User", command: "GetAllUsersFiltered"}, `
		id                           integer  filter sort
		name                         text     filter sort
		type                         text(Local|Ldap|Sso)  filter sort
		role                         text(INFINIDAT|ADMIN|POOL_ADMIN|TECHNICIAN|READ_ONLY|INFINIGUARD)  filter sort
		roles                        list
		email                        text
		enabled                      boolean
		enforce_user_password_policy boolean
		password_digest_version      integer  filter sort
		is_digest_sufficient         boolean
		dn                           text
		ldap_id                      integer
		ldap_name                    text
		idp_id                       integer
		idp_name                     text
	`)
}

func (a *Array) accountKinds() []*collection {
	return []*collection{a.users, a.ldapGroups, a.ssoGroups}
}

// accountOf finds a user or a group.
func (a *Array) accountOf(id int) (Object, error) {
	for _, c := range a.accountKinds() {
		if o := c.objects[id]; o != nil {
			return o, nil
		}
	}
	return a.users.find(id)
}

// ofAccount carries out a request by the collection that the account of the path is in.
func (a *Array) ofAccount(do func(rq *request, c *collection) (any, error)) handler {
	return func(rq *request) (any, error) {
		id, err := strconv.Atoi(rq.path[0])
		if err != nil {
			return nil, errMalformedID
		}
		o, err := a.accountOf(id)
		if err != nil {
			return nil, err
		}
		return do(rq, o.of())
	}
}

// accountRoutes serve users and groups as one collection.
func (a *Array) accountRoutes(r router) {
	r.list("/users", a.listAccounts)
	r.read("/users/{id}", a.ofAccount(a.readOne))
	r.list("/users/{id}/{attribute}", a.ofAccount(a.attribute))
	r.writeWith(http.MethodPost, "/users", a.users.creation, a.createAccount)
	r.writeWith(http.MethodPut, "/users/{id}", a.users.updating, a.ofAccount(a.update))
	r.writeWith(http.MethodDelete, "/users/{id}", a.users.deletion, a.ofAccount(a.deleteOne))
	for _, c := range a.accountKinds()[1:] {
		r.list("/"+c.path, func(rq *request) (any, error) { return a.listAll(rq, c) })
	}
}

func (a *Array) listAccounts(rq *request) (any, error) {
	var visible []Object
	for _, c := range a.accountKinds() {
		for _, o := range c.objects {
			if rq.mayRead(o) {
				visible = append(visible, o)
			}
		}
	}
	byID(visible)
	return a.query(a.accounts, visible, rq.query)
}

// createAccount makes a user or a group, as the type says.
func (a *Array) createAccount(rq *request) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	kind, _ := body["type"].(string)
	word, _ := a.users.byName["type"].word(kind)
	for _, c := range a.accountKinds() {
		if c.byName["type"].initial == word {
			return a.create(rq, c)
		}
	}
	return a.create(rq, a.users)
}

// accountIDs are the ids that a user has rights by: his own, or those of his groups.
func (o Object) accountIDs() []int {
	if groups, ok := o[".groups"].([]int); ok {
		return groups
	}
	return []int{o.id()}
}

// mayRead tells whether the user may see an account: his own, or one of his groups.
func (rq *request) mayRead(account Object) bool {
	return rq.isAdministrator() || slices.Contains(rq.user.accountIDs(), account.id())
}

func hideAccount(rq *request, account Object) error {
	if !rq.mayRead(account) {
		return errUserAccess(rq, itoa(account.id()))
	}
	return nil
}

// member is somebody who is known by his groups alone, or nil if there is none of them.
func (a *Array) member(name string, groups []Object) Object {
	if len(groups) == 0 {
		return nil
	}
	role, ids := len(ranks), []int{}
	for _, group := range groups {
		role, ids = min(role, slices.Index(ranks, group.text("role"))), append(ids, group.id())
	}
	return Object{home: a.users, "id": 0, "name": name, "role": ranks[role], ".groups": ids}
}

// dropAccount takes an account out of the array and out of the owners of pools, and ends what was logged in by it.
func (a *Array) dropAccount(account Object) {
	a.remove(account)
	for _, pool := range a.pools.objects {
		pool["owners"] = slices.DeleteFunc(slices.Clone(pool.list("owners")), func(owner any) bool { return owner == account.id() })
	}
	a.endSessions(func(s *session) bool { return s.user == account.id() })
}

// checkGroupRole checks the role of a group, which only administrators may give.
func checkGroupRole(ch *change) error {
	if !ch.rq.isAdministrator() {
		return errUnauthorized("insufficient privileges")
	}
	role := ch.after.text("role")
	if ch.isNew() {
		return ch.rq.mayHandle(role, "USER_ROLE_CREATE_FORBIDDEN", "create")
	}
	return ch.rq.mayHandle(role, "USER_ROLE_MODIFY_FORBIDDEN", "modify")
}

// mustHaveRole refuses a new account whose role is not given, after what is wrong with its other fields.
func mustHaveRole(rq *request, c *collection, body map[string]any, role string) error {
	if role != "" || !rq.creates() {
		return nil
	}
	if _, err := c.readNew(body); err != nil {
		return err
	}
	return errNoRole
}

var errNoRole = &apiError{"MISSING_ROLE", http.StatusBadRequest, "Cannot have a user without a role"}

// rolesOf is the list of one role, as an account shows it.
func rolesOf(_ *Array, o Object) any { return []any{o.text("role")} }
