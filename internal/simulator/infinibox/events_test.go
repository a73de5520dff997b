package infinibox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// told are the events of an array since one, in their order: what they say.
func told(t *testing.T, s *Simulator, since int) []string {
	t.Helper()
	var texts []string
	for _, event := range listed(t, s, fmt.Sprintf("events?id=gt:%d&page_size=1000", since)) {
		e := event.(values)
		texts = append(texts, fmt.Sprintf("%v: %v", e["code"], e["description"]))
	}
	return texts
}

func lastEvent(t *testing.T, s *Simulator) values {
	t.Helper()
	return listed(t, s, "events?sort=-id&page_size=1")[0].(values)
}

func TestFieldsOfEvents(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	checkAnswers(t, s.array, documentedFields(t, "fields_events.json"), map[string][]string{"event": {"events", "events/1"}})
}

// TestEventsTellWhatIsDone does what an administrator does, and compares the events with it, one for one.
func TestEventsTellWhatIsDone(t *testing.T) {
	s := Start(t, Options{})
	if early := told(t, s, 0); len(early) != 0 {
		t.Errorf("a new array tells of %v", early)
	}
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})         // 1000
	must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000}) // 1001
	must(t, s, "PUT", "volumes/1001", values{"size": 2000000000})
	must(t, s, "PUT", "volumes/1001", values{"name": "w"})
	must(t, s, "POST", "volumes", values{"name": "snap", "parent_id": 1001}) // 1002
	must(t, s, "POST", "volumes/1001/restore", values{"source_id": 1002})
	must(t, s, "POST", "hosts", values{"name": "h"}) // 1003
	must(t, s, "POST", "hosts/1003/luns", values{"volume_id": 1001})
	must(t, s, "DELETE", "hosts/1003/luns/volume_id/1001", nil)
	must(t, s, "POST", "snapshot_policies", values{"name": "gold", "suffix": "-gold"}) // 4
	must(t, s, "POST", "snapshot_policies/4/schedules", values{"name": "hourly", "type": "PERIODIC", "interval": 3600, "retention": 7200, "enabled": false})
	must(t, s, "POST", "snapshot_policies/4/schedules/5/enable", nil)
	must(t, s, "POST", "pools/1000/lock", nil)
	must(t, s, "POST", "pools/1000/unlock", nil)
	refused(t, s, "POST", "volumes", values{"name": "w", "pool_id": 1000, "size": 1000000000}, "VOLUME_NAME_CONFLICT")
	must(t, s, "DELETE", "volumes/1001", nil)
	want := []string{
		"POOL_CREATED: Created pool 'p'", "VOLUME_CREATED: Created volume 'v'",
		"VOLUME_RESIZED: Resized volume 'v' to 2000000000 bytes", "VOLUME_RENAMED: Renamed volume 'w', which was 'v'",
		"SNAP_CREATE: Created snapshot 'snap' id '1002' from parent 'w' id '1001'", "VOLUME_RESTORED: Restored volume 'w'",
		"HOST_CREATED: Created host 'h'", "HOST_MAPPED: Mapped a volume to host 'h'", "HOST_UNMAPPED: Unmapped a volume from host 'h'",
		"SNAPSHOT_POLICY_CREATED: Created snapshot policy 'gold'", "SNAPSHOT_SCHEDULE_CREATED: Created snapshot schedule 'hourly'",
		"SNAPSHOT_SCHEDULE_ENABLED: Enabled snapshot schedule 'hourly'", "POOL_LOCKED: Locked pool 'p'", "POOL_UNLOCKED: Unlocked pool 'p'",
		"SNAP_DELETE: Deleted snapshot 'snap' id '1002' of parent id '1001'", "VOLUME_DELETED: Deleted volume 'w'",
	}
	if got := told(t, s, 0); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	event := listed(t, s, "events?code=SNAP_CREATE")[0].(values)
	expect(t, event, values{"username": "admin", "level": "INFO", "reporter": "MGMT", "visibility": "CUSTOMER", "affected_entity_id": 1002})
	expect(t, event["data"].([]any)[0].(values), values{"name": "vol_name", "type": "VolumeName", "value": "snap"})
	known := fmt.Sprint(must(t, s, "GET", "events/types", nil)["codes"])
	for _, text := range want {
		code, _, _ := strings.Cut(text, ":")
		if !strings.Contains(known, "code:"+code+" ") {
			t.Errorf("%s is no type of event", code)
		}
	}
}

func TestEventsOfThePoliciesHaveNoUser(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000})
	s.Advance(7 * time.Hour)
	taken := listed(t, s, "events?code=SNAP_CREATE")
	if len(taken) == 0 {
		t.Fatal("the default policy has taken no snapshot that is told of")
	}
	expect(t, taken[0].(values), values{"username": nil})
}

func TestEventsTellWhoLogsIn(t *testing.T) {
	s := Start(t, Options{})
	for password, code := range map[string]string{"123456": "USER_LOGIN_SUCCESS", "wrong": "USER_LOGIN_FAILURE"} {
		ask(t, http.DefaultClient, "POST", s.URL()+"/api/rest/users/login", `{"username":"technician","password":"`+password+`"}`, http.Header{})
		expect(t, lastEvent(t, s), values{"code": code, "username": "technician"})
	}
	if text := fmt.Sprint(told(t, s, 0)); strings.Contains(text, "123456") {
		t.Error("a password is told")
	}
}

func TestCustomEventsFillTheirTemplates(t *testing.T) {
	s := Start(t, Options{})
	event := must(t, s, "POST", "events/custom", values{
		"description_template": "{what} took {n}s", "level": "error", "visibility": "customer",
		"data": []any{values{"name": "what", "type": "string", "value": "apply"}, values{"name": "n", "type": "int", "value": 12}},
	})
	expect(t, event, values{"code": "CUSTOM_ERROR_EVENT", "description": "apply took 12s", "level": "ERROR", "reporter": "CUSTOM", "visibility": "CUSTOMER"})
	if found := listed(t, s, "events?description=like:APPLY&level=geq:warning"); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	external := must(t, s, "POST", "events", values{"code": "HPT_HEARTBEAT", "data": []any{values{"name": "event_desc", "type": "String", "value": "alive"}}})
	expect(t, external, values{"reporter": "EXTERNAL", "visibility": "INFINIDAT", "description": "alive"})
	refused(t, s, "GET", fmt.Sprintf("events/%v", external["id"]), nil, "EVENT_NOT_FOUND") // it is not for customers
}

func TestEventsGoWithTime(t *testing.T) {
	s := Start(t, Options{Limits: Limits{Events: 3}})
	for i := range 5 {
		must(t, s, "POST", "events/custom", values{"description_template": fmt.Sprintf("number %d", i), "level": "INFO"})
	}
	if left := told(t, s, 0); len(left) != 3 || left[0] != "CUSTOM_INFO_EVENT: number 2" {
		t.Errorf("kept: %v", left)
	}
	s.Advance(time.Hour)
	last := must(t, s, "POST", "events/custom", values{"description_template": "late", "level": "INFO"})
	if _, result, err := s.Do("DELETE", fmt.Sprintf("events?timestamp=le:%v", last["timestamp"].(int)-1), nil); result != nil || err != nil {
		t.Errorf("deletion: %v %v", result, err)
	}
	if left := told(t, s, 0); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}
