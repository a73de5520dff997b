package infinibox

import (
	"fmt"
	"net/netip"
	"slices"
)

// subnet is the network of a space: its addresses, and the gateway out of it, if there is one.
type subnet struct {
	addresses netip.Prefix
	gateway   netip.Addr
}

func readAddress(text string) (netip.Addr, error) {
	address, err := netip.ParseAddr(text)
	if err != nil || !address.Is4() {
		return netip.Addr{}, badRequest("INVALID_IP_ADDRESS", "IP address '%s' is invalid.", text)
	}
	return address, nil
}

// last is the broadcast address of a network.
func last(network netip.Prefix) netip.Addr {
	bytes := network.Masked().Addr().As4()
	for bit := network.Bits(); bit < 32; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(bytes)
}

// readNetwork takes a network from its address and mask, which may have more bits than the mask.
func readNetwork(where string, address, mask any) (netip.Prefix, error) {
	switch {
	case address == nil:
		return netip.Prefix{}, errMissing(where + "network")
	case mask == nil:
		return netip.Prefix{}, errMissing(where + "netmask")
	}
	text, ok := address.(string)
	if !ok {
		return netip.Prefix{}, errField("network")
	}
	first, err := readAddress(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	bits, ok := toInt(mask)
	switch {
	case !ok:
		return netip.Prefix{}, errField("netmask")
	case bits < 1:
		return netip.Prefix{}, errWrong("netmask", bits, "must be greater than or equal to 1")
	case bits > 32:
		return netip.Prefix{}, errWrong("netmask", bits, "must be less than or equal to 32")
	}
	return netip.PrefixFrom(first, bits), nil
}

// exact refuses a network whose address has more bits than its mask.
func exact(network netip.Prefix) error {
	if network.Masked() != network {
		return conflict("NET_SPACE_INCOMPATIBLE_SUBNET_AND_NET_MASK", "The network address provided '%s' does not match the network mask '%d'", network.Addr(), network.Bits())
	}
	return nil
}

// readGateway takes a gateway, which must be an address of a network that machines can have.
func readGateway(network netip.Prefix, value any) (netip.Addr, error) {
	text, ok := value.(string)
	if !ok {
		return netip.Addr{}, errField("gateway")
	}
	gateway, err := readAddress(text)
	switch {
	case err != nil:
		return gateway, err
	case gateway == network.Addr():
		return gateway, conflict("NET_SPACE_GATEWAY_CONFLICT", "Gateway '%s' is illegal - conflicts with the Network address", gateway)
	case gateway == last(network):
		return gateway, conflict("NET_SPACE_GATEWAY_CONFLICT", "Gateway '%s' is illegal - conflicts with the Network broadcast address", gateway)
	case !network.Contains(gateway):
		return gateway, conflict("NET_SPACE_INCOMPATIBLE_SUBNET_AND_GATEWAY", "The gateway '%s' is not in subnet '%s'", gateway, network)
	}
	return gateway, nil
}

// subnetOf is the network of a space as it is stored, or the refusal of one that is to be.
func subnetOf(space Object) (subnet, error) {
	config := asObject(space["network_config"])
	if err := only(config, "network", "netmask", "default_gateway"); err != nil {
		return subnet{}, err
	}
	network, err := readNetwork("network_config.", config["network"], config["netmask"])
	if err == nil {
		err = exact(network)
	}
	if err != nil {
		return subnet{}, err
	}
	found := subnet{addresses: network}
	if config["default_gateway"] != nil {
		found.gateway, err = readGateway(network, config["default_gateway"])
	}
	return found, err
}

// checkNetworkConfig checks the network that a space is going to be in, with what the space has already.
func checkNetworkConfig(ch *change) error {
	network, err := subnetOf(ch.after)
	if err != nil {
		return err
	}
	config := asObject(ch.after["network_config"])
	config["netmask"] = network.addresses.Bits()
	if ch.isNew() {
		return nil
	}
	before, err := subnetOf(ch.before)
	if err != nil {
		return err
	}
	if before.addresses != network.addresses && len(ch.a.routesOf(ch.before)) > 0 {
		return conflict("NETWORK_CONFIG_MODIFY_NOT_ALLOWED_WITH_ROUTES", "Modifying the network address or netmask of a network space with routes is not allowed")
	}
	for _, text := range ipTexts(ch.before) {
		address, err := readAddress(text)
		switch {
		case err != nil:
			return err
		case !network.holds(address):
			return conflict("NET_SPACE_INCOMPATIBLE_NETWORK_AND_EXISTING_IPS", "The network is incompatible with IP addresses already defined in the network space")
		case address == network.gateway:
			return conflict("IP_ADDRESS_GATEWAY_CONFLICT", "IP address and default gateway are in conflict")
		}
	}
	for _, server := range isnsServers(ch.after) {
		if address, err := readAddress(server); err == nil && !ch.a.reaches(ch.after, address) {
			return conflict("ISNS_SERVER_GATEWAY_REQUIRED", "The default gateway cannot be removed as long as there is an iSNS server '%s' outside the network space", server)
		}
	}
	return nil
}

// holds tells whether an address is one that a machine in the network can have.
func (s subnet) holds(address netip.Addr) bool {
	return s.addresses.Contains(address) && address != s.addresses.Addr() && address != last(s.addresses)
}

// reaches tells whether an address is in the network of a space, or at the end of one of its routes.
func (a *Array) reaches(space Object, address netip.Addr) bool {
	network, err := subnetOf(space)
	if err != nil {
		return false
	}
	return network.gateway.IsValid() || network.addresses.Contains(address) || slices.ContainsFunc(a.routesOf(space), func(route Object) bool {
		destination, err := readNetwork("", route["destination"], route["netmask"])
		return err == nil && destination.Contains(address)
	})
}

// defaultProperties are the properties that the spaces of a service have.
func (a *Array) defaultProperties(service string) map[string]any {
	switch service {
	case iscsiService:
		return map[string]any{
			"iscsi_iqn": fmt.Sprintf("iqn.2009-11.com.infinidat:storage:infinibox-sn-%d", a.serial), "iscsi_tcp_port": 3260,
			"iscsi_isns_servers": nil, "iscsi_default_security_method": "NONE", "is_tpg_per_port": true,
		}
	case rmrService:
		return map[string]any{"is_async_only": false}
	}
	return map[string]any{}
}

// propertyFields are the properties that can be set, as fields.
var propertyFields = func() map[string]*field {
	byName := map[string]*field{}
	for _, f := range parseFields(`
		iscsi_tcp_port                integer
		iscsi_isns_servers            list
		iscsi_default_security_method text(NONE|CHAP|MUTUAL_CHAP)
		is_tpg_per_port               boolean
		is_async_only                 boolean
	`) {
		byName[f.name] = f
	}
	return byName
}()

// checkProperties checks the properties that a request sets.
func checkProperties(ch *change) error {
	given, _ := ch.values["properties"].(map[string]any)
	known := ch.a.defaultProperties(ch.after.text("service"))
	after := asObject(ch.after["properties"])
	for _, name := range sortedKeys(given) {
		initial, ok := known[name]
		f := propertyFields[name]
		switch {
		case !ok:
			return badRequest("NET_SPACE_SERVICE_PROPERTIES", "The properties provided do not match the network space service")
		case f == nil && given[name] != initial, !ch.isNew() && name == "is_tpg_per_port" && given[name] != asObject(ch.before["properties"])[name]:
			return errUnsupported(name)
		case f == nil:
			continue
		case given[name] == nil && (!ch.isNew() || initial != nil):
			return badRequest("UNSUPPORTED_VALUE", "The request contains an unsupported value (null) for field ('%s')", name)
		case given[name] == nil:
			continue
		}
		value, err := f.convert(given[name])
		if err != nil {
			return err
		}
		after[name] = value
	}
	if port, ok := after["iscsi_tcp_port"].(int); ok && (port < 1 || port > 65535) {
		return errWrong("iscsi_tcp_port", port, "must be between 1 and 65535")
	}
	if err := checkISNSServers(ch); err != nil {
		return err
	}
	if !ch.isNew() && after["is_async_only"] == false && asObject(ch.before["properties"])["is_async_only"] == true && enabledAddresses(ch.before) < syncAddresses {
		return conflict("LINK_NET_SPACE_INSUFFICIENT_IPS", "Invalid IP assignments are defined for local network space '%s'. At least seven enabled IPs are needed for sync replication. One reserved for management interface, at least three ASYNC IPs and three SYNC IPs.", ch.after.name())
	}
	return nil
}

// isnsServers are the addresses of the name servers that a space registers with.
func isnsServers(space Object) []string {
	servers, _ := asObject(space["properties"])["iscsi_isns_servers"].([]any)
	var addresses []string
	for _, server := range servers {
		text, _ := server.(string)
		addresses = append(addresses, text)
	}
	return addresses
}

// checkISNSServers checks the name servers that a space is going to have; none is null.
func checkISNSServers(ch *change) error {
	servers := isnsServers(ch.after)
	if len(servers) == 0 {
		if properties := asObject(ch.after["properties"]); ch.after["service"] == iscsiService {
			properties["iscsi_isns_servers"] = nil
		}
		return nil
	}
	var lost []string
	for _, server := range servers {
		address, err := readAddress(server)
		switch {
		case err != nil:
			return err
		case slices.Contains(ipTexts(ch.after), server):
			return conflict("ISNS_SERVER_IP_CONFLICT", "iSNS server '%s' cannot be added since its address is defined as a network space IP", server)
		case !ch.a.reaches(ch.after, address):
			lost = append(lost, server)
		}
	}
	switch {
	case len(servers) > ch.a.limits.ISNSServers:
		return conflict("ISNS_SERVERS_COUNT_LIMIT", "The network space reached the maximum number of isns servers (%d)", ch.a.limits.ISNSServers)
	case len(lost) == 1:
		return conflict("ISNS_SERVER_UNREACHABLE", "iSNS server '%s' cannot be added since it is unreachable (not in the network space's netmask / routing table)", lost[0])
	case len(lost) > 1:
		return conflict("ISNS_SERVERS_UNREACHABLE", "iSNS servers '%s' cannot be added since they are unreachable", fmt.Sprint(lost))
	}
	return nil
}
