package infinibox

import (
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"
)

// SSO identity providers vouch for users, who have the roles of their groups. How they log in is in sso_login.go.

const (
	maxProviderName = 255
	maxSignOnURL    = 512
)

func newIdentityProviders() *collection {
	return newCollection(collection{
		path: "config/sso/idps", noun: "SSO identity provider", absent: "SSO_IDENTITY_PROVIDER_NOT_FOUND", command: "GetSsoIdentityProviders",
		taken: "SSO_IDENTITY_PROVIDER_NAME_CONFLICT", takenText: "An SSO identity provider named '%s' already exists", legal: checkProviderName,
		creation: by(administrators), updating: by(administrators), deletion: by(administrators),
		full: providersFull, check: checkProvider,
		checks: map[string]func(ch *change) error{
			"issuer": checkIssuer, "sign_on_url": checkSignOnURL, "signing_certificate": checkSigningCertificate,
		},
		stored: func(ch *change) {
			if !ch.after.bool("enabled") {
				ch.a.endSSOSessions(ch.after.id())
			}
		},
		keeps:  keepsProvider,
		delete: func(rq *request, provider Object) { rq.a.dropProvider(provider) },
	}, `
		id                         integer  filter sort
		name                       text     filter sort required update
		issuer                     text     filter sort required
		sign_on_url                text     filter sort required update
		enabled                    boolean  filter sort create update  =true
		signed_response            boolean  filter sort create update  =true
		signed_assertion           boolean  filter sort create update  =true
		signing_certificate        text     create update  =""
		signing_certificate_serial text
		signing_certificate_expiry integer
	`)
}

func (a *Array) ssoRoutes(r router) {
	r.serve(a, a.idps)
	base := "/" + a.idps.path
	r.root.add(http.MethodGet, base+"/links", route{open: true, lists: true, handle: a.providerLinks})
	r.open(http.MethodGet, base+"/{id}/authenticate", a.askProvider)
	r.open(http.MethodPost, "/users/login/sso", a.logInBySSO)
}

// checkProviderName is checkName for the longer names that identity providers may have.
func checkProviderName(name string) error {
	if n := len([]rune(name)); n < 1 || n > maxProviderName {
		return badRequest("INVALID_NAME_LENGTH", "Name must be of length between 1 and %d characters", maxProviderName)
	}
	return checkCharacters(name)
}

func providersFull(a *Array) error {
	if len(a.idps.objects) >= a.limits.IdentityProviders {
		return conflict("SSO_IDENTITY_PROVIDER_COUNT_LIMIT", "The maximum number of SSO identity providers has been reached. You cannot create another one")
	}
	return nil
}

// errProviderValue is for a value of an identity provider that is no good.
func errProviderValue(what, why string) error {
	return conflict("SSO_IDENTITY_PROVIDER_INVALID_VALUE", "The value of the SSO identity provider's %s is invalid. %s", what, why)
}

func checkIssuer(ch *change) error {
	issuer := ch.after.text("issuer")
	if issuer == "" {
		return errProviderValue("issuer", "Issuer must not be empty")
	}
	for _, other := range ch.a.idps.objects {
		if other.text("issuer") == issuer {
			return conflict("SSO_IDENTITY_PROVIDER_ISSUER_CONFLICT", "An SSO identity provider already exists for issuer '%s'", issuer)
		}
	}
	return nil
}

func checkSignOnURL(ch *change) error {
	switch url := ch.after.text("sign_on_url"); {
	case len(url) > maxSignOnURL:
		return errProviderValue("sign_on_url", "Sign on url value length must not exceed "+itoa(maxSignOnURL)+" characters")
	case !strings.HasPrefix(url, "https://"):
		return conflict("SSO_IDENTITY_PROVIDER_UNSECURED_LINK_URL", "The SSO identity provider's sign on URL must be an SSL link that starts with 'https://'")
	}
	return nil
}

// parseBareCertificate reads a certificate as identity providers give it: PEM, also without line breaks, or its base64 alone.
func parseBareCertificate(text string) (*x509.Certificate, error) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "-----BEGIN CERTIFICATE-----"), "-----END CERTIFICATE-----")
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// checkSigningCertificate checks a certificate, which the array keeps without white space, and reads what it shows of it.
func checkSigningCertificate(ch *change) error {
	text := strings.NewReplacer("\n", "", "\r", "").Replace(strings.TrimSpace(ch.after.text("signing_certificate")))
	ch.after["signing_certificate"] = text
	ch.after["signing_certificate_serial"], ch.after["signing_certificate_expiry"] = nil, nil
	if text == "" {
		return nil
	}
	certificate, err := parseBareCertificate(text)
	if err != nil {
		return errProviderValue("signing certificate", "Failed to create a valid certificate from the provided input")
	}
	ch.after["signing_certificate_serial"] = certificate.SerialNumber.String()
	ch.after["signing_certificate_expiry"] = int(certificate.NotAfter.UnixMilli())
	return nil
}

// signingOptions are what a provider signs, and the array verifies.
var signingOptions = []string{"signed_response", "signed_assertion"}

// checkProvider asks for approval of what is less safe than before, or logs users out.
func checkProvider(ch *change) error {
	for _, option := range signingOptions {
		if ch.after.bool(option) && ch.after.text("signing_certificate") == "" {
			return conflict("SSO_IDENTITY_PROVIDER_MISSING_SIGNING_CERTIFICATE", "The signing certificate for SSO identity provider '%s' is missing", ch.after.name())
		}
	}
	for _, option := range signingOptions {
		if !ch.after.bool(option) && (ch.isNew() || ch.before.bool(option)) {
			if err := ch.rq.needApproval("Disabling an SSO identity provider signing option will prevent verification of that signature during SSO user authentication"); err != nil {
				return err
			}
		}
	}
	if !ch.isNew() && ch.before.bool("enabled") && !ch.after.bool("enabled") {
		return ch.rq.needApproval("Disabling SSO identity provider '%s' will invalidate all its currently logged-in users", ch.before.name())
	}
	return nil
}

func (a *Array) groupsOfProvider(provider Object) []Object {
	return a.ssoGroups.where("idp_id", provider.id())
}

// keepsProvider refuses to delete a provider that a pool is owned through.
func keepsProvider(rq *request, provider Object) error {
	if err := rq.needApproval("Deleting SSO identity provider '%s' will invalidate all its currently logged-in users", provider.name()); err != nil {
		return err
	}
	for _, group := range rq.a.groupsOfProvider(provider) {
		for _, pool := range rq.a.pools.objects {
			if ownedBy(pool, group) {
				return conflict("CANNOT_REMOVE_SSO_IDENTITY_PROVIDER_WITH_MAPPED_GROUPS",
					"SSO identity provider '%s' contains groups with mapped pools. Remove the SSO user group '%s' and try again", provider.name(), group.name())
			}
		}
	}
	return nil
}

func (a *Array) dropProvider(provider Object) {
	for _, group := range a.groupsOfProvider(provider) {
		a.dropAccount(group)
	}
	a.remove(provider)
	a.endSSOSessions(provider.id())
}

func (a *Array) endSSOSessions(provider int) {
	a.endSessions(func(s *session) bool { return s.idp == provider })
}
