package infinibox

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

// jsonType names the type of a value as the reference's examples show it, in the words of fields.json.
func jsonType(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "text"
	case []any:
		return "list"
	case json.Number:
		if strings.Contains(v.String(), ".") {
			return "decimal"
		}
		return "integer"
	}
	return "object"
}

// call asks the array as the administrator, approved, and returns the result with numbers as they were written.
func call(t *testing.T, a *Array, method, path, body string) any {
	t.Helper()
	target := path
	rq := step{user: "admin", method: method, path: target, body: body, approved: true}
	status, answer := rq.ask(a)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	value, err := decode(answer)
	if err != nil {
		t.Fatal(err)
	}
	return value.(map[string]any)["result"]
}

// first is the first object of a list.
func first(value any) any {
	if items, ok := value.([]any); ok {
		return items[0]
	}
	return value
}

// TestFields checks that answers carry every field that the reference's examples carry, with a type that they
// have there, and no field that they do not have.
func TestFields(t *testing.T) {
	documented := documentedFields(t, "fields.json")
	a := world(t, Options{})
	call(t, a, http.MethodPost, "hosts/1008/luns", `{"volume_id":1005}`)
	call(t, a, http.MethodPost, "clusters/1011/luns", `{"volume_id":1007}`)
	call(t, a, http.MethodPost, "clusters/1011/hosts", `{"id":1008}`)
	call(t, a, http.MethodPut, "metadata/1005", `{"a":"b"}`)
	call(t, a, http.MethodPost, "cgs", `{"name":"g","pool_id":1002,"snapshot_policy_id":0}`) // 1014
	call(t, a, http.MethodPost, "cgs/1014/members", `{"dataset_id":1005}`)
	call(t, a, http.MethodPost, "cgs", `{"name":"sg","parent_id":1014,"snap_suffix":"_s"}`)                                                                 // 1015
	call(t, a, http.MethodPost, "qos/policies", `{"name":"own","type":"VOLUME","max_ops":1000,"max_bps":52428800,"burst_enabled":true,"burst_factor":1.1}`) // 1017
	call(t, a, http.MethodPost, "qos/policies/1017/assign", `{"entity_id":1005}`)                                                                           // 4
	call(t, a, http.MethodPost, "volumes", `{"name":"promoted","parent_id":1005}`)                                                                          // 1018
	call(t, a, http.MethodPost, "volumes/1018/promote", ``)
	call(t, a, http.MethodPost, "filesystems", `{"name":"f","pool_id":1002,"size":1000000000,"worm_level":"COMPLIANCE"}`)                         // 1020
	call(t, a, http.MethodPost, "filesystems/1020/treeqs", `{"name":"t","path":"/t","hard_capacity":1000000000,"soft_inodes":2,"hard_inodes":3}`) // 281474976710688
	call(t, a, http.MethodPost, "filesystems", `{"name":"fs","parent_id":1020}`)                                                                  // 1021
	call(t, a, http.MethodPost, "exports", `{"export_path":"/f","filesystem_id":1020}`)                                                           // 5
	seed := Seed{
		VMs:      []SeedVM{{Name: "vm"}},                                                                // 6
		VVols:    []SeedVVol{{Name: "Config-1", PoolID: 1004, VM: "vm", Type: "Config", Size: 1 << 20}}, // 1022
		Replicas: []SeedReplica{{ID: 1007, Role: "SOURCE"}},
	}
	if err := a.plant(seed); err != nil {
		t.Fatal(err)
	}
	answers := map[string][]string{
		"group":               {"cgs/1014", "cgs?type=MASTER"},
		"snapshot_group":      {"cgs/1015", "cgs?type=SNAPSHOT"},
		"policy":              {"snapshot_policies/1", "snapshot_policies"},
		"policy_entity":       {"snapshot_policies/1/assigned_entities"},
		"schedule":            {"snapshot_policies/1/schedules/2", "snapshot_policies/1/schedules"},
		"qos_policy":          {"qos/policies/1017", "qos/policies"},
		"qos_entity":          {"qos/assigned_entities/4", "qos/assigned_entities", "qos/policies/1017/assigned_entities", "qos/policies/1017/assigned_entities/4"},
		"qos_state":           {"qos/state"},
		"vvol":                {"vvols/1022", "vvols"},
		"vm":                  {"vms/6", "vms"},
		"filesystem":          {"filesystems/1020", "filesystems", "datasets/1020", "datasets?dataset_type=filesystem"},
		"filesystem_snapshot": {"filesystems/1021", "datasets/1021"},
		"treeq":               {"filesystems/1020/treeqs/281474976710688", "filesystems/1020/treeqs"},
		"export":              {"exports/5", "exports"},
		"nfs_capabilities":    {"nfs/server_capabilities"},
		"search_hit":          {"search", "search?query=g&type=cg"},
		"internal_volume":     {"volumes/internal_volumes/snapshot", "volumes/1005/internal_volumes", "datasets/internal_datasets/snapshot", "datasets/1005/internal_datasets"},
		"replication_pair":    {"volumes/1007/replication_pairs"},
		"pool":                {"pools/1002", "pools"},
		"volume":              {"volumes/1005", "volumes", "datasets/1005", "datasets"},
		"snapshot":            {"volumes/1006", "datasets/1006", "cgs/1015/members"},
		"host":                {"hosts/1008", "hosts/1009", "hosts", "clusters/1011/hosts", "san_clients"},
		"cluster":             {"clusters/1011", "clusters"},
		"lun":                 {"hosts/1008/luns", "clusters/1011/luns", "volumes/1005/luns", "hosts/1008/luns/1"},
		"port":                {"hosts/1008/ports", "hosts/1009/ports"},
		"metadata":            {"metadata/1005", "metadata", "metadata/1005/a"},
		"user":                {"users/1000", "users", "users/pat/by_username"},
		"initiator":           {"initiators", "initiators/aaaaaaaaaaaa0001"},
		"health_state":        {"system/health_state"},
		"security":            {"system/security"},
		"ntp_status":          {"system/ntp_status"},
		"ssa_express_info":    {"system/ssa_express_info"},
	}
	checkFields(t, "deletion simulated", documented["delete_simulation"], call(t, a, http.MethodPost, "volumes/delete_simulation", `{"entities":[1005]}`))
	delete(documented, "delete_simulation")
	checkAnswers(t, a, documented, answers)
}

// documentedFields reads the fields of each kind of answer, with their types.
func documentedFields(t *testing.T, name string) map[string]map[string]string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var documented map[string]map[string]string
	if err := json.Unmarshal(content, &documented); err != nil {
		t.Fatal(err)
	}
	return documented
}

// checkAnswers asks for each path and compares the answer, or the first of a list, with the fields of its kind.
func checkAnswers(t *testing.T, a *Array, documented map[string]map[string]string, answers map[string][]string) {
	t.Helper()
	for kind, fields := range documented {
		if len(answers[kind]) == 0 {
			t.Errorf("no answer shows a %s", kind)
		}
		for _, path := range answers[kind] {
			checkFields(t, kind+" in "+path, fields, first(call(t, a, http.MethodGet, path, "")))
		}
	}
}

// laterTypes are types of fields that the examples show only as null.
var laterTypes = map[string]string{
	"worm_default_retention": "integer", "worm_legal_hold": "boolean",
	"subsystem_nqn": "text", "cg_id": "integer", "cg_name": "text", "qos_policy_id": "integer", "qos_policy_name": "text",
}

func checkFields(t *testing.T, what string, documented map[string]string, value any) {
	t.Helper()
	o, ok := value.(map[string]any)
	if !ok {
		t.Errorf("%s: not an object: %v", what, value)
		return
	}
	for name, types := range documented {
		value, ok := o[name]
		if !ok {
			t.Errorf("%s: %s is missing", what, name)
			continue
		}
		if got := jsonType(value); !contains(strings.Split(types, "|"), got) && laterTypes[name] != got {
			t.Errorf("%s: %s is %s, the examples have %s", what, name, got, types)
		}
	}
	for name := range o {
		if _, ok := documented[name]; !ok {
			t.Errorf("%s: %s is in no example", what, name)
		}
	}
}
