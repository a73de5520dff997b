package entity_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// cabinetKind has keys that the depot hands out and takes back one by one, and tells in an
// order of its own; a new cabinet has one for all.
func cabinetKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "cabinet", Plural: "cabinets", Path: "cabinets", Doc: "A cabinet.",
		Facts: entity.Facts{
			entity.ID(), entity.Name(20),
			entity.Records("keys", entity.Facts{entity.Text("holder").Required(), entity.Integer("level").Required()}).
				InAnyOrder().Defaulted().AfterCreation().ChangedUntil(keysLeft),
		},
	}
}

// keysLeft are the operations between the keys that there are and those that are wanted.
func keysLeft(cabinet api.Object, after entity.Values) []api.Request {
	wanted, _ := after.Records("keys")
	had, _ := cabinet["keys"].([]any)
	id := cabinet["id"]
	var requests []api.Request
	for _, v := range wanted {
		key := api.Object{"holder": v.Text("holder"), "level": number(v.Int("level"))}
		if !slices.ContainsFunc(had, func(o any) bool {
			return o.(api.Object)["holder"] == key["holder"] && o.(api.Object)["level"] == key["level"]
		}) {
			requests = append(requests, api.Request{Method: http.MethodPost, Path: api.Path("cabinets", id, "keys"), Body: key})
		}
	}
	for _, o := range had {
		holder := o.(api.Object)["holder"]
		if !slices.ContainsFunc(wanted, func(v entity.Values) bool { return v.Text("holder") == holder }) {
			requests = append(requests, api.Request{Method: http.MethodDelete, Path: api.Path("cabinets", id, "keys", holder)})
		}
	}
	return requests
}

// keys are the keys of a cabinet: cabinets/1001/keys/HOLDER.
func (d *depot) keys(method string, path []string, body api.Object) (any, error) {
	o, err := d.row("cabinets", path[1])
	if err != nil {
		return nil, err
	}
	keys := o["keys"].([]any)
	holder := body["holder"]
	if method == http.MethodDelete {
		holder = path[3]
	}
	rest := slices.DeleteFunc(slices.Clone(keys), func(key any) bool { return key.(api.Object)["holder"] == holder })
	if method == http.MethodDelete && len(rest) == len(keys) {
		return nil, d.refuse(404, "NOT_FOUND", "nobody of that name has a key")
	}
	if method == http.MethodPost && slices.ContainsFunc(keys, func(key any) bool { return reflect.DeepEqual(key, body) }) {
		return nil, d.refuse(409, "HAS_IT", "the holder has that key")
	}
	if method == http.MethodPost {
		rest = append([]any{body}, rest...)
	}
	o["keys"] = rest
	return body, nil
}

func key(holder string, level int) values { return values{"holder": holder, "level": level} }

// A change takes the operations that are left, and their order in the configuration means
// nothing.
func TestChangedUntil(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	c := tf.resource("cabinet")
	with := func(keys ...any) values { return values{"name": "c", "keys": keys} }
	c.mustRun(with(key("ann", 1), key("bob", 2)))
	d.asked(t, "LIST cabinets name eq c", `POST cabinets {"name":"c"}`, "GET cabinets/1001",
		`POST cabinets/1001/keys {"holder":"ann","level":1}`, `POST cabinets/1001/keys {"holder":"bob","level":2}`, "DELETE cabinets/1001/keys/all", "GET cabinets/1001")
	c.quiet(with(key("ann", 1), key("bob", 2)))
	c.quiet(with(key("bob", 2), key("ann", 1)))
	if planned := c.plan(with(key("bob", 2))); planned.action != "update" {
		t.Errorf("one key less is planned to %s", planned.action)
	}
	if planned := c.plan(with(key("bob", 2), key("bob", 2))); planned.action != "update" {
		t.Errorf("the same key twice is planned to %s", planned.action)
	}
	d.since()
	c.mustRun(with(key("bob", 3), key("cem", 4)))
	if made := changed(d.since()); len(made) != 3 {
		t.Errorf("asked %v", made)
	}
	// What others add goes, and what they take away comes back.
	d.only(t, "cabinets")["keys"] = []any{api.Object{"holder": "eve", "level": number(9)}, api.Object{"holder": "cem", "level": number(4)}}
	c.mustRun(with(key("bob", 3), key("cem", 4)))
	c.quiet(with(key("cem", 4), key("bob", 3)))

	again := tf.resource("cabinet")
	again.importAs("1001").none(t)
	again.quiet(values{"name": "c"})
	c.mustRun(with([]any{}...))
	if keys := d.only(t, "cabinets")["keys"].([]any); len(keys) != 0 {
		t.Errorf("the keys are %v", keys)
	}
}

// What became of an operation whose answer is lost is looked for, and what is refused is an
// error.
func TestChangedUntilAfterFaults(t *testing.T) {
	for number := 2; number <= 4; number++ { // the first is the look
		for _, carried := range []bool{true, false} {
			d := newDepot()
			c := newTerraform(t, d, nil).resource("cabinet")
			c.mustRun(values{"name": "c"})
			with := values{"name": "c", "keys": []any{key("ann", 1), key("bob", 2)}}
			planned := c.plan(with)
			d.failing(number, fault{reason: api.Ambiguous, carried: carried, message: "the answer is lost"})
			c.apply(planned, with).succeed(t)
			c.quiet(with)
		}
	}
	d := newDepot()
	c := newTerraform(t, d, nil).resource("cabinet")
	c.mustRun(values{"name": "c"})
	d.failingOn("POST cabinets/1001/keys", failures["refused"])
	c.run(values{"name": "c", "keys": []any{key("ann", 1)}}).refuse(t, "Could not update cabinet")
	d.healthy()
	c.mustRun(values{"name": "c", "keys": []any{key("ann", 1)}})
}

// An operation that is carried out after the look that followed on its lost answer is in the
// way of its repetition, and is what was wanted.
func TestChangedUntilCarriedOutLate(t *testing.T) {
	d := newDepot()
	c := newTerraform(t, d, nil).resource("cabinet")
	c.mustRun(values{"name": "c"})
	with := values{"name": "c", "keys": []any{key("ann", 1)}}
	planned := c.plan(with)
	posts := 0
	d.before = func(_ int, request string) *fault {
		if !strings.HasPrefix(request, "POST cabinets/1001/keys") {
			return nil
		}
		if posts++; posts == 1 {
			return &fault{reason: api.Ambiguous, message: "the answer is lost"}
		}
		if _, err := d.keys(http.MethodPost, []string{"cabinets", "1001", "keys"}, api.Object{"holder": "ann", "level": number(1)}); posts == 2 && err != nil {
			t.Error(err)
		}
		return nil
	}
	c.apply(planned, with).succeed(t)
	if posts != 2 {
		t.Errorf("%d keys were asked for, want 2", posts)
	}
	d.healthy()
	c.quiet(with)
}
