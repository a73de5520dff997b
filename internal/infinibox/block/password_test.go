package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A wrong password costs one failed log-in and says so once, however much there is to
// refresh: more would lock the account, and bury the reason.
func TestAccWrongPassword(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	var config string
	for i := range 30 {
		config += volumeOf(fmt.Sprintf("v%d", i), pool, "1GB")
		config += resource("host", fmt.Sprintf("h%d", i), acctest.Attrs{"name": fmt.Sprintf("h%d", i)})
	}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	before := b.Requests("", "")
	run := cli.Plan(b.Provider(acctest.Attrs{"password": "wrong"}), config)
	run.Refuses(t, "AUTHENTICATION_REQUIRED", "INFINIBOX_PASSWORD")
	if sent := b.Requests("", "") - before; sent != 1 || len(run.Diagnostics) != 1 {
		t.Errorf("%d requests, %s", sent, run)
	}
}
