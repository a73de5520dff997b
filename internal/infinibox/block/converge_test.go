package block_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// site is an array, and a working directory of Terraform's in which all is approved.
type site struct {
	*acctest.InfiniBox
	*testcore.Core
	t *testing.T
}

func newSite(t *testing.T) *site {
	t.Helper()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	return &site{b, acctest.NewCore(t, b, nil), t}
}

// parts are a configuration by the resources' addresses without their prefix: "pool.p".
type parts map[string]acctest.Attrs

// of refers to another resource's id.
func of(address string) testcore.Ref {
	return testcore.Ref{Address: "storage_infinibox_" + address, Attribute: "id"}
}

func (e parts) config() testcore.Config {
	c := testcore.Config{Resources: map[string]testcore.Resource{}}
	for address, arguments := range e {
		c.Resources["storage_infinibox_"+address] = testcore.Resource{Arguments: arguments}
	}
	return c
}

// with are the resources of e with changes: nil takes one out.
func (e parts) with(changes parts) parts {
	all := maps.Clone(e)
	for address, arguments := range changes {
		if arguments == nil {
			delete(all, address)
			continue
		}
		all[address] = acctest.Attrs(maps.Clone(map[string]any(all[address]))).With(arguments)
	}
	return all
}

// run applies a configuration.
func (s *site) run(e parts, replace ...string) (*testcore.Plan, *testcore.Result) {
	s.t.Helper()
	for i := range replace {
		replace[i] = "storage_infinibox_" + replace[i]
	}
	return s.Run(s.t.Context(), e.config(), testcore.Options{Replace: replace})
}

// converges applies a configuration once, and holds that the plan after it is empty.
func (s *site) converges(e parts, replace ...string) {
	s.t.Helper()
	planned, done := s.run(e, replace...)
	if planned.Failed() || done.Failed() {
		s.t.Fatalf("plan: %s\napply: %s", planned, done)
	}
	s.quiet(e)
}

func (s *site) quiet(e parts) {
	s.t.Helper()
	next := s.Plan(s.t.Context(), e.config(), testcore.Options{})
	if next.Failed() || len(next.Actions()) > 0 {
		s.t.Fatalf("the next plan is not empty: %s", next)
	}
}

// refused holds that a plan is refused with all of the words.
func (s *site) refused(e parts, words ...string) {
	s.t.Helper()
	planned := s.Plan(s.t.Context(), e.config(), testcore.Options{})
	if !planned.Failed() {
		s.t.Fatalf("the plan is not refused: %s", planned)
	}
	for _, word := range words {
		if !strings.Contains(planned.String(), word) {
			s.t.Errorf("missing %q in %s", word, planned)
		}
	}
}

// id is that of an object in the state.
func (s *site) id(address string) string {
	s.t.Helper()
	return fmt.Sprint(s.State.Attributes("storage_infinibox_" + address)["id"])
}

// base is what the changes begin with.
func base() parts {
	return parts{
		"pool.p": {"name": "p", "physical_capacity": "10TB", "virtual_capacity": "10TB", "ssd_enabled": true},
		"pool.q": {"name": "q", "physical_capacity": "10TB", "virtual_capacity": "10TB", "ssd_enabled": true},
	}
}

func volumeIn(pool, name string) acctest.Attrs {
	return acctest.Attrs{"name": name, "pool_id": of("pool." + pool), "size": "100GB"}
}

func iqn(n int) string { return fmt.Sprintf("iqn.2011-08.com.example:%d", n) }

// What an administrator changes in one go ends in one apply, whatever the array wants
// to be done first.
func TestChangesAtOnce(t *testing.T) {
	t.Parallel()
	chap := acctest.Attrs{
		"security_method": "CHAP", "security_chap_inbound_username": "server",
		"security_chap_inbound_secret_wo": "planted", "security_chap_inbound_secret_wo_version": 1,
	}
	host := func(name string, more acctest.Attrs) acctest.Attrs { return acctest.Attrs{"name": name}.With(more) }
	v, w := of("volume.v"), of("volume.w")
	twoVolumes := base().with(parts{"volume.v": volumeIn("p", "v"), "volume.w": volumeIn("p", "w")})
	twoHosts := parts{"host.a": host("a", nil), "host.b": host("b", nil)}
	lun := func(volume testcore.Ref, host string, n any) acctest.Attrs {
		return acctest.Attrs{"volume_id": volume, "host_id": of("host." + host), "lun": n}
	}
	policy := parts{"snapshot_policy.s": {"name": "s", "suffix": "-s"}}
	for name, c := range map[string]struct{ from, to parts }{
		"both thresholds raised past the upper one": {
			base().with(parts{"pool.p": {"physical_capacity_warning": 60, "physical_capacity_critical": 70}}),
			base().with(parts{"pool.p": {"physical_capacity_warning": 80, "physical_capacity_critical": 90}}),
		},
		"both thresholds lowered past the lower one": {
			base().with(parts{"pool.p": {"physical_capacity_warning": 80, "physical_capacity_critical": 90}}),
			base().with(parts{"pool.p": {"physical_capacity_warning": 60, "physical_capacity_critical": 70}}),
		},
		"protection lifted, and growth": {
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"write_protected": true})}),
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"write_protected": false, "size": "200GB"})}),
		},
		"growth, and protection": {
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"write_protected": false})}),
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"write_protected": true, "size": "200GB"})}),
		},
		"SSD and SSA Express off": {
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"ssd_enabled": true, "ssa_express_enabled": true})}),
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"ssd_enabled": false, "ssa_express_enabled": false})}),
		},
		"SSD and SSA Express on": {
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"ssd_enabled": false, "ssa_express_enabled": false})}),
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"ssd_enabled": true, "ssa_express_enabled": true})}),
		},
		"from thick to thin, and growth, in a full pool": {
			parts{"pool.p": {"name": "p", "physical_capacity": "1TB", "virtual_capacity": "2TB"}, "volume.v": volumeIn("p", "v").With(acctest.Attrs{"size": "900GB", "provtype": "THICK"})},
			parts{"pool.p": {"name": "p", "physical_capacity": "1TB", "virtual_capacity": "2TB"}, "volume.v": volumeIn("p", "v").With(acctest.Attrs{"size": "1500GB", "provtype": "THIN"})},
		},
		"NVMe ports give way to iSCSI ports": {
			parts{"host.a": host("a", acctest.Attrs{"nvme_ports": []any{"nqn.2014-08.org.nvmexpress:uuid:1"}})},
			parts{"host.a": host("a", acctest.Attrs{"nvme_ports": []any{}, "iscsi_ports": []any{iqn(1)}})},
		},
		"CHAP, and another port": {
			parts{"host.a": host("a", acctest.Attrs{"iscsi_ports": []any{iqn(1)}})},
			parts{"host.a": host("a", acctest.Attrs{"iscsi_ports": []any{iqn(1), iqn(2)}}).With(chap)},
		},
		"a group moves, and a volume leaves it": {
			twoVolumes.with(parts{"consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{v, w}}}).
				with(parts{"volume.v": {"pool_id": nil}}).with(parts{"volume.v": volumeIn("p", "v")}),
			twoVolumes.with(parts{"consistency_group.g": {"name": "g", "pool_id": of("pool.q"), "member_ids": []any{}}}),
		},
		"a volume leaves its group for a policy of its own": {
			twoVolumes.with(policy).with(parts{"consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{v, w}}}),
			twoVolumes.with(policy).with(parts{
				"consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{w}},
				"volume.v":            {"snapshot_policy_id": of("snapshot_policy.s")},
			}),
		},
		"hosts of NVMe take the place of hosts of Fibre Channel": {
			parts{"host.a": {"name": "a", "fc_ports": []any{"5001438001234567"}}, "host.b": {"name": "b", "nvme_ports": []any{"nqn.2014-08.org.nvmexpress:uuid:b"}},
				"host_cluster.c": {"name": "c", "host_ids": []any{of("host.a")}}},
			parts{"host.a": {"name": "a", "fc_ports": []any{"5001438001234567"}}, "host.b": {"name": "b", "nvme_ports": []any{"nqn.2014-08.org.nvmexpress:uuid:b"}},
				"host_cluster.c": {"name": "c", "host_ids": []any{of("host.b")}}},
		},
		"a host leaves its cluster and goes": {
			twoHosts.with(parts{"host_cluster.c": {"name": "c", "host_ids": []any{of("host.a"), of("host.b")}}}),
			parts{"host.b": host("b", nil), "host_cluster.c": {"name": "c", "host_ids": []any{of("host.b")}}},
		},
		"a volume leaves its group and goes": {
			twoVolumes.with(parts{"consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{v, w}}}),
			twoVolumes.with(parts{"volume.v": nil, "consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{w}}}),
		},
		"hosts exchange a port": {
			parts{"host.a": host("a", acctest.Attrs{"iscsi_ports": []any{iqn(1)}}), "host.b": host("b", acctest.Attrs{"iscsi_ports": []any{iqn(2)}})},
			parts{"host.a": host("a", acctest.Attrs{"iscsi_ports": []any{iqn(2)}}), "host.b": host("b", acctest.Attrs{"iscsi_ports": []any{iqn(1)}})},
		},
		"clusters exchange a host": {
			twoHosts.with(parts{"host_cluster.c": {"name": "c", "host_ids": []any{of("host.a")}}, "host_cluster.d": {"name": "d", "host_ids": []any{of("host.b")}}}),
			twoHosts.with(parts{"host_cluster.c": {"name": "c", "host_ids": []any{of("host.b")}}, "host_cluster.d": {"name": "d", "host_ids": []any{of("host.a")}}}),
		},
		"groups exchange a volume": {
			twoVolumes.with(parts{"consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{v}}, "consistency_group.h": {"name": "h", "pool_id": of("pool.p"), "member_ids": []any{w}}}),
			twoVolumes.with(parts{"consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{w}}, "consistency_group.h": {"name": "h", "pool_id": of("pool.p"), "member_ids": []any{v}}}),
		},
		"a port moves to another host": {
			parts{"host.a": host("a", acctest.Attrs{"iscsi_ports": []any{iqn(1), iqn(2)}}), "host.b": host("b", acctest.Attrs{"iscsi_ports": []any{iqn(3)}})},
			parts{"host.a": host("a", acctest.Attrs{"iscsi_ports": []any{iqn(1)}}), "host.b": host("b", acctest.Attrs{"iscsi_ports": []any{iqn(2), iqn(3)}})},
		},
		"a port moves to a new host while the old one goes": {
			parts{"host.a": host("a", acctest.Attrs{"iscsi_ports": []any{iqn(1)}})},
			parts{"host.b": host("b", acctest.Attrs{"iscsi_ports": []any{iqn(1)}})},
		},
		"LUNs exchange their numbers": {
			twoVolumes.with(twoHosts).with(parts{"lun.v": lun(v, "a", 1), "lun.w": lun(w, "a", 2)}),
			twoVolumes.with(twoHosts).with(parts{"lun.v": lun(v, "a", 2), "lun.w": lun(w, "a", 1)}),
		},
		"LUNs exchange their volumes": {
			twoVolumes.with(twoHosts).with(parts{"lun.v": lun(v, "a", 1), "lun.w": lun(w, "a", 2)}),
			twoVolumes.with(twoHosts).with(parts{"lun.v": lun(w, "a", 1), "lun.w": lun(v, "a", 2)}),
		},
		"the volume behind a numbered LUN is replaced": {
			twoVolumes.with(twoHosts).with(parts{"lun.v": lun(v, "a", 1)}),
			twoVolumes.with(twoHosts).with(parts{"lun.v": lun(w, "a", 1)}),
		},
		"a first volume enters a counted list": {
			base().with(parts{"volume.v[0]": volumeIn("p", "a"), "volume.v[1]": volumeIn("p", "b")}),
			base().with(parts{"volume.v[0]": volumeIn("p", "z"), "volume.v[1]": volumeIn("p", "a"), "volume.v[2]": volumeIn("p", "b")}),
		},
		"the first volume of a counted list goes, and LUNs with it": {
			base().with(twoHosts).with(parts{
				"volume.v[0]": volumeIn("p", "a"), "volume.v[1]": volumeIn("p", "b"),
				"lun.l[0]": lun(of("volume.v[0]"), "a", 1), "lun.l[1]": lun(of("volume.v[1]"), "a", 2),
			}),
			base().with(twoHosts).with(parts{"volume.v[0]": volumeIn("p", "b"), "lun.l[0]": lun(of("volume.v[0]"), "a", 2)}),
		},
		"a volume is renamed in the configuration alone, and made anew": {
			base().with(parts{"volume.old": volumeIn("p", "v")}),
			base().with(parts{"volume.new": volumeIn("p", "v")}),
		},
		"a volume moves to the pool that grows for it": {
			parts{
				"pool.p": {"name": "p", "physical_capacity": "10TB", "virtual_capacity": "10TB"}, "pool.q": {"name": "q", "physical_capacity": "1TB", "virtual_capacity": "1TB"},
				"volume.v": volumeIn("p", "v").With(acctest.Attrs{"size": "5TB"}),
			},
			parts{
				"pool.p": {"name": "p", "physical_capacity": "10TB", "virtual_capacity": "10TB"}, "pool.q": {"name": "q", "physical_capacity": "6TB", "virtual_capacity": "6TB"},
				"volume.v": volumeIn("q", "v").With(acctest.Attrs{"size": "5TB"}),
			},
		},
		"a policy takes the place of another, of a volume and by an assignment": {
			twoVolumes.with(policy).with(parts{
				"snapshot_policy.t":            {"name": "t", "suffix": "-t"},
				"volume.v":                     {"snapshot_policy_id": of("snapshot_policy.s")},
				"snapshot_policy_assignment.w": {"snapshot_policy_id": of("snapshot_policy.s"), "assigned_entity_id": w, "assigned_entity_type": "VOLUME"},
			}),
			twoVolumes.with(policy).with(parts{
				"snapshot_policy.t":            {"name": "t", "suffix": "-t"},
				"volume.v":                     {"snapshot_policy_id": of("snapshot_policy.t")},
				"snapshot_policy_assignment.w": {"snapshot_policy_id": of("snapshot_policy.t"), "assigned_entity_id": w, "assigned_entity_type": "VOLUME"},
			}),
		},
		"a QoS policy changes its type while its only volume leaves it": {
			base().with(parts{"volume.v": volumeIn("p", "v"), "qos_policy.q": {"name": "q", "type": "VOLUME", "max_ops": 1000}, "qos_policy_assignment.a": {"qos_policy_id": of("qos_policy.q"), "entity_id": v}}),
			base().with(parts{"volume.v": volumeIn("p", "v"), "qos_policy.q": {"name": "q", "type": "POOL_VOLUME", "max_ops": 1000}}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.converges(c.from)
			s.converges(c.to)
		})
	}
}

// What no order of the operations makes possible is refused at plan.
func TestImpossibleAtOnce(t *testing.T) {
	t.Parallel()
	v, w := of("volume.v"), of("volume.w")
	twoVolumes := base().with(parts{"volume.v": volumeIn("p", "v"), "volume.w": volumeIn("p", "w")})
	grouped := twoVolumes.with(parts{"consistency_group.g": {"name": "g", "pool_id": of("pool.p"), "member_ids": []any{v, w}}})
	hosts := parts{"host.a": {"name": "a", "iscsi_ports": []any{iqn(1)}}, "host.b": {"name": "b"}}
	for name, c := range map[string]struct {
		from, to parts
		says     []string
	}{
		"volumes exchange their names": {
			twoVolumes, twoVolumes.with(parts{"volume.v": {"name": "w"}, "volume.w": {"name": "v"}}), []string{"An exchange of name", "a third name"},
		},
		"a group moves, and its volumes by themselves": {
			grouped, grouped.with(parts{"consistency_group.g": {"pool_id": of("pool.q")}, "volume.v": {"pool_id": of("pool.q")}, "volume.w": {"pool_id": of("pool.q")}}),
			[]string{"moves with its consistency group alone", "ignore_changes"},
		},
		"a port for two hosts": {
			hosts, hosts.with(parts{"host.b": {"iscsi_ports": []any{iqn(1)}}}), []string{"Two resources have iscsi_ports", iqn(1)},
		},
		"one name for two new volumes": {
			base(), base().with(parts{"volume.v": volumeIn("p", "x"), "volume.w": volumeIn("p", "x")}), []string{`Two resources have name "x"`},
		},
		"one LUN for two volumes": {
			twoVolumes.with(hosts), twoVolumes.with(hosts).with(parts{
				"lun.v": {"volume_id": v, "host_id": of("host.a"), "lun": 1}, "lun.w": {"volume_id": w, "host_id": of("host.a"), "lun": 1},
			}), []string{`Two resources have lun "1"`},
		},
		"one mapping twice": {
			twoVolumes.with(hosts), twoVolumes.with(hosts).with(parts{
				"lun.v": {"volume_id": v, "host_id": of("host.a")}, "lun.w": {"volume_id": v, "host_id": of("host.a")},
			}), []string{"Two resources are the same LUN"},
		},
		"one assignment twice": {
			twoVolumes.with(parts{"snapshot_policy.s": {"name": "s", "suffix": "-s"}}), twoVolumes.with(parts{
				"snapshot_policy.s":            {"name": "s", "suffix": "-s"},
				"snapshot_policy_assignment.a": {"snapshot_policy_id": of("snapshot_policy.s"), "assigned_entity_id": v, "assigned_entity_type": "VOLUME"},
				"snapshot_policy_assignment.b": {"snapshot_policy_id": of("snapshot_policy.s"), "assigned_entity_id": v, "assigned_entity_type": "VOLUME"},
			}), []string{"Two resources are the same snapshot policy assignment"},
		},
		"growth of what stays protected": {
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"write_protected": true})}),
			base().with(parts{"volume.v": volumeIn("p", "v").With(acctest.Attrs{"write_protected": true, "size": "200GB"})}),
			[]string{"size cannot be changed now", "write_protected is false"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.converges(c.from)
			s.refused(c.to, c.says...)
			s.quiet(c.from)
		})
	}
}

// An object that is imported twice is an error of the plan: what is done to one of the
// two addresses is done to both.
func TestObjectUnderTwoAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	one := base().with(parts{"volume.v": volumeIn("p", "v")})
	s.converges(one)
	id := s.id("volume.v")
	two := one.with(parts{"volume.w": volumeIn("p", "v")})
	if done := s.Import(t.Context(), "storage_infinibox_volume.w", testcore.Import{ID: id}); done.Failed() {
		t.Fatal(done)
	}
	s.refused(two, "Two resources are one object", "terraform state rm")
	s.refused(one, "Two resources are one object") // the deletion of one would be that of both
}

// What others have made is left alone, also where it is just what the configuration
// says; and the import that the error names ends it.
func TestOthersObjectsAreLeftAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.converges(base().with(parts{"host.a": {"name": "a"}}))
	theirs := s.Create("volumes", map[string]any{"name": "v", "pool_id": s.id("pool.p"), "size": 100_000_000_000})
	s.Must("POST", "hosts/"+s.id("host.a")+"/luns", map[string]any{"volume_id": theirs, "lun": 7})
	for _, c := range []struct{ address, id string }{
		{"volume.v", fmt.Sprint(theirs)},
		{"lun.l", fmt.Sprintf("volume_id=%v,host_id=%s", theirs, s.id("host.a"))},
	} {
		all := base().with(parts{"host.a": {"name": "a"}, "volume.v": volumeIn("p", "v")})
		if c.address == "lun.l" {
			all = all.with(parts{"lun.l": {"volume_id": of("volume.v"), "host_id": of("host.a"), "lun": 7}})
		}
		_, done := s.run(all)
		for _, words := range []string{"It looks as configured", "terraform import storage_infinibox_" + strings.Split(c.address, ".")[0] + ".NAME '" + c.id + "'"} {
			if !strings.Contains(done.String(), words) {
				t.Errorf("missing %q in %s", words, done)
			}
		}
		if done := s.Import(t.Context(), "storage_infinibox_"+c.address, testcore.Import{ID: c.id}); done.Failed() {
			t.Fatal(done)
		}
		s.quiet(all)
	}
}

// Nothing that others have changed stops the plan of other objects, or a destroy.
func TestDriftStopsNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all := base().with(parts{
		"volume.v": volumeIn("p", "v"), "volume.w": volumeIn("p", "w"), "host.a": {"name": "a"},
		"host_cluster.c":    {"name": "c", "host_ids": []any{of("host.a")}, "approved": false},
		"volume_snapshot.s": {"name": "s", "parent_id": of("volume.w"), "lock_expires_at": nil},
	})
	s.converges(all)
	s.Must("PUT", "volumes/"+s.id("volume.v"), map[string]any{"size": 200_000_000_000})
	stranger := s.Create("hosts", map[string]any{"name": "stranger"})
	s.Must("POST", "clusters/"+s.id("host_cluster.c")+"/hosts", map[string]any{"id": stranger})
	more := all.with(parts{"volume.x": volumeIn("p", "x")})
	planned, done := s.run(more)
	if planned.Failed() {
		t.Fatalf("drift has stopped the plan: %s", planned)
	}
	for _, words := range []string{"cannot shrink", "was changed outside of Terraform", "loses access to all volumes that are mapped to the cluster"} {
		if !strings.Contains(planned.String(), words) {
			t.Errorf("missing %q in the plan: %s", words, planned)
		}
	}
	failed := map[string]bool{}
	for _, e := range done.Errors() {
		failed[e.Address] = true
	}
	if want := map[string]bool{"storage_infinibox_volume.v": true, "storage_infinibox_host_cluster.c": true}; !maps.Equal(failed, want) {
		t.Errorf("the apply has failed for %v: %s", slices.Sorted(maps.Keys(failed)), done)
	}
	if s.State.Get("storage_infinibox_volume.x") == nil {
		t.Error("the new volume was not made")
	}
	// Asked for less than before, it is the configuration's doing.
	s.refused(more.with(parts{"volume.v": {"size": "50GB"}}), "cannot shrink")
	s.converges(more.with(parts{"volume.v": {"size": "200GB"}, "host_cluster.c": {"approved": true}}))
}

// approveAll is the provider's word on what no resource speaks of.
func (s *site) approveAll(all bool) {
	system, settings := s.Settings()
	s.Core.Provider = acctest.Attrs{system: settings.With(acctest.Attrs{"approve_dangerous_operations": all})}
}

// What cannot be done, or wants approval, is said by the plan and not half-way: also where
// the configuration leaves open what forbids it, and where the new value is not known yet.
func TestSaidByThePlan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all := base().with(parts{
		"volume.v": volumeIn("p", "v").With(acctest.Attrs{"write_protected": true}), "volume.w": volumeIn("p", "w"), "host.a": {"name": "a"},
		"snapshot_policy.s":            {"name": "s", "suffix": "-s", "approved": true},
		"snapshot_policy_assignment.a": {"snapshot_policy_id": of("snapshot_policy.s"), "assigned_entity_id": of("volume.w"), "assigned_entity_type": "VOLUME"},
	})
	s.converges(all)
	open := all.with(parts{"volume.v": {"write_protected": nil}})
	s.converges(open)
	s.refused(open.with(parts{"volume.v": {"size": "200GB"}}), "size cannot be changed now", "write_protected is false")

	s.approveAll(false)
	planned, _ := s.run(open, "snapshot_policy.s")
	for _, words := range []string{"Changing snapshot_policy_id of snapshot policy assignment", "not approved", "known only after apply"} {
		if !planned.Failed() || !strings.Contains(planned.String(), words) {
			t.Errorf("missing %q in %s", words, planned)
		}
	}

	// The very mapping of others is in the way: that is not to map once more.
	s.Must("POST", "hosts/"+s.id("host.a")+"/luns", map[string]any{"volume_id": s.id("volume.w"), "lun": 7})
	_, done := s.run(open.with(parts{"lun.l": {"volume_id": of("volume.w"), "host_id": of("host.a")}}))
	if words := "terraform import storage_infinibox_lun.NAME"; !strings.Contains(done.String(), words) {
		t.Errorf("missing %q in %s", words, done)
	}
}

// An assignment that goes takes the policy along which the volume is to keep by itself:
// Terraform sees no change in the volume. The plan says so, and the next apply mends it.
func TestPolicyKeptWithoutItsAssignment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	volume := base().with(parts{"volume.v": volumeIn("p", "v"), "snapshot_policy.s": {"name": "s", "suffix": "-s"}})
	s.converges(volume.with(parts{
		"snapshot_policy_assignment.a": {"snapshot_policy_id": of("snapshot_policy.s"), "assigned_entity_id": of("volume.v"), "assigned_entity_type": "VOLUME"},
	}))
	own := volume.with(parts{"volume.v": {"snapshot_policy_id": of("snapshot_policy.s")}})
	planned, done := s.run(own)
	if words := "without its snapshot policy until the next apply"; !strings.Contains(planned.String(), words) || done.Failed() {
		t.Errorf("missing %q in %s\n%s", words, planned, done)
	}
	s.converges(own)
}

// Others have protected what is to grow: the plan of all else goes on.
func TestGrowthOfWhatOthersProtect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all := base().with(parts{"volume.v": volumeIn("p", "v")})
	s.converges(all)
	s.Must("PUT", "volumes/"+s.id("volume.v"), map[string]any{"write_protected": true})
	planned, done := s.run(all.with(parts{"volume.v": {"size": "200GB"}, "volume.w": volumeIn("p", "w")}))
	if words := "It can be changed only while write_protected is false"; planned.Failed() || !strings.Contains(planned.String(), words) || !strings.Contains(done.String(), words) {
		t.Errorf("missing %q in %s\n%s", words, planned, done)
	}
	if s.id("volume.w") == "<nil>" {
		t.Error("it has stopped the creation of another volume")
	}
}

// A plan unlocks a pool and takes a volume out of it: Terraform deletes first, and the
// error says how to unlock first.
func TestOutOfALockedPool(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all := base().with(parts{"volume.v": volumeIn("p", "v"), "pool.p": {"locked": true}})
	s.converges(all.with(parts{"pool.p": {"locked": false}}))
	s.converges(all)
	without := all.with(parts{"volume.v": nil, "pool.p": {"locked": false}})
	_, done := s.run(without)
	if words := "terraform apply -target with the address of the pool"; !strings.Contains(done.String(), words) {
		t.Errorf("missing %q in %s", words, done)
	}
	s.converges(without.with(parts{"volume.v": volumeIn("p", "v")}))
	s.converges(without)
}

// A host that gives way to one which the array then refuses all the same comes back.
func TestHostThatGivesWayComesBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	from := parts{"host.a": {"name": "a", "fc_ports": []any{"5001438001234567"}}, "host.b": {"name": "b", "nvme_ports": []any{"nqn.2014-08.org.nvmexpress:uuid:b"}},
		"host_cluster.c": {"name": "c", "host_ids": []any{of("host.a")}}}
	s.converges(from)
	if err := s.Simulator.SetFaults("POST /clusters/{id}/hosts#2:409"); err != nil {
		t.Fatal(err)
	}
	if _, done := s.run(from.with(parts{"host_cluster.c": {"host_ids": []any{of("host.b")}}})); !done.Failed() {
		t.Fatalf("not refused: %s", done)
	}
	s.quiet(from)
}
