package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The array takes the two capacities one by one. Whichever way they go, and where
// only the first was taken, the next apply brings both to where they belong.
func TestAccPoolCapacitiesHalfWay(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	pool := func(physical string) string {
		return resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": physical})
	}
	cli.Apply(provider, pool("2TB")).Succeeds(t)
	for _, physical := range []string{"1100GB", "3TB", "1200GB"} {
		if err := b.Simulator.SetFaults("PUT /pools/{id}#2-99:409"); err != nil {
			t.Fatal(err)
		}
		cli.Apply(provider, pool(physical)).Refuses(t, "Could not update")
		if err := b.Simulator.SetFaults(""); err != nil {
			t.Fatal(err)
		}
		cli.Plan(provider, pool(physical)).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_pool.p": "update"})
		cli.Apply(provider, pool(physical)).Succeeds(t)
		cli.Plan(provider, pool(physical)).Succeeds(t).Plans(t, map[string]string{})
		have := b.Must("GET", fmt.Sprintf("pools/%v", idsOf(t, b, "pools")[0]), nil)
		if have["virtual_capacity"] != have["physical_capacity"] {
			t.Errorf("%s: the virtual capacity is %v, the physical one %v", physical, have["virtual_capacity"], have["physical_capacity"])
		}
	}
}

func pools(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	administrator := func(label string) any {
		return b.Create("users", map[string]any{
			"name": b.Name(label), "email": label + "@example.com", "password": "correct-horse-1", "role": "POOL_ADMIN",
		})
	}
	one, two := administrator("owner1"), administrator("owner2")
	name := acctest.Name(b)
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_pool", Plural: "pools", Path: "pools",
		Deleting: "Nobody can create volumes or filesystems in the pool any more",
		Least:    acctest.Attrs{"name": name, "physical_capacity": "1TB"},
		Most: acctest.Attrs{
			"name": name, "physical_capacity": "1536GiB", "virtual_capacity": "3TiB", "type": "STANDARD",
			"physical_capacity_warning": 70, "physical_capacity_critical": 85,
			"fs_used_default_warning": 60, "fs_used_default_critical": 75,
			"max_extend": "unlimited", "ssd_enabled": false, "compression_enabled": false,
			"owners": []any{one, two}, "locked": false,
		},
		Changes: map[string]acctest.Change{
			"name":                       {Through: []any{name, b.Name("renamed")}, Drift: put("pools", "name", b.Name("drifted"))},
			"physical_capacity":          {Through: []any{"1TB", "2TB", "1100GB"}, Drift: put("pools", "physical_capacity", 3_000_000_000_000)},
			"virtual_capacity":           {Through: []any{"3TB", "4TB", "2TiB"}, Drift: put("pools", "virtual_capacity", 5_000_000_000_000)},
			"type":                       {Through: []any{"STANDARD", "VVOL"}, Replaces: true},
			"physical_capacity_warning":  {Through: []any{70, 75}, Drift: put("pools", "physical_capacity_warning", 60)},
			"physical_capacity_critical": {Through: []any{90, 95}, Drift: put("pools", "physical_capacity_critical", 99)},
			"fs_used_default_warning":    {Through: []any{50, 60}, Drift: put("pools", "fs_used_default_warning", 40)},
			"fs_used_default_critical":   {Through: []any{100, 90}, Drift: put("pools", "fs_used_default_critical", 95)},
			"max_extend":                 {Through: []any{"1TB", "2TB", "unlimited"}, Drift: put("pools", "max_extend", 1_000_000_000_000)},
			"ssd_enabled":                {Through: []any{true, false}, Drift: put("pools", "ssd_enabled", true)},
			"compression_enabled":        {Through: []any{true, false}, Drift: put("pools", "compression_enabled", true)},
			"owners":                     {Through: []any{[]any{one}, []any{one, two}, []any{two}}, Drift: put("pools", "owners", []any{one})},
			"locked": {
				Through: []any{false, true, false}, Danger: "Existing datasets in the pool cannot be changed",
				Drift: post("pools", "lock", nil),
			},
		},
		Together: []acctest.Attrs{
			{"physical_capacity_warning": 40, "physical_capacity_critical": 50},
			{"physical_capacity_warning": 60, "physical_capacity_critical": 70},
			{"physical_capacity_warning": 20, "physical_capacity_critical": 30},
		},
		Elsewhere: map[string]func(*testing.T){"tenant_id": TestAccTenant},
		Bad: append(badNames(),
			bad("tenant_id", 0, "at least 1"),
			bad("physical_capacity", "999GB", "the smallest is 1TB"),
			bad("physical_capacity", "1000000000001", "not a multiple of 512 bytes"),
			bad("physical_capacity", "ten terabytes", "is not a capacity"),
			bad("physical_capacity", "10 parsec", "unknown unit"),
			bad("virtual_capacity", "1GB", "the smallest is 1TB"),
			bad("max_extend", "much", "is not a capacity"),
			bad("type", "standard", "must be written \"STANDARD\""),
			bad("type", "TAPE", "use one of STANDARD, VVOL, S3"),
			bad("physical_capacity_warning", 0, "between 1 and 100"),
			bad("physical_capacity_warning", 101, "between 1 and 100"),
			bad("physical_capacity_critical", 0, "between 1 and 100"),
			bad("fs_used_default_warning", 0, "between 1 and 100"),
			bad("fs_used_default_critical", 101, "between 1 and 100"),
			acctest.Bad{
				Attribute: "physical_capacity_critical", Says: "the former must be the higher",
				Set: acctest.Attrs{"physical_capacity_warning": 80, "physical_capacity_critical": 80},
			},
		),
	}
}

// A pool for S3 promises nothing: it is made, grows and comes to rest without a virtual
// capacity, which it is refused at plan like all else that is not for it.
func TestAccPoolForS3(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
	cli := acctest.NewCLI(t)
	pool := func(more acctest.Attrs) string {
		return resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB", "type": "S3"}.With(more))
	}
	for says, more := range map[string]acctest.Attrs{
		"A pool for S3 has no virtual_capacity":         {"virtual_capacity": "2TB"},
		"A pool for S3 has no fs_used_default_warning":  {"fs_used_default_warning": 50},
		"A pool for S3 has no fs_used_default_critical": {"fs_used_default_critical": 90},
		"does not grow without a bound":                 {"max_extend": "unlimited"},
	} {
		cli.Plan(b.Provider(nil), pool(more)).Refuses(t, says)
	}
	for _, more := range []acctest.Attrs{nil, {"physical_capacity": "2TB", "max_extend": "1TB"}, {"physical_capacity": "1500GB", "max_extend": "2TB"}} {
		cli.Apply(b.Provider(nil), pool(more)).Succeeds(t)
		cli.Plan(b.Provider(nil), pool(more)).Succeeds(t).Plans(t, map[string]string{})
	}
	id := idsOf(t, b, "pools")[0]
	b.Must("POST", "s3_accounts", map[string]any{"name": "tenant", "pool_id": id})
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Refuses(t, "(S3_POOL_DELETE_WITH_ACCOUNT_NOT_ALLOWED)", "Delete the S3 account first")

	off := acctest.SimulateInfiniBox(t, simulator.Options{})
	acctest.NewCLI(t).Apply(off.Provider(nil), pool(nil)).Refuses(t, "(S3_FEATURE_NOT_ENABLED)", "has to be enabled on it first")
}
