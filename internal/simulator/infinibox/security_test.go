package infinibox

import (
	"net/http"
	"testing"
	"time"
)

func TestSSHIsOpenForATime(t *testing.T) {
	s := Start(t, Options{})
	state := func() map[string]any { return must(t, s, "GET", "system/ssh", nil) }
	expect(t, state(), values{"overall_ssh_port_status": "CLOSED", "ssh_open_expiration_time": nil})
	opened := must(t, s, "POST", "system/ssh/open", nil)
	expect(t, opened, values{"node1_ssh_port_status": "OPEN", "node2_ssh_port_status": "OPEN", "node3_ssh_port_status": "OPEN", "sa_ssh_port_status": "OPEN", "overall_ssh_port_status": "OPEN"})
	if left := opened["ssh_open_expiration_time"].(int) - s.array.clock(); left <= 0 {
		t.Errorf("open for %d ms", left)
	}
	s.Advance(sshOpenFor - time.Minute)
	expect(t, state(), values{"overall_ssh_port_status": "OPEN"})
	s.Advance(2 * time.Minute)
	expect(t, state(), values{"overall_ssh_port_status": "CLOSED", "ssh_open_expiration_time": opened["ssh_open_expiration_time"]})
	must(t, s, "POST", "system/ssh/open", nil)
	expect(t, must(t, s, "POST", "system/ssh/close", nil), values{"overall_ssh_port_status": "CLOSED", "sa_ssh_port_status": "CLOSED"})
	checkAnswers(t, s.array, documentedFields(t, "fields_ssh.json"), map[string][]string{"ssh": {"system/ssh"}})
}

func TestTheAgreementIsPutOffAndAccepted(t *testing.T) {
	s := Start(t, Options{})
	state := func() map[string]any { return must(t, s, "GET", "system/eula", nil) }
	expect(t, state(), values{"status": "PENDING", "accepted_by": nil, "eula_time_left": 43200, "eula_first_snoozed_on": nil})
	first := must(t, s, "POST", "system/eula/snoozed", nil)
	expect(t, first, values{"status": "SNOOZED", "last_snoozed_on": first["eula_first_snoozed_on"], "eula_version_accepted": nil})
	s.Advance(49*time.Hour + 30*time.Second)
	expect(t, state(), values{"status": "PENDING", "eula_time_left": 43200 - 49*60})
	second := must(t, s, "POST", "system/eula/snoozed", nil)
	expect(t, second, values{"status": "SNOOZED", "eula_first_snoozed_on": first["eula_first_snoozed_on"]})
	s.Advance(60 * 24 * time.Hour)
	expect(t, state(), values{"status": "PENDING", "eula_time_left": 0})
	if status, answer := ask(t, http.DefaultClient, "POST", s.URL()+"/api/rest/system/eula/accepted", "", basic()); status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
	expect(t, state(), values{
		"status": "ACCEPTED", "accepted_by": "infinidat", "user_accepted_email": "dev.mgmt@infinidat.com", "accepted_from": "127.0.0.1",
		"eula_version": "3.0", "eula_version_accepted": "3.0", "eula_snooze_time": 2880,
	})
	checkAnswers(t, s.array, documentedFields(t, "fields_eula.json"), map[string][]string{"eula": {"system/eula"}})
}

func TestTheMessageOfTheDayIsForEverybody(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"security":{"message_of_the_day":"Authorized use only"}}`)})
	if _, message, err := s.Do("GET", "motd", nil); err != nil || message != "Authorized use only" {
		t.Errorf("%v %v", message, err)
	}
	if status, _ := ask(t, http.DefaultClient, "GET", s.URL()+"/api/rest/motd", "", nil); status != http.StatusOK {
		t.Errorf("who is not logged in: %d", status)
	}
	if _, message, err := Start(t, Options{}).Do("GET", "motd", nil); err != nil || message != "" {
		t.Errorf("%v %v", message, err)
	}
}
