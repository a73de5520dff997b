package testcore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Apply carries out a plan that has not failed, and keeps the state that it leaves.
func (c *Core) Apply(ctx context.Context, p *Plan) *Result { return c.ApplyKnowing(ctx, p, p.config) }

// ApplyKnowing is Apply where the configuration has values that the plan did not know.
func (c *Core) ApplyKnowing(ctx context.Context, p *Plan, config Config) *Result {
	c.t.Helper()
	if p.Failed() {
		c.t.Fatalf("there is no plan to apply: %s", p)
	}
	c.State = p.Refreshed
	r := &Result{}
	w := &applying{walk: c.walk(ctx, config, c.State, r), plan: p, first: map[string]bool{}}
	if len(p.Actions()) == 0 || !w.configure() {
		return r
	}
	w.graph().finish(w.walk, PlanningAtLast)
	return r
}

// applying is a walk that applies.
type applying struct {
	*walk
	plan *Plan
	// first are the objects that are kept in the state as having create_before_destroy:
	// it says so, or something does that is changed too and refers to it.
	first map[string]bool
}

// destroyer is an operation that deletes an object.
type destroyer struct {
	*node
	*Change
	// later says that it waits for what creates in its place, and for the changes of
	// all that depended on it.
	later bool
}

// graph is the operations of the plan in Terraform's order.
func (w *applying) graph() *graph {
	g := &graph{}
	creators, creatorOf := map[string][]*node{}, map[string]*node{}
	var destroyers []destroyer
	for _, key := range slices.Sorted(maps.Keys(w.plan.Changes)) {
		c := w.plan.Changes[key]
		aside := ""
		switch c.Action {
		case NoOp:
			continue
		case Forget:
			g.add("forget "+key, func() bool { w.state.setObject(c.Address, c.Deposed, nil); return true })
			continue
		case CreateThenDelete:
			aside = w.state.freeKey(c.Address)
		}
		if c.Action != Delete {
			n := g.add(string(c.Action)+" "+key, func() bool { return w.create(c, aside) })
			creators[ResourceOf(c.Address)] = append(creators[ResourceOf(c.Address)], n)
			creatorOf[c.Address] = n
		}
		if c.Action == Delete || c.Action.replaces() {
			deposed := c.Deposed + aside
			n := g.add("delete "+deposedName(c.Address, deposed), func() bool { return w.destroy(c, deposed) })
			destroyers = append(destroyers, destroyer{n, c, deposed != "" || c.Before.CreateBeforeDestroy})
		}
	}
	w.order(creators, creatorOf, destroyers)
	return g
}

// order says which operation waits for which.
func (w *applying) order(creators map[string][]*node, creatorOf map[string]*node, destroyers []destroyer) {
	first := func(creator *node, d destroyer) {
		// What deletes at the end waits for those that would wait for it.
		if d.later {
			d.follow(creator)
		} else {
			creator.follow(d.node)
		}
	}
	for address, n := range creatorOf {
		resource := ResourceOf(address)
		w.reach(resource, creators, creatorOf, map[string]bool{}, n)
		if w.config.says(resource) {
			w.first[address] = true
			for other, o := range creatorOf {
				w.first[other] = w.first[other] || n.after[o]
			}
		}
		if !w.config.says(resource) {
			for target := range w.config.targets(resource) {
				n.follow(deletions(destroyers, target)...)
			}
		}
		for _, d := range destroyers {
			if d.Address == address || slices.Contains(w.plan.Changes[address].Before.dependsOn(), ResourceOf(d.Address)) {
				first(n, d)
			}
		}
	}
	for _, d := range destroyers {
		for _, on := range d.Before.dependsOn() {
			for _, other := range destroyers {
				if ResourceOf(other.Address) == on {
					other.follow(d.node)
				}
			}
			for _, n := range creators[on] {
				first(n, d)
			}
		}
	}
}

// deletions are those of an instance that come before what takes its place, else
// those of its resource.
func deletions(destroyers []destroyer, target string) []*node {
	var exact, all []*node
	for _, d := range destroyers {
		switch {
		case d.later:
		case d.Address == target:
			exact = append(exact, d.node)
		case ResourceOf(d.Address) == ResourceOf(target):
			all = append(all, d.node)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return all
}

// reach has an operation wait for what its resource refers to: for one instance where
// that is named and changes, else for all of its resource, and for what these refer to.
func (w *applying) reach(resource string, creators map[string][]*node, creatorOf map[string]*node, seen map[string]bool, n *node) {
	if seen[resource] {
		return
	}
	seen[resource] = true
	for target := range w.config.targets(resource) {
		if one := creatorOf[target]; one != nil && target != ResourceOf(target) {
			n.follow(one)
		} else {
			n.follow(creators[ResourceOf(target)]...)
		}
		w.reach(ResourceOf(target), creators, creatorOf, seen, n)
	}
}

// lookup finds what is known of another object by now.
func (w *applying) lookup(ref Ref) (tftypes.Value, error) {
	if _, err := w.typeOf(ref); err != nil {
		return tftypes.Value{}, err
	}
	i := w.state.Get(ref.Address)
	if i == nil {
		return tftypes.Value{}, fmt.Errorf("there is no %s", ref.Address)
	}
	return Attributes(i.Value)[ref.Attribute], nil
}

// create carries out a creation or an update, or the half of a replacement that
// creates. Aside is the key under which what it replaces waits for its deletion.
func (w *applying) create(planned *Change, aside string) bool {
	address := planned.Address
	w.begin(string(planned.Action) + " " + address)
	if aside != "" {
		w.state.depose(address, aside)
	}
	config, err := w.evaluate(address, w.lookup)
	if err != nil || !config.IsFullyKnown() {
		w.t.Errorf("%s is not known at its apply: %v %s", address, err, Text(config))
		return false
	}
	if !w.validate(address, PlanningAtLast, config) {
		return false
	}
	state := w.state.Get(address)
	c := w.change(address, config, state, planned.Action == CreateThenDelete, planned.Action.replaces(), planned)
	if c == nil || !w.asPlanned(planned, c) {
		return false
	}
	if c.Action == NoOp {
		return true
	}
	prior := w.null(address)
	if state != nil {
		prior = state.Value
	}
	result, ok := w.carryOut(c, config, prior)
	if result == nil {
		w.state.restore(address, aside)
		return ok // what was there stays in the state
	}
	result.Dependencies = slices.Sorted(maps.Keys(w.config.dependencies(ResourceOf(address))))
	result.CreateBeforeDestroy = w.first[address]
	result.Tainted = !ok && state == nil
	w.state.Set(address, result)
	return ok
}

// asPlanned holds the final plan to the first.
func (w *applying) asPlanned(planned, c *Change) bool {
	if c.Action != planned.Action && (planned.Action != Update || c.Action != NoOp) {
		w.broken(c.Address, PlanningAtLast, "the final plan is inconsistent: it is to %s where the plan was to %s", c.Action, planned.Action)
		return false
	}
	if wrong := incompatible(planned.After, c.After); len(wrong) > 0 {
		w.broken(c.Address, PlanningAtLast, "the final plan is inconsistent: %s", strings.Join(wrong, "; "))
		return false
	}
	return true
}

// destroy carries out a deletion.
func (w *applying) destroy(c *Change, key string) bool {
	was := w.state.object(c.Address, key)
	if was == nil {
		return true
	}
	w.begin("delete " + deposedName(c.Address, key))
	gone := *c
	gone.After = w.null(c.Address)
	if c.Action.replaces() {
		gone.Action = Delete
	}
	left, ok := w.carryOut(&gone, w.null(c.Address), c.Before.Value)
	switch {
	case ok:
		w.state.setObject(c.Address, key, nil)
	case left != nil:
		left.Dependencies, left.CreateBeforeDestroy, left.Tainted = was.Dependencies, was.CreateBeforeDestroy, was.Tainted
		w.state.setObject(c.Address, key, left)
	}
	return ok
}

// carryOut has the provider apply one change. What it leaves is nil where it left
// nothing, or where an error says nothing of it.
func (w *applying) carryOut(c *Change, config, prior tftypes.Value) (*Instance, bool) {
	resp, err := w.ApplyResourceChange(w.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: TypeOf(c.Address), PriorState: Wire(prior), PlannedState: Wire(c.After), Config: Wire(config),
		PlannedPrivate: c.Private, PlannedIdentity: c.Identity,
	})
	if err != nil {
		return nil, w.hear(c.Address, Applying, nil, err)
	}
	if w.Killed && w.ctx.Err() != nil {
		w.note(c.Address, Applying, []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "killed"}})
		return nil, false
	}
	ok := w.hear(c.Address, Applying, resp.Diagnostics, nil)
	result, fits := w.take(c.Address, Applying, resp.NewState)
	if !fits {
		return nil, false
	}
	if names := unknown(result); len(names) > 0 {
		w.broken(c.Address, Applying, "it leaves unknown values: %s", strings.Join(names, ", "))
		ok = false
	}
	if ok {
		if wrong := incompatible(c.After, result); len(wrong) > 0 {
			w.broken(c.Address, Applying, "the result is inconsistent: %s", strings.Join(wrong, "; "))
			ok = false
		}
	}
	if result.IsNull() {
		return nil, ok
	}
	if !w.identityKnown(c.Address, resp.NewIdentity) {
		w.broken(c.Address, Applying, "the identity is not known")
		ok = false
	}
	return &Instance{Value: result, Private: resp.Private, Identity: resp.NewIdentity}, ok
}

// Run is terraform apply: a plan, and if it can be made, its execution. The plan is
// the first result; the second is nil where there was none to apply.
func (c *Core) Run(ctx context.Context, config Config, o Options) (*Plan, *Result) {
	c.t.Helper()
	p := c.Plan(ctx, config, o)
	if p.Failed() {
		return p, nil
	}
	return p, c.Apply(ctx, p)
}

// Import is terraform import: it brings an object into the state.
func (c *Core) Import(ctx context.Context, address string, from Import) *Result {
	c.t.Helper()
	p := &Plan{Changes: map[string]*Change{}}
	p.Drift = map[string][]string{}
	state := c.State.Clone()
	w := &planning{walk: c.walk(ctx, Config{}, state, &p.Result), plan: p}
	if w.configure() && w.bringIn(address, from) {
		c.State = state
	}
	return &p.Result
}

// Refresh is terraform apply -refresh-only: it reads all that is in the state.
func (c *Core) Refresh(ctx context.Context) *Result {
	c.t.Helper()
	p := &Plan{Changes: map[string]*Change{}}
	p.Drift = map[string][]string{}
	state := c.State.Clone()
	w := &planning{walk: c.walk(ctx, Config{}, state, &p.Result), plan: p}
	if !w.configure() {
		return &p.Result
	}
	g := &graph{}
	for _, address := range state.Addresses() {
		g.add(address, func() bool { return w.refresh(address, "") })
	}
	g.finish(w.walk, Refreshing)
	c.State = state
	return &p.Result
}
