package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// A request says what was asked for, is made anew where that changes, and is imported by
// its text.
func TestAccSSLCertificateRequest(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	server := acctest.NewServer(t, b)
	all := acctest.Attrs{
		"country": "IL", "province": "State", "locality": "Location", "organization": "Example", "organizational_unit": "Storage", "common_name": "ibox1.example.com",
		"dns_names": []any{"ibox1.example.com", "*.example.com"}, "ip_addresses": []any{"192.0.2.1", "2001:DB8::1"},
	}
	state, identity := server.Create(requestType, all)
	for name, want := range all {
		if fmt.Sprint(state[name]) != fmt.Sprint(want) && name != "dns_names" {
			t.Errorf("%s is %v, want %v", name, state[name], want)
		}
	}
	request := fmt.Sprint(state["certificate_request"])
	if !strings.HasPrefix(request, "-----BEGIN CERTIFICATE REQUEST-----") || len(fmt.Sprint(state["id"])) != 64 {
		t.Errorf("id %v, request %s", state["id"], request)
	}
	b.Sent()
	if read, _ := server.Read(requestType, state, identity); read["certificate_request"] != request {
		t.Errorf("a refresh finds %v", read)
	}
	imported, again, problems := server.Import(requestType, request, nil)
	if problems.Failed() || again["id"] != identity["id"] || imported["common_name"] != "ibox1.example.com" || imported["country"] != "IL" {
		t.Errorf("import finds %v %v %s", imported, again, problems)
	}
	for _, id := range []string{"httpd", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"} {
		if _, _, problems := server.Import(requestType, id, nil); !strings.Contains(problems.String(), "text of the request, in PEM form") {
			t.Errorf("import %q: %s", id, problems)
		}
	}
	if _, _, problems := server.Import(requestType, "", identity); !strings.Contains(problems.String(), "identity does not do") {
		t.Errorf("import by identity: %s", problems)
	}
	if sent := b.Sent(); len(sent) > 0 {
		t.Errorf("what only the state has was asked of the array: %v", sent)
	}

	signed, _ := server.Create(certificateType, acctest.Attrs{"certificate": acctest.NewAuthority(t).Answer(request, 31, time.Hour)})
	if sent := strings.Join(b.Sent(), ", "); signed["serial_number"] != "1F" || sent != "POST /api/rest/system/certificates/upload_csr approved=yes" {
		t.Errorf("signed, the array has %v after %s", signed["serial_number"], sent)
	}

	least, _ := server.Create(requestType, acctest.Attrs{})
	if least["common_name"] == nil || least["organization"] == nil || least["id"] == state["id"] {
		t.Errorf("the array's own words are %v", least)
	}
	server.Again()
	server.Apply(requestType, state, identity, nil)

	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), resource("ssl_certificate_request", "this", all)).Succeeds(t)
	cli.Plan(b.Provider(nil), resource("ssl_certificate_request", "this", all)).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(b.Provider(nil), resource("ssl_certificate_request", "this", all.With(acctest.Attrs{"locality": "Elsewhere"}))).Succeeds(t).Plans(t, map[string]string{requestType + ".this": "replace"})
	for want, bad := range map[string]acctest.Attrs{
		"two capital letters":   {"country": "il"},
		`"a b" is no domain`:    {"dns_names": []any{"a b"}},
		`"1.2.3" is no IP`:      {"ip_addresses": []any{"1.2.3"}},
		"at least 1":            {"dns_names": []any{}},
		"1 to 64 characters":    {"province": strings.Repeat("x", 65)},
		"1 to 64 characters; t": {"common_name": ""},
	} {
		if problems := server.Validate(requestType, bad); !strings.Contains(problems.String(), want) {
			t.Errorf("%v: %s", bad, problems)
		}
	}
}
