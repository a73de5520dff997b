package block_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// Secrets that are set, changed by their version, refused and lost are in no
// state, no plan, no log and no message.
func TestAccSecrets(t *testing.T) {
	t.Parallel()
	const password, first, second, refused = "correct-horse-1", "in-secret-98765", "in-secret-43210", "in-secret-läng"
	b := acctest.SimulateInfiniBox(t, simulator.Options{Password: password})
	logs := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, logs)
	provider := b.Provider(acctest.Attrs{"password": password, "approve_dangerous_operations": true})
	host := func(secret string, version int) string {
		return resource("host", "h", acctest.Attrs{
			"name": "h", "iscsi_ports": []any{"iqn.2011-08.com.example:h"},
			"security_method": "CHAP", "security_chap_inbound_username": "in",
			"security_chap_inbound_secret_wo": secret, "security_chap_inbound_secret_wo_version": version,
		})
	}
	const address = "storage_infinibox_host.h"
	changed := map[string]string{address: "update"}

	runs := []*acctest.Outcome{
		cli.Apply(provider, host(first, 1)).Succeeds(t),
		// A secret alone changes nothing; its version sends it.
		cli.Plan(provider, host(second, 1)).Succeeds(t).Plans(t, map[string]string{}),
		cli.Plan(provider, host(second, 2)).Succeeds(t).Plans(t, changed),
		cli.Apply(provider, host(second, 2)).Succeeds(t),
		cli.Plan(provider, host(refused, 3)).Refuses(t, "ASCII characters only"),
	}
	// One that is lost on the array is seen, and sent again.
	id := b.Must("GET", "hosts/1000", nil)["id"]
	b.Must("PUT", "hosts/1000", map[string]any{"security_method": "NONE"})
	runs = append(runs, cli.Apply(provider, host(second, 2)).Succeeds(t).Plans(t, changed))
	if host := b.Must("GET", "hosts/1000", nil); host["security_chap_has_inbound_secret"] != true {
		t.Errorf("host %v has no secret", id)
	}
	// A failing creation shows none either.
	runs = append(runs, cli.Apply(b.Provider(acctest.Attrs{"password": "wrong-horse-1"}), host(second, 2)).Refuses(t, "INFINIBOX_PASSWORD"))

	secrets := []string{password, "wrong-horse-1", first, second, refused, "Authorization: Basic"}
	for _, run := range runs {
		holdsNo(t, run.Output, secrets...)
	}
	for _, file := range []string{filepath.Join(cli.Dir, "terraform.tfstate"), filepath.Join(cli.Dir, "terraform.tfstate.backup"), logs} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(content) < 500 {
			t.Errorf("%s is empty: %s", file, content)
		}
		holdsNo(t, string(content), secrets...)
	}
	cli.Write(provider)
	cli.Destroy().Succeeds(t)
}
