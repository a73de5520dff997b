package block_test

import (
	"fmt"
	"testing"

	test "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A database cluster's storage, from nothing: what an object is told of another
// is not known before that one is made.
const estate = `
resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "10TB"
}

resource "storage_infinibox_volume" "data" {
  count   = 8
  name    = "data-${count.index}"
  pool_id = storage_infinibox_pool.db.id
  size    = provider::storage::capacity(provider::storage::bytes("250GB") * 2)
}

resource "storage_infinibox_volume_snapshot" "before" {
  count     = 2
  name      = "before-${count.index}"
  parent_id = storage_infinibox_volume.data[count.index].id
}

resource "storage_infinibox_host" "db" {
  count    = 2
  name     = "db-${count.index}"
  fc_ports = ["50:01:43:80:12:34:56:0${count.index}"]
}

resource "storage_infinibox_host_cluster" "db" {
  name     = "db"
  host_ids = storage_infinibox_host.db[*].id
}

resource "storage_infinibox_lun" "data" {
  count      = 8
  volume_id  = storage_infinibox_volume.data[count.index].id
  cluster_id = storage_infinibox_host_cluster.db.id
  lun        = 10 + count.index
}

resource "storage_infinibox_lun" "before" {
  volume_id = storage_infinibox_volume_snapshot.before[0].id
  host_id   = storage_infinibox_host.db[0].id
}

data "storage_infinibox_luns" "cluster" {
  cluster_id = storage_infinibox_host_cluster.db.id
  depends_on = [storage_infinibox_lun.data]
}

output "mapped" {
  value = length(data.storage_infinibox_luns.cluster.luns)
}
`

func TestAccEstate(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	config := b.Provider(acctest.Attrs{"approve_dangerous_operations": true}) + estate
	acctest.Test(t, test.TestCase{
		Steps: []test.TestStep{
			{Config: config, ConfigPlanChecks: test.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
				plancheck.ExpectEmptyPlan(), plancheck.ExpectKnownOutputValue("mapped", knownvalue.Int64Exact(8)),
			}}},
			{
				// The array chose number 0 or another that was free.
				PreConfig: func() { b.Simulator.ResetRequests() },
				Config:    config, PlanOnly: true,
			},
		},
	})
	for _, method := range []string{"POST", "PUT"} {
		if n := b.Requests(method, ""); n > 0 {
			t.Errorf("a plan without changes sent %d %s requests", n, method)
		}
	}
}

// Each operator of the query language, by the real CLI.
func TestAccOperators(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	for i := range 6 {
		b.Create("volumes", map[string]any{"name": fmt.Sprintf("v%d", i), "pool_id": pool, "size": (i + 1) * 1_000_000_000})
	}
	config := b.Provider(nil)
	var checks []plancheck.PlanCheck
	for i, each := range []struct {
		field, operator string
		values          []string
		want            int64
	}{
		{"name", "", []string{"v0"}, 1},
		{"name", "", []string{"v0", "v1"}, 2},
		{"name", "eq", []string{"v0"}, 1},
		{"name", "neq", []string{"v0"}, 5},
		{"name", "like", []string{"V"}, 6},
		{"size", "lt", []string{"2GB"}, 1},
		{"size", "leq", []string{"2GB"}, 2},
		{"size", "gt", []string{"2GB"}, 4},
		{"size", "geq", []string{"2000000000"}, 5},
		{"size", "between", []string{"2GB", "4GB"}, 3},
		{"name", "in", []string{"v1", "v2", "v3"}, 3},
		{"name", "notin", []string{"v1", "v2"}, 4},
		{"cg_id", "is", nil, 6},
		{"cg_id", "isnot", nil, 0},
		{"write_protected", "eq", []string{"false"}, 6},
		{"created_at", "geq", []string{"2020-01-31T00:00:00Z"}, 6},
	} {
		filter := acctest.Attrs{"field": each.field, "values": each.values}
		if each.operator != "" {
			filter["operator"] = each.operator
		}
		label := fmt.Sprintf("d%d", i)
		config += acctest.Attrs{"filters": []any{filter}}.Block("data", "storage_infinibox_volumes", label)
		config += fmt.Sprintf("output %q {\n  value = length(data.storage_infinibox_volumes.%s.volumes)\n}\n", label, label)
		checks = append(checks, plancheck.ExpectKnownOutputValue(label, knownvalue.Int64Exact(each.want)))
	}
	config += `
data "storage_infinibox_volumes" "largest" {
  filters = [{ field = "pool_id", values = [` + fmt.Sprint(pool) + `] }, { field = "size", operator = "gt", values = ["1GB"] }]
  sort    = ["-size", "name"]
  limit   = 2
}
output "largest" {
  value = join(",", data.storage_infinibox_volumes.largest.volumes[*].name)
}
`
	checks = append(checks, plancheck.ExpectKnownOutputValue("largest", knownvalue.StringExact("v5,v4")))
	acctest.Test(t, test.TestCase{
		Steps: []test.TestStep{{Config: config, ConfigPlanChecks: test.ConfigPlanChecks{PreApply: checks}}},
	})

	cli := acctest.NewCLI(t)
	volumes := func(arguments acctest.Attrs) string {
		return b.Provider(nil) + arguments.Block("data", "storage_infinibox_volumes", "bad")
	}
	by := func(filter acctest.Attrs) string { return volumes(acctest.Attrs{"filters": []any{filter}}) }
	cli.Plan(by(acctest.Attrs{"field": "serials", "values": []string{"x"}})).Refuses(t, "Cannot filter by this field", `"serials"`, "pool_id")
	cli.Plan(by(acctest.Attrs{"field": "used", "values": []string{"1"}})).Refuses(t, "Cannot filter by this field", `"used"`)
	cli.Plan(by(acctest.Attrs{"field": "name", "operator": "between", "values": []string{"a"}})).Refuses(t, "takes 2 values; it has 1")
	cli.Plan(by(acctest.Attrs{"field": "name", "operator": "resembles", "values": []string{"a"}})).Refuses(t, "is not an operator")
	cli.Plan(by(acctest.Attrs{"field": "size", "values": []string{"large"}})).Refuses(t, "is not a capacity")
	cli.Plan(volumes(acctest.Attrs{"sort": []string{"used"}})).Refuses(t, "Cannot sort by this field", `"used"`)
	cli.Plan(b.Provider(nil), `data "storage_infinibox_volume" "none" { name = "none" }`).Refuses(t, "There is no volume with the name")
	cli.Plan(b.Provider(nil), `output "x" { value = provider::storage::bytes("1 parsec") }`).Refuses(t, "unknown unit")
}
