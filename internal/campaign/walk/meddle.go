package walk

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// meddle is something that others do to an object of the configuration.
func (m *maker) meddle(c testcore.Config) meddling {
	address := pick(m, c.Addresses())
	if address == "" {
		return nil
	}
	k := m.kindOf(address)
	var ways []meddling
	for _, name := range slices.Sorted(maps.Keys(k.suite.Changes)) {
		_, refers := k.relations[name]
		_, always := k.always[name]
		if k.suite.Changes[name].Drift != nil && !refers && !always {
			ways = append(ways, behind(address, name+" is changed", k.suite.Changes[name].Drift))
		}
	}
	for _, words := range slices.Sorted(maps.Keys(k.behind)) {
		ways = append(ways, func(w *world) string {
			return behind(address, words, func(o acctest.Object) acctest.Request { return k.behind[words](o, w.member()) })(w)
		})
	}
	if m.estate.Stays[k.name] == "" {
		ways = append(ways, behind(address, "is deleted", k.suite.GoneBy))
	}
	return pick(m, ways)
}

// behind does something to the object of an address.
func behind(address, what string, request func(acctest.Object) acctest.Request) meddling {
	return func(w *world) string {
		state := w.core.State.Attributes(address)
		if state == nil {
			return ""
		}
		r := request(state)
		if _, err := w.lab.Do(r.Method, r.Path, r.Body); err != nil {
			return ""
		}
		return fmt.Sprintf("behind Terraform's back: %s %s (%s %s)", address, what, r.Method, r.Path)
	}
}

// member is the id of an object of the others.
func (w *world) member() any { return w.others.State.Attributes(w.maker.estate.Member)["id"] }

// inTheWay has others make what a new object is to be, where what it refers to is there.
// What there is one of is nobody's way: it is taken over.
func inTheWay(address string) meddling {
	return func(w *world) string {
		arguments, ok := w.literal(w.after.Resources[address].Arguments)
		if !ok || w.core.State.Get(address) != nil || w.maker.kindOf(address).alone(arguments) != "" {
			return ""
		}
		theirs := fmt.Sprintf("%s.theirs%d", testcore.TypeOf(address), len(w.theirs.Resources))
		config := w.theirs.Clone()
		config.Resources[theirs] = testcore.Resource{Arguments: arguments}
		plan, done := w.others.Run(w.t.Context(), config, testcore.Options{})
		if plan.Failed() || done.Failed() {
			w.others.Run(w.t.Context(), w.theirs, testcore.Options{})
			return ""
		}
		w.theirs = config
		w.inWay[address] = theirs
		for name, value := range w.after.Resources[address].Arguments {
			for _, ref := range testcore.References(value) {
				w.hung[theirs] = append(w.hung[theirs], hook{w.identity(ref.Address, w.core.State.Attributes(ref.Address)), name})
			}
		}
		return "others make what " + address + " is to be"
	}
}

// hook is an object of ours that an argument of one of the others refers to.
type hook struct{ identity, argument string }

// unhook forgets objects of the others that went with what they referred to of ours, and
// what the others said of it in those that stay.
func (w *world) unhook() {
	stay := slices.Collect(maps.Values(w.objects())) // under whatever address
	for theirs, hooks := range w.hung {
		lost := slices.DeleteFunc(slices.Clone(hooks), func(h hook) bool { return slices.Contains(stay, h.identity) })
		if len(lost) == 0 {
			continue
		}
		found := w.others.Plan(w.t.Context(), w.theirs, testcore.Options{}).Refreshed.Get(theirs)
		w.others.State.Set(theirs, found)
		if found == nil {
			delete(w.theirs.Resources, theirs)
			delete(w.hung, theirs)
			maps.DeleteFunc(w.inWay, func(_, other string) bool { return other == theirs })
			continue
		}
		for _, h := range lost {
			delete(w.theirs.Resources[theirs].Arguments, h.argument)
		}
		w.hung[theirs] = slices.DeleteFunc(hooks, func(h hook) bool { return slices.Contains(lost, h) })
	}
}

// tookOver says which object of the others is ours, too; "" for none.
func (w *world) tookOver() string {
	ours := w.objects()
	for address, theirs := range w.inWay {
		if ours[address] != "" && ours[address] == w.identity(theirs, w.others.State.Attributes(theirs)) {
			return address + " is " + ours[address]
		}
	}
	return ""
}

// literal are arguments with the ids that there are in the place of references.
func (w *world) literal(arguments map[string]any) (map[string]any, bool) {
	all, known := map[string]any{}, true
	var literal func(any) any
	literal = func(value any) any {
		switch v := value.(type) {
		case testcore.Ref:
			state := w.core.State.Attributes(v.Address)
			if state[v.Attribute] == nil {
				known = false
			}
			return state[v.Attribute]
		case []any:
			list := make([]any, len(v))
			for i, member := range v {
				list[i] = literal(member)
			}
			return list
		case map[string]any:
			members := map[string]any{}
			for key, member := range v {
				members[key] = literal(member)
			}
			return members
		}
		return value
	}
	for name, value := range arguments {
		all[name] = literal(value)
	}
	return all, known
}

var command = regexp.MustCompile(`terraform import '?([^\s']+(?:\["[^"]*"\])?)'? '?([^\s']+)'?`)

// deal deals with what others have made in our way: the error must have named it and
// said how to import it. It is imported, or the others take it away.
func (w *world) deal(s *step, a attempt) *violation {
	for _, address := range slices.Sorted(maps.Keys(w.inWay)) {
		theirs := w.inWay[address]
		delete(w.inWay, address)
		text := textOf(slices.Concat(a.plan.Errors(), errorsOf(a)), address)
		found := command.FindStringSubmatch(text)
		if !strings.Contains(text, "import {") || found == nil {
			if text == "" || a.refused() && strings.Contains(text, "not approved") && !s.approved(address) {
				w.away(theirs) // something else came before it
				continue
			}
			return &violation{"what is in the way is not explained: " + testcore.TypeOf(address), address + ": " + text + "\n" + a.String()}
		}
		if s.heed {
			w.count("imported")
			// What was theirs is ours.
			w.others.State.Set(theirs, nil)
			delete(w.theirs.Resources, theirs)
			if r := w.core.Import(w.t.Context(), address, testcore.Import{ID: found[2]}); r.Failed() {
				return &violation{"the import that the error names fails: " + testcore.TypeOf(address), text + r.String()}
			}
			continue
		}
		w.away(theirs)
	}
	return nil
}

// clearAway has the others take all away that is in our way.
func (w *world) clearAway() {
	for _, theirs := range w.inWay {
		w.away(theirs)
	}
	clear(w.inWay)
}

// textOf are the errors about an address.
func textOf(errors []testcore.Said, address string) string {
	var b strings.Builder
	for _, e := range errors {
		if e.Address == address {
			b.WriteString(e.Summary + "\n" + e.Detail + "\n")
		}
	}
	return b.String()
}

func errorsOf(a attempt) []testcore.Said {
	if a.done == nil {
		return nil
	}
	return a.done.Errors()
}

// away has the others take an object away.
func (w *world) away(theirs string) {
	config := w.theirs.Clone()
	delete(config.Resources, theirs)
	if plan, done := w.others.Run(w.t.Context(), config, testcore.Options{}); plan.Failed() || done.Failed() {
		w.t.Errorf("others cannot take away %s: %s", theirs, plan)
	}
	w.theirs = config
}
