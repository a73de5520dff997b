package entity

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Values are an object's attributes as Terraform holds them, by name: of a
// configuration, a plan or a state.
type Values map[string]attr.Value

// Known reports whether the attribute has a value: neither null nor unknown.
func (v Values) Known(name string) bool {
	value := v[name]
	return value != nil && !value.IsNull() && !value.IsUnknown()
}

// Null reports whether the attribute is absent. An unknown one is not.
func (v Values) Null(name string) bool {
	value := v[name]
	return value == nil || value.IsNull()
}

// says reports whether it is known what the attribute is, be it nothing.
func (v Values) says(name string) bool {
	value := v[name]
	return value != nil && !value.IsUnknown()
}

// Int is the attribute's number; 0 where it has none, or it is not known yet. Path
// takes no 0 for the number of an object.
func (v Values) Int(name string) int64 {
	if value, ok := v[name].(types.Int64); ok {
		return value.ValueInt64()
	}
	return 0
}

// Ints are the numbers of a set or list, as far as they are known.
func (v Values) Ints(name string) []int64 {
	numbers := []int64{}
	for _, member := range elementsOf(v[name]) {
		if n, ok := member.(types.Int64); ok && !n.IsNull() && !n.IsUnknown() {
			numbers = append(numbers, n.ValueInt64())
		}
	}
	return numbers
}

// Texts are the texts of a set or list, as far as they are known.
func (v Values) Texts(name string) []string {
	texts := []string{}
	for _, member := range elementsOf(v[name]) {
		if text, ok := textOf(member); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// Text is the attribute's text; "" where it has none.
func (v Values) Text(name string) string {
	value, _ := textOf(v[name])
	return value
}

// Bool is the attribute's truth; false where it has none.
func (v Values) Bool(name string) bool {
	if value, ok := v[name].(types.Bool); ok {
		return value.ValueBool()
	}
	return false
}

// Count is the number of members of a set or list, or of the keys of pairs.
func (v Values) Count(name string) int {
	if m, ok := v[name].(types.Map); ok {
		return len(m.Elements())
	}
	return len(elementsOf(v[name]))
}

// Bytes is the capacity the attribute means; ok is false where it means none.
func (v Values) Bytes(name string) (bytes int64, ok bool) {
	text, ok := textOf(v[name])
	if !ok {
		return 0, false
	}
	bytes, err := ParseCapacity(text)
	return bytes, err == nil
}

// Unknown reports whether the attribute has a value that is not known yet.
func (v Values) Unknown(name string) bool {
	value := v[name]
	return value != nil && value.IsUnknown()
}

// ID is what the attribute names an object by, a number or a text; "" where it names
// none, or it is not known yet.
func (v Values) ID(name string) string { return plain(v[name]) }

// Set sets the attribute: to a text, a whole number, true or false.
func (v Values) Set(name string, value any) { v[name] = valueOf(value) }

// Pairs are the texts of pairs by their keys, as far as they are known.
func (v Values) Pairs(name string) map[string]string {
	all := map[string]string{}
	if m, ok := v[name].(types.Map); ok {
		for key, value := range m.Elements() {
			if text, known := textOf(value); known {
				all[key] = text
			}
		}
	}
	return all
}

// Records are the objects of a list, each with its own attributes; known is false where
// the list is not known yet.
func (v Values) Records(name string) (records []Values, known bool) {
	list, ok := v[name].(types.List)
	for _, item := range list.Elements() {
		if o, isObject := item.(types.Object); isObject {
			records = append(records, o.Attributes())
		}
	}
	return records, ok && !list.IsUnknown()
}

// valueOf is a Go value as Terraform holds it.
func valueOf(value any) attr.Value {
	switch value := value.(type) {
	case bool:
		return types.BoolValue(value)
	case string:
		return types.StringValue(value)
	case int:
		return types.Int64Value(int64(value))
	case int64:
		return types.Int64Value(value)
	}
	panic(fmt.Sprintf("no attribute has a %T", value)) // a mistake in a page
}

// textOf is the text of any string-like value; ok is false for null, unknown
// and values of other types.
func textOf(value attr.Value) (text string, ok bool) {
	stringable, ok := value.(basetypes.StringValuable)
	if !ok || value.IsNull() || value.IsUnknown() {
		return "", false
	}
	if s, isPlain := value.(types.String); isPlain {
		return s.ValueString(), true
	}
	plain, diags := stringable.ToStringValue(context.Background())
	return plain.ValueString(), !diags.HasError()
}

// decodeNumbers reads JSON as the clients do: numbers stay exact.
func decodeNumbers(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// nullOf is the null of a type.
func nullOf(ctx context.Context, t attr.Type) tftypes.Value {
	return tftypes.NewValue(t.TerraformType(ctx), nil)
}
