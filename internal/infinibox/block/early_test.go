package block_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// An id that the array does not have is refused at plan, by its number, wherever it is
// written; what this configuration makes is no matter.
func TestAccReferencesToNothing(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool, host := newPool(b, "pool"), newHost(b, "host")
	volume := newVolume(b, "volume", pool)
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	for _, c := range []struct {
		config string
		says   string
	}{
		{volumeOf("v", 9999, "1GB"), "no pool with the id 9999"},
		{volumeOf("v", 0, "1GB"), "no pool with the id 0"},
		{volumeOf("v", -1, "1GB"), "no pool with the id -1"},
		{volumeOf("v", volume, "1GB"), fmt.Sprintf("no pool with the id %v", volume)},
		{resource("consistency_group", "g", acctest.Attrs{"name": "g", "pool_id": 9999}), "no pool with the id 9999"},
		{resource("volume_snapshot", "s", acctest.Attrs{"name": "s", "parent_id": 9999}), "no volume or volume snapshot with the id 9999"},
		{resource("lun", "l", acctest.Attrs{"volume_id": 9999, "host_id": host}), "no volume or volume snapshot with the id 9999"},
		{resource("lun", "l", acctest.Attrs{"volume_id": volume, "host_id": 9999}), "no host with the id 9999"},
		{resource("lun", "l", acctest.Attrs{"volume_id": volume, "cluster_id": 9999}), "no host cluster with the id 9999"},
		{resource("host_cluster", "c", acctest.Attrs{"name": "c", "host_ids": []any{host, 9999}}), "no host with the id 9999"},
		{resource("snapshot_policy_assignment", "a", acctest.Attrs{"snapshot_policy_id": 9999, "assigned_entity_id": volume, "assigned_entity_type": "VOLUME"}), "no snapshot policy with the id 9999"},
		{resource("qos_policy_assignment", "a", acctest.Attrs{"qos_policy_id": 9999, "entity_id": volume}), "no QoS policy with the id 9999"},
	} {
		cli.Plan(provider, c.config).Refuses(t, "There is "+c.says)
	}
}

// 100 new volumes in a pool that is not managed here look for it once.
func TestAccReferencesCostOneRequest(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	many := acctest.Attrs{"count": 100, "name": acctest.Expr(`"v-${count.index}"`), "pool_id": newPool(b, "pool"), "size": "1GB"}
	before := b.Requests("", "")
	acctest.NewCLI(t).Plan(b.Provider(nil), resource("volume", "v", many)).Succeeds(t)
	// The budget of the pool asks for it too.
	if n := b.Requests("", "") - before; n > 4 {
		t.Errorf("%d requests", n)
	}
}

// What the reference does with CHAP is not refused: secrets can come later, and without
// names.
func TestAccCHAPOfTheReference(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	host := acctest.Attrs{"name": "h", "security_method": "MUTUAL_CHAP", "security_chap_inbound_username": "hostuser987", "security_chap_outbound_username": "infiniuser987"}
	secrets := acctest.Attrs{
		"security_chap_inbound_secret_wo": "hostsecret987654321", "security_chap_inbound_secret_wo_version": 1,
		"security_chap_outbound_secret_wo": "infinisecret987654", "security_chap_outbound_secret_wo_version": 1,
	}
	bare := acctest.Attrs{"name": "bare", "security_method": "MUTUAL_CHAP", "iscsi_ports": []any{"iqn.2011-08.com.example:bare"}}
	cli.Apply(provider, resource("host", "h", host), resource("host", "bare", bare.With(secrets))).Succeeds(t)
	ported := host.With(secrets).With(acctest.Attrs{"iscsi_ports": []any{"iqn.2011-08.com.example:h"}})
	cli.Apply(provider, resource("host", "h", ported), resource("host", "bare", bare.With(secrets))).Succeeds(t)
	cli.Plan(provider, resource("host", "h", ported), resource("host", "bare", bare.With(secrets))).Succeeds(t).Plans(t, map[string]string{})
}

// A pool that is to be locked from the start wants the approval which a lock wants.
func TestAccLockedFromTheStart(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	pool := acctest.Attrs{"name": "p", "physical_capacity": "2TB", "locked": true}
	cli.Plan(b.Provider(nil), resource("pool", "p", pool)).Refuses(t, `Creating with locked pool "p" is dangerous and not approved`, "new ones cannot be created")
	cli.Apply(b.Provider(nil), resource("pool", "p", pool.With(acctest.Attrs{"approved": true}))).Succeeds(t)
}

// A QoS policy is for objects of its kind, and caps nothing while QoS is off.
func TestAccQoSPolicyAndObject(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{Seed: []byte(`{"qos_disabled": true}`)})
	pool := newPool(b, "pool")
	volume := newVolume(b, "volume", pool)
	policy := b.Create("qos/policies", map[string]any{"name": "q", "type": "VOLUME", "max_ops": 1000})
	shared := b.Create("qos/policies", map[string]any{"name": "s", "type": "POOL_VOLUME", "max_ops": 1000})
	cli := acctest.NewCLI(t)
	assigned := func(policy, to any) string {
		return resource("qos_policy_assignment", "a", acctest.Attrs{"qos_policy_id": policy, "entity_id": to})
	}
	cli.Plan(b.Provider(nil), assigned(policy, pool)).Refuses(t, "The policy is not for this object", "type VOLUME, which caps volumes", fmt.Sprintf("id %v", pool))
	cli.Plan(b.Provider(nil), assigned(shared, volume)).Refuses(t, "The policy is not for this object", "caps pools")
	cli.Plan(b.Provider(nil), assigned(shared, pool)).Succeeds(t).Warns(t, "QoS is off", "storage_infinibox_qos")
	// The type that counts is the one which the policy has by then.
	own := func(kind string) string {
		return resource("qos_policy", "own", acctest.Attrs{"name": "own", "type": kind, "max_ops": 1000})
	}
	cli.Apply(b.Provider(nil), own("POOL_VOLUME")).Succeeds(t)
	cli.Apply(b.Provider(nil), own("VOLUME"), assigned(acctest.Expr("storage_infinibox_qos_policy.own.id"), volume)).Succeeds(t)
	cli.Plan(b.Provider(nil), own("VOLUME"), assigned(acctest.Expr("storage_infinibox_qos_policy.own.id"), volume)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Succeeds(t)
	run := cli.Plan(b.Provider(nil), resource("qos_policy", "x", acctest.Attrs{"count": 3, "name": acctest.Expr(`"x-${count.index}"`), "type": "VOLUME", "max_ops": 1000}))
	run.Succeeds(t).Warns(t, "QoS is off")
	if len(run.Diagnostics) != 1 {
		t.Error(run)
	}
	b.Must("POST", "qos/enable", nil)
	if run := cli.Plan(b.Provider(nil), assigned(shared, pool)).Succeeds(t); len(run.Diagnostics) > 0 {
		t.Error(run)
	}
}

// An unapproved destroy names each object as people know it, and says once how to
// approve.
func TestAccUnapprovedDestroyIsShort(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	var config string
	for i := range 6 {
		config += volumeOf(fmt.Sprintf("v%d", i), acctest.Expr("storage_infinibox_pool.p.id"), "1GB")
		config += resource("lun", fmt.Sprintf("l%d", i), acctest.Attrs{"volume_id": acctest.Expr(fmt.Sprintf("storage_infinibox_volume.v%d.id", i)), "host_id": acctest.Expr("storage_infinibox_host.h.id")})
	}
	config += resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "2TB"}) + resource("host", "h", acctest.Attrs{"name": "h"})
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	before := b.Requests("", "")
	run := cli.Plan(b.Provider(nil))
	for i := range 6 {
		run.Refuses(t, fmt.Sprintf(`Deleting LUN of volume "v%d" (id`, i), `host "h" (id`)
	}
	full, short := 0, 0
	for _, d := range run.Diagnostics {
		if strings.Contains(d.Detail, "INFINIBOX_APPROVE_DANGEROUS_OPERATIONS") {
			full++
		}
		if strings.Contains(d.Detail, "How to approve it is in the error of ") {
			short++
		}
	}
	if full != 1 || short != len(run.Diagnostics)-1 {
		t.Errorf("%d full, %d short: %s", full, short, run)
	}
	if n := b.Requests("", "") - before; n > 20 {
		t.Errorf("%d requests", n)
	}
}

// An id of another kind of the collection says what it is, and how to import it.
func TestAccImportOfAnotherKind(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	volume := newVolume(b, "volume", pool)
	snapshot := b.Create("volumes", map[string]any{"name": "s", "parent_id": volume})
	cli := acctest.NewCLI(t)
	cli.Write(b.Provider(nil), volumeOf("v", pool, "1GB"), resource("volume_snapshot", "s", acctest.Attrs{"name": "s", "parent_id": volume}))
	for address, c := range map[string]struct {
		id   any
		says string
	}{
		"storage_infinibox_volume.v":          {snapshot, fmt.Sprintf(`%v is a volume snapshot "s": import it as storage_infinibox_volume_snapshot`, snapshot)},
		"storage_infinibox_volume_snapshot.s": {volume, fmt.Sprintf(`%v is a volume "volume": import it as storage_infinibox_volume.`, volume)},
	} {
		err := cli.Import(address, fmt.Sprint(c.id))
		if err == nil || !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "│", "")), " "), c.says) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
