package infinibox

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

const sessionCookie = "JSESSIONID"

// session is a login that a cookie stands for.
type session struct {
	user   int    // id of a user of the array; 0 for a member of groups
	name   string // of the member
	groups []int
	idp    int // the identity provider that vouched for the member; 0 if none did

	authorization string // what the other array is shown
}

// authenticate finds who asks: by basic credentials, or else by the cookie of a session.
func (a *Array) authenticate(r *http.Request) (Object, error) {
	if name, password, ok := r.BasicAuth(); ok {
		if user := a.signIn(name, password); user != nil {
			return user, nil
		}
		return nil, errUnauthenticated
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		if s := a.sessions[cookie.Value]; s != nil {
			if user := a.sessionUser(s); user != nil {
				return user, nil
			}
		}
	}
	return nil, errUnauthenticated
}

// sessionUser is who a session belongs to, or nil if he may not do anything any more.
func (a *Array) sessionUser(s *session) Object {
	if s.user != 0 {
		if user := a.users.objects[s.user]; user.bool("enabled") {
			return user
		}
		return nil
	}
	var groups []Object
	for _, id := range s.groups {
		if group, err := a.accountOf(id); err == nil {
			groups = append(groups, group)
		}
	}
	return a.member(s.name, groups)
}

// signIn asks the repositories of users in their order for somebody of that name and password; nil: none has him.
func (a *Array) signIn(name, password string) Object {
	for _, id := range a.repositoryOrder() {
		var user Object
		if id == localRepository {
			user = a.checkPassword(name, password)
		} else {
			user = a.directoryUser(a.repositories.objects[id], name, password)
		}
		if user != nil {
			return user
		}
	}
	return nil
}

// checkPassword returns the enabled user of the array of that name and password, or nil.
func (a *Array) checkPassword(name, password string) Object {
	user := a.userByName(name)
	if user == nil || !user.bool("enabled") || !isDigestOf(user.text("password"), password) {
		return nil
	}
	return user
}

// digest is what is kept of a password.
func digest(password string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(password)))
}

func isDigestOf(kept, password string) bool {
	return subtle.ConstantTimeCompare([]byte(kept), []byte(digest(password))) == 1
}

// EndSession forgets the session of a request, as when it has timed out.
func (a *Array) EndSession(r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		delete(a.sessions, cookie.Value)
	}
}

// endSessions logs out whom it is told.
func (a *Array) endSessions(of func(s *session) bool) {
	maps.DeleteFunc(a.sessions, func(_ string, s *session) bool { return of(s) })
}

// logIn opens a session; the body tells who.
func (a *Array) logIn(rq *request) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	name, _ := body["username"].(string)
	password, _ := body["password"].(string)
	user := a.signIn(name, password)
	if user == nil {
		a.tellOfUser("USER_LOGIN_FAILURE", name)
		return nil, errBadUser
	}
	return a.openSession(rq, user, 0, basicAuthorization(name, password)), nil
}

func basicAuthorization(name, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(name, password)
	return r.Header.Get("Authorization")
}

var errBadUser = &apiError{"BAD_USER", http.StatusForbidden, "Authentication request failed"}

// openSession gives the client a cookie, and answers with whom it stands for.
func (a *Array) openSession(rq *request, user Object, idp int, authorization string) any {
	s := &session{user: user.id(), name: user.name(), idp: idp, authorization: authorization}
	if s.user == 0 {
		s.groups = user.accountIDs()
	}
	a.tellOfUser("USER_LOGIN_SUCCESS", user.name())
	key := rand.Text()
	a.sessions[key] = s
	cookie := http.Cookie{Name: sessionCookie, Value: key, Path: "/", HttpOnly: true}
	rq.response.Add("Set-Cookie", cookie.String())
	return a.identity(user)
}

// logOut ends the session of the request.
func (a *Array) logOut(rq *request) (any, error) {
	if cookie, err := (&http.Request{Header: rq.header}).Cookie(sessionCookie); err == nil {
		delete(a.sessions, cookie.Value)
	}
	return a.identity(rq.user), nil
}

// identity is what the array says of who is logged in. A member of groups is no object of the array.
func (a *Array) identity(user Object) map[string]any {
	identity := map[string]any{"name": user.name(), "roles": rolesOf(a, user), "user_objects": nil}
	if user.id() != 0 {
		identity["user_objects"] = []any{a.render(user, nil)}
	}
	return identity
}

func (rq *request) role() string { return rq.user.text("role") }

func (rq *request) isAdministrator() bool { return slices.Contains(administrators, rq.role()) }

// owns tells whether the user may change a pool and what is in it.
func (rq *request) owns(pool Object) bool {
	if rq.isAdministrator() {
		return true
	}
	return rq.role() == "POOL_ADMIN" && ownedBy(pool, rq.user)
}

// ownedBy tells whether a user, or a group of his, is an owner of a pool.
func ownedBy(pool, user Object) bool {
	return slices.ContainsFunc(user.accountIDs(), func(id int) bool { return slices.Contains(pool.list("owners"), any(id)) })
}

// mayUse refuses a pool administrator a dataset in a pool that is not his.
func (rq *request) mayUse(o Object) error {
	if rq.owns(rq.a.poolOf(o)) {
		return nil
	}
	return forbidden("USER_IS_FORBIDDEN", "'%s' is located in a pool on which the current user has read-only permissions", o.name())
}
