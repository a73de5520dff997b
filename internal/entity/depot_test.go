package entity_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// depot is a made-up system: boxes that hold widgets, and links between the
// two. It does to values what systems do: it rounds, folds case, re-orders and
// fills in. It implements api.Client and entity.MetadataStore.
type depot struct {
	mu       sync.Mutex
	now      time.Time
	noClock  bool
	lastID   int
	rows     map[string]map[string]api.Object // by collection and id
	pairs    map[string]map[string]string
	secrets  map[string]string
	knob     api.Object   // of which there is one
	lease    api.Object   // of which there is one or none
	pact     api.Object   // likewise
	vault    api.Object   // of which there is one
	given    entity.Given // what the provider was configured with
	requests []string
	number   int // of requests, ever
	// before sees each request before it is carried out, with its number from 1.
	before func(number int, request string) *fault
	// ahead sees each request before its turn comes, and may keep it waiting.
	ahead func(request string)
	// hanging is how the requests begin that get no answer.
	hanging string
	// batched answers reads of a source from its listing.
	batched bool
	// terse answers a creation with the id alone.
	terse bool
}

// fault is what goes wrong with a request.
type fault struct {
	reason  api.Reason
	carried bool // the request is carried out all the same
	code    string
	message string
	remedy  string
}

func newDepot() *depot {
	d := &depot{
		now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), lastID: 1000,
		rows:  map[string]map[string]api.Object{"boxes": {}, "widgets": {}, "links": {}, "plates": {}, "badges": {}, "crates": {}, "tokens": {}, "lockers": {}, "racks": {}, "clubs": {}, "nests": {}, "cabinets": {}, "lamps": {}, "passes": {}, "radios": {}, "slots": {}, "boxes/1/shelves": {}, "boxes/2/shelves": {}},
		knob:  api.Object{"level": 3, "mode": "A", "heat": 20},
		vault: api.Object{"maker": "one", "plate": "old", "locked": false},
		pairs: map[string]map[string]string{}, secrets: map[string]string{},
	}
	for _, id := range []string{"1", "2"} {
		d.rows["boxes"][id] = api.Object{"id": number(id), "name": "box" + id}
	}
	return d
}

func number(id any) json.Number { return json.Number(fmt.Sprint(id)) }

// failing makes the request of that number fail, counted from now.
func (d *depot) failing(number int, f fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	from := d.number
	d.before = func(n int, _ string) *fault {
		if n == from+number {
			return &f
		}
		return nil
	}
}

// failingOn makes every request that begins so fail.
func (d *depot) failingOn(prefix string, f fault) {
	d.before = func(_ int, request string) *fault {
		if strings.HasPrefix(request, prefix) {
			return &f
		}
		return nil
	}
}

func (d *depot) healthy() { d.before = nil }

// since are the requests made since the last call of it.
func (d *depot) since() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	made := d.requests
	d.requests = nil
	return made
}

// asked holds that exactly these requests were made since the last look.
func (d *depot) asked(t testing.TB, want ...string) {
	t.Helper()
	if got := d.since(); !slices.Equal(got, want) {
		t.Errorf("requests:\n  %s\nwanted:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// changed are those of some requests that change something.
func changed(requests []string) []string {
	return slices.DeleteFunc(slices.Clone(requests), func(r string) bool {
		return strings.HasPrefix(r, "GET") || strings.HasPrefix(r, "LIST")
	})
}

// only is the one object of a collection.
func (d *depot) only(t testing.TB, collection string) api.Object {
	t.Helper()
	if len(d.rows[collection]) != 1 {
		t.Fatalf("the depot has %d %s where one is wanted: %v", len(d.rows[collection]), collection, d.rows[collection])
	}
	for _, o := range d.rows[collection] {
		return o
	}
	return nil
}

// carry is one request: it is written down, may fail, and its answer looks as if
// it had been JSON.
func (d *depot) carry(ctx context.Context, request string, do func() (any, error)) (any, error) {
	d.mu.Lock()
	hangs, ahead := d.hanging != "" && strings.HasPrefix(request, d.hanging), d.ahead
	d.mu.Unlock()
	if ahead != nil {
		ahead(request)
	}
	if hangs {
		<-ctx.Done()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests = append(d.requests, request)
	d.number++
	operation := strings.Join(strings.Fields(request)[:2], " ")
	var f *fault
	if d.before != nil {
		f = d.before(d.number, request)
	}
	if err := ctx.Err(); err != nil {
		return nil, &api.Error{Reason: api.Ambiguous, Operation: operation, Message: "the answer did not come", Err: err}
	}
	if f != nil && !f.carried {
		return nil, f.error(operation)
	}
	answer, err := do()
	if f != nil && err == nil {
		err = f.error(operation)
	}
	if err != nil {
		return nil, err
	}
	return rewired(answer), nil
}

func (f *fault) error(operation string) error {
	return &api.Error{Reason: f.reason, Operation: operation, Status: 500, Code: f.code, Message: f.message, Remedy: f.remedy}
}

// rewired is a value as it is after a journey as JSON.
func rewired(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var after any
	if err := decoder.Decode(&after); err != nil {
		panic(err)
	}
	return after
}

func (d *depot) refuse(status int, code, message string) error {
	reason := map[string]api.Reason{"NAME_TAKEN": api.NameTaken, "NOT_FOUND": api.NotFound}[code]
	return &api.Error{Reason: reason, Operation: "depot", Status: status, Code: code, Message: message}
}

func (d *depot) Do(ctx context.Context, r api.Request) (any, error) {
	request := r.Method + " " + r.Path
	if r.Body != nil {
		body, err := json.Marshal(r.Body)
		if err != nil {
			return nil, err
		}
		request += " " + string(body)
	}
	if r.Approved {
		request += " approved"
	}
	return d.carry(ctx, request, func() (any, error) {
		body, _ := rewired(r.Body).(api.Object)
		return d.operate(r.Method, strings.Split(r.Path, "/"), body)
	})
}

func (d *depot) operate(method string, path []string, body api.Object) (any, error) {
	switch {
	case path[0] == "boxes" && len(path) > 2 && path[2] == "links":
		return d.link(method, path, body)
	case path[0] == "boxes" && len(path) > 2 && path[2] == "pegs":
		return d.peg(method, path, body)
	case path[0] == "boxes" && len(path) > 2:
		return d.shelf(method, path, body)
	case path[0] == "cabinets" && len(path) > 2:
		return d.keys(method, path, body)
	case path[0] == "badges", path[0] == "tokens", path[0] == "lockers", path[0] == "lease":
		return d.odd(method, path, body)
	case path[0] == "passes":
		return d.pass(method, path, body)
	case path[0] == "lamps":
		return d.lamp(method, path, body)
	case path[0] == "radios":
		return d.radio(method, path, body)
	case path[0] == "pact":
		return d.agree(path, body)
	case path[0] == "knob":
		return d.turn(body), nil
	case path[0] == "vault", path[0] == "tickets":
		return d.guard(path, body), nil
	case path[0] == "metadata":
		return d.keep(path[1:], body)
	}
	if method == http.MethodPost && len(path) == 1 {
		return d.create(path[0], body)
	}
	o, err := d.row(path[0], path[1])
	if err != nil {
		return nil, err
	}
	switch {
	case len(path) > 2:
		return d.special(o, method, path[1:], body)
	case method == http.MethodPut:
		return d.set(path[0], o, body)
	}
	delete(d.rows[path[0]], path[1])
	delete(d.pairs, path[1])
	return nil, nil
}

// keep puts pairs on an object, or takes one from it.
func (d *depot) keep(path []string, body api.Object) (any, error) {
	id := path[0]
	if len(path) > 1 {
		delete(d.pairs[id], path[1])
		return nil, nil
	}
	if d.pairs[id] == nil {
		d.pairs[id] = map[string]string{}
	}
	for key, text := range body {
		d.pairs[id][key] = text.(string)
	}
	return nil, nil
}

// shelf are the shelves of a box: boxes/1/shelves/1001.
func (d *depot) shelf(method string, path []string, body api.Object) (any, error) {
	collection := strings.Join(path[:3], "/")
	if d.rows[collection] == nil {
		return nil, d.refuse(404, "NOT_FOUND", "no such box")
	}
	if method == http.MethodPost {
		d.lastID++
		o := api.Object{"id": d.lastID, "box_id": number(path[1]), "size": api.Object{"wide": 1, "deep": 2}}
		d.rows[collection][strconv.Itoa(d.lastID)] = o
		maps.Copy(o, body)
		return o, nil
	}
	o, err := d.row(collection, path[3])
	if err == nil && method == http.MethodDelete {
		delete(d.rows[collection], path[3])
	}
	maps.Copy(o, body)
	return o, err
}

// turn is the knob, which is there and stays.
func (d *depot) turn(to api.Object) api.Object {
	maps.Copy(d.knob, to)
	return d.knob
}

func (d *depot) row(collection, id string) (api.Object, error) {
	if o, ok := d.rows[collection][id]; ok {
		return o, nil
	}
	return nil, d.refuse(404, "NOT_FOUND", "nothing here")
}

func (d *depot) create(collection string, body api.Object) (any, error) {
	d.lastID++
	id := strconv.Itoa(d.lastID)
	o := api.Object{
		"id": number(id), "type": "WIDGET", "serial": "S" + id, "created_at": d.now.UnixMilli(),
		"mode": "A", "level": 5, "quota": -1, "shared": false, "frozen": false, "ratio": 1.5, "label": "DEFAULT",
		"owner": "OWNER_A", "grade": "LOW", "color": "red", "ports": []any{}, "peers": []any{}, "expires_at": nil,
		"weight": nil, "user": nil, "has_key": false, "used": 0, "temperature": 20.5, "slots": []any{}, "lid": nil,
		"keys": []any{api.Object{"holder": "all", "level": number(9)}},
	}
	if collection != "widgets" {
		o["type"] = "PLATE"
	}
	answer, err := d.set(collection, o, body)
	if err != nil {
		return nil, err
	}
	d.rows[collection][id] = o
	if d.terse {
		return api.Object{"id": o["id"]}, nil
	}
	return answer, nil
}

// set changes fields of an object, and makes of them what the depot makes.
func (d *depot) set(collection string, o, body api.Object) (any, error) {
	rack := o["rack"] // of which each has a name once
	if body["rack"] != nil {
		rack = body["rack"]
	}
	for id, other := range d.rows[collection] {
		if body["name"] != nil && other["name"] == body["name"] && other["rack"] == rack && id != fmt.Sprint(o["id"]) {
			return nil, d.refuse(409, "NAME_TAKEN", "the name is in use")
		}
	}
	for field, value := range body {
		switch field {
		case "key":
			o["has_key"], d.secrets[fmt.Sprint(o["id"])] = true, value.(string)
			continue
		case "size":
			n, _ := value.(json.Number).Int64()
			value = (n + 511) / 512 * 512
		case "label":
			value = strings.ToUpper(value.(string))
		case "peers":
			value = slices.Clone(value.([]any))
			slices.Reverse(value.([]any))
		case "mode":
			if o["owner"] == "OWNER_"+fmt.Sprint(o["mode"]) {
				o["owner"] = "OWNER_" + value.(string)
			}
		}
		o[field] = value
	}
	if body["owner"] != nil {
		o["owner"] = body["owner"]
	}
	return o, nil
}

// special are the operations of a widget that are no update of fields.
func (d *depot) special(o api.Object, method string, path []string, body api.Object) (any, error) {
	switch path[1] {
	case "move":
		o["box_id"] = body["box_id"]
	case "leave":
		delete(d.rows["clubs"], path[0])
	case "freeze", "thaw":
		o["frozen"] = path[1] == "freeze"
	case "ports":
		ports := o["ports"].([]any)
		if method == http.MethodPost {
			if slices.Contains(ports, body["address"]) {
				return nil, d.refuse(409, "PORT_TAKEN", "the port is in use")
			}
			o["ports"] = append([]any{body["address"]}, ports...)
			return body, nil
		}
		rest := slices.DeleteFunc(slices.Clone(ports), func(p any) bool { return p == path[2] })
		if len(rest) == len(ports) {
			return nil, d.refuse(404, "NOT_FOUND", "no such port")
		}
		o["ports"] = rest
		return nil, nil
	}
	return o, nil
}

// link are the links of a box: boxes/1/links, boxes/1/links/1001.
func (d *depot) link(method string, path []string, body api.Object) (any, error) {
	if _, err := d.row("boxes", path[1]); err != nil {
		return nil, err
	}
	if method == http.MethodDelete {
		if _, err := d.row("links", path[1]+"/"+path[3]); err != nil {
			return nil, err
		}
		delete(d.rows["links"], path[1]+"/"+path[3])
		return nil, nil
	}
	key := path[1] + "/" + fmt.Sprint(body["widget_id"])
	if d.rows["links"][key] != nil {
		return nil, d.refuse(409, "LINKED", "the widget is linked already")
	}
	d.lastID++
	o := api.Object{"id": d.lastID, "box_id": number(path[1]), "widget_id": body["widget_id"], "slot": body["slot"]}
	if o["slot"] == nil {
		o["slot"] = len(d.rows["links"]) + 1
	}
	d.rows["links"][key] = o
	return o, nil
}

func (d *depot) Read(ctx context.Context, collection, id string, _ []string) (api.Object, error) {
	answer, err := d.carry(ctx, "GET "+collection+"/"+id, func() (any, error) {
		o, err := d.row(collection, id)
		if err == nil && o["used"] != nil {
			o["used"] = o["used"].(int) + 1000 // it moves by itself
		}
		return o, err
	})
	if err != nil {
		return nil, err
	}
	return answer.(api.Object), nil
}

func (d *depot) ReadFrom(ctx context.Context, source *api.Source, id string) (api.Object, error) {
	if !d.batched {
		return source.Get(ctx, d, id)
	}
	missing := &api.Error{Reason: api.NotFound, Operation: "LIST " + source.Name, Status: 404, Message: "not listed"}
	return api.First(source.List(ctx, d), func(o api.Object) bool { return source.ID(o) == id }, missing)
}

func (d *depot) ServerTime() (time.Time, bool) { return d.now, !d.noClock }

// MadeSince holds what is as old as the depot's clock shows for new: it stands still
// while something is made.
func (d *depot) MadeSince(_ context.Context, made, _ time.Time, _ func(context.Context) error) bool {
	return !d.noClock && !made.Before(d.now)
}

func (d *depot) List(ctx context.Context, path string, q api.Query) iter.Seq2[api.Object, error] {
	request := "LIST " + path
	for _, f := range q.Filters {
		request += fmt.Sprintf(" %s %s %s", f.Field, f.Operator, strings.Join(f.Values, ","))
	}
	if len(q.Sort) > 0 {
		request += " sort " + strings.Join(q.Sort, ",")
	}
	if q.Limit > 0 {
		request += " limit " + strconv.Itoa(q.Limit)
	}
	return func(yield func(api.Object, error) bool) {
		answer, err := d.carry(ctx, request, func() (any, error) { return d.selected(path, q), nil })
		if err != nil {
			yield(nil, err)
			return
		}
		for _, o := range answer.([]any) {
			if !yield(o.(api.Object), nil) {
				return
			}
		}
	}
}

// selected are the objects that the conditions on equality select, by id.
func (d *depot) selected(path string, q api.Query) []any {
	collection, owner := strings.TrimSuffix(path, "/all"), ""
	if parts := strings.Split(path, "/"); len(parts) == 3 && parts[2] == "links" {
		collection, owner = parts[2], parts[1]+"/"
	}
	found := []any{}
	for _, key := range slices.Sorted(maps.Keys(d.rows[collection])) {
		o := d.rows[collection][key]
		if strings.HasPrefix(key, owner) && !slices.ContainsFunc(q.Filters, func(f api.Filter) bool {
			return f.Operator == api.Equal && !strings.EqualFold(fmt.Sprint(o[f.Field]), f.Values[0])
		}) && (q.Limit == 0 || len(found) < q.Limit) {
			found = append(found, o)
		}
	}
	return found
}

func (d *depot) Get(ctx context.Context, id string) (map[string]string, error) {
	answer, err := d.carry(ctx, "GET metadata/"+id, func() (any, error) { return d.pairs[id], nil })
	pairs := map[string]string{}
	if all, ok := answer.(api.Object); ok {
		for key, text := range all {
			pairs[key] = text.(string)
		}
	}
	return pairs, err
}

func (d *depot) All(ctx context.Context) (map[string]map[string]string, error) {
	_, err := d.carry(ctx, "LIST metadata", func() (any, error) { return nil, nil })
	return d.pairs, err
}

func (d *depot) Put(ctx context.Context, id string, pairs map[string]string) error {
	_, err := d.Do(ctx, api.Request{Method: "PUT", Path: "metadata/" + id, Body: pairs})
	return err
}

func (d *depot) Delete(ctx context.Context, id, key string) error {
	_, err := d.Do(ctx, api.Request{Method: "DELETE", Path: "metadata/" + id + "/" + key})
	return err
}
