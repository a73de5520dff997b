package entity_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// passKind has a code that the depot tells once, and that a pass keeps; a permit can get
// another.
func passKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "pass", Plural: "passes", Path: "passes", Doc: "A pass.",
		Facts: entity.Facts{
			entity.ID(), entity.Name(20), entity.Integer("floor").Optional(),
			entity.Revealed("code").LongestOf(20).Doc("What opens the door."),
			entity.Moment("created_at").Lasting(),
		},
	}
}

func permitKind() *entity.Kind {
	k := passKind()
	k.Name, k.Plural = "permit", "permits"
	k.Facts = append(k.Facts[:3:3], entity.Revealed("code").Mutable().Doc("What opens the door."))
	return k
}

// made is a code that the depot makes.
const made = "made by the depot"

// pass is what the depot does with passes.
func (d *depot) pass(method string, path []string, body api.Object) (any, error) {
	if method == http.MethodPost {
		d.lastID++
		id := fmt.Sprint(d.lastID)
		o := api.Object{"id": number(id), "floor": nil, "created_at": d.now.UnixMilli()}
		code, own := body["code"].(string)
		if !own {
			code = made
		}
		maps.Copy(o, body)
		delete(o, "code")
		d.rows["passes"][id], d.secrets[id] = o, code
		answer := maps.Clone(o)
		answer["code"] = code
		return answer, nil
	}
	o, err := d.row("passes", path[1])
	switch {
	case err != nil:
		return nil, err
	case method == http.MethodDelete:
		delete(d.rows["passes"], path[1])
		return nil, nil
	}
	if code, ok := body["code"].(string); ok {
		d.secrets[path[1]] = code
		delete(body, "code")
	}
	maps.Copy(o, body)
	return o, nil
}

var (
	pass       = values{"name": "p"}
	ownPass    = pass.with(values{"code_wo": secret, "code_wo_version": 1})
	storedPass = pass.with(values{"store_generated_code": true})
)

// A secret that nobody would know, or that would be in the state unasked, is not made.
func TestRevealedSecretWantsAWord(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	for _, config := range []values{pass, pass.with(values{"store_generated_code": false})} {
		tf.resource("pass").run(config).refuse(t, "The pass needs code_wo, or store_generated_code", "Set code_wo and code_wo_version", "Or set store_generated_code = true", "whoever reads the state")
	}
	tf.resource("pass").run(ownPass.with(values{"store_generated_code": true})).refuse(t, "There is no generated secret to store", "Leave one of code_wo and store_generated_code out")
	tf.resource("pass").run(pass.with(values{"code_wo": secret})).refuse(t, "code_wo_version")
	tf.resource("pass").run(ownPass.with(values{"code_wo": strings.Repeat("x", 21)})).refuse(t, "1 to 20 characters")
	if made := changed(d.since()); len(made) > 0 {
		t.Errorf("asked %v", made)
	}
	tf.resource("pass").plan(pass.with(values{"code_wo": notYet{}, "code_wo_version": 1})).succeed(t)
	tf.resource("pass").plan(pass.with(values{"store_generated_code": notYet{}})).succeed(t)
}

// The user's own is sent, and is nowhere, also where the answer repeats it.
func TestRevealedSecretOfOnesOwn(t *testing.T) {
	var log bytes.Buffer
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.ctx = tfsdklogtest.RootLogger(tflogtest.RootLogger(tf.ctx, &log), &log)
	p := tf.resource("pass")
	p.mustRun(ownPass)
	if d.secrets["1001"] != secret || p.get("code") != nil {
		t.Errorf("the depot has %q, the state %v", d.secrets["1001"], p.get("code"))
	}
	if text := p.state.Value.String() + string(p.state.Private) + log.String(); strings.Contains(text, secret) || log.Len() == 0 {
		t.Errorf("the secret is in %s", text)
	}
	// Another takes another object, and one that is no more the configuration's leaves it.
	p.quiet(ownPass.with(values{"code_wo": newSecret}))
	p.mustRun(ownPass.with(values{"code_wo": newSecret, "code_wo_version": 2}))
	if p.get("id") != 1002 || d.secrets["1002"] != newSecret {
		t.Errorf("id %v has %q", p.get("id"), d.secrets["1002"])
	}
	p.mustRun(pass)
	p.run(pass.with(values{"floor": 2})).refuse(t, "needs code_wo, or store_generated_code")
}

// What the depot makes is kept as it was told, whatever is read later.
func TestRevealedSecretThatIsStored(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	p := tf.resource("pass")
	holds := func(code any) {
		t.Helper()
		if got := p.get("code"); got != code {
			t.Errorf("code is %v, wanted %v", got, code)
		}
	}
	p.mustRun(storedPass)
	holds(made)
	p.refresh().none(t)
	holds(made)
	if a := p.attribute("code"); !a.Sensitive || a.Optional || !a.Computed {
		t.Errorf("%+v", a)
	}
	// A replacement has another.
	d.secrets["1001"] = "old"
	p.mustRun(storedPass.with(values{"floor": 3}))
	holds(made)
	if p.get("id") != 1002 {
		t.Errorf("id %v", p.get("id"))
	}
	// The word is taken back: the state forgets it, and the depot is not asked.
	d.since()
	p.run(pass.with(values{"floor": 3})).none(t)
	d.asked(t, "GET passes/1002")
	holds(nil)
	p.quiet(pass.with(values{"floor": 3}))
	// Once forgotten it cannot be stored again.
	says(t, p.plan(storedPass.with(values{"floor": 3})).warnings(), "There is no secret to store", "replace the pass")
	p.run(storedPass.with(values{"floor": 3})).succeed(t)
	holds(nil)
	p.quiet(storedPass.with(values{"floor": 3}))
	p.forced = true
	p.run(storedPass.with(values{"floor": 3})).succeed(t)
	holds(made)
}

// One's own takes the place of one that was made, and the other way round, by another
// object.
func TestRevealedSecretChangesSides(t *testing.T) {
	d := newDepot()
	p := newTerraform(t, d, nil).resource("pass")
	p.mustRun(storedPass)
	p.mustRun(ownPass)
	if p.get("code") != nil || p.get("id") != 1002 || d.secrets["1002"] != secret {
		t.Errorf("id %v, code %v, depot %q", p.get("id"), p.get("code"), d.secrets["1002"])
	}
	p.mustRun(storedPass)
	if p.get("code") != made || p.get("id") != 1003 {
		t.Errorf("id %v, code %v", p.get("id"), p.get("code"))
	}
}

// The answer that told the secret is lost: what was made is of no use to anybody.
func TestRevealedSecretThatIsLost(t *testing.T) {
	d := newDepot()
	p := newTerraform(t, d, nil).resource("pass")
	lose := func(config values) diagnostics {
		t.Helper()
		c := p.plan(config)
		c.succeed(t)
		d.failing(1, fault{reason: api.Ambiguous, carried: true, message: "the answer did not come"})
		defer d.healthy()
		return p.apply(c, config)
	}
	lose(storedPass).refuse(t, "The system made the code and told it in an answer that was lost", "removed again")
	if p.state != nil || len(d.rows["passes"]) != 0 {
		t.Errorf("the state is %v, the depot has %v", p.state, d.rows["passes"])
	}
	p.mustRun(storedPass)
	p.run(nil).none(t)
	// One's own is known all the same.
	lose(ownPass).none(t)
	p.quiet(ownPass)
}

// An import finds no secret, and plans none.
func TestImportOfRevealedSecret(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("pass").mustRun(storedPass)
	for name, config := range map[string]values{"no word": pass, "one's own": ownPass, "stored": storedPass} {
		p := tf.resource("pass")
		p.importAs("1001").none(t)
		if p.get("code") != nil {
			t.Errorf("%s: code is %v", name, p.get("code"))
		}
		d.since()
		p.run(config).succeed(t)
		if made := changed(d.since()); len(made) > 0 || p.get("id") != 1001 {
			t.Errorf("%s: asked %v", name, made)
		}
		p.quiet(config)
	}
	p := tf.resource("pass")
	p.importAs("1001").none(t)
	p.quiet(pass)
	found := tf.read("storage_depot_pass", values{"id": 1001}).must(t)
	if _, has := found["code"]; has {
		t.Errorf("the data source has %v", found)
	}
}

// Where it can be changed in place, it is.
func TestRevealedSecretThatIsMutable(t *testing.T) {
	d := newDepot()
	p := newTerraform(t, d, nil).resource("permit")
	p.mustRun(ownPass)
	d.since()
	p.mustRun(ownPass.with(values{"code_wo": newSecret, "code_wo_version": 2}))
	if p.get("id") != 1001 || d.secrets["1001"] != newSecret {
		t.Errorf("id %v has %q", p.get("id"), d.secrets["1001"])
	}
}
