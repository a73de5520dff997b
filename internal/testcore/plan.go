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

// Action is what is planned for an object.
type Action string

// The actions of a plan. CreateThenDelete is Replace with create_before_destroy.
const (
	NoOp             Action = "no-op"
	Create           Action = "create"
	Update           Action = "update"
	Delete           Action = "delete"
	Replace          Action = "replace"
	CreateThenDelete Action = "create, then delete"
	Forget           Action = "forget"
)

func (a Action) replaces() bool { return a == Replace || a == CreateThenDelete }

// Change is what is planned for one object.
type Change struct {
	Address string
	// Deposed is the key of a deposed object; "" for the current one.
	Deposed string
	Action  Action
	// Before is nil where there is nothing; After is null where nothing is to be left.
	Before *Instance
	After  tftypes.Value
	// Replaced are the attributes that make it a replacement.
	Replaced []string
	// Imported says that the plan brings the object into the state.
	Imported bool
	// Private and Identity are what the provider has planned of them.
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
}

// Value is a planned attribute; nil where it is unknown or null.
func (c *Change) Value(attribute string) any { return Plain(Attributes(c.After)[attribute]) }

// Plan is what terraform plan came to.
type Plan struct {
	Result
	// Changes are those planned, by address; that of a deposed object has its key too.
	Changes map[string]*Change
	// Refreshed is the state as the plan has found it.
	Refreshed *State

	config Config
}

// Empty reports whether there is nothing to do, nothing was found to have changed,
// and there is nothing to say.
func (p *Plan) Empty() bool {
	return len(p.Said) == 0 && len(p.Drift) == 0 && len(p.Actions()) == 0
}

// Actions are what is to be done by address; what stays is not there.
func (p *Plan) Actions() map[string]Action {
	all := map[string]Action{}
	for address, c := range p.Changes {
		if c.Action != NoOp || c.Imported {
			all[address] = c.Action
		}
	}
	return all
}

// String is what the plan does and what was said.
func (p *Plan) String() string {
	var b strings.Builder
	for _, address := range slices.Sorted(maps.Keys(p.Changes)) {
		if c := p.Changes[address]; c.Action != NoOp {
			before := tftypes.NewValue(c.After.Type(), nil)
			if c.Before != nil {
				before = c.Before.Value
			}
			fmt.Fprintf(&b, "%s: %s %s\n", c.Action, address, Difference(before, c.After))
		}
	}
	return b.String() + p.Result.String()
}

// Options are those of a plan.
type Options struct {
	// Replace are addresses of objects that are to be replaced, as with -replace.
	Replace []string
	// Destroy plans the destruction of all that is in the state, as terraform destroy.
	Destroy bool
}

// Plan is terraform plan: a validation, a refresh and a plan. The state stays.
func (c *Core) Plan(ctx context.Context, config Config, o Options) *Plan {
	c.t.Helper()
	p := c.planAll(ctx, config, c.State.Clone(), o)
	if !o.Destroy || p.Failed() {
		return p
	}
	// A destruction is planned on the state that a whole plan has found.
	gone := &Plan{Changes: map[string]*Change{}, Refreshed: p.Refreshed}
	w := &planning{walk: c.walk(ctx, Config{}, p.Refreshed, &gone.Result), plan: gone}
	if !w.configure() {
		return gone
	}
	w.removals(&graph{}, nil, false).finish(w.walk, Planning)
	gone.orderly(w.walk)
	return gone
}

func (c *Core) planAll(ctx context.Context, config Config, state *State, o Options) *Plan {
	for _, m := range config.Moved {
		state.move(m)
	}
	p := &Plan{config: config, Changes: map[string]*Change{}, Refreshed: state}
	p.Drift = map[string][]string{}
	w := &planning{walk: c.walk(ctx, config, state, &p.Result), plan: p, forced: map[string]bool{}, first: config.createsFirst()}
	for _, address := range o.Replace {
		w.forced[address] = true
	}
	if !w.validateAll() || !w.configure() {
		return p
	}
	g, of := &graph{}, map[string][]*node{}
	for _, address := range config.Addresses() {
		of[ResourceOf(address)] = append(of[ResourceOf(address)], g.add(address, func() bool { return w.instance(address) }))
	}
	w.removals(g, of, true)
	for resource, nodes := range of {
		for other := range config.references(resource) {
			for _, n := range nodes {
				n.follow(of[other]...)
			}
		}
	}
	g.finish(w.walk, Planning)
	p.orderly(w.walk)
	return p
}

// Cycle is the summary of the error that operations wait for each other: a mistake of
// the configuration, or one of Terraform's own where what has create_before_destroy
// leaves the configuration.
const Cycle = "Cycle"

// finish walks the graph.
func (g *graph) finish(w *walk, doing Doing) {
	fail := func(summary string, err error) {
		w.note("", doing, []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: err.Error()}})
	}
	if err := g.walk(w.ctx, w.parallelism(), w.Order); err != nil {
		fail(Cycle, err)
	}
	if err := w.ctx.Err(); err != nil {
		fail("Interrupted", err)
	}
}

// orderly finds out whether the plan's operations can be put into an order, as
// Terraform does with every plan.
func (p *Plan) orderly(w *walk) {
	if p.Failed() {
		return
	}
	a := &applying{walk: w, plan: p, first: map[string]bool{}}
	if circle := a.graph().circle(); len(circle) > 0 {
		w.note("", Planning, []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: Cycle, Detail: names(circle)}})
	}
}

// planning is a walk that plans.
type planning struct {
	*walk
	plan   *Plan
	forced map[string]bool
	first  map[string]bool
}

// validateAll validates every resource before anything is known of any other.
func (w *planning) validateAll() bool {
	ok := true
	for _, address := range w.config.Addresses() {
		config, err := w.evaluate(address, func(ref Ref) (tftypes.Value, error) {
			t, err := w.typeOf(ref)
			return tftypes.NewValue(t, tftypes.UnknownValue), err
		})
		if err != nil {
			w.t.Fatalf("%s: %v", address, err)
		}
		ok = w.validate(address, Validating, config) && ok
	}
	return ok
}

func (w *walk) validate(address string, doing Doing, config tftypes.Value) bool {
	resp, err := w.ValidateResourceConfig(w.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: TypeOf(address), Config: Wire(config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		return w.hear(address, doing, nil, err)
	}
	return w.hear(address, doing, resp.Diagnostics, nil)
}

// evaluate is an instance's configuration as a value.
func (w *walk) evaluate(address string, lookup Lookup) (tftypes.Value, error) {
	arguments := w.config.Resources[address].Arguments
	if arguments == nil {
		arguments = map[string]any{}
	}
	return Encode(w.schema(address).ValueType(), arguments, lookup)
}

func (w *walk) typeOf(ref Ref) (tftypes.Type, error) {
	object, _ := w.schema(ref.Address).ValueType().(tftypes.Object)
	t := object.AttributeTypes[ref.Attribute]
	if _, ok := w.config.Resources[ref.Address]; !ok || t == nil {
		return tftypes.String, fmt.Errorf("there is no %s.%s to refer to", ref.Address, ref.Attribute)
	}
	return t, nil
}

// lookup finds what a plan knows of another object.
func (w *planning) lookup(ref Ref) (tftypes.Value, error) {
	if _, err := w.typeOf(ref); err != nil {
		return tftypes.Value{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.plan.Changes[ref.Address]
	if c == nil {
		return tftypes.Value{}, fmt.Errorf("nothing is planned for %s yet", ref.Address)
	}
	return Attributes(c.After)[ref.Attribute], nil
}

func (w *planning) keep(c *Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plan.Changes[deposedName(c.Address, c.Deposed)] = c
}

// instance refreshes and plans one instance of the configuration.
func (w *planning) instance(address string) bool {
	resource := ResourceOf(address)
	w.begin("plan " + address)
	imported := false
	if id, asked := w.config.Imports[address]; asked && w.state.Get(address) == nil {
		if imported = w.bringIn(address, id); !imported {
			return false
		}
	} else if !w.refresh(address, "") {
		return false
	}
	depends := slices.Sorted(maps.Keys(w.config.dependencies(resource)))
	if i := w.state.Get(address); i != nil {
		known := *i
		known.CreateBeforeDestroy = w.first[resource]
		known.Dependencies = merged(i.Dependencies, depends)
		w.state.Set(address, &known)
	}
	config, err := w.evaluate(address, w.lookup)
	if err != nil {
		w.t.Fatalf("%s: %v", address, err)
		return false
	}
	if !w.validate(address, Planning, config) {
		return false
	}
	change := w.change(address, config, w.state.Get(address), w.first[resource], w.forced[address] || w.triggered(address), nil)
	if change == nil {
		return false
	}
	change.Imported = imported
	w.keep(change)
	if i := w.state.Get(address); change.Action == NoOp && i != nil {
		known := *i
		known.Dependencies = depends
		w.state.Set(address, &known)
	}
	return true
}

func merged(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// triggered reports whether a change of another resource replaces this one.
func (w *planning) triggered(address string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, other := range w.config.Resources[address].ReplaceTriggeredBy {
		for _, c := range w.plan.Changes {
			if (c.Address == other || ResourceOf(c.Address) == other) && c.Deposed == "" && (c.Action == Update || c.Action.replaces()) {
				return true
			}
		}
	}
	return false
}

// refresh reads an object; one that is gone leaves the state.
func (w *planning) refresh(address, key string) bool {
	was := w.state.object(address, key)
	if was == nil {
		return true
	}
	resp, err := w.ReadResource(w.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: TypeOf(address), CurrentState: Wire(was.Value), Private: was.Private, CurrentIdentity: was.Identity,
	})
	if err != nil {
		return w.hear(address, Refreshing, nil, err)
	}
	if !w.hear(address, Refreshing, resp.Diagnostics, nil) {
		return false
	}
	found, ok := w.take(address, Refreshing, resp.NewState)
	if !ok {
		return false
	}
	if names := unknown(found); len(names) > 0 {
		w.broken(address, Refreshing, "unknown values: %s", strings.Join(names, ", "))
		return false
	}
	if !found.Equal(was.Value) {
		w.mu.Lock()
		w.plan.Drift[deposedName(address, key)] = changed(was.Value, found)
		w.mu.Unlock()
	}
	if found.IsNull() {
		w.state.setObject(address, key, nil)
		return true
	}
	is := *was
	is.Value, is.Private, is.Identity = found, resp.Private, resp.NewIdentity
	w.state.setObject(address, key, &is)
	return true
}

// take is a value that the provider has answered, in which nothing write-only may be.
func (w *walk) take(address string, doing Doing, answer *tfprotov6.DynamicValue) (tftypes.Value, bool) {
	v, err := Unwire(w.schema(address).ValueType(), answer)
	if err != nil {
		w.broken(address, doing, "the answer is not of the schema's type: %v", err)
		return w.null(address), false
	}
	if answer != nil {
		w.mu.Lock()
		w.said.Write(answer.MsgPack)
		w.mu.Unlock()
	}
	if names := revealed(w.schema(address).Block, v); len(names) > 0 {
		w.broken(address, doing, "write-only attributes have values: %s", strings.Join(names, ", "))
		return v, false
	}
	return v, true
}

// bringIn imports an object, and reads it.
func (w *planning) bringIn(address string, from Import) bool {
	i := w.importOne(address, from)
	if i == nil {
		return false
	}
	w.state.Set(address, i)
	if !w.refresh(address, "") {
		return false
	}
	delete(w.plan.Drift, address)
	if w.state.Get(address) == nil {
		w.note(address, Importing, []*tfprotov6.Diagnostic{{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "Cannot import non-existent remote object", Detail: address,
		}})
		return false
	}
	return true
}

func (w *walk) importOne(address string, from Import) *Instance {
	req := &tfprotov6.ImportResourceStateRequest{TypeName: TypeOf(address), ID: from.ID}
	if from.Identity != nil {
		req.Identity = w.identity(address, from.Identity)
	}
	resp, err := w.ImportResourceState(w.ctx, req)
	if err != nil {
		w.hear(address, Importing, nil, err)
		return nil
	}
	if !w.hear(address, Importing, resp.Diagnostics, nil) {
		return nil
	}
	if len(resp.ImportedResources) != 1 {
		w.broken(address, Importing, "it returned %d objects", len(resp.ImportedResources))
		return nil
	}
	one := resp.ImportedResources[0]
	v, ok := w.take(address, Importing, one.State)
	if !ok {
		return nil
	}
	return &Instance{Value: v, Private: one.Private, Identity: one.Identity}
}

// identity is one in the protocol.
func (w *walk) identity(address string, from map[string]any) *tfprotov6.ResourceIdentityData {
	v, err := Encode(w.identityType(address), from, nil)
	if err != nil {
		w.t.Fatalf("%s: %v", address, err)
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: Wire(v)}
}

// removals plans what is to become of objects that the configuration does not have.
// Refreshed are they where that has not been done.
func (w *planning) removals(g *graph, of map[string][]*node, refresh bool) *graph {
	remove := func(address, key string) func() bool {
		return func() bool {
			if slices.Contains(w.config.Removed, ResourceOf(address)) {
				w.keep(&Change{Address: address, Deposed: key, Action: Forget, Before: w.state.object(address, key), After: w.null(address)})
				return true
			}
			if refresh && !w.refresh(address, key) {
				return false
			}
			i := w.state.object(address, key)
			if i == nil {
				return true
			}
			change := w.deletion(address, i)
			if change != nil {
				change.Deposed = key
				w.keep(change)
			}
			return change != nil
		}
	}
	for _, address := range w.state.Addresses() {
		if _, wanted := w.config.Resources[address]; wanted {
			continue
		}
		n := g.add(address, remove(address, ""))
		if resource := ResourceOf(address); len(of[resource]) > 0 {
			of[resource] = append(of[resource], n)
		}
	}
	w.state.mu.Lock()
	defer w.state.mu.Unlock()
	for address, objects := range w.state.deposed {
		for key := range objects {
			g.add(deposedName(address, key), remove(address, key))
		}
	}
	return g
}
