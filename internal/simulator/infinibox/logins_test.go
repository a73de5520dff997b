package infinibox

import (
	"fmt"
	"strings"
	"testing"
)

// TestPathsFollowWhatWorks plugs in a host over Fibre Channel, and takes its paths away one after the other.
func TestPathsFollowWhatWorks(t *testing.T) {
	s := Start(t, Options{Serial: 0x047e, Seed: []byte(`{
		"requests": [
			{"method": "POST", "path": "hosts", "body": {"name": "h"}},
			{"method": "POST", "path": "hosts/1000/ports", "body": {"type": "FC", "address": "aaaaaaaaaaaa0001"}},
			{"method": "POST", "path": "hosts/1000/ports", "body": {"type": "FC", "address": "aaaaaaaaaaaa0002"}},
			{"method": "POST", "path": "clusters", "body": {"name": "c"}},
			{"method": "POST", "path": "clusters/1001/hosts", "body": {"id": 1000}}],
		"logins": [
			{"initiator": "aa:aa:aa:aa:aa:aa:00:01", "fc_ports": ["1/1", "2/1", "3/1"]},
			{"initiator": "aaaaaaaaaaaa0002", "fc_ports": ["1/5", "2/5", "3/5"]},
			{"initiator": "aaaaaaaaaaaa0003", "fc_ports": ["1/5"]}]}`)})
	check := func(host, cluster, initiator values) {
		t.Helper()
		expect(t, must(t, s, "GET", "hosts/1000", nil), host)
		expect(t, must(t, s, "GET", "clusters/1001", nil), cluster)
		expect(t, must(t, s, "GET", "initiators/aaaaaaaaaaaa0001", nil), initiator)
	}
	check(values{"paths": 6, "path_health": "OK", "resiliency": "FULLY_CONNECTED", "ports_disconnected": 0},
		values{"path_health": "OK", "resiliency": "FULLY_CONNECTED", "ports_disconnected": 0},
		values{"paths": 3, "connectivity_status": "FULLY_CONNECTED", "host_id": 1000})
	expect(t, must(t, s, "GET", "initiators/aaaaaaaaaaaa0001", nil)["targets"].([]any)[0].(values), values{"address": "5742b0f000047e11", "node_id": 1})
	if found := listed(t, s, "hosts?path_health=eq:OK&paths=6"); len(found) != 1 {
		t.Errorf("healthy hosts: %v", found)
	}

	must(t, s, "POST", "components/nodes/1/fc_ports/1/disable", nil)
	check(values{"paths": 5, "path_health": "NOT_OK", "resiliency": "FULLY_CONNECTED", "ports_disconnected": 0},
		values{"path_health": "NOT_OK", "resiliency": "FULLY_CONNECTED"},
		values{"paths": 2, "connectivity_status": "DEGRADED"})
	asTechnician(t, s, "components/nodes/2/phase_out")
	check(values{"paths": 3, "resiliency": "DEGRADED"}, values{"resiliency": "DEGRADED"}, values{"paths": 1})
	again := Start(t, Options{Seed: dumped(t, s)})
	expect(t, must(t, again, "GET", "hosts/1000", nil), values{"paths": 3, "path_health": "NOT_OK"})
	must(t, s, "POST", "components/nodes/3/fc_ports/1/disable", nil)
	check(values{"paths": 2, "ports_disconnected": 1}, values{"ports_disconnected": 1}, values{"paths": 0, "connectivity_status": "DISCONNECTED", "targets": "[]"})

	// One that is of no host is seen, too.
	expect(t, listed(t, s, "initiators?host_id=0")[0].(values), values{"address": "aaaaaaaaaaaa0003", "type": "FC", "paths": 1})
	expect(t, must(t, s, "GET", "initiators/aaaaaaaaaaaa0003", nil), values{"host_id": 0})
	if all := listed(t, s, "initiators"); len(all) != 3 {
		t.Errorf("%d initiators", len(all))
	}
}

func TestPathsToASpaceFollowItsAddresses(t *testing.T) {
	s := Start(t, Options{Serial: 19})
	groups := portGroups(t, s)
	path := space(t, s, "iscsi", iscsiService, 1, 3, nil, groups)
	must(t, s, "POST", "hosts", values{"name": "h", "min_expected_paths": 3})
	host := listed(t, s, "hosts")[0].(values)["id"]
	must(t, s, "POST", fmt.Sprintf("hosts/%v/ports", host), values{"type": "ISCSI", "address": "iqn.2011-08.com.example:storage"})
	id := s.array.spaces.all()[0].id()
	if err := s.array.plantLogin(SeedLogin{Initiator: "iqn.2011-08.com.example:storage", NetworkSpaceID: id}); err != nil {
		t.Fatal(err)
	}
	expect(t, must(t, s, "GET", fmt.Sprint("hosts/", host), nil), values{"paths": 3, "path_health": "OK"})
	expect(t, must(t, s, "GET", "initiators/iqn.2011-08.com.example:storage", nil)["targets"].([]any)[1].(values), values{
		"target_ip": "10.0.1.11", "netspace_name": "iscsi", "node_id": 2, "session_id": 2, "address": "iqn.2009-11.com.infinidat:storage:infinibox-sn-19",
	})
	must(t, s, "POST", path+"/ips/10.0.1.11/disable", nil)
	expect(t, must(t, s, "GET", fmt.Sprint("hosts/", host), nil), values{"paths": 2, "path_health": "NOT_OK", "resiliency": "DEGRADED"})
}

func TestLoginsAreChecked(t *testing.T) {
	for seed, complaint := range map[string]string{
		`{"initiator": "aaaaaaaaaaaa0001", "fc_ports": ["1/9"]}`:                  "PORT_NOT_FOUND",
		`{"initiator": "aaaaaaaaaaaa0001", "fc_ports": ["1"]}`:                    "no component",
		`{"initiator": "iqn.2011-08.com.example:storage", "network_space_id": 7}`: "no network space 7",
	} {
		if _, err := New(Options{Seed: []byte(`{"logins": [` + seed + `]}`)}); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s: %v", seed, err)
		}
	}
}
