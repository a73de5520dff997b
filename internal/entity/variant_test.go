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

// lampKind is of several variants, of which each has facts of its own; and one of these
// tells variants of the variant apart, between which a lamp changes in place.
func lampKind() *entity.Kind {
	return &entity.Kind{
		System: "depot",
		Name:   "lamp",
		Plural: "lamps",
		Path:   "lamps",
		Doc:    "A lamp.",
		Facts: entity.Facts{
			entity.ID(), entity.Name(20),
			entity.Enum("type", "BULB", "TUBE", "STRIP").Required(),
			entity.Integer("watts").Required().Mutable().Of("type", "BULB").Doc("What it takes."),
			entity.Integer("length").Optional().Mutable().Of("type", "TUBE", "STRIP").Doc("How long it is."),
			entity.Integers("segments").Required().Mutable().Of("type", "STRIP").Doc("Its segments."),
			entity.Enum("style", "FLAT", "ROUND").Defaulted().Mutable().Of("type", "TUBE").Doc("Its style."),
			entity.Integer("radius").Required().Mutable().Of("style", "ROUND").Doc("Its radius."),
			entity.Text("finish").Defaulted().Mutable().Of("style", "ROUND").Doc("Its finish."),
			entity.Text("socket").Lasting().Of("type", "BULB").Doc("Its socket."),
			entity.Secret("pin", "has_pin").Of("type", "BULB").OrOf("style", "ROUND").Doc("Who may switch it."),
			entity.Text("shade").Optional().Mutable().Of("type", "BULB").OrOf("style", "ROUND").Doc("Its shade."),
		},
	}
}

// lamp is what the depot does with lamps: it takes and tells of each what its variant has.
func (d *depot) lamp(method string, path []string, body api.Object) (any, error) {
	o := api.Object{}
	switch {
	case method == http.MethodPost:
		d.lastID++
		o["id"] = number(d.lastID)
		d.rows["lamps"][fmt.Sprint(d.lastID)] = o
	case d.rows["lamps"][path[1]] == nil:
		return nil, d.refuse(404, "NOT_FOUND", "no lamp")
	case method == http.MethodDelete:
		delete(d.rows["lamps"], path[1])
		return nil, nil
	default:
		o = d.rows["lamps"][path[1]]
	}
	if pin := body["pin"]; pin != nil {
		d.secrets[fmt.Sprint(o["id"])] = pin.(string)
		delete(body, "pin")
	}
	maps.Copy(o, body)
	has := map[any][]string{"BULB": {"watts", "socket", "shade"}, "TUBE": {"length", "style"}, "STRIP": {"length", "segments"}}[o["type"]]
	for field, value := range map[string]any{"style": "FLAT", "socket": "E27", "length": nil, "shade": nil} {
		if _, set := o[field]; !set && slices.Contains(has, field) {
			o[field] = value
		}
	}
	if o["style"] == "ROUND" {
		has = append(has, "radius", "finish", "shade")
		if _, set := o["shade"]; !set {
			o["shade"] = nil
		}
		if o["finish"] == nil {
			o["finish"] = "matt"
		}
	} else {
		delete(o, "radius")
		delete(o, "finish")
		if o["type"] != "BULB" {
			delete(o, "shade")
		}
	}
	for field := range body {
		if !slices.Contains(append(has, "name", "type"), field) {
			return nil, d.refuse(400, "UNSUPPORTED_FIELD", "no such field: "+field)
		}
	}
	return o, nil
}

// What each variant has is sent, told and kept; what it does not have is null, is not
// asked for after a change, and costs nothing.
func TestVariants(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	for kind, c := range map[string]struct {
		config  values
		created string
		null    []string
	}{
		"bulb":  {values{"type": "BULB", "watts": 5, "pin_wo": secret, "pin_wo_version": 1}, `{"name":"l","pin":"open sesame","type":"BULB","watts":5}`, []string{"length", "segments", "style", "radius", "finish"}},
		"tube":  {values{"type": "TUBE", "length": 3}, `{"length":3,"name":"l","type":"TUBE"}`, []string{"watts", "segments", "radius", "finish", "socket"}},
		"round": {values{"type": "TUBE", "style": "ROUND", "radius": 2}, `{"name":"l","radius":2,"style":"ROUND","type":"TUBE"}`, []string{"watts", "segments", "length", "socket"}},
		"strip": {values{"type": "STRIP", "segments": []any{1, 2}}, `{"name":"l","segments":[1,2],"type":"STRIP"}`, []string{"watts", "length", "style", "radius", "finish", "socket"}},
	} {
		t.Run(kind, func(t *testing.T) {
			l := tf.resource("lamp")
			config := c.config.with(values{"name": "l"})
			d.since()
			l.run(config).succeed(t)
			d.asked(t, "LIST lamps name eq l", "POST lamps "+c.created)
			l.quiet(config)
			for _, name := range c.null {
				if l.get(name) != nil {
					t.Errorf("%s is %v", name, l.get(name))
				}
			}
			id := fmt.Sprint(l.get("id"))
			d.since()
			l.run(config.with(values{"name": "m"})).succeed(t)
			d.asked(t, "GET lamps/"+id, "PUT lamps/"+id+` {"name":"m"}`)
			again := tf.resource("lamp")
			again.importAs(id).none(t)
			plain := config.with(values{"name": "m", "pin_wo": nil, "pin_wo_version": nil})
			again.quiet(plain)
			if found := tf.read("storage_depot_lamp", values{"id": l.get("id")}).must(t); found["type"] != config["type"] {
				t.Errorf("found %v", found)
			}
			l.run(nil).none(t)
		})
	}
}

func TestWhatAVariantDoesNotHave(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	for words, config := range map[string]values{
		`watts is not for this lamp. watts is only for a lamp where type is "BULB", and here it is "TUBE". Leave watts out.`: {"type": "TUBE", "watts": 5},
		`A lamp needs watts where type is "BULB".`:                                                                                            {"type": "BULB"},
		`length is only for a lamp where type is "TUBE" or "STRIP"`:                                                                           {"type": "BULB", "watts": 5, "length": 1},
		`style is only for a lamp where type is "TUBE", and here it is`:                                                                       {"type": "STRIP", "segments": []any{1}, "style": "FLAT"},
		`radius is only for a lamp where style is "ROUND", and here it is "`:                                                                  {"type": "TUBE", "style": "FLAT", "radius": 1},
		`radius is only for a lamp where style is "ROUND", and here it is n`:                                                                  {"type": "BULB", "watts": 5, "radius": 1},
		`A lamp needs radius where style is "ROUND".`:                                                                                         {"type": "TUBE", "style": "ROUND"},
		`pin_wo is only for a lamp where type is "BULB", or style is "ROUND", and here type is "TUBE" and style is "FLAT". Leave pin_wo out.`: {"type": "TUBE", "style": "FLAT", "pin_wo": secret, "pin_wo_version": 1},
		`shade is only for a lamp where type is "BULB", or style is "ROUND", and here type is "STRIP" and style is not set.`:                  {"type": "STRIP", "segments": []any{1}, "shade": "red"},
		`A lamp needs segments where type is "STRIP".`:                                                                                        {"type": "STRIP"},
	} {
		diags := tf.resource("lamp").plan(config.with(values{"name": "l"})).diagnostics
		diags.refuse(t)
		if text := strings.ReplaceAll(diags.text(), "\n", ". "); !strings.Contains(text, words) {
			t.Errorf("missing %q in: %s", words, text)
		}
	}
}

// A lamp changes its style in place: what the old one had goes by itself, and what the
// new one has comes along.
func TestVariantThatChanges(t *testing.T) {
	d := newDepot()
	l := newTerraform(t, d, nil).resource("lamp")
	tube := values{"name": "l", "type": "TUBE"}
	round := tube.with(values{"style": "ROUND", "radius": 2})
	l.mustRun(tube)
	for range 2 {
		d.since()
		l.mustRun(round)
		d.asked(t, "GET lamps/1001", `PUT lamps/1001 {"radius":2,"style":"ROUND"}`, "GET lamps/1001")
		if l.get("finish") != "matt" {
			t.Errorf("finish is %v", l.get("finish"))
		}
		l.mustRun(tube.with(values{"style": "FLAT"}))
		if l.get("finish") != nil || l.get("radius") != nil {
			t.Errorf("finish is %v, radius %v", l.get("finish"), l.get("radius"))
		}
	}
	// The style that others have chosen has no radius, and the configuration leaves it open.
	l.run(tube.with(values{"radius": 2})).refuse(t, "radius is not for this lamp")
	d.only(t, "lamps")["style"] = "ROUND"
	d.only(t, "lamps")["radius"], d.only(t, "lamps")["finish"] = number(7), "gloss"
	if c := l.plan(round); c.failed() || c.action != "update" {
		t.Errorf("a drift is planned as %s: %s", c.action, c.text())
	}
	l.mustRun(round)
	l.run(values{"name": "l", "type": "BULB", "watts": 3}).succeed(t)
	if l.get("id") != 1002 || l.get("socket") != "E27" || l.get("finish") != nil {
		t.Errorf("id %v, socket %v, finish %v", l.get("id"), l.get("socket"), l.get("finish"))
	}
}

// What is of objects for one reason or another comes and goes with both, and a secret that
// an object gets again is sent again, also after a drift.
func TestVariantForEitherReason(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	bulb := values{"name": "b", "type": "BULB", "watts": 5, "shade": "red", "pin_wo": secret, "pin_wo_version": 1}
	b := tf.resource("lamp")
	b.mustRun(bulb)
	b.quiet(bulb)

	flat := values{"name": "l", "type": "TUBE", "style": "FLAT"}
	round := values{"name": "l", "type": "TUBE", "style": "ROUND", "radius": 2, "shade": "blue", "pin_wo": secret, "pin_wo_version": 1}
	l := tf.resource("lamp")
	l.mustRun(flat)
	d.since()
	l.mustRun(round)
	sent := `PUT lamps/1002 {"pin":"` + secret + `","radius":2,"shade":"blue","style":"ROUND"}`
	if made := changed(d.since()); len(made) != 1 || made[0] != sent {
		t.Errorf("sent %v", made)
	}
	l.quiet(round)
	d.rows["lamps"]["1002"] = api.Object{"id": number(1002), "name": "l", "type": "TUBE", "style": "FLAT", "length": nil}
	d.since()
	l.mustRun(round)
	if made := changed(d.since()); len(made) != 1 || made[0] != sent {
		t.Errorf("after a drift it sent %v", made)
	}
	l.mustRun(flat)
	if l.get("shade") != nil || l.get("pin_wo_version") != nil {
		t.Errorf("shade is %v, the version %v", l.get("shade"), l.get("pin_wo_version"))
	}
}

// What is known only after apply is refused then, and not before.
func TestVariantThatIsNotKnownYet(t *testing.T) {
	d := newDepot()
	l := newTerraform(t, d, nil).resource("lamp")
	open := values{"name": "l", "type": notYet{}, "watts": 5}
	c := l.plan(open)
	c.succeed(t)
	if got := c.value(t, "style"); got != (notYet{}) {
		t.Errorf("style is planned to be %v", got)
	}
	l.apply(c, open.with(values{"type": "BULB"})).succeed(t)
	l.quiet(open.with(values{"type": "BULB"}))
	other := newTerraform(t, d, nil).resource("lamp")
	c = other.plan(open.with(values{"name": "o"}))
	c.succeed(t)
	other.apply(c, open.with(values{"name": "o", "type": "TUBE"})).refuse(t, "watts is not for this lamp")
}

// The docs say which objects have an attribute.
func TestDocsOfVariants(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	l := tf.resource("lamp")
	for name, want := range map[string]string{
		"watts":  "What it takes. Required where `type` is `BULB`, and only there.",
		"length": "How long it is. Only where `type` is `TUBE` or `STRIP`.",
		"pin_wo": "Who may switch it. Only where `type` is `BULB`, or `style` is `ROUND`. Terraform keeps",
	} {
		if a := l.attribute(name); !strings.HasPrefix(a.Description, want) || a.Required {
			t.Errorf("%s: %s", name, a.Description)
		}
	}
	for _, a := range tf.schemas.DataSourceSchemas["storage_depot_lamp"].Block.Attributes {
		if a.Name == "watts" && a.Description != "What it takes. Null unless `type` is `BULB`." {
			t.Error(a.Description)
		}
	}
}
