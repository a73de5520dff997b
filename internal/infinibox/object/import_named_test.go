package object_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A user of one of two accounts, which have users of the same name, is imported by the
// account's name as by its id.
func TestAccImportByNames(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
	users := map[string]any{}
	for _, name := range []string{"shop", "lab"} {
		pool := b.Create("pools", map[string]any{"name": name, "type": "S3", "physical_capacity": 10_000_000_000_512})
		account := b.Create("s3_accounts", map[string]any{"name": name, "pool_id": pool, "email": name + "@example.com", "location": "tlv-1"})
		users[name] = b.Create("s3_users", map[string]any{"name": "web", "account_id": account})
	}
	s := acctest.NewServer(t, b)
	for account, user := range users {
		acctest.ImportedAs(t, s, "storage_infinibox_s3_user", "account="+account+",name=web", acctest.Object{"id": user})
	}
}
