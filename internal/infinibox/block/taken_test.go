package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A name that is taken names who has it, and never the object that asks for it: at a
// creation, at a rename, and where a snapshot group takes snapshots whose names are others'.
func TestAccNameTaken(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	holder := newVolume(b, "holder", pool)
	members := newVolumes(b, pool, 2)
	group := newGroup(b, "group", pool, members...)
	otherGroup := b.Create("cgs", map[string]any{"name": "other-group", "pool_id": pool, "snapshot_policy_id": 0})
	inTheWay := b.Create("volumes", map[string]any{"name": "v1-sg", "parent_id": holder})
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	volume := func(name string) string {
		return resource("volume", "v", acctest.Attrs{"name": name, "pool_id": pool, "size": "1GB"})
	}
	snapshots := func(name, suffix string) string {
		return resource("snapshot_group", "g", acctest.Attrs{"name": name, "parent_id": group, "snap_suffix": suffix, "delete_members": true})
	}
	refuses := func(code, who string, others []string, config ...string) {
		t.Helper()
		run := cli.Apply(append([]string{provider}, config...)...).Refuses(t, code, who)
		for _, other := range others {
			if strings.Contains(run.String(), other) {
				t.Errorf("%s is named too: %s", other, run)
			}
		}
	}
	const itself = `In the way is the volume "mine"`
	name := func(id any) string { return fmt.Sprintf("(id %v)", id) }

	cli.Apply(provider, volume("mine"), snapshots("sg", "-free")).Succeeds(t)
	refuses("VOLUME_NAME_CONFLICT", `In the way is the volume "holder" `+name(holder), []string{itself}, volume("holder"), snapshots("sg", "-free"))
	refuses("CG_NAME_CONFLICT", `In the way is the consistency group "other-group" `+name(otherGroup), nil, volume("mine"), snapshots("other-group", "-free"))

	// The group's name is free, and that of a snapshot is not.
	refuses("VOLUME_NAME_CONFLICT", `taken: by the snapshot "v1-sg" `+name(inTheWay), []string{"In the way is", "name = "}, volume("mine"), snapshots("sg", "-sg"))
	refuses("VOLUME_NAME_CONFLICT", `taken: by the snapshot "v1-sg" `+name(inTheWay), nil, volume("mine"),
		resource("volume_group_snapshot", "t", acctest.Attrs{"volume_ids": members, "snap_suffix": "-sg"}))

	// What is created first does not give way to itself, and the one in the way is named.
	first := "\n  lifecycle { create_before_destroy = true }\n}"
	host := func(kind string) string {
		return strings.Replace(resource("host", "h", acctest.Attrs{"name": "h", "host_type": kind}), "\n}", first, 1)
	}
	cli.Apply(provider, volume("mine"), host("DEFAULT")).Succeeds(t)
	old := idsOf(t, b, "hosts?name=h")[0]
	refuses("HOST_NAME_CONFLICT", `In the way is the host "h" `+name(old), nil, volume("mine"), host("OPENVMS"))
}

// What no two objects can have is refused by the plan of the two.
func TestAccTwoOfOne(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	volume := newVolume(b, "volume", pool)
	gold, silver := newSnapshotPolicy(b, "gold"), newSnapshotPolicy(b, "silver")
	cli := acctest.NewCLI(t)
	for _, each := range []struct {
		says   string
		one    string
		others acctest.Attrs
		both   acctest.Attrs
	}{
		{`Two resources have name "same"`, "volume", nil, acctest.Attrs{"name": "same", "pool_id": pool, "size": "1GB"}},
		{`Two resources have name "same"`, "pool", nil, acctest.Attrs{"name": "same", "physical_capacity": "1TB"}},
		{`Two resources have name "same"`, "host", nil, acctest.Attrs{"name": "same"}},
		{`Two resources have name "same"`, "host_cluster", nil, acctest.Attrs{"name": "same"}},
		{`Two resources have name "same"`, "consistency_group", nil, acctest.Attrs{"name": "same", "pool_id": pool}},
		{`Two resources have name "same"`, "snapshot_policy", acctest.Attrs{"suffix": "-other"}, acctest.Attrs{"name": "same", "suffix": "-one"}},
		{`Two resources have suffix "-same"`, "snapshot_policy", acctest.Attrs{"name": "other"}, acctest.Attrs{"name": "one", "suffix": "-same"}},
		{`Two resources have name "same"`, "qos_policy", nil, acctest.Attrs{"name": "same", "type": "VOLUME", "max_ops": 1000}},
		{
			fmt.Sprintf(`Two resources have assigned_entity_id "%v"`, volume), "snapshot_policy_assignment", acctest.Attrs{"snapshot_policy_id": silver},
			acctest.Attrs{"snapshot_policy_id": gold, "assigned_entity_id": volume, "assigned_entity_type": "VOLUME"},
		},
		{
			"Two resources are the same metadata", "metadata", acctest.Attrs{"metadata": map[string]any{"owner": "b", "site": "west"}},
			acctest.Attrs{"object_id": volume, "metadata": map[string]any{"owner": "a"}},
		},
	} {
		cli.Plan(b.Provider(nil), resource(each.one, "one", each.both), resource(each.one, "two", each.both.With(each.others))).Refuses(t, each.says)
	}

	// A key that the object's own resource keeps, too.
	pairs := map[string]any{"owner": "a"}
	kept := resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": pool, "size": "1GB", "metadata": pairs})
	cli.Apply(b.Provider(nil), kept).Succeeds(t)
	cli.Plan(b.Provider(nil), kept, resource("metadata", "m", acctest.Attrs{"object_id": acctest.Expr("storage_infinibox_volume.v.id"), "metadata": pairs})).
		Refuses(t, `Two resources have metadata "owner"`)
}

// Who is to approve a replacement reads which attribute causes it, and how it changes.
func TestAccCauseOfReplacement(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	volume := newVolume(b, "volume", pool)
	cli := acctest.NewCLI(t)
	host := func(kind string) string { return resource("host", "h", acctest.Attrs{"name": "h", "host_type": kind}) }
	snapshot := func(parent any) string {
		return resource("volume_snapshot", "s", acctest.Attrs{"name": "s", "parent_id": parent})
	}
	cli.Apply(b.Provider(nil), host("DEFAULT"), snapshot(volume)).Succeeds(t)
	cli.Plan(b.Provider(nil), host("OPENVMS"), snapshot(volume)).
		Refuses(t, `The host is replaced because host_type changes from "DEFAULT" to "OPENVMS".`)
	other := resource("volume", "new", acctest.Attrs{"name": "new", "pool_id": pool, "size": "1GB"})
	cli.Plan(b.Provider(nil), host("DEFAULT"), other, snapshot(acctest.Expr("storage_infinibox_volume.new.id"))).
		Refuses(t, "The volume snapshot is replaced because parent_id is known only after apply.")
}
