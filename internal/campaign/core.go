package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// schemas are the provider's, which no run changes.
var schemas = sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
	all, err := provider.Server("test")().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return all
})

// core plays Terraform's core to the provider, for one resource: it refreshes,
// plans and applies by the protocol, with a new process of the provider for each
// walk, and keeps the state.
type core struct {
	t        *testing.T
	system   string
	settings acctest.Attrs
	resource string
	schema   *tfprotov6.Schema
	state    *instance
	// killed says that what an interrupted operation returns is never heard.
	killed bool
	// said is all that the provider ever said, for the scan for secrets.
	said strings.Builder
}

// instance is an object in the state.
type instance struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

// outcome is what an apply came to.
type outcome struct {
	acctest.Problems
	action string
	// drift says that the refresh found changes that nobody made.
	drift bool
}

func newCore(t *testing.T, s acctest.Suite, more acctest.Attrs) *core {
	t.Helper()
	system, settings := s.Lab.Settings()
	schema := schemas().ResourceSchemas[s.Type]
	if schema == nil {
		t.Fatalf("there is no resource %s", s.Type)
	}
	return &core{t: t, system: system, settings: settings.With(more), resource: s.Type, schema: schema}
}

// walk is one process of the provider, at work for one walk of core's graph.
type walk struct {
	*core
	tfprotov6.ProviderServer
	ctx context.Context
}

// walk starts the provider. Its second result is what that came to.
func (c *core) walk(ctx context.Context) *walk {
	c.t.Helper()
	w := &walk{core: c, ProviderServer: provider.Server("test")(), ctx: ctx}
	config := c.encode(schemas().Provider.ValueType(), acctest.Attrs{c.system: c.settings})
	resp, err := w.ConfigureProvider(c.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: c.wire(config)})
	c.must(err)
	if c.hear(resp.Diagnostics).Failed() {
		c.t.Fatalf("configure: %s", acctest.Problems(resp.Diagnostics))
	}
	return w
}

// change is a planned change.
type change struct {
	outcome
	after    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// plan is what terraform plan does; nil plans the destruction.
func (c *core) plan(ctx context.Context, config acctest.Attrs) *change {
	c.t.Helper()
	w := c.walk(ctx)
	drift, problems := w.refresh()
	if problems.Failed() {
		return &change{outcome: outcome{Problems: problems}}
	}
	planned := w.planChange(c.config(config))
	planned.drift = drift
	return planned
}

func (c *core) config(config acctest.Attrs) tftypes.Value {
	if config == nil {
		return c.null()
	}
	return c.encode(c.schema.ValueType(), config)
}

// apply is what terraform apply does: a plan, and if it can be made, its
// execution by another process.
func (c *core) apply(ctx context.Context, config acctest.Attrs) outcome {
	c.t.Helper()
	planned := c.plan(ctx, config)
	if planned.Failed() || planned.action == "no-op" {
		return planned.outcome
	}
	w := c.walk(ctx)
	if planned.action == "replace" || planned.action == "delete" {
		gone := *planned
		gone.after = c.null()
		problems := w.carryOut(&gone, c.null(), c.state.value)
		if problems.Failed() || planned.action == "delete" {
			return outcome{Problems: problems, action: planned.action}
		}
	}
	// Core plans again with what it knows by now.
	again := w.planChange(c.config(config))
	if again.Failed() {
		return again.outcome
	}
	prior := c.null()
	if c.state != nil {
		prior = c.state.value
	}
	return outcome{Problems: w.carryOut(again, c.config(config), prior), action: planned.action, drift: planned.drift}
}

// refresh reads the object; one that is gone leaves the state.
func (w *walk) refresh() (drift bool, problems acctest.Problems) {
	w.t.Helper()
	was := w.state
	if was == nil {
		return false, nil
	}
	resp, err := w.ReadResource(w.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: w.resource, CurrentState: w.wire(was.value), Private: was.private, CurrentIdentity: was.identity,
	})
	w.must(err)
	if w.hear(resp.Diagnostics).Failed() {
		return false, resp.Diagnostics
	}
	found := w.decode(resp.NewState)
	w.state = nil
	if !found.IsNull() {
		w.state = &instance{found, resp.Private, resp.NewIdentity, was.tainted}
	}
	return !found.Equal(was.value), resp.Diagnostics
}

func (w *walk) planChange(config tftypes.Value) *change {
	w.t.Helper()
	prior, private, identity := w.null(), []byte(nil), (*tfprotov6.ResourceIdentityData)(nil)
	state := w.state
	if state != nil && (!state.tainted || config.IsNull()) {
		prior, private, identity = state.value, state.private, state.identity
	}
	planned := w.ask(config, prior, private, identity)
	switch {
	case planned.Failed():
	case config.IsNull() && state == nil, state != nil && !state.tainted && planned.after.Equal(prior) && planned.action == "":
		planned.action = "no-op"
	case config.IsNull():
		planned.action = "delete"
	case state == nil:
		planned.action = "create"
	case state.tainted:
		planned.action = "replace"
	case planned.action == "replace":
		// Core plans once more, as if there were nothing.
		planned = w.ask(config, w.null(), planned.private, planned.identity)
		planned.action = "replace"
	default:
		planned.action = "update"
	}
	return planned
}

// ask is one call for a plan. Its action is "replace" or "".
func (w *walk) ask(config, prior tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) *change {
	w.t.Helper()
	resp, err := w.PlanResourceChange(w.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: w.resource, Config: w.wire(config), PriorState: w.wire(prior), PriorPrivate: private,
		ProposedNewState: w.wire(w.proposed(prior, config)), PriorIdentity: identity,
	})
	w.must(err)
	c := &change{after: w.decode(resp.PlannedState), private: resp.PlannedPrivate, identity: resp.PlannedIdentity}
	c.Problems = w.hear(resp.Diagnostics)
	if len(resp.RequiresReplace) > 0 {
		c.action = "replace"
	}
	return c
}

// carryOut is one change applied. Core keeps what the provider returns, also with
// an error; an object whose creation failed is tainted.
func (w *walk) carryOut(c *change, config, prior tftypes.Value) acctest.Problems {
	w.t.Helper()
	resp, err := w.ApplyResourceChange(w.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: w.resource, PriorState: w.wire(prior), PlannedState: w.wire(c.after), Config: w.wire(config),
		PlannedPrivate: c.private, PlannedIdentity: c.identity,
	})
	w.must(err)
	problems := w.hear(resp.Diagnostics)
	if w.killed && w.ctx.Err() != nil {
		return append(problems, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "killed"})
	}
	result := w.decode(resp.NewState)
	switch {
	case problems.Failed() && result.IsNull(): // the state stays
	case result.IsNull():
		w.state = nil
	default:
		tainted := w.state != nil && w.state.tainted || problems.Failed() && prior.IsNull()
		w.state = &instance{result, resp.Private, resp.NewIdentity, tainted}
	}
	return problems
}

// proposed is the state that core proposes: what the configuration says, and the
// prior value where it is silent and the provider may choose.
func (w *walk) proposed(prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() {
		return config
	}
	merged, was := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	w.must(config.As(&merged))
	w.must(prior.As(&was))
	merged = maps.Clone(merged)
	for _, a := range w.schema.Block.Attributes {
		if a.WriteOnly {
			merged[a.Name] = tftypes.NewValue(a.Type, nil)
		} else if a.Computed && merged[a.Name].IsNull() && !prior.IsNull() {
			merged[a.Name] = was[a.Name]
		}
	}
	return tftypes.NewValue(w.schema.ValueType(), merged)
}

func (c *core) null() tftypes.Value { return tftypes.NewValue(c.schema.ValueType(), nil) }

// encode is a JSON object as a value; what it does not name is null.
func (c *core) encode(t tftypes.Type, object acctest.Attrs) tftypes.Value {
	c.t.Helper()
	text, err := json.Marshal(object)
	c.must(err)
	v, err := tftypes.ValueFromJSON(text, t) //nolint:staticcheck // the tables speak JSON; only external callers are warned off
	c.must(err)
	return v
}

func (c *core) wire(v tftypes.Value) *tfprotov6.DynamicValue {
	c.t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	c.must(err)
	return &d
}

func (c *core) decode(d *tfprotov6.DynamicValue) tftypes.Value {
	c.t.Helper()
	if d == nil {
		return c.null()
	}
	v, err := d.Unmarshal(c.schema.ValueType())
	c.must(err)
	c.said.Write(d.MsgPack)
	return v
}

// hear notes what the provider says.
func (c *core) hear(problems acctest.Problems) acctest.Problems {
	fmt.Fprintln(&c.said, problems)
	return problems
}

func (c *core) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}
