package infinibox

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// trusting is a transport that trusts one CA, and makes each connection anew.
func trusting(ca string) http.RoundTripper {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(ca))
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}
}

// reaches tells whether a client that trusts a CA gets an answer.
func reaches(s *Simulator, ca string) bool {
	answer, err := (&http.Client{Transport: trusting(ca)}).Get(s.URL() + "/api/rest/system/ping")
	if err == nil {
		_ = answer.Body.Close()
	}
	return err == nil
}

// uploads sends a file and returns the certificate that the array has then.
func uploads(t *testing.T, s *Simulator, ca, path, field, content string) string {
	t.Helper()
	body, contentType := form(field, content)
	header := basic()
	header.Set("Content-Type", contentType)
	status, answer := ask(t, &http.Client{Transport: trusting(ca)}, "POST", s.URL()+"/api/rest/"+path, body, header)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, answer)
	}
	var described struct {
		Result struct{ Certificate struct{ Raw string } }
	}
	if err := json.Unmarshal([]byte(answer), &described); err != nil {
		t.Fatal(err)
	}
	return described.Result.Certificate.Raw
}

// TestNewCertificatesAreServed replaces the certificate in every way, over TLS that is verified each time.
func TestNewCertificatesAreServed(t *testing.T) {
	s := Start(t, Options{TLS: true})
	first, ca := s.CACertificate(), pemText("CERTIFICATE", testCA().certificate.Raw)
	if !reaches(s, first) || reaches(s, ca) {
		t.Fatal("the first certificate is not the one of the server")
	}
	open := &http.Client{Transport: &http.Transport{TLSClientConfig: trusting(first).(*http.Transport).TLSClientConfig}}
	ask(t, open, "GET", s.URL()+"/api/rest/system/ping", "", nil)

	own := must(t, s, "POST", "system/certificates/generate_self_signed", nil)["certificate"].(values)
	expect(t, own, values{"issued_by": own["issued_to"], "version": 3, "expired": false, "signature_algorithm": "SHA256WITHRSA"})
	if reaches(s, first) || !reaches(s, own["raw"].(string)) {
		t.Error("the self-signed certificate is not served")
	}
	if status, _ := ask(t, open, "GET", s.URL()+"/api/rest/system/ping", "", nil); status != http.StatusOK {
		t.Errorf("a connection that was open: %d", status)
	}

	raw := uploads(t, s, own["raw"].(string), "system/certificates", "file", uploadable(nil, "PAIR"))
	if reaches(s, own["raw"].(string)) || !reaches(s, ca) {
		t.Error("the uploaded certificate is not served")
	}
	if listed := listed(t, s, "system/certificates")[0].(values)["certificate"].(values); listed["raw"] != raw {
		t.Errorf("the array shows another certificate: %v", listed)
	}
	expect(t, must(t, s, "GET", "system/security", nil)["fips_best_practice"].(values), values{"certificate_strength": 256, "is_certificate_strength_sufficient": true})

	_, text, err := s.Do("POST", "system/certificates/generate_csr", values{
		"SANDNS": []string{"*.example.com"}, "C": "IL", "SANIP": "", "L": "Location", "ST": "State",
	})
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(text.(string)))
	asked, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || asked.CheckSignature() != nil {
		t.Fatalf("the request: %v", err)
	}
	if asked.Subject.String() != "CN=simulator.example.com,O=Infinidat\\, Ltd.,L=Location,ST=State,C=IL" || !slices.Equal(asked.DNSNames, []string{"*.example.com"}) || len(asked.IPAddresses) == 0 {
		t.Errorf("the request asks for %v %v %v", asked.Subject, asked.DNSNames, asked.IPAddresses)
	}
	if !reaches(s, ca) {
		t.Error("a request changed the certificate")
	}
	for range 2 { // a request can be signed again, before the certificate expires
		raw = uploads(t, s, ca, "system/certificates/upload_csr", "upload", testCA().sign(asked.PublicKey, time.Now().Add(time.Hour)))
		certificate, err := parseCertificates([]byte(raw))
		if err != nil || !reaches(s, ca) {
			t.Fatalf("the signed certificate is not served: %v", err)
		}
		if key, ok := asked.PublicKey.(interface{ Equal(crypto any) bool }); ok && !key.Equal(certificate[0].PublicKey) {
			t.Error("another key is served")
		}
	}
	s.Advance(2 * time.Hour)
	expect(t, listed(t, s, "system/certificates")[0].(values)["certificate"].(values), values{"expired": true})
}

func TestCertificatesHaveTheFieldsOfTheReference(t *testing.T) {
	a := world(t, Options{})
	documented := documentedFields(t, "fields_certificates.json")
	whole := call(t, a, "POST", "system/certificates/generate_self_signed", "").(map[string]any)
	checkFields(t, "generated", documented["certificate"], whole)
	checkFields(t, "the certificate", documented["certificate_itself"], whole["certificate"])
	checkFields(t, "the key", documented["public_key"], whole["public_key"])
	expect(t, whole["certificate"].(map[string]any)["issued_to"].(map[string]any), values{"C": "US", "O": vendor})
	if modulus := whole["public_key"].(map[string]any)["modulus"].(string); len(modulus) != rsaBits/4 || strings.ToUpper(modulus) != modulus {
		t.Errorf("modulus %s", modulus)
	}
	expect(t, first(call(t, a, "GET", "system/certificates", "")).(map[string]any), whole)
}
