package infinibox

import (
	"fmt"
	"net/http"
	"strings"
)

const (
	hardPort = "HARD_PORT"
	softPort = "SOFT_PORT" // has a soft target, which another such port takes over when it is down
)

// networkRoles are those that may change what data travels over.
var networkRoles = []string{"TECHNICIAN", "ADMIN", "INFINIDAT"}

func newFCPorts() *collection {
	var c *collection
	// of is what only an enabled port tells of itself; nothing is what it answers else.
	of := func(known, nothing any) func(a *Array, o Object) any {
		return func(_ *Array, o Object) any {
			if o.bool("enabled") {
				return known
			}
			return nothing
		}
	}
	c = newCollection(collection{
		path: "fc_ports", noun: "Port", absent: "PORT_NOT_FOUND", command: "GetFcPorts", in: "node_index", nested: true, local: true,
		delivered: func() []Object {
			return c.inEach(nodesInRack, fcPortsOfNode, func(_, id int) map[string]any {
				values := map[string]any{"hba_port_number": 1 + (id-1)%2, "system_interface_port_number": id}
				if id%(fcPortsOfNode/fcSwitchesInRack) == 0 {
					values["role"] = softPort
				}
				return values
			})
		},
		computed: map[string]func(a *Array, o Object) any{
			"last_probe_timestamp": lastProbe,
			"wwnn":                 func(a *Array, o Object) any { return colons(a.portName(o.int("node_index"), 0)) },
			"wwpn":                 func(a *Array, o Object) any { return colons(a.portWWPN(o)) },
			"link_state":           func(a *Array, o Object) any { return a.fcLink(o) },
			"connection_speed": func(a *Array, o Object) any {
				if a.fcLink(o) != "UP" {
					return nil
				}
				return 8 * gigabit
			},
			"max_speed": of(8*gigabit, nil), "firmware": of("5.3.13", nil), "model": of("ISP2532", "unknown"),
			"switch_vendor": func(a *Array, o Object) any { return a.ofSwitch(o, "vendor") },
			"switch_wwnn":   func(a *Array, o Object) any { return a.ofSwitch(o, "wwnn") },
			"soft_target_addresses": func(a *Array, o Object) any {
				addresses := []any{}
				for _, target := range a.allSoftTargets() {
					if target.at.slot() == o.slot() {
						addresses = append(addresses, colons(a.softTargetName(target.home)))
					}
				}
				return addresses
			},
		},
	}, `
		id                                  integer
		node_index                          integer
		hba_port_number                     integer
		system_interface_port_number        integer
		enabled                             boolean  =true
		role                                text(HARD_PORT|SOFT_PORT)  ="HARD_PORT"
		state                               `+physicalStates+`  ="OK"
		state_description                   text     =""
		link_state                          text(UP|DOWN|UNKNOWN)
		connection_speed                    integer
		max_speed                           integer
		wwnn                                text
		wwpn                                text
		soft_target_addresses               list
		switch_vendor                       text
		switch_wwnn                         text
		qla_errs                            integer  =0
		vendor                              text     ="QLogic"
		model                               text
		firmware                            text
		hardware_revision                   text
	`+optics)
	return c
}

func (a *Array) fcPortRoutes(r router) {
	for verb, do := range map[string]func(rq *request, port Object) error{"enable": a.enablePort, "disable": a.disablePort} {
		r.write(http.MethodPost, "/components/nodes/{id}/fc_ports/{fc}/"+verb, networkRoles, func(rq *request) (any, error) {
			port, err := rq.object(a.rack.fcPorts)
			if err == nil {
				err = do(rq, port)
			}
			if err != nil {
				return nil, err
			}
			return a.render(port, nil), nil
		})
	}
}

// enablePort turns a port on, in the role asked for or in the one it had.
func (a *Array) enablePort(rq *request, port Object) error {
	body, err := rq.onlyFields("role")
	if err != nil {
		return err
	}
	if port.bool("enabled") {
		return conflict("PORT_ALREADY_ENABLED", "Cannot enable an enabled port")
	}
	role := port["role"]
	if given, ok := body["role"]; ok && given != nil {
		if role, err = a.rack.fcPorts.byName["role"].convert(given); err != nil {
			return conflict("PORT_OPERATION_FAILED", "Operation 'enable and set port role' on port system.racks[1].nodes[%d].fc_ports[%d] failed. Requested role is illegal", port.int("node_index"), port.id())
		}
	}
	port["enabled"], port["role"] = true, role
	a.findSwitch(port)
	return nil
}

func (a *Array) disablePort(rq *request, port Object) error {
	if !port.bool("enabled") {
		return conflict("PORT_ALREADY_DISABLED", "Cannot disable a disabled port")
	}
	if err := rq.needApproval("Disabling this FC port may lead to a degraded host connectivity or a complete host disconnection"); err != nil {
		return err
	}
	port["enabled"] = false
	return nil
}

// fcLink is whether there is a link at a port; a disabled one does not tell.
func (a *Array) fcLink(port Object) any {
	switch {
	case !port.bool("enabled"):
		return nil
	case port["state"] != "OK" || !works(a.holderOf(port), "FC"):
		return "DOWN"
	case port["link_state"] == nil:
		return "UP"
	}
	return port["link_state"]
}

// portName is a name of a node's port in the fabric: the maker's number, the array's, the node's and the port's.
func (a *Array) portName(node, port int) string {
	last := 0
	if port > 0 {
		last = node<<4 | port
	}
	return fmt.Sprintf("5742b0f000%04x%02x", a.serial, last)
}

func (a *Array) portWWPN(port Object) string { return a.portName(port.int("node_index"), port.id()) }

// softTargetName is the name of the soft target that a port has.
func (a *Array) softTargetName(port Object) string {
	return a.portName(port.int("node_index")|8, port.id())
}

// colons writes a name of the fabric as the array shows it.
func colons(name string) string {
	var pairs []string
	for i := 0; i+2 <= len(name); i += 2 {
		pairs = append(pairs, name[i:i+2])
	}
	return strings.Join(pairs, ":")
}
