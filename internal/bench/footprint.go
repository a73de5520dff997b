package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// footprint is what the processes of a program took: zeros where there is no /proc
// to tell.
type footprint struct {
	memory int64 // the most that one of them had resident, in bytes
	cpu    time.Duration
}

// watch looks at the processes of a program, in a directory, until the function it
// returns is called, which tells what they took. Of each process's time it misses what
// comes after the last look.
func watch(ctx context.Context, program, dir string) func() footprint {
	ctx, cancel := context.WithCancel(ctx)
	result := make(chan footprint)
	go func() {
		var peak int64
		spent := map[string]time.Duration{} // by process
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				all := footprint{memory: peak}
				for _, cpu := range spent {
					all.cpu += cpu
				}
				result <- all
				return
			case <-tick.C:
				for _, process := range running(program, dir) {
					peak = max(peak, resident(process))
					spent[process] = max(spent[process], cpuTime(process))
				}
			}
		}
	}()
	return func() footprint {
		cancel()
		return <-result
	}
}

// running are the directories in /proc of a program's processes that work in a directory.
func running(program, dir string) []string {
	processes, _ := filepath.Glob("/proc/[0-9]*/exe")
	var of []string
	for _, exe := range processes {
		process := filepath.Dir(exe)
		if leads(exe, program) && leads(filepath.Join(process, "cwd"), dir) {
			of = append(of, process)
		}
	}
	return of
}

// leads reports whether a link leads to a file; of a process that has ended it leads nowhere.
func leads(link, to string) bool {
	path, err := os.Readlink(link)
	return err == nil && path == to
}

// resident is the peak of a process so far, which the kernel keeps.
func resident(process string) (peak int64) {
	status, _ := os.ReadFile(filepath.Join(process, "status")) // it may have ended by now
	for line := range bytes.Lines(status) {
		if text, ok := strings.CutPrefix(string(line), "VmHWM:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			peak = kilobytes << 10
		}
	}
	return peak
}

// cpuTime is what a process took of the processors so far.
func cpuTime(process string) time.Duration {
	const tick = 10 * time.Millisecond // of the kernel's clock: USER_HZ
	stat, _ := os.ReadFile(filepath.Join(process, "stat"))
	_, afterName, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(afterName)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}
