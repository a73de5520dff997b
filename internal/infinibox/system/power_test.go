package system_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	test "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// An array is shut down and brought up again by an apply: nothing happens until the
// hosts that are cut off were read and approved.
func TestAccPowerCycle(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Actions)
	b := acctest.SimulateInfiniBox(t, simulator.Options{SystemName: "ibox1"})
	b.Create("hosts", map[string]any{"name": "db1"})
	b.Sent()
	config := func(approved, off bool) string {
		return b.Provider(nil) + fmt.Sprintf(`
resource "terraform_data" "cycle" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.storage_infinibox_system_shutdown.down, action.storage_infinibox_system_activate.up]
    }
  }
}

action "storage_infinibox_system_shutdown" "down" {
  config {
    power_off = %t
    approved  = %t
  }
}

action "storage_infinibox_system_activate" "up" {}
`, off, approved)
	}
	acctest.Test(t, test.TestCase{
		Steps: []test.TestStep{
			{Config: config(false, false), ExpectError: regexp.MustCompile(`(?s)until the array is\s+activated again.*ibox1.*db1`)},
			{Config: config(false, true), ExpectError: regexp.MustCompile(`(?s)only\s+somebody at the rack`)},
			{
				Config: config(true, false),
				Check: func(*terraform.State) error {
					changes := slices.DeleteFunc(b.Sent(), func(r string) bool { return strings.HasPrefix(r, "GET") })
					want := "POST /api/rest/system/operational_state/shutdown approved=yes, POST /api/rest/system/operational_state/activate"
					if sent := strings.Join(changes, ", "); sent != want {
						return fmt.Errorf("sent %s, want %s", sent, want)
					}
					return nil
				},
			},
		},
	})
}
