package infinibox

import (
	"fmt"
	"slices"
	"strings"
)

// longestPortName is what the operating system of a node allows.
const longestPortName = 15

// ethPortNamed is the Ethernet port of a node by its name.
func (a *Array) ethPortNamed(node int, name string) Object {
	for _, port := range a.rack.ethPorts.where("node_index", node) {
		if port["name"] == name {
			return port
		}
	}
	return nil
}

// interfacePorts are the Ethernet ports of an interface; those of a VLAN are those of what it is on top of.
func (a *Array) interfacePorts(o Object) []Object {
	if below := a.underlying(o); below != nil {
		o = below
	}
	var ports []Object
	for _, item := range o.list("ports") {
		name, _ := asObject(item)["name"].(string)
		if port := a.ethPortNamed(o.int("node_id"), name); port != nil {
			ports = append(ports, port)
		}
	}
	return ports
}

// carries tells whether data can travel over an interface.
func (a *Array) carries(o Object) bool {
	return o["state"] == enabled && slices.ContainsFunc(a.interfacePorts(o), a.linked)
}

func (a *Array) linked(port Object) bool { return a.ethLink(port) == "UP" }

// operation is the state of a port or port group, and what the array says of it.
func (a *Array) operation(o Object) (state, description string) {
	ports := a.interfacePorts(o)
	var down []string
	speeds := map[int]bool{}
	for _, port := range ports {
		speeds[port.int("max_speed")] = true
		if !a.linked(port) {
			down = append(down, itoa(port.int("port_number")))
		}
	}
	switch {
	case o["state"] == disabled:
		return "ADMINISTRATIVELY_DISABLED", "The interface was disabled by an administrator"
	case len(ports) == 0:
		return "DISCONNECTED", "N/A"
	case len(down) == len(ports):
		return "DISCONNECTED", fmt.Sprintf("All ports in this interface are disconnected. The disconnected ports are: %s.", strings.Join(down, ", "))
	case len(down) > 0:
		return "PARTIALLY_CONNECTED", fmt.Sprintf("Some of the ports in this interface are disconnected. The disconnected ports are: %s.", strings.Join(down, ", "))
	case len(speeds) > 1:
		return "CONNECTED", "All ports in the interface are connected, but do not run at the same speed"
	}
	return "CONNECTED", "All ports in the interface are connected and run at the same speed"
}

// checkInterfacePorts checks the ports that an interface is going to have, and keeps their numbers and names.
func checkInterfacePorts(ch *change) error {
	if err := changeable(ch); err != nil {
		return err
	}
	a, o := ch.a, ch.after
	if o["type"] == portInterface && len(o.list("ports")) != 1 {
		return errWrong("ports", len(o.list("ports")), "must be exactly one")
	}
	if !ch.isNew() && len(o.list("ports")) == 0 && len(ch.before.list("ports")) > 0 {
		return conflict("CANNOT_DELETE_LAST_PORT_IN_PORTGROUP", "Cannot delete last port in port group")
	}
	known := a.interfacePorts(ch.before)
	speeds, added, kept := map[any]bool{}, false, []any{}
	for _, item := range o.list("ports") {
		port, err := a.readInterfacePort(o, item)
		if err != nil {
			return err
		}
		entry := map[string]any{"port_number": port["port_number"], "name": port["name"]}
		if slices.ContainsFunc(kept, func(other any) bool { return asObject(other)["name"] == port["name"] }) {
			return badRequest("PORT_SPECIFIED_MULTIPLE_TIMES", "A port (%s) can be used only once in a port group", port.name())
		}
		if owner := a.interfaceOf(port); owner != nil && owner.id() != ch.before.id() {
			return errPortTaken(port)
		}
		speeds[port["max_speed"]] = true
		added = added || !slices.ContainsFunc(known, func(other Object) bool { return other.slot() == port.slot() })
		kept = append(kept, entry)
	}
	o["ports"] = kept
	if added && len(speeds) > 1 {
		return ch.rq.needApproval("The possible maximum speed of the ports in the Port Group is not identical. To ensure the system is configured according to the best practices, make sure that all ports in the Port Group will run at the same speed or select other ports")
	}
	return nil
}

// readInterfacePort finds the port that an element of ports names.
func (a *Array) readInterfacePort(o Object, item any) (Object, error) {
	entry, ok := item.(map[string]any)
	if !ok {
		return nil, errField("ports")
	}
	if err := only(entry, "name", "port_number"); err != nil {
		return nil, err
	}
	if entry["name"] == nil {
		return nil, errMissing("name")
	}
	name, ok := entry["name"].(string)
	if !ok {
		return nil, errField("name")
	}
	node := o.int("node_id")
	port := a.ethPortNamed(node, name)
	switch {
	case len(name) > longestPortName:
		return nil, badRequest("ILLEGAL_INTERFACE_NAME", "Illegal interface name '%s'", name)
	case port == nil:
		return nil, badRequest("NO_SUCH_PORT", "Node %d does not have a port '%s'", node, name)
	case !isDataPort(port):
		role := port.text("role")
		return nil, badRequest("WRONG_PORT_ROLE", "The port '%s' on node %d is of the wrong role: %s", name, node, role[:1]+strings.ToLower(role[1:]))
	}
	return port, nil
}

// interfaceOf is the port group or single port that has a port, or nil.
func (a *Array) interfaceOf(port Object) Object {
	for _, o := range a.interfaces.where("node_id", port.int("node_index")) {
		if o["type"] == vlanInterface {
			continue
		}
		if slices.ContainsFunc(a.interfacePorts(o), func(other Object) bool { return other.slot() == port.slot() }) {
			return o
		}
	}
	return nil
}

func errPortTaken(port Object) error {
	return conflict("PORT_BELONGS_TO_PORTGROUP", "The port '%s' on node %d is already part of a port group", port.name(), port.int("node_index"))
}

func (a *Array) addInterfacePort(rq *request, o Object) (any, error) {
	if o["type"] != groupInterface {
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Adding a port is supported for port groups only")
	}
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	port, err := a.readInterfacePort(o, body)
	if err != nil {
		return nil, err
	}
	if a.interfaceOf(port) != nil {
		return nil, errPortTaken(port)
	}
	if err := a.change(rq, o, map[string]any{"ports": append(slices.Clone(o.list("ports")), body)}); err != nil {
		return nil, err
	}
	return created{a.render(o, nil)}, nil
}

func (a *Array) removeInterfacePort(rq *request, o Object) (any, error) {
	name := rq.path[1]
	left := slices.DeleteFunc(slices.Clone(o.list("ports")), func(item any) bool { return asObject(item)["name"] == name })
	if len(left) == len(o.list("ports")) {
		return nil, notFound("PORT_NOT_IN_PORTGROUP", "Port '%s' not found in the port group", name)
	}
	if err := a.change(rq, o, map[string]any{"ports": left}); err != nil {
		return nil, err
	}
	return a.render(o, nil), nil
}

// portGroupsOf are the port groups of a node as they are listed among its hardware.
func (a *Array) portGroupsOf(node Object) []any {
	groups := []any{}
	for _, o := range a.interfaces.where("node_id", node.id()) {
		if o["type"] != groupInterface {
			continue
		}
		_, number, _ := strings.Cut(o.text("internal_name"), "L")
		id, _ := toInt(number)
		var slaves []string
		address := "00:00:00:00:00:00"
		for i, port := range a.interfacePorts(o) {
			if i == 0 {
				address = a.mac(port)
			}
			slaves = append(slaves, port.name())
		}
		operation, description := a.operation(o)
		state := map[string]string{"CONNECTED": "OK", "ADMINISTRATIVELY_DISABLED": "OK", "PARTIALLY_CONNECTED": "WARNING", "DISCONNECTED": "ERROR"}[operation]
		if state == "OK" {
			description = ""
		}
		groups = append(groups, map[string]any{
			"id": id, "system_interface_port_number": id, "node_index": node.id(), "name": o.name(), "role": "PG", "hw_addr": address,
			"state": state, "state_description": description, "vendor": "unknown", "firmware": "", "connection_speed": nil,
			"model": "Port-Group Master with slaves: " + strings.Join(slaves, " "), "probe_ttl": 10000, "last_probe_timestamp": a.lastProbeOf(10000),
			"ip_v4_addr": nil, "ip_v4_netmask": nil, "ip_v4_broadcast": nil, "ip_v6_netmask": "ffff:ffff:ffff:ffff::",
			"ip_v6_addr": linkLocal(address) + "%" + o.name(),
		})
	}
	return groups
}

// linkLocal is the address that a port gives itself by its hardware address.
func linkLocal(mac string) string {
	var b [6]int
	_, _ = fmt.Sscanf(mac, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5])
	return fmt.Sprintf("fe80::%x:%xff:fe%02x:%x", b[0]<<8^0x200|b[1], b[2], b[3], b[4]<<8|b[5])
}
