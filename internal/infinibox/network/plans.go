package network

import (
	"context"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// planned are the network spaces that one run has planned, by id: their addresses and
// routes are held to what these are going to be.
type planned struct {
	mu     sync.Mutex
	spaces map[string]subnet
}

// subnet is what addresses of a network space are held to; network is "" where it is not
// known yet, and moves says that it is another from now on.
type subnet struct {
	name, network, gateway string
	moves                  bool
}

type plansKey struct{}

func plansOf(s *entity.Session) *planned { return entity.Note[planned](s, plansKey{}) }

// note keeps what a space is going to be.
func (n *planned) note(p *entity.Plan) {
	if p.Before == nil || p.Replaced {
		return // whoever refers to it does not know its id yet
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.spaces == nil {
		n.spaces = map[string]subnet{}
	}
	n.spaces[p.Before.ID("id")] = subnet{p.After.Text("name"), p.After.Text("network"), p.After.Text("default_gateway"), p.Changes("network")}
}

// space is the space of an address or a route, as planned; else, for what does not fit
// there already, as the array has it.
func (n *planned) space(ctx context.Context, p *entity.Plan, fits bool) (subnet, bool) {
	if p.Applying() || !p.After.Known("network_space_id") {
		return subnet{}, false // the array tells
	}
	id := p.After.ID("network_space_id")
	n.mu.Lock()
	defer n.mu.Unlock()
	if known, ok := n.spaces[id]; ok {
		return known, known.network != ""
	}
	if fits {
		return subnet{}, false
	}
	o, err := p.Session.Client.Read(ctx, spaces, id, nil)
	network, ok := networkOf(o).(string)
	if err != nil || !ok {
		return subnet{}, false
	}
	gateway, _ := api.FieldOf(o, config+".default_gateway")
	address, _ := gateway.(string)
	return subnet{name: common.NameOf(o), network: network, gateway: address}, true
}

// stays reports whether an object is there, and is not replaced.
func stays(p *entity.Plan) bool { return p.Before != nil && !p.Replaced }
