package infinibox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A network space is a network over which a service of the array is reached: on one interface of each node, with addresses
// that move between the nodes, and routes.
const (
	nasService   = "NAS_SERVICE"
	iscsiService = "ISCSI_SERVICE"
	rmrService   = "RMR_SERVICE" // remote replication

	leastMTU, mostMTU = 1280, 9000

	dataMACs        = 6 // of a network space
	replicationMACs = 12
)

func newSpaces() *collection {
	return newCollection(collection{
		path: "network/spaces", noun: "Network space", absent: "NET_SPACE_NOT_FOUND", absentText: "Invalid network space",
		taken: "NET_SPACE_NAME_CONFLICT", command: "GetAllNetworkSpaces", onePerUpdate: true,
		creation: by(networkRoles), updating: by(networkRoles), deletion: by(networkRoles),
		prepare: prepareSpace, fill: fillSpace, full: spacesFull, check: checkSpace,
		checks: map[string]func(ch *change) error{
			"interfaces": checkSpaceInterfaces, "network_config": checkNetworkConfig, "properties": checkProperties, "mtu": checkMTU,
			"rate_limit": func(ch *change) error { return checkRateLimit(ch.after) },
		},
		stored: storeSpace,
		keeps: func(_ *request, o Object) error {
			if len(o.list("ips")) > 0 {
				return conflict("NET_SPACE_NOT_EMPTY", "The network space has to be empty of IP addresses in order to be removed")
			}
			return nil
		},
		delete: func(rq *request, o Object) {
			for _, route := range rq.a.routesOf(o) {
				rq.a.remove(route)
			}
			rq.a.remove(o)
		},
		computed: map[string]func(a *Array, o Object) any{
			"ips":    func(a *Array, o Object) any { return a.spaceAddresses(o) },
			"routes": func(a *Array, o Object) any { return a.renderAll(a.routesOf(o), nil) },
		},
	}, `
		id                    integer  filter sort
		name                  text     filter sort required update
		service               text(NAS_SERVICE|SAN_SERVICE|ISCSI_SERVICE|RMR_SERVICE)  filter sort required
		interfaces            list     required update
		network_config        object   filter sort required update
		mtu                   integer  filter sort create update  =1500
		rate_limit            integer  filter sort create update null
		automatic_ip_failback boolean  filter sort create update  =false
		properties            object   create update
		ips                   list
		routes                list     create null
		vmac_addresses        list
		tenant_id             integer
	`)
}

func (a *Array) spaceRoutes(r router) {
	r.serve(a, a.spaces)
	r.serve(a, a.spaceRoutings)
	r.write(http.MethodPost, "/network/spaces/{id}/ips", networkRoles, a.withSpace(a.addAddress))
	r.write(http.MethodDelete, "/network/spaces/{id}/ips/{ip}", networkRoles, a.withSpace(a.removeAddress))
	r.write(http.MethodPost, "/network/spaces/{id}/ips/{ip}/enable", networkRoles, a.withSpace(a.enableAddress))
	r.write(http.MethodPost, "/network/spaces/{id}/ips/{ip}/disable", networkRoles, a.withSpace(a.disableAddress))
}

// withSpace finds the network space of the path.
func (a *Array) withSpace(do func(rq *request, space Object) (any, error)) handler {
	return func(rq *request) (any, error) {
		space, err := rq.object(a.spaces)
		if err != nil {
			return nil, err
		}
		return do(rq, space)
	}
}

// spacesOn are the network spaces that use an interface.
func (a *Array) spacesOn(o Object) []Object {
	return slices.DeleteFunc(a.spaces.all(), func(space Object) bool { return !slices.Contains(space.list("interfaces"), any(o.id())) })
}

// interfacesOf are the interfaces of a network space, in the order that they were given in.
func (a *Array) interfacesOf(space Object) []Object {
	var found []Object
	for _, id := range space.list("interfaces") {
		if o := a.interfaces.objects[id.(int)]; o != nil {
			found = append(found, o)
		}
	}
	return found
}

// prepareSpace refuses null where a value must be, which the array tells apart from none.
func prepareSpace(rq *request, body map[string]any) error {
	if !rq.creates() {
		return nil
	}
	for _, name := range []string{"service", "name", "interfaces", "network_config"} {
		if value, given := body[name]; given && value == nil {
			return errWrong(name, nil, "may not be null")
		}
	}
	return nil
}

// fillSpace adds what a request leaves unsaid of a space's network and properties.
func fillSpace(ch *change) {
	for name, known := range map[string]map[string]any{
		"network_config": {"network": nil, "netmask": nil, "default_gateway": nil},
		"properties":     ch.a.defaultProperties(ch.after.text("service")),
	} {
		if !ch.isNew() {
			known = asObject(ch.before[name])
		}
		ch.after[name] = with(known, asObject(ch.after[name]))
	}
}

func spacesFull(a *Array) error {
	if len(a.spaces.objects) >= a.limits.NetworkSpaces {
		return conflict("NETWORK_SPACE_COUNT_LIMIT", "The system reached the maximum number of network spaces (%d)", a.limits.NetworkSpaces)
	}
	return nil
}

// checkSpace checks a network space as it is going to be, against its neighbours.
func checkSpace(ch *change) error {
	a, o := ch.a, ch.after
	if err := keepsLinkedSpace(ch); err != nil {
		return err
	}
	if same := len(a.spacesOf(o["service"])); ch.isNew() && same >= a.limits.ServiceSpaces {
		return conflict("NETWORK_SPACE_SERVICE_COUNT_LIMIT", "The system reached the maximum number of network spaces with service '%s' (%d)", strings.TrimSuffix(o.text("service"), "_SERVICE"), a.limits.ServiceSpaces)
	}
	interfaces := a.interfacesOf(o)
	if o["rate_limit"] != nil && len(interfaces) > 0 && interfaces[0]["type"] == portInterface {
		return conflict("OPERATION_NOT_SUPPORTED", "Setting a rate limit on a network space, which includes an interface of type port is not supported")
	}
	if ch.sets("mtu") || ch.sets("interfaces") {
		if err := a.checkNeighboursMTU(ch.before, o); err != nil {
			return err
		}
	}
	if !ch.isNew() {
		return nil
	}
	return ch.checkNewRoutes()
}

func (a *Array) spacesOf(service any) []Object {
	return slices.DeleteFunc(a.spaces.all(), func(space Object) bool { return space["service"] != service })
}

func checkMTU(ch *change) error {
	switch mtu := ch.after.int("mtu"); {
	case mtu < leastMTU:
		return errWrong("mtu", mtu, fmt.Sprintf("must be greater than or equal to %d", leastMTU))
	case mtu > mostMTU:
		return errWrong("mtu", mtu, fmt.Sprintf("must be less than or equal to %d", mostMTU))
	}
	return nil
}

// checkNeighboursMTU lets no VLAN carry larger packets than what it is on top of: a space on port groups is at least as wide
// as those on their VLANs.
func (a *Array) checkNeighboursMTU(before, o Object) error {
	below, tagged := a.physical(o)
	for _, other := range a.spaces.all() {
		otherBelow, otherTagged := a.physical(other)
		if other.id() == before.id() || tagged == otherTagged || !slices.ContainsFunc(below, func(id int) bool { return slices.Contains(otherBelow, id) }) {
			continue
		}
		switch mtu, limit := o.int("mtu"), other.int("mtu"); {
		case tagged && mtu > limit:
			return conflict("MTU_TOO_HIGH", "MTU for this network space is limited by the MTU of network space '%s'", other.name())
		case otherTagged && mtu < limit:
			return conflict("MTU_TOO_LOW", "MTU for this network space must be higher / equal to the MTU of network space '%s' as they share the same physical interface", other.name())
		}
	}
	return nil
}

// physical are the ids of the interfaces that a space is on in the end, and whether it is on VLANs of theirs.
func (a *Array) physical(space Object) (below []int, tagged bool) {
	for _, o := range a.interfacesOf(space) {
		if under := a.underlying(o); under != nil {
			o, tagged = under, true
		}
		below = append(below, o.id())
	}
	return below, tagged
}

// checkSpaceInterfaces checks the interfaces that a space is going to have: one on each node, all alike.
func checkSpaceInterfaces(ch *change) error {
	a := ch.a
	given := ch.after.list("interfaces")
	numbers := make([]any, 0, len(given))
	for _, item := range given {
		id, ok := toInt(item)
		if !ok {
			return errField("interfaces")
		}
		if a.interfaces.objects[id] == nil {
			return conflict("NO_SUCH_OBJECT", "No such object: interface - %d", id)
		}
		numbers = append(numbers, id)
	}
	ch.after["interfaces"] = numbers
	interfaces := a.interfacesOf(ch.after)
	if err := alikeInterfaces(interfaces); err != nil {
		return err
	}
	usable := false
	for _, o := range interfaces {
		if o["type"] == groupInterface && len(o.list("ports")) == 0 {
			return conflict("NET_SPACE_CANT_USE_EMPTY_PORTGROUP", "Port group without ports ('%s') cannot be part of a network space", o.name())
		}
		for _, other := range a.spacesOn(o) {
			if other.id() != ch.before.id() && other["service"] == ch.after["service"] {
				return conflict("NET_SPACE_INTERFACE_CONFLICT", "Two network spaces cannot contain the same interface for the same service")
			}
		}
		usable = usable || o["state"] == enabled
	}
	if !usable {
		return conflict("NET_SPACE_INTERFACE_CONFLICT", "At least one of the interfaces that are provided for the network space has to be in Enabled state")
	}
	return nil
}

// alikeInterfaces asks for one interface on each node, all of one type, and if they are VLANs of one id and name.
func alikeInterfaces(interfaces []Object) error {
	nodes := map[any]bool{}
	for _, o := range interfaces {
		nodes[o["node_id"]] = true
	}
	if len(nodes) != nodesInRack || len(interfaces) != nodesInRack {
		return conflict("NET_SPACE_MUST_DEFINE_ONE_INTERFACE_PER_NODE", "Network space must define one interface per node")
	}
	first := interfaces[0]
	for _, o := range interfaces[1:] {
		switch {
		case o["type"] != first["type"]:
			return conflict("NETWORK_SPACE_INCONSISTENT_INTERFACE_TYPE", "All interfaces in the network space must be of the same type")
		case o["vlan"] != first["vlan"]:
			return conflict("NETWORK_SPACE_INCONSISTENT_VLAN_IDS", "All VLAN interfaces in the network space must be consistent")
		case o["type"] == vlanInterface && o.name() != first.name():
			return conflict("NETWORK_SPACE_INCONSISTENT_VLAN_NAME", "A network space using VLANs requires all interfaces to have the same name on all nodes")
		}
	}
	return nil
}

// storeSpace gives a new network space its routes and its hardware addresses: the highest that are free. The addresses of
// one for replication are what its properties make of them.
func storeSpace(ch *change) {
	a, o := ch.a, ch.after
	if !ch.isNew() {
		if ch.sets("properties") && o["service"] == rmrService {
			assignAddresses(o)
		}
		return
	}
	for _, route := range ch.newRoutes() {
		route["network_space_id"] = o.id()
		a.add(route)
	}
	delete(o, "routes")
	roles := slices.Repeat([]string{"DATA"}, dataMACs)
	if o["service"] == rmrService {
		roles = append(slices.Repeat([]string{"DATA"}, replicationMACs), "RESERVED")
	}
	taken := map[any]bool{}
	for _, other := range a.spaces.objects {
		for _, mac := range other.list("vmac_addresses") {
			taken[asObject(mac)["vmac_address"]] = true
		}
	}
	macs := []any{}
	for n := 0xffffff; len(roles) > len(macs); n-- {
		if address := fmt.Sprintf("74:2b:0f:%02x:%02x:%02x", n>>16, n>>8&0xff, n&0xff); !taken[address] {
			macs = append(macs, map[string]any{"role": roles[len(macs)], "vmac_address": address})
		}
	}
	o["vmac_addresses"] = macs
}
