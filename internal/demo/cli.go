package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"
)

// cli is a Terraform or OpenTofu, with a directory to work in.
type cli struct {
	path    string
	name    string // as a person types it
	version string // as it introduces itself
	dir     string // where the configuration is
	env     []string
}

// findCLI takes the CLI that TF_ACC_TERRAFORM_PATH names, or one from PATH, or
// gets one into dir.
func findCLI(ctx context.Context, dir string, out *screen) (*cli, error) {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	for _, name := range []string{"terraform", "tofu"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		out.text("CLI: none on PATH; Terraform is being downloaded ...")
		var err error
		path, err = install.NewInstaller().Install(ctx, []src.Installable{
			&releases.LatestVersion{Product: product.Terraform, InstallDir: dir},
		})
		if err != nil {
			return nil, fmt.Errorf("neither terraform nor tofu is on PATH, and none could be downloaded; install one and run the demo again (%w)", err)
		}
	}

	c := &cli{path: path, name: strings.TrimSuffix(filepath.Base(path), ".exe"), env: cleanEnv()}
	answer, err := c.run(ctx, "version")
	if err != nil {
		return nil, err
	}
	if answer.code != 0 {
		return nil, fmt.Errorf("%s does not run:\n%s%s", path, answer.stdout, answer.stderr)
	}
	c.version, _, _ = strings.Cut(answer.stdout, "\n")
	return c, nil
}

// pluginPath is where the CLI looks for the provider: a mirror of a registry
// with this one provider in it, so that `init` works as it does for a user.
func (c *cli) pluginPath(dir string) string {
	registry := "registry.terraform.io"
	if strings.HasPrefix(c.version, "OpenTofu") {
		registry = "registry.opentofu.org"
	}
	const version = "0.0.1"
	path := filepath.Join(dir, "mirror", registry, "storage-as-code", "storage", version,
		runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-storage_v"+version)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	return path
}

// prepare gives the CLI a directory with the demo's configuration and the
// environment of a user of the array, and has it install the provider.
func (c *cli) prepare(ctx context.Context, dir string, env ...string) error {
	c.dir = filepath.Join(dir, "work")
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		return err
	}
	main, err := configuration(ctx)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.configPath(), main, 0o600); err != nil {
		return err
	}

	settings := filepath.Join(dir, "cli.tfrc")
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.ToSlash(filepath.Join(dir, "mirror")))
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		return err
	}
	c.env = append(c.env, env...)
	c.env = append(c.env,
		"TF_CLI_CONFIG_FILE="+settings,
		"TF_IN_AUTOMATION=1", // no advice on what to type next
		"TF_CLI_ARGS=-no-color",
		"TF_CLI_ARGS_plan=-detailed-exitcode",
		"TMPDIR="+dir, // sockets of the provider are in here too
	)
	installed, err := c.run(ctx, "init")
	if err == nil && installed.code != succeeded {
		err = fmt.Errorf("%s init fails:\n%s%s", c.name, installed.stdout, installed.stderr)
	}
	return err
}

func (c *cli) configPath() string { return filepath.Join(c.dir, "main.tf") }

// cleanEnv is the environment without what would make the CLI or the provider
// behave differently from one user to the next.
func cleanEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "INFINIBOX_") {
			env = append(env, v)
		}
	}
	return env
}

// answer is what a run of the CLI came to.
type answer struct {
	code           int
	stdout, stderr string
}

// run runs the CLI with one line of arguments and, for this run, more environment.
func (c *cli) run(ctx context.Context, line string, env ...string) (answer, error) {
	cmd := command(ctx, c.path, strings.Fields(line)...)
	cmd.Dir = c.dir
	cmd.Env = slices.Concat(c.env, env)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr

	err := runAll(cmd)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = nil // the code tells
	}
	return answer{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}, errors.Join(err, ctx.Err())
}

// command is a command that the end of the context ends: asked to first, killed
// after a while.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = 10 * time.Second
	setGroup(cmd)
	return cmd
}

// runAll runs a command and sees to it that nothing it started outlives it.
func runAll(cmd *exec.Cmd) error {
	err := cmd.Run()
	endGroup(cmd)
	return err
}
