package brownfield

import (
	"slices"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// What the tables name is there.
func TestTables(t *testing.T) {
	arguments := map[string][]entity.Argument{}
	for _, s := range provider.Systems("test") {
		for _, k := range s.Kinds {
			if k.IsManaged() {
				arguments[k.TypeName()] = k.Arguments()
			}
		}
	}
	for name, of := range defaults {
		for attribute := range of {
			if !slices.ContainsFunc(arguments[name], func(a entity.Argument) bool { return a.Name == attribute && a.Defaulted }) {
				t.Errorf("defaults: %s has no %s that an array chooses", name, attribute)
			}
		}
	}
	for name := range elsewhere {
		if arguments[name] == nil {
			t.Errorf("elsewhere: there is no %s", name)
		}
	}
	for name := range snapshots {
		if arguments[name] == nil {
			t.Errorf("snapshots: there is no %s", name)
		}
	}
}
