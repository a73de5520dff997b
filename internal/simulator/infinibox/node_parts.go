package infinibox

import "fmt"

// Ethernet ports of a node: those for data, then one each for management, the maintenance controller and the inside.
const (
	dataPorts     = 6
	fastDataPorts = 4 // run at ten times the speed of the others
	ethPortsOf    = dataPorts + 3
	gigabit       = 1000000000
	dataRole      = "DATA"
)

// optics are the fields of a port that tell of its transceiver, and of when it was last looked at.
const optics = `
		sfp_type                            text
		sfp_model                           text
		SFP_Voltage_Volt                    text
		SFP_Temperature_Deg_C               text
		SFP_Laser_Bias_Current_mA           text
		laser_TX_power_mW                   text
		laser_RX_power_mW                   text
		laser_power_level_state             text
		laser_power_level_state_description text
		TX_power_low_Warning_THLD_mW        text
		TX_power_high_Warning_THLD_mW       text
		RX_power_low_Warning_THLD_mW        text
		RX_power_high_Warning_THLD_mW       text
		probe_ttl                           integer  =10000
		last_probe_timestamp                integer
`

func newEthPorts() *collection {
	var c *collection
	c = newCollection(collection{
		path: "eth_ports", noun: "Port", absent: "PORT_NOT_FOUND", command: "GetEthPorts", in: "node_index", nested: true, local: true,
		delivered: func() []Object { return c.inEach(nodesInRack, ethPortsOf, ethPort) },
		computed: map[string]func(a *Array, o Object) any{
			"last_probe_timestamp": lastProbe,
			"hw_addr":              func(a *Array, o Object) any { return a.mac(o) },
			"link_state":           func(a *Array, o Object) any { return a.ethLink(o) },
			"connection_speed": func(a *Array, o Object) any {
				if a.ethLink(o) != "UP" {
					return nil
				}
				return o["max_speed"]
			},
		},
	}, `
		id                                  integer
		node_index                          integer
		name                                text
		role                                text(DATA|MANAGEMENT|IDRAC|INTERNAL)  ="DATA"
		port_number                         integer
		system_interface_port_number        integer
		state                               `+physicalStates+`  ="OK"
		state_description                   text     =""
		link_state                          text(UP|DOWN|UNKNOWN)
		connection_speed                    integer
		max_speed                           integer
		media_type                          text     ="copper"
		hw_addr                             text
		vendor                              text     ="unknown"
		model                               text     ="unknown"
		firmware                            text
		ip_v4_addr                          text
		ip_v4_netmask                       text
		ip_v4_broadcast                     text
		ip_v6_addr                          text
		ip_v6_netmask                       text
	`+optics)
	return c
}

// ethPort is a node's Ethernet port as it comes.
func ethPort(node, id int) map[string]any {
	values := map[string]any{"port_number": id, "system_interface_port_number": id, "vendor": "Intel Corporation", "max_speed": gigabit}
	switch {
	case id <= fastDataPorts:
		return with(values, map[string]any{
			"name": fmt.Sprintf("eth-data%d", id), "max_speed": 10 * gigabit, "media_type": "optics", "model": "Ethernet Controller 10 Gigabit X540-AT2",
			"sfp_type": "multi_mode", "sfp_model": "P7D7R", "SFP_Temperature_Deg_C": "27.23", "SFP_Laser_Bias_Current_mA": "8.698",
			"laser_power_level_state": "OK", "laser_power_level_state_description": "", "laser_RX_power_mW": "0.6170",
			"TX_power_low_Warning_THLD_mW": "0.3162", "TX_power_high_Warning_THLD_mW": "0.7943",
			"RX_power_low_Warning_THLD_mW": "0.0158", "RX_power_high_Warning_THLD_mW": "0.7943",
		})
	case id <= dataPorts:
		return with(values, map[string]any{"name": fmt.Sprintf("eth-data%d", id)})
	case id == dataPorts+1:
		return with(values, map[string]any{
			"name": "eth-mgmt1", "role": "MANAGEMENT", "ip_v4_addr": fmt.Sprintf("172.16.66.%d", 10+node),
			"ip_v4_netmask": "255.255.224.0", "ip_v4_broadcast": "172.16.95.255",
		})
	case id == dataPorts+2:
		return with(values, map[string]any{
			"role": "IDRAC", "ip_v4_addr": fmt.Sprintf("9.151.140.%d", 50+node), "ip_v4_netmask": "255.255.255.0", "media_type": nil, "vendor": "unknown",
		})
	}
	return with(values, map[string]any{"role": "INTERNAL", "ip_v4_addr": fmt.Sprintf("9.151.140.%d", node), "ip_v4_netmask": "255.255.255.0"})
}

func isDataPort(port Object) bool { return port["role"] == dataRole }

// ethLink is whether there is a link at a port: at one for data only while its node is a part of the system.
func (a *Array) ethLink(port Object) any {
	switch {
	case port["state"] != "OK", isDataPort(port) && !isServing(a.holderOf(port)):
		return "DOWN"
	case port["link_state"] == nil:
		return "UP"
	}
	return port["link_state"]
}

// mac is the address of a port: within the maker's range, by the array, the node and the port.
func (a *Array) mac(port Object) string {
	return fmt.Sprintf("b8:ca:3a:%02x:%02x:%02x", a.serial>>8&0xff, a.serial&0xff, port.int("node_index")<<4|port.id())
}

func newIBPorts() *collection {
	var c *collection
	c = newCollection(collection{
		path: "ib_ports", noun: "Port", absent: "PORT_NOT_FOUND", command: "GetIbPorts", in: "node_index", nested: true, local: true,
		delivered: func() []Object {
			return c.inEach(nodesInRack, ibPortsOfNode, func(_, _ int) map[string]any {
				return map[string]any{"vendor": "Mellanox Technologies", "model": "MT27500 Family [ConnectX-3]"}
			})
		},
		computed: map[string]func(a *Array, o Object) any{
			"last_probe_timestamp": lastProbe,
			"link_state": func(a *Array, o Object) any {
				switch {
				case o["state"] != "OK" || !isServing(a.holderOf(o)):
					return "DOWN"
				case o["link_state"] == nil:
					return "UP"
				}
				return o["link_state"]
			},
		},
	}, `
		id                   integer
		node_index           integer
		state                `+physicalStates+`  ="OK"
		state_description    text     =""
		link_state           text(UP|DOWN|UNKNOWN)
		link_layer           text     ="InfiniBand"
		vendor               text
		model                text
		firmware             text     ="2.31.5050"
		probe_ttl            integer  =15000
		last_probe_timestamp integer
	`)
	return c
}

func newNodeDrives() *collection {
	var c *collection
	c = newCollection(collection{
		path: "drives", noun: "Drive", absent: "DRIVE_NOT_FOUND", command: "GetNodeDrives", in: "node_index", nested: true, local: true,
		delivered: func() []Object {
			return c.inEach(nodesInRack, drivesOfNode, nil)
		},
		computed: map[string]func(a *Array, o Object) any{
			"last_probe_timestamp": lastProbe,
			"drive_index":          func(_ *Array, o Object) any { return o.id() },
			"serial_number": func(a *Array, o Object) any {
				return a.hardwareSerial(fmt.Sprintf("node %d drive %d", o.int("node_index"), o.id()))
			},
		},
	}, `
		id                   integer
		node_index           integer
		drive_index          integer
		type                 text     ="OS"
		state                `+physicalStates+`  ="OK"
		state_description    text     =""
		vendor               text     ="SAMSUNG"
		model                text     ="MZ7L31T9HBLT-00A07"
		firmware             text     ="JXTC104Q"
		serial_number        text
		wearout              text     ="99"
		probe_ttl            integer  =1600000
		last_probe_timestamp integer
	`)
	return c
}
