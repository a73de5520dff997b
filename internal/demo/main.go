// Command demo shows the provider at work: it builds the provider, starts a
// simulated InfiniBox and what protects an estate around it, and takes a database
// cluster's storage through its life with the real CLI. What each step claims is checked, on the CLI's answer and
// on the array; a claim that is false fails the demo.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// module is what is built, and where the demo's configuration is found.
const module = "github.com/storage-as-code/terraform-provider-storage"

func main() { os.Exit(demo()) }

func demo() (exitCode int) {
	ctx, stop := cli.Interruptible()
	defer stop()

	err := tell(ctx)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "\nStopped.")
		return 130
	default:
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		return 1
	}
}

func tell(ctx context.Context) (err error) {
	// Everything the demo writes is in here, and goes with it.
	dir, err := os.MkdirTemp("", "demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	out := newScreen(os.Stdout)
	out.title("The storage of a database cluster, from first plan to last destroy")

	terraform, err := cli.Find(ctx, dir, out.text)
	if err != nil {
		return err
	}
	out.text("CLI: %s. Configuration: examples/demo/main.tf.", terraform.Version)
	out.text("Provider: being built from this checkout ...")
	if err := cli.Build(ctx, pluginPath(terraform, dir), module); err != nil {
		return err
	}

	e, err := newEstate()
	defer func() { err = errors.Join(err, e.close()) }()
	if err != nil {
		return fmt.Errorf("starting the simulators: %w", err)
	}
	out.text("Systems, all simulated: %s.", e)

	if err := prepare(ctx, terraform, dir, e.environment...); err != nil {
		return err
	}

	started := time.Now()
	for i, step := range story {
		if err := step.play(ctx, i+1, terraform, e.array, out); err != nil {
			return err
		}
	}
	out.title("Done in %.0fs: %d steps, every claim checked on the array.", time.Since(started).Seconds(), len(story))
	return nil
}

// configuration returns the demo's configuration as it is in this checkout.
func configuration(ctx context.Context) ([]byte, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return nil, fmt.Errorf("finding the checkout: %w", err)
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "examples", "demo", "main.tf"))
}
