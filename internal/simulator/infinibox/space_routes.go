package infinibox

import "net/netip"

// A route of a network space leads to a network that is not its own, over a gateway that is in it.
func newSpaceRoutes() *collection {
	return newCollection(collection{
		path: "routes", noun: "Route", absent: "ROUTE_NOT_FOUND", absentText: "Invalid route ID", command: "GetNetworkSpaceRoutes",
		in: "network_space_id", nested: true, minor: true,
		foreign:  func(Object) error { return notFound("ROUTE_NOT_FOUND", "Invalid route ID") },
		creation: by(networkRoles), updating: by(networkRoles), deletion: by(networkRoles),
		prepare: func(rq *request, body map[string]any) error {
			if !rq.creates() {
				return nil
			}
			return missingOfRoute(body)
		},
		check: func(ch *change) error {
			space := ch.a.holderOf(ch.after)
			var others []Object
			for _, other := range ch.a.routesOf(space) {
				if other.id() != ch.before.id() {
					others = append(others, other)
				}
			}
			return ch.a.checkRoute(space, ch.after, others, ch.isNew())
		},
	}, `
		id               integer
		destination      text     required update
		netmask          integer  required update
		gateway          text     required update
		network_space_id integer  hidden
	`)
}

func (a *Array) routesOf(space Object) []Object {
	return a.spaceRoutings.where("network_space_id", space.id())
}

// missingOfRoute is the refusal of a route that does not say all, by the names that the array has for its fields.
func missingOfRoute(body map[string]any) error {
	for _, name := range []string{"destination", "gateway", "netmask"} {
		if body[name] == nil {
			return errMissing("routes." + name)
		}
	}
	return nil
}

// checkRoute checks a route of a space against its network and its other routes.
func (a *Array) checkRoute(space, route Object, others []Object, isNew bool) error {
	network, err := subnetOf(space)
	if err != nil {
		return err
	}
	destination, err := readNetwork("routes.", route["destination"], route["netmask"])
	if err != nil {
		return err
	}
	if destination.Overlaps(network.addresses) {
		return conflict("NET_SPACE_DESTINATION_AND_NETWORK_OVERLAP", "The route's destination '%s' and the network '%s' overlap", destination, network.addresses)
	}
	if err := exact(destination); err != nil {
		return err
	}
	gateway, err := readGateway(network.addresses, route["gateway"])
	if err != nil {
		return err
	}
	for _, text := range ipTexts(space) {
		if text == gateway.String() {
			return conflict("IP_ADDRESS_ROUTE_GATEWAY_CONFLICT", "IP address and route gateway are in conflict")
		}
	}
	for _, other := range others {
		if known, err := netip.ParseAddr(other.text("destination")); err == nil && known == destination.Addr() && other.int("netmask") == destination.Bits() {
			return badRequest("ROUTE_SPECIFIED_MULTIPLE_TIMES", "A route can be used only once in a routing table")
		}
	}
	if !isNew {
		return nil
	}
	all := 0
	for _, other := range a.spacesOf(space["service"]) {
		if other.id() != space.id() {
			all += len(a.routesOf(other))
		}
	}
	switch {
	case len(others) >= a.limits.SpaceRoutes:
		return conflict("NETWORK_SPACE_ROUTE_COUNT_LIMIT", "Network space route count limit reached (%d)", a.limits.SpaceRoutes)
	case all+len(others) >= a.limits.ServiceRoutes:
		return conflict("NETWORK_SPACE_SERVICE_ROUTE_COUNT_LIMIT", "Network space service route count limit reached (%d)", a.limits.ServiceRoutes)
	}
	return nil
}

// newRoutes are the routes that a new space comes with.
func (ch *change) newRoutes() []Object {
	given, _ := ch.values["routes"].([]any)
	var routes []Object
	for _, item := range given {
		values, _ := ch.a.spaceRoutings.readNew(asObject(item))
		routes = append(routes, ch.a.make(ch.a.spaceRoutings, values))
	}
	return routes
}

// checkNewRoutes checks them, one after the other.
func (ch *change) checkNewRoutes() error {
	given, _ := ch.values["routes"].([]any)
	for _, item := range given {
		body, ok := item.(map[string]any)
		if !ok {
			return errField("routes")
		}
		if err := missingOfRoute(body); err != nil {
			return err
		}
		if _, err := ch.a.spaceRoutings.readNew(body); err != nil {
			return err
		}
	}
	routes := ch.newRoutes()
	for i, route := range routes {
		if err := ch.a.checkRoute(ch.after, route, routes[:i], true); err != nil {
			return err
		}
	}
	return nil
}
