package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const kmsType = "storage_infinibox_kms"

// asSupport is an array, and the provider as the vendor's user: no other sets up key
// servers.
func asSupport(t *testing.T, seed string) *acctest.InfiniBox {
	t.Helper()
	return acctest.SimulateInfiniBox(t, simulator.Options{Username: "infinidat", Seed: []byte(seed)})
}

// keyServer are the arguments of a KMS that can be enabled.
func keyServer(ca *acctest.Authority, address string) acctest.Attrs {
	certificate, key := ca.Pair(1)
	return acctest.Attrs{
		"servers": []any{map[string]any{"address": address}}, "ca_certificate": ca.PEM,
		"certificate": certificate, "private_key_wo": key, "private_key_wo_version": 1,
	}
}

func connection(b *acctest.InfiniBox) any {
	return b.Must("GET", "system/security", nil)["kmip_connectivity_state"]
}

// A KMS is set up, enabled, changed attribute by attribute, disabled and given back.
func TestAccKMS(t *testing.T) {
	t.Parallel()
	b, ca := asSupport(t, ""), acctest.NewAuthority(t)
	server := acctest.NewServer(t, b)
	config := keyServer(ca, "kms1.example.com").With(acctest.Attrs{"enabled": true, "username": "array", "password_wo": "kms-secret-1", "password_wo_version": 1})
	state, identity := server.Create(kmsType, config)
	sent := strings.Join(b.Sent(), ", ")
	if !strings.HasSuffix(sent, "POST /api/rest/system/kms_enable approved=yes") || strings.Count(sent, "PUT") != 2 || strings.Count(sent, "POST") != 3 {
		t.Errorf("sent %s", sent)
	}
	if state["enabled"] != true || state["ignore_certificate"] != false || state["private_key_wo"] != nil || state["password_wo"] != nil || connection(b) != "CONNECTED" {
		t.Errorf("the array is %v, the state %v", connection(b), state)
	}
	certificate, key := ca.Pair(2)
	for _, change := range []struct {
		to   acctest.Attrs
		sent string
	}{
		{acctest.Attrs{"servers": []any{map[string]any{"address": "kms2.example.com", "port": 5697}}}, "PUT /api/rest/system/kms/set_configuration"},
		{acctest.Attrs{"username": "array2", "password_wo": "kms-secret-2", "password_wo_version": 2}, "PUT /api/rest/system/kms/set_configuration"},
		{acctest.Attrs{"password_wo": "kms-secret-3", "password_wo_version": 3}, "PUT /api/rest/system/kms/set_configuration"},
		{acctest.Attrs{"ignore_certificate": true}, "PUT /api/rest/system/kms/set_configuration"},
		{acctest.Attrs{"ca_certificate": acctest.NewAuthority(t).PEM}, "POST /api/rest/system/kms/upload_kms_ca_certificate"},
		{acctest.Attrs{"certificate": certificate, "private_key_wo": key, "private_key_wo_version": 2}, "POST /api/rest/system/kms/upload_infinibox_certificate_and_key"},
		{acctest.Attrs{"username": nil, "password_wo": nil, "password_wo_version": nil}, "PUT /api/rest/system/kms/set_configuration"},
		{acctest.Attrs{"enabled": false}, "POST /api/rest/system/kms_disable"},
		{acctest.Attrs{"enabled": true}, "POST /api/rest/system/kms_enable"},
	} {
		config = config.With(change.to)
		b.Sent()
		server.Again()
		state, identity = server.Apply(kmsType, state, identity, config)
		var changes []string
		for _, request := range b.Sent() {
			if !strings.HasPrefix(request, "GET") {
				changes = append(changes, request)
			}
		}
		if len(changes) != 1 || !strings.HasPrefix(changes[0], change.sent) {
			t.Errorf("%v sent %v, want %s", change.to, changes, change.sent)
		}
	}
	have := b.Must("GET", "system/kms", nil)
	if got := fmt.Sprint(have["kms_servers"], have["kms_username"], have["ignore_kms_certificate"]); got != "[map[address:kms2.example.com port:5697]] <nil> true" {
		t.Errorf("the array has %s", got)
	}
	imported, _, problems := server.Import(kmsType, "kms", nil)
	if problems.Failed() {
		t.Fatal(problems)
	}
	read, _ := server.Read(kmsType, imported, identity)
	for _, name := range []string{"servers", "username", "ignore_certificate", "ca_certificate", "certificate", "enabled"} {
		if fmt.Sprint(read[name]) != fmt.Sprint(state[name]) {
			t.Errorf("import finds %s %v, want %v", name, read[name], state[name])
		}
	}
	if seen, problems := server.Look(kmsType, nil); problems.Failed() || seen["kmip_connectivity_state"] != "CONNECTED" || seen["enabled"] != true {
		t.Errorf("the data source has %v %s", seen, problems)
	}
}

// What is dangerous about a KMS is told when it is planned, both ways, and also when
// Terraform gives it back; what others do is healed; a server out of reach is told of.
func TestAccKMSIsSetUpEnabledAndDisabled(t *testing.T) {
	t.Parallel()
	b, ca := asSupport(t, `{"security":{"unreachable_kms_servers":["far.example.com"]}}`), acctest.NewAuthority(t)
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	near := keyServer(ca, "near.example.com")
	kms := func(a acctest.Attrs, more acctest.Attrs) string { return resource("kms", "this", a.With(more)) }
	on, off := acctest.Attrs{"enabled": true}, acctest.Attrs{"enabled": false}
	yes := acctest.Attrs{"approved": true}

	cli.Plan(provider, kms(near, on)).Refuses(t, "not approved", "the array does not power up")
	cli.Apply(provider, kms(near, off)).Succeeds(t)
	cli.Plan(provider, kms(near, on)).Refuses(t, "Changing enabled of KMS", "does not power up", "approved = true")
	cli.Apply(provider, kms(near, on.With(yes))).Succeeds(t).Warns(t, "does not power up")
	cli.Plan(provider, kms(near, on.With(yes))).Succeeds(t).Plans(t, map[string]string{})
	if state := connection(b); state != "CONNECTED" {
		t.Errorf("the KMS is %v", state)
	}
	cli.Plan(provider, kms(near, off)).Refuses(t, "whoever has the array has the keys too")
	b.Must("POST", "system/kms_disable", nil)
	cli.Apply(provider, kms(near, on.With(yes))).Succeeds(t).Plans(t, map[string]string{kmsType + ".this": "update"})

	// Others move it to a server that the array does not reach.
	b.Must("PUT", "system/kms/set_configuration", map[string]any{"kms_servers": []any{map[string]any{"address": "far.example.com", "port": 5696}}})
	cli.Plan(provider, kms(near, on.With(yes))).Succeeds(t).Plans(t, map[string]string{kmsType + ".this": "update"}).Warns(t, "does not reach its key server")
	cli.Apply(provider, kms(near, on.With(yes))).Succeeds(t)
	far := near.With(acctest.Attrs{"servers": []any{map[string]any{"address": "far.example.com"}}})
	cli.Apply(provider, kms(far, on.With(yes))).Succeeds(t)
	cli.Plan(provider, kms(far, on.With(yes))).Succeeds(t).Plans(t, map[string]string{}).Warns(t, "does not reach its key server", "does not power up")
	cli.Apply(provider, kms(near, on.With(acctest.Attrs{"approved": false}))).Succeeds(t)

	// It was not in use before Terraform, and to give it back so is dangerous too.
	cli.Plan(provider).Refuses(t, "Giving back enabled of KMS", "whoever has the array has the keys too")
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Refuses(t, "Giving back enabled")
	cli.Apply(provider, kms(near, on.With(yes))).Succeeds(t)
	cli.Apply(provider).Succeeds(t).Warns(t, "Approved", "Giving back enabled")
	if state := connection(b); state != "DISABLED" {
		t.Errorf("the KMS is %v", state)
	}
}

// What could not be is refused, in the plan where that can know it.
func TestAccKMSRefusals(t *testing.T) {
	t.Parallel()
	b, ca := asSupport(t, ""), acctest.NewAuthority(t)
	cli := acctest.NewCLI(t)
	near := keyServer(ca, "kms.example.com")
	_, other := ca.Pair(3)
	kms := func(more acctest.Attrs) string { return resource("kms", "this", near.With(more)) }
	server := func(address string, port int) map[string]any { return map[string]any{"address": address, "port": port} }
	for want, more := range map[string]acctest.Attrs{
		"too many key servers":                              {"servers": []any{server("a", 5696), server("b", 5696)}},
		"between 1 and 65535":                               {"servers": []any{server("a", 0)}},
		"1 to 255 characters":                               {"servers": []any{server("", 5696)}},
		"username changes without password_wo":              {"username": "array"},
		"password_wo is of no use without username":         {"password_wo": "x", "password_wo_version": 1},
		"The username must have 1 to 255":                   {"username": ""},
		"The password must have 1 to 255":                   {"username": "a", "password_wo": "", "password_wo_version": 1},
		"certificate changes without private_key_wo":        {"private_key_wo": nil, "private_key_wo_version": nil},
		"The certificate and the private key are no pair":   {"private_key_wo": other},
		"There is no certificate in PEM form":               {"ca_certificate": "x"},
		"There is no certificate in PEM form: it begins":    {"certificate": "x"},
		"There is no private key in PEM form":               {"private_key_wo": "x"},
		"private_key_wo is of no use without certificate":   {"certificate": nil},
		"it begins with -----BEGIN PRIVATE KEY-----, or wi": {"private_key_wo": "-----BEGIN CERTIFICATE-----"},
	} {
		cli.Plan(b.Provider(nil), kms(more)).Refuses(t, want)
	}
	approved := acctest.Attrs{"approved": true}
	cli.Apply(b.Provider(nil), resource("kms", "this", acctest.Attrs{"servers": near["servers"]})).Succeeds(t)
	cli.Plan(b.Provider(nil), resource("kms", "this", acctest.Attrs{"servers": []any{}, "enabled": true, "approved": true})).
		Refuses(t, "The KMS cannot be enabled yet", "Set servers and ca_certificate and certificate")
	// Who may not is told who may; and what only the array knows.
	cli.Apply(b.Provider(acctest.Attrs{"username": "admin"}), kms(nil)).Refuses(t, "UNAUTHORIZED", "roles INFINIDAT and TECHNICIAN")
	odd := acctest.Attrs{"servers": []any{server("abcd.12", 5696)}}
	cli.Apply(b.Provider(nil), kms(odd)).Refuses(t, "does not look valid", "approved = true")
	cli.Apply(b.Provider(nil), kms(odd.With(approved))).Succeeds(t)
	for seed, want := range map[string]string{`{"security":{"fips":false}}`: "KMS_FIPS_NOT_ENABLED", `{"security":{"encryption":true}}`: "KMS_CANNOT_ENABLE_DUE_TO_ENCRYPTION_MODE"} {
		other := asSupport(t, seed)
		acctest.NewCLI(t).Apply(other.Provider(nil), kms(acctest.Attrs{"enabled": true, "approved": true})).Refuses(t, want, "the vendor's support")
	}
}
