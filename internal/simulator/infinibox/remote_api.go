package infinibox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A client may ask the other array through this one: by the id of the link, or by the remote host.

func (a *Array) remoteRoutes(r router) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		r.root.add(method, "/remote/{linkId}/{resource...}", route{lists: true, handle: a.callRemote})
	}
}

// remoteCall is a request on its way to the other array.
type remoteCall struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Query  url.Values      `json:"query"`
	Body   json.RawMessage `json:"body,omitempty"`
	Text   string          `json:"text,omitempty"` // a body that is no JSON
}

// remoteAnswer is what it was answered with.
type remoteAnswer struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// callRemote passes a request on to the other array, and its answer back.
func (a *Array) callRemote(rq *request) (any, error) {
	link, err := a.linkTo(rq.path[0])
	if err != nil {
		return nil, err
	}
	if a.isDetached(link) {
		return nil, errDetached
	}
	call := remoteCall{Method: rq.method, Path: strings.Join(rq.path[1:], "/"), Query: rq.query}
	if json.Valid(rq.body) {
		call.Body = rq.body
	} else {
		call.Text = string(rq.body)
	}
	var answer remoteAnswer
	if err := a.ask(rq.remoteLogin(), "api", call, &answer); err != nil {
		return nil, linked(link, err)
	}
	return passed{answer.Status, answer.Body}, nil
}

// passed is an answer of the other array, envelope and all.
type passed struct {
	status int
	body   json.RawMessage
}

// linkTo is the link of an id, or to a host.
func (a *Array) linkTo(name string) (Object, error) {
	if _, err := strconv.Atoi(name); err == nil {
		return a.links.get(name)
	}
	for _, link := range a.links.all() {
		known := []string{link.text("remote_host"), link.text("remote_system_name")}
		for _, item := range link.list(".addresses") {
			address, _ := asObject(item)["ip_address"].(string)
			known = append(known, address)
		}
		if hasFold(known, name) {
			return link, nil
		}
	}
	return nil, notFound("LINK_NOT_FOUND", "Link %s to remote system was not found", name)
}

// answerRemoteCall carries out a request that came through the other array.
func (a *Array) answerRemoteCall(v *visit) (any, error) {
	var call remoteCall
	if err := v.read(&call); err != nil {
		return nil, err
	}
	if err := v.needUser(); err != nil {
		return nil, err
	}
	path := root + strings.TrimPrefix("/"+call.Path, root) // clients of the array name a resource by its whole path too
	rq := v.request(call.Method)
	rq.query, rq.body = call.Query, call.Body
	if rq.query == nil {
		rq.query = url.Values{}
	}
	if call.Text != "" {
		rq.body = []byte(call.Text)
	}
	rq.trusted = v.by.Trusted
	rq.header.Set("Authorization", v.by.Authorization)
	found, parameters := a.lookup(call.Method, path)
	rq.path = parameters
	var status int
	var answer any
	switch {
	case found == nil:
		status, answer = refuse(errUnknownPath)
	case found.roles != nil && !slices.Contains(found.roles, rq.role()):
		status, answer = refuse(errUnauthorized("insufficient privileges"))
	default:
		status, answer = a.carryOut(found, rq)
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return remoteAnswer{status, body}, nil
}
