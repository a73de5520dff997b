package testcore

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// change plans one instance. What was planned before is nil in a plan, and what is
// held to in an apply; nil is an error.
func (w *walk) change(address string, config tftypes.Value, state *Instance, first, forced bool, planned *Change) *Change {
	doing, again := Planning, PlanningAgain
	if planned != nil {
		doing, again = PlanningAtLast, PlanningAtLastAgain
	}
	prior := &Instance{Value: w.null(address)}
	tainted := state != nil && state.Tainted
	if state != nil && !tainted {
		prior = state
	}
	c := w.ask(address, doing, config, prior)
	if c == nil {
		return nil
	}
	if wrong := invalid(w.schema(address).Block, prior.Value, config, c.After); len(wrong) > 0 {
		w.broken(address, doing, "the plan is invalid: %s", strings.Join(wrong, "; "))
		return nil
	}
	replace := Replace
	if first {
		replace = CreateThenDelete
	}
	switch {
	case state == nil || tainted:
		c.Action = Create
	case len(c.Replaced) > 0 || forced:
		c.Action = replace
		// Core plans once more, as if there were nothing, with what the first plan has
		// put into the private state.
		replaced := c.Replaced
		if c = w.ask(address, again, config, &Instance{Value: w.null(address), Private: c.Private, Identity: c.Identity}); c == nil {
			return nil
		}
		c.Action, c.Replaced = replace, replaced
	case c.After.Equal(prior.Value):
		c.Action = NoOp
	default:
		c.Action = Update
	}
	if tainted {
		c.Action = replace
	}
	if planned != nil && planned.Action.replaces() && c.Action == Create {
		c.Action = planned.Action
	}
	if (c.Action == NoOp || c.Action == Update) && !w.identityKnown(address, c.Identity) {
		w.broken(address, doing, "the planned identity is not known")
		return nil
	}
	c.Before = state
	if planned != nil && planned.Action.replaces() {
		c.Before = planned.Before
	}
	return c
}

// ask is one call for a plan.
func (w *walk) ask(address string, doing Doing, config tftypes.Value, prior *Instance) *Change {
	schema := w.schema(address)
	resp, err := w.PlanResourceChange(w.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: TypeOf(address), Config: Wire(config), PriorState: Wire(prior.Value), PriorPrivate: prior.Private,
		ProposedNewState: Wire(Proposed(schema, prior.Value, config)), PriorIdentity: prior.Identity,
	})
	if err != nil {
		w.hear(address, doing, nil, err)
		return nil
	}
	if !w.hear(address, doing, resp.Diagnostics, nil) {
		return nil
	}
	after, ok := w.take(address, doing, resp.PlannedState)
	if !ok {
		return nil
	}
	return &Change{
		Address: address, After: after, Replaced: replacing(schema.Block, resp.RequiresReplace, prior.Value, after),
		Private: resp.PlannedPrivate, Identity: resp.PlannedIdentity,
	}
}

// deletion plans that an object goes.
func (w *walk) deletion(address string, i *Instance) *Change {
	c := w.ask(address, Planning, w.null(address), i)
	if c == nil {
		return nil
	}
	if !c.After.IsNull() {
		w.broken(address, Planning, "a deletion is planned to leave %s", Text(c.After))
		return nil
	}
	c.Action, c.Before = Delete, i
	return c
}

// identityKnown reports whether an identity, where there is one, has no unknown part.
func (w *walk) identityKnown(address string, data *tfprotov6.ResourceIdentityData) bool {
	if data == nil || data.IdentityData == nil {
		return true
	}
	v, err := Unwire(w.identityType(address), data.IdentityData)
	if err != nil {
		w.broken(address, Planning, "the identity is not of its schema's type: %v", err)
		return false
	}
	return v.IsFullyKnown()
}
