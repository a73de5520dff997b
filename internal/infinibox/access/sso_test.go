package access_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// certificates are two of an identity provider, as PEM: the same in all tests, so that
// trials can be compared.
var certificates = sync.OnceValues(func() (one, two string) { return certificate(1), certificate(4711) })

func certificate(serial int64) string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // of the tests' own
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "okta"}, NotAfter: time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err) // of the tests' own
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// bare is a certificate without the frame and the line breaks of PEM.
func bare(text string) string {
	block, _ := pem.Decode([]byte(text))
	return base64.StdEncoding.EncodeToString(block.Bytes)
}

func providers(t *testing.T) acctest.Suite {
	b := acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
	name := acctest.Name(b)
	issuer := acctest.Own(func(label string, _ int) any { return "http://" + label })
	one, two := certificates()
	least := acctest.Attrs{"name": name, "issuer": issuer, "sign_on_url": "https://okta.example.com", "signing_certificate": one}
	const url = "config/sso/idps"
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_sso_identity_provider", Plural: "sso_identity_providers", Path: url,
		Deleting:   "All users who are logged in through it are logged out",
		Least:      least,
		Most:       least.With(acctest.Attrs{"signed_response": true, "signed_assertion": true, "enabled": false}),
		Unverified: map[string]string{"signing_certificate": "the array answers without the frame and the line breaks of PEM"},
		Changes: map[string]acctest.Change{
			"name":                {Through: []any{name, b.Name("renamed")}, Drift: put(url, "name", b.Name("drifted"))},
			"issuer":              {Through: []any{"http://before", "http://after"}, Replaces: true},
			"sign_on_url":         {Through: []any{"https://one.example.com", "https://two.example.com"}, Drift: put(url, "sign_on_url", "https://drifted.example.com")},
			"signing_certificate": {Through: []any{one, two}, Drift: put(url, "signing_certificate", bare(one))},
			"signed_response":     {Through: []any{true, false, true}, Danger: "no longer verifies that signature", Drift: put(url, "signed_response", false)},
			"signed_assertion":    {Through: []any{true, false, true}, Danger: "no longer verifies that signature", Drift: put(url, "signed_assertion", false)},
			"enabled":             {Through: []any{true, false, true}, Danger: "cannot log in until it is enabled", Drift: put(url, "enabled", false)},
		},
		Bad: []acctest.Bad{
			bad("name", "", "1 to 255 characters"),
			bad("name", "a*b", "characters that are not allowed"),
			bad("issuer", " ", "It is empty"),
			bad("sign_on_url", "http://okta.example.com", "does not begin with https://"),
			bad("sign_on_url", "https://"+strings.Repeat("x", 512), "1 to 512 characters"),
			bad("signing_certificate", "nonsense!", "neither PEM nor Base64"),
			bad("signing_certificate", "bm9uc2Vuc2U=", "what its Base64 text holds is none"),
			bad("signing_certificate", one+two, "one certificate"),
			{Attribute: "signing_certificate", Says: "no signature can be verified", Set: acctest.Attrs{"signing_certificate": "", "signed_response": true, "signed_assertion": false, "approved": true}},
		},
	}
}

// A certificate's text is compared by what it means, and what the array reads of it is
// told; one without signatures wants approval also where it is new.
func TestAccProviderCertificate(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	_, text := certificates()
	config := func(more acctest.Attrs) string {
		return resource("sso_identity_provider", "p", acctest.Attrs{
			"name": "okta", "issuer": "http://okta", "sign_on_url": "https://okta.example.com", "signing_certificate": text,
		}.With(more))
	}
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	cli.Apply(provider, config(nil), "output \"serial\" {\n  value = storage_infinibox_sso_identity_provider.p.signing_certificate_serial\n}\n").Succeeds(t)
	if serial := b.Must("GET", fmt.Sprintf("config/sso/idps/%v", b.IDs("config/sso/idps")[0]), nil)["signing_certificate_serial"]; serial != "4711" {
		t.Errorf("the serial is %v", serial)
	}
	for _, spelling := range []string{bare(text), "\n" + text + "\n", strings.ReplaceAll(text, "\n", "")} {
		cli.Plan(provider, config(acctest.Attrs{"signing_certificate": spelling})).Succeeds(t).Plans(t, map[string]string{})
	}
	unsigned := acctest.Attrs{"signing_certificate": "", "signed_response": false, "signed_assertion": false}
	cli.Plan(provider, config(unsigned)).Refuses(t, "no longer verifies that signature", "approved = true")
	acctest.NewCLI(t).Plan(provider, config(unsigned.With(acctest.Attrs{"name": "new", "issuer": "new"}))).Refuses(t, "Creating with signed_response", "no longer verifies that signature")
	acctest.NewCLI(t).Apply(provider, config(acctest.Attrs{"name": "new", "issuer": "new", "signing_certificate": nil})).Refuses(t, "SSO_IDENTITY_PROVIDER_MISSING_SIGNING_CERTIFICATE", "Set signing_certificate")
	cli.Apply(provider, config(unsigned.With(acctest.Attrs{"approved": true}))).Succeeds(t)
	cli.Plan(provider, config(unsigned.With(acctest.Attrs{"approved": true}))).Succeeds(t).Plans(t, map[string]string{})
}

// A provider whose groups own pools is kept, and the error says which.
func TestAccProviderWithGroups(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	text, _ := certificates()
	config := resource("sso_identity_provider", "p", acctest.Attrs{
		"name": "okta", "issuer": "http://okta", "sign_on_url": "https://okta.example.com", "signing_certificate": text,
	})
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	group := b.Create("users", map[string]any{"type": "Sso", "name": "dbas", "idp_id": b.IDs("config/sso/idps")[0], "role": "POOL_ADMIN"})
	pool := b.NewPool("db")
	b.Must("PUT", fmt.Sprintf("pools/%v", pool), map[string]any{"owners": []any{group}})
	cli.Plan(b.Provider(nil)).Refuses(t, `Its groups: "dbas"`, "logged out")
	approve := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli.Apply(approve).Refuses(t, `pool "db" by the group "dbas"`)
	b.Must("PUT", fmt.Sprintf("pools/%v", pool), map[string]any{"owners": []any{}})
	cli.Apply(approve).Succeeds(t)
}

// The link that the data source tells sends a browser to where users sign on.
func TestAccProviderLink(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	text, _ := certificates()
	server := acctest.NewServer(t, b)
	server.Create("storage_infinibox_sso_identity_provider", acctest.Attrs{
		"name": "okta", "issuer": "http://okta", "sign_on_url": "https://okta.example.com/sso", "signing_certificate": text,
	})
	found, problems := server.Look("storage_infinibox_sso_identity_provider_links", nil)
	links, _ := found["links"].([]any)
	if problems.Failed() || len(links) != 1 {
		t.Fatalf("%v, %s", found, problems)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.Simulator.URL()+links[0].(map[string]any)["sign_on_url"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if to := answer.Header.Get("Location"); answer.StatusCode/100 != 3 || !strings.HasPrefix(to, "https://okta.example.com/sso?") {
		t.Errorf("status %d, to %s", answer.StatusCode, to)
	}
}
