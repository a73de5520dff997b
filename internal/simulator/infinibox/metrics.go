package infinibox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Metrics are asked for in steps: a filter says of what, a collector of it says which numbers, and each question gets
// what was collected since the last one. Filters and collectors are gone when the array starts anew.

const (
	firstMetric = 30001 // of filters and collectors
	topRows     = 10    // of a collector of type TOP, each second
	longestPast = 60    // seconds for which numbers are kept
)

// metricFilter is what is looked at: by the field, what its value has to be.
type metricFilter struct {
	id     int
	values map[string]string
}

// collector is which numbers are collected of a filter.
type collector struct {
	id, filter        int
	kind              string
	fields            []string
	grouping, sorting string
	ascending         bool
	since             int // second up to which all was told
}

var collectorKinds = []string{"COUNTER", "TOP", "HISTOGRAM", "AGGREGATOR"}

// filterField is a field that filters may have.
type filterField struct {
	name, kind string
	values     []string
	first      bool   // a filter may begin with it
	onlyFor    string // protocol type
}

var filterFields = []filterField{
	{name: "protocol", kind: "enum", values: []string{"NFS", "NFSV3", "FC", "iSCSI"}, first: true},
	{name: "protocol_type", kind: "enum", values: []string{"RMR", "SAN", "NAS"}, first: true},
	{name: "operation_type", kind: "enum", values: []string{"read", "write"}, first: true},
	{name: "pool_id", kind: "uint"},
	{name: "node_id", kind: "uint"},
	{name: "volume_id", kind: "uint", onlyFor: "SAN"},
	{name: "filesystem_id", kind: "uint", onlyFor: "NAS"},
	{name: "user_id", kind: "uint"},
	{name: "io_size", kind: "histogram", values: ioSizeNames},
	{name: "latency", kind: "uint"},
	{name: "file", kind: "string", onlyFor: "NAS"},
}

// numbers that can be collected, with their units.
var collectorFields = []struct{ name, unit, description string }{
	{"throughput", "bytes", "Bytes read and written in a second"},
	{"iops", "operations", "Operations of volumes in a second"},
	{"ops", "operations", "Operations of filesystems in a second"},
	{"latency", "microseconds", "How long an operation took, on average"},
}

func (a *Array) metricRoutes(r router) {
	r.read("/metrics/available_fields", func(*request) (any, error) {
		return map[string]any{"available_filter_fields": describeFilterFields(func(f filterField) bool { return f.first })}, nil
	})
	r.root.add(http.MethodGet, "/metrics/filters/{filter_id}/available_fields", route{parameters: []string{"level"}, handle: a.nextFilterFields})
	r.write(http.MethodPost, "/metrics/filters", nil, a.createFilter)
	r.write(http.MethodPut, "/metrics/filters/{filter_id}", nil, a.narrowFilter)
	r.write(http.MethodDelete, "/metrics/filters/{filter_id}", nil, a.deleteFilter)
	r.write(http.MethodPost, "/metrics/collectors", nil, a.createCollector)
	r.write(http.MethodDelete, "/metrics/collectors/{collector_id}", nil, a.deleteCollector)
	r.root.add(http.MethodGet, "/metrics/collectors/data", route{parameters: []string{"collector_id"}, handle: a.collect})
}

func (a *Array) nextHandle() int {
	a.lastHandle = max(a.lastHandle+1, firstMetric)
	return a.lastHandle
}

func handleOf[T any](handles map[int]T, what, text string) (T, error) {
	var none T
	id, err := strconv.Atoi(text)
	if err != nil {
		return none, errMalformedID
	}
	if handle, ok := handles[id]; ok {
		return handle, nil
	}
	return none, notFound("NOT_FOUND", "%s %d not found", what, id)
}

func (a *Array) filterOf(text string) (*metricFilter, error) {
	return handleOf(a.filters, "Filter", text)
}

func describeFilterFields(wanted func(f filterField) bool) []any {
	var fields []any
	for _, f := range filterFields {
		if !wanted(f) {
			continue
		}
		described := map[string]any{"name": f.name, "type": f.kind}
		if f.values != nil {
			described["values"] = f.values
		}
		fields = append(fields, described)
	}
	return fields
}

// takes tells whether a filter may be narrowed by a field: one that it does not have, and that fits its protocol.
func (f *metricFilter) takes(field filterField) bool {
	_, has := f.values[field.name]
	return !has && (field.onlyFor == "" || f.protocolType() == "" || f.protocolType() == field.onlyFor)
}

// protocolType is what the filter's protocol is of, if it says.
func (f *metricFilter) protocolType() string {
	switch protocol := strings.ToUpper(f.values["protocol"]); {
	case f.values["protocol_type"] != "":
		return strings.ToUpper(f.values["protocol_type"])
	case strings.HasPrefix(protocol, "NFS"):
		return "NAS"
	case protocol != "":
		return "SAN"
	}
	return ""
}

// collectable are the numbers that can be collected of a filter.
func (f *metricFilter) collectable() []string {
	var names []string
	for _, field := range collectorFields {
		if field.name == "iops" && f.protocolType() == "NAS" || field.name == "ops" && f.protocolType() == "SAN" {
			continue
		}
		names = append(names, field.name)
	}
	return names
}

func (a *Array) nextFilterFields(rq *request) (any, error) {
	filter, err := a.filterOf(rq.path[0])
	if err != nil {
		return nil, err
	}
	if level := rq.query.Get("level"); rq.query.Has("level") && !strings.EqualFold(level, "BASIC") && !strings.EqualFold(level, "ADVANCED") {
		return nil, errWrong("level", level, "can be BASIC or ADVANCED")
	}
	var collected []any
	for _, field := range collectorFields {
		if contains(filter.collectable(), field.name) {
			collected = append(collected, map[string]any{"name": field.name, "unit": field.unit, "description": field.description})
		}
	}
	return map[string]any{
		"id": filter.id, "available_filter_fields": describeFilterFields(filter.takes), "available_collector_fields": collected,
	}, nil
}

// narrow adds a field to a filter.
func (a *Array) narrow(filter *metricFilter, name string, value any) error {
	i := slices.IndexFunc(filterFields, func(f filterField) bool { return f.name == name })
	if i < 0 || !filter.takes(filterFields[i]) {
		return conflict("LC_INVALID_FIELD_NAME", "The field '%s' is invalid for filter ID %d", name, filter.id)
	}
	if value == nil {
		return errWrong(name, nil, "must be valid value of "+name)
	}
	text, f := fmt.Sprint(value), filterFields[i]
	number, isNumber := toInt(value)
	fits := func(word string) bool { return strings.EqualFold(word, text) }
	if f.values != nil && !slices.ContainsFunc(f.values, fits) || f.kind == "uint" && (!isNumber || number < 0) || text == "" {
		return conflict("LC_INVALID_FIELD_VALUE", "The value '%s' is invalid for field '%s' and filter ID %d", text, name, filter.id)
	}
	if o := a.filesystems.objects[number]; name == "filesystem_id" && o != nil && !o.bool("_is_established") {
		return conflict("FILESYSTEM_IS_UNESTABLISHED", "The operation cannot be performed as the filesystem is unestablished ('%s')", o.name())
	}
	filter.values[name] = text
	return nil
}

// beginFilter makes a filter of fields, of which one has to say what kind of load it is about.
func (a *Array) beginFilter(fields map[string]any) (*metricFilter, error) {
	if !slices.ContainsFunc(filterFields, func(f filterField) bool { return f.first && fields[f.name] != nil }) {
		return nil, conflict("FM_DETERMINATION_FAILED", "Failed to determine the correct FM")
	}
	filter := &metricFilter{id: max(a.lastHandle+1, firstMetric), values: map[string]string{}}
	for _, f := range filterFields { // in the order in which a client would narrow it down
		if value, given := fields[f.name]; given {
			if err := a.narrow(filter, f.name, value); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range sortedKeys(fields) {
		if _, known := filter.values[name]; !known {
			return nil, a.narrow(filter, name, fields[name])
		}
	}
	return filter, nil
}

// oneField reads a body that says one thing.
func (rq *request) oneField(verb string) (map[string]any, error) {
	body, err := rq.fields()
	switch {
	case err != nil:
		return nil, err
	case len(body) == 0:
		return nil, errEmpty
	case len(body) > 1:
		return nil, badRequest("NOT_SUPPORTED_MULTIPLE_FIELDS_IN_FILTER", "Filter cannot be %s with multiple fields in one request", verb)
	}
	return body, nil
}

func (a *Array) createFilter(rq *request) (any, error) {
	body, err := rq.oneField("created")
	if err != nil {
		return nil, err
	}
	filter, err := a.beginFilter(body)
	if err != nil {
		return nil, err
	}
	a.filters[a.nextHandle()] = filter
	return created{map[string]any{"id": filter.id}}, nil
}

func (a *Array) narrowFilter(rq *request) (any, error) {
	filter, err := a.filterOf(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.oneField("updated")
	if err != nil {
		return nil, err
	}
	for name, value := range body {
		if err := a.narrow(filter, name, value); err != nil {
			return nil, err
		}
	}
	return map[string]any{"id": filter.id}, nil
}

// deleteFilter takes a filter away with its collectors.
func (a *Array) deleteFilter(rq *request) (any, error) {
	filter, err := a.filterOf(rq.path[0])
	if err != nil {
		return nil, err
	}
	delete(a.filters, filter.id)
	for id, c := range a.collectors {
		if c.filter == filter.id {
			delete(a.collectors, id)
		}
	}
	return map[string]any{"id": filter.id}, nil
}

func (a *Array) createCollector(rq *request) (any, error) {
	body, err := rq.onlyFields("collected_fields", "type", "filters", "filter_id", "sort_ascending", "sorting_field", "grouping_field")
	if err != nil {
		return nil, err
	}
	c := &collector{since: a.clock() / second}
	if err := c.read(body); err != nil {
		return nil, err
	}
	filter, isNew, err := a.filterToCollect(body)
	if err != nil {
		return nil, err
	}
	for _, name := range append(slices.Clone(c.fields), c.sorting) {
		if !contains(filter.collectable(), name) {
			return nil, errWrong("collected_fields", name, "must be available for the filter")
		}
	}
	if isNew {
		a.filters[a.nextHandle()] = filter
	}
	c.id, c.filter = a.nextHandle(), filter.id
	a.collectors[c.id] = c
	return created{map[string]any{"id": c.id, "filter_id": c.filter, "type": c.kind, "collected_fields": c.fields}}, nil
}

// filterToCollect is the filter that a new collector names, or one that it describes.
func (a *Array) filterToCollect(body map[string]any) (filter *metricFilter, isNew bool, err error) {
	if id, given, err := integerField(body, "filter_id"); err != nil || given {
		if err == nil {
			filter, err = a.filterOf(itoa(id))
		}
		return filter, false, err
	}
	fields, ok := body["filters"].(map[string]any)
	if !ok && body["filters"] != nil {
		return nil, false, errField("filters")
	}
	filter, err = a.beginFilter(fields)
	return filter, true, err
}

// read takes what a body says of a collector.
func (c *collector) read(body map[string]any) error {
	value, given := body["collected_fields"]
	names, ok := value.([]any)
	switch {
	case given && value == nil:
		return errWrong("collected_fields", nil, "may not be null")
	case !given || ok && len(names) == 0:
		return errMissing("collected_fields")
	case !ok:
		return errField("collected_fields")
	}
	for _, name := range names {
		text, ok := name.(string)
		if !ok {
			return errField("collected_fields")
		}
		c.fields = append(c.fields, text)
	}
	if body["type"] == nil {
		return errMissing("type")
	}
	kind, _ := body["type"].(string)
	if c.kind = strings.ToUpper(kind); !contains(collectorKinds, c.kind) {
		return errField("type")
	}
	if value, given := body["sort_ascending"]; given {
		if c.ascending, ok = value.(bool); !ok {
			return errField("sort_ascending")
		}
	}
	return c.readGrouping(body)
}

// readGrouping takes by what a collector sorts and divides what it collects.
func (c *collector) readGrouping(body map[string]any) error {
	c.sorting = c.fields[0]
	switch c.kind {
	case "TOP":
		c.grouping = "user_id"
	case "HISTOGRAM":
		c.grouping = "io_size"
	}
	for name, target := range map[string]*string{"sorting_field": &c.sorting, "grouping_field": &c.grouping} {
		text, ok := body[name].(string)
		switch {
		case body[name] == nil:
		case !ok:
			return errField(name)
		default:
			*target = text
		}
	}
	known := func(f filterField) bool { return f.name == c.grouping }
	if c.grouping != "" && !slices.ContainsFunc(filterFields, known) {
		return errWrong("grouping_field", c.grouping, "must be a field of filters")
	}
	return nil
}

func (a *Array) deleteCollector(rq *request) (any, error) {
	c, err := handleOf(a.collectors, "Collector", rq.path[0])
	if err != nil {
		return nil, err
	}
	delete(a.collectors, c.id)
	return map[string]any{"id": c.id}, nil
}

// collect tells what collectors have collected since they were last asked.
func (a *Array) collect(rq *request) (any, error) {
	ids := items(strings.TrimPrefix(strings.TrimPrefix(rq.query.Get("collector_id"), "in:"), "eq:"))
	if len(ids) == 0 {
		return nil, errEmpty
	}
	var asked []*collector
	for _, id := range ids {
		c, err := handleOf(a.collectors, "Collector", id)
		if err != nil {
			return nil, err
		}
		asked = append(asked, c)
	}
	var answers []any
	for _, c := range asked {
		answers = append(answers, a.collected(c))
	}
	return map[string]any{"collectors": answers}, nil
}

func (a *Array) collected(c *collector) map[string]any {
	now := a.clock() / second
	rows := []any{}
	var whole []share
	for s := max(c.since, now-longestPast); s < now; s++ {
		shares := a.loadOf(a.filters[c.filter], s)
		switch c.kind {
		case "COUNTER":
			rows = append(rows, row(shares, c.fields))
		case "AGGREGATOR":
			whole = append(whole, shares...)
		default:
			rows = append(rows, c.groups(shares))
		}
	}
	if c.kind == "AGGREGATOR" && now > c.since {
		rows = append(rows, row(whole, c.fields))
	}
	c.since = now
	answer := map[string]any{
		"id": c.id, "collector_type": c.kind, "fields": c.fields, "data": rows,
		"interval_milliseconds": second, "end_timestamp_milliseconds": now * second,
	}
	if c.grouping != "" {
		answer["grouping_field"], answer["sorting_field"] = c.grouping, c.sorting
		answer["fields"] = append([]string{c.grouping}, c.fields...)
	}
	return answer
}
