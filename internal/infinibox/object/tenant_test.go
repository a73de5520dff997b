package object_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/aws"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The pairs of the example, and the one that it is rotated to.
const (
	firstKey, firstSecret   = "shop-web-2026-01", "first/secret-of-web"
	secondKey, secondSecret = "shop-web-2026-07", "second/secret-of-web"
	backupKey, backupSecret = "shop-backup-2026-01", "the/secret-of-backup"
)

// declared are the parts of the example that a test brings itself.
var declared = regexp.MustCompile(`(?ms)^(terraform|provider "storage") \{.*?^\}\n`)

// tenant is somebody who works with the example.
type tenant struct {
	*acctest.CLI
	*acctest.InfiniBox
	aws *aws.Provider

	config string
}

func newTenant(t *testing.T, b *acctest.InfiniBox) *tenant {
	t.Helper()
	provider := &aws.Provider{}
	x := newTenantOf(t, b, acctest.NewCLIWith(t, map[string]func() tfprotov6.ProviderServer{aws.Source: provider.Serve}))
	x.aws = provider
	return x
}

// newTenantOf has the example's configuration, its module beside it, and the secrets.
func newTenantOf(t *testing.T, b *acctest.InfiniBox, cli *acctest.CLI) *tenant {
	t.Helper()
	text, err := os.ReadFile("../../../examples/object-storage/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	x := &tenant{CLI: cli, InfiniBox: b, config: declared.ReplaceAllString(string(text), "")}
	x.Module("tenant", os.DirFS("../../../examples/object-storage/tenant"))
	secrets := fmt.Sprintf("secret_keys = {\n  %q = %q\n  %q = %q\n  %q = %q\n}\n",
		"web/2026-01", firstSecret, "web/2026-07", secondSecret, "backup/2026-01", backupSecret)
	if err := os.WriteFile(filepath.Join(x.Dir, "secrets.auto.tfvars"), []byte(secrets), 0o600); err != nil {
		t.Fatal(err)
	}
	x.Write(x.Provider(nil), x.config)
	if err := x.Terraform.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

// edit changes the configuration.
func (x *tenant) edit(t *testing.T, from, to string) {
	t.Helper()
	if !strings.Contains(x.config, from) {
		t.Fatalf("the example has no %q", from)
	}
	x.config = strings.ReplaceAll(x.config, from, to)
}

// rests holds that there is nothing to do.
func (x *tenant) rests(t *testing.T, when string) {
	t.Helper()
	if run := x.Plan(x.Provider(nil), x.config).Succeeds(t); len(run.Actions) > 0 {
		t.Errorf("%s: the plan is not empty: %v", when, run.Actions)
	}
}

// letsIn holds which of the pairs are good.
func (x *tenant) letsIn(t *testing.T, when string, want map[string]bool) {
	t.Helper()
	for key, secret := range map[string]string{firstKey: firstSecret, secondKey: secondSecret, backupKey: backupSecret} {
		if got := x.Simulator.LetsIn(key, secret); got != want[key] {
			t.Errorf("%s: %s is let in: %v", when, key, got)
		}
	}
}

// works holds that the AWS provider has been configured with a pair that is good.
func (x *tenant) works(t *testing.T, key string) {
	t.Helper()
	keys := x.aws.Keys()
	if len(keys) != 1 || keys[0].AccessKey != key || !x.Simulator.LetsIn(keys[0].AccessKey, keys[0].SecretKey) {
		t.Errorf("the AWS provider was configured with %v", keys)
	}
}

// The worked example: a tenant whose keys another provider works with, rotated without a
// gap, with a user out of service, healed, and gone in the end.
func TestAccTenant(t *testing.T) {
	t.Parallel()
	x := newTenant(t, acctest.SimulateInfiniBox(t, simulator.Options{S3: true}))
	approved := x.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	made := x.Apply(x.Provider(nil), x.config).Succeeds(t)
	if len(made.Actions) != 10 { // a pool, an account, 2 users, 2 credentials, 3 buckets, an object
		t.Errorf("made %v", made.Actions)
	}
	x.works(t, firstKey)
	x.rests(t, "applied")
	x.letsIn(t, "applied", map[string]bool{firstKey: true, backupKey: true})

	x.edit(t, `keys = ["2026-01"], description = "The web shop"`, `keys = ["2026-01", "2026-07"], description = "The web shop"`)
	x.Apply(x.Provider(nil), x.config).Succeeds(t).Plans(t, map[string]string{`module.shop.storage_infinibox_s3_credential.this["web/2026-07"]`: "create"})
	x.letsIn(t, "with a second key", map[string]bool{firstKey: true, secondKey: true, backupKey: true})
	x.edit(t, `module.shop.keys["web/2026-01"]`, `module.shop.keys["web/2026-07"]`)
	x.aws.Keys()
	x.rests(t, "the second key is used")
	x.works(t, secondKey)
	x.edit(t, `keys = ["2026-01", "2026-07"]`, `keys = ["2026-07"]`)
	x.Plan(x.Provider(nil), x.config).Refuses(t, "is dangerous and not approved", "lose access", "knows of no use of it")
	x.letsIn(t, "while that is not approved", map[string]bool{firstKey: true, secondKey: true, backupKey: true})
	x.Apply(approved, x.config).Succeeds(t).Plans(t, map[string]string{`module.shop.storage_infinibox_s3_credential.this["web/2026-01"]`: "delete"})
	x.letsIn(t, "rotated", map[string]bool{secondKey: true, backupKey: true})
	x.rests(t, "rotated")

	x.edit(t, `description = "The nightly backup"`, `description = "The nightly backup", enabled = false`)
	x.Plan(x.Provider(nil), x.config).Refuses(t, "is dangerous and not approved", "Applications that use the user's credentials")
	x.Apply(approved, x.config).Succeeds(t).Plans(t, map[string]string{`module.shop.storage_infinibox_s3_user.this["backup"]`: "update"})
	x.letsIn(t, "out of service", map[string]bool{secondKey: true})
	x.rests(t, "out of service")

	// What others do is put right.
	users, keys, buckets := x.IDs("s3_users?name=backup"), x.IDs("s3_credentials?access_key="+secondKey), x.IDs("s3_buckets?name=shop-backups")
	x.Must("PUT", fmt.Sprintf("s3_users/%v", users[0]), map[string]any{"status": "ENABLED"})
	x.Must("DELETE", fmt.Sprintf("s3_credentials/%v", keys[0]), nil)
	x.Must("DELETE", fmt.Sprintf("s3_buckets/%v", buckets[0]), nil)
	x.Apply(approved, x.config).Succeeds(t).Plans(t, map[string]string{
		`module.shop.storage_infinibox_s3_user.this["backup"]`:            "update",
		`module.shop.storage_infinibox_s3_credential.this["web/2026-07"]`: "create",
		`module.shop.storage_infinibox_s3_bucket.this["shop-backups"]`:    "create",
	})
	x.letsIn(t, "healed", map[string]bool{secondKey: true})
	x.rests(t, "healed")

	x.Plan(x.Provider(nil), "variable \"secret_keys\" {\n  ephemeral = true\n}\nprovider \"aws\" {}\n").
		Refuses(t, `the users "backup", "web"`, `the buckets "shop-`)
	x.Apply(approved, "variable \"secret_keys\" {\n  ephemeral = true\n}\nprovider \"aws\" {}\n").Succeeds(t)
	for _, path := range []string{"s3_accounts", "s3_users", "s3_credentials", "s3_buckets", "pools"} {
		if left := x.IDs(path); len(left) > 0 {
			t.Errorf("left of %s: %v", path, left)
		}
	}
}

// A tenant that somebody has made by hand becomes the configuration's: all of it is found
// by the names of the example, and the array is not changed.
func TestAccTenantIsImported(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
	pool := b.Create("pools", map[string]any{"name": "shop-objects", "physical_capacity": 20_000_000_000_000, "type": "S3"})
	account := b.Create("s3_accounts", map[string]any{"name": "shop", "pool_id": pool})
	newUser(b, "web") // of another account
	for _, name := range []string{"shop-pictures", "shop-invoices", "shop-backups"} {
		b.Create("s3_buckets", map[string]any{"name": name, "account_id": account})
	}
	for name, description := range map[string]string{"web": "The web shop", "backup": "The nightly backup"} {
		user := b.Create("s3_users", map[string]any{"name": name, "account_id": account, "description": description})
		b.Create("s3_credentials", map[string]any{"user_id": user, "access_key": "shop-" + name + "-2026-01", "secret_key": map[string]string{"web": firstSecret, "backup": backupSecret}[name]})
	}
	x := newTenant(t, b)
	imports := ""
	for address, id := range map[string]string{
		`pool.this`:                            "name=shop-objects",
		`s3_account.this`:                      "name=shop",
		`s3_user.this["web"]`:                  fmt.Sprintf("account_id=%v,name=web", account),
		`s3_user.this["backup"]`:               "name=backup",
		`s3_bucket.this["shop-pictures"]`:      "name=shop-pictures",
		`s3_bucket.this["shop-invoices"]`:      "name=shop-invoices",
		`s3_bucket.this["shop-backups"]`:       "name=shop-backups",
		`s3_credential.this["web/2026-01"]`:    "access_key=" + firstKey,
		`s3_credential.this["backup/2026-01"]`: "access_key=" + backupKey,
	} {
		imports += fmt.Sprintf("import {\n  to = module.shop.storage_infinibox_%s\n  id = %q\n}\n", address, id)
	}
	x.Plan(x.Provider(nil), x.config, strings.Replace(imports, fmt.Sprintf("account_id=%v,name=web", account), "name=web", 1)).
		Refuses(t, `There are several S3 users with the name "web"`, "account_id=1002,name=NAME")
	b.Sent()
	x.Apply(x.Provider(nil), x.config, imports).Succeeds(t)
	for _, request := range b.Sent() {
		if !strings.HasPrefix(request, "GET") {
			t.Errorf("asked %s", request)
		}
	}
	x.works(t, firstKey)
	x.rests(t, "imported")
	x.letsIn(t, "imported", map[string]bool{firstKey: true, backupKey: true})
}
