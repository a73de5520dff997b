package access_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// authority signs certificates, for the array and its key server.
type authority struct {
	t           *testing.T
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
	PEM         string
	names       []string // that it signs for
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, names: []string{"localhost"}}
	a.key, _ = a.newKey()
	a.certificate = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour * 24 * 365), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.PEM = a.signed(a.certificate, a.key.Public())
	return a
}

// newKey is a key, and its text.
func (a *authority) newKey() (*ecdsa.PrivateKey, string) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return key, text("PRIVATE KEY", der)
}

func (a *authority) signed(template *x509.Certificate, public crypto.PublicKey) string {
	a.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, public, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return text("CERTIFICATE", der)
}

// sign makes a certificate of this machine for a key, that ends some time from now.
func (a *authority) sign(public crypto.PublicKey, number int64, ends time.Duration) string {
	return a.signed(&x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "ibox1.example.com"},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(ends),
		DNSNames: a.names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}, public)
}

// pair is a certificate and its key.
func (a *authority) pair(number int64) (certificate, key string) {
	of, key := a.newKey()
	return a.sign(of.Public(), number, 24*time.Hour), key
}

// answer signs a request.
func (a *authority) answer(request string, number int64, ends time.Duration) string {
	a.t.Helper()
	block, _ := pem.Decode([]byte(request))
	if block == nil {
		a.t.Fatalf("no request: %q", request)
	}
	asked, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || asked.CheckSignature() != nil {
		a.t.Fatalf("the request: %v", err)
	}
	return a.sign(asked.PublicKey, number, ends)
}

func text(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
