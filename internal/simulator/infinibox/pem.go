package infinibox

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// How certificates and keys come in, and how the array shows them.

var (
	errMalformedCertificate = &apiError{"MALFORMED_CERTIFICATE", http.StatusBadRequest, "The certificate provided is malformed or in unsupported format"}
	errMalformedKey         = &apiError{"MALFORMED_KEY", http.StatusBadRequest, "The key provided is malformed or in unsupported format"}
	errForeignKey           = &apiError{"INVALID_CERTIFICATE", http.StatusBadRequest, "Certificate is invalid. Reason: signature validation failed"}
	errInvalidCertificate   = &apiError{"CERTIFICATE_INVALID", http.StatusConflict, "The certificate provided is not valid. Reason: General error occurred"}
)

// upload reads the file of a form that is in a part of that name; "" takes a file of any name.
func (rq *request) upload(name string) ([]byte, error) {
	kind, parameters, err := mime.ParseMediaType(rq.header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, errMalformed
	}
	reader := multipart.NewReader(bytes.NewReader(rq.body), parameters["boundary"])
	for {
		part, err := reader.NextPart()
		if err != nil {
			return nil, errMalformed // also at the end of all parts
		}
		if part.FileName() != "" && (name == "" || part.FormName() == name) {
			content, err := io.ReadAll(part)
			if err != nil {
				return nil, errMalformed
			}
			return content, nil
		}
	}
}

// parseCertificates reads all certificates of a PEM text, of which there must be one.
func parseCertificates(text []byte) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errMalformedCertificate
		}
		chain = append(chain, certificate)
	}
	if len(chain) == 0 {
		return nil, errMalformedCertificate
	}
	return chain, nil
}

// parseKey reads the private key of a PEM text.
func parseKey(text []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		for _, parse := range []func(der []byte) (any, error){
			x509.ParsePKCS8PrivateKey,
			func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
			func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
		} {
			if key, err := parse(block.Bytes); err == nil {
				if signer, ok := key.(crypto.Signer); ok {
					return signer, nil
				}
			}
		}
		return nil, errMalformedKey
	}
	return nil, errMalformedKey
}

// belongs tells whether a certificate is of a key.
func belongs(certificate *x509.Certificate, key crypto.Signer) bool {
	public, ok := key.Public().(interface {
		Equal(other crypto.PublicKey) bool
	})
	return ok && public.Equal(certificate.PublicKey)
}

// parsePair reads a certificate, with those that it is signed by, and its key out of one text.
func (a *Array) parsePair(text []byte) ([]*x509.Certificate, crypto.Signer, error) {
	chain, err := parseCertificates(text)
	if err != nil {
		return nil, nil, err
	}
	key, err := parseKey(text)
	if err != nil {
		return nil, nil, err
	}
	if !belongs(chain[0], key) {
		return nil, nil, errForeignKey
	}
	return chain, key, a.valid(chain[0])
}

// valid refuses a certificate that is not of now.
func (a *Array) valid(certificate *x509.Certificate) error {
	now := time.UnixMilli(int64(a.clock()))
	if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
		return errInvalidCertificate
	}
	return nil
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// describeCertificate is a certificate as clients see it.
func (a *Array) describeCertificate(certificate *x509.Certificate) map[string]any {
	public := map[string]any{"algorithm": certificate.PublicKeyAlgorithm.String(), "modulus": nil, "raw": nil}
	if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok {
		public["modulus"] = fmt.Sprintf("%X", key.N)
	}
	public["raw"] = pemText("PUBLIC KEY", certificate.RawSubjectPublicKeyInfo)
	return map[string]any{
		"id": "httpd", "public_key": public,
		"certificate": map[string]any{
			"issued_to": nameParts(certificate.Subject), "issued_by": nameParts(certificate.Issuer),
			"issued_on": int(certificate.NotBefore.UnixMilli()), "expires_on": int(certificate.NotAfter.UnixMilli()),
			"expired":       time.UnixMilli(int64(a.clock())).After(certificate.NotAfter),
			"serial_number": fmt.Sprintf("%X", certificate.SerialNumber), "version": certificate.Version,
			"signature_algorithm": signatureAlgorithm(certificate.SignatureAlgorithm),
			"raw":                 pemText("CERTIFICATE", certificate.Raw),
		},
	}
}

// signatureAlgorithm writes SHA256-RSA as the array does: SHA256WITHRSA.
func signatureAlgorithm(algorithm x509.SignatureAlgorithm) string {
	name := algorithm.String()
	if hash, ok := strings.CutPrefix(name, "ECDSA-"); ok {
		return hash + "WITHECDSA"
	}
	return strings.ReplaceAll(name, "-", "WITH")
}

// nameTypes are the parts of a name that the array has words for.
var nameTypes = map[string]string{
	"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
}

// nameParts are the parts of a name. What the array has no word for it shows as encoded.
func nameParts(name pkix.Name) map[string]any {
	parts := map[string]any{}
	for _, part := range name.Names {
		if word, ok := nameTypes[part.Type.String()]; ok {
			parts[word] = fmt.Sprint(part.Value)
		} else if der, err := asn1.MarshalWithParams(part.Value, "ia5"); err == nil {
			parts[part.Type.String()] = base64.StdEncoding.EncodeToString(der)
		}
	}
	return parts
}

// keyStrength is the length of a key, and whether it is long enough.
func keyStrength(key crypto.PublicKey) (bits int, sufficient bool) {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen(), key.N.BitLen() >= rsaBits
	case *ecdsa.PublicKey:
		return key.Params().BitSize, key.Params().BitSize >= ecBits
	}
	return 0, false
}
