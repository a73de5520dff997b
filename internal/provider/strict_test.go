package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// fractional are the numbers that may be fractions.
var fractional = map[string]bool{"burst_factor": true}

// Every number and every collection that a user can set, in whatever the provider
// serves, is refused where it is a fraction, or has a null for an element.
func TestNothingTakesFractionsOrNullElements(t *testing.T) {
	ctx := t.Context()
	server := Server("test")().(entity.Server)
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	spoilEach(t, "provider", schemas.Provider, func(config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
		resp, err := server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config})
		return resp.Diagnostics, err
	})
	for name, schema := range schemas.ResourceSchemas {
		spoilEach(t, name, schema, func(config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	for name, schema := range schemas.DataSourceSchemas {
		spoilEach(t, "data "+name, schema, func(config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	for name, schema := range schemas.ListResourceSchemas {
		spoilEach(t, "list "+name, schema, func(config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		})
	}
	for name, schema := range schemas.ActionSchemas {
		spoilEach(t, "action "+name, schema.Schema, func(config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
			return resp.Diagnostics, err
		})
	}
}

// spoilEach spoils each attribute that can be set, one at a time, and holds that it is
// refused.
func spoilEach(t *testing.T, what string, s *tfprotov6.Schema, validate func(*tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error)) {
	t.Helper()
	of := s.ValueType()
	for _, bad := range spoil(of, s.Block.Attributes) {
		config, err := tfprotov6.NewDynamicValue(of, bad.value)
		if err != nil {
			t.Fatal(err)
		}
		problems, err := validate(&config)
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) != 1 || problems[0].Summary != "Invalid value" || problems[0].Attribute == nil || !strings.Contains(problems[0].Detail, bad.says) {
			t.Errorf("%s: want an error that says %q, have %s", what, bad.says, texts(problems))
		}
	}
}

func texts(problems []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%s: %s (%s)\n", p.Summary, p.Detail, p.Attribute)
	}
	return b.String()
}

// bad is a value that must be refused, and what the refusal says.
type bad struct {
	value tftypes.Value
	says  string
}

// spoil makes objects of a type that have one bad value each.
func spoil(of tftypes.Type, attributes []*tfprotov6.SchemaAttribute) []bad {
	var all []bad
	for _, a := range attributes {
		if !a.Required && !a.Optional || fractional[a.Name] {
			continue
		}
		for _, inner := range spoilAttribute(a) {
			members := map[string]tftypes.Value{}
			for name, t := range of.(tftypes.Object).AttributeTypes {
				members[name] = tftypes.NewValue(t, nil)
			}
			members[a.Name] = inner.value
			all = append(all, bad{tftypes.NewValue(of, members), a.Name + inner.says})
		}
	}
	return all
}

func spoilAttribute(a *tfprotov6.SchemaAttribute) []bad {
	if a.NestedType == nil {
		return spoilValue(a.Type)
	}
	of := a.ValueType()
	list, several := of.(tftypes.List)
	if !several {
		return dotted(spoil(of, a.NestedType.Attributes))
	}
	all := spoilValue(of)
	for _, inner := range dotted(spoil(list.ElementType, a.NestedType.Attributes)) {
		all = append(all, bad{tftypes.NewValue(of, []tftypes.Value{inner.value}), "[0]" + inner.says})
	}
	return all
}

func dotted(all []bad) []bad {
	for i := range all {
		all[i].says = "." + all[i].says
	}
	return all
}

func spoilValue(of tftypes.Type) []bad {
	null := func(element tftypes.Type) []tftypes.Value { return []tftypes.Value{tftypes.NewValue(element, nil)} }
	switch t := of.(type) {
	case tftypes.List:
		return []bad{{tftypes.NewValue(t, null(t.ElementType)), "[0] is null"}}
	case tftypes.Set:
		return []bad{{tftypes.NewValue(t, null(t.ElementType)), " is null"}}
	}
	if of.Is(tftypes.Number) {
		return []bad{{tftypes.NewValue(of, 1.5), " must be a whole number, 1.5 is not"}}
	}
	return nil
}
