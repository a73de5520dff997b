package entity

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// A shape is the form of a fact's values: how they look in Terraform and in the
// API's JSON, and when two of them mean the same.
type shape interface {
	// attrType is the type of the values in Terraform.
	attrType() attr.Type
	// decode turns a JSON value into a Terraform value; nil becomes null.
	decode(answer any) (attr.Value, error)
	// encode turns a known Terraform value into what is sent.
	encode(value attr.Value) (any, error)
	// same reports whether two known values mean the same to the system, where
	// the first is what a user wrote and the second what the system answered
	// or an earlier user wrote.
	same(a, b attr.Value) bool
}

// same extends a shape's meaning to null and unknown values.
func same(s shape, a, b attr.Value) bool {
	if n, ok := s.(integer); ok && n.none && isNone(a) && isNone(b) {
		return true
	}
	if a.IsUnknown() || b.IsUnknown() || a.IsNull() || b.IsNull() {
		return a.Equal(b)
	}
	return a.Equal(b) || s.same(a, b)
}

func unexpected(answer any, want string) error {
	return fmt.Errorf("the system answered %T where %s was expected", answer, want)
}

// integer is a whole number. With none set, the API's 0 means "none".
type integer struct{ none bool }

// isNone reports whether a reference names nothing: a user can say so by 0.
func isNone(v attr.Value) bool {
	n, ok := v.(types.Int64)
	return ok && !n.IsUnknown() && n.ValueInt64() == 0
}

func (integer) attrType() attr.Type { return types.Int64Type }

func (s integer) decode(answer any) (attr.Value, error) {
	if answer == nil {
		return types.Int64Null(), nil
	}
	n, err := integerOf(answer)
	if err != nil {
		return nil, err
	}
	if s.none && n == 0 {
		return types.Int64Null(), nil
	}
	return types.Int64Value(n), nil
}

func (integer) encode(value attr.Value) (any, error) { return value.(types.Int64).ValueInt64(), nil }
func (integer) same(a, b attr.Value) bool            { return a.Equal(b) }

func integerOf(answer any) (int64, error) {
	switch n := answer.(type) {
	case json.Number:
		i, err := n.Int64()
		if err != nil {
			return 0, fmt.Errorf("the system answered %s where a whole number was expected", n)
		}
		return i, nil
	case int64:
		return n, nil
	case int:
		return int64(n), nil
	}
	return 0, unexpected(answer, "a whole number")
}

// decimal is a number with a fraction, such as a ratio.
type decimal struct{}

func (decimal) attrType() attr.Type { return types.Float64Type }

func (decimal) decode(answer any) (attr.Value, error) {
	switch n := answer.(type) {
	case nil:
		return types.Float64Null(), nil
	case json.Number:
		f, err := n.Float64()
		return types.Float64Value(f), err
	case float64:
		return types.Float64Value(n), nil
	}
	return nil, unexpected(answer, "a number")
}

func (decimal) encode(value attr.Value) (any, error) {
	return value.(types.Float64).ValueFloat64(), nil
}
func (decimal) same(a, b attr.Value) bool { return a.Equal(b) }

// boolean is true or false.
type boolean struct{}

func (boolean) attrType() attr.Type { return types.BoolType }

func (boolean) decode(answer any) (attr.Value, error) {
	switch b := answer.(type) {
	case nil:
		return types.BoolNull(), nil
	case bool:
		return types.BoolValue(b), nil
	}
	return nil, unexpected(answer, "true or false")
}

func (boolean) encode(value attr.Value) (any, error) { return value.(types.Bool).ValueBool(), nil }
func (boolean) same(a, b attr.Value) bool            { return a.Equal(b) }

// text is a string. Two spellings that normal makes alike mean the same; the
// normal one is sent, unless asWritten.
type text struct {
	normal    func(string) string
	asWritten bool
}

func (text) attrType() attr.Type { return types.StringType }

func (text) decode(answer any) (attr.Value, error) {
	switch s := answer.(type) {
	case nil:
		return types.StringNull(), nil
	case string:
		return types.StringValue(s), nil
	case json.Number:
		return types.StringValue(s.String()), nil
	case bool:
		return types.StringValue(strconv.FormatBool(s)), nil
	}
	return nil, unexpected(answer, "a text")
}

func (s text) encode(value attr.Value) (any, error) {
	t, _ := textOf(value)
	if s.asWritten {
		return t, nil
	}
	return s.normalise(t), nil
}

func (s text) same(a, b attr.Value) bool {
	x, _ := textOf(a)
	y, _ := textOf(b)
	return s.normalise(x) == s.normalise(y)
}

func (s text) normalise(t string) string {
	if s.normal == nil {
		return t
	}
	return s.normal(t)
}

// capacity is a number of bytes, written with a unit. The system rounds it up
// to a multiple of unit, so that all sizes within one mean the same. Where it
// can be unlimited, the API says so by -1.
type capacity struct {
	unit      int64
	unlimited bool
}

const unlimitedWord = "unlimited"

func (capacity) attrType() attr.Type { return types.StringType }

func (s capacity) decode(answer any) (attr.Value, error) {
	if answer == nil {
		return types.StringNull(), nil
	}
	n, err := integerOf(answer)
	if err != nil {
		return nil, err
	}
	if s.unlimited && n < 0 {
		return types.StringValue(unlimitedWord), nil
	}
	return types.StringValue(FormatCapacity(n)), nil
}

func (s capacity) encode(value attr.Value) (any, error) {
	t, _ := textOf(value)
	if s.unlimited && t == unlimitedWord {
		return int64(-1), nil
	}
	return ParseCapacity(t)
}

func (s capacity) same(a, b attr.Value) bool {
	x, xok := s.bytes(a)
	y, yok := s.bytes(b)
	return xok && yok && x == y
}

// plain is a capacity as a person would have asked for it: 20000000311296 is what the
// system makes of "20TB".
func (s capacity) plain(value attr.Value) attr.Value {
	t, ok := textOf(value)
	n, err := ParseCapacity(t)
	if !ok || err != nil || s.unit <= 1 || t != strconv.FormatInt(n, 10) {
		return value
	}
	for _, u := range capacityUnits {
		if asked := n / u.bytes * u.bytes; asked > 0 && roundUp(asked, s.unit) == n {
			if text := FormatCapacity(asked); len(text) < len(t) {
				return types.StringValue(text)
			}
		}
	}
	return value
}

// bytes is what the system makes of a capacity.
func (s capacity) bytes(value attr.Value) (int64, bool) {
	t, ok := textOf(value)
	if !ok {
		return 0, false
	}
	n, err := ParseCapacity(t)
	return roundUp(n, s.unit), err == nil
}

// moment is a point in time: RFC 3339 in Terraform, milliseconds since 1970 in
// the API, or seconds.
type moment struct{ inSeconds bool }

func (moment) attrType() attr.Type { return timetypes.RFC3339Type{} }

func (s moment) decode(answer any) (attr.Value, error) {
	if answer == nil {
		return timetypes.NewRFC3339Null(), nil
	}
	n, err := integerOf(answer)
	if err != nil {
		return nil, err
	}
	if s.inSeconds {
		return timetypes.NewRFC3339TimeValue(time.Unix(n, 0).UTC()), nil
	}
	return timetypes.NewRFC3339TimeValue(time.UnixMilli(n).UTC()), nil
}

func (s moment) encode(value attr.Value) (any, error) {
	t, err := momentOf(value)
	if s.inSeconds {
		return t.Unix(), err
	}
	return t.UnixMilli(), err
}

func (moment) same(a, b attr.Value) bool {
	x, xerr := momentOf(a)
	y, yerr := momentOf(b)
	return xerr == nil && yerr == nil && x.UnixMilli() == y.UnixMilli()
}

func momentOf(value attr.Value) (time.Time, error) {
	t, _ := textOf(value)
	return time.Parse(time.RFC3339, t)
}

// collection is a set or a list of elements of one shape. A set's elements that
// mean the same are one. A list that is unsorted means the same in any order.
type collection struct {
	element  shape
	ordered  bool
	unsorted bool
}

func (s collection) attrType() attr.Type {
	if s.ordered {
		return types.ListType{ElemType: s.element.attrType()}
	}
	return types.SetType{ElemType: s.element.attrType()}
}

func (s collection) decode(answer any) (attr.Value, error) {
	items, ok := answer.([]any)
	if !ok && answer != nil {
		return nil, unexpected(answer, "a list")
	}
	values := make([]attr.Value, 0, len(items))
	for _, item := range items {
		if item == nil {
			continue // null is nothing
		}
		v, err := s.element.decode(item)
		if err != nil {
			return nil, err
		}
		if s.ordered || !slices.ContainsFunc(values, v.Equal) {
			values = append(values, v)
		}
	}
	return s.of(values), nil
}

func (s collection) of(values []attr.Value) attr.Value {
	if s.ordered {
		return types.ListValueMust(s.element.attrType(), values)
	}
	return types.SetValueMust(s.element.attrType(), values)
}

func (s collection) encode(value attr.Value) (any, error) {
	members := elementsOf(value)
	if !s.ordered {
		members = s.minus(members, nil) // two spellings of one member are one
	}
	encoded := make([]any, len(members))
	for i, m := range members {
		e, err := s.element.encode(m)
		if err != nil {
			return nil, err
		}
		encoded[i] = e
	}
	return encoded, nil
}

func (s collection) same(a, b attr.Value) bool {
	x, y := elementsOf(a), elementsOf(b)
	switch {
	case s.unsorted:
		return len(x) == len(y) && s.paired(x, y)
	case s.ordered:
		return slices.EqualFunc(x, y, s.element.same)
	}
	return len(s.minus(x, y)) == 0 && len(s.minus(y, x)) == 0
}

// paired reports whether each of some elements has a like of its own among others.
func (s collection) paired(mine, theirs []attr.Value) bool {
	left := slices.Clone(theirs)
	for _, v := range mine {
		i := slices.IndexFunc(left, func(other attr.Value) bool { return s.element.same(v, other) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// minus is what is in a and has no like in b. It goes by what elements mean, in
// linear time: a host cluster or a policy can have hundreds.
func (s collection) minus(a, b []attr.Value) []attr.Value {
	have := make(map[string]bool, len(b))
	for _, v := range b {
		have[s.meaning(v)] = true
	}
	var rest []attr.Value
	for _, v := range a {
		if m := s.meaning(v); !have[m] {
			have[m] = true
			rest = append(rest, v)
		}
	}
	return rest
}

func (s collection) meaning(v attr.Value) string {
	if t, ok := s.element.(text); ok && !v.IsUnknown() {
		member, _ := textOf(v)
		return t.normalise(member)
	}
	e, err := s.element.encode(v)
	if err != nil || v.IsUnknown() {
		return v.String()
	}
	return fmt.Sprint(e)
}

// elementsOf are the members of a set or list; none where it is null or unknown.
func elementsOf(value attr.Value) []attr.Value {
	switch v := value.(type) {
	case types.Set:
		return v.Elements()
	case types.List:
		return v.Elements()
	}
	return nil
}

// record is an object within an object, such as a host's port. Only data sources
// have them, which read them field by field.
type record struct{ facts Facts }

func (s record) attrType() attr.Type { return types.ObjectType{AttrTypes: s.facts.attrTypes()} }

func (s record) decode(answer any) (attr.Value, error) {
	if answer == nil {
		return types.ObjectNull(s.facts.attrTypes()), nil
	}
	o, ok := answer.(api.Object)
	if !ok {
		return nil, unexpected(answer, "an object")
	}
	values := make(Values, len(s.facts))
	for _, f := range s.facts.readable() {
		value, err := f.read(o)
		if err != nil {
			return nil, err
		}
		values[f.name] = value
	}
	return types.ObjectValueMust(s.facts.attrTypes(), values), nil
}

// encode sends what the user or a default set, and no more.
func (s record) encode(value attr.Value) (any, error) {
	o, ok := value.(types.Object)
	if !ok || o.IsNull() || o.IsUnknown() {
		return nil, fmt.Errorf("it is not known yet")
	}
	values, body := Values(o.Attributes()), api.Object{}
	for _, f := range s.facts {
		if !values.Known(f.name) {
			continue
		}
		encoded, err := f.shape.encode(values[f.name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		api.SetField(body, f.field, encoded)
	}
	return body, nil
}

// same holds what a user left open for whatever the system made of it.
func (s record) same(a, b attr.Value) bool {
	x, ok1 := a.(types.Object)
	y, ok2 := b.(types.Object)
	if !ok1 || !ok2 {
		return a.Equal(b)
	}
	mine, theirs := Values(x.Attributes()), Values(y.Attributes())
	for _, f := range s.facts {
		if f.use == optional && mine.Null(f.name) {
			continue
		}
		if !same(f.shape, mine[f.name], theirs[f.name]) {
			return false
		}
	}
	return true
}

// duration is a time that something takes: "15m" in Terraform, and a number of units in
// the API.
type duration struct{ unit time.Duration }

func (duration) attrType() attr.Type { return types.StringType }

func (s duration) decode(answer any) (attr.Value, error) {
	if answer == nil {
		return types.StringNull(), nil
	}
	n, err := integerOf(answer)
	if err != nil {
		return nil, err
	}
	return types.StringValue(shortly(time.Duration(n) * s.unit)), nil
}

func (s duration) encode(value attr.Value) (any, error) {
	text, _ := textOf(value)
	d, err := time.ParseDuration(text)
	return int64(d / s.unit), err
}

func (duration) same(a, b attr.Value) bool {
	x, _ := textOf(a)
	y, _ := textOf(b)
	d, err1 := time.ParseDuration(x)
	e, err2 := time.ParseDuration(y)
	return err1 == nil && err2 == nil && d == e
}

// shortly is a duration without the zeros at its end: "15m", "36h".
func shortly(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// amount is a value as a number, of shapes whose values are in an order; ok is false
// where it is none.
func amount(s shape, value attr.Value) (n int64, ok bool) {
	switch s := s.(type) {
	case integer:
		v, isInt := value.(types.Int64)
		return v.ValueInt64(), isInt && !v.IsNull() && !v.IsUnknown()
	case capacity:
		if t, _ := textOf(value); s.unlimited && t == unlimitedWord {
			return math.MaxInt64, true
		}
		return s.bytes(value)
	case duration:
		t, isText := textOf(value)
		d, err := time.ParseDuration(t)
		return int64(d), isText && err == nil
	case moment:
		t, err := momentOf(value)
		return t.UnixMilli(), err == nil
	}
	return 0, false
}

// height is the amount of a fact that is above another one.
func (f Fact) height(value attr.Value) (n int64, ok bool) {
	n, ok = amount(f.shape, value)
	if f.level && n == 0 && ok {
		return math.MaxInt64, true // no limit
	}
	return n, ok
}

// foldCase is the normal form of what the system compares without case.
func foldCase(s string) string { return strings.ToLower(s) }
