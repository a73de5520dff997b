package entity_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// clubKind is entered freely, and left only with a member's name and password, which no
// state has.
func clubKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "club", Plural: "clubs", Path: "clubs", Doc: "A club.",
		Planning: entity.Planning{
			Check: func(_ context.Context, p *entity.Plan) {
				if p.Deletes() {
					p.NeedsSettings("Leaving the club", "club_member", "club_password")
				}
			},
		},
		Deletion: entity.Deletion{
			Danger: "Its members are out.",
			Each: func(_ context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
				by, err := s.Settings("club_member", "club_password")
				if err != nil {
					return nil, err
				}
				return []api.Request{{
					Method: http.MethodPost, Path: api.Path("clubs", before.Int("id"), "leave"),
					Body: api.Object{"member": by[0], "password": by[1]},
				}}, nil
			},
		},
		Facts: entity.Facts{entity.ID(), entity.Name(20), entity.Enum("mode", "A", "B").Defaulted()},
	}
}

// member makes a club, with a provider that knows nobody who can leave it.
func member(t *testing.T) (*depot, *resource) {
	t.Helper()
	d := newDepot()
	club := newTerraform(t, d, values{"approve_dangerous_operations": true}).resource("club")
	club.mustRun(values{"name": "c", "mode": "A"})
	d.since()
	return d, club
}

// What a deletion takes and no state has is asked for at plan time, by name; it comes
// from the block or the environment, and is in no state.
func TestSettingsForADeletion(t *testing.T) {
	const both = "Set club_member and club_password in the provider's depot block, or the environment variables DEPOT_CLUB_MEMBER and DEPOT_CLUB_PASSWORD."
	d, club := member(t)
	club.run(nil).refuse(t, "Leaving the club needs club_member and club_password", both)
	club.run(values{"name": "c", "mode": "B"}).refuse(t, "Leaving the club needs", both)
	club.forced = true
	club.run(values{"name": "c", "mode": "A"}).refuse(t, "Leaving the club needs", both)
	club.forced = false
	t.Setenv("DEPOT_CLUB_MEMBER", "anna")
	club.run(nil).refuse(t, "Leaving the club needs club_password", "Set club_password in the provider's depot block, or the environment variable DEPOT_CLUB_PASSWORD.")
	if got := changed(d.since()); len(got) > 0 {
		t.Errorf("sent %s", got)
	}
	t.Setenv("DEPOT_CLUB_PASSWORD", "open-sesame")
	club.quiet(values{"name": "c", "mode": "A"})
	club.run(nil).succeed(t)
	if got := changed(d.since()); len(got) != 1 || got[0] != `POST clubs/1001/leave {"member":"anna","password":"open-sesame"} approved` {
		t.Errorf("sent %s", got)
	}
}

// The block's word is that of the environment before it, and an update wants none.
func TestSettingsForADeletionFromTheBlock(t *testing.T) {
	d, club := member(t)
	t.Setenv("DEPOT_CLUB_PASSWORD", "of-yesterday")
	club.block = club.block.with(values{"club_member": "berta", "club_password": "open-sesame"})
	club.run(values{"name": "c", "mode": "B"}).succeed(t)
	if got := changed(d.since()); len(got) != 2 || !strings.Contains(got[0], `{"member":"berta","password":"open-sesame"}`) {
		t.Errorf("sent %s", got)
	}
}

// Settings that are gone between plan and apply make an error of the deletion, and
// leave the object where it is.
func TestSettingsThatAreGoneAtApply(t *testing.T) {
	d, club := member(t)
	bare := club.block
	club.block = bare.with(values{"club_member": "berta", "club_password": "open-sesame"})
	planned := club.plan(nil)
	planned.succeed(t)
	club.block = bare
	club.apply(planned, nil).refuse(t, "Could not delete club", "DEPOT_CLUB_MEMBER and DEPOT_CLUB_PASSWORD")
	if got := changed(d.since()); len(got) > 0 || club.state == nil {
		t.Errorf("sent %s", got)
	}
}

// A deletion whose answer is lost is sent again, and finds the object gone.
func TestLostAnswerOfADeletionOfSeveralRequests(t *testing.T) {
	d, club := member(t)
	club.block = club.block.with(values{"club_member": "berta", "club_password": "open-sesame"})
	planned := club.plan(nil)
	d.since()
	d.failing(1, lost)
	club.apply(planned, nil).succeed(t)
	if got := changed(d.since()); len(got) != 2 || got[0] != got[1] || len(d.rows["clubs"]) > 0 {
		t.Errorf("sent %s", got)
	}
}
