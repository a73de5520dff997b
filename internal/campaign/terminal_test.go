//go:build unix

package campaign

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// terminal is where a user runs the real CLI, which runs the real provider.
type terminal struct {
	*cli.CLI
	t *testing.T
	// printed is all that the CLI has said.
	printed bytes.Buffer
}

// tools are the CLI, and its settings that point to the provider's program.
type tools struct {
	cli      *cli.CLI
	settings string
}

func newTools(t *testing.T) tools {
	t.Helper()
	dir := t.TempDir()
	if err := cli.Build(t.Context(), filepath.Join(dir, "terraform-provider-storage"), "github.com/storage-as-code/terraform-provider-storage"); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(dir, "cli.tfrc")
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    \"storage-as-code/storage\" = %q\n  }\n  direct {}\n}\n", dir)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return tools{acctest.Tool(t), settings}
}

// open is a terminal in a directory of its own, with the configuration.
func (all tools) open(t *testing.T, config string) *terminal {
	t.Helper()
	c := *all.cli
	c.Dir = t.TempDir()
	c.Env = append(slices.Clone(c.Env), "TF_CLI_CONFIG_FILE="+all.settings, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color",
		"TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(c.Dir, "trace.log"))
	w := &terminal{CLI: &c, t: t}
	w.write(config)
	return w
}

func (w *terminal) write(config string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, "main.tf"), []byte(config), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// run runs a command to its end.
func (w *terminal) run(line string) cli.Answer {
	w.t.Helper()
	answer, err := w.Run(w.t.Context(), line)
	if err != nil {
		w.t.Fatal(err)
	}
	w.printed.WriteString(answer.Stdout + answer.Stderr)
	return answer
}

// start starts a command that is to be interrupted, in a process group of its own
// like a shell's. What it prints is in the terminal when it has ended.
func (w *terminal) start(line string) *exec.Cmd {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), w.Path, strings.Fields(line)...)
	cmd.Dir, cmd.Env = w.Dir, w.Env
	cmd.Stdout, cmd.Stderr = &w.printed, &w.printed
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	return cmd
}

// forgotten reports whether the CLI has left half a state, which it does not write at
// one stroke, and clears it away as somebody without a backup has to.
func (w *terminal) forgotten() bool {
	w.t.Helper()
	file := filepath.Join(w.Dir, "terraform.tfstate")
	text, err := os.ReadFile(file)
	if err != nil || json.Valid(text) {
		return false // none yet, or a whole one
	}
	if err := os.Remove(file); err != nil {
		w.t.Fatal(err)
	}
	return true
}

// interruptions are the ways in which a run is ended from outside.
var interruptions = map[string]func(*exec.Cmd){
	"ctrl-c":          func(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) },
	"killed":          func(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) },
	"provider-killed": killProvider,
}

// killProvider kills what the CLI has started, which is the provider.
func killProvider(cmd *exec.Cmd) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", cmd.Process.Pid))
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for child := range strings.FieldsSeq(string(children)) {
			if pid, err := strconv.Atoi(child); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
}

// noSecrets scans all that the runs have left in the directory, and have said.
func (w *terminal) noSecrets(secrets ...string) {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Dir, "*"))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, file := range files {
		if plan, err := zip.OpenReader(file); err == nil {
			w.planWithout(plan, secrets)
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil || filepath.Base(file) == "main.tf" {
			continue
		}
		for _, secret := range secrets {
			if i := bytes.Index(text, []byte(secret)); i >= 0 {
				w.t.Errorf("%s holds the secret %q: %s", filepath.Base(file), secret, text[max(0, i-200):min(len(text), i+60)])
			}
		}
	}
	for _, secret := range secrets {
		if strings.Contains(w.printed.String(), secret) {
			w.t.Errorf("the CLI has printed the secret %q", secret)
		}
	}
}

// planWithout scans a saved plan, but for the configuration that is in it as the
// user wrote it.
func (w *terminal) planWithout(plan *zip.ReadCloser, secrets []string) {
	w.t.Helper()
	defer plan.Close()
	for _, part := range plan.File {
		if strings.HasPrefix(part.Name, "tfconfig") {
			continue
		}
		r, err := part.Open()
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, secret := range secrets {
			if bytes.Contains(text, []byte(secret)) {
				w.t.Errorf("the saved plan holds the secret %q in %s", secret, part.Name)
			}
		}
	}
}
