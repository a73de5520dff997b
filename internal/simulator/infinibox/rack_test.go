package infinibox

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestRackFields is TestFields for the rack.
func TestRackFields(t *testing.T) {
	documented, a := documentedFields(t, "fields_rack.json"), world(t, Options{})
	operation := documented["drive_operation"]
	delete(documented, "drive_operation")
	checkAnswers(t, a, documented, map[string][]string{
		"components":        {"components", "components/"},
		"node":              {"components/nodes/1", "components/nodes/"},
		"node_drive":        {"components/nodes/1/drives/8", "components/nodes/1/drives"},
		"eth_port":          {"components/nodes/1/eth_ports/1", "components/nodes/2/eth_ports/7", "components/nodes/3/eth_ports/8", "components/nodes/1/eth_ports"},
		"ib_port":           {"components/nodes/1/ib_ports/1", "components/nodes/1/ib_ports"},
		"fc_port":           {"components/nodes/1/fc_ports/1", "components/nodes/1/fc_ports/"},
		"enclosure":         {"components/enclosures/1/", "components/enclosures"},
		"enclosure_drive":   {"components/enclosures/1/drives/1", "components/enclosures/8/drives"},
		"drive_hw":          {"components/enclosures/1/drives/1/hw"},
		"eth_switch":        {"components/eth_switches/1", "components/eth_switches"},
		"support_appliance": {"components/support_appliances/1", "components/support_appliances"},
		"fc_switch":         {"fc/switches/1", "fc/switches"},
	})
	checkFields(t, "disabled port", map[string]string{
		"link_state": "null", "connection_speed": "null", "max_speed": "null", "firmware": "null", "switch_wwnn": "text", "enabled": "boolean",
	}, asObject(plucked(call(t, a, http.MethodPost, "components/nodes/1/fc_ports/1/disable", ""), []string{
		"link_state", "connection_speed", "max_speed", "firmware", "switch_wwnn", "enabled",
	})))
	for _, path := range []string{"components/enclosures/1/drives/1/phase_out", "components/enclosures/1/drives/2/test"} {
		status, answer := step{user: "technician", method: http.MethodPost, path: path}.ask(a)
		value, err := decode(answer)
		if err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d %v", path, status, err)
		}
		checkFields(t, path, operation, asObject(value)["result"])
	}
}

// asTechnician carries out an operation that administrators may not.
func asTechnician(t *testing.T, s *Simulator, path string) {
	t.Helper()
	login := s.array.login
	s.array.login = "technician"
	defer func() { s.array.login = login }()
	must(t, s, "POST", path, nil)
}

func TestTheRackIsWhole(t *testing.T) {
	s := Start(t, Options{Serial: 0x047e})
	rack := must(t, s, "GET", "components", nil)
	if n, e := len(rack["nodes"].([]any)), len(rack["enclosures"].([]any)); n != 3 || e != 8 {
		t.Errorf("%d nodes and %d enclosures", n, e)
	}
	// Clients look for nodes, batteries and power units in one request, and take the rack for number 1.
	flow(t, s, []exchange{
		{"GET", "components?fields=rack%2Cnodes%2Cups%2Cpdus", "", 200, `"rack":1`},
		{"GET", "components?fields=ups", "", 200, `"charging":false`},
		{"GET", "components/ups/3", "", 200, `"onBattery":false`},
		{"GET", "components/ups/4", "", 404, "BBU_NOT_FOUND"},
		{"GET", "components/pdus", "", 200, `"power_ports":[]`},
	})
	if drives := listed(t, s, "components/enclosures/8/drives?page_size=1000"); len(drives) != 60 {
		t.Errorf("%d drives", len(drives))
	}
	expect(t, must(t, s, "GET", "system/health_state", nil), values{"active_drives": 480, "failed_drives": 0, "inactive_nodes": 0, "bbu_protected_nodes": 3})
	expect(t, must(t, s, "GET", "components/nodes/1?fields=state", nil), values{"state": "ACTIVE", "id": nil})
	expect(t, must(t, s, "GET", "components/nodes/1/fc_ports/1", nil), values{
		"wwpn": "57:42:b0:f0:00:04:7e:11", "wwnn": "57:42:b0:f0:00:04:7e:00", "link_state": "UP", "connection_speed": 8000000000, "switch_vendor": "skynet",
	})
	expect(t, must(t, s, "GET", "components/nodes/3/fc_ports/8", nil), values{"wwpn": "57:42:b0:f0:00:04:7e:38", "role": "SOFT_PORT", "soft_target_addresses": "[57:42:b0:f0:00:04:7e:b8]"})
	panel := rack["patch_panels"].([]any)[0].(values)
	frame := panel["frames"].([]any)[0].(values)
	expect(t, frame, values{"label": "Node-1", "component_id": "system.racks[1].patch_panels[1].frames[1]"})
	expect(t, frame["ports"].([]any)[0].(values), values{"conn_port_comp_id": "N1FC1", "hw_addr": "57:42:b0:f0:00:04:7e:11", "type": "FC", "link_state": "UP"})
}

func TestAPhasedOutNodeTakesItsPortsAlong(t *testing.T) {
	s := Start(t, Options{})
	asTechnician(t, s, "components/nodes/2/phase_out")
	expect(t, must(t, s, "GET", "components/nodes/2", nil), values{"state": "PHASING_OUT"})
	s.Advance(time.Hour)
	expect(t, must(t, s, "GET", "components/nodes/2", nil), values{"state": "READY"})
	expect(t, must(t, s, "GET", "components/nodes/2/fc_ports/1", nil), values{"link_state": "DOWN", "enabled": true, "connection_speed": nil})
	expect(t, must(t, s, "GET", "components/nodes/2/eth_ports/1", nil), values{"link_state": "DOWN", "role": "DATA"})
	expect(t, must(t, s, "GET", "components/nodes/2/eth_ports/7", nil), values{"link_state": "UP", "role": "MANAGEMENT"})
	expect(t, must(t, s, "GET", "components/nodes/2/ib_ports/1", nil), values{"link_state": "DOWN"})
	expect(t, must(t, s, "GET", "system/health_state", nil), values{"inactive_nodes": 1})
	expect(t, must(t, s, "GET", "fc/switches/1", nil), values{"resiliency_state": "DEGRADED", "resiliency_bitmap": "[true false true]"})
	asTechnician(t, s, "components/nodes/2/phase_in")
	expect(t, must(t, s, "GET", "components/nodes/2", nil), values{"state": "PHASING_IN"})
	s.Advance(time.Hour)
	expect(t, must(t, s, "GET", "components/nodes/2", nil), values{"state": "ACTIVE"})
	expect(t, must(t, s, "GET", "components/nodes/2/fc_ports/1", nil), values{"link_state": "UP"})
}

func TestADegradedNodeComesBackDegraded(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"components": {"nodes/2": {"state": "DEGRADED", ".down": ["FC"]}}}`)})
	expect(t, must(t, s, "GET", "components/nodes/2/fc_ports/1", nil), values{"link_state": "DOWN"})
	expect(t, must(t, s, "GET", "components/nodes/2/eth_ports/1", nil), values{"link_state": "UP"})
	asTechnician(t, s, "components/nodes/2/phase_out")
	s.Advance(time.Hour)
	asTechnician(t, s, "components/nodes/2/phase_in")
	s.Advance(time.Hour)
	expect(t, must(t, s, "GET", "components/nodes/2", nil), values{"state": "DEGRADED"})
}

func TestDrivesTakeHours(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"components": {"enclosures/1/drives/7": {"state": "FAILED", "failure_reason": "medium errors"}}}`)})
	expect(t, must(t, s, "GET", "components/enclosures/1/drives/7", nil), values{"state": "FAILED", "failure_reason": "medium errors"})
	expect(t, must(t, s, "GET", "components/enclosures/1/drives/7/hw", nil), values{"state": "ERROR"})
	asTechnician(t, s, "components/enclosures/1/drives/7/test")
	asTechnician(t, s, "components/enclosures/2/drives/1/phase_out")
	expect(t, must(t, s, "GET", "system/health_state", nil), values{"active_drives": 478, "testing_drives": 1, "phasing_out_drives": 1, "failed_drives": 0})
	s.Advance(3 * time.Hour)
	expect(t, must(t, s, "GET", "components/enclosures/1/drives/7", nil), values{"state": "FAILED"})
	expect(t, must(t, s, "GET", "components/enclosures/2/drives/1", nil), values{"state": "PHASING_OUT"})
	s.Advance(2 * time.Hour)
	expect(t, must(t, s, "GET", "components/enclosures/2/drives/1", nil), values{"state": "READY"})
	asTechnician(t, s, "components/enclosures/2/drives/1/phase_in")
	expect(t, must(t, s, "GET", "system/health_state", nil), values{"active_drives": 479, "failed_drives": 1, "ready_drives": 0})
}

func TestSwitchesAreForgottenAndFound(t *testing.T) {
	s := Start(t, Options{})
	for node := 1; node <= 3; node++ {
		for port := 1; port <= 4; port++ {
			must(t, s, "POST", fmt.Sprintf("components/nodes/%d/fc_ports/%d/disable", node, port), nil)
		}
	}
	must(t, s, "PUT", "fc/switches/1", values{"name": "left"})
	expect(t, must(t, s, "GET", "fc/switches/1", nil), values{"resiliency_state": "DISCONNECTED", "name": "left"})
	must(t, s, "DELETE", "fc/switches/1", nil)
	if left := names(t, s, "fc/switches"); left != "switch-2" {
		t.Errorf("switches %s", left)
	}
	must(t, s, "PUT", "fc/switches/2", values{"name": "switch-1"})
	expect(t, must(t, s, "POST", "components/nodes/1/fc_ports/1/enable", nil), values{"switch_wwnn": "ca:11:f0:49:1a:ac:e3:01"})
	if found := names(t, s, "fc/switches"); found != "ca:11:f0:49:1a:ac:e3:01switch-1" {
		t.Errorf("switches %s", found)
	}
}

func TestSoftTargetsMoveToAnotherPort(t *testing.T) {
	s := Start(t, Options{Serial: 1})
	must(t, s, "POST", "components/nodes/1/fc_ports/4/disable", nil)
	expect(t, must(t, s, "GET", "components/nodes/1/fc_ports/4", nil), values{"soft_target_addresses": "[]"})
	expect(t, must(t, s, "GET", "components/nodes/2/fc_ports/4", nil), values{"soft_target_addresses": "[57:42:b0:f0:00:00:01:94 57:42:b0:f0:00:00:01:a4]"})
	expect(t, listed(t, s, "fc/soft_targets")[0].(values), values{"wwpn": "57:42:b0:f0:00:00:01:94", "is_home": false, "node_id": 2, "switch_id": 1})
	must(t, s, "POST", "components/nodes/1/fc_ports/4/enable", values{"role": "HARD_PORT"})
	if targets := listed(t, s, "fc/soft_targets"); len(targets) != 5 {
		t.Errorf("%d soft targets", len(targets))
	}
}

// TestDumpsHoldWhatIsBroken asks that a dump of a whole rack has no component, and one of a broken rack that which is broken.
func TestDumpsHoldWhatIsBroken(t *testing.T) {
	whole, broken := dumped(t, Start(t, Options{})), Start(t, Options{Seed: []byte(`{"components": {
		"nodes/2": {"state": "DEGRADED", ".down": ["FC"]}, "enclosures/1/drives/7": {"state": "FAILED"},
		"nodes/1/fc_ports/2": {"enabled": false}, "nodes/1/eth_ports/3": {"link_state": "DOWN"}, "eth_switches/1": {"state": "ERROR"}}}`)})
	if strings.Contains(string(whole), `"components/`) {
		t.Errorf("a whole rack is dumped: %s", whole)
	}
	asTechnician(t, broken, "components/enclosures/3/drives/9/test")
	again := Start(t, Options{Seed: dumped(t, broken)})
	for _, s := range []*Simulator{broken, again} {
		expect(t, must(t, s, "GET", "components/nodes/2", nil), values{
			"state": "DEGRADED", "services": "[map[name:core node_index:2 state:ACTIVE] map[name:mgmt node_index:2 state:ACTIVE] map[name:fc node_index:2 state:INACTIVE] map[name:nas node_index:2 state:ACTIVE]]",
		})
		expect(t, must(t, s, "GET", "components/nodes/2/fc_ports/1", nil), values{"link_state": "DOWN", "state": "OK"})
		expect(t, must(t, s, "GET", "components/nodes/1/fc_ports/2", nil), values{"link_state": nil, "enabled": false})
		expect(t, must(t, s, "GET", "components/nodes/1/eth_ports/3", nil), values{"link_state": "DOWN"})
		expect(t, must(t, s, "GET", "components/eth_switches/1", nil), values{"state": "ERROR"})
		expect(t, must(t, s, "GET", "components/nodes/3", nil)["connectivity_status"].(values), values{"eth_switches": "[DOWN UP]"})
		expect(t, must(t, s, "GET", "components/enclosures/3/drives/9", nil), values{"state": "TESTING"})
		s.Advance(3 * time.Hour)
		expect(t, must(t, s, "GET", "components/enclosures/3/drives/9", nil), values{"state": "ACTIVE"})
	}
}

func dumped(t *testing.T, s *Simulator) []byte {
	t.Helper()
	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	return dump.Bytes()
}

func TestSeedsOfComponentsAreChecked(t *testing.T) {
	for seed, complaint := range map[string]string{
		`{"nodes/4": {"state": "READY"}}`:                 "ILLEGAL_NODE_ID",
		`{"nodes/1/disks/1": {"state": "OK"}}`:            "no component",
		`{"nodes/1": {"state": "TIRED"}}`:                 "MALFORMED_PARAMETER",
		`{"nodes/1": {"mood": "good"}}`:                   "no mood",
		`{"nodes/1/fc_ports/1": {"node_index": 2}}`:       "no node_index",
		`{"nodes/1/fc_ports/1": {"wwpn": "x"}}`:           "no wwpn",
		`{"enclosures/9/drives/1": {"state": "MISSING"}}`: "ENCLOSURE_NOT_FOUND",
	} {
		if _, err := New(Options{Seed: []byte(`{"components": ` + seed + `}`)}); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s: %v", seed, err)
		}
	}
}
