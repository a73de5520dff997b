package infinibox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A network interface is a port of a node by itself, a group of ports, or a VLAN on top of a group.
const (
	portInterface  = "PORT"
	groupInterface = "PORT_GROUP"
	vlanInterface  = "VLAN"

	enabled  = "ENABLED"
	disabled = "DISABLED"

	highestVLAN      = 4094
	highestRateLimit = 1000000
)

// typedFields are the fields that only some types of interfaces have.
var typedFields = map[string][]string{
	"vlan": {vlanInterface}, "underlying_interface_id": {vlanInterface},
	"ports": {portInterface, groupInterface}, "operational_state": {portInterface, groupInterface}, "operational_state_description": {portInterface, groupInterface},
}

func newInterfaces() *collection {
	return newCollection(collection{
		path: "network/interfaces", noun: "Interface", absent: "INTERFACE_NOT_FOUND", absentText: "Invalid interface", command: "GetAllNetworkInterfaces",
		minor: true, creation: by(networkRoles), updating: by(networkRoles), deletion: by(networkRoles),
		has: func(o Object, field string) bool {
			return typedFields[field] == nil || slices.Contains(typedFields[field], o.text("type"))
		},
		prepare: prepareInterface, fill: fillInterface, check: checkInterface,
		checks: map[string]func(ch *change) error{
			"name": checkInterfaceName, "node_id": checkInterfaceNode, "ports": checkInterfacePorts,
			"underlying_interface_id": checkUnderlying, "vlan": checkVLAN,
			"rate_limit": func(ch *change) error {
				if err := changeable(ch); err != nil {
					return err
				}
				return checkRateLimit(ch.after)
			},
		},
		keeps: func(rq *request, o Object) error { return rq.a.keepsInterface(o) },
		computed: map[string]func(a *Array, o Object) any{
			"network_space_ids": func(a *Array, o Object) any { return ids(a.spacesOn(o)) },
			"operational_state": func(a *Array, o Object) any {
				state, _ := a.operation(o)
				return state
			},
			"operational_state_description": func(a *Array, o Object) any {
				_, description := a.operation(o)
				return description
			},
		},
	}, `
		id                            integer  filter sort
		name                          text     filter sort required update
		type                          text(PORT|PORT_GROUP|VLAN)  filter sort required
		node_id                       integer  filter sort create
		ports                         list     create update
		underlying_interface_id       integer  create
		vlan                          integer  create
		rate_limit                    integer  filter sort create update null
		state                         text(ENABLED|DISABLED)  ="ENABLED"
		internal_name                 text     filter sort
		network_space_ids             list
		operational_state             text(CONNECTED|PARTIALLY_CONNECTED|DISCONNECTED|ADMINISTRATIVELY_DISABLED)
		operational_state_description text
	`)
}

func (a *Array) interfaceRoutes(r router) {
	r.serve(a, a.interfaces)
	r.write(http.MethodPost, "/network/interfaces/{id}/ports", networkRoles, a.withInterface(a.addInterfacePort))
	r.write(http.MethodDelete, "/network/interfaces/{id}/ports/{name}", networkRoles, a.withInterface(a.removeInterfacePort))
	r.write(http.MethodPost, "/network/interfaces/{id}/enable", networkRoles, a.withInterface(a.enableInterface))
	r.write(http.MethodPost, "/network/interfaces/{id}/disable", networkRoles, a.withInterface(a.disableInterface))
}

// withInterface finds the interface of the path.
func (a *Array) withInterface(do func(rq *request, o Object) (any, error)) handler {
	return func(rq *request) (any, error) {
		o, err := rq.object(a.interfaces)
		if err != nil {
			return nil, err
		}
		return do(rq, o)
	}
}

func ids(objects []Object) []any {
	found := []any{}
	for _, o := range objects {
		found = append(found, o.id())
	}
	return found
}

// prepareInterface asks of each type for the fields that it has, and forgives an id of 0, which clients send for none.
func prepareInterface(rq *request, body map[string]any) error {
	if !rq.creates() {
		return nil
	}
	if id, ok := toInt(body["id"]); body["id"] == nil || ok && id == 0 {
		delete(body, "id")
	}
	kind, _ := body["type"].(string)
	needed := []string{"node_id"}
	switch strings.ToUpper(kind) {
	case vlanInterface:
		if err := only(body, "name", "type", "rate_limit", "underlying_interface_id", "vlan"); err != nil {
			return err
		}
		needed = []string{"underlying_interface_id", "vlan"}
	case groupInterface, portInterface:
		if err := only(body, "name", "type", "rate_limit", "node_id", "ports"); err != nil {
			return err
		}
		if strings.EqualFold(kind, portInterface) {
			needed = append(needed, "ports")
		}
	default:
		return nil // the table tells what is wrong with the type
	}
	for _, name := range needed {
		if body[name] == nil {
			return errMissing(name)
		}
	}
	return nil
}

// fillInterface puts a VLAN on the node of what it is on top of.
func fillInterface(ch *change) {
	if !ch.isNew() {
		return
	}
	if below := ch.a.underlying(ch.after); below != nil {
		ch.after["node_id"] = below["node_id"]
	}
	if ch.after["ports"] == nil {
		ch.after["ports"] = []any{}
	}
}

// underlying is what a VLAN is on top of; of other interfaces nil.
func (a *Array) underlying(o Object) Object {
	if o["type"] != vlanInterface {
		return nil
	}
	return a.interfaces.objects[o.int("underlying_interface_id")]
}

func (a *Array) vlansOn(o Object) []Object {
	return a.interfaces.where("underlying_interface_id", o.id())
}

// changeable refuses any change of a port that is an interface by itself.
func changeable(ch *change) error {
	if !ch.isNew() && ch.before["type"] == portInterface {
		return conflict("OPERATION_NOT_SUPPORTED", "updating attributes of a single port interface is not supported")
	}
	return nil
}

func checkInterfaceName(ch *change) error {
	name := ch.after.name()
	if err := changeable(ch); err != nil {
		return err
	}
	if err := checkName(name); err != nil {
		return err
	}
	for _, other := range ch.a.interfaces.where("node_id", ch.after.int("node_id")) {
		if other.id() != ch.before.id() && strings.EqualFold(other.name(), name) {
			return conflict("INTERFACE_NAME_CONFLICT", "An interface with this name already exists")
		}
	}
	switch {
	case ch.isNew() || name == ch.before.name():
		return nil
	case len(ch.a.vlansOn(ch.before)) > 0:
		return conflict("CANNOT_RENAME_INTERFACE_WITH_VLANS", "Interface '%s' has VLANs. Renaming the interface is not allowed", ch.before.name())
	case len(ch.a.spacesOn(ch.before)) > 0:
		return conflict("INTERFACE_IN_USE_BY_ASSOCIATED_NET_SPACE", "The interface is in use by network space(s) associated with a service")
	}
	return nil
}

func checkInterfaceNode(ch *change) error {
	_, err := ch.a.rack.nodes.find(ch.after.int("node_id"))
	return err
}

// checkRateLimit checks the limit of an interface or a network space; null is none.
func checkRateLimit(o Object) error {
	limit, limited := o["rate_limit"].(int)
	switch {
	case limited && limit < 1:
		return errWrong("rate_limit", limit, "must be greater than or equal to 1")
	case limited && limit > highestRateLimit:
		return errWrong("rate_limit", limit, fmt.Sprintf("must be less than or equal to %d", highestRateLimit))
	}
	return nil
}

func checkUnderlying(ch *change) error {
	below, err := ch.a.interfaces.find(ch.after.int("underlying_interface_id"))
	switch {
	case err != nil:
		return err
	case below["type"] != groupInterface:
		return conflict("ILLEGAL_UNDERLYING_INTERFACE_TYPE", "VLAN must be created on top of a port group")
	case !ch.a.carries(below):
		return conflict("NO_ACTIVE_PORTS_FOR_VLAN", "Creating a VLAN on top of a port group requires at least one active port")
	}
	return nil
}

func checkVLAN(ch *change) error {
	vlan, below := ch.after.int("vlan"), ch.a.underlying(ch.after)
	switch {
	case vlan < 1:
		return errWrong("vlan", vlan, "must be greater than or equal to 1")
	case vlan > highestVLAN:
		return errWrong("vlan", vlan, fmt.Sprintf("must be less than or equal to %d", highestVLAN))
	}
	for _, other := range ch.a.vlansOn(below) {
		if other.int("vlan") == vlan {
			return conflict("VLAN_ID_ALREADY_DEFINED_ON_INTERFACE", "VLAN %d is already defined on interface '%s'", vlan, below.name())
		}
	}
	return nil
}

// checkInterface checks that there is room for a new interface on its node, and gives it its internal name.
func checkInterface(ch *change) error {
	if !ch.isNew() {
		return nil
	}
	a, o := ch.a, ch.after
	node, isVLAN, count := o.int("node_id"), o["type"] == vlanInterface, 0
	for _, other := range a.interfaces.where("node_id", node) {
		if (other["type"] == vlanInterface) == isVLAN {
			count++
		}
	}
	switch limits := a.limits; {
	case isVLAN && count >= limits.VLANInterfaces:
		return conflict("VLAN_INTERFACES_PER_NODE_COUNT_LIMIT", "A new VLAN interface cannot be created on node %d. The system has reached the maximum number of VLAN interfaces per node: %d", node, limits.VLANInterfaces)
	case !isVLAN && count >= limits.Interfaces:
		return conflict("INTERFACES_PER_NODE_COUNT_LIMIT", "A new interface cannot be created on node %d. The system has reached the maximum number of interfaces per node: %d", node, limits.Interfaces)
	}
	o["internal_name"] = a.internalName(o)
	return nil
}

// internalName is how the array calls an interface for itself: by the node and the lowest number that is free there, a VLAN
// after what it is on top of, a port by its own number.
func (a *Array) internalName(o Object) string {
	switch o["type"] {
	case vlanInterface:
		return fmt.Sprintf("%s.%d", a.underlying(o).text("internal_name"), o.int("vlan"))
	case portInterface:
		return fmt.Sprintf("N%dETH%d", o.int("node_id"), asObject(o.list("ports")[0])["port_number"])
	}
	taken := map[string]bool{}
	for _, other := range a.interfaces.objects {
		taken[other.text("internal_name")] = true
	}
	for n := 1; ; n++ {
		if name := fmt.Sprintf("N%dL%d", o.int("node_id"), n); !taken[name] {
			return name
		}
	}
}

func (a *Array) keepsInterface(o Object) error {
	switch {
	case len(a.vlansOn(o)) > 0:
		return conflict("CANNOT_DELETE_INTERFACE_WITH_VLANS", "Interface '%s' has VLANs, please delete them first", o.name())
	case len(a.spacesOn(o)) > 0:
		return errInterfaceInUse
	case o["type"] != vlanInterface && o["state"] == enabled:
		return conflict("INTERFACE_IS_ENABLED", "Enabled interface cannot be deleted. Please disable first")
	}
	return nil
}

var errInterfaceInUse = &apiError{"INTERFACE_IN_USE", http.StatusConflict, "The interface is in use by network space(s)"}

func (a *Array) enableInterface(_ *request, o Object) (any, error) {
	switch {
	case o["type"] == vlanInterface:
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Enabling a VLAN interface is not supported")
	case o["state"] == enabled:
		return nil, conflict("INTERFACE_ALREADY_ENABLED", "Interface is already enabled")
	}
	return a.switchInterface(o, enabled), nil
}

func (a *Array) disableInterface(rq *request, o Object) (any, error) {
	switch {
	case o["type"] == vlanInterface:
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Disabling a VLAN interface is not supported")
	case o["state"] == disabled:
		return nil, conflict("INTERFACE_ALREADY_DISABLED", "Interface is already disabled")
	case len(a.spacesOn(o)) > 0:
		return nil, errInterfaceInUse
	case len(a.vlansOn(o)) > 0:
		if err := rq.needApproval("Interface '%s' has VLANs. Disabling the interface will also disable these VLANs, and may cause any network space using them to become temporarily unavailable", o.name()); err != nil {
			return nil, err
		}
	}
	return a.switchInterface(o, disabled), nil
}

// switchInterface puts an interface, and the VLANs on top of it, into a state.
func (a *Array) switchInterface(o Object, state string) any {
	for _, each := range append(a.vlansOn(o), o) {
		each["state"] = state
	}
	return a.render(o, nil)
}
