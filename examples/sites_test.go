package examples_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// newSites are a reader's two arrays, each with a network space "rmr" of seven addresses
// for replication: 10.0.1.1 and on, 10.0.2.1 and on.
func newSites(t *testing.T, terraform, program, settings string) *guide {
	sites := map[string]*guide{}
	var partner *simulator.Simulator
	for n := 1; n <= 2; n++ {
		name := fmt.Sprintf("ibox%d", n)
		partner = simulator.Start(t, simulator.Options{Password: password, SystemName: name, Serial: n, Partner: partner})
		g := guideOf(t, terraform, program, settings, partner)
		g.replicates(n)
		g.sites, sites[name] = sites, g
	}
	return sites["ibox1"]
}

// replicates makes the network space of the array of a number.
func (g *guide) replicates(n int) {
	var interfaces []any
	for node := 1; node <= 3; node++ {
		interfaces = append(interfaces, g.do("POST", "network/interfaces", map[string]any{
			"name": "rmr", "type": "PORT_GROUP", "node_id": node, "ports": []any{map[string]any{"name": "eth-data1"}},
		})["id"])
	}
	space := g.do("POST", "network/spaces", map[string]any{
		"name": "rmr", "service": "RMR_SERVICE", "interfaces": interfaces,
		"network_config": map[string]any{"network": fmt.Sprintf("10.0.%d.0", n), "netmask": 24, "default_gateway": fmt.Sprintf("10.0.%d.254", n)},
	})["id"]
	for i := 1; i <= 7; i++ {
		g.do("POST", fmt.Sprintf("network/spaces/%v/ips", space), fmt.Sprintf("10.0.%d.%d", n, i))
	}
}

// do asks the array for something.
func (g *guide) do(method, path string, body any) map[string]any {
	g.Helper()
	_, answer, err := g.array.Do(method, path, body)
	if err != nil {
		g.Fatalf("%s %s: %v", method, path, err)
	}
	object, _ := answer.(map[string]any)
	return object
}

// ask does what a request in a comment says: "PUT volumes/1001 {…}".
func (g *guide) ask(request string) {
	g.Helper()
	method, rest, _ := strings.Cut(request, " ")
	path, body, has := strings.Cut(rest, " ")
	var fields any
	if has {
		decoder := json.NewDecoder(bytes.NewReader([]byte(body)))
		decoder.UseNumber()
		if err := decoder.Decode(&fields); err != nil {
			g.Fatal(err)
		}
	}
	g.do(method, g.path(path), fields)
}

// named is what stands for an id in a path: "replicas/{local_cg_name=db}".
var named = regexp.MustCompile(`^([a-z_/]+)/\{([a-z_]+)=([^}]+)\}(.*)$`)

// path is a path with an id in place of what an object is known by.
func (g *guide) path(path string) string {
	g.Helper()
	parts := named.FindStringSubmatch(path)
	if parts == nil {
		return path
	}
	_, answer, err := g.array.Do("GET", fmt.Sprintf("%s?%s=eq:%s", parts[1], parts[2], parts[3]), nil)
	found, _ := answer.([]any)
	if err != nil || len(found) != 1 {
		g.Fatalf("%s: %d found, %v", path, len(found), err)
	}
	return fmt.Sprintf("%s/%v%s", parts[1], found[0].(map[string]any)["id"], parts[4])
}

// knowsActions reports whether the CLI does.
func (g *guide) knowsActions() bool { return acctest.Knows(g.T, acctest.Actions) }
