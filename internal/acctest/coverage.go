package acctest

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// shared are the attributes that the engine gives every entity, which tests of
// their own see to.
var shared = map[string]bool{"approved": true, "metadata": true, "timeouts": true}

// testCoverage fails where the table does not set, change or spoil an attribute
// that a user can set, spoil or change.
func testCoverage(t *testing.T, s Suite) {
	server := NewServer(t, s.Lab)
	spoiled := map[string]bool{}
	for _, bad := range s.Bad {
		spoiled[bad.Attribute] = true
	}
	checked := checkedAttributes(t, s.Type)
	attributes := server.Attributes(s.Type)
	for name, a := range attributes {
		switch {
		case !a.Required && !a.Optional, shared[name]:
			continue
		case a.Required && s.Least[name] == nil:
			t.Errorf("%s is required, and not in Least", name)
		case !a.Required && !a.WriteOnly && s.Least[name] != nil && !sameArgument(s.Least[name], s.Most[name]) && len(s.Key) == 0:
			t.Errorf("%s is not required, and in Least", name)
		}
		if _, elsewhere := s.Elsewhere[name]; elsewhere {
			continue
		}
		_, changes := s.Changes[name]
		set := s.Most[name] != nil
		for _, change := range s.Changes {
			set = set || change.Beside[name] != nil
		}
		if !set && !changes {
			t.Errorf("no test sets %s", name)
		}
		if !changes && !a.WriteOnly {
			t.Errorf("no test changes %s", name)
		}
		if checked[name] && !spoiled[name] {
			t.Errorf("%s is checked, and no test has a bad value of it", name)
		}
		for member := range members(a) {
			if at := name + "." + member; checked[at] && !spoiled[at] {
				t.Errorf("%s is checked, and no test has a bad value of it", at)
			}
		}
	}
	for _, name := range byValue(s.Type) {
		if change := s.Changes[name]; s.Elsewhere[name] == nil && (len(change.Anew) == 0 || len(change.Anew) > len(change.Through)-2) {
			t.Errorf("%s replaces the object with some values: no test changes it in place, or none to one that is Anew", name)
		}
	}
	for _, table := range []Attrs{s.Least, s.Most} {
		for name := range table {
			if attributes[name] == nil {
				t.Errorf("the table sets %s, which %s does not have", name, s.Type)
			}
		}
	}
	if _, dangerous := attributes["approved"]; dangerous && s.Deleting == "" && s.Elsewhere["approved"] == nil {
		for _, change := range s.Changes {
			if change.Danger != "" {
				return
			}
		}
		t.Error("something about it is dangerous, and no test says what")
	}
}

// byValue are the attributes of a resource of which some changes replace the object.
func byValue(typeName string) []string {
	if k := KindOf(typeName); k != nil {
		return k.ReplacedByValue()
	}
	return nil
}

// sameArgument reports whether a table has the same for an object with the least
// and with the most arguments.
func sameArgument(least, most any) bool {
	_, own := least.(Own)
	_, mostOwn := most.(Own)
	return own && mostOwn || !own && !mostOwn && reflect.DeepEqual(least, most)
}

// checkedAttributes are the attributes of a resource that have validators, and the
// members of its records that have: "rules.client".
func checkedAttributes(t *testing.T, typeName string) map[string]bool {
	t.Helper()
	checked := map[string]bool{}
	for _, newResource := range provider.New("test")().Resources(t.Context()) {
		r := newResource()
		var metadata resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "storage"}, &metadata)
		if metadata.TypeName != typeName {
			continue
		}
		var made resource.SchemaResponse
		r.Schema(t.Context(), resource.SchemaRequest{}, &made)
		for name, a := range made.Schema.Attributes {
			checked[name] = isChecked(a)
			if nested, ok := a.(schema.ListNestedAttribute); ok {
				for member, within := range nested.NestedObject.Attributes {
					checked[name+"."+member] = isChecked(within)
				}
			}
		}
	}
	return checked
}

// isChecked reports whether an attribute has validators.
func isChecked(a schema.Attribute) bool {
	switch a := a.(type) {
	case schema.StringAttribute:
		return len(a.Validators) > 0
	case schema.Int64Attribute:
		return len(a.Validators) > 0
	case schema.Float64Attribute:
		return len(a.Validators) > 0
	case schema.SetAttribute:
		return len(a.Validators) > 0
	case schema.ListAttribute:
		return len(a.Validators) > 0
	case schema.ListNestedAttribute:
		return len(a.Validators) > 0
	case schema.MapAttribute:
		return len(a.Validators) > 0
	}
	return false
}
