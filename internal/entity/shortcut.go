package entity

import (
	"bytes"
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// Server is all that Terraform can ask of a provider.
type Server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// shortcut stands before a provider's server and answers by itself what needs no
// thought: the plan of an object that does not change. Most objects of most
// plans are such, and for each the framework would decode the state four times
// over to find out.
type shortcut struct {
	Server
	kinds    map[string]*Kind
	sessions func() Sessions
}

// Shortcut puts the shortcut before a server. Sessions are those of the provider
// that it serves; nil before it is configured.
func Shortcut(server Server, kinds []*Kind, sessions func() Sessions) Server {
	s := &shortcut{Server: server, kinds: map[string]*Kind{}, sessions: sessions}
	for _, k := range kinds {
		s.kinds[k.typeName()] = k
	}
	return s
}

// PlanResourceChange answers for an object that does not change what the
// framework would: the state as it is.
func (s *shortcut) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	k := s.kinds[req.TypeName]
	if k == nil || !s.unchanged(ctx, k, req) {
		return s.Server.PlanResourceChange(ctx, req)
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState:    req.PriorState,
		PlannedPrivate:  req.PriorPrivate,
		PlannedIdentity: req.PriorIdentity,
	}, nil
}

func (s *shortcut) unchanged(ctx context.Context, k *Kind, req *tfprotov6.PlanResourceChangeRequest) bool {
	if req.PriorState == nil || req.ProposedNewState == nil || req.Config == nil ||
		len(req.PriorState.MsgPack) < 2 || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return false
	}
	sessions := s.sessions()
	if sessions == nil {
		return false
	}
	session, problems := sessions.Session(k.System)
	if session == nil || len(problems) > 0 {
		return false
	}
	if bytes.Contains(req.PriorPrivate, []byte(privateUnfinished)) {
		return false
	}
	if k.Metadata && !metadataUnchanged(session, req) {
		return false
	}
	return len(k.Tracks) == 0 || s.track(ctx, k, session, req)
}

// metadataUnchanged reports whether the plan of the metadata, which follows the
// configuration and the provider's defaults, is what the state has.
func metadataUnchanged(session *Session, req *tfprotov6.PlanResourceChangeRequest) bool {
	config, ok := pick(req.Config.MsgPack, metadataName)
	if !ok {
		return false
	}
	state, ok := pick(req.PriorState.MsgPack, metadataName, metadataAllName)
	if !ok || !bytes.Equal(config[metadataName], state[metadataName]) {
		return false
	}
	own, all := map[string]string{}, map[string]string{}
	if msgpack.Unmarshal(state[metadataName], &own) != nil || msgpack.Unmarshal(state[metadataAllName], &all) != nil {
		return false
	}
	want := maps.Clone(session.DefaultMetadata)
	if want == nil {
		want = map[string]string{}
	}
	maps.Copy(want, own)
	// No pairs at all are null, never an empty map.
	return maps.Equal(want, all) && (all == nil) == (len(want) == 0)
}

// track shows the kind's check what it wants to know of unchanged objects. It
// reports false where the framework's path must give the check's answer.
func (s *shortcut) track(ctx context.Context, k *Kind, session *Session, req *tfprotov6.PlanResourceChangeRequest) bool {
	raw, ok := pick(req.PriorState.MsgPack, k.Tracks...)
	if !ok {
		return false
	}
	v := Values{}
	for _, name := range k.Tracks {
		f, _ := k.Facts.find(name)
		switch f.shape.(type) {
		case integer:
			var n *int64
			if msgpack.Unmarshal(raw[name], &n) != nil {
				return false
			}
			v[name] = types.Int64PointerValue(n)
		case text, capacity:
			var t *string
			if msgpack.Unmarshal(raw[name], &t) != nil {
				return false
			}
			v[name] = types.StringPointerValue(t)
		default:
			return false
		}
	}
	var diags diag.Diagnostics
	k.Check(ctx, &Planning{Session: session, Before: v, After: v, diags: &diags})
	return len(diags) == 0
}

// pick reads the named attributes of an encoded object, undecoded.
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
		wanted := false
		for _, name := range names {
			wanted = wanted || name == key
		}
		if !wanted {
			if d.Skip() != nil {
				return nil, false
			}
			continue
		}
		raw, err := d.DecodeRaw()
		if err != nil {
			return nil, false
		}
		found[key] = raw
		if len(found) == len(names) {
			break
		}
	}
	return found, len(found) == len(names)
}
