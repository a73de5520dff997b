package testcore

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// toy is a provider of one resource that is like Terraform's own terraform_data:
// what is kept is what was put in, and one argument replaces it.
type toy struct {
	tfprotov6.ProviderServer
	mu    sync.Mutex
	made  int
	store map[string]map[string]tftypes.Value
	// twist changes answers, to break the provider's word.
	twist twists
}

type twists struct {
	planned, made func(map[string]tftypes.Value)
	plan          func(*tfprotov6.PlanResourceChangeResponse)
	apply         func(*tfprotov6.ApplyResourceChangeRequest, *tfprotov6.ApplyResourceChangeResponse)
	warn          bool
}

const toyType = "terraform_data"

var toySchema = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
	{Name: "id", Type: tftypes.String, Computed: true},
	{Name: "input", Type: tftypes.String, Optional: true},
	{Name: "output", Type: tftypes.String, Computed: true},
	{Name: "triggers_replace", Type: tftypes.String, Optional: true},
	{Name: "kept", Type: tftypes.Set{ElementType: tftypes.String}, Optional: true, Computed: true},
	{Name: "secret", Type: tftypes.String, Optional: true, WriteOnly: true},
}}}

func newToy() *toy { return &toy{store: map[string]map[string]tftypes.Value{}} }

func (p *toy) core(t Reporter) *Core {
	start := func() tfprotov6.ProviderServer { return p }
	return New(t, start, SchemasOf(start), map[string]any{})
}

// GetProviderSchema implements tfprotov6.ProviderServer.
func (p *toy) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:        &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		ResourceSchemas: map[string]*tfprotov6.Schema{toyType: toySchema},
	}, nil
}

// GetResourceIdentitySchemas implements tfprotov6.ProviderServer.
func (p *toy) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

// ValidateProviderConfig implements tfprotov6.ProviderServer.
func (p *toy) ValidateProviderConfig(context.Context, *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{}, nil
}

// ConfigureProvider implements tfprotov6.ProviderServer.
func (p *toy) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

// ValidateResourceConfig implements tfprotov6.ProviderServer.
func (p *toy) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func toyValues(d *tfprotov6.DynamicValue) map[string]tftypes.Value {
	v, err := Unwire(toySchema.ValueType(), d)
	if err != nil {
		panic(err)
	}
	return Attributes(v)
}

func toyObject(values map[string]tftypes.Value) *tfprotov6.DynamicValue {
	if values == nil {
		return Wire(tftypes.NewValue(toySchema.ValueType(), nil))
	}
	return Wire(tftypes.NewValue(toySchema.ValueType(), values))
}

// ReadResource implements tfprotov6.ProviderServer.
func (p *toy) ReadResource(_ context.Context, r *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &tfprotov6.ReadResourceResponse{NewState: toyObject(p.store[Text(toyValues(r.CurrentState)["id"])]), Private: r.Private}, nil
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (p *toy) PlanResourceChange(_ context.Context, r *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	prior, proposed, config := toyValues(r.PriorState), toyValues(r.ProposedNewState), toyValues(r.Config)
	resp := &tfprotov6.PlanResourceChangeResponse{PlannedState: r.ProposedNewState, PlannedPrivate: append(r.PriorPrivate, 'p')}
	if p.twist.warn {
		resp.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "with private " + string(r.PriorPrivate)}}
	}
	if proposed != nil {
		later := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
		if prior == nil {
			proposed["id"] = later
		}
		if prior == nil || !prior["input"].Equal(proposed["input"]) {
			proposed["output"] = later
		}
		if config["kept"].IsNull() && prior == nil {
			proposed["kept"] = tftypes.NewValue(proposed["kept"].Type(), tftypes.UnknownValue)
		}
		proposed["secret"] = tftypes.NewValue(tftypes.String, nil)
		if p.twist.planned != nil {
			p.twist.planned(proposed)
		}
		resp.PlannedState = toyObject(proposed)
		resp.RequiresReplace = []*tftypes.AttributePath{tftypes.NewAttributePath().WithAttributeName("triggers_replace")}
	}
	if p.twist.plan != nil {
		p.twist.plan(resp)
	}
	return resp, nil
}

// ApplyResourceChange implements tfprotov6.ProviderServer.
func (p *toy) ApplyResourceChange(_ context.Context, r *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	prior, planned := toyValues(r.PriorState), toyValues(r.PlannedState)
	resp := &tfprotov6.ApplyResourceChangeResponse{NewState: r.PlannedState, Private: r.PlannedPrivate}
	p.mu.Lock()
	defer p.mu.Unlock()
	if planned == nil {
		delete(p.store, Text(prior["id"]))
	} else {
		if !planned["id"].IsKnown() {
			p.made++
			planned["id"] = tftypes.NewValue(tftypes.String, fmt.Sprint(p.made))
		}
		planned["output"] = planned["input"]
		if !planned["kept"].IsKnown() {
			planned["kept"] = tftypes.NewValue(planned["kept"].Type(), nil)
		}
		if p.twist.made != nil {
			p.twist.made(planned)
		}
		p.store[Text(planned["id"])] = planned
		resp.NewState = toyObject(planned)
	}
	if p.twist.apply != nil {
		p.twist.apply(r, resp)
	}
	return resp, nil
}

// ImportResourceState implements tfprotov6.ProviderServer.
func (p *toy) ImportResourceState(_ context.Context, r *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	values := map[string]tftypes.Value{}
	for _, a := range toySchema.Block.Attributes {
		values[a.Name] = tftypes.NewValue(a.Type, nil)
	}
	values["id"] = tftypes.NewValue(tftypes.String, r.ID)
	return &tfprotov6.ImportResourceStateResponse{ImportedResources: []*tfprotov6.ImportedResource{{TypeName: r.TypeName, State: toyObject(values)}}}, nil
}

// complaints collects what the core says of a provider that breaks its word.
type complaints struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

// Errorf implements Reporter.
func (c *complaints) Errorf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

func (c *complaints) about(t *testing.T, words string) {
	t.Helper()
	if !strings.Contains(strings.Join(c.said, "\n"), words) {
		t.Errorf("no complaint about %q: %q", words, c.said)
	}
}

func data(arguments map[string]any) Resource { return Resource{Arguments: arguments} }

func ref(address string) Ref { return Ref{Address: address, Attribute: "id"} }
