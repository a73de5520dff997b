package infinibox

import (
	"net/http"
	"net/mail"
	"strings"
)

const (
	infinidatID  = -1
	adminID      = -2
	technicianID = -3
	extraAdminID = -5 // of an administrator with another name; -4 is the system itself
)

func newUsers() *collection {
	return newCollection(collection{
		path: "users", noun: "User", absent: "USER_NOT_FOUND", command: "GetAllUsersFiltered",
		taken: "USER_ALREADY_EXISTS", takenText: "User '%s' already exists",
		creation: by(administrators), updating: by(nil), deletion: by(administrators),
		unknownAttribute: errMissingAttribute, hides: hideAccount,
		prepare: prepareUser, full: usersFull, check: checkUser,
		checks: map[string]func(ch *change) error{"role": checkRole, "enabled": checkEnabled},
		stored: func(ch *change) {
			if !ch.after.bool("enabled") {
				ch.a.endSessions(func(s *session) bool { return s.user == ch.after.id() })
			}
		},
		keeps:    func(rq *request, user Object) error { return rq.checkUserDeletion(user) },
		delete:   func(rq *request, user Object) { rq.a.dropAccount(user) },
		computed: map[string]func(a *Array, o Object) any{"roles": rolesOf},
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
	a.accountRoutes(r)
	a.passwordRoutes(r)
	r.list("/users/{id}/pools", a.ofAccount(func(rq *request, c *collection) (any, error) {
		account, err := rq.object(c)
		if err != nil {
			return nil, err
		}
		return a.poolsOf(rq, account, "GetUserPools")
	}))
	r.read("/users/{name}/by_username", a.getUserByName)
	r.list("/users/roles", func(rq *request) (any, error) {
		return plain(rq, "GetAllUserRoles", a.users.byName["role"].values)
	})
	for action, enabled := range map[string]bool{"enable": true, "disable": false} {
		r.write(http.MethodPost, "/users/{id}/"+action, nil, func(rq *request) (any, error) {
			return a.setEnabled(rq, enabled)
		})
	}
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
			"enforce_user_password_policy": false, "password": digest(password), ".passwords": []any{digest(password)},
		}))
	}
}

func (a *Array) userByName(name string) Object {
	return a.users.objects[a.users.keys[strings.ToLower(name)]]
}

func errUserAccess(rq *request, user string) error {
	return forbidden("USER_ROLE_ACCESS_FORBIDDEN", "Your user ('%s') does not have access to user '%s'", rq.user.name(), user)
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
		return "", errNoRole
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
	return mustHaveRole(rq, rq.a.users, body, role)
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
		return ch.rq.mayHandle(role, "USER_ROLE_CREATE_FORBIDDEN", "create")
	}
	if ch.self() && role != ch.before.text("role") {
		return conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot modify their own role")
	}
	return ch.rq.mayHandle(role, "USER_ROLE_MODIFY_FORBIDDEN", "modify")
}

// self tells whether users change themselves.
func (ch *change) self() bool { return !ch.isNew() && ch.before.id() == ch.rq.user.id() }

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
	if err := checkEmail(ch); err != nil {
		return err
	}
	return checkPasswordChange(ch)
}

// checkEmail checks an address, if a request says one.
func checkEmail(ch *change) error {
	if email, ok := ch.values["email"].(string); ok {
		return validEmail(email)
	}
	return nil
}

func validEmail(email string) error {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || strings.HasSuffix(email, ".") {
		return badRequest("EMAIL_INVALID_RECIPIENT", "Invalid email address: '%s'", email)
	}
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

// setEnabled lets a user log in, or ends what he is logged in with.
func (a *Array) setEnabled(rq *request, enabled bool) (any, error) {
	user, err := rq.object(a.users)
	switch {
	case err != nil:
		return nil, err
	case !rq.isAdministrator():
		return nil, forbidden("ACTION_NOT_ALLOWED_FOR_ROLE", "User with role [%s] is not allowed to perform this action", rq.role())
	case user.id() == rq.user.id():
		return nil, conflict("USER_CANNOT_BE_SELF_MODIFIED", "Users cannot disable themselves")
	case rq.role() != "INFINIDAT" && user.text("role") == "INFINIDAT":
		return nil, errUserAccess(rq, itoa(user.id()))
	}
	if err := a.change(rq, user, map[string]any{"enabled": enabled}); err != nil {
		return nil, err
	}
	return a.render(user, nil), nil
}
