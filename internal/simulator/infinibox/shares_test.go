package infinibox

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// windows builds a pool 1000 with the filesystem 1001 of Windows' style, which has the TreeQ t and a directory of homes.
func windows(t *testing.T, seed string) *Simulator {
	t.Helper()
	s := Start(t, Options{Seed: []byte(`{"requests": [
		{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
		{"method": "POST", "path": "filesystems", "body": {"name": "win", "pool_id": 1000, "size": 1000000000, "security_style": "WINDOWS", "snapshot_policy_id": 0}},
		{"method": "POST", "path": "filesystems/1001/treeqs", "body": {"name": "t", "path": "/t"}}],
		"files": [{"filesystem_id": 1001, "path": "/home", "directory": true}]` + seed + `}`)})
	return s
}

func TestShareFields(t *testing.T) {
	a := world(t, Options{})
	call(t, a, http.MethodPost, "filesystems", `{"name":"w","pool_id":1002,"size":1000000000,"security_style":"WINDOWS"}`) // 1014
	if err := a.plant(Seed{SeedFileServices: SeedFileServices{Files: []SeedFile{{FilesystemID: 1014, Path: "/home", Directory: true}}}}); err != nil {
		t.Fatal(err)
	}
	call(t, a, http.MethodPost, "shares", `{"name":"s","filesystem_id":1014}`)                                                    // 1015 and 4
	call(t, a, http.MethodPost, "shares", `{"name":"%u","filesystem_id":1014,"is_home_share":true,"internal_base_path":"/home"}`) // 1016
	documented := documentedFields(t, "fields_shares.json")
	checkAnswers(t, a, documented, map[string][]string{
		"share":            {"shares/1015", "shares"},
		"home_share":       {"shares/1016", "shares?sort=-id"},
		"share_permission": {"shares/1015/permissions", "shares/1015/permissions/4"},
		"folder_acl_entry": {"shares/1015/folder_acl"},
	})
	entry := call(t, a, http.MethodPost, "shares/1015/folder_acl_add", `{"principal":"S-1-5-32-545","permissions":"READ"}`)
	checkFields(t, "an added entry", documented["folder_acl_entry"], entry)
}

func TestSharesBeginAsTheReferenceSays(t *testing.T) {
	s := windows(t, "")
	share := must(t, s, "POST", "shares", values{"name": "data", "filesystem_id": 1001})
	expect(t, share, values{
		"id": 1002, "inner_path": "/", "enabled": true, "offline_caching": "MANUAL", "encryption": false, "leases_enabled": true,
		"access_based_enumeration": false, "snapdir_visible": true, "description": "", "default_file_unix_permissions": nil,
		"is_home_share": false, "permissions": []any{values{"id": 4, "share_id": 1002, "sid": "S-1-1-0", "access": "FULLCONTROL"}},
	})
	if _, ok := share["user_directory"]; ok {
		t.Error("a plain share has a directory for each user")
	}
	expect(t, must(t, s, "GET", "filesystems/1001", nil), values{"mapped": true})
	expect(t, must(t, s, "PUT", "shares/1002", values{"offline_caching": "documents", "description": "all of it", "encryption": true}), values{
		"offline_caching": "DOCUMENTS", "description": "all of it", "encryption": true,
	})
	home := must(t, s, "POST", "shares", values{"name": "%u", "filesystem_id": 1001, "is_home_share": true, "internal_base_path": "/home/"})
	expect(t, home, values{
		"inner_path": "/home/%d/%u", "internal_base_path": "/home", "user_directory": "%d/%u", "user_dir_auto_create": false,
	})
	expect(t, must(t, s, "PUT", "shares/1003", values{"user_dir_auto_create": true}), values{"user_dir_auto_create": true})
	for query, want := range map[string]string{
		"filesystem_id=eq:1001": "data%u", "name=like:DAT": "data", "encryption=true": "data", "inner_path=like:home": "%u",
		"offline_caching=documents": "data", "sort=-id&page_size=1": "%u",
	} {
		if got := names(t, s, "shares?"+query); got != want {
			t.Errorf("%s finds %q", query, got)
		}
	}
	expect(t, must(t, s, "GET", "system/entity_counts", nil), values{"smb_shares": 2, "smb_shares_unix_fs": 0, "nfs3_exports_win_fs": 0})
	must(t, s, "POST", "exports", values{"export_path": "/w", "filesystem_id": 1001})
	expect(t, must(t, s, "GET", "system/entity_counts", nil), values{"nfs3_exports_win_fs": 1})
	must(t, s, "DELETE", "shares/1002", nil)
	if left := listed(t, s, "shares/1003/permissions"); len(left) != 1 {
		t.Errorf("%d permissions are left of the other share", len(left))
	}
	if s.array.sharePermissions.objects[4] != nil {
		t.Error("the permission of a deleted share is left")
	}
}

func TestPermissionsOfAShareAreItsOwn(t *testing.T) {
	s := windows(t, "")
	must(t, s, "POST", "shares", values{"name": "one", "filesystem_id": 1001})
	must(t, s, "POST", "shares", values{"name": "other", "filesystem_id": 1001, "inner_path": "/t"})
	added := must(t, s, "POST", "shares/1002/permissions", values{"sid": "S-1-5-32-545", "access": "readwrite"})
	expect(t, added, values{"id": 6, "share_id": 1002, "access": "READWRITE"})
	must(t, s, "POST", "shares/1003/permissions", values{"sid": "S-1-5-32-545", "access": "READ"})
	expect(t, must(t, s, "PUT", "shares/1002/permissions/6", values{"access": "FULLCONTROL"}), values{"access": "FULLCONTROL", "sid": "S-1-5-32-545"})
	expect(t, must(t, s, "DELETE", "shares/1002/permissions/4", nil), values{"sid": "S-1-1-0"})
	expect(t, must(t, s, "GET", "shares/1002", nil), values{"permissions": []any{
		values{"id": 6, "share_id": 1002, "sid": "S-1-5-32-545", "access": "FULLCONTROL"},
	}})
	if found := listed(t, s, "shares/1003/permissions?access=eq:READ"); len(found) != 1 {
		t.Errorf("%d permissions to read", len(found))
	}
}

// TestFolderACLsBelongToTheDirectory edits the ACL of a directory through one of its two shares.
func TestFolderACLsBelongToTheDirectory(t *testing.T) {
	s := windows(t, "")
	for _, name := range []string{"one", "other"} {
		must(t, s, "POST", "shares", values{"name": name, "filesystem_id": 1001, "inner_path": "/t"})
	}
	must(t, s, "POST", "filesystems", values{"name": "before", "parent_id": 1001}) // 1004
	must(t, s, "POST", "shares/1002/folder_acl_add", values{"principal": "S-1-5-32-545", "permissions": "modify"})
	must(t, s, "POST", "shares/1003/folder_acl_remove", values{"principal": "S-1-1-0"})
	for share := 1002; share <= 1003; share++ {
		entries := listed(t, s, fmt.Sprintf("shares/%d/folder_acl", share))
		if len(entries) != 1 {
			t.Fatalf("%d entries", len(entries))
		}
		expect(t, entries[0].(values), values{"principal": "S-1-5-32-545", "permissions": "MODIFY", "share_id": share, "filesystem_id": 1001})
	}
	must(t, s, "POST", "filesystems/1001/restore", values{"source_id": 1004})
	expect(t, listed(t, s, "shares/1002/folder_acl")[0].(values), values{"principal": everyone, "permissions": "FULLCONTROL"})
}

func TestContentsGoAlongWithFilesystems(t *testing.T) {
	s := windows(t, "")
	must(t, s, "POST", "filesystems", values{"name": "before", "parent_id": 1001}) // 1002
	if err := s.array.plant(Seed{SeedFileServices: SeedFileServices{Files: []SeedFile{
		{FilesystemID: 1001, Path: "/new/deep", Directory: true, ACL: map[string]string{"S-1-5-32-544": "OTHER"}},
	}}}); err != nil {
		t.Fatal(err)
	}
	must(t, s, "POST", "shares", values{"name": "deep", "filesystem_id": 1001, "inner_path": "/new/deep"}) // 1003
	expect(t, listed(t, s, "shares/1003/folder_acl")[0].(values), values{"permissions": "OTHER"})
	refused(t, s, "POST", "shares", values{"name": "none", "filesystem_id": 1002, "inner_path": "/new"}, "INTERNAL_PATH_DOES_NOT_EXIST")
	must(t, s, "POST", "shares", values{"name": "homes", "filesystem_id": 1002, "inner_path": "/home"})

	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	again := Start(t, Options{Seed: dump.Bytes()})
	expect(t, listed(t, again, "shares/1003/folder_acl")[0].(values), values{"permissions": "OTHER"})
	refused(t, again, "DELETE", "filesystems/1001", nil, "FILESYSTEM_HAS_SHARES")
	must(t, again, "POST", "shares", values{"name": "new", "filesystem_id": 1001, "inner_path": "/new"})
}

func TestFilesAreSeededWhereTheyCanBe(t *testing.T) {
	for seed, complaint := range map[string]string{
		`{"files": [{"filesystem_id": 1, "path": "/x"}]}`: "there is no filesystem 1",
		`{"requests": [{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
			{"method": "POST", "path": "filesystems", "body": {"name": "f", "pool_id": 1000, "size": 1000000000}}],
			"files": [{"filesystem_id": 1001, "path": "x"}]}`: "does not begin with a slash",
	} {
		if _, err := New(Options{Seed: []byte(seed)}); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s: %v", seed, err)
		}
	}
}
