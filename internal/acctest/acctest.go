// Package acctest is what acceptance tests share: systems to test against,
// Terraform's CLI and the plugin protocol to test with, and Suite, which makes
// an entity's standard tests of a table of its values.
//
// A test runs against a simulator in this process. Where TF_ACC is set and the
// environment names a real system (INFINIBOX_ENDPOINT), it runs against that.
package acctest

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// Lab is a system to test against.
type Lab interface {
	// Provider is the provider's configuration for the system. Settings are
	// added to its block, or replace what is there; nil takes one out.
	Provider(settings Attrs) string
	// Settings are those of the block, with all that is dangerous approved, for the
	// plugin protocol.
	Settings() (system string, settings Attrs)
	// Do acts on the system behind Terraform's back.
	Do(method, path string, body any) (result any, err error)
	// Name makes a name that nothing else on the system has.
	Name(label string) string
}

// Main runs a package's tests in an environment that configures no system, so
// that a developer's own settings change nothing.
func Main(m *testing.M) {
	spareCollections()
	if !OnReal() {
		for _, variable := range os.Environ() {
			name, _, _ := strings.Cut(variable, "=")
			for _, s := range provider.Systems("test") {
				if strings.HasPrefix(name, s.Variable("")) {
					_ = os.Unsetenv(name)
				}
			}
		}
	}
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// spareCollections lets this process and the CLIs that it starts collect garbage more
// seldom: they are many and live for a moment, and a fifth of their time went to it.
func spareCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(1 << 30) // beyond it, as often as ever
	_ = os.Setenv("GOGC", "400")
}

// OnReal reports whether tests run against the systems that the environment names.
func OnReal() bool { return os.Getenv("TF_ACC") != "" }

// Attrs are the arguments of a block: texts, numbers, booleans, lists and maps,
// Exprs, and nil for what is not to be there.
type Attrs map[string]any

// Expr is an expression of Terraform's language, such as a reference.
type Expr string

// With is a copy with other values for some arguments.
func (a Attrs) With(changes Attrs) Attrs {
	all := maps.Clone(a)
	if all == nil {
		all = Attrs{}
	}
	maps.Copy(all, changes)
	return all
}

// HCL writes the arguments, one a line, sorted.
func (a Attrs) HCL() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a)) {
		switch value := a[name].(type) {
		case nil:
		case Expr:
			fmt.Fprintf(&b, "  %s = %s\n", name, value)
		default:
			fmt.Fprintf(&b, "  %s = %s\n", name, literal(value))
		}
	}
	return b.String()
}

// Block writes a block of the configuration: Block("resource", type, label).
func (a Attrs) Block(kind string, labels ...string) string {
	var b strings.Builder
	b.WriteString(kind)
	for _, label := range labels {
		fmt.Fprintf(&b, " %q", label)
	}
	b.WriteString(" {\n" + a.HCL() + "}\n")
	return b.String()
}

// literal writes a value. Terraform's language reads JSON, but for templates.
func literal(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // a mistake in a test's table
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strings.TrimSpace(b.String()))
}

// unique is a few characters that no other call returns.
func unique() string {
	b := make([]byte, 3)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
