package entity_test

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// badgeKind has none of what most kinds have: it is named by its tag, the id is a text
// under another field, nothing tells when it was made, what tells its kind cannot be
// asked for, and it is listed elsewhere.
func badgeKind() *entity.Kind {
	return &entity.Kind{
		System: "depot",
		Name:   "badge",
		Plural: "badges",
		Path:   "badges",
		Doc:    "A badge.",
		Identity: entity.Identity{
			NamedBy: "tag",
			Taken:   []string{"TAG_TAKEN"},
			Match:   []api.Filter{{Field: "class", Operator: api.Equal, Values: []string{"VISITOR"}, Unsent: true}},
		},
		Listing: entity.Listing{Path: "badges/all"},
		Facts: entity.Facts{
			entity.Text("id").Field("uid").Lasting(),
			entity.Text("tag").Required().Mutable(),
			entity.Text("holder").Optional().Mutable().Field("of.name"),
			entity.Text("note").Field("a.dotted.name").Defaulted().Mutable(),
		},
	}
}

// visaKind shares the badges' collection, is one of several classes, and has a name that
// others have too in other halls.
func visaKind() *entity.Kind {
	return &entity.Kind{
		System: "depot",
		Name:   "visa",
		Plural: "visas",
		Path:   "badges",
		Doc:    "A visa.",
		Identity: entity.Identity{
			NamedBy: "tag",
			NamedIn: []string{"hall"},
			Taken:   []string{"TAG_TAKEN"},
			Match:   []api.Filter{{Field: "class", Operator: api.In, Values: []string{"GUARD", "STAFF"}, Unsent: true}},
		},
		Listing: entity.Listing{Path: "badges/all"},
		Facts: entity.Facts{
			entity.Text("id").Field("uid").Lasting(),
			entity.Enum("class", "GUARD", "STAFF").Required(),
			entity.Text("tag").Required().Mutable(),
			entity.Integer("hall").Optional().AbsentIsNull(),
		},
	}
}

// tokenKind has nothing by which it could be found before its id is known.
func tokenKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "token", Path: "tokens", Doc: "A token.",
		Facts: entity.Facts{entity.ID(), entity.Integer("level").Required()},
	}
}

// lockerKind has a name that the depot chooses where the user does not.
func lockerKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "locker", Plural: "lockers", Path: "lockers", Doc: "A locker.",
		Facts: entity.Facts{entity.ID(), entity.Text("name").Defaulted(), entity.Integer("level").Required(), entity.Moment("created_at").Lasting()},
	}
}

// leaseKind is one or none, made and deleted at its path.
func leaseKind() *entity.Kind {
	return &entity.Kind{
		System:   "depot",
		Name:     "lease",
		Path:     "lease",
		Doc:      "The lease.",
		Presence: entity.Sole,
		Deletion: entity.Deletion{Danger: "The depot is anybody's."},
		Facts:    entity.Facts{entity.FixedID("lease"), entity.Text("tenant").Required().Mutable()},
	}
}

// odd serves the kinds of this file.
func (d *depot) odd(method string, path []string, body api.Object) (any, error) {
	switch path[0] {
	case "lease":
		return d.leased(method, body)
	case "tokens", "lockers":
		d.lastID++
		o := api.Object{"id": number(d.lastID), "name": fmt.Sprint("of ", d.lastID), "level": number(3), "created_at": d.now.UnixMilli()}
		maps.Copy(o, body)
		d.rows[path[0]][fmt.Sprint(d.lastID)] = o
		return o, nil
	}
	for uid, other := range d.rows["badges"] {
		if body["tag"] != nil && other["tag"] == body["tag"] && fmt.Sprint(other["hall"]) == fmt.Sprint(body["hall"]) && (method == http.MethodPost || uid != path[1]) {
			return nil, d.refuse(400, "TAG_TAKEN", "taken") // nothing but the code says that it may pass
		}
	}
	if method == http.MethodPost {
		d.lastID++
		o := api.Object{"uid": fmt.Sprintf("B-%d", d.lastID), "class": "VISITOR", "of": api.Object{"name": nil}, "a.dotted.name": "here"}
		maps.Copy(o, body)
		d.rows["badges"][o["uid"].(string)] = o
		return o, nil
	}
	o, err := d.row("badges", path[1])
	if err == nil && method == http.MethodDelete {
		delete(d.rows["badges"], path[1])
	}
	maps.Copy(o, body)
	return o, err
}

func (d *depot) leased(method string, body api.Object) (any, error) {
	switch {
	case method == http.MethodPost && d.lease != nil:
		return nil, &api.Error{Reason: api.AlreadyThere, Operation: "POST lease", Status: 409, Code: "LEASED", Message: "leased"}
	case method == http.MethodPost:
		d.lease = api.Object{"tenant": body["tenant"]}
	case d.lease == nil:
		return nil, d.refuse(404, "NOT_FOUND", "no lease")
	case method == http.MethodPut:
		d.lease["tenant"] = body["tenant"]
	case method == http.MethodDelete:
		d.lease = nil
		return nil, nil
	}
	return []any{d.lease}, nil
}

// A page says by what an object is named and known, and what it does not say is not
// assumed.
func TestObjectOfAnotherIdentity(t *testing.T) {
	d := newDepot()
	b := newTerraform(t, d, nil).resource("badge")
	config := values{"tag": "red", "holder": "me"}
	b.mustRun(config)
	if b.get("id") != "B-1001" || b.get("holder") != "me" {
		t.Errorf("id %v, holder %v", b.get("id"), b.get("holder"))
	}
	b.mustRun(config.with(values{"tag": "blue"}))
	for _, id := range []string{"B-1001", "id=B-1001", "tag=blue"} {
		again := newTerraform(t, d, nil).resource("badge")
		again.importAs(id).none(t)
		again.quiet(values{"tag": "blue", "holder": "me", "note": "here"})
	}
	other := newTerraform(t, d, nil).resource("badge")
	other.run(values{"tag": "blue"}).refuse(t, "Could not create badge", `In the way is the badge "blue" (id B-1001)`, "terraform import storage_depot_badge.NAME 'B-1001'")
	// What is of another class is not seen, though the depot cannot be asked for that.
	d.rows["badges"]["B-1001"]["class"] = "GUARD"
	b.refresh().none(t)
	if b.state != nil {
		t.Error("a badge of another class is a badge")
	}
}

// A name that another object gives up in the same run is waited for, where only the page
// says which code tells that it is taken.
func TestNameThatIsGivenUp(t *testing.T) { // alone: who gives up is not waited for long in these tests
	tf := newTerraform(t, newDepot(), nil)
	core := tf.resource("badge").core()
	badges := func(first, second string) testcore.Config {
		return testcore.Config{Resources: map[string]testcore.Resource{
			"storage_depot_badge.first": {Arguments: values{"tag": first}}, "storage_depot_badge.second": {Arguments: values{"tag": second}},
		}}
	}
	for _, config := range []testcore.Config{badges("red", "blue"), badges("blue", "green"), badges("white", "blue")} {
		plan, done := core.Run(t.Context(), config, testcore.Options{})
		if plan.Failed() || done.Failed() {
			t.Fatalf("%s%s", plan, done)
		}
	}
}

// Objects of one name are told apart by what the name is unique in, and by their class.
func TestNamesWithinAnAttribute(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("badge").mustRun(values{"tag": "red"})
	guard := values{"class": "GUARD", "tag": "red", "hall": 1}
	other := guard.with(values{"class": "STAFF", "hall": 2})
	one := tf.resource("visa")
	one.mustRun(guard)
	two := tf.resource("visa")
	d.failing(2, lost) // after the look: what is found then is not the other hall's
	two.run(other).none(t)
	d.healthy()
	two.quiet(other)
	if one.get("id") == two.get("id") {
		t.Errorf("both are %v", one.get("id"))
	}
	tf.resource("visa").run(other).refuse(t, "Could not create visa", fmt.Sprintf(`In the way is the visa "red" (id %v)`, two.get("id")))
	again := newTerraform(t, d, nil).resource("visa")
	again.importAs("tag=red").refuse(t, `There are several visas with the tag "red", which differ in hall`, "hall=1002,tag=NAME where several have the name")
	again.importAs("hall=2").refuse(t, "Tag is missing")
	again.importAs("hall=2,tag=red").none(t)
	if id := again.get("id"); id != two.get("id") {
		t.Errorf("imported %v", id)
	}
	const source = "storage_depot_visa"
	tf.read(source, values{"tag": "red"}).refuse(t, "There are several visas")
	if found := tf.read(source, values{"tag": "red", "hall": 1}).must(t); found["id"] != one.get("id") {
		t.Errorf("found %v", found)
	}
	tf.read(source, values{"id": two.get("id"), "hall": 1}).refuse(t, "has another hall")
	if found := tf.read(source, values{"id": two.get("id"), "hall": 2}).must(t); found["hall"] != 2 {
		t.Errorf("found %v", found)
	}
	d.rows["badges"][two.get("id").(string)]["class"] = "VISITOR"
	two.refresh().none(t)
	if two.state != nil {
		t.Error("a visitor is a visa")
	}
}

// Without a date, what is there is ours where it was not there right before.
func TestUndatedCreationIsRecognised(t *testing.T) {
	d := newDepot()
	b := newTerraform(t, d, nil).resource("badge")
	d.failing(2, lost) // after the look
	b.run(values{"tag": "red"}).none(t)
	if made := changed(d.since()); len(made) != 1 {
		t.Errorf("asked %s", made)
	}
	b.quiet(values{"tag": "red"})
}

// What nothing could find again is never asked for twice, and the error says so.
func TestUnfindableCreationIsNotRepeated(t *testing.T) {
	d := newDepot()
	k := newTerraform(t, d, nil).resource("token")
	d.failingOn("POST", lost)
	k.run(values{"level": 1}).refuse(t, "Could not create token", "nothing tells it from others", "import or delete it")
	if made := changed(d.since()); len(made) != 1 || k.state != nil {
		t.Errorf("asked %s", made)
	}
	d.healthy()
	k.mustRun(values{"level": 1})
}

// Nor is what has no name before the system has chosen one, and what has one is.
func TestCreationThatIsNotNamedYetIsNotRepeated(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	k := tf.resource("locker")
	d.failingOn("POST", lost)
	k.run(values{"level": 1}).refuse(t, "Could not create locker", "nothing tells it from others", "import or delete it")
	if made := changed(d.since()); len(made) != 1 || k.state != nil {
		t.Errorf("asked %s", made)
	}
	d.failing(1, lost)
	k.run(values{"level": 1, "name": "mine"}).none(t)
	if made := changed(d.since()); len(made) != 1 || k.get("name") != "mine" {
		t.Errorf("asked %s, has %v", made, k.get("name"))
	}
}

// One or none is made, changed, found gone and deleted like any other.
func TestSoleObject(t *testing.T) {
	d := newDepot()
	l := newTerraform(t, d, nil).resource("lease")
	l.mustRun(values{"tenant": "a"})
	l.mustRun(values{"tenant": "b", "approved": true})
	newTerraform(t, d, nil).resource("lease").run(values{"tenant": "c"}).refuse(t, "Could not create lease", "leased")
	d.lease = nil
	l.mustRun(values{"tenant": "b", "approved": true})
	imported := newTerraform(t, d, nil).resource("lease")
	imported.importAs("lease").none(t)
	imported.quiet(values{"tenant": "b"})
	l.run(nil).succeed(t)
	if d.lease != nil {
		t.Error("the lease is still there")
	}
}
