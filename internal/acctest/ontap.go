package acctest

import (
	"testing"

	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

// The SVMs of a simulated cluster that tests work with.
const (
	SVM     = "vs1"
	SVMUUID = "02c9e252-41be-11e9-81d5-00a0986138f7"
)

// ONTAP is a simulated cluster to test against. It implements Lab.
type ONTAP struct {
	*simulator.Simulator

	t        *testing.T
	settings Attrs
}

var _ Lab = (*ONTAP)(nil)

// NewONTAP is a simulator that lives as long as the test.
func NewONTAP(t *testing.T, o simulator.Options) *ONTAP {
	t.Helper()
	s := simulator.Start(t, o)
	settings := Attrs{"endpoint": s.URL(), "username": "admin", "password": "123456"}
	if o.TLS {
		settings["ca_certificate"] = s.CACertificate()
	}
	return &ONTAP{Simulator: s, t: t, settings: settings}
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
