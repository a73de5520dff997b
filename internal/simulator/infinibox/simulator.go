// Package infinibox simulates an InfiniBox: its REST API with a state in memory that behaves.
//
// It is written from the array's API reference alone and shares no code with the provider, so that a
// wrong belief about the array cannot hide on both sides.
//
// Each kind of object is a collection: a table of the facts about it and of its fields (collection.go), by which all
// requests are carried out (lifecycle.go), and the few functions that are its own. To add one, write newThings and
// thingRoutes in a file of its own (volumes.go shows how), make it in newArray and register it in newRoutes; then
// extend testdata: errors.txt and fields.json with what the reference says, refusals.txt and unreachable.txt with how
// it is met.
package infinibox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/server"
)

// Options say how an array is simulated and served. The zero value is a fresh array on a free port of
// 127.0.0.1, over HTTP, where admin, infinidat and technician log in with 123456.
type Options struct {
	Username string // an administrator; "admin" when empty
	Password string // of all built-in users; "123456" when empty

	Listen   string        // "127.0.0.1:0" when empty
	TLS      bool          // serve HTTPS
	Latency  time.Duration // added to every answer
	Requests io.Writer     // gets one line of JSON a request
	Faults   string        // in the syntax of server.FaultSyntax

	Limits           Limits // numbers at which the array refuses
	SystemName       string
	Serial           int             // of the system; when 0 one is drawn, so that two simulators are two arrays
	AllowProtocolMix bool            // a volume may be reached over SCSI and NVMe-oF, with approval
	S3               bool            // the feature of S3-compatible object storage is enabled
	Peer             string          // URL of the array on the other side of links, which has this one's
	Partner          *Simulator      // that array, in this process; each learns of the other
	SyncTime         time.Duration   // how long the data of a replica takes to the other side; at 0 it is there at once
	Directories      []Directory     // Active Directory domains that the array can reach
	LDAPDirectories  []LDAPDirectory // that repositories of users are in
	Seed             []byte          // state to begin with, see Seed
}

// maxSerial is the highest serial number of a system that has room in the serials of its volumes.
const maxSerial = 0xffff

// Simulator is one array and the server in front of it. It is safe for concurrent use.
type Simulator struct {
	*server.Server
	array *Array
}

// New makes an array and serves it until Close.
func New(o Options) (*Simulator, error) {
	if o.Username == "" {
		o.Username = "admin"
	}
	if o.Password == "" {
		o.Password = "123456"
	}
	if o.SystemName == "" {
		o.SystemName = "simulator"
	}
	if o.Serial == 0 {
		o.Serial = 1 + rand.N(maxSerial)
	}
	seed, err := readSeed(o.Seed)
	if err != nil {
		return nil, err
	}
	if seed.Limits != (Limits{}) {
		o.Limits = seed.Limits
	}
	o.S3 = o.S3 || seed.S3
	seed.Directories = slices.Concat(o.Directories, seed.Directories)
	s := &Simulator{array: newArray(o)}
	if err := s.plant(seed); err != nil {
		return nil, err
	}
	s.Server, err = server.Start(s.array, server.Options{
		Listen: o.Listen, TLS: o.TLS, Latency: o.Latency, Requests: o.Requests, Faults: o.Faults,
	})
	if err != nil {
		return nil, err
	}
	s.array.mu.Lock()
	s.array.url = s.URL()
	s.array.mu.Unlock()
	if o.Partner != nil {
		acquaint(s, o.Partner)
	}
	return s, nil
}

// Start is New for a test: it fails the test instead of returning an error, and closes when the test ends.
func Start(tb server.TB, o Options) *Simulator {
	tb.Helper()
	s, err := New(o)
	return server.Started(tb, s, err)
}

// Do acts on the array directly: as the administrator, approved, unlogged, and past all faults.
// The path is below /api/rest ("volumes/1001", with a query if need be); the body is anything that encodes as
// JSON, or nil. The result is what is in the envelope, with whole numbers as int. A refusal is an error that
// begins with the array's code; the status is there also then.
func (s *Simulator) Do(method, path string, body any) (status int, result any, err error) {
	var encoded []byte
	if body != nil {
		if encoded, err = json.Marshal(body); err != nil {
			return 0, nil, err
		}
	}
	target, err := url.Parse(root + "/" + strings.TrimPrefix(path, "/"))
	if err != nil {
		return 0, nil, err
	}
	a := s.array
	defer a.admit(method)()
	found, parameters := a.lookup(method, target.EscapedPath())
	if found == nil {
		return http.StatusNotFound, nil, errUnknownPath
	}
	rq := &request{
		a: a, method: method, user: a.userByName(a.login), path: parameters, query: target.Query(), body: encoded,
		header: http.Header{}, response: http.Header{}, remote: "127.0.0.1", trusted: true,
	}
	rq.query.Set("approved", "yes")
	status, answer := a.carryOut(found, rq)
	return unwrap(status, answer)
}

// unwrap takes a result out of its envelope, as plain JSON values.
func unwrap(status int, answer any) (int, any, error) {
	encoded, err := json.Marshal(answer)
	if err != nil {
		return status, nil, err
	}
	value, err := decode(bytes.TrimSpace(encoded))
	if err != nil {
		return status, nil, err
	}
	m, ok := value.(map[string]any)
	if !ok {
		return status, value, nil
	}
	if e, ok := m["error"].(map[string]any); ok {
		return status, nil, fmt.Errorf("%v: %v", e["code"], e["message"])
	}
	return status, plainValue(m["result"]), nil
}

// plainValue turns json.Number into int or float64, everywhere.
func plainValue(value any) any {
	switch v := value.(type) {
	case json.Number:
		return plainNumber(v)
	case []any:
		for i := range v {
			v[i] = plainValue(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = plainValue(v[key])
		}
	}
	return value
}
