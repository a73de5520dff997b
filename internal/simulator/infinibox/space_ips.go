package infinibox

import (
	"net/netip"
	"slices"
	"strings"
)

// syncAddresses is how many addresses synchronous replication wants: one for management, and three of each kind.
const syncAddresses = 7

// Types of the addresses of a space for replication. Those of other spaces are of their service's name.
const (
	managementAddress = "MANAGEMENT"
	asyncAddress      = "ASYNC"
	syncAddress       = "SYNC"
)

// spaceAddresses are the addresses of a space as clients see them: each enabled one is at an interface that works, and they are
// spread over those.
func (a *Array) spaceAddresses(space Object) []any {
	var working []Object
	for _, o := range a.interfacesOf(space) {
		if a.carries(o) {
			working = append(working, o)
		}
	}
	vlan := 1
	if interfaces := a.interfacesOf(space); len(interfaces) > 0 && interfaces[0]["type"] == vlanInterface {
		vlan = interfaces[0].int("vlan")
	}
	out := []any{}
	next := 0
	for _, item := range space.list("ips") {
		shown := with(asObject(item), map[string]any{"interface_id": nil, "vlan_id": vlan})
		if shown["enabled"] == true && len(working) > 0 {
			shown["interface_id"] = working[next%len(working)].id()
			next++
		}
		out = append(out, shown)
	}
	return out
}

// ipTexts are the addresses of a space.
func ipTexts(space Object) []string {
	var texts []string
	for _, item := range space.list("ips") {
		texts = append(texts, asObject(item)["ip_address"].(string))
	}
	return texts
}

func enabledAddresses(space Object) int {
	n := 0
	for _, item := range space.list("ips") {
		if asObject(item)["enabled"] == true {
			n++
		}
	}
	return n
}

// addAddress adds the address that the body is: a bare text.
func (a *Array) addAddress(rq *request, space Object) (any, error) {
	value, err := decode(rq.body)
	if err != nil {
		return nil, errMalformed
	}
	text, ok := value.(string)
	if !ok {
		return nil, errField("ip_address")
	}
	address, err := readAddress(text)
	if err != nil {
		return nil, err
	}
	if err := a.checkAddress(space, address); err != nil {
		return nil, err
	}
	item := map[string]any{"ip_address": address.String(), "enabled": true, "reserved": false, "tpgt": nil}
	item["type"] = strings.TrimSuffix(space.text("service"), "_SERVICE")
	switch space["service"] {
	case iscsiService:
		item["tpgt"] = a.nextPortalGroup(space)
	case rmrService:
		item["type"] = replicationType(space)
		item["reserved"] = item["type"] == managementAddress
	}
	space["ips"] = append(slices.Clone(space.list("ips")), item)
	return created{a.render(space, nil)}, nil
}

// checkAddress refuses an address that a space cannot have.
func (a *Array) checkAddress(space Object, address netip.Addr) error {
	network, err := subnetOf(space)
	if err != nil {
		return err
	}
	text := address.String()
	switch {
	case !network.addresses.Contains(address):
		return conflict("NET_SPACE_INCOMPATIBLE_NET_MASK", "IP address '%s' must be compatible with network mask '%s' to be added", text, network.addresses)
	case !network.holds(address):
		return badRequest("INVALID_IP_ADDRESS", "IP address '%s' is invalid. IP address can not match a network, broadcast or default gateway addresses", text)
	case address == network.gateway:
		return conflict("IP_ADDRESS_GATEWAY_CONFLICT", "IP address and default gateway are in conflict")
	case slices.ContainsFunc(a.routesOf(space), func(route Object) bool { return route["gateway"] == text }):
		return conflict("IP_ADDRESS_ROUTE_GATEWAY_CONFLICT", "IP address and route gateway are in conflict")
	case slices.Contains(isnsServers(space), text):
		return conflict("IP_ADDRESS_ISNS_SERVER_CONFLICT", "IP address '%s' conflicts with the address of one of the iSNS servers configured on this network space", text)
	case slices.ContainsFunc(a.spaces.all(), func(other Object) bool { return slices.Contains(ipTexts(other), text) }):
		return conflict("NET_SPACE_ADDRESS_CONFLICT", "IP address cannot be added as it already exists")
	case a.answers(text):
		return conflict("IP_ADDRESS_CONFLICT", "IP address cannot be added. Already exists on the network")
	case len(space.list("ips")) >= a.limits.SpaceIPs:
		return conflict("NETWORK_SPACE_IP_COUNT_LIMIT", "IP address cannot be added. Network space IP count limit reached")
	}
	return nil
}

// answers tells whether a machine on the network, or one of the array's own management ports, has a name or address.
func (a *Array) answers(name string) bool {
	return slices.ContainsFunc(a.neighbours, func(neighbour string) bool { return strings.EqualFold(neighbour, name) }) ||
		slices.ContainsFunc(a.rack.ethPorts.all(), func(port Object) bool { return port["ip_v4_addr"] == name })
}

// nextPortalGroup is the lowest portal group tag that is free: all iSCSI addresses are portals of one target.
func (a *Array) nextPortalGroup(space Object) int {
	if asObject(space["properties"])["is_tpg_per_port"] != true {
		return 1
	}
	taken := map[any]bool{}
	for _, other := range a.spacesOf(iscsiService) {
		for _, item := range other.list("ips") {
			taken[asObject(item)["tpgt"]] = true
		}
	}
	tag := 1
	for taken[tag] {
		tag++
	}
	return tag
}

// replicationType is what the next address of a space for replication is for: the first for management, then by turns for
// asynchronous and synchronous replication, unless there is to be none of the latter.
func replicationType(space Object) string {
	count := map[any]int{}
	for _, item := range space.list("ips") {
		count[asObject(item)["type"]]++
	}
	switch {
	case count[managementAddress] == 0:
		return managementAddress
	case asObject(space["properties"])["is_async_only"] == true || count[asyncAddress] <= count[syncAddress]:
		return asyncAddress
	}
	return syncAddress
}

// assignAddresses says anew what each address of a space for replication is for.
func assignAddresses(space Object) {
	items := space.list("ips")
	space["ips"] = []any{}
	for _, item := range items {
		anew := with(asObject(item), map[string]any{"type": replicationType(space)})
		space["ips"] = append(space.list("ips"), anew)
	}
}

// address finds the address of the path in a space.
func (rq *request) address(space Object) (int, map[string]any, error) {
	for i, item := range space.list("ips") {
		if found := asObject(item); found["ip_address"] == rq.path[1] {
			return i, found, nil
		}
	}
	return 0, nil, badRequest("NET_SPACE_IP_NOT_EXISTS", "IP does not exists in network space")
}

// setAddress enables or disables an address. Lists are never changed in place, as copies of the space may share them.
func (a *Array) setAddress(space Object, i int, on bool) any {
	items := slices.Clone(space.list("ips"))
	items[i] = with(asObject(items[i]), map[string]any{"enabled": on})
	space["ips"] = items
	return a.render(space, nil)
}

func (a *Array) enableAddress(rq *request, space Object) (any, error) {
	i, found, err := rq.address(space)
	switch {
	case err != nil:
		return nil, err
	case found["enabled"] == true:
		return nil, conflict("IP_ADDRESS_ALREADY_ENABLED", "IP address is already enabled")
	}
	return a.setAddress(space, i, true), nil
}

func (a *Array) disableAddress(rq *request, space Object) (any, error) {
	i, found, err := rq.address(space)
	switch {
	case err != nil:
		return nil, err
	case found["enabled"] == false:
		return nil, conflict("IP_ADDRESS_ALREADY_DISABLED", "IP address is already disabled")
	case forManagement(space, found):
		return nil, conflict("NET_SPACE_IP_IN_USE_BY_MANAGEMENT", "The IP address cannot be disabled because it is in use by the management interface")
	case enabledAddresses(space) == 1:
		if err := rq.needLastApproval("Disabling", space); err != nil {
			return nil, err
		}
	}
	if err := a.checkLinkedSpace(space, leastAddresses(space)); err != nil {
		return nil, err
	}
	return a.setAddress(space, i, false), nil
}

func (a *Array) removeAddress(rq *request, space Object) (any, error) {
	i, found, err := rq.address(space)
	switch {
	case err != nil:
		return nil, err
	case forManagement(space, found):
		return nil, conflict("NET_SPACE_IP_IN_USE_BY_MANAGEMENT", "The IP address cannot be deleted because it is in use by the management interface")
	case found["enabled"] == true:
		return nil, conflict("NET_SPACE_IP_ENABLED", "IP address is enabled")
	case len(space.list("ips")) == 1:
		if err := rq.needLastApproval("Deleting", space); err != nil {
			return nil, err
		}
	}
	space["ips"] = slices.Delete(slices.Clone(space.list("ips")), i, i+1)
	return a.render(space, nil), nil
}

// forManagement tells whether replication is managed over an address, as it is as long as there are others.
func forManagement(space Object, found map[string]any) bool {
	return found["type"] == managementAddress && len(space.list("ips")) > 1
}

func (rq *request) needLastApproval(doing string, space Object) error {
	return rq.needApproval("%s the last network space IP address will make the network space inaccessible, and will degrade the functionality of the service (%s)", doing, space.text("service"))
}
