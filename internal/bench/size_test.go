package main

import (
	"path/filepath"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// largest is the size beyond which the program that users download has to be looked at:
// an import that brings half of a cloud's API along is easily made.
const largest = 32 << 20

func TestProgramIsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("links the provider")
	}
	b := &benchmark{dir: t.TempDir()}
	if err := cli.Build(t.Context(), b.program(shipped), shipped.pkg, "-trimpath", "-ldflags="+stripped); err != nil {
		t.Fatal(err)
	}
	size, err := b.size(shipped)
	if err != nil {
		t.Fatal(err)
	}
	if size > largest {
		t.Errorf("%s has %s, at most %s", filepath.Base(b.program(shipped)), mebibytes(size), mebibytes(largest))
	}
}
