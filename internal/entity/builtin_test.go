package entity_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// radioKind is made, but for the one of band AM, which the depot has by itself.
func radioKind() *entity.Kind {
	return &entity.Kind{
		System:   "depot",
		Name:     "radio",
		Plural:   "radios",
		Path:     "radios",
		Doc:      "A radio.",
		BuiltIn:  entity.BuiltIn{By: "band", Values: []string{"AM"}},
		Reading:  entity.Reading{Find: findRadio},
		Deletion: entity.Deletion{Danger: "It is silent."},
		Update: entity.Update{Several: func(before entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: api.Path("radios", before.Int("id"), "tune")}
		}},
		Facts: entity.Facts{
			entity.ID(), entity.Name(20),
			entity.Enum("band", "AM", "FM").Required(),
			entity.Integer("volume").Defaulted().Mutable(),
			entity.Integer("tone").Defaulted().Mutable().Danger("It hurts.", entity.Becomes(9)),
			entity.Text("station").Optional().Mutable(),
			entity.Secret("pin", ""),
		},
	}
}

func findRadio(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("id") {
		return s.Client.Read(ctx, "radios", v.ID("id"), nil)
	}
	filters := api.Where("name", v.Text("name"))
	if v.Text("band") == "AM" {
		filters = api.Where("band", "AM")
	}
	missing := &api.Error{Reason: api.NotFound, Operation: "GET radios", Status: 404, Message: "no such radio"}
	return api.First(s.Client.List(ctx, "radios", api.Query{Filters: filters}), func(api.Object) bool { return true }, missing)
}

// radio is what the depot does with radios: it makes and deletes none of band AM.
func (d *depot) radio(method string, path []string, body api.Object) (any, error) {
	if method == http.MethodPost && len(path) == 1 {
		if body["band"] == "AM" {
			return nil, d.refuse(409, "AM_THERE", "the one of band AM is there")
		}
		d.lastID++
		d.rows["radios"][fmt.Sprint(d.lastID)] = api.Object{"id": number(d.lastID), "volume": 1, "tone": 1, "station": nil}
		path = append(path, fmt.Sprint(d.lastID))
	}
	o, err := d.row("radios", path[1])
	if err != nil {
		return nil, err
	}
	if method == http.MethodDelete {
		delete(d.rows["radios"], path[1])
		return nil, nil
	}
	for id, other := range d.rows["radios"] {
		if id != path[1] && body["name"] != nil && other["name"] == body["name"] {
			return nil, d.refuse(409, "NAME_TAKEN", "the name is in use")
		}
	}
	if pin, ok := body["pin"].(string); ok {
		d.secrets[path[1]] = pin
		delete(body, "pin")
	}
	maps.Copy(o, body)
	return o, nil
}

func newRadios() *depot {
	d := newDepot()
	d.rows["radios"]["7"] = api.Object{"id": number(7), "name": "old", "band": "AM", "volume": 3, "tone": 2, "station": nil}
	return d
}

// What the system has by itself is taken over with all that is configured, also the
// secret, and given back without anybody's approval, while others of its kind are made and
// deleted.
func TestBuiltIn(t *testing.T) {
	d := newRadios()
	tf := newTerraform(t, d, nil)
	am := values{"name": "mine", "band": "AM", "volume": 5, "station": "one", "pin_wo": secret, "pin_wo_version": 1}
	r := tf.resource("radio")
	r.run(am).none(t)
	d.asked(t, "LIST radios band eq AM", `POST radios/7/tune {"name":"mine","pin":"`+secret+`","station":"one","volume":5}`)
	if d.secrets["7"] != secret || r.get("id") != 7 || r.get("tone") != 2 {
		t.Errorf("the pin is %q, the id %v, the tone %v", d.secrets["7"], r.get("id"), r.get("tone"))
	}
	r.quiet(am)
	d.since()
	r.run(am.with(values{"volume": 6})).none(t)
	d.asked(t, "GET radios/7", `PUT radios/7 {"volume":6}`)
	// Two resources cannot be the one that there is.
	two := r.of(am)
	two.Resources[r.name+".other"] = testcore.Resource{Arguments: am.with(values{"name": "other"})}
	diagnostics(r.core().Plan(r.ctx, two, testcore.Options{}).Shown()).refuse(t, "Two resources are the same radio")
	r.run(nil).none(t)
	if o := d.rows["radios"]["7"]; o["name"] != "old" || o["station"] != nil || fmt.Sprint(o["volume"]) != "3" {
		t.Errorf("given back as %v", o)
	}

	fm := values{"name": "f", "band": "FM"}
	r = newTerraform(t, d, nil).resource("radio")
	r.run(fm).none(t)
	r.run(nil).refuse(t, "It is silent.", "not approved")
	r.run(fm.with(values{"approved": true})).none(t)
	r.run(nil).succeed(t)
	if len(d.rows["radios"]) != 1 {
		t.Errorf("left are %v", d.rows["radios"])
	}
}

// A resource that is called otherwise, without a moved block, has what it had: whichever of
// the two comes first, it is not given back after it was taken over.
func TestBuiltInUnderANewAddress(t *testing.T) {
	for seed := range uint64(8) {
		d := newRadios()
		r := newTerraform(t, d, nil).resource("radio")
		am := values{"name": "mine", "band": "AM", "volume": 5}
		r.run(am).none(t)
		core := r.core()
		core.Order = rand.New(rand.NewPCG(seed, 0))
		renamed := r.of(am)
		renamed.Resources = map[string]testcore.Resource{r.name + ".renamed": {Arguments: am}}
		if plan, done := core.Run(r.ctx, renamed, testcore.Options{}); plan.Failed() || done.Failed() {
			t.Fatal(plan, done)
		}
		if o := d.rows["radios"]["7"]; o["name"] != "mine" || fmt.Sprint(o["volume"]) != "5" {
			t.Errorf("seed %d: there is %v", seed, o)
		}
		if plan := core.Plan(r.ctx, renamed, testcore.Options{}); !plan.Empty() {
			t.Errorf("seed %d: %s", seed, plan)
		}
	}
}

// What is made gives way to what is built in, and the other way round; only the deletion
// wants approval, and so does giving back what is dangerous.
func TestBuiltInIsReplaced(t *testing.T) {
	d := newRadios()
	r := newTerraform(t, d, nil).resource("radio")
	am, fm := values{"name": "r", "band": "AM"}, values{"name": "r", "band": "FM"}
	r.run(am).none(t)
	r.run(fm).none(t)
	if r.get("id") == 7 || d.rows["radios"]["7"]["name"] != "old" {
		t.Errorf("the id is %v, and there is %v", r.get("id"), d.rows["radios"]["7"])
	}
	r.run(am).refuse(t, "It is silent.")
	r.run(am.with(values{"approved": true})).succeed(t)
	if r.get("id") != 7 || len(d.rows["radios"]) != 1 {
		t.Errorf("the id is %v of %v", r.get("id"), d.rows["radios"])
	}
	d.rows["radios"]["7"]["tone"] = 9
	r = newTerraform(t, d, nil).resource("radio")
	r.run(am.with(values{"tone": 3})).none(t)
	r.run(nil).refuse(t, "Giving back tone", "It hurts.")
}

// Whoever has the name that it is to get is named, and not itself.
func TestBuiltInMeetsAName(t *testing.T) {
	d := newRadios()
	d.rows["radios"]["8"] = api.Object{"id": number(8), "name": "taken", "band": "FM", "volume": 1, "tone": 1, "station": nil}
	r := newTerraform(t, d, nil).resource("radio")
	r.run(values{"name": "mine", "band": "AM"}).none(t)
	r.run(values{"name": "taken", "band": "AM"}).refuse(t, `In the way is the radio "taken" (id 8)`)
}

// One that is imported stays as it is when it is given back: nobody knows what it was.
func TestBuiltInIsImported(t *testing.T) {
	d := newRadios()
	r := newTerraform(t, d, nil).resource("radio")
	r.importAs("name=old").none(t)
	r.quiet(values{"name": "old", "band": "AM"})
	r.run(nil).none(t)
	if d.rows["radios"]["7"]["name"] != "old" {
		t.Errorf("it is %v", d.rows["radios"]["7"])
	}
}
