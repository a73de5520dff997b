package vscan_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/ontap/vscan"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, vscan.Area(), area.Tests{
		Tables:    map[string]acctest.Table{"vscan_scanner_pool": scannerPools},
		Questions: questions,
		Walk:      estate(),
	})
}

// scannerPools are known by their SVM and their name.
func scannerPools(t *testing.T) acctest.Suite {
	c := acctest.NewONTAP(t, simulator.Options{})
	name := acctest.Name(c)
	path := func(o acctest.Object) string {
		return fmt.Sprintf("protocols/vscan/%v/scanner-pools/%v", o["svm_uuid"], o["name"])
	}
	patch := func(field string, value any) func(acctest.Object) acctest.Request {
		return func(o acctest.Object) acctest.Request {
			return acctest.Request{Method: "PATCH", Path: path(o), Body: map[string]any{field: value}}
		}
	}
	bad := acctest.BadValue
	arguments := acctest.Attrs{"svm_uuid": acctest.SVMUUID, "name": name, "servers": []any{"10.0.0.1"}, "privileged_users": []any{`cifs\u1`}}
	return acctest.Suite{
		Lab: c, Type: poolType, Key: []string{"svm_uuid", "name"}, Deleting: "Files of the SVM are no longer scanned",
		ImportID: func(of func(string) string) string { return of("svm_uuid") + "/" + of("name") },
		Gone:     func(o acctest.Object) acctest.Request { return acctest.Request{Method: "DELETE", Path: path(o)} },
		Least:    arguments,
		Most:     arguments.With(acctest.Attrs{"role": "secondary", "cluster_name": "cluster2"}),
		Changes: map[string]acctest.Change{
			"svm_uuid":         {Through: []any{acctest.SVMUUID, vs2UUID}, Replaces: true},
			"svm_name":         {Through: []any{acctest.Attrs{"svm_name": acctest.SVM, "svm_uuid": nil}, acctest.Attrs{"svm_name": "vs2", "svm_uuid": nil}}, Replaces: true},
			"name":             {Through: []any{"before", "after"}, Replaces: true},
			"cluster_name":     {Through: []any{"cluster1", "cluster2"}},
			"cluster_uuid":     {Through: []any{cluster1UUID, cluster2UUID}},
			"servers":          {Through: []any{[]any{"10.0.0.1"}, []any{"10.0.0.1", "av.example.com"}, []any{"2001:db8::1"}}, Drift: patch("servers", []any{"10.0.0.9"})},
			"privileged_users": {Through: []any{[]any{`cifs\u1`}, []any{`cifs\u1`, `cifs\u2`}}, Drift: patch("privileged_users", []any{`cifs\u9`})},
			"role":             {Through: []any{"primary", "idle", "primary"}, Drift: patch("role", "idle")},
		},
		Bad: []acctest.Bad{
			bad("svm_uuid", "vs1", "not a UUID"),
			bad("name", "a/b", "characters that are not allowed"),
			bad("servers", []any{"scanner1"}, "neither an IP address nor a fully qualified domain name"),
			bad("privileged_users", []any{"u1"}, "not a user with a domain"),
			bad("role", "captain", "use one of primary, secondary, idle"),
			bad("cluster_uuid", "cluster2", "not a UUID"),
		},
	}
}

// questions are put to the data source that is no pool's.
func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	t.Helper()
	return acctest.NewONTAP(t, simulator.Options{Seed: []byte(twoServers)}), []acctest.Question{
		{Source: "vscan_server_status", Finds: "it.servers[*].ip", Want: `["10.0.0.1","10.0.0.2"]`},
		{Source: "vscan_server_status", Arguments: acctest.Attrs{"state": "disconnected"}, Finds: "it.servers[*].disconnected_reason", Want: `["remote_closed"]`},
	}
}

const (
	poolType = "storage_ontap_vscan_scanner_pool"

	vs2UUID      = "0e2f7c91-f227-11e8-9601-0050568ecc06"
	cluster1UUID = "1cd8a442-86d1-11e0-ae1c-123478563412"
	cluster2UUID = "0933f9b5-f226-11e8-9601-0050568ecc06"

	postPool = "POST /api/protocols/vscan/{svm.uuid}/scanner-pools"
	readPool = "GET /api/protocols/vscan/{svm.uuid}/scanner-pools/{name}"
	listSVMs = "GET /api/svm/svms"
)

// least is a pool with as few arguments as there can be.
var least = acctest.Attrs{
	"svm_name": acctest.SVM, "name": "p", "servers": []any{"10.0.0.1"}, "privileged_users": []any{`cifs\u1`},
}

// sent is the body that makes such a pool past the provider.
func sent(name string, changes map[string]any) map[string]any {
	body := map[string]any{"name": name, "servers": []any{"10.0.0.1"}, "privileged_users": []any{`cifs\u1`}}
	maps.Copy(body, changes)
	return body
}

func pool(label string, changes acctest.Attrs) string {
	return least.With(changes).Block("resource", poolType, label)
}

// recorder stands between a client and a cluster, and writes down what changes it.
type recorder struct {
	mu   sync.Mutex
	said []string
}

// record serves the cluster through a recorder.
func record(t *testing.T, c *acctest.ONTAP) (r *recorder, provider string) {
	t.Helper()
	target, err := url.Parse(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	r = &recorder{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if request.Method != http.MethodGet {
			body, _ := io.ReadAll(request.Body)
			request.Body = io.NopCloser(strings.NewReader(string(body)))
			r.mu.Lock()
			r.said = append(r.said, strings.TrimSpace(request.Method+" "+string(body)))
			r.mu.Unlock()
		}
		proxy.ServeHTTP(w, request)
	}))
	t.Cleanup(s.Close)
	return r, c.Provider(approving.With(acctest.Attrs{"endpoint": s.URL}))
}

// take returns what was recorded since the last call.
func (r *recorder) take() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := strings.Join(r.said, "\n")
	r.said = nil
	return said
}

func equal(t *testing.T, what string, have, want any) {
	t.Helper()
	if fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("%s: have %v, want %v", what, have, want)
	}
}

// The table of facts, where it decides what is sent and what is the same.
func TestKinds(t *testing.T) {
	var names []string
	for _, k := range vscan.Kinds() {
		names = append(names, k.Name)
	}
	equal(t, "kinds", names, []string{"vscan_scanner_pool", "vscan_server_status"})
	held := entity.Values{}
	if r := vscan.ScannerPool.Deletion.Request(held); r.Path != "protocols/vscan//scanner-pools/" {
		t.Errorf("a pool without a key is deleted at %s", r.Path) // which internal/rest refuses to send
	}
}

// A provider without the block says so, and says it once for each object.
func TestAccNotConfigured(t *testing.T) {
	cli := acctest.NewCLI(t)
	cli.Plan(`provider "storage" {}`, pool("p", nil)).Refuses(t, "no ontap block")
}

func TestAccSettings(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{TLS: true})
	cli := acctest.NewCLI(t)
	data := acctest.Attrs{}.Block("data", "storage_ontap_vscan_server_status", "all")
	cli.Plan(cluster.Provider(nil), data).Succeeds(t)
	cli.Plan(cluster.Provider(acctest.Attrs{"ca_certificate": nil}), data).Refuses(t, "ca_certificate", "ontap block")
	cli.Plan(cluster.Provider(acctest.Attrs{"ca_certificate": nil, "insecure": true}), data).Succeeds(t).Warns(t, "certificate is not verified")
	wrong := cli.Plan(cluster.Provider(acctest.Attrs{"password": "not-the-password"}), data)
	wrong.Refuses(t, "User is not authorized", "ONTAP_PASSWORD")
	if strings.Contains(wrong.Output, "not-the-password") {
		t.Error("the password is in the output")
	}
	cli.Plan(cluster.Provider(acctest.Attrs{"endpoint": nil}), data).Refuses(t, "The ontap block has no endpoint", "ONTAP_ENDPOINT")
	cli.Plan(cluster.Provider(acctest.Attrs{"endpoint": "cluster1"}), data).Refuses(t, "The ontap block cannot be used")
	cli.Plan(cluster.Provider(acctest.Attrs{"max_concurrency": 0}), data).Refuses(t, "at least one request")
}

// approving is the setting with which pools can be deleted.
var approving = acctest.Attrs{"approve_dangerous_operations": true}
