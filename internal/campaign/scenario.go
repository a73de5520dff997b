package campaign

import (
	"maps"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// scenario is an apply that faults are injected into: of the configuration to,
// where there is what the configuration from has made. Nil is no resource.
type scenario struct {
	name     string
	from, to acctest.Attrs
}

// scenarios are those that an entity's table of acceptance tests gives.
func scenarios(s acctest.Suite) []scenario {
	least, most := s.Arguments("subject", 1, s.Least), s.Arguments("subject", 1, s.Most)
	all := []scenario{
		{"create", nil, most.With(pairs(s))},
		{"update", least, most.With(pairs(s))},
		{"destroy", most, nil},
	}
	for _, name := range slices.Sorted(maps.Keys(s.Changes)) {
		change := s.Changes[name]
		for round := 1; round < len(change.Through); round++ {
			from, to := at(s, name, change, round-1), at(s, name, change, round)
			all = append(all, scenario{strings.Join([]string{"change", name}, "-") + strings.Repeat("-again", round-1), from, to})
		}
	}
	return all
}

// at are the arguments with the value that an attribute has in a round.
func at(s acctest.Suite, name string, change acctest.Change, round int) acctest.Attrs {
	values, several := change.Through[round].(acctest.Attrs)
	if !several {
		values = acctest.Attrs{name: change.Through[round]}
	}
	return s.Arguments("subject", 1, s.Least.With(change.Beside).With(values))
}

// pairs is metadata for entities that carry it.
func pairs(s acctest.Suite) acctest.Attrs {
	for _, a := range acctest.Schemas().ResourceSchemas[s.Type].Block.Attributes {
		if a.Name == "metadata" {
			return acctest.Attrs{"metadata": map[string]any{"team": "storage", "purpose": "campaign"}}
		}
	}
	return nil
}
