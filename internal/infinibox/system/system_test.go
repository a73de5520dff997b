package system_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/system"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, system.Area(), area.Tests{
		Apart:  map[string]func(*testing.T){"system": TestAccSystem},
		Faults: map[string]acctest.Table{"system": systemOfTheFaults},
		Actions: map[string]acctest.Action{
			"system_activate": activated, "system_shutdown": shutDown, "system_upgrade": upgraded,
		},
		Questions: questions,
		Walk:      estate(),
	})
}

// What the tests here are written with.
var resource = acctest.ArrayResource

// asSupport is an array, and the provider as the vendor's user, who may do all.
func asSupport(t *testing.T, seed string) *acctest.InfiniBox {
	t.Helper()
	return acctest.SimulateInfiniBox(t, simulator.Options{Username: "infinidat", SystemName: "before", Serial: 4711, Seed: []byte(seed)})
}

// aging is an array whose clock goes on by a while with every request.
func aging(t *testing.T, b *acctest.InfiniBox, by time.Duration) {
	t.Helper()
	b.OnRequest(func() { b.Simulator.Advance(by) })
	t.Cleanup(func() { b.OnRequest(nil) })
}

// questions are put to an array with a volume, on which an hour passes while it is asked.
func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	t.Helper()
	b := asSupport(t, `{"unprotected_nodes":1}`)
	volume := newVolume(b)
	aging(t, b, 10*time.Second)
	of := acctest.Attrs{"filters": map[string]any{"protocol_type": "SAN", "volume_id": volume}, "fields": []any{"iops", "latency"}}
	named := func(name string) acctest.Attrs { return acctest.Attrs{"attribute": name} }
	return b, []acctest.Question{
		{Source: "system", Finds: "[it.name, it.serial_number, it.capacity.total_physical_capacity, it.entity_counts.volumes]", Want: `["before",4711,"9007199255003136",1]`},
		{Source: "system", Finds: "[it.operational_state.state, it.release.gui.version, it.power_maintenance_mode, it.power_maintenance_seconds]", Want: `["ACTIVE","8.4.6.0",false,0]`},
		{Source: "system", Finds: "[it.health_state.active_drives, length(it.ntp_status), it.security.certificate_strength, it.ssa_express_info.ssa_express_status]", Want: `[480,3,2048,"STATE_ACTIVE"]`},
		{Source: "system", Finds: "[it.eula.status, jsondecode(it.statistics).latency > 0, jsondecode(it.management_statistics).collectors >= 0, it.localtime.timezone]", Want: `["PENDING",true,true,"UTC"]`},
		{Source: "system_attribute", Arguments: named("name"), Finds: "[it.value, it.json]", Want: `["before","\"before\""]`},
		{Source: "system_attribute", Arguments: named("capacity.total_physical_capacity"), Finds: "tonumber(it.value)", Want: "9007199255003136"},
		{Source: "system_attribute", Arguments: named("capacity.total_virtual_capacity"), Finds: "tonumber(it.value)", Want: "22517998137507840"},
		{Source: "system_attribute", Arguments: named("ssa_express_info"), Finds: "[it.value, jsondecode(it.json).ssa_express_status]", Want: `[null,"STATE_ACTIVE"]`},
		{Source: "system_health_state", Finds: "[it.inactive_nodes, it.bbu_protected_nodes, it.node_bbu_protection]", Want: `[0,2,{"node-1":"PROTECTED","node-2":"PROTECTED","node-3":"UNPROTECTED"}]`},
		{Source: "system_ntp_status", Finds: "[for n in it.nodes : n.node_id]", Want: "[1,2,3]"},
		{Source: "system_ntp_status", Arguments: acctest.Attrs{"node_id": 2}, Finds: "[it.nodes[0].node_id, it.nodes[0].ntp_peers[0].tally_code, it.nodes[0].ntp_peers[0].delay_milliseconds]", Want: `[2,"sys.peer",0.38]`},
		{Source: "system_ping", Finds: "it.message", Want: "OK"},
		{Source: "client_config", Finds: "[it.username, it.user_id, it.role, it.roles, it.system_name, it.serial_number, it.version]", Want: `["infinidat",-1,"INFINIDAT",["INFINIDAT"],"before",4711,"8.4.6.0"]`},
		{Source: "client_config", Finds: `[it.features["active_active"], contains(keys(it.features), "tenants")]`, Want: `["4",false]`},
		{Source: "metrics", Arguments: of, Finds: `[[for m in it.summary : [m.field, m.unit, m.minimum <= m.average && m.average <= m.maximum && m.minimum > 0]], it.interval, it.collector_type]`, Want: `[[["iops","operations",true],["latency","microseconds",true]],"1s","COUNTER"]`},
		{Source: "metrics_fields", Finds: "[[for f in it.filter_fields : f.name], it.collector_fields]", Want: `[["protocol","protocol_type","operation_type"],[]]`},
		{Source: "metrics_fields", Arguments: acctest.Attrs{"level": "BASIC", "filters": map[string]any{"volume_id": volume, "protocol_type": "SAN"}}, Finds: "[[for f in it.collector_fields : f.name], contains(it.filter_fields[*].name, \"protocol_type\")]", Want: `[["throughput","iops","latency"],false]`},
	}
}

// newVolume makes a volume, and its pool.
func newVolume(b *acctest.InfiniBox) any {
	pool := b.Create("pools", map[string]any{"name": "p", "physical_capacity": 1000000000000, "virtual_capacity": 1000000000000})
	return b.Create("volumes", map[string]any{"name": "v", "pool_id": pool, "size": 1000000000})
}

func activated(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.Must("POST", "system/operational_state/shutdown", nil)
	return b, acctest.Invocation{
		Progress: "Activating the system", Sent: "POST /api/rest/system/operational_state/activate", Meanwhile: func() {},
		Done: func(t *testing.T) {
			if is := b.Must("GET", "system/operational_state", nil); is["state"] != "ACTIVE" {
				t.Errorf("the system is %v", is)
			}
		},
		Refused: []acctest.Refusal{{Says: []string{"SYSTEM_ACTIVATION_REQUIRES_STANDBY_STATE"}}},
	}
}

// Both ways to shut down are dangerous, each for a reason of its own, and the plan names
// who loses what.
func shutDown(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{SystemName: "ibox1"})
	b.Create("hosts", map[string]any{"name": "db1"})
	off := acctest.Attrs{"power_off": true}
	return b, acctest.Invocation{
		Danger: "until the array is activated again", Progress: "Shutting the system down", Sent: "POST /api/rest/system/operational_state/shutdown",
		Done: func(t *testing.T) {
			const shutdown = "storage_infinibox_system_shutdown"
			server := acctest.NewServer(t, b)
			server.PlanAction(shutdown, off.With(acctest.Attrs{"approved": false})).
				Refuse(t, "is dangerous and not approved", "only somebody at the rack", `It is the array "ibox1"`, `Its hosts: "db1"`)
			server.Invoke(shutdown, off.With(acctest.Attrs{"approved": false})).Refuse(t, "only somebody at the rack")
			b.Must("POST", "system/operational_state/activate", nil)
			b.Sent()
			said := server.Invoke(shutdown, off)
			if sent := b.Sent(); said.Failed() || len(sent) != 1 || sent[0] != "POST /api/rest/system/operational_state/shutdown_and_poweroff approved=yes" || len(said.Progress) != 2 || said.Progress[1] != "The required process started" {
				t.Errorf("sent %v, said %q %s", sent, said.Progress, said.Problems)
			}
		},
		Refused: []acctest.Refusal{{Says: []string{"NOT_SUPPORTED_IN_SYSTEM_STATE"}}},
	}
}

func upgraded(t *testing.T) (acctest.Lab, acctest.Invocation) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return acctest.SimulateInfiniBox(t, simulator.Options{}), acctest.Invocation{
		Config: acctest.Attrs{"file": write("gui-8.4.7.tar.gz", "a package")}, Danger: "cannot be undone",
		Progress: "Installing gui-8.4.7.tar.gz", Sent: "POST /api/rest/system/upgrade",
		Done: func(*testing.T) {},
		Refused: []acctest.Refusal{
			{Config: acctest.Attrs{"file": write("empty", "")}, Says: []string{"is empty"}},
			{Config: acctest.Attrs{"file": dir}, Says: []string{"is a directory"}},
			{Config: acctest.Attrs{"file": filepath.Join(dir, "none")}, Says: []string{"The package cannot be read"}},
		},
	}
}
