package entity_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// terraform plays Terraform's core to the made-up provider: it validates,
// refreshes, plans and applies by the protocol, and holds the provider to what
// core holds it to, with a new process of the provider for each plan and each apply.
type terraform struct {
	testing.TB
	ctx     context.Context
	system  *entity.System
	block   values // the provider's block
	schemas *tfprotov6.GetProviderSchemaResponse
}

// schemas are the made-up provider's, which are the same for all tests.
var schemas = sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
	tf := terraform{system: newDepot().system()}
	resp, err := tf.serve().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(resp.Diagnostics) > 0 {
		panic(fmt.Sprint(err, diagnostics(resp.Diagnostics).text()))
	}
	return resp
})

// newTerraform works on a depot with the given settings over the usual ones.
func newTerraform(t testing.TB, d *depot, settings values) *terraform {
	t.Helper()
	tf := &terraform{
		TB: t, ctx: t.Context(), system: d.system(),
		block: values{"endpoint": "depot.example"}.with(settings),
	}
	tf.schemas = schemas()
	return tf
}

// process is a process of the provider: the engine's shortcut and its checks before
// the framework's server.
type process struct {
	entity.Server
	framework entity.Server
}

func (tf *terraform) serve() *process {
	p := &madeUp{system: tf.system}
	framework := providerserver.NewProtocol6(p)().(entity.Server)
	return &process{entity.Shortcut(entity.Strict(framework, []*entity.System{tf.system}), tf.system.Kinds, func() entity.Sessions { return p.sessions }), framework}
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
	config := encode(tf, tf.schemas.Provider.ValueType(), values{tf.system.Name: tf.block})
	if tf.block == nil {
		config = encode(tf, tf.schemas.Provider.ValueType(), values{})
	}
	resp, err := server.ConfigureProvider(tf.ctx, &tfprotov6.ConfigureProviderRequest{Config: onWire(tf, config), TerraformVersion: "1.14.0"})
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
	state  *instance
	forced bool // as with -replace
}

// instance is an object in the state.
type instance struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
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

func (r *resource) null() tftypes.Value { return tftypes.NewValue(r.schema.ValueType(), nil) }

// get is an attribute of the state.
func (r *resource) get(name string) any {
	r.Helper()
	if r.state == nil {
		r.Fatalf("%s is not in the state", r.name)
	}
	return decode(r, attributesOf(r, r.state.value)[name])
}

func (r *resource) prior() (tftypes.Value, []byte, *tfprotov6.ResourceIdentityData) {
	if r.state == nil || r.state.tainted {
		return r.null(), nil, nil
	}
	return r.state.value, r.state.private, r.state.identity
}

func (r *resource) validate(server *process, config tftypes.Value) diagnostics {
	r.Helper()
	resp, err := server.ValidateResourceConfig(r.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.name, Config: onWire(r, config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		r.Fatal(err)
	}
	return resp.Diagnostics
}

// refresh reads the object; an object that is gone leaves the state.
func (r *resource) refresh() diagnostics { return r.refreshWith(r.start()) }

func (r *resource) refreshWith(server *process) diagnostics {
	r.Helper()
	if r.state == nil {
		return nil
	}
	resp, err := server.ReadResource(r.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: r.name, CurrentState: onWire(r, r.state.value), Private: r.state.private, CurrentIdentity: r.state.identity,
	})
	if err != nil {
		r.Fatal(err)
	}
	if diags := diagnostics(resp.Diagnostics); diags.failed() {
		return diags
	}
	found := offWire(r, r.schema.ValueType(), resp.NewState)
	if found.IsNull() {
		r.state = nil
		return resp.Diagnostics
	}
	if !found.IsFullyKnown() {
		r.Errorf("refresh of %s returned unknown values", r.name)
	}
	r.nothingWriteOnly(found)
	r.state = &instance{found, resp.Private, resp.NewIdentity, r.state.tainted}
	return resp.Diagnostics
}

// change is a planned change.
type change struct {
	diagnostics
	action   string
	before   *instance
	after    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	replaced []string
}

// value is a planned attribute.
func (c *change) value(t testing.TB, name string) any {
	t.Helper()
	return decode(t, attributesOf(t, c.after)[name])
}

// plan is what terraform plan does for the resource; nil plans its destruction.
func (r *resource) plan(config values) *change { return r.planWith(r.start(), config) }

func (r *resource) planWith(server *process, config values) *change {
	r.Helper()
	if diags := r.refreshWith(server); diags.failed() {
		return &change{diagnostics: diags}
	}
	if config == nil {
		return r.planDestruction(server)
	}
	return r.planChange(server, encode(r, r.schema.ValueType(), config))
}

func (r *resource) planDestruction(server *process) *change {
	r.Helper()
	if r.state == nil {
		return &change{action: "no-op", after: r.null()}
	}
	c := r.ask(server, r.null(), r.state.value, r.state.private, r.state.identity)
	c.action, c.before = "delete", r.state
	return c
}

// ask is one call for a plan.
func (r *resource) ask(server *process, config, prior tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) *change {
	r.Helper()
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.name, Config: onWire(r, config), PriorState: onWire(r, prior), PriorPrivate: private,
		ProposedNewState: onWire(r, r.proposed(prior, config)), PriorIdentity: identity,
	}
	resp, err := server.PlanResourceChange(r.ctx, req)
	if err != nil {
		r.Fatal(err)
	}
	r.noShortcutTooFar(req, resp)
	c := &change{
		diagnostics: resp.Diagnostics, after: offWire(r, r.schema.ValueType(), resp.PlannedState),
		private: resp.PlannedPrivate, identity: resp.PlannedIdentity,
	}
	if c.failed() {
		return c
	}
	r.nothingWriteOnly(c.after)
	r.validPlan(prior, config, c.after)
	was, will := attributesOf(r, prior), attributesOf(r, c.after)
	for _, path := range resp.RequiresReplace {
		name := strings.TrimSuffix(strings.TrimPrefix(path.String(), `AttributeName("`), `")`)
		if was != nil && !was[name].Equal(will[name]) {
			c.replaced = append(c.replaced, name)
		}
	}
	return c
}

func (r *resource) planChange(server *process, config tftypes.Value) *change {
	r.Helper()
	if diags := r.validate(server, config); diags.failed() {
		return &change{diagnostics: diags}
	}
	prior, private, identity := r.prior()
	c := r.ask(server, config, prior, private, identity)
	c.before = r.state
	switch {
	case c.failed():
	case r.state == nil:
		c.action = "create"
	case r.state.tainted:
		c.action = "replace"
	case len(c.replaced) > 0 || r.forced:
		// Core plans once more, as if there were nothing, with what the first plan
		// has put into the private state.
		again := r.ask(server, config, r.null(), c.private, c.identity)
		c.action = "replace"
		c.after, c.private, c.identity = again.after, again.private, again.identity
		if again.failed() {
			c.diagnostics = append(c.diagnostics, again.diagnostics...)
		}
	case c.after.Equal(prior):
		c.action = "no-op"
	default:
		c.action = "update"
	}
	return c
}

// apply carries out a planned change with the configuration as it is then known.
func (r *resource) apply(c *change, config values) diagnostics {
	r.Helper()
	if c.failed() {
		r.Fatalf("there is no plan to apply: %s", c.text())
	}
	server := r.start()
	switch c.action {
	case "no-op":
		return nil
	case "delete":
		return r.carryOut(server, c, r.null(), r.state.value, r.null())
	}
	if c.action == "replace" {
		gone := *c
		gone.after = r.null()
		if diags := r.carryOut(server, &gone, r.null(), r.state.value, r.null()); diags.failed() {
			return diags
		}
	}
	// Core plans again with what is known by now, and holds the result to the plan.
	known := encode(r, r.schema.ValueType(), config)
	again := r.planChange(server, known)
	if again.failed() {
		return again.diagnostics
	}
	r.completes("the final plan", c.after, again.after)
	prior, _, _ := r.prior()
	return r.carryOut(server, again, known, prior, again.after)
}

func (r *resource) carryOut(server *process, c *change, config, prior, planned tftypes.Value) diagnostics {
	r.Helper()
	resp, err := server.ApplyResourceChange(r.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.name, PriorState: onWire(r, prior), PlannedState: onWire(r, planned), Config: onWire(r, config),
		PlannedPrivate: c.private, PlannedIdentity: c.identity,
	})
	if err != nil {
		r.Fatal(err)
	}
	diags := diagnostics(resp.Diagnostics)
	result := offWire(r, r.schema.ValueType(), resp.NewState)
	if !result.IsFullyKnown() {
		r.Errorf("apply of %s left unknown values: %s", r.name, result)
	}
	r.nothingWriteOnly(result)
	if !diags.failed() {
		r.completes("the result", planned, result)
	}
	switch {
	case diags.failed() && result.IsNull(): // the state stays
	case result.IsNull():
		r.state = nil
	default:
		tainted := r.state != nil && r.state.tainted || diags.failed() && prior.IsNull()
		r.state = &instance{result, resp.Private, resp.NewIdentity, tainted}
	}
	return diags
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
	was := r.state
	c := r.plan(config)
	c.succeed(r)
	if c.action == "no-op" && (r.state == nil) == (was == nil) && (was == nil || was.value.Equal(r.state.value)) {
		return
	}
	if r.state == nil {
		r.Fatalf("a plan after apply is not empty: %s is gone", r.name)
	}
	if !was.value.Equal(r.state.value) {
		r.Errorf("a refresh finds changes that nobody made: %s", difference(r, was.value, r.state.value))
	}
	r.Fatalf("a plan after apply is not empty: %s %s", c.action, difference(r, r.state.value, c.after))
}

// importAs is an import block or command: it brings an object into the state.
func (r *resource) importAs(id string) diagnostics {
	r.Helper()
	return r.importWith(&tfprotov6.ImportResourceStateRequest{TypeName: r.name, ID: id})
}

func (r *resource) importWith(req *tfprotov6.ImportResourceStateRequest) diagnostics {
	r.Helper()
	server := r.start()
	resp, err := server.ImportResourceState(r.ctx, req)
	if err != nil {
		r.Fatal(err)
	}
	diags := diagnostics(resp.Diagnostics)
	if diags.failed() {
		return diags
	}
	found := resp.ImportedResources[0]
	r.state = &instance{value: offWire(r, r.schema.ValueType(), found.State), private: found.Private, identity: found.Identity}
	return append(diags, r.refreshWith(server)...)
}
