package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Kept is an object in the state of a release, as Terraform stored it, with the
// configuration and the system that it was stored for.
type Kept struct {
	Resource string          `json:"resource"`
	Version  int64           `json:"schema_version"`
	State    json.RawMessage `json:"attributes"`
	Identity Object          `json:"identity"`
	Private  []byte          `json:"private,omitempty"`
	Config   Object          `json:"config"`
	// Settings are those of the provider, but how to reach the array.
	Settings Object `json:"settings,omitempty"`
	TLS      bool   `json:"tls,omitempty"`
	// Array is a seed of the system's simulator.
	Array json.RawMessage `json:"array"`
	// At is when the system was as it is here.
	At time.Time `json:"at"`
}

// reaching are the settings that another simulator has of its own.
var reaching = []string{"endpoint", "password", "ca_certificate", "approve_dangerous_operations"}

// unread are the types whose objects no simulator has again, and why: of their states the
// upgrade alone is tested.
var unread = map[string]string{
	"storage_infinibox_ssl_certificate": "a simulator makes its certificate anew, since it tells no key",
	"storage_infinibox_s3_certificate":  "a simulator makes its certificate anew, since it tells no key",
}

// KeepState makes an object with as many arguments as there are, and keeps its state.
func KeepState(t *testing.T, s Suite, path string) {
	t.Helper()
	server := NewServer(t, s.Lab)
	config := s.own("kept", 1, s.Most)
	schema, whole := server.schema.ResourceSchemas[s.Type], server.Schema(s.Type).ValueType()
	nothing, wanted := server.encode(whole, nil), server.encode(whole, config)
	planned, err := server.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: s.Type, PriorState: testcore.Wire(nothing), Config: testcore.Wire(wanted),
		ProposedNewState: testcore.Wire(testcore.Proposed(schema, nothing, wanted)),
	})
	server.check("plan", err, planned.Diagnostics)
	made, err := server.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: s.Type, PriorState: testcore.Wire(nothing), PlannedState: planned.PlannedState, Config: testcore.Wire(wanted),
		PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	server.check("apply", err, made.Diagnostics)

	_, settings := s.Lab.Settings()
	kept := Kept{
		Resource: s.Type, Version: schema.Version, Private: made.Private, Identity: server.identity(s.Type, made.NewIdentity),
		At:     time.Now().UTC().Truncate(time.Second),
		Config: server.object(whole, testcore.Wire(wanted)), Settings: Object{}, TLS: settings["ca_certificate"] != nil,
	}
	for name, value := range settings {
		if !slices.Contains(reaching, name) {
			kept.Settings[name] = value
		}
	}
	if unread[s.Type] != "" {
		kept.Config = nil
	}
	if kept.State, err = json.Marshal(server.object(whole, made.NewState)); err != nil {
		t.Fatal(err)
	}
	var dumped, compact bytes.Buffer
	if err := s.Lab.(Simulated).Dump(&dumped); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&compact, dumped.Bytes()); err != nil {
		t.Fatal(err)
	}
	kept.Array = compact.Bytes()
	// A line for each part, and the array whole in one.
	var text bytes.Buffer
	fields := map[string]json.RawMessage{}
	all, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(all, &fields); err != nil {
		t.Fatal(err)
	}
	text.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(fields)) {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, "\n%q: %s", name, fields[name])
	}
	text.WriteString("\n}\n")
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestState holds that the provider as it is reads a state that was kept, and that the
// plan after is empty.
func TestState(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept Kept
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	lab := kept.lab(t)
	server := newServer(t, lab, provider.Server("test")(), kept.Settings)
	whole := server.Schema(kept.Resource).ValueType()

	upgraded, err := server.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: kept.Resource, Version: kept.Version, RawState: &tfprotov6.RawState{JSON: kept.State},
	})
	server.check("upgrade", err, upgraded.Diagnostics)
	if unread[kept.Resource] != "" {
		return
	}
	read, err := server.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: kept.Resource, CurrentState: upgraded.UpgradedState, Private: kept.Private,
		CurrentIdentity: server.identityValue(kept.Resource, kept.Identity),
	})
	server.check("read", err, read.Diagnostics)
	if server.object(whole, read.NewState) == nil {
		t.Fatal("what was in the state is not found on the array")
	}
	prior, config := server.decode(whole, read.NewState), server.encode(whole, kept.Config)
	planned, err := server.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: kept.Resource, PriorState: read.NewState, Config: testcore.Wire(config), PriorPrivate: read.Private,
		ProposedNewState: testcore.Wire(testcore.Proposed(server.schema.ResourceSchemas[kept.Resource], prior, config)),
		PriorIdentity:    read.NewIdentity,
	})
	server.check("plan", err, planned.Diagnostics)
	if planned := server.decode(whole, planned.PlannedState); !planned.Equal(prior) {
		changes, err := planned.Diff(prior)
		t.Errorf("the plan is not empty: %v, %v", changes, err)
	}
}

// lab is the system that the state was kept of, made anew.
func (k Kept) lab(t *testing.T) Lab {
	t.Helper()
	if strings.HasPrefix(k.Resource, "storage_ontap_") {
		return NewONTAP(t, ontap.Options{Seed: k.Array, TLS: k.TLS})
	}
	return SimulateInfiniBox(t, simulator.Options{Seed: k.array(t), TLS: k.TLS})
}

// array is a seed of the array, whose clock goes on from when the state was kept: what is
// kept for a month, or locked for a year, is still so.
func (k Kept) array(t *testing.T) []byte {
	t.Helper()
	var seed, state map[string]json.RawMessage
	var ahead time.Duration
	decode := func(text json.RawMessage, into any) {
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	encode := func(value any) json.RawMessage {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	decode(k.Array, &seed)
	decode(seed["state"], &state)
	decode(state["clock_ahead"], &ahead)
	state["clock_ahead"] = encode(ahead + time.Until(k.At))
	seed["state"] = encode(state)
	return encode(seed)
}
