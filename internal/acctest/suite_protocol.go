package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
)

// testProtocol follows an object's identity through creation, refresh, import
// and query, as Terraform 1.12 and 1.14 do.
func testProtocol(t *testing.T, s Suite) {
	server := NewServer(t, s.Lab)
	most := s.own("most", 2, s.Most)
	state, identity := server.Create(s.Type, most)
	t.Cleanup(func() { s.forget(t, state) })

	key := s.Key
	if len(key) == 0 {
		key = []string{"id"}
	}
	for _, name := range key {
		if identity[name] != state[name] {
			t.Errorf("creation: identity has %s %v, the state %v", name, identity[name], state[name])
		}
	}
	read, again := server.Read(s.Type, state, identity)
	if fmt.Sprint(again) != fmt.Sprint(identity) {
		t.Errorf("refresh: identity %v, was %v", again, identity)
	}
	differ(t, "refresh", read, state, nil)

	imported, again, problems := server.Import(s.Type, "", identity)
	if problems.Failed() || fmt.Sprint(again) != fmt.Sprint(identity) {
		t.Fatalf("import by identity: %v, was %v\n%s", again, identity, problems)
	}
	if got, _ := server.Read(s.Type, imported, again); got["id"] != state["id"] {
		t.Errorf("import by identity finds %v, want id %v", got, state["id"])
	}
	for _, id := range []string{"", "nothing", "name=no-such-name", "id=", "1=2"} {
		if _, _, problems := server.Import(s.Type, id, nil); id != "" && !problems.Failed() {
			t.Errorf("import %q is not refused", id)
		}
	}

	if s.Plural == "" {
		return
	}
	found, problems := server.List(s.Type, s.listScope(state), 0, true)
	if problems.Failed() || len(found) != 1 {
		t.Fatalf("query finds %d objects, want 1\n%s", len(found), problems)
	}
	if fmt.Sprint(found[0].Identity) != fmt.Sprint(identity) || found[0].Name == "" {
		t.Errorf("query finds identity %v named %q, want %v", found[0].Identity, found[0].Name, identity)
	}
	differ(t, "query", found[0].Resource, state, s.Unverified)
}

// testChanges changes objects attribute by attribute, or makes one with each value
// where a change replaces it, and deletes them, each by itself: so it shows which
// operations of the system that takes.
func testChanges(t *testing.T, s Suite) {
	server := NewServer(t, s.Lab)
	apply := func(state, identity Object, config Attrs) (Object, Object) {
		t.Helper()
		server.Again() // each is a run of its own
		return server.Apply(s.Type, state, identity, config)
	}
	least, identity := apply(nil, nil, s.own("least", 1, s.Least))
	if gone, _ := apply(least, identity, nil); gone != nil {
		t.Errorf("deleted, there is still %v", gone)
	}
	for _, x := range s.subjects() {
		if x.Replaces {
			for round := range x.Through {
				state, identity := apply(nil, nil, s.own(x.label, x.n, x.arguments(s, round)))
				apply(state, identity, nil)
			}
			continue
		}
		state, identity := apply(nil, nil, s.own(x.label, x.n, x.arguments(s, 0)))
		for round := 1; round < len(x.Through); round++ {
			if x.replaces(round) {
				apply(state, identity, nil)
				state, identity = nil, nil
			}
			state, identity = apply(state, identity, s.own(x.label, x.n, x.arguments(s, round)))
			read, _ := server.Read(s.Type, state, identity)
			differ(t, x.label, read, state, nil)
		}
		apply(state, identity, nil)
	}
}

// listScope are the arguments of a listing that finds one object alone.
func (s Suite) listScope(state Object) Attrs {
	if len(s.Key) == 0 {
		return Attrs{"filters": []any{Attrs{"field": "id", "values": []any{text(state["id"])}}}}
	}
	if len(s.Owners) > 0 {
		return s.scope(state)
	}
	scope := Attrs{}
	for _, name := range s.Key {
		scope[name] = state[name]
	}
	return scope
}

func differ(t *testing.T, doing string, have, want Object, but map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if but[name] == "" && fmt.Sprint(have[name]) != fmt.Sprint(want[name]) {
			t.Errorf("%s: %s is %v, was %v", doing, name, have[name], want[name])
		}
	}
}

// testListing lists by every field that the docs offer, which the system must
// take, and by some that it would not.
func testListing(t *testing.T, s Suite) {
	if s.Plural == "" {
		t.Skip("it has no listing")
	}
	server := NewServer(t, s.Lab)
	var ids []string
	var scope Attrs
	for i := range 3 {
		label := fmt.Sprintf("listed-%d", i)
		state, _ := server.Create(s.Type, s.own(label, i+1, s.Least))
		t.Cleanup(func() { s.forget(t, state) })
		ids, scope = append(ids, text(state["id"])), s.scope(state)
	}
	for _, limit := range []int64{1, 2} {
		if found, problems := server.List(s.Type, scope, limit, false); len(found) != int(limit) || found[0].Resource != nil {
			t.Errorf("query with limit %d finds %v\n%s", limit, found, problems)
		}
		found, problems := server.Look(s.plural(), scope.With(Attrs{"limit": limit}))
		if members, _ := found[s.Plural].([]any); len(members) != int(limit) {
			t.Errorf("limit %d finds %d\n%s", limit, len(members), problems)
		}
	}
	if _, problems := server.Look(s.plural(), scope.With(Attrs{"limit": 0})); !strings.Contains(problems.String(), "at least 1") {
		t.Errorf("limit 0: %s", problems)
	}
	filterable, sortable := server.offered(s.plural())
	if len(s.Key) > 0 && len(s.Owners) == 0 || !slices.Contains(filterable, "id") {
		return // listed by scope, not by filter
	}

	mine := Attrs{"field": "id", "operator": "in", "values": ids}
	for _, order := range []string{"id", "-id"} {
		found, problems := server.Look(s.plural(), scope.With(Attrs{"filters": []any{mine}, "sort": []any{order}}))
		members, _ := found[s.Plural].([]any)
		if len(members) != len(ids) {
			t.Fatalf("in %v finds %d\n%s", ids, len(members), problems)
		}
		var have []string
		for _, m := range members {
			have = append(have, text(m.(Object)["id"]))
		}
		want := slices.Clone(ids) // in the order of their creation, as ids are
		if order == "-id" {
			slices.Reverse(want)
		}
		if !slices.Equal(have, want) {
			t.Errorf("sorted by %s: %v, want %v", order, have, want)
		}
	}
	for _, field := range filterable {
		if _, problems := server.Look(s.plural(), scope.With(Attrs{"filters": []any{Attrs{"field": field, "operator": "isnot"}}})); problems.Failed() {
			t.Errorf("filter by %s: %s", field, problems)
		}
	}
	for _, field := range sortable {
		if _, problems := server.Look(s.plural(), scope.With(Attrs{"sort": []any{field}})); problems.Failed() {
			t.Errorf("sort by %s: %s", field, problems)
		}
	}
	all := server.schema.DataSourceSchemas[s.Type].Block.Attributes
	for _, attribute := range all {
		if !slices.Contains(filterable, attribute.Name) {
			filter := scope.With(Attrs{"filters": []any{Attrs{"field": attribute.Name, "values": []any{"1"}}}})
			if _, problems := server.Look(s.plural(), filter); !strings.Contains(problems.String(), "cannot be filtered by") {
				t.Errorf("filter by %s: %s", attribute.Name, problems)
			}
			if _, problems := server.List(s.Type, filter, 0, false); !strings.Contains(problems.String(), "cannot be filtered by") {
				t.Errorf("query filtered by %s: %s", attribute.Name, problems)
			}
		}
		if !slices.Contains(sortable, attribute.Name) {
			if _, problems := server.Look(s.plural(), scope.With(Attrs{"sort": []any{attribute.Name}})); !strings.Contains(problems.String(), "cannot be sorted by") {
				t.Errorf("sort by %s: %s", attribute.Name, problems)
			}
		}
	}
	wrong := []Attrs{{"id": -7}, {}}
	if server.has(s.Type, s.label()) {
		wrong = append(wrong, Attrs{s.label(): "no-such-name"}, Attrs{"id": 1, s.label(): "both"})
	}
	for _, wrong := range wrong {
		if _, problems := server.Look(s.Type, scope.With(wrong)); !problems.Failed() {
			t.Errorf("looking up %v is not refused", wrong)
		}
	}
}

// has reports whether the data source of one object has an attribute.
func (s *Server) has(source, attribute string) bool {
	for _, a := range s.schema.DataSourceSchemas[source].Block.Attributes {
		if a.Name == attribute {
			return true
		}
	}
	return false
}

// offered are the fields that a plural data source says it can be filtered and
// sorted by.
func (s *Server) offered(plural string) (filterable, sortable []string) {
	for _, a := range s.schema.DataSourceSchemas[plural].Block.Attributes {
		_, list, _ := strings.Cut(a.Description, ": `")
		names := strings.Split(strings.TrimSuffix(list, "`."), "`, `")
		switch a.Name {
		case "filters":
			filterable = names
		case "sort":
			sortable = names
		}
	}
	return filterable, sortable
}

// testQuery is terraform query, and an import by identity, with the real CLI, as far as it
// knows them.
func testQuery(t *testing.T, s Suite) {
	if s.Plural == "" {
		t.Skip("it has no listing")
	}
	confined := ""
	if len(s.Owners) > 0 {
		confined = "  config {\n" + s.scope(Object(s.Most)).HCL() + "  }\n"
	}
	imports, queries := Knows(t, Identities) && !s.unverifiable(), Knows(t, Queries)
	if !imports && !queries {
		t.Skip("the CLI knows nothing of it")
	}
	provider := s.Lab.Provider(Attrs{"approve_dangerous_operations": true})
	steps := []resource.TestStep{{Config: provider + s.one("most", 2, s.Most)}}
	if imports {
		steps = append(steps, resource.TestStep{
			ResourceName: s.address("most"), ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
			Config: provider + s.one("most", 2, withoutSecrets(s.Most)),
		})
	}
	if queries {
		steps = append(steps, resource.TestStep{
			// The provider's configuration is that of the first step.
			Query:  true,
			Config: "list \"" + s.Type + "\" \"all\" {\n  provider = storage\n" + confined + "}\n",
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLengthAtLeast(s.address("all"), 1),
			},
		})
	}
	Test(t, resource.TestCase{Steps: steps})
}
