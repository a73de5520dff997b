package object_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

const canonical = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func accounts(t *testing.T) acctest.Suite {
	b := newLab(t)
	pools := map[string]any{}
	pool := acctest.Own(func(label string, _ int) any {
		if pools[label] == nil {
			pools[label] = newPool(b, "of-"+label)
		}
		return pools[label]
	})
	name := acctest.Name(b)
	standard := b.NewPool("standard")
	least := acctest.Attrs{"name": name, "pool_id": pool}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_s3_account", Plural: "s3_accounts", Path: "s3_accounts",
		Deleting: "All users of the account and their credentials are deleted with it",
		Least:    least,
		Most:     least.With(acctest.Attrs{"enabled": true, "email": "joe@example.com", "location": "tlv-1", "canonical_id": canonical}),
		Changes: map[string]acctest.Change{
			"name":     {Through: []any{name, b.Name("renamed")}, Drift: put("s3_accounts", "name", b.Name("drifted"))},
			"pool_id":  {Through: []any{newPool(b, "first"), newPool(b, "second")}, Replaces: true},
			"enabled":  {Through: []any{true, false, true}, Danger: "Nobody has access to the buckets", Drift: put("s3_accounts", "enabled", false)},
			"email":    {Through: []any{"joe@example.com", "jane@example.com", nil}, Drift: put("s3_accounts", "email", "drifted@example.com")},
			"location": {Through: []any{"tlv-1", "tlv-2", nil}, Drift: put("s3_accounts", "location", "drifted")},
			"canonical_id": {
				Through: []any{strings.Repeat("a", 64), strings.Repeat("B", 64)}, Replaces: true,
			},
		},
		Bad: append(acctest.BadNames(),
			bad("email", "s3", "no e-mail address"),
			bad("location", "", "leave it out"),
			bad("canonical_id", "abc", "64 hexadecimal digits"),
			bad("canonical_id", strings.Repeat("g", 64), "64 hexadecimal digits"),
			bad("pool_id", 4711, "There is no pool with the id 4711"),
			bad("pool_id", standard, "The pool is not for S3"),
		),
	}
}

func users(t *testing.T) acctest.Suite {
	b := newLab(t)
	account := newAccount(b, "tenant")
	name := acctest.Own(func(label string, _ int) any { return strings.TrimPrefix(label, "change-") })
	least := acctest.Attrs{"name": name, "account_id": account}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_s3_user", Plural: "s3_users", Path: "s3_users", Owners: []string{"account_id"},
		Deleting: "The credentials of the user are deleted with it",
		Least:    least,
		Most:     least.With(acctest.Attrs{"description": "An application", "is_root": true, "status": "DISABLED"}),
		Changes: map[string]acctest.Change{
			"name":        {Through: []any{name, "another"}, Replaces: true},
			"account_id":  {Through: []any{account, newAccount(b, "other")}, Replaces: true},
			"description": {Through: []any{"one", "two", nil}, Drift: put("s3_users", "description", "drifted")},
			"is_root":     {Through: []any{false, true, false}, Drift: put("s3_users", "is_root", true)},
			"status":      {Through: []any{"ENABLED", "DISABLED", "ENABLED"}, Danger: "Applications that use the user's credentials lose access", Drift: put("s3_users", "status", "DISABLED")},
		},
		Elsewhere: map[string]func(*testing.T){"uid": TestAccUserNumbers, "gid": TestAccUserNumbers},
		Bad: []acctest.Bad{
			bad("name", "", "1 to 20 characters"),
			bad("name", strings.Repeat("x", 21), "1 to 20 characters"),
			bad("name", "a/b", "characters that are not allowed"),
			bad("account_id", 4711, "There is no S3 account with the id 4711"),
			bad("description", strings.Repeat("x", 257), "1 to 256 characters"),
			bad("status", "enabled", `must be written "ENABLED"`),
			bad("status", "LOCKED", "use one of ENABLED, DISABLED"),
			bad("uid", -1, "between 0 and 4294967295"),
			bad("gid", 4294967296, "between 0 and 4294967295"),
		},
	}
}

func buckets(t *testing.T) acctest.Suite {
	b := newLab(t)
	account := newAccount(b, "tenant")
	name := acctest.Own(func(label string, _ int) any { return b.Name(strings.ReplaceAll(label, "_", "-")) })
	least := acctest.Attrs{"name": name, "account_id": account}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_s3_bucket", Plural: "s3_buckets", Path: "s3_buckets", Owners: []string{"account_id"},
		Deleting: "Applications can no longer use the bucket",
		Least:    least,
		Most:     least.With(acctest.Attrs{"ssd_enabled": false, "compression_enabled": false}),
		Changes: map[string]acctest.Change{
			"name":                {Through: []any{name, b.Name("another.one")}, Replaces: true},
			"account_id":          {Through: []any{account, newAccount(b, "other")}, Replaces: true},
			"ssd_enabled":         {Through: []any{true, false, true}, Drift: put("s3_buckets", "ssd_enabled", false)},
			"compression_enabled": {Through: []any{true, false, true}, Drift: put("s3_buckets", "compression_enabled", false)},
		},
		Together: []acctest.Attrs{{"ssd_enabled": true, "compression_enabled": true}, {"ssd_enabled": false, "compression_enabled": false}},
		Bad: []acctest.Bad{
			bad("name", "ab", "3 to 63 characters"),
			bad("name", strings.Repeat("x", 64), "3 to 63 characters"),
			bad("name", "my-Bucket-2025.03.20", "lower-case letters"),
			bad("name", "my_bucket", "lower-case letters"),
			bad("name", "-bucket", "a letter or a digit first and last"),
			bad("name", "bucket.", "a letter or a digit first and last"),
			bad("name", "my..bucket", "two dots in a row"),
			bad("name", "192.168.0.1", "An IP address is no name"),
			bad("account_id", 4711, "There is no S3 account with the id 4711"),
		},
	}
}

// secret is a secret key that nothing may repeat.
const secret = "planted-secret-key/4711"

func credentials(t *testing.T) acctest.Suite {
	b := newLab(t)
	user := newUser(b, "app")
	// A user has few of them.
	of := map[string]any{}
	users := acctest.Own(func(label string, n int) any {
		if of[label] == nil {
			of[label] = user
			if n > 2 {
				of[label] = newUser(b, fmt.Sprint("app-", n))
			}
		}
		return of[label]
	})
	key := acctest.Own(func(label string, _ int) any { return b.Name("key-" + label) })
	least := acctest.Attrs{"user_id": users, "access_key": key, "secret_key_wo": secret, "secret_key_wo_version": 1}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_s3_credential", Plural: "s3_credentials", Path: "s3_credentials", NamedBy: "access_key",
		Deleting: "Applications that use the credential lose access",
		Least:    least,
		Most:     least.With(acctest.Attrs{"status": "DISABLED", "description": "Of the web shop"}),
		Unverified: map[string]string{
			"secret_key_wo_version": "a version is the configuration's; the array knows none",
		},
		Changes: map[string]acctest.Change{
			"user_id":     {Through: []any{user, newUser(b, "other")}, Replaces: true},
			"access_key":  {Through: []any{key, b.Name("another.key")}, Replaces: true},
			"status":      {Through: []any{"ENABLED", "DISABLED", "ENABLED"}, Danger: "Applications that use the credential lose access", Drift: put("s3_credentials", "status", "DISABLED")},
			"description": {Through: []any{"one", "two", nil}, Drift: put("s3_credentials", "description", "drifted")},
			"secret_key_wo_version": {
				Through: []any{1, acctest.Attrs{"secret_key_wo": secret + "-next", "secret_key_wo_version": 2}}, Replaces: true,
			},
		},
		Elsewhere: map[string]func(*testing.T){"store_generated_secret_key": TestAccGeneratedSecretKey},
		Bad: []acctest.Bad{
			bad("user_id", 4711, "There is no S3 user with the id 4711"),
			bad("access_key", "ab", "3 to 128 characters"),
			bad("access_key", strings.Repeat("x", 129), "3 to 128 characters"),
			bad("access_key", "a/b/c", "is no access key"),
			bad("secret_key_wo", "short", "10 to 64 characters"),
			bad("secret_key_wo", strings.Repeat("x", 65), "10 to 64 characters"),
			bad("secret_key_wo", "größer als zehn", "printable ASCII characters only"),
			bad("description", "größe", "characters that are not allowed"),
			bad("status", "disabled", `must be written "DISABLED"`),
			{Attribute: "secret_key_wo_version", Says: "must be configured together", Set: acctest.Attrs{"secret_key_wo": nil}},
			{Attribute: "store_generated_secret_key", Says: "There is no generated secret to store", Set: acctest.Attrs{"store_generated_secret_key": true}},
			{Says: "The S3 credential needs secret_key_wo, or store_generated_secret_key", Set: acctest.Attrs{"secret_key_wo": nil, "secret_key_wo_version": nil}},
		},
	}
}
