package block_test

import (
	"fmt"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A null is no pair, of an object's own and of the defaults, by the real CLI.
func TestAccNullPairs(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	config := func(given string) []string {
		return []string{
			withDefaults(b, `{ by = "terraform", team = null }`),
			resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB", "metadata": acctest.Expr(given)}),
		}
	}
	cli.Apply(config(`{ a = null, k = "v" }`)...).Succeeds(t)
	for _, given := range []string{`{ a = null, k = "v" }`, `{ k = "v" }`, `{ k = "v", b = null }`} {
		cli.Plan(config(given)...).Succeeds(t).Plans(t, map[string]string{})
	}
	id := onlyID(t, b, "pools")
	if have := fmt.Sprint(pairs{b}.Get(t, id)); have != "map[by:terraform k:v]" {
		t.Errorf("the pool has %s", have)
	}
	cli.Apply(config(`{ a = null, k = null }`)...).Succeeds(t)
	cli.Plan(config(`{ a = null, k = null }`)...).Succeeds(t).Plans(t, map[string]string{})
	if have := fmt.Sprint(pairs{b}.Get(t, id)); have != "map[by:terraform]" {
		t.Errorf("the pool has %s", have)
	}
}

// A default that each run makes anew is a change in each plan, and never an
// inconsistent one.
func TestAccDefaultsKnownAfterApply(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	marker := "resource \"terraform_data\" \"marker\" {\n  input = \"v1\"\n}\n"
	for _, given := range []string{
		`{ at = timestamp() }`, `{ at = timestamp(), by = "terraform" }`,
		`{ from = terraform_data.marker.output }`, `terraform_data.marker.output == "v1" ? { by = "terraform" } : null`,
	} {
		config := []string{
			withDefaults(b, given), marker,
			resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB"}),
			resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": acctest.Expr("storage_infinibox_pool.p.id"), "size": "1GB", "metadata": map[string]string{"k": "v"}}),
		}
		cli.Apply(config...).Succeeds(t)
		cli.Apply(config...).Succeeds(t)
	}
	if have := (pairs{b}).Get(t, onlyID(t, b, "volumes")); fmt.Sprint(have) != "map[by:terraform k:v]" {
		t.Errorf("the volume has %v", have)
	}
}

// What no number holds is too much, and not less than nothing.
func TestAccLargestCapacities(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli, pool := acctest.NewCLI(t), newPool(b, "pool")
	for _, size := range []string{"9223372036854775807", "9223372036854775300"} {
		cli.Plan(b.Provider(nil), volumeOf("v", pool, size)).Refuses(t, size+" is not a multiple of 512 bytes", `the last one is "9223372036854775296"`)
	}
	run := cli.Plan(b.Provider(nil), volumeOf("v", pool, "5EB"), volumeOf("w", pool, "5EB"))
	for _, label := range []string{"v", "w"} {
		if !run.Says(tfjson.DiagnosticSeverityWarning, "storage_infinibox_volume."+label, tooSmall) {
			t.Errorf("nothing is said of 5EB of %s: %s", label, run)
		}
	}
	cli.Plan(b.Provider(nil), resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "9223372036854775296"})).Succeeds(t)
}

// withDefaults is the provider with default_metadata as an expression.
func withDefaults(b *acctest.InfiniBox, pairs string) string {
	return strings.Replace(b.Provider(acctest.Attrs{"default_metadata": "PAIRS"}), `"PAIRS"`, pairs, 1)
}

// onlyID is the id of the one object of a collection.
func onlyID(t *testing.T, b *acctest.InfiniBox, collection string) string {
	t.Helper()
	rows, err := b.Do("GET", collection, nil)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := rows.([]any)
	if len(all) != 1 {
		t.Fatalf("there are %d %s", len(all), collection)
	}
	return fmt.Sprint(all[0].(map[string]any)["id"])
}
