package infinibox

import "net/http"

// The system is active, or was shut down and waits to be activated again, or has no power any more. In power
// maintenance mode, for a time, it takes no action of its own upon power issues.

const (
	stateActive  = "ACTIVE"
	stateStandby = "STANDBY"
	stateOff     = "SHUTDOWN" // powered off: nothing but looking is possible

	defaultMaintenance = 1800 // seconds
	maxMaintenance     = 24 * 3600
)

// started is what the system answers when it begins to change its state.
const started = "The required process started"

// power is what the array remembers of its state and of its power.
type power struct {
	State       string `json:"state"`
	Maintenance int    `json:"maintenance_until,omitempty"` // when power maintenance mode ends, in milliseconds
	Seconds     int    `json:"maintenance_seconds,omitempty"`
	Unprotected int    `json:"unprotected_nodes,omitempty"` // nodes whose batteries do not hold long enough
}

func (a *Array) powerRoutes(r router) {
	technical := []string{"INFINIDAT", "TECHNICIAN"}
	r.by(technical).read("/system/power_maintenance_mode", func(*request) (any, error) { return a.maintenance(), nil })
	r.write(http.MethodPut, "/system/power_maintenance_mode", technical, a.setMaintenance)
	r.write(http.MethodPost, "/system/operational_state/activate", administrators, a.activate)
	r.write(http.MethodPost, "/system/operational_state/shutdown", administrators, func(*request) (any, error) {
		return a.goDown(stateStandby)
	})
	r.write(http.MethodPost, "/system/operational_state/shutdown_and_poweroff", administrators, func(rq *request) (any, error) {
		if err := rq.needApproval("SHUTTING DOWN THE SYSTEM WILL CAUSE ALL SERVERS TO DISCONNECT"); err != nil {
			return nil, err
		}
		return a.goDown(stateOff)
	})
	r.write(http.MethodPost, "/system/upgrade", administrators, a.upgrade)
	r.read("/system/stats", func(rq *request) (any, error) { return plucked(a.statistics(), pluck(rq.query)), nil })
	r.read("/system/stats/mgmt", func(rq *request) (any, error) { return plucked(a.managementStatistics(), pluck(rq.query)), nil })
}

func errSystemState(state string) error {
	return conflict("NOT_SUPPORTED_IN_SYSTEM_STATE", "The request is not valid for the current system state (%s)", state)
}

// poweredOff refuses all but looking where there is no power any more.
func (a *Array) poweredOff(found *route, rq *request) error {
	if a.power.State == stateOff && rq.method != http.MethodGet && !found.open {
		return errSystemState(stateOff)
	}
	return nil
}

func (a *Array) goDown(state string) (any, error) {
	if a.power.State != stateActive {
		return nil, errSystemState(a.power.State)
	}
	a.power.State = state
	a.tell(a.eventTypes["SYSTEM_SHUTDOWN"], a.actor.name(), 0, []datum{{"state", "String", state}})
	return started, nil
}

func (a *Array) activate(*request) (any, error) {
	if a.power.State != stateStandby {
		return nil, conflict("SYSTEM_ACTIVATION_REQUIRES_STANDBY_STATE", "The system can be activated only while in STANDBY state")
	}
	a.power.State = stateActive
	a.tell(a.eventTypes["SYSTEM_ACTIVATED"], a.actor.name(), 0, nil)
	return started, nil
}

func (a *Array) operationalState() map[string]any {
	descriptions := map[string]string{stateActive: "System is active", stateStandby: "System is in standby", stateOff: "System is shut down"}
	return map[string]any{
		"state": a.power.State, "description": descriptions[a.power.State], "mode": nil, "init_state": nil,
		"read_only_system": false, "read_only_state": "DISABLED",
	}
}

func (a *Array) maintenance() map[string]any {
	if a.power.Maintenance <= a.clock() {
		return map[string]any{"in_maintenance": false, "duration_seconds": 0}
	}
	return map[string]any{"in_maintenance": true, "duration_seconds": a.power.Seconds}
}

func (a *Array) setMaintenance(rq *request) (any, error) {
	body, err := rq.onlyFields("in_maintenance", "force", "duration_seconds")
	if err != nil {
		return nil, err
	}
	if body["in_maintenance"] == nil {
		return nil, errMissing("in_maintenance")
	}
	in, ok := toBool(body["in_maintenance"])
	if !ok {
		return nil, errField("in_maintenance")
	}
	force, ok := toBool(body["force"])
	if !ok && body["force"] != nil {
		return nil, errField("force")
	}
	seconds, given, err := integerField(body, "duration_seconds")
	switch {
	case err != nil:
		return nil, err
	case !given:
		seconds = defaultMaintenance
	case in && (seconds < 1 || seconds > maxMaintenance):
		return nil, errWrong("duration_seconds", seconds, "must be between 1 and "+itoa(maxMaintenance))
	}
	if err := rq.needApproval("Power Maintenance Mode prevents InfiniBox from taking automated actions following various power issues. Exception: In case of a total power outage, the system will start Emergency Shutdown regardless"); err != nil {
		return nil, err
	}
	switch {
	case a.power.State != stateActive:
		return nil, errSystemState(a.power.State)
	case !in && a.power.Unprotected > 0 && !force:
		return nil, forbidden("CANNOT_DISABLE_POWER_MAINTENANCE_MODE_WITHOUT_FORCE", "Not all nodes are properly protected by the BBUs. Disabling the power maintenance mode at this time will lead to emergency shutdown or node quick exit. If you are sure you want to disable the PMM, use support.power_maintenance_mode.disable --force=yes")
	case in:
		a.power.Maintenance, a.power.Seconds = a.clock()+seconds*second, seconds
	default:
		a.power.Maintenance, a.power.Seconds = 0, 0
	}
	return a.maintenance(), nil
}

// protection says of the array's health which nodes a seed has left without protection by their batteries.
func (a *Array) protection(health map[string]any) map[string]any {
	if a.power.Unprotected == 0 {
		return health
	}
	byNode := map[string]any{}
	for node := 1; node <= nodes; node++ {
		byNode["node-"+itoa(node)] = "PROTECTED"
		if node > nodes-a.power.Unprotected {
			byNode["node-"+itoa(node)] = "UNPROTECTED"
		}
	}
	health["node_bbu_protection"], health["bbu_protected_nodes"] = byNode, nodes-a.power.Unprotected
	return health
}

// statistics are the load of the whole system in the last second.
func (a *Array) statistics() map[string]any {
	fields := []string{"throughput", "iops", "ops", "latency"}
	values := row(a.loadOf(&metricFilter{}, a.clock()/second-1), fields)
	statistics := map[string]any{"timestamp": a.clock()}
	for i, name := range fields {
		statistics[name] = values[i]
	}
	return statistics
}

// managementStatistics are how much the array's management has to do.
func (a *Array) managementStatistics() map[string]any {
	objects := 0
	for _, c := range a.collections {
		objects += len(c.objects)
	}
	return map[string]any{"timestamp": a.clock(), "sessions": len(a.sessions), "objects": objects, "events": a.lastEvent, "collectors": len(a.collectors)}
}

// ntpStatus is how the clock of each node keeps to its time servers.
func (a *Array) ntpStatus() []any {
	var all []any
	for node := 1; node <= nodes; node++ {
		all = append(all, map[string]any{"node_id": node, "last_probe_timestamp": a.clock(), "ntp_peers": []any{map[string]any{
			"remote": "172.20.255.1", "refid": "109.226.40.40", "type": "unicast", "tally_code": "sys.peer", "stratum": 3, "reach": 377,
			"poll_seconds": 64, "when_seconds": 5, "delay_milliseconds": 0.38, "offset_milliseconds": -0.114, "jitter_milliseconds": 0.103,
		}}})
	}
	return all
}

// readNTPStatus is ntpStatus of all nodes, or of one.
func (a *Array) readNTPStatus(rq *request) (any, error) {
	all := a.ntpStatus()
	if rq.query.Has("node_id") {
		node, ok := toInt(rq.query.Get("node_id"))
		if !ok {
			return nil, errField("node_id")
		}
		if node < 1 || node > nodes {
			return nil, notFound("NODE_NOT_FOUND", "Node not found")
		}
		all = all[node-1 : node]
		rq.query.Del("node_id")
	}
	return plain(rq, "GetNtpStatus", all)
}

// upgrade installs software that comes as a form. Nothing of it is looked at but whether there is any.
func (a *Array) upgrade(rq *request) (any, error) {
	if err := rq.needApproval("This operation is irreversible. In addition, the GUI and InfiniShell are not available during the update"); err != nil {
		return nil, err
	}
	file, err := rq.upload("")
	switch {
	case err != nil:
		return nil, err
	case len(file) == 0:
		return nil, conflict("UPGRADE_FILE_INVALID", "Upgrade file is invalid: file is empty")
	}
	return nil, nil
}
