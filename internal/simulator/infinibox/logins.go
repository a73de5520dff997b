package infinibox

import (
	"fmt"
	"slices"
	"strings"
)

// SeedLogin is a port of a host that is cabled, zoned and logged in: to ports of nodes, or to a network space. What it is
// connected to at a moment follows from what works there. A port of a host that no login tells of was never plugged in.
type SeedLogin struct {
	Initiator      string   `json:"initiator"`          // its address, of a host's or of nobody's
	FCPorts        []string `json:"fc_ports,omitempty"` // node and port: "1/3"
	NetworkSpaceID int      `json:"network_space_id,omitempty"`
}

// How much of an initiator's, host's or cluster's connections there is.
const (
	fullyConnected = "FULLY_CONNECTED" // to every node
	degraded       = "DEGRADED"
	disconnected   = "DISCONNECTED"

	nothingToTell, pathsFine, pathsLost = "NONE", "OK", "NOT_OK" // health of paths
)

func (a *Array) plantLogin(login SeedLogin) error {
	for _, name := range login.FCPorts {
		node, port, _ := strings.Cut(name, "/")
		if _, err := a.component("nodes/" + node + "/fc_ports/" + port); err != nil {
			return fmt.Errorf("login of %s: %w", login.Initiator, err)
		}
	}
	if id := login.NetworkSpaceID; id != 0 && a.spaces.objects[id] == nil {
		return fmt.Errorf("login of %s: there is no network space %d", login.Initiator, id)
	}
	a.logins = append(a.logins, login)
	return nil
}

// targets are what an initiator is connected to now.
func (a *Array) targets(initiator map[string]any) []any {
	targets := []any{}
	for _, login := range a.logins {
		if !sameAddress(login.Initiator, initiator) {
			continue
		}
		for _, name := range login.FCPorts {
			if port, err := a.component("nodes/" + strings.Replace(name, "/", "/fc_ports/", 1)); err == nil && a.fcLink(port) == "UP" {
				targets = append(targets, map[string]any{"address": a.portWWPN(port), "node_id": port["node_index"]})
			}
		}
		if space := a.spaces.objects[login.NetworkSpaceID]; space != nil {
			targets = append(targets, a.portals(space, initiator, len(targets))...)
		}
	}
	return targets
}

// portals are the addresses of a space that a host can reach, as an initiator shows them.
func (a *Array) portals(space Object, initiator map[string]any, sessions int) []any {
	portals := []any{}
	for _, item := range a.spaceAddresses(space) {
		address := asObject(item)
		at, working := address["interface_id"].(int)
		if !working {
			continue
		}
		portal := map[string]any{
			"target_ip": address["ip_address"], "initiator_ip": nil, "netspace_name": space.name(), "node_id": a.interfaces.objects[at]["node_id"],
		}
		if host, _ := initiator["host_id"].(int); initiator["type"] == "NVME" {
			portal["address"] = a.subsystem(Object{"id": host})
		} else {
			portal["address"] = asObject(space["properties"])["iscsi_iqn"]
			portal["session_id"] = sessions + len(portals) + 1
		}
		portals = append(portals, portal)
	}
	return portals
}

// sameAddress compares an address with that of a port, which has no colons if it is of Fibre Channel.
func sameAddress(address string, port map[string]any) bool {
	known, _ := port["address"].(string)
	return strings.EqualFold(address, known) || strings.EqualFold(strings.ReplaceAll(address, ":", ""), known)
}

// strangers are initiators that have logged in, and are ports of no host.
func (a *Array) strangers() []map[string]any {
	var found []map[string]any
	for _, login := range a.logins {
		known := func(p map[string]any) bool { return sameAddress(login.Initiator, p) }
		if owner, _ := a.portOwner(login.Initiator); owner != nil || slices.ContainsFunc(found, known) {
			continue
		}
		kind := "FC"
		switch {
		case iqn.MatchString(login.Initiator):
			kind = "ISCSI"
		case nqn.MatchString(login.Initiator):
			kind = "NVME"
		}
		found = append(found, map[string]any{"address": strings.ToLower(login.Initiator), "type": kind, "host_id": 0})
	}
	return found
}

// connections sum up what some ports are connected to: how many paths there are, to which nodes, and how many ports have none.
type connections struct {
	paths, lost int
	nodes       map[any]bool
	whole       bool // each port that was plugged in is connected to every node
	plugged     bool
}

func (a *Array) connectionsOf(ports []any) connections {
	sum := connections{nodes: map[any]bool{}, whole: true}
	if len(a.logins) == 0 {
		return sum
	}
	for _, item := range ports {
		port := asObject(item)
		if !slices.ContainsFunc(a.logins, func(login SeedLogin) bool { return sameAddress(login.Initiator, port) }) {
			continue
		}
		sum.plugged = true
		targets, nodes := a.targets(port), map[any]bool{}
		for _, target := range targets {
			node := asObject(target)["node_id"]
			nodes[node], sum.nodes[node] = true, true
		}
		sum.paths += len(targets)
		if len(targets) == 0 {
			sum.lost++
		}
		sum.whole = sum.whole && len(nodes) == nodesInRack
	}
	return sum
}

// status is to how many of the nodes there are paths.
func (c connections) status() string {
	switch len(c.nodes) {
	case 0:
		return disconnected
	case nodesInRack:
		return fullyConnected
	}
	return degraded
}

// hostHealth is whether all paths are there that were.
func (a *Array) hostHealth(host Object) string {
	switch c := a.connectionsOf(ports(host)); {
	case !c.plugged:
		return nothingToTell
	case !c.whole || c.paths < host.int("min_expected_paths"):
		return pathsLost
	}
	return pathsFine
}

// clusterHealth is that of a cluster's hosts together; with hosts that were never plugged in it is not well.
func (a *Array) clusterHealth(cluster Object) string {
	members := a.members(cluster)
	if len(members) == 0 {
		return nothingToTell
	}
	for _, host := range members {
		if a.hostHealth(host) != pathsFine {
			return pathsLost
		}
	}
	return pathsFine
}

// clusterStatus is that of the host which is worst off.
func (a *Array) clusterStatus(cluster Object) string {
	worst := disconnected
	for i, host := range a.members(cluster) {
		status := a.connectionsOf(ports(host)).status()
		if i == 0 || status == disconnected || status == degraded && worst == fullyConnected {
			worst = status
		}
	}
	return worst
}
