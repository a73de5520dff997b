package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Server is the provider, configured for a lab and spoken to in the plugin
// protocol: for what takes a newer CLI than everybody has, and for what would
// take too many runs of it. Values are JSON in both directions.
type Server struct {
	t      *testing.T
	lab    Lab
	server tfprotov6.ProviderServer
	lists  tfprotov6.ListResourceServer
	schema *tfprotov6.GetProviderSchemaResponse
	ids    map[string]*tfprotov6.ResourceIdentitySchema
	config *tfprotov6.DynamicValue
}

// Object is a value of the protocol as plain JSON.
type Object = map[string]any

// Found is one result of a list resource.
type Found struct {
	Name               string
	Identity, Resource Object
}

// Problems are the errors and warnings of an answer.
type Problems = testcore.Problems

// NewServer is the provider configured for the lab.
func NewServer(t *testing.T, lab Lab) *Server {
	t.Helper()
	return newServer(t, lab, provider.Server("test")(), nil)
}

// newServer is a server configured for the lab, with changes of the lab's settings.
func newServer(t *testing.T, lab Lab, server tfprotov6.ProviderServer, changes Attrs) *Server {
	t.Helper()
	s := &Server{t: t, lab: lab, server: server}
	s.lists, _ = s.server.(tfprotov6.ListResourceServer)
	var err error
	if s.schema, err = wholeSchema(); err != nil {
		t.Fatal(err)
	}
	s.check("schema", err, s.schema.Diagnostics)
	identities, err := s.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	s.ids = identities.IdentitySchemas
	system, settings := lab.Settings()
	s.config = s.value(s.schema.Provider.ValueType(), Attrs{system: settings.With(changes)})
	s.Again()
	return s
}

// Again begins another run of Terraform, which knows nothing of the last.
func (s *Server) Again() {
	s.t.Helper()
	valid, err := s.server.ValidateProviderConfig(s.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: s.config})
	s.check("validate the provider's configuration", err, valid.Diagnostics)
	configured, err := s.server.ConfigureProvider(s.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: s.config})
	s.check("configure", err, configured.Diagnostics)
}

// work tells a lab that keeps a record which object is at work, until the returned
// function is called.
func (s *Server) work(object string) (done func()) {
	if keeper, ok := s.lab.(interface{ Work(object string) func() }); ok {
		return keeper.Work(object)
	}
	return func() {}
}

// Schema is a resource's schema.
func (s *Server) Schema(resource string) *tfprotov6.SchemaBlock {
	s.t.Helper()
	if s.schema.ResourceSchemas[resource] == nil {
		s.t.Fatalf("there is no resource %s", resource)
	}
	return s.schema.ResourceSchemas[resource].Block
}

// Attributes are a resource's attributes by name.
func (s *Server) Attributes(resource string) map[string]*tfprotov6.SchemaAttribute {
	s.t.Helper()
	all := map[string]*tfprotov6.SchemaAttribute{}
	for _, a := range s.Schema(resource).Attributes {
		all[a.Name] = a
	}
	return all
}

// Create makes an object and returns its state and identity.
func (s *Server) Create(resource string, config Attrs) (state, identity Object) {
	s.t.Helper()
	return s.Apply(resource, nil, nil, config)
}

// Apply plans and applies a change of an object: no state creates it, no
// configuration deletes it.
func (s *Server) Apply(resource string, state, identity Object, config Attrs) (Object, Object) {
	s.t.Helper()
	defer s.work(resource)()
	schema := s.schema.ResourceSchemas[resource]
	t := s.Schema(resource).ValueType()
	prior, wanted := s.encode(t, state), s.encode(t, config)
	planned, err := s.server.PlanResourceChange(s.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: testcore.Wire(prior), Config: testcore.Wire(wanted),
		ProposedNewState: testcore.Wire(testcore.Proposed(schema, prior, wanted)), PriorIdentity: s.identityValue(resource, identity),
	})
	s.check("plan "+resource, err, planned.Diagnostics)
	made, err := s.server.ApplyResourceChange(s.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resource, PriorState: testcore.Wire(prior), PlannedState: planned.PlannedState, Config: testcore.Wire(wanted),
		PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	s.check("apply "+resource, err, made.Diagnostics)
	return s.object(t, made.NewState), s.identity(resource, made.NewIdentity)
}

// Read refreshes an object; the state of one that is not there is nil.
func (s *Server) Read(resource string, state, identity Object) (Object, Object) {
	s.t.Helper()
	defer s.work(resource)()
	t := s.Schema(resource).ValueType()
	read, err := s.server.ReadResource(s.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: resource, CurrentState: s.value(t, state), CurrentIdentity: s.identityValue(resource, identity),
	})
	s.check("read "+resource, err, read.Diagnostics)
	return s.object(t, read.NewState), s.identity(resource, read.NewIdentity)
}

// Import finds an object by its id, or by its identity where id is "".
func (s *Server) Import(resource, id string, identity Object) (Object, Object, Problems) {
	s.t.Helper()
	defer s.work(resource)()
	request := &tfprotov6.ImportResourceStateRequest{TypeName: resource, ID: id}
	if id == "" {
		request.Identity = s.identityValue(resource, identity)
	}
	found, err := s.server.ImportResourceState(s.t.Context(), request)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(found.ImportedResources) != 1 {
		return nil, nil, found.Diagnostics
	}
	one := found.ImportedResources[0]
	return s.object(s.Schema(resource).ValueType(), one.State), s.identity(resource, one.Identity), found.Diagnostics
}

// List is what terraform query finds.
func (s *Server) List(resource string, config Attrs, limit int64, whole bool) ([]Found, Problems) {
	s.t.Helper()
	defer s.work("list " + resource)()
	t := s.schema.ListResourceSchemas[resource].ValueType()
	valid, err := s.lists.ValidateListResourceConfig(s.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: resource, Config: s.value(t, config)})
	if err != nil {
		s.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return nil, valid.Diagnostics
	}
	stream, err := s.lists.ListResource(s.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: resource, Config: s.value(t, config), IncludeResource: whole, Limit: limit,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	var all []Found
	var problems Problems
	for result := range stream.Results {
		problems = append(problems, result.Diagnostics...)
		one := Found{Name: result.DisplayName, Identity: s.identity(resource, result.Identity)}
		if result.Resource != nil {
			one.Resource = s.object(s.Schema(resource).ValueType(), result.Resource)
		}
		all = append(all, one)
	}
	return all, problems
}

// Validate is what the provider says of a resource's configuration, before it
// knows any system.
func (s *Server) Validate(resource string, config Attrs) Problems {
	s.t.Helper()
	valid, err := s.server.ValidateResourceConfig(s.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: resource, Config: s.value(s.Schema(resource).ValueType(), config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return valid.Diagnostics
}

// PlanNew validates and plans the creation of an object.
func (s *Server) PlanNew(resource string, config Attrs) Problems {
	s.t.Helper()
	problems := s.Validate(resource, config)
	schema, t := s.schema.ResourceSchemas[resource], s.Schema(resource).ValueType()
	none, wanted := s.encode(t, nil), s.encode(t, config)
	planned, err := s.server.PlanResourceChange(s.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: testcore.Wire(none), Config: testcore.Wire(wanted),
		ProposedNewState: testcore.Wire(testcore.Proposed(schema, none, wanted)),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return append(problems, planned.Diagnostics...)
}

// Look reads a data source.
func (s *Server) Look(source string, config Attrs) (Object, Problems) {
	s.t.Helper()
	defer s.work("data " + source)()
	config = Attrs{}.With(config) // none is an empty block
	t := s.schema.DataSourceSchemas[source].ValueType()
	valid, err := s.server.ValidateDataResourceConfig(s.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: source, Config: s.value(t, config)})
	if err != nil {
		s.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return nil, valid.Diagnostics
	}
	read, err := s.server.ReadDataSource(s.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: source, Config: s.value(t, config)})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.object(t, read.State), read.Diagnostics
}

// encode is a JSON object as a value; what it does not name is null.
func (s *Server) encode(t tftypes.Type, object any) tftypes.Value {
	s.t.Helper()
	v, err := testcore.Encode(t, object, nil)
	if err != nil {
		s.t.Fatalf("%v in %v", err, object)
	}
	return v
}

// value is a JSON object in the protocol.
func (s *Server) value(t tftypes.Type, object any) *tfprotov6.DynamicValue {
	s.t.Helper()
	return testcore.Wire(s.encode(t, object))
}

func (s *Server) object(t tftypes.Type, value *tfprotov6.DynamicValue) Object {
	s.t.Helper()
	if value == nil {
		return nil
	}
	object, _ := testcore.Plain(s.decode(t, value)).(Object)
	return object
}

func (s *Server) decode(t tftypes.Type, value *tfprotov6.DynamicValue) tftypes.Value {
	s.t.Helper()
	v, err := testcore.Unwire(t, value)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func (s *Server) identity(resource string, data *tfprotov6.ResourceIdentityData) Object {
	if data == nil {
		return nil
	}
	return s.object(s.ids[resource].ValueType(), data.IdentityData)
}

func (s *Server) identityValue(resource string, identity Object) *tfprotov6.ResourceIdentityData {
	if identity == nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: s.value(s.ids[resource].ValueType(), identity)}
}

func (s *Server) check(doing string, err error, problems Problems) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%s: %v", doing, err)
	}
	if problems.Failed() {
		s.t.Fatalf("%s: %s", doing, problems)
	}
}

// ImportedAs holds that an import id finds the object with these attributes.
func ImportedAs(t *testing.T, s *Server, resource, id string, want Object) {
	t.Helper()
	state, identity, problems := s.Import(resource, id, nil)
	if len(problems) > 0 {
		t.Errorf("import %s %s: %s", resource, id, problems)
		return
	}
	read, _ := s.Read(resource, state, identity)
	for name, value := range want {
		if fmt.Sprint(read[name]) != fmt.Sprint(value) {
			t.Errorf("import %s %s: %s is %v, want %v", resource, id, name, read[name], value)
		}
	}
}
