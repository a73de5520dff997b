//go:build !unix

package cli

import "os/exec"

// Without process groups the context's end kills the command itself.

func setGroup(*exec.Cmd) {}

func endGroup(*exec.Cmd) {}
