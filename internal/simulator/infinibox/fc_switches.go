package infinibox

import "fmt"

// A switch of the Fibre Channel fabric is known from the ports that are cabled to it: the first half of each node's to the
// first, the second half to the second. When no port has a link to it any more, it can be forgotten; a port that is enabled
// finds it again.

func newFCSwitches() *collection {
	return newCollection(collection{
		path: "fc/switches", noun: "FC switch", absent: "FC_SWITCH_NOT_FOUND", absentText: "FC switch not found", command: "GetAllFcSwitches",
		taken: "FC_SWITCH_NAME_CONFLICT", takenText: "A FC switch with this name already exists",
		updating: by(administrators), deletion: by(administrators),
		keeps: func(rq *request, o Object) error {
			if rq.a.switchState(o) != "DISCONNECTED" {
				return conflict("FC_SWITCH_NOT_DISCONNECTED", "FC switch '%s' is not disconnected - Please disconnect it first", o.name())
			}
			return nil
		},
		computed: map[string]func(a *Array, o Object) any{
			"resiliency_state":  func(a *Array, o Object) any { return a.switchState(o) },
			"resiliency_bitmap": func(a *Array, o Object) any { return a.switchLinks(o) },
		},
	}, `
		id                integer  filter sort
		name              text     filter sort update
		vendor            text     filter sort  ="skynet"
		wwnn              text     filter sort
		resiliency_state  text(OK|DEGRADED|DISCONNECTED|N/A)
		resiliency_bitmap list
	`)
}

// addFCSwitches makes the switches that the ports are cabled to.
func (a *Array) addFCSwitches() {
	for id := 1; id <= fcSwitchesInRack; id++ {
		a.addFCSwitch(id)
	}
}

// addFCSwitch makes the switch of a number, under its own name or, where that is taken, under its name in the fabric.
func (a *Array) addFCSwitch(id int) {
	wwnn := colons(fmt.Sprintf("ca11f0491aac%04x", 0xe300+id))
	name := fmt.Sprintf("switch-%d", id)
	if a.rack.fcSwitches.freeKey(name, id) != nil {
		name = wwnn
	}
	a.rack.fcSwitches.keep(a.make(a.rack.fcSwitches, map[string]any{"id": id, "name": name, "wwnn": wwnn}))
}

// switchOf is the id of the switch that a port is cabled to.
func switchOf(port Object) int { return 1 + (port.id()-1)/(fcPortsOfNode/fcSwitchesInRack) }

// findSwitch notes the switch that a port sees, if it was forgotten.
func (a *Array) findSwitch(port Object) {
	if id := switchOf(port); a.fcLink(port) == "UP" && a.rack.fcSwitches.objects[id] == nil {
		a.addFCSwitch(id)
	}
}

// ofSwitch is a field of the switch that a port has a link to.
func (a *Array) ofSwitch(port Object, field string) any {
	if o := a.rack.fcSwitches.objects[switchOf(port)]; o != nil && a.fcLink(port) == "UP" {
		return o[field]
	}
	return ""
}

// switchLinks tells of each node whether one of its ports has a link to a switch.
func (a *Array) switchLinks(o Object) []any {
	links := []any{}
	for _, node := range a.rack.nodes.all() {
		up := false
		for _, port := range a.rack.fcPorts.where("node_index", node.id()) {
			up = up || switchOf(port) == o.id() && a.fcLink(port) == "UP"
		}
		links = append(links, up)
	}
	return links
}

func (a *Array) switchState(o Object) string {
	up := 0
	for _, link := range a.switchLinks(o) {
		if link == true {
			up++
		}
	}
	switch up {
	case 0:
		return "DISCONNECTED"
	case nodesInRack:
		return "OK"
	}
	return "DEGRADED"
}

// softTarget is an address that hosts reach the array by wherever it is: at the port that has it, or while that is down,
// at another such port on the same switch.
type softTarget struct{ home, at Object }

func (a *Array) allSoftTargets() []softTarget {
	var targets []softTarget
	for _, port := range a.rack.fcPorts.all() {
		if port["role"] != softPort {
			continue
		}
		if at := a.takesOver(port); at != nil {
			targets = append(targets, softTarget{port, at})
		}
	}
	return targets
}

// takesOver is the port that has a soft target now: its own one, else the first that can; nil when none can.
func (a *Array) takesOver(home Object) Object {
	if a.fcLink(home) == "UP" {
		return home
	}
	for _, port := range a.rack.fcPorts.all() {
		if port["role"] == softPort && switchOf(port) == switchOf(home) && a.fcLink(port) == "UP" {
			return port
		}
	}
	return nil
}

// softTargets lists them as the vendor's SDK reads them; the reference has only their addresses, at the ports.
func (a *Array) softTargets(rq *request) (any, error) {
	found := []map[string]any{}
	for i, target := range a.allSoftTargets() {
		found = append(found, map[string]any{
			"id": i + 1, "wwpn": colons(a.softTargetName(target.home)), "port_number": target.at.id(), "node_id": target.at["node_index"],
			"switch_id": switchOf(target.home), "is_home": target.at.slot() == target.home.slot(),
		})
	}
	return plain(rq, "GetAllFcSoftTargets", found)
}
