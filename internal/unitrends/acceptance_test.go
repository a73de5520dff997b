package unitrends_test

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/unitrends"
	"github.com/storage-as-code/terraform-provider-storage/internal/unitrends"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const source = "data.storage_unitrends_virtual_clients."

func TestAccArea(t *testing.T) {
	const read = "nothing on the appliance is Terraform's"
	area.Run(t, unitrends.Area(), area.Tests{Questions: questions, WithoutFaults: read, WithoutWalk: read})
}

// questions are put to the appliance of the reference's example.
func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	t.Helper()
	const clients = "virtual_clients"
	return lab(simulator.Start(t, simulator.Options{})), []acctest.Question{
		{Source: clients, Finds: "it.systems[*].system_name", Want: `["UEB-2","UEB-CentOS6-lmc","UEB-main"]`},
		{Source: clients, Arguments: acctest.Attrs{"system_id": 1, "type": "wir"}, Finds: "[for s in it.systems : [s.wir[*].vm_name, length(s.vm_ir)]]", Want: `[[["mail01_wir"],0]]`},
		{Source: clients, Arguments: acctest.Attrs{"type": "hv_ir"}, Finds: "flatten(it.systems[*].hv_ir[*].comment)", Want: `["Instant recovery of the file server"]`},
	}
}

// lab is the simulator as a system to test against.
func lab(s *simulator.Simulator) acctest.ReadOnly {
	return acctest.ReadOnly{System: "unitrends", Block: acctest.Attrs{"endpoint": s.URL(), "username": "admin", "password": "123456"}}
}

// provider configures the provider for a simulator; settings are added or replaced.
func provider(s *simulator.Simulator, settings acctest.Attrs) string {
	return lab(s).Provider(settings)
}

func look(label string, arguments acctest.Attrs) string {
	return arguments.Block("data", "storage_unitrends_virtual_clients", label)
}

// list is the list of a type of the system at that index.
func list(label string, system int, kind string, want ...knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(source+label, tfjsonpath.New("systems").AtSliceIndex(system).AtMapKey(kind), knownvalue.ListExact(want))
}

func attribute(label, name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(source+label, tfjsonpath.New(name), want)
}

type checks = map[string]knownvalue.Check

// client is a virtual client with these values, and null for all others.
func client(values checks) knownvalue.Check {
	all := checks{}
	for name := range strings.FieldsSeq(`virtual_id id type hypervisor_type vm_name server_name mode pending_state port valid
		live_time ip_address vm_guid grandclient system_id system_name status created duration comment moref guid`) {
		all[name] = knownvalue.Null()
	}
	maps.Copy(all, values)
	return knownvalue.ObjectExact(all)
}

func text(s string) knownvalue.Check  { return knownvalue.StringExact(s) }
func number(n int64) knownvalue.Check { return knownvalue.Int64Exact(n) }
func boolean(b bool) knownvalue.Check { return knownvalue.Bool(b) }
func count(n int) knownvalue.Check    { return knownvalue.ListSizeExact(n) }

// The virtual clients of the reference's example, and some with every field.
var (
	boltVM = client(checks{
		"virtual_id": text("34.vm_ir"), "id": number(34), "type": text("vm_ir"), "vm_name": text("BoltVTA"), "server_name": text("vCenter-lmc"),
		"mode": text("audit"), "status": text("error"), "created": text("10/31/2014 01:08:43PM"), "duration": text("24d 19h 43m"), "moref": number(284),
	})
	boltWIR = client(checks{
		"virtual_id": text("34.wir"), "id": number(34), "type": text("wir"), "hypervisor_type": text("VMware Host"), "vm_name": text("BoltVTA"),
		"server_name": text("vCenter-lmc"), "mode": text("audit"), "ip_address": text("192.168.10.56"),
		"vm_guid": text("422ae741-9e05-57ab-0aa6-b06a54bdf513"), "grandclient": boolean(false),
	})
	mailWIR = client(checks{
		"virtual_id": text("7.wir"), "id": number(7), "type": text("wir"), "hypervisor_type": text("Hyper-V Host"), "vm_name": text("mail01_wir"),
		"server_name": text("mail01"), "mode": text("live"), "pending_state": text("audit"), "port": text("5907"), "valid": boolean(true),
		"live_time": text("11/24/2014 06:30:00AM"), "ip_address": text("192.168.10.57"), "vm_guid": text("0c8f0d52-5a1e-4b0c-93c3-0d3f1d3a7b10"),
		"grandclient": boolean(true), "system_id": number(5), "system_name": text("UEB-2"), "status": text("running"),
		"created": text("11/20/2014 09:15:02PM"), "duration": text("4d 10h 3m"),
	})
	erpVM = client(checks{
		"virtual_id": text("8.vm_ir"), "id": number(8), "type": text("vm_ir"), "vm_name": text("erp01"), "server_name": text("esx04"), "mode": text("new"),
		"status": text("running"), "created": text("11/25/2014 07:02:11AM"), "duration": text("0d 2h 5m"),
		"comment": text("Instant recovery for the audit"), "moref": number(311),
	})
	filesHV = client(checks{
		"virtual_id": text("9.hv_ir"), "id": number(9), "type": text("hv_ir"), "vm_name": text("files01"), "server_name": text("hv02"), "mode": text("restore"),
		"status": text("running"), "created": text("11/25/2014 08:40:00AM"), "duration": text("0d 0h 27m"),
		"comment": text("Instant recovery of the file server"), "guid": text("7D8A7A5C-31C7-4B5F-9A55-5C2C0E2E8F01"),
	})
)

func TestAccVirtualClients(t *testing.T) {
	s := simulator.Start(t, simulator.Options{TLS: true})
	acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: provider(s, acctest.Attrs{"ca_certificate": s.CACertificate()}) +
			look("all", nil) +
			look("wir", acctest.Attrs{"type": "wir"}) +
			look("vm", acctest.Attrs{"type": "vm_ir"}) +
			look("hv", acctest.Attrs{"type": "hv_ir"}) +
			look("system", acctest.Attrs{"system_id": 2}) +
			look("both", acctest.Attrs{"system_id": 1, "type": "wir"}),
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("all", "type", knownvalue.Null()),
			attribute("all", "system_id", knownvalue.Null()),
			attribute("all", "systems", count(3)),
			statecheck.ExpectKnownValue(source+"all", tfjsonpath.New("systems").AtSliceIndex(0).AtMapKey("system_name"), text("UEB-2")),
			statecheck.ExpectKnownValue(source+"all", tfjsonpath.New("systems").AtSliceIndex(2).AtMapKey("system_id"), number(1)),
			list("all", 0, "wir"), list("all", 0, "vm_ir"), list("all", 0, "hv_ir"),
			list("all", 1, "wir", boltWIR), list("all", 1, "vm_ir", boltVM), list("all", 1, "hv_ir"),
			list("all", 2, "wir", mailWIR), list("all", 2, "vm_ir", erpVM), list("all", 2, "hv_ir", filesHV),

			attribute("wir", "systems", count(3)), attribute("wir", "type", text("wir")),
			list("wir", 2, "wir", mailWIR), list("wir", 2, "vm_ir"), list("wir", 2, "hv_ir"),
			list("vm", 2, "wir"), list("vm", 2, "vm_ir", erpVM), list("vm", 2, "hv_ir"),
			list("hv", 2, "wir"), list("hv", 2, "vm_ir"), list("hv", 2, "hv_ir", filesHV),
			attribute("system", "systems", count(1)), attribute("system", "system_id", number(2)), list("system", 0, "vm_ir", boltVM),
			attribute("both", "systems", count(1)), list("both", 0, "wir", mailWIR), list("both", 0, "vm_ir"),
		},
	}}})
}

// However the appliance spells it, the same comes out.
func TestAccVirtualClientsHoweverSpelt(t *testing.T) {
	want := client(checks{"id": number(3), "mode": text("live"), "ip_address": text("10.0.0.1"), "port": text("5900"), "valid": boolean(true), "grandclient": boolean(false), "guid": text("G")})
	for name, list := range map[string]string{
		"reference": `[{"id": 3, "mode": "live", "ip_address": "10.0.0.1", "port": "5900", "valid": true, "grandclient": false, "GUID": "G"}]`,
		"example":   `[{"id": "3", "mode": "Live", "ip_addr": "10.0.0.1", "port": 5900, "valid": "true", "grandclient": 0, "guid": "G"}]`,
		"capitals":  `[{"id": " 3 ", "mode": "LIVE", "ip_address": null, "ip_addr": "10.0.0.1", "port": "5900", "valid": 1, "grandclient": "false", "GUID": "G", "moref": ""}]`,
		"wrapped":   `{"data": [{"id": 3, "mode": "live", "ip_address": "10.0.0.1", "port": "5900", "valid": true, "grandclient": false, "GUID": "G"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.Start(t, simulator.Options{Seed: []byte(`[{"system_id": "4", "system_name": "s", "wir": ` + list + `}]`)})
			acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{{
				Config: provider(s, nil) + look("all", nil),
				ConfigStateChecks: []statecheck.StateCheck{
					attribute("all", "systems", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(checks{
						"system_id": number(4), "system_name": text("s"), "vm_ir": count(0), "hv_ir": count(0),
						"wir": knownvalue.ListExact([]knownvalue.Check{want}),
					})})),
				},
			}}})
		})
	}
}

func TestAccUnitrendsTokenExpires(t *testing.T) {
	s := simulator.Start(t, simulator.Options{Faults: "GET /virtual_clients:session-expire"})
	acctest.NewCLI(t).Plan(provider(s, nil), look("all", nil)).Succeeds(t)
	var sent []string
	for _, r := range s.Requests() {
		sent = append(sent, r.Method+" "+r.Route)
	}
	if got := strings.Join(sent, ", "); got != "POST /api/login, GET /api/virtual_clients, POST /api/login, GET /api/virtual_clients" {
		t.Error(got)
	}
}

func TestAccUnitrendsRefusals(t *testing.T) {
	s := simulator.Start(t, simulator.Options{})
	cli := acctest.NewCLI(t)

	refused := cli.Plan(provider(s, acctest.Attrs{"password": "correct-horse"}), look("all", nil)).
		Refuses(t, "The username or password is incorrect", "UNITRENDS_USERNAME", "UNITRENDS_PASSWORD")
	if strings.Contains(refused.String(), "correct-horse") {
		t.Error("the password is in the error")
	}
	cli.Plan(acctest.Attrs{}.Block("provider", "storage"), look("all", nil)).Refuses(t, "has no unitrends block", "unitrends = { ... }")
	cli.Plan(provider(s, acctest.Attrs{"password": nil}), look("all", nil)).Refuses(t, "The unitrends block has no password", "UNITRENDS_PASSWORD")
	cli.Plan(provider(s, acctest.Attrs{"endpoint": "ueb1.example.com"}), look("all", nil)).Refuses(t, "unitrends block cannot be used", "must begin with https://")
	cli.Plan(provider(s, acctest.Attrs{"max_concurrency": 0}), look("all", nil)).Refuses(t, "at least one request")
	cli.Plan(provider(s, acctest.Attrs{"insecure": true}), look("all", nil)).Succeeds(t).Warns(t, "The appliance's certificate is not verified", "ca_certificate")

	cli.Plan(provider(s, nil), look("all", acctest.Attrs{"system_id": 99})).
		Refuses(t, "knows no system with the id 99", "5 (UEB-2), 2 (UEB-CentOS6-lmc), 1 (UEB-main)")

	s.ResetRequests()
	for argument, test := range map[string]struct {
		value any
		want  string
	}{
		"type of no kind":    {"vmware", "use one of wir, vm_ir, hv_ir"},
		"type in capitals":   {"WIR", `must be written "wir"`},
		"system_id zero":     {0, "at least 1"},
		"system_id negative": {-1, "at least 1"},
		"system_id a name":   {"UEB-2", "a number is required"},
	} {
		name, _, _ := strings.Cut(argument, " ")
		cli.Plan(provider(s, nil), look("all", acctest.Attrs{name: test.value})).Refuses(t, test.want)
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests for what is refused without asking", n)
	}
}

// Everything can come from the environment, and then the example runs as it is.
func TestAccUnitrendsExample(t *testing.T) {
	s := simulator.Start(t, simulator.Options{})
	t.Setenv("UNITRENDS_ENDPOINT", s.URL())
	t.Setenv("UNITRENDS_USERNAME", "admin")
	t.Setenv("UNITRENDS_PASSWORD", "123456")
	example, err := os.ReadFile("../../examples/data-sources/storage_unitrends_virtual_clients/data-source.tf")
	if err != nil {
		t.Fatal(err)
	}
	acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: string(example),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("live", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(checks{"system": text("UEB-main"), "name": text("mail01_wir"), "mode": text("live")}),
			})),
		},
	}}})
}
