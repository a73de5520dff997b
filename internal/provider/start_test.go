package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// A start makes nothing of what only some runs need, and a schema is made once for each
// that asks: Terraform asks for all of them, of which most runs use few.
func TestStartMakesNoMoreThanItIsAskedFor(t *testing.T) {
	systems := Systems("test")
	start := serverOf("test", systems, func(*storage) {})
	types := 0
	for _, s := range systems {
		types += 4*len(s.Kinds) + len(s.Lookups) + len(s.Actions)
	}
	if got := testing.AllocsPerRun(5, func() { start() }); got > float64(10*types) {
		t.Errorf("a start takes %.0f allocations for at most %d types", got, types)
	}

	var attributes int
	got := testing.AllocsPerRun(5, func() {
		schema, err := start().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil || len(schema.Diagnostics) > 0 {
			t.Fatal(err, schema.Diagnostics)
		}
		attributes = attributesOf(schema)
	})
	const each = 20 // the framework takes most of them
	if got > float64(each*attributes) {
		t.Errorf("the schemas take %.0f allocations for %d attributes, at most %d each", got, attributes, each)
	}
	t.Logf("%d attributes, %.1f allocations each", attributes, got/float64(attributes))
}

// attributesOf counts the attributes of all types.
func attributesOf(schema *tfprotov6.GetProviderSchemaResponse) int {
	n := 0
	var count func(attributes []*tfprotov6.SchemaAttribute)
	count = func(attributes []*tfprotov6.SchemaAttribute) {
		for _, a := range attributes {
			n++
			if a.NestedType != nil {
				count(a.NestedType.Attributes)
			}
		}
	}
	for _, all := range []map[string]*tfprotov6.Schema{schema.ResourceSchemas, schema.DataSourceSchemas, schema.ListResourceSchemas} {
		for _, s := range all {
			count(s.Block.Attributes)
		}
	}
	for _, a := range schema.ActionSchemas {
		count(a.Schema.Block.Attributes)
	}
	return n
}

func BenchmarkSchema(b *testing.B) {
	start := Server("test")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := start().GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}
