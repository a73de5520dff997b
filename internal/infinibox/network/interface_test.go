package network_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func interfaces(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	name := acctest.Name(b)
	bad := acctest.BadValue
	least := acctest.Attrs{"name": name, "type": "PORT_GROUP", "node_id": 1}
	groups, others := newGroups(b, "below", "eth-data5"), newGroups(b, "other", "eth-data6")
	vlan := func(more acctest.Attrs) acctest.Attrs {
		return acctest.Attrs{"type": "VLAN", "node_id": nil}.With(more)
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_network_interface", Plural: "network_interfaces", Path: "network/interfaces",
		Gone: func(o acctest.Object) acctest.Request {
			// What is disabled already stays so.
			_, _ = b.Do("POST", fmt.Sprintf("network/interfaces/%v/disable", o["id"]), nil)
			return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("network/interfaces/%v", o["id"])}
		},
		Least: least,
		Most:  least.With(acctest.Attrs{"ports": []any{"eth-data3"}, "rate_limit": 10000, "enabled": true}),
		Changes: map[string]acctest.Change{
			"name":                    {Through: []any{name, b.Name("renamed")}, Drift: acctest.Put("network/interfaces", "name", b.Name("drifted"))},
			"type":                    {Through: []any{"PORT_GROUP", "PORT"}, Beside: acctest.Attrs{"ports": []any{"eth-data4"}}, Replaces: true},
			"node_id":                 {Through: []any{1, 2}, Replaces: true},
			"ports":                   {Through: []any{[]any{"eth-data1"}, []any{"eth-data1", "eth-data2"}, []any{"eth-data2"}}, Drift: acctest.Post("network/interfaces", "ports", map[string]any{"name": "eth-data1"})},
			"rate_limit":              {Through: []any{1000, 2000, nil, 3000}, Drift: acctest.Put("network/interfaces", "rate_limit", 77)},
			"enabled":                 {Through: []any{true, false, true}, Drift: acctest.Post("network/interfaces", "disable", nil)},
			"vlan":                    {Through: []any{7, 8}, Beside: vlan(acctest.Attrs{"underlying_interface_id": groups[0]}), Replaces: true},
			"underlying_interface_id": {Through: []any{groups[1], others[1]}, Beside: vlan(acctest.Attrs{"vlan": 9}), Replaces: true},
		},
		Elsewhere: map[string]func(*testing.T){
			"approved": TestAccInterfaceSpeeds,
		},
		Bad: append(acctest.BadNames(),
			bad("type", "TRUNK", "is not known here"),
			bad("node_id", 0, "at least 1"),
			bad("rate_limit", 0, "between 1 and 1000000"),
			bad("rate_limit", 1000001, "between 1 and 1000000"),
			bad("vlan", 7, "and here it is \"PORT_GROUP\""),
			bad("vlan", 4095, "between 1 and 4094"),
			bad("underlying_interface_id", 99, "only for a network interface where type is \"VLAN\""),
			acctest.Bad{Attribute: "ports", Says: "has exactly one port", Set: acctest.Attrs{"type": "PORT", "ports": []any{"eth-data5", "eth-data6"}}},
			acctest.Bad{Attribute: "ports", Says: "has exactly one port", Set: acctest.Attrs{"type": "PORT"}},
			acctest.Bad{Attribute: "rate_limit", Says: "and here it is \"PORT\"", Set: acctest.Attrs{"type": "PORT", "ports": []any{"eth-data5"}, "rate_limit": 100}},
			acctest.Bad{Attribute: "node_id", Says: "on the node of its group", Set: acctest.Attrs{"type": "VLAN", "vlan": 7, "underlying_interface_id": 1}},
			acctest.Bad{Attribute: "vlan", Says: "needs vlan where type is \"VLAN\"", Set: acctest.Attrs{"type": "VLAN"}},
			acctest.Bad{Attribute: "node_id", Says: "needs node_id", Set: acctest.Attrs{"node_id": nil}},
		),
	}
}

// groupOf writes a port group of a node.
func groupOf(label string, more acctest.Attrs) string {
	return resource("network_interface", label, acctest.Attrs{"name": "data", "type": "PORT_GROUP", "node_id": 1, "ports": []any{"eth-data1"}}.With(more))
}

// A VLAN has a number and a group, and what else it has is its group's. Where either
// changes it is another one; a group is not renamed below it, and is disabled with it only
// by consent.
func TestAccVLAN(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	vlan := func(number any, group string, more acctest.Attrs) string {
		return resource("network_interface", "v", acctest.Attrs{
			"name": "nfs", "type": "VLAN", "vlan": number, "underlying_interface_id": acctest.Expr("storage_infinibox_network_interface." + group + ".id"),
		}.With(more))
	}
	other := groupOf("other", acctest.Attrs{"name": "other", "ports": []any{"eth-data2"}})
	const theVLAN, theGroup = "storage_infinibox_network_interface.v", "storage_infinibox_network_interface.g"
	cli := acctest.NewCLI(t)
	config := []string{b.Provider(nil), groupOf("g", nil), other, vlan(7, "g", nil)}
	cli.Apply(config...).Succeeds(t)
	cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})

	cli.Plan(b.Provider(nil), groupOf("g", acctest.Attrs{"enabled": false}), other, vlan(7, "g", nil)).
		Refuses(t, `Disabling network interface "data" is dangerous and not approved`, `its VLANs "nfs"`)
	cli.Apply(b.Provider(nil), groupOf("g", acctest.Attrs{"name": "renamed"}), other, vlan(7, "g", nil)).
		Refuses(t, "(CANNOT_RENAME_INTERFACE_WITH_VLANS)", `On it are the VLANs "nfs"`)
	cli.Apply(b.Provider(nil), groupOf("g", acctest.Attrs{"enabled": false, "approved": true}), other, vlan(7, "g", nil)).
		Succeeds(t).Plans(t, map[string]string{theGroup: "update"})
	config[1] = groupOf("g", acctest.Attrs{"enabled": true})
	cli.Apply(config...).Succeeds(t).Plans(t, map[string]string{theGroup: "update"})

	for _, changed := range []string{vlan(8, "g", nil), vlan(8, "other", nil)} {
		config[3] = changed
		cli.Apply(config...).Succeeds(t).Plans(t, map[string]string{theVLAN: "replace"})
		cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
	}
	config[3] = vlan(8, "other", acctest.Attrs{"rate_limit": 1000, "name": "smb"})
	cli.Apply(config...).Succeeds(t).Plans(t, map[string]string{theVLAN: "update"})

	for _, id := range []string{"node_id=1,name=smb", fmt.Sprintf("underlying_interface_id=%v,name=smb", b.IDs("network/interfaces?name=other")[0]), fmt.Sprint(b.IDs("network/interfaces?name=smb")[0])} {
		importing := acctest.NewCLI(t)
		imported := resource("network_interface", "v", acctest.Attrs{
			"name": "smb", "type": "VLAN", "vlan": 8, "rate_limit": 1000, "underlying_interface_id": b.IDs("network/interfaces?name=other")[0],
		})
		importing.Write(b.Provider(nil), imported)
		if err := importing.Import(theVLAN, id); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		importing.Plan(b.Provider(nil), imported).Succeeds(t).Plans(t, map[string]string{})
	}
	cli.Apply(b.Provider(nil)).Succeeds(t)
	if left := b.IDs("network/interfaces"); len(left) > 0 {
		t.Errorf("the interfaces %v are left", left)
	}
}

// The name alone does for an import where one node has it, and is refused where several have.
func TestAccInterfaceName(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	newGroups(b, "data", "eth-data1")
	cli := acctest.NewCLI(t)
	cli.Write(b.Provider(nil), groupOf("g", nil))
	const address = "storage_infinibox_network_interface.g"
	if err := cli.Import(address, "name=data"); err == nil || !strings.Contains(strings.Join(strings.Fields(err.Error()), " "), "which differ in node_id and underlying_interface_id") {
		t.Errorf("a name that each node has: %v", err)
	}
	if err := cli.Import(address, "node_id=one,name=data"); err == nil || !strings.Contains(err.Error(), "underlying_interface_id=1001,name=NAME") {
		t.Errorf("a node that is none: %v", err)
	}
	if err := cli.Import(address, "node_id=1,name=data"); err != nil {
		t.Fatal(err)
	}
	cli.Plan(b.Provider(nil), groupOf("g", nil)).Succeeds(t).Plans(t, map[string]string{})
}

// Ports of different speeds are grouped only by consent, which names them.
func TestAccInterfaceSpeeds(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	mixed := acctest.Attrs{"ports": []any{"eth-data1", "eth-data5"}}
	cli := acctest.NewCLI(t)
	cli.Plan(b.Provider(nil), groupOf("g", mixed)).Refuses(t, "Grouping ports of different speeds is dangerous and not approved", "eth-data1 10 Gbit/s; eth-data5 1 Gbit/s")
	cli.Apply(b.Provider(nil), groupOf("g", mixed.With(acctest.Attrs{"approved": true}))).Succeeds(t)
	cli.Apply(b.Provider(nil), groupOf("g", nil)).Succeeds(t)
	cli.Plan(b.Provider(nil), groupOf("g", mixed)).Refuses(t, "Grouping ports of different speeds", "approved = true")
}

// An interface of a single port changes in nothing but whether it is enabled.
func TestAccSinglePort(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	port := func(more acctest.Attrs) string {
		return groupOf("p", acctest.Attrs{"type": "PORT", "name": "p"}.With(more))
	}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), port(acctest.Attrs{"enabled": false})).Succeeds(t)
	cli.Apply(b.Provider(nil), port(nil)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(b.Provider(nil), port(acctest.Attrs{"enabled": true})).Succeeds(t)
	for _, change := range []acctest.Attrs{{"name": "q"}, {"ports": []any{"eth-data2"}}} {
		cli.Plan(b.Provider(nil), port(change)).Refuses(t, "An interface of type PORT does not change", "-replace")
	}
	cli.Apply(b.Provider(nil)).Succeeds(t)
}

// What carries a network space is in use, and the refusal says by which.
func TestAccInterfaceInUse(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	groups := newGroups(b, "data", "eth-data1")
	newSpace(b, "nas", groups)
	cli := acctest.NewCLI(t)
	cli.Write(b.Provider(nil), groupOf("g", nil))
	if err := cli.Import("storage_infinibox_network_interface.g", fmt.Sprint(groups[0])); err != nil {
		t.Fatal(err)
	}
	cli.Plan(b.Provider(nil), groupOf("g", nil)).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(b.Provider(nil), groupOf("g", acctest.Attrs{"enabled": false})).Refuses(t, `the network spaces "nas" on this node`)
	cli.Apply(b.Provider(nil)).Refuses(t, "(INTERFACE_IN_USE)", `It carries the network spaces "nas"`)
	if state := b.Must("GET", fmt.Sprintf("network/interfaces/%v", groups[0]), nil)["state"]; state != "ENABLED" {
		t.Errorf("what could not be deleted is %v", state)
	}
}
