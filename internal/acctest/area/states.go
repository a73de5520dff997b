package area

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// kept is where the states of releases are: testdata/states/VERSION/KIND.json.
const kept = "testdata/states"

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
	for _, file := range files {
		name, _ := filepath.Rel(kept, file)
		t.Run(strings.TrimSuffix(filepath.ToSlash(name), ".json"), func(t *testing.T) {
			t.Parallel()
			acctest.TestState(t, file)
		})
	}
}
