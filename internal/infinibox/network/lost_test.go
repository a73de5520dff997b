package network_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// An address is made by an answer that tells of its space, and goes by two requests, the
// first of which is refused while it is enabled: whichever answer is lost, the apply goes on.
func TestLostAnswersOfAnAddress(t *testing.T) {
	t.Parallel()
	const space = "/network/spaces/{id}/ips"
	for _, fault := range []string{
		"POST " + space + ":cut-after",
		"DELETE " + space + "/{ip}#1:malformed", // the refusal
		"DELETE " + space + "/{ip}#2:truncate",
		"POST " + space + "/{ip}/disable:cut-after",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			b := acctest.SimulateInfiniBox(t, simulator.Options{})
			nas := newSpace(b, "nas", newVLANs(b, "v", 11, newGroups(b, "data", "eth-data1")))
			server := acctest.NewServer(t, b)
			if err := b.Simulator.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			const kind = "storage_infinibox_network_space_ip"
			state, identity := server.Create(kind, acctest.Attrs{"network_space_id": nas, "ip_address": "192.168.11.2"})
			server.Apply(kind, state, identity, nil)
			if b.Requests("POST", "/api/rest/network/spaces/{id}/ips/{ip}/disable") == 0 {
				t.Error("the address was not disabled") // the faults were in the way of nothing
			}
		})
	}
}
