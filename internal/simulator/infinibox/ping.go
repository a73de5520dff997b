package infinibox

import (
	"net/http"
	"net/netip"
	"regexp"
	"slices"
)

// hostname is what names of machines are made of.
var hostname = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// pingServices are the services whose networks a ping can be sent from, and MGMT for that of the management ports.
var pingServices = map[string]string{
	"MGMT": "", "NAS": nasService, "SAN": "SAN_SERVICE", "ISCSI": iscsiService, "RMR": rmrService,
	nasService: nasService, "SAN_SERVICE": "SAN_SERVICE", iscsiService: iscsiService, rmrService: rmrService,
}

// pingFields are what a ping is asked with.
var pingFields = parseFields(`
	hostname text
	node     text
	service  text(MGMT|NAS|SAN|ISCSI|RMR|NAS_SERVICE|SAN_SERVICE|ISCSI_SERVICE|RMR_SERVICE)
`)

func (a *Array) pingRoutes(r router) {
	r.write(http.MethodPost, "/ping", networkRoles, a.ping)
}

// ping asks a machine for an answer, from a node and the network of a service: from the first node and from the management
// ports where the request does not say. It tells of success by saying nothing.
func (a *Array) ping(rq *request) (any, error) {
	body, err := rq.onlyFields("hostname", "node", "service")
	if err != nil {
		return nil, err
	}
	switch value, given := body["hostname"]; {
	case !given:
		return nil, errMissing("hostname")
	case value == nil:
		return nil, errNotAHost(nil)
	}
	values := map[string]string{"node": a.rack.nodes.all()[0].name(), "service": "MGMT"}
	for _, f := range pingFields {
		value, given := body[f.name]
		if !given || value == nil {
			continue
		}
		converted, err := f.convert(value)
		if err != nil {
			return nil, err
		}
		values[f.name], _ = converted.(string)
	}
	name := values["hostname"]
	if !hostname.MatchString(name) {
		return nil, errNotAHost(name)
	}
	node := a.nodeNamed(values["node"])
	if node == nil {
		return nil, errField("node")
	}
	if !a.pings(node, pingServices[values["service"]], name) {
		return nil, conflict("CONFLICT", "Host '%s' does not answer on the network of %s of %s", name, values["service"], node.name())
	}
	return nil, nil
}

func errNotAHost(value any) error {
	return errWrong("hostname", value, "must be a valid hostname or ip address")
}

func (a *Array) nodeNamed(name string) Object {
	for _, node := range a.rack.nodes.all() {
		if node.name() == name {
			return node
		}
	}
	return nil
}

// pings tells whether a machine answers a node: over its management port, or from a space of a service whose interface on
// the node works. Gateways and the array's own addresses answer, too.
func (a *Array) pings(node Object, service, name string) bool {
	if service == "" {
		return a.answers(name)
	}
	for _, space := range a.spacesOf(service) {
		here := slices.ContainsFunc(a.interfacesOf(space), func(o Object) bool { return o["node_id"] == node.id() && a.carries(o) })
		if !here || enabledAddresses(space) == 0 {
			continue
		}
		gateways := func(route Object) bool { return route["gateway"] == name }
		if asObject(space["network_config"])["default_gateway"] == name || slices.ContainsFunc(a.routesOf(space), gateways) || slices.Contains(ipTexts(space), name) {
			return true
		}
		address, err := netip.ParseAddr(name)
		if reachable := err != nil || a.reaches(space, address); reachable && a.answers(name) {
			return true
		}
	}
	return false
}
