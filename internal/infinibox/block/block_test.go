package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
)

// tables are the standard tests of the entities: one table each.
var tables = map[string]acctest.Table{
	"pool":                pools,
	"volume":              volumes,
	"volume_snapshot":     snapshots,
	"host":                hosts,
	"host_cluster":        clusters,
	"host_cluster_member": clusterMembers,
	"lun":                 luns,

	"consistency_group":          groups,
	"consistency_group_member":   groupMembers,
	"snapshot_group":             snapshotGroups,
	"volume_group_snapshot":      groupSnapshots,
	"snapshot_policy":            snapshotPolicies,
	"snapshot_policy_schedule":   schedules,
	"snapshot_policy_assignment": policyAssignments,
	"qos_policy":                 qosPolicies,
	"qos_policy_assignment":      qosAssignments,
	"metadata":                   carriers,
	"vm":                         machines,
}

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccEntities(t *testing.T) {
	// Of these there is one each, which TestAccSingletons takes over.
	acctest.Complete(t, block.Kinds(), tables, "qos", "system_metadata")
	for name, table := range tables {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, table)
		})
	}
}

// put changes a field of an object behind Terraform's back.
func put(path, field string, value any) func(acctest.Object) acctest.Request {
	return func(o acctest.Object) acctest.Request {
		return acctest.Request{Method: "PUT", Path: fmt.Sprintf("%s/%v", path, o["id"]), Body: map[string]any{field: value}}
	}
}

// post does an operation on an object behind Terraform's back.
func post(path, operation string, body any) func(acctest.Object) acctest.Request {
	return func(o acctest.Object) acctest.Request {
		return acctest.Request{Method: "POST", Path: fmt.Sprintf("%s/%v/%s", path, o["id"], operation), Body: body}
	}
}

// badNames are names that no entity takes.
func badNames() []acctest.Bad {
	return []acctest.Bad{
		{Attribute: "name", Set: acctest.Attrs{"name": ""}, Says: "1 to 65 characters"},
		{Attribute: "name", Set: acctest.Attrs{"name": strings.Repeat("x", 66)}, Says: "1 to 65 characters"},
		{Attribute: "name", Set: acctest.Attrs{"name": "a*b"}, Says: "characters that are not allowed"},
		{Attribute: "name", Set: acctest.Attrs{"name": "größe"}, Says: "characters that are not allowed"},
	}
}

// bad is a bad value of one attribute.
func bad(attribute string, value any, says string) acctest.Bad {
	return acctest.Bad{Attribute: attribute, Set: acctest.Attrs{attribute: value}, Says: says}
}

// newPool makes a pool of 10TB.
func newPool(b *acctest.InfiniBox, label string) any {
	return b.Create("pools", map[string]any{"name": b.Name(label), "physical_capacity": 10_000_000_000_512, "virtual_capacity": 10_000_000_000_512})
}

// newVolume makes a volume of 1GB.
func newVolume(b *acctest.InfiniBox, label string, pool any) any {
	return b.Create("volumes", map[string]any{"name": b.Name(label), "pool_id": pool, "size": 1_000_000_000})
}

func newHost(b *acctest.InfiniBox, label string) any {
	return b.Create("hosts", map[string]any{"name": b.Name(label)})
}
