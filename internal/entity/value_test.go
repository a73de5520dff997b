package entity_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// values are what a test writes for a block of configuration.
type values map[string]any

// notYet stands for a value that is known only after apply.
type notYet struct{}

// with is a copy of the values with others over them.
func (v values) with(more values) values {
	all := values{}
	maps.Copy(all, v)
	maps.Copy(all, more)
	return all
}

// encode makes a value of a Terraform type from a test's notation. What an
// object leaves out is null.
func encode(t testing.TB, want tftypes.Type, from any) tftypes.Value {
	t.Helper()
	if _, ok := from.(notYet); ok {
		return tftypes.NewValue(want, tftypes.UnknownValue)
	}
	if from == nil {
		return tftypes.NewValue(want, nil)
	}
	switch typ := want.(type) {
	case tftypes.Object:
		given, _ := from.(values)
		attributes := map[string]tftypes.Value{}
		for name, attribute := range typ.AttributeTypes {
			attributes[name] = encode(t, attribute, given[name])
		}
		for name := range given {
			if _, ok := typ.AttributeTypes[name]; !ok {
				t.Fatalf("the schema has no attribute %q", name)
			}
		}
		return tftypes.NewValue(typ, attributes)
	case tftypes.Map:
		elements := map[string]tftypes.Value{}
		for key, value := range from.(values) {
			elements[key] = encode(t, typ.ElementType, value)
		}
		return tftypes.NewValue(typ, elements)
	case tftypes.Set:
		return tftypes.NewValue(typ, encodeAll(t, typ.ElementType, from))
	case tftypes.List:
		return tftypes.NewValue(typ, encodeAll(t, typ.ElementType, from))
	}
	switch v := from.(type) {
	case int:
		return tftypes.NewValue(want, int64(v))
	default:
		return tftypes.NewValue(want, v)
	}
}

func encodeAll(t testing.TB, want tftypes.Type, from any) []tftypes.Value {
	t.Helper()
	var elements []tftypes.Value
	for _, element := range from.([]any) {
		elements = append(elements, encode(t, want, element))
	}
	return elements
}

// decode is a value in a test's notation; the members of a set are sorted.
func decode(t testing.TB, v tftypes.Value) any {
	t.Helper()
	if !v.IsKnown() {
		return notYet{}
	}
	if v.IsNull() {
		return nil
	}
	var err error
	var result any
	switch typ := v.Type(); {
	case typ.Is(tftypes.String):
		var s string
		err = v.As(&s)
		result = s
	case typ.Is(tftypes.Bool):
		var b bool
		err = v.As(&b)
		result = b
	case typ.Is(tftypes.Number):
		var n big.Float
		err = v.As(&n)
		if n.IsInt() {
			i, _ := n.Int64()
			result = int(i)
		} else {
			result, _ = n.Float64()
		}
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		var members map[string]tftypes.Value
		err = v.As(&members)
		all := values{}
		for name, member := range members {
			all[name] = decode(t, member)
		}
		result = all
	default:
		var members []tftypes.Value
		err = v.As(&members)
		all := []any{}
		for _, member := range members {
			all = append(all, decode(t, member))
		}
		if typ.Is(tftypes.Set{}) {
			slices.SortFunc(all, func(a, b any) int { return compareText(a, b) })
		}
		result = all
	}
	if err != nil {
		t.Fatalf("cannot read %s: %v", v, err)
	}
	return result
}

func compareText(a, b any) int {
	x, y := fmt.Sprintf("%08v", a), fmt.Sprintf("%08v", b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// attributesOf are the attributes of an object value; nil where it is null.
func attributesOf(t testing.TB, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	if v.IsNull() {
		return nil
	}
	var attributes map[string]tftypes.Value
	if err := v.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes
}

// onWire and offWire carry a value as the protocol does.
func onWire(t testing.TB, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	wire, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		t.Fatal(err)
	}
	return &wire
}

func offWire(t testing.TB, typ tftypes.Type, wire *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	if wire == nil {
		return tftypes.NewValue(typ, nil)
	}
	v, err := wire.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
