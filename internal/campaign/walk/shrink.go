package walk

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// How long a violation is made smaller, and how often a smaller one is tried: in what
// order operations meet is a matter of chance.
const (
	shrinkTime  = 15 * time.Second
	shrinkTries = 2
)

// shrunk is the smallest step, from nothing but its own configuration, that leads to a
// violation of the same sort; nil where the sort needs the way to it.
func shrunk(t *testing.T, m *maker, s step, v *violation) (*step, *violation) {
	t.Helper()
	until := time.Now().Add(shrinkTime)
	smaller, found := s.clone(), reproduced(t, m, s, v.kind)
	for again := found != nil; again; {
		again = false
		for _, edit := range edits(m, smaller) {
			c := smaller.clone()
			edit(&c)
			if time.Now().After(until) {
				return &smaller, found
			}
			if c.same(smaller) || m.invalid(c.before) != "" || m.invalid(c.after) != "" {
				continue
			}
			if other := reproduced(t, m, c, v.kind); other != nil {
				smaller, found, again = c, other, true
			}
		}
	}
	if found == nil {
		return nil, nil
	}
	return &smaller, found
}

// same reports whether two steps are of the same size.
func (s step) same(other step) bool {
	return reflect.DeepEqual(s.before, other.before) && reflect.DeepEqual(s.after, other.after) &&
		len(s.replace) == len(other.replace) && len(s.meddle) == len(other.meddle)
}

// reproduced plays a step on an array of its own.
func reproduced(t *testing.T, m *maker, s step, kind string) (found *violation) {
	t.Helper()
	for n, can := 0, true; n < shrinkTries && can && found == nil; n++ {
		aside(t, m, rand.New(rand.NewPCG(uint64(n), 3)), func(w *world) {
			w.approve(true)
			first := w.try(s.before)
			w.approve(false)
			if can = first.converged(); !can {
				return
			}
			trial := s.clone()
			if _, v := w.play(&trial); v != nil && v.kind == kind {
				found = v
			}
		})
	}
	return found
}

// edits make a step smaller, those that do so by much first.
func edits(m *maker, s step) []func(*step) {
	var all []func(*step)
	smaller := func(edit func(*step)) { all = append(all, edit) }
	addresses := slices.Sorted(maps.Keys(mergedConfigs(s.before, s.after)))
	smaller(func(c *step) {
		for _, address := range addresses {
			m.strip(c, address)
		}
	})
	for size := len(addresses) / 2; size > 0; size /= 2 {
		for some := range slices.Chunk(addresses, size) {
			smaller(func(c *step) {
				for _, address := range some {
					m.without(&c.before, address)
					m.without(&c.after, address)
				}
			})
		}
	}
	for i := range s.replace {
		smaller(func(c *step) {
			if i < len(c.replace) {
				c.replace = slices.Delete(c.replace, i, i+1)
			}
		})
	}
	for i := range s.meddle {
		smaller(func(c *step) {
			if i < len(c.meddle) {
				c.meddle = slices.Delete(c.meddle, i, i+1)
			}
		})
	}
	for _, address := range addresses {
		before, was := s.before.Resources[address]
		after, is := s.after.Resources[address]
		if !reflect.DeepEqual(before, after) {
			smaller(func(c *step) { undo(c, address, before, was) })
		}
		for _, name := range slices.Sorted(maps.Keys(mergedArguments(before, after))) {
			if was && is && !reflect.DeepEqual(before.Arguments[name], after.Arguments[name]) {
				smaller(func(c *step) {
					if r, there := c.after.Resources[address]; there {
						r.Arguments[name] = before.Arguments[name]
					}
				})
			}
		}
		smaller(func(c *step) { m.strip(c, address) })
	}
	for _, address := range addresses {
		k := m.kindOf(address)
		for _, name := range slices.Sorted(maps.Keys(mergedArguments(s.before.Resources[address], s.after.Resources[address]))) {
			if !k.mustHave(name) {
				smaller(func(c *step) {
					delete(c.before.Resources[address].Arguments, name)
					delete(c.after.Resources[address].Arguments, name)
				})
			}
		}
	}
	return all
}

// strip takes out of an object what it need not have and what does not change.
func (m *maker) strip(s *step, address string) {
	before, after := s.before.Resources[address], s.after.Resources[address]
	for name, value := range mergedArguments(before, after) {
		same := before.Arguments == nil || after.Arguments == nil || reflect.DeepEqual(before.Arguments[name], after.Arguments[name])
		if same && name != "approved" && !m.kindOf(address).mustHave(name) && len(testcore.References(value)) == 0 {
			delete(before.Arguments, name)
			delete(after.Arguments, name)
		}
	}
}

// without takes an object out, and all that cannot be without it.
func (m *maker) without(c *testcore.Config, address string) {
	delete(c.Resources, address)
	for _, other := range c.Addresses() {
		for name, value := range c.Resources[other].Arguments {
			if !refersTo(value, address) {
				continue
			}
			list, several := value.([]any)
			list = slices.DeleteFunc(slices.Clone(list), func(member any) bool { return refersTo(member, address) })
			switch must := m.kindOf(other).mustHave(name); {
			case several && (len(list) > 0 || !must):
				c.Resources[other].Arguments[name] = list
			case !must:
				delete(c.Resources[other].Arguments, name)
			default:
				m.without(c, other)
			}
		}
	}
}

// undo takes the change of one address back.
func undo(c *step, address string, before testcore.Resource, was bool) {
	if _, there := c.before.Resources[address]; !was || !there {
		delete(c.after.Resources, address)
		return
	}
	before.Arguments = maps.Clone(before.Arguments)
	c.after.Resources[address] = before
}

func mergedConfigs(a, b testcore.Config) map[string]testcore.Resource {
	all := maps.Clone(a.Resources)
	maps.Copy(all, b.Resources)
	return all
}

func mergedArguments(a, b testcore.Resource) map[string]any {
	all := map[string]any{}
	maps.Copy(all, a.Arguments)
	maps.Copy(all, b.Arguments)
	return all
}
