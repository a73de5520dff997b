package campaign

import (
	"context"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// core plays Terraform's core to the provider, for one resource.
type core struct {
	*testcore.Core
	address string
}

func newCore(t *testing.T, s acctest.Suite, more acctest.Attrs) *core {
	t.Helper()
	return &core{acctest.NewCore(t, s.Lab, more), s.Type + ".subject"}
}

// object is what the state has of the resource; nil where it has nothing.
func (c *core) object() *testcore.Instance { return c.State.Get(c.address) }

// outcome is what an apply came to, or a plan.
type outcome struct {
	*testcore.Result
	action testcore.Action
}

// config is the resource's configuration; nil is none.
func (c *core) config(arguments acctest.Attrs) testcore.Config {
	if arguments == nil {
		return testcore.Config{}
	}
	return testcore.Config{Resources: map[string]testcore.Resource{c.address: {Arguments: arguments}}}
}

// plan is what terraform plan does; nil plans the destruction.
func (c *core) plan(ctx context.Context, arguments acctest.Attrs) outcome {
	return c.outcome(c.Plan(ctx, c.config(arguments), testcore.Options{}), nil)
}

// apply is what terraform apply does: a plan, and if it can be made, its
// execution by another process.
func (c *core) apply(ctx context.Context, arguments acctest.Attrs) outcome {
	plan, done := c.Run(ctx, c.config(arguments), testcore.Options{})
	return c.outcome(plan, done)
}

func (c *core) outcome(plan *testcore.Plan, done *testcore.Result) outcome {
	o := outcome{&plan.Result, testcore.NoOp}
	if change := plan.Changes[c.address]; change != nil {
		o.action = change.Action
	}
	if done != nil {
		o.Said = append(o.Said, done.Said...)
	}
	return o
}

// quiet reports whether the outcome is that of a plan which finds nothing to do.
func (o outcome) quiet() bool { return !o.Failed() && o.action == testcore.NoOp && len(o.Drift) == 0 }
