package infinibox

import (
	"maps"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
)

const (
	infinidatID  = -1
	adminID      = -2
	technicianID = -3
	extraAdminID = -5 // of an administrator with another name; -4 is the system itself

	minPassword, maxPassword = 8, 128
)

func newUsers() *collection {
	return newCollection(collection{
		path: "users", noun: "User", absent: "USER_NOT_FOUND", taken: "USER_ALREADY_EXISTS",
		command: "GetAllUsersFiltered", unknownAttribute: true,
		computed: map[string]func(a *Array, o Object) any{
			"roles": func(_ *Array, o Object) any { return []any{o.text("role")} },
		},
	}, `
		id                           integer  filter sort
		name                         text     filter sort required update
		type                         text(Local|Ldap|Sso)  create  ="Local"
		role                         text(INFINIDAT|ADMIN|POOL_ADMIN|TECHNICIAN|READ_ONLY|INFINIGUARD)  create update
		roles                        list     create update
		email                        text     required update
		password                     text     required update hidden
		enabled                      boolean  create update  =true
		enforce_user_password_policy boolean  create update  =true
		password_digest_version      integer  =1
		is_digest_sufficient         boolean  =true
	`)
}

func (a *Array) userRoutes(r router) {
	r.open(http.MethodPost, "/users/login", a.logIn)
	r.write(http.MethodPost, "/users/logout", nil, a.logOut)
	r.collection(a, a.users, nil, actions{
		create: a.createUser, createRoles: administrators,
		update: a.updateUser,
		remove: a.deleteUser, removeRoles: administrators,
	})
	r.read("/users", func(rq *request) (any, error) {
		var visible []Object
		for _, user := range a.users.all() {
			if rq.mayRead(user) {
				visible = append(visible, user)
			}
		}
		return a.query(a.users, visible, rq.query)
	})
	r.read("/users/{id}", a.withUser(func(rq *request, user Object) (any, error) {
		return a.render(a.users, user, pluck(rq.query)), nil
	}))
	r.read("/users/{id}/pools", a.withUser(func(rq *request, user Object) (any, error) {
		return a.poolsOf(rq, user, "GetUserPools")
	}))
	r.read("/users/{name}/by_username", a.getUserByName)
	r.read("/users/roles", func(rq *request) (any, error) {
		return plain(rq, "GetAllUserRoles", a.users.byName["role"].values)
	})
	r.read("/users/password_policy", func(rq *request) (any, error) {
		return plain(rq, "GetPasswordPolicy", []any{passwordPolicy})
	})
	none := func(rq *request) (any, error) { return plain(rq, "GetGroups", []any{}) }
	r.read("/users/ldap_groups", none)
	r.read("/users/sso_groups", none)
	r.write(http.MethodPost, "/users/{id}/enable", nil, a.withUser(func(rq *request, user Object) (any, error) {
		return a.setEnabled(rq, user, true)
	}))
	r.write(http.MethodPost, "/users/{id}/disable", nil, a.withUser(func(rq *request, user Object) (any, error) {
		return a.setEnabled(rq, user, false)
	}))
	r.open(http.MethodPost, "/users/{name}/reset_password", func(*request) (any, error) {
		return map[string]any{"message": "A password reset link has been sent to the email address registered for this user"}, nil
	})
	r.open(http.MethodGet, "/users/{name}/reset_password/{token}", func(*request) (any, error) {
		return nil, forbidden("PASSWORD_RESET_REQUEST_EXPIRED", "Password reset request has expired")
	})
}

// passwordPolicy asks for length alone, so that the passwords that the vendor's tools make are accepted.
var passwordPolicy = map[string]any{
	"id": -1, "tenant_id": defaultTenant, "min_length": minPassword, "max_length": maxPassword, "reuse_limit": 1,
	"lowercase": false, "uppercase": false, "digit": false, "symbol": false, "no_username": true,
	"created_at": 0, "updated_at": 0,
}

// addBuiltInUsers adds the users that every array has. An administrator with another name is added to them.
func (a *Array) addBuiltInUsers(username, password string) {
	for _, u := range []struct {
		id         int
		name, role string
	}{
		{infinidatID, "infinidat", "INFINIDAT"},
		{adminID, "admin", "ADMIN"},
		{technicianID, "technician", "TECHNICIAN"},
		{extraAdminID, username, "ADMIN"},
	} {
		if a.userByName(u.name) != nil {
			continue
		}
		user := a.make(a.users, map[string]any{
			"id": u.id, "name": u.name, "role": u.role, "email": "dev.mgmt@infinidat.com",
			"enforce_user_password_policy": false,
		})
		a.users.objects[u.id] = user
		a.users.names[strings.ToLower(u.name)] = u.id
		a.passwords[u.id] = password
	}
}

func (a *Array) userByName(name string) Object {
	return a.users.objects[a.users.names[strings.ToLower(name)]]
}

// mayRead tells whether the user may see another one.
func (rq *request) mayRead(user Object) bool {
	return rq.isAdministrator() || rq.user.id() == user.id()
}

func errUserAccess(rq *request, user string) error {
	return forbidden("USER_ROLE_ACCESS_FORBIDDEN", "Your user ('%s') does not have access to user '%s'", rq.user.name(), user)
}

// withUser finds the user of the path, if he who asks may see him.
func (a *Array) withUser(do func(rq *request, user Object) (any, error)) handler {
	return func(rq *request) (any, error) {
		user, err := a.users.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		if !rq.mayRead(user) {
			return nil, errUserAccess(rq, rq.path[0])
		}
		return do(rq, user)
	}
}

func (a *Array) getUserByName(rq *request) (any, error) {
	user := a.userByName(rq.path[0])
	if user == nil {
		return nil, notFound("USER_NOT_FOUND", "User not found")
	}
	if !rq.mayRead(user) {
		return nil, errUserAccess(rq, user.name())
	}
	return a.render(a.users, user, nil), nil
}

// canonicalRole accepts a role as the vendor's tools write it: PoolAdmin, pool_admin.
func canonicalRole(role string) string {
	for _, known := range []string{"POOL_ADMIN", "READ_ONLY"} {
		if strings.EqualFold(role, strings.ReplaceAll(known, "_", "")) {
			return known
		}
	}
	return strings.ToUpper(role)
}

// readRole takes the role from role or roles; "" means that neither is there.
func readRole(body map[string]any) (string, error) {
	role, given := body["role"]
	if roles, ok := body["roles"].([]any); ok {
		switch {
		case len(roles) > 1:
			return "", badRequest("MULTIPLE_ROLES_NOT_SUPPORTED", "A user cannot have multiple roles")
		case len(roles) == 1:
			role, given = roles[0], true
		default:
			role, given = nil, true
		}
	}
	if !given {
		return "", nil
	}
	name, ok := role.(string)
	if !ok || name == "" {
		return "", badRequest("MISSING_ROLE", "Cannot have a user without a role")
	}
	delete(body, "roles")
	body["role"] = canonicalRole(name)
	return canonicalRole(name), nil
}

// mayHandle refuses an administrator the users that are the vendor's own.
func (rq *request) mayHandle(role, code, verb string) error {
	if rq.role() == "INFINIDAT" || role != "INFINIDAT" && role != "TECHNICIAN" {
		return nil
	}
	return forbidden(code, "Insufficient privileges to %s user with role: [%s]", verb, role)
}

func (a *Array) createUser(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	role, err := readRole(body)
	if err != nil {
		return nil, err
	}
	values, err := a.users.creation(body)
	if err != nil {
		return nil, err
	}
	if role == "" {
		return nil, badRequest("MISSING_ROLE", "Cannot have a user without a role")
	}
	if kind := values["type"]; kind == "Ldap" || kind == "Sso" {
		if role == "INFINIDAT" {
			return nil, badRequest("ROLE_NOT_ALLOWED", "Cannot assign LDAP users with role INFINIDAT")
		}
		return nil, errUnsupported("type")
	}
	if err := rq.mayHandle(role, "USER_ROLE_CREATE_FORBIDDEN", "create"); err != nil {
		return nil, err
	}
	enforce := values["enforce_user_password_policy"] != false
	if err := a.checkUser(values, 0, enforce); err != nil {
		return nil, err
	}
	if len(a.users.objects) >= a.limits.Users {
		return nil, conflict("USER_COUNT_LIMIT", "User cannot be created: the number of users has reached system limit")
	}
	password := values["password"].(string)
	delete(values, "password")
	user := a.make(a.users, values)
	a.add(a.users, user)
	a.passwords[user.id()] = password
	return created{a.render(a.users, user, nil)}, nil
}

// checkUser checks name, email and password, as far as they are there.
func (a *Array) checkUser(values map[string]any, self int, enforce bool) error {
	if name, ok := values["name"].(string); ok {
		if err := checkName(name); err != nil {
			return err
		}
		if other := a.userByName(name); other != nil && other.id() != self {
			return conflict("USER_ALREADY_EXISTS", "User '%s' already exists", name)
		}
	}
	if email, ok := values["email"].(string); ok {
		address, err := mail.ParseAddress(email)
		if err != nil || address.Address != email || strings.HasSuffix(email, ".") {
			return badRequest("EMAIL_INVALID_RECIPIENT", "Invalid email address: '%s'", email)
		}
	}
	password, ok := values["password"].(string)
	if !ok {
		return nil
	}
	for i := range len(password) {
		if password[i] > 127 {
			return badRequest("INVALID_PASSWORD", "Password must contain only ASCII characters")
		}
	}
	if enforce && (len(password) < minPassword || len(password) > maxPassword) {
		return badRequest("USER_PASSWORD_DOES_NOT_COMPLY_WITH_POLICY", "User operation failed due to the password not complying with the policy")
	}
	return nil
}

// updateUser changes a user. Users may change their own name, email and password; administrators all.
func (a *Array) updateUser(rq *request) (any, error) {
	user, err := a.users.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if !rq.mayRead(user) {
		return nil, errUserAccess(rq, rq.path[0])
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	if _, err := readRole(body); err != nil {
		return nil, err
	}
	if value, ok := body["password"]; ok && value == nil {
		return nil, errMissing("password")
	}
	values, err := a.users.change(body)
	if err != nil {
		return nil, err
	}
	if err := a.checkUserChange(rq, user, values); err != nil {
		return nil, err
	}
	if password, ok := values["password"].(string); ok {
		a.passwords[user.id()] = password
		delete(values, "password")
	}
	if name, ok := values["name"].(string); ok {
		a.users.rename(user, name)
	}
	maps.Copy(user, values)
	return a.render(a.users, user, nil), nil
}

func (a *Array) checkUserChange(rq *request, user Object, values map[string]any) error {
	self := rq.user.id() == user.id()
	if !self {
		if err := rq.mayHandle(user.text("role"), "USER_ROLE_MODIFY_FORBIDDEN", "modify"); err != nil {
			return err
		}
	}
	if role, ok := values["role"].(string); ok {
		if self && role != user.text("role") {
			return conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot modify their own role")
		}
		if err := rq.mayHandle(role, "USER_ROLE_MODIFY_FORBIDDEN", "modify"); err != nil {
			return err
		}
	}
	if values["enabled"] == false && self {
		return conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot disable themselves")
	}
	enforce := user.bool("enforce_user_password_policy")
	if value, ok := values["enforce_user_password_policy"].(bool); ok {
		if !rq.isAdministrator() {
			return errUnauthorized("Changing the enforce_user_password_policy is not allowed for the current roles: [%s]", rq.role())
		}
		if !value && enforce {
			if err := rq.needApproval("Enforce Password Policy for user '%s' will be disabled", user.name()); err != nil {
				return err
			}
		}
		enforce = value
	}
	return a.checkUser(values, user.id(), enforce)
}

func (a *Array) deleteUser(rq *request) (any, error) {
	user, err := a.users.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if user.id() == rq.user.id() {
		return nil, conflict("USER_CANNOT_BE_SELF_DELETED", "Users cannot delete themselves")
	}
	if err := rq.mayHandle(user.text("role"), "USER_ROLE_DELETE_FORBIDDEN", "delete"); err != nil {
		return nil, err
	}
	result := a.render(a.users, user, nil)
	a.remove(a.users, user)
	delete(a.passwords, user.id())
	for _, pool := range a.pools.objects {
		left := []any{}
		for _, owner := range pool["owners"].([]any) {
			if owner != user.id() {
				left = append(left, owner)
			}
		}
		pool["owners"] = left
	}
	return result, nil
}

func (a *Array) setEnabled(rq *request, user Object, enabled bool) (any, error) {
	if !rq.isAdministrator() {
		return nil, forbidden("ACTION_NOT_ALLOWED_FOR_ROLE", "User with role [%s] is not allowed to perform this action", rq.role())
	}
	if user.id() == rq.user.id() {
		return nil, conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot disable themselves")
	}
	if rq.role() != "INFINIDAT" && user.text("role") == "INFINIDAT" {
		return nil, errUserAccess(rq, strconv.Itoa(user.id()))
	}
	user["enabled"] = enabled
	return a.render(a.users, user, nil), nil
}
