package rest

import (
	"crypto/x509"
	"net/http"
	"sync"
	"sync/atomic"
)

// transport is the connections to a system, and what they trust by now.
type transport struct {
	current  atomic.Pointer[http.Transport]
	trusting sync.Mutex
}

func newTransport(first *http.Transport) *transport {
	t := &transport{}
	t.current.Store(first)
	return t
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	return t.current.Load().RoundTrip(request)
}

func (t *transport) closeIdle() { t.current.Load().CloseIdleConnections() }

// Trust accepts a certificate from now on, beside what the configuration trusts: the
// one that the system has got by this very client, which has no other way to learn of
// it. It must still be good for the name of the endpoint. Requests under way end on the
// connections that they have; others begin anew.
func (c *Client) Trust(certificate *x509.Certificate) {
	c.transport.trusting.Lock()
	defer c.transport.trusting.Unlock()
	before := c.transport.current.Load()
	if c.base.Scheme != "https" || before.TLSClientConfig.InsecureSkipVerify {
		return
	}
	roots := before.TLSClientConfig.RootCAs
	if roots == nil {
		var err error
		if roots, err = x509.SystemCertPool(); err != nil {
			roots = x509.NewCertPool() // the machine trusts nobody that could be asked
		}
	}
	after := before.Clone()
	after.TLSClientConfig.RootCAs = roots.Clone()
	after.TLSClientConfig.RootCAs.AddCert(certificate)
	c.transport.current.Store(after)
	before.CloseIdleConnections()
}

// Accepts reports whether this client would accept a certificate of the system, which
// comes with those that signed it: nil where it would, or does not look at any.
func (c *Client) Accepts(chain []*x509.Certificate) error {
	settings := c.transport.current.Load().TLSClientConfig
	if c.base.Scheme != "https" || settings.InsecureSkipVerify {
		return nil
	}
	intermediates := x509.NewCertPool()
	for _, signer := range chain[1:] {
		intermediates.AddCert(signer)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: settings.RootCAs, Intermediates: intermediates, DNSName: c.base.Hostname()})
	return err
}
