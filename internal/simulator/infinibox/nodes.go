package infinibox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A node is one of the array's controllers. The states of one on its way in or out are those of the reference's examples.
const (
	nodeActive   = "ACTIVE"
	nodeDegraded = "DEGRADED"
	nodeReady    = "READY"

	nodePhasesIn  = 15 * 60 * second
	nodePhasesOut = 10 * 60 * second
)

// support are the roles that may handle hardware.
var support = []string{"TECHNICIAN", "INFINIDAT"}

func newNodes() *collection {
	var c *collection
	c = newCollection(collection{
		path: "components/nodes", noun: "Node", command: "GetNodes",
		absent: "ILLEGAL_NODE_ID", absentText: "Illegal node ID %d. Legal values " + legalNodes(),
		delivered: func() []Object {
			return c.numbered(nodesInRack, func(id int) map[string]any {
				return map[string]any{"name": fmt.Sprintf("node-%d", id), "protecting_bbu": id}
			})
		},
		computed: map[string]func(a *Array, o Object) any{
			"last_probe_timestamp": lastProbe,
			"pgs":                  func(a *Array, o Object) any { return a.portGroupsOf(o) },
			"drives":               func(a *Array, o Object) any { return a.partsOf(a.rack.nodeDrives, o) },
			"fc_ports":             func(a *Array, o Object) any { return a.partsOf(a.rack.fcPorts, o) },
			"eth_ports":            func(a *Array, o Object) any { return a.partsOf(a.rack.ethPorts, o) },
			"ib_ports":             func(a *Array, o Object) any { return a.partsOf(a.rack.ibPorts, o) },
			"services":             func(_ *Array, o Object) any { return subsystems(o) },
			"connectivity_status":  func(a *Array, _ Object) any { return a.connectivity() },
		},
	}, `
		id                    integer
		name                  text
		state                 text(ACTIVE|DEGRADED|PHASING_OUT|READY|PHASING_IN|INACTIVE|UNKNOWN)  ="ACTIVE"
		state_description     text     =""
		vendor                text     ="Dell"
		model                 text     ="R760"
		firmware              text     =""
		power                 decimal  =0.0
		protecting_bbu        integer
		bios.state            `+physicalStates+`  ="OK"
		ntp.state_description text     =""
		services              list
		drives                list
		eth_ports             list
		fc_ports              list
		ib_ports              list
		pgs                   list
		connectivity_status   object
		probe_ttl             integer  =60000
		last_probe_timestamp  integer
	`)
	return c
}

func legalNodes() string {
	var ids []string
	for id := 1; id <= nodesInRack; id++ {
		ids = append(ids, itoa(id))
	}
	return strings.Join(ids, ", ")
}

func (a *Array) nodeRoutes(r router) {
	r.list("/components/nodes/{id}/pgs", a.withNode(func(rq *request, node Object) (any, error) {
		return plain(rq, "GetPortGroups", a.portGroupsOf(node))
	}))
	r.read("/components/nodes/{id}/pgs/{pg}", a.withNode(func(rq *request, node Object) (any, error) {
		for _, group := range a.portGroupsOf(node) {
			if found := group.(map[string]any); itoa(found["id"].(int)) == rq.path[1] {
				return plucked(found, pluck(rq.query)), nil
			}
		}
		return nil, notFound("INTERFACE_NOT_FOUND", "Invalid interface")
	}))
	r.write(http.MethodPost, "/components/nodes/{id}/phase_in", support, a.withNode(a.phaseIn))
	r.write(http.MethodPost, "/components/nodes/{id}/phase_out", support, a.withNode(a.phaseOut))
}

// withNode finds the node of the path.
func (a *Array) withNode(do func(rq *request, node Object) (any, error)) handler {
	return func(rq *request) (any, error) {
		node, err := rq.object(a.rack.nodes)
		if err != nil {
			return nil, err
		}
		return do(rq, node)
	}
}

// subsystemsDown are the names of a degraded node's subsystems that do not work.
const subsystemsDown = ".down"

// subsystems are what a node does, and whether it does. As a service, each has its name in small letters.
func subsystems(node Object) []any {
	services := []any{}
	for _, name := range []string{"CORE", "MGMT", "FC", "NAS"} {
		state := "INACTIVE"
		if works(node, name) {
			state = "ACTIVE"
		}
		services = append(services, map[string]any{"name": strings.ToLower(name), "state": state, "node_index": node.id()})
	}
	return services
}

// works tells whether a subsystem of a node does what it is for.
func works(node Object, subsystem string) bool {
	return isServing(node) && !slices.Contains(node.list(subsystemsDown), any(subsystem))
}

// isServing tells whether a node is a part of the system.
func isServing(node Object) bool {
	return node["state"] == nodeActive || node["state"] == nodeDegraded
}

// connectivity is what a node sees of the other parts of the rack.
func (a *Array) connectivity() map[string]any {
	links := func(c *collection) []any {
		seen := []any{}
		for _, o := range c.all() {
			link := "UP"
			if o["state"] != "OK" {
				link = "DOWN"
			}
			seen = append(seen, link)
		}
		return seen
	}
	batteries := []any{}
	for _, o := range a.rack.batteries.all() {
		batteries = append(batteries, a.render(o, []string{"state", "state_description"}))
	}
	return map[string]any{
		"eth_switches": links(a.rack.ethSwitches), "enclosures": links(a.rack.enclosures),
		"support_appliances": links(a.rack.appliances), "pdu": links(a.rack.pdus), "bbu": batteries,
	}
}

// phaseIn takes a node that is ready into the system.
func (a *Array) phaseIn(_ *request, node Object) (any, error) {
	if node["state"] != nodeReady {
		return nil, errNodeState("PHASE_IN", node)
	}
	switch node[refuses] {
	case "NODE_ACTIVATION_FAILED":
		return nil, conflict("NODE_ACTIVATION_FAILED", "Node %d activation failed", node.id())
	case "TPM_MISSING_FOR_ACTIVATION":
		return nil, conflict("TPM_MISSING_FOR_ACTIVATION", "TPM module is missing from node %d, this node can't be activated while the system is in FIPS mode.", node.id())
	case "NODE_SECURITY_MODE_MISMATCH":
		return nil, conflict("NODE_SECURITY_MODE_MISMATCH", "Node %d could not be activated due to a security mode mismatch. Reason: General error occurred", node.id())
	}
	then := nodeActive
	if len(node.list(subsystemsDown)) > 0 {
		then = nodeDegraded
	}
	a.begin(node, "PHASING_IN", then, nodePhasesIn)
	return a.render(node, nil), nil
}

// phaseOut takes a node out of the system. It stays powered, ready to be taken in again.
func (a *Array) phaseOut(rq *request, node Object) (any, error) {
	if !isServing(node) {
		return nil, errNodeState("PHASE_OUT", node)
	}
	for _, other := range a.rack.nodes.all() {
		if other.id() != node.id() && !isServing(other) {
			return nil, conflict("OPERATION_DENIED_CLUSTER_NOT_FULL", "Cluster is not full or node in joining state")
		}
	}
	if err := rq.needApproval("Deactivating node '%s' may lead to a degradation in system performance and resiliency", node.name()); err != nil {
		return nil, err
	}
	a.begin(node, "PHASING_OUT", nodeReady, nodePhasesOut)
	return a.render(node, nil), nil
}

func errNodeState(operation string, node Object) error {
	return conflict("ILLEGAL_NODE_STATE", "Operation %s cannot be executed on %s when in state %s", operation, node.name(), node.text("state"))
}
