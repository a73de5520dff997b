package block_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func carriers(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	volumes := newVolumes(b, newPool(b, "pool"), 10)
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_metadata", Permanent: true,
		Key:   []string{"object_id"},
		Least: acctest.Attrs{"object_id": oneOf(volumes[:8])},
		Most:  acctest.Attrs{"object_id": oneOf(volumes[:8]), "metadata": map[string]string{"owner": "db"}},
		Changes: map[string]acctest.Change{
			"object_id": {Through: []any{volumes[8], volumes[9]}, Replaces: true},
		},
	}
}

// seeded is an array with virtual machines and vVols, which only VMware makes.
func seeded(t *testing.T, seed map[string]any) *acctest.InfiniBox {
	t.Helper()
	text, err := json.Marshal(seed)
	if err != nil {
		t.Fatal(err)
	}
	return acctest.SimulateInfiniBox(t, simulator.Options{Seed: text})
}

// idsOf are the ids of a collection's objects.
func idsOf(t *testing.T, b *acctest.InfiniBox, path string) []any {
	t.Helper()
	return b.IDs(path)
}

func machines(t *testing.T) acctest.Suite {
	var all []any
	for i := range 10 {
		all = append(all, map[string]any{"name": fmt.Sprintf("vm-%d", i)})
	}
	b := seeded(t, map[string]any{"vms": all})
	ids := idsOf(t, b, "vms?sort=id")
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_vm", Plural: "vms", Path: "vms", Permanent: true,
		Least: acctest.Attrs{"id": oneOf(ids[:8])},
		Most:  acctest.Attrs{"id": oneOf(ids[:8]), "name": "database"},
		Changes: map[string]acctest.Change{
			"id":   {Through: []any{ids[8], ids[9]}, Replaces: true},
			"name": {Through: []any{"one", "two"}, Drift: put("vms", "name", "drifted")},
		},
		Bad: []acctest.Bad{bad("name", "", "1 to 65 characters")},
	}
}

// What is taken over is given back as it was.
func TestAccGivenBack(t *testing.T) {
	t.Parallel()
	b := seeded(t, map[string]any{"vms": []any{map[string]any{"name": "before"}}})
	vm := idsOf(t, b, "vms")[0]
	volume := newVolume(b, "volume", newPool(b, "pool"))
	tagged := pairs{b}
	tagged.Put(t, fmt.Sprint(volume), map[string]string{"foreign": "x"})
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"default_metadata": map[string]string{"by": "terraform"}})
	config := func(name any, own map[string]string) []string {
		return []string{
			provider,
			resource("vm", "one", acctest.Attrs{"id": vm, "name": name}),
			resource("metadata", "one", acctest.Attrs{"object_id": volume, "metadata": own}),
		}
	}
	cli.Apply(config("database", map[string]string{"owner": "db"})...).Succeeds(t)
	cli.Plan(config("database", map[string]string{"owner": "db"})...).Succeeds(t).Plans(t, map[string]string{})
	if name := b.Must("GET", fmt.Sprintf("vms/%v", vm), nil)["name"]; name != "database" {
		t.Errorf("the virtual machine is named %v", name)
	}
	// The provider's default pairs are for what Terraform makes.
	if have := tagged.Get(t, fmt.Sprint(volume)); fmt.Sprint(have) != "map[foreign:x owner:db]" {
		t.Errorf("the volume has %v", have)
	}
	cli.Apply(config("web", map[string]string{"team": "web"})...).Succeeds(t)
	cli.Plan(config("web", map[string]string{"team": "web"})...).Succeeds(t).Plans(t, map[string]string{})

	cli.Apply(provider).Succeeds(t)
	if name := b.Must("GET", fmt.Sprintf("vms/%v", vm), nil)["name"]; name != "before" {
		t.Errorf("the virtual machine is named %v", name)
	}
	if have := tagged.Get(t, fmt.Sprint(volume)); fmt.Sprint(have) != "map[foreign:x]" {
		t.Errorf("the volume has %v", have)
	}

	// What is not there cannot be taken over; what goes is drift.
	cli.Apply(provider, resource("vm", "none", acctest.Attrs{"id": 4711})).Refuses(t, "Could not take over virtual machine")
	one := resource("metadata", "one", acctest.Attrs{"object_id": volume})
	cli.Apply(provider, one).Succeeds(t)
	b.Must("DELETE", fmt.Sprintf("volumes/%v", volume), nil)
	cli.Plan(provider, one).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_metadata.one": "create"})
	cli.Apply(provider, one).Refuses(t, "METADATA_IS_NOT_SUPPORTED_FOR_ENTITY")
}

// There is one of each on an array.
func TestAccSingletons(t *testing.T) {
	t.Parallel()
	b := seeded(t, map[string]any{"qos_disabled": true})
	b.Must("PUT", "metadata/system", map[string]string{"foreign": "x"})
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"default_metadata": map[string]string{"by": "terraform"}})
	qos := func(enabled bool) string { return resource("qos", "this", acctest.Attrs{"enabled": enabled}) }
	pairs := func(own map[string]string) string {
		return resource("system_metadata", "this", acctest.Attrs{"metadata": own})
	}
	have := func() string {
		rows, err := b.Do("GET", "metadata/system", nil)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]any{}
		for _, row := range rows.([]any) {
			all[row.(map[string]any)["key"].(string)] = row.(map[string]any)["value"]
		}
		return fmt.Sprint(all)
	}
	data := `
data "storage_infinibox_qos" "this" { depends_on = [storage_infinibox_qos.this] }
data "storage_infinibox_system_metadata" "this" { depends_on = [storage_infinibox_system_metadata.this] }
output "seen" { value = "${data.storage_infinibox_qos.this.enabled} ${jsonencode(data.storage_infinibox_system_metadata.this.metadata)}" }
`
	all := []string{provider, qos(true), pairs(map[string]string{"site": "a"})}
	cli.Apply(append(all, data)...).Succeeds(t)
	cli.Plan(append(all, data)...).Succeeds(t).Plans(t, map[string]string{})
	if enabled := b.Must("GET", "qos/state", nil)["is_enabled"]; enabled != true {
		t.Errorf("QoS is enabled: %v", enabled)
	}
	if pairs := have(); pairs != "map[foreign:x site:a]" {
		t.Errorf("the array has %s", pairs)
	}
	cli.Plan(provider, qos(false), pairs(nil)).Refuses(t, "QoS cannot be disabled", "enabled")
	if outputs, err := cli.Terraform.Output(t.Context()); err != nil || string(outputs["seen"].Value) != `"true {\"foreign\":\"x\",\"site\":\"a\"}"` {
		t.Errorf("seen: %s %v", outputs["seen"].Value, err)
	}

	// Drift, and its healing.
	b.Must("PUT", "metadata/system", map[string]string{"site": "b"})
	cli.Plan(all...).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_system_metadata.this": "update"})
	cli.Apply(all...).Succeeds(t)
	if pairs := have(); pairs != "map[foreign:x site:a]" {
		t.Errorf("the array has %s", pairs)
	}
	// QoS stays as it is: nothing disables it.
	cli.Apply(provider).Succeeds(t)
	if pairs := have(); pairs != "map[foreign:x]" {
		t.Errorf("the array has %s", pairs)
	}
	if enabled := b.Must("GET", "qos/state", nil)["is_enabled"]; enabled != true {
		t.Errorf("QoS is enabled: %v", enabled)
	}

	// An import takes any id: there is only one.
	server := acctest.NewServer(t, b)
	for kind, id := range map[string]string{"qos": "qos", "system_metadata": "system"} {
		name := "storage_infinibox_" + kind
		state, identity, problems := server.Import(name, "this", nil)
		if problems.Failed() || identity["id"] != id {
			t.Fatalf("%s: %v %s", kind, identity, problems)
		}
		if read, _ := server.Read(name, state, identity); read["id"] != id {
			t.Errorf("%s: import finds %v", kind, read)
		}
	}
	const system = "storage_infinibox_system_metadata"
	state, identity := server.Create(system, acctest.Attrs{"metadata": map[string]string{"site": "a", "rack": "b"}})
	server.Again()
	state, identity = server.Apply(system, state, identity, acctest.Attrs{"metadata": map[string]string{"site": "c"}})
	if pairs := have(); pairs != "map[foreign:x site:c]" {
		t.Errorf("the array has %s", pairs)
	}
	seen, problems := server.Look(system, nil)
	if pairs := fmt.Sprint(seen["metadata"]); problems.Failed() || pairs != "map[foreign:x site:c]" {
		t.Errorf("the data source has %s %s", pairs, problems)
	}
	server.Again()
	server.Apply(system, state, identity, nil)
	fresh := seeded(t, map[string]any{"qos_disabled": true})
	server = acctest.NewServer(t, fresh)
	server.Create("storage_infinibox_qos", acctest.Attrs{"enabled": true})
	if enabled := fresh.Must("GET", "qos/state", nil)["is_enabled"]; enabled != true {
		t.Errorf("QoS is enabled: %v", enabled)
	}
}
