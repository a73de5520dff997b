package infinibox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// kind is the JSON type of a field.
type kind string

const (
	integer kind = "integer" // also moments (milliseconds since 1970) and sizes (bytes)
	decimal kind = "decimal"
	boolean kind = "boolean"
	text    kind = "text"
	list    kind = "list"
	object  kind = "object"
)

// field is what the array knows of one field of a collection.
type field struct {
	name   string
	kind   kind
	values []string // the words an enumeration takes, in sorting order; nil for free text

	filter, sort     bool
	create, required bool
	update           bool
	nullable         bool // null is a value that a client may send
	hidden           bool // taken but never given back
	secret           bool // hidden, and in no dump either
	administrators   bool // only administrators may set it

	noNull  func(name string) error // for a null where there may be none; nil for what most collections say
	initial any                     // value of a new object whose creator does not say
}

// parseFields reads a table of fields, a line each:
//
//	name  kind[(word|word)]  flags...  [=initial]
//
// Flags: filter, sort, create (may be given at creation), required (must be), update (may be changed),
// null (may be sent as null), hidden (never given back), secret (hidden, and not dumped), admin (only administrators may set it). Without an initial value a field begins as null.
// Initial values are JSON.
func parseFields(table string) []*field {
	var fields []*field
	for line := range strings.SplitSeq(table, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		f := &field{name: words[0]}
		kindName, values, enumerated := strings.Cut(words[1], "(")
		f.kind = kind(kindName)
		if enumerated {
			f.values = strings.Split(strings.TrimSuffix(values, ")"), "|")
		}
		for _, word := range words[2:] {
			f.flag(word)
		}
		fields = append(fields, f)
	}
	return fields
}

func (f *field) flag(word string) {
	switch word {
	case "filter":
		f.filter = true
	case "sort":
		f.sort = true
	case "create":
		f.create = true
	case "required":
		f.create, f.required = true, true
	case "update":
		f.update = true
	case "null":
		f.nullable = true
	case "hidden":
		f.hidden = true
	case "secret":
		f.hidden, f.secret = true, true
	case "admin":
		f.administrators = true
	default:
		value, err := decode([]byte(strings.TrimPrefix(word, "=")))
		if err != nil || !strings.HasPrefix(word, "=") {
			panic(fmt.Sprintf("field %s: what is %q?", f.name, word))
		}
		if number, ok := value.(json.Number); ok && f.kind == integer {
			value = plainNumber(number) // decimals stay as written, so that 1.0 is not given as 1
		}
		f.initial = value
	}
}

func plainNumber(number json.Number) any {
	if i, err := number.Int64(); err == nil {
		return int(i)
	}
	x, _ := number.Float64()
	return x
}

// decode reads one JSON value and keeps numbers as they were written.
func decode(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, fmt.Errorf("more than one value")
	}
	return value, nil
}

// convert takes a value as JSON has it and returns it as the array keeps it:
// int, float64, bool, string (enumerations in capitals), []any, map[string]any or nil.
func (f *field) convert(value any) (any, error) {
	if value == nil {
		switch {
		case f.nullable:
			return nil, nil
		case f.noNull != nil:
			return nil, f.noNull(f.name)
		case f.kind == boolean:
			return nil, errWrong(f.name, nil, "must be valid boolean")
		}
		return nil, errField(f.name)
	}
	switch f.kind {
	case integer:
		if i, ok := toInt(value); ok {
			return i, nil
		}
	case decimal:
		if number, ok := value.(json.Number); ok {
			x, err := number.Float64()
			return x, err
		}
	case boolean:
		if b, ok := toBool(value); ok {
			return b, nil
		}
	case text:
		if s, ok := value.(string); ok {
			return f.word(s)
		}
	case list:
		if items, ok := value.([]any); ok {
			return items, nil
		}
	case object:
		if m, ok := value.(map[string]any); ok {
			return m, nil
		}
	}
	return nil, errField(f.name)
}

// word checks a text against the words that the field takes, in any case.
func (f *field) word(s string) (any, error) {
	if f.values == nil {
		return s, nil
	}
	for _, word := range f.values {
		if strings.EqualFold(word, s) {
			return word, nil
		}
	}
	return nil, errField(f.name)
}

// toInt takes whole numbers, also written as text, as lenient servers do.
func toInt(value any) (int, bool) {
	switch v := value.(type) {
	case int:
		return v, true
	case float64:
		return int(v), v == float64(int(v))
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i), true
		}
		x, err := v.Float64()
		return int(x), err == nil && x == float64(int64(x))
	case string:
		i, err := strconv.ParseInt(v, 10, 64)
		return int(i), err == nil
	}
	return 0, false
}

func toBool(value any) (result, ok bool) {
	switch v := value.(type) {
	case bool:
		return v, true
	case string:
		switch strings.ToLower(v) {
		case "true", "yes":
			return true, true
		case "false", "no":
			return false, true
		}
	}
	return false, false
}
