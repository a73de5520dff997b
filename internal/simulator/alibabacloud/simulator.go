// Package alibabacloud simulates the Security Center of Alibaba Cloud: the progress of virus scan tasks, behind
// a gateway that verifies signatures.
//
// It is written from the reference of DescribeScanTaskProgress and of signature V3 alone and shares no code with
// the provider nor with Alibaba Cloud's clients, so that a wrong belief cannot hide on both sides.
package alibabacloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/server"
)

// Options say how the service is simulated and served. The zero value has two tasks, 282832 that succeeds and
// 282833 that fails, on a free port of 127.0.0.1, over HTTP, for the access key admin with the secret 123456.
type Options struct {
	AccessKeyID     string // "admin" when empty
	AccessKeySecret string // "123456" when empty
	SecurityToken   string // makes the access key a temporary one, good only together with this
	NoPermission    bool   // the key's user lacks yundun-sas:DescribeScanTaskProgress

	Listen   string        // "127.0.0.1:0" when empty
	TLS      bool          // serve HTTPS
	Latency  time.Duration // added to every answer
	Requests io.Writer     // gets one line of JSON a request
	Faults   string        // in the syntax of server.FaultSyntax

	Tasks []Task // those named in Options when nil
	Seed  []byte // tasks as JSON, in place of Tasks: [{"id": 1, "progress": ["init", "Success"], "targets": []}]
}

// Task is a virus scan.
type Task struct {
	ID int64 `json:"id"`
	// Progress is what one request after the other is told; the last word repeats.
	Progress []string `json:"progress"`
	Targets  []Target `json:"targets"`
}

// Target is what a task scans: a server (uuid) or a group of servers (groupId).
type Target struct {
	Type   string `json:"type"`
	Name   string `json:"name"`
	Target string `json:"target"`
}

// Simulator is the service and the server in front of it. It is safe for concurrent use.
type Simulator struct {
	*server.Server
	service *service
}

// New makes a service and serves it until Close.
func New(o Options) (*Simulator, error) {
	if o.AccessKeyID == "" {
		o.AccessKeyID = "admin"
	}
	if o.AccessKeySecret == "" {
		o.AccessKeySecret = "123456"
	}
	if o.Tasks == nil {
		o.Tasks = tasks()
	}
	if len(o.Seed) > 0 {
		seed := json.NewDecoder(bytes.NewReader(o.Seed))
		seed.DisallowUnknownFields()
		o.Tasks = nil
		if err := seed.Decode(&o.Tasks); err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
	}
	s := &service{
		gateway:      gateway{keyID: o.AccessKeyID, secret: o.AccessKeySecret, token: o.SecurityToken, nonces: map[string]bool{}},
		noPermission: o.NoPermission,
		tasks:        map[int64]*Task{},
	}
	for _, task := range o.Tasks {
		if len(task.Progress) == 0 {
			return nil, fmt.Errorf("task %d has no progress", task.ID)
		}
		s.tasks[task.ID] = &task
	}
	served, err := server.Start(s, server.Options{
		Listen: o.Listen, TLS: o.TLS, Latency: o.Latency, Requests: o.Requests, Faults: o.Faults,
	})
	return &Simulator{Server: served, service: s}, err
}

// Start is New for a test: it fails the test instead of returning an error, and closes when the test ends.
func Start(tb server.TB, o Options) *Simulator {
	tb.Helper()
	s, err := New(o)
	return server.Started(tb, s, err)
}

// Advance puts the service's clock ahead.
func (s *Simulator) Advance(d time.Duration) {
	s.service.mu.Lock()
	defer s.service.mu.Unlock()
	s.service.ahead += d
}

func tasks() []Task {
	targets := []Target{
		{Type: "uuid", Name: "host001", Target: "503201a7-14c6-4280-801b-1169ed42****"},
		{Type: "groupId", Name: "file servers", Target: "8076980"},
	}
	return []Task{
		{ID: 282832, Progress: []string{"init", "Processing", "Success"}, Targets: targets},
		{ID: 282833, Progress: []string{"init", "Processing", "Failed"}, Targets: targets[:1]},
	}
}
