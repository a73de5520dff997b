package monitoring_test

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/gosnmp/gosnmp"
)

// patience is how long a message may take on loopback.
const patience = 10 * time.Second

// heard waits for a message.
func heard(t *testing.T, received <-chan string) string {
	t.Helper()
	select {
	case text := <-received:
		return text
	case <-time.After(patience):
		t.Fatal("nothing has arrived")
		return ""
	}
}

// mailbox is a mail server that keeps each letter, with who it is to. It takes none of a
// user who does not know the password.
type mailbox struct {
	letters  chan string
	password string
}

func (m mailbox) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &session{mailbox: m}, nil
}

type session struct {
	mailbox
	to string
}

func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password != s.password {
			return errors.New("wrong password")
		}
		return nil
	}), nil
}

func (*session) Mail(string, *smtp.MailOptions) error        { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { s.to += to + " "; return nil }
func (*session) Reset()                                      {}
func (*session) Logout() error                               { return nil }

func (s *session) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	s.letters <- s.to + "\n" + string(letter)
	return err
}

// receiveMail serves mail until the test ends, to whoever logs in with the password or does
// not log in.
func receiveMail(t *testing.T, password string) (port int, letters <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := mailbox{make(chan string, 100), password}
	server := smtp.NewServer(box)
	server.Domain, server.AllowInsecureAuth = "localhost", true // it is on loopback
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().(*net.TCPAddr).Port, box.letters
}

// receive hears what comes by UDP until the test ends, as read makes a text of it.
func receive(t *testing.T, read func(packet []byte) string) (port int, received <-chan string) {
	t.Helper()
	connection, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	texts := make(chan string, 100)
	go func() {
		buffer := make([]byte, 1<<16)
		for {
			n, _, err := connection.ReadFrom(buffer)
			if err != nil {
				return
			}
			texts <- read(buffer[:n])
		}
	}()
	return connection.LocalAddr().(*net.UDPAddr).Port, texts
}

// receiveLines hears syslog.
func receiveLines(t *testing.T) (port int, lines <-chan string) {
	t.Helper()
	return receive(t, func(packet []byte) string { return string(packet) })
}

// receiveTraps hears the traps of a user of SNMP version 3, signed and encrypted.
func receiveTraps(t *testing.T, user, password, key string) (port int, traps <-chan string) {
	t.Helper()
	listener := &gosnmp.TrapListener{Params: &gosnmp.GoSNMP{
		Version: gosnmp.Version3, SecurityModel: gosnmp.UserSecurityModel, MsgFlags: gosnmp.AuthPriv,
		SecurityParameters: &gosnmp.UsmSecurityParameters{
			UserName: user, AuthenticationProtocol: gosnmp.SHA, AuthenticationPassphrase: password, PrivacyProtocol: gosnmp.AES, PrivacyPassphrase: key,
		},
	}}
	return receive(t, func(packet []byte) string {
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
}
