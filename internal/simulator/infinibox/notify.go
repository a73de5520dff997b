package infinibox

import (
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/smtp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gosnmp/gosnmp"
)

// How events reach notification targets: by real mail, traps and syslog lines. The simulator speaks to this machine
// alone; any other server is one that cannot be reached.

const (
	sendTimeout = 5 * time.Second
	trapOID     = ".1.3.6.1.4.1.32473.1" // of the number that is reserved for examples
)

var errElsewhere = errors.New("the simulator sends to loopback addresses alone")

// message is an event on its way to a target.
type message struct {
	target, event Object
	recipients    []string
	system        string
}

// outbox has what is still to be sent, in its order. One goroutine sends while there is any.
type outbox struct {
	mu      sync.Mutex
	waiting []message
	sending bool
}

func (a *Array) message(target Object, recipients []string, event Object) message {
	return message{target: maps.Clone(target), recipients: recipients, event: maps.Clone(event), system: a.systemName}
}

// post sends a message when those before it are sent.
func (a *Array) post(m message) {
	a.outbox.mu.Lock()
	defer a.outbox.mu.Unlock()
	a.outbox.waiting = append(a.outbox.waiting, m)
	if !a.outbox.sending {
		a.outbox.sending = true
		go a.sendAll()
	}
}

func (a *Array) sendAll() {
	for {
		a.outbox.mu.Lock()
		if len(a.outbox.waiting) == 0 {
			a.outbox.sending = false
			a.outbox.mu.Unlock()
			return
		}
		m := a.outbox.waiting[0]
		a.outbox.waiting = a.outbox.waiting[1:]
		a.outbox.mu.Unlock()
		if m.send() != nil {
			a.mu.Lock()
			a.tellUnreachable(m.target)
			a.mu.Unlock()
		}
	}
}

func (a *Array) tellUnreachable(target Object) {
	a.tell(a.eventTypes[unreachableEvent], "", target.id(), []datum{{"target_name", "String", target.name()}})
}

// tryOut sends an event that never was, at once, and tells whether the server has taken it.
func (a *Array) tryOut(target Object, recipients []string) bool {
	event := Object{
		"code": "CUSTOM_INFO_EVENT", "level": "INFO", "timestamp": a.clock(),
		"description": "A test of notification target '" + target.name() + "'",
	}
	if a.message(target, recipients, event).send() != nil {
		a.tellUnreachable(target)
		return false
	}
	return true
}

func (m message) send() error {
	host := m.target.text("host")
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errElsewhere
	}
	switch m.target["protocol"] {
	case "SMTP":
		return m.mail()
	case "SNMP":
		return m.trap()
	}
	return m.log()
}

func (m message) dial(network string) (net.Conn, error) {
	address := net.JoinHostPort(m.target.text("host"), itoa(m.target.int("port")))
	dialer := net.Dialer{Timeout: sendTimeout}
	connection, err := dialer.Dial(network, address)
	if err != nil {
		return nil, err
	}
	return connection, connection.SetDeadline(time.Now().Add(sendTimeout))
}

// mail hands the event to a mail server.
func (m message) mail() (err error) {
	connection, err := m.dial("tcp")
	if err != nil {
		return err
	}
	client, err := smtp.NewClient(connection, m.target.text("host"))
	if err != nil {
		return errors.Join(err, connection.Close())
	}
	defer func() {
		if err != nil {
			_ = client.Close()
		}
	}()
	if m.target.bool("tls") {
		if err := client.StartTLS(&tls.Config{InsecureSkipVerify: true}); err != nil { // a server on this machine signs for itself
			return err
		}
	}
	if user := m.target.text("username"); user != "" {
		if err := client.Auth(smtp.PlainAuth("", user, m.target.text("password"), m.target.text("host"))); err != nil {
			return err
		}
	}
	from := m.target.text("from_address")
	if err := client.Mail(from); err != nil {
		return err
	}
	for _, recipient := range m.recipients {
		if err := client.Rcpt(recipient); err != nil {
			return err
		}
	}
	body, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := body.Write([]byte(m.letter(from))); err != nil {
		return err
	}
	if err := body.Close(); err != nil {
		return err
	}
	return client.Quit()
}

// letter is the mail about the event.
func (m message) letter(from string) string {
	subject := strings.TrimSpace(fmt.Sprintf("%s %v: %v", m.target.text("subject_prefix"), m.event["level"], m.event["code"]))
	plain := strings.NewReplacer("\r", " ", "\n", " ")
	headers := []string{
		"From: " + from, "To: " + strings.Join(m.recipients, ", "), "Subject: " + plain.Replace(subject), "Date: " + m.moment().Format(time.RFC1123Z),
		"", m.event.text("description"), "", "System: " + m.system,
	}
	return strings.Join(headers, "\r\n") + "\r\n"
}

func (m message) moment() time.Time { return time.UnixMilli(int64(m.event.int("timestamp"))).UTC() }

// severities are the levels of events as syslog counts them.
var severities = map[string]int{"INFO": 6, "WARNING": 4, "ERROR": 3, "CRITICAL": 2}

// log writes the event as a line of RFC 5424.
func (m message) log() error {
	connection, err := m.dial(strings.ToLower(m.target.text("transport")))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	facility := 16 + int(m.target.text("facility")[len("LOCAL")]-'0')
	line := fmt.Sprintf("<%d>1 %s %s infinibox - %s - %s", facility*8+severities[m.event.text("level")],
		m.moment().Format("2006-01-02T15:04:05.000Z"), strings.ReplaceAll(m.system, " ", "_"), m.event.text("code"), m.event.text("description"))
	if m.target["transport"] == "TCP" {
		line += "\n"
	}
	_, err = connection.Write([]byte(line))
	return err
}

// trap sends the event by SNMP.
func (m message) trap() error {
	client := &gosnmp.GoSNMP{
		Target: m.target.text("host"), Port: uint16(m.target.int("port")), Transport: "udp", Timeout: sendTimeout,
		Version: gosnmp.Version2c, Community: m.target.text("community"), MaxOids: gosnmp.MaxOids,
	}
	trap := gosnmp.SnmpTrap{Enterprise: trapOID, AgentAddress: "127.0.0.1", GenericTrap: 6, SpecificTrap: 1}
	switch m.target["version"] {
	case "SNMPV1":
		client.Version = gosnmp.Version1
	case "SNMPV3":
		m.secure(client)
		fallthrough
	default:
		trap.Variables = append(trap.Variables, gosnmp.SnmpPDU{Name: ".1.3.6.1.6.3.1.1.4.1.0", Type: gosnmp.ObjectIdentifier, Value: trapOID})
	}
	for i, name := range []string{"code", "level", "description"} {
		trap.Variables = append(trap.Variables, gosnmp.SnmpPDU{Name: fmt.Sprintf("%s.%d", trapOID, i+1), Type: gosnmp.OctetString, Value: m.event.text(name)})
	}
	if err := client.Connect(); err != nil {
		return err
	}
	_, err := client.SendTrap(trap)
	return errors.Join(err, client.Conn.Close())
}

// secure makes a trap one of SNMPv3: of a user, and signed and encrypted as the target says.
func (m message) secure(client *gosnmp.GoSNMP) {
	client.Version, client.SecurityModel = gosnmp.Version3, gosnmp.UserSecurityModel
	engine := m.target.text("engine")
	if engine == "" {
		engine = "\x80\x00\x7e\xd9\x04" + m.system
	}
	parameters := &gosnmp.UsmSecurityParameters{UserName: m.target.text("username"), AuthoritativeEngineID: engine, AuthoritativeEngineBoots: 1}
	client.MsgFlags = gosnmp.NoAuthNoPriv
	kind := m.target.text("auth_type")
	if slices.Contains([]string{"AUTHNOPRIV", "AUTHPRIV"}, kind) {
		client.MsgFlags = gosnmp.AuthNoPriv
		parameters.AuthenticationProtocol = map[string]gosnmp.SnmpV3AuthProtocol{"MD5": gosnmp.MD5, "SHA": gosnmp.SHA}[m.target.text("auth_protocol")]
		parameters.AuthenticationPassphrase = m.target.text("password")
	}
	if kind == "AUTHPRIV" {
		client.MsgFlags = gosnmp.AuthPriv
		parameters.PrivacyProtocol = map[string]gosnmp.SnmpV3PrivProtocol{"AES": gosnmp.AES, "DES": gosnmp.DES}[m.target.text("private_protocol")]
		parameters.PrivacyPassphrase = m.target.text("private_key")
	}
	client.SecurityParameters = parameters
}
