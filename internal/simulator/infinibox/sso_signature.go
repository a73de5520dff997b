package infinibox

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Signatures of XML are over its canonical form. The array's simulator takes documents that are in that form already,
// each signed element with its own namespaces, and verifies RSA with SHA-256.

// extent is where an element is in a document, from its first byte to behind its last.
type extent struct{ from, to int64 }

func (e extent) of(document []byte) []byte { return document[e.from:e.to] }

// signedElement is an element and the signature directly below it.
type signedElement struct {
	id                    string
	whole, signature      extent
	signedInfo            extent
	digest, value, refers string
	signatures            int
}

var errUnsigned = errors.New("there is no such element, or it has no signature of its own")

// findSigned reads the only element of a name, and the signature that is its child.
func findSigned(document []byte, name string) (*signedElement, error) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	found := &signedElement{}
	var path []string // of the element that is being read
	inside := 0       // how many of the path are not below the element that is looked for; 0 outside of it
	for {
		from := decoder.InputOffset()
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && found.whole.to > 0 && found.signatures == 1 {
			return found, nil
		}
		if err != nil {
			return nil, errUnsigned
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			if token.Name.Local == name {
				if found.id != "" {
					return nil, errUnsigned // of two, one could pass for the other
				}
				inside, found.whole.from, found.id = len(path), from, attribute(token, "ID")
				continue
			}
			found.begin(pathBelow(path, inside), from, token)
		case xml.CharData:
			found.text(pathBelow(path, inside), strings.TrimSpace(string(token)))
		case xml.EndElement:
			if inside == len(path) {
				found.whole.to, inside = decoder.InputOffset(), 0
			}
			found.end(pathBelow(path, inside), decoder.InputOffset())
			path = path[:len(path)-1]
		}
	}
}

// pathBelow is the path of an element below the one at a depth; empty outside of that.
func pathBelow(path []string, depth int) string {
	if depth == 0 {
		return ""
	}
	return strings.Join(path[depth:], "/")
}

func (s *signedElement) begin(path string, from int64, token xml.StartElement) {
	switch path {
	case "Signature":
		s.signature.from = from
		s.signatures++
	case "Signature/SignedInfo":
		s.signedInfo.from = from
	case "Signature/SignedInfo/Reference":
		s.refers = attribute(token, "URI")
	}
}

func (s *signedElement) text(path, text string) {
	switch path {
	case "Signature/SignedInfo/Reference/DigestValue":
		s.digest += text
	case "Signature/SignatureValue":
		s.value += text
	}
}

func (s *signedElement) end(path string, to int64) {
	switch path {
	case "Signature":
		s.signature.to = to
	case "Signature/SignedInfo":
		s.signedInfo.to = to
	}
}

func attribute(token xml.StartElement, name string) string {
	for _, a := range token.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// signedBy tells whether an element of a document is signed with the key of a certificate.
func signedBy(certificate *x509.Certificate, document []byte, name string) bool {
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return false
	}
	s, err := findSigned(document, name)
	if err != nil || s.refers != "#"+s.id || s.id == "" {
		return false
	}
	content := bytes.Join([][]byte{document[s.whole.from:s.signature.from], document[s.signature.to:s.whole.to]}, nil)
	sum := sha256.Sum256(content)
	if subtle.ConstantTimeCompare([]byte(base64.StdEncoding.EncodeToString(sum[:])), []byte(s.digest)) != 1 {
		return false
	}
	value, err := base64.StdEncoding.DecodeString(s.value)
	if err != nil {
		return false
	}
	hashed := sha256.Sum256(s.signedInfo.of(document))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, hashed[:], value) == nil
}
