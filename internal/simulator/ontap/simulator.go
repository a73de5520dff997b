// Package ontap simulates the part of an ONTAP cluster that has to do with Vscan: SVMs, scanner pools and the
// connections of scanners, with a state in memory that behaves.
//
// It is written from the REST reference alone and shares no code with the provider, so that a wrong belief
// about the cluster cannot hide on both sides. Error codes that the reference shows are the reference's; codes
// for what it leaves open (credentials, malformed queries) are those that ONTAP has for every API.
package ontap

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

// Options say how a cluster is simulated and served. The zero value is cluster1, with the data SVMs vs1, vs2
// and vs3 and a partner cluster2, on a free port of 127.0.0.1, over HTTP, where admin logs in with 123456.
type Options struct {
	Username string // "admin" when empty
	Password string // "123456" when empty

	Listen   string        // "127.0.0.1:0" when empty
	TLS      bool          // serve HTTPS
	Latency  time.Duration // added to every answer
	Requests io.Writer     // gets one line of JSON a request
	Faults   string        // in the syntax of server.FaultSyntax

	// OneRecordBare sends a listing's only record without the list around it, as the reference's example of
	// the server status does.
	OneRecordBare bool
	// PoolsWithoutSVM leaves the SVM out of answers about pools, as the reference's tables do.
	PoolsWithoutSVM bool

	Seed []byte // state to begin with, see Seed
}

// Simulator is one cluster and the server in front of it. It is safe for concurrent use.
type Simulator struct {
	*server.Server
	cluster *cluster
}

// New makes a cluster and serves it until Close.
func New(o Options) (*Simulator, error) {
	if o.Username == "" {
		o.Username = "admin"
	}
	if o.Password == "" {
		o.Password = "123456"
	}
	seed, err := readSeed(o.Seed)
	if err != nil {
		return nil, err
	}
	s := &Simulator{cluster: newCluster(o, seed)}
	for i, r := range seed.Requests {
		if _, _, err := s.Do(r.Method, r.Path, r.Body); err != nil {
			return nil, fmt.Errorf("seed: request %d, %s %s: %w", i+1, r.Method, r.Path, err)
		}
	}
	for _, v := range s.cluster.svms {
		v.enabled = v.Enabled // only now, as Vscan takes an active pool
	}
	s.Server, err = server.Start(s.cluster, server.Options{
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

// Do acts on the cluster directly: as the administrator, unlogged, and past all faults. The path is below /api
// ("svm/svms?name=vs1"); the body is anything that encodes as JSON, or nil. The result is the answer as plain
// JSON values. A refusal is an error that begins with the cluster's code; the status is there also then.
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
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	status, answer := s.cluster.carryOut(&request{method: method, url: target, body: encoded, header: http.Header{}})
	if encoded, err = json.Marshal(answer); err != nil {
		return status, nil, err
	}
	if err := json.Unmarshal(encoded, &result); err != nil {
		return status, nil, err
	}
	if refusal, ok := answer.(*apiError); ok {
		return status, nil, refusal
	}
	return status, result, nil
}

// EnableVscan enables Vscan on an SVM, or disables it.
func (s *Simulator) EnableVscan(svm string, enabled bool) {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	for _, v := range s.cluster.svms {
		if v.Name == svm {
			v.enabled = enabled
		}
	}
}

// RefuseRole makes the cluster fail to apply roles to pools of that name, or ends that.
func (s *Simulator) RefuseRole(pool string, refuse bool) {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	s.cluster.rolesRefused[pool] = refuse
}

// Disconnect ends the connections of the scanner with that address, for one of the reference's reasons; with
// "" as the reason it is back.
func (s *Simulator) Disconnect(ip, reason string) {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	s.cluster.disconnected[ip] = reason
}

// RenameSVM gives an SVM another name.
func (s *Simulator) RenameSVM(from, to string) {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	for _, v := range s.cluster.svms {
		if v.Name == from {
			v.Name = to
		}
	}
}

// Seed is a state to begin with. What it leaves out is as in a simulator without a seed; requests are made by
// the administrator, one after the other.
//
//	{"svms": [{"name": "vs1", "uuid": "…", "vscan_enabled": true}],
//	 "clusters": [{"name": "cluster1", "uuid": "…"}],
//	 "servers": [{"ip": "10.0.0.1", "state": "connected", "type": "primary", "svm": {"name": "vs1"}}],
//	 "requests": [{"method": "POST", "path": "protocols/vscan/…/scanner-pools", "body": {"name": "p", …}}]}
type Seed struct {
	SVMs []*SVM `json:"svms"`
	// Clusters are the local one and its partners.
	Clusters []Reference `json:"clusters"`
	Nodes    []Reference `json:"nodes"`
	// Servers are connections as the server status shows them, beside those that follow from the pools.
	Servers []map[string]any `json:"servers"`
	// Disconnected are the scanners whose connections are ended, with the reasons, by address.
	Disconnected map[string]string `json:"disconnected,omitempty"`
	Requests     []struct {
		Method string `json:"method"`
		Path   string `json:"path"`
		Body   any    `json:"body"`
	} `json:"requests,omitempty"`
}

// Dump writes the cluster as a seed that makes it anew.
func (s *Simulator) Dump(w io.Writer) error {
	c := s.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	seed := Seed{Clusters: c.clusters, Nodes: c.nodes, Servers: c.servers, Disconnected: c.disconnected}
	for _, v := range c.svms {
		kept := *v
		kept.Enabled = v.enabled
		seed.SVMs = append(seed.SVMs, &kept)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "\t")
	return encoder.Encode(seed)
}

// Reference names an object.
type Reference struct {
	Name string `json:"name"`
	UUID string `json:"uuid"`
}

// SVM is a storage virtual machine of a Seed.
type SVM struct {
	Reference
	// Admin is the administrative SVM of the cluster.
	Admin bool `json:"admin"`
	// Enabled says that Vscan is enabled once the seed's requests are made.
	Enabled bool `json:"vscan_enabled"`

	// Pools are the SVM's scanner pools, beside those that the requests make.
	Pools []*Pool `json:"scanner_pools,omitempty"`

	enabled bool
}

// Pool is a scanner pool of an SVM.
type Pool struct {
	Name    string    `json:"name"`
	Servers []string  `json:"servers"`
	Users   []string  `json:"privileged_users"`
	Role    string    `json:"role"`
	Cluster Reference `json:"cluster"`
	Changed time.Time `json:"changed"` // since when its scanners are as they are
}

// defaults are the parts of a state that a seed leaves out.
func defaults() Seed {
	return Seed{
		Clusters: []Reference{
			{"cluster1", "1cd8a442-86d1-11e0-ae1c-123478563412"},
			{"cluster2", "0933f9b5-f226-11e8-9601-0050568ecc06"},
		},
		Nodes: []Reference{
			{"node1", "4f3a9a0e-41bd-11e9-81d5-00a0986138f7"},
			{"node2", "5a6bc2d8-41bd-11e9-81d5-00a0986138f7"},
		},
		SVMs: []*SVM{
			{Reference: Reference{"cluster1", "ea1b1e86-41bd-11e9-81d5-00a0986138f7"}, Admin: true},
			{Reference: Reference{"vs1", "02c9e252-41be-11e9-81d5-00a0986138f7"}},
			{Reference: Reference{"vs2", "0e2f7c91-f227-11e8-9601-0050568ecc06"}},
			{Reference: Reference{"vs3", "b103be27-17b8-11e9-b451-0050568ecd85"}},
		},
	}
}

func readSeed(text []byte) (Seed, error) {
	var seed Seed
	if len(text) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&seed); err != nil {
			return seed, fmt.Errorf("seed: %w", err)
		}
	}
	otherwise := defaults()
	if len(seed.Clusters) == 0 {
		seed.Clusters = otherwise.Clusters
	}
	if len(seed.Nodes) == 0 {
		seed.Nodes = otherwise.Nodes
	}
	if len(seed.SVMs) == 0 {
		seed.SVMs = otherwise.SVMs
	}
	return seed, nil
}
