package infinibox

import (
	"net/http"
	"net/mail"
	"slices"
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
		path: "users", noun: "User", absent: "USER_NOT_FOUND", command: "GetAllUsersFiltered",
		taken: "USER_ALREADY_EXISTS", takenText: "User '%s' already exists",
		creation: by(administrators), updating: by(nil), deletion: by(administrators),
		unknownAttribute: errMissingAttribute,
		hides: func(rq *request, user Object) error {
			if !rq.mayRead(user) {
				return errUserAccess(rq, itoa(user.id()))
			}
			return nil
		},
		prepare: prepareUser, full: usersFull, check: checkUser,
		checks: map[string]func(ch *change) error{"role": checkRole, "enabled": checkEnabled},
		keeps:  func(rq *request, user Object) error { return rq.checkUserDeletion(user) },
		delete: func(rq *request, user Object) { rq.a.dropUser(user) },
		computed: map[string]func(a *Array, o Object) any{
			"roles": func(_ *Array, o Object) any { return []any{o.text("role")} },
		},
	}, `
		id                           integer  filter sort
		name                         text     filter sort required update
		type                         text(Local|Ldap|Sso)  filter create  ="Local"
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
	r.serve(a, a.users)
	r.list("/users/{id}/pools", a.withUser(func(rq *request, user Object) (any, error) {
		return a.poolsOf(rq, user, "GetUserPools")
	}))
	r.read("/users/{name}/by_username", a.getUserByName)
	r.list("/users/roles", func(rq *request) (any, error) {
		return plain(rq, "GetAllUserRoles", a.users.byName["role"].values)
	})
	r.list("/users/password_policy", func(rq *request) (any, error) {
		return plain(rq, "GetPasswordPolicy", []any{passwordPolicy})
	})
	none := func(rq *request) (any, error) { return plain(rq, "GetGroups", []any{}) }
	r.list("/users/ldap_groups", none)
	r.list("/users/sso_groups", none)
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
		a.users.keep(a.make(a.users, map[string]any{
			"id": u.id, "name": u.name, "role": u.role, "email": "dev.mgmt@infinidat.com",
			"enforce_user_password_policy": false, "password": digest(password),
		}))
	}
}

func (a *Array) userByName(name string) Object {
	return a.users.objects[a.users.keys[strings.ToLower(name)]]
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
		user, err := rq.object(a.users)
		if err != nil {
			return nil, err
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
	return a.render(user, nil), nil
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

// prepareUser reads the role, which a new user must have.
func prepareUser(rq *request, body map[string]any) error {
	role, err := readRole(body)
	if err != nil {
		return err
	}
	if value, ok := body["password"]; ok && value == nil && !rq.creates() {
		return errMissing("password")
	}
	if role == "" && rq.creates() {
		if _, err := rq.a.users.readNew(body); err != nil {
			return err
		}
		return badRequest("MISSING_ROLE", "Cannot have a user without a role")
	}
	return nil
}

func usersFull(a *Array) error {
	if len(a.users.objects) >= a.limits.Users {
		return conflict("USER_COUNT_LIMIT", "User cannot be created: the number of users has reached system limit")
	}
	return nil
}

// checkRole checks a role that a user is given.
func checkRole(ch *change) error {
	role := ch.after.text("role")
	if ch.isNew() {
		if kind := ch.after["type"]; kind == "Ldap" || kind == "Sso" {
			if role == "INFINIDAT" {
				return badRequest("ROLE_NOT_ALLOWED", "Cannot assign LDAP users with role INFINIDAT")
			}
			return errUnsupported("type")
		}
		return ch.rq.mayHandle(role, "USER_ROLE_CREATE_FORBIDDEN", "create")
	}
	if ch.self() && role != ch.before.text("role") {
		return conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot modify their own role")
	}
	return ch.rq.mayHandle(role, "USER_ROLE_MODIFY_FORBIDDEN", "modify")
}

// self tells whether users change themselves.
func (ch *change) self() bool { return ch.before.id() == ch.rq.user.id() }

func checkEnabled(ch *change) error {
	if ch.after["enabled"] == false && ch.self() {
		return conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot disable themselves")
	}
	return nil
}

// checkUser checks a user as it is going to be. Users may change their own name, email and password; administrators all.
func checkUser(ch *change) error {
	if !ch.isNew() {
		if err := checkUserChange(ch); err != nil {
			return err
		}
	}
	if email, ok := ch.values["email"].(string); ok {
		address, err := mail.ParseAddress(email)
		if err != nil || address.Address != email || strings.HasSuffix(email, ".") {
			return badRequest("EMAIL_INVALID_RECIPIENT", "Invalid email address: '%s'", email)
		}
	}
	password, ok := ch.values["password"].(string)
	if !ok {
		return nil
	}
	for i := range len(password) {
		if password[i] > 127 {
			return badRequest("INVALID_PASSWORD", "Password must contain only ASCII characters")
		}
	}
	if ch.after.bool("enforce_user_password_policy") && (len(password) < minPassword || len(password) > maxPassword) {
		return badRequest("USER_PASSWORD_DOES_NOT_COMPLY_WITH_POLICY", "User operation failed due to the password not complying with the policy")
	}
	ch.after["password"] = digest(password)
	return nil
}

func checkUserChange(ch *change) error {
	if !ch.self() {
		if err := ch.rq.mayHandle(ch.before.text("role"), "USER_ROLE_MODIFY_FORBIDDEN", "modify"); err != nil {
			return err
		}
	}
	if !ch.sets("enforce_user_password_policy") {
		return nil
	}
	if !ch.rq.isAdministrator() {
		return errUnauthorized("Changing the enforce_user_password_policy is not allowed for the current roles: [%s]", ch.rq.role())
	}
	if !ch.after.bool("enforce_user_password_policy") && ch.before.bool("enforce_user_password_policy") {
		return ch.rq.needApproval("Enforce Password Policy for user '%s' will be disabled", ch.before.name())
	}
	return nil
}

func (rq *request) checkUserDeletion(user Object) error {
	if user.id() == rq.user.id() {
		return conflict("USER_CANNOT_BE_SELF_DELETED", "Users cannot delete themselves")
	}
	return rq.mayHandle(user.text("role"), "USER_ROLE_DELETE_FORBIDDEN", "delete")
}

// dropUser takes a user out of the array, and out of the owners of pools.
func (a *Array) dropUser(user Object) {
	a.remove(user)
	for _, pool := range a.pools.objects {
		pool["owners"] = slices.DeleteFunc(slices.Clone(pool.list("owners")), func(owner any) bool { return owner == user.id() })
	}
}

func (a *Array) setEnabled(rq *request, user Object, enabled bool) (any, error) {
	if !rq.isAdministrator() {
		return nil, forbidden("ACTION_NOT_ALLOWED_FOR_ROLE", "User with role [%s] is not allowed to perform this action", rq.role())
	}
	if user.id() == rq.user.id() {
		return nil, conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot disable themselves")
	}
	if rq.role() != "INFINIDAT" && user.text("role") == "INFINIDAT" {
		return nil, errUserAccess(rq, itoa(user.id()))
	}
	user["enabled"] = enabled
	return a.render(user, nil), nil
}
