package infinibox

import (
	"hash/fnv"
	"regexp"
	"strings"
)

// Addresses of ports. What follows the date of an IQN or NQN is the naming authority and a name of its choice.
var (
	wwpn = regexp.MustCompile(`^[0-9a-f]{16}$`)
	iqn  = regexp.MustCompile(`(?i)^(iqn\.\d{4}-\d{2}\.[a-z0-9][a-z0-9.-]*(:[^\s]+)?|eui\.[0-9a-f]{16}|naa\.([0-9a-f]{16}|[0-9a-f]{32}))$`)
	nqn  = regexp.MustCompile(`(?i)^nqn\.\d{4}-\d{2}\.[a-z0-9][a-z0-9.-]*:[^\s]+$`)
)

const maxAddress = 223 // bytes of an IQN or NQN, by their standards

// ports are the ports of a host: objects of host_id, type and address.
func ports(host Object) []any {
	return host.list("ports")
}

func portTypes(host Object) []any {
	types := []any{}
	for _, kind := range []string{"FC", "ISCSI", "NVME"} {
		if hasPort(host, kind) {
			types = append(types, kind)
		}
	}
	return types
}

func hasPort(host Object, kind string) bool {
	for _, p := range ports(host) {
		if p.(map[string]any)["type"] == kind {
			return true
		}
	}
	return false
}

func usesNVMe(host Object) bool { return hasPort(host, "NVME") }
func usesSCSI(host Object) bool { return hasPort(host, "FC") || hasPort(host, "ISCSI") }

// readPort checks type and address, and returns them as the array keeps them.
func readPort(kind, address string) (string, string, error) {
	switch kind = strings.ToUpper(kind); kind {
	case "FC":
		plain := strings.ToLower(strings.NewReplacer(":", "", "-", "").Replace(address))
		if !wwpn.MatchString(plain) {
			return "", "", errField(address)
		}
		return kind, plain, nil
	case "ISCSI":
		if !iqn.MatchString(address) || len(address) > maxAddress {
			return "", "", badRequest("INVALID_IQN", "The IQN value '%s' is not in the correct form, or contains invalid characters", address)
		}
	case "NVME":
		if !nqn.MatchString(address) || len(address) > maxAddress {
			return "", "", badRequest("INVALID_NQN", "The NQN value '%s' is not in the correct form, or contains invalid characters", address)
		}
	default:
		return "", "", errField("type")
	}
	return kind, address, nil
}

// portOwner finds the host of an address, in whatever form the address is written.
func (a *Array) portOwner(address string) (Object, map[string]any) {
	plain := strings.NewReplacer(":", "").Replace(address)
	for _, host := range a.hosts.objects {
		for _, item := range ports(host) {
			p := item.(map[string]any)
			if known := p["address"].(string); strings.EqualFold(known, address) || p["type"] == "FC" && strings.EqualFold(known, plain) {
				return host, p
			}
		}
	}
	return nil, nil
}

func (a *Array) hostPorts(rq *request) (any, error) {
	host, err := a.hosts.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	return plain(rq, "GetHostPorts", ports(host))
}

func (a *Array) addPort(rq *request) (any, error) {
	host, err := a.hosts.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields("address", "type")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"address", "type"} {
		if body[name] == nil {
			return nil, errMissing(name)
		}
	}
	typeName, ok1 := body["type"].(string)
	address, ok2 := body["address"].(string)
	if !ok1 || !ok2 {
		return nil, errField("address")
	}
	kind, address, err := readPort(typeName, address)
	if err != nil {
		return nil, err
	}
	if owner, _ := a.portOwner(address); owner != nil {
		return nil, conflict("PORT_ALREADY_BELONGS_TO_HOST", "The port '%s' already belongs to host '%s'", address, owner.name())
	}
	if err := a.checkPortCounts(host, kind); err != nil {
		return nil, err
	}
	if kind == "ISCSI" {
		if err := chapCondition(host); err != nil {
			return nil, err
		}
	}
	if err := a.checkPortMix(rq, host, kind); err != nil {
		return nil, err
	}
	p := map[string]any{"host_id": host.id(), "type": kind, "address": address}
	host["ports"] = append(append([]any{}, ports(host)...), p)
	return created{p}, nil
}

func (a *Array) checkPortCounts(host Object, kind string) error {
	count := map[string]int{}
	for _, h := range a.hosts.objects {
		for _, p := range ports(h) {
			count[p.(map[string]any)["type"].(string)]++
		}
	}
	switch {
	case len(ports(host)) >= a.limits.PortsPerHost:
		return conflict("PORT_COUNT_HOST_LIMIT", "Port count limit reached for host")
	case kind == "ISCSI" && count[kind] >= a.limits.ISCSIPorts:
		return conflict("ISCSI_PORT_COUNT_LIMIT", "iSCSI port count limit reached")
	case kind == "NVME" && count[kind] >= a.limits.NVMePorts:
		return conflict("NVME_PORT_COUNT_LIMIT", "NVMe port count limit reached")
	}
	if cluster := a.clusters.objects[host.int("host_cluster_id")]; cluster != nil {
		if a.clusterPorts(cluster) >= a.limits.PortsPerCluster {
			return conflict("PORT_COUNT_CLUSTER_MEMBER_LIMIT", "The host cannot be added to the cluster as the cluster's port count limit will be exceeded")
		}
	}
	return nil
}

func (a *Array) deletePort(rq *request) (any, error) {
	host, err := a.hosts.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	owner, found := a.portOwner(rq.path[2])
	if owner == nil || owner.id() != host.id() || !strings.EqualFold(found["type"].(string), rq.path[1]) {
		return nil, notFound("PORT_NOT_FOUND", "Port not found")
	}
	if len(ports(host)) == 1 && len(a.hostLUNs(host)) > 0 {
		if err := rq.needApproval("Removing the last port from a host causes the host to lose access to all of the volumes that are mapped to it"); err != nil {
			return nil, err
		}
	}
	left := []any{}
	for _, p := range ports(host) {
		if p.(map[string]any)["address"] != found["address"] {
			left = append(left, p)
		}
	}
	host["ports"] = left
	return found, nil
}

func (a *Array) hostByAddress(rq *request) (any, error) {
	host, _ := a.portOwner(rq.path[0])
	if host == nil {
		return nil, notFound("HOST_NOT_FOUND", "Host not found")
	}
	return host.id(), nil
}

// portKey is a number that stands for an address.
func portKey(address string) int {
	h := fnv.New64a()
	_, _ = h.Write([]byte(address))
	return int(h.Sum64() >> 2)
}

func (a *Array) portByKey(rq *request) (any, error) {
	for _, host := range a.hosts.objects {
		for _, p := range ports(host) {
			if rq.path[0] == itoa(portKey(p.(map[string]any)["address"].(string))) {
				return p, nil
			}
		}
	}
	return nil, notFound("PORT_NOT_FOUND", "Port not found")
}

// initiators are the ports of the hosts, and others that have logged in, as seeds say.
func (a *Array) initiators(rq *request) (any, error) {
	var wanted []any
	filter := condition{}
	if text := rq.query.Get("host_id"); text != "" {
		var err error
		if filter, err = a.hosts.byName["id"].condition(text); err != nil {
			return nil, errField("host_id")
		}
		if filter.op != "EQ" && filter.op != "IN" {
			return nil, errOperator(filter.op)
		}
	}
	for _, host := range a.hosts.all() {
		if filter.field != nil && !filter.holds(host.id()) {
			continue
		}
		for _, p := range ports(host) {
			wanted = append(wanted, a.initiatorOf(p.(map[string]any)))
		}
	}
	for _, p := range a.strangers() {
		if filter.field == nil || filter.holds(0) {
			wanted = append(wanted, a.initiatorOf(p))
		}
	}
	rq.query.Del("host_id")
	return plain(rq, "GetAllInitiators", wanted)
}

func (a *Array) initiatorOf(p map[string]any) map[string]any {
	connected := a.connectionsOf([]any{p})
	return map[string]any{
		"address": p["address"], "type": p["type"], "host_id": p["host_id"], "port_key": portKey(p["address"].(string)),
		"paths": connected.paths, "connectivity_status": connected.status(), "targets": a.targets(p),
	}
}

func (a *Array) initiator(rq *request) (any, error) {
	if _, p := a.portOwner(rq.path[0]); p != nil {
		return a.initiatorOf(p), nil
	}
	for _, p := range a.strangers() {
		if sameAddress(rq.path[0], p) {
			return a.initiatorOf(p), nil
		}
	}
	return nil, notFound("INITIATOR_NOT_FOUND", "Initiator not found")
}
