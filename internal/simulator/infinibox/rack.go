package infinibox

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"strings"
)

// The rack is the hardware that every array comes with: three nodes with their ports and drives, enclosures of drives,
// switches, and the fabric that the ports are cabled to. What is said of a component is mostly the same in every rack; what
// operations and seeds change of it is kept in its object.

const (
	nodesInRack       = 3
	fcPortsOfNode     = 8 // half of them cabled to each switch
	ibPortsOfNode     = 2
	drivesOfNode      = 8
	enclosuresInRack  = 8
	drivesOfEnclosure = 60
	ethSwitchesInRack = 2
	pdusInRack        = 2
	appliancesInRack  = 1
	fcSwitchesInRack  = 2
)

type rack struct {
	nodes, fcPorts, ethPorts, ibPorts, nodeDrives *collection
	enclosures, drives, ethSwitches, appliances   *collection
	batteries, pdus, fcSwitches                   *collection

	underway []Object // nodes and drives that change by themselves, see finish
}

// physicalStates are the states of what is no logical part of the system.
const physicalStates = "text(OK|MISSING|WARNING|ERROR|UNKNOWN)"

// newRack makes the collections of components. They are filled once the array has them all, by deliver.
func newRack() rack {
	return rack{
		nodes: newNodes(), fcPorts: newFCPorts(), ethPorts: newEthPorts(), ibPorts: newIBPorts(), nodeDrives: newNodeDrives(),
		enclosures: newEnclosures(), drives: newDrives(),
		ethSwitches: newComponents("eth_switches", "Ethernet switch", "ETH_SWITCH", ethSwitchesInRack, `="NETGEAR"`, `="GS116E"`),
		appliances:  newComponents("support_appliances", "Support appliance", "SUPPORT_APPLIANCE", appliancesInRack, `="Dell"`, `="OptiPlex"`),
		batteries: newComponents("ups", "BBU", "BBU", nodesInRack, `="APC"`, `="SURT3000RMXLI"`, `
			onBattery boolean =false
			charging  boolean =false`),
		pdus: newComponents("pdus", "PDU", "PDU", pdusInRack, `="Raritan"`, `="PX2-1000"`, `
			power_ports       list    =[]
			power_consumption integer =0`),
		fcSwitches: newFCSwitches(),
	}
}

// components are all collections of the rack.
func (k *rack) components() []*collection {
	return []*collection{
		k.nodes, k.fcPorts, k.ethPorts, k.ibPorts, k.nodeDrives, k.enclosures, k.drives, k.ethSwitches, k.appliances,
		k.batteries, k.pdus, k.fcSwitches,
	}
}

// newComponents is a collection of components that are only looked at; more are the fields that only they have.
func newComponents(name, noun, code string, count int, vendor, model string, more ...string) *collection {
	var c *collection
	c = newCollection(collection{
		path: "components/" + name, noun: noun, absent: code + "_NOT_FOUND", command: "Get" + strings.ReplaceAll(noun, " ", "") + "s",
		delivered: func() []Object { return c.numbered(count, nil) },
		computed:  map[string]func(a *Array, o Object) any{"last_probe_timestamp": lastProbe},
	}, `
		id                   integer
		vendor               text     `+vendor+`
		model                text     `+model+`
		firmware             text     ="n/a"
		state                `+physicalStates+`  ="OK"
		state_description    text     =""
		probe_ttl            integer  =60000
		last_probe_timestamp integer
	`+strings.Join(more, "\n"))
	return c
}

// moving are the fields of components that each has by itself. Of the others they have only those that are not as the
// table says, as there are hundreds of components in each array.
var moving = []string{"state", "enabled", "role"}

// numbered are count new components with ids from 1, each with further values.
func (c *collection) numbered(count int, more func(id int) map[string]any) []Object {
	objects := make([]Object, 0, count)
	for id := 1; id <= count; id++ {
		o := Object{home: c, "id": id}
		for _, name := range moving {
			if f := c.byName[name]; f != nil {
				o[name] = f.initial
			}
		}
		if more != nil {
			maps.Copy(o, more(id))
		}
		objects = append(objects, o)
	}
	return objects
}

// inEach are count new components for each of the objects that hold them.
func (c *collection) inEach(holders, count int, more func(holder, id int) map[string]any) []Object {
	objects := make([]Object, 0, holders*count)
	for holder := 1; holder <= holders; holder++ {
		for _, o := range c.numbered(count, nil) {
			o[c.in] = holder
			if more != nil {
				maps.Copy(o, more(holder, o.id()))
			}
			objects = append(objects, o)
		}
	}
	return objects
}

// partsOf are the components that another one holds, as clients see them.
func (a *Array) partsOf(c *collection, holder Object) []any {
	return a.renderAll(c.where(c.in, holder.id()), nil)
}

// lastProbe is when the array last looked at a component: it does so as often as probe_ttl says.
func lastProbe(a *Array, o Object) any {
	ttl, _ := a.value(o, "probe_ttl").(int)
	return a.lastProbeOf(ttl)
}

func (a *Array) lastProbeOf(ttl int) int {
	ttl = max(ttl, second)
	return a.clock() / ttl * ttl
}

func (a *Array) rackRoutes(r router) {
	r.read("/components", func(rq *request) (any, error) { return plucked(a.components(), pluck(rq.query)), nil })
	for _, c := range a.rack.components() {
		r.serve(a, c)
	}
	a.nodeRoutes(r)
	a.fcPortRoutes(r)
	a.driveRoutes(r)
	r.list("/fc/soft_targets", a.softTargets)
}

// components are the whole rack in one answer. The reference's example breaks off before the number of the rack and its
// power supply, which clients of the array ask for.
func (a *Array) components() map[string]any {
	return map[string]any{
		"rack":               1,
		"ups":                a.renderAll(a.rack.batteries.all(), nil),
		"pdus":               a.renderAll(a.rack.pdus.all(), nil),
		"enclosures_number":  enclosuresInRack,
		"enclosures":         a.renderAll(a.rack.enclosures.all(), nil),
		"nodes":              a.renderAll(a.rack.nodes.all(), nil),
		"eth_switches":       a.renderAll(a.rack.ethSwitches.all(), nil),
		"support_appliances": a.renderAll(a.rack.appliances.all(), nil),
		"patch_panels":       a.patchPanels(),
	}
}

// patchPanels are where the nodes' ports come out of the rack: one panel, with a frame for each node.
func (a *Array) patchPanels() []any {
	const panel = "system.racks[1].patch_panels[1]"
	frames := []any{}
	for i, node := range a.rack.nodes.all() {
		frame := fmt.Sprintf("%s.frames[%d]", panel, i+1)
		ports := []any{}
		add := func(o Object, kind string, media, address any) {
			name, number := fmt.Sprintf("N%d%s%d", node.id(), kind, o.id()), len(ports)+1
			ports = append(ports, map[string]any{
				"component_id": fmt.Sprintf("%s.ports[%d]", frame, number), "port_num": number, "label": "", "type": kind, "media_type": media,
				"conn_port_comp_id": name, "conn_port_uuid": a.uuid(name), "hw_addr": address, "sfp_type": "",
				"connection_speed": a.value(o, "connection_speed"), "link_state": a.value(o, "link_state"), "state": o["state"],
			})
		}
		for _, o := range a.rack.fcPorts.where("node_index", node.id()) {
			add(o, "FC", "fiber", a.value(o, "wwpn"))
		}
		for _, o := range a.rack.ethPorts.where("node_index", node.id()) {
			if isDataPort(o) {
				add(o, "ETH", a.value(o, "media_type"), a.value(o, "hw_addr"))
			}
		}
		frames = append(frames, map[string]any{
			"component_id": frame, "label": fmt.Sprintf("Node-%d", node.id()), "location": i + 1, "ports": ports,
			"color": []string{"red", "green", "blue"}[i%3],
		})
	}
	return []any{map[string]any{"component_id": panel, "vendor": "INFINIDAT", "serial_no": "", "location": 1, "frames": frames}}
}

// uuid is one that this array always has for a name.
func (a *Array) uuid(name string) string {
	h := sha256.Sum256(fmt.Append(nil, a.serial, name))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// hardwareSerial is a part's own number, of letters and digits, as makers print them.
func (a *Array) hardwareSerial(name string) string {
	h := sha256.Sum256(fmt.Append(nil, a.serial, name))
	return fmt.Sprintf("S%010X", binary.BigEndian.Uint64(h[:])>>24)
}

// component finds a part of the rack by its path below components: "nodes/1/fc_ports/3", "enclosures/2/drives/17".
func (a *Array) component(path string) (Object, error) {
	parts := segments(path)
	for _, c := range a.rack.components() {
		names := segments(strings.TrimPrefix(a.stateName(c), "components/"))
		if !c.local && len(parts) == 2 && parts[0] == names[0] {
			return c.get(parts[1])
		}
		if c.local && len(parts) == 4 && parts[0] == names[0] && parts[2] == names[1] {
			holder, err := a.holders[c.in].get(parts[1])
			if err != nil {
				return nil, err
			}
			return c.within(holder, parts[3])
		}
	}
	return nil, fmt.Errorf("there is no component %q", path)
}

// plantComponent gives a part of the rack other values of its fields: it breaks it. Names that begin with a dot are the
// simulator's own: see refuses and subsystemsDown.
func (a *Array) plantComponent(path string, values map[string]any) error {
	o, err := a.component(path)
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(values) {
		f := o.of().byName[name]
		workedOut := o.of().computed[name] != nil && name != "link_state" // a link can be down by itself, too
		switch {
		case strings.HasPrefix(name, "."):
			o[name] = plainValue(values[name])
		case f == nil || workedOut || name == "id" || name == o.of().in:
			return fmt.Errorf("component %s has no %s to be changed", path, name)
		case values[name] == nil:
			o[name] = nil
		default:
			if o[name], err = f.convert(values[name]); err != nil {
				return fmt.Errorf("component %s: %w", path, err)
			}
		}
	}
	return nil
}

// refuses is the code that a component answers an operation with that a sound one would carry out: of a node that is to be
// phased in, or of a drive that is to be phased out.
const refuses = ".refuses"

// begin notes that a component is on its way to another state, where it is after a time of the array's clock.
func (a *Array) begin(o Object, during, then string, takes int) {
	o["state"], o[".then"], o[".due"] = during, then, a.now()+takes
	a.rack.underway = append(a.rack.underway, o)
	a.nextEvent = 0
}

// finish brings what was underway to its end.
func (a *Array) finish(moment int) {
	var left []Object
	for _, o := range a.rack.underway {
		if o.int(".due") > moment {
			left = append(left, o)
			continue
		}
		o["state"] = o[".then"]
		delete(o, ".then")
		delete(o, ".due")
	}
	a.rack.underway = left
}
