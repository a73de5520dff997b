package cli

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Feature is something that not every CLI knows.
type Feature struct {
	// Name is what a sentence calls it: "Terraform v1.11.4 does not know NAME".
	Name string
	// terraform and opentofu are the N of the first version 1.N that knows it.
	terraform, opentofu int
}

// never is the version of what no version knows so far.
const never = 1 << 20

// The features that the provider has something for.
var (
	Actions    = Feature{"actions", 14, never}
	Queries    = Feature{"list resources", 14, never}
	Identities = Feature{"imports by identity", 12, 12}
)

// minor is the N of a version 1.N.
var minor = regexp.MustCompile(`\bv1\.(\d+)\.`)

// OpenTofu reports whether the CLI is OpenTofu; else it is Terraform.
func (c *CLI) OpenTofu() bool { return strings.HasPrefix(c.Version, "OpenTofu ") }

// Knows reports whether the CLI knows a feature. What is no version 1.N is newer than all.
func (c *CLI) Knows(f Feature) bool {
	since := f.terraform
	if c.OpenTofu() {
		since = f.opentofu
	}
	found := minor.FindStringSubmatch(c.Version)
	if found == nil {
		return since != never
	}
	n, err := strconv.Atoi(found[1])
	return err == nil && n >= since
}

// Registry is where the CLI looks for a provider whose address names no host.
func (c *CLI) Registry() string {
	if c.OpenTofu() {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// LeadTests has tests that terraform-plugin-testing runs in this process drive the CLI,
// without the settings that a developer has for it. The environment is the only way.
func (c *CLI) LeadTests() error {
	return errors.Join(os.Setenv("TF_ACC_TERRAFORM_PATH", c.Path), os.Setenv("TF_ACC_PROVIDER_HOST", c.Registry()), os.Unsetenv("TF_CLI_CONFIG_FILE"))
}
