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
	for _, step := range []struct {
		method, path, body string
		status             int
		answer             string // a part of it
	}{
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
	} {
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
