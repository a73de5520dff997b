package acctest

import (
	"context"
	"sync"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// What the provider has something for and not every CLI knows.
var (
	Actions    = cli.Actions
	Queries    = cli.Queries
	Identities = cli.Identities
)

// tool is the CLI that tests drive.
var tool = sync.OnceValues(func() (*cli.CLI, error) {
	found, err := cli.Installed(context.Background())
	if err == nil {
		err = found.LeadTests()
	}
	return found, err
})

// Tool is the CLI that tests drive: Terraform or OpenTofu.
func Tool(t *testing.T) *cli.CLI {
	t.Helper()
	found, err := tool()
	if err != nil {
		t.Fatalf("these tests drive a CLI: %v", err)
	}
	return found
}

// Knows reports whether the CLI knows a feature, and says so where it does not: what a
// test does without it is written down.
func Knows(t *testing.T, f cli.Feature) bool {
	t.Helper()
	found := Tool(t)
	if !found.Knows(f) {
		t.Logf("%s does not know %s", found.Version, f.Name)
		return false
	}
	return true
}

// Needs skips a test of nothing but a feature that the CLI does not know.
func Needs(t *testing.T, f cli.Feature) {
	t.Helper()
	if !Knows(t, f) {
		t.Skipf("this tests %s", f.Name)
	}
}
