package infinibox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// maxBody is the most that the array reads of a request, in bytes.
const maxBody = 8 << 20

// request is one request as the handlers see it.
type request struct {
	a        *Array
	method   string
	user     Object   // who asks
	path     []string // the parameters of the route, in their order
	query    url.Values
	body     []byte
	header   http.Header
	response http.Header
	remote   string // the address of the client
	trusted  bool   // it comes from Simulator.Do
}

// creates tells whether the request is to create something.
func (rq *request) creates() bool { return rq.method == http.MethodPost }

// created marks a result as newly created: status 201.
type created struct{ result any }

// raw is a result that is sent without the envelope.
type raw struct{ body any }

// envelope is what every answer is wrapped in.
type envelope struct {
	Result   any            `json:"result"`
	Error    any            `json:"error"`
	Metadata map[string]any `json:"metadata"`
}

// ServeHTTP carries out a request.
func (a *Array) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.Backstage(r) {
		a.servePeer(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		send(w, http.StatusBadRequest, failure(errMalformed))
		return
	}
	defer a.admit(r.Method)()
	status, answer := a.serve(r, body, w.Header())
	w.Header().Set("Date", time.UnixMilli(int64(a.clock())).UTC().Format(http.TimeFormat)) // the array's, not this machine's
	send(w, status, answer)
}

func (a *Array) serve(r *http.Request, body []byte, response http.Header) (int, any) {
	if kept, ok := a.deferred[r.URL.Path]; ok {
		return kept.poll(r.URL.Path)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return refuse(&apiError{"MALFORMED_REQUEST", http.StatusBadRequest, "The request is malformed"})
	}
	found, parameters := a.lookup(r.Method, r.URL.EscapedPath())
	rq := &request{a: a, method: r.Method, path: parameters, query: query, body: body, header: r.Header, response: response, remote: host(r.RemoteAddr)}
	if found == nil || !found.open {
		if rq.user, err = a.authenticate(r); err != nil {
			return refuse(err)
		}
	}
	if found == nil {
		return refuse(errUnknownPath)
	}
	if found.roles != nil && !slices.Contains(found.roles, rq.role()) {
		return refuse(errUnauthorized("insufficient privileges"))
	}
	return a.carryOut(found, rq)
}

// carryOut runs the handler of a route and wraps what it returns.
func (a *Array) carryOut(found *route, rq *request) (int, any) {
	if err := found.checkParameters(rq.query); err != nil {
		return refuse(err)
	}
	if err := a.poweredOff(found, rq); err != nil {
		return refuse(err)
	}
	a.actor = rq.user
	defer func() { a.actor = nil }()
	result, err := found.handle(rq)
	if err != nil {
		return refuse(err)
	}
	a.acted(found, rq)
	status := http.StatusOK
	if c, ok := result.(created); ok {
		status, result = http.StatusCreated, c.result
	}
	switch v := result.(type) {
	case raw:
		return status, v.body
	case passed:
		return v.status, v.body
	case redirect:
		rq.response.Set("Location", v.url)
		return http.StatusFound, envelope{Metadata: map[string]any{"ready": true}}
	case *listing:
		return status, envelope{Result: v.items, Metadata: map[string]any{
			"ready": true, "number_of_objects": v.total, "page": v.page, "page_size": v.pageSize,
			"pages_total": max(1, (v.total+v.pageSize-1)/v.pageSize), // an empty list is one empty page
		}}
	}
	return status, envelope{Result: result, Metadata: map[string]any{"ready": true}}
}

// host is an address without its port.
func host(address string) string {
	if name, _, err := net.SplitHostPort(address); err == nil {
		return name
	}
	return address
}

func refuse(err error) (int, any) {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{"INTERNAL_SERVER_ERROR", http.StatusInternalServerError, err.Error()}
	}
	answer := failure(e)
	var remote remoteError
	answer.Error.(map[string]any)["is_remote"] = errors.As(err, &remote)
	return e.status, answer
}

// admit takes the array's lock for a client's request, at the array's present, and returns what ends it. Requests that
// change something wait for each other even while one of them asks the other array.
func (a *Array) admit(method string) (end func()) {
	changes := method != http.MethodGet
	if changes {
		a.writing.Lock()
	}
	a.mu.Lock()
	a.catchUpTogether()
	return func() {
		a.mu.Unlock()
		if changes {
			a.writing.Unlock()
		}
	}
}

// failure is the envelope of a refusal.
func failure(e *apiError) envelope {
	return envelope{
		Error: map[string]any{
			"code": e.code, "message": e.message, "reasons": []any{}, "severity": "ERROR",
			"is_remote": false, "data": nil,
		},
		Metadata: map[string]any{"ready": true},
	}
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	encoded, err := json.Marshal(body)
	if err != nil {
		status, encoded = http.StatusInternalServerError, []byte(`{"result":null,"error":{"code":"INTERNAL_SERVER_ERROR","message":"not encodable"},"metadata":{"ready":true}}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(encoded, '\n'))
}

// approved tells whether the client approves of what is dangerous.
func (rq *request) approved() bool {
	answer := rq.query.Get("approved")
	return answer == "yes" || answer == "true"
}

// needApproval refuses what is dangerous unless it is approved; the message says why it is dangerous.
func (rq *request) needApproval(format string, args ...any) error {
	if rq.approved() {
		return nil
	}
	return forbidden("APPROVAL_REQUIRED", format, args...)
}

// fields reads the body as an object. An empty body is an empty object, and so is null, which is how clients of the array
// say that they have nothing to say.
func (rq *request) fields() (map[string]any, error) {
	if len(rq.body) == 0 {
		return map[string]any{}, nil
	}
	value, err := decode(rq.body)
	if err != nil {
		return nil, errMalformed
	}
	if value == nil {
		return map[string]any{}, nil
	}
	if m, ok := value.(map[string]any); ok {
		return m, nil
	}
	return nil, errMalformed
}

// integerField reads a whole number of a body; required is refused when missing.
func integerField(body map[string]any, name string) (value int, given bool, err error) {
	v, given := body[name]
	if !given {
		return 0, false, nil
	}
	value, ok := toInt(v)
	if !ok {
		return 0, true, errField(name)
	}
	return value, true, nil
}

// requiredInteger is integerField for a field that must be there.
func requiredInteger(body map[string]any, name string) (int, error) {
	value, given, err := integerField(body, name)
	if err == nil && !given {
		err = errMissing(name)
	}
	return value, err
}

// onlyFields reads the body as an object that has no other fields.
func (rq *request) onlyFields(names ...string) (map[string]any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	return body, only(body, names...)
}

// only refuses an object with any other field.
func only(body map[string]any, names ...string) error {
	for _, name := range sortedKeys(body) {
		if !contains(names, name) {
			return errUnsupported(name)
		}
	}
	return nil
}

// deferral is an answer that is not ready yet.
type deferral struct {
	status int
	body   json.RawMessage
	polls  int // how often it is still to be asked for in vain
}

// Defer keeps an answer and returns the one that tells where to ask for it again: metadata.result_url.
func (a *Array) Defer(status int, body []byte, polls int) (int, []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	url := fmt.Sprintf("%s/_results/%d", root, len(a.deferred)+1)
	a.deferred[url] = &deferral{status, append(json.RawMessage(nil), body...), polls}
	encoded, _ := json.Marshal(notReady(url))
	return http.StatusOK, append(encoded, '\n')
}

func notReady(url string) envelope {
	return envelope{Metadata: map[string]any{"ready": false, "result_url": url}}
}

func (d *deferral) poll(url string) (int, any) {
	if d.polls--; d.polls > 0 {
		return http.StatusOK, notReady(url)
	}
	return d.status, d.body
}

// Fault is the body that the array sends with an injected status.
func (a *Array) Fault(status int) (string, []byte) {
	codes := map[int]*apiError{
		http.StatusTemporaryRedirect:  {"RECONFIGURING", status, "The system is currently reconfiguring, and cannot respond temporarily. Request should be retried in a few seconds"},
		http.StatusUnauthorized:       errUnauthenticated,
		http.StatusTooManyRequests:    {"TOO_MANY_REQUESTS", status, "Too many requests"},
		http.StatusBadGateway:         {"BAD_GATEWAY", status, "Bad gateway"},
		http.StatusServiceUnavailable: {"SERVICE_UNAVAILABLE", status, "Service unavailable"},
		http.StatusGatewayTimeout:     {"GATEWAY_TIMEOUT", status, "Gateway timeout"},
	}
	e := codes[status]
	if e == nil {
		e = &apiError{"INTERNAL_SERVER_ERROR", status, "Internal server error"}
	}
	body, _ := json.Marshal(failure(e))
	return "application/json", append(body, '\n')
}
