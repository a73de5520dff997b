package entity_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// button is a button with the most.
var button = func() values {
	config := most.with(nil)
	delete(config, "ratio")
	return config
}()

// Whatever the shortcut answers is what the framework answers.
func TestShortcutAnswersAsTheFramework(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config values
		alter  func(d *depot, r *resource)
	}{
		"least":           {least, nil},
		"most":            {button, nil},
		"no metadata":     {button.with(values{"metadata": nil}), nil},
		"empty metadata":  {button.with(values{"metadata": values{}}), nil},
		"timeouts":        {button.with(values{"timeouts": values{"read": "1m"}}), nil},
		"imported":        {least, func(_ *depot, r *resource) { r.importAs("1001") }},
		"drifted":         {button, func(d *depot, _ *resource) { d.rows["widgets"]["1001"]["level"] = 1 }},
		"secret lost":     {button, func(d *depot, _ *resource) { d.rows["widgets"]["1001"]["has_key"] = false }},
		"metadata lost":   {button, func(d *depot, _ *resource) { delete(d.pairs["1001"], "k") }},
		"metadata by all": {button, func(_ *depot, r *resource) { r.block = r.block.with(values{"default_metadata": values{"a": "b"}}) }},
		"gone":            {button, func(d *depot, _ *resource) { delete(d.rows["widgets"], "1001") }},
		"another kind":    {button, func(d *depot, _ *resource) { d.rows["widgets"]["1001"]["type"] = "X" }},
		"strange":         {button, func(d *depot, _ *resource) { d.rows["widgets"]["1001"]["level"] = "high" }},
		"system down":     {button, func(d *depot, _ *resource) { d.failingOn("GET widgets", failures["refused"]) }},
		"metadata down":   {button, func(d *depot, _ *resource) { d.failingOn("GET metadata", failures["refused"]) }},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDepot()
			r := newTerraform(t, d, nil).resource("button")
			r.mustRun(c.config)
			if c.alter != nil {
				c.alter(d, r)
			}
			r.sameRead(d)
			r.sameUpgrade()
			if diags := r.refresh(); !diags.failed() && r.state != nil {
				r.plan(c.config) // compares by itself
			}
		})
	}
}

// An unfinished object is read and planned by the framework, whatever its state.
func TestShortcutLeavesUnfinishedObjects(t *testing.T) {
	d := newDepot()
	r := newTerraform(t, d, nil).resource("button")
	d.broken(true)
	r.run(button).refuse(t, "Could not finish creating")
	d.healthy()
	r.sameRead(d)
	r.state.Tainted = false
	if c := r.plan(button); c.action != "update" {
		t.Errorf("planned: %s", c.action)
	}
}

func (r *resource) sameRead(d *depot) {
	r.Helper()
	req := &tfprotov6.ReadResourceRequest{
		TypeName: r.name, CurrentState: testcore.Wire(r.state.Value), Private: r.state.Private, CurrentIdentity: r.state.Identity,
	}
	server := r.start()
	d.since()
	got, err := server.ReadResource(r.ctx, req)
	if err != nil {
		r.Fatal(err)
	}
	asked := d.since()
	want, err := server.framework.ReadResource(r.ctx, req)
	if err != nil {
		r.Fatal(err)
	}
	d.asked(r, asked...)
	a, b := offWire(r, r.schema.ValueType(), got.NewState), offWire(r, r.schema.ValueType(), want.NewState)
	if !a.Equal(b) {
		r.Errorf("the shortcut reads %s, the framework %s", a, b)
	}
	if x, y := diagnostics(got.Diagnostics).text(), diagnostics(want.Diagnostics).text(); x != y {
		r.Errorf("the shortcut says %q, the framework %q", x, y)
	}
	if !bytes.Equal(got.Private, want.Private) {
		r.Errorf("the shortcut keeps %q, the framework %q", got.Private, want.Private)
	}
	if x, y := got.NewIdentity, want.NewIdentity; (x == nil) != (y == nil) || x != nil && !bytes.Equal(x.IdentityData.MsgPack, y.IdentityData.MsgPack) {
		r.Errorf("the shortcut identifies %v, the framework %v", x, y)
	}
}

func (r *resource) sameUpgrade() {
	r.Helper()
	stored, err := json.Marshal(decode(r, r.state.Value))
	if err != nil {
		r.Fatal(err)
	}
	req := &tfprotov6.UpgradeResourceStateRequest{TypeName: r.name, RawState: &tfprotov6.RawState{JSON: stored}}
	server := r.start()
	got, err := server.UpgradeResourceState(r.ctx, req)
	if err != nil {
		r.Fatal(err)
	}
	want, err := server.framework.UpgradeResourceState(r.ctx, req)
	if err != nil {
		r.Fatal(err)
	}
	a, b := offWire(r, r.schema.ValueType(), got.UpgradedState), offWire(r, r.schema.ValueType(), want.UpgradedState)
	if !a.Equal(b) || len(got.Diagnostics)+len(want.Diagnostics) > 0 {
		r.Errorf("the shortcut upgrades to %s, the framework to %s", a, b)
	}
}
