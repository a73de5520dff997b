package infinibox

import (
	"net/http"
	"strings"
	"testing"
)

// ownAffairs are what users of every role may write: their session, and what the handler itself, or the other array, decides about.
var ownAffairs = []string{
	"POST /api/rest/events", "POST /api/rest/events/custom",
	"POST /api/rest/metrics/filters", "PUT /api/rest/metrics/filters/{filter_id}", "DELETE /api/rest/metrics/filters/{filter_id}",
	"POST /api/rest/metrics/collectors", "DELETE /api/rest/metrics/collectors/{collector_id}",
	"POST /api/rest/users/logout", "PUT /api/rest/users/{id}",
	"POST /api/rest/users/{id}/enable", "POST /api/rest/users/{id}/disable",
	"POST /api/rest/remote/{linkId}/{resource}", "PUT /api/rest/remote/{linkId}/{resource}", "DELETE /api/rest/remote/{linkId}/{resource}",
}

func TestReadOnlyUsersOnlyRead(t *testing.T) {
	a := world(t, Options{})
	a.routes.each(func(method string, r *route) {
		if method == http.MethodGet || r.open || contains(ownAffairs, method+" "+r.template) {
			return
		}
		path := strings.TrimPrefix(parameter.ReplaceAllString(r.template, "1005"), root+"/")
		for user, role := range map[string]string{"rob": "READ_ONLY", "technician": "TECHNICIAN"} {
			if contains(r.roles, role) {
				continue // the reference says so
			}
			s := step{user: user, method: method, path: path, body: "{}", approved: true}
			status, code, _ := s.take(t, a)
			if user == "technician" && contains(r.roles, "TECHNICIAN") {
				if code == "UNAUTHORIZED" {
					t.Errorf("%s may not %s %s", user, method, path)
				}
				continue
			}
			if status != http.StatusForbidden || code != "UNAUTHORIZED" {
				t.Errorf("%s may %s %s: %d %s", user, method, path, status, code)
			}
		}
	})
}

func TestPoolAdministratorsKeepToTheirPools(t *testing.T) {
	a := world(t, Options{})
	for _, line := range []string{
		`pat:POST volumes {"name":"mine","pool_id":1003,"size":1000000000}`,
		`pat:PUT volumes/1014 {"size":2000000000}`,
		`pat:POST volumes {"name":"snap","parent_id":1014}`,
		`pat:PUT metadata/1014 {"a":"b"}`,
		`pat:POST hosts {"name":"host"}`,
		`pat:POST hosts/1016/luns {"volume_id":1014}`,
		`pat:!DELETE hosts/1016/luns/lun/1`,
		`pat:!DELETE volumes/1014`,
		`pat:GET users/1000`,
		`pat:GET pools`,
		`pat:POST pools {"name":"x","physical_capacity":1000000000000} -> UNAUTHORIZED`,
		`pat:POST volumes {"name":"x","pool_id":1002,"size":1000000000} -> USER_IS_FORBIDDEN`,
		`pat:!POST pools/1003/lock -> UNAUTHORIZED`,
	} {
		s := readStep(t, line)
		if status, code, message := s.take(t, a); code != s.code {
			t.Errorf("%s: %d %s %s", line, status, code, message)
		}
	}
}
