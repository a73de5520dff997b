package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// benchmark is what all measurements share.
type benchmark struct {
	terraform *cli.CLI
	array     *infinibox.Simulator
	core      string // the program of the CLI
	dir       string
	rounds    int
	pool      any // the id of the pool that is there before
	others    int // volumes on the array that are in no state
}

// A variant is a build of a provider.
type variant struct {
	name     string // of its directory
	provider string // "storage" or "smallest"
	pkg      string
	ldflags  string
}

var (
	shipped    = variant{name: "shipped", provider: "storage", pkg: module}
	noBatching = variant{name: "nobatching", provider: "storage", pkg: module, ldflags: "-X " + module + "/internal/infinibox.batching=off"}
	noFastPath = variant{name: "nofastpath", provider: "storage", pkg: module, ldflags: "-X " + module + "/internal/entity.shortcuts=off"}
	smallest   = variant{name: "smallest", provider: "smallest", pkg: module + "/internal/bench/smallest"}
)

// stripped are the linker's flags of a release.
const stripped = "-s -w"

// build builds every variant, with a CLI configuration that names it.
func (b *benchmark) build(ctx context.Context) error {
	for _, v := range []variant{shipped, noBatching, noFastPath, smallest} {
		if err := cli.Build(ctx, b.program(v), v.pkg, "-trimpath", "-ldflags="+stripped+" "+v.ldflags); err != nil {
			return err
		}
		text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n",
			"storage-as-code/"+v.provider, filepath.ToSlash(filepath.Dir(b.program(v))))
		if err := os.WriteFile(b.settings(v), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (b *benchmark) program(v variant) string {
	return filepath.Join(b.dir, v.name, "terraform-provider-"+v.provider)
}

// size is that of a variant's program, which has no symbols for a debugger.
func (b *benchmark) size(v variant) (int64, error) {
	info, err := os.Stat(b.program(v))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (b *benchmark) settings(v variant) string { return filepath.Join(b.dir, v.name+".tfrc") }

// workspace is a directory with a configuration, and the CLI in it.
func (b *benchmark) workspace(name, config string) (*cli.CLI, error) {
	c := *b.terraform
	c.Dir = filepath.Join(b.dir, name)
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, err
	}
	c.Env = append(slices.Clip(c.Env), "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color", "CHECKPOINT_DISABLE=1", "TMPDIR="+b.dir,
		"INFINIBOX_ENDPOINT="+b.array.URL(), "INFINIBOX_USERNAME=admin", "INFINIBOX_PASSWORD=123456",
		"INFINIBOX_APPROVE_DANGEROUS_OPERATIONS=true")
	return &c, os.WriteFile(filepath.Join(c.Dir, "main.tf"), []byte(config), 0o600)
}

// requires is the block that names a variant's provider.
func requires(v variant) string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n", v.provider, "storage-as-code/"+v.provider)
}

// The configurations differ in their objects alone: the volumes' pool is there
// already, so that they refer to nothing either.
const (
	data = `
resource "terraform_data" "each" {
  count = N
  input = "object-${count.index}"
}
`

	smallObjects = `
resource "smallest_object" "each" {
  count = N
  name  = "object-${count.index}"
}
`

	volumes = `
resource "storage_infinibox_volume" "each" {
  count   = N
  name    = "volume-${count.index}"
  pool_id = POOL
  size    = "1GB"
}
`

	// In these each object refers to one other: Terraform looks it up for each.
	smallReferring = `
resource "smallest_object" "all" {
  name = "bench"
}

resource "smallest_object" "each" {
  count = N
  name  = "object-${count.index}-of-${smallest_object.all.id}"
}
`

	volumesReferring = `
resource "storage_infinibox_pool" "all" {
  name              = "own"
  physical_capacity = "100TB"
}

resource "storage_infinibox_volume" "each" {
  count   = N
  name    = "pooled-${count.index}"
  pool_id = storage_infinibox_pool.all.id
  size    = "1GB"
}
`
)

// configure writes the configuration of n objects.
func (b *benchmark) configure(c *contender, n int) error {
	text := strings.NewReplacer("= N\n", fmt.Sprintf("= %d\n", n), "POOL", fmt.Sprint(b.pool)).Replace(c.config)
	return os.WriteFile(filepath.Join(c.cli.Dir, "main.tf"), []byte(text), 0o600)
}
