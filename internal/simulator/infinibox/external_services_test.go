package infinibox

import (
	"net/http"
	"testing"
)

// TestServiceFields is TestFields for external services, of which one has a field that the others have not.
func TestServiceFields(t *testing.T) {
	documented, a := documentedFields(t, "fields_external_services.json"), world(t, Options{})
	checkFields(t, "the search engine", documented["search_service"], call(t, a, http.MethodGet, "external_services/elastic", ""))
	for i, kind := range []string{"search_service", "external_service"} {
		checkFields(t, kind, documented[kind], call(t, a, http.MethodGet, "external_services", "").([]any)[i])
	}
}

func TestServicesAreStoppedNodeByNode(t *testing.T) {
	s := Start(t, Options{})
	s.array.login = "technician"
	expect(t, must(t, s, "GET", "external_services/postgresql", nil), values{"cluster_state": "GREEN"})
	stopped := must(t, s, "POST", "external_services/postgresql/stop", values{"kind": nil, "node_id": 1})
	expect(t, stopped, values{"cluster_state": "YELLOW", "name": "postgresql"})
	for i, want := range []values{
		{"node_id": 1, "state": "inactive", "part_of_cluster": false, "role": "UNAVAILABLE"},
		{"node_id": 2, "state": "active", "part_of_cluster": true, "role": "MASTER"},
		{"node_id": 3, "state": "active", "part_of_cluster": true, "role": "REPLICA"},
	} {
		expect(t, stopped["node_states"].([]any)[i].(values), want)
	}
	expect(t, must(t, s, "POST", "external_services/postgresql/stop", nil), values{"cluster_state": "RED"})
	again := Start(t, Options{Seed: dumped(t, s)})
	expect(t, must(t, again, "GET", "external_services/postgresql", nil), values{"cluster_state": "RED"})
	expect(t, must(t, again, "GET", "external_services/elastic", nil), values{"cluster_state": "GREEN"})
	health := must(t, s, "GET", "external_services/elastic", nil)["health"].(values)
	expect(t, health, values{"status": "green", "initializing_shards": 0})
	expect(t, must(t, s, "POST", "external_services/elastic/stop", nil), values{"cluster_state": "RED", "health": nil})
	expect(t, must(t, s, "POST", "external_services/postgresql/start", nil), values{"cluster_state": "GREEN"})
}

func TestServicesFailWithTheirNode(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"components": {"nodes/2": {"state": "DEGRADED", ".down": ["MGMT"]}}}`)})
	service := must(t, s, "GET", "external_services/postgresql", nil)
	expect(t, service, values{"cluster_state": "YELLOW"})
	expect(t, service["node_states"].([]any)[1].(values), values{"state": "failed", "role": "UNAVAILABLE"})
}
