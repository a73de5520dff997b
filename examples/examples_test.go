// Package examples_test checks the examples, which the docs show, against the
// provider: an example that would not validate fails.
package examples_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/aws"
)

// declaration is what examples leave out for brevity.
const declaration = `terraform {
  required_providers {
    storage = {
      source = "storage-as-code/storage"
    }
  }
}
`

func TestExamplesAreValid(t *testing.T) {
	terraform, _, settings := prepare(t)
	others, err := json.Marshal(acctest.Serve(t, map[string]func() tfprotov6.ProviderServer{aws.Source: new(aws.Provider).Serve}))
	if err != nil {
		t.Fatal(err)
	}
	for dir, files := range examples(t) {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			if usesActions(t, files) {
				acctest.Needs(t, acctest.Actions)
			}
			work := t.TempDir()
			if err := os.CopyFS(work, os.DirFS(dir)); err != nil { // with its modules
				t.Fatal(err)
			}
			declared, modules := false, false
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				declared = declared || bytes.Contains(text, []byte("required_providers"))
				modules = modules || bytes.Contains(text, []byte("\nmodule "))
			}
			if !declared {
				write(t, filepath.Join(work, "versions.tf"), []byte(declaration))
			}
			if _, err := os.Stat(filepath.Join(work, "tests")); err == nil {
				modules = true // those of its tests
			}
			verbs := []string{"validate"}
			if modules {
				verbs = []string{"get", "validate"}
			}
			for _, verb := range verbs {
				command := exec.CommandContext(t.Context(), terraform, verb, "-no-color")
				command.Dir = work
				command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings, "TF_REATTACH_PROVIDERS="+string(others))
				if output, err := command.CombinedOutput(); err != nil {
					t.Fatalf("terraform %s: %v\n%s", verb, err, output)
				}
			}
		})
	}
}

// prepare builds the provider, and says where the CLI and the provider's program are,
// and the CLI's configuration that brings the two together.
func prepare(t *testing.T) (terraform, program, settings string) {
	t.Helper()
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "github.com/storage-as-code/terraform-provider-storage")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, output)
	}
	settings = filepath.Join(bin, "cli.tfrc")
	write(t, settings, fmt.Appendf(nil,
		"disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    \"storage-as-code/storage\" = %q\n  }\n}\n", bin))
	return acctest.Tool(t).Path, filepath.Join(bin, "terraform-provider-storage"), settings
}

func usesActions(t *testing.T, files []string) bool {
	t.Helper()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(text, []byte("action ")) || bytes.Contains(text, []byte("\naction ")) {
			return true
		}
	}
	return false
}

// examples are the Terraform files below this directory, by their directory. Modules are
// validated with the example that they are of.
func examples(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, pattern := range []string{"*/*.tf", "*/*/*.tf"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			found[filepath.Dir(file)] = append(found[filepath.Dir(file)], file)
		}
	}
	maps.DeleteFunc(found, func(dir string, _ []string) bool { return found[filepath.Dir(dir)] != nil })
	return found
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
