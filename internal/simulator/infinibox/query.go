package infinibox

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPageSize = 50
	maxPageSize     = 1000
)

// listing is a result that is a page of a list.
type listing struct {
	items    []any
	total    int
	page     int
	pageSize int
}

// plainParameters are query parameters that are no filters, on any route.
var plainParameters = []string{"page", "page_size", "sort", "fields", "approved"}

// condition is one filter of a query.
type condition struct {
	field  *field
	op     string
	values []any // converted; nil stands for null
}

// operators maps what clients write to the name that messages use.
var operators = map[string]string{
	"eq": "EQ", "neq": "NE", "ne": "NE", "lt": "LT", "leq": "LE", "le": "LE", "gt": "GT", "geq": "GE", "ge": "GE",
	"in": "IN", "notin": "NOTIN", "between": "BETWEEN", "like": "LIKE", "is": "IS", "isnot": "ISNOT",
	"anyof": "ANYOF", "allof": "ALLOF", "noneof": "NONEOF",
}

// query answers a listing of objects: filters, sorts, takes the page and plucks the fields.
// extra are parameters of the route that are no filters.
func (a *Array) query(c *collection, objects []Object, parameters url.Values, extra ...string) (*listing, error) {
	l, err := pageOf(parameters, c.command)
	if err != nil {
		return nil, err
	}
	conditions, err := c.conditions(parameters, extra)
	if err != nil {
		return nil, err
	}
	keys, err := c.sortKeys(parameters.Get("sort"))
	if err != nil {
		return nil, err
	}
	found := a.sorted(objects, conditions, keys)
	fields := pluck(parameters)
	l.total = len(found)
	l.items = a.renderAll(cut(l, found), fields)
	return l, nil
}

// sorted returns the objects that meet all conditions, in the order asked for.
func (a *Array) sorted(objects []Object, conditions []condition, keys []sortKey) []Object {
	var found []Object
	for _, o := range objects {
		if a.meets(o, conditions) {
			found = append(found, o)
		}
	}
	if len(keys) > 0 {
		slices.SortStableFunc(found, func(x, y Object) int { return a.order(x, y, keys) })
	}
	return found
}

// pageOf reads page and page_size.
func pageOf(parameters url.Values, command string) (*listing, error) {
	l := &listing{page: 1, pageSize: defaultPageSize}
	for _, p := range []struct {
		name   string
		target *int
	}{{"page", &l.page}, {"page_size", &l.pageSize}} {
		if !parameters.Has(p.name) {
			continue
		}
		value := parameters.Get(p.name)
		number, err := strconv.Atoi(value)
		if err != nil {
			return nil, errField(value)
		}
		if number < 1 {
			return nil, errWrong(p.name, number, "int >= 1")
		}
		*p.target = number
	}
	if l.pageSize > maxPageSize {
		return nil, badRequest("MAX_PAGE_SIZE_VIOLATION", "Requested page size %d exceeds range 1..%d for command '%s'", l.pageSize, maxPageSize, command)
	}
	return l, nil
}

// cut returns the items of the page.
func cut[T any](l *listing, items []T) []T {
	from := min((l.page-1)*l.pageSize, len(items))
	return items[from:min(from+l.pageSize, len(items))]
}

// plain is the page of a list that knows neither filters nor sorting.
func plain[T any](rq *request, command string, items []T) (any, error) {
	for _, name := range sortedKeys(rq.query) {
		switch {
		case name == "sort":
			return nil, errUnsortable(strings.TrimPrefix(rq.query.Get(name), "-"))
		case !contains(plainParameters, name):
			return nil, errParameter(name)
		}
	}
	return paged(rq, command, items)
}

// paged is the page of a list that is filtered and sorted already.
func paged[T any](rq *request, command string, items []T) (any, error) {
	l, err := pageOf(rq.query, command)
	if err != nil {
		return nil, err
	}
	fields := pluck(rq.query)
	l.total = len(items)
	l.items = []any{}
	for _, item := range cut(l, items) {
		l.items = append(l.items, plucked(item, fields))
	}
	return l, nil
}

// plucked is a value with the fields that the client wants; nil means all.
func plucked(value any, fields []string) any {
	m, ok := value.(map[string]any)
	if !ok || fields == nil {
		return value
	}
	out := map[string]any{}
	for _, name := range fields {
		if value, ok := m[name]; ok {
			out[name] = value
		}
	}
	return out
}

// pluck returns the fields that the client wants; nil means all.
func pluck(parameters url.Values) []string {
	if parameters.Get("fields") == "" {
		return nil
	}
	fields := []string{}
	for name := range strings.SplitSeq(parameters.Get("fields"), ",") {
		fields = append(fields, strings.TrimSpace(name))
	}
	return fields
}

// conditions reads the filters.
func (c *collection) conditions(parameters url.Values, extra []string) ([]condition, error) {
	var conditions []condition
	for _, name := range sortedKeys(parameters) {
		if contains(plainParameters, name) || contains(extra, name) {
			continue
		}
		f := c.byName[name]
		switch {
		case (f == nil || contains(c.unknownParameter, name)) && c.unknownFilter != nil:
			return nil, c.unknownFilter(name)
		case f == nil || contains(c.unknownParameter, name):
			return nil, errParameter(name)
		case !f.filter:
			return nil, badRequest("NOT_FILTERABLE_FIELD", "The request contains a field that cannot be filtered: ('%s')", name)
		}
		for _, value := range parameters[name] {
			condition, err := f.condition(value)
			if err != nil {
				return nil, err
			}
			if c.onlyOperators != nil && !contains(c.onlyOperators, condition.op) {
				return nil, errOperator(condition.op)
			}
			conditions = append(conditions, condition)
		}
	}
	return conditions, nil
}

// condition reads one filter: "op:value", or a bare value, which means eq.
func (f *field) condition(value string) (condition, error) {
	c := condition{field: f, op: "EQ"}
	if op, rest, ok := strings.Cut(value, ":"); ok && operators[op] != "" {
		c.op, value = operators[op], rest
	}
	var supported bool
	texts := []string{value}
	switch c.op {
	case "EQ", "NE", "LT", "LE", "GT", "GE":
		supported = f.kind != list && (f.kind != boolean || c.op == "EQ" || c.op == "NE")
	case "IN", "NOTIN":
		supported, texts = f.kind != list, items(value)
	case "BETWEEN":
		supported, texts = f.kind != list && f.kind != boolean, items(value)
	case "LIKE":
		supported = f.kind == text
		c.values, texts = []any{value}, nil
	case "IS", "ISNOT":
		if value != "null" {
			return c, errField(value)
		}
		supported = true
	case "ANYOF", "ALLOF", "NONEOF":
		supported, texts = f.kind == list, items(value)
	}
	if !supported {
		return c, errOperator(c.op)
	}
	for _, t := range texts {
		converted, err := f.filterValue(t)
		if err != nil {
			return c, err
		}
		c.values = append(c.values, converted)
	}
	if c.op == "BETWEEN" && len(c.values) != 2 {
		return c, errWrong("BETWEEN", nil, "not null")
	}
	return c, nil
}

// filterValue converts a text of a query; a value of the wrong type is refused by its text.
func (f *field) filterValue(t string) (any, error) {
	switch {
	case t == "null":
		return nil, nil
	case f.kind == list:
		if word := strings.ToUpper(t); f.values == nil || contains(f.values, word) {
			return word, nil
		}
		return nil, errField(f.name)
	case f.kind == decimal:
		if x, err := strconv.ParseFloat(t, 64); err == nil {
			return x, nil
		}
		return nil, errField(t)
	}
	value, err := f.convert(t)
	if err != nil {
		return nil, errField(t)
	}
	return value, nil
}

// items splits a list that may be enclosed in () or [].
func items(value string) []string {
	value = strings.TrimSpace(value)
	if len(value) > 1 && (value[0] == '(' && value[len(value)-1] == ')' || value[0] == '[' && value[len(value)-1] == ']') {
		value = value[1 : len(value)-1]
	}
	if value == "" {
		return nil
	}
	texts := strings.Split(value, ",")
	for i := range texts {
		texts[i] = strings.TrimSpace(texts[i])
	}
	return texts
}

func (a *Array) meets(o Object, conditions []condition) bool {
	for _, condition := range conditions {
		if !condition.holds(a.value(o, condition.field.name)) {
			return false
		}
	}
	return true
}

func (c condition) holds(value any) bool {
	equal := func(want any) bool { return c.field.compare(value, want) == 0 }
	ordered := value != nil && len(c.values) > 0 && c.values[0] != nil
	switch c.op {
	case "EQ":
		return equal(c.values[0])
	case "NE":
		return !equal(c.values[0])
	case "IN":
		return slices.ContainsFunc(c.values, equal)
	case "NOTIN":
		return !slices.ContainsFunc(c.values, equal)
	case "IS":
		return value == nil
	case "ISNOT":
		return value != nil
	case "LT":
		return ordered && c.field.compare(value, c.values[0]) < 0
	case "LE":
		return ordered && c.field.compare(value, c.values[0]) <= 0
	case "GT":
		return ordered && c.field.compare(value, c.values[0]) > 0
	case "GE":
		return ordered && c.field.compare(value, c.values[0]) >= 0
	case "BETWEEN":
		return ordered && c.field.compare(value, c.values[0]) >= 0 && c.field.compare(value, c.values[1]) <= 0
	case "LIKE":
		s, ok := value.(string)
		return ok && strings.Contains(strings.ToLower(s), strings.ToLower(c.values[0].(string)))
	}
	elements, _ := value.([]any)
	has := func(want any) bool {
		return slices.ContainsFunc(elements, func(element any) bool { return strings.EqualFold(fmt.Sprint(element), fmt.Sprint(want)) })
	}
	switch c.op {
	case "ANYOF":
		return slices.ContainsFunc(c.values, has)
	case "ALLOF":
		return !slices.ContainsFunc(c.values, func(want any) bool { return !has(want) })
	}
	return !slices.ContainsFunc(c.values, has)
}

// compare orders two values of the field: null first, texts without regard to case, words as the table lists them.
func (f *field) compare(x, y any) int {
	if x == nil || y == nil {
		return cmp.Compare(rank(x), rank(y))
	}
	switch v := x.(type) {
	case int:
		w, _ := y.(int)
		return cmp.Compare(v, w)
	case float64:
		w, _ := y.(float64)
		return cmp.Compare(v, w)
	case bool:
		w, _ := y.(bool)
		return cmp.Compare(rank(v), rank(w))
	case string:
		w, _ := y.(string)
		if f.values != nil {
			return cmp.Compare(slices.Index(f.values, v), slices.Index(f.values, w))
		}
		return strings.Compare(strings.ToLower(v), strings.ToLower(w))
	}
	return 0
}

// rank puts null before all else and false before true.
func rank(value any) int {
	switch value {
	case nil:
		return 0
	case false:
		return 1
	}
	return 2
}

type sortKey struct {
	field *field
	sign  int
}

func (c *collection) sortKeys(spec string) ([]sortKey, error) {
	var keys []sortKey
	for _, name := range items(spec) {
		key := sortKey{sign: 1}
		if strings.HasPrefix(name, "-") {
			key.sign, name = -1, name[1:]
		}
		if key.field = c.byName[name]; key.field == nil || !key.field.sort {
			if c.unknownSort != nil {
				return nil, c.unknownSort(name)
			}
			return nil, errUnsortable(name)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (a *Array) order(x, y Object, keys []sortKey) int {
	for _, key := range keys {
		if d := key.field.compare(a.value(x, key.field.name), a.value(y, key.field.name)); d != 0 {
			return d * key.sign
		}
	}
	return 0
}
