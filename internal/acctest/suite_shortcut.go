package acctest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// testShortcut holds that what the engine answers in the framework's stead, of
// objects that do not change, is what the framework answers.
func testShortcut(t *testing.T, s Suite) {
	made := NewServer(t, s.Lab)
	for i, arguments := range []Attrs{s.Least, s.Most} {
		config := s.own(fmt.Sprintf("same-%d", i), i+1, arguments)
		state, identity := made.Create(s.Type, config)
		t.Cleanup(func() { s.forget(t, state) })
		// What the user sees is what the first refresh leaves.
		state, identity = NewServer(t, s.Lab).Read(s.Type, state, identity)

		for name, c := range map[string]struct {
			settings Attrs
			question question
		}{
			"as it is":            {nil, question{state: state, identity: identity, config: config}},
			"without identity":    {nil, question{state: state, config: config}},
			"with a wrong one":    {nil, question{state: state, identity: other(identity), config: config}},
			"imported":            {nil, question{state: state, identity: identity, config: config, private: remembering(`{"imported":"found"}`)}},
			"imported and read":   {nil, question{state: state, identity: identity, config: config, private: remembering(`{"imported":"read"}`)}},
			"unfinished":          {nil, question{state: state, identity: identity, config: config, private: remembering(`{"unfinished":true}`)}},
			"other default pairs": {s.otherDefaults(), question{state: state, identity: identity, config: config}},
			"less configured":     {nil, question{state: state, identity: identity, config: config.With(s.nothingOptional(made))}},
		} {
			got := newServer(t, s.Lab, provider.Server("test")(), c.settings).ask(s.Type, c.question)
			want := newServer(t, s.Lab, providerserver.NewProtocol6(provider.New("test")())(), c.settings).ask(s.Type, c.question)
			for answer := range maps.Keys(want) {
				if got[answer] != want[answer] {
					t.Errorf("%s, object %d: %s:\nshortcut:  %s\nframework: %s", name, i, answer, got[answer], want[answer])
				}
			}
		}
	}
}

// remembering is a private state that holds what the engine remembers of an object.
func remembering(memory string) string {
	return `{"engine":"` + base64.StdEncoding.EncodeToString([]byte(memory)) + `"}`
}

// other is an identity that is not the object's.
func other(identity Object) Object {
	changed := maps.Clone(identity)
	for name, value := range changed {
		switch v := value.(type) {
		case int64:
			changed[name] = v + 1
		case string:
			changed[name] = v + "x"
		}
	}
	return changed
}

// otherDefaults are default pairs that no object has yet.
func (s Suite) otherDefaults() Attrs {
	if system, _ := s.Lab.Settings(); system != "infinibox" {
		return nil
	}
	return Attrs{"default_metadata": map[string]string{"planted": "by the provider"}}
}

// nothingOptional takes out of a configuration what need not be there. What is in Least
// may have to be, as some variants of an object have.
func (s Suite) nothingOptional(server *Server) Attrs {
	none := Attrs{}
	for name, attribute := range server.Attributes(s.Type) {
		if attribute.Optional && s.Least[name] == nil {
			none[name] = nil
		}
	}
	return none
}

// question is an object of a plan, as Terraform asks about it.
type question struct {
	state, identity Object
	config          Attrs
	private         string
}

// ask asks all that Terraform asks about an object that does not change, and
// returns the answers as text.
func (s *Server) ask(resource string, q question) map[string]string {
	s.t.Helper()
	ctx, t := s.t.Context(), s.Schema(resource).ValueType()
	stored, err := json.Marshal(q.state)
	if err != nil {
		s.t.Fatal(err)
	}
	state, config, identity := s.value(t, q.state), s.value(t, q.config), s.identityValue(resource, q.identity)

	valid, err := s.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: resource, Config: config,
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	upgraded, err := s.server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: resource, RawState: &tfprotov6.RawState{JSON: stored},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	read, err := s.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: resource, CurrentState: state, CurrentIdentity: identity, Private: []byte(q.private),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	planned, err := s.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: state, ProposedNewState: state, Config: config, PriorIdentity: identity, PriorPrivate: []byte(q.private),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return map[string]string{
		"validate":         sorted(valid.Diagnostics),
		"upgrade":          s.text(t, upgraded.UpgradedState) + Problems(upgraded.Diagnostics).String(),
		"read":             s.text(t, read.NewState) + Problems(read.Diagnostics).String(),
		"read's identity":  fmt.Sprint(s.identity(resource, read.NewIdentity)),
		"read's private":   string(read.Private),
		"plan":             s.text(t, planned.PlannedState) + Problems(planned.Diagnostics).String(),
		"plan's identity":  fmt.Sprint(s.identity(resource, planned.PlannedIdentity)),
		"plan's private":   string(planned.PlannedPrivate),
		"plan's replacing": fmt.Sprint(planned.RequiresReplace),
	}
}

// sorted is problems whose order is by chance.
func sorted(p Problems) string {
	lines := strings.Split(p.String(), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// text is a value with the types of its parts, so that null, unknown and empty differ.
func (s *Server) text(t tftypes.Type, value *tfprotov6.DynamicValue) string {
	s.t.Helper()
	if value == nil {
		return "none"
	}
	v, err := value.Unmarshal(t)
	if err != nil {
		s.t.Fatal(err)
	}
	return v.String()
}
