package walk

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// maker makes configurations, by the seed's random numbers.
type maker struct {
	rand   *rand.Rand
	estate Estate
	kinds  map[string]*kind
	// made counts the objects, for names that no two of them have.
	made int
	// plain says that objects get as few arguments as can be.
	plain bool
	// known is an object whose id metadata may tell; it may be new.
	known string
}

// kindOf is the kind of an address.
func (m *maker) kindOf(address string) *kind {
	for _, k := range m.kinds {
		if k.resource == testcore.TypeOf(address) {
			return k
		}
	}
	return nil
}

func (m *maker) chance(oneIn int) bool { return m.rand.IntN(oneIn) == 0 }

// pick is one of several; the zero value of none.
func pick[T any](m *maker, some []T) T {
	var none T
	if len(some) == 0 {
		return none
	}
	return some[m.rand.IntN(len(some))]
}

// kindNames are those of all kinds.
func (m *maker) kindNames() []string { return slices.Sorted(maps.Keys(m.kinds)) }

// of are the addresses of a kind's objects.
func (m *maker) of(c testcore.Config, names ...string) []string {
	var all []string
	for _, address := range c.Addresses() {
		if slices.Contains(names, m.kindOf(address).name) {
			all = append(all, address)
		}
	}
	return all
}

// near is a table's value, or another like it.
func (m *maker) near(value any) any {
	switch v := value.(type) {
	case int:
		if v > 20 && m.chance(2) {
			return v + m.rand.IntN(21) - 10
		}
	case string:
		if bytes, err := entity.ParseCapacity(v); err == nil && bytes < 1e12 && m.chance(3) {
			return entity.FormatCapacity(bytes * int64(100*(1+m.rand.IntN(4))))
		}
	}
	return value
}

// pairs are metadata: texts, what is known only after apply, and null, which is none.
func (m *maker) pairs() map[string]any {
	pairs := map[string]any{}
	for _, key := range []string{"team", "site", "made_by"} {
		switch m.rand.IntN(4) {
		case 0:
			pairs[key] = fmt.Sprintf("%s-%d", key, m.made)
		case 1:
			pairs[key] = nil
		case 2:
			if m.known != "" {
				pairs[key] = testcore.Ref{Address: m.known, Attribute: "id"}
			}
		}
	}
	return pairs
}

// start is a small estate: counted lists, maps and single objects of all kinds.
func (m *maker) start() testcore.Config {
	m.plain = true
	defer func() { m.plain = false }()
	c := testcore.Config{Resources: map[string]testcore.Resource{}}
	names := m.kindNames()
	m.rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		for range 1 + m.rand.IntN(2) {
			m.try(&c, func(c *testcore.Config) string { return m.add(c, name) })
		}
	}
	return c
}

// try makes a change of a configuration where that leaves it possible.
func (m *maker) try(c *testcore.Config, change func(*testcore.Config) string) string {
	for range 5 {
		changed := c.Clone()
		words := change(&changed)
		if words != "" && m.invalid(changed) == "" {
			*c = changed
			return words
		}
	}
	return ""
}

// add adds an object: one of its own, one to a map, or one to a counted list.
func (m *maker) add(c *testcore.Config, name string) string {
	k := m.kinds[name]
	m.made++
	label := fmt.Sprintf("%c%d", name[0], m.made)
	arguments := m.arguments(c, k, label)
	if arguments == nil {
		return ""
	}
	list := k.resource + ".list"
	n := 0
	for c.Resources[indexed(list, n)].Arguments != nil {
		n++
	}
	switch {
	case m.chance(3) && n < 4:
		at := m.rand.IntN(n + 1)
		for i := n; i > at; i-- {
			c.Resources[indexed(list, i)] = c.Resources[indexed(list, i-1)]
		}
		c.Resources[indexed(list, at)] = testcore.Resource{Arguments: arguments}
		return fmt.Sprintf("%s enters a list of %d as number %d", indexed(list, at), n, at)
	case m.chance(2):
		address := fmt.Sprintf("%s.map[%q]", k.resource, label)
		c.Resources[address] = testcore.Resource{Arguments: arguments}
		return address + " is new"
	}
	address := k.resource + "." + label
	c.Resources[address] = testcore.Resource{Arguments: arguments}
	return address + " is new"
}

func indexed(resource string, n int) string { return resource + "[" + strconv.Itoa(n) + "]" }

// arguments are those of a new object; nil where it cannot be.
func (m *maker) arguments(c *testcore.Config, k *kind, label string) map[string]any {
	all := k.plain(label, m.made%200, k.suite.Least)
	if !m.plain && m.chance(3) {
		all = k.plain(label, m.made%200, k.suite.Most)
	}
	for range m.rand.IntN(3) {
		if m.plain {
			break
		}
		if name := pick(m, k.optional()); name != "" {
			maps.Copy(all, k.values(m, name, label, m.made%200))
		}
	}
	k.fit(all)
	if k.attributes["approved"] != nil && m.chance(2) {
		all["approved"] = true
	}
	if !m.relate(c, k, all, k.mustHave) {
		return nil
	}
	m.relate(c, k, all, func(name string) bool { return !k.mustHave(name) && m.chance(2) })
	return all
}

// relate has an object refer to others, by the attributes that pass the test.
func (m *maker) relate(c *testcore.Config, k *kind, arguments map[string]any, test func(string) bool) bool {
	either := pick(m, k.either)
	for _, name := range k.references() {
		if !test(name) || !k.has(name, arguments) || slices.Contains(k.either, name) && name != either {
			continue
		}
		if k.many(name) {
			arguments[name] = m.members(c, k, name, arguments)
			if len(arguments[name].([]any)) == 0 && k.mustHave(name) {
				return false
			}
			continue
		}
		to := m.target(c, k.relations[name], arguments)
		if to == "" && k.mustHave(name) {
			other := pick(m, k.relations[name].To)
			if m.kinds[other] == nil || other == k.name || m.add(c, other) == "" {
				return false
			}
			to = m.target(c, k.relations[name], arguments)
		}
		if to != "" {
			arguments[name] = testcore.Ref{Address: to, Attribute: "id"}
		}
	}
	return true
}

// target is an object that can be referred to.
func (m *maker) target(c *testcore.Config, r Relation, arguments map[string]any) string {
	return pick(m, m.targets(c, r, arguments))
}

func (m *maker) targets(c *testcore.Config, r Relation, arguments map[string]any) []string {
	return slices.DeleteFunc(m.of(*c, r.To...), func(address string) bool {
		if r.Needs != "" && len(testcore.References(c.Resources[address].Arguments[r.Needs])) == 0 {
			return true
		}
		return slices.ContainsFunc(r.Alike, func(name string) bool {
			return fmt.Sprint(c.Resources[address].Arguments[name]) != fmt.Sprint(arguments[name])
		})
	})
}

// members are objects for a set: up to three.
func (m *maker) members(c *testcore.Config, k *kind, name string, arguments map[string]any) []any {
	r := k.relations[name]
	free := m.targets(c, r, arguments)
	if r.Once {
		taken := map[string]bool{}
		for _, address := range m.of(*c, k.name) {
			for _, ref := range testcore.References(c.Resources[address].Arguments[name]) {
				taken[ref.Address] = true
			}
		}
		free = slices.DeleteFunc(free, func(address string) bool { return taken[address] })
	}
	m.rand.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	members := []any{}
	for _, address := range free[:min(len(free), m.rand.IntN(4))] {
		members = append(members, testcore.Ref{Address: address, Attribute: "id"})
	}
	return members
}

// drop takes an object out, and has what refers to it refer to another, or do
// without, or go too.
func (m *maker) drop(c *testcore.Config, address string) {
	delete(c.Resources, address)
	for _, other := range c.Addresses() {
		r, there := c.Resources[other]
		if !there {
			continue
		}
		k := m.kindOf(other)
		if refersTo(r.Arguments["metadata"], address) {
			delete(r.Arguments, "metadata")
		}
		for _, name := range k.references() {
			if !refersTo(r.Arguments[name], address) {
				continue
			}
			if list, ok := r.Arguments[name].([]any); ok {
				list = slices.DeleteFunc(slices.Clone(list), func(member any) bool { return refersTo(member, address) })
				r.Arguments[name] = list
				if len(list) > 0 || !k.mustHave(name) {
					continue
				}
				m.drop(c, other)
				break
			}
			to := m.target(c, k.relations[name], r.Arguments)
			switch {
			case to != "" && m.chance(2):
				r.Arguments[name] = testcore.Ref{Address: to, Attribute: "id"}
			case !k.mustHave(name):
				delete(r.Arguments, name)
			default:
				m.drop(c, other)
			}
		}
	}
	m.close(c, address)
}

// close moves what follows in a counted list up by one.
func (m *maker) close(c *testcore.Config, address string) {
	list := testcore.ResourceOf(address)
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(address, list+"["), "]"))
	if err != nil {
		return
	}
	for {
		next, there := c.Resources[indexed(list, n+1)]
		if !there {
			delete(c.Resources, indexed(list, n))
			return
		}
		c.Resources[indexed(list, n)] = next
		for _, other := range c.Addresses() {
			redirect(c, other, indexed(list, n+1), indexed(list, n))
		}
		n++
	}
}

// redirect has an object refer to another address than before.
func redirect(c *testcore.Config, address, from, to string) {
	arguments := c.Resources[address].Arguments
	for name, value := range arguments {
		arguments[name] = replaced(value, from, to)
	}
}

func replaced(value any, from, to string) any {
	switch v := value.(type) {
	case testcore.Ref:
		if v.Address == from {
			v.Address = to
		}
		return v
	case []any:
		list := make([]any, len(v))
		for i, member := range v {
			list[i] = replaced(member, from, to)
		}
		return list
	case map[string]any:
		members := map[string]any{}
		for key, member := range v {
			members[key] = replaced(member, from, to)
		}
		return members
	}
	return value
}

func refersTo(value any, address string) bool {
	return slices.ContainsFunc(testcore.References(value), func(r testcore.Ref) bool { return r.Address == address })
}
