package entity_test

import (
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// dishKind changes between some modes in place, and to and from another only anew.
func dishKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "dish", Plural: "dishes", Path: "plates", Doc: "A dish.",
		Deletion: entity.Deletion{Danger: "The dish breaks."},
		Facts: entity.Facts{
			entity.ID(), entity.Name(20),
			entity.Enum("mode", "A", "B", "C").Defaulted().Mutable().ReplacedWhen(entity.Becomes("C"), entity.Was("C")).
				Danger("Guests wait.", entity.Becomes("B")).Doc("How it is used."),
		},
	}
}

func TestReplacementByValue(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	r := tf.resource("dish")
	of := func(mode any) values { return values{"name": "d", "mode": mode, "approved": true} }
	for _, c := range []struct {
		mode any
		id   int
	}{{"A", 1001}, {"B", 1001}, {"C", 1002}, {"C", 1002}, {nil, 1002}, {"B", 1003}, {"A", 1003}} {
		r.mustRun(of(c.mode))
		if r.get("id") != c.id {
			t.Errorf("with mode %v its id is %v, wanted %d", c.mode, r.get("id"), c.id)
		}
	}
	// Either way has its own reason to be approved.
	r.plan(of("C").with(values{"approved": nil})).refuse(t, "Replacing dish", "The dish breaks.", `The dish is replaced because mode changes from "A" to "C".`)
	r.plan(of("B").with(values{"approved": nil})).refuse(t, "Changing mode of dish", "Guests wait.")
	// What others have made of it is healed the same way.
	d.only(t, "plates")["mode"] = "C"
	r.mustRun(of("A"))
	if r.get("id") != 1004 {
		t.Errorf("id %v", r.get("id"))
	}
	if a := r.attribute("mode"); !strings.Contains(a.Description, "To set it to `\"C\"` or change it from `\"C\"` replaces the dish.") || strings.Contains(a.Description, "Changing it replaces") {
		t.Error(a.Description)
	}
}

// It may be one that replaces the dish.
func TestReplacementByValueThatIsNotKnownYet(t *testing.T) {
	d := newDepot()
	r := newTerraform(t, d, nil).resource("dish")
	of := func(mode any) values { return values{"name": "d", "mode": mode, "approved": true} }
	r.mustRun(of("A"))
	c := r.plan(of(notYet{}))
	if c.succeed(t); c.action != "replace" {
		t.Errorf("planned as %s", c.action)
	}
	r.apply(c, of("C")).succeed(t)
	r.quiet(of("C"))
}
