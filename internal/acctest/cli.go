package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

const (
	source = "storage-as-code/storage"

	preamble = "terraform {\n  required_providers {\n    storage = { source = \"" + source + "\" }\n  }\n}\n"
)

// CLI is Terraform's CLI, or OpenTofu's, at work in a directory of its own, on the provider in
// this process. It is for what resource.TestCase does not show: warnings, and
// every diagnostic of a run that fails.
type CLI struct {
	// Dir is where the configuration and the state are.
	Dir string
	// Terraform is the CLI itself.
	Terraform *tfexec.Terraform

	t       *testing.T
	types   *named
	options []tfexec.ReattachOption
}

// Outcome is what a command said.
type Outcome struct {
	Diagnostics []tfjson.Diagnostic
	// Actions are what is planned, by address: "create", "update", "replace",
	// "delete". What stays as it is, is not there.
	Actions map[string]string
	Failed  bool
	// Output is all of it, for scanning.
	Output string
}

// NewCLI prepares a directory for a CLI that works with the provider in this
// process.
func NewCLI(t *testing.T) *CLI {
	t.Helper()
	return NewCLIWith(t, nil)
}

// NewCLIWith is a CLI that works with others' providers too, by their sources.
func NewCLIWith(t *testing.T, others map[string]func() tfprotov6.ProviderServer) *CLI {
	t.Helper()
	c := newCLI(t, nil)
	all := map[string]func() tfprotov6.ProviderServer{source: c.types.server}
	maps.Copy(all, others)
	c.options = []tfexec.ReattachOption{*tfexec.Reattach(Serve(t, all))}
	return c
}

// NewProgramCLI is a CLI that works with the provider's program, as users do: each of
// several configurations of the provider (alias) has a process of its own.
func NewProgramCLI(t *testing.T) *CLI {
	t.Helper()
	program, err := program()
	if err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", source, filepath.Dir(program))
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return newCLI(t, map[string]string{"TF_CLI_CONFIG_FILE": settings})
}

// NewTracedCLI is a CLI that works with the provider's program, and writes all that it and
// the provider log to the file.
func NewTracedCLI(t *testing.T, file string) *CLI {
	t.Helper()
	c := NewProgramCLI(t)
	if err := errors.Join(c.Terraform.SetLog("TRACE"), c.Terraform.SetLogPath(file)); err != nil {
		t.Fatal(err)
	}
	return c
}

// built is where the program is, once a test has wanted it; Main removes it.
var built string

// program builds the provider's program.
var program = sync.OnceValues(func() (string, error) {
	var err error
	if built, err = os.MkdirTemp("", "terraform-provider-storage-"); err != nil {
		return "", err
	}
	file := filepath.Join(built, "terraform-provider-storage")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", file, "github.com/storage-as-code/terraform-provider-storage").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

// newCLI prepares a directory. Env is added to the CLI's environment.
func newCLI(t *testing.T, env map[string]string) *CLI {
	t.Helper()
	c := &CLI{Dir: t.TempDir(), t: t, types: &named{}}
	var err error
	if c.Terraform, err = tfexec.NewTerraform(c.Dir, Tool(t).Path); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"CHECKPOINT_DISABLE": "1"}
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); !strings.HasPrefix(name, "TF_") {
			all[name] = value
		}
	}
	maps.Copy(all, env)
	if err := c.Terraform.SetEnv(all); err != nil {
		t.Fatal(err)
	}
	return c
}

// Serve serves providers from this process, by their sources, until the test ends.
func Serve(t *testing.T, providers map[string]func() tfprotov6.ProviderServer) tfexec.ReattachInfo {
	t.Helper()
	info := tfexec.ReattachInfo{}
	for source, server := range providers {
		address := Tool(t).Registry() + "/" + source
		info[address] = serve(t, address, server)
	}
	return info
}

func serve(t *testing.T, address string, server func() tfprotov6.ProviderServer) tfexec.ReattachConfig {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background()) //nolint:usetesting // stops after t.Context is done, in Cleanup
	configs, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve(address, server, tf6server.WithDebug(ctx, configs, closed),
			tf6server.WithLoggingSink(t), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	config := <-configs
	t.Cleanup(func() {
		stop()
		<-closed
	})
	return tfexec.ReattachConfig{
		Protocol: string(config.Protocol), ProtocolVersion: config.ProtocolVersion, Pid: config.Pid, Test: true,
		Addr: tfexec.ReattachConfigAddr{Network: config.Addr.Network(), String: config.Addr.String()},
	}
}

// Write replaces the configuration.
func (c *CLI) Write(config ...string) {
	c.t.Helper()
	text := preamble + strings.Join(config, "\n")
	c.types.in(text)
	if err := os.WriteFile(filepath.Join(c.Dir, "main.tf"), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// Module puts a module beside the configuration, as a directory of its own; Terraform.Get
// installs what the configuration calls.
func (c *CLI) Module(name string, files fs.FS) {
	c.t.Helper()
	paths, err := fs.Glob(files, "*.tf")
	if err == nil {
		err = os.CopyFS(filepath.Join(c.Dir, name), files)
	}
	for _, path := range paths {
		text, readErr := fs.ReadFile(files, path)
		c.types.in(string(text))
		err = errors.Join(err, readErr)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// Secrets gives ephemeral variables their values, in a file of their own, and returns
// their declarations.
func (c *CLI) Secrets(values map[string]string) string {
	c.t.Helper()
	var declared, given strings.Builder
	for name, value := range values {
		fmt.Fprintf(&declared, "variable %q {\n  type      = string\n  ephemeral = true\n}\n", name)
		fmt.Fprintf(&given, "%s = %q\n", name, value)
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "secrets.auto.tfvars"), []byte(given.String()), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return declared.String()
}

// Plan plans a configuration.
func (c *CLI) Plan(config ...string) *Outcome {
	c.t.Helper()
	c.Write(config...)
	return c.run(func(ctx context.Context, w io.Writer) error {
		_, err := c.Terraform.PlanJSON(ctx, w, with[tfexec.PlanOption](c)...)
		return err
	})
}

// Apply applies a configuration.
func (c *CLI) Apply(config ...string) *Outcome {
	c.t.Helper()
	c.Write(config...)
	return c.run(func(ctx context.Context, w io.Writer) error {
		return c.Terraform.ApplyJSON(ctx, w, with[tfexec.ApplyOption](c)...)
	})
}

// Replace applies the configuration as it was last, and replaces an object.
func (c *CLI) Replace(address string) *Outcome {
	c.t.Helper()
	return c.run(func(ctx context.Context, w io.Writer) error {
		return c.Terraform.ApplyJSON(ctx, w, append(with[tfexec.ApplyOption](c), tfexec.Replace(address))...)
	})
}

// Import brings an object into the state.
func (c *CLI) Import(address, id string) error {
	c.t.Helper()
	return c.Terraform.Import(c.t.Context(), address, id, with[tfexec.ImportOption](c)...)
}

// Destroy destroys all that there is.
func (c *CLI) Destroy() *Outcome {
	c.t.Helper()
	return c.run(func(ctx context.Context, w io.Writer) error {
		return c.Terraform.DestroyJSON(ctx, w, with[tfexec.DestroyOption](c)...)
	})
}

// with is how the CLI finds the provider, as an option of any command.
func with[O any](c *CLI) []O {
	var options []O
	for i := range c.options {
		options = append(options, any(&c.options[i]).(O))
	}
	return options
}

func (c *CLI) run(command func(context.Context, io.Writer) error) *Outcome {
	c.t.Helper()
	var out bytes.Buffer
	err := command(c.t.Context(), &out)
	run := &Outcome{Actions: map[string]string{}, Failed: err != nil, Output: out.String()}
	for line := range bytes.Lines(out.Bytes()) {
		var message struct {
			Diagnostic *tfjson.Diagnostic `json:"diagnostic"`
			Type       string             `json:"type"`
			Change     struct {
				Action   string `json:"action"`
				Resource struct {
					Address string `json:"addr"`
				} `json:"resource"`
			} `json:"change"`
		}
		if json.Unmarshal(line, &message) != nil {
			continue
		}
		if message.Diagnostic != nil {
			run.Diagnostics = append(run.Diagnostics, *message.Diagnostic)
		}
		if message.Type == "planned_change" {
			run.Actions[message.Change.Resource.Address] = message.Change.Action
		}
	}
	if run.Failed && len(run.Diagnostics) == 0 {
		c.t.Fatalf("the CLI failed: %v", err)
	}
	return run
}

// Says reports whether a diagnostic of the severity is about the address ("" for
// any) and has all of the texts.
func (r *Outcome) Says(severity tfjson.DiagnosticSeverity, address string, texts ...string) bool {
	for _, d := range r.Diagnostics {
		if d.Severity == severity && (address == "" || d.Address == address) && containsAll(textOf(d), texts) {
			return true
		}
	}
	return false
}

// Succeeds fails the test where the command did not.
func (r *Outcome) Succeeds(t *testing.T) *Outcome {
	t.Helper()
	if r.Failed {
		t.Fatalf("the CLI failed:\n%s", r)
	}
	return r
}

// Refuses fails the test unless the command failed with an error that has all of
// the texts.
func (r *Outcome) Refuses(t *testing.T, texts ...string) *Outcome {
	t.Helper()
	if !r.Failed || !r.Says(tfjson.DiagnosticSeverityError, "", texts...) {
		t.Errorf("want an error with %q, have:\n%s", texts, r)
	}
	return r
}

// Warns fails the test unless there is a warning that has all of the texts.
func (r *Outcome) Warns(t *testing.T, texts ...string) *Outcome {
	t.Helper()
	if !r.Says(tfjson.DiagnosticSeverityWarning, "", texts...) {
		t.Errorf("want a warning with %q, have:\n%s", texts, r)
	}
	return r
}

// Plans fails the test unless these are the planned actions, and no others.
func (r *Outcome) Plans(t *testing.T, actions map[string]string) *Outcome {
	t.Helper()
	if fmt.Sprint(r.Actions) != fmt.Sprint(actions) {
		t.Errorf("planned %v, want %v\n%s", r.Actions, actions, r)
	}
	return r
}

// String is the diagnostics as a person reads them.
func (r *Outcome) String() string {
	var b strings.Builder
	for _, d := range r.Diagnostics {
		fmt.Fprintf(&b, "%s: %s: %s\n", d.Severity, d.Address, textOf(d))
	}
	return b.String()
}

// textOf is all that a diagnostic shows, the arguments in question included.
func textOf(d tfjson.Diagnostic) string {
	text := d.Summary + "\n" + d.Detail
	if d.Snippet != nil {
		text += "\n" + d.Snippet.Code
	}
	return text
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}
