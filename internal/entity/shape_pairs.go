package entity

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// pairs are texts by keys. To the system a key whose value is null is none.
type pairs struct{}

func (pairs) attrType() attr.Type { return types.MapType{ElemType: types.StringType} }

func (pairs) decode(answer any) (attr.Value, error) {
	members, ok := answer.(map[string]any)
	if !ok && answer != nil {
		return nil, unexpected(answer, "pairs of keys and texts")
	}
	values := make(map[string]attr.Value, len(members))
	for key, member := range members {
		value, err := text{}.decode(member)
		if err != nil {
			return nil, fmt.Errorf("of %q, %w", key, err)
		}
		if !value.IsNull() {
			values[key] = value
		}
	}
	return types.MapValueMust(types.StringType, values), nil
}

func (pairs) encode(value attr.Value) (any, error) {
	body := map[string]any{}
	for key, member := range keysOf(value) {
		if member.IsUnknown() {
			return nil, fmt.Errorf("%q is not known yet", key)
		}
		if text, known := textOf(member); known {
			body[key] = text
		}
	}
	return body, nil
}

func (pairs) same(a, b attr.Value) bool {
	within := func(x, y map[string]attr.Value) bool {
		for key, value := range x {
			if other, has := y[key]; !value.IsNull() && (!has || !value.Equal(other)) {
				return false
			}
		}
		return true
	}
	x, y := keysOf(a), keysOf(b)
	return within(x, y) && within(y, x)
}

// keysOf are the members of pairs by key; none where they are null or unknown.
func keysOf(value attr.Value) map[string]attr.Value {
	m, _ := value.(types.Map)
	return m.Elements()
}

func isPairs(s shape) bool {
	_, is := s.(pairs)
	return is
}

// isEmpty reports whether a value is a set, a list or pairs without a member.
func isEmpty(value attr.Value) bool {
	switch v := value.(type) {
	case types.Map:
		return !v.IsNull() && !v.IsUnknown() && len(v.Elements()) == 0
	case types.Set, types.List:
		return !value.IsNull() && !value.IsUnknown() && len(elementsOf(value)) == 0
	}
	return false
}
