package entity_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// pegKind is in a field of its box, which it does not name, and is known there by its
// color, whatever the case.
func pegKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "peg", Plural: "pegs", Path: "boxes/{box_id}/pegs", Doc: "A peg.",
		Identity: entity.Identity{Key: []string{"box_id", "color"}},
		Reading:  entity.Reading{Held: &entity.Held{Field: "pegs"}},
		Facts: entity.Facts{
			entity.Ref("box_id").Required().InPath(),
			entity.Text("color").Required().Ignoring(strings.ToLower),
			entity.Integer("size").Defaulted().Mutable(),
		},
	}
}

// hookKind is in a list under its box's path.
func hookKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "hook", Plural: "hooks", Path: "boxes/{box_id}/links", Doc: "A hook.",
		Identity: entity.Identity{Key: []string{"box_id", "widget_id"}},
		Reading:  entity.Reading{Held: &entity.Held{}},
		Facts: entity.Facts{
			entity.Ref("box_id").Required().InPath(), entity.Ref("widget_id").Required(), entity.Integer("slot").Defaulted(),
		},
	}
}

// peg is what the depot does with the pegs of a box.
func (d *depot) peg(method string, path []string, body api.Object) (any, error) {
	box, err := d.row("boxes", path[1])
	if err != nil {
		return nil, err
	}
	pegs, _ := box["pegs"].([]any)
	if method == http.MethodPost {
		peg := api.Object{"size": 1}
		maps.Copy(peg, body)
		box["pegs"] = append(pegs, peg)
		return peg, nil
	}
	i := slices.IndexFunc(pegs, func(p any) bool { return p.(api.Object)["color"] == path[3] })
	switch {
	case i < 0:
		return nil, d.refuse(404, "NOT_FOUND", "no such peg")
	case method == http.MethodDelete:
		box["pegs"] = slices.Delete(slices.Clone(pegs), i, i+1)
		return nil, nil
	}
	maps.Copy(pegs[i].(api.Object), body)
	return pegs[i], nil
}

func TestObjectInAFieldOfItsOwner(t *testing.T) {
	for _, batched := range []bool{false, true} {
		t.Run(fmt.Sprintf("batched %t", batched), func(t *testing.T) {
			d := newDepot()
			d.batched = batched
			get := func(id string) string { return map[bool]string{false: "GET boxes/" + id, true: "LIST boxes"}[batched] }
			tf := newTerraform(t, d, nil)
			p := tf.resource("peg")
			config := values{"box_id": 1, "color": "Red"}
			p.run(config).none(t)
			d.asked(t, get("1"), `POST boxes/1/pegs {"color":"red"}`)
			p.quiet(config)
			p.quiet(config.with(values{"color": "RED"}))
			d.since()
			p.run(config.with(values{"size": 3})).none(t)
			d.asked(t, get("1"), `PUT boxes/1/pegs/red {"size":3}`)
			if d.rows["boxes"]["1"]["pegs"].([]any)[0].(api.Object)["box_id"] != nil {
				t.Error("the depot's own object was changed")
			}
			tf.resource("peg").run(config).refuse(t, "There is such a peg already", "In the way is the peg", "box_id=1,color=red")
			again := tf.resource("peg")
			again.importAs("box_id=1,color=Red").none(t)
			again.quiet(config.with(values{"size": 3}))
			tf.resource("peg").importAs("color=red").refuse(t, "box_id is missing")
			tf.resource("peg").importAs("box_id=2,color=red").refuse(t, "non-existent")
			other := tf.resource("peg")
			other.mustRun(values{"box_id": 2, "color": "red"})
			other.mustRun(values{"box_id": 2, "color": "blue"})
			d.since()
			found := tf.read("storage_depot_pegs", values{"box_id": 2}).must(t)["pegs"].([]any)
			if len(found) != 1 || found[0].(values)["color"] != "blue" || found[0].(values)["box_id"] != 2 {
				t.Errorf("found %v", found)
			}
			d.asked(t, "GET boxes/2")
			if one := tf.read("storage_depot_peg", values{"box_id": 1, "color": "RED"}).must(t); one["size"] != 3 {
				t.Errorf("found %v", one)
			}
			tf.read("storage_depot_peg", values{"box_id": 1, "color": "green"}).refuse(t, "Could not find peg")
			// Others have taken it out, and then the whole box.
			d.rows["boxes"]["1"]["pegs"] = []any{}
			if c := p.plan(config); c.action != "create" {
				t.Errorf("what is gone is planned as %s: %s", c.action, c.text())
			}
			p.mustRun(config)
			d.since()
			p.run(nil).none(t)
			d.asked(t, get("1"), "DELETE boxes/1/pegs/red")
			p.mustRun(config)
			delete(d.rows["boxes"], "1")
			if p.refresh().none(t); p.state != nil {
				t.Errorf("the state is %v", p.state)
			}
		})
	}
}

// A lost answer is looked for in the owner's list.
func TestHeldObjectWhoseAnswerIsLost(t *testing.T) {
	d := newDepot()
	p := newTerraform(t, d, nil).resource("peg")
	d.before = func(_ int, request string) *fault {
		if strings.HasPrefix(request, "POST") {
			return &fault{reason: api.Ambiguous, carried: true, message: "lost"}
		}
		return nil
	}
	p.run(values{"box_id": 1, "color": "red"}).none(t)
	d.asked(t, "GET boxes/1", `POST boxes/1/pegs {"color":"red"}`, "GET boxes/1")
}

func TestObjectInAListOfItsOwner(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	h := tf.resource("hook")
	config := values{"box_id": 1, "widget_id": 7}
	h.mustRun(config)
	d.since()
	h.quiet(config)
	d.asked(t, "LIST boxes/1/links")
	again := tf.resource("hook")
	again.importAs("box_id=1,widget_id=7").none(t)
	again.quiet(config)
	if found := tf.read("storage_depot_hooks", values{"box_id": 1}).must(t)["hooks"].([]any); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	d.since()
	h.run(nil).none(t)
	d.asked(t, "LIST boxes/1/links", "DELETE boxes/1/links/7")
}
