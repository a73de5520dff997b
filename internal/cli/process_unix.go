//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// setGroup puts a command into a process group of its own. A Ctrl-C then
// reaches the program alone, which passes it on once: a CLI that gets it twice
// drops everything where it is.
func setGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}

// endGroup kills what a finished command left running, which is normally
// nothing: the error that says so is of no interest.
func endGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
