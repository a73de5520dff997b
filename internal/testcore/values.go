package testcore

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Lookup finds the value that a Ref refers to.
type Lookup func(Ref) (tftypes.Value, error)

// Encode makes a value of a Terraform type from Go's maps, lists, texts, numbers,
// booleans and nil, of Refs and of Unknowns. What an object does not name is null.
func Encode(want tftypes.Type, from any, lookup Lookup) (tftypes.Value, error) {
	switch v := from.(type) {
	case nil:
		return tftypes.NewValue(want, nil), nil
	case Unknown:
		return tftypes.NewValue(want, tftypes.UnknownValue), nil
	case Ref:
		return look(want, v, lookup)
	case tftypes.Value:
		return converted(want, v)
	}
	r := reflect.ValueOf(from)
	if k := r.Kind(); (k == reflect.Map || k == reflect.Slice) && r.IsNil() {
		return tftypes.NewValue(want, nil), nil
	}
	switch typ := want.(type) {
	case tftypes.Object:
		return encodeObject(typ, r, lookup)
	case tftypes.Map:
		members, err := membersOf(r)
		if err != nil {
			return tftypes.Value{}, err
		}
		elements := map[string]tftypes.Value{}
		for key, member := range members {
			if elements[key], err = Encode(typ.ElementType, member, lookup); err != nil {
				return tftypes.Value{}, fmt.Errorf("%q: %w", key, err)
			}
		}
		return tftypes.NewValue(typ, elements), nil
	case tftypes.List:
		elements, err := encodeElements(typ.ElementType, r, lookup)
		return tftypes.NewValue(typ, elements), err
	case tftypes.Set:
		elements, err := encodeElements(typ.ElementType, r, lookup)
		return tftypes.NewValue(typ, distinct(elements)), err
	}
	return primitive(want, from)
}

func look(want tftypes.Type, ref Ref, lookup Lookup) (tftypes.Value, error) {
	if lookup == nil {
		return tftypes.Value{}, fmt.Errorf("%s.%s cannot be referred to here", ref.Address, ref.Attribute)
	}
	v, err := lookup(ref)
	if err != nil {
		return tftypes.Value{}, err
	}
	return converted(want, v)
}

func encodeObject(want tftypes.Object, r reflect.Value, lookup Lookup) (tftypes.Value, error) {
	members, err := membersOf(r)
	if err != nil {
		return tftypes.Value{}, err
	}
	attributes := map[string]tftypes.Value{}
	for name, t := range want.AttributeTypes {
		if attributes[name], err = Encode(t, members[name], lookup); err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	for name := range members {
		if _, ok := want.AttributeTypes[name]; !ok {
			return tftypes.Value{}, fmt.Errorf("the schema has no attribute %q", name)
		}
	}
	return tftypes.NewValue(want, attributes), nil
}

func membersOf(r reflect.Value) (map[string]any, error) {
	if r.Kind() != reflect.Map || r.Type().Key().Kind() != reflect.String {
		return nil, fmt.Errorf("%v is no map", r)
	}
	members := map[string]any{}
	for _, key := range r.MapKeys() {
		members[key.String()] = r.MapIndex(key).Interface()
	}
	return members, nil
}

func encodeElements(want tftypes.Type, r reflect.Value, lookup Lookup) ([]tftypes.Value, error) {
	if r.Kind() != reflect.Slice {
		return nil, fmt.Errorf("%v is no list", r)
	}
	elements := make([]tftypes.Value, r.Len())
	for i := range elements {
		var err error
		if elements[i], err = Encode(want, r.Index(i).Interface(), lookup); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return elements, nil
}

// distinct are the elements of a set: each once. What is unknown may be anything.
func distinct(elements []tftypes.Value) []tftypes.Value {
	var all []tftypes.Value
	for _, e := range elements {
		if !e.IsFullyKnown() || !slices.ContainsFunc(all, e.Equal) {
			all = append(all, e)
		}
	}
	return all
}

func primitive(want tftypes.Type, from any) (tftypes.Value, error) {
	v := tftypes.NewValue(tftypes.String, nil)
	switch x := from.(type) {
	case string:
		v = tftypes.NewValue(tftypes.String, x)
	case bool:
		v = tftypes.NewValue(tftypes.Bool, x)
	case json.Number:
		n, ok := new(big.Float).SetString(x.String())
		if !ok {
			return v, fmt.Errorf("%s is no number", x)
		}
		v = tftypes.NewValue(tftypes.Number, n)
	default:
		r := reflect.ValueOf(from)
		switch {
		case r.CanInt():
			v = tftypes.NewValue(tftypes.Number, r.Int())
		case r.CanFloat():
			v = tftypes.NewValue(tftypes.Number, r.Float())
		case r.Kind() == reflect.String:
			v = tftypes.NewValue(tftypes.String, r.String())
		default:
			return v, fmt.Errorf("a %T cannot stand in a configuration", from)
		}
	}
	return converted(want, v)
}

// converted is a value as another type, where Terraform's language would convert it.
func converted(want tftypes.Type, v tftypes.Value) (tftypes.Value, error) {
	have := v.Type()
	switch {
	case have.Equal(want):
		return v, nil
	case !v.IsKnown():
		return tftypes.NewValue(want, tftypes.UnknownValue), nil
	case v.IsNull():
		return tftypes.NewValue(want, nil), nil
	case want.Is(tftypes.String) && (have.Is(tftypes.Number) || have.Is(tftypes.Bool)):
		return tftypes.NewValue(want, fmt.Sprint(Plain(v))), nil
	case want.Is(tftypes.Number) && have.Is(tftypes.String):
		if n, ok := new(big.Float).SetString(as[string](v)); ok {
			return tftypes.NewValue(want, n), nil
		}
	case want.Is(tftypes.Bool) && have.Is(tftypes.String):
		if b, err := strconv.ParseBool(as[string](v)); err == nil {
			return tftypes.NewValue(want, b), nil
		}
	case want.Is(tftypes.Set{}) && have.Is(tftypes.List{}), want.Is(tftypes.List{}) && have.Is(tftypes.Set{}):
		return Encode(want, as[[]tftypes.Value](v), nil)
	}
	return tftypes.Value{}, fmt.Errorf("%s is no %s", v, want)
}

// Plain turns a value into Go's: whole numbers are int64, a null and an unknown nil,
// and the elements of a set are in the order of their texts.
func Plain(v tftypes.Value) any {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	switch t := v.Type(); {
	case t.Is(tftypes.String):
		return as[string](v)
	case t.Is(tftypes.Bool):
		return as[bool](v)
	case t.Is(tftypes.Number):
		n := as[big.Float](v)
		if i, exact := n.Int64(); exact == 0 {
			return i
		}
		f, _ := n.Float64()
		return f
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		all := map[string]any{}
		for key, member := range as[map[string]tftypes.Value](v) {
			all[key] = Plain(member)
		}
		return all
	}
	list := []any{}
	for _, member := range as[[]tftypes.Value](v) {
		list = append(list, Plain(member))
	}
	return list
}

func as[T any](v tftypes.Value) T {
	var value T
	if err := v.As(&value); err != nil {
		panic(err) // the type was asked for first
	}
	return value
}

// Attributes are those of an object; nil where it is null or unknown.
func Attributes(v tftypes.Value) map[string]tftypes.Value {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	return as[map[string]tftypes.Value](v)
}

// Wire is a value as the protocol carries it.
func Wire(v tftypes.Value) *tfprotov6.DynamicValue {
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		panic(err) // a value fits its own type
	}
	return &d
}

// Unwire is a value that the protocol has carried; none is null.
func Unwire(t tftypes.Type, d *tfprotov6.DynamicValue) (tftypes.Value, error) {
	if d == nil {
		return tftypes.NewValue(t, nil), nil
	}
	return d.Unmarshal(t)
}

// Difference says in which attributes two objects differ.
func Difference(a, b tftypes.Value) string {
	was, will := Attributes(a), Attributes(b)
	var parts []string
	if will == nil && was != nil {
		return "it is gone"
	}
	for _, name := range changed(a, b) {
		parts = append(parts, fmt.Sprintf("%s: %s → %s", name, Text(was[name]), Text(will[name])))
	}
	return strings.Join(parts, ", ")
}

// changed are the attributes in which two objects differ.
func changed(a, b tftypes.Value) []string {
	was, will := Attributes(a), Attributes(b)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if !will[name].Equal(was[name]) {
			names = append(names, name)
		}
	}
	return names
}

// Text is a value as a person reads it.
func Text(v tftypes.Value) string {
	switch {
	case v.Type() == nil || v.IsNull():
		return "null"
	case !v.IsKnown():
		return "(known after apply)"
	case v.Type().Is(tftypes.Object{}), v.Type().Is(tftypes.Map{}):
		var parts []string
		members := as[map[string]tftypes.Value](v)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			parts = append(parts, name+" = "+Text(members[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case v.Type().Is(tftypes.List{}), v.Type().Is(tftypes.Set{}):
		var parts []string
		for _, member := range as[[]tftypes.Value](v) {
			parts = append(parts, Text(member))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprintf("%#v", Plain(v))
}

// walkValue visits a Go value and all within it.
func walkValue(value any, visit func(any)) {
	visit(value)
	r := reflect.ValueOf(value)
	switch r.Kind() {
	case reflect.Map:
		for _, key := range r.MapKeys() {
			walkValue(r.MapIndex(key).Interface(), visit)
		}
	case reflect.Slice:
		for i := range r.Len() {
			walkValue(r.Index(i).Interface(), visit)
		}
	}
}
