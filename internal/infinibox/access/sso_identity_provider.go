package access

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const identityProviders = "config/sso/idps"

// unverified is why it is dangerous to do without a signature.
const unverified = "The array no longer verifies that signature: whoever can forge what the identity provider says of a user can log in as that user."

// SSOIdentityProvider vouches for users, who log in to the array by their groups.
var SSOIdentityProvider = entity.Kind{
	System: common.System,
	Name:   "sso_identity_provider",
	Plural: "sso_identity_providers",
	Noun:   "SSO identity provider",
	Path:   identityProviders,
	Doc: "An SSO (SAML) identity provider, such as Okta, which vouches for users. They log in to the array's user interface by the groups that `storage_infinibox_user_group` gives a role. " +
		"The log-in itself is between a browser, the provider and the array.",
	Planning: entity.Planning{Check: checkProvider},
	Deletion: entity.Deletion{
		Danger: "All users who are logged in through it are logged out and cannot log in again, and its groups are deleted with it.",
		Loses:  groupsOfProvider,
	},
	Explain: explainProvider,
	Facts: entity.Facts{
		entity.ID(),
		common.Named(entity.Name(255)).Doc("The name: 1 to 255 ASCII letters, digits, spaces, `-`, `_` and `.`."),
		entity.Text("issuer").Required().OncePer().Queryable().Checked("an issuer", notEmpty).
			Doc("What the identity provider calls itself: the issuer, or entity id, of its metadata. No two have the same."),
		entity.Text("sign_on_url").Required().Mutable().Queryable().LongestOf(512).Checked("a URL of HTTPS", checkSignOn).
			Doc("Where users sign on at the identity provider: a URL of HTTPS."),
		entity.Text("signing_certificate").Defaulted().Mutable().Ignoring(normalCertificate).Checked("a certificate", checkCertificate).
			Doc("The certificate by which the array verifies the identity provider's signatures: PEM, or its Base64 text alone. Line breaks do not matter. `\"\"` is none, which takes `signed_response` and `signed_assertion` to be `false`."),
		entity.Bool("signed_response").Defaulted().Mutable().Queryable().Danger(unverified, without("signed_response")).
			Doc("Whether responses have to be signed."),
		entity.Bool("signed_assertion").Defaulted().Mutable().Queryable().Danger(unverified, without("signed_assertion")).
			Doc("Whether assertions, which say who the user is, have to be signed."),
		entity.Bool("enabled").Defaulted().Mutable().Queryable().
			Danger("All users who are logged in through it are logged out, and cannot log in until it is enabled.", entity.Becomes(false)).
			Doc("Whether users can log in through it."),
		entity.Text("signing_certificate_serial").Lasting().ChosenAnewWith("signing_certificate").Doc("The certificate's serial number."),
		entity.Moment("signing_certificate_expiry").Lasting().ChosenAnewWith("signing_certificate").Doc("When the certificate expires."),
	},
}

// without is a provider that need not sign, also where it is a new one.
func without(option string) entity.Condition {
	return entity.When("set it to `false`", func(_, after entity.Values) bool { return after.Known(option) && !after.Bool(option) })
}

func notEmpty(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("it is empty")
	}
	return nil
}

func checkSignOn(s string) error {
	if !strings.HasPrefix(s, "https://") {
		return fmt.Errorf("%q does not begin with https://, and the array sends users to no other", s)
	}
	return nil
}

// normalCertificate is what of a certificate's text matters: neither the PEM frame nor
// white space.
func normalCertificate(text string) string {
	text = strings.NewReplacer("-----BEGIN CERTIFICATE-----", "", "-----END CERTIFICATE-----", "").Replace(text)
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

func checkCertificate(text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if strings.Count(text, "-----BEGIN ") > 1 || strings.Contains(text, "PRIVATE KEY") {
		return errors.New("it takes one certificate, and nothing else")
	}
	der, err := base64.StdEncoding.DecodeString(normalCertificate(text))
	if err != nil {
		return errors.New("that is no certificate: it is neither PEM nor Base64")
	}
	if _, err := x509.ParseCertificate(der); err != nil {
		return errors.New("that is no certificate: what its Base64 text holds is none")
	}
	return nil
}

func checkProvider(_ context.Context, p *entity.Plan) {
	if p.After == nil || p.After.Unknown("signing_certificate") && !p.Config.Null("signing_certificate") {
		return
	}
	if strings.TrimSpace(p.After.Text("signing_certificate")) != "" {
		return
	}
	for _, option := range []string{"signed_response", "signed_assertion"} {
		if p.After.Bool(option) && (p.Changes(option) || p.Changes("signing_certificate")) {
			p.Refuse("signing_certificate", "Without a certificate no signature can be verified",
				fmt.Sprintf("%s is true. Set signing_certificate to the identity provider's certificate.", option))
			return
		}
	}
}

// groupsOfProvider names the groups that go with an identity provider.
func groupsOfProvider(ctx context.Context, s *entity.Session, provider entity.Values) []string {
	return groupsOf(ctx, s, "users/sso_groups", "idp_id", provider)
}

// explainProvider says what keeps an identity provider from being deleted, and what one
// without a certificate lacks.
func explainProvider(ctx context.Context, s *entity.Session, provider entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "SSO_IDENTITY_PROVIDER_MISSING_SIGNING_CERTIFICATE":
		return "Responses and assertions have to be signed unless signed_response and signed_assertion say otherwise. Set signing_certificate to the identity provider's certificate."
	case "CANNOT_REMOVE_SSO_IDENTITY_PROVIDER_WITH_MAPPED_GROUPS":
		var owned []string
		for _, group := range common.Collect(ctx, s, "users/sso_groups", api.Query{}) {
			if fmt.Sprint(group["idp_id"]) != provider.ID("id") {
				continue
			}
			for _, pool := range common.Collect(ctx, s, api.Path(accounts, group["id"], "pools"), api.Query{Fields: []string{"id", "name"}}) {
				owned = append(owned, fmt.Sprintf("pool %q by the group %q", pool["name"], group["name"]))
			}
		}
		return "Its groups own pools: " + common.Few(owned) + ". Take the groups out of the owners of these pools first."
	}
	return ""
}
