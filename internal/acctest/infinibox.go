package acctest

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/record"
	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/server"
)

// ArrayPassword is a simulator's, which no output may repeat.
const ArrayPassword = "planted-array-password"

// InfiniBox is an array to test against. It implements Simulated where it is a simulator.
type InfiniBox struct {
	// Simulator is nil with a real array.
	Simulator *simulator.Simulator
	// Peer is the array at the other end of links; nil where there is none.
	Peer *InfiniBox

	t        *testing.T
	watch    *watch
	settings Attrs
	prefix   string
	array    *infinibox.Client
}

var _ Simulated = (*InfiniBox)(nil)

// NewInfiniBox is the array of the environment in an acceptance run, else a
// simulator that lives as long as the test.
func NewInfiniBox(t *testing.T) *InfiniBox {
	t.Helper()
	if OnReal() && os.Getenv("INFINIBOX_ENDPOINT") != "" {
		client, err := infinibox.New(infinibox.Config{
			Endpoint: os.Getenv("INFINIBOX_ENDPOINT"), Username: os.Getenv("INFINIBOX_USERNAME"), Password: os.Getenv("INFINIBOX_PASSWORD"),
			CACertificate: os.Getenv("INFINIBOX_CA_CERTIFICATE"), Insecure: os.Getenv("INFINIBOX_INSECURE") == "true",
		})
		if err != nil {
			t.Fatal(err)
		}
		return &InfiniBox{t: t, settings: Attrs{}, prefix: "tfacc-" + unique() + "-", array: client}
	}
	return SimulateInfiniBox(t, simulator.Options{})
}

// SimulateInfiniBox is a simulator also in an acceptance run, for tests of what
// nobody does to a real array.
func SimulateInfiniBox(t *testing.T, o simulator.Options) *InfiniBox {
	t.Helper()
	if o.Password == "" {
		o.Password = ArrayPassword
	}
	seen := &watch{recorder: record.New(t.Name())}
	t.Cleanup(func() {
		if err := seen.recorder.Save(); err != nil {
			t.Error(err)
		}
	})
	if o.Requests == nil {
		o.Requests = seen
	}
	if o.Username == "" {
		o.Username = "admin"
	}
	s := simulator.Start(t, o)
	settings := Attrs{"endpoint": s.URL(), "username": o.Username, "password": o.Password}
	if o.TLS {
		settings["ca_certificate"] = s.CACertificate()
	}
	return &InfiniBox{Simulator: s, t: t, watch: seen, settings: settings}
}

// Provider implements Lab.
func (b *InfiniBox) Provider(settings Attrs) string {
	return Attrs{"infinibox": Expr("{\n" + b.settings.With(settings).HCL() + "}")}.Block("provider", "storage")
}

// Settings implements Lab.
func (b *InfiniBox) Settings() (string, Attrs) {
	return "infinibox", b.settings.With(Attrs{"approve_dangerous_operations": true})
}

// Set has the provider configured with these settings too, in all that follows.
func (b *InfiniBox) Set(settings Attrs) { b.settings = b.settings.With(settings) }

// As is the same array, with another of its own users at work, who has the same password:
// "technician".
func (b *InfiniBox) As(username string) *InfiniBox {
	as := *b
	as.settings = b.settings.With(Attrs{"username": username})
	return &as
}

// Name implements Lab.
func (b *InfiniBox) Name(label string) string { return b.prefix + label }

// Do implements Lab: as an administrator, with approval.
func (b *InfiniBox) Do(method, path string, body any) (any, error) {
	if b.Simulator != nil {
		_, result, err := b.Simulator.Do(method, path, body)
		return result, err
	}
	return b.array.Do(context.WithoutCancel(b.t.Context()), api.Request{Method: method, Path: path, Body: body, Approved: true})
}

// Must is Do for what has to succeed and answers an object.
func (b *InfiniBox) Must(method, path string, body any) map[string]any {
	b.t.Helper()
	result, err := b.Do(method, path, body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	object, _ := result.(map[string]any)
	return object
}

// Create makes an object that lives as long as the test, and returns its id.
func (b *InfiniBox) Create(path string, body map[string]any) (id any) {
	b.t.Helper()
	id = b.Must("POST", path, body)["id"]
	if b.Simulator == nil {
		b.t.Cleanup(func() { _, _ = b.Do("DELETE", fmt.Sprintf("%s/%v", path, id), nil) })
	}
	return id
}

// Requests counts the requests of a method to a route ("/api/rest/volumes"),
// where "" means any.
func (b *InfiniBox) Requests(method, route string) int {
	n := 0
	for _, r := range b.Simulator.Requests() {
		if (method == "" || r.Method == method) && (route == "" || r.Route == route) {
			n++
		}
	}
	return n
}

// Sent are the requests to the simulator since the last call: "METHOD ROUTE QUERY".
func (b *InfiniBox) Sent() []string {
	b.t.Helper()
	if b.Simulator == nil {
		b.t.Fatal("only a simulator tells what was sent to it: make the lab by SimulateInfiniBox")
	}
	var sent []string
	for _, r := range b.Simulator.Requests() {
		sent = append(sent, strings.TrimSpace(r.Method+" "+r.Route+" "+r.Query))
	}
	b.Simulator.ResetRequests()
	return sent
}

// Work says which Terraform object is at work on the array until the returned
// function is called, for the record of the operations used.
func (b *InfiniBox) Work(object string) (done func()) {
	if b.watch == nil {
		return func() {}
	}
	return b.watch.recorder.Work(object)
}

// OnRequest implements Simulated.
func (b *InfiniBox) OnRequest(call func()) { b.watch.onRequest(call) }

// Front implements Simulated.
func (b *InfiniBox) Front() *server.Server { return b.Simulator.Server }

// Beside implements Simulated.
func (*InfiniBox) Beside() []string { return []string{"users", "metadata"} }

// All implements Simulated: of a collection, or the single object of the path. What the
// simulator does not have is empty.
func (b *InfiniBox) All(path string) ([]Object, error) {
	result, err := b.Do("GET", path+"?page_size=1000", nil)
	if err != nil && !strings.HasPrefix(err.Error(), "UNKNOWN_PATH") {
		return nil, fmt.Errorf("GET %s: %w", path, err)
	}
	rows, several := result.([]any)
	if !several {
		rows = []any{result}
	}
	var all []Object
	for _, row := range rows {
		if object, ok := row.(map[string]any); ok {
			all = append(all, object)
		}
	}
	return all, nil
}

// Newest implements Simulated.
func (b *InfiniBox) Newest() (int, error) {
	made, err := b.Do("POST", "hosts", map[string]any{"name": "newest"})
	if err != nil {
		return 0, err
	}
	host, _ := made.(map[string]any)
	id, err := strconv.Atoi(fmt.Sprint(host["id"]))
	if err == nil {
		_, err = b.Do("DELETE", fmt.Sprintf("hosts/%d", id), nil)
	}
	return id, err
}

// inPath is a number by itself: of s3_users there is none.
var inPath = regexp.MustCompile(`\b\d+\b`)

// Approved implements Simulated: the request says so itself.
func (*InfiniBox) Approved(r server.Request) (sent bool, about []string) {
	return strings.Contains(r.Query, "approved=yes"), inPath.FindAllString(strings.TrimPrefix(r.Path, "/api/rest/"), -1)
}

// Dump implements Simulated.
func (b *InfiniBox) Dump(w io.Writer) error { return b.Simulator.Dump(w) }
