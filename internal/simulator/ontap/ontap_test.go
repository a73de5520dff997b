package ontap_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

const (
	vs1 = "02c9e252-41be-11e9-81d5-00a0986138f7"
	vs2 = "0e2f7c91-f227-11e8-9601-0050568ecc06"
	// admin is the administrative SVM.
	admin = "ea1b1e86-41bd-11e9-81d5-00a0986138f7"

	cluster2 = "0933f9b5-f226-11e8-9601-0050568ecc06"
)

type object = map[string]any

func pools(svm string) string { return "protocols/vscan/" + svm + "/scanner-pools" }

// pool is the body of a creation, with some fields changed; nil takes one out.
func pool(name string, changes object) object {
	body := object{"name": name, "servers": []any{"1.1.1.1"}, "privileged_users": []any{`cifs\u1`}}
	for field, value := range changes {
		body[field] = value
		if value == nil {
			delete(body, field)
		}
	}
	return body
}

func must(t *testing.T, s *ontap.Simulator, method, path string, body any) object {
	t.Helper()
	_, result, err := s.Do(method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return result.(object)
}

// get is one pool with all its fields.
func get(t *testing.T, s *ontap.Simulator, svm, name string) object {
	t.Helper()
	return must(t, s, "GET", pools(svm)+"/"+name+"?fields=*", nil)
}

// The reference's codes, each reached the way that it describes.
func TestErrorCodes(t *testing.T) {
	none := func(*ontap.Simulator) {}
	adminPool := func(s *ontap.Simulator) { _, _, _ = s.Do("POST", pools(admin), pool("shared", nil)) }
	own := func(s *ontap.Simulator) { _, _, _ = s.Do("POST", pools(vs1), pool("own", nil)) }
	alone := func(s *ontap.Simulator) { own(s); s.EnableVscan("vs1", true) }
	for _, test := range []struct {
		code    string
		prepare func(*ontap.Simulator)
		method  string
		path    string
		body    any
	}{
		{"10027086", none, "POST", pools(vs1), pool("p", object{"servers": []any{"1.1.1.1", "av.example.invalid"}})},
		{"10027258", none, "POST", pools(vs1), pool("p", object{"cluster": object{"name": "nowhere"}})},
		{"10027256", none, "POST", pools(vs1), pool("p", object{"cluster": object{"uuid": vs1}})},
		{"10027257", none, "POST", pools(vs1), pool("p", object{"cluster": object{"name": "cluster1", "uuid": cluster2}})},
		{"10027248", func(s *ontap.Simulator) { s.RefuseRole("p", true) }, "POST", pools(vs1), pool("p", nil)},
		{"10027107", none, "POST", pools(vs1), pool("p", object{"servers": []any{}})},
		{"10027107", none, "POST", pools(vs1), pool("p", object{"privileged_users": []any{}})},
		{"10027107", none, "POST", pools(vs1), pool("p", object{"privileged_users": nil})},
		{"10027108", none, "POST", pools(vs1), pool("p", object{"privileged_users": []any{"u1"}})},
		{"10027063", adminPool, "POST", pools(vs1), pool("shared", nil)},

		{"10027258", own, "PATCH", pools(vs1) + "/own", object{"cluster": object{"name": "nowhere"}}},
		{"10027256", own, "PATCH", pools(vs1) + "/own", object{"cluster": object{"uuid": vs1}}},
		{"10027257", own, "PATCH", pools(vs1) + "/own", object{"cluster": object{"name": "cluster1", "uuid": cluster2}}},
		{"10027248", alone, "PATCH", pools(vs1) + "/own", object{"role": "idle"}},
		{"10027107", own, "PATCH", pools(vs1) + "/own", object{"servers": []any{}}},
		{"10027108", own, "PATCH", pools(vs1) + "/own", object{"privileged_users": []any{`cifs\`}}},
		{"10027063", adminPool, "PATCH", pools(vs1) + "/shared", object{"role": "idle"}},

		{"10027070", alone, "DELETE", pools(vs1) + "/own", nil},
		{"10027064", adminPool, "DELETE", pools(vs1) + "/shared", nil},

		{"4", none, "GET", pools(vs1) + "/nothing", nil},
		{"4", none, "PATCH", pools(vs1) + "/nothing", object{"role": "idle"}},
		{"4", none, "DELETE", pools(vs1) + "/nothing", nil},
		{"4", none, "GET", pools(cluster2), nil},
		{"4", none, "GET", "svm/svms/" + cluster2, nil},
		{"1", own, "POST", pools(vs1), pool("own", nil)},
		{"3", none, "GET", "nothing/here", nil},
		{"3", none, "DELETE", "svm/svms", nil},
		{"262179", none, "GET", pools(vs1) + "?colour=red", nil},
		{"262179", none, "POST", pools(vs1), pool("p", object{"colour": "red"})},
		{"262179", own, "PATCH", pools(vs1) + "/own", object{"name": "other"}},
		{"262190", none, "POST", pools(vs1), pool("p", object{"name": nil})},
		{"262197", none, "POST", pools(vs1), pool("a/b", nil)},
		{"262197", none, "POST", pools(vs1), pool(strings.Repeat("x", 257), nil)},
		{"262197", none, "POST", pools(vs1), pool("p", object{"role": "captain"})},
		{"262197", none, "POST", pools(vs1), pool("p", object{"servers": "1.1.1.1"})},
		{"262197", none, "GET", pools(vs1) + "?max_records=none", nil},
		{"262197", none, "GET", pools(vs1) + "?return_timeout=121", nil},
		{"262197", none, "GET", pools(vs1) + "?fields=colour", nil},
		{"262197", none, "GET", pools(vs1) + "?order_by=colour", nil},
		{"262197", none, "GET", pools(vs1) + "?order_by=name+sideways", nil},
		{"262198", none, "POST", pools(vs1), []any{}},
	} {
		s := ontap.Start(t, ontap.Options{})
		test.prepare(s)
		_, _, err := s.Do(test.method, test.path, test.body)
		if err == nil || !strings.HasPrefix(err.Error(), test.code+": ") {
			t.Errorf("%s %s %v: %v, want %s", test.method, test.path, test.body, err, test.code)
		}
	}
}

func TestCreation(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	// Without return_records nothing is returned; with it, what was sent.
	if answer := must(t, s, "POST", pools(vs1), pool("silent", nil)); len(answer) != 0 {
		t.Error(answer)
	}
	answer := must(t, s, "POST", pools(vs1)+"?return_records=true", pool("least", nil))
	if got := fmt.Sprint(answer["records"]); got != `[map[name:least privileged_users:[cifs\u1] servers:[1.1.1.1]]]` {
		t.Error(got)
	}
	answer = must(t, s, "POST", pools(vs1)+"?return_records=true", pool("most", object{
		"role": "idle", "cluster": object{"name": "cluster2"}, "privileged_users": []any{`CIFS\U1`, `cifs\u1`},
	}))
	if got := fmt.Sprint(answer["records"]); got != `[map[cluster:map[name:cluster2 uuid:`+cluster2+`] name:most privileged_users:[cifs\u1] role:idle servers:[1.1.1.1]]]` {
		t.Error(got)
	}
	// The defaults are a primary role and the local cluster.
	least := get(t, s, vs1, "least")
	if least["role"] != "primary" || least["cluster"].(object)["name"] != "cluster1" || least["svm"].(object)["name"] != "vs1" {
		t.Error(least)
	}
	// A pool that could not be activated is there all the same.
	s.RefuseRole("broken", true)
	_, _, _ = s.Do("POST", pools(vs1), pool("broken", nil))
	if broken := get(t, s, vs1, "broken"); broken["role"] != "idle" {
		t.Error(broken)
	}
}

func TestUpdate(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	must(t, s, "POST", pools(vs1), pool("p", object{"cluster": object{"uuid": cluster2}}))
	must(t, s, "PATCH", pools(vs1)+"/p", object{"servers": []any{"2.2.2.2"}})
	p := get(t, s, vs1, "p")
	if fmt.Sprint(p["servers"], p["privileged_users"]) != `[2.2.2.2] [cifs\u1]` || p["role"] != "primary" || p["cluster"].(object)["uuid"] != cluster2 {
		t.Error(p)
	}
	// A role without a cluster is applied to the local one.
	must(t, s, "PATCH", pools(vs1)+"/p", object{"role": "secondary"})
	if p = get(t, s, vs1, "p"); p["role"] != "secondary" || p["cluster"].(object)["name"] != "cluster1" {
		t.Error(p)
	}
	must(t, s, "PATCH", pools(vs1)+"/p", object{"role": "idle", "cluster": object{"name": "cluster2"}})
	if p = get(t, s, vs1, "p"); p["role"] != "idle" || p["cluster"].(object)["uuid"] != cluster2 {
		t.Error(p)
	}
	// What can be applied is, also where the role cannot.
	s.RefuseRole("p", true)
	if _, _, err := s.Do("PATCH", pools(vs1)+"/p", object{"role": "primary", "servers": []any{"3.3.3.3"}}); err == nil {
		t.Error("the role was applied")
	}
	if p = get(t, s, vs1, "p"); p["role"] != "idle" || fmt.Sprint(p["servers"]) != "[3.3.3.3]" {
		t.Error(p)
	}
}

// A second active pool makes the first one free to go.
func TestDeletionWithVscanEnabled(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	must(t, s, "POST", pools(vs1), pool("first", nil))
	must(t, s, "POST", pools(vs1), pool("asleep", object{"role": "idle"}))
	s.EnableVscan("vs1", true)
	must(t, s, "DELETE", pools(vs1)+"/asleep", nil)
	must(t, s, "POST", pools(vs1), pool("second", object{"role": "secondary"}))
	must(t, s, "DELETE", pools(vs1)+"/first", nil)
	if status, _, _ := s.Do("GET", pools(vs1)+"/first", nil); status != http.StatusNotFound {
		t.Error(status)
	}
}

// names are the records of a listing, by a field.
func names(t *testing.T, s *ontap.Simulator, path, field string) []string {
	t.Helper()
	answer := must(t, s, "GET", path, nil)
	var found []string
	for _, r := range answer["records"].([]any) {
		found = append(found, fmt.Sprint(r.(object)[field]))
	}
	if n := answer["num_records"]; n != float64(len(found)) {
		t.Errorf("%s: num_records is %v of %d", path, n, len(found))
	}
	return found
}

func TestPoolFilters(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	must(t, s, "POST", pools(vs1), pool("a", nil))
	must(t, s, "POST", pools(vs1), pool("b", object{"role": "secondary", "servers": []any{"1.1.1.1", "2.2.2.2"}}))
	must(t, s, "POST", pools(vs1), pool("c", object{"cluster": object{"uuid": cluster2}, "privileged_users": []any{`cifs\u2`}}))
	for query, want := range map[string]string{
		"":                "a b c",
		"name=b":          "b",
		"role=secondary":  "b",
		"servers=2.2.2.2": "b",
		"privileged_users=" + url.QueryEscape(`CIFS\U2`):        "c",
		"cluster.name=cluster2":                                 "c",
		"cluster.uuid=" + cluster2:                              "c",
		"role=primary&cluster.name=cluster1":                    "a",
		"role=idle":                                             "",
		"order_by=name%20desc":                                  "c b a",
		"order_by=" + url.QueryEscape("cluster.name desc,name"): "c a b",
		"max_records=2":                                         "a b",
	} {
		if got := strings.Join(names(t, s, pools(vs1)+"?"+query, "name"), " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if got := names(t, s, pools(vs2), "name"); len(got) != 0 {
		t.Error(got)
	}
	counted := must(t, s, "GET", pools(vs1)+"?return_records=false&role=primary", nil)
	if len(counted) != 1 || counted["num_records"] != float64(2) {
		t.Error(counted)
	}
}

func TestFields(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	must(t, s, "POST", pools(vs1), pool("a", nil))
	for fields, want := range map[string]string{
		"":                    "name svm",
		"fields=role":         "name role svm",
		"fields=cluster,role": "cluster name role svm",
		"fields=*":            "cluster name privileged_users role servers svm",
	} {
		var got []string
		for field := range must(t, s, "GET", pools(vs1)+"/a?"+fields, nil) {
			got = append(got, field)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", fields, got, want)
		}
	}
}

func TestPages(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	for i := range 7 {
		must(t, s, "POST", pools(vs1), pool(fmt.Sprintf("p%d", i), nil))
	}
	var found []string
	next := "/api/" + pools(vs1) + "?max_records=3&order_by=" + url.QueryEscape("name desc") + "&fields=role"
	pages := 0
	for ; next != ""; pages++ {
		path := strings.TrimPrefix(next, "/api/")
		found = append(found, names(t, s, path, "name")...)
		links := must(t, s, "GET", path, nil)["_links"].(object)
		next = ""
		if link, ok := links["next"].(object); ok {
			next = link["href"].(string)
		}
	}
	if pages != 3 || strings.Join(found, " ") != "p6 p5 p4 p3 p2 p1 p0" {
		t.Errorf("%d pages: %v", pages, found)
	}
}

func TestSVMs(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	if got := strings.Join(names(t, s, "svm/svms", "name"), " "); got != "cluster1 vs1 vs2 vs3" {
		t.Error(got)
	}
	if got := names(t, s, "svm/svms?name=vs2&fields=*", "uuid"); len(got) != 1 || got[0] != vs2 {
		t.Error(got)
	}
	if got := must(t, s, "GET", "svm/svms/"+vs1, nil); got["name"] != "vs1" {
		t.Error(got)
	}
	s.RenameSVM("vs1", "files")
	if got := must(t, s, "GET", "svm/svms/"+vs1, nil); got["name"] != "files" {
		t.Error(got)
	}
}

const status = "protocols/vscan/server-status"

// The eleven filters of the server status, on connections of a seed.
func TestServerFilters(t *testing.T) {
	s := ontap.Start(t, ontap.Options{Seed: []byte(`{"servers": [
		{"ip": "10.0.0.1", "state": "connected", "type": "primary", "vendor": "Acme", "version": "1.12", "update_time": "2026-01-01T00:00:00Z",
		 "svm": {"name": "vs1", "uuid": "u1"}, "node": {"name": "node1", "uuid": "n1"}},
		{"ip": "10.0.0.2", "state": "disconnected", "disconnected_reason": "remote_closed", "type": "backup", "vendor": "Other", "version": "2", "update_time": "2026-01-02T00:00:00Z",
		 "svm": {"name": "vs2", "uuid": "u2"}, "node": {"name": "node2", "uuid": "n2"}}]}`)})
	for query, want := range map[string]string{
		"": "10.0.0.1 10.0.0.2", "vendor=Acme": "10.0.0.1", "version=2": "10.0.0.2", "state=connected": "10.0.0.1",
		"ip=10.0.0.2": "10.0.0.2", "type=backup": "10.0.0.2", "svm.uuid=u1": "10.0.0.1", "svm.name=vs2": "10.0.0.2",
		"node.uuid=n1": "10.0.0.1", "node.name=node2": "10.0.0.2", "disconnected_reason=remote_closed": "10.0.0.2",
		"update_time=2026-01-01T00:00:00Z": "10.0.0.1", "state=connected&type=backup": "", "order_by=ip%20desc": "10.0.0.2 10.0.0.1",
	} {
		if got := strings.Join(names(t, s, status+"?"+query, "ip"), " "); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

// Connections follow from pools, from whether Vscan is enabled, and from what
// becomes of the scanner.
func TestServers(t *testing.T) {
	s := ontap.Start(t, ontap.Options{})
	must(t, s, "POST", pools(vs1), pool("p", nil))
	must(t, s, "POST", pools(vs1), pool("b", object{"role": "secondary", "servers": []any{"av.example.com"}}))
	must(t, s, "POST", pools(vs1), pool("i", object{"role": "idle", "servers": []any{"3.3.3.3"}}))
	must(t, s, "POST", pools(vs1), pool("away", object{"cluster": object{"name": "cluster2"}, "servers": []any{"4.4.4.4"}}))
	have := func(query string) string {
		var found []string
		for _, r := range must(t, s, "GET", status+"?fields=*&node.name=node1&"+query, nil)["records"].([]any) {
			c := r.(object)
			reason := ""
			if c["disconnected_reason"] != nil {
				reason = ":" + c["disconnected_reason"].(string)
			}
			found = append(found, fmt.Sprintf("%s:%s%s", c["type"], c["state"], reason))
		}
		return strings.Join(found, " ")
	}
	if got := have("ip=1.1.1.1"); got != "primary:disconnected:vscan_disabled" {
		t.Error(got)
	}
	s.EnableVscan("vs1", true)
	if got := have(""); got != "primary:connected backup:connected backup:disconnected:server_removed" {
		t.Error(got)
	}
	s.Disconnect("1.1.1.1", "invalid_user")
	if got := have("ip=1.1.1.1"); got != "primary:disconnected:invalid_user" {
		t.Error(got)
	}
	s.Disconnect("1.1.1.1", "")
	if got := have("ip=1.1.1.1"); got != "primary:connected" {
		t.Error(got)
	}
}

func TestOneRecordBare(t *testing.T) {
	s := ontap.Start(t, ontap.Options{OneRecordBare: true, PoolsWithoutSVM: true})
	must(t, s, "POST", pools(vs1), pool("a", nil))
	answer := must(t, s, "GET", pools(vs1)+"?fields=*", nil)
	if record, ok := answer["records"].(object); !ok || record["name"] != "a" || record["svm"] != nil {
		t.Error(answer)
	}
}

func TestCredentials(t *testing.T) {
	s := ontap.Start(t, ontap.Options{Username: "vscan", Password: "correct-horse"})
	for _, test := range []struct {
		name, password string
		want           int
	}{
		{"vscan", "correct-horse", http.StatusOK},
		{"vscan", "wrong", http.StatusUnauthorized},
		{"admin", "correct-horse", http.StatusUnauthorized},
		{"", "", http.StatusUnauthorized},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/api/svm/svms", nil)
		if test.name != "" {
			r.SetBasicAuth(test.name, test.password)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != test.want {
			t.Errorf("%s %s: %d", test.name, test.password, response.StatusCode)
		}
	}
	log := s.Requests()
	if len(log) != 4 || log[0].Route != "/api/svm/svms" {
		t.Error(log)
	}
}

func TestSeed(t *testing.T) {
	s := ontap.Start(t, ontap.Options{Seed: []byte(`{
		"svms": [{"name": "one", "uuid": "` + vs1 + `", "vscan_enabled": true}],
		"clusters": [{"name": "here", "uuid": "` + vs2 + `"}],
		"requests": [{"method": "POST", "path": "` + pools(vs1) + `", "body": {"name": "p", "servers": ["1.1.1.1"], "privileged_users": ["a\\b"]}}]}`)})
	if p := get(t, s, vs1, "p"); p["cluster"].(object)["name"] != "here" {
		t.Error(p)
	}
	if _, _, err := s.Do("DELETE", pools(vs1)+"/p", nil); err == nil || !strings.HasPrefix(err.Error(), "10027070") {
		t.Error(err)
	}
	for _, bad := range []string{"{", `{"svm": []}`, `{"requests": [{"method": "GET", "path": "nothing"}]}`} {
		if _, err := ontap.New(ontap.Options{Seed: []byte(bad)}); err == nil || !strings.Contains(err.Error(), "seed") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// A dump makes a cluster that answers as the one that it is of, and dumps itself alike.
func TestDumpsAreSeeds(t *testing.T) {
	first := ontap.Start(t, ontap.Options{Seed: []byte(`{"servers": [{"ip": "10.0.0.9", "state": "connected"}]}`)})
	for svm, body := range map[string]object{
		vs1: pool("p", object{"role": "secondary", "cluster": object{"name": "cluster2"}}),
		vs2: pool("q", object{"servers": []any{"1.1.1.2"}}),
	} {
		must(t, first, "POST", pools(svm), body)
	}
	first.EnableVscan("vs2", true)
	first.Disconnect("1.1.1.2", "remote_closed")
	first.RenameSVM("vs3", "files")
	dump := func(s *ontap.Simulator) string {
		var text strings.Builder
		if err := s.Dump(&text); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	again := ontap.Start(t, ontap.Options{Seed: []byte(dump(first))})
	for _, path := range []string{"svm/svms", pools(vs1) + "?fields=*", pools(vs2) + "?fields=*", "protocols/vscan/server-status?fields=*"} {
		_, was, err1 := first.Do("GET", path, nil)
		_, is, err2 := again.Do("GET", path, nil)
		if err1 != nil || err2 != nil || !reflect.DeepEqual(was, is) {
			t.Errorf("%s: %v and %v, %v, %v", path, was, is, err1, err2)
		}
	}
	// What is enabled is so again: the only active pool cannot go.
	if _, _, err := again.Do("DELETE", pools(vs2)+"/q", nil); err == nil || !strings.HasPrefix(err.Error(), "10027070") {
		t.Error(err)
	}
	if one, other := dump(first), dump(again); one != other {
		t.Errorf("dumps differ:\n%s\n%s", one, other)
	}
}
