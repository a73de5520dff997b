package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// testTogether changes all attributes that bound each other at once, beyond each
// other's old values and back: every change converges in one apply.
func testTogether(t *testing.T, s Suite) {
	bounds := boundsOf(s.Type)
	for _, flaw := range s.flaws(bounds) {
		t.Error(flaw)
	}
	if len(s.Together) == 0 {
		t.Skip("nothing of it bounds anything else")
	}
	core := NewCore(t, s.Lab, nil)
	address := s.address("together")
	for i, values := range s.Together {
		config := testcore.Config{Resources: map[string]testcore.Resource{
			address: {Arguments: s.own("together", 1, s.Least.With(values))},
		}}
		if plan, done := core.Run(t.Context(), config, testcore.Options{}); plan.Failed() || done.Failed() {
			t.Fatalf("to %v: %s %s", values, plan, done)
		}
		if again := core.Plan(t.Context(), config, testcore.Options{}); !again.Empty() {
			t.Errorf("round %d: the plan after it is not empty: %s", i, again)
		}
	}
	if plan, done := core.Run(t.Context(), testcore.Config{}, testcore.Options{}); plan.Failed() || done.Failed() {
		t.Errorf("deletion: %s %s", plan, done)
	}
}

// boundsOf are the attributes of a resource that must be above others.
func boundsOf(typeName string) map[string]string {
	if k := KindOf(typeName); k != nil {
		return k.Bounds()
	}
	return nil
}

// flaws say what the table's Together lacks: every round has all attributes that bound
// each other, one raises each lower one above the old upper one, and one lowers each
// upper one below the old lower one.
func (s Suite) flaws(bounds map[string]string) []string {
	var flaws []string
	for _, upper := range slices.Sorted(maps.Keys(bounds)) {
		lower := bounds[upper]
		up, down := false, false
		for i, values := range s.Together {
			low, high := amount(values[lower]), amount(values[upper])
			if values[lower] == nil || values[upper] == nil {
				flaws = append(flaws, fmt.Sprintf("round %d of Together has not both of %s and %s", i, lower, upper))
				continue
			}
			if i > 0 {
				before := s.Together[i-1]
				up = up || low > amount(before[upper])
				down = down || high < amount(before[lower])
			}
		}
		if !up {
			flaws = append(flaws, fmt.Sprintf("no round of Together raises %s above the old %s", lower, upper))
		}
		if !down {
			flaws = append(flaws, fmt.Sprintf("no round of Together lowers %s below the old %s", upper, lower))
		}
	}
	return flaws
}

// amount is a number, the bytes of a capacity or the length of a duration.
func amount(value any) int64 {
	if text, ok := value.(string); ok {
		if d, err := time.ParseDuration(text); err == nil {
			return int64(d)
		}
		if bytes, err := entity.ParseCapacity(text); err == nil {
			return bytes
		}
	}
	var n int64
	_ = json.Unmarshal([]byte(literal(value)), &n)
	return n
}
