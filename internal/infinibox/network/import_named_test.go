package network_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// What is within a network space is imported by the space's name as by its id.
func TestAccImportByNames(t *testing.T) {
	t.Parallel()
	near := acctest.SimulatePair(t, simulator.Options{}).Near
	route := near.Must("POST", fmt.Sprintf("network/spaces/%v/routes", near.Space), map[string]any{"destination": "10.20.0.0", "netmask": 16, "gateway": "10.0.1.253"})["id"]
	s := acctest.NewServer(t, near)
	acctest.ImportedAs(t, s, "storage_infinibox_network_space_ip", "network_space=rmr,ip_address=10.0.1.1", acctest.Object{"network_space_id": near.Space, "ip_address": "10.0.1.1"})
	acctest.ImportedAs(t, s, "storage_infinibox_network_space_route", "network_space=rmr,network=10.20.0.0/16", acctest.Object{"network_space_id": near.Space, "id": route})
}
