package infinibox

import "fmt"

// network is the hardware and what data travels over on it.
type network struct {
	rack                              rack
	externalServices                  *collection
	interfaces, spaces, spaceRoutings *collection

	neighbours []string // other machines on the network, by their addresses and names
	logins     []SeedLogin
}

// addNetwork makes the collections of hardware and network, with the components that every array has.
func (a *Array) addNetwork() {
	a.rack, a.externalServices = newRack(), newExternalServices()
	a.interfaces, a.spaces, a.spaceRoutings = newInterfaces(), newSpaces(), newSpaceRoutes()
	a.holders["node_index"], a.holders["enclosure_index"], a.holders["network_space_id"] = a.rack.nodes, a.rack.enclosures, a.spaces
	own := append(a.rack.components(), a.externalServices, a.interfaces, a.spaces, a.spaceRoutings)
	for _, c := range own {
		a.deliver(c)
	}
	a.collections = append(a.collections, own...)
	a.addFCSwitches()
}

func (a *Array) networkRoutes(r router) {
	a.rackRoutes(r)
	a.externalServiceRoutes(r)
	a.interfaceRoutes(r)
	a.spaceRoutes(r)
	a.pingRoutes(r)
}

// SeedNetwork are the parts of a seed that say what is around an array, and what of it is broken.
type SeedNetwork struct {
	// Components are parts of the rack that are not as they should be, by their path below components: values of their fields,
	// and what the simulator keeps beside them, which subsystems of a node are down and what an operation is refused with.
	//
	//	{"nodes/2": {"state": "DEGRADED", ".down": ["FC"]}, "nodes/1/fc_ports/3": {"enabled": false},
	//	 "enclosures/1/drives/7": {"state": "FAILED"}, "enclosures/1/drives/8": {".refuses": "RETRY_RAIDGROUP_IN_REBUILD"}}
	Components map[string]map[string]any `json:"components,omitempty"`
	Neighbours []string                  `json:"neighbours,omitempty"` // other machines on the network, by their addresses and names
	Logins     []SeedLogin               `json:"logins,omitempty"`
}

func (a *Array) plantNetwork(seed SeedNetwork) error {
	for _, path := range sortedKeys(seed.Components) {
		if err := a.plantComponent(path, seed.Components[path]); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	a.neighbours = append(a.neighbours, seed.Neighbours...)
	for _, login := range seed.Logins {
		if err := a.plantLogin(login); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	return nil
}
