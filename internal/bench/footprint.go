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

// watch looks at the processes of a program until the function it returns is
// called, which returns the most memory that one of them had resident: 0 where
// there is no /proc to tell.
func watch(ctx context.Context, program string) func() int64 {
	ctx, cancel := context.WithCancel(ctx)
	result := make(chan int64)
	go func() {
		var peak int64
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				result <- peak
				return
			case <-tick.C:
				peak = max(peak, resident(program))
			}
		}
	}()
	return func() int64 {
		cancel()
		return <-result
	}
}

// resident is the peak so far, which the kernel keeps.
func resident(program string) (peak int64) {
	processes, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, exe := range processes {
		if path, err := os.Readlink(exe); err != nil || path != program {
			continue
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(exe), "status"))
		if err != nil {
			continue
		}
		for line := range bytes.Lines(status) {
			text, ok := strings.CutPrefix(string(line), "VmHWM:")
			if !ok {
				continue
			}
			kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			peak = max(peak, kilobytes<<10)
		}
	}
	return peak
}
