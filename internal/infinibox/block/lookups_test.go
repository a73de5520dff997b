package block_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	test "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// withVVol is an array with a vVol of a virtual machine, with these fields besides.
func withVVol(t *testing.T, fields map[string]any) *acctest.InfiniBox {
	t.Helper()
	vvol := map[string]any{"name": "vvol", "pool_id": 1000, "vm": "vm", "type": "Data", "size": 1_000_000_000}
	maps.Copy(vvol, fields)
	return seeded(t, map[string]any{
		"requests": []any{map[string]any{"method": "POST", "path": "pools", "body": map[string]any{
			"name": "vvols", "type": "VVOL", "physical_capacity": 1_000_000_000_000, "virtual_capacity": 1_000_000_000_000,
		}}},
		"vms": []any{map[string]any{"name": "vm"}}, "vvols": []any{vvol},
	})
}

func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	t.Helper()
	b := withVVol(t, nil)
	pool := newPool(b, "pool")
	volumes := newVolumes(b, pool, 3)
	snapshot := b.Create("volumes", map[string]any{"name": "snapshot", "parent_id": volumes[0]})
	filesystem := b.Create("filesystems", map[string]any{"name": "files", "pool_id": pool, "size": 1_000_000_000})
	host := newHost(b, "host")
	const address = "5001438001234567"
	b.Must("POST", fmt.Sprintf("hosts/%v/ports", host), map[string]any{"type": "FC", "address": address})
	key := b.Must("GET", "initiators/"+address, nil)["port_key"]
	b.Must("PUT", fmt.Sprintf("volumes/%v", volumes[1]), map[string]any{"ssa_express_enabled": true})
	promoted := b.Create("volumes", map[string]any{"name": "promoted", "parent_id": volumes[2]})
	b.Must("POST", fmt.Sprintf("volumes/%v/promote", promoted), nil)
	policy := b.Create("qos/policies", map[string]any{"name": "gold", "type": "VOLUME", "max_ops": 1000})
	assignment := b.Must("POST", fmt.Sprintf("qos/policies/%v/assign", policy), map[string]any{"entity_id": volumes[0]})["id"]
	vvol := idsOf(t, b, "vvols")[0]
	var members []any
	for i := range 60 { // more than a page
		members = append(members, newVolume(b, fmt.Sprintf("member%d", i), pool))
	}
	group := newGroup(b, "group", pool, members...)
	cluster := b.Create("clusters", map[string]any{"name": "cluster"})
	b.Must("POST", fmt.Sprintf("clusters/%v/hosts", cluster), map[string]any{"id": host})
	b.Must("POST", fmt.Sprintf("hosts/%v/luns", host), map[string]any{"volume_id": volumes[1], "lun": 7})
	b.Must("POST", fmt.Sprintf("clusters/%v/luns", cluster), map[string]any{"volume_id": volumes[2], "lun": 8})
	pat := b.Create("users", map[string]any{"name": "pat", "email": "pat@example.com", "role": "POOL_ADMIN", "password": "planted-user-password"})
	b.Must("PUT", fmt.Sprintf("pools/%v", pool), map[string]any{"owners": []any{pat}})
	b.Must("PUT", fmt.Sprintf("metadata/%v", volumes[0]), map[string]any{"a/b c": "odd"})
	b.Must("PUT", "metadata/system", map[string]any{"site": "west"})

	return b, []acctest.Question{
		{Source: "dataset", Arguments: acctest.Attrs{"id": volumes[0]}, Finds: "it.name", Want: "v0"},
		{Source: "dataset", Arguments: acctest.Attrs{"name": "snapshot"}, Finds: "it.parent_id", Want: fmt.Sprint(volumes[0])},
		{Source: "datasets", Arguments: acctest.Attrs{"filters": []any{acctest.Attrs{"field": "type", "values": []string{"SNAPSHOT"}}}}, Finds: "it.datasets[*].id", Want: fmt.Sprintf("[%v]", snapshot)},
		{Source: "dataset", Arguments: acctest.Attrs{"id": filesystem}, Finds: "[it.dataset_type, it.security_style, it.nfs_filesystem_id != null, it.udid]", Want: `["FILESYSTEM","UNIX",true,null]`},
		// By id first: once others have been read, it may come from their listing.
		{Source: "vvol", Arguments: acctest.Attrs{"id": vvol}, Finds: "it.size", Want: "1GB"},
		{Source: "vvol", Arguments: acctest.Attrs{"name": "vvol"}, Finds: "it.vvol_type", Want: "Data"},
		{Source: "vvols", Arguments: acctest.Attrs{"sort": []string{"name"}}, Finds: "it.vvols[*].name", Want: `["vvol"]`},
		{Source: "volume_delete_simulation", Arguments: acctest.Attrs{"ids": []any{volumes[0], promoted}}, Finds: "it.valid && it.space_reclaimable_bytes >= 0", Want: "true"},
		{Source: "internal_volumes", Finds: "length(it.volumes) > 0", Want: "true"},
		{Source: "internal_volumes", Arguments: acctest.Attrs{"type": "SNAPSHOT"}, Finds: "alltrue([for v in it.volumes : v.is_internal])", Want: "true"},
		{Source: "internal_volumes", Arguments: acctest.Attrs{"parent_id": volumes[2]}, Finds: "[length(it.volumes), it.volumes[0].write_protected]", Want: "[1,true]"},
		{Source: "internal_datasets", Finds: "alltrue([for d in it.datasets : d.is_internal])", Want: "true"},
		{Source: "internal_datasets", Arguments: acctest.Attrs{"parent_id": volumes[2]}, Finds: "length(it.datasets)", Want: "1"},
		{Source: "replication_pairs", Arguments: acctest.Attrs{"volume_id": volumes[0]}, Finds: "length(it.pairs)", Want: "0"},
		{Source: "host_port", Arguments: acctest.Attrs{"initiator_address": "50:01:43:80:01:23:45:67"}, Finds: "it.host_id", Want: fmt.Sprint(host)},
		{Source: "host_port", Arguments: acctest.Attrs{"port_key": key}, Finds: "[it.host_id, it.address]", Want: fmt.Sprintf("[%v,%q]", host, address)},
		{Source: "initiators", Arguments: acctest.Attrs{"host_id": host}, Finds: "it.initiators[*].address", Want: fmt.Sprintf("[%q]", address)},
		{Source: "initiator", Arguments: acctest.Attrs{"initiator_address": address}, Finds: "it.host_id", Want: fmt.Sprint(host)},
		{Source: "san_clients", Finds: "[for c in it.san_clients : [c.ports_count, c.fc_ports] if c.name == \"host\"]", Want: fmt.Sprintf("[[1,[%q]]]", address)},
		{Source: "san_clients", Finds: "[for c in it.san_clients : c.hosts_count if c.san_client_type == \"CLUSTER\"]", Want: "[1]"},
		{Source: "san_clients", Finds: "[for c in it.san_clients : c.san_client_type if c.name == \"host\"]", Want: `["HOST"]`},
		{Source: "ssa_express", Finds: "[it.active[*].id, length(it.queue)]", Want: fmt.Sprintf("[[%v],0]", volumes[1])},
		{Source: "search", Arguments: acctest.Attrs{"query": "PROMO"}, Finds: "it.results[*].name", Want: `["promoted"]`},
		{Source: "search", Arguments: acctest.Attrs{"query": "PROMO"}, Finds: "[it.results[0].keywords, jsondecode(it.results[0].properties)]", Want: "[null,{}]"},
		{Source: "search", Arguments: acctest.Attrs{"query": "v", "type": "vvol"}, Finds: "it.results[*].id", Want: fmt.Sprintf("[%v]", vvol)},
		{Source: "qos_assigned_entities", Finds: "it.assigned_entities[*].entity_id", Want: fmt.Sprintf("[%v]", volumes[0])},
		{Source: "qos_assigned_entities", Arguments: acctest.Attrs{"assignment_id": assignment}, Finds: "it.assigned_entities[0].qos_policy_id", Want: fmt.Sprint(policy)},
		{Source: "qos_assigned_entities", Arguments: acctest.Attrs{"qos_policy_id": policy}, Finds: "it.assigned_entities[*].id", Want: fmt.Sprintf("[%v]", assignment)},
		{Source: "qos_assigned_entities", Arguments: acctest.Attrs{"qos_policy_id": policy, "assignment_id": assignment}, Finds: "it.assigned_entities[*].entity_id", Want: fmt.Sprintf("[%v]", volumes[0])},
		{Source: "volume_attribute", Arguments: acctest.Attrs{"volume_id": volumes[0], "attribute": "size"}, Finds: "[it.value, it.json]", Want: `["1000000000","1000000000"]`},
		{Source: "volume_attribute", Arguments: acctest.Attrs{"volume_id": volumes[0], "attribute": "write_protected"}, Finds: "[it.value, jsondecode(it.json)]", Want: `["false",false]`},
		{Source: "volume_attribute", Arguments: acctest.Attrs{"volume_id": volumes[0], "attribute": "name"}, Finds: "[it.value, jsondecode(it.json)]", Want: `["v0","v0"]`},
		{Source: "volume_attribute", Arguments: acctest.Attrs{"volume_id": volumes[0], "attribute": "_cg_guid"}, Finds: "[it.value, it.json]", Want: `[null,"null"]`},
		{Source: "volume_attribute", Arguments: acctest.Attrs{"volume_id": volumes[0], "attribute": "replication_types"}, Finds: "[it.value, jsondecode(it.json)]", Want: `[null,["NONE"]]`},
		{Source: "consistency_group_attribute", Arguments: acctest.Attrs{"consistency_group_id": group, "attribute": "members_count"}, Finds: "tonumber(it.value)", Want: "60"},
		{Source: "consistency_group_attribute", Arguments: acctest.Attrs{"consistency_group_id": group, "attribute": "members"}, Finds: "length(distinct(jsondecode(it.json)[*].id))", Want: "60"},
		{Source: "pool_attribute", Arguments: acctest.Attrs{"pool_id": pool, "attribute": "name"}, Finds: "it.value", Want: "pool"},
		{Source: "host_attribute", Arguments: acctest.Attrs{"host_id": host, "attribute": "name"}, Finds: "it.value", Want: "host"},
		{Source: "host_cluster_attribute", Arguments: acctest.Attrs{"cluster_id": cluster, "attribute": "name"}, Finds: "it.value", Want: "cluster"},
		{Source: "host_lun", Arguments: acctest.Attrs{"host_id": host, "lun": 7}, Finds: "[it.volume_id, it.clustered]", Want: fmt.Sprintf("[%v,false]", volumes[1])},
		{Source: "host_lun", Arguments: acctest.Attrs{"host_id": host, "lun": 8}, Finds: "[it.volume_id, it.clustered]", Want: fmt.Sprintf("[%v,true]", volumes[2])},
		{Source: "host_cluster_lun", Arguments: acctest.Attrs{"cluster_id": cluster, "lun": 8}, Finds: "[it.volume_id, it.clustered]", Want: fmt.Sprintf("[%v,true]", volumes[2])},
		{Source: "luns", Arguments: acctest.Attrs{"cluster_id": cluster}, Finds: "it.luns[*].volume_id", Want: fmt.Sprintf("[%v]", volumes[2])},
		{Source: "host_cluster_hosts", Arguments: acctest.Attrs{"cluster_id": cluster}, Finds: "it.hosts[0].luns[*].lun", Want: "[7,8]"},
		{Source: "host_cluster_hosts", Arguments: acctest.Attrs{"cluster_id": cluster}, Finds: "it.hosts[*].name", Want: `["host"]`},
		{Source: "pool_administrators", Arguments: acctest.Attrs{"pool_id": pool}, Finds: fmt.Sprintf("contains(it.user_ids, %v) && length(it.user_ids) > 1", pat), Want: "true"},
		{Source: "administered_pools", Finds: "length(it.pools)", Want: "0"}, // but its owner's: TestAccAdministeredPools
		{Source: "metadata_value", Arguments: acctest.Attrs{"object_id": volumes[0], "key": "a/b c"}, Finds: "it.value", Want: "odd"},
		{Source: "system_metadata_value", Arguments: acctest.Attrs{"key": "site"}, Finds: "it.value", Want: "west"},
	}
}

// The owner of a pool is told of it, by his own name.
func TestAccAdministeredPools(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	const password = "planted-user-password"
	pat := b.Create("users", map[string]any{"name": "pat", "email": "pat@example.com", "role": "POOL_ADMIN", "password": password})
	b.Must("PUT", fmt.Sprintf("pools/%v", pool), map[string]any{"owners": []any{pat}})
	acctest.Test(t, test.TestCase{
		Steps: []test.TestStep{{
			Config: b.Provider(acctest.Attrs{"username": "pat", "password": password}) + `
data "storage_infinibox_administered_pools" "mine" {}
output "mine" {
  value = jsonencode([for p in data.storage_infinibox_administered_pools.mine.pools : [p.id, p.name, p.physical_capacity_warning, p.owners]])
}
`,
			ConfigPlanChecks: test.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownOutputValue("mine", knownvalue.StringExact(fmt.Sprintf(`[[%v,"pool",80,[%v]]]`, pool, pat))),
			}},
		}},
	})
}

// The pair of what is replicated has all of the dataset on this side.
func TestAccReplicationPair(t *testing.T) {
	t.Parallel()
	b := seeded(t, map[string]any{
		"requests": []any{
			map[string]any{"method": "POST", "path": "pools", "body": map[string]any{"name": "pool", "physical_capacity": 1_000_000_000_000}},
			map[string]any{"method": "POST", "path": "volumes", "body": map[string]any{"name": "v", "pool_id": 1000, "size": 1_000_000_000}},
		},
		"replicas": []any{map[string]any{"id": 1001, "role": "SOURCE"}},
	})
	config := acctest.Attrs{"volume_id": 1001}.Block("data", "storage_infinibox_replication_pairs", "all") + `
output "pair" {
  value = jsonencode([for p in data.storage_infinibox_replication_pairs.all.pairs : [p.local_entity_id, p.local_entity.size, p.local_entity.replication_types]])
}
`
	acctest.Test(t, test.TestCase{
		Steps: []test.TestStep{{Config: b.Provider(nil) + config, ConfigPlanChecks: test.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectKnownOutputValue("pair", knownvalue.StringExact(`[[1001,"1GB",["ASYNC_SOURCE"]]]`)),
		}}}},
	})
}

// What cannot be asked, and what the array refuses to tell.
func TestAccLookupRefusals(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	volume, host := newVolume(b, "volume", newPool(b, "pool")), newHost(b, "host")
	policy := func(label string) any {
		return b.Create("qos/policies", map[string]any{"name": label, "type": "VOLUME", "max_ops": 1000})
	}
	gold, other := policy("gold"), policy("silver")
	assignment := b.Must("POST", fmt.Sprintf("qos/policies/%v/assign", gold), map[string]any{"entity_id": volume})["id"]
	server := acctest.NewServer(t, b)
	for _, each := range []struct {
		source    string
		arguments acctest.Attrs
		says      string
	}{
		{"host_port", acctest.Attrs{"initiator_address": "5001438001234567"}, "HOST"},
		{"host_port", nil, "either initiator_address or port_key"},
		{"host_port", acctest.Attrs{"initiator_address": "5001438001234567", "port_key": 1}, "either initiator_address or port_key"},
		{"initiator", acctest.Attrs{"initiator_address": "5001438001234567"}, "INITIATOR"},
		{"volume_delete_simulation", acctest.Attrs{"ids": []any{4711}}, "VOLUME_NOT_FOUND"},
		{"internal_volumes", acctest.Attrs{"type": "CLONE"}, "use one of MASTER, SNAPSHOT"},
		{"internal_volumes", acctest.Attrs{"type": "MASTER", "parent_id": 1}, "either type or parent_id"},
		{"replication_pairs", acctest.Attrs{"volume_id": 4711}, "VOLUME_NOT_FOUND"},
		{"search", acctest.Attrs{"query": "x", "type": "nonsense"}, "UNSEARCHABLE_TYPE"},
		{"qos_assigned_entities", acctest.Attrs{"assignment_id": 4711}, "QOS_ASSIGNED_ENTITY_NOT_FOUND"},
		{"qos_assigned_entities", acctest.Attrs{"qos_policy_id": 4711}, "QOS_POLICY_NOT_FOUND"},
		{"qos_assigned_entities", acctest.Attrs{"qos_policy_id": other, "assignment_id": assignment}, "QOS_ASSIGNED_ENTITY_NOT_FOUND"},
		{"volume_attribute", acctest.Attrs{"volume_id": 4711, "attribute": "name"}, "VOLUME_NOT_FOUND"},
		{"volume_attribute", acctest.Attrs{"volume_id": volume, "attribute": "colour"}, "ATTRIBUTE_NOT_FOUND"},
		{"volume_attribute", acctest.Attrs{"volume_id": volume, "attribute": ".."}, `ASCII letters, digits and "_"`},
		{"volume_attribute", acctest.Attrs{"volume_id": volume, "attribute": ""}, `ASCII letters, digits and "_"`},
		{"volume_attribute", acctest.Attrs{"volume_id": 0, "attribute": "name"}, "does not say which object it is about"},
		{"host_lun", acctest.Attrs{"host_id": host, "lun": 9}, "LUN_NOT_FOUND"},
		{"host_lun", acctest.Attrs{"host_id": host, "lun": 0}, "LUN_NOT_FOUND"},
		{"host_lun", acctest.Attrs{"host_id": host, "lun": 16384}, "between 0 and 16383"},
		{"host_cluster_lun", acctest.Attrs{"cluster_id": 4711, "lun": 9}, "CLUSTER_NOT_FOUND"},
		{"host_cluster_hosts", acctest.Attrs{"cluster_id": 4711}, "CLUSTER_NOT_FOUND"},
		{"pool_administrators", acctest.Attrs{"pool_id": 4711}, "POOL_NOT_FOUND"},
		{"metadata_value", acctest.Attrs{"object_id": volume, "key": "owner"}, "METADATA_NOT_FOUND"},
		{"metadata_value", acctest.Attrs{"object_id": volume, "key": ".."}, "no key"},
		{"metadata_value", acctest.Attrs{"object_id": volume, "key": ""}, "no key"},
		{"metadata_value", acctest.Attrs{"object_id": 4711, "key": "owner"}, "METADATA_IS_NOT_SUPPORTED_FOR_ENTITY"},
		{"system_metadata_value", acctest.Attrs{"key": "owner"}, "METADATA_NOT_FOUND"},
		{"vvol", acctest.Attrs{"id": 4711}, "VVOL_NOT_FOUND"},
		{"dataset", acctest.Attrs{"name": "none"}, "There is no dataset with the name"},
	} {
		_, problems := server.Look("storage_infinibox_"+each.source, each.arguments)
		if !problems.Failed() || !strings.Contains(problems.String(), each.says) {
			t.Errorf("%s %v: want an error with %q, have %s", each.source, each.arguments, each.says, problems)
		}
	}
}
