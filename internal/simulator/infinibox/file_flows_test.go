package infinibox

import (
	"net/http"
	"strings"
	"testing"
)

// TestFlowsOfTheVendorsSDK sends what the vendor's SDK sends for shares, users, locks and the domain: it approves every
// write, and takes a deletion whose result is null for a failure.
func TestFlowsOfTheVendorsSDK(t *testing.T) {
	s := windows(t, `, "active_directory": [{"domain": "ad.example.com", "username": "Administrator", "password": "Domain-1"}]`)
	flow(t, s, []exchange{
		{"POST", "shares", `{"name":"share_1","filesystem_id":1001,"inner_path":"/t","require_encryption":true}`, 201, `"encryption":true`},
		{"GET", "shares?id=eq%3A1002&page=1&page_size=1", "", 200, `"number_of_objects":1`},
		{"GET", "shares/1002?fields=access_based_enumeration", "", 200, `"result":{"access_based_enumeration":false}`},
		{"PUT", "shares/1002", `{"access_based_enumeration":false}`, 200, `"id":1002`},
		{"PUT", "shares/1002", `{"enabled":false}`, 200, `"enabled":false`},
		{"POST", "shares/1002/permissions", `{"sid":"S-1-5-21-1-2-3-4","access":"FULLCONTROL"}`, 201, `"share_id":1002`},
		{"GET", "shares/1002/permissions?id=eq%3A5&page=1&page_size=1", "", 200, `"sid":"S-1-5-21-1-2-3-4"`},
		{"DELETE", "shares/1002/permissions/5", "", 200, `"id":5`},
		{"DELETE", "shares/1002", "", 200, `"id":1002`},
		{"GET", "shares?id=eq%3A1002&page=1&page_size=1", "", 200, `"result":[]`},
		{"POST", "smb_groups", `{"name":"smb_group_1"}`, 201, `"id":1001`},
		{"POST", "smb_users", `{"name":"smb_user_1","password":"a@123456789"}`, 201, `"id":1002`},
		{"PUT", "smb_users/1002", `{"group_ids":[1001]}`, 200, `"group_ids":[1001]`},
		{"PUT", "smb_users/1002", `{"enabled":false}`, 200, `"enabled":false`},
		{"DELETE", "smb_users/1002", "", 200, `"id":1002`},
		{"DELETE", "smb_groups/1001", "", 200, `"id":1001`},
		{"POST", "nfs_users", `{"uid":5,"primary_gid":6}`, 201, `"uid":5`},
		{"DELETE", "nfs_users/6", "", 200, `"uid":5`},
		{"POST", "nlm_locks/break", `{}`, 200, `"locks_broken":0`},
		{"POST", "nlm_locks/remove_orphan", "", 200, `"locks_removed":0`},
		{"GET", "activedirectory/domains", "", 200, `"result":null`},
		{"POST", "activedirectory/domains", `{"domain":"ad.example.com","preferred_ips":["10.0.0.1"],"username":"Administrator","password":"Domain-1"}`, 201, `"domain":"ad.example.com"`},
		{"POST", "activedirectory/domains/leave", `{"username":"Administrator","password":"Domain-1"}`, 200, `"result":"OK"`},
	})
}

// TestFlowsOfTheVendorsSDKOnFilesystems sends what it sends for filesystems, TreeQs and exports.
func TestFlowsOfTheVendorsSDKOnFilesystems(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "pool_1", "physical_capacity": 1_000_000_000_000, "virtual_capacity": 1_000_000_000_000})
	const treeq = "filesystems/1001/treeqs/281474976710688"
	flow(t, s, []exchange{
		{"POST", "filesystems", `{"name":"fs_1","pool_id":1000,"size":1000000000,"provtype":"THIN","root_mode":"0755","atime_granularity":3600,"snapdir_name":".snapshot","snapdir_accessible":true,"security_style":"UNIX"}`, 201, `"id":1001`},
		{"GET", "filesystems?_is_established=eq%3Atrue&page=1&page_size=1", "", 200, `"number_of_objects":1`},
		{"GET", "filesystems/1001?fields=_is_established%2Cvisible_in_snapdir", "", 200, `"result":{"_is_established":true,"visible_in_snapdir":false}`},
		{"POST", "filesystems/1001/treeqs", `{"name":"treeq_1","path":"/treeq_1","soft_capacity":1000000000,"hard_capacity":2000000000,"soft_inodes":100,"hard_inodes":200,"mode":"0750"}`, 201, `"id":281474976710688`},
		{"GET", "filesystems/1001/treeqs?hard_capacity=gt%3A1000000000&sort=-name&page=1&page_size=50", "", 200, `"number_of_objects":1`},
		{"PUT", treeq, `{"name":"renamed"}`, 200, `"name":"renamed"`},
		{"PUT", treeq, `{"soft_capacity":1500000000}`, 200, `"soft_capacity":1500000000`},
		{"GET", treeq + "?fields=used_capacity", "", 200, `"result":{"used_capacity":0}`},
		{"POST", "exports", `{"filesystem_id":1001,"export_path":"/export_1","inner_path":"/treeq_1","permissions":[{"access":"RW","no_root_squash":true,"client":"*"}],"pref_readdir":65536,"32bit_file_id":false}`, 201, `"id":4`},
		{"GET", "exports?filesystem_id=eq%3A1001&page=1&page_size=50", "", 200, `"number_of_objects":1`},
		{"PUT", "exports/4", `{"permissions":[{"access":"RO","no_root_squash":false,"client":"10.0.0.1"}]}`, 200, `"client":"10.0.0.1"`},
		{"PUT", "exports/4", `{"anonymous_uid":1}`, 200, `"anonymous_uid":1`},
		{"DELETE", treeq, "", 409, "TREEQ_FILESYSTEM_HAS_EXPORTS"},
		{"DELETE", "exports/4", "", 200, `"id":4`},
		{"DELETE", treeq, "", 200, `"id":281474976710688`},
		{"POST", "filesystems", `{"name":"snap_1","parent_id":1001}`, 201, `"type":"SNAPSHOT"`},
		{"POST", "filesystems/1001/restore", `{"source_id":1002}`, 200, `"result":true`},
		{"DELETE", "filesystems/1001", "", 200, `"id":1001`},
	})
}

// exchange is a request of the SDK, and a part of what it needs to be answered.
type exchange struct {
	method, path, body string
	status             int
	answer             string
}

// flow sends requests as the SDK does: it approves every write.
func flow(t *testing.T, s *Simulator, steps []exchange) {
	t.Helper()
	for _, step := range steps {
		url := s.URL() + root + "/" + step.path
		if step.method != http.MethodGet {
			url += "?approved=true"
		}
		status, answer := ask(t, http.DefaultClient, step.method, url, step.body, basic())
		if status != step.status || !strings.Contains(answer, step.answer) {
			t.Errorf("%s %s: %d %s", step.method, step.path, status, answer)
		}
	}
}
