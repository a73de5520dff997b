package block_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// What an array refuses names the object, and says what to do next.
func TestAccRefusalsOfTheArray(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	cli := acctest.NewCLI(t)
	approve := acctest.Attrs{"approve_dangerous_operations": true}

	taken := newVolume(b, "taken", pool)
	cli.Apply(b.Provider(nil), volumeOf("taken", pool, "2GB")).
		Refuses(t, `Could not create volume "taken"`, fmt.Sprintf("terraform import storage_infinibox_volume.NAME '%v'", taken), "size is \"1GB\" where \"2GB\" is wanted")
	cli.Plan(b.Provider(nil)).Succeeds(t).Plans(t, map[string]string{})

	small := acctest.Attrs{"name": "small", "physical_capacity": "1TB"}
	cli.Apply(b.Provider(nil), resource("pool", "small", small)).Succeeds(t)
	found, _ := b.Do("GET", "pools?name=small", nil)
	id := found.([]any)[0].(map[string]any)["id"]
	inside := newVolume(b, "inside", id)
	cli.Apply(b.Provider(approve)).Refuses(t, `Could not delete pool "small"`, "The pool still holds", `"inside"`)
	b.Must("DELETE", fmt.Sprintf("volumes/%v", inside), nil)
	cli.Apply(b.Provider(approve)).Succeeds(t)

	b.Must("POST", "users", map[string]any{"name": "reader", "email": "r@example.com", "password": "correct-horse-1", "role": "READ_ONLY"})
	reader := b.Provider(acctest.Attrs{"username": "reader", "password": "correct-horse-1"})
	run := cli.Apply(reader, volumeOf("v", pool, "1GB")).Refuses(t, `Could not create volume "v"`, "The role of the InfiniBox user does not allow this")
	holdsNo(t, run.Output, "correct-horse")

	wrong := b.Provider(acctest.Attrs{"password": "wrong-horse-1"})
	run = cli.Plan(wrong, `data "storage_infinibox_pools" "all" {}`).Refuses(t, "username and password", "INFINIBOX_PASSWORD")
	holdsNo(t, run.Output, "wrong-horse")

	cli.Plan(`provider "storage" {}`, volumeOf("v", pool, "1GB")).Refuses(t, "infinibox", "block")
	cli.Plan(`provider "storage" { infinibox = { username = "admin" } }`, volumeOf("v", pool, "1GB")).
		Refuses(t, "endpoint", "INFINIBOX_ENDPOINT")
}

func TestAccUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	_ = listener.Close()
	provider := acctest.Attrs{"infinibox": acctest.Attrs{
		"endpoint": nobody, "username": "admin", "password": "correct-horse-1", "request_timeout": "1s",
	}}.Block("provider", "storage")
	run := acctest.NewCLI(t).Plan(provider, `data "storage_infinibox_pool" "p" { name = "p" }`)
	run.Refuses(t, "INFINIBOX_ENDPOINT", "reaches the array")
	holdsNo(t, run.Output, "correct-horse")
}

func TestAccCertificate(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{TLS: true})
	cli := acctest.NewCLI(t)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(b.Simulator.CACertificate()), 0o600); err != nil {
		t.Fatal(err)
	}
	const look = `data "storage_infinibox_pools" "all" {}`
	cli.Plan(b.Provider(acctest.Attrs{"ca_certificate": nil}), look).Refuses(t, "certificate", "ca_certificate", "insecure = true")
	cli.Plan(b.Provider(nil), look).Succeeds(t)
	cli.Plan(b.Provider(acctest.Attrs{"ca_certificate": file}), look).Succeeds(t)
	cli.Plan(b.Provider(acctest.Attrs{"ca_certificate": nil, "insecure": true}), look).Succeeds(t).
		Warns(t, "The array's certificate is not verified", "ca_certificate")
}

// The environment approves like the provider's configuration.
func TestAccApprovalInEnvironment(t *testing.T) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	pool := resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB"})
	cli.Apply(b.Provider(nil), pool).Succeeds(t)
	cli.Apply(b.Provider(nil)).Refuses(t, "is dangerous and not approved")
	t.Setenv("INFINIBOX_APPROVE_DANGEROUS_OPERATIONS", "perhaps")
	cli.Plan(b.Provider(nil)).Refuses(t, "INFINIBOX_APPROVE_DANGEROUS_OPERATIONS", "neither true nor false")
	t.Setenv("INFINIBOX_APPROVE_DANGEROUS_OPERATIONS", "true")
	cli.Plan(b.Provider(acctest.Attrs{"approve_dangerous_operations": false})).Refuses(t, "is dangerous and not approved")
	cli.Apply(b.Provider(nil)).Succeeds(t).Warns(t, "Approved: Deleting a pool is dangerous")
}

func holdsNo(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("holds the secret %q", secret)
		}
	}
}

// Others make the very same volume right before, and the answer to ours is lost: theirs
// is not taken for ours, though the array's answers show its time in seconds alone.
func TestAccLostAnswerBesideTheSameOfOthers(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := newPool(b, "pool")
	cli := acctest.NewCLI(t)
	cli.Plan(b.Provider(nil), volumeOf("v", pool, "1GB")).Succeeds(t) // Terraform is up
	theirs := newVolume(b, "v", pool)
	if err := b.Simulator.SetFaults("POST /volumes:500"); err != nil {
		t.Fatal(err)
	}
	cli.Apply(b.Provider(nil), volumeOf("v", pool, "1GB")).
		Refuses(t, `Could not create volume "v"`, fmt.Sprintf("terraform import storage_infinibox_volume.NAME '%v'", theirs))

	if err := b.Simulator.SetFaults("POST /volumes:cut-after"); err != nil {
		t.Fatal(err)
	}
	cli.Apply(b.Provider(nil), volumeOf("w", pool, "1GB")).Succeeds(t)
}
