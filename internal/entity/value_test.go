package entity_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// values are what a test writes for a block of configuration.
type values map[string]any

// notYet stands for a value that is known only after apply.
type notYet = testcore.Unknown

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
	v, err := testcore.Encode(want, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
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

// offWire is a value as the protocol has carried it.
func offWire(t testing.TB, typ tftypes.Type, wire *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	v, err := testcore.Unwire(typ, wire)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
