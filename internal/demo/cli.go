package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// pluginPath is where the CLI looks for the provider: a mirror of a registry
// with this one provider in it, so that `init` works as it does for a user.
func pluginPath(c *cli.CLI, dir string) string {
	const version = "0.0.1"
	path := filepath.Join(dir, "mirror", c.Registry(), "storage-as-code", "storage", version,
		runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-storage_v"+version)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	return path
}

// prepare gives the CLI a directory with the demo's configuration and the
// environment of a user of the array, and has it install the provider.
func prepare(ctx context.Context, c *cli.CLI, dir string, env ...string) error {
	c.Dir = filepath.Join(dir, "work")
	if err := os.Mkdir(c.Dir, 0o700); err != nil {
		return err
	}
	main, err := configuration(ctx)
	if err != nil {
		return err
	}
	if err := os.WriteFile(configPath(c), main, 0o600); err != nil {
		return err
	}

	settings := filepath.Join(dir, "cli.tfrc")
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.ToSlash(filepath.Join(dir, "mirror")))
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		return err
	}
	c.Env = append(c.Env, env...)
	c.Env = append(c.Env,
		"TF_CLI_CONFIG_FILE="+settings,
		"TF_IN_AUTOMATION=1", // no advice on what to type next
		"TF_CLI_ARGS=-no-color",
		"TF_CLI_ARGS_plan=-detailed-exitcode",
		"TMPDIR="+dir, // sockets of the provider are in here too
	)
	installed, err := c.Run(ctx, "init")
	if err == nil && installed.Code != succeeded {
		err = fmt.Errorf("%s init fails:\n%s%s", c.Name, installed.Stdout, installed.Stderr)
	}
	return err
}

func configPath(c *cli.CLI) string { return filepath.Join(c.Dir, "main.tf") }
