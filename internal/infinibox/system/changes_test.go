package system_test

import (
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
)

// estate is the array, of which attributes change in any order and several at a time.
func estate() *walk.Estate {
	return &walk.Estate{
		Lab:    func(t *testing.T) acctest.Simulated { return asSupport(t, "") },
		Prefix: "storage_infinibox_",
		Tables: map[string]acctest.Table{"system": systemOfTheWalk},
		Stays:  map[string]string{"system": "nothing deletes an array"},
		About:  func(path string, _ map[string]any) bool { return strings.HasPrefix(path, "/api/rest/system/") },
	}
}

// systemOfTheWalk has the values that TestAccSystem goes through.
func systemOfTheWalk(t *testing.T) acctest.Suite {
	s := systemOfTheFaults(t)
	drift := func(path string, value any) func(acctest.Object) acctest.Request {
		return func(acctest.Object) acctest.Request { return acctest.Request{Method: "PUT", Path: path, Body: value} }
	}
	s.Changes = map[string]acctest.Change{
		"name":                       {Through: []any{"one", "two"}, Drift: drift("system/name", "drifted")},
		"total_virtual_capacity":     {Through: []any{"20PB", "30PB", "15PB"}, Drift: drift("system/capacity/total_virtual_capacity", 16e15)},
		"power_maintenance_mode":     {Through: []any{true, false}, Drift: drift("system/power_maintenance_mode", map[string]any{"in_maintenance": true})},
		"power_maintenance_duration": {Through: []any{"45m", nil, "90m"}},
		"power_maintenance_force":    {Through: []any{true, nil, false}},
	}
	bad := acctest.BadValue
	s.Bad = []acctest.Bad{
		bad("name", "a/b", "characters that are not"),
		bad("total_virtual_capacity", physical-512, "below the physical one"),
		bad("power_maintenance_duration", "1500ms", "no whole number of seconds"),
	}
	return s
}
