package infinibox

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const terabyte = 1000000000000

// must acts on the simulator and returns the resulting object.
func must(t *testing.T, s *Simulator, method, path string, body any) map[string]any {
	t.Helper()
	_, result, err := s.Do(method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	o, _ := result.(map[string]any)
	return o
}

// expect compares fields of an object.
func expect(t *testing.T, o map[string]any, want map[string]any) {
	t.Helper()
	for name, value := range want {
		if fmt.Sprint(o[name]) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v", name, o[name], value)
		}
	}
}

type values = map[string]any

func TestCapacitiesAreRoundedAndAccounted(t *testing.T) {
	s := Start(t, Options{})
	pool := must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte, "virtual_capacity": 2 * terabyte})
	expect(t, pool, values{
		"id": 1000, "physical_capacity": 1000000192512, "virtual_capacity": 2000000385024,
		"free_physical_space": 1000000192512, "free_virtual_space": 2000000385024, "reserved_capacity": 100000000000,
	})
	volume := must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 2 * terabyte, "provtype": "THIN"})
	expect(t, volume, values{"id": 1001, "num_blocks": 3906250000, "size": 2 * terabyte, "family_id": 1001, "parent_id": 0})
	// The numbers of the reference's example of a pool with such a volume.
	expect(t, must(t, s, "GET", "pools/1000", nil), values{
		"free_virtual_space": 327680, "free_physical_space": 1000000192512, "allocated_physical_space": 0,
		"volumes_count": 1, "entities_count": 1, "standard_volumes_count": 1,
	})
	must(t, s, "DELETE", "volumes/1001", nil)
	must(t, s, "POST", "volumes", values{"name": "t", "pool_id": 1000, "size": 1000000001, "provtype": "THICK"})
	expect(t, must(t, s, "GET", "volumes/1002", nil), values{"size": 1000000512, "allocated": 1000013824})
	must(t, s, "POST", "volumes", values{"name": "s", "parent_id": 1002})
	expect(t, must(t, s, "GET", "pools/1000", nil), values{
		"allocated_physical_space": 1000013824, "free_physical_space": 1000000192512 - 1000013824,
		"snapshots_count": 1, "entities_count": 2,
	})
	must(t, s, "PUT", "volumes/1002", values{"provtype": "THIN"})
	must(t, s, "PUT", "volumes/1002", values{"size": 3000000000})
	expect(t, must(t, s, "GET", "pools/1000", nil), values{
		"allocated_physical_space": 0, "free_virtual_space": 2000000385024 - roundUp(3000000000, virtualUnit),
	})
}

func TestSnapshotsFormFamilies(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000})
	snapshot := must(t, s, "POST", "volumes", values{"name": "s", "parent_id": 1001})
	expect(t, snapshot, values{
		"type": "SNAPSHOT", "parent_id": 1001, "family_id": 1001, "depth": 1, "write_protected": true,
		"size": 1000000000, "pool_id": 1000, "lock_state": "UNLOCKED",
	})
	until := int(time.Now().Add(time.Hour).UnixMilli())
	below := must(t, s, "POST", "volumes", values{"name": "b", "parent_id": 1002, "lock_expires_at": until})
	expect(t, below, values{"family_id": 1001, "depth": 2, "lock_state": "LOCKED", "lock_expires_at": until})
	expect(t, must(t, s, "GET", "volumes/1001", nil), values{"has_children": true})
	if _, _, err := s.Do("DELETE", "volumes/1003", nil); err == nil || !strings.HasPrefix(err.Error(), "DELETE_LOCKED_SNAPSHOT") {
		t.Errorf("a locked snapshot was deleted: %v", err)
	}
	s.Advance(2 * time.Hour)
	expect(t, must(t, s, "GET", "volumes/1003", nil), values{"lock_state": "UNLOCKED"})
	must(t, s, "PUT", "metadata/1003", values{"a": 1})
	must(t, s, "DELETE", "volumes/1001", nil)
	for _, path := range []string{"volumes", "metadata"} {
		if _, left, _ := s.Do("GET", path, nil); len(left.([]any)) != 0 {
			t.Errorf("%s are left: %v", path, left)
		}
	}
}

func TestSerials(t *testing.T) {
	a := newArray(Options{Serial: 0xba80, Username: "admin"})
	o := Object{}
	a.setSerial(o, 1001)
	expect(t, o, values{"serial": "742b0f00000ba8000000000000003e9", "nguid": "00000000-0000-03e9-742b-0f000000ba80"})
	// The reference's example.
	if got := nguid("a112233445566778899aabbccddeeff"); got != "8899aabb-ccdd-eeff-a112-230344556677" {
		t.Errorf("nguid %s", got)
	}
}

func TestMappings(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	for _, name := range []string{"a", "b", "c"} {
		must(t, s, "POST", "volumes", values{"name": name, "pool_id": 1000, "size": 1000000000})
	}
	must(t, s, "POST", "hosts", values{"name": "h"})
	must(t, s, "POST", "clusters", values{"name": "k"})
	expect(t, must(t, s, "POST", "hosts/1004/luns", values{"volume_id": 1001}), values{"lun": 1, "clustered": false, "host_id": 1004, "id": 1})
	expect(t, must(t, s, "POST", "hosts/1004/luns", values{"volume_id": 1002, "lun": 0}), values{"lun": 0})
	must(t, s, "POST", "clusters/1005/hosts", values{"id": 1004})
	expect(t, must(t, s, "POST", "clusters/1005/luns", values{"volume_id": 1003}), values{"lun": 11, "clustered": true, "host_id": 0, "host_cluster_id": 1005, "id": 3})
	_, luns, _ := s.Do("GET", "volumes/1003/luns", nil)
	if got := fmt.Sprint(luns); len(luns.([]any)) != 2 || !strings.Contains(got, "host_id:0 ") || !strings.Contains(got, "host_id:1004 ") {
		t.Errorf("LUNs of a clustered volume: %v", got)
	}
	expect(t, must(t, s, "GET", "hosts/1004", nil), values{"luns_count": 3, "host_cluster_id": 1005})
	expect(t, must(t, s, "GET", "volumes/1003", nil), values{"mapped": true})
	must(t, s, "DELETE", "clusters/1005/hosts/1004", nil)
	expect(t, must(t, s, "GET", "hosts/1004", nil), values{"luns_count": 2, "host_cluster_id": 0})
	must(t, s, "DELETE", "hosts/1004/luns/volume_id/1001", nil)
	must(t, s, "DELETE", "hosts/1004/luns/lun/0", nil)
	must(t, s, "DELETE", "clusters/1005/luns/lun/11", nil)
	expect(t, must(t, s, "GET", "volumes/1003", nil), values{"mapped": false})
}

func TestSecretsAreNeverGivenBack(t *testing.T) {
	s := Start(t, Options{})
	const secret = "hostsecret987654321"
	host := must(t, s, "POST", "hosts", values{
		"name": "h", "security_method": "CHAP", "security_chap_inbound_username": "u", "security_chap_inbound_secret": secret,
	})
	expect(t, host, values{"security_chap_has_inbound_secret": true, "security_chap_has_outbound_secret": false})
	_, hosts, _ := s.Do("GET", "hosts", nil)
	if strings.Contains(fmt.Sprint(host, hosts), secret) {
		t.Error("a secret was given back")
	}
	host = must(t, s, "PUT", "hosts/1000", values{"security_method": "NONE"})
	expect(t, host, values{"security_chap_has_inbound_secret": false, "security_chap_inbound_username": nil})
}

// names lists the names that a query finds.
func names(t *testing.T, s *Simulator, path string) string {
	t.Helper()
	_, result, err := s.Do("GET", path, nil)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	found := ""
	for _, item := range result.([]any) {
		found += item.(map[string]any)["name"].(string)
	}
	return found
}

func TestQueries(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "pool", "physical_capacity": terabyte})
	for i, name := range []string{"A", "b", "C", "d"} { // 1001 to 1004
		provtype := []string{"THICK", "THIN"}[i%2]
		must(t, s, "POST", "volumes", values{"name": name, "pool_id": 1000, "size": 1000000000 * (i + 1), "provtype": provtype})
	}
	must(t, s, "POST", "volumes", values{"name": "s", "parent_id": 1001})
	for path, want := range map[string]string{
		"volumes": "AbCds", "volumes/?name=B": "b", "volumes?name=eq%3Ab": "b", "volumes?name=neq:b": "ACds",
		"volumes?type=master": "AbCd", "volumes?parent_id=eq:0": "AbCd", "volumes?pool_id=eq:0": "",
		"volumes?size=gt:2000000000": "Cd", "volumes?size=geq:2000000000": "bCd", "volumes?size=lt:2000000000": "As",
		"volumes?size=le:2000000000": "Abs", "volumes?size=between:[2000000000,3000000000]": "bC",
		"volumes?id=in:(1001,1003)": "AC", "volumes?id=notin:1001,1003": "bds", "volumes?cg_id=is:null": "AbCds",
		"volumes?cg_id=isnot:null": "", "volumes?cg_id=eq:null": "AbCds", "volumes?name=like:c": "C",
		"volumes?size=ge:2000000000&size=lt:4000000000": "bC", "volumes?sort=-size&type=MASTER": "dCbA",
		"volumes?sort=provtype,-name": "sdbCA", "volumes?page_size=2&page=2": "Cd", "volumes?page=9": "",
		"volumes?replication_types=anyof:NONE": "AbCds", "volumes?mapped=true": "", "volumes?write_protected=eq:true": "s",
		"pools?name=POOL": "pool", "datasets?dataset_type=VOLUME&type=SNAPSHOT": "s", "volumes?id=eq:1002&page=1&page_size=1": "b",
	} {
		if got := names(t, s, path); got != want {
			t.Errorf("%s finds %q, want %q", path, got, want)
		}
	}
	_, plucked, _ := s.Do("GET", "volumes?fields=id,nonsense&name=b", nil)
	if fmt.Sprint(plucked) != "[map[id:1002]]" {
		t.Errorf("plucked: %v", plucked)
	}
}

// ask sends a request as real clients do, and returns status and body.
func ask(t *testing.T, c *http.Client, method, url, body string, header http.Header) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Header.Get("Date") == "" {
		t.Error("no date")
	}
	return answer.StatusCode, string(content)
}

// basic is the header of an administrator.
func basic() http.Header {
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth("infinidat", "123456")
	return r.Header
}

func TestLogin(t *testing.T) {
	s := Start(t, Options{})
	jar, _ := cookiejar.New(nil)
	c := &http.Client{Jar: jar}
	api := s.URL() + "/api/rest"
	for _, r := range []struct {
		method, path, body string
		header             http.Header
		status             int
	}{
		{"GET", "/_features", "", nil, 200},
		{"GET", "/system/ping", "", nil, 200},
		{"GET", "/system", "", nil, 401},
		{"GET", "/system?fields=version", "", basic(), 200},
		{"POST", "/users/login?approved=true", `{"username":"admin","password":"123456","clientid":"x"}`, nil, 200},
		{"GET", "/system", "", nil, 200},
		{"POST", "/users/logout", "{}", nil, 200},
		{"GET", "/system", "", nil, 401},
		{"GET", "/hosts/host_id_by_initiator_address/aaaaaaaaaaaaaaaa", "", nil, 404},
	} {
		if status, body := ask(t, c, r.method, api+r.path, r.body, r.header); status != r.status {
			t.Errorf("%s %s: %d, want %d: %s", r.method, r.path, status, r.status, body)
		}
	}
}

func TestDoubledAndTrailingSlashes(t *testing.T) {
	s := Start(t, Options{})
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, r := range []struct{ method, path, body string }{
		{"POST", "//api/rest/pools/", `{"name":"p","physical_capacity":1000000000000}`},
		{"PUT", "/api/rest/pools//1000", `{"name":"q"}`},
		{"GET", "/api/rest/pools/?name=q", ""},
	} {
		if status, body := ask(t, c, r.method, s.URL()+r.path, r.body, basic()); status >= 300 {
			t.Errorf("%s %s: %d %s", r.method, r.path, status, body)
		}
	}
	want := "POST /api/rest/pools,PUT /api/rest/pools/{id},GET /api/rest/pools"
	var got []string
	for _, r := range s.Requests() {
		got = append(got, r.Method+" "+r.Route)
	}
	if strings.Join(got, ",") != want {
		t.Errorf("requests: %v", got)
	}
}

func TestAsynchronousAnswers(t *testing.T) {
	s := Start(t, Options{Faults: "POST /pools:async:2"})
	c := &http.Client{}
	_, body := ask(t, c, "POST", s.URL()+"/api/rest/pools", `{"name":"p","physical_capacity":1000000000000}`, basic())
	for range 2 {
		m := regexp.MustCompile(`"ready":false,"result_url":"([^"]+)"`).FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("no result_url: %s", body)
		}
		_, body = ask(t, c, "GET", s.URL()+m[1], "", basic())
	}
	if !strings.Contains(body, `"id":1000`) || !strings.Contains(body, `"ready":true`) {
		t.Errorf("the answer: %s", body)
	}
}

func TestSeed(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"limits":{"pools":1},"requests":[
		{"method":"POST","path":"pools","body":{"name":"db","physical_capacity":1000000000000}}]}`)})
	if got := names(t, s, "pools"); got != "db" {
		t.Errorf("pools: %s", got)
	}
	if _, _, err := s.Do("POST", "pools", values{"name": "x", "physical_capacity": terabyte}); err == nil {
		t.Error("the limit of the seed does not count")
	}
	if _, err := New(Options{Seed: []byte(`{"requests":[{"method":"POST","path":"pools"}]}`)}); err == nil {
		t.Error("a seed that the array refuses was taken")
	}
}

func TestConcurrency(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			body := fmt.Sprintf(`{"name":"v%d","pool_id":1000,"size":1000000000}`, i)
			ask(t, http.DefaultClient, "POST", s.URL()+"/api/rest/volumes", body, basic())
			ask(t, http.DefaultClient, "GET", s.URL()+"/api/rest/volumes", "", basic())
		})
	}
	wait.Wait()
	expect(t, must(t, s, "GET", "pools/1000", nil), values{"volumes_count": 20})
	seen := map[any]bool{}
	_, volumes, _ := s.Do("GET", "volumes", nil)
	for _, v := range volumes.([]any) {
		moment := v.(map[string]any)["created_at"]
		if seen[moment] {
			t.Errorf("two volumes were created at %v", moment)
		}
		seen[moment] = true
	}
}
