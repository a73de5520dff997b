// Package cli runs the real Terraform or OpenTofu, for programs that show or
// measure the provider at work.
package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"
)

// CLI is a Terraform or OpenTofu, with a directory to work in.
type CLI struct {
	Path    string
	Name    string   // as a person types it
	Version string   // as it introduces itself
	Dir     string   // where the configuration is
	Env     []string // in which it runs
}

// errNone is the error of a machine without a CLI.
var errNone = errors.New("neither terraform nor tofu is on PATH")

// Installed is the CLI that TF_ACC_TERRAFORM_PATH names, or one from PATH.
func Installed(ctx context.Context) (*CLI, error) {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	for _, name := range []string{"terraform", "tofu"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		return nil, errNone
	}
	return at(ctx, path)
}

// Find is the CLI that is installed, or says that it gets one into dir.
func Find(ctx context.Context, dir string, say func(format string, args ...any)) (*CLI, error) {
	found, err := Installed(ctx)
	if !errors.Is(err, errNone) {
		return found, err
	}
	say("CLI: none on PATH; Terraform is being downloaded ...")
	path, err := install.NewInstaller().Install(ctx, []src.Installable{
		&releases.LatestVersion{Product: product.Terraform, InstallDir: dir},
	})
	if err != nil {
		return nil, fmt.Errorf("%w, and none could be downloaded; install one and try again (%w)", errNone, err)
	}
	return at(ctx, path)
}

// at is the CLI of that path.
func at(ctx context.Context, path string) (*CLI, error) {
	c := &CLI{Path: path, Name: strings.TrimSuffix(filepath.Base(path), ".exe"), Env: cleanEnv()}
	answer, err := c.Run(ctx, "version")
	if err != nil {
		return nil, err
	}
	if answer.Code != 0 {
		return nil, fmt.Errorf("%s does not run:\n%s%s", path, answer.Stdout, answer.Stderr)
	}
	c.Version, _, _ = strings.Cut(answer.Stdout, "\n")
	return c, nil
}

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

// Answer is what a run of the CLI came to.
type Answer struct {
	Code           int
	Stdout, Stderr string
	CPU            time.Duration // of the CLI and the providers it started
}

// Run runs the CLI with one line of arguments and, for this run, more environment.
func (c *CLI) Run(ctx context.Context, line string, env ...string) (Answer, error) {
	cmd := command(ctx, c.Path, strings.Fields(line)...)
	cmd.Dir = c.Dir
	cmd.Env = slices.Concat(c.Env, env)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr

	err := runAll(cmd)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = nil // the code tells
	}
	answer := Answer{Code: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
	if cmd.ProcessState != nil {
		answer.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	return answer, errors.Join(err, ctx.Err())
}

// Build builds a program of this module.
func Build(ctx context.Context, program, pkg string, flags ...string) error {
	cmd := command(ctx, "go", slices.Concat([]string{"build", "-o", program}, flags, []string{pkg})...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := runAll(cmd); err != nil {
		return fmt.Errorf("building %s: %w\n%s", pkg, err, output.String())
	}
	return nil
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
