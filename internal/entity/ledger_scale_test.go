package entity

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// crowds are plans of many objects, as the ledger is told of them.
func crowds() map[string]func(i int) (*Kind, *Plan) {
	named := &Kind{System: "x", Name: "thing", Path: "things", Facts: Facts{ID(), Name(64).Required().Mutable()}}
	members := &Kind{
		System: "x", Name: "member", Path: "groups/{group_id}/members", Identity: Identity{Key: []string{"group_id", "thing_id"}},
		Facts: Facts{Ref("group_id").Required(), Ref("thing_id").Required().Joins("group of a thing", "group_id")},
	}
	thing := func(i, name int) Values {
		return Values{"id": types.Int64Value(int64(i)), "name": types.StringValue(fmt.Sprintf("thing-%d", name))}
	}
	member := func(i int) Values {
		return Values{"group_id": types.Int64Value(1), "thing_id": types.Int64Value(int64(i))}
	}
	return map[string]func(i int) (*Kind, *Plan){
		"unchanged": func(i int) (*Kind, *Plan) { return named, &Plan{Before: thing(i, i), After: thing(i, i)} },
		"created": func(i int) (*Kind, *Plan) {
			return named, &Plan{After: Values{"name": thing(i, i)["name"], "id": types.Int64Unknown()}}
		},
		// Each gets the name of the one that was planned before, which gives it up.
		"renamed in a row": func(i int) (*Kind, *Plan) { return named, &Plan{Before: thing(i, i), After: thing(i, i-1)} },
		"members of one":   func(i int) (*Kind, *Plan) { return members, &Plan{Before: member(i), After: member(i)} },
		"replaced members": func(i int) (*Kind, *Plan) {
			if i%2 == 0 {
				return members, &Plan{Before: member(i), After: member(i + 1), Replaced: true}
			}
			return members, &Plan{After: member(i), Second: true, owner: members.keyText(member(i - 1))}
		},
	}
}

// crowded is the ledger of a plan of n objects.
func crowded(t testing.TB, n int, crowd func(i int) (*Kind, *Plan)) *ledger {
	t.Helper()
	l := &ledger{}
	for i := range n {
		k, p := crowd(i)
		if p.owner == "" && p.Before != nil {
			p.owner = k.keyText(p.Before)
		}
		if trouble, _, _ := l.note(withCall(t.Context()), k, p); trouble != nil {
			t.Fatal(*trouble)
		}
	}
	return l
}

// What the ledger looks at for one object does not grow with the others.
func TestLedgerOfManyLooksAtFew(t *testing.T) {
	const n, most = 3000, 20
	for what, crowd := range crowds() {
		t.Run(what, func(t *testing.T) {
			l := crowded(t, n, crowd)
			for key, all := range l.claims {
				if len(all) > most {
					t.Errorf("%d claim %q", len(all), key)
				}
			}
			k, _ := crowd(n)
			for key := range l.stated {
				rivals := slices.Collect(l.rivals(claimed{kind: k, claim: claim{key: key, sort: wholeOrPart}}))
				if len(rivals) > most {
					t.Errorf("one more member is held against %d", len(rivals))
				}
			}
			for key := range l.moves {
				steps := 0
				for next, moves := l.moves[key]; moves; next, moves = l.moves[next] {
					steps++
				}
				if steps > most {
					t.Errorf("what is given up leads on in %d steps", steps)
				}
			}
		})
	}
}

func BenchmarkLedger(b *testing.B) {
	for what, crowd := range crowds() {
		for _, n := range []int{2_500, 10_000} {
			b.Run(fmt.Sprintf("%d %s", n, what), func(b *testing.B) {
				for b.Loop() {
					crowded(b, n, crowd)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/object")
			})
		}
	}
}
