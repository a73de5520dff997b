package area

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// shop is an area with one of each.
var shop = entity.Area{
	Kinds: []*entity.Kind{
		{System: "shop", Name: "shelf", Plural: "shelves"},
		{System: "shop", Name: "till"},
		{System: "shop", Name: "guest", Plural: "guests", Presence: entity.Foreign},
	},
	Actions: []*entity.Action{{System: "shop", Name: "close"}},
	Lookups: []*entity.Lookup{{System: "shop", Name: "takings"}},
}

func table(*testing.T) acctest.Suite { return acctest.Suite{} }

func invocation(*testing.T) (acctest.Lab, acctest.Invocation) { return nil, acctest.Invocation{} }

// whole are tests that lack nothing.
func whole() (Tests, []acctest.Question) {
	tables := map[string]acctest.Table{"shelf": table}
	return Tests{
		Tables: tables, Apart: map[string]func(*testing.T){"till": TestUntested}, Faults: map[string]acctest.Table{"till": table},
		Actions: map[string]acctest.Action{"close": invocation},
		Walk:    &walk.Estate{Tables: tables, Aside: map[string]string{"till": "there is one alone"}},
	}, []acctest.Question{{Source: "guest"}, {Source: "guests"}, {Source: "takings"}}
}

func TestUntested(t *testing.T) {
	if of, questions := whole(); len(untested(shop, of, questions)) > 0 {
		t.Fatal(untested(shop, of, questions))
	}
	for name, c := range map[string]struct {
		change func(*Tests)
		want   []string
	}{
		"no tables": {func(of *Tests) { of.Tables = nil }, []string{
			"the resource shelf has no table, and is not said to be Apart", "the resource shelf is under no faults",
		}},
		"no faults":       {func(of *Tests) { of.Faults = nil }, []string{"the resource till is under no faults"}},
		"faults left out": {func(of *Tests) { of.Faults, of.WithoutFaults = nil, "why" }, nil},
		"not apart":       {func(of *Tests) { of.Apart = nil }, []string{"the resource till has no table, and is not said to be Apart"}},
		"both":            {func(of *Tests) { of.Apart["shelf"] = TestUntested }, []string{"the resource shelf has a table, and is said to be Apart"}},
		"no walk":         {func(of *Tests) { of.Walk = nil }, []string{"there is no walk, and nothing says why"}},
		"walk left out":   {func(of *Tests) { of.Walk, of.WithoutWalk = nil, "why" }, nil},
		"not aside":       {func(of *Tests) { of.Walk.Aside = nil }, []string{"the resource till is not in the walk, and not said to be Aside"}},
		"no action":       {func(of *Tests) { of.Actions = nil }, []string{"nothing invokes the action close"}},
		"strange": {func(of *Tests) {
			of.Faults["ghost"], of.Actions["ghost"] = table, invocation
		}, []string{"Actions has ghost, which the area has not", "Faults has ghost, which the area has not"}},
	} {
		of, questions := whole()
		c.change(&of)
		if got := untested(shop, of, questions); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	of, _ := whole()
	want := []string{"no question is put to the data source guest", "no question is put to the data source guests", "no question is put to the data source takings"}
	if got := untested(shop, of, nil); !slices.Equal(got, want) {
		t.Errorf("no questions: %q", got)
	}
}

func TestUnkept(t *testing.T) {
	tables := map[string]acctest.Table{"shelf": table, "till": table, "shelf_board": table}
	got := unkept(tables, []string{"testdata/states/0.1.0/shelf.json", "testdata/states/1.0.0/shelf.json", "testdata/states/1.0.0/till.json"})
	if len(got) != 1 || !strings.HasPrefix(got[0], "no state of shelf_board is kept") {
		t.Errorf("%q", got)
	}
}

func TestWithoutExample(t *testing.T) {
	root := t.TempDir()
	all := withoutExample(shop, root)
	const first = "there is no example examples/resources/storage_shop_shelf/resource.tf"
	if len(all) != 12 || all[0] != first {
		t.Fatalf("%d: %q", len(all), all)
	}
	dir := filepath.Join(root, "examples/resources/storage_shop_shelf")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "resource.tf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if left := withoutExample(shop, root); len(left) != 11 || slices.Contains(left, first) {
		t.Errorf("%q", left)
	}
}
