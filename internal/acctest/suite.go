package acctest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Suite is an entity's acceptance tests as a table of values. Run makes the
// tests that every entity has of it, and fails where an attribute is not in it.
type Suite struct {
	Lab Lab
	// Type is the resource's, and the singular data source's.
	Type string
	// Plural names the plural data source, and its list: "volumes"; "" where there
	// is none.
	Plural string
	// Least and Most are the arguments of an object with as few, and with as many
	// as there are. An argument that no two objects share is an Own.
	Least, Most Attrs
	// Changes says for each attribute what values it takes in turn.
	Changes map[string]Change
	// Elsewhere names the test of an attribute whose changes do not fit a table.
	Elsewhere map[string]func(*testing.T)
	// Together are the values that attributes which bound each other take in turn, all at
	// once: up beyond each other's old ones, and down.
	Together []Attrs
	// Bad are values that a plan refuses.
	Bad []Bad
	// Deleting is part of the reason why deleting takes approval; "" where it
	// takes none.
	Deleting string
	// Path is the objects' collection in the system's API; Gone is the request
	// that deletes one, where it is not DELETE PATH/ID.
	Path string
	Gone func(state Object) Request
	// Permanent says that nothing deletes the objects: they are taken over.
	Permanent bool
	// Key are the attributes by which the data source finds an object and which
	// identify it, where that is not the id.
	Key []string
	// ImportID is the import id of an object, where the entity has a form of its own.
	ImportID func(of func(attribute string) string) string
	// NamedBy is the attribute that people know an object by, where that is not "name".
	NamedBy string
	// Owners are those of Key that name the objects' owners, by which alone a
	// listing is confined; where there are none, it is by all of Key.
	Owners []string
	// Unverified are attributes that an import and a data source do not show as the
	// configuration has them, and why.
	Unverified map[string]string
}

// Change is what happens to one attribute, each time on an object of its own.
type Change struct {
	// Through are the values in turn: created with the first, then changed. Nil
	// is no value; Attrs are values of this and other arguments.
	Through []any
	// Beside are arguments that the object needs beside this one.
	Beside Attrs
	// Replaces says that a change replaces the object.
	Replaces bool
	// Anew are the places in Through of the values to which a change replaces the object,
	// where it does not to the others.
	Anew []int
	// Danger is part of the reason why the change from the first value to the
	// second takes approval, where replacing is not the reason.
	Danger string
	// Drift changes the attribute on the system; nil where that cannot be.
	Drift func(state Object) Request
}

// replaces reports whether the change to a value replaces the object.
func (c Change) replaces(round int) bool { return c.Replaces || slices.Contains(c.Anew, round) }

// Bad are arguments that a plan refuses.
type Bad struct {
	// Attribute is the one in question, "rules.client" in the first record of rules; ""
	// for none in particular.
	Attribute string
	// Set are the arguments, over Least.
	Set Attrs
	// Says is part of the message.
	Says string
}

// Request is one operation of a system's API.
type Request struct {
	Method, Path string
	Body         any
}

// Own is an argument that each object of a test has a value of its own for.
type Own func(label string, n int) any

// Name is a name of the object's own.
func (s Suite) Name() Own { return Name(s.Lab) }

// Name is a name of the object's own.
func Name(lab Lab) Own {
	return func(label string, _ int) any { return lab.Name(label) }
}

// Table makes a suite with a system of its own.
type Table func(t *testing.T) Suite

// Run runs the standard tests of an entity.
func Run(t *testing.T, table Table) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(*testing.T, Suite)
	}{
		{"covers every attribute", testCoverage},
		{"lifecycle", testLifecycle},
		{"bad values", testBadValues},
		{"records", testRecords},
		{"variants", testVariants},
		{"all at once", testTogether},
		{"read-only attributes", testReadOnly},
		{"approval", testApproval},
		{"protocol", testProtocol},
		{"changes", testChanges},
		{"shortcut", testShortcut},
		{"listing", testListing},
		{"query", testQuery},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, table(t))
		})
	}
}

// one writes an object of the configuration.
func (s Suite) one(label string, n int, arguments Attrs) string {
	return s.own(label, n, arguments).Block("resource", s.Type, label)
}

// Arguments resolves arguments for an object.
func (s Suite) Arguments(label string, n int, arguments Attrs) Attrs {
	return s.own(label, n, arguments)
}

// own resolves arguments for an object.
func (s Suite) own(label string, n int, arguments Attrs) Attrs {
	all := maps.Clone(arguments)
	for name, value := range all {
		if own, ok := value.(Own); ok {
			all[name] = own(label, n)
		}
	}
	return all
}

// subject is an object that one attribute's change is tested on.
type subject struct {
	label, attribute string
	n                int
	Change
}

// subjects are the objects on which changes are tested, one an attribute.
func (s Suite) subjects() []subject {
	var all []subject
	for i, name := range slices.Sorted(maps.Keys(s.Changes)) {
		all = append(all, subject{label: "change-" + strings.ReplaceAll(name, "_", "-"), attribute: name, n: i + 3, Change: s.Changes[name]})
	}
	return all
}

// at writes the subject with the value of a round.
func (x subject) at(s Suite, round int, more Attrs) string {
	return s.one(x.label, x.n, x.arguments(s, round).With(more))
}

// arguments are the subject's in a round.
func (x subject) arguments(s Suite, round int) Attrs {
	value := x.Through[min(round, len(x.Through)-1)]
	values, several := value.(Attrs)
	if !several {
		values = Attrs{x.attribute: value}
	}
	return s.Least.With(x.Beside).With(values)
}

// address is an object's in Terraform.
func (s Suite) address(label string) string { return s.Type + "." + label }

// rounds is how many values the attribute with the most has.
func (s Suite) rounds() int {
	most := 1
	for _, change := range s.Changes {
		most = max(most, len(change.Through))
	}
	return most
}

// gone is the request that deletes an object behind Terraform's back.
func (s Suite) gone(state Object) Request {
	if s.Gone != nil {
		return s.Gone(state)
	}
	return Request{Method: "DELETE", Path: s.Path + "/" + text(state["id"])}
}

// label is the attribute that people know an object by.
func (s Suite) label() string {
	if s.NamedBy != "" {
		return s.NamedBy
	}
	return "name"
}

// forget deletes an object that a test has made.
func (s Suite) forget(t *testing.T, state Object) {
	if !s.Permanent {
		s.do(t, s.gone(state))
	}
}

// scope are the arguments of a listing of objects like the one of the state.
func (s Suite) scope(state Object) Attrs {
	scope := Attrs{}
	for _, name := range s.Owners {
		scope[name] = state[name]
	}
	return scope
}

func (s Suite) do(t *testing.T, r Request) {
	t.Helper()
	if _, err := s.Lab.Do(r.Method, r.Path, r.Body); err != nil {
		t.Errorf("%s %s: %v", r.Method, r.Path, err)
	}
}

// GoneBy is the request that deletes an object of that state behind Terraform's back.
func (s Suite) GoneBy(state Object) Request { return s.gone(state) }
