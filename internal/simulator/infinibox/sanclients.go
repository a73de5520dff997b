package infinibox

import "net/url"

// clientFields are what hosts and clusters can be found by when they are listed together.
const clientFields = `
	id              integer  filter sort
	name            text     filter sort
	san_client_type text(HOST|CLUSTER)  filter sort
`

// sanClients lists hosts and clusters together. Few fields can be filtered, and only with eq, in and like.
func (a *Array) sanClients(rq *request) (any, error) {
	facts := newCollection(collection{command: "GetAllSanClients"}, clientFields)
	filters := url.Values{}
	for name, values := range rq.query {
		known := a.hosts.byName[name] != nil || a.clusters.byName[name] != nil
		if known && facts.byName[name] == nil {
			return nil, errUnsupported(name)
		}
		if !contains(plainParameters, name) {
			filters[name] = values
		}
	}
	conditions, err := facts.conditions(filters, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range conditions {
		if !contains([]string{"EQ", "IN", "LIKE"}, c.op) {
			return nil, badRequest("UNSUPPORTED_FILTER_RELATION", "The filtering operator '%s' is not supported by this resource", c.op)
		}
	}
	keys, err := facts.sortKeys(rq.query.Get("sort"))
	if err != nil {
		return nil, err
	}
	fields := pluck(rq.query)
	var found []any
	for _, o := range a.sorted(facts, append(a.hosts.all(), a.clusters.all()...), conditions, keys) {
		c := a.hosts
		if o.text("san_client_type") == "CLUSTER" {
			c = a.clusters
		}
		found = append(found, a.render(c, o, fields))
	}
	return plain(rq, facts.command, found)
}
