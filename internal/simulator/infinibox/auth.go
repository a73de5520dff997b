package infinibox

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"slices"
)

const sessionCookie = "JSESSIONID"

// authenticate finds who asks: by basic credentials, or else by the cookie of a session.
func (a *Array) authenticate(r *http.Request) (Object, error) {
	if name, password, ok := r.BasicAuth(); ok {
		if user := a.checkPassword(name, password); user != nil {
			return user, nil
		}
		return nil, errUnauthenticated
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		if id, ok := a.sessions[cookie.Value]; ok {
			if user := a.users.objects[id]; user != nil && user.bool("enabled") {
				return user, nil
			}
		}
	}
	return nil, errUnauthenticated
}

// checkPassword returns the enabled user of that name and password, or nil.
func (a *Array) checkPassword(name, password string) Object {
	user := a.userByName(name)
	if user == nil || !user.bool("enabled") {
		return nil
	}
	if subtle.ConstantTimeCompare([]byte(user.text("password")), []byte(digest(password))) != 1 {
		return nil
	}
	return user
}

// digest is what is kept of a password.
func digest(password string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(password)))
}

// EndSession forgets the session of a request, as when it has timed out.
func (a *Array) EndSession(r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		delete(a.sessions, cookie.Value)
	}
}

// logIn opens a session; the body tells who.
func (a *Array) logIn(rq *request) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	name, _ := body["username"].(string)
	password, _ := body["password"].(string)
	user := a.checkPassword(name, password)
	if user == nil {
		return nil, forbidden("BAD_USER", "Authentication request failed")
	}
	session := rand.Text()
	a.sessions[session] = user.id()
	cookie := http.Cookie{Name: sessionCookie, Value: session, Path: "/", HttpOnly: true}
	rq.response.Add("Set-Cookie", cookie.String())
	return a.identity(user), nil
}

// logOut ends the session of the request.
func (a *Array) logOut(rq *request) (any, error) {
	if cookie, err := (&http.Request{Header: rq.header}).Cookie(sessionCookie); err == nil {
		delete(a.sessions, cookie.Value)
	}
	return a.identity(rq.user), nil
}

func (a *Array) identity(user Object) map[string]any {
	return map[string]any{
		"name": user.name(), "roles": a.value(user, "roles"),
		"user_objects": []any{a.render(user, nil)},
	}
}

func (rq *request) role() string { return rq.user.text("role") }

func (rq *request) isAdministrator() bool { return slices.Contains(administrators, rq.role()) }

// owns tells whether the user may change a pool and what is in it.
func (rq *request) owns(pool Object) bool {
	if rq.isAdministrator() {
		return true
	}
	return rq.role() == "POOL_ADMIN" && slices.Contains(pool.list("owners"), any(rq.user.id()))
}

// mayUse refuses a pool administrator a dataset in a pool that is not his.
func (rq *request) mayUse(o Object) error {
	if rq.owns(rq.a.poolOf(o)) {
		return nil
	}
	return forbidden("USER_IS_FORBIDDEN", "'%s' is located in a pool on which the current user has read-only permissions", o.name())
}
