package entity_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What the schemas of every entity keep to.
func TestSchemaConventions(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	blocks := map[string]*tfprotov6.SchemaBlock{}
	for name, s := range tf.schemas.ResourceSchemas {
		blocks["resource "+name] = s.Block
		if s.Version != 0 {
			t.Errorf("%s has version %d: changes of the schema must not need an upgrade", name, s.Version)
		}
	}
	for name, s := range tf.schemas.DataSourceSchemas {
		blocks["data "+name] = s.Block
	}
	for name, block := range blocks {
		for _, b := range block.BlockTypes {
			t.Errorf("%s has the block %s, which costs every plan", name, b.TypeName)
		}
		for _, a := range block.Attributes {
			if a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet {
				t.Errorf("%s has the nested set %s, which costs the framework seconds", name, a.Name)
			}
			if a.WriteOnly != strings.HasSuffix(a.Name, "_wo") || a.WriteOnly && (a.Computed || !a.Sensitive) {
				t.Errorf("%s: %s is not what a secret is", name, a.Name)
			}
			if !a.Required && !a.Optional && !a.Computed {
				t.Errorf("%s: nobody can set %s", name, a.Name)
			}
		}
	}
}

// Order that the system does not keep is a set; what it keeps is a list.
func TestCollectionsAreOfTheRightKind(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	w := tf.resource("widget")
	for _, name := range []string{"ports", "peers"} {
		if !w.attribute(name).Type.Is(tftypes.Set{}) {
			t.Errorf("%s is %s", name, w.attribute(name).Type)
		}
	}
}

// How each use of a fact shows in the schema.
func TestUsesOfFacts(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	w := tf.resource("widget")
	for name, want := range map[string]string{
		"id": "computed", "name": "required", "size": "required", "mode": "optional computed", "weight": "optional",
		"serial": "computed", "ports": "optional computed", "key_wo": "optional", "key_wo_version": "optional",
		"approved": "optional", "metadata": "optional computed", "metadata_all": "computed",
	} {
		a := w.attribute(name)
		var uses []string
		for use, has := range map[string]bool{"required": a.Required, "optional": a.Optional, "computed": a.Computed} {
			if has {
				uses = append(uses, use)
			}
		}
		slices.Sort(uses)
		slices.Reverse(uses)
		if got := strings.Join(uses, " "); got != want {
			t.Errorf("%s is %s, wanted %s", name, got, want)
		}
	}
	doc := w.attribute("color").Description
	if !strings.Contains(doc, "Changing it replaces the widget.") {
		t.Errorf("the doc of color is %q", doc)
	}
}

// A state that an earlier or a later version of the provider has written is
// taken as it is.
func TestStateOfAnotherVersionIsTaken(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	p := tf.resource("plate")
	resp, err := tf.start().UpgradeResourceState(tf.ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: p.name, RawState: &tfprotov6.RawState{JSON: []byte(`{"id":1001,"name":"p","from_the_future":true}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	diagnostics(resp.Diagnostics).none(t)
	state := decode(t, offWire(t, p.schema.ValueType(), resp.UpgradedState)).(values)
	if state["id"] != 1001 || state["name"] != "p" || state["mode"] != nil {
		t.Errorf("the state became %v", state)
	}
}

// Timeouts were a block once, which a state holds as it does the attribute: null, or
// an object. Neither needs an upgrade.
func TestStateWithTimeoutsOfABlockIsTaken(t *testing.T) {
	for stored, want := range map[string]values{
		`null`: nil,
		`{"create":"1h","delete":null,"read":null,"update":null}`: {"create": "1h", "delete": nil, "read": nil, "update": nil},
	} {
		tf := newTerraform(t, newDepot(), nil)
		server, p := tf.start(), tf.resource("plate")
		req := &tfprotov6.UpgradeResourceStateRequest{
			TypeName: p.name, RawState: &tfprotov6.RawState{JSON: []byte(`{"id":1001,"level":null,"mode":null,"name":"p","timeouts":` + stored + `}`)},
		}
		for _, s := range []interface {
			UpgradeResourceState(context.Context, *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error)
		}{server, server.framework} {
			resp, err := s.UpgradeResourceState(tf.ctx, req)
			if err != nil {
				t.Fatal(err)
			}
			diagnostics(resp.Diagnostics).none(t)
			got, _ := decode(t, offWire(t, p.schema.ValueType(), resp.UpgradedState)).(values)["timeouts"].(values)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s became %v", stored, got)
			}
		}
	}
}

// A page says of what there is to approve when, and why.
func TestPageSaysWhatNeedsApproval(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	widget := tf.resource("widget").schema
	for _, want := range []string{
		"**Delete or replace it.** " + lossOfWidget, "**Set `shared` to `false`.** " + lossOfAccess, "**Take members out of `ports`.** " + lossOfPort,
	} {
		if !strings.Contains(widget.Block.Description, want) {
			t.Errorf("%q is not in:\n%s", want, widget.Block.Description)
		}
	}
	for _, a := range widget.Block.Attributes {
		if a.Name == "shared" && !strings.Contains(a.Description, "It needs approval to set it to `false`.") {
			t.Errorf("shared: %s", a.Description)
		}
	}
	if harmless := tf.resource("plate").schema.Block.Description; strings.Contains(harmless, "approve") {
		t.Errorf("nothing of a plate is dangerous:\n%s", harmless)
	}
}

func TestEveryKindIsServedInEachForm(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	for _, k := range tf.system.Kinds {
		one, many := "storage_depot_"+k.Name, "storage_depot_"+k.Plural
		for what, has := range map[string][2]bool{
			"resource":           {tf.schemas.ResourceSchemas[one] != nil, k.IsManaged()},
			"data source":        {tf.schemas.DataSourceSchemas[one] != nil, k.IsFound()},
			"plural data source": {tf.schemas.DataSourceSchemas[many] != nil, k.IsListed()},
			"list resource":      {tf.schemas.ListResourceSchemas[one] != nil, k.IsQueried()},
		} {
			if has[0] != has[1] {
				t.Errorf("%s has a %s: %v", one, what, has[0])
			}
		}
	}
	if got := slices.Sorted(maps.Keys(tf.schemas.Functions)); !slices.Equal(got, []string{"bytes", "capacity", "capacity_round_up"}) {
		t.Errorf("functions are %v", got)
	}
}

// What only the system sets is refused, whoever answers for the configuration: a
// plate's is one that the shortcut answers for, where it is sound.
func TestReadOnlyAttributesCannotBeSet(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	for kind, config := range map[string]values{
		"plate": {"name": "p", "mode": "A", "id": 7}, "widget": most.with(values{"metadata_all": values{"k": "v"}}),
	} {
		tf.resource(kind).plan(config).refuse(t, "Invalid Configuration for Read-Only Attribute")
	}
	tf.resource("plate").plan(values{"name": "p", "mode": "A", "id": notYet{}}).refuse(t, "Invalid Configuration for Read-Only Attribute", `"id"`)
	if made := d.since(); len(made) > 0 {
		t.Errorf("the depot was asked %v", made)
	}
}
