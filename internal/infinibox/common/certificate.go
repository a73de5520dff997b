package common

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Certificate is a fact that is a certificate in PEM form, alone or followed by those that
// signed it. The array shows the first of them, in its own line breaks.
func Certificate(name string) entity.Fact {
	return entity.Text(name).Ignoring(firstCertificate).AsWritten().Checked("a certificate in PEM form", func(text string) error {
		_, err := ParseCertificates(text)
		return err
	})
}

// PrivateKey is the key of the certificate that is called of, which goes along with it.
func PrivateKey(of string) entity.Fact {
	return entity.Secret("private_key", "").SentWith(of).Checked("a private key in PEM form", func(text string) error {
		block, _ := pem.Decode([]byte(text))
		for rest := []byte(text); block != nil && !strings.HasSuffix(block.Type, "PRIVATE KEY"); {
			block, rest = pem.Decode(rest)
		}
		switch {
		case block == nil:
			return errors.New("there is no private key in PEM form: it begins with -----BEGIN PRIVATE KEY-----, or with the kind of key in between")
		case strings.HasPrefix(block.Type, "ENCRYPTED"), block.Headers["DEK-Info"] != "":
			return errors.New("the private key is encrypted, and nothing tells the array its password: give it decrypted")
		}
		return nil
	})
}

// ParseCertificates reads the certificates of a PEM text, of which there must be one.
func ParseCertificates(text string) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return nil, errors.New("it holds a private key, which everybody who sees the plan or the state would see: that has an argument of its own")
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d of it is malformed: %w", len(chain)+1, err)
		}
		chain = append(chain, certificate)
	}
	if len(chain) == 0 {
		return nil, errors.New("there is no certificate in PEM form: it begins with -----BEGIN CERTIFICATE-----")
	}
	return chain, nil
}

// firstCertificate tells certificates apart by what they are, however they are written.
func firstCertificate(text string) string {
	chain, err := ParseCertificates(text)
	if err != nil {
		return text
	}
	sum := sha256.Sum256(chain[0].Raw)
	return hex.EncodeToString(sum[:])
}

// CertificateUpload is a certificate, with its key where it comes with one, in one file.
func CertificateUpload(part, file, certificate, key string) api.Upload {
	text := strings.TrimRight(certificate, "\n") + "\n"
	if key != "" {
		text += strings.TrimRight(key, "\n") + "\n"
	}
	return api.Upload{{Name: part, File: file, Content: text}}
}

// CheckCertificate refuses a plan to upload a certificate that is not good now, or whose
// key is another's.
func CheckCertificate(p *entity.Plan, name, key string) {
	chain, err := ParseCertificates(p.After.Text(name))
	if err != nil || !p.Changes(name) {
		return
	}
	now, ok := p.Session.Client.ServerTime()
	if !ok {
		now = time.Now()
	}
	first := chain[0]
	if now.Before(first.NotBefore) || now.After(first.NotAfter) {
		p.Refuse(name, "The certificate is not valid now",
			fmt.Sprintf("It is valid from %s to %s, and the array's clock shows %s.", day(first.NotBefore), day(first.NotAfter), day(now)))
	}
	if !p.Config.Known(key) {
		return
	}
	if _, err := tls.X509KeyPair([]byte(p.After.Text(name)), []byte(p.Config.Text(key))); err != nil {
		p.Refuse(name, "The certificate and the private key are no pair",
			"The certificate is of another key than the one in "+key+", or one of the two cannot be read. The certificate that belongs to the key comes first; those that signed it follow.")
	}
}

func day(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// CertificateFacts are what the array tells of a certificate of its own: what stays as
// long as the certificate does, and what only data sources have. Sources are the facts
// whose change makes it another one.
func CertificateFacts(sources ...string) entity.Facts {
	stays := func(f entity.Fact) entity.Fact { return f.Lasting().ChosenAnewWith(sources...) }
	return entity.Facts{
		stays(name("issued_to")).Doc("Whom the certificate is made out to, such as `CN=ibox1.example.com,O=Example`."),
		stays(name("issued_by")).Doc("Who signed it."),
		stays(entity.Text("serial_number").Field("certificate.serial_number")).Doc("The number that its issuer gave it, in hexadecimal."),
		stays(entity.Moment("issued_on").Field("certificate.issued_on")).Doc("From when on it is valid."),
		stays(entity.Moment("expires_on").Field("certificate.expires_on")).Doc("Until when it is valid. A `check` can warn before that."),

		entity.Bool("expired").Field("certificate.expired").Doc("Whether that time is over."),
		entity.Text("signature_algorithm").Field("certificate.signature_algorithm").Doc("How it is signed, such as `SHA256WITHRSA`."),
		entity.Integer("version").Field("certificate.version").Doc("The version of X.509 that it follows."),
		entity.Text("public_key").Field("public_key.raw").Doc("Its public key, in PEM form."),
		entity.Text("public_key_algorithm").Field("public_key.algorithm").Doc("Of what kind the key is, such as `RSA`."),
		entity.Text("public_key_modulus").Field("public_key.modulus").Doc("The modulus of an RSA key, in hexadecimal."),
	}
}

// name is a fact that the array tells part by part, written as certificates are.
func name(field string) entity.Fact {
	path := "certificate." + field
	return entity.Text(field).Field(path).From(func(o api.Object) any {
		value, _ := api.FieldOf(o, path)
		parts, ok := value.(api.Object)
		if !ok {
			return nil
		}
		var known []string
		for _, part := range []string{"CN", "OU", "O", "L", "ST", "C"} {
			if text, ok := parts[part].(string); ok {
				known = append(known, part+"="+text)
			}
		}
		return strings.Join(known, ",")
	})
}

// SelfSigned reports whether a certificate is signed by whom it is made out to.
func SelfSigned(o api.Object) any {
	to, ok := api.FieldOf(o, "certificate.issued_to")
	by, _ := api.FieldOf(o, "certificate.issued_by")
	if !ok {
		return nil
	}
	return reflect.DeepEqual(to, by)
}
