package ontap

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	root        = "/api"
	contentType = "application/hal+json"

	// maxBody is the most that the cluster reads of a request, in bytes.
	maxBody = 1 << 20
)

// request is one request as the handlers see it.
type request struct {
	method string
	url    *url.URL
	path   []string // the parameters of the route, in their order
	body   []byte
	header http.Header // of the answer
}

// created marks an answer as that to a creation: status 201.
type created struct{ body any }

// routes are the operations that there are, by the template of their path.
var routes = map[string]map[string]func(c *cluster, r *request) (any, error){
	"/svm/svms":        {http.MethodGet: (*cluster).listSVMs},
	"/svm/svms/{uuid}": {http.MethodGet: (*cluster).getSVM},
	"/protocols/vscan/{svm.uuid}/scanner-pools": {
		http.MethodGet: (*cluster).listPools, http.MethodPost: (*cluster).createPool,
	},
	"/protocols/vscan/{svm.uuid}/scanner-pools/{name}": {
		http.MethodGet: (*cluster).getPool, http.MethodPatch: (*cluster).updatePool, http.MethodDelete: (*cluster).deletePool,
	},
	"/protocols/vscan/server-status": {http.MethodGet: (*cluster).listServers},
}

// match returns the template that a path is an instance of, and its parameters.
func match(path string) (template string, parameters []string) {
	below, ok := strings.CutPrefix(path, root+"/")
	if !ok {
		return "", nil
	}
	segments := strings.Split(strings.TrimSuffix(below, "/"), "/")
	for candidate := range routes {
		words := strings.Split(candidate[1:], "/")
		if len(words) != len(segments) {
			continue
		}
		parameters, fits := []string(nil), true
		for i, word := range words {
			segment, err := url.PathUnescape(segments[i])
			switch {
			case err != nil:
				fits = false
			case strings.HasPrefix(word, "{"):
				parameters = append(parameters, segment)
			case word != segment:
				fits = false
			}
		}
		if fits {
			return candidate, parameters
		}
	}
	return "", nil
}

// Route is the template of the route that serves a path.
func (c *cluster) Route(_, path string) string {
	if template, _ := match(path); template != "" {
		return root + template
	}
	return "/?"
}

// ServeHTTP carries out a request.
func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	c.mu.Lock()
	defer c.mu.Unlock()
	status, answer := errMalformed.status, any(errMalformed)
	if name, password, ok := r.BasicAuth(); !ok || !same(name, c.options.Username) || !same(password, c.options.Password) {
		w.Header().Set("WWW-Authenticate", `Basic realm="Authorization Required"`)
		status, answer = errUnauthorized.status, errUnauthorized
	} else if err == nil {
		status, answer = c.carryOut(&request{method: r.Method, url: r.URL, body: body, header: w.Header()})
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		status, encoded = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(append(encoded, '\n'))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// carryOut runs the handler of a request's route.
func (c *cluster) carryOut(r *request) (int, any) {
	template, parameters := match(r.url.EscapedPath())
	if template == "" {
		return refused(errNoAPI)
	}
	handle := routes[template][r.method]
	if handle == nil {
		return refused(errNoMethod)
	}
	r.path = parameters
	answer, err := handle(c, r)
	if err != nil {
		return refused(err)
	}
	if made, ok := answer.(created); ok {
		return http.StatusCreated, made.body
	}
	return http.StatusOK, answer
}

func refused(err error) (int, any) {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{http.StatusInternalServerError, "8585320", "", err.Error()}
	}
	return e.status, e
}

// object reads the body, and refuses fields that are not among those named.
func (r *request) object(fields ...string) (map[string]any, error) {
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(r.body))
	if err := d.Decode(&body); err != nil || body == nil {
		return nil, errMalformed
	}
	for name := range body {
		if !slices.Contains(fields, name) {
			return nil, errUnexpected(name)
		}
	}
	return body, nil
}

// text reads a field that is a text; "" where it is not there.
func text(body map[string]any, field string) (string, error) {
	value, given := body[field]
	if !given {
		return "", nil
	}
	s, ok := value.(string)
	if !ok {
		return "", errValue(field, value)
	}
	return s, nil
}

// texts reads a field that is a list of texts, each once; nil where it is not there.
func texts(body map[string]any, field string) ([]string, error) {
	value, given := body[field]
	if !given {
		return nil, nil
	}
	items, ok := value.([]any)
	if !ok {
		return nil, errValue(field, value)
	}
	list := []string{}
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			return nil, errValue(field, item)
		}
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list, nil
}
