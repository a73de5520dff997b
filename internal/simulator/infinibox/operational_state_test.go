package infinibox

import (
	"testing"
	"time"
)

func TestPowerMaintenanceEndsByItself(t *testing.T) {
	s := Start(t, Options{Username: "infinidat", Seed: []byte(`{"unprotected_nodes": 1}`)})
	expect(t, must(t, s, "GET", "system/health_state", nil), values{"bbu_protected_nodes": 2, "node_bbu_protection": values{"node-1": "PROTECTED", "node-2": "PROTECTED", "node-3": "UNPROTECTED"}})
	expect(t, must(t, s, "PUT", "system/power_maintenance_mode", values{"in_maintenance": true, "duration_seconds": 60}), values{"in_maintenance": true, "duration_seconds": 60})
	s.Advance(59 * time.Second)
	expect(t, must(t, s, "GET", "system/power_maintenance_mode", nil), values{"in_maintenance": true})
	s.Advance(2 * time.Second)
	expect(t, must(t, s, "GET", "system/power_maintenance_mode", nil), values{"in_maintenance": false, "duration_seconds": 0})
}

func TestTheSystemShowsItsState(t *testing.T) {
	s := database(t)
	expect(t, must(t, s, "GET", "system/operational_state", nil), values{"state": "ACTIVE"})
	if _, answer, err := s.Do("POST", "system/operational_state/shutdown", nil); answer != started || err != nil {
		t.Fatal(answer, err)
	}
	expect(t, must(t, s, "GET", "system", nil)["operational_state"].(values), values{"state": "STANDBY"})
	expect(t, lastEvent(t, s), values{"code": "SYSTEM_SHUTDOWN", "level": "WARNING"})
	must(t, s, "POST", "system/operational_state/activate", nil)
	expect(t, must(t, s, "GET", "system/operational_state", nil), values{"state": "ACTIVE"})
}

func TestStatisticsAreThoseOfTheLoad(t *testing.T) {
	s := Start(t, Options{})
	expect(t, must(t, s, "GET", "system/stats", nil), values{"iops": 0, "throughput": 0})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000})
	if busy := must(t, s, "GET", "system/stats?fields=iops", nil); busy["iops"].(int) < 100 || len(busy) != 1 {
		t.Errorf("statistics: %v", busy)
	}
	expect(t, must(t, s, "GET", "system/stats/mgmt", nil), values{"events": 2, "sessions": 0})
	if nodes := listed(t, s, "system/ntp_status"); len(nodes) != 3 || len(nodes[0].(values)["ntp_peers"].([]any)[0].(values)) != 11 {
		t.Errorf("time servers: %v", nodes)
	}
}
