package entity_test

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// terraform is Terraform with the made-up provider, of which each plan and each apply
// has a new process.
type terraform struct {
	testing.TB
	ctx     context.Context
	system  *entity.System
	block   values // the provider's block
	schemas *testcore.Schemas
}

// schemas are the made-up provider's, which are the same for all tests.
var schemas = sync.OnceValue(func() *testcore.Schemas {
	tf := terraform{system: newDepot().system()}
	return testcore.SchemasOf(func() tfprotov6.ProviderServer { return tf.serve() })
})

// newTerraform works on a depot with the given settings over the usual ones.
func newTerraform(t testing.TB, d *depot, settings values) *terraform {
	t.Helper()
	return &terraform{
		TB: t, ctx: t.Context(), system: d.system(), schemas: schemas(),
		block: values{"endpoint": "depot.example"}.with(settings),
	}
}

// process is a process of the provider: the engine's shortcut and its checks before
// the framework's server.
type process struct {
	entity.Server
	framework entity.Server
	tf        *terraform
}

func (tf *terraform) serve() *process {
	p := &madeUp{system: tf.system}
	framework := providerserver.NewProtocol6(p)().(entity.Server)
	strict := entity.Strict(framework, []*entity.System{tf.system})
	return &process{entity.Shortcut(strict, tf.system.Kinds, func() entity.Sessions { return p.sessions }), framework, tf}
}

// PlanResourceChange holds that an answer that may be the shortcut's is the one that
// the framework gives.
func (p *process) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := p.Server.PlanResourceChange(ctx, req)
	if err != nil || resp.PlannedState != req.PriorState {
		return resp, err // it went through the framework
	}
	// Another process: one does not plan an object twice.
	want, err := p.tf.start().framework.PlanResourceChange(ctx, req)
	if err != nil {
		return nil, err
	}
	schema := p.tf.schemas.ResourceSchemas[req.TypeName].ValueType()
	a, b := offWire(p.tf, schema, resp.PlannedState), offWire(p.tf, schema, want.PlannedState)
	if !a.Equal(b) || len(want.RequiresReplace) > 0 || len(want.Diagnostics) > 0 || !bytes.Equal(resp.PlannedPrivate, want.PlannedPrivate) {
		p.tf.Errorf("the shortcut plans otherwise than the framework: %s, %s", testcore.Difference(a, b), diagnostics(want.Diagnostics).text())
	}
	return resp, nil
}

// config is the provider's configuration.
func (tf *terraform) config() values {
	if tf.block == nil {
		return values{}
	}
	return values{tf.system.Name: tf.block}
}

// start is a new process of the provider, configured.
func (tf *terraform) start() *process {
	tf.Helper()
	server, diags := tf.tryStart()
	diags.none(tf)
	return server
}

func (tf *terraform) tryStart() (*process, diagnostics) {
	tf.Helper()
	server := tf.serve()
	config := encode(tf, tf.schemas.Provider.ValueType(), tf.config())
	resp, err := server.ConfigureProvider(tf.ctx, &tfprotov6.ConfigureProviderRequest{Config: testcore.Wire(config), TerraformVersion: "1.14.0"})
	if err != nil {
		tf.Fatal(err)
	}
	return server, resp.Diagnostics
}

// resource is one resource in a configuration, and its state.
type resource struct {
	*terraform
	name   string
	schema *tfprotov6.Schema
	state  *testcore.Instance
	forced bool // as with -replace
}

func (tf *terraform) resource(kind string) *resource {
	tf.Helper()
	name := "storage_depot_" + kind
	schema := tf.schemas.ResourceSchemas[name]
	if schema == nil {
		tf.Fatalf("there is no resource %s", name)
	}
	return &resource{terraform: tf, name: name, schema: schema}
}

func (r *resource) address() string { return r.name + ".subject" }

// get is an attribute of the state.
func (r *resource) get(name string) any {
	r.Helper()
	if r.state == nil {
		r.Fatalf("%s is not in the state", r.name)
	}
	return decode(r, testcore.Attributes(r.state.Value)[name])
}

// attribute is an attribute of the resource's schema; nil where it has none.
func (r *resource) attribute(name string) *tfprotov6.SchemaAttribute {
	for _, a := range r.schema.Block.Attributes {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// core plays Terraform's core for the resource, with the state as it is now.
func (r *resource) core() *testcore.Core {
	c := testcore.New(r, func() tfprotov6.ProviderServer { return r.serve() }, r.schemas, r.config())
	c.State.Set(r.address(), r.state)
	return c
}

// of is a configuration of the resource; nil is none.
func (r *resource) of(config values) testcore.Config {
	if config == nil {
		return testcore.Config{}
	}
	return testcore.Config{Resources: map[string]testcore.Resource{r.address(): {Arguments: config}}}
}

// refresh reads the object; an object that is gone leaves the state.
func (r *resource) refresh() diagnostics {
	r.Helper()
	core := r.core()
	done := core.Refresh(r.ctx)
	r.state = core.State.Get(r.address())
	return diagnostics(done.Shown())
}

// change is a planned change.
type change struct {
	diagnostics
	action testcore.Action
	after  tftypes.Value
	// private is what the plan remembers.
	private []byte
	plan    *testcore.Plan
}

// value is a planned attribute.
func (c *change) value(t testing.TB, name string) any {
	t.Helper()
	return decode(t, testcore.Attributes(c.after)[name])
}

// plan is what terraform plan does for the resource; nil plans its destruction. The
// state is then what the plan has found.
func (r *resource) plan(config values) *change {
	r.Helper()
	var o testcore.Options
	if r.forced {
		o.Replace = []string{r.address()}
	}
	p := r.core().Plan(r.ctx, r.of(config), o)
	r.state = p.Refreshed.Get(r.address())
	c := &change{diagnostics: diagnostics(p.Shown()), action: testcore.NoOp, after: tftypes.NewValue(r.schema.ValueType(), nil), plan: p}
	if planned := p.Changes[r.address()]; planned != nil {
		c.action, c.after, c.private = planned.Action, planned.After, planned.Private
	}
	return c
}

// apply carries out a planned change with the configuration as it is then known.
func (r *resource) apply(c *change, config values) diagnostics {
	r.Helper()
	core := r.core()
	done := core.ApplyKnowing(r.ctx, c.plan, r.of(config))
	r.state = core.State.Get(r.address())
	return diagnostics(done.Shown())
}

// run is terraform apply: a plan, and if it can be made, its execution.
func (r *resource) run(config values) diagnostics {
	r.Helper()
	c := r.plan(config)
	if c.failed() {
		return c.diagnostics
	}
	return append(c.diagnostics, r.apply(c, config)...)
}

// mustRun applies a configuration and holds that the next plan is empty.
func (r *resource) mustRun(config values) {
	r.Helper()
	r.run(config).succeed(r)
	r.quiet(config)
}

// quiet holds that a plan of the configuration changes nothing.
func (r *resource) quiet(config values) {
	r.Helper()
	c := r.plan(config)
	c.succeed(r)
	if c.action != testcore.NoOp || len(c.plan.Drift) > 0 {
		r.Fatalf("a plan after apply is not empty: %s", c.plan)
	}
}

// importAs is an import block or command: it brings an object into the state.
func (r *resource) importAs(id string) diagnostics {
	r.Helper()
	return r.importFrom(testcore.Import{ID: id})
}

func (r *resource) importFrom(from testcore.Import) diagnostics {
	r.Helper()
	core := r.core()
	core.State.Set(r.address(), nil)
	done := core.Import(r.ctx, r.address(), from)
	r.state = core.State.Get(r.address())
	return diagnostics(done.Shown())
}
