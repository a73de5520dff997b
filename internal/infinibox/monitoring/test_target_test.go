package monitoring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const (
	plantedPassword = "planted-snmp-password"
	plantedKey      = "planted-snmp-key"
)

func targetTested(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	mailPort, letters := receiveMail(t, "")
	logPort, lines := receiveLines(t)
	therePort, linesThere := receiveLines(t)
	trapPort, traps := receiveTraps(t, "ops", plantedPassword, plantedKey)
	before := acctest.Attrs{"protocol": "SMTP", "host": "127.0.0.1", "port": mailPort, "tls": false, "from_address": "box@example.com", "recipients": []any{"ops@example.com"}}
	log := acctest.Attrs{"protocol": "SYSLOG", "host": "127.0.0.1", "port": logPort, "facility": "LOCAL2", "transport": "UDP"}
	trap := acctest.Attrs{
		"protocol": "SNMP", "host": "127.0.0.1", "port": trapPort, "version": "SNMPV3", "username": "ops", "auth_type": "AUTHPRIV",
		"auth_protocol": "SHA", "password_wo": plantedPassword, "private_protocol": "AES", "private_key_wo": plantedKey,
	}
	there := b.Create("notifications/targets", map[string]any{"name": "log", "protocol": "SYSLOG", "host": "127.0.0.1", "port": therePort})
	closed := log.With(acctest.Attrs{"port": mailPort, "host": "127.0.0.2", "transport": "TCP"})
	return b, acctest.Invocation{
		Config: before, Progress: "Testing a notification target at 127.0.0.1 by SMTP", Sent: "POST /api/rest/notifications/targets/test",
		Done: func(t *testing.T) {
			if letter := heard(t, letters); !strings.HasPrefix(letter, "ops@example.com ") {
				t.Errorf("the letter is %s", letter)
			}
			server := acctest.NewServer(t, b)
			invoke := func(config acctest.Attrs, sent string) {
				t.Helper()
				b.Sent()
				said := server.Invoke("storage_infinibox_notification_target_test", config)
				if said.Failed() || strings.Contains(said.String()+strings.Join(said.Progress, ""), "planted") {
					t.Errorf("%v: %q, %s", config["protocol"], said.Progress, said.Problems)
				}
				if requests := strings.Join(b.Sent(), ", "); requests != sent {
					t.Errorf("sent %s, want %s", requests, sent)
				}
			}
			invoke(trap, "POST /api/rest/notifications/targets/test")
			if text := heard(t, traps); !strings.Contains(text, "A test of") {
				t.Errorf("the trap is %s", text)
			}
			invoke(log, "POST /api/rest/notifications/targets/test")
			heard(t, lines)
			invoke(acctest.Attrs{"notification_target_id": there}, "POST /api/rest/notifications/targets/{id}/test")
			if line := heard(t, linesThere); !strings.Contains(line, "'log'") {
				t.Errorf("the line is %s", line)
			}
			b.Must("PUT", fmt.Sprintf("notifications/targets/%d", mailServer), map[string]any{"host": "127.0.0.1", "port": mailPort, "from_address": "box@example.com"})
			invoke(acctest.Attrs{"notification_target_id": mailServer, "recipients": []any{"db@example.com"}}, "POST /api/rest/notifications/targets/{id}/test")
			if letter := heard(t, letters); !strings.HasPrefix(letter, "db@example.com ") {
				t.Errorf("the letter is %s", letter)
			}
			invoke(log.With(acctest.Attrs{"settings_only": true}), "POST /api/rest/notifications/test-target")
		},
		Refused: []acctest.Refusal{
			{Config: closed, Says: []string{"The array could not send it", "check host and port"}},
			{Config: acctest.Attrs{"notification_target_id": 4711}, Says: []string{"NOTIFICATION_TARGET_NOT_FOUND"}},
			{Config: acctest.Attrs{"notification_target_id": mailServer}, Says: []string{"MISSING_FIELD"}},
			{Config: acctest.Attrs{"notification_target_id": there, "host": "127.0.0.1"}, Says: []string{"either notification_target_id or host"}},
			{Config: acctest.Attrs{"notification_target_id": there, "settings_only": true}, Says: []string{"settings_only is for a target that is not there yet"}},
			{Config: acctest.Attrs{"protocol": "SYSLOG"}, Says: []string{"protocol and host"}},
			{Config: before.With(acctest.Attrs{"recipients": nil}), Says: []string{"set recipients"}},
			{Config: before.With(acctest.Attrs{"facility": "LOCAL1"}), Says: []string{"takes no facility for SMTP"}},
			{Config: log.With(acctest.Attrs{"recipients": []any{"ops@example.com"}}), Says: []string{"takes no recipients for SYSLOG"}},
			{Config: log.With(acctest.Attrs{"recipients": []any{"support@infinidat.com"}}), Says: []string{"sends no events to"}},
		},
	}
}

func ofNotifications() []acctest.Question {
	return []acctest.Question{
		{Source: "notification_protocols", Finds: "sort(it.protocols)", Want: `["SMTP","SNMP","SYSLOG"]`},
		{Source: "notification_targets", Arguments: acctest.Attrs{"filters": []any{acctest.Attrs{"field": "protocol", "values": []any{"SMTP"}}}}, Finds: "[for t in it.notification_targets : [t.id, t.visibility]]", Want: fmt.Sprintf(`[[%d,"CUSTOMER"]]`, mailServer)},
	}
}
