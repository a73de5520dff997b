package entity_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// estate is many objects of a kind in one state, one process of the provider a run.
type estate struct {
	*resource
	config func(i int) values
	states []*tfprotov6.ApplyResourceChangeResponse
	server *process
}

func newEstate(t *testing.T, kind string, n int, config func(i int) values) *estate {
	t.Helper()
	r := newTerraform(t, newDepot(), values{"approve_dangerous_operations": true}).resource(kind)
	return &estate{resource: r, config: config, states: make([]*tfprotov6.ApplyResourceChangeResponse, n), server: r.start()}
}

func (e *estate) must(diags []*tfprotov6.Diagnostic, err error) {
	e.Helper()
	if err != nil || diagnostics(diags).failed() {
		e.Fatal(err, diagnostics(diags).text())
	}
}

// plan plans one object with a configuration; nil plans its deletion.
func (e *estate) plan(i int, config values) (*tfprotov6.PlanResourceChangeRequest, *tfprotov6.PlanResourceChangeResponse) {
	e.Helper()
	of := e.schema.ValueType()
	wire, prior := tftypes.NewValue(of, nil), tftypes.NewValue(of, nil)
	if config != nil {
		wire = encode(e, of, config)
	}
	req := &tfprotov6.PlanResourceChangeRequest{TypeName: e.name, Config: testcore.Wire(wire), PriorState: testcore.Wire(prior)}
	if s := e.states[i]; s != nil {
		prior = offWire(e.terraform, of, s.NewState)
		req.PriorState, req.PriorPrivate, req.PriorIdentity = s.NewState, s.Private, s.NewIdentity
	}
	req.ProposedNewState = testcore.Wire(testcore.Proposed(e.schema, prior, wire))
	resp, err := e.server.Server.PlanResourceChange(e.ctx, req)
	e.must(resp.Diagnostics, err)
	return req, resp
}

func (e *estate) apply(i int, config values) {
	e.Helper()
	req, planned := e.plan(i, config)
	resp, err := e.server.ApplyResourceChange(e.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: e.name, Config: req.Config, PriorState: req.PriorState,
		PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	e.must(resp.Diagnostics, err)
	e.states[i] = resp
}

func (e *estate) refresh(i int) {
	e.Helper()
	s := e.states[i]
	resp, err := e.server.ReadResource(e.ctx, &tfprotov6.ReadResourceRequest{TypeName: e.name, CurrentState: s.NewState, Private: s.Private, CurrentIdentity: s.NewIdentity})
	e.must(resp.Diagnostics, err)
	e.states[i] = &tfprotov6.ApplyResourceChangeResponse{NewState: resp.NewState, Private: resp.Private, NewIdentity: resp.NewIdentity}
}

// run is one run over all objects in a new process, and what it allocates for each.
func (e *estate) run(do func(i int)) float64 {
	e.server = e.start()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range e.states {
		do(i)
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(len(e.states))
}

// runs are the runs of an estate's life, in order.
func (e *estate) runs() []struct {
	doing string
	do    func(i int)
} {
	return []struct {
		doing string
		do    func(i int)
	}{
		{"creation", func(i int) { e.apply(i, e.config(i)) }},
		{"refresh", e.refresh},
		{"plan without a change", func(i int) { e.plan(i, e.config(i)) }},
		{"plan of other names", func(i int) { e.plan(i, e.config(i+1)) }},
		{"plan of the destruction", func(i int) { e.plan(i, nil) }},
		{"destruction", func(i int) { e.apply(i, nil) }},
	}
}

var estates = map[string]func(i int) values{
	"plate": func(i int) values { return values{"name": fmt.Sprintf("plate-%07d", i), "level": 7} },
	"button": func(i int) values {
		return button.with(values{"name": fmt.Sprintf("button-%07d", i), "approved": true, "key_wo": nil, "key_wo_version": nil})
	},
}

// What an object takes does not grow with the number of the others.
func TestObjectsOfALargeStateTakeWhatThoseOfASmallOneTake(t *testing.T) {
	const few, many = 50, 200
	for kind, config := range estates {
		small, large := newEstate(t, kind, few, config), newEstate(t, kind, many, config)
		for i, run := range small.runs() {
			a, b := small.run(run.do), large.run(large.runs()[i].do)
			if t.Logf("%s, %s: %.0f allocations, and %.0f", kind, run.doing, a, b); b > a*1.1+20 {
				t.Errorf("%s, %s: %.0f allocations for each of %d objects, and %.0f for each of %d", kind, run.doing, a, few, b, many)
			}
		}
	}
}
