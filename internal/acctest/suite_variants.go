package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// KindOf is the page of a resource.
func KindOf(typeName string) *entity.Kind {
	for _, system := range provider.Systems("test") {
		for _, k := range system.Kinds {
			if "storage_"+k.System+"_"+k.Name == typeName {
				return k
			}
		}
	}
	return nil
}

// VariantsOf are the attributes of a resource that only some of its objects have.
func VariantsOf(typeName string) map[string]entity.Variant {
	if k := KindOf(typeName); k != nil {
		return k.Variants()
	}
	return nil
}

// objects are the arguments of all objects that the table makes.
func (s Suite) objects() []Attrs {
	all := []Attrs{s.own("least", 1, s.Least), s.own("most", 2, s.Most)}
	for _, x := range s.subjects() {
		for round := range x.Through {
			all = append(all, s.own(x.label, x.n, x.arguments(s, round)))
		}
	}
	return all
}

// misfit is a configuration that a plan refuses: with an attribute that the object does
// not have, or without one that it needs.
type misfit struct {
	attribute string
	arguments Attrs
}

// misfits are those that the objects of a table lead to, and what the table lacks:
// objects with each value on which attributes depend.
func misfits(variants map[string]entity.Variant, objects []Attrs) (all []misfit, flaws []string) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		v := variants[name]
		with := slices.IndexFunc(objects, func(o Attrs) bool { return o[name] != nil })
		for _, one := range v.All() {
			for _, value := range one.Values {
				if !slices.ContainsFunc(objects, func(o Attrs) bool { return o[one.By] == value }) {
					flaws = append(flaws, fmt.Sprintf("%s depends on %s, and no object of the table has %s = %q", name, one.By, one.By, value))
				}
			}
		}
		other := false
		for _, o := range objects {
			_, told := o[v.By].(string)
			by, has := o.has(v)
			switch {
			case told && !has && with >= 0 && !other:
				other = true
				all = append(all, misfit{name, o.With(Attrs{name: objects[with][name]})})
			case has && v.Required && o[name] == nil:
				flaws = append(flaws, fmt.Sprintf("an object of the table with %s = %q has no %s", by, o[by], name))
			}
		}
		if with >= 0 && v.Required {
			all = append(all, misfit{name, objects[with].With(Attrs{name: nil})})
		}
		if !other {
			flaws = append(flaws, fmt.Sprintf("%s depends on %s, and no object of the table is one that does not have it", name, v.By))
		}
	}
	slices.Sort(flaws)
	return all, slices.Compact(flaws)
}

// has reports whether an object of the arguments has what only a variant has, and by
// which of them.
func (a Attrs) has(v entity.Variant) (by string, has bool) {
	for _, one := range v.All() {
		if value, told := a[one.By].(string); told && slices.Contains(one.Values, value) {
			return one.By, true
		}
	}
	return "", false
}

// testVariants gives objects of each variant what only others have, and takes from them
// what they need: all of it is refused at its place.
func testVariants(t *testing.T, s Suite) {
	variants := VariantsOf(s.Type)
	if len(variants) == 0 {
		t.Skip("all objects have the same attributes")
	}
	all, flaws := misfits(variants, s.objects())
	for _, flaw := range flaws {
		t.Error(flaw)
	}
	server := NewServer(t, s.Lab)
	for _, m := range all {
		at := fmt.Sprintf("AttributeName(%q)", m.attribute)
		problems := server.Validate(s.Type, m.arguments)
		if !slices.ContainsFunc(problems.Of(tfprotov6.DiagnosticSeverityError), func(p *tfprotov6.Diagnostic) bool {
			return fmt.Sprint(p.Attribute) == at && strings.HasPrefix(p.Summary, m.attribute)
		}) {
			t.Errorf("%v: want an error at %s, have %s", m.arguments, m.attribute, problems)
		}
	}
}
