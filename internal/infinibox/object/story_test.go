package object_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// Only the vendor's own users set the numbers of a user, once; another one takes another
// user.
func TestAccUserNumbers(t *testing.T) {
	t.Parallel()
	b := newLab(t)
	account := newAccount(b, "tenant")
	user := func(more acctest.Attrs) string {
		return resource("s3_user", "u", acctest.Attrs{"name": "app", "account_id": account}.With(more))
	}
	numbers := acctest.Attrs{"uid": 0, "gid": 4294967295}
	address := "storage_infinibox_s3_user.u"
	acctest.NewCLI(t).Apply(b.Provider(nil), user(numbers)).Refuses(t, "(UNAUTHORIZED)", "leave both out", "What had been made of it was removed again")

	vendor := b.Provider(acctest.Attrs{"username": "infinidat", "approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Apply(vendor, user(nil)).Succeeds(t)
	cli.Apply(vendor, user(numbers)).Succeeds(t).Plans(t, map[string]string{address: "update"})
	cli.Plan(vendor, user(numbers)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(vendor, user(numbers.With(acctest.Attrs{"uid": 7}))).Succeeds(t).Plans(t, map[string]string{address: "replace"})
	// Administrators keep what is set.
	cli.Plan(b.Provider(nil), user(nil)).Succeeds(t).Plans(t, map[string]string{})
}

// The secret key that the array makes is in the state by a word alone, sensitive, and good
// with its access key; without the word it is forgotten.
func TestAccGeneratedSecretKey(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
	user := newUser(b, "app")
	credential := func(more acctest.Attrs) string {
		return resource("s3_credential", "c", acctest.Attrs{"user_id": user}.With(more))
	}
	const address = "storage_infinibox_s3_credential.c"
	stored := credential(acctest.Attrs{"store_generated_secret_key": true})
	approved := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	cli.Plan(b.Provider(nil), credential(nil)).Refuses(t, "needs secret_key_wo, or store_generated_secret_key", "whoever reads the state can read it")
	pair := func() (access, secret string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
		if err != nil {
			t.Fatal(err)
		}
		var state struct {
			Resources []struct {
				Instances []struct {
					Attributes struct {
						AccessKey string `json:"access_key"`
						SecretKey string `json:"secret_key"`
					}
				}
			}
		}
		if err := json.Unmarshal(text, &state); err != nil {
			t.Fatal(err)
		}
		is := state.Resources[0].Instances[0].Attributes
		return is.AccessKey, is.SecretKey
	}
	made := cli.Apply(b.Provider(nil), stored).Succeeds(t)
	access, secret := pair()
	if !b.Simulator.LetsIn(access, secret) || strings.Contains(made.Output, secret) {
		t.Errorf("the pair %s, %s is not good, or told", access, secret)
	}
	cli.Plan(b.Provider(nil), stored).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(b.Provider(nil), stored, "output \"secret\" {\n  value = "+address+".secret_key\n}\n").Refuses(t, "Output refers to sensitive values")

	// A forced replacement is another pair.
	cli.Write(b.Provider(nil), stored)
	cli.Replace(address).Refuses(t, "is dangerous and not approved")
	cli.Write(approved, stored)
	cli.Replace(address).Succeeds(t)
	again, other := pair()
	if again == access || b.Simulator.LetsIn(access, secret) || !b.Simulator.LetsIn(again, other) {
		t.Errorf("after %s, %s the pair is %s, %s", access, secret, again, other)
	}

	// Without the word the state forgets it, and the array is not asked.
	b.Sent()
	cli.Apply(b.Provider(nil), credential(nil)).Succeeds(t).Plans(t, map[string]string{address: "update"})
	if _, secret := pair(); secret != "" {
		t.Errorf("the state still has %s", secret)
	}
	for _, request := range b.Sent() {
		if !strings.HasPrefix(request, "GET") {
			t.Errorf("asked %s", request)
		}
	}
	cli.Plan(b.Provider(nil), credential(nil)).Succeeds(t).Plans(t, map[string]string{})
	if !b.Simulator.LetsIn(again, other) {
		t.Error("the credential itself is not good any more")
	}
}

// A pair whose answer was lost is of no use to anybody: what tells it by its access key is
// taken back, and what nothing tells from others is not asked for again.
func TestAccGeneratedSecretKeyIsLost(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
	user := newUser(b, "app")
	credential := func(more acctest.Attrs) string {
		return resource("s3_credential", "c", acctest.Attrs{"user_id": user, "store_generated_secret_key": true}.With(more))
	}
	for _, of := range []struct {
		more acctest.Attrs
		says []string
		left int
	}{
		{acctest.Attrs{"access_key": "mine"}, []string{"told it in an answer that was lost", "removed again"}, 0},
		{nil, []string{"nothing tells it from others", "import or delete it"}, 1},
	} {
		if err := b.Simulator.SetFaults("POST /s3_credentials#1:cut-after"); err != nil {
			t.Fatal(err)
		}
		acctest.NewCLI(t).Apply(b.Provider(nil), credential(of.more)).Refuses(t, of.says...)
		if left := b.IDs("s3_credentials"); len(left) != of.left {
			t.Errorf("%v: left are %v", of.more, left)
		}
	}
}

// What is in use is not deleted, and the error says what there is and what to do.
func TestAccObjectStorageRefusals(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true, Seed: []byte(`{"s3": true, "requests": [
		{"method": "POST", "path": "pools", "body": {"name": "objects", "physical_capacity": 1000000000512, "type": "S3"}},
		{"method": "POST", "path": "s3_accounts", "body": {"name": "tenant", "pool_id": 1000}},
		{"method": "POST", "path": "s3_buckets", "body": {"name": "backups", "account_id": 1001}}
	], "s3_objects": [{"bucket_id": 1002, "count": 12, "bytes": 5000000000}]}`)})
	approved := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	account := func(more acctest.Attrs) string {
		return resource("s3_account", "a", acctest.Attrs{"name": "tenant", "pool_id": 1000}.With(more))
	}
	bucket := resource("s3_bucket", "b", acctest.Attrs{"name": "backups", "account_id": acctest.Expr("storage_infinibox_s3_account.a.id")})
	cli := acctest.NewCLI(t)
	cli.Write(b.Provider(nil), account(nil), bucket)
	for address, id := range map[string]string{"storage_infinibox_s3_account.a": "name=tenant", "storage_infinibox_s3_bucket.b": "name=backups"} {
		if err := cli.Import(address, id); err != nil {
			t.Fatal(err)
		}
	}
	cli.Plan(b.Provider(nil), account(nil), bucket).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(b.Provider(nil), account(nil)).Refuses(t, "is dangerous and not approved", "It holds 12 objects, of 5GB together.")
	cli.Apply(approved, account(nil)).Refuses(t, "(S3_BUCKET_NOT_EMPTY)", "It holds 12 objects, of 5GB together. Delete by S3")

	// The account alone, without its bucket in the state.
	if err := cli.Terraform.StateRm(t.Context(), "storage_infinibox_s3_bucket.b"); err != nil {
		t.Fatal(err)
	}
	cli.Apply(approved).Refuses(t, "(S3_ACCOUNT_HAS_BUCKETS)", `"backups"`, "Delete them first")

	cli.Plan(b.Provider(nil), account(acctest.Attrs{"enabled": false})).Refuses(t, "is dangerous and not approved", "Nobody has access")
	cli.Apply(approved, account(acctest.Attrs{"enabled": false})).Succeeds(t)
	more := resource("s3_bucket", "more", acctest.Attrs{"name": "more", "account_id": 1001})
	cli.Apply(approved, account(acctest.Attrs{"enabled": false}), more).Refuses(t, "(S3_ACCOUNT_IS_DISABLED)", "Enable the account")

	second := resource("s3_account", "second", acctest.Attrs{"name": "second", "pool_id": 1000})
	cli.Plan(b.Provider(nil), account(nil), second).Refuses(t, "pool_id")
	acctest.NewCLI(t).Apply(b.Provider(nil), resource("s3_account", "second", acctest.Attrs{"name": "second", "pool_id": 1000, "timeouts": acctest.Attrs{"create": "1s"}})).
		Refuses(t, "(S3_POOL_ALREADY_ASSOCIATED_WITH_ACCOUNT)", "make another pool")
	acctest.NewCLI(t).Apply(b.Provider(nil), resource("s3_account", "again", acctest.Attrs{"name": "tenant", "pool_id": newPool(b, "more")})).
		Refuses(t, "In the way is the S3 account \"tenant\"", "terraform import")
}

// A user has no more credentials than the array allows, which are named.
func TestAccCredentialLimit(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true, Limits: simulator.Limits{S3UserCredentials: 2}})
	user := newUser(b, "app")
	credential := func(label string) string {
		return resource("s3_credential", label, acctest.Attrs{"user_id": user, "access_key": label + "-key", "store_generated_secret_key": true, "timeouts": acctest.Attrs{"create": "1s"}})
	}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), credential("one"), credential("two")).Succeeds(t)
	cli.Apply(b.Provider(nil), credential("one"), credential("two"), credential("three")).
		Refuses(t, "(S3_CREDENTIALS_PER_USER_COUNT_LIMIT)", `the access keys "one-key", "two-key"`)
	// Whose access key is in the way is told.
	acctest.NewCLI(t).Apply(b.Provider(nil), resource("s3_credential", "other", acctest.Attrs{
		"user_id": newUser(b, "other"), "access_key": "one-key", "store_generated_secret_key": true,
	})).Refuses(t, `In the way is the S3 credential "one-key"`, "terraform import")
}

// Listings of an account and of a user have what is theirs alone, however few are wanted,
// and a name says whose user is meant.
func TestAccListingsOfOwners(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
	var accounts, users []any
	for _, label := range []string{"one", "two"} {
		account := newAccount(b, label)
		accounts = append(accounts, account)
		for _, name := range []string{"web", "backup"} {
			user := b.Create("s3_users", map[string]any{"name": name, "account_id": account})
			users = append(users, user)
			b.Create("s3_credentials", map[string]any{"user_id": user, "access_key": label + "-" + name})
			b.Create("s3_buckets", map[string]any{"name": label + "-" + name, "account_id": account})
		}
	}
	server := acctest.NewServer(t, b)
	for kind, scope := range map[string]acctest.Attrs{
		"s3_user": {"account_id": accounts[1]}, "s3_bucket": {"account_id": accounts[1]}, "s3_credential": {"user_id": users[2]},
	} {
		want := 2
		if kind == "s3_credential" {
			want = 1
		}
		for limit, n := range map[int]int{1: 1, 2: want, 10: want} {
			found, problems := server.Look("storage_infinibox_"+kind+"s", scope.With(acctest.Attrs{"limit": limit, "sort": []any{"-id"}}))
			objects, _ := found[kind+"s"].([]any)
			if len(objects) != n {
				t.Errorf("%s, limit %d: %v %s", kind, limit, objects, problems)
			}
			for _, o := range objects {
				for name, owner := range scope {
					if got := o.(acctest.Object)[name]; fmt.Sprint(got) != fmt.Sprint(owner) {
						t.Errorf("%s of %s %v is listed for %v", kind, name, got, owner)
					}
				}
			}
			if listed, problems := server.List("storage_infinibox_"+kind, scope, int64(limit), true); len(listed) != n {
				t.Errorf("%s, query with limit %d: %v %s", kind, limit, listed, problems)
			}
		}
	}
	found, problems := server.Look("storage_infinibox_s3_user", acctest.Attrs{"name": "web", "account_id": accounts[1]})
	if problems.Failed() || fmt.Sprint(found["id"]) != fmt.Sprint(users[2]) {
		t.Errorf("found %v %s", found, problems)
	}
	if _, problems := server.Look("storage_infinibox_s3_user", acctest.Attrs{"name": "web"}); !strings.Contains(problems.String(), "There are several S3 users") {
		t.Errorf("a name of several: %s", problems)
	}
}
