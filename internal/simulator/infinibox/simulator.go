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
	"net/http"
	"net/url"
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
	Serial           int    // of the system; 0xBA80 when 0
	AllowProtocolMix bool   // a volume may be reached over SCSI and NVMe-oF, with approval
	Peer             string // URL of the array on the other side of links
	Seed             []byte // state to begin with, see Seed
}

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
		o.Serial = 0xBA80
	}
	seed, err := readSeed(o.Seed)
	if err != nil {
		return nil, err
	}
	if seed.Limits != (Limits{}) {
		o.Limits = seed.Limits
	}
	s := &Simulator{array: newArray(o)}
	if err := s.plant(seed); err != nil {
		return nil, err
	}
	s.Server, err = server.Start(s.array, server.Options{
		Listen: o.Listen, TLS: o.TLS, Latency: o.Latency, Requests: o.Requests, Faults: o.Faults,
	})
	return s, err
}

// Start is New for a test: it fails the test instead of returning an error, and closes when the test ends.
func Start(tb server.TB, o Options) *Simulator {
	tb.Helper()
	s, err := New(o)
	return server.Started(tb, s, err)
}

// Advance puts the array's clock ahead: locks expire, schedules take their snapshots and retention ends, all as if
// the time had been waited for.
func (s *Simulator) Advance(d time.Duration) {
	s.array.mu.Lock()
	defer s.array.mu.Unlock()
	s.array.ahead += d
	s.array.catchUp()
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
	a.mu.Lock()
	defer a.mu.Unlock()
	a.catchUp()
	found, parameters := a.lookup(method, target.EscapedPath())
	if found == nil {
		return http.StatusNotFound, nil, errUnknownPath
	}
	rq := &request{
		a: a, method: method, user: a.userByName(a.login), path: parameters, query: target.Query(), body: encoded,
		header: http.Header{}, response: http.Header{},
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

// Seed is a state to begin with: limits, and requests that the administrator makes, approved, one after the
// other. As ids are given in order from 1000, later requests can name what earlier ones made. What no request of a
// client can make comes after them: virtual machines, vVols, replicas and the snapshots they leave, and QoS that is
// still to be enabled.
//
//	{"limits": {"pools": 2}, "requests": [
//	  {"method": "POST", "path": "pools", "body": {"name": "db", "physical_capacity": 1000000000000}},
//	  {"method": "POST", "path": "volumes", "body": {"name": "v", "pool_id": 1000, "size": 1000000000}}]}
type Seed struct {
	Limits   Limits `json:"limits"`
	Requests []struct {
		Method string `json:"method"`
		Path   string `json:"path"`
		Body   any    `json:"body"`
	} `json:"requests"`
	VMs         []SeedVM      `json:"vms"`
	VVols       []SeedVVol    `json:"vvols"`
	Replicas    []SeedReplica `json:"replicas"`
	QoSDisabled bool          `json:"qos_disabled"`
	// ReplicationSnapshots are ids of volumes, each for one replication snapshot of the volume.
	ReplicationSnapshots []int `json:"replication_snapshots"`
}

func readSeed(text []byte) (Seed, error) {
	var seed Seed
	if len(text) == 0 {
		return seed, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&seed); err != nil {
		return seed, fmt.Errorf("seed: %w", err)
	}
	return seed, nil
}

func (s *Simulator) plant(seed Seed) error {
	for i, r := range seed.Requests {
		if _, _, err := s.Do(r.Method, r.Path, r.Body); err != nil {
			return fmt.Errorf("seed: request %d, %s %s: %w", i+1, r.Method, r.Path, err)
		}
	}
	return s.array.plant(seed)
}

// plant makes what no request can make.
func (a *Array) plant(seed Seed) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.qosEnabled = !seed.QoSDisabled
	for _, vm := range seed.VMs {
		a.plantVM(vm)
	}
	for _, vvol := range seed.VVols {
		if err := a.plantVVol(vvol); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	for _, replica := range seed.Replicas {
		if err := a.plantReplica(replica); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	for _, volume := range seed.ReplicationSnapshots {
		if err := a.plantReplicationSnapshot(volume); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	return nil
}
