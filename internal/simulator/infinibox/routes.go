package infinibox

import (
	"net/http"
	"net/url"
	"strings"
)

const root = "/api/rest"

// handler carries out one request, under the array's lock.
type handler func(rq *request) (any, error)

// route is one operation: who may do it, and how.
type route struct {
	template   string
	roles      []string // nil: every role
	open       bool     // without credentials
	lists      bool     // the handler reads the parameters, as those of a query
	parameters []string // all there may be, but for the approval
	handle     handler
}

// node is a segment of a path: the routes that end here by method, and the segments that may follow.
type node struct {
	routes map[string]*route
	names  map[string]*node
	any    *node // a parameter
	rest   *node // a parameter that takes all that is left: {name...}
}

// roles of the reference.
var (
	administrators = []string{"ADMIN", "INFINIDAT"}
	poolAdmins     = []string{"POOL_ADMIN", "ADMIN", "INFINIDAT"}
	staff          = []string{"READ_ONLY", "TECHNICIAN", "POOL_ADMIN", "ADMIN", "INFINIDAT"}
)

func (n *node) add(method, template string, r route) {
	r.template = root + strings.ReplaceAll(template, "...", "")
	for _, segment := range segments(template) {
		if strings.HasSuffix(segment, "...}") {
			if n.rest == nil {
				n.rest = &node{}
			}
			n = n.rest
			continue
		}
		if strings.HasPrefix(segment, "{") {
			if n.any == nil {
				n.any = &node{}
			}
			n = n.any
			continue
		}
		if n.names == nil {
			n.names = map[string]*node{}
		}
		if n.names[segment] == nil {
			n.names[segment] = &node{}
		}
		n = n.names[segment]
	}
	if n.routes == nil {
		n.routes = map[string]*route{}
	}
	n.routes[method] = &r
}

// find returns the route of a path and its parameters, in their order. A word goes before a parameter.
func (n *node) find(method string, path []string) (*route, []string) {
	if len(path) == 0 {
		return n.routes[method], nil
	}
	if next := n.names[path[0]]; next != nil {
		if r, parameters := next.find(method, path[1:]); r != nil {
			return r, parameters
		}
	}
	if n.any != nil {
		if r, parameters := n.any.find(method, path[1:]); r != nil {
			return r, append([]string{path[0]}, parameters...)
		}
	}
	if n.rest != nil {
		return n.rest.routes[method], path
	}
	return nil, nil
}

// segments splits a path; doubled and trailing slashes count as none.
func segments(path string) []string {
	var out []string
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "" {
			continue
		}
		if plain, err := url.PathUnescape(segment); err == nil {
			segment = plain
		}
		out = append(out, segment)
	}
	return out
}

// lookup returns the route of a whole path.
func (a *Array) lookup(method, path string) (*route, []string) {
	parts := segments(path)
	if len(parts) < 2 || parts[0] != "api" || parts[1] != "rest" {
		return nil, nil
	}
	return a.routes.find(method, parts[2:])
}

// Route is the template of the route that serves a path; of a path that is not served, its collection.
func (a *Array) Route(method, path string) string {
	if r, _ := a.lookup(method, path); r != nil {
		return r.template
	}
	if parts := segments(path); len(parts) > 2 {
		return "/" + strings.Join(parts[:3], "/") + "/?"
	}
	return "/?"
}

// checkParameters refuses a parameter that the route does not know.
func (r *route) checkParameters(query url.Values) error {
	if r.lists {
		return nil
	}
	for _, name := range sortedKeys(query) {
		if name != "approved" && !contains(r.parameters, name) {
			return errParameter(name)
		}
	}
	return nil
}

// router collects routes with the roles that may use them.
type router struct {
	root    *node
	readers []string // roles that may use what read and list register; nil: all
}

// by is the router for what only some roles may look at.
func (r router) by(readers []string) router { return router{r.root, readers} }

// read serves one object or value.
func (r router) read(template string, h handler) {
	r.root.add(http.MethodGet, template, route{roles: r.readers, parameters: plainParameters, handle: h})
}

// list serves a query; the handler reads the parameters.
func (r router) list(template string, h handler) {
	r.root.add(http.MethodGet, template, route{roles: r.readers, lists: true, handle: h})
}

func (r router) write(method, template string, roles []string, h handler) {
	r.writeWith(method, template, by(roles), h)
}

// writeWith is write with parameters.
func (r router) writeWith(method, template string, do *operation, h handler) {
	r.root.add(method, template, route{roles: do.roles, parameters: do.parameters, handle: h})
}

func (r router) open(method, template string, h handler) {
	r.root.add(method, template, route{open: true, parameters: plainParameters, handle: h})
}
