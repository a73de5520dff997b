package access_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The secrets of the story, which nothing may tell in any form.
const (
	arrayPassword   = "Planted/array+password?1"
	breakGlass      = "Planted/break+glass&1"
	breakGlassLater = "Planted/break+glass&2"
	bindSecret      = "Planted/bind+secret=1"
	bindSecretLater = "Planted/bind+secret=2"
	wrongSecret     = "Planted/wrong+secret=0"
)

// team is a directory of the team that gets the array, beside another.
func team(bind string) []simulator.LDAPDirectory {
	return []simulator.LDAPDirectory{{
		Servers: []string{"10.3.0.1", "10.3.0.2"}, BindUsername: "cn=infinibox,dc=example,dc=com", BindPassword: bind,
		Groups: []string{"cn=storage-admins,ou=groups,dc=example,dc=com", "cn=dbas,ou=groups,dc=example,dc=com"},
	}}
}

// handover is the configuration by which a new array is handed to a team.
func handover(version int) string {
	return fmt.Sprintf(`
resource "storage_infinibox_users_repository" "people" {
  name                     = "people"
  repository_type          = "LDAP"
  servers                  = ["10.3.0.1", "10.3.0.2"]
  bind_username            = "cn=infinibox,dc=example,dc=com"
  bind_password_wo         = var.bind
  bind_password_wo_version = %[1]d
  groups_basedn            = "ou=groups,dc=example,dc=com"
}

resource "storage_infinibox_users_repository" "partners" {
  name            = "partners"
  repository_type = "ActiveDirectory"
  domain_name     = "partners.example.com"
}

resource "storage_infinibox_users_repository_order" "this" {
  repository_ids = [-1, storage_infinibox_users_repository.people.id, storage_infinibox_users_repository.partners.id]
}

resource "storage_infinibox_user_group" "of" {
  for_each            = { "storage-admins" = "ADMIN", "dbas" = "POOL_ADMIN" }
  type                = "Ldap"
  name                = each.key
  users_repository_id = storage_infinibox_users_repository.people.id
  dn                  = "cn=${each.key},ou=groups,dc=example,dc=com"
  role                = each.value
}

resource "storage_infinibox_user" "break_glass" {
  name                = "break-glass"
  email               = "oncall@example.com"
  role                = "ADMIN"
  password_wo         = var.break_glass
  password_wo_version = %[1]d
}

resource "storage_infinibox_user" "dba" {
  name                = "dba"
  email               = "dba@example.com"
  role                = "POOL_ADMIN"
  password_wo         = var.break_glass
  password_wo_version = 1
}

resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
  owners            = [storage_infinibox_user_group.of["dbas"].id, storage_infinibox_user.dba.id]
}

data "storage_infinibox_user_pools" "dbas" {
  user_id    = storage_infinibox_user_group.of["dbas"].id
  depends_on = [storage_infinibox_pool.db]
}

output "pools" {
  value = data.storage_infinibox_user_pools.dbas.pools[*].name
}
`, version)
}

// A new array is handed to a team: its directory, its groups with their roles, a user for
// when the directory is down, the owners of its pool. The second plan is empty, passwords
// are rotated by their version, and nothing tells a secret.
func TestAccArrayIsHandedOver(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{Password: arrayPassword, LDAPDirectories: team(bindSecret)})
	logs := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, logs)
	given := map[string]string{"bind": bindSecret, "break_glass": breakGlass}
	variables := cli.Secrets(given)
	provider := b.Provider(acctest.Attrs{"password": arrayPassword, "session_login": true})

	said := []*acctest.Outcome{
		cli.Apply(provider, variables, handover(1)).Succeeds(t),
		cli.Plan(provider, variables, handover(1)).Succeeds(t).Plans(t, map[string]string{}),
	}
	var pools []string
	if outputs, err := cli.Terraform.Output(t.Context()); err != nil || json.Unmarshal(outputs["pools"].Value, &pools) != nil || len(pools) != 1 || pools[0] != "db" {
		t.Errorf("the group owns %v, %v", pools, err)
	}
	if _, answer, err := b.Simulator.Do("POST", "users/login", map[string]any{"username": "break-glass", "password": breakGlass}); err != nil {
		t.Errorf("the user cannot log in: %v, %v", answer, err)
	}
	// A password that is not the directory's is told, and changes nothing.
	given["bind"] = wrongSecret
	cli.Secrets(given)
	said = append(said, cli.Apply(provider, variables, handover(2)).Refuses(t, "LDAP_BAD_CREDENTIALS", "check bind_username and bind_password_wo"))
	given["bind"], given["break_glass"] = bindSecret, breakGlassLater
	cli.Secrets(given)
	plan := filepath.Join(cli.Dir, "plan.bin")
	cli.Write(provider, variables, handover(3))
	if _, err := cli.Terraform.Plan(t.Context(), tfexec.Out(plan)); err != nil {
		t.Fatal(err)
	}
	said = append(said,
		cli.Apply(provider, variables, handover(3)).Succeeds(t).Plans(t, map[string]string{
			"storage_infinibox_users_repository.people": "update", "storage_infinibox_user.break_glass": "update",
		}),
		cli.Plan(provider, variables, handover(3)).Succeeds(t).Plans(t, map[string]string{}),
	)
	if _, answer, err := b.Simulator.Do("POST", "users/login", map[string]any{"username": "break-glass", "password": breakGlassLater}); err != nil {
		t.Errorf("the user cannot log in with the new password: %v, %v", answer, err)
	}
	texts := map[string]string{"the plan": acctest.Unzipped(t, plan)}
	for i, run := range said {
		texts[fmt.Sprintf("the output of run %d", i+1)] = run.Output
	}
	for _, file := range []string{logs, filepath.Join(cli.Dir, "terraform.tfstate"), filepath.Join(cli.Dir, "terraform.tfstate.backup")} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(content)
	}
	acctest.KeepsSecrets(t, texts, arrayPassword, breakGlass, breakGlassLater, bindSecret, wrongSecret)
}

// The directory is tested before the array is told of it, with a wrong password and with
// the right one; no plan and no log tells either.
func TestAccDirectoryIsTestedFirst(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Actions)
	b := acctest.SimulateInfiniBox(t, simulator.Options{Password: arrayPassword, LDAPDirectories: team(bindSecretLater)})
	logs := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, logs)
	config := b.Provider(acctest.Attrs{"password": arrayPassword}) + `
action "storage_infinibox_users_repository_test" "people" {
  config {
    servers          = ["10.3.0.1", "10.3.0.2"]
    bind_username    = "cn=infinibox,dc=example,dc=com"
    bind_password_wo = var.bind
  }
}

resource "terraform_data" "tested" {
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.storage_infinibox_users_repository_test.people]
    }
  }
}
`
	variables := cli.Secrets(map[string]string{"bind": wrongSecret})
	said := []*acctest.Outcome{cli.Apply(config, variables).Refuses(t, "Failed: Testing the directory at 10.3.0.1, 10.3.0.2", "LDAP_BAD_CREDENTIALS")}
	cli.Secrets(map[string]string{"bind": bindSecretLater})
	plan := filepath.Join(cli.Dir, "plan.bin")
	if _, err := cli.Terraform.Plan(t.Context(), tfexec.Out(plan)); err != nil {
		t.Fatal(err)
	}
	said = append(said, cli.Apply(config, variables).Succeeds(t))
	if n := b.Requests("POST", "/api/rest/config/ldap/test"); n != 2 {
		t.Errorf("%d tests", n)
	}
	content, err := os.ReadFile(logs)
	if err != nil {
		t.Fatal(err)
	}
	acctest.KeepsSecrets(t, map[string]string{"the log": string(content), "the plan": acctest.Unzipped(t, plan), "the first run": said[0].Output, "the second run": said[1].Output},
		arrayPassword, bindSecretLater, wrongSecret)
}
