package infinibox

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// reserved are the parameters of a listing that are not filters.
var reserved = []string{"page", "page_size", "sort", "fields", approvalParameter}

var fieldName = regexp.MustCompile(`^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$`)

// parameters translates a query into the array's query language. It refuses
// what that language cannot express, rather than ask for something else.
func parameters(q api.Query) (url.Values, error) {
	p := make(url.Values, len(q.Params)+len(q.Filters)+4)
	maps.Copy(p, q.Params)
	for _, f := range q.Filters {
		if !fieldName.MatchString(f.Field) || slices.Contains(reserved, f.Field) {
			return nil, fmt.Errorf("%q is not a field to filter by", f.Field)
		}
		condition, err := condition(f)
		if err != nil {
			return nil, fmt.Errorf("filter on %s: %w", f.Field, err)
		}
		// Not Add, which may write into the caller's slice.
		p[f.Field] = append(slices.Clip(p[f.Field]), condition)
	}
	for _, field := range q.Sort {
		if !fieldName.MatchString(strings.TrimPrefix(field, "-")) {
			return nil, fmt.Errorf("%q is not a field to sort by", field)
		}
	}
	for _, field := range q.Fields {
		if !fieldName.MatchString(field) {
			return nil, fmt.Errorf("%q is not the name of a field", field)
		}
	}
	if len(q.Sort) > 0 {
		p.Set("sort", strings.Join(q.Sort, ","))
	}
	if len(q.Fields) > 0 {
		p.Set("fields", strings.Join(q.Fields, ","))
	}
	return p, nil
}

// condition writes a filter as "operator:value".
func condition(f api.Filter) (string, error) {
	name := string(f.Operator)
	switch f.Operator {
	case api.IsNull, api.IsNotNull:
		if len(f.Values) != 0 {
			return "", fmt.Errorf("%s takes no value, not %d", name, len(f.Values))
		}
		return name + ":null", nil
	case api.Equal, api.NotEqual, api.Less, api.LessOrEqual, api.Greater, api.GreaterOrEqual, api.Like:
		if len(f.Values) != 1 {
			return "", fmt.Errorf("%s takes one value, not %d", name, len(f.Values))
		}
		return name + ":" + f.Values[0], nil
	case api.In, api.NotIn:
		if len(f.Values) == 0 {
			return "", fmt.Errorf("%s takes at least one value", name)
		}
		list, err := list(f.Values)
		return name + ":(" + list + ")", err
	case api.Between:
		if len(f.Values) != 2 {
			return "", fmt.Errorf("%s takes two values, not %d", name, len(f.Values))
		}
		list, err := list(f.Values)
		return name + ":[" + list + "]", err
	}
	return "", fmt.Errorf("unknown operator %q", name)
}

// list joins values by commas. The language has no escape for one within a
// value, nor for the brackets around the list.
func list(values []string) (string, error) {
	for _, v := range values {
		if v == "" || strings.TrimSpace(v) != v || strings.ContainsAny(v, ",()[]") {
			return "", fmt.Errorf("the array cannot be asked for %q in a list: a value there must not be empty, hold commas or brackets, or begin or end with a space", v)
		}
	}
	return strings.Join(values, ","), nil
}
