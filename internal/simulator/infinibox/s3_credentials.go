package infinibox

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// An S3 credential is a pair of keys by which a user signs requests. The array tells the secret key once, in its answer
// to the creation, and keeps its digest alone.

const (
	letters         = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	accessKeyLength = 20
	secretKeyLength = 40
	minAccessKey    = 3
	maxAccessKey    = 128
	minSecretKey    = 10
	maxSecretKey    = 64
)

func newS3Credentials() *collection {
	return newCollection(collection{
		path: "s3_credentials", noun: "S3 user credential", absent: "S3_CREDENTIAL_NOT_FOUND", absentText: "S3 credential not found",
		command: "GetAllS3UserCredentials", key: "access_key", in: "user_id", readers: staff,
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		unknownFilter: errUnsupported, unknownParameter: []string{"secret_key"}, fill: fillS3Credential, check: checkS3Credential, stored: digestSecret,
		checks: map[string]func(ch *change) error{
			"access_key": checkAccessKey, "secret_key": checkSecretKey, "description": checkCredentialDescription,
			"status": func(ch *change) error {
				if ch.isNew() || ch.after["status"] == "ENABLED" || ch.before["status"] == "DISABLED" {
					return nil
				}
				return ch.rq.needApproval("Disabling S3 credential '%s' will cause applications using this credential to lose access to S3 buckets", ch.before.name())
			},
		},
		answersNew: func(ch *change, answer map[string]any) { answer["secret_key"] = ch.values["secret_key"] },
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting S3 credential '%s' will cause applications using this credential to lose access to S3 buckets", o.name())
		},
		computed: map[string]func(a *Array, o Object) any{
			"user_name":    func(a *Array, o Object) any { return a.holderOf(o).name() },
			"account_name": func(a *Array, o Object) any { return a.holderOf(a.holderOf(o)).name() },
		},
	}, `
		id           integer  filter sort
		access_key   text     filter sort create
		secret_key   text     create hidden
		status       text(DISABLED|ENABLED)  filter sort create update  ="ENABLED"
		user_id      integer  required
		user_name    text
		account_name text
		description  text     filter sort create update null
		last_used    integer
		tenant_id    integer
		created_at   integer  filter sort
		updated_at   integer  filter sort
	`)
}

// fillS3Credential makes the keys that the request does not give.
func fillS3Credential(ch *change) {
	if !ch.isNew() {
		return
	}
	if !ch.sets("access_key") {
		ch.say("access_key", randomText(accessKeyLength, letters))
	}
	if !ch.sets("secret_key") {
		ch.say("secret_key", randomText(secretKeyLength, letters+"+/"))
	}
}

// randomText is a secret of so many of the given characters.
func randomText(length int, characters string) string {
	text := make([]byte, 0, length)
	for len(text) < length {
		drawn := make([]byte, length)
		_, _ = rand.Read(drawn) // never fails
		for _, b := range drawn {
			if i := int(b & 0x3f); i < len(characters) && len(text) < length { // of 64 no character is likelier than another
				text = append(text, characters[i])
			}
		}
	}
	return string(text)
}

func checkAccessKey(ch *change) error {
	key := ch.after.text("access_key")
	switch {
	case len(key) > maxAccessKey:
		return conflict("S3_ACCESS_KEY_TOO_LONG", "The access key cannot contain more than %d characters", maxAccessKey)
	case len(key) < minAccessKey:
		return conflict("S3_ACCESS_KEY_TOO_SHORT", "The access key must contain at least %d characters", minAccessKey)
	case strings.Trim(key, letters+"-+.$#_") != "":
		return conflict("S3_ACCESS_KEY_INVALID_CHARACTERS", "An access key can only contain lower and upper case letters, numbers, hyphen(-), plus(+), period(.), dollar($), hash(#) and underscore(_) characters")
	}
	for _, other := range ch.a.s3Credentials.objects {
		if other.text("access_key") == key {
			return conflict("S3_ACCESS_KEY_CONFLICT", "Access key '%s' is already in use by user '%s'", key, ch.a.holderOf(other).name())
		}
	}
	return nil
}

func checkSecretKey(ch *change) error {
	key := ch.after.text("secret_key")
	switch {
	case !printableASCII(key):
		return conflict("S3_SECRET_KEY_INVALID_CHARACTERS", "A secret key can only contain printable ASCII characters")
	case len(key) > maxSecretKey:
		return conflict("S3_SECRET_KEY_TOO_LONG", "The secret key cannot contain more than %d characters", maxSecretKey)
	case len(key) < minSecretKey:
		return conflict("S3_SECRET_KEY_TOO_SHORT", "The secret key must contain at least %d characters", minSecretKey)
	}
	return nil
}

// printableASCII tells whether a text has printable ASCII characters alone.
func printableASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func checkCredentialDescription(ch *change) error {
	if !printableASCII(ch.after.text("description")) {
		return errCondition("description", "contains unsupported characters")
	}
	return checkS3Description(ch)
}

func checkS3Credential(ch *change) error {
	if !ch.isNew() {
		return nil
	}
	user := ch.a.holderOf(ch.after)
	if len(ch.a.s3Credentials.where("user_id", user.id())) >= ch.a.limits.S3UserCredentials {
		return conflict("S3_CREDENTIALS_PER_USER_COUNT_LIMIT", "A new credential cannot be added to S3 user '%s' in account '%s'. The user already has the maximum number of credentials allowed", user.name(), ch.a.holderOf(user).name())
	}
	return nil
}

// LetsIn reports whether the S3 service lets in what is signed by a pair of keys: those of a credential that is enabled,
// like its user and the user's account.
func (s *Simulator) LetsIn(accessKey, secretKey string) bool {
	a := s.array
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, credential := range a.s3Credentials.objects {
		if credential.text("access_key") != accessKey {
			continue
		}
		user := a.holderOf(credential)
		return isDigestOf(credential.text("secret_key"), secretKey) && credential.text("status") == "ENABLED" &&
			user.text("status") == "ENABLED" && a.holderOf(user).bool("enabled")
	}
	return false
}

func digestSecret(ch *change) {
	if ch.isNew() {
		ch.after["secret_key"] = digest(ch.after.text("secret_key"))
	}
}
