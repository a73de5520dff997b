package infinibox

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// tenant builds a pool 1000 for S3 with the account 1001, its user 1002, a credential 1003 and the bucket 1004.
func tenant(t *testing.T) *Simulator {
	t.Helper()
	s := Start(t, Options{S3: true})
	must(t, s, "POST", "pools", values{"name": "objects", "physical_capacity": terabyte, "type": "S3", "ssd_enabled": false})
	must(t, s, "POST", "s3_accounts", values{"name": "tenant", "pool_id": 1000})
	must(t, s, "POST", "s3_users", values{"name": "app", "account_id": 1001})
	must(t, s, "POST", "s3_credentials", values{"user_id": 1002, "access_key": "app-1", "secret_key": "a secret of my own"})
	must(t, s, "POST", "s3_buckets", values{"name": "backups", "account_id": 1001})
	return s
}

func TestFieldsOfObjectStorage(t *testing.T) {
	checkAnswers(t, tenant(t).array, documentedFields(t, "fields_s3.json"), map[string][]string{
		"s3_account":    {"s3_accounts", "s3_accounts/1001"},
		"s3_user":       {"s3_users", "s3_users/1002"},
		"s3_credential": {"s3_credentials", "s3_credentials/1003"},
		"s3_bucket":     {"s3_buckets", "s3_buckets/1004"},
	})
}

// TestWhoIsLetIn disables in turn each of those that a pair of keys depends on.
func TestWhoIsLetIn(t *testing.T) {
	s := tenant(t)
	const key, secret = "app-1", "a secret of my own"
	if !s.LetsIn(key, secret) || s.LetsIn(key, secret+"!") || s.LetsIn("APP-1", secret) || s.LetsIn("", "") {
		t.Error("not the pair of the credential alone is let in")
	}
	for _, of := range []struct {
		path    string
		off, on values
	}{
		{"s3_credentials/1003", values{"status": "DISABLED"}, values{"status": "ENABLED"}},
		{"s3_users/1002", values{"status": "DISABLED"}, values{"status": "ENABLED"}},
		{"s3_accounts/1001", values{"enabled": false}, values{"enabled": true}},
	} {
		must(t, s, "PUT", of.path, of.off)
		if s.LetsIn(key, secret) {
			t.Errorf("%s is disabled, and the pair is let in", of.path)
		}
		must(t, s, "PUT", of.path, of.on)
		if !s.LetsIn(key, secret) {
			t.Errorf("%s is enabled again, and the pair is not let in", of.path)
		}
	}
}

func TestObjectStorageIsCounted(t *testing.T) {
	s := tenant(t)
	expect(t, must(t, s, "GET", "pools/1000", nil), values{"s3_bound": true, "s3_buckets_count": 1, "entities_count": 1, "volumes_count": 0})
	expect(t, must(t, s, "GET", "s3_accounts/1001", nil), values{
		"pool_name": "objects", "users_count": 1, "credentials_count": 1, "buckets_count": 1, "capacity_consumed": nil,
	})
	expect(t, must(t, s, "GET", "s3_users/1002", nil), values{"account_name": "tenant", "num_credentials": 1, "is_root": false})
	expect(t, must(t, s, "GET", "s3_buckets/1004", nil), values{
		"account_name": "tenant", "pool_id": 1000, "ssd_enabled": false, "compression_enabled": true, "object_count": nil,
	})

	if err := s.array.plant(Seed{S3Objects: []SeedObjects{{BucketID: 1004, Count: 2, Bytes: 5000}}}); err != nil {
		t.Fatal(err)
	}
	expect(t, must(t, s, "GET", "s3_buckets/1004", nil), values{"object_count": 2, "capacity_consumed": 5000})
	expect(t, must(t, s, "GET", "s3_accounts/1001", nil), values{"capacity_consumed": 5000})
	expect(t, must(t, s, "GET", "pools/1000", nil), values{"allocated_physical_space": 5000, "free_physical_space": 1000000192512 - 5000})
	if err := s.array.plant(Seed{S3Objects: []SeedObjects{{BucketID: 1004, Count: 1, Bytes: 2 * terabyte}}}); err == nil {
		t.Error("a bucket holds more than its pool")
	}
	if found := names(t, s, "s3_buckets?object_count=gt:1"); found != "backups" {
		t.Errorf("buckets with more than one object: %s", found)
	}
	refused(t, s, "DELETE", "s3_buckets/1004", nil, "S3_BUCKET_NOT_EMPTY")
}

func TestAccountsTakeTheirUsersAndCredentialsAlong(t *testing.T) {
	s := tenant(t)
	must(t, s, "POST", "s3_credentials", values{"user_id": 1002})            // 1005
	must(t, s, "POST", "s3_users", values{"name": "ci", "account_id": 1001}) // 1006
	must(t, s, "POST", "s3_credentials", values{"user_id": 1006})            // 1007
	must(t, s, "DELETE", "s3_users/1002", nil)
	expect(t, must(t, s, "GET", "s3_accounts/1001", nil), values{"users_count": 1, "credentials_count": 1})
	refused(t, s, "GET", "s3_credentials/1003", nil, "S3_CREDENTIAL_NOT_FOUND")
	refused(t, s, "DELETE", "s3_accounts/1001", nil, "S3_ACCOUNT_HAS_BUCKETS")
	must(t, s, "DELETE", "s3_buckets/1004", nil)
	expect(t, must(t, s, "DELETE", "s3_accounts/1001", nil), values{"name": "tenant", "users_count": 1, "credentials_count": 1})
	for _, path := range []string{"s3_accounts", "s3_users", "s3_credentials"} {
		if left := listed(t, s, path); len(left) != 0 {
			t.Errorf("%s are left: %v", path, left)
		}
	}
	expect(t, must(t, s, "GET", "pools/1000", nil), values{"s3_bound": false})
	must(t, s, "POST", "s3_accounts", values{"name": "tenant", "pool_id": 1000})
}

// TestSecretKeysAreToldOnce makes keys both ways, and looks for them everywhere afterwards.
func TestSecretKeysAreToldOnce(t *testing.T) {
	s := tenant(t)
	made := must(t, s, "POST", "s3_credentials", values{"user_id": 1002})
	access, secret := made["access_key"].(string), made["secret_key"].(string)
	if len(access) != 20 || len(secret) != 40 {
		t.Errorf("generated keys: %q, and a secret of %d characters", access, len(secret))
	}
	again := must(t, s, "POST", "s3_credentials", values{"user_id": 1002})
	if again["access_key"] == access || again["secret_key"] == secret {
		t.Error("two credentials have the same keys")
	}
	given := must(t, s, "POST", "s3_credentials", values{"user_id": 1002, "access_key": "given", "secret_key": "given-secret"})
	expect(t, given, values{"secret_key": "given-secret", "access_key": "given", "status": "ENABLED", "user_name": "app", "account_name": "tenant"})
	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	later := fmt.Sprint(listed(t, s, "s3_credentials"), must(t, s, "PUT", "s3_credentials/1003", values{"description": "old"}), dump.String())
	for _, secret := range []string{secret, "given-secret", "a secret of my own"} {
		if strings.Contains(later, secret) {
			t.Error("a secret key is told again")
		}
	}
}

func TestAccessMovesFromKeyToKey(t *testing.T) {
	s := tenant(t)
	must(t, s, "POST", "s3_credentials", values{"user_id": 1002, "access_key": "app-2"}) // 1005
	must(t, s, "PUT", "s3_credentials/1003", values{"status": "DISABLED"})
	if enabled := listed(t, s, "s3_credentials?status=enabled&sort=-access_key"); len(enabled) != 1 || enabled[0].(values)["access_key"] != "app-2" {
		t.Errorf("enabled: %v", enabled)
	}
	must(t, s, "DELETE", "s3_credentials/1003", nil)
	expect(t, must(t, s, "GET", "s3_users/1002", nil), values{"num_credentials": 1})
}
