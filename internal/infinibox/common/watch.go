package common

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// firstLook is the wait before the second look at what is going on.
const firstLook = 50 * time.Millisecond

// Watch looks at what is going on until it is done, ever more seldom, and at least every
// slowest. Look tells whether it is done, what to say of it while it is not, and what keeps
// it from ever being so.
func Watch(ctx context.Context, slowest time.Duration, look func() (done bool, said string, err error)) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	last := ""
	for wait := firstLook; ; wait = min(2*wait, slowest) {
		done, said, err := look()
		switch {
		case err != nil && ctx.Err() != nil && last != "":
			return stillAt(ctx, last)
		case err != nil || done:
			return err
		}
		if said != last || wait == slowest {
			api.Progress(ctx, said)
		}
		last = said
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return stillAt(ctx, last)
		case <-timer.C:
		}
	}
}

// stillAt says where the wait has left what goes on.
func stillAt(ctx context.Context, last string) error {
	return errors.Join(fmt.Errorf("%s, and goes on by itself: its data source tells how far it is", last), context.Cause(ctx))
}
