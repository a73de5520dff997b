package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Interruptible is a context that ends when somebody stops this program, or its
// parent: `go run` does not pass a SIGTERM on to what it runs.
func Interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
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
					stop()
				}
			}
		}
	}()
	return ctx, stop
}
