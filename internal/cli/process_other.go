//go:build !unix

package cli

import (
	"os"
	"os/exec"
)

// Without process groups the context's end kills the command itself.

func setGroup(*exec.Cmd) {}

func endGroup(*exec.Cmd) {}

func resident(*os.ProcessState) int64 { return 0 }
