package replication_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The other array's user is asked for where the provider's own is not known there, by the
// settings' names, and works from then on; no log, plan, state or message tells its password.
func TestAccRemoteCredentials(t *testing.T) {
	t.Parallel()
	const here, there, wrong = "near-Secret-4711", "far-Secret-0815", "far-Wrong-0816"
	p := acctest.SimulatePair(t, simulator.Options{}).Link()
	user := func(b *acctest.Site, name, password string) {
		b.Create("users", map[string]any{"name": name, "password": password, "email": name + "@example.com", "role": "ADMIN"})
	}
	user(p.Near, "terraform", here)
	user(p.Far, "replicator", there)
	settings := acctest.Attrs{"username": "terraform", "password": here, "approve_dangerous_operations": true}
	logs := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, logs)
	pool, farPool := p.Near.NewPool("here"), p.Far.NewPool("there")
	config := func(more acctest.Attrs) []string {
		return []string{
			p.Near.Provider(settings.With(more)), replicatedGroup(p, pool, farPool, acctest.Attrs{"sync_interval": "5m", "delete_remote_replication_group": true}),
			acctest.Attrs{"link_id": p.Near.Link, "path": "pools", "depends_on": []any{acctest.Expr(rgReplicaAddress)}}.Block("data", "storage_infinibox_remote", "pools"),
			"output \"pools\" {\n  value = [for p in jsondecode(data.storage_infinibox_remote.pools.json) : p.name]\n}\n",
		}
	}
	known := func(password string) acctest.Attrs {
		return acctest.Attrs{"remote_username": "replicator", "remote_password": password}
	}
	said := []*acctest.Outcome{
		cli.Apply(config(nil)...).Refuses(t, "REMOTE_PERMISSION_REQUIRED", "Set remote_username and remote_password", "INFINIBOX_REMOTE_USERNAME and INFINIBOX_REMOTE_PASSWORD"),
		cli.Apply(config(known(wrong))...).Refuses(t, "REMOTE_PERMISSION_REQUIRED", "check remote_username and remote_password"),
	}
	for _, b := range []*acctest.Site{p.Near, p.Far} {
		if made := b.IDs("rg_replicas"); len(made) > 0 {
			t.Errorf("replicas that were made: %v", made)
		}
	}
	cli.Write(config(known(there))...)
	plan := filepath.Join(cli.Dir, "plan.bin")
	if _, err := cli.Terraform.Plan(t.Context(), tfexec.Out(plan)); err != nil {
		t.Fatal(err)
	}
	said = append(said, cli.Apply(config(known(there))...).Succeeds(t), cli.Plan(config(known(there))...).Succeeds(t).Plans(t, map[string]string{}))
	var pools []string
	outputs, err := cli.Terraform.Output(t.Context())
	if err != nil || json.Unmarshal(outputs["pools"].Value, &pools) != nil || !slices.Equal(pools, []string{"there"}) {
		t.Errorf("the pools there are %v, %v", pools, err)
	}
	// Also its deletion on the other array is that user's.
	said = append(said, cli.Apply(p.Near.Provider(settings.With(known(there)))).Succeeds(t))
	for _, collection := range []string{"rg_replicas", "replication_groups"} {
		if left := p.Far.IDs(collection); len(left) > 0 {
			t.Errorf("%s that are left: %v", collection, left)
		}
	}

	texts := map[string]string{"the plan": acctest.Unzipped(t, plan)}
	for i, run := range said {
		texts[fmt.Sprintf("the output of run %d", i+1)] = run.Output
	}
	for _, file := range []string{logs, filepath.Join(cli.Dir, "terraform.tfstate.backup")} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(content)
	}
	acctest.KeepsSecrets(t, texts, here, there, wrong, "terraform:"+here, "replicator:"+there, "replicator:"+wrong)
}
