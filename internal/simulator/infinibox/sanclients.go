package infinibox

// clientFields are what hosts and clusters can be found by when they are listed together.
const clientFields = `
	id              integer  filter sort
	name            text     filter sort
	san_client_type text(HOST|CLUSTER)  filter sort
`

// newSANClients is what hosts and clusters can be found by when they are listed together: few fields, and only with eq,
// in and like.
func newSANClients() *collection {
	return newCollection(collection{command: "GetAllSanClients", onlyOperators: []string{"EQ", "IN", "LIKE"}}, clientFields)
}

// sanClients lists hosts and clusters together.
func (a *Array) sanClients(rq *request) (any, error) {
	facts := newSANClients()
	for _, name := range sortedKeys(rq.query) {
		if facts.byName[name] == nil && (a.hosts.byName[name] != nil || a.clusters.byName[name] != nil) {
			return nil, errUnsupported(name)
		}
	}
	return a.query(facts, append(a.hosts.all(), a.clusters.all()...), rq.query)
}
