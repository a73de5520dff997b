package file_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// nas is a module for the files of a team: a filesystem with two projects, which clients
// reach over SMB and NFS.
const nas = `
terraform {
  required_providers {
    storage = { source = "storage-as-code/storage" }
  }
}

variable "pool_id" { type = number }
variable "size" { type = string }
variable "policy_id" { type = number }
variable "rules" { type = list(object({ client = string, access = string, no_root_squash = bool })) }

resource "storage_infinibox_filesystem" "this" {
  name               = "team"
  pool_id            = var.pool_id
  size               = var.size
  security_style     = "WINDOWS"
  snapshot_policy_id = var.policy_id
}

resource "storage_infinibox_treeq" "project" {
  for_each      = { alpha = "500GB", beta = "1TB" }
  filesystem_id = storage_infinibox_filesystem.this.id
  name          = each.key
  path          = "/${each.key}"
  hard_capacity = each.value
}

resource "storage_infinibox_share" "this" {
  name          = "team"
  filesystem_id = storage_infinibox_filesystem.this.id
  permissions = [
    { sid = "S-1-5-21-1004336348-1177238915-682003330-512", access = "FULLCONTROL" },
    { sid = "S-1-5-21-1004336348-1177238915-682003330-513", access = "READWRITE" },
  ]
}

resource "storage_infinibox_share_folder_acl" "admins" {
  share_id    = storage_infinibox_share.this.id
  principal   = "S-1-5-21-1004336348-1177238915-682003330-512"
  permissions = "FULLCONTROL"
}

resource "storage_infinibox_export" "this" {
  filesystem_id = storage_infinibox_filesystem.this.id
  export_path   = "/team"
  permissions   = var.rules
  depends_on    = [storage_infinibox_share.this] # which a filesystem of Windows must have first
}
`

// From an empty array to what clients mount, and on from there: the plan after each apply
// is empty.
func TestAccStoryGreenfield(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	cli.Module("nas", fstest.MapFS{"main.tf": {Data: []byte(nas), Mode: 0o600}})
	config := func(pool, size, second string, enabled bool) []string {
		return []string{
			b.Provider(nil),
			resource("pool", "one", acctest.Attrs{"name": "one", "physical_capacity": "20TB"}),
			resource("pool", "two", acctest.Attrs{"name": "two", "physical_capacity": "20TB"}),
			resource("snapshot_policy", "daily", acctest.Attrs{"name": "daily", "suffix": "daily"}),
			resource("smb_group", "staff", acctest.Attrs{"name": "staff"}),
			resource("smb_user", "scanner", acctest.Attrs{
				"name": "scanner", "password_wo": "Secret-12345", "password_wo_version": 1, "group_ids": acctest.Expr("[storage_infinibox_smb_group.staff.id]"),
				"enabled": enabled, "approved": true,
			}),
			fmt.Sprintf(`
module "nas" {
  source    = "./nas"
  pool_id   = storage_infinibox_pool.%s.id
  size      = %q
  policy_id = storage_infinibox_snapshot_policy.daily.id
  rules = [
    { client = "10.0.0.0/24", access = "RW", no_root_squash = true },
    { client = %q, access = "RO", no_root_squash = false },
    { client = "*", access = "NONE", no_root_squash = false },
  ]
}
`, pool, size, second),
		}
	}
	first := config("one", "5TB", "10.0.1.0/24", true)
	cli.Write(first...)
	if err := cli.Terraform.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		config []string
		does   map[string]string
	}{
		{first, nil},
		{config("one", "8TB", "10.0.1.0/24", true), map[string]string{"module.nas.storage_infinibox_filesystem.this": "update"}},
		{config("two", "8TB", "10.0.1.0/24", true), map[string]string{"module.nas.storage_infinibox_filesystem.this": "update"}},
		{config("two", "8TB", "10.0.0.0/16", true), map[string]string{"module.nas.storage_infinibox_export.this": "update"}},
		{config("two", "8TB", "10.0.0.0/16", false), map[string]string{"storage_infinibox_smb_user.scanner": "update"}},
	} {
		run := cli.Apply(step.config...).Succeeds(t)
		if step.does != nil {
			run.Plans(t, step.does)
		}
		cli.Plan(step.config...).Succeeds(t).Plans(t, map[string]string{})
	}
	// A rule that cuts clients off names them.
	cli.Plan(config("two", "8TB", "10.0.1.0/24", false)...).Refuses(t, "Affected: 10.0.0.0/16.")
	share := b.Must("GET", "shares/"+fmt.Sprint(b.IDs("shares")[0]), nil)
	if permissions := share["permissions"].([]any); len(permissions) != 2 {
		t.Errorf("the share lets in %v", permissions)
	}
	// Nothing goes unasked, and all of it when asked.
	cli.Plan(b.Provider(nil)).Refuses(t, `Deleting filesystem "team"`, `TreeQs lost with it: "alpha", "beta"`, `It is exported as "/team"`, `It is shared as "team"`)
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true})).Succeeds(t)
	for _, path := range []string{"filesystems", "exports", "shares", "pools"} {
		if left := b.IDs(path); len(left) > 0 {
			t.Errorf("left of %s: %v", path, left)
		}
	}
}

// What is in use is refused by name, also where the deletion is approved.
func TestAccStoryInUse(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("pool")
	cli, approved := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	treeq := resource("treeq", "t", acctest.Attrs{"filesystem_id": of("filesystem.f"), "name": "projects", "path": "/projects"})
	team := resource("filesystem", "f", acctest.Attrs{"name": "team", "pool_id": pool, "size": "1GB"})
	cli.Apply(approved, team, treeq).Succeeds(t)
	filesystem := b.IDs("filesystems")[0]
	export := b.Create("exports", map[string]any{"filesystem_id": filesystem, "export_path": "/p", "inner_path": "/projects"})
	share := b.Create("shares", map[string]any{"filesystem_id": filesystem, "name": "p", "inner_path": "/projects"})
	snapshot := b.Create("filesystems", map[string]any{"name": "monday", "parent_id": filesystem})

	cli.Plan(b.Provider(nil)).Refuses(t, `Deleting filesystem "team"`, `Lost with it: "monday"`, `TreeQs lost with it: "projects"`, `It is exported as "/p"`, `It is shared as "p"`)
	cli.Apply(approved, team).Refuses(t, "TREEQ_FILESYSTEM_HAS_EXPORTS", fmt.Sprintf("It is exported: /p (id %v). It is shared: p (id %v).", export, share))
	b.Must("DELETE", fmt.Sprintf("exports/%v", export), nil)
	cli.Apply(approved, team).Refuses(t, "TREEQ_FILESYSTEM_HAS_SHARES", fmt.Sprintf("It is shared: p (id %v).", share))
	cli.Apply(approved, resource("filesystem", "f", acctest.Attrs{"name": "team", "pool_id": pool, "size": "1GB", "suspend_state": "DROP"}), treeq).
		Refuses(t, "FILESYSTEM_SUSPEND_NOT_ALLOWED", fmt.Sprintf("It is shared: p (id %v).", share))
	cli.Write(approved, team)
	if err := cli.Terraform.StateRm(t.Context(), theTreeQ); err != nil {
		t.Fatal(err)
	}
	cli.Apply(approved).Refuses(t, "FILESYSTEM_HAS_SHARES", fmt.Sprintf("It is shared: p (id %v).", share))
	b.Must("DELETE", fmt.Sprintf("shares/%v", share), nil)
	b.Create("exports", map[string]any{"filesystem_id": snapshot, "export_path": "/monday"})
	share = b.Create("shares", map[string]any{"filesystem_id": snapshot, "name": "monday"})
	cli.Apply(approved).Refuses(t, "CHILD_FILESYSTEMS_HAVE_", "It is exported: /monday", fmt.Sprintf("It is shared: monday (id %v).", share))
}

// Files that are retained hold a WORM filesystem.
func TestAccStoryRetainedFiles(t *testing.T) {
	t.Parallel()
	seed := `{
		"requests": [
			{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
			{"method": "POST", "path": "filesystems", "body": {"name": "archive", "pool_id": 1000, "size": 1000000000, "worm_level": "ENTERPRISE"}}
		],
		"files": [{"filesystem_id": 1001, "path": "/contract.pdf", "retained_until": 99999999999999}]
	}`
	b := acctest.SimulateInfiniBox(t, simulator.Options{Seed: []byte(seed)})
	cli, approved := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli.Write(approved, resource("filesystem", "f", acctest.Attrs{"name": "archive", "pool_id": 1000, "size": "1GB", "worm_level": "ENTERPRISE"}))
	if err := cli.Import("storage_infinibox_filesystem.f", "name=archive"); err != nil {
		t.Fatal(err)
	}
	cli.Apply(approved).Refuses(t, "FILESYSTEM_WORM_LOCKED_FILES", "when the retention of the last of them is over")
}

// A snapshot is exported for a look at what was, the filesystem is restored from it, and
// its own export goes on.
func TestAccStoryRestore(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli, provider := acctest.NewCLI(t), b.Provider(nil)
	config := []string{
		provider,
		resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "10TB"}),
		resource("filesystem", "f", acctest.Attrs{"name": "f", "pool_id": of("pool.p"), "size": "1TB"}),
		resource("export", "f", acctest.Attrs{"filesystem_id": of("filesystem.f"), "export_path": "/f"}),
		resource("filesystem_snapshot", "s", acctest.Attrs{"name": "monday", "parent_id": of("filesystem.f")}),
		resource("export", "s", acctest.Attrs{"filesystem_id": of("filesystem_snapshot.s"), "export_path": "/f-monday"}.With(rules(allow("10.0.0.7", "RO", true)))),
	}
	cli.Apply(config...).Succeeds(t)
	ids := b.IDs("filesystems?sort=id")
	before := b.Must("GET", "exports/"+fmt.Sprint(b.IDs("exports?export_path=/f")[0]), nil)
	server := acctest.NewServer(t, b)
	restore := acctest.Attrs{"filesystem_id": ids[0], "snapshot_id": ids[1]}
	const action = "storage_infinibox_filesystem_restore"
	server.PlanAction(action, restore.With(acctest.Attrs{"approved": false})).Refuse(t, "What is on the filesystem now is lost")
	if said := server.Invoke(action, restore); said.Failed() {
		t.Fatalf("restore: %s", said.Problems)
	}
	after := b.Must("GET", fmt.Sprintf("exports/%v", before["id"]), nil)
	if fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the export is %v, was %v", after, before)
	}
	cli.Plan(config...).Succeeds(t).Plans(t, map[string]string{})
}

// What the style of a filesystem excludes, and the protocols that exclude each other, are
// refused by the plan where it knows them, and else told by what is in the way.
func TestAccStoryStyles(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pool := b.NewPool("pool")
	cli, approved := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	windows, unix := newWindows(b, "windows", pool), b.NewFilesystem("unix", pool)
	share := func(filesystem any, more acctest.Attrs) string {
		return resource("share", "s", acctest.Attrs{"name": "s", "filesystem_id": filesystem}.With(more))
	}
	version4 := acctest.Attrs{"nfs_version": "NFSv4"}

	cli.Plan(approved, treeqOf(windows, acctest.Attrs{"mode": "0755"})).Refuses(t, "mode is for filesystems of the style UNIX", "mode")
	there := acctest.NewCLI(t)
	there.Apply(approved, treeqOf(windows, nil)).Succeeds(t)
	there.Plan(approved, treeqOf(windows, acctest.Attrs{"mode": "0755"})).Refuses(t, "mode is for filesystems of the style UNIX", "mode")
	cli.Plan(approved, exportOf(windows, version4)).Refuses(t, "A filesystem of the style WINDOWS has no exports of NFSv4", "nfs_version")
	cli.Plan(approved, exportOf(unix, version4.With(acctest.Attrs{"export_path": "/"}))).Refuses(t, "An export of NFSv4 needs a path")
	cli.Plan(approved, share(windows, acctest.Attrs{"default_folder_unix_permissions": "0755"})).Refuses(t, "is for filesystems of the style UNIX")
	cli.Plan(approved, share(unix, nil), exportOf(unix, version4)).Refuses(t, "either SMB shares or exports of NFSv4", `The share "s" and the export "/db"`)
	cli.Apply(approved, exportOf(unix, version4)).Refuses(t, "NFS_PROTOCOL_VERSION_MISMATCH", "storage_infinibox_nfs_server enables it")

	// Each style wants the other protocol beside its own.
	cli.Apply(approved, share(unix, nil)).Refuses(t, "SUSPICIOUS_FILESYSTEM_SHARE", "Make an export of the filesystem first")
	cli.Apply(approved, exportOf(windows, nil)).Refuses(t, "SUSPICIOUS_FILESYSTEM_EXPORT", "Make an SMB share of the filesystem first")
	both := []string{approved, exportOf(unix, nil), share(unix, acctest.Attrs{"depends_on": acctest.Expr("[" + theExport + "]")})}
	cli.Apply(both...).Succeeds(t)
	cli.Plan(both...).Succeeds(t).Plans(t, map[string]string{})

	// What is there already excludes what comes, also where it does not change.
	b.Must("PUT", "nfs/server_capabilities", map[string]any{"nfsv4_support": "ENABLED"})
	other := resource("export", "other", acctest.Attrs{"filesystem_id": json.Number(fmt.Sprint(unix)), "export_path": "/other", "nfs_version": "NFSv4"})
	cli.Plan(append(both, other)...).Refuses(t, "either SMB shares or exports of NFSv4", `The share "s" and the export "/other"`)
	acctest.NewCLI(t).Apply(approved, other).Refuses(t, "NFSV4_EXPORT_AND_SMB_SHARE_CONFLICT", "Its shares: s (id")
}

// Who states the permissions of a share as a whole, and who one by one, are told apart.
func TestAccSharePermissionsStatedTwice(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := newWindows(b, "windows", b.NewPool("pool"))
	cli, approved := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	share := func(more acctest.Attrs) string {
		return resource("share", "s", acctest.Attrs{"name": "s", "filesystem_id": filesystem}.With(more))
	}
	part := func(sid string) string {
		return resource("share_permission", "p", acctest.Attrs{"share_id": of("share.s"), "sid": sid, "access": "READ"})
	}
	whole := grants(grant(domain+"512", "FULLCONTROL"))
	cli.Apply(approved, share(whole), part(domain+"513")).Succeeds(t)
	cli.Plan(approved, share(whole), part(domain+"513")).Refuses(t, "The permissions of one share are stated in two ways", domain+"513")
	// Left out, or ignored, they are the others' to state.
	cli.Apply(approved, share(nil), part(domain+"513")).Succeeds(t)
	cli.Plan(approved, share(nil), part(domain+"513")).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(approved, share(nil), part(domain+"514")).Succeeds(t)
	cli.Plan(approved, share(nil), part(domain+"514")).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(b.Provider(nil), share(nil), part(everyone)).Refuses(t, "may lose access to the share")

	// So begins a share that lets nobody in but those whom others name.
	closed := strings.Replace(resource("share", "c", acctest.Attrs{"name": "c", "filesystem_id": filesystem, "permissions": []any{}}),
		"{", "{\n  lifecycle {\n    ignore_changes = [permissions]\n  }\n", 1)
	entry := resource("share_permission", "c", acctest.Attrs{"share_id": of("share.c"), "sid": domain + "513", "access": "READ"})
	fresh := acctest.NewCLI(t)
	fresh.Apply(approved, closed, entry).Succeeds(t)
	fresh.Plan(approved, closed, entry).Succeeds(t).Plans(t, map[string]string{})
	ids := b.IDs("shares?name=c")
	if has := fmt.Sprint(b.Must("GET", fmt.Sprintf("shares/%v", ids[0]), nil)["permissions"]); !strings.Contains(has, domain+"513") || strings.Contains(has, everyone) {
		t.Errorf("the share lets in %s", has)
	}
}
