package file_test

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// allow is a rule of an export.
func allow(client, access string, root bool) acctest.Attrs {
	return acctest.Attrs{"client": client, "access": access, "no_root_squash": root}
}

// rules are the permissions of an export.
func rules(all ...any) acctest.Attrs { return acctest.Attrs{"permissions": all} }

func exports(t *testing.T) acctest.Suite {
	// NFSv4 is enabled once and for all.
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.Must("PUT", "nfs/server_capabilities", map[string]any{"nfsv4_support": "ENABLED"})
	pool := b.NewPool("pool")
	filesystem, other := b.NewFilesystem("filesystem", pool), b.NewFilesystem("other", pool)
	newTreeQ(b, filesystem, "projects")
	path := func(label string, _ int) any { return "/" + b.Name(label) }
	put, bad := acctest.Put, acctest.BadValue
	badRule := func(member string, rule acctest.Attrs, says string) acctest.Bad {
		return acctest.Bad{Attribute: "permissions." + member, Set: rules(rule), Says: says}
	}
	off := acctest.Attrs{"enabled": false}
	number := func(field string, values ...any) acctest.Change {
		return acctest.Change{Through: values, Drift: put("exports", field, 20000)}
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_export", Plural: "exports", Path: "exports", NamedBy: "export_path",
		Deleting: "Clients that have it mounted are cut off",
		Least:    acctest.Attrs{"filesystem_id": filesystem, "export_path": acctest.Own(path)},
		Most: acctest.Attrs{
			"filesystem_id": filesystem, "export_path": acctest.Own(path), "inner_path": "/projects", "enabled": false,
			"make_all_users_anonymous": true, "anonymous_uid": 99, "anonymous_gid": 4294967295, "nfs_version": "NFSv4", "nfsv4_auth": "SYS",
			"snapdir_visible": false, "privileged_port": false, "transport_protocols": "TCP_UDP", "file_id_32bit": true,
			"max_read": 16384, "max_write": 16777216, "pref_read": 16384, "pref_write": 32768, "pref_readdir": 65536,
		}.With(rules(allow("10.0.0.0/24", "RW", false), allow("*", "RO", false), allow("10.0.0.7", "NONE", false))),
		Changes: map[string]acctest.Change{
			"filesystem_id": {Through: []any{filesystem, other}, Replaces: true},
			"export_path":   {Through: []any{"/" + b.Name("before"), "/" + b.Name("after")}, Replaces: true},
			"inner_path":    {Through: []any{"/", "/projects"}, Replaces: true},
			"enabled": {
				Through: []any{true, false, true}, Danger: "Clients that have it mounted are cut off",
				Drift: put("exports", "enabled", false),
			},
			"permissions": {
				Through: []any{
					rules(allow("10.0.0.0/24", "RW", true), allow("10.0.1.1-10.0.1.9", "RW", true)),
					rules(allow("10.0.1.1-10.0.1.9", "RO", true), allow("10.0.0.0/24", "RW", true)),
					rules(allow("*", "RW", true)),
				},
				Danger: "Affected: 10.0.1.1-10.0.1.9.",
				Drift:  put("exports", "permissions", []any{map[string]any{"client": "*", "access": "RO", "no_root_squash": false}}),
			},
			"make_all_users_anonymous": {
				Through: []any{false, true, false}, Beside: rules(allow("*", "RW", false)), Danger: "only what the anonymous user may",
				Drift: put("exports", "make_all_users_anonymous", true),
			},
			"anonymous_uid":   number("anonymous_uid", 0, 65533),
			"anonymous_gid":   number("anonymous_gid", 0, 65533),
			"nfs_version":     {Through: []any{"NFSv3", "NFSv4"}, Beside: off, Drift: put("exports", "nfs_version", "NFSv3")},
			"nfsv4_auth":      {Through: []any{nil, "SYS"}, Beside: off.With(acctest.Attrs{"nfs_version": "NFSv4"}), Drift: put("exports", "nfsv4_auth", nil)},
			"snapdir_visible": {Through: []any{false, true}, Drift: put("exports", "snapdir_visible", false)},
			"privileged_port": {
				Through: []any{false, true}, Danger: "Clients that come from another port are cut off",
				Drift: put("exports", "privileged_port", false),
			},
			"transport_protocols": {
				Through: []any{"TCP", "UDP", "TCP_UDP"}, Danger: "Clients that speak the other one are cut off",
				Drift: put("exports", "transport_protocols", "TCP"),
			},
			"file_id_32bit": {Through: []any{true, false}, Drift: put("exports", "32bit_file_id", true)},
			"max_read":      number("max_read", 16384, 16777216),
			"max_write":     number("max_write", 16384, 16777216),
			"pref_read":     number("pref_read", 16384, 32768),
			"pref_write":    number("pref_write", 16384, 32768),
			"pref_readdir":  number("pref_readdir", 16384, 32768),
		},
		Bad: []acctest.Bad{
			bad("export_path", "db", "does not begin with a slash"),
			bad("inner_path", "db", "does not begin with a slash"),
			badRule("client", allow("db1", "RW", false), "is no client"),
			badRule("client", allow("10.0.0.9-10.0.0.1", "RW", false), "is no client"),
			badRule("client", allow("10.0.0.1-::1", "RW", false), "is no client"),
			badRule("access", allow("*", "rw", false), `must be written "RW"`),
			{Attribute: "permissions", Set: acctest.Attrs{"make_all_users_anonymous": true}, Says: "No root among anonymous users"},
			{
				Attribute: "permissions", Says: "the rule for 10.0.0.1 has no_root_squash = true",
				Set: rules(allow("*", "RO", false), allow("10.0.0.1", "RW", true)).With(acctest.Attrs{"make_all_users_anonymous": true}),
			},
			bad("anonymous_uid", -1, "between 0 and 4294967295"),
			bad("anonymous_gid", 4294967296, "between 0 and 4294967295"),
			bad("nfs_version", "NFSv2", "use one of NFSv3, NFSv4"),
			bad("nfsv4_auth", "SYS", "nfsv4_auth is for NFSv4"),
			bad("transport_protocols", "TCCP", "use one of TCP, UDP, TCP_UDP"),
			bad("max_read", 16383, "between 16384 and 16777216"),
			bad("max_write", 16777217, "between 16384 and 16777216"),
			bad("pref_read", 0, "between 16384 and 16777216"),
			bad("pref_write", 0, "between 16384 and 16777216"),
			bad("pref_readdir", 0, "between 16384 and 16777216"),
		},
	}
}

const theExport = "storage_infinibox_export.e"

// exportOf writes an export of a filesystem.
func exportOf(filesystem any, more acctest.Attrs) string {
	return resource("export", "e", acctest.Attrs{"filesystem_id": filesystem, "export_path": "/db"}.With(more))
}

// What lets a client do less is refused by the client's name; what lets it do as much in
// other words is not.
func TestAccExportPermissions(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("fs", b.NewPool("pool"))
	config := func(all ...any) string { return exportOf(filesystem, rules(all...)) }
	web, net, span := allow("10.0.0.5", "RW", true), allow("10.0.0.0/24", "RO", false), allow("10.0.1.1-10.0.1.9", "RW", false)
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config(web, net, span)).Succeeds(t)
	for _, change := range []struct {
		rules []any
		lost  string
	}{
		{[]any{web, net}, "Affected: 10.0.1.1-10.0.1.9."},
		{[]any{span}, "Affected: 10.0.0.5, 10.0.0.0/24."},
		{[]any{span, allow("10.0.0.5", "RO", true), net}, "Affected: 10.0.0.5."},
		{[]any{span, allow("10.0.0.5", "RW", false), net}, "Affected: 10.0.0.5."},
		{[]any{span, web, allow("10.0.0.0/25", "RW", true)}, "Affected: 10.0.0.0/24."},
		{[]any{span, web, allow("10.0.0.0/24", "NONE", false)}, "Affected: 10.0.0.0/24."},
		{[]any{web, net, allow("10.0.1.2-10.0.1.9", "RW", true)}, "Affected: 10.0.1.1-10.0.1.9."},
		{[]any{}, "Affected: 10.0.0.5, 10.0.0.0/24, 10.0.1.1-10.0.1.9."},
		{[]any{span, net, web}, ""},
		{[]any{allow("*", "RW", true)}, ""},
		{[]any{allow("10.0.0.0/23", "RW", true)}, ""},
		{[]any{web, net, span, allow("10.0.0.6", "NONE", false)}, ""},
	} {
		run := cli.Plan(b.Provider(nil), config(change.rules...))
		if change.lost == "" {
			run.Succeeds(t).Plans(t, map[string]string{theExport: "update"})
			continue
		}
		run.Refuses(t, `Changing permissions of export "/db"`, change.lost, "approved = true")
	}
	cli.Apply(b.Provider(nil), config(span, net, web)).Succeeds(t)
	cli.Plan(b.Provider(nil), config(span, net, web)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true}), config(web)).Succeeds(t).Warns(t, "Approved: Changing permissions of an export")
	cli.Apply(b.Provider(nil), config([]any{}...)).Refuses(t, "Affected: 10.0.0.5.")
	held, _ := b.Do("GET", "exports", nil)
	if got := fmt.Sprint(held.([]any)[0].(map[string]any)["permissions"]); got != "[map[access:RW client:10.0.0.5 no_root_squash:true]]" {
		t.Errorf("the array has %s", got)
	}
	cli.Plan(b.Provider(nil)).Refuses(t, "Clients that have it mounted are cut off", "Let in by its rules: 10.0.0.5.")
}

// A rule for what is not known yet is planned, and weighed when it is known.
func TestAccExportPermissionsKnownLate(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("fs", b.NewPool("pool"))
	config := func(address string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"server\" { input = %q }\n", address) +
			exportOf(filesystem, acctest.Attrs{"permissions": acctest.Expr(`[{ client = terraform_data.server.output, access = "RW", no_root_squash = false }]`)})
	}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), config("10.0.0.1")).Succeeds(t)
	cli.Plan(b.Provider(nil), config("10.0.0.2")).Succeeds(t)
	cli.Apply(b.Provider(nil), config("10.0.0.2")).Refuses(t, "Affected: 10.0.0.1.")
	cli.Apply(b.Provider(nil), config("*")).Succeeds(t)
}

// A path that another export has is its own: the error says how to import it, by id and
// by path, and the plan after that is empty.
func TestAccExportPathTaken(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("fs", b.NewPool("pool"))
	id := b.Create("exports", map[string]any{"filesystem_id": filesystem, "export_path": "/db"})
	config := []string{b.Provider(nil), exportOf(filesystem, nil)}
	acctest.NewCLI(t).Apply(config...).
		Refuses(t, `Could not create export "/db"`, fmt.Sprintf("terraform import storage_infinibox_export.NAME '%v'", id))
	for _, by := range []string{fmt.Sprint(id), fmt.Sprintf("id=%v", id), "export_path=/db"} {
		cli := acctest.NewCLI(t)
		cli.Write(config...)
		if err := cli.Import(theExport, by); err != nil {
			t.Fatalf("%s: %v", by, err)
		}
		look := acctest.Attrs{"export_path": "/db"}.Block("data", "storage_infinibox_export", "e")
		cli.Plan(append(config, look)...).Succeeds(t).Plans(t, map[string]string{})
	}
	cli := acctest.NewCLI(t)
	two := acctest.Attrs{"filesystem_id": filesystem, "export_path": "/two"}
	cli.Plan(b.Provider(nil), resource("export", "a", two), resource("export", "b", two)).
		Refuses(t, `Two resources have export_path "/two"`)
}

// The version of NFS changes only while nobody has the export mounted, and goes along
// with what disables it.
func TestAccExportVersion(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.Must("PUT", "nfs/server_capabilities", map[string]any{"nfsv4_support": "ENABLED"})
	filesystem := b.NewFilesystem("fs", b.NewPool("pool"))
	version4 := acctest.Attrs{"nfs_version": "NFSv4", "approved": true}
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), exportOf(filesystem, nil)).Succeeds(t)
	for _, more := range []acctest.Attrs{nil, {"enabled": true}} {
		cli.Plan(b.Provider(nil), exportOf(filesystem, version4.With(more))).Refuses(t, "nfs_version cannot be changed now", "enabled")
	}
	cli.Apply(b.Provider(nil), exportOf(filesystem, version4.With(acctest.Attrs{"enabled": false, "nfsv4_auth": "SYS"}))).Succeeds(t)
	cli.Apply(b.Provider(nil), exportOf(filesystem, version4.With(acctest.Attrs{"enabled": true, "nfsv4_auth": "SYS"}))).Succeeds(t)
	cli.Plan(b.Provider(nil), exportOf(filesystem, version4)).Succeeds(t).Plans(t, map[string]string{})
}

// Rules that leave root be root, and anonymity for all, take turns in one apply.
func TestAccExportAnonymity(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	filesystem := b.NewFilesystem("fs", b.NewPool("pool"))
	cli := acctest.NewCLI(t)
	for _, anonymous := range []bool{false, true, false} {
		all := rules(allow("*", "RW", !anonymous)).With(acctest.Attrs{"make_all_users_anonymous": anonymous, "approved": true})
		cli.Apply(b.Provider(nil), exportOf(filesystem, all)).Succeeds(t)
		cli.Plan(b.Provider(nil), exportOf(filesystem, all)).Succeeds(t).Plans(t, map[string]string{})
	}
}
