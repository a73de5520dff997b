package common

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

var (
	countryCode = regexp.MustCompile(`^[A-Z]{2}$`)
	domainName  = regexp.MustCompile(`^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
)

// CertificateRequest is a request for a certificate whose key the array makes, and never
// gives away. It is made at PATH/generate_csr and told once.
func CertificateRequest(kind, path, doc string) entity.Kind {
	return entity.Kind{
		System:   System,
		Name:     kind,
		Path:     path + "/generate_csr",
		Doc:      doc,
		Presence: entity.ToldOnce,
		Identity: entity.Identity{Import: entity.Import{Forms: "the text of the request, in PEM form", Told: requested}},
		Creation: entity.Creation{Answer: func(_ entity.Values, answer any) (api.Object, error) {
			text, ok := answer.(string)
			if !ok {
				return nil, fmt.Errorf("the array answered %T where a request for a certificate was expected", answer)
			}
			return requested(text) // which has also what the array chose where the user did not say it
		}},
		Facts: entity.Facts{
			entity.Text("id").Lasting().Doc("The SHA-256 of the request's public key."),
			part("country", "C").Matching(countryCode, "the two capital letters of ISO 3166, such as IL").Doc("The country, by its two capital letters."),
			part("province", "ST").Doc("The state or province."),
			part("locality", "L").Doc("The city."),
			part("organization", "O").Doc("The organization; the array's vendor where it is not set."),
			part("organizational_unit", "OU").Doc("The department."),
			part("common_name", "CN").Doc("The name that it is made out to; the array's own where it is not set."),
			entity.Texts("dns_names", nil).Field("SANDNS").Defaulted().NotEmpty().Checked("a domain name", checkDomain).
				Doc("The names that the array is reached at; the first label may be `*`. Its own where they are not set."),
			entity.Texts("ip_addresses", plainIP).Field("SANIP").Defaulted().NotEmpty().Checked("an IP address", checkIP).
				Doc("The addresses that the array is reached at. Its own where they are not set."),
			entity.Text("certificate_request").Lasting().
				Doc("The request, in PEM form: what an authority signs, such as by `tls_locally_signed_cert` of the `tls` provider."),
		},
	}
}

// part is a part of a request's name.
func part(name, field string) entity.Fact {
	return entity.Text(name).Field(field).Defaulted().LongestOf(64)
}

func checkDomain(name string) error {
	if !domainName.MatchString(name) {
		return fmt.Errorf("%q is no domain name", name)
	}
	return nil
}

func checkIP(text string) error {
	if net.ParseIP(text) == nil {
		return fmt.Errorf("%q is no IP address", text)
	}
	return nil
}

func plainIP(text string) string {
	if ip := net.ParseIP(text); ip != nil {
		return ip.String()
	}
	return text
}

// requested is what a request asks for.
func requested(text string) (api.Object, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || !strings.HasSuffix(block.Type, "CERTIFICATE REQUEST") {
		return nil, errors.New("there is no request in PEM form: it begins with -----BEGIN CERTIFICATE REQUEST-----")
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the request is malformed: %w", err)
	}
	sum := sha256.Sum256(request.RawSubjectPublicKeyInfo)
	subject := request.Subject
	return api.Object{
		"id": hex.EncodeToString(sum[:]), "certificate_request": text,
		"C": first(subject.Country), "ST": first(subject.Province), "L": first(subject.Locality),
		"O": first(subject.Organization), "OU": first(subject.OrganizationalUnit), "CN": first([]string{subject.CommonName}),
		"SANDNS": listed(request.DNSNames), "SANIP": listed(request.IPAddresses),
	}, nil
}

// first is the first of some texts; nil where there is none.
func first(texts []string) any {
	if len(texts) == 0 || texts[0] == "" {
		return nil
	}
	return texts[0]
}

// listed is a list as an answer has it.
func listed[T any](values []T) []any {
	all := make([]any, len(values))
	for i, value := range values {
		all[i] = fmt.Sprint(value)
	}
	return all
}

// UploadSigned is where the certificate that was made for a request goes.
func UploadSigned(path string) api.Request {
	return api.Request{Method: http.MethodPost, Path: path + "/upload_csr"}
}
