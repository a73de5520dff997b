package walk

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// change is a kind of change that administrators make. It says in words what it has
// done; "" where it could not.
type change func(m *maker, s *step, c *testcore.Config) string

// changes are those that a walk makes, as often as they stand here.
var changes = []change{
	add, add, remove, remove, rename, rekey, replace, several, several, several, again,
	exchange, exchange, hand, hand, retarget, retarget, approve, order, together,
}

// add adds an object of any kind.
func add(m *maker, _ *step, c *testcore.Config) string { return m.add(c, pick(m, m.kindNames())) }

// remove removes an object, from wherever it stands.
func remove(m *maker, _ *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	if address == "" || len(c.Resources) < 6 {
		return ""
	}
	m.drop(c, address)
	return address + " goes"
}

// rename gives an object another name.
func rename(m *maker, _ *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	if m.kindOf(address).attributes["name"] == nil {
		return ""
	}
	m.made++
	c.Resources[address].Arguments["name"] = fmt.Sprintf("n%d", m.made)
	return address + " has another name"
}

// rekey gives an object another address, with a moved block or without.
func rekey(m *maker, _ *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	if strings.HasSuffix(testcore.ResourceOf(address), ".list") {
		return ""
	}
	m.made++
	to := fmt.Sprintf("%s.key%d", testcore.TypeOf(address), m.made)
	if strings.Contains(address, "[") {
		to = fmt.Sprintf("%s[\"key%d\"]", testcore.ResourceOf(address), m.made)
	}
	c.Resources[to] = c.Resources[address]
	delete(c.Resources, address)
	for _, other := range c.Addresses() {
		redirect(c, other, address, to)
	}
	words := fmt.Sprintf("%s is called %s", address, to)
	if m.chance(2) {
		c.Moved = append(c.Moved, testcore.Move{From: address, To: to})
		return words + ", as a moved block says"
	}
	return words
}

// replace has Terraform replace an object, with -replace: none of which there is one. With
// create_before_destroy, a run that fails in between leaves that in the state twice.
func replace(m *maker, s *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	was := s.before.Resources[address].Arguments
	if slices.Contains(s.replace, address) || was == nil || m.kindOf(address).alone(was) != "" {
		return ""
	}
	s.replace = append(s.replace, address)
	return "-replace=" + address
}

// several gives some attributes of an object other values.
func several(m *maker, _ *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	k, arguments := m.kindOf(address), c.Resources[address].Arguments
	was := maps.Clone(arguments)
	m.known = m.leaf(c)
	for range 1 + m.rand.IntN(5) {
		if name := pick(m, k.changing()); name != "" {
			k.set(arguments, k.values(m, name, labelOf(arguments, address), m.made%200))
		}
	}
	return differs(address, was, arguments)
}

// again makes an object anew out of other arguments, but for its name and what it
// refers to.
func again(m *maker, _ *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	k, arguments := m.kindOf(address), c.Resources[address].Arguments
	was := maps.Clone(arguments)
	for _, name := range k.optional() {
		switch {
		case k.many(name) && arguments[name] != nil:
			arguments[name] = []any{}
		case !k.attributes[name].Computed: // else it stays as it is
			delete(arguments, name)
		}
	}
	for range 1 + m.rand.IntN(3) {
		if name := pick(m, k.optional()); name != "" {
			m.made++
			k.set(arguments, k.values(m, name, labelOf(arguments, address), m.made%200))
		}
	}
	return differs(address, was, arguments)
}

// leaf is an object of a kind that refers to nothing: whatever refers to it, nothing
// has to wait for what waits for it.
func (m *maker) leaf(c *testcore.Config) string {
	return pick(m, slices.DeleteFunc(c.Addresses(), func(address string) bool {
		k := m.kindOf(address)
		return len(k.relations) > 0 || k.attributes["metadata"] != nil
	}))
}

func labelOf(arguments map[string]any, address string) string {
	if name, ok := arguments["name"].(string); ok {
		return name
	}
	return address
}

// set sets arguments, but for the name. What the configuration leaves to the system
// stays as it was: it goes on saying so, unless it says it another way.
func (k *kind) set(arguments, values map[string]any) {
	for name, value := range values {
		if name != "name" && (value != nil || !k.attributes[name].Computed) {
			arguments[name] = value
		}
		if value == nil {
			continue
		}
		for _, other := range k.otherwise(name) {
			delete(arguments, other)
		}
	}
	k.fit(arguments)
}

func differs(address string, was, will map[string]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(merged(was, will))) {
		if !reflect.DeepEqual(was[name], will[name]) {
			parts = append(parts, fmt.Sprintf("%s from %v to %v", name, was[name], will[name]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return address + ": " + strings.Join(parts, ", ")
}

func merged(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// exchange has two objects of a kind exchange the values of an attribute.
func exchange(m *maker, _ *step, c *testcore.Config) string {
	one := pick(m, c.Addresses())
	k := m.kindOf(one)
	other := pick(m, m.of(*c, k.name))
	name := pick(m, slices.Sorted(maps.Keys(k.attributes)))
	a, b := c.Resources[one].Arguments, c.Resources[other].Arguments
	if one == other || reflect.DeepEqual(a[name], b[name]) {
		return ""
	}
	a[name], b[name] = b[name], a[name]
	for _, arguments := range []map[string]any{a, b} {
		if arguments[name] == nil && k.attributes[name].Computed {
			if !k.many(name) {
				return "" // silence would leave it as it is
			}
			arguments[name] = []any{}
		}
	}
	return fmt.Sprintf("%s and %s exchange %s", one, other, name)
}

// hand moves a member of a set from one object to another of the kind.
func hand(m *maker, _ *step, c *testcore.Config) string {
	one := pick(m, c.Addresses())
	k := m.kindOf(one)
	other := pick(m, m.of(*c, k.name))
	var sets []string
	for _, name := range slices.Sorted(maps.Keys(k.attributes)) {
		if list, ok := c.Resources[one].Arguments[name].([]any); ok && k.many(name) && len(list) > 0 {
			sets = append(sets, name)
		}
	}
	name := pick(m, sets)
	if one == other || name == "" {
		return ""
	}
	from, _ := c.Resources[one].Arguments[name].([]any)
	to, _ := c.Resources[other].Arguments[name].([]any)
	i := m.rand.IntN(len(from))
	c.Resources[other].Arguments[name] = append(slices.Clone(to), from[i])
	c.Resources[one].Arguments[name] = slices.Delete(slices.Clone(from), i, i+1)
	return fmt.Sprintf("%v moves from %s of %s to that of %s", from[i], name, one, other)
}

// retarget has an object refer to others than before.
func retarget(m *maker, _ *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	k, arguments := m.kindOf(address), c.Resources[address].Arguments
	name := pick(m, k.references())
	if name == "" || !k.has(name, arguments) {
		return ""
	}
	was := maps.Clone(arguments)
	switch {
	case k.many(name):
		arguments[name] = m.members(c, k, name, arguments)
		if len(arguments[name].([]any)) == 0 && k.mustHave(name) {
			return ""
		}
	case slices.Contains(k.either, name):
		for _, other := range k.either {
			delete(arguments, other)
		}
		fallthrough
	default:
		to := m.target(c, k.relations[name], arguments)
		if to == "" {
			return ""
		}
		arguments[name] = testcore.Ref{Address: to, Attribute: "id"}
		m.bring(c, address, name)
	}
	return differs(address, was, arguments)
}

// bring has those that must be alike follow an object: a group's members to its pool.
func (m *maker) bring(c *testcore.Config, address, changed string) {
	for _, owner := range c.Addresses() {
		k := m.kindOf(owner)
		for _, name := range k.references() {
			r := k.relations[name]
			if !slices.Contains(r.Alike, changed) || owner != address && !refersTo(c.Resources[owner].Arguments[name], address) {
				continue
			}
			value := c.Resources[address].Arguments[changed]
			c.Resources[owner].Arguments[changed] = value
			for _, ref := range testcore.References(c.Resources[owner].Arguments[name]) {
				c.Resources[ref.Address].Arguments[changed] = value
			}
		}
	}
}

// approve gives or takes the approval of a resource.
func approve(m *maker, _ *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	if m.kindOf(address).attributes["approved"] == nil {
		return ""
	}
	arguments := c.Resources[address].Arguments
	was := maps.Clone(arguments)
	arguments["approved"] = pick(m, []any{nil, true, true})
	return differs(address, was, arguments)
}

// order has a resource create its new objects before the old ones go, or no more.
func order(m *maker, _ *step, c *testcore.Config) string {
	resource := testcore.ResourceOf(pick(m, c.Addresses()))
	first := false
	for _, address := range c.Addresses() {
		if testcore.ResourceOf(address) == resource {
			r := c.Resources[address]
			r.CreateBeforeDestroy = !r.CreateBeforeDestroy
			c.Resources[address], first = r, r.CreateBeforeDestroy
		}
	}
	return fmt.Sprintf("%s has create_before_destroy = %t", resource, first)
}

// together changes one object and removes another.
func together(m *maker, s *step, c *testcore.Config) string {
	first := m.try(c, func(c *testcore.Config) string { return retarget(m, s, c) })
	second := m.try(c, func(c *testcore.Config) string { return remove(m, s, c) })
	if first == "" || second == "" {
		return first + second
	}
	return first + "; " + second
}

// spoil gives an object a value that a plan must refuse.
func spoil(m *maker, s *step, c *testcore.Config) string {
	address := pick(m, c.Addresses())
	k, arguments := m.kindOf(address), c.Resources[address].Arguments
	type way struct {
		name, what string
		value      any
		here       bool
	}
	var ways []way
	for _, name := range slices.Sorted(maps.Keys(k.attributes)) {
		list, _ := arguments[name].([]any)
		switch {
		case len(list) > 0:
			ways = append(ways, way{name, "has a null among its members", append(slices.Clone(list), nil), false})
		case k.attributes[name].ValueType().Is(tftypes.Number) && !k.decimal(name):
			ways = append(ways, way{name, "is a fraction", 1.5, false})
		}
	}
	for _, a := range acctest.Schemas().ResourceSchemas[k.resource].Block.Attributes {
		if a.Computed && !a.Optional && a.ValueType().Is(tftypes.Number) {
			ways = append(ways, way{a.Name, "is set, which the system sets", 4711, false})
		}
	}
	for _, bad := range k.suite.Bad {
		value := bad.Set[bad.Attribute]
		// A truth value is bad beside other arguments alone, and of what is always the same there is no other.
		_, truth := value.(bool)
		if _, always := k.always[bad.Attribute]; always && truth {
			continue
		}
		if value != nil && len(bad.Set) == 1 && len(k.relations[bad.Attribute].To) == 0 {
			ways = append(ways, way{bad.Attribute, fmt.Sprintf("is bad: %v", value), value, true})
		}
	}
	how := pick(m, ways)
	if how.name == "" {
		return ""
	}
	arguments[how.name] = how.value
	s.bad, s.badAt, s.badName, s.badValue, s.badHere = how.name+" "+how.what, address, how.name, how.value, how.here
	return address + ": " + s.bad
}
