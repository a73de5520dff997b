package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SpaceRoute is the way from a network space to another network.
var SpaceRoute = entity.Kind{
	System:   common.System,
	Name:     "network_space_route",
	Plural:   "network_space_routes",
	Path:     "network/spaces/{network_space_id}/routes",
	Doc:      "A route of a network space: the gateway by which machines of another network are reached. A network has one route in a space at most.",
	Identity: entity.Identity{NamedBy: "network", Taken: []string{"ROUTE_SPECIFIED_MULTIPLE_TIMES"}},
	Reading:  entity.Reading{Find: findRoute},
	Planning: entity.Planning{Check: checkRoute, Tracks: []string{"network_space_id", "network", "gateway"}},
	Facts: entity.Facts{
		entity.ID().Unqueried().Doc("The number the array gave the route when it was created."),
		entity.Ref("network_space_id").Required().To("network_space").InPath().
			Doc("The id of the network space."),
		entity.Text("network").Field("destination").From(routeNetwork, "netmask").Into(putRoute).Required().Mutable().OncePer("network_space_id").Checked("a network", checkNetwork).
			Doc("The network that the route leads to, in CIDR notation, such as `\"10.1.0.0/16\"`: one that shares no address with the space's."),
		entity.Text("gateway").Required().Mutable().Checked("an address", checkAddress).
			Doc("The address of the gateway: one of the space's network, which no route of another gateway needs to lead to."),

		entity.Text("destination").Doc("The address of the network, without its length."),
		entity.Integer("netmask").Doc("How many bits of an address are the network's."),
	},
}

// routeNetwork is the network that a route leads to.
func routeNetwork(o api.Object) any { return inCIDR(o, "destination", "netmask") }

func putRoute(body api.Object, value any) {
	body["destination"], body["netmask"] = outOfCIDR(value)
}

// findRoute reads the route of an id, or looks for the one that leads to a network.
func findRoute(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if !v.Known("network_space_id") || !v.Known("id") && !v.Known("network") {
		return nil, errors.New("a route is found by network_space_id and either id or network")
	}
	path := api.Path("network", "spaces", v.Int("network_space_id"), "routes")
	if v.Known("id") {
		o, err := s.Client.Read(ctx, path, v.ID("id"), nil)
		return ofSpace(o, v), err
	}
	for o, err := range s.Client.List(ctx, path, api.Query{}) {
		if err != nil {
			return nil, err
		}
		if routeNetwork(o) == v.Text("network") {
			return ofSpace(o, v), nil
		}
	}
	return nil, &api.Error{
		Reason: api.NotFound, Operation: "GET " + path, Status: http.StatusNotFound,
		Message: fmt.Sprintf("Network space %s has no route to %s", v.ID("network_space_id"), v.Text("network")),
	}
}

// ofSpace is a route with its space, which the array does not repeat.
func ofSpace(o api.Object, v entity.Values) api.Object {
	if o == nil {
		return nil
	}
	with := api.Object{"network_space_id": v.Int("network_space_id")}
	maps.Copy(with, o)
	return with
}

// checkRoute refuses a route that leads into its own space, and a gateway that is
// elsewhere.
func checkRoute(ctx context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	space, ok := plansOf(p.Session).space(ctx, p, stays(p) && !p.Changes("network") && !p.Changes("gateway"))
	if !ok {
		return
	}
	if space.moves && stays(p) {
		p.Refuse("network_space_id", "The network of a space that has routes does not change",
			fmt.Sprintf("Network space %q is to have the network %s. It can be changed only while the space has no routes: take this one out, apply that, and put it back with the change. "+
				"Or have Terraform replace it in the same apply, by -replace with its address.", space.name, space.network))
		return
	}
	gateway, network := p.After.Text("gateway"), p.After.Text("network")
	if overlap(network, space.network) && p.Changes("network") {
		p.Refuse("network", "The route leads into its own network space",
			fmt.Sprintf("%s and the network %s of network space %q have addresses in common, which are reached without a route.", network, space.network, space.name))
	}
	if why := unfit(gateway, space.network); why != "" && p.Changes("gateway") {
		p.Refuse("gateway", "The gateway is not in the network space", why+fmt.Sprintf(" The gateway of a route is a machine in the network of its space, %q.", space.name))
	}
}
