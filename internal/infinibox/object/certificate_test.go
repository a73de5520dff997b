package object_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const (
	certificateType = "storage_infinibox_s3_certificate"
	requestType     = "storage_infinibox_s3_certificate_request"
)

// uploads are the arguments of a certificate with its key.
func uploads(certificate, key string, version int) acctest.Attrs {
	return acctest.Attrs{"certificate": certificate, "private_key_wo": key, "private_key_wo_version": version}
}

// served is the certificate that the S3 service has.
func served(t *testing.T, b *acctest.InfiniBox) map[string]any {
	t.Helper()
	found, err := b.Do("GET", "system/s3_certificates", nil)
	if err != nil {
		t.Fatal(err)
	}
	return found.([]any)[0].(map[string]any)["certificate"].(map[string]any)
}

// Each way to another certificate is dangerous for its own reason; another way of writing
// one is none. What others bring is put right, and the last one stays.
func TestAccS3Certificate(t *testing.T) {
	t.Parallel()
	const (
		restarts = "The S3 service starts anew"
		nobody   = "nobody's word but its own"
	)
	b, ca := newLab(t), acctest.NewAuthority(t)
	first, firstKey := ca.Pair(11)
	second, secondKey := ca.Pair(12)
	certificate := func(arguments acctest.Attrs) string { return resource("s3_certificate", "this", arguments) }
	yes := acctest.Attrs{"approved": true}
	cli := acctest.NewCLI(t)
	quiet := func(arguments acctest.Attrs) {
		t.Helper()
		cli.Plan(b.Provider(nil), certificate(arguments)).Succeeds(t).Plans(t, map[string]string{})
	}
	cli.Plan(b.Provider(nil), certificate(uploads(first+ca.PEM, firstKey, 1))).Refuses(t, "is dangerous and not approved", restarts)
	cli.Plan(b.Provider(nil), certificate(acctest.Attrs{"self_signed": true})).Refuses(t, "is dangerous and not approved", nobody)
	cli.Apply(b.Provider(nil), certificate(uploads(first+ca.PEM, firstKey, 1).With(yes))).Succeeds(t).Warns(t, "Approved", restarts)
	if served(t, b)["serial_number"] != "B" {
		t.Errorf("the service has %v", served(t, b))
	}
	quiet(uploads(first+ca.PEM, firstKey, 1).With(yes))
	b.Sent()
	cli.Apply(b.Provider(nil), certificate(uploads(strings.ReplaceAll(first, "\n", "\r\n"), firstKey, 1))).Succeeds(t)
	if sent := strings.Join(b.Sent(), ", "); strings.Contains(sent, "POST") {
		t.Errorf("another way of writing it sent %s", sent)
	}
	cli.Plan(b.Provider(nil), certificate(uploads(first, firstKey, 2))).Refuses(t, "is dangerous and not approved", restarts)
	cli.Plan(b.Provider(nil), certificate(uploads(second, secondKey, 2))).Refuses(t, "is dangerous and not approved", restarts)
	cli.Apply(b.Provider(nil), certificate(uploads(second, secondKey, 2).With(yes))).Succeeds(t)
	quiet(uploads(second, secondKey, 2).With(yes))

	b.Must("POST", "system/s3_certificates/generate_self_signed", nil)
	cli.Apply(b.Provider(nil), certificate(uploads(second, secondKey, 2).With(yes))).Succeeds(t).Plans(t, map[string]string{certificateType + ".this": "update"})
	cli.Plan(b.Provider(nil), certificate(acctest.Attrs{"self_signed": true})).Refuses(t, "is dangerous and not approved", nobody)
	cli.Apply(b.Provider(nil), certificate(acctest.Attrs{"self_signed": true, "approved": true})).Succeeds(t).Warns(t, "Approved", nobody)
	quiet(acctest.Attrs{"self_signed": true, "approved": true})
	own := served(t, b)["raw"]
	cli.Apply(b.Provider(nil)).Succeeds(t).Warns(t, "The array keeps its certificate", "the certificate stays")
	if served(t, b)["raw"] != own {
		t.Error("the service has another certificate after the resource is gone")
	}
	cli.Write(b.Provider(nil), certificate(acctest.Attrs{"self_signed": true}))
	if err := cli.Import(certificateType+".this", "s3_service"); err != nil {
		t.Fatal(err)
	}
	quiet(acctest.Attrs{"self_signed": true})
	if seen, problems := acctest.NewServer(t, b).Look(certificateType, nil); problems.Failed() || seen["expired"] != false || seen["certificate"] != own || seen["id"] != "s3_service" {
		t.Errorf("the data source has %v %s", seen, problems)
	}
}

// What could not be is refused in the plan, with what to do, and what only the array knows
// is explained.
func TestAccS3CertificateRefusals(t *testing.T) {
	t.Parallel()
	b, ca := newLab(t), acctest.NewAuthority(t)
	certificate, key := ca.Pair(1)
	_, other := ca.Pair(2)
	of, _ := ca.NewKey()
	approved := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli := acctest.NewCLI(t)
	for want, arguments := range map[string]acctest.Attrs{
		"Set certificate, or self_signed = true":          {},
		"Two certificates are asked for":                  {"self_signed": true, "certificate": certificate},
		"There is a private key without its certificate":  {"self_signed": true, "private_key_wo": key, "private_key_wo_version": 1},
		"The certificate and the private key are no pair": uploads(certificate, other, 1),
		"The certificate is not valid now":                {"certificate": ca.Sign(of.Public(), 3, -time.Hour)},
	} {
		cli.Plan(approved, resource("s3_certificate", "this", arguments)).Refuses(t, want)
	}
	cli.Apply(approved, resource("s3_certificate", "this", acctest.Attrs{"certificate": certificate})).
		Refuses(t, "(CSR_MISMATCH)", requestType, "keeps the last one alone")
	if acctest.OnReal() {
		return
	}
	b.Must("POST", "users", map[string]any{"name": "pat", "password": "Passw0rd!pat", "role": "POOL_ADMIN", "email": "pat@example.com"})
	as := b.Provider(acctest.Attrs{"username": "pat", "password": "Passw0rd!pat", "approve_dangerous_operations": true})
	cli.Apply(as, resource("s3_certificate", "this", acctest.Attrs{"self_signed": true})).Refuses(t, "UNAUTHORIZED", "POOL_ADMIN")
}

// A certificate is requested, signed elsewhere, given to the array, and renewed.
func TestAccS3CertificateIsRequestedAndSigned(t *testing.T) {
	t.Parallel()
	b, ca := acctest.SimulateInfiniBox(t, simulator.Options{S3: true}), acctest.NewAuthority(t)
	request := resource("s3_certificate_request", "this", acctest.Attrs{"country": "IL", "common_name": "s3.example.com", "dns_names": []any{"s3.example.com", "*.s3.example.com"}}) +
		"output \"request\" {\n  value = " + requestType + ".this.certificate_request\n}\n"
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), request).Succeeds(t)
	outputs, err := cli.Terraform.Output(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var asked string
	if err := json.Unmarshal(outputs["request"].Value, &asked); err != nil {
		t.Fatal(err)
	}
	for i, number := range []int64{21, 22} {
		signed := resource("s3_certificate", "this", acctest.Attrs{"certificate": ca.Answer(asked, number, time.Hour*24*300), "approved": true})
		b.Sent()
		cli.Apply(b.Provider(nil), request, signed).Succeeds(t).Plans(t, map[string]string{certificateType + ".this": []string{"create", "update"}[i]})
		if sent := strings.Join(b.Sent(), ", "); !strings.Contains(sent, "POST /api/rest/system/s3_certificates/upload_csr approved=yes") || served(t, b)["serial_number"] != fmt.Sprintf("%X", number) {
			t.Errorf("the service has %v after %s", served(t, b)["serial_number"], sent)
		}
		cli.Plan(b.Provider(nil), request, signed).Succeeds(t).Plans(t, map[string]string{})
	}
	server := acctest.NewServer(t, b)
	if found, _, problems := server.Import(requestType, asked, nil); problems.Failed() || found["common_name"] != "s3.example.com" {
		t.Errorf("import finds %v %s", found, problems)
	}
}

func certificatesOfTheFaults(t *testing.T) acctest.Suite {
	ca := acctest.NewAuthority(t)
	first, firstKey := ca.Pair(1)
	second, secondKey := ca.Pair(2)
	return acctest.Suite{
		Lab: newLab(t), Type: certificateType, Permanent: true,
		Least: uploads(first, firstKey, 1), Most: uploads(second, secondKey, 2),
	}
}

func requestsOfTheFaults(t *testing.T) acctest.Suite {
	least := acctest.Attrs{"common_name": "s3.example.com"}
	return acctest.Suite{Lab: newLab(t), Type: requestType, Permanent: true, Least: least, Most: least}
}
