package acctest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Authority signs certificates, for the array and its key server.
type Authority struct {
	t           *testing.T
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
	// PEM is its own certificate.
	PEM string
	// Names are those that it signs for, beside the address of this machine.
	Names []string
}

// NewAuthority is an authority that nobody knows.
func NewAuthority(t *testing.T) *Authority {
	t.Helper()
	a := &Authority{t: t, Names: []string{"localhost"}}
	a.key, _ = a.NewKey()
	a.certificate = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour * 24 * 365), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.PEM = a.signed(a.certificate, a.key.Public())
	return a
}

// NewKey is a key, and its text.
func (a *Authority) NewKey() (*ecdsa.PrivateKey, string) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return key, inPEM("PRIVATE KEY", der)
}

func (a *Authority) signed(template *x509.Certificate, public crypto.PublicKey) string {
	a.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, public, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return inPEM("CERTIFICATE", der)
}

// Sign makes a certificate of this machine for a key, that ends some time from now.
func (a *Authority) Sign(public crypto.PublicKey, number int64, ends time.Duration) string {
	return a.signed(&x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "ibox1.example.com"},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(ends),
		DNSNames: a.Names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}, public)
}

// Pair is a certificate and its key.
func (a *Authority) Pair(number int64) (certificate, key string) {
	of, key := a.NewKey()
	return a.Sign(of.Public(), number, 24*time.Hour), key
}

// Answer signs a request.
func (a *Authority) Answer(request string, number int64, ends time.Duration) string {
	a.t.Helper()
	block, _ := pem.Decode([]byte(request))
	if block == nil {
		a.t.Fatalf("no request: %q", request)
	}
	asked, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || asked.CheckSignature() != nil {
		a.t.Fatalf("the request: %v", err)
	}
	return a.Sign(asked.PublicKey, number, ends)
}

func inPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// PartsOfPEM are the parts of a secret text, in PEM form or not, by which an output shows
// that it holds it: each line, and the whole as it may be encoded.
func PartsOfPEM(secret string) []string {
	parts := []string{base64.StdEncoding.EncodeToString([]byte(secret)), url.QueryEscape(secret)}
	for line := range strings.Lines(secret) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "-----") {
			parts = append(parts, line)
		}
	}
	return parts
}
