package entity

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// wire reads and writes a kind's objects as Terraform sends them, without the
// framework, which walks every attribute's path through the schema several times
// over. It knows the plain types. Of an object that holds more than these it says
// so, and the framework does the work.
type wire struct {
	names []string // in the order of the encoding
	types map[string]attr.Type
	nulls Values
}

func newWire(ctx context.Context, schema schema.Schema) *wire {
	of := schema.Type().(attr.TypeWithAttributeTypes).AttributeTypes()
	w := &wire{types: of, nulls: Values{}}
	for name, t := range of {
		w.names = append(w.names, name)
		w.nulls[name], _ = t.ValueFromTerraform(ctx, nullOf(ctx, t)) // every type has a null
	}
	slices.Sort(w.names)
	return w
}

// values reads attributes of an encoded object: those named, or all.
func (w *wire) values(object []byte, names ...string) (Values, bool) {
	d := msgpack.GetDecoder()
	defer msgpack.PutDecoder(d)
	d.Reset(bytes.NewReader(object))
	n, err := d.DecodeMapLen()
	if err != nil || n < 0 {
		return nil, false
	}
	v := make(Values, n)
	for range n {
		name, err := d.DecodeString()
		if err != nil {
			return nil, false
		}
		if len(names) > 0 && !slices.Contains(names, name) {
			if d.Skip() != nil {
				return nil, false
			}
			continue
		}
		t := w.types[name]
		if t == nil {
			return nil, false
		}
		value, ok := w.value(d, name, t)
		if !ok {
			return nil, false
		}
		v[name] = value
	}
	want := len(names)
	if want == 0 {
		want = len(w.names)
	}
	return v, len(v) == want
}

func (w *wire) value(d *msgpack.Decoder, name string, t attr.Type) (attr.Value, bool) {
	code, err := d.PeekCode()
	if err != nil {
		return nil, false
	}
	if code == msgpcode.Nil {
		return w.nulls[name], d.DecodeNil() == nil
	}
	switch t := t.(type) {
	case basetypes.ListType:
		members, ok := elements(d, t.ElemType)
		if !ok {
			return nil, false
		}
		return types.ListValueMust(t.ElemType, members), true
	case basetypes.SetType:
		members, ok := elements(d, t.ElemType)
		if !ok {
			return nil, false
		}
		return types.SetValueMust(t.ElemType, members), true
	case basetypes.MapType:
		n, err := d.DecodeMapLen()
		members := make(map[string]attr.Value, max(n, 0))
		for range n {
			key, keyErr := d.DecodeString()
			member, ok := scalarOrNull(d, t.ElemType)
			if keyErr != nil || !ok {
				return nil, false
			}
			members[key] = member
		}
		return types.MapValueMust(t.ElemType, members), err == nil
	case timeouts.Type:
		return w.timeouts(d, t)
	}
	return scalar(d, t)
}

// timeouts reads an object of texts.
func (w *wire) timeouts(d *msgpack.Decoder, t timeouts.Type) (attr.Value, bool) {
	n, err := d.DecodeMapLen()
	if err != nil || n != len(t.AttrTypes) {
		return nil, false
	}
	given := make(map[string]attr.Value, n)
	for range n {
		name, nameErr := d.DecodeString()
		value, ok := scalarOrNull(d, types.StringType)
		if nameErr != nil || !ok || t.AttrTypes[name] == nil {
			return nil, false
		}
		given[name] = value
	}
	return timeouts.Value{Object: types.ObjectValueMust(t.AttrTypes, given)}, len(given) == n
}

func elements(d *msgpack.Decoder, t attr.Type) ([]attr.Value, bool) {
	n, err := d.DecodeArrayLen()
	if err != nil {
		return nil, false
	}
	members := make([]attr.Value, max(n, 0))
	for i := range members {
		var ok bool
		if of, isRecord := t.(basetypes.ObjectType); isRecord {
			members[i], ok = recordOf(d, of)
		} else {
			members[i], ok = scalar(d, t)
		}
		if !ok {
			return nil, false
		}
	}
	return members, true
}

// recordOf reads an object of plain values, which may be null.
func recordOf(d *msgpack.Decoder, t basetypes.ObjectType) (attr.Value, bool) {
	n, err := d.DecodeMapLen()
	if err != nil || n != len(t.AttrTypes) {
		return nil, false
	}
	values := make(map[string]attr.Value, n)
	for range n {
		name, err := d.DecodeString()
		of := t.AttrTypes[name]
		if err != nil || of == nil {
			return nil, false
		}
		code, err := d.PeekCode()
		if err != nil {
			return nil, false
		}
		if code == msgpcode.Nil {
			if values[name] = absent(of); d.DecodeNil() != nil {
				return nil, false
			}
			continue
		}
		var ok bool
		if values[name], ok = scalar(d, of); !ok {
			return nil, false
		}
	}
	return types.ObjectValueMust(t.AttrTypes, values), len(values) == n
}

// scalarOrNull reads the element of a map, or an attribute of timeouts: a text that
// is known, or null.
func scalarOrNull(d *msgpack.Decoder, t attr.Type) (attr.Value, bool) {
	if _, isText := t.(basetypes.StringType); isText {
		if code, err := d.PeekCode(); err == nil && code == msgpcode.Nil {
			return types.StringNull(), d.DecodeNil() == nil
		}
	}
	return scalar(d, t)
}

// scalar reads a plain value that is known; null and unknown ones are none.
func scalar(d *msgpack.Decoder, t attr.Type) (attr.Value, bool) {
	code, err := d.PeekCode()
	if err != nil || code == msgpcode.Nil {
		return nil, false
	}
	switch t.(type) {
	case basetypes.StringType:
		s, err := d.DecodeString()
		return types.StringValue(s), err == nil
	case basetypes.Int64Type:
		n, err := d.DecodeInt64()
		return types.Int64Value(n), err == nil
	case basetypes.BoolType:
		b, err := d.DecodeBool()
		return types.BoolValue(b), err == nil
	case timetypes.RFC3339Type:
		s, err := d.DecodeString()
		return timetypes.RFC3339{StringValue: types.StringValue(s)}, err == nil
	}
	return nil, false
}

// encoded is a state, from the JSON in which Terraform stores it.
func (w *wire) encoded(state []byte) ([]byte, bool) {
	var stored map[string]any
	d := json.NewDecoder(bytes.NewReader(state))
	d.UseNumber()
	if d.Decode(&stored) != nil || stored == nil {
		return nil, false
	}
	var b bytes.Buffer
	b.Grow(len(state))
	e := msgpack.GetEncoder()
	defer msgpack.PutEncoder(e)
	e.Reset(&b)
	if e.EncodeMapLen(len(w.names)) != nil {
		return nil, false
	}
	for _, name := range w.names {
		if e.EncodeString(name) != nil || !encode(e, w.types[name], stored[name]) {
			return nil, false
		}
	}
	return b.Bytes(), true
}

// encode writes a JSON value as one of a type.
func encode(e *msgpack.Encoder, t attr.Type, value any) bool {
	switch v := value.(type) {
	case nil:
		return e.EncodeNil() == nil
	case string:
		switch t.(type) {
		case basetypes.StringType, timetypes.RFC3339Type:
			return e.EncodeString(v) == nil
		}
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		if _, ok := t.(basetypes.Int64Type); ok && err == nil {
			return e.EncodeInt(n) == nil
		}
	case bool:
		if _, ok := t.(basetypes.BoolType); ok {
			return e.EncodeBool(v) == nil
		}
	case []any:
		return encodeList(e, t, v)
	case map[string]any:
		return encodeMap(e, t, v)
	}
	return false
}

func encodeList(e *msgpack.Encoder, t attr.Type, members []any) bool {
	var element attr.Type
	switch t := t.(type) {
	case basetypes.ListType:
		element = t.ElemType
	case basetypes.SetType:
		element = t.ElemType
	}
	if element == nil || e.EncodeArrayLen(len(members)) != nil {
		return false
	}
	for _, m := range members {
		if !encode(e, element, m) {
			return false
		}
	}
	return true
}

func encodeMap(e *msgpack.Encoder, t attr.Type, members map[string]any) bool {
	typeOf := func(string) attr.Type { return nil }
	switch t := t.(type) {
	case basetypes.MapType:
		typeOf = func(string) attr.Type { return t.ElemType }
	case timeouts.Type:
		if len(members) != len(t.AttrTypes) {
			return false
		}
		typeOf = func(name string) attr.Type { return t.AttrTypes[name] }
	case basetypes.ObjectType:
		if len(members) != len(t.AttrTypes) {
			return false
		}
		typeOf = func(name string) attr.Type { return t.AttrTypes[name] }
	}
	if e.EncodeMapLen(len(members)) != nil {
		return false
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		of := typeOf(key)
		if of == nil || e.EncodeString(key) != nil || !encode(e, of, members[key]) {
			return false
		}
	}
	return true
}
