package acctest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// A table that does not cross the old values of bounds, or leaves one out, is told so.
func TestFlawsOfTogether(t *testing.T) {
	t.Parallel()
	bounds := map[string]string{"hard": "soft"}
	for name, c := range map[string]struct {
		together []Attrs
		want     []string
	}{
		"numbers":    {[]Attrs{{"soft": 1, "hard": 2}, {"soft": 3, "hard": 4}, {"soft": 1, "hard": 2}}, nil},
		"capacities": {[]Attrs{{"soft": "1GB", "hard": "1GiB"}, {"soft": "2GB", "hard": "1TB"}, {"soft": "1MB", "hard": "999MB"}}, nil},
		"durations":  {[]Attrs{{"soft": "1h", "hard": "2h"}, {"soft": "24h", "hard": "36h"}, {"soft": "15m", "hard": "1h"}}, nil},
		"none":       {nil, []string{"no round of Together raises soft above the old hard", "no round of Together lowers hard below the old soft"}},
		"up alone":   {[]Attrs{{"soft": 1, "hard": 2}, {"soft": 3, "hard": 4}}, []string{"no round of Together lowers hard below the old soft"}},
		"not beyond": {[]Attrs{{"soft": 1, "hard": 5}, {"soft": 3, "hard": 6}, {"soft": 1, "hard": 2}}, []string{"no round of Together raises soft above the old hard"}},
		"one left out": {
			[]Attrs{{"soft": 1, "hard": 2}, {"soft": 3, "hard": 4}, {"soft": 1, "hard": 2}, {"soft": 1}},
			[]string{"round 3 of Together has not both of soft and hard"},
		},
	} {
		if got := (Suite{Together: c.together}).flaws(bounds); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What only some objects have is tried with others, and a table without these is told so.
func TestMisfits(t *testing.T) {
	t.Parallel()
	variants := map[string]entity.Variant{
		"vlan":  {By: "type", Values: []string{"VLAN"}, Required: true},
		"ports": {By: "type", Values: []string{"PORT", "GROUP"}},
	}
	either := map[string]entity.Variant{"rate": {By: "type", Values: []string{"PORT"}, Or: []entity.Variant{{By: "mode", Values: []string{"FAST"}}}, Required: true}}
	if all, flaws := misfits(either, []Attrs{{"type": "PORT", "rate": 1}, {"type": "VLAN", "mode": "FAST"}, {"type": "VLAN"}}); len(all) != 2 || fmt.Sprint(all[0]) != "{rate map[rate:1 type:VLAN]}" ||
		!slices.Equal(flaws, []string{`an object of the table with mode = "FAST" has no rate`}) {
		t.Errorf("%v, %q", all, flaws)
	}
	port, vlan := Attrs{"type": "PORT", "ports": []any{1}}, Attrs{"type": "VLAN", "vlan": 5}
	all, flaws := misfits(variants, []Attrs{port, {"type": "GROUP"}, vlan})
	if len(flaws) > 0 {
		t.Errorf("%q", flaws)
	}
	if got, want := fmt.Sprint(all), "[{ports map[ports:[1] type:VLAN vlan:5]} {vlan map[ports:[1] type:PORT vlan:5]} {vlan map[type:VLAN vlan:<nil>]}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for name, c := range map[string]struct {
		objects []Attrs
		want    []string
	}{
		"no group": {[]Attrs{port, vlan}, []string{`ports depends on type, and no object of the table has type = "GROUP"`}},
		"no vlan": {[]Attrs{port, {"type": "GROUP"}}, []string{
			"ports depends on type, and no object of the table is one that does not have it", `vlan depends on type, and no object of the table has type = "VLAN"`,
			"vlan depends on type, and no object of the table is one that does not have it",
		}},
		"incomplete": {[]Attrs{port, {"type": "GROUP"}, {"type": "VLAN"}, vlan}, []string{`an object of the table with type = "VLAN" has no vlan`}},
	} {
		if _, got := misfits(variants, c.objects); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The bounds are those of the pages.
func TestBoundsOf(t *testing.T) {
	t.Parallel()
	if got := boundsOf("storage_infinibox_treeq"); len(got) != 2 || got["hard_inodes"] != "soft_inodes" {
		t.Errorf("%v", got)
	}
	if got := boundsOf("storage_infinibox_host"); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// What a record's members are checked for is asked of the table member by member.
func TestCheckedMembers(t *testing.T) {
	t.Parallel()
	checked := checkedAttributes(t, "storage_infinibox_export")
	for name, want := range map[string]bool{"permissions.client": true, "permissions.access": true, "permissions.no_root_squash": false, "export_path": true, "enabled": false} {
		if checked[name] != want {
			t.Errorf("%s: %v", name, checked[name])
		}
	}
	within := members(&tfprotov6.SchemaAttribute{NestedType: &tfprotov6.SchemaObject{Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "written", Required: true, Type: tftypes.String}, {Name: "told", Computed: true, Type: tftypes.String},
	}}})
	if len(within) != 1 || within["written"] == nil {
		t.Errorf("%v", within)
	}
}

// A record may stand anywhere in a table.
func TestRecordOfATable(t *testing.T) {
	t.Parallel()
	one := Attrs{"client": "*"}
	for _, s := range []Suite{
		{Most: Attrs{"rules": []any{one}}},
		{Changes: map[string]Change{"x": {Beside: Attrs{"rules": []any{one}}}}},
		{Changes: map[string]Change{"rules": {Through: []any{nil, Attrs{"rules": []any{one}}}}}},
	} {
		if got := s.record("rules"); got["client"] != "*" {
			t.Errorf("%v has %v", s, got)
		}
	}
	if got := (Suite{}).record("rules"); got != nil {
		t.Errorf("%v", got)
	}
}
