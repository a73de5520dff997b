package acctest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/server"
)

// The SVMs of a simulated cluster that tests work with.
const (
	SVM     = "vs1"
	SVMUUID = "02c9e252-41be-11e9-81d5-00a0986138f7"
)

// ONTAP is a simulated cluster to test against.
type ONTAP struct {
	*simulator.Simulator

	t        *testing.T
	watch    *watch
	settings Attrs
}

var _ Simulated = (*ONTAP)(nil)

// NewONTAP is a simulator that lives as long as the test.
func NewONTAP(t *testing.T, o simulator.Options) *ONTAP {
	t.Helper()
	seen := &watch{}
	o.Password, o.Requests = ArrayPassword, seen
	s := simulator.Start(t, o)
	settings := Attrs{"endpoint": s.URL(), "username": "admin", "password": o.Password}
	if o.TLS {
		settings["ca_certificate"] = s.CACertificate()
	}
	return &ONTAP{Simulator: s, t: t, watch: seen, settings: settings}
}

// Provider implements Lab.
func (c *ONTAP) Provider(settings Attrs) string {
	return Attrs{"ontap": Expr("{\n" + c.settings.With(settings).HCL() + "}")}.Block("provider", "storage")
}

// Settings implements Lab.
func (c *ONTAP) Settings() (string, Attrs) {
	return "ontap", c.settings.With(Attrs{"approve_dangerous_operations": true})
}

// Name implements Lab.
func (*ONTAP) Name(label string) string { return label }

// Do implements Lab: as an administrator.
func (c *ONTAP) Do(method, path string, body any) (any, error) {
	_, result, err := c.Simulator.Do(method, path, body)
	return result, err
}

// Front implements Simulated.
func (c *ONTAP) Front() *server.Server { return c.Server }

// OnRequest implements Simulated.
func (c *ONTAP) OnRequest(call func()) { c.watch.onRequest(call) }

// Beside implements Simulated: a cluster has nothing here but what resources are.
func (*ONTAP) Beside() []string { return nil }

// All implements Simulated: of each SVM in turn, since the API has no listing across them.
func (c *ONTAP) All(path string) ([]Object, error) {
	svms, err := c.records("svm/svms")
	if err != nil {
		return nil, err
	}
	var all []Object
	for _, svm := range svms {
		pools, err := c.records(fmt.Sprintf("%s/%v/scanner-pools?fields=*", path, svm["uuid"]))
		if err != nil {
			return nil, err
		}
		all = append(all, pools...)
	}
	return all, nil
}

// records are those of a listing.
func (c *ONTAP) records(path string) ([]Object, error) {
	result, err := c.Do("GET", path, nil)
	if err != nil {
		return nil, err
	}
	listing, _ := result.(Object)
	list, _ := listing["records"].([]any)
	records := make([]Object, len(list))
	for i, record := range list {
		records[i], _ = record.(Object)
	}
	return records, nil
}

// Newest implements Simulated: pools go by their names.
func (*ONTAP) Newest() (int, error) { return 0, nil }

// Approved implements Simulated. The cluster knows no approval: what takes one is a
// deletion, of the pool that the path names after its SVM.
func (*ONTAP) Approved(r server.Request) (sent bool, about []string) {
	segments := strings.Split(r.Path, "/")
	return r.Method == http.MethodDelete, []string{segments[len(segments)-3], segments[len(segments)-1]}
}

// Pool reads a scanner pool of SVM past the provider, or is nil.
func (c *ONTAP) Pool(name string) Object {
	result, err := c.Do("GET", poolPath(name)+"?fields=*", nil)
	if err != nil {
		return nil
	}
	return result.(Object)
}

// MustPool makes, changes or deletes a scanner pool of SVM past the provider.
func (c *ONTAP) MustPool(method, name string, body any) {
	c.t.Helper()
	path := poolPath(name)
	if method == "POST" {
		path = poolPath("")
	}
	if _, err := c.Do(method, path, body); err != nil {
		c.t.Fatal(err)
	}
}

func poolPath(name string) string {
	path := "protocols/vscan/" + SVMUUID + "/scanner-pools"
	if name != "" {
		path += "/" + name
	}
	return path
}

// Sent are the requests to the cluster since the last call, as "METHOD ROUTE".
func (c *ONTAP) Sent() []string {
	var sent []string
	for _, r := range c.Requests() {
		sent = append(sent, r.Method+" "+r.Route)
	}
	c.ResetRequests()
	return sent
}
