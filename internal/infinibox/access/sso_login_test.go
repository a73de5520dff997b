package access_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The provider logs nobody in by SSO: that takes a browser. What it configures is what
// counts there: who is in a group of the identity provider logs in, with the group's role,
// as long as the group is there, and not without the signatures that are wanted.
func TestAccProviderLogsUsersIn(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	text, _ := certificates()
	cli := acctest.NewCLI(t)
	provider := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	okta := func(signed bool) string {
		return resource("sso_identity_provider", "okta", acctest.Attrs{
			"name": "okta", "issuer": "http://okta", "sign_on_url": "https://okta.example.com", "signing_certificate": text,
			"signed_response": signed, "signed_assertion": signed,
		})
	}
	group := resource("user_group", "dbas", acctest.Attrs{
		"type": "Sso", "name": "dbas", "role": "POOL_ADMIN", "sso_identity_provider_id": acctest.Expr("storage_infinibox_sso_identity_provider.okta.id"),
	})
	browser := func(want int) {
		t.Helper()
		if status, answer := signOn(t, b, "dbas"); status != want || want == http.StatusOK && !strings.Contains(answer, "POOL_ADMIN") {
			t.Errorf("the log-in ends with %d, want %d: %s", status, want, answer)
		}
	}
	cli.Apply(provider, okta(true), group).Succeeds(t)
	if at := sentTo(t, b, b.IDs("config/sso/idps")[0]); !strings.HasPrefix(at, "https://okta.example.com?SAMLRequest=") {
		t.Errorf("who is to log in is sent to %s", at)
	}
	browser(http.StatusForbidden)
	cli.Apply(provider, okta(false), group).Succeeds(t)
	browser(http.StatusOK)
	cli.Apply(provider, okta(false)).Succeeds(t)
	browser(http.StatusForbidden)
}

// sentTo is where the array sends a browser that wants to log in by an identity provider.
func sentTo(t *testing.T, b *acctest.InfiniBox, idp any) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/api/rest/config/sso/idps/%v/authenticate", b.Simulator.URL(), idp), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(request) // which follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.Header.Get("Location")
}

// signOn brings the array what an identity provider says of a user, without a signature:
// that joe is in a group.
func signOn(t *testing.T, b *acctest.InfiniBox, group string) (status int, answer string) {
	t.Helper()
	const issuer = `<Issuer>http://okta</Issuer>`
	response := fmt.Sprintf(`<Response>%s<Assertion>%s<Subject><NameID>joe@example.com</NameID></Subject><Conditions NotOnOrAfter="%s"/>`+
		`<AttributeStatement><Attribute Name="groups"><AttributeValue>%s</AttributeValue></Attribute></AttributeStatement></Assertion></Response>`,
		issuer, issuer, time.Now().Add(time.Hour).UTC().Format(time.RFC3339), group)
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(response))}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.Simulator.URL()+"/api/rest/users/login/sso", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, string(body)
}
