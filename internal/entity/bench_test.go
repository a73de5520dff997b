package entity_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// unchanged are the questions that Terraform asks of an object that does not
// change, in its plan, with what an answer may allocate at most. The ceilings are
// generous: they are there to catch a plan that costs many times what it did.
func unchanged(t testing.TB) map[string]struct {
	ask     func()
	ceiling float64
} {
	t.Helper()
	d := newDepot()
	w := newTerraform(t, d, nil).resource("button")
	config := button.with(values{"key_wo": nil, "key_wo_version": nil, "metadata": nil})
	w.mustRun(config)
	server := w.start()
	wire, state := encode(t, w.schema.ValueType(), config), w.state
	plan := &tfprotov6.PlanResourceChangeRequest{
		TypeName: w.name, Config: testcore.Wire(wire), PriorState: testcore.Wire(state.Value), PriorPrivate: state.Private,
		ProposedNewState: testcore.Wire(testcore.Proposed(w.schema, state.Value, wire)), PriorIdentity: state.Identity,
	}
	read := &tfprotov6.ReadResourceRequest{
		TypeName: w.name, CurrentState: testcore.Wire(state.Value), Private: state.Private, CurrentIdentity: state.Identity,
	}
	ctx := entity.WithCall(w.ctx) // it is one request, put many times
	must := func(diags diagnostics, err error) {
		if err != nil || diags.failed() {
			t.Fatal(err, diags.text())
		}
	}
	return map[string]struct {
		ask     func()
		ceiling float64
	}{
		"plan": {func() {
			resp, err := server.Server.PlanResourceChange(ctx, plan)
			must(resp.Diagnostics, err)
		}, 120},
		"plan by the framework": {func() {
			resp, err := server.framework.PlanResourceChange(ctx, plan)
			must(resp.Diagnostics, err)
		}, 20000},
		"read": {func() {
			resp, err := server.ReadResource(w.ctx, read)
			must(resp.Diagnostics, err)
			d.requests = nil
		}, 3000},
		"read by the framework": {func() {
			resp, err := server.framework.ReadResource(w.ctx, read)
			must(resp.Diagnostics, err)
			d.requests = nil
		}, 15000},
	}
}

func TestUnchangedObjectAllocatesLittle(t *testing.T) {
	for name, u := range unchanged(t) {
		u.ask()
		if got := testing.AllocsPerRun(20, u.ask); got > u.ceiling {
			t.Errorf("%s: %.0f allocations, at most %.0f", name, got, u.ceiling)
		}
	}
}

func BenchmarkUnchanged(b *testing.B) {
	for name, u := range unchanged(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				u.ask()
			}
		})
	}
}
