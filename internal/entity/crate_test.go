package entity_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// crateKind has what few kinds have: rules that a user writes in order, limits that
// bound each other, and a time that something takes.
func crateKind() *entity.Kind {
	return &entity.Kind{
		System: "depot",
		Name:   "crate",
		Plural: "crates",
		Path:   "crates",
		Doc:    "A crate.",
		Update: entity.Update{OneByOne: true},
		Planning: entity.Planning{Check: func(_ context.Context, p *entity.Plan) {
			if p.After.Pairs("labels")["fragile"] != "" {
				p.Warn("The crate is fragile", "It bears no more than it does.")
			}
		}},
		Creation: entity.Creation{Fill: func(ctx context.Context, s *entity.Session, after entity.Values, body api.Object) error {
			if after.Pairs("labels")["like"] == "" {
				return nil
			}
			other, err := s.Client.Read(ctx, "crates", after.Pairs("labels")["like"], nil)
			body["on"] = other["name"]
			return err
		}},
		Deletion: entity.Deletion{Fill: func(ctx context.Context, s *entity.Session, before entity.Values, r *api.Request) error {
			if before.Pairs("labels")["like"] == "" {
				return nil
			}
			other, err := s.Client.Read(ctx, "crates", before.Pairs("labels")["like"], nil)
			r.Body = api.Object{"from": other["name"]}
			return err
		}},
		Facts: entity.Facts{
			entity.ID(), entity.Name(20),
			entity.Records("rules", entity.Facts{
				entity.Enum("access", "RW", "RO").Required(),
				entity.Text("client").Required().LongestOf(10),
				entity.Bool("root").Otherwise(true),
				entity.Integer("port").Optional().Between(1, 99),
			}).Optional().Mutable().NotEmpty().Danger("Clients lose what they have open."),
			entity.Capacity("soft").Optional().Mutable(),
			entity.Capacity("hard").Optional().Mutable().Above("soft").By(100_000_000),
			entity.Duration("keep", time.Second).Optional().Mutable(),
			entity.Duration("turn", time.Second).Optional().Mutable().OrZero(),
			entity.Duration("rest", time.Second).Optional().Mutable().OrZero().NotBelow("turn"),
			entity.Pairs("labels").Optional().Mutable().Checked("a label", func(label string) error {
				if strings.Contains(label, "!") {
					return errors.New("a label does not shout")
				}
				return nil
			}),
			entity.Text("seal").Defaulted().Unread().ReadAtImport(),
			entity.Pairs("marks").Optional().Mutable().NotEmpty(),
			entity.TextList("steps").Optional().Mutable().Danger("Fewer steps are taken.", entity.Affects("shorten it", func(before, after entity.Values) string {
				if before == nil || after.Count("steps") >= before.Count("steps") {
					return ""
				}
				return fmt.Sprintf("%d of %d", before.Count("steps")-after.Count("steps"), before.Count("steps"))
			})),
		},
	}
}

func rule(client string, more values) values {
	return values{"client": client, "access": "RW"}.with(more)
}

// Rules are sent in their order, with what is meant where the user says nothing, and
// kept as written.
func TestRecordsThatAUserWrites(t *testing.T) {
	d := newDepot()
	c := newTerraform(t, d, nil).resource("crate")
	config := values{"name": "c", "rules": []any{rule("b", nil), rule("a", values{"root": false, "port": 7})}, "approved": true}
	c.mustRun(config)
	rules := d.only(t, "crates")["rules"].([]any)
	if got := fmt.Sprint(rules); got != "[map[access:RW client:b root:true] map[access:RW client:a port:7 root:false]]" {
		t.Errorf("sent %s", got)
	}
	// What the system makes of what was left open is no change.
	rules[0].(api.Object)["port"] = number(1)
	c.quiet(config)
	rules[0].(api.Object)["access"] = "RO"
	if planned := c.plan(config); planned.action != "update" {
		t.Errorf("another access is planned to %s", planned.action)
	}
	c.mustRun(config)
	c.mustRun(config.with(values{"rules": []any{rule("a", nil), rule("b", nil)}}))
	c.run(config.with(values{"approved": false})).refuse(t, "Clients lose what they have open")
	again := newTerraform(t, d, nil).resource("crate")
	again.importAs("1001").none(t)
	again.quiet(values{"name": "c", "rules": []any{rule("a", nil), rule("b", nil)}})
	for words, bad := range map[string]values{
		"rules[0].access: \"X\" is not known here: use one of RW, RO": rule("a", values{"access": "X"}),
		"rules[0].client: the client must have 1 to 10 characters":    rule("much-too-long", nil),
		"between 1 and 99": rule("a", values{"port": 100}),
		"must be a whole":  rule("a", values{"port": 1.5}),
	} {
		newTerraform(t, d, nil).resource("crate").run(values{"name": "x", "rules": []any{bad}}).refuse(t, words, "rules")
	}
}

// A reference within a rule is planned as not known yet.
func TestRecordsWithUnknownParts(t *testing.T) {
	c := newTerraform(t, newDepot(), nil).resource("crate")
	planned := c.plan(values{"name": "c", "rules": []any{values{"client": notYet{}, "access": "RW"}}})
	planned.succeed(t)
	c.apply(planned, values{"name": "c", "rules": []any{rule("late", nil)}}).succeed(t)
}

// Limits that bound each other are set in the order that keeps the one above the other,
// also as capacities, and a gap between them holds.
func TestBoundsOfCapacities(t *testing.T) {
	d := newDepot()
	c := newTerraform(t, d, nil).resource("crate")
	for _, limits := range []values{{"soft": "1GB", "hard": "2GB"}, {"soft": "3GB", "hard": "4GB"}, {"soft": "500MB", "hard": "600MB"}} {
		d.since()
		c.mustRun(values{"name": "c"}.with(limits))
		for _, request := range changed(d.since()) {
			t.Log(request)
		}
	}
	d.since()
	c.mustRun(values{"name": "c", "soft": "3GB", "hard": "4GB"})
	d.asked(t, "GET crates/1001", `PUT crates/1001 {"hard":4000000000}`, `PUT crates/1001 {"soft":3000000000}`, "GET crates/1001")
	c.run(values{"name": "c", "soft": "3GB", "hard": "3050MB"}).refuse(t, "hard must be above soft by at least 100MB")
	// A check that knows more of why is heard all the same.
	fragile := c.plan(values{"name": "c", "soft": "3GB", "hard": "3050MB", "labels": values{"fragile": "yes"}})
	fragile.refuse(t, "hard must be above soft by at least 100MB")
	says(t, fragile.of(tfprotov6.DiagnosticSeverityWarning).text(), "The crate is fragile")
}

// What the system tells only as it is by now, an import takes, and no refresh. A made object is
// replaced by another word on it, and an imported one is not.
func TestWhatAnImportTakes(t *testing.T) {
	d := newDepot()
	c := newTerraform(t, d, nil).resource("crate")
	sealed := func(seal any) values { return values{"name": "c", "seal": seal} }
	made := c.plan(sealed(nil))
	if made.value(t, "seal") != nil {
		t.Errorf("where nothing is said, %v is planned", made.value(t, "seal"))
	}
	c.mustRun(sealed("wax"))
	d.only(t, "crates")["seal"] = "lead"
	c.quiet(sealed("wax"))
	c.quiet(sealed(nil))
	if planned := c.plan(sealed("tin")); planned.action != "replace" {
		t.Errorf("another seal of a made crate is planned to %s", planned.action)
	}
	for _, said := range []any{nil, "lead"} {
		again := newTerraform(t, d, nil).resource("crate")
		again.importAs("1001").none(t)
		again.quiet(sealed(said))
	}
	again := newTerraform(t, d, nil).resource("crate")
	again.importAs("1001").none(t)
	if planned := again.plan(sealed("tin")); planned.action != "update" {
		t.Errorf("another seal of an imported crate is planned to %s", planned.action)
	}
	d.since()
	again.mustRun(sealed("tin"))
	if got := changed(d.since()); len(got) > 0 {
		t.Errorf("it is sent: %q", got)
	}
	again.quiet(sealed("tin"))
}

// What only others tell goes along with a creation, which is not sent where they cannot be asked.
func TestCreationIsFilledIn(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, nil)
	first, second := tf.resource("crate"), tf.resource("crate")
	first.mustRun(values{"name": "first"})
	second.mustRun(values{"name": "second", "labels": values{"like": fmt.Sprint(first.get("id"))}})
	if o := d.rows["crates"][fmt.Sprint(second.get("id"))]; o["on"] != "first" {
		t.Errorf("it is on %v", o["on"])
	}
	d.since()
	tf.resource("crate").run(values{"name": "third", "labels": values{"like": "99"}}).refuse(t, "Could not create")
	if made := changed(d.since()); len(made) > 0 {
		t.Errorf("the depot was asked %s", made)
	}
}

// What only others tell goes along with a deletion; where they are gone, the object is too.
func TestDeletionIsFilledIn(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, nil)
	first, second, third := tf.resource("crate"), tf.resource("crate"), tf.resource("crate")
	first.mustRun(values{"name": "first"})
	like := values{"like": fmt.Sprint(first.get("id"))}
	second.mustRun(values{"name": "second", "labels": like})
	third.mustRun(values{"name": "third", "labels": like})
	d.since()
	second.run(nil).succeed(t)
	if made := changed(d.since()); len(made) != 1 || made[0] != `DELETE crates/1002 {"from":"first"}` {
		t.Errorf("the depot was asked %s", made)
	}
	d.failingOn("GET crates/1001", fault{reason: api.Other, message: "No."})
	third.run(nil).refuse(t, "Could not delete", "No.")
	d.failingOn("GET crates/1001", fault{reason: api.NotFound, message: "It is gone."})
	d.since()
	third.run(nil).succeed(t)
	if made := changed(d.since()); len(made) > 0 {
		t.Errorf("the depot was asked %s", made)
	}
}

// Some times may be none, and others not.
func TestDurationsOfZero(t *testing.T) {
	t.Parallel()
	d := newDepot()
	c := newTerraform(t, d, nil).resource("crate")
	c.mustRun(values{"name": "c", "rest": "0s"})
	if rest := d.only(t, "crates")["rest"]; fmt.Sprint(rest) != "0" {
		t.Errorf("the depot has %v", rest)
	}
	c.quiet(values{"name": "c", "rest": "0m"})
	c.mustRun(values{"name": "c", "rest": "2m"})
	for _, bad := range []string{"-1s", "1500ms", "soon"} {
		c.run(values{"name": "c", "rest": bad}).refuse(t, "rest")
	}
	c.run(values{"name": "c", "keep": "0s"}).refuse(t, "leaves no time")
}

// A limit that may be as high as what it bounds is set in the order that keeps it there,
// and 0 is none: what it bounds goes up after it, and down before it.
func TestBoundsThatMayBeReached(t *testing.T) {
	t.Parallel()
	d := newDepot()
	c := newTerraform(t, d, nil).resource("crate")
	c.mustRun(values{"name": "c", "turn": "4s", "rest": "4s"})
	for _, change := range []struct {
		turn, rest    string
		first, second string
	}{
		{"1m", "1m", `{"rest":60}`, `{"turn":60}`},
		{"5s", "10s", `{"turn":5}`, `{"rest":10}`},
		{"1h", "0s", `{"rest":0}`, `{"turn":3600}`},
		{"0s", "5s", `{"turn":0}`, `{"rest":5}`},
	} {
		d.since()
		c.mustRun(values{"name": "c", "turn": change.turn, "rest": change.rest})
		d.asked(t, "GET crates/1001", "PUT crates/1001 "+change.first, "PUT crates/1001 "+change.second, "GET crates/1001")
	}
	c.run(values{"name": "c", "turn": "6s", "rest": "5s"}).refuse(t, "rest must not be below turn", "rest is 5s and turn is 6s")
}

// Pairs are sent whole, and kept as written; a null is no pair.
func TestPairsOfTheObject(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	c := tf.resource("crate")
	of := func(labels any) values { return values{"name": "c", "labels": labels} }
	holds := func(want string) {
		t.Helper()
		if got := fmt.Sprint(d.only(t, "crates")["labels"]); got != want {
			t.Errorf("the depot has %s, wanted %s", got, want)
		}
	}
	c.mustRun(of(values{"a": "1", "b": nil}))
	holds("map[a:1]")
	c.quiet(of(values{"a": "1"}))
	c.mustRun(of(values{"a": "1", "b": "2"}))
	holds("map[a:1 b:2]")
	d.only(t, "crates")["labels"] = api.Object{"a": "1", "b": number(3), "c": true}
	c.refresh().none(t)
	if got := fmt.Sprint(c.get("labels")); got != "map[a:1 b:3 c:true]" {
		t.Errorf("labels are %s", got)
	}
	d.since()
	c.mustRun(of(values{"b": "2"}))
	d.asked(t, "GET crates/1001", `PUT crates/1001 {"labels":{"b":"2"}}`, "GET crates/1001")
	again := tf.resource("crate")
	again.importAs("1001").none(t)
	again.quiet(of(values{"b": "2"}))
	if found := tf.read("storage_depot_crate", values{"id": 1001}).must(t); fmt.Sprint(found["labels"]) != "map[b:2]" {
		t.Errorf("found %v", found["labels"])
	}
	c.mustRun(of(values{}))
	holds("map[]")
	c.mustRun(of(nil))
	d.only(t, "crates")["labels"] = api.Object{}
	c.quiet(of(nil))
	planned := c.plan(of(values{"late": notYet{}}))
	planned.succeed(t)
	c.apply(planned, of(values{"late": "known"})).succeed(t)
	holds("map[late:known]")
	d.only(t, "crates")["labels"] = []any{"a"}
	c.refresh().refuse(t, "In the field labels", "pairs of keys and texts")
	for words, bad := range map[string]values{
		"A label does not shout":                      {"labels": values{"a": "Hey!"}},
		`Attribute marks map must contain at least 1`: {"marks": values{}},
	} {
		tf.resource("crate").run(values{"name": "x"}.with(bad)).refuse(t, words)
	}
}

func TestDurationsAndLists(t *testing.T) {
	d := newDepot()
	c := newTerraform(t, d, nil).resource("crate")
	c.mustRun(values{"name": "c", "keep": "90m", "steps": []any{"b", "a", "b"}})
	if o := d.only(t, "crates"); fmt.Sprintf("%v %v", o["keep"], o["steps"]) != "5400 [b a b]" {
		t.Errorf("the depot has %v", o)
	}
	c.quiet(values{"name": "c", "keep": "1h30m", "steps": []any{"b", "a", "b"}})
	c.mustRun(values{"name": "c", "keep": "36h", "steps": []any{"a", "b", "b"}})
	if c.get("keep") != "36h" {
		t.Errorf("keep is %v", c.get("keep"))
	}
	d.only(t, "crates")["keep"] = number(60)
	c.refresh().none(t)
	if c.get("keep") != "1m" {
		t.Errorf("keep is %v", c.get("keep"))
	}
	c.run(values{"name": "c", "steps": []any{"a", "b"}}).refuse(t, "Fewer steps are taken. Affected: 1 of 3.")
	for _, bad := range []string{"soon", "1500ms", "-1s", "0s"} {
		newTerraform(t, d, nil).resource("crate").run(values{"name": "x", "keep": bad}).refuse(t, "keep")
	}
}
