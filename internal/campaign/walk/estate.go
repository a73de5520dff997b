package walk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Estate is what a walk goes through: the kinds, whose values are those of their
// acceptance tests, and what these do not say of how kinds hang together.
type Estate struct {
	// Lab makes a system.
	Lab func(t *testing.T) acctest.Simulated
	// Prefix begins the names of the resources' types: "storage_infinibox_".
	Prefix string
	// Tables are the acceptance tests' by kind.
	Tables map[string]acctest.Table
	// Aside are kinds that take no part, and why.
	Aside map[string]string
	// Relations are attributes that refer to other objects, by "KIND.ATTRIBUTE" or by
	// "ATTRIBUTE" alone. An attribute KIND_id or KIND_ids refers to that kind without
	// being named here.
	Relations map[string]Relation
	// Either are attributes of a kind of which an object has exactly one, and Instead
	// those of which it has one at most: each is another way to say the same.
	Either  map[string][]string
	Instead map[string][]string
	// Unique are attributes, by kind, that no two objects have alike, beyond the name
	// and the key; it does not bind an object without the last of them.
	Unique map[string][][]string
	// Shared are sets and lists, by "KIND.ATTRIBUTE", of which several objects may have the
	// same members.
	Shared []string
	// Behind are what others do to an object behind Terraform's back, by words, beyond
	// the drift that the tables have. Member is the id of an object that they have.
	Behind map[string]map[string]func(state acctest.Object, member any) acctest.Request
	// Stays are kinds that nobody deletes behind Terraform's back, and why.
	Stays map[string]string
	// Theirs is the configuration of others on the same array. What is done Behind is
	// done with the object of the address Member.
	Theirs testcore.Config
	Member string
	// Lasting are parts of warnings that tell of what others have done and only the
	// user can undo: they come with every plan.
	Lasting []string
	// Never reports whether an error of an apply says that the array does not make a
	// change of what is there, whatever else changes: only the array knows, and says so.
	Never func(testcore.Said, *testcore.Plan) bool
	// About reports whether a request to a path is about an object whose id is not in it.
	About func(path string, object map[string]any) bool
	// Contradicts says what in a configuration is at odds; "" for nothing.
	Contradicts func(testcore.Config) string
	// Always are the values, by "KIND.ATTRIBUTE", of attributes whose other values no
	// array could hold beside the rest.
	Always map[string]any
}

// Relation is what an attribute refers to.
type Relation struct {
	// To are kinds; none says that the attribute is left alone.
	To []string
	// Once says that an object is referred to by one at most.
	Once bool
	// Alike are attributes that both sides have the same of, and Among those that all
	// that one object refers to have the same of.
	Alike, Among []string
	// Needs names an attribute without which an object is not referred to.
	Needs string
}

// kind is a kind that takes part.
type kind struct {
	name       string
	resource   string // the resource's type
	page       *entity.Kind
	suite      acctest.Suite
	attributes map[string]*tfprotov6.SchemaAttribute
	relations  map[string]Relation
	unique     [][]string
	either     []string
	instead    []string
	shared     []string
	always     map[string]any
	behind     map[string]func(state acctest.Object, member any) acctest.Request
	variants   map[string]entity.Variant
}

// kinds reads the tables.
func (e Estate) kinds(t *testing.T) map[string]*kind {
	t.Helper()
	all := map[string]*kind{}
	for name, table := range e.Tables {
		if e.Aside[name] != "" {
			continue
		}
		k := &kind{
			name: name, resource: e.Prefix + name, page: acctest.KindOf(e.Prefix + name), suite: table(t), attributes: map[string]*tfprotov6.SchemaAttribute{},
			relations: map[string]Relation{}, unique: e.Unique[name], either: e.Either[name], instead: e.Instead[name], behind: e.Behind[name], always: map[string]any{},
			variants: acctest.VariantsOf(e.Prefix + name),
		}
		for _, a := range acctest.Schemas().ResourceSchemas[k.resource].Block.Attributes {
			if !a.Required && !a.Optional {
				continue
			}
			k.attributes[a.Name] = a
			if r, ok := e.relation(name, a.Name); ok {
				k.relations[a.Name] = r
			}
			if slices.Contains(e.Shared, name+"."+a.Name) {
				k.shared = append(k.shared, a.Name)
			}
			if v, ok := e.Always[name+"."+a.Name]; ok {
				k.always[a.Name] = v
			}
		}
		if k.attributes["name"] != nil {
			k.unique = append(k.unique, []string{"name"})
		}
		all[name] = k
	}
	return all
}

// relation is what an attribute of a kind refers to.
func (e Estate) relation(kind, attribute string) (Relation, bool) {
	for _, name := range []string{kind + "." + attribute, attribute} {
		if r, ok := e.Relations[name]; ok {
			return r, true
		}
	}
	for _, suffix := range []string{"_id", "_ids"} {
		if other, ok := strings.CutSuffix(attribute, suffix); ok && e.Tables[other] != nil && e.Aside[other] == "" {
			return Relation{To: []string{other}}, true
		}
	}
	return Relation{}, false
}

// many reports whether an attribute is a set or a list.
func (k *kind) many(attribute string) bool {
	t := k.attributes[attribute].ValueType()
	return t.Is(tftypes.Set{}) || t.Is(tftypes.List{})
}

// decimal reports whether an attribute takes fractions.
func (k *kind) decimal(attribute string) bool {
	return slices.ContainsFunc(k.suite.Changes[attribute].Through, func(value any) bool {
		_, fraction := value.(float64)
		return fraction
	})
}

// mustHave reports whether every object of the kind has a value of the attribute.
func (k *kind) mustHave(attribute string) bool {
	if slices.Contains(k.either, attribute) {
		return true
	}
	if v, some := k.variants[attribute]; some {
		return v.Required // of those that have it
	}
	_, least := k.suite.Least[attribute]
	return k.attributes[attribute].Required || least
}

// alone says which object it is that there is one of, whoever has it in a state; "" where
// there may be several.
func (k *kind) alone(arguments map[string]any) string {
	by, _ := arguments[k.page.BuiltIn.By].(string)
	switch {
	case k.page.Presence == entity.Only, k.page.Presence == entity.Sole:
		return k.name
	case slices.Contains(k.page.BuiltIn.Values, by):
		return k.name + " " + by
	}
	return ""
}

// otherwise are the attributes that say another way what one says, where only one of
// them can.
func (k *kind) otherwise(attribute string) []string {
	for _, names := range [][]string{k.either, k.instead} {
		if slices.Contains(names, attribute) {
			return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == attribute })
		}
	}
	return nil
}

// has reports whether an object with the arguments can have the attribute.
func (k *kind) has(attribute string, arguments map[string]any) bool {
	v, some := k.variants[strings.TrimSuffix(attribute, "_version")] // a secret's, which goes with it
	if !some {
		return true
	}
	return slices.ContainsFunc(v.All(), func(one entity.Variant) bool {
		by, _ := arguments[one.By].(string)
		return k.has(one.By, arguments) && slices.Contains(one.Values, by)
	})
}

// fit takes from arguments what the object does not have by now.
func (k *kind) fit(arguments map[string]any) {
	was := maps.Clone(arguments)
	maps.DeleteFunc(arguments, func(name string, _ any) bool { return !k.has(name, was) })
}

// optional are the attributes that the table has values of and an object may do
// without, but for those that refer to others.
func (k *kind) optional() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(k.suite.Changes)) {
		if _, refers := k.relations[name]; !refers && k.attributes[name] != nil && !k.mustHave(name) {
			all = append(all, name)
		}
	}
	return all
}

// changing are the attributes that the table has values of, but for those that refer
// to others, and the name.
func (k *kind) changing() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(k.suite.Changes)) {
		if _, refers := k.relations[name]; !refers && k.attributes[name] != nil && name != "name" {
			all = append(all, name)
		}
	}
	if k.attributes["metadata"] != nil {
		all = append(all, "metadata")
	}
	return all
}

// references are the attributes that refer to others.
func (k *kind) references() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(k.relations)) {
		if len(k.relations[name].To) > 0 {
			all = append(all, name)
		}
	}
	return all
}

// plain are arguments without those that refer to others.
func (k *kind) plain(label string, n int, arguments acctest.Attrs) map[string]any {
	all := map[string]any{}
	own := maps.Clone(arguments)
	maps.DeleteFunc(own, func(name string, _ any) bool { // which may make what it refers to
		_, refers := k.relations[name]
		return refers || k.attributes[name] == nil
	})
	maps.Copy(all, k.suite.Arguments(label, n, own))
	maps.Copy(all, k.always)
	return all
}

// values are arguments with another value of an attribute from the table.
func (k *kind) values(m *maker, attribute, label string, n int) map[string]any {
	if attribute == "metadata" {
		return map[string]any{attribute: m.pairs()}
	}
	change := k.suite.Changes[attribute]
	value := change.Through[m.rand.IntN(len(change.Through))]
	several, ok := value.(acctest.Attrs)
	if !ok {
		several = acctest.Attrs{attribute: m.near(value)}
	}
	return k.plain(label, n, change.Beside.With(several))
}

// invalid says what in a configuration no array could hold, as far as the estate's
// description tells; "" for nothing.
func (m *maker) invalid(c testcore.Config) string {
	taken := map[string]string{}
	for _, address := range c.Addresses() {
		k, arguments := m.kindOf(address), c.Resources[address].Arguments
		claim := func(what string) string {
			if other, ok := taken[what]; ok && other != address {
				return fmt.Sprintf("%s and %s both have %s", other, address, what)
			}
			taken[what] = address
			return ""
		}
		if one := k.alone(arguments); one != "" {
			if wrong := claim(one); wrong != "" {
				return wrong
			}
		}
		for _, names := range k.unique {
			if arguments[names[len(names)-1]] == nil {
				continue
			}
			if wrong := claim(k.name + tuple(names, arguments)); wrong != "" {
				return wrong
			}
		}
		if key := k.suite.Key; len(key) > 0 && !slices.Contains(key, "id") {
			if wrong := claim(k.name + tuple(key, arguments)); wrong != "" {
				return wrong
			}
		}
		for name := range k.attributes {
			r, refers := k.relations[name]
			list, _ := arguments[name].([]any)
			for _, member := range list {
				if (!refers || r.Once) && !slices.Contains(k.shared, name) {
					if wrong := claim(fmt.Sprintf("%s %s %v", k.name, name, member)); wrong != "" {
						return wrong
					}
				}
			}
			for _, among := range r.Among {
				if refs := testcore.References(arguments[name]); slices.ContainsFunc(refs, func(ref testcore.Ref) bool {
					return fmt.Sprint(c.Resources[ref.Address].Arguments[among]) != fmt.Sprint(c.Resources[refs[0].Address].Arguments[among])
				}) {
					return fmt.Sprintf("what %s refers to differs in %s", address, among)
				}
			}
			for _, ref := range testcore.References(arguments[name]) {
				other, there := c.Resources[ref.Address]
				if !there || testcore.ResourceOf(ref.Address) == testcore.ResourceOf(address) {
					return address + " refers to " + ref.Address
				}
				if r.Needs != "" && len(testcore.References(other.Arguments[r.Needs])) == 0 {
					return ref.Address + " has no " + r.Needs
				}
				for _, alike := range r.Alike {
					if fmt.Sprint(other.Arguments[alike]) != fmt.Sprint(arguments[alike]) {
						return fmt.Sprintf("%s and %s differ in %s", address, ref.Address, alike)
					}
				}
			}
		}
		for name := range k.attributes {
			switch has := k.has(name, arguments); {
			case !has && arguments[name] != nil:
				return address + " cannot have " + name
			case has && k.mustHave(name) && arguments[name] == nil && !slices.Contains(k.either, name):
				return address + " has no " + name
			}
		}
		if len(k.either) > 0 && count(k.either, arguments) != 1 {
			return address + " has not one of " + strings.Join(k.either, ", ")
		}
		if count(k.instead, arguments) > 1 {
			return address + " has more than one of " + strings.Join(k.instead, ", ")
		}
	}
	if m.estate.Contradicts == nil {
		return ""
	}
	return m.estate.Contradicts(c)
}

// count is how many of the attributes have a value.
func count(names []string, arguments map[string]any) int {
	n := 0
	for _, name := range names {
		if arguments[name] != nil {
			n++
		}
	}
	return n
}

func tuple(names []string, arguments map[string]any) string {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, " %s=%v", name, arguments[name])
	}
	return b.String()
}
