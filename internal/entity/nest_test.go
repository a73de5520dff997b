package entity_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// nestKind holds a widget that is deleted after it, and which only the nest tells of.
func nestKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "nest", Plural: "nests", Path: "nests", Doc: "A nest.",
		Reading: entity.Reading{
			Left: func(ctx context.Context, s *entity.Session, prior entity.Values) (summary, detail string) {
				if _, err := s.Client.Read(api.Fresh(ctx), "widgets", prior.ID("level"), nil); err != nil {
					return "", ""
				}
				return "The egg is left", "Its nest is gone."
			},
		},
		Deletion: entity.Deletion{
			Each: func(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
				o, err := s.Client.Read(api.Fresh(ctx), "nests", before.ID("id"), nil)
				if err != nil {
					return nil, err
				}
				return []api.Request{
					{Method: http.MethodDelete, Path: api.Path("nests", before.Int("id"))},
					{Method: http.MethodDelete, Path: api.Path("widgets", o["level"])},
				}, nil
			},
		},
		Facts: entity.Facts{entity.ID(), entity.Name(20), entity.Integer("level").Required()},
	}
}

// The second request of a deletion is refused once the first one was carried out, after
// which nothing tells of it any more: it is sent again in the same run, alone.
func TestDeletionOfSeveralRequestsIsEnded(t *testing.T) {
	for how, f := range map[string]fault{
		"busy": {reason: api.Conflict, code: "BUSY", message: "Busy."},
		"lost": {reason: api.Ambiguous, message: "No answer."},
	} {
		d := newDepot()
		d.rows["widgets"]["7"] = api.Object{"id": number(7), "name": "egg"}
		nest := newTerraform(t, d, values{"approve_dangerous_operations": true}).resource("nest")
		nest.mustRun(values{"name": "n", "level": 7})
		planned := nest.plan(nil)
		d.since()
		tries := 0
		d.before = func(_ int, request string) *fault {
			if request == "DELETE widgets/7 approved" {
				if tries++; tries == 1 {
					return &f
				}
			}
			return nil
		}
		nest.apply(planned, nil).succeed(t)
		want := []string{"DELETE nests/1001 approved", "DELETE widgets/7 approved", "DELETE widgets/7 approved"}
		if got := changed(d.since()); !slices.Equal(got, want) || len(d.rows["widgets"]) > 0 {
			t.Errorf("%s: sent %s", how, got)
		}
	}
}

// A refresh that finds an object gone says what it has left behind, and no more than that.
func TestWhatIsLeftOfAnObjectThatIsGone(t *testing.T) {
	for want, left := range map[string]bool{"WARNING: The egg is left\nIts nest is gone.\n": true, "": false} {
		d := newDepot()
		d.rows["widgets"]["7"] = api.Object{"id": number(7), "name": "egg"}
		nest := newTerraform(t, d, nil).resource("nest")
		nest.mustRun(values{"name": "n", "level": 7})
		if said := nest.refresh().warnings(); len(said) > 0 {
			t.Errorf("said of a nest that is there: %s", said)
		}
		delete(d.rows["nests"], "1001")
		if !left {
			delete(d.rows["widgets"], "7")
		}
		if said := nest.refresh().warnings(); nest.state != nil || said != want {
			t.Errorf("said %q, want %q", said, want)
		}
	}
}
