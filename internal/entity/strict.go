package entity

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// strict stands before the framework's server and refuses what no configuration may
// hold, whatever it configures: a fraction where a whole number belongs, of which the
// framework says that the provider is at fault, and a null among the elements of a
// list or a set, which the framework hands on as an element. It goes by the types of
// the schemas alone, so that no attribute has to ask for it.
type strict struct {
	Server
	provider func() attr.Type
	// The types of what is configured, by name, made when first asked for.
	resources, sources, lists, actions, identities map[string]func() attr.Type
}

// Strict puts the checks that every configuration has to pass before a server.
func Strict(server Server, systems []*System) Server {
	s := &strict{
		Server:    server,
		provider:  sync.OnceValue(func() attr.Type { return settingsType(systems) }),
		resources: map[string]func() attr.Type{}, sources: map[string]func() attr.Type{}, lists: map[string]func() attr.Type{},
		actions: map[string]func() attr.Type{}, identities: map[string]func() attr.Type{},
	}
	for _, system := range systems {
		for _, k := range system.Kinds {
			s.add(k)
		}
		for _, l := range system.Lookups {
			s.sources[l.typeName()] = typeOfSource(l.DataSource)
		}
		for _, a := range system.Actions {
			s.actions[a.typeName()] = typeOfAction(a.Action)
		}
	}
	return s
}

func (s *strict) add(k *Kind) {
	if k.IsManaged() {
		s.resources[k.typeName()] = sync.OnceValue(func() attr.Type { return k.resourceSchema(context.Background()).Type() })
		s.identities[k.typeName()] = sync.OnceValue(func() attr.Type { return k.identitySchema().Type() })
	}
	if k.IsFound() {
		s.sources[k.typeName()] = typeOfSource(k.DataSource)
	}
	if k.IsListed() {
		s.sources[k.pluralTypeName()] = typeOfSource(k.PluralDataSource)
	}
	if k.IsQueried() {
		s.lists[k.typeName()] = typeOfList(k.ListResource)
	}
}

func settingsType(systems []*System) attr.Type {
	types := map[string]attr.Type{}
	for _, system := range systems {
		types[system.Name] = system.Attribute().GetType()
	}
	return objectType(types)
}

func typeOfSource(of func() datasource.DataSource) func() attr.Type {
	return sync.OnceValue(func() attr.Type {
		var resp datasource.SchemaResponse
		of().Schema(context.Background(), datasource.SchemaRequest{}, &resp)
		return resp.Schema.Type()
	})
}

func typeOfList(of func() list.ListResource) func() attr.Type {
	return sync.OnceValue(func() attr.Type {
		var resp list.ListResourceSchemaResponse
		of().ListResourceConfigSchema(context.Background(), list.ListResourceSchemaRequest{}, &resp)
		return resp.Schema.Type()
	})
}

func typeOfAction(of func() action.Action) func() attr.Type {
	return sync.OnceValue(func() attr.Type {
		var resp action.SchemaResponse
		of().Schema(context.Background(), action.SchemaRequest{}, &resp)
		return resp.Schema.Type()
	})
}

// check is what is wrong with a configuration of a named type. What cannot be read is
// left to the framework.
func check(types map[string]func() attr.Type, name string, config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	if of := types[name]; of != nil {
		return checkConfig(of(), config)
	}
	return nil
}

func checkConfig(t attr.Type, config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	if config == nil {
		return nil
	}
	value, err := config.Unmarshal(t.TerraformType(context.Background()))
	if err != nil {
		return nil
	}
	var c strictCheck
	c.value(t, value, place{at: tftypes.NewAttributePath()})
	return c.problems
}

func (s *strict) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	if wrong := checkConfig(s.provider(), req.Config); len(wrong) > 0 {
		return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config, Diagnostics: wrong}, nil
	}
	return s.Server.ValidateProviderConfig(ctx, req)
}

func (s *strict) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	if wrong := check(s.resources, req.TypeName, req.Config); len(wrong) > 0 {
		return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: wrong}, nil
	}
	return s.Server.ValidateResourceConfig(ctx, req)
}

func (s *strict) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	if wrong := check(s.sources, req.TypeName, req.Config); len(wrong) > 0 {
		return &tfprotov6.ValidateDataResourceConfigResponse{Diagnostics: wrong}, nil
	}
	return s.Server.ValidateDataResourceConfig(ctx, req)
}

func (s *strict) ValidateListResourceConfig(ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	if wrong := check(s.lists, req.TypeName, req.Config); len(wrong) > 0 {
		return &tfprotov6.ValidateListResourceConfigResponse{Diagnostics: wrong}, nil
	}
	return s.Server.ValidateListResourceConfig(ctx, req)
}

func (s *strict) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	if wrong := check(s.actions, req.ActionType, req.Config); len(wrong) > 0 {
		return &tfprotov6.ValidateActionConfigResponse{Diagnostics: wrong}, nil
	}
	resp, err := s.Server.ValidateActionConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = slices.DeleteFunc(resp.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Summary == noWriteOnly })
	}
	return resp, err
}

// noWriteOnly is what the framework says of a write-only argument of an action, because
// no request tells it that the CLI knows them. A CLI that knows actions does.
const noWriteOnly = "WriteOnly Attribute Not Allowed"

// PlanAction and InvokeAction check what was not known before: of an action, unlike
// of all else, Terraform does not ask again whether the configuration is valid.
func (s *strict) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	if wrong, err := s.recheck(ctx, req.ActionType, req.Config); err != nil || len(wrong) > 0 {
		return &tfprotov6.PlanActionResponse{Diagnostics: wrong}, err
	}
	return s.Server.PlanAction(ctx, req)
}

func (s *strict) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	wrong, err := s.recheck(ctx, req.ActionType, req.Config)
	if err != nil {
		return nil, err
	}
	if len(wrong) > 0 {
		end := tfprotov6.InvokeActionEvent{Type: tfprotov6.CompletedInvokeActionEventType{Diagnostics: wrong}}
		return &tfprotov6.InvokeActionServerStream{Events: iter.Seq[tfprotov6.InvokeActionEvent](func(yield func(tfprotov6.InvokeActionEvent) bool) { yield(end) })}, nil
	}
	return s.Server.InvokeAction(ctx, req)
}

// recheck are the errors of an action's configuration.
func (s *strict) recheck(ctx context.Context, name string, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
	valid, err := s.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(valid.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity != tfprotov6.DiagnosticSeverityError }), nil
}

// ImportResourceState checks the identity of an import block.
func (s *strict) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	if req.Identity != nil {
		if wrong := check(s.identities, req.TypeName, req.Identity.IdentityData); len(wrong) > 0 {
			return &tfprotov6.ImportResourceStateResponse{Diagnostics: wrong}, nil
		}
	}
	return s.Server.ImportResourceState(ctx, req)
}
