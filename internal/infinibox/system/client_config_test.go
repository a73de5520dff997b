package system_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// example is the configuration of an example.
func example(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("../../../examples/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A module refuses before anything is changed: a user who may not, and an array that
// cannot.
func TestAccModuleRefusesEarly(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{SystemName: "ibox1"})
	b.Create("users", map[string]any{"name": "rob", "password": "Passw0rd!rob", "role": "READ_ONLY", "email": "rob@example.com"})
	module := example(t, "data-sources/storage_infinibox_client_config/data-source.tf") +
		resource("host", "h", acctest.Attrs{"name": acctest.Expr(`"db-${data.storage_infinibox_client_config.current.serial_number}"`)})
	rob := b.Provider(acctest.Attrs{"username": "rob", "password": "Passw0rd!rob"})
	acctest.NewCLI(t).Apply(rob, module).Refuses(t, "This module needs an administrator, and rob is READ_ONLY.")
	acctest.NewCLI(t).Apply(b.Provider(nil), strings.Replace(module, `"nvme"`, `"tenants"`, 1)).Refuses(t, "ibox1 (8.4.6.0) does not speak NVMe.")
	if made := b.Requests("POST", ""); made > 0 {
		t.Errorf("the array was changed %d times", made)
	}
	acctest.NewCLI(t).Apply(b.Provider(nil), module).Succeeds(t)
}

// Of a member of a directory the array keeps no object: a log-in tells the role, and no
// state has the password.
func TestAccClientConfigOfMemberOfDirectory(t *testing.T) {
	t.Parallel()
	const password = "Planted-directory-secret"
	b := acctest.SimulateInfiniBox(t, simulator.Options{LDAPDirectories: []simulator.LDAPDirectory{{
		Domain: "corp.example.com", Servers: []string{"10.1.0.1"}, Groups: []string{"cn=storage,dc=corp,dc=example,dc=com"},
		Users: []simulator.LDAPUser{{Name: "dana", DN: "cn=dana,dc=corp,dc=example,dc=com", Password: password, Groups: []string{"cn=storage,dc=corp,dc=example,dc=com"}}},
	}}})
	repository := b.Create("config/ldap", map[string]any{"name": "corp", "repository_type": "LDAP", "servers": []any{"10.1.0.1"}})
	b.Create("users", map[string]any{"type": "Ldap", "name": "storage", "dn": "cn=storage,dc=corp,dc=example,dc=com", "ldap_id": repository, "role": "POOL_ADMIN"})
	b.Set(acctest.Attrs{"username": "dana", "password": password})
	seen, problems := acctest.NewServer(t, b).Look("storage_infinibox_client_config", nil)
	if got := fmt.Sprintf("%v %v %v %v", seen["username"], seen["user_id"], seen["role"], seen["roles"]); problems.Failed() || got != "dana <nil> POOL_ADMIN [POOL_ADMIN]" {
		t.Errorf("it tells %s, %s", got, problems)
	}
	if strings.Contains(fmt.Sprint(seen, problems), password) {
		t.Error("it tells the password")
	}
}
