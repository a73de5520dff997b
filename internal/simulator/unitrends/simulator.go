// Package unitrends simulates a Unitrends backup appliance: logging in, and the virtual clients of instant
// recovery.
//
// It is written from the appliance's API reference alone and shares no code with the provider, so that a wrong
// belief about the appliance cannot hide on both sides.
package unitrends

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/server"
)

// Options say how an appliance is simulated and served. The zero value is an appliance with the systems of
// systems.json on a free port of 127.0.0.1, over HTTP, where admin logs in with 123456.
type Options struct {
	Username string // "admin" when empty
	Password string // "123456" when empty

	Listen   string        // "127.0.0.1:0" when empty
	TLS      bool          // serve HTTPS
	Latency  time.Duration // added to every answer
	Requests io.Writer     // gets one line of JSON a request
	Faults   string        // in the syntax of server.FaultSyntax

	TokenLife time.Duration // from login to the token's end; an hour when 0
	Seed      []byte        // the systems and their virtual clients, in the form of systems.json
}

// Simulator is one appliance and the server in front of it. It is safe for concurrent use.
type Simulator struct {
	*server.Server
	appliance *appliance
}

// systems are the ones of the reference's example, spelling included, and one whose clients have every field.
//
//go:embed systems.json
var systems []byte

// New makes an appliance and serves it until Close.
func New(o Options) (*Simulator, error) {
	a := &appliance{username: o.Username, password: o.Password, life: o.TokenLife, tokens: map[string]time.Time{}}
	if a.username == "" {
		a.username = "admin"
	}
	if a.password == "" {
		a.password = "123456"
	}
	if a.life == 0 {
		a.life = time.Hour
	}
	if len(o.Seed) == 0 {
		o.Seed = systems
	}
	// As written, so that a seed can spell ids and modes in each way the reference does.
	seed := json.NewDecoder(bytes.NewReader(o.Seed))
	seed.UseNumber()
	if err := seed.Decode(&a.systems); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	served, err := server.Start(a, server.Options{
		Listen: o.Listen, TLS: o.TLS, Latency: o.Latency, Requests: o.Requests, Faults: o.Faults,
	})
	return &Simulator{Server: served, appliance: a}, err
}

// Start is New for a test: it fails the test instead of returning an error, and closes when the test ends.
func Start(tb server.TB, o Options) *Simulator {
	tb.Helper()
	s, err := New(o)
	return server.Started(tb, s, err)
}

// Advance puts the appliance's clock ahead, so that tokens expire without waiting.
func (s *Simulator) Advance(d time.Duration) {
	s.appliance.mu.Lock()
	defer s.appliance.mu.Unlock()
	s.appliance.ahead += d
}
