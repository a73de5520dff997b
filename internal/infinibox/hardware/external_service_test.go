package hardware_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// services are for the faults: there are two of them, and no more.
func services(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{}).As("technician")
	one := acctest.Attrs{"name": "elastic", "running": false}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_external_service", Permanent: true, Least: one, Most: one, Key: []string{"name"},
		Changes: map[string]acctest.Change{"running": {Through: []any{false, true}}},
	}
}

// A service is stopped by consent and by a technician, started again where others have
// stopped it on one node, and left as it was.
func TestAccExternalService(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{}).As("technician")
	server := acctest.NewServer(t, b)
	service := func(running any, more acctest.Attrs) string {
		return resource("external_service", "s", acctest.Attrs{"name": "elastic", "running": running}.With(more))
	}
	state := func() any { return b.Must("GET", "external_services/elastic", nil)["cluster_state"] }
	const address = "storage_infinibox_external_service.s"
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), service(true, nil)).Succeeds(t)
	cli.Plan(b.Provider(nil), service(true, nil)).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(b.Provider(nil), service(false, nil)).Refuses(t, "is dangerous and not approved", "What the array does by the service it does no more")
	cli.Apply(b.Provider(nil), service(false, acctest.Attrs{"approved": true})).Succeeds(t)
	if state() != "RED" {
		t.Errorf("the stopped service is %v", state())
	}
	cli.Apply(b.Provider(nil), service(true, nil)).Succeeds(t)
	if said := server.Invoke("storage_infinibox_node_phase_out", acctest.Attrs{"node_id": 9}); !said.Failed() {
		t.Error("there is no node 9")
	}
	importing := acctest.NewCLI(t)
	importing.Write(b.Provider(nil), service(true, nil))
	if err := importing.Import(address, "name=elastic"); err != nil {
		t.Fatal(err)
	}
	importing.Plan(b.Provider(nil), service(true, nil)).Succeeds(t).Plans(t, map[string]string{})
	administrator := acctest.NewCLI(t)
	administrator.Apply(b.As("admin").Provider(nil), service(false, acctest.Attrs{"approved": true})).Refuses(t, "(UNAUTHORIZED)")
	cli.Apply(b.Provider(nil)).Succeeds(t)
	if state() != "GREEN" {
		t.Errorf("the service is given back %v", state())
	}
}
