package system_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// healthModule is the module of checks, all of its files.
func healthModule(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../../../examples/health/*.tf")
	if err != nil || len(files) < 2 {
		t.Fatalf("%v %v", files, err)
	}
	var module strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		module.Write(text)
	}
	return module.String()
}

// The checks say nothing of an array that is well, and of one that is not they name
// what somebody is called for; the plan goes on.
func TestAccHealthCallsSomebody(t *testing.T) {
	t.Parallel()
	module := healthModule(t)
	well := acctest.SimulateInfiniBox(t, simulator.Options{})
	newVolume(well)
	for _, d := range acctest.NewCLI(t).Plan(well.Provider(nil), module).Succeeds(t).Diagnostics {
		t.Errorf("of an array that is well it says: %s: %s", d.Summary, d.Detail)
	}

	ill := acctest.SimulateInfiniBox(t, simulator.Options{SystemName: "ibox1", Seed: []byte(`{
		"unprotected_nodes": 1,
		"components": {"nodes/2": {"state": "DEGRADED", ".down": ["FC"]}}
	}`)})
	full := ill.Create("pools", map[string]any{"name": "full", "physical_capacity": 1000000000000, "virtual_capacity": 1000000000000})
	ill.Create("volumes", map[string]any{"name": "v", "pool_id": full, "size": 815000000000, "provtype": "THICK"})
	upload(t, ill, 29*24*time.Hour)
	ill.Must("POST", "system/operational_state/shutdown", nil)
	outcome := acctest.NewCLI(t).Plan(ill.Provider(nil), module).Succeeds(t)
	var said []string
	for _, d := range outcome.Diagnostics {
		said = append(said, strings.Join(strings.Fields(d.Detail), " "))
	}
	for _, want := range []string{"ibox1 is STANDBY.", "Capacity: pool full is 81% full.", "Batteries: node-3 is UNPROTECTED.", "node-2 is DEGRADED", "The certificate of ibox1 ends on 20"} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("it does not say %q: %s", want, strings.Join(said, "\n"))
		}
	}
}

// A link that fails is told of, and copies once they are older than they may be.
func TestAccHealthOfReplication(t *testing.T) {
	t.Parallel()
	p := acctest.SimulatePair(t, simulator.Options{}).Link()
	pool, there := p.Near.NewPool("near"), p.Far.NewPool("far")
	for name, more := range map[string]map[string]any{
		"db":  {"replication_type": "ASYNC", "sync_interval": 300_000, "rpo_value": 900_000},
		"log": {"replication_type": "SYNC"},
	} {
		body := map[string]any{"entity_type": "VOLUME", "link_id": p.Near.Link, "remote_pool_id": there, "entity_pairs": []any{map[string]any{
			"local_entity_id": p.Near.NewVolume(name, pool), "remote_base_action": "CREATE",
		}}}
		maps.Copy(body, more)
		p.Near.Must("POST", "replicas", body)
	}
	p.Near.Simulator.Advance(20 * time.Minute)
	module, provider := healthModule(t), p.Near.Provider(nil)
	cli := acctest.NewCLI(t)
	for _, d := range cli.Plan(provider, module).Succeeds(t).Diagnostics {
		t.Errorf("of arrays that are well it says: %s: %s", d.Summary, d.Detail)
	}
	p.Near.Simulator.CutLinks()
	p.Near.Simulator.Advance(10 * time.Minute)
	outcome := cli.Plan(provider, module).Succeeds(t)
	outcome.Warns(t, "is DOWN").Warns(t, "log is", "SYNC_STALLED")
	if outcome.Says("warning", "", "behind their RPO") {
		t.Errorf("it is behind its RPO too early: %s", outcome)
	}
	p.Near.Simulator.Advance(10 * time.Minute)
	cli.Plan(provider, module).Succeeds(t).Warns(t, "Replicas behind their RPO: db is as of 20", "may be 15m behind")
}

// upload gives an array a certificate that ends after a while.
func upload(t *testing.T, b *acctest.InfiniBox, ends time.Duration) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ibox1.example.com"}, DNSNames: []string{"ibox1.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(ends),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	acctest.NewServer(t, b).Create("storage_infinibox_ssl_certificate", acctest.Attrs{
		"certificate": text("CERTIFICATE", certificate), "private_key_wo": text("PRIVATE KEY", encoded), "private_key_wo_version": 1,
	})
}
