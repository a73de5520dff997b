package ontap

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// startParameter is where a page begins, in the link that leads to it.
const startParameter = "start.record"

// listing is a collection as GET serves it.
type listing struct {
	// keys are the fields that every record shows, fields the others that it can.
	keys, fields []string
	// folded are the fields that are compared without case.
	folded  []string
	records []map[string]any
}

func (l *listing) has(field string) bool {
	return slices.Contains(l.keys, field) || slices.Contains(l.fields, field)
}

// serve answers a GET of the collection: filtered, ordered, cut into pages and to the fields asked for.
func (c *cluster) serve(l *listing, r *request) (any, error) {
	query, err := url.ParseQuery(r.url.RawQuery)
	if err != nil {
		return nil, refusal("262179", "", "The query is malformed")
	}
	start, most, counted := 0, 0, false
	records := slices.Clone(l.records)
	for name, values := range query {
		if len(values) > 1 && name != "fields" {
			return nil, refusal("262188", name, "Field %q was specified twice", name)
		}
		value := values[0]
		switch name {
		case "fields", "order_by":
		case startParameter:
			start, err = number(name, value, 0, len(l.records))
		case "max_records":
			most, err = number(name, value, 1, 1<<20)
		case "return_timeout":
			_, err = number(name, value, 0, 120)
		case "return_records":
			var records bool
			records, err = truth(name, value)
			counted = !records
		default:
			if !l.has(name) {
				return nil, errUnexpected(name)
			}
			records = slices.DeleteFunc(records, func(record map[string]any) bool { return !l.matches(record, name, value) })
		}
		if err != nil {
			return nil, err
		}
	}
	if err := l.order(records, query.Get("order_by")); err != nil {
		return nil, err
	}
	if counted {
		return map[string]any{"num_records": len(records)}, nil
	}
	wanted, err := l.wanted(query["fields"])
	if err != nil {
		return nil, err
	}
	links := map[string]any{"self": map[string]any{"href": r.url.RequestURI()}}
	records = records[min(start, len(records)):]
	if most > 0 && len(records) > most {
		query.Set(startParameter, strconv.Itoa(start+most))
		links["next"] = map[string]any{"href": r.url.EscapedPath() + "?" + query.Encode()}
		records = records[:most]
	}
	shown := make([]any, len(records))
	for i, record := range records {
		shown[i] = cut(record, wanted)
	}
	answer := map[string]any{"num_records": len(shown), "_links": links, "records": shown}
	if c.options.OneRecordBare && len(shown) == 1 {
		answer["records"] = shown[0]
	}
	return answer, nil
}

// one answers a GET of one object.
func (c *cluster) one(l *listing, r *request) (any, error) {
	query, err := url.ParseQuery(r.url.RawQuery)
	if err != nil {
		return nil, refusal("262179", "", "The query is malformed")
	}
	for name := range query {
		if name != "fields" {
			return nil, errUnexpected(name)
		}
	}
	wanted, err := l.wanted(query["fields"])
	if err != nil {
		return nil, err
	}
	return cut(l.records[0], wanted), nil
}

// wanted are the fields that a record is to show.
func (l *listing) wanted(given []string) ([]string, error) {
	wanted := slices.Clone(l.keys)
	for _, list := range given {
		for field := range strings.SplitSeq(list, ",") {
			if field == "*" || field == "**" {
				wanted = append(wanted, l.fields...)
				continue
			}
			known := false
			for _, f := range slices.Concat(l.keys, l.fields) {
				if f == field || strings.HasPrefix(f, field+".") {
					wanted, known = append(wanted, f), true
				}
			}
			if !known {
				return nil, errValue("fields", field)
			}
		}
	}
	return wanted, nil
}

func (l *listing) matches(record map[string]any, field, value string) bool {
	equal := func(v any) bool {
		if slices.Contains(l.folded, field) {
			return strings.EqualFold(fmt.Sprint(v), value)
		}
		return fmt.Sprint(v) == value
	}
	found := at(record, field)
	if members, ok := found.([]string); ok {
		return slices.ContainsFunc(members, func(m string) bool { return equal(m) })
	}
	return found != nil && equal(found)
}

// order sorts by "FIELD", "FIELD asc" or "FIELD desc", with commas between them.
func (l *listing) order(records []map[string]any, by string) error {
	if by == "" {
		return nil
	}
	type key struct {
		field string
		sign  int
	}
	var keys []key
	for text := range strings.SplitSeq(by, ",") {
		field, direction, _ := strings.Cut(strings.TrimSpace(text), " ")
		k := key{field, 1}
		switch direction {
		case "", "asc":
		case "desc":
			k.sign = -1
		default:
			return errValue("order_by", text)
		}
		if !l.has(field) {
			return errValue("order_by", field)
		}
		keys = append(keys, k)
	}
	slices.SortStableFunc(records, func(a, b map[string]any) int {
		for _, k := range keys {
			if n := strings.Compare(fmt.Sprint(at(a, k.field)), fmt.Sprint(at(b, k.field))); n != 0 {
				return n * k.sign
			}
		}
		return 0
	})
	return nil
}

// at is a field of a record, which may be within another: "svm.uuid".
func at(record map[string]any, field string) any {
	name, rest, nested := strings.Cut(field, ".")
	if !nested {
		return record[name]
	}
	inner, _ := record[name].(map[string]any)
	return at(inner, rest)
}

// cut is a record with the fields that it has of those wanted.
func cut(record map[string]any, wanted []string) map[string]any {
	shown := map[string]any{}
	for _, field := range wanted {
		value := at(record, field)
		if value == nil {
			continue
		}
		place := shown
		name, rest, nested := strings.Cut(field, ".")
		for ; nested; name, rest, nested = strings.Cut(rest, ".") {
			if place[name] == nil {
				place[name] = map[string]any{}
			}
			place = place[name].(map[string]any)
		}
		place[name] = value
	}
	return shown
}

func number(name, value string, least, most int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, errValue(name, value)
	}
	return n, nil
}

func truth(name, value string) (bool, error) {
	b, err := strconv.ParseBool(value)
	if err != nil {
		return false, errValue(name, value)
	}
	return b, nil
}
