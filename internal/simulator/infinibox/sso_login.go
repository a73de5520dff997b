package infinibox

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"encoding/base64"
	"encoding/xml"
	"net/url"
	"time"
)

// Users log in by SSO with a browser: the array sends it to the identity provider, which sends it back with a response
// that says who its user is and what groups he is in. The reference names the operations and no more; what they carry
// is SAML 2.0, with its bindings for browsers.

// groupsAttribute is the attribute of an assertion that has the groups of its user.
const groupsAttribute = "groups"

// samlFormat is how SAML writes moments.
const samlFormat = "2006-01-02T15:04:05Z"

// redirect is a result that sends a browser elsewhere.
type redirect struct{ url string }

// providerLinks lists where users may log in, for who is not logged in yet.
func (a *Array) providerLinks(rq *request) (any, error) {
	links := []any{}
	for _, provider := range a.idps.all() {
		if provider.bool("enabled") {
			links = append(links, map[string]any{
				"id": provider.id(), "name": provider.name(), "sign_on_url": root + "/" + a.idps.path + "/" + itoa(provider.id()) + "/authenticate",
			})
		}
	}
	return plain(rq, "GetSsoIdentityProvidersLinks", links)
}

// askProvider sends a browser to the identity provider with a request to say who its user is.
func (a *Array) askProvider(rq *request) (any, error) {
	provider, err := a.idps.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if !provider.bool("enabled") {
		return nil, errBadUser
	}
	target, err := url.Parse(provider.text("sign_on_url"))
	if err != nil {
		return nil, errBadUser
	}
	query := target.Query()
	query.Set("SAMLRequest", a.authenticationRequest())
	target.RawQuery = query.Encode()
	return redirect{target.String()}, nil
}

// authenticationRequest is a request as it goes in a URL: deflated, in base64.
func (a *Array) authenticationRequest() string {
	var deflated bytes.Buffer
	w, _ := flate.NewWriter(&deflated, flate.BestCompression)
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol AuthnRequest"`
		ID      string   `xml:"ID,attr"`
		Version string   `xml:"Version,attr"`
		Instant string   `xml:"IssueInstant,attr"`
		Answer  string   `xml:"AssertionConsumerServiceURL,attr"`
		Issuer  string   `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
	}{
		ID: "_" + rand.Text(), Version: "2.0", Instant: time.UnixMilli(int64(a.clock())).UTC().Format(samlFormat),
		Answer: root + "/users/login/sso", Issuer: a.systemName,
	})
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(deflated.Bytes())
}

// samlResponse is what the array reads of a response.
type samlResponse struct {
	Issuer    string `xml:"Issuer"`
	Assertion struct {
		Issuer     string `xml:"Issuer"`
		Name       string `xml:"Subject>NameID"`
		Conditions struct {
			NotBefore    string `xml:"NotBefore,attr"`
			NotOnOrAfter string `xml:"NotOnOrAfter,attr"`
		} `xml:"Conditions"`
		Attributes []struct {
			Name   string   `xml:"Name,attr"`
			Values []string `xml:"AttributeValue"`
		} `xml:"AttributeStatement>Attribute"`
	} `xml:"Assertion"`
}

// logInBySSO takes the response that a browser brings from an identity provider, and opens a session.
func (a *Array) logInBySSO(rq *request) (any, error) {
	form, err := url.ParseQuery(string(rq.body))
	if err != nil {
		return nil, errMalformed
	}
	document, err := base64.StdEncoding.DecodeString(form.Get("SAMLResponse"))
	if err != nil || len(document) == 0 {
		return nil, errMalformed
	}
	var response samlResponse
	if err := xml.Unmarshal(document, &response); err != nil {
		return nil, errMalformed
	}
	provider := a.providerOf(response.Issuer)
	if provider == nil || !a.trusts(provider, document, &response) {
		return nil, errBadUser
	}
	user := a.member(response.Assertion.Name, a.groupsNamed(provider, &response))
	if user == nil || user.name() == "" {
		return nil, errBadUser
	}
	return a.openSession(rq, user, provider.id(), ""), nil
}

// providerOf is the enabled identity provider that an issuer is, or nil.
func (a *Array) providerOf(issuer string) Object {
	for _, provider := range a.idps.objects {
		if provider.text("issuer") == issuer && provider.bool("enabled") {
			return provider
		}
	}
	return nil
}

// trusts tells whether a response is of now, and signed as the array was told that the provider signs.
func (a *Array) trusts(provider Object, document []byte, response *samlResponse) bool {
	now := time.UnixMilli(int64(a.clock()))
	if from, err := time.Parse(time.RFC3339, response.Assertion.Conditions.NotBefore); err == nil && now.Before(from) {
		return false
	}
	until, err := time.Parse(time.RFC3339, response.Assertion.Conditions.NotOnOrAfter)
	if err != nil || !now.Before(until) || response.Assertion.Issuer != response.Issuer {
		return false
	}
	for option, element := range map[string]string{"signed_response": "Response", "signed_assertion": "Assertion"} {
		if !provider.bool(option) {
			continue
		}
		certificate, err := parseBareCertificate(provider.text("signing_certificate"))
		if err != nil || !signedBy(certificate, document, element) {
			return false
		}
	}
	return true
}

// groupsNamed are the groups of a provider that a response names.
func (a *Array) groupsNamed(provider Object, response *samlResponse) []Object {
	var groups []Object
	for _, attribute := range response.Assertion.Attributes {
		if attribute.Name != groupsAttribute {
			continue
		}
		for _, group := range a.groupsOfProvider(provider) {
			if hasFold(attribute.Values, group.name()) {
				groups = append(groups, group)
			}
		}
	}
	return groups
}
