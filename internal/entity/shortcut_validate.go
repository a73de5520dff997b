package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ValidateResourceConfig answers for a configuration with which nothing is wrong.
// What is wrong with another the framework tells.
func (s *shortcut) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	if o := s.object(req.TypeName); o != nil && req.Config != nil {
		if config, ok := o.wire.values(req.Config.MsgPack); ok && o.valid(ctx, config) {
			return &tfprotov6.ValidateResourceConfigResponse{}, nil
		}
	}
	return s.Server.ValidateResourceConfig(ctx, req)
}

func (o *shortObject) valid(ctx context.Context, config Values) bool {
	for name, attribute := range o.attributes {
		value := config[name]
		if value.IsNull() {
			if attribute.IsRequired() {
				return false
			}
			continue
		}
		isReadOnly := !attribute.IsRequired() && !attribute.IsOptional()
		if isReadOnly || attribute.IsWriteOnly() || !passes(ctx, name, attribute, value) {
			return false
		}
	}
	for _, f := range o.Facts {
		if f.secret && config.Known(f.versionName()) {
			return false // of a secret that is not here: no state has one
		}
	}
	if len(o.misfitsOf(config)) > 0 {
		return false
	}
	for _, rule := range o.Rules {
		set := 0
		for _, name := range rule.names {
			if config.Known(name) {
				set++
			}
		}
		if set == 0 || rule.exactly && set > 1 {
			return false
		}
	}
	return true
}

// passes asks an attribute's checks. These look at the value alone.
func passes(ctx context.Context, name string, attribute schema.Attribute, value attr.Value) bool {
	at := path.Root(name)
	switch a := attribute.(type) {
	case schema.StringAttribute:
		text, plain := value.(types.String)
		for _, v := range a.Validators {
			var resp validator.StringResponse
			v.ValidateString(ctx, validator.StringRequest{Path: at, ConfigValue: text}, &resp)
			plain = plain && len(resp.Diagnostics) == 0
		}
		return plain // a type of its own has a check of its own
	case schema.Int64Attribute:
		for _, v := range a.Validators {
			var resp validator.Int64Response
			v.ValidateInt64(ctx, validator.Int64Request{Path: at, ConfigValue: value.(types.Int64)}, &resp)
			if len(resp.Diagnostics) > 0 {
				return false
			}
		}
		return true
	case schema.SetAttribute:
		for _, v := range a.Validators {
			var resp validator.SetResponse
			v.ValidateSet(ctx, validator.SetRequest{Path: at, ConfigValue: value.(types.Set)}, &resp)
			if len(resp.Diagnostics) > 0 {
				return false
			}
		}
		return true
	case schema.BoolAttribute:
		return len(a.Validators) == 0
	case schema.MapAttribute:
		for _, v := range a.Validators {
			var resp validator.MapResponse
			v.ValidateMap(ctx, validator.MapRequest{Path: at, PathExpression: at.Expression(), ConfigValue: value.(types.Map)}, &resp)
			if len(resp.Diagnostics) > 0 {
				return false
			}
		}
		return true
	case schema.SingleNestedAttribute:
		given, ok := value.(timeouts.Value)
		for inner, text := range given.Attributes() {
			ok = ok && (text.IsNull() || passes(ctx, inner, a.Attributes[inner], text))
		}
		return ok && len(a.Validators) == 0
	}
	return false
}
