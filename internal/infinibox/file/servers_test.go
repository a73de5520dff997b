package file_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The servers are there: they are taken over, changed, healed and given back, but for what
// the array does not take back.
func TestAccServers(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli, provider := acctest.NewCLI(t), b.Provider(nil)
	smb := func(more acctest.Attrs) string { return resource("smb_server", "this", more) }
	nfs := func(support string) string {
		return resource("nfs_server", "this", acctest.Attrs{"nfsv4_support": support})
	}
	has := func(path, field string) string {
		one, err := b.Do("GET", path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(one.([]any)[0].(map[string]any)[field])
	}
	expect := func(path, field, want string) {
		t.Helper()
		if got := has(path, field); got != want {
			t.Errorf("%s is %s, wanted %s", field, got, want)
		}
	}
	const smbPath, nfsPath = "smb/server_capabilities", "nfs/server_capabilities"

	strict := acctest.Attrs{"min_smb_protocol": "SMB_3_0", "max_smb_protocol": "SMB_3_1_1", "smb_encryption": "REQUIRED", "smb_signing": "REQUIRED", "smb_leases_enable": false, "smb_lease_break_timeout": 30}
	run := cli.Plan(provider, smb(strict))
	for _, danger := range []string{"Clients that speak only older versions", "Clients that cannot encrypt", "Clients that cannot sign"} {
		run.Refuses(t, danger+" are cut off", "approved = true")
	}
	cli.Plan(provider, smb(acctest.Attrs{"min_smb_protocol": "SMB_3_0", "max_smb_protocol": "SMB_2_1"})).Refuses(t, "must not be above")
	cli.Plan(provider, smb(acctest.Attrs{"max_smb_protocol": "SMB_2"})).Refuses(t, "use one of SMB_2_0_2")
	cli.Plan(provider, smb(acctest.Attrs{"smb_lease_break_timeout": 0})).Refuses(t, "smb_lease_break_timeout")
	cli.Plan(provider, nfs("enabled")).Refuses(t, `must be written "ENABLED"`)

	lenient := acctest.Attrs{"smb_leases_enable": false, "smb_lease_break_timeout": 30, "min_smb_protocol": "SMB_2_0_2"}
	cli.Apply(provider, smb(lenient), nfs("DISABLED")).Succeeds(t)
	cli.Plan(provider, smb(lenient), nfs("DISABLED")).Succeeds(t).Plans(t, map[string]string{})
	cli.Plan(provider, smb(lenient.With(acctest.Attrs{"min_smb_protocol": "SMB_3_0"}))).Refuses(t, "Clients that speak only older versions are cut off")
	all := []string{provider, smb(strict.With(acctest.Attrs{"approved": true})), nfs("ENABLED")}
	cli.Apply(all...).Succeeds(t).Warns(t, "NFSv4 stays enabled")
	cli.Plan(all...).Succeeds(t).Plans(t, map[string]string{})
	expect(smbPath, "min_smb_protocol", "SMB_3_0")
	expect(nfsPath, "nfsv4_support", "ENABLED")
	cli.Plan(provider, smb(strict), nfs("DISABLED")).Refuses(t, "NFSv4 cannot be disabled")

	// Drift, and its healing.
	b.Must("PUT", smbPath, map[string]any{"smb_signing": "NEGOTIATE"})
	cli.Plan(all...).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_smb_server.this": "update"})
	cli.Apply(append(all, `
data "storage_infinibox_smb_server" "this" { depends_on = [storage_infinibox_smb_server.this] }
data "storage_infinibox_nfs_server" "this" { depends_on = [storage_infinibox_nfs_server.this] }
output "seen" { value = "${data.storage_infinibox_smb_server.this.smb_signing} ${data.storage_infinibox_nfs_server.this.nfsv4_support}" }
`)...).Succeeds(t)
	if outputs, err := cli.Terraform.Output(t.Context()); err != nil || string(outputs["seen"].Value) != `"REQUIRED ENABLED"` {
		t.Errorf("seen: %s %v", outputs["seen"].Value, err)
	}

	cli.Apply(provider).Succeeds(t)
	for field, want := range map[string]string{
		"min_smb_protocol": "SMB_2_0_2", "smb_encryption": "NEGOTIATE", "smb_signing": "NEGOTIATE", "smb_leases_enable": "true", "smb_lease_break_timeout": "60",
	} {
		expect(smbPath, field, want)
	}
	expect(nfsPath, "nfsv4_support", "ENABLED")
	cli.Plan(provider, nfs("DISABLED")).Refuses(t, "NFSv4 cannot be disabled")

	server := acctest.NewServer(t, b)
	for _, kind := range []string{"smb_server", "nfs_server"} {
		state, identity, problems := server.Import("storage_infinibox_"+kind, "this", nil)
		if problems.Failed() || identity["id"] != kind {
			t.Fatalf("%s: %v %s", kind, identity, problems)
		}
		if read, _ := server.Read("storage_infinibox_"+kind, state, identity); read["id"] != kind {
			t.Errorf("%s: import finds %v", kind, read)
		}
	}
}

func nfsServerOfTheFaults(t *testing.T) acctest.Suite {
	on := acctest.Attrs{"nfsv4_support": "ENABLED"}
	return acctest.Suite{Lab: acctest.NewInfiniBox(t), Type: "storage_infinibox_nfs_server", Permanent: true, Least: on, Most: on}
}

func smbServerOfTheFaults(t *testing.T) acctest.Suite {
	return acctest.Suite{
		Lab: acctest.NewInfiniBox(t), Type: "storage_infinibox_smb_server", Permanent: true,
		Least: acctest.Attrs{}, Most: acctest.Attrs{"smb_leases_enable": false},
		Changes: map[string]acctest.Change{
			"smb_lease_break_timeout": {Through: []any{30, 90, nil}},
			"max_smb_protocol":        {Through: []any{"SMB_3_1_1", "SMB_3_0"}},
		},
	}
}
