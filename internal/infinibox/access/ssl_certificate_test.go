package access_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const (
	certificateType = "storage_infinibox_ssl_certificate"
	requestType     = "storage_infinibox_ssl_certificate_request"
)

// uploads are the arguments of a certificate with its key.
func uploads(certificate, key string, version int) acctest.Attrs {
	return acctest.Attrs{"certificate": certificate, "private_key_wo": key, "private_key_wo_version": version}
}

// served is the certificate that the array has.
func served(t *testing.T, b *acctest.InfiniBox) map[string]any {
	t.Helper()
	found, err := b.Do("GET", "system/certificates", nil)
	if err != nil {
		t.Fatal(err)
	}
	return found.([]any)[0].(map[string]any)["certificate"].(map[string]any)
}

// An uploaded certificate is replaced by others, healed, imported, and stays in the end.
func TestAccSSLCertificate(t *testing.T) {
	t.Parallel()
	b, ca := acctest.SimulateInfiniBox(t, simulator.Options{}), acctest.NewAuthority(t)
	first, firstKey := ca.Pair(11)
	second, secondKey := ca.Pair(12)
	server := acctest.NewServer(t, b)
	state, identity := server.Create(certificateType, uploads(first+ca.PEM, firstKey, 1))
	for name, want := range map[string]any{
		"id": "httpd", "certificate": first + ca.PEM, "self_signed": false, "serial_number": "B", "issued_to": "CN=ibox1.example.com", "issued_by": "CN=Test CA", "private_key_wo": nil,
	} {
		if state[name] != want {
			t.Errorf("%s is %v, want %v", name, state[name], want)
		}
	}
	if at, err := time.Parse(time.RFC3339, fmt.Sprint(state["expires_on"])); err != nil || at.Before(time.Now().Add(23*time.Hour)) {
		t.Errorf("expires on %v: %v", state["expires_on"], err)
	}
	b.Sent()
	server.Again()
	state, identity = server.Apply(certificateType, state, identity, uploads(strings.ReplaceAll(first, "\n", "\r\n"), firstKey, 1))
	if sent := strings.Join(b.Sent(), ", "); strings.Contains(sent, "POST") {
		t.Errorf("another way of writing it sent %s", sent)
	}
	server.Again()
	state, identity = server.Apply(certificateType, state, identity, uploads(second, secondKey, 2))
	if served(t, b)["serial_number"] != "C" || state["serial_number"] != "C" {
		t.Errorf("the array has %v, the state %v", served(t, b)["serial_number"], state["serial_number"])
	}
	server.Again()
	state, identity = server.Apply(certificateType, state, identity, acctest.Attrs{"self_signed": true})
	if own := served(t, b); fmt.Sprint(own["issued_to"]) != fmt.Sprint(own["issued_by"]) || state["certificate"] != own["raw"] || state["self_signed"] != true {
		t.Errorf("the array has %v, the state %v", own, state)
	}
	imported, _, problems := server.Import(certificateType, "httpd", nil)
	if problems.Failed() {
		t.Fatal(problems)
	}
	if read, _ := server.Read(certificateType, imported, identity); read["certificate"] != state["certificate"] || read["self_signed"] != true {
		t.Errorf("import finds %v", read)
	}
	if seen, problems := server.Look(certificateType, nil); problems.Failed() || seen["expired"] != false || seen["public_key_algorithm"] != "RSA" || seen["serial_number"] != state["serial_number"] {
		t.Errorf("the data source has %v %s", seen, problems)
	}
	b.Sent()
	server.Again()
	server.Apply(certificateType, state, identity, nil)
	if sent := strings.Join(b.Sent(), ", "); strings.Contains(sent, "POST") || served(t, b)["raw"] != state["certificate"] {
		t.Errorf("the destruction sent %s", sent)
	}
}

// What could not be is refused in the plan, with what to do.
func TestAccSSLCertificateRefusals(t *testing.T) {
	t.Parallel()
	b, ca := acctest.SimulateInfiniBox(t, simulator.Options{}), acctest.NewAuthority(t)
	certificate, key := ca.Pair(1)
	of, _ := ca.NewKey()
	expired := ca.Sign(of.Public(), 2, -time.Hour)
	_, other := ca.Pair(3)
	cli := acctest.NewCLI(t)
	for want, arguments := range map[string]acctest.Attrs{
		"Set certificate, or self_signed = true":                {},
		"It is not said which certificate":                      {"self_signed": false},
		"Two certificates are asked for":                        {"approved": true, "self_signed": true, "certificate": certificate},
		"There is a private key without its certificate":        {"approved": true, "self_signed": true, "private_key_wo": key, "private_key_wo_version": 1},
		"These attributes must be configured together":          {"certificate": certificate, "private_key_wo": key},
		"There is no certificate in PEM form":                   uploads("a certificate", key, 1),
		"everybody who sees the plan":                           uploads(certificate+key, key, 1),
		"There is no private key in PEM form":                   uploads(certificate, certificate, 1),
		"The private key is encrypted":                          uploads(certificate, strings.ReplaceAll(key, "PRIVATE", "ENCRYPTED PRIVATE"), 1),
		"The certificate and the private key are no pair":       uploads(certificate, other, 1),
		"The certificate is not valid now":                      {"certificate": expired},
		"The array proves itself by nobody's word but its own.": {"self_signed": true},
	} {
		cli.Plan(b.Provider(nil), resource("ssl_certificate", "this", arguments)).Refuses(t, want)
	}
	// Only the array knows its requests.
	cli.Apply(b.Provider(nil), resource("ssl_certificate", "this", acctest.Attrs{"certificate": certificate})).
		Refuses(t, "CSR_MISMATCH", "keeps the last one alone")
	cli.Plan(b.Provider(acctest.Attrs{"approve_dangerous_operations": true}), resource("ssl_certificate", "this", acctest.Attrs{"self_signed": true})).
		Succeeds(t).Warns(t, "Approved", "nobody's word")
}

// A certificate is requested, signed elsewhere, given to the array and renewed before it
// ends, over TLS that is verified each time.
func TestAccCertificateIsRequestedSignedAndRenewed(t *testing.T) {
	t.Parallel()
	b, ca := acctest.SimulateInfiniBox(t, simulator.Options{TLS: true}), acctest.NewAuthority(t)
	cli := acctest.NewCLI(t)
	both := b.Provider(acctest.Attrs{"ca_certificate": b.Simulator.CACertificate() + ca.PEM})
	request := resource("ssl_certificate_request", "this", acctest.Attrs{
		"country": "IL", "province": "State", "locality": "Location", "dns_names": []any{"localhost"}, "ip_addresses": []any{"127.0.0.1"},
	}) + "output \"request\" {\n  value = " + requestType + ".this.certificate_request\n}\n"
	cli.Apply(both, request).Succeeds(t)
	outputs, err := cli.Terraform.Output(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := strings.ReplaceAll(strings.Trim(string(outputs["request"].Value), `"`), `\n`, "\n")

	// What follows in the same run is asked of an array with another certificate.
	signed := func(certificate, pool string) string {
		return resource("ssl_certificate", "this", acctest.Attrs{"certificate": certificate}) +
			resource("pool", "after", acctest.Attrs{"name": pool, "physical_capacity": "1TB", "depends_on": acctest.Expr("[" + certificateType + ".this]")}) +
			"check \"certificate\" {\n  assert {\n    condition     = timecmp(plantimestamp(), timeadd(" + certificateType + ".this.expires_on, \"-720h\")) < 0\n    error_message = \"The array's certificate ends within 30 days.\"\n  }\n}\n"
	}
	first, second := ca.Answer(asked, 21, 10*24*time.Hour), ca.Answer(asked, 22, 300*24*time.Hour)
	cli.Apply(both, request, signed(first, "db")).Succeeds(t).Warns(t, "ends within 30 days")
	trusted := b.Provider(acctest.Attrs{"ca_certificate": ca.PEM})
	cli.Plan(trusted, request, signed(first, "db")).Succeeds(t).Plans(t, map[string]string{})
	renewed := cli.Apply(trusted, request, signed(second, "db2")).Succeeds(t).Plans(t, map[string]string{certificateType + ".this": "update", "storage_infinibox_pool.after": "update"})
	if strings.Contains(renewed.String(), "ends within 30 days") {
		t.Errorf("the new certificate ends too soon: %s", renewed)
	}
	if serial := served(t, b)["serial_number"]; serial != "16" {
		t.Errorf("the array has certificate %v", serial)
	}

	// Others' certificate is seen, and the configuration's comes back.
	b.Must("POST", "system/certificates/generate_self_signed", nil)
	own := b.Provider(acctest.Attrs{"ca_certificate": ca.PEM + served(t, b)["raw"].(string)})
	cli.Apply(own, request, signed(second, "db2")).Succeeds(t).Plans(t, map[string]string{certificateType + ".this": "update"})
	cli.Plan(trusted, request, signed(second, "db2")).Succeeds(t).Plans(t, map[string]string{})

	// One that is generated, and made anew; its authority is not known in advance.
	generated := resource("ssl_certificate", "this", acctest.Attrs{"self_signed": true, "approved": true}) +
		resource("pool", "after", acctest.Attrs{"name": "db3", "physical_capacity": "1TB", "depends_on": acctest.Expr("[" + certificateType + ".this]")})
	cli.Apply(trusted, request, generated).Succeeds(t)
	before := served(t, b)["raw"].(string)
	cli.Plan(trusted, request, generated).Refuses(t, "certificate", "Set ca_certificate")
	known := b.Provider(acctest.Attrs{"ca_certificate": before})
	cli.Write(known, request, generated)
	cli.Replace(certificateType + ".this").Succeeds(t)
	after := served(t, b)["raw"].(string)
	if before == after {
		t.Error("a replacement has made no other certificate")
	}
	cli.Write(b.Provider(acctest.Attrs{"ca_certificate": after, "approve_dangerous_operations": true}))
	cli.Destroy().Succeeds(t).Warns(t, "The array keeps its certificate")
}

// What the provider will not accept is told before.
func TestAccUntrustedCertificateIsToldOf(t *testing.T) {
	t.Parallel()
	b, ca := acctest.SimulateInfiniBox(t, simulator.Options{TLS: true}), acctest.NewAuthority(t)
	certificate, key := ca.Pair(1)
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), resource("ssl_certificate", "this", uploads(certificate, key, 1)), resource("pool", "p", acctest.Attrs{
		"name": "p", "physical_capacity": "1TB", "depends_on": acctest.Expr("[" + certificateType + ".this]"),
	})).Succeeds(t).Warns(t, "The provider does not know who signed the new certificate", "ca_certificate")
	ca.Names = nil // but for the address
	certificate, key = ca.Pair(2)
	byName := b.Provider(acctest.Attrs{"endpoint": strings.Replace(b.Simulator.URL(), "127.0.0.1", "localhost", 1), "ca_certificate": ca.PEM, "approve_dangerous_operations": true})
	cli.Plan(byName, resource("ssl_certificate", "this", uploads(certificate, key, 2))).Succeeds(t).Warns(t, "not for the provider's endpoint", "https://localhost:")
}

// Private keys, and the password of the key server, are in no state, no plan, no log and no
// message.
func TestAccPrivateKeyLeaksNowhere(t *testing.T) {
	t.Parallel()
	const password = "kms-Secret/4711"
	b, ca := asSupport(t, ""), acctest.NewAuthority(t)
	first, firstKey := ca.Pair(1)
	second, secondKey := ca.Pair(2)
	third, thirdKey := ca.Pair(3)
	keys := resource("kms", "this", uploads(third, thirdKey, 1).With(acctest.Attrs{"username": "array", "password_wo": password, "password_wo_version": 1}))
	logs := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, logs)
	provider := b.Provider(nil)
	var said strings.Builder
	for _, run := range []*acctest.Outcome{
		cli.Plan(provider, resource("ssl_certificate", "this", uploads(first, secondKey, 1))).Refuses(t, "no pair"),
		cli.Apply(provider, resource("ssl_certificate", "this", uploads(first, firstKey, 1))).Succeeds(t),
		cli.Plan(provider, resource("ssl_certificate", "this", uploads(first, secondKey, 1))).Succeeds(t).Plans(t, map[string]string{}),
		cli.Apply(provider, resource("ssl_certificate", "this", uploads(second, secondKey, 2)), keys).Succeeds(t),
	} {
		said.WriteString(run.Output)
	}
	places := map[string]string{"what Terraform said": said.String()}
	for _, file := range []string{filepath.Join(cli.Dir, "terraform.tfstate"), filepath.Join(cli.Dir, "terraform.tfstate.backup"), logs} {
		content, err := os.ReadFile(file)
		if err != nil || len(content) < 500 {
			t.Fatalf("%s: %d bytes, %v", file, len(content), err)
		}
		places[file] = string(content)
	}
	for _, key := range []string{firstKey, secondKey, thirdKey, password} {
		for place, content := range places {
			for _, secret := range acctest.PartsOfPEM(key) {
				if strings.Contains(content, secret) {
					t.Errorf("%s holds a part of a secret", place)
				}
			}
		}
	}
}
