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
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// answers is what each look-up must find, as expressions of the configuration.
type answers []struct {
	source    string
	arguments acctest.Attrs
	finds     string // an expression, with "it" for the data source
	want      string
}

// patPassword is that of a user who owns a pool.
const patPassword = "planted-user-password"

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

func TestAccLookups(t *testing.T) {
	t.Parallel()
	b := withVVol(t, nil)
	pool := newPool(b, "pool")
	volumes := newVolumes(b, pool, 3)
	snapshot := b.Create("volumes", map[string]any{"name": "snapshot", "parent_id": volumes[0]})
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
	pat := b.Create("users", map[string]any{"name": "pat", "email": "pat@example.com", "role": "POOL_ADMIN", "password": patPassword})
	b.Must("PUT", fmt.Sprintf("pools/%v", pool), map[string]any{"owners": []any{pat}})
	b.Must("PUT", fmt.Sprintf("metadata/%v", volumes[0]), map[string]any{"a/b c": "odd"})
	b.Must("PUT", "metadata/system", map[string]any{"site": "west"})

	all := answers{
		{"dataset", acctest.Attrs{"id": volumes[0]}, "it.name", "v0"},
		{"dataset", acctest.Attrs{"name": "snapshot"}, "it.parent_id", fmt.Sprint(volumes[0])},
		{"datasets", acctest.Attrs{"filters": []any{acctest.Attrs{"field": "type", "values": []string{"SNAPSHOT"}}}}, "it.datasets[*].id", fmt.Sprintf("[%v]", snapshot)},
		// By id first: once others have been read, it may come from their listing.
		{"vvol", acctest.Attrs{"id": vvol}, "it.size", "1GB"},
		{"vvol", acctest.Attrs{"name": "vvol"}, "it.vvol_type", "Data"},
		{"vvols", acctest.Attrs{"sort": []string{"name"}}, "it.vvols[*].name", `["vvol"]`},
		{"volume_delete_simulation", acctest.Attrs{"ids": []any{volumes[0], promoted}}, "it.valid && it.space_reclaimable_bytes >= 0", "true"},
		{"internal_volumes", nil, "length(it.volumes) > 0", "true"},
		{"internal_volumes", acctest.Attrs{"type": "SNAPSHOT"}, "alltrue([for v in it.volumes : v.is_internal])", "true"},
		{"internal_volumes", acctest.Attrs{"parent_id": volumes[2]}, "length(it.volumes)", "1"},
		{"internal_datasets", nil, "alltrue([for d in it.datasets : d.is_internal])", "true"},
		{"internal_datasets", acctest.Attrs{"parent_id": volumes[2]}, "length(it.datasets)", "1"},
		{"replication_pairs", acctest.Attrs{"volume_id": volumes[0]}, "length(it.pairs)", "0"},
		{"host_port", acctest.Attrs{"initiator_address": "50:01:43:80:01:23:45:67"}, "it.host_id", fmt.Sprint(host)},
		{"host_port", acctest.Attrs{"port_key": key}, "[it.host_id, it.address]", fmt.Sprintf("[%v,%q]", host, address)},
		{"initiators", acctest.Attrs{"host_id": host}, "it.initiators[*].address", fmt.Sprintf("[%q]", address)},
		{"initiator", acctest.Attrs{"initiator_address": address}, "it.host_id", fmt.Sprint(host)},
		{"san_clients", nil, "[for c in it.san_clients : c.san_client_type if c.name == \"host\"]", `["HOST"]`},
		{"ssa_express", nil, "[it.active[*].id, length(it.queue)]", fmt.Sprintf("[[%v],0]", volumes[1])},
		{"search", acctest.Attrs{"query": "PROMO"}, "it.results[*].name", `["promoted"]`},
		{"search", acctest.Attrs{"query": "v", "type": "vvol"}, "it.results[*].id", fmt.Sprintf("[%v]", vvol)},
		{"qos_assigned_entities", nil, "it.assigned_entities[*].entity_id", fmt.Sprintf("[%v]", volumes[0])},
		{"qos_assigned_entities", acctest.Attrs{"assignment_id": assignment}, "it.assigned_entities[0].qos_policy_id", fmt.Sprint(policy)},
		{"qos_assigned_entities", acctest.Attrs{"qos_policy_id": policy}, "it.assigned_entities[*].id", fmt.Sprintf("[%v]", assignment)},
		{"qos_assigned_entities", acctest.Attrs{"qos_policy_id": policy, "assignment_id": assignment}, "it.assigned_entities[*].entity_id", fmt.Sprintf("[%v]", volumes[0])},
		{"volume_attribute", acctest.Attrs{"volume_id": volumes[0], "attribute": "size"}, "[it.value, it.json]", `["1000000000","1000000000"]`},
		{"volume_attribute", acctest.Attrs{"volume_id": volumes[0], "attribute": "write_protected"}, "[it.value, jsondecode(it.json)]", `["false",false]`},
		{"volume_attribute", acctest.Attrs{"volume_id": volumes[0], "attribute": "name"}, "[it.value, jsondecode(it.json)]", `["v0","v0"]`},
		{"volume_attribute", acctest.Attrs{"volume_id": volumes[0], "attribute": "_cg_guid"}, "[it.value, it.json]", `[null,"null"]`},
		{"volume_attribute", acctest.Attrs{"volume_id": volumes[0], "attribute": "replication_types"}, "[it.value, jsondecode(it.json)]", `[null,["NONE"]]`},
		{"consistency_group_attribute", acctest.Attrs{"consistency_group_id": group, "attribute": "members_count"}, "tonumber(it.value)", "60"},
		{"consistency_group_attribute", acctest.Attrs{"consistency_group_id": group, "attribute": "members"}, "length(distinct(jsondecode(it.json)[*].id))", "60"},
		{"pool_attribute", acctest.Attrs{"pool_id": pool, "attribute": "name"}, "it.value", "pool"},
		{"host_attribute", acctest.Attrs{"host_id": host, "attribute": "name"}, "it.value", "host"},
		{"host_cluster_attribute", acctest.Attrs{"cluster_id": cluster, "attribute": "name"}, "it.value", "cluster"},
		{"host_lun", acctest.Attrs{"host_id": host, "lun": 7}, "[it.volume_id, it.clustered]", fmt.Sprintf("[%v,false]", volumes[1])},
		{"host_lun", acctest.Attrs{"host_id": host, "lun": 8}, "[it.volume_id, it.clustered]", fmt.Sprintf("[%v,true]", volumes[2])},
		{"host_cluster_lun", acctest.Attrs{"cluster_id": cluster, "lun": 8}, "[it.volume_id, it.clustered]", fmt.Sprintf("[%v,true]", volumes[2])},
		{"luns", acctest.Attrs{"cluster_id": cluster}, "it.luns[*].volume_id", fmt.Sprintf("[%v]", volumes[2])},
		{"host_cluster_hosts", acctest.Attrs{"cluster_id": cluster}, "it.hosts[*].name", `["host"]`},
		{"pool_administrators", acctest.Attrs{"pool_id": pool}, fmt.Sprintf("contains(it.user_ids, %v) && length(it.user_ids) > 1", pat), "true"},
		{"administered_pools", nil, "length(it.pools)", "0"}, // but pat's, below
		{"metadata_value", acctest.Attrs{"object_id": volumes[0], "key": "a/b c"}, "it.value", "odd"},
		{"system_metadata_value", acctest.Attrs{"key": "site"}, "it.value", "west"},
	}
	config := b.Provider(nil)
	var checks []plancheck.PlanCheck
	tested := map[string]bool{}
	server := acctest.NewServer(t, b)
	for i, each := range all {
		label := fmt.Sprintf("q%d", i)
		config += each.arguments.Block("data", "storage_infinibox_"+each.source, label)
		it := "data.storage_infinibox_" + each.source + "." + label
		expression := strings.ReplaceAll(each.finds, "it.", it+".")
		config += fmt.Sprintf("output %q {\n  value = jsonencode(%s)\n}\n", label, expression)
		want := each.want
		if !strings.HasPrefix(want, "[") && strings.Trim(want, "0123456789") != "" && want != "true" {
			want = fmt.Sprintf("%q", want)
		}
		checks = append(checks, plancheck.ExpectKnownOutputValue(label, knownvalue.StringExact(want)))
		tested[each.source] = true
		if _, problems := server.Look("storage_infinibox_"+each.source, each.arguments); problems.Failed() {
			t.Errorf("%s: %s", each.source, problems)
		}
	}
	for _, l := range block.Lookups() {
		if !tested[l.Name] {
			t.Errorf("no test asks %s", l.Name)
		}
	}
	for _, k := range block.Kinds() {
		if k.ReadOnly && !(tested[k.Name] && tested[k.Plural]) {
			t.Errorf("no test reads %s", k.Name)
		}
	}
	test.Test(t, test.TestCase{
		IsUnitTest: true, ProtoV6ProviderFactories: acctest.Providers(),
		Steps: []test.TestStep{
			{Config: config, ConfigPlanChecks: test.ConfigPlanChecks{PreApply: checks}},
			{
				Config: b.Provider(acctest.Attrs{"username": "pat", "password": patPassword}) + `
data "storage_infinibox_administered_pools" "mine" {}
output "mine" {
  value = jsonencode(data.storage_infinibox_administered_pools.mine.pools)
}
`,
				ConfigPlanChecks: test.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownOutputValue("mine", knownvalue.StringExact(fmt.Sprintf(`[{"id":%v,"name":"pool"}]`, pool))),
				}},
			},
		},
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
