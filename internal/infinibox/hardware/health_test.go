package hardware_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

// The page of health says nothing of an array that is well, and names what is broken.
func TestAccHealth(t *testing.T) {
	t.Parallel()
	page := example(t, "health/health.tf")
	well := acctest.SimulateInfiniBox(t, simulator.Options{})
	outcome := acctest.NewCLI(t).Plan(well.Provider(nil), page).Succeeds(t)
	for _, d := range outcome.Diagnostics {
		t.Errorf("of an array that is well it says: %s: %s", d.Summary, d.Detail)
	}
	broken := seeded(t, map[string]any{"components": map[string]any{
		"nodes/2":               map[string]any{"state": "DEGRADED", ".down": []any{"FC"}},
		"nodes/1/fc_ports/3":    map[string]any{"enabled": false},
		"enclosures/1/drives/7": map[string]any{"state": "FAILED"},
	}})
	_, _ = broken.Do("POST", "external_services/elastic/stop", nil) // which administrators may not
	broken.Must("POST", "events/custom", map[string]any{"level": "CRITICAL", "description_template": "a battery burns"})
	outcome = acctest.NewCLI(t).Plan(broken.Provider(nil), page).Succeeds(t)
	var said strings.Builder
	for _, d := range outcome.Diagnostics {
		said.WriteString(strings.Join(strings.Fields(d.Detail), " ") + "\n")
	}
	for _, want := range []string{"node-2 is DEGRADED", "drive 7 of enclosure 1 is FAILED", "FC port 3 of node-1 is disabled", "fc of node-2 is INACTIVE", "a battery burns"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q: %s", want, &said)
		}
	}
}

// Zones and iSCSI discovery are made of what data sources tell.
func TestAccZoning(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	var on []any
	for node := 1; node <= 3; node++ {
		on = append(on, b.Create("network/interfaces", map[string]any{
			"name": "data", "type": "PORT_GROUP", "node_id": node, "ports": []any{map[string]any{"name": "eth-data1"}},
		}))
	}
	space := b.Must("POST", "network/spaces", map[string]any{
		"name": "iscsi", "service": "ISCSI_SERVICE", "interfaces": on, "network_config": map[string]any{"network": "192.168.12.0", "netmask": 24},
	})
	for _, address := range []string{"192.168.12.1", "192.168.12.2"} {
		b.Must("POST", "network/spaces/"+fmt.Sprint(space["id"])+"/ips", address)
	}
	iqn := space["properties"].(map[string]any)["iscsi_iqn"]
	cli := acctest.NewCLI(t)
	config := example(t, "zoning/zoning.tf")
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
	state := outputs(t, cli)
	zone := state["terraform_data.zone[\"switch-1\"]"]
	targets, _ := b.Do("GET", "fc/soft_targets", nil)
	for _, target := range targets.([]any) {
		if o := target.(map[string]any); (o["switch_id"] == 1) != strings.Contains(zone, o["wwpn"].(string)) {
			t.Errorf("the soft target %v of switch %v is not zoned as it should be: %s", o["wwpn"], o["switch_id"], zone)
		}
	}
	discovery := state["terraform_data.discovery"]
	for _, want := range []string{iqn.(string), "192.168.12.1:3260", "192.168.12.2:3260"} {
		if !strings.Contains(discovery, want) {
			t.Errorf("discovery is without %q: %s", want, discovery)
		}
	}
}

// outputs are what the resources of terraform_data hold, as JSON, by address.
func outputs(t *testing.T, cli *acctest.CLI) map[string]string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct {
				Key        any             `json:"index_key"`
				Attributes json.RawMessage `json:"attributes"`
			}
		}
	}
	if err := json.Unmarshal(file, &state); err != nil {
		t.Fatal(err)
	}
	held := map[string]string{}
	for _, r := range state.Resources {
		for _, instance := range r.Instances {
			address := r.Type + "." + r.Name
			if instance.Key != nil {
				address += fmt.Sprintf("[%q]", instance.Key)
			}
			held[address] = string(instance.Attributes)
		}
	}
	return held
}
