package area

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// kept is where the states of releases are: testdata/states/VERSION/KIND.json.
const kept = "testdata/states"

// unkept says of which tables no release has a state.
func unkept(tables map[string]acctest.Table, files []string) []string {
	var flaws []string
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if !slices.ContainsFunc(files, func(file string) bool { return filepath.Base(file) == name+".json" }) {
			flaws = append(flaws, fmt.Sprintf("no state of %s is kept: make states RELEASE=VERSION, of the release that is the first to have it", name))
		}
	}
	return flaws
}

// states holds that a state of each release is read by the provider as it is. With the
// version of a release in STATES, it keeps that one's in place of testing.
func states(t *testing.T, tables map[string]acctest.Table) {
	if version := os.Getenv("STATES"); version != "" {
		for name, table := range tables {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				acctest.KeepState(t, table(t), filepath.Join(kept, version, name+".json"))
			})
		}
		return
	}
	files, err := filepath.Glob(filepath.Join(kept, "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, flaw := range unkept(tables, files) {
		t.Error(flaw)
	}
	for _, file := range files {
		name, _ := filepath.Rel(kept, file)
		t.Run(strings.TrimSuffix(filepath.ToSlash(name), ".json"), func(t *testing.T) {
			t.Parallel()
			acctest.TestState(t, file)
		})
	}
}
