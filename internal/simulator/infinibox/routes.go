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
	template string
	roles    []string // nil: every role
	open     bool     // without credentials
	handle   handler
}

// node is a segment of a path: the routes that end here by method, and the segments that may follow.
type node struct {
	routes map[string]*route
	names  map[string]*node
	any    *node // a parameter
}

// roles of the reference.
var (
	administrators = []string{"ADMIN", "INFINIDAT"}
	poolAdmins     = []string{"POOL_ADMIN", "ADMIN", "INFINIDAT"}
)

func (n *node) add(method, template string, r route) {
	r.template = root + template
	for _, segment := range segments(template) {
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

// router collects routes with the roles that may use them.
type router struct{ root *node }

func (r router) read(template string, h handler) {
	r.root.add(http.MethodGet, template, route{handle: h})
}

func (r router) write(method, template string, roles []string, h handler) {
	r.root.add(method, template, route{roles: roles, handle: h})
}

func (r router) open(method, template string, h handler) {
	r.root.add(method, template, route{open: true, handle: h})
}

// actions are how the objects of a collection are created, changed and deleted, and by whom.
type actions struct {
	create, update, remove                func(rq *request) (any, error)
	createRoles, updateRoles, removeRoles []string
}

// collection registers the routes that every collection has.
func (r router) collection(a *Array, c *collection, parameters []string, do actions) {
	r.readable(a, c, parameters...)
	r.read("/"+c.path+"/{id}/{attribute}", func(rq *request) (any, error) { return a.attribute(rq, c) })
	r.write(http.MethodPost, "/"+c.path, do.createRoles, do.create)
	r.write(http.MethodPut, "/"+c.path+"/{id}", do.updateRoles, do.update)
	r.write(http.MethodDelete, "/"+c.path+"/{id}", do.removeRoles, do.remove)
}

// readable registers the routes that list a collection and read one object of it.
func (r router) readable(a *Array, c *collection, parameters ...string) {
	r.read("/"+c.path, func(rq *request) (any, error) {
		return a.query(c, c.all(), rq.query, parameters...)
	})
	r.read("/"+c.path+"/{id}", func(rq *request) (any, error) {
		o, err := c.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.render(c, o, pluck(rq.query)), nil
	})
}

// attribute answers one field of one object; a list is paged.
func (a *Array) attribute(rq *request, c *collection) (any, error) {
	o, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	f := c.byName[rq.path[1]]
	if f == nil || f.hidden {
		return nil, notFound("ATTRIBUTE_NOT_FOUND", "Attribute not found: '%s'", rq.path[1])
	}
	value := a.value(c, o, f.name)
	if elements, ok := value.([]any); ok {
		return plain(rq, c.command, elements)
	}
	return value, nil
}
