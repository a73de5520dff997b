package infinibox

import "net/http"

// A singleton is a collection of one object, which is always there: what a server of the array can do.
func (a *Array) newSingleton(c *collection) *collection {
	c.single = true
	c.keep(a.make(c, map[string]any{"id": 0}))
	return c
}

// one is the object of a singleton.
func (c *collection) one() Object { return c.objects[0] }

// serveSingleton registers the routes of a singleton: it is listed, and changed without an id.
func (r router) serveSingleton(a *Array, c *collection) {
	r.list("/"+c.path, func(rq *request) (any, error) { return a.listAll(rq, c) })
	r.writeWith(http.MethodPut, "/"+c.path, c.updating, func(rq *request) (any, error) { return a.updateSingleton(rq, c) })
}

func (a *Array) updateSingleton(rq *request, c *collection) (any, error) {
	rq.path = []string{"0"}
	return a.update(rq, c)
}
