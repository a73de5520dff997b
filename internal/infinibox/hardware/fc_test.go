package hardware_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func fcPorts(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	own := acctest.Own(func(_ string, n int) any { return 1 + (n-1)%8 })
	path := func(o acctest.Object) string {
		return fmt.Sprintf("components/nodes/%v/fc_ports/%v", o["node_id"], o["id"])
	}
	bad := acctest.BadValue
	least := acctest.Attrs{"node_id": 1, "id": own}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_fc_port", Permanent: true,
		Key: []string{"node_id", "id"}, Owners: []string{"node_id"},
		Least: least, Most: least.With(acctest.Attrs{"enabled": true}),
		Changes: map[string]acctest.Change{
			"node_id": {Through: []any{acctest.Attrs{"node_id": 2, "id": 1}, acctest.Attrs{"node_id": 3, "id": 1}}, Replaces: true},
			"id":      {Through: []any{acctest.Attrs{"node_id": 2, "id": 2}, acctest.Attrs{"node_id": 2, "id": 3}}, Replaces: true},
			"enabled": {
				Through: []any{true, false, true}, Danger: "Hosts lose their paths through the port",
				Drift: func(o acctest.Object) acctest.Request {
					return acctest.Request{Method: "POST", Path: path(o) + "/disable"}
				},
			},
		},
		Elsewhere: map[string]func(*testing.T){"role": TestAccFCPortRole},
		Bad: []acctest.Bad{
			bad("node_id", 0, "at least 1"),
			bad("role", "NPIV", "is not known here"),
		},
	}
}

// A port gets its role as it is enabled, and is given back as it was.
func TestAccFCPortRole(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	port := func(more acctest.Attrs) string {
		return resource("fc_port", "p", acctest.Attrs{"node_id": 2, "id": 1, "approved": true}.With(more))
	}
	role := func() any { return b.Must("GET", "components/nodes/2/fc_ports/1", nil)["role"] }
	soft := acctest.Attrs{"enabled": true, "role": "SOFT_PORT"}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), port(nil)).Succeeds(t)
	cli.Plan(b.Provider(nil), port(soft)).Refuses(t, "A port gets its role as it is enabled", "Set enabled = false alone")
	cli.Apply(b.Provider(nil), port(acctest.Attrs{"enabled": false})).Succeeds(t)
	cli.Plan(b.Provider(nil), port(acctest.Attrs{"enabled": false, "role": "SOFT_PORT"})).Refuses(t, "A port gets its role as it is enabled")
	cli.Apply(b.Provider(nil), port(soft)).Succeeds(t)
	if role() != "SOFT_PORT" {
		t.Errorf("the role is %v", role())
	}
	cli.Plan(b.Provider(nil), port(soft)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(b.Provider(nil), port(acctest.Attrs{"enabled": false})).Succeeds(t)
	cli.Apply(b.Provider(nil)).Succeeds(t)
	if o := b.Must("GET", "components/nodes/2/fc_ports/1", nil); o["role"] != "HARD_PORT" || o["enabled"] != true {
		t.Errorf("the port is given back as %v, enabled %v", o["role"], o["enabled"])
	}
}

// fcSwitches are for the faults: there are two switches, and no more.
func fcSwitches(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	one := acctest.Attrs{"id": 1, "name": "left"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_fc_switch", Path: "fc/switches", Permanent: true, Least: one, Most: one,
		Changes: map[string]acctest.Change{"name": {Through: []any{"left", "right"}}},
	}
}

// A switch is named, found by its name, imported, healed and given its name back.
func TestAccFCSwitch(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	named := func(name any) string { return resource("fc_switch", "s", acctest.Attrs{"id": 1, "name": name}) }
	name := func() any { return b.Must("GET", "fc/switches/1", nil)["name"] }
	const address = "storage_infinibox_fc_switch.s"
	cli := acctest.NewCLI(t)
	cli.Plan(b.Provider(nil), named("")).Refuses(t, "1 to 65 characters")
	cli.Apply(b.Provider(nil), resource("fc_switch", "s", acctest.Attrs{"id": 9})).Refuses(t, "(FC_SWITCH_NOT_FOUND)")
	cli.Apply(b.Provider(nil), named("switch-2")).Refuses(t, "(FC_SWITCH_NAME_CONFLICT)")
	cli.Apply(b.Provider(nil), named("left")).Succeeds(t)
	cli.Plan(b.Provider(nil), named("left")).Succeeds(t).Plans(t, map[string]string{})
	b.Must("PUT", "fc/switches/1", map[string]any{"name": "theirs"})
	cli.Apply(b.Provider(nil), named("left")).Succeeds(t).Plans(t, map[string]string{address: "update"})
	for _, id := range []string{"1", "name=left"} {
		importing := acctest.NewCLI(t)
		importing.Write(b.Provider(nil), named("left"))
		if err := importing.Import(address, id); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		importing.Plan(b.Provider(nil), named("left")).Succeeds(t).Plans(t, map[string]string{})
	}
	cli.Apply(b.Provider(nil)).Succeeds(t)
	if name() != "switch-1" {
		t.Errorf("the switch is called %v, and was called switch-1", name())
	}
}
