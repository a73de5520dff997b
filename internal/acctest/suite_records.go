package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// members are the attributes within a nested one that a user writes, by name; none
// where it is not nested.
func members(a *tfprotov6.SchemaAttribute) map[string]*tfprotov6.SchemaAttribute {
	all := map[string]*tfprotov6.SchemaAttribute{}
	if a.NestedType != nil {
		for _, member := range a.NestedType.Attributes {
			if member.Required || member.Optional {
				all[member.Name] = member
			}
		}
	}
	return all
}

// record is a record of an attribute that the table has somewhere.
func (s Suite) record(name string) Attrs {
	tables := []Attrs{s.Most, s.Least}
	for _, change := range s.Changes {
		tables = append(tables, change.Beside)
		for _, value := range change.Through {
			if several, ok := value.(Attrs); ok {
				tables = append(tables, several)
			}
		}
	}
	for _, value := range s.Changes[name].Through {
		tables = append(tables, Attrs{name: value})
	}
	for _, table := range tables {
		if records, _ := table[name].([]any); len(records) > 0 {
			one, _ := records[0].(Attrs)
			return one
		}
	}
	return nil
}

// testRecords leaves each required member of each record out, which is refused at its
// place, puts the table's bad values of members where they are told of, and plans objects
// of which nobody knows one member of a record yet.
func testRecords(t *testing.T, s Suite) {
	server := NewServer(t, s.Lab)
	attributes := server.Attributes(s.Type)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		within := members(attributes[name])
		if len(within) == 0 || shared[name] {
			continue
		}
		sound := s.record(name)
		if sound == nil {
			t.Errorf("the table has no record of %s", name)
			continue
		}
		s.plansUnknown(t, server, name, within)
		for member, a := range within {
			if a.Required {
				records := []any{sound, sound.With(Attrs{member: nil})}
				s.refusesAt(t, server, Attrs{name: records}, place(name, 1, member), "")
			}
		}
	}
	for _, bad := range s.Bad {
		if name, member, nested := strings.Cut(bad.Attribute, "."); nested {
			s.refusesAt(t, server, bad.Set, place(name, 0, member), bad.Says)
		}
	}
}

// plansUnknown holds that the first object of the table with such records can be planned
// also where a member of one is known only after apply.
func (s Suite) plansUnknown(t *testing.T, server *Server, name string, within map[string]*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, o := range s.objects() {
		records, _ := o[name].([]any)
		if len(records) == 0 {
			continue
		}
		one, _ := records[0].(Attrs)
		for member := range within {
			if one[member] == nil {
				continue
			}
			server.Again()
			several := append([]any{one.With(Attrs{member: testcore.Unknown{}})}, records[1:]...)
			if problems := server.PlanNew(s.Type, o.With(Attrs{name: several})); problems.Failed() {
				t.Errorf("with a %s of %s that is known only after apply, the plan fails: %s", member, name, problems)
			}
		}
		return
	}
}

// refusesAt holds that arguments are refused with an error at a place.
func (s Suite) refusesAt(t *testing.T, server *Server, arguments Attrs, place, says string) {
	t.Helper()
	problems := server.Validate(s.Type, s.own("record", 1, s.Least).With(arguments))
	if !slices.ContainsFunc(problems.Of(tfprotov6.DiagnosticSeverityError), func(p *tfprotov6.Diagnostic) bool {
		return fmt.Sprint(p.Attribute) == place && strings.Contains(p.Summary+p.Detail, says)
	}) {
		t.Errorf("%v: want an error at %s with %q, have %s", arguments, place, says, problems)
	}
}

// place is where an error about the member of a record is.
func place(name string, i int, member string) string {
	return fmt.Sprintf("AttributeName(%q).ElementKeyInt(%d).AttributeName(%q)", name, i, member)
}
