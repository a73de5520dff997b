package infinibox

import (
	"net/http"
	"slices"
	"strings"
)

// An external service is software that the array runs on its nodes beside its own: a cluster of its own over the nodes, each
// of which can be stopped. It is known by its name.

// stoppedOn are the ids of the nodes that a service was stopped on.
const stoppedOn = ".stopped"

func newExternalServices() *collection {
	var c *collection
	c = newCollection(collection{
		path: "external_services", noun: "Service", command: "GetExternalServices",
		delivered: func() []Object {
			return c.numbered(2, func(id int) map[string]any { return map[string]any{"name": []string{"elastic", "postgresql"}[id-1]} })
		},
		has: func(o Object, field string) bool { return field != "health" || o.name() == "elastic" },
		computed: map[string]func(a *Array, o Object) any{
			"node_states":   func(a *Array, o Object) any { return a.serviceNodes(o) },
			"cluster_state": func(a *Array, o Object) any { return a.serviceState(o) },
			"health":        func(a *Array, o Object) any { return a.serviceHealth(o) },
		},
	}, `
		id            integer  hidden
		name          text
		cluster_state text(RED|YELLOW|GREEN)
		node_states   list
		health        object
	`)
	return c
}

func (a *Array) externalServiceRoutes(r router) {
	r.list("/external_services", func(rq *request) (any, error) { return a.listAll(rq, a.externalServices) })
	r.read("/external_services/{service}", func(rq *request) (any, error) {
		service, err := a.service(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.render(service, pluck(rq.query)), nil
	})
	for verb, stop := range map[string]bool{"start": false, "stop": true} {
		r.write(http.MethodPost, "/external_services/{service}/"+verb, support, func(rq *request) (any, error) {
			return a.switchService(rq, stop)
		})
	}
}

func (a *Array) service(name string) (Object, error) {
	for _, o := range a.externalServices.objects {
		if o.name() == name {
			return o, nil
		}
	}
	return nil, notFound("NO_SUCH_SERVICE", "No such service ('%s')", name)
}

// switchService stops or starts a service on one node, or on all.
func (a *Array) switchService(rq *request, stop bool) (any, error) {
	service, err := a.service(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields("kind", "node_id")
	if err != nil {
		return nil, err
	}
	nodes := a.rack.nodes.all()
	if body["node_id"] != nil {
		id, err := requiredInteger(body, "node_id")
		if err != nil {
			return nil, err
		}
		node, err := a.rack.nodes.find(id)
		if err != nil {
			return nil, err
		}
		nodes = []Object{node}
	}
	stopped := slices.Clone(service.list(stoppedOn))
	for _, node := range nodes {
		stopped = slices.DeleteFunc(stopped, func(id any) bool { return id == node.id() })
		if stop {
			stopped = append(stopped, node.id())
		}
	}
	delete(service, stoppedOn)
	if len(stopped) > 0 {
		service[stoppedOn] = stopped
	}
	return a.render(service, nil), nil
}

// serviceNodes are what a service does on each node: the first one that it runs on is its master.
func (a *Array) serviceNodes(service Object) []any {
	states := []any{}
	role := "MASTER"
	for _, node := range a.rack.nodes.all() {
		state := map[string]any{"node_id": node.id(), "state": "active", "part_of_cluster": true, "role": role}
		switch {
		case slices.Contains(service.list(stoppedOn), any(node.id())):
			state = map[string]any{"node_id": node.id(), "state": "inactive", "part_of_cluster": false, "role": "UNAVAILABLE"}
		case !works(node, "MGMT"):
			state = map[string]any{"node_id": node.id(), "state": "failed", "part_of_cluster": false, "role": "UNAVAILABLE"}
		default:
			role = "REPLICA"
		}
		states = append(states, state)
	}
	return states
}

// serviceHealth is what the search engine says of its shards. The reference shows one that is down and says nothing; clients
// of the array look for shards that are not there yet in one that runs.
func (a *Array) serviceHealth(service Object) any {
	state := a.serviceState(service)
	if state == "RED" {
		return nil
	}
	return map[string]any{"status": strings.ToLower(state), "initializing_shards": 0}
}

// serviceState is how much of a service's cluster there is: all of it, some, or none.
func (a *Array) serviceState(service Object) string {
	running := 0
	for _, state := range a.serviceNodes(service) {
		if asObject(state)["part_of_cluster"] == true {
			running++
		}
	}
	switch running {
	case nodesInRack:
		return "GREEN"
	case 0:
		return "RED"
	}
	return "YELLOW"
}
