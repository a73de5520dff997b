// Command demo shows the provider at work: it builds the provider, starts a
// simulated InfiniBox and takes a database cluster's storage through its life
// with the real CLI. What each step claims is checked, on the CLI's answer and
// on the array; a claim that is false fails the demo.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// module is what is built, and where the demo's configuration is found.
const module = "github.com/storage-as-code/terraform-provider-storage"

func main() { os.Exit(demo()) }

func demo() (exitCode int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, cancel := cancelWithParent(ctx)
	defer cancel()

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

// cancelWithParent ends the context when the demo's parent does: `go run` does
// not pass a SIGTERM on to what it runs.
func cancelWithParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if os.Getppid() != parent {
					cancel()
				}
			}
		}
	}()
	return ctx, cancel
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

	terraform, err := findCLI(ctx, dir, out)
	if err != nil {
		return err
	}
	out.text("CLI: %s. Configuration: examples/demo/main.tf.", terraform.version)
	out.text("Provider: being built from this checkout ...")
	if err := buildProvider(ctx, terraform.pluginPath(dir)); err != nil {
		return err
	}

	const username, password = "admin", "123456"
	simulator, err := infinibox.New(infinibox.Options{Username: username, Password: password, TLS: true})
	if err != nil {
		return fmt.Errorf("starting the simulated InfiniBox: %w", err)
	}
	defer func() { err = errors.Join(err, simulator.Close()) }()

	out.text("Array: a simulated InfiniBox at %s.", simulator.URL())

	if err := terraform.prepare(ctx, dir,
		"INFINIBOX_ENDPOINT="+simulator.URL(),
		"INFINIBOX_USERNAME="+username,
		"INFINIBOX_PASSWORD="+password,
		"INFINIBOX_CA_CERTIFICATE="+simulator.CACertificate(),
	); err != nil {
		return err
	}

	started := time.Now()
	for i, step := range story {
		if err := step.play(ctx, i+1, terraform, array{simulator}, out); err != nil {
			return err
		}
	}
	out.title("Done in %.0fs: %d steps, every claim checked on the array.", time.Since(started).Seconds(), len(story))
	return nil
}

// buildProvider builds the provider of this checkout.
func buildProvider(ctx context.Context, path string) error {
	cmd := command(ctx, "go", "build", "-o", path, module)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := runAll(cmd); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, output.String())
	}
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
