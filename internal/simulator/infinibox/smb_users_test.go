package infinibox

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestSMBAndNFSUserFields(t *testing.T) {
	a := world(t, Options{})
	documented := documentedFields(t, "fields_smb_users.json")
	checkFields(t, "a new user", documented["smb_user"], call(t, a, http.MethodPost, "smb_users", `{"name":"u","password":"Password1"}`)) // 1001
	call(t, a, http.MethodPost, "smb_groups", `{"name":"g"}`)                                                                             // 1002
	call(t, a, http.MethodPost, "nfs_users", `{"uid":5,"primary_gid":5,"sid":"S-1-5-1-1","primary_gsid":"S-1-5-1-2"}`)                    // 4
	checkAnswers(t, a, documented, map[string][]string{
		"smb_capabilities": {"smb/server_capabilities"},
		"smb_user":         {"smb_users/1001", "smb_users/6", "smb_users"},
		"smb_group":        {"smb_groups/1002", "smb_groups/1", "smb_groups"},
		"nfs_user":         {"nfs_users/4", "nfs_users/1", "nfs_users"},
	})
}

func TestEveryArrayHasUsersAndGroupsOfWindows(t *testing.T) {
	s := Start(t, Options{Serial: 7})
	if got := names(t, s, "smb_groups?sort=-id"); got != "Backup OperatorsPower UsersGuestsUsersAdministrators" {
		t.Errorf("groups %s", got)
	}
	expect(t, must(t, s, "GET", "smb_groups/5", nil), values{
		"sid": "S-1-5-32-551", "privileges": []any{"SECHANGENOTIFYPRIVILEGE", "SEBACKUPPRIVILEGE", "SERESTOREPRIVILEGE"}, "domain_members": nil, "gid": nil,
	})
	expect(t, must(t, s, "GET", "smb_users/6", nil), values{
		"name": "Administrator", "uid": 0, "primary_group_id": 1, "sid": "S-1-5-21-3000000007-2000000007-1000000007-500",
	})
	expect(t, listed(t, s, "smb_users?name=guest")[0].(values), values{"id": 7, "primary_group_id": 3, "uid": nil})
	expect(t, listed(t, s, "nfs_users?uid=eq:0")[0].(values), values{"id": 1, "sid": "S-1-5-21-3000000007-2000000007-1000000007-500", "primary_gsid": "S-1-5-32-544"})
}

// TestSMBUsersAndGroupsAsTheSDKMakesThem follows users through the groups that they are put into.
func TestSMBUsersAndGroupsAsTheSDKMakesThem(t *testing.T) {
	s := Start(t, Options{Serial: 7})
	group := must(t, s, "POST", "smb_groups", values{"name": "staff", "privileges": []any{"SeBackupPrivilege"}})
	expect(t, group, values{"id": 1001, "sid": "S-1-5-21-3000000007-2000000007-1000000007-1001", "privileges": []any{"SEBACKUPPRIVILEGE"}})
	user := must(t, s, "POST", "smb_users", values{"name": "ann", "password": "a@123456789"})
	expect(t, user, values{"id": 1002, "enabled": true, "privileges": nil, "group_ids": []any{}, "groups": []any{}, "primary_group": nil, "primary_group_id": nil})
	expect(t, must(t, s, "GET", "smb_users/1002", nil), values{"privileges": []any{}})
	if _, shown := user["password"]; shown {
		t.Error("a password is given back")
	}
	changed := must(t, s, "PUT", "smb_users/1002", values{"group_ids": []int{1001, 1001}, "primary_group_id": 2, "uid": 77})
	expect(t, changed, values{"group_ids": []any{1001}, "uid": 77})
	expect(t, changed["groups"].([]any)[0].(values), values{"name": "staff", "id": 1001})
	expect(t, changed["primary_group"].(values), values{"name": "Users"})
	for query, want := range map[string]string{"group_ids=anyof:1001,5": "ann", "group_ids=noneof:1001": "AdministratorGuest", "enabled=false": "", "primary_group_id=is:null": ""} {
		if got := names(t, s, "smb_users?"+query); got != want {
			t.Errorf("%s finds %q", query, got)
		}
	}
	expect(t, must(t, s, "PUT", "smb_groups/1001", values{"domain_members": []any{"S-1-5-21-1-2-3-4"}}), values{"domain_members": []any{"S-1-5-21-1-2-3-4"}})
	expect(t, must(t, s, "PUT", "smb_groups/1001", values{"domain_members": []any{}, "gid": 9}), values{"domain_members": nil, "gid": 9})
	expect(t, must(t, s, "PUT", "smb_users/1002", values{"enabled": false}), values{"enabled": false})
	must(t, s, "DELETE", "smb_users/1002", nil)
	must(t, s, "DELETE", "smb_groups/1001", nil)
	expect(t, must(t, s, "POST", "smb_groups", values{"name": "next"}), values{"id": 1003})
}

// TestUsersOfWindowsHaveNoMetadata has an SMB user with the id of a pool that carries metadata.
func TestUsersOfWindowsHaveNoMetadata(t *testing.T) {
	s := shared(t)
	if _, _, err := s.Do("PUT", "metadata/1001", values{"owner": "it"}); err != nil {
		t.Fatal(err)
	}
	must(t, s, "POST", "smb_users", values{"name": "ann", "password": "Password1"})
	must(t, s, "DELETE", "smb_users/1001", nil)
	expect(t, must(t, s, "GET", "metadata/1001/owner", nil), values{"value": "it"})
}

func TestNFSUsersKeepWhatTheyAreGiven(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "nfs_users", values{"uid": 5, "primary_gid": 6})
	expect(t, must(t, s, "GET", "nfs_users/4", nil), values{"uid": 5, "primary_gid": 6, "sid": nil, "primary_gsid": nil, "supplementary_gids": []any{}, "supplementary_gsids": []any{}})
	expect(t, must(t, s, "PUT", "nfs_users/4", values{"supplementary_gids": []int{3, 1}, "sid": "S-1-5-1-1", "supplementary_gsids": []any{"S-1-5-1-2"}}), values{
		"supplementary_gids": []any{3, 1}, "sid": "S-1-5-1-1", "supplementary_gsids": []any{"S-1-5-1-2"},
	})
	for query, want := range map[string]int{"supplementary_gids=anyof:1": 1, "supplementary_gsids=allof:S-1-5-1-2": 1, "sid=isnot:null": 2, "sort=-uid": 2, "tenant_id=1": 2} {
		if found := listed(t, s, "nfs_users?"+query); len(found) != want {
			t.Errorf("%s finds %d", query, len(found))
		}
	}
}

func TestServersAndUsersAreDumped(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "PUT", "nfs/server_capabilities", values{"nfsv4_support": "ENABLED"})
	must(t, s, "PUT", "smb/server_capabilities", values{"smb_signing": "required", "smb_lease_break_timeout": 30})
	must(t, s, "POST", "smb_users", values{"name": "ann", "password": "Secret-words"})
	must(t, s, "DELETE", "smb_users/1001", nil)
	must(t, s, "POST", "smb_users", values{"name": "ann", "password": "Secret-words"})
	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump.String(), "Secret-words") {
		t.Error("a secret was dumped")
	}
	again := Start(t, Options{Seed: dump.Bytes()})
	expect(t, listed(t, again, "nfs/server_capabilities")[0].(values), values{"nfsv4_support": "ENABLED"})
	expect(t, listed(t, again, "smb/server_capabilities?smb_signing=REQUIRED")[0].(values), values{"smb_lease_break_timeout": 30})
	expect(t, must(t, again, "GET", "smb_users/1002", nil), values{"name": "ann"})
	refused(t, again, "POST", "smb_users", values{"name": "ANN", "password": "Password1"}, "SMB_USER_NAME_CONFLICT")
	expect(t, must(t, again, "POST", "smb_groups", values{"name": "next"}), values{"id": 1003})
}
