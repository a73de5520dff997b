package infinibox

import (
	"fmt"
	"strings"
)

// An S3 user belongs to an account, and signs requests with its credentials.

const (
	maxS3UserName    = 20
	maxS3Description = 256
)

func newS3Users() *collection {
	return newCollection(collection{
		path: "s3_users", noun: "S3 user", absent: "S3_USER_NOT_FOUND", command: "GetAllS3Users",
		in: "account_id", readers: staff,
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		noNull: errField, full: s3UsersFull, check: checkS3User, stored: giveCanonicalID,
		checks: map[string]func(ch *change) error{
			"name": checkS3UserName, "description": checkS3Description, "uid": checkS3Owner("uid"), "gid": checkS3Owner("gid"),
			"status": toggle{
				field: "status", on: "ENABLED",
				already: func(o Object, state string) error {
					return conflict("S3_USER_ALREADY_"+strings.ToUpper(state), "S3 user '%s' is already %s", o.name(), state)
				},
				danger: func(o Object) string {
					return fmt.Sprintf("Disabling S3 user '%s' will cause applications using this user's credentials to lose access to S3 buckets", o.name())
				},
			}.check,
		},
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting S3 user '%s' will permanently delete this user's credentials", o.name())
		},
		delete: func(rq *request, o Object) { rq.a.dropS3User(o) },
		computed: map[string]func(a *Array, o Object) any{
			"account_name":    func(a *Array, o Object) any { return a.holderOf(o).name() },
			"num_credentials": func(a *Array, o Object) any { return len(a.s3Credentials.where("user_id", o.id())) },
		},
	}, `
		id              integer  filter sort
		name            text     filter sort required
		account_id      integer  required
		account_name    text
		status          text(DISABLED|ENABLED)  filter sort create update  ="ENABLED"
		is_root         boolean  filter sort create update  =false
		description     text     filter sort create update null
		canonical_id    text     filter sort
		uid             integer  filter sort update
		gid             integer  filter sort update
		num_credentials integer
		last_used       integer
		tenant_id       integer
		created_at      integer  filter sort
		updated_at      integer  filter sort
	`)
}

func s3UsersFull(a *Array) error {
	if len(a.s3Users.objects) >= a.limits.S3Users {
		return conflict("S3_USERS_PER_SYSTEM_COUNT_LIMIT", "A new S3 user cannot be created. The system has reached the maximum number of S3 users")
	}
	return nil
}

// checkS3UserName lets no two users of an account have the same name.
func checkS3UserName(ch *change) error {
	name := ch.after.text("name")
	if err := checkNameUpTo(name, maxS3UserName); err != nil {
		return err
	}
	account := ch.a.holderOf(ch.after)
	for _, other := range ch.a.s3Users.where("account_id", account.id()) {
		if other.id() != ch.before.id() && strings.EqualFold(other.name(), name) {
			return conflict("S3_USER_NAME_CONFLICT", "S3 user '%s' already exists in account '%s'", name, account.name())
		}
	}
	return nil
}

func checkS3Description(ch *change) error {
	if len([]rune(ch.after.text("description"))) > maxS3Description {
		return conflict("S3_DESCRIPTION_TOO_LONG", "The description cannot be more than %d characters", maxS3Description)
	}
	return nil
}

// checkS3Owner checks an id that files of the user belong to: the vendor's own users set it, once.
func checkS3Owner(name string) func(ch *change) error {
	return func(ch *change) error {
		switch v := ch.after.int(name); {
		case ch.rq.role() != "INFINIDAT":
			return errUnauthorized("Set UID and GID are not allowed for [%s]", ch.rq.role())
		case v < 0:
			return errWrong(name, v, "must be greater than or equal to 0")
		case ch.before[name] != nil && ch.before[name] != v:
			return errCondition(name, "once set cannot be modified")
		}
		return nil
	}
}

func errCondition(name, condition string) error {
	return badRequest("PARAMETER_CONFLICT", "Parameter '%s' does not meet a condition: '%s'", name, condition)
}

func checkS3User(ch *change) error {
	if !ch.isNew() {
		return nil
	}
	account := ch.a.holderOf(ch.after)
	if len(ch.a.s3Users.where("account_id", account.id())) >= ch.a.limits.S3AccountUsers {
		return conflict("S3_USERS_PER_ACCOUNT_COUNT_LIMIT", "A new S3 user cannot be created in account '%s'. The system has reached the maximum number of users per S3 account", account.name())
	}
	return nil
}

func (a *Array) dropS3User(user Object) {
	for _, credential := range a.s3Credentials.where("user_id", user.id()) {
		a.remove(credential)
	}
	a.remove(user)
}
