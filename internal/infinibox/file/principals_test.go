package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func nfsUsers(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	put, bad := acctest.Put, acctest.BadValue
	uid := acctest.Own(func(_ string, n int) any { return 5000 + n })
	least := acctest.Attrs{"uid": uid, "primary_gid": 100}
	windows := acctest.Attrs{"sid": domain + "1105", "primary_gsid": domain + "513", "supplementary_gsids": []any{domain + "1201", domain + "1202"}}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_nfs_user", Plural: "nfs_users", Path: "nfs_users", Key: []string{"uid"},
		Deleting: "may lose access to files",
		Least:    least,
		Most:     least.With(windows).With(acctest.Attrs{"supplementary_gids": []any{10, 4294967295}}),
		Changes: map[string]acctest.Change{
			"uid":         {Through: []any{4294967295, 6000}, Replaces: true},
			"primary_gid": {Through: []any{100, 0, 4294967295}, Drift: put("nfs_users", "primary_gid", 7)},
			"supplementary_gids": {
				Through: []any{[]any{10, 20}, []any{30, 20}, []any{}}, Danger: "may lose access to files of these groups",
				Drift: put("nfs_users", "supplementary_gids", []any{99}),
			},
			"sid": {Through: []any{domain + "1105", domain + "1106", nil}, Danger: "is no longer the Windows user", Drift: put("nfs_users", "sid", domain+"1")},
			"primary_gsid": {
				Through: []any{domain + "513", nil, domain + "514"}, Beside: acctest.Attrs{"sid": domain + "1105"}, Drift: put("nfs_users", "primary_gsid", domain+"1"),
			},
			"supplementary_gsids": {
				Through: []any{[]any{domain + "1201"}, []any{domain + "1202"}, []any{}}, Beside: acctest.Attrs{"sid": domain + "1105"},
				Danger: "may lose access to files of these groups", Drift: put("nfs_users", "supplementary_gsids", []any{domain + "1"}),
			},
		},
		Bad: []acctest.Bad{
			bad("uid", -1, "between 0 and 4294967295"),
			bad("uid", 4294967296, "between 0 and 4294967295"),
			bad("primary_gid", 4294967296, "between 0 and 4294967295"),
			bad("sid", "jane", "is no SID"),
			bad("primary_gsid", "S-1", "is no SID"),
			bad("primary_gsid", domain+"513", "is for users of Windows"),
			bad("supplementary_gsids", []any{"staff"}, "is no SID"),
			bad("supplementary_gsids", []any{domain + "513"}, "is for users of Windows"),
		},
	}
}

func badWindowsNames(longest int) []acctest.Bad {
	return []acctest.Bad{
		acctest.BadValue("name", "", fmt.Sprintf("1 to %d characters", longest)),
		acctest.BadValue("name", strings.Repeat("x", longest+1), fmt.Sprintf("1 to %d characters", longest)),
		acctest.BadValue("name", "na/me", "leave out"),
		acctest.BadValue("name", "na?me", "leave out"),
		acctest.BadValue("name", "...", "neither a dot nor a space"),
	}
}

func smbGroups(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	put, bad := acctest.Put, acctest.BadValue
	name := acctest.Name(b)
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_smb_group", Plural: "smb_groups", Path: "smb_groups",
		Deleting: "Members no longer have the privileges of the group",
		Least:    acctest.Attrs{"name": name},
		Most: acctest.Attrs{
			"name": name, "privileges": []any{"SeBackupPrivilege", "SeRestorePrivilege"}, "domain_members": []any{domain + "512", domain + "513"},
			"gid": 4294967295, "uid": 0,
		},
		Unverified: map[string]string{"privileges": "the array answers in capitals"},
		Changes: map[string]acctest.Change{
			"name": {Through: []any{name, b.Name("renamed")}, Replaces: true},
			"privileges": {
				Through: []any{[]any{"SeBackupPrivilege", "SeChangeNotifyPrivilege"}, []any{"SERESTOREPRIVILEGE"}, []any{}}, Danger: "What needs them is refused",
				Drift: put("smb_groups", "privileges", []any{"SETAKEOWNERSHIPPRIVILEGE"}),
			},
			"domain_members": {
				Through: []any{[]any{domain + "512", domain + "513"}, []any{domain + "513"}, []any{}}, Danger: "no longer have the privileges of the group",
				Drift: put("smb_groups", "domain_members", []any{domain + "1"}),
			},
			"gid": {Through: []any{0, 100, nil}, Drift: put("smb_groups", "gid", 7)},
			"uid": {Through: []any{100, 0, nil}, Drift: put("smb_groups", "uid", 7)},
		},
		Bad: append(badWindowsNames(255),
			bad("privileges", []any{"backup"}, "is no privilege"),
			bad("domain_members", []any{"Domain Admins"}, "is no SID"),
			bad("gid", 4294967296, "between 0 and 4294967295"),
			bad("uid", -1, "between 0 and 4294967295"),
		),
	}
}

func smbUsers(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	put, bad := acctest.Put, acctest.BadValue
	group := func(label string) any { return b.Create("smb_groups", map[string]any{"name": b.Name(label)}) }
	one, two, three := group("one"), group("two"), group("three")
	// Names have 20 characters at most.
	name := acctest.Own(func(label string, n int) any { return fmt.Sprintf("u%d-%.10s", n, label) })
	least := acctest.Attrs{"name": name, "password_wo": "Secret-12345", "password_wo_version": 1}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_smb_user", Plural: "smb_users", Path: "smb_users",
		Deleting: "The user can no longer log in",
		Least:    least,
		Most: least.With(acctest.Attrs{
			"enabled": true, "primary_group_id": one, "group_ids": []any{two, three}, "privileges": []any{"SeBackupPrivilege"}, "uid": 4294967295,
		}),
		Unverified: map[string]string{
			"privileges":          "the array answers in capitals",
			"password_wo_version": "a version is the configuration's; the array knows none",
		},
		Changes: map[string]acctest.Change{
			"name": {Through: []any{"before", "after"}, Replaces: true},
			"password_wo_version": {Through: []any{
				acctest.Attrs{"password_wo": "Secret-12345", "password_wo_version": 1}, acctest.Attrs{"password_wo": "Secret-67890", "password_wo_version": 2},
			}},
			"enabled":          {Through: []any{true, false, true}, Danger: "The user can no longer log in", Drift: put("smb_users", "enabled", false)},
			"primary_group_id": {Through: []any{one, two}, Danger: "no longer has what the old group is permitted", Drift: put("smb_users", "primary_group_id", three)},
			"group_ids": {
				Through: []any{[]any{one, two}, []any{two, three}, []any{}}, Danger: "no longer has what these groups are permitted",
				Drift: put("smb_users", "group_ids", []any{three}),
			},
			"privileges": {
				Through: []any{[]any{"SeBackupPrivilege", "SeRestorePrivilege"}, []any{"SeRestorePrivilege"}, []any{}}, Danger: "What needs them is refused",
				Drift: put("smb_users", "privileges", []any{"SETAKEOWNERSHIPPRIVILEGE"}),
			},
			"uid": {Through: []any{0, 100, nil}, Drift: put("smb_users", "uid", 7)},
		},
		Bad: append(badWindowsNames(20),
			acctest.Bad{Attribute: "password_wo", Set: acctest.Attrs{"password_wo": nil, "password_wo_version": nil}, Says: "needs a password"},
			bad("password_wo", "", "must not be empty"),
			bad("privileges", []any{"backup"}, "is no privilege"),
			bad("uid", 4294967296, "between 0 and 4294967295"),
			acctest.Bad{Attribute: "group_ids", Set: acctest.Attrs{"primary_group_id": one, "group_ids": []any{one, two}}, Says: "The primary group is one of the other groups"},
		),
	}
}

// What every array has is imported, changed and let go, and is neither made nor deleted.
func TestAccBuiltInPrincipals(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	approved := b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	for _, each := range []struct {
		kind, id  string
		arguments acctest.Attrs
		change    acctest.Attrs
		made      acctest.Attrs
	}{
		{"smb_group", "name=Backup Operators", acctest.Attrs{"name": "Backup Operators"}, acctest.Attrs{"domain_members": []any{domain + "512"}}, nil},
		{"smb_user", "name=Guest", acctest.Attrs{"name": "Guest"}, acctest.Attrs{"enabled": false}, acctest.Attrs{"password_wo": "Secret-12345", "password_wo_version": 1}},
		{"nfs_user", "uid=0", acctest.Attrs{"uid": 0, "primary_gid": 0}, acctest.Attrs{"supplementary_gids": []any{10}}, nil},
	} {
		cli := acctest.NewCLI(t)
		config := func(more acctest.Attrs) string { return resource(each.kind, "x", each.arguments.With(more)) }
		if each.kind == "nfs_user" {
			root := b.Must("GET", "nfs_users/1", nil)
			each.arguments = each.arguments.With(acctest.Attrs{"sid": root["sid"], "primary_gsid": root["primary_gsid"]})
		}
		cli.Apply(b.Provider(nil), config(each.made)).Refuses(t, "terraform import storage_infinibox_"+each.kind)
		cli.Write(approved, config(nil))
		if err := cli.Import("storage_infinibox_"+each.kind+".x", each.id); err != nil {
			t.Fatalf("%s: %v", each.kind, err)
		}
		cli.Plan(approved, config(nil)).Succeeds(t).Plans(t, map[string]string{})
		cli.Apply(approved, config(each.change)).Succeeds(t)
		cli.Plan(approved, config(each.change)).Succeeds(t).Plans(t, map[string]string{})
		cli.Plan(approved).Refuses(t, "Every array has", "destroy = false")
		cli.Apply(approved, "removed {\n  from = storage_infinibox_"+each.kind+".x\n  lifecycle {\n    destroy = false\n  }\n}\n").Succeeds(t)
	}
}

// A privilege that is written twice, in two ways, is one.
func TestAccPrivilegeInTwoSpellings(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	config := resource("smb_group", "g", acctest.Attrs{"name": "g", "privileges": []any{"SeRestorePrivilege", "SERESTOREPRIVILEGE"}})
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
}

// A group that still has users names them, and goes without.
func TestAccGroupWithUsers(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli, approved := acctest.NewCLI(t), b.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	cli.Apply(approved, resource("smb_group", "g", acctest.Attrs{"name": "staff"})).Succeeds(t)
	group := b.IDs("smb_groups")[5] // after those that every array has
	jane := b.Create("smb_users", map[string]any{"name": "jane", "password": "Secret-12345", "group_ids": []any{group}})
	john := b.Create("smb_users", map[string]any{"name": "john", "password": "Secret-12345", "primary_group_id": group})
	cli.Plan(b.Provider(nil)).Refuses(t, `Users of the array in it: "john", "jane".`)
	cli.Apply(approved).Refuses(t, "SMB_GROUP_HAS_MEMBERS", `Users of the array in it: "john", "jane". Take it out of their group_ids first`)
	b.Must("PUT", fmt.Sprintf("smb_users/%v", jane), map[string]any{"group_ids": []any{}})
	b.Must("PUT", fmt.Sprintf("smb_users/%v", john), map[string]any{"primary_group_id": 2})
	cli.Apply(approved).Succeeds(t)
}
