package brownfield_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/brownfield"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// update has what is written now be what is wanted: go test -run Takeover -update.
var update = flag.Bool("update", false, "write what is wanted anew")

// at has the environment speak of an array.
func at(t *testing.T, b *acctest.InfiniBox) {
	t.Helper()
	t.Setenv("INFINIBOX_ENDPOINT", b.Simulator.URL())
	t.Setenv("INFINIBOX_USERNAME", "admin")
	t.Setenv("INFINIBOX_PASSWORD", acctest.ArrayPassword)
}

// takeover calls the command, as a person does.
func takeover(t *testing.T, arguments ...string) (said string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = brownfield.Command(t.Context(), provider.Systems("test"), arguments, &out)
	return out.String(), err
}

// takenOver takes over an array, and holds that this changes nothing on it, that the plan
// after is empty, and that no secret is told. It returns where the configuration is.
func takenOver(t *testing.T, b *acctest.InfiniBox, flags ...string) (dir, said string) {
	t.Helper()
	at(t, b)
	cli := acctest.NewProgramCLI(t)
	b.Simulator.ResetRequests()
	said, err := takeover(t, append(flags, cli.Dir)...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cli.Terraform.Plan(t.Context(), tfexec.Out("plan")); err != nil {
		t.Fatal(err)
	}
	plan, err := cli.Terraform.ShowPlanFile(t.Context(), "plan")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.ResourceChanges {
		if c.Change.Importing == nil || !c.Change.Actions.NoOp() {
			t.Errorf("%s is not taken over as it is: %v\nbefore %v\nafter %v", c.Address, c.Change.Actions, c.Change.Before, c.Change.After)
		}
	}
	if err := cli.Terraform.Apply(t.Context(), tfexec.DirOrPlan("plan")); err != nil {
		t.Fatal(err)
	}
	if changes, err := cli.Terraform.Plan(t.Context()); err != nil || changes {
		t.Errorf("the plan after is not empty: %v", err)
	}
	for route, n := range b.Routes() {
		if !strings.HasPrefix(route, "GET ") {
			t.Errorf("%d requests %s, where nothing is to be changed", n, route)
		}
	}
	for name, text := range files(t, cli.Dir) {
		if strings.Contains(text, "planted") {
			t.Errorf("%s tells a secret:\n%s", name, text)
		}
	}
	return cli.Dir, said
}

// files are the configuration of a directory.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(path)] = string(text)
	}
	return all
}

// aside are the kinds that neither estate has.
var aside = map[string]string{"storage_ontap_vscan_scanner_pool": "it is another system's"}

// Estates with something of every kind are taken over by a configuration that changes
// nothing: what is not written is named.
func TestAccTakeover(t *testing.T) {
	written := map[string]bool{}
	var said string
	note := func(dir, report string) {
		said += report
		for _, text := range files(t, dir) {
			for _, found := range regexp.MustCompile(`(?m)^resource "(\w+)"`).FindAllStringSubmatch(text, -1) {
				written[found[1]] = true
			}
		}
	}
	t.Run("estate", func(t *testing.T) {
		b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true, Seed: []byte(
			`{"active_directory": [{"domain": "ad.example.com", "username": "Administrator", "password": "planted-domain-password"}]}`)})
		estate, err := os.ReadFile("testdata/estate.tf")
		if err != nil {
			t.Fatal(err)
		}
		acctest.NewCLI(t).Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true}), string(estate)).Succeeds(t)
		dir, report := takenOver(t, b, "-snapshots")
		note(dir, report)
		asWanted(t, files(t, dir))
	})
	t.Run("replication", func(t *testing.T) {
		p := acctest.SimulatePair(t, simulator.Options{}).Link()
		pool, far := p.Near.NewPool("db"), p.Far.NewPool("db")
		p.Near.Must("POST", "replicas", map[string]any{
			"link_id": p.Near.Link, "remote_pool_id": far, "entity_type": "VOLUME", "replication_type": "ASYNC", "sync_interval": 300_000,
			"entity_pairs": []any{map[string]any{"local_entity_id": p.Near.NewVolume("data", pool), "remote_base_action": "CREATE"}},
		})
		vms := map[string]any{"name": "vms", "type": "VVOL", "physical_capacity": 1_000_000_000_000}
		group := p.Near.Create("replication_groups", map[string]any{"name": "erp", "pool_id": p.Near.Create("pools", vms)})
		p.Near.Must("POST", "rg_replicas", map[string]any{
			"replication_group_id": group, "link_id": p.Near.Link, "remote_pool_id": p.Far.Create("pools", vms), "sync_interval": 0,
		})
		dir, report := takenOver(t, p.Near.InfiniBox)
		note(dir, report)
		text := files(t, dir)["infinibox_replication.tf"]
		for _, wanted := range []string{"= storage_infinibox_link.link.id", "= storage_infinibox_volume.data.id", "= storage_infinibox_replication_group.erp.id", "= storage_infinibox_network_space.rmr.id"} {
			if !strings.Contains(text, wanted) {
				t.Errorf("no %q in\n%s", wanted, text)
			}
		}
	})
	for _, s := range provider.Systems("test") {
		for _, k := range s.Kinds {
			if name := k.TypeName(); k.IsManaged() && !written[name] && aside[name] == "" && !strings.Contains(said, name+": ") {
				t.Errorf("%s is neither written nor said to be left", name)
			}
		}
	}
}

// asWanted compares what is written with testdata/wanted, but for what an array chooses.
func asWanted(t *testing.T, got map[string]string) {
	t.Helper()
	chosen := regexp.MustCompile(`S-1-5-21-[\d-]+|[0-9a-f]{64}|"http://[^"]*"`)
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if name == "imports.tf" || name == "infinibox_hardware.tf" {
			continue // ids are as Terraform made the objects, and nothing of the hardware is special
		}
		text, file := chosen.ReplaceAllString(got[name], "CHOSEN"), filepath.Join("testdata/wanted", name+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		wanted, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(wanted) {
			t.Errorf("%s is not as %s has it (-update writes it anew):\n%s", name, file, text)
		}
	}
}

// Two thousand objects take as many requests as they are thousands, by collection, and one
// for each owner where objects are listed by these.
func TestTakeoverOf2000(t *testing.T) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	var pools []any
	for i := range 10 {
		pools = append(pools, b.Create("pools", map[string]any{"name": fmt.Sprintf("pool-%d", i), "physical_capacity": 10_000_000_000_512}))
	}
	for i := range 990 {
		name := fmt.Sprintf("app-%03d", i)
		host := b.NewHost(name)
		volume := b.NewVolume(name, pools[i%len(pools)])
		if i < 10 {
			b.Must("POST", fmt.Sprintf("hosts/%v/luns", host), map[string]any{"volume_id": volume})
			b.Must("PUT", fmt.Sprintf("metadata/%v", volume), map[string]any{"owner": name})
		}
	}
	at(t, b)
	b.Simulator.ResetRequests()
	e, err := brownfield.Read(t.Context(), provider.Systems("test"), brownfield.Options{})
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, n := range e.Count {
		total += n
	}
	if total < 2000 {
		t.Errorf("%d objects are written: %v", total, e.Count)
	}
	// A request for each of some 40 kinds and the metadata, and a few for each owner that
	// this array has by itself.
	if n := b.Requests("", ""); n > 80 {
		t.Errorf("%d requests: %v", n, b.Routes())
	}
	for route, n := range b.Routes() {
		if n > 4 {
			t.Errorf("%d requests %s", n, route)
		}
	}
	block := string(e.Files["infinibox_block.tf"])
	if n := strings.Count(block, "\nresource "); n < 2000 {
		t.Errorf("%d resources in infinibox_block.tf", n)
	}
	wanted := "resource \"storage_infinibox_volume\" \"app_007\" {\n  name               = \"app-007\"\n  pool_id            = storage_infinibox_pool.pool_7.id\n  size               = \"1GB\"\n"
	if !strings.Contains(block, wanted) {
		t.Errorf("no %s", wanted)
	}
}

// What cannot be done is said, and nothing is written.
func TestTakeoverRefusals(t *testing.T) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "main.tf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	refused := func(says string, arguments ...string) {
		t.Helper()
		if _, err := takeover(t, arguments...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("takeover %v: %v, want %q", arguments, err, says)
		}
	}
	refused("the environment names no system", empty)
	at(t, b)
	refused("name one directory")
	refused("has a configuration already", full)
	refused("there is no resource storage_infinibox_tape", "-only", "infinibox_tape", empty)
	refused("there is no resource storage_infinibox_node", "-except", "infinibox_node", empty)
	t.Setenv("INFINIBOX_PASSWORD", "wrong")
	refused("AUTHENTICATION_REQUIRED", empty)
	if got := files(t, empty); len(got) > 0 {
		t.Errorf("written: %v", got)
	}
}

// A person chooses what is written; what is not stays an id, with a word on it.
func TestTakeoverOfSome(t *testing.T) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("db")
	b.NewVolume("data", pool)
	at(t, b)
	dir := filepath.Join(t.TempDir(), "new")
	if _, err := takeover(t, "-only", "infinibox_volume,infinibox_pool", "-except", "storage_infinibox_pool", dir); err != nil {
		t.Fatal(err)
	}
	got := files(t, dir)
	wanted := fmt.Sprintf(`resource "storage_infinibox_volume" "data" {
  name = "data"
  # Of the object with this id, there is no resource here to refer to.
  pool_id = %v
`, pool)
	if text := got["infinibox_block.tf"]; len(got) != 3 || strings.Count(text, "resource \"") != 1 || !strings.HasPrefix(text, wanted) {
		t.Errorf("written: %v", got)
	}
}

// What the array does not tell is named, and the rest is written: also for a user who may
// only read. A failure writes nothing.
func TestTakeoverOfWhatIsTold(t *testing.T) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Faults: "GET /volumes#*:403,GET /exports#*:500"})
	pool := b.NewPool("db")
	b.NewVolume("data", pool)
	b.Create("users", map[string]any{"name": "reader", "password": acctest.ArrayPassword, "email": "reader@example.com", "role": "READ_ONLY"})
	at(t, b)
	t.Setenv("INFINIBOX_USERNAME", "reader")
	dir := t.TempDir()
	said, err := takeover(t, "-except", "infinibox_export", dir)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said, "storage_infinibox_volume: the system does not tell them: GET volumes") {
		t.Errorf("said: %s", said)
	}
	if block := files(t, dir)["infinibox_block.tf"]; !strings.Contains(block, `"storage_infinibox_pool" "db"`) || strings.Contains(block, "storage_infinibox_volume") {
		t.Errorf("written: %s", block)
	}
	empty := t.TempDir()
	if _, err := takeover(t, "-only", "infinibox_pool,infinibox_export", empty); err == nil || !strings.Contains(err.Error(), "storage_infinibox_export: GET exports") {
		t.Errorf("a failure is told as %v", err)
	}
	if got := files(t, empty); len(got) > 0 {
		t.Errorf("written: %v", got)
	}
}

// Several systems are taken over at once, each by its own environment.
func TestTakeoverOfSystems(t *testing.T) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.NewPool("db")
	at(t, b)
	cluster := acctest.NewONTAP(t, ontap.Options{})
	cluster.MustPool("POST", "", map[string]any{"name": "main", "servers": []any{"10.0.0.1"}, "privileged_users": []any{`cifs\u1`}})
	t.Setenv("ONTAP_ENDPOINT", cluster.URL())
	t.Setenv("ONTAP_USERNAME", "admin")
	t.Setenv("ONTAP_PASSWORD", acctest.ArrayPassword)
	e, err := brownfield.Read(t.Context(), provider.Systems("test"), brownfield.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for file, wanted := range map[string]string{
		"infinibox_block.tf": `resource "storage_infinibox_pool" "db"`,
		"ontap_vscan.tf":     `servers          = ["10.0.0.1"]`,
		"imports.tf":         "to = storage_ontap_vscan_scanner_pool.main\n  id = \"vs1/main\"",
		"providers.tf":       cluster.URL(),
	} {
		if !strings.Contains(string(e.Files[file]), wanted) {
			t.Errorf("no %s in %s:\n%s", wanted, file, e.Files[file])
		}
	}
}
