package entity

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// shortcuts is "off" where the linker says so: for the benchmark, which shows
// what they are worth.
var shortcuts = "on"

// Server is all that Terraform can ask of a provider.
type Server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// shortcut stands before a provider's server and answers by itself what needs no
// thought: whatever Terraform asks of an object that does not change. Most objects
// of most plans are such, and for each the framework would decode the state ten
// times over to find out. Its answers are the framework's, and where it is in
// doubt it leaves them to the framework.
type shortcut struct {
	Server
	objects  map[string]func() *shortObject // made when first asked for: most runs need few
	sessions func() Sessions
}

// shortObject is a kind whose objects the shortcut answers for.
type shortObject struct {
	*Kind
	wire       *wire
	attributes map[string]schema.Attribute
	// planned names the attributes that a plan of an unchanged object looks at, and
	// configured those of its configuration.
	planned, configured []string
}

// Shortcut puts the shortcut before a server. Sessions are those of the provider
// that it serves; nil before it is configured.
func Shortcut(server Server, kinds []*Kind, sessions func() Sessions) Server {
	if shortcuts == "off" {
		return server
	}
	s := &shortcut{Server: server, objects: map[string]func() *shortObject{}, sessions: sessions}
	for _, k := range kinds {
		if !k.IsManaged() {
			continue
		}
		s.objects[k.typeName()] = sync.OnceValue(func() *shortObject { return newShortObject(k) })
	}
	return s
}

func newShortObject(k *Kind) *shortObject {
	ctx := context.Background()
	of := k.resourceSchema(ctx)
	o := &shortObject{Kind: k, wire: newWire(ctx, of), attributes: of.Attributes, planned: slices.Clone(k.Planning.Tracks)}
	o.planned = append(o.planned, k.claimed()...)
	if k.hasMetadata() {
		o.planned = append(o.planned, metadataName, metadataAllName)
	}
	slices.Sort(o.planned)
	o.planned = slices.Compact(o.planned)
	// The ledger asks whether the user has said what the object has once.
	o.configured = append(slices.Clone(k.Planning.Tracks), k.resourceFacts().names(func(f Fact) bool { return f.once != nil && f.use == defaulted })...)
	slices.Sort(o.configured)
	o.configured = slices.Compact(o.configured)
	return o
}

// object is the kind of that name, or nil.
func (s *shortcut) object(name string) *shortObject {
	if o := s.objects[name]; o != nil {
		return o()
	}
	return nil
}

// session is the object's system; nil where the framework is to say what is wrong.
func (s *shortcut) session(o *shortObject) *Session {
	sessions := s.sessions()
	if sessions == nil {
		return nil
	}
	session, problems := sessions.Session(o.System)
	if len(problems) > 0 {
		return nil
	}
	return session
}

// UpgradeResourceState turns a stored state of the schema's own version, which is
// 0, into the same state on the wire.
func (s *shortcut) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if o := s.object(req.TypeName); o != nil && req.Version == 0 && req.RawState != nil && len(req.RawState.Flatmap) == 0 {
		if state, ok := o.wire.encoded(req.RawState.JSON); ok {
			return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{MsgPack: state}}, nil
		}
	}
	return s.Server.UpgradeResourceState(ctx, req)
}

// ReadResource reads the object, and answers if it is as the state says. If it is
// not, the framework goes on from what was read.
func (s *shortcut) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	o := s.object(req.TypeName)
	if o == nil || req.CurrentState == nil {
		return s.Server.ReadResource(ctx, req)
	}
	session := s.session(o)
	prior, known := o.wire.values(req.CurrentState.MsgPack)
	identity, told := o.identity(req.CurrentState.MsgPack, req.CurrentIdentity)
	if session == nil || !plainPrivate(req.Private) || !known || !told {
		return s.Server.ReadResource(ctx, req)
	}
	read := o.refresh(ctx, session, prior, false)
	if len(read.problems) > 0 || !maps.EqualFunc(read.state, prior, attr.Value.Equal) {
		return s.Server.ReadResource(context.WithValue(ctx, refreshKey{}, read), req)
	}
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, NewIdentity: identity, Private: req.Private}, nil
}

// plainPrivate reports whether an object's private state says no more than that it was
// imported and has been read since.
func plainPrivate(state []byte) bool { return len(state) == 0 || bytes.Equal(state, importedPrivate) }

// importedPrivate is that state.
var importedPrivate = privateOf(memory{Imported: importRead})

// privateOf is the private state with a memory and nothing else, as the framework
// writes it.
func privateOf(m memory) []byte {
	state, err := json.Marshal(map[string][]byte{memoryKey: m.encoded()})
	if err != nil {
		panic(err) // texts and bytes
	}
	return state
}

// identity is the identity of an encoded object, which must be the one that
// Terraform has, where it has any.
func (o *shortObject) identity(object []byte, had *tfprotov6.ResourceIdentityData) (*tfprotov6.ResourceIdentityData, bool) {
	names := slices.Sorted(slices.Values(o.key()))
	raw, ok := pick(object, names...)
	if !ok {
		return nil, false
	}
	var b bytes.Buffer
	e := msgpack.NewEncoder(&b)
	if e.EncodeMapLen(len(names)) != nil {
		return nil, false
	}
	for _, name := range names {
		if e.EncodeString(name) != nil {
			return nil, false
		}
		b.Write(raw[name])
	}
	if had != nil && had.IdentityData != nil && !bytes.Equal(had.IdentityData.MsgPack, b.Bytes()) {
		return nil, false
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: b.Bytes()}}, true
}

// PlanResourceChange answers for an object that does not change what the
// framework would: the state as it is.
func (s *shortcut) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	o := s.object(req.TypeName)
	ctx = withCall(ctx)
	var before Values
	unchanged := false
	if o != nil {
		before, unchanged = s.unchanged(ctx, o, req)
	}
	if !unchanged {
		return s.Server.PlanResourceChange(ctx, req)
	}
	m := memory{Plan: &intent{Kept: true}}
	if len(req.PriorPrivate) > 0 {
		m.Imported = importRead
	}
	m.Plan.Owner = o.keyText(before)
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState:    req.PriorState,
		PlannedPrivate:  privateOf(m),
		PlannedIdentity: req.PriorIdentity,
	}, nil
}

// unchanged reports whether an object stays as it is, and what the plan looked at.
func (s *shortcut) unchanged(ctx context.Context, o *shortObject, req *tfprotov6.PlanResourceChangeRequest) (Values, bool) {
	if req.PriorState == nil || req.ProposedNewState == nil || req.Config == nil || !plainPrivate(req.PriorPrivate) ||
		len(req.PriorState.MsgPack) < 2 || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil, false
	}
	session := s.session(o)
	if session == nil {
		return nil, false
	}
	before, ok := o.wire.values(req.PriorState.MsgPack, o.planned...)
	if !ok {
		return nil, false
	}
	if o.hasMetadata() {
		// The plan of metadata follows the configuration and the provider's defaults.
		config, ok := o.wire.values(req.Config.MsgPack, metadataName)
		if !ok || !config[metadataName].Equal(before[metadataName]) || !o.withDefaults(session, before[metadataName]).Equal(before[metadataAllName]) {
			return nil, false
		}
	}
	session.traffic.touch()
	// The ledger and the check note the object. What they have to say goes by way of the
	// framework.
	var diags diag.Diagnostics
	p := &Plan{Session: session, Before: before, After: before, kind: o.Kind, owner: o.keyText(before), diags: &diags}
	if len(o.configured) > 0 {
		if p.Config, ok = o.wire.values(req.Config.MsgPack, o.configured...); !ok {
			return nil, false
		}
	}
	if trouble, _, _ := session.ledger().note(ctx, o.Kind, p); trouble != nil {
		return nil, false
	}
	if len(o.Planning.Tracks) > 0 {
		o.Planning.Check(ctx, p)
	}
	return before, len(diags) == 0
}

// pick finds the named attributes in an encoded object, and leaves them encoded.
func pick(object []byte, names ...string) (map[string]msgpack.RawMessage, bool) {
	d := msgpack.GetDecoder()
	defer msgpack.PutDecoder(d)
	d.Reset(bytes.NewReader(object))
	n, err := d.DecodeMapLen()
	if err != nil {
		return nil, false
	}
	found := make(map[string]msgpack.RawMessage, len(names))
	for range n {
		key, err := d.DecodeString()
		if err != nil {
			return nil, false
		}
		if !slices.Contains(names, key) {
			if d.Skip() != nil {
				return nil, false
			}
			continue
		}
		if found[key], err = d.DecodeRaw(); err != nil {
			return nil, false
		}
	}
	return found, len(found) == len(names)
}
