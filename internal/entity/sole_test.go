package entity_test

import (
	"context"
	"maps"
	"net/http"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// pactKind is one or none. It is made by an envoy with a word, which it does not keep,
// and ended with the same; one request seals it and sets its term, another its term alone.
func pactKind() *entity.Kind {
	return &entity.Kind{
		System:   "depot",
		Name:     "pact",
		Path:     "pact",
		Doc:      "The pact.",
		Presence: entity.Sole,
		Identity: entity.Identity{NamedBy: "with"},
		Reading:  entity.Reading{Find: findPact},
		Creation: entity.Creation{
			TakeBack: func(_, config entity.Values) api.Request {
				return onPact("end", api.Object{"envoy": config.Text("envoy"), "word": config.Text("word_wo")})
			},
		},
		Deletion: entity.Deletion{Request: func(entity.Values) api.Request { return onPact("end", nil) }},
		Facts: entity.Facts{
			entity.FixedID("pact"),
			entity.Text("with").Required(),
			entity.Text("envoy").Optional().Unread().Mutable(),
			entity.Secret("word", "").Unread(),
			entity.Bool("sealed").Defaulted().AfterCreation().ChangedBy(func(_ string, after entity.Values) api.Request {
				return onPact("seal", api.Object{"sealed": after.Bool("sealed"), "term": after.Int("term")})
			}),
			entity.Integer("term").Defaulted().AfterCreation().After("sealed").ChangedBy(func(_ string, after entity.Values) api.Request {
				return onPact("extend", api.Object{"term": after.Int("term")})
			}),
		},
	}
}

func onPact(operation string, body any) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("pact", operation), Body: body}
}

func findPact(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
	answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: "pact"})
	if err != nil {
		return nil, err
	}
	return answer.(api.Object), nil
}

// agree is the pact's side of the depot.
func (d *depot) agree(path []string, body api.Object) (any, error) {
	switch {
	case len(path) == 1 && body != nil:
		d.pact = api.Object{"with": body["with"], "sealed": false, "term": number(1)}
	case d.pact == nil:
		return nil, d.refuse(404, "NOT_FOUND", "no pact")
	case len(path) > 1 && path[1] == "end":
		d.pact = nil
		return nil, nil
	default:
		maps.Copy(d.pact, body)
	}
	return d.pact, nil
}

const (
	makesPact = `POST pact {"envoy":"anna","with":"east","word":"open sesame"}`
	sealsPact = `POST pact/seal {"sealed":true,"term":5}`
)

var pact = values{"with": "east", "envoy": "anna", "word_wo": secret, "word_wo_version": 1, "sealed": true, "term": 5}

// What one request has done as well is not asked for again, and what creation was told
// is told to nobody afterwards.
func TestSoleObjectOfSeveralRequests(t *testing.T) {
	d := newDepot()
	p := newTerraform(t, d, nil).resource("pact")
	p.mustRun(pact)
	if got := changed(d.since()); len(got) != 2 || got[0] != makesPact || got[1] != sealsPact {
		t.Errorf("sent %q", got)
	}
	p.quiet(pact)
	d.since()
	p.mustRun(pact.with(values{"word_wo": newSecret, "word_wo_version": 2, "envoy": "berta"}))
	if got := changed(d.since()); len(got) > 0 {
		t.Errorf("what only creation takes has changed, and %q was sent", got)
	}
	p.mustRun(pact.with(values{"term": 7}))
	if got := changed(d.since()); len(got) != 1 || got[0] != `POST pact/extend {"term":7}` {
		t.Errorf("sent %q", got)
	}
}

// What is in the way of the only one is that one: it is named, and imported by any id.
func TestSoleObjectOfOthers(t *testing.T) {
	d := newDepot()
	d.pact = api.Object{"with": "west", "sealed": false, "term": number(1)}
	p := newTerraform(t, d, nil).resource("pact")
	p.run(pact).refuse(t, `Could not create pact "east"`, `In the way is the pact "west".`, "terraform import storage_depot_pact.NAME 'pact'")
	if got := changed(d.since()); len(got) > 0 {
		t.Errorf("sent %q", got)
	}
	for _, id := range []string{"pact", "with=west"} {
		p = newTerraform(t, d, nil).resource("pact")
		p.importAs(id).none(t)
		p.quiet(values{"with": "west"})
	}
}

// What could not be finished is taken back with the secrets that it was made with.
func TestSoleObjectIsTakenBack(t *testing.T) {
	d := newDepot()
	d.failingOn("POST pact/seal", fault{reason: api.Other, code: "BROKEN", message: "Broken."})
	p := newTerraform(t, d, nil).resource("pact")
	p.run(pact).refuse(t, "Could not finish creating", "removed again")
	got := changed(d.since())
	if d.pact != nil || p.state != nil || got[len(got)-1] != `POST pact/end {"envoy":"anna","word":"open sesame"} approved` {
		t.Errorf("sent %q", got)
	}
}
