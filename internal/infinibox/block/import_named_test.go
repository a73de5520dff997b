package block_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// What joins two objects is imported by their names as by their ids.
func TestAccImportByNames(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("db")
	volume, other, host, loner := b.NewVolume("data", pool), b.NewVolume("log", pool), b.NewHost("db1"), b.NewHost("backup")
	snapshot := b.Create("volumes", map[string]any{"name": "data-before", "parent_id": volume})
	cluster := b.Create("clusters", map[string]any{"name": "db"})
	b.Must("POST", fmt.Sprintf("clusters/%v/hosts", cluster), map[string]any{"id": host})
	b.Must("POST", fmt.Sprintf("clusters/%v/luns", cluster), map[string]any{"volume_id": volume})
	b.Must("POST", fmt.Sprintf("hosts/%v/luns", loner), map[string]any{"volume_id": snapshot})
	group := b.Create("cgs", map[string]any{"name": "db", "pool_id": pool})
	b.Must("POST", fmt.Sprintf("cgs/%v/members", group), map[string]any{"dataset_id": volume})
	policy := b.Create("snapshot_policies", map[string]any{"name": "gold", "suffix": "-gold"})
	b.Must("POST", fmt.Sprintf("snapshot_policies/%v/schedules", policy), map[string]any{"name": "hourly", "type": "PERIODIC", "interval": 3600, "retention": 86400})
	b.Must("POST", fmt.Sprintf("snapshot_policies/%v/assign_entity", policy), map[string]any{"assigned_entity_id": other, "assigned_entity_type": "VOLUME"})
	qos := b.Create("qos/policies", map[string]any{"name": "silver", "type": "VOLUME", "max_ops": 10000})
	b.Must("POST", fmt.Sprintf("qos/policies/%v/assign", qos), map[string]any{"entity_id": other})
	s := acctest.NewServer(t, b)
	for id, want := range map[string]struct {
		kind string
		key  acctest.Object
	}{
		"volume=data,cluster=db":                   {"lun", acctest.Object{"volume_id": volume, "cluster_id": cluster}},
		"volume=data-before,host=backup":           {"lun", acctest.Object{"volume_id": snapshot, "host_id": loner}},
		"cluster=db,host=db1":                      {"host_cluster_member", acctest.Object{"cluster_id": cluster, "host_id": host}},
		"consistency_group=db,member=data":         {"consistency_group_member", acctest.Object{"consistency_group_id": group, "member_id": volume}},
		"snapshot_policy=gold,name=hourly":         {"snapshot_policy_schedule", acctest.Object{"snapshot_policy_id": policy}},
		"snapshot_policy=gold,assigned_entity=log": {"snapshot_policy_assignment", acctest.Object{"snapshot_policy_id": policy, "assigned_entity_id": other}},
		"qos_policy=silver,entity=log":             {"qos_policy_assignment", acctest.Object{"qos_policy_id": qos, "entity_id": other}},
	} {
		acctest.ImportedAs(t, s, "storage_infinibox_"+want.kind, id, want.key)
	}
}
