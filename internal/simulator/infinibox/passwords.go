package infinibox

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

const (
	minPassword, maxPassword = 8, 128

	resetLife   = int(time.Hour / time.Millisecond) // how long a link to reset a password is good for
	resetLength = 20                                // of the password that it gives
)

// PasswordPolicy is what the array asks of the passwords of its users. What is 0 is as on a fresh array.
type PasswordPolicy struct {
	MinLength  int  `json:"min_length"`
	MaxLength  int  `json:"max_length"`
	ReuseLimit int  `json:"reuse_limit"` // how many of the last passwords a new one must differ from
	Lowercase  bool `json:"lowercase"`
	Uppercase  bool `json:"uppercase"`
	Digit      bool `json:"digit"`
	Symbol     bool `json:"symbol"`
	NoUsername bool `json:"no_username"` // the user's name is no password
}

// freshPolicy asks for little, so that the passwords that the vendor's tools make are accepted.
var freshPolicy = PasswordPolicy{MinLength: minPassword, MaxLength: maxPassword, ReuseLimit: 1, NoUsername: true}

func (p PasswordPolicy) withDefaults() PasswordPolicy {
	for _, n := range []struct {
		value *int
		fresh int
	}{{&p.MinLength, freshPolicy.MinLength}, {&p.MaxLength, freshPolicy.MaxLength}, {&p.ReuseLimit, freshPolicy.ReuseLimit}} {
		if *n.value == 0 {
			*n.value = n.fresh
		}
	}
	return p
}

// render is the policy as clients see it.
func (p PasswordPolicy) render() map[string]any {
	return map[string]any{
		"id": -1, "tenant_id": defaultTenant, "min_length": p.MinLength, "max_length": p.MaxLength, "reuse_limit": p.ReuseLimit,
		"lowercase": p.Lowercase, "uppercase": p.Uppercase, "digit": p.Digit, "symbol": p.Symbol, "no_username": p.NoUsername,
		"created_at": 0, "updated_at": 0,
	}
}

// allows tells whether a user may have a password; last are the digests of those that he had, the latest at the end.
func (p PasswordPolicy) allows(name, password string, last []any) bool {
	has := func(class func(r rune) bool) bool { return strings.ContainsFunc(password, class) }
	symbol := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	recent := last[max(0, len(last)-p.ReuseLimit):]
	return len(password) >= p.MinLength && len(password) <= p.MaxLength &&
		(!p.Lowercase || has(unicode.IsLower)) && (!p.Uppercase || has(unicode.IsUpper)) &&
		(!p.Digit || has(unicode.IsDigit)) && (!p.Symbol || has(symbol)) &&
		!(p.NoUsername && strings.EqualFold(name, password)) &&
		!slices.Contains(recent, any(digest(password)))
}

func (a *Array) passwordRoutes(r router) {
	r.list("/users/password_policy", func(rq *request) (any, error) {
		return plain(rq, "GetPasswordPolicy", []any{a.access.Policy.render()})
	})
	r.open(http.MethodPost, "/users/{name}/reset_password", a.requestReset)
	r.open(http.MethodGet, "/users/{name}/reset_password/{token}", a.resetPassword)
}

// checkPasswordChange checks a password that a user is given, and settles what is kept of it.
func checkPasswordChange(ch *change) error {
	password, ok := ch.values["password"].(string)
	if !ok {
		return nil
	}
	for i := range len(password) {
		if password[i] > unicode.MaxASCII {
			return badRequest("INVALID_PASSWORD", "Password must contain only ASCII characters")
		}
	}
	policy := ch.a.access.Policy
	if ch.after.bool("enforce_user_password_policy") && !policy.allows(ch.after.text("name"), password, ch.before.list(".passwords")) {
		return badRequest("USER_PASSWORD_DOES_NOT_COMPLY_WITH_POLICY", "User operation failed due to the password not complying with the policy")
	}
	ch.a.givePassword(ch.after, password)
	return nil
}

// givePassword notes a password, and as many of those before as the policy asks for.
func (a *Array) givePassword(user Object, password string) {
	kept := digest(password)
	last := append(slices.Clone(user.list(".passwords")), kept)
	user["password"], user[".passwords"] = kept, last[max(0, len(last)-a.access.Policy.ReuseLimit):]
}

// Mail is a message that the array has sent to a user.
type Mail struct {
	To   string
	Text string
}

// Mails are the messages that the array has sent so far.
func (s *Simulator) Mails() []Mail {
	s.array.mu.Lock()
	defer s.array.mu.Unlock()
	return slices.Clone(s.array.mails)
}

// reset is a link by which a user may have a new password.
type reset struct{ user, until int }

// requestReset sends a user a link. The answer is the same for a name that nobody has, so that it tells nothing.
func (a *Array) requestReset(rq *request) (any, error) {
	if user := a.userByName(rq.path[0]); user != nil {
		token := rand.Text()
		a.resets[token] = reset{user.id(), a.clock() + resetLife}
		a.mails = append(a.mails, Mail{user.text("email"), root + "/users/" + user.name() + "/reset_password/" + token})
	}
	return map[string]any{"message": "A password reset link has been sent to the email address registered for this user"}, nil
}

// resetPassword gives a user a new password and sends it to him. A link is good once.
func (a *Array) resetPassword(rq *request) (any, error) {
	name, token := rq.path[0], rq.path[1]
	asked, user := a.resets[token], a.userByName(name)
	if user == nil || asked.user != user.id() || asked.until <= a.clock() {
		return nil, forbidden("PASSWORD_RESET_REQUEST_EXPIRED", "Password reset request has expired")
	}
	delete(a.resets, token)
	password := ("Aa-1" + rand.Text())[:min(a.access.Policy.MaxLength, resetLength)]
	a.givePassword(user, password)
	a.mails = append(a.mails, Mail{user.text("email"), password})
	return map[string]any{"message": "The password has been updated"}, nil
}
