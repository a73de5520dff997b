package infinibox

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"mime/multipart"
	"net"
	"strings"
	"sync"
	"time"
)

// authority signs certificates for tests.
type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// testCA is the one of all tests, and a server's key and certificate that it has signed.
var testCA = sync.OnceValue(func() *authority {
	ca := &authority{key: newKey()}
	ca.certificate = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA", Country: []string{"IL"}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, ca.certificate, ca.certificate, ca.key.Public(), ca.key)
	if err != nil {
		panic(err)
	}
	if ca.certificate, err = x509.ParseCertificate(der); err != nil {
		panic(err)
	}
	return ca
})

// sign makes a certificate of a server on this machine, as PEM.
func (ca *authority) sign(key crypto.PublicKey, until time.Time) string {
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "array.example.com", Organization: []string{"Bank"}},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}, ca.certificate, key, ca.key)
	if err != nil {
		panic(err)
	}
	return pemText("CERTIFICATE", der)
}

func keyText(key crypto.PrivateKey) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return pemText("PRIVATE KEY", der)
}

// uploadable are the files that scenarios upload, by the word they have for them.
func uploadable(a *Array, word string) string {
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	key, ca := newKey(), testCA()
	switch word {
	case "CA":
		return pemText("CERTIFICATE", ca.certificate.Raw)
	case "PAIR":
		return ca.sign(key.Public(), soon) + keyText(key)
	case "EXPIRED_PAIR":
		return ca.sign(key.Public(), past) + keyText(key)
	case "FOREIGN_KEY":
		return ca.sign(key.Public(), soon) + keyText(newKey())
	case "NO_KEY":
		return ca.sign(key.Public(), soon)
	case "BROKEN_KEY":
		return ca.sign(key.Public(), soon) + pemText("PRIVATE KEY", []byte("no key"))
	case "BROKEN_CERTIFICATE":
		return pemText("CERTIFICATE", []byte("no certificate")) + keyText(key)
	case "SIGNED":
		return ca.sign(a.requestKey.Public(), soon)
	case "S3_SIGNED":
		return ca.sign(a.s3Identity.requestKey.Public(), soon)
	case "EMPTY":
		return ""
	case "EXPIRED_SIGNED":
		return ca.sign(a.requestKey.Public(), past)
	}
	return word
}

// form is a form with one file, and its type.
func form(field, content string) (body, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(field, "certificate.pem")
	if err != nil {
		panic(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String(), w.FormDataContentType()
}

// content is the body of a step and its type: "UPLOAD field WORD" is a form with the file that the word stands for.
func (s step) content(a *Array) (body, contentType string) {
	if words := strings.Fields(s.body); len(words) == 3 && words[0] == "UPLOAD" {
		return form(words[1], uploadable(a, words[2]))
	}
	return s.body, "application/json"
}
