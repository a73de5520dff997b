package walk

import (
	"fmt"
	"maps"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// meddle is something that others do to an object of the configuration.
func (m *maker) meddle(c testcore.Config) meddling {
	address := pick(m, c.Addresses())
	k := m.kindOf(address)
	var drifting []string
	for _, name := range slices.Sorted(maps.Keys(k.suite.Changes)) {
		if _, refers := k.relations[name]; k.suite.Changes[name].Drift != nil && !refers {
			drifting = append(drifting, name)
		}
	}
	if name := pick(m, drifting); name != "" && !m.chance(4) {
		return byOthers(address, name+" is changed", k.suite.Changes[name].Drift)
	}
	return byOthers(address, "is deleted", k.suite.GoneBy)
}

// byOthers does something to the object of an address.
func byOthers(address, what string, request func(acctest.Object) acctest.Request) meddling {
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
