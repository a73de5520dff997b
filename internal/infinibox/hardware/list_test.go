package hardware_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// terraform query finds what there is to take over, with what it is known by.
func TestAccLists(t *testing.T) {
	t.Parallel()
	server := acctest.NewServer(t, acctest.SimulateInfiniBox(t, simulator.Options{}))
	for kind, want := range map[string]struct {
		scope acctest.Attrs
		found int
		name  string
	}{
		"fc_port":          {acctest.Attrs{"node_id": 1}, 8, "Fibre Channel port (node_id 1, id 1)"},
		"fc_switch":        {nil, 2, `Fibre Channel switch "switch-1" (id 1)`},
		"external_service": {nil, 2, `external service "elastic"`},
	} {
		found, problems := server.List("storage_infinibox_"+kind, want.scope, 0, true)
		if problems.Failed() || len(found) != want.found {
			t.Errorf("%s: query finds %d objects, want %d\n%s", kind, len(found), want.found, problems)
			continue
		}
		if found[0].Name != want.name {
			t.Errorf("%s: query finds %q, want %q", kind, found[0].Name, want.name)
		}
	}
}
