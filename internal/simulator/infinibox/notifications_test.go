package infinibox

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/gosnmp/gosnmp"
)

const patience = 10 * time.Second

// heard waits for what a server has received.
func heard(t *testing.T, received <-chan string) string {
	t.Helper()
	select {
	case text := <-received:
		return text
	case <-time.After(patience):
		t.Fatal("nothing is heard")
		return ""
	}
}

// mailbox is a mail server that keeps what it is given: a session and the letter.
type mailbox struct{ letters chan string }

func (m mailbox) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &mailSession{letters: m.letters}, nil
}

type mailSession struct {
	letters  chan string
	from, to string
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *mailSession) Reset()                                      {}
func (s *mailSession) Logout() error                               { return nil }

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "unknown@") {
		return errors.New("no such mailbox")
	}
	s.to += to + " "
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	s.letters <- s.from + " -> " + s.to + "\n" + string(letter)
	return err
}

// startMail serves mail until the test ends, and returns the port.
func startMail(t *testing.T) (port int, letters <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := mailbox{make(chan string, 10)}
	server := smtp.NewServer(box)
	server.Domain = "localhost"
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().(*net.TCPAddr).Port, box.letters
}

// startUDP receives until the test ends; a packet is heard as what read makes of it.
func startUDP(t *testing.T, read func(packet []byte) string) (port int, received <-chan string) {
	t.Helper()
	connection, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	packets := make(chan string, 10)
	go func() {
		buffer := make([]byte, 1<<16)
		for {
			n, _, err := connection.ReadFrom(buffer)
			if err != nil {
				return
			}
			packets <- read(buffer[:n])
		}
	}()
	return connection.LocalAddr().(*net.UDPAddr).Port, packets
}

func TestFieldsOfNotifications(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "notifications/targets", values{"name": "log", "protocol": "syslog", "host": "syslog"})                     // 1000
	must(t, s, "POST", "notifications/targets", values{"name": "traps", "protocol": "SNMP", "host": "snmp", "version": "snmpv2c"}) // 1001
	must(t, s, "POST", "notifications/rules", values{"name": "r", "target_id": 1000, "event_level": []any{"ERROR"}})               // 1002
	checkAnswers(t, s.array, documentedFields(t, "fields_notifications.json"), map[string][]string{
		"syslog_target":     {"notifications/targets/1000", "notifications/targets?protocol=SYSLOG"},
		"snmp_target":       {"notifications/targets/1001", "notifications/targets?protocol=SNMP"},
		"notification_rule": {"notifications/rules/1002", "notifications/rules"},
	})
	if protocols := listed(t, s, "notifications/protocols"); len(protocols) != 3 {
		t.Errorf("protocols: %v", protocols)
	}
	if text := names(t, s, "notifications/rules?event_level=anyof:error&include_events=noneof:VOLUME_CREATED"); text != "r" {
		t.Errorf("rules for errors: %s", text)
	}
}

func TestMailGoesOut(t *testing.T) {
	s := Start(t, Options{SystemName: "box"})
	port, letters := startMail(t)
	must(t, s, "PUT", "notifications/targets/3", values{"host": "127.0.0.1", "port": port, "from_address": "box@example.com", "subject_prefix": "[box]"})
	for path, body := range map[string]any{
		"notifications/targets/3/test": values{"recipients": []any{"a@example.com", "b@example.com"}},
		"notifications/targets/test":   values{"protocol": "SMTP", "host": "localhost", "port": port, "from_address": "box@example.com", "recipients": []any{"a@example.com"}},
	} {
		if _, taken, err := s.Do("POST", path, body); taken != true || err != nil {
			t.Fatalf("%s: %v %v", path, taken, err)
		}
		letter := heard(t, letters)
		if !strings.HasPrefix(letter, "box@example.com -> a@example.com") || !strings.Contains(letter, "A test of notification target") {
			t.Errorf("%s: %s", path, letter)
		}
	}
	if _, taken, err := s.Do("POST", "notifications/targets/3/test", values{"recipients": []any{"unknown@example.com"}}); taken != false || err != nil {
		t.Errorf("mail to nobody: %v %v", taken, err)
	}
	expect(t, lastEvent(t, s), values{"code": "NOTIFICATION_TARGET_UNAVAILABLE", "level": "ERROR"})

	must(t, s, "POST", "notifications/rules", values{
		"name": "pools", "target_id": 3, "include_events": []any{"POOL_CREATED"}, "target_parameters": values{"recipients": []any{"ops@example.com"}},
	})
	must(t, s, "POST", "pools", values{"name": "db", "physical_capacity": terabyte})
	letter := heard(t, letters)
	for _, part := range []string{"-> ops@example.com", "Subject: [box] INFO: POOL_CREATED", "Created pool 'db'", "System: box"} {
		if !strings.Contains(letter, part) {
			t.Errorf("no %q in %s", part, letter)
		}
	}
}

func TestSyslogGoesOut(t *testing.T) {
	s := Start(t, Options{SystemName: "box"})
	port, lines := startUDP(t, func(packet []byte) string { return string(packet) })
	must(t, s, "POST", "notifications/targets", values{"name": "log", "protocol": "SYSLOG", "host": "127.0.0.1", "port": port, "facility": "LOCAL3"}) // 1000
	if _, taken, err := s.Do("POST", "notifications/targets/1000/test", nil); taken != true || err != nil {
		t.Fatalf("%v %v", taken, err)
	}
	heard(t, lines)
	must(t, s, "POST", "notifications/rules", values{"name": "bad", "target_id": 1000, "event_level": []any{"CRITICAL", "ERROR"}, "exclude_events": []any{"CUSTOM_ERROR_EVENT"}})
	for _, level := range []string{"INFO", "ERROR", "CRITICAL"} {
		must(t, s, "POST", "events/custom", values{"description_template": "it is " + level, "level": level})
	}
	line := heard(t, lines) // neither of the level that no rule asks for, nor of the code that is excluded
	if !strings.HasPrefix(line, "<154>1 ") || !strings.HasSuffix(line, " box infinibox - CUSTOM_CRITICAL_EVENT - it is CRITICAL") {
		t.Errorf("got %s", line)
	}
}

func TestTrapsGoOut(t *testing.T) {
	s := Start(t, Options{SystemName: "box"})
	for _, c := range []struct {
		name   string
		target values
		params *gosnmp.GoSNMP
	}{
		{"v1", values{"version": "SNMPV1", "community": "public"}, &gosnmp.GoSNMP{Version: gosnmp.Version1}},
		{"v2", values{"version": "SNMPV2C", "community": "public"}, &gosnmp.GoSNMP{Version: gosnmp.Version2c}},
		{"v3", values{"version": "SNMPV3", "username": "ops", "auth_type": "AUTHPRIV", "auth_protocol": "SHA", "password": "auth-12345", "private_protocol": "AES", "private_key": "priv-12345"}, &gosnmp.GoSNMP{
			Version: gosnmp.Version3, SecurityModel: gosnmp.UserSecurityModel, MsgFlags: gosnmp.AuthPriv,
			SecurityParameters: &gosnmp.UsmSecurityParameters{
				UserName: "ops", AuthenticationProtocol: gosnmp.SHA, AuthenticationPassphrase: "auth-12345", PrivacyProtocol: gosnmp.AES, PrivacyPassphrase: "priv-12345",
			},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			listener := &gosnmp.TrapListener{Params: c.params}
			port, traps := startUDP(t, func(packet []byte) string {
				trap, err := listener.Params.UnmarshalTrap(packet, false)
				if err != nil {
					return err.Error()
				}
				text := ""
				for _, variable := range trap.Variables {
					if value, ok := variable.Value.([]byte); ok {
						text += string(value) + " "
					}
				}
				return text
			})
			c.target["name"], c.target["protocol"], c.target["host"], c.target["port"] = c.name, "SNMP", "127.0.0.1", port
			made := must(t, s, "POST", "notifications/targets", c.target)
			if made["password"] != nil || made["private_key"] != nil {
				t.Error("a secret is given back")
			}
			if _, taken, err := s.Do("POST", "notifications/targets/"+itoa(made["id"].(int))+"/test", nil); taken != true || err != nil {
				t.Fatalf("%v %v", taken, err)
			}
			if trap := heard(t, traps); trap != "CUSTOM_INFO_EVENT INFO A test of notification target '"+c.name+"' " {
				t.Errorf("got %s", trap)
			}
		})
	}
}

func TestATargetIsTestedWhereThereIsOne(t *testing.T) {
	s := Start(t, Options{})
	port, lines := startUDP(t, func(packet []byte) string { return string(packet) })
	target := values{"name": "log", "protocol": "SYSLOG", "host": "127.0.0.1", "port": port}
	must(t, s, "POST", "notifications/targets", target)
	if _, taken, err := s.Do("POST", "notifications/targets/test", target); taken != true || err != nil {
		t.Fatalf("%v %v", taken, err)
	}
	heard(t, lines)
	refused(t, s, "POST", "notifications/targets", values{"name": "other", "protocol": "SYSLOG", "host": "127.0.0.1", "port": port}, "NOTIFICATION_TARGET_CONFLICT")
}

func TestNothingLeavesTheMachine(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "notifications/targets", values{"name": "log", "protocol": "SYSLOG", "host": "192.0.2.1"}) // 1000
	if _, taken, err := s.Do("POST", "notifications/targets/1000/test", nil); taken != false || err != nil {
		t.Errorf("%v %v", taken, err)
	}
}

func TestSecretsOfTargetsAreNotDumped(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "PUT", "notifications/targets/3", values{"username": "array", "password": "mail-secret"})
	var dump strings.Builder
	if err := s.Dump(&dump); err != nil || strings.Contains(dump.String(), "mail-secret") {
		t.Errorf("a secret is in the dump: %v", err)
	}
	again := Start(t, Options{Seed: []byte(dump.String())})
	expect(t, must(t, again, "GET", "notifications/targets/3", nil), values{"username": "array"})
}
