package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

const (
	everyone = "S-1-1-0"
	domain   = "S-1-5-21-1004336348-1177238915-682003330-"
)

// newWindows makes a filesystem whose permissions are those of Windows.
func newWindows(b *acctest.InfiniBox, label string, pool any) any {
	return b.Create("filesystems", map[string]any{"name": b.Name(label), "pool_id": pool, "size": 1_000_000_000, "security_style": "WINDOWS"})
}

// newExported makes a filesystem with an export, which SMB shares need on one of UNIX.
func newExported(b *acctest.InfiniBox, label string, pool any) any {
	filesystem := b.NewFilesystem(label, pool)
	b.Create("exports", map[string]any{"filesystem_id": filesystem, "export_path": "/" + b.Name(label)})
	return filesystem
}

// grant is a permission of a share, grants all of them.
func grant(sid, access string) acctest.Attrs { return acctest.Attrs{"sid": sid, "access": access} }
func grants(all ...any) acctest.Attrs        { return acctest.Attrs{"permissions": all} }

// newClosed makes a share that lets nobody in, of a directory that does neither.
func newClosed(b *acctest.InfiniBox, label string, pool any) any {
	share := b.Must("POST", "shares", map[string]any{"name": b.Name(label), "filesystem_id": newWindows(b, label, pool)})
	path := fmt.Sprintf("shares/%v/", share["id"])
	b.Must("DELETE", path+fmt.Sprintf("permissions/%v", share["permissions"].([]any)[0].(map[string]any)["id"]), nil)
	b.Must("POST", path+"folder_acl_remove", map[string]any{"principal": everyone})
	return share["id"]
}

func shares(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := b.NewPool("pool")
	filesystem, other := newExported(b, "filesystem", pool), newExported(b, "other", pool)
	homes := newWindows(b, "homes", pool)
	newTreeQ(b, filesystem, "projects")
	newTreeQ(b, homes, "home")
	newTreeQ(b, homes, "staff")
	name := acctest.Name(b)
	ofUser := acctest.Own(func(label string, _ int) any { return b.Name(label) + "-%u" })
	home := acctest.Attrs{"name": ofUser, "filesystem_id": homes, "is_home_share": true, "internal_base_path": "/home"}
	put, bad := acctest.Put, acctest.BadValue
	badHome := func(attribute string, set acctest.Attrs, says string) acctest.Bad {
		return acctest.Bad{Attribute: attribute, Set: home.With(set), Says: says}
	}
	mode := func(attribute string) acctest.Change {
		return acctest.Change{Through: []any{"0644", nil, "700"}, Drift: put("shares", attribute, "0777")}
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_share", Plural: "shares", Path: "shares",
		Deleting: "Clients that use the share are cut off",
		Least:    acctest.Attrs{"name": name, "filesystem_id": filesystem},
		Most: acctest.Attrs{
			"name": name, "filesystem_id": filesystem, "inner_path": "/projects", "enabled": false, "description": "Projects",
			"offline_caching": "DOCUMENTS", "access_based_enumeration": true, "encryption": true, "leases_enabled": false, "snapdir_visible": false,
			"default_file_unix_permissions": "0640", "default_folder_unix_permissions": "0750", "is_home_share": false,
		}.With(grants(grant(domain+"512", "FULLCONTROL"), grant(domain+"513", "READ"))),
		Changes: map[string]acctest.Change{
			"name":          {Through: []any{name, b.Name("renamed")}, Replaces: true},
			"filesystem_id": {Through: []any{filesystem, other}, Replaces: true},
			"inner_path":    {Through: []any{"/", "/projects"}, Replaces: true},
			"enabled":       {Through: []any{true, false, true}, Danger: "Clients that use the share are cut off", Drift: put("shares", "enabled", false)},
			"description":   {Through: []any{"one", "two"}, Drift: put("shares", "description", "other")},
			"permissions": {
				Through: []any{
					grants(grant(everyone, "READ"), grant(domain+"512", "FULLCONTROL"), grant(domain+"513", "READWRITE")),
					grants(grant(domain+"512", "FULLCONTROL"), grant(domain+"513", "READ"), grant(domain+"514", "READ")),
					grants(grant(domain+"513", "FULLCONTROL")),
					grants([]any{}...),
				},
				Danger: "Affected: " + everyone + ", " + domain + "513.",
				Drift: func(o acctest.Object) acctest.Request {
					return acctest.Request{
						Method: "POST", Path: fmt.Sprintf("shares/%v/permissions", o["id"]), Body: map[string]any{"sid": domain + "1000", "access": "READ"},
					}
				},
			},
			"offline_caching":                 {Through: []any{"NONE", "PROGRAMS"}, Drift: put("shares", "offline_caching", "MANUAL")},
			"access_based_enumeration":        {Through: []any{true, false}, Drift: put("shares", "access_based_enumeration", true)},
			"encryption":                      {Through: []any{false, true}, Danger: "Clients that cannot encrypt are cut off", Drift: put("shares", "encryption", false)},
			"leases_enabled":                  {Through: []any{true, false}, Drift: put("shares", "leases_enabled", true)},
			"snapdir_visible":                 {Through: []any{false, true}, Drift: put("shares", "snapdir_visible", false)},
			"default_file_unix_permissions":   mode("default_file_unix_permissions"),
			"default_folder_unix_permissions": mode("default_folder_unix_permissions"),
			"is_home_share":                   {Through: []any{acctest.Attrs{"is_home_share": false}, home}, Replaces: true},
			"internal_base_path":              {Through: []any{home, home.With(acctest.Attrs{"internal_base_path": "/staff"})}, Replaces: true},
			"user_directory":                  {Through: []any{"%u", "%d/%u"}, Beside: home, Replaces: true},
			"user_dir_auto_create":            {Through: []any{true, false, true}, Beside: home, Drift: put("shares", "user_dir_auto_create", false)},
		},
		Bad: []acctest.Bad{
			bad("name", "", "1 to 80 characters"),
			bad("name", strings.Repeat("x", 81), "1 to 80 characters"),
			bad("name", "...", "a character that is no dot"),
			bad("name", "ipc$", "SMB itself uses"),
			bad("name", "a/b", "leave out"),
			bad("inner_path", "projects", "does not begin with a slash"),
			bad("offline_caching", "ALL", "use one of NONE, MANUAL, DOCUMENTS, PROGRAMS"),
			bad("default_file_unix_permissions", "rwx", "three or four octal digits"),
			bad("default_folder_unix_permissions", "0999", "three or four octal digits"),
			{Attribute: "default_file_unix_permissions", Set: acctest.Attrs{"filesystem_id": homes, "default_file_unix_permissions": "0644"}, Says: "for filesystems of the style UNIX"},
			{Attribute: "permissions.sid", Set: grants(grant("Everyone", "READ")), Says: "is no SID"},
			{Attribute: "permissions.access", Set: grants(grant(everyone, "WRITE")), Says: "use one of READ, READWRITE, FULLCONTROL"},
			bad("internal_base_path", "/home", "is for home shares"),
			bad("user_directory", "%u", "is for home shares"),
			bad("user_dir_auto_create", true, "is for home shares"),
			badHome("filesystem_id", acctest.Attrs{"filesystem_id": filesystem}, "needs a filesystem of the style WINDOWS"),
			badHome("inner_path", acctest.Attrs{"inner_path": "/home"}, "has no inner_path"),
			badHome("internal_base_path", acctest.Attrs{"internal_base_path": nil}, "needs internal_base_path"),
			badHome("name", acctest.Attrs{"name": "homes"}, "must end in %u"),
			badHome("user_directory", acctest.Attrs{"user_directory": "%u/docs"}, "must end in %u"),
		},
	}
}

func sharePermissions(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := b.NewPool("pool")
	one, two := newClosed(b, "one", pool), newClosed(b, "two", pool)
	path := func(o acctest.Object) string {
		return fmt.Sprintf("shares/%v/permissions/%v", o["share_id"], o["id"])
	}
	sid := acctest.Own(func(_ string, n int) any { return fmt.Sprintf("%s%d", domain, 2000+n) })
	least := acctest.Attrs{"share_id": one, "sid": sid, "access": "READ"}
	bad := acctest.BadValue
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_share_permission", Plural: "share_permissions", NamedBy: "sid",
		Key: []string{"share_id", "id"}, Owners: []string{"share_id"},
		Gone:     func(o acctest.Object) acctest.Request { return acctest.Request{Method: "DELETE", Path: path(o)} },
		Deleting: "may lose access to the share",
		Least:    least, Most: least,
		Changes: map[string]acctest.Change{
			"share_id": {Through: []any{one, two}, Replaces: true},
			"sid":      {Through: []any{domain + "512", domain + "513"}, Replaces: true},
			"access": {
				Through: []any{"FULLCONTROL", "READWRITE", "FULLCONTROL", "READ"}, Danger: "may do less than before",
				Drift: func(o acctest.Object) acctest.Request {
					return acctest.Request{Method: "PUT", Path: path(o), Body: map[string]any{"access": "READWRITE"}}
				},
			},
		},
		Bad: []acctest.Bad{
			bad("sid", "Domain Admins", "is no SID"),
			bad("sid", "S-1-5-x21-115588", "is no SID"),
			bad("access", "NONE", "use one of READ, READWRITE, FULLCONTROL"),
		},
	}
}

func folderACLs(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	pool := b.NewPool("pool")
	one, two := newClosed(b, "one", pool), newClosed(b, "two", pool)
	who := acctest.Own(func(_ string, n int) any { return fmt.Sprintf("%s%d", domain, 2000+n) })
	least := acctest.Attrs{"share_id": one, "principal": who, "permissions": "READEXECUTE"}
	bad := acctest.BadValue
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_share_folder_acl", Plural: "share_folder_acls",
		Key: []string{"share_id", "principal"}, Owners: []string{"share_id"},
		Gone: func(o acctest.Object) acctest.Request {
			return acctest.Request{
				Method: "POST", Path: fmt.Sprintf("shares/%v/folder_acl_remove", o["share_id"]), Body: map[string]any{"principal": o["principal"]},
			}
		},
		Deleting: "may lose access to the directory",
		Least:    least, Most: least,
		Changes: map[string]acctest.Change{
			"share_id":    {Through: []any{one, two}, Replaces: true},
			"principal":   {Through: []any{domain + "512", domain + "513"}, Replaces: true},
			"permissions": {Through: []any{"FULLCONTROL", "MODIFY", "READ"}, Replaces: true},
		},
		Bad: []acctest.Bad{
			bad("principal", "Everyone", "is no SID"),
			bad("permissions", "OTHER", "use one of FULLCONTROL, MODIFY"),
		},
	}
}
