package infinibox

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// identityProvider signs responses as a real one does.
type identityProvider struct {
	key         *rsa.PrivateKey
	certificate string // PEM
}

func newIdentityProvider(t *testing.T) *identityProvider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1677051215880), NotBefore: time.Now(), NotAfter: time.UnixMilli(1992670415000)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &identityProvider{key, pemText("CERTIFICATE", der)}
}

// sign puts a signature at the mark of an element.
func (p *identityProvider) sign(t *testing.T, element, id string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(strings.Replace(element, "SIGNATURE-"+id, "", 1)))
	info := fmt.Sprintf(`<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Reference URI="#%s"><ds:DigestValue>%s</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
		id, base64.StdEncoding.EncodeToString(sum[:]))
	hashed := sha256.Sum256([]byte(info))
	value, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, hashed[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := fmt.Sprintf(`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">%s<ds:SignatureValue>%s</ds:SignatureValue></ds:Signature>`,
		info, base64.StdEncoding.EncodeToString(value))
	return strings.Replace(element, "SIGNATURE-"+id, signature, 1)
}

// response says that joe is in a group, signed as a whole and in its part.
func (p *identityProvider) response(t *testing.T, group string, until time.Time) string {
	t.Helper()
	assertion := p.sign(t, fmt.Sprintf(`<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a"><saml:Issuer>http://okta</saml:Issuer>SIGNATURE-_a`+
		`<saml:Subject><saml:NameID>joe@example.com</saml:NameID></saml:Subject><saml:Conditions NotOnOrAfter="%s"></saml:Conditions>`+
		`<saml:AttributeStatement><saml:Attribute Name="groups"><saml:AttributeValue>everyone</saml:AttributeValue><saml:AttributeValue>%s</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`+
		`</saml:Assertion>`, until.UTC().Format(samlFormat), group), "_a")
	return p.sign(t, `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">http://okta</saml:Issuer>SIGNATURE-_r`+
		assertion+`</samlp:Response>`, "_r")
}

// brings logs in with a response.
func (b somebody) brings(t *testing.T, response string, want int) string {
	t.Helper()
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(response))}}
	status, answer := b.asks(t, "POST", "users/login/sso", form.Encode())
	if status != want {
		t.Errorf("%d, want %d: %s", status, want, answer)
	}
	return answer
}

func TestUsersLogInBySSO(t *testing.T) {
	s, okta := Start(t, Options{}), newIdentityProvider(t)
	provider := must(t, s, "POST", "config/sso/idps", values{
		"name": "okta", "issuer": "http://okta", "sign_on_url": "https://okta.example.com/app?x=1", "signing_certificate": okta.certificate,
	})
	expect(t, provider, values{
		"id": 1000, "enabled": true, "signed_response": true, "signed_assertion": true,
		"signing_certificate":        strings.ReplaceAll(okta.certificate, "\n", ""),
		"signing_certificate_serial": "1677051215880", "signing_certificate_expiry": 1992670415000,
	})
	must(t, s, "POST", "users", values{"type": "Sso", "name": "admins", "idp_id": 1000, "role": "ADMIN"})

	b := browser(s)
	_, links := b.asks(t, "GET", "config/sso/idps/links", "")
	if !strings.Contains(links, `"sign_on_url":"/api/rest/config/sso/idps/1000/authenticate"`) {
		t.Fatalf("links: %s", links)
	}
	answer, err := b.Get(s.URL() + "/api/rest/config/sso/idps/1000/authenticate")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	target, err := answer.Location()
	if err != nil || answer.StatusCode != http.StatusFound || target.Host != "okta.example.com" || target.Query().Get("x") != "1" {
		t.Fatalf("%d %v %v", answer.StatusCode, target, err)
	}
	deflated, err := base64.StdEncoding.DecodeString(target.Query().Get("SAMLRequest"))
	if err != nil {
		t.Fatal(err)
	}
	if asked, err := io.ReadAll(flate.NewReader(bytes.NewReader(deflated))); err != nil || !bytes.Contains(asked, []byte("AuthnRequest")) {
		t.Errorf("the request: %s %v", asked, err)
	}

	soon := time.Now().Add(time.Hour)
	good := okta.response(t, "admins", soon)
	for what, response := range map[string]string{
		"another's signature": newIdentityProvider(t).response(t, "admins", soon),
		"a changed assertion": strings.Replace(good, "joe@", "ann@", 1),
		"a changed group":     strings.Replace(okta.response(t, "guests", soon), "guests", "admins", 1),
		"too late":            okta.response(t, "admins", time.Now().Add(-time.Hour)),
		"no known group":      okta.response(t, "guests", soon),
		"another issuer":      strings.ReplaceAll(good, "http://okta", "http://evil"),
		"a second assertion":  strings.Replace(good, "</samlp:Response>", `<Assertion ID="_b"></Assertion></samlp:Response>`, 1),
		"no signature":        `<Response ID="_r"><Issuer>http://okta</Issuer></Response>`,
	} {
		t.Run(what, func(t *testing.T) { b.brings(t, response, http.StatusForbidden) })
	}
	b.brings(t, "", http.StatusBadRequest)
	b.brings(t, "<", http.StatusBadRequest)

	logIn := func() {
		t.Helper()
		if said := b.brings(t, good, http.StatusOK); !strings.Contains(said, `"name":"joe@example.com","roles":["ADMIN"],"user_objects":null`) {
			t.Errorf("%s", said)
		}
		b.may(t, "GET", "users/1001", "", http.StatusOK)
	}
	for _, end := range []func(){
		func() {
			must(t, s, "PUT", "config/sso/idps/1000", values{"enabled": false})
			b.brings(t, good, http.StatusForbidden)
			must(t, s, "PUT", "config/sso/idps/1000", values{"enabled": true})
		},
		func() {
			must(t, s, "DELETE", "users/1001", nil)
			must(t, s, "POST", "users", values{"type": "Sso", "name": "admins", "idp_id": 1000, "role": "ADMIN"})
			must(t, s, "DELETE", "users/1002", nil)
		},
	} {
		logIn()
		end()
		b.may(t, "GET", "pools", "", http.StatusUnauthorized)
	}
	must(t, s, "POST", "users", values{"type": "Sso", "name": "admins", "idp_id": 1000, "role": "ADMIN"})
	b.brings(t, good, http.StatusOK)
	must(t, s, "DELETE", "config/sso/idps/1000", nil)
	b.may(t, "GET", "pools", "", http.StatusUnauthorized)
}

func TestIdentityProvidersHaveTheFieldsOfTheReference(t *testing.T) {
	a := world(t, Options{})
	call(t, a, "POST", "config/sso/idps", `{"name":"okta","issuer":"http://okta","sign_on_url":"https://okta.example.com/x","signed_response":false,"signed_assertion":false}`)
	checkAnswers(t, a, documentedFields(t, "fields_sso.json"), map[string][]string{
		"identity_provider":      {"config/sso/idps/1014", "config/sso/idps"},
		"identity_provider_link": {"config/sso/idps/links"},
	})
}
