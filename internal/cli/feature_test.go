package cli

import "testing"

func TestKnows(t *testing.T) {
	for version, want := range map[string]struct {
		actions, queries, identities bool
		registry                     string
	}{
		"Terraform v1.11.4":     {false, false, false, "registry.terraform.io"},
		"Terraform v1.12.0":     {false, false, true, "registry.terraform.io"},
		"Terraform v1.14.0-dev": {true, true, true, "registry.terraform.io"},
		"Terraform v2.0.0":      {true, true, true, "registry.terraform.io"},
		"OpenTofu v1.11.14":     {false, false, false, "registry.opentofu.org"},
		"OpenTofu v1.12.6":      {false, false, true, "registry.opentofu.org"},
		"OpenTofu v1.99.0":      {false, false, true, "registry.opentofu.org"},
	} {
		c := &CLI{Version: version}
		if c.Knows(Actions) != want.actions || c.Knows(Queries) != want.queries || c.Knows(Identities) != want.identities || c.Registry() != want.registry {
			t.Errorf("%s: %t, %t, %t, %s", version, c.Knows(Actions), c.Knows(Queries), c.Knows(Identities), c.Registry())
		}
	}
}
