package api

import (
	"fmt"
	"strings"
)

// Object is one thing a system manages, as its API spells it: numbers are
// json.Number, so that no 64-bit size or id passes through a float.
type Object = map[string]any

// FieldOf is the value of a field, which may be a path; ok is false where the
// object does not speak of it.
func FieldOf(o Object, field string) (value any, ok bool) {
	if value, ok = o[field]; ok {
		return value, true // a name may have a dot in it
	}
	name, rest, nested := strings.Cut(field, ".")
	if !nested {
		return nil, false
	}
	within, _ := o[name].(Object)
	return FieldOf(within, rest)
}

// SetField sets a field, which may be a path.
func SetField(o Object, field string, value any) {
	name, rest, nested := strings.Cut(field, ".")
	if !nested {
		o[name] = value
		return
	}
	within, ok := o[name].(Object)
	if !ok {
		within = Object{}
		o[name] = within
	}
	SetField(within, rest, value)
}

// IsNothing reports whether a field of an object says that there is none.
func IsNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case []any:
		return len(v) == 0
	}
	return fmt.Sprint(value) == "0" || value == ""
}
