package infinibox

import (
	"fmt"
	"strings"
)

// An S3 account owns one pool, and in it users with their credentials and buckets. What is stored in the buckets is not
// simulated; a seed says what there is.

const maxS3Location = 64

// objectStorage are the collections of S3.
type objectStorage struct {
	s3Accounts, s3Users, s3Buckets, s3Credentials *collection

	s3Identity s3Identity
}

func (a *Array) addObjectStorage() {
	a.s3Accounts, a.s3Users, a.s3Buckets, a.s3Credentials = newS3Accounts(), newS3Users(), newS3Buckets(), newS3Credentials()
	a.holders["account_id"], a.holders["user_id"] = a.s3Accounts, a.s3Users
	a.collections = append(a.collections, a.s3Accounts, a.s3Users, a.s3Buckets, a.s3Credentials)
}

func newS3Accounts() *collection {
	return newCollection(collection{
		path: "s3_accounts", noun: "S3 account", absent: "S3_ACCOUNT_NOT_FOUND", command: "GetAllS3Accounts",
		taken: "S3_ACCOUNT_NAME_CONFLICT", takenText: "An account with this name already exists",
		in:       "pool_id",
		creation: by(administrators), updating: by(poolAdmins), deletion: by(administrators),
		full: s3AccountsFull, check: checkS3Account,
		checks: map[string]func(ch *change) error{
			"email": checkEmail, "location": checkS3Location, "canonical_id": checkCanonicalID,
			"enabled": toggle{
				field: "enabled", on: true,
				already: func(o Object, state string) error {
					return conflict("S3_ACCOUNT_ALREADY_"+strings.ToUpper(state), "The S3 account '%s' is already %s", o.name(), state)
				},
				danger: func(o Object) string {
					return fmt.Sprintf("Disabling account '%s' will prevent access to all buckets associated with this account", o.name())
				},
			}.check,
		},
		stored: giveCanonicalID,
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting account '%s' will also delete all users and credentials associated with this account", o.name())
		},
		keeps:  func(rq *request, o Object) error { return rq.a.keepsS3Account(o) },
		delete: func(rq *request, o Object) { rq.a.dropS3Account(o) },
		computed: map[string]func(a *Array, o Object) any{
			"pool_name":         func(a *Array, o Object) any { return a.holderOf(o).name() },
			"buckets_count":     func(a *Array, o Object) any { return len(a.s3Buckets.where("account_id", o.id())) },
			"users_count":       func(a *Array, o Object) any { return len(a.s3Users.where("account_id", o.id())) },
			"credentials_count": func(a *Array, o Object) any { return a.credentialsOfAccount(o) },
			"capacity_consumed": consumedByAccount,
		},
	}, `
		id                integer  filter sort
		name              text     filter sort required update
		pool_id           integer  required
		pool_name         text
		enabled           boolean  filter sort create update  =true
		email             text     filter sort create update null
		location          text     filter sort create update null
		canonical_id      text     filter sort create
		buckets_count     integer
		users_count       integer
		credentials_count integer
		capacity_consumed integer
		tenant_id         integer
		created_at        integer  filter sort
		updated_at        integer  filter sort
	`)
}

func (a *Array) s3Routes(r router) {
	r.serve(a, a.s3Accounts)
	r.serve(a, a.s3Users)
	r.serve(a, a.s3Buckets)
	r.serve(a, a.s3Credentials)
	a.s3CertificateRoutes(r)
}

func errS3Disabled() error {
	return conflict("S3_FEATURE_NOT_ENABLED", "This operation cannot be completed because the S3-Compatible Object Storage feature is not enabled")
}

func s3AccountsFull(a *Array) error {
	switch {
	case !a.s3:
		return errS3Disabled()
	case len(a.s3Accounts.objects) >= a.limits.S3Accounts:
		return conflict("S3_ACCOUNT_COUNT_LIMIT", "A new account cannot be created, The system has reached the maximum number of accounts")
	}
	return nil
}

func checkS3Location(ch *change) error {
	location, given := ch.after["location"].(string)
	if n := len([]rune(location)); given && (n < 1 || n > maxS3Location) {
		return badRequest("INVALID_PARAMETER_LENGTH", "Parameter ('location') length must be between 1 and %d characters. Actual: %d", maxS3Location, n)
	}
	return nil
}

// checkCanonicalID checks the id that S3 knows the owner of objects by.
func checkCanonicalID(ch *change) error {
	id := strings.ToLower(ch.after.text("canonical_id"))
	if len(id) != 64 || strings.Trim(id, "0123456789abcdef") != "" {
		return conflict("S3_INVALID_CANONICAL_ID", "The canonical ID must be a 64-character hexadecimal string")
	}
	for _, c := range []*collection{ch.a.s3Accounts, ch.a.s3Users} {
		for _, o := range c.objects {
			if o.text("canonical_id") == id {
				return conflict("S3_CANONICAL_ID_CONFLICT", "The canonical ID already exists")
			}
		}
	}
	ch.after["canonical_id"] = id
	return nil
}

// giveCanonicalID gives a new account or user an id for S3, if the request has not.
func giveCanonicalID(ch *change) {
	if ch.after["canonical_id"] == nil {
		ch.after["canonical_id"] = digest(fmt.Sprintf("%d %d", ch.a.serial, ch.after.id()))
	}
}

// checkS3Account checks that a new account's pool is for S3, and nobody else's.
func checkS3Account(ch *change) error {
	if !ch.isNew() {
		return nil
	}
	pool := ch.a.holderOf(ch.after)
	if !isS3(pool) {
		return conflict("POOL_IS_NOT_S3", "The pool '%s' cannot be associated with an S3 account as it is not of type S3", pool.name())
	}
	if account := ch.a.s3AccountOf(pool); account != nil {
		return conflict("S3_POOL_ALREADY_ASSOCIATED_WITH_ACCOUNT", "S3 pool '%s' is already associated with S3 account '%s'", pool.name(), account.name())
	}
	return nil
}

// s3AccountOf is the account that a pool is associated with, or nil.
func (a *Array) s3AccountOf(pool Object) Object {
	if accounts := a.s3Accounts.where("pool_id", pool.id()); len(accounts) > 0 {
		return accounts[0]
	}
	return nil
}

// keepsS3Account refuses to delete an account that has buckets: only users and credentials go with it.
func (a *Array) keepsS3Account(account Object) error {
	if n := len(a.s3Buckets.where("account_id", account.id())); n > 0 {
		return conflict("S3_ACCOUNT_HAS_BUCKETS", "S3 account '%s' cannot be deleted because it has %d buckets", account.name(), n)
	}
	return nil
}

func (a *Array) dropS3Account(account Object) {
	for _, user := range a.s3Users.where("account_id", account.id()) {
		a.dropS3User(user)
	}
	a.remove(account)
}

func (a *Array) credentialsOfAccount(account Object) int {
	n := 0
	for _, user := range a.s3Users.where("account_id", account.id()) {
		n += len(a.s3Credentials.where("user_id", user.id()))
	}
	return n
}

// consumedByAccount is what the objects in the buckets of an account take, once there are any.
func consumedByAccount(a *Array, account Object) any {
	var sum any
	for _, bucket := range a.s3Buckets.where("account_id", account.id()) {
		if consumed, ok := bucket["capacity_consumed"].(int); ok {
			before, _ := sum.(int)
			sum = before + consumed
		}
	}
	return sum
}

// toggle is a field that turns something on and off: saying what is so already is refused, and turning it off may want
// approval.
type toggle struct {
	field   string
	on      any
	already func(o Object, state string) error
	danger  func(o Object) string // nil where it is none
}

func (t toggle) check(ch *change) error {
	if ch.isNew() {
		return nil
	}
	on := ch.after[t.field] == t.on
	switch {
	case ch.after[t.field] == ch.before[t.field] && on:
		return t.already(ch.before, "enabled")
	case ch.after[t.field] == ch.before[t.field]:
		return t.already(ch.before, "disabled")
	case !on && t.danger != nil:
		return ch.rq.needApproval("%s", t.danger(ch.before))
	}
	return nil
}
