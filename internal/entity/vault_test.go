package entity_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

const (
	lossOfKey   = "Who loses the key loses the vault."
	lossOfPeace = "Anybody can walk in."
)

// vaultKind is there and stays: a secret goes along with its plate, and to lock it is
// dangerous for another reason than to open it.
func vaultKind() *entity.Kind {
	operation := func(name string, fields ...string) func(string, entity.Values) api.Request {
		return func(_ string, after entity.Values) api.Request {
			body := api.Object{}
			for _, field := range fields {
				body[strings.TrimSuffix(field, "_wo")] = after.Text(field)
			}
			return api.Request{Method: http.MethodPost, Path: "vault/" + name, Body: body}
		}
	}
	return &entity.Kind{
		System: "depot", Name: "vault", Path: "vault", Doc: "The vault.", Presence: entity.Only,
		Reading: entity.Reading{InFull: func(ctx context.Context, s *entity.Session, o api.Object) error {
			box, err := s.Client.Read(ctx, "boxes", "1", nil)
			o["beside"] = box["name"]
			return err
		}},
		Facts: entity.Facts{
			entity.FixedID("vault"),
			entity.Text("maker").Lasting(),
			entity.Text("beside"),
			entity.Text("plate").Defaulted().ChangedBy(operation("engrave", "plate", "key_wo")),
			entity.Secret("key", "").SentWith("plate"),
			entity.Bool("locked").Defaulted().After("plate").
				ChangedBy(func(id string, after entity.Values) api.Request {
					return operation(map[bool]string{true: "lock", false: "unlock"}[after.Bool("locked")])(id, after)
				}).
				Danger(lossOfKey, entity.When("set it to `true`", func(_, after entity.Values) bool { return after.Bool("locked") })).
				Danger(lossOfPeace, entity.Becomes(false)),
		},
	}
}

// ticketKind is told once.
func ticketKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "ticket", Path: "tickets", Doc: "A ticket.", Presence: entity.ToldOnce,
		Identity: entity.Identity{Import: entity.Import{Forms: "the ticket's text", Told: readTicket}},
		Creation: entity.Creation{Answer: func(after entity.Values, answer any) (api.Object, error) {
			return api.Object{"id": answer, "holder": after.Text("holder")}, nil
		}},
		Facts: entity.Facts{
			entity.Text("id").Lasting().Doc("The ticket."),
			entity.Text("holder").Required(),
		},
	}
}

func readTicket(id string) (api.Object, error) {
	holder, ok := strings.CutPrefix(id, "ticket of ")
	if !ok {
		return nil, errors.New("that is no ticket")
	}
	return api.Object{"id": id, "holder": holder}, nil
}

// guard are the vault, and the tickets to it.
func (d *depot) guard(path []string, body api.Object) any {
	switch {
	case path[0] == "tickets":
		return "ticket of " + body["holder"].(string)
	case len(path) == 1:
	case path[1] == "engrave":
		d.vault["plate"] = body["plate"]
	default:
		d.vault["locked"] = path[1] == "lock"
	}
	return d.vault
}

// What takes requests of its own is asked for by the data source, and not by a refresh.
func TestInFull(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	v, as := tf.resource("vault"), values{"plate": "old"}
	v.run(as).none(t)
	v.quiet(as)
	if asked := strings.Join(d.since(), ", "); strings.Contains(asked, "boxes") {
		t.Errorf("the resource asked %s", asked)
	}
	if found := tf.read("storage_depot_vault", nil).must(t); found["maker"] != "one" || found["beside"] != "box1" {
		t.Errorf("found %v", found)
	}
	d.asked(t, "GET vault", "GET boxes/1")
	d.failingOn("GET boxes", fault{reason: api.Forbidden, message: "not yours"})
	tf.read("storage_depot_vault", nil).refuse(t, "not yours")
}

// A secret goes along with the operation of another fact, also when it alone is new;
// what it goes along with is not given back. What is on is switched on last and off
// first.
func TestSecretSentWith(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, values{"approve_dangerous_operations": true})
	v := tf.resource("vault")
	sent := func(want ...string) {
		t.Helper()
		if got := changed(d.since()); !slices.Equal(got, want) {
			t.Errorf("sent %q, wanted %q", got, want)
		}
	}
	first := values{"plate": "new", "key_wo": "k1", "key_wo_version": 1, "locked": true}
	v.run(first).succeed(t)
	sent(`POST vault/engrave {"key":"k1","plate":"new"} approved`, `POST vault/lock {} approved`)
	v.quiet(first)
	d.since()
	v.run(first.with(values{"key_wo": "k2", "key_wo_version": 2})).succeed(t)
	sent(`POST vault/engrave {"key":"k2","plate":"new"} approved`)
	v.run(first.with(values{"key_wo": "k3", "key_wo_version": 3, "plate": "newer"})).succeed(t)
	sent(`POST vault/engrave {"key":"k3","plate":"newer"} approved`)
	v.run(first.with(values{"key_wo": "k4", "key_wo_version": 4, "plate": "newest", "locked": false})).succeed(t)
	sent(`POST vault/unlock {} approved`, `POST vault/engrave {"key":"k4","plate":"newest"} approved`)
	lost := fault{reason: api.Ambiguous, carried: true, message: "no answer"}
	d.failing(2, lost)
	v.run(first.with(values{"key_wo": "k5", "key_wo_version": 5, "plate": "last", "locked": false})).succeed(t)
	again := `POST vault/engrave {"key":"k5","plate":"last"} approved`
	sent(again, again)
	v.run(nil).none(t)
	sent()
	if d.vault["plate"] != "last" {
		t.Errorf("given back without its key: %v", d.vault)
	}
}

// The one of its kind is the same, whatever others have made of it.
func TestTheOneOfItsKind(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	v := tf.resource("vault")
	v.mustRun(values{"plate": "old"})
	d.vault["maker"] = "another"
	v.run(values{"plate": "old"}).none(t)
}

// Each danger has its own reason, and what it takes to give an object back is weighed
// when that is planned.
func TestTwoDangers(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	v := tf.resource("vault")
	v.run(values{"locked": true}).refuse(t, "not approved", lossOfKey)
	v.run(values{"locked": true, "approved": true}).succeed(t)
	v.run(values{"locked": false}).refuse(t, "not approved", lossOfPeace)
	v.run(values{"locked": true, "approved": false}).succeed(t)
	d.since()
	v.run(nil).refuse(t, "Giving back locked of vault", "not approved", lossOfPeace)
	for _, request := range d.since() {
		if strings.HasPrefix(request, "POST") {
			t.Errorf("a refused plan sent %s", request)
		}
	}
	v.run(values{"locked": true, "approved": true}).succeed(t)
	v.run(nil).succeed(t)
	if d.vault["locked"] != false {
		t.Errorf("not given back: %v", d.vault)
	}
}

// What is told once is in the state alone: it is neither read nor deleted, and imported
// by what it says itself.
func TestToldOnce(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	k := tf.resource("ticket")
	d.failing(1, fault{reason: api.Ambiguous, message: "no answer"})
	k.run(values{"holder": "anna"}).none(t)
	d.healthy()
	k.quiet(values{"holder": "anna"})
	k.run(values{"holder": "bert"}).none(t)
	k.run(nil).none(t)
	d.asked(t, `POST tickets {"holder":"anna"}`, `POST tickets {"holder":"anna"}`, `POST tickets {"holder":"bert"}`)
	k.importAs("ticket of cora").none(t)
	k.quiet(values{"holder": "cora"})
	k.importAs("a receipt").refuse(t, "That is no ticket", "Import takes the ticket's text.")
	if len(d.since()) > 0 {
		t.Error("the depot was asked for what it does not know")
	}
	if tf.schemas.DataSourceSchemas["storage_depot_ticket"] != nil {
		t.Error("there is a data source of what nothing reads")
	}
}
