package entity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Temporarily makes on the system what a question needs, has it used, and removes it
// again: also where its use fails, is stopped, or runs out of time. All requests of
// remove are sent, whatever becomes of the others; what is gone already is no error.
func (s *Session) Temporarily(ctx context.Context, creation api.Request, use func(made api.Object) error, remove func(made api.Object) []api.Request) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	// A request that is given up may have been carried out, and nobody would know of what.
	longer, done := outliving(ctx)
	defer done()
	answer, err := s.Client.Do(longer, creation)
	if err != nil {
		return err
	}
	made, ok := answer.(api.Object)
	if !ok {
		return unexpected(answer, "what was made")
	}
	problems := []error{use(made)}
	for _, request := range remove(made) {
		if _, err := s.Client.Do(longer, request); err != nil && api.ReasonOf(err) != api.NotFound {
			problems = append(problems, fmt.Errorf("what was made for this question is left behind: %w", err))
		}
	}
	return errors.Join(problems...)
}

// outliving is a context that goes on for the time of grace after its parent has ended.
func outliving(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		grace := stopGrace
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			grace = lateGrace
		}
		time.AfterFunc(grace, cancel)
	})
	return longer, func() { stop(); cancel() }
}
