package entity

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// strictCheck walks a configuration and notes what no configuration may hold.
type strictCheck struct{ problems []*tfprotov6.Diagnostic }

// place is where a value is: the path for Terraform, and its spelling for a person.
type place struct {
	at   *tftypes.AttributePath
	name string
}

func (p place) attribute(name string) place {
	within := p.name
	if within != "" {
		within += "."
	}
	return place{p.at.WithAttributeName(name), within + name}
}

func (p place) index(i int) place {
	return place{p.at.WithElementKeyInt(i), fmt.Sprintf("%s[%d]", p.name, i)}
}

func (p place) key(key string) place {
	return place{p.at.WithElementKeyString(key), fmt.Sprintf("%s[%q]", p.name, key)}
}

func objectType(types map[string]attr.Type) attr.Type { return basetypes.ObjectType{AttrTypes: types} }

func (c *strictCheck) refuse(p place, detail string) {
	c.problems = append(c.problems, &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: "Invalid value", Detail: detail, Attribute: p.at,
	})
}

// value checks a value of a type; what is null or not known yet is nothing to check.
func (c *strictCheck) value(t attr.Type, v tftypes.Value, p place) {
	if v.IsNull() || !v.IsKnown() {
		return
	}
	switch t := t.(type) {
	case basetypes.Int64Type:
		c.whole(v, p)
	case basetypes.Float64Type:
		c.number(v, p)
	case attr.TypeWithAttributeTypes:
		members := membersOf(v)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			c.value(t.AttributeTypes()[name], members[name], p.attribute(name))
		}
	case basetypes.MapTypable:
		// A null element is an absent key.
		members := membersOf(v)
		for _, key := range slices.Sorted(maps.Keys(members)) {
			c.value(elementType(t), members[key], p.key(key))
		}
	case basetypes.SetTypable:
		// The elements of a set have no position.
		for _, element := range elementsIn(v) {
			if element.IsNull() {
				c.refuse(p, "An element of "+p.name+" is null. "+withoutNulls)
				continue
			}
			c.value(elementType(t), element, place{p.at, "An element of " + p.name})
		}
	case basetypes.ListTypable:
		for i, element := range elementsIn(v) {
			if at := p.index(i); element.IsNull() {
				c.refuse(at, at.name+" is null. "+withoutNulls)
			} else {
				c.value(elementType(t), element, at)
			}
		}
	}
}

const withoutNulls = "Leave it out, or give it a value. In an expression, [for e in LIST : e if e != null] leaves nulls out."

func (c *strictCheck) whole(v tftypes.Value, p place) {
	var n big.Float
	switch err := v.As(&n); {
	case err != nil: // the framework tells
	case !n.IsInt():
		c.refuse(p, fmt.Sprintf("%s must be a whole number, %s is not. Where it comes of a division, floor() and ceil() round.", p.name, n.Text('g', shownDigits)))
	case !isInt64(&n):
		c.refuse(p, fmt.Sprintf("%s must be a number between %d and %d, %s is not.", p.name, int64(math.MinInt64), int64(math.MaxInt64), n.Text('g', shownDigits)))
	}
}

// shownDigits is how many digits of a number are shown, at most.
const shownDigits = 15

func isInt64(n *big.Float) bool {
	_, accuracy := n.Int64()
	return accuracy == big.Exact
}

func (c *strictCheck) number(v tftypes.Value, p place) {
	var n big.Float
	if v.As(&n) != nil {
		return
	}
	if f, _ := n.Float64(); math.IsInf(f, 0) {
		c.refuse(p, fmt.Sprintf("%s is %s, which is beyond what a system can hold.", p.name, n.Text('g', shownDigits)))
	}
}

func elementType(t attr.Type) attr.Type {
	if of, ok := t.(attr.TypeWithElementType); ok {
		return of.ElementType()
	}
	return types.DynamicType
}

// membersOf and elementsIn are the parts of an object or map, and of a list or set.
func membersOf(v tftypes.Value) map[string]tftypes.Value {
	var members map[string]tftypes.Value
	_ = v.As(&members) // the type was asked for first
	return members
}

func elementsIn(v tftypes.Value) []tftypes.Value {
	var elements []tftypes.Value
	_ = v.As(&elements) // the type was asked for first
	return elements
}
