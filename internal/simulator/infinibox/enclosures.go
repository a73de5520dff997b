package infinibox

import (
	"fmt"
	"net/http"
)

// States of a drive, and how long it is on its way from one to another.
const (
	driveActive  = "ACTIVE"
	driveReady   = "READY"
	driveFailed  = "FAILED"
	driveMissing = "MISSING"
	driveTesting = "TESTING"
	driveLeaving = "PHASING_OUT"

	drivePhasesOut = 4 * 3600 * second
	driveTestTakes = 2 * 3600 * second
)

func newEnclosures() *collection {
	var c *collection
	c = newCollection(collection{
		path: "components/enclosures", noun: "Enclosure", absent: "ENCLOSURE_NOT_FOUND", command: "GetEnclosures", idName: "enclosure_index",
		delivered: func() []Object { return c.numbered(enclosuresInRack, nil) },
		computed: map[string]func(a *Array, o Object) any{
			"last_probe_timestamp": lastProbe,
			"drives":               func(a *Array, o Object) any { return a.partsOf(a.rack.drives, o) },
			"drives_number":        func(_ *Array, _ Object) any { return drivesOfEnclosure },
		},
	}, `
		id                   integer
		state                `+physicalStates+`  ="OK"
		state_description    text     =""
		vendor               text     ="NEWISYS"
		model                text     ="NDS-4603"
		firmware             text     ="0509"
		drives               list
		drives_number        integer
		power_supplies       list     =[]
		probe_ttl            integer  =60000
		last_probe_timestamp integer
	`)
	return c
}

func newDrives() *collection {
	var c *collection
	c = newCollection(collection{
		path: "drives", noun: "Drive", absent: "DRIVE_NOT_FOUND", command: "GetEnclosureDrives", idName: "drive_index",
		in: "enclosure_index", nested: true, local: true,
		delivered: func() []Object {
			return c.inEach(enclosuresInRack, drivesOfEnclosure, nil)
		},
		computed: map[string]func(a *Array, o Object) any{
			"last_probe_timestamp": lastProbe,
			"drive_index":          func(_ *Array, o Object) any { return o.id() },
			"hw":                   func(_ *Array, o Object) any { return driveHardware(o) },
			"serial_number": func(a *Array, o Object) any {
				return a.hardwareSerial(fmt.Sprintf("enclosure %d drive %d", o.int("enclosure_index"), o.id()))
			},
			"nodes_access": func(a *Array, o Object) any {
				access := []any{}
				for _, node := range a.rack.nodes.all() {
					access = append(access, isServing(node) && isThere(o))
				}
				return access
			},
		},
	}, `
		id                   integer
		drive_index          integer
		enclosure_index      integer
		state                text(ACTIVE|READY|TESTING|PHASING_OUT|FAILED|MISSING|UNKNOWN)  ="ACTIVE"
		state_description    text     =""
		failure_reason       text     =""
		vendor               text     ="SEAGATE"
		model                text     ="ST12000NM0027"
		product_id           text     =""
		product_rev          text     =""
		firmware             text     ="n/a"
		serial_number        text
		bytes_capacity       integer  =12000138625024
		encryption_state     text
		hw                   object
		nodes_access         list
		probe_ttl            integer  =86400000
		last_probe_timestamp integer
	`)
	return c
}

func (a *Array) driveRoutes(r router) {
	const drive = "/components/enclosures/{enclosure_index}/drives/{drive_index}/"
	r.read(drive+"hw", a.withDrive(func(rq *request, o Object) (any, error) {
		return plucked(driveHardware(o), pluck(rq.query)), nil
	}))
	r.write(http.MethodPost, drive+"phase_in", support, a.withDrive(a.phaseDriveIn))
	r.write(http.MethodPost, drive+"phase_out", support, a.withDrive(a.phaseDriveOut))
	r.write(http.MethodPost, drive+"test", support, a.withDrive(a.testDrive))
}

// withDrive finds the drive of the path.
func (a *Array) withDrive(do func(rq *request, drive Object) (any, error)) handler {
	return func(rq *request) (any, error) {
		drive, err := rq.object(a.rack.drives)
		if err != nil {
			return nil, err
		}
		return do(rq, drive)
	}
}

func isThere(drive Object) bool { return drive["state"] != driveMissing && drive["state"] != "UNKNOWN" }

// driveHardware is what a drive tells of itself.
func driveHardware(drive Object) map[string]any {
	state, moved := "OK", 0
	switch {
	case !isThere(drive):
		return map[string]any{"state": "UNKNOWN", "temperature": 0, "power_on_hours": 0, "reallocations": 0, "pending_reallocations": 0}
	case drive["state"] == driveFailed:
		state, moved = "ERROR", 10
	}
	return map[string]any{"state": state, "temperature": 31, "power_on_hours": 8760, "reallocations": moved, "pending_reallocations": moved}
}

// driveStates counts the drives by their states.
func (a *Array) driveStates() map[any]int {
	count := map[any]int{}
	for _, drive := range a.rack.drives.objects {
		count[drive["state"]]++
	}
	return count
}

// phaseDriveIn takes a drive that is ready into the system; there is nothing to take in of any other.
func (a *Array) phaseDriveIn(_ *request, drive Object) (any, error) {
	if drive["state"] != driveReady {
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Enclosure drive phase in is not supported")
	}
	drive["state"] = driveActive
	return a.driveAnswer(drive), nil
}

// driveBusy are the refusals of a phase-out that pass with time.
var driveBusy = map[string]string{
	"RETRY_DRIVE_IN_METADATA_SAVE": "The drive cannot be activated or deactivated at this time because it is saving metadata",
	"RETRY_RAIDGROUP_IN_RECOVERY":  "The drive cannot be deactivated at this time because it has a temporary error",
	"RETRY_RAIDGROUP_IN_REBUILD":   "The drive cannot be deactivated at this time because it is needed for a rebuild",
}

// phaseDriveOut moves what is on a drive to others, which takes hours, one drive at a time. With two drives lost, no third may go.
func (a *Array) phaseDriveOut(_ *request, drive Object) (any, error) {
	code, _ := drive[refuses].(string)
	count := a.driveStates()
	switch {
	case driveBusy[code] != "":
		return nil, conflict(code, "%s", driveBusy[code])
	case count[driveFailed]+count[driveMissing] > 1:
		return nil, conflict("MULTIPLE_DRIVE_MISSING", "Drive deactivation failed due to multiple drive loss")
	case count[driveLeaving] > 0:
		return nil, conflict("RETRY_DATA_REDISTRIBUTION", "The drive cannot be deactivated at this time because the system is undergoing redistribution")
	case drive["state"] != driveActive && drive["state"] != driveFailed:
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Enclosure drive phase out is not supported in state %s", drive.text("state"))
	}
	a.begin(drive, driveLeaving, driveReady, drivePhasesOut)
	return a.driveAnswer(drive), nil
}

// testDrive tests a drive, which is afterwards what it was before.
func (a *Array) testDrive(_ *request, drive Object) (any, error) {
	if _, busy := drive[".due"]; busy || !isThere(drive) {
		return nil, conflict("OPERATION_NOT_SUPPORTED", "Enclosure drive test is not supported in state %s", drive.text("state"))
	}
	a.begin(drive, driveTesting, drive.text("state"), driveTestTakes)
	return a.driveAnswer(drive), nil
}

// driveAnswer is a drive as the operations on it show it: under other names than it has where it is read.
func (a *Array) driveAnswer(drive Object) map[string]any {
	return map[string]any{
		"drive_index": drive.id(), "enclosure_index": drive["enclosure_index"], "state": drive["state"],
		"serial_no": "", "vendor_id": "", "product_id": a.value(drive, "product_id"), "product_rev": a.value(drive, "product_rev"),
		"bytes_capacity": a.value(drive, "bytes_capacity"), "encryption_state": a.value(drive, "encryption_state"), "drive_health": nil, "path_on": []any{},
	}
}

// hardwareHealth is what the system's health says of nodes and drives.
func (a *Array) hardwareHealth() map[string]any {
	count, out := a.driveStates(), 0
	protection := map[string]any{}
	for _, node := range a.rack.nodes.all() {
		protection[node.name()] = "PROTECTED"
		if !isServing(node) {
			out++
		}
	}
	return map[string]any{
		"active_drives": count[driveActive], "failed_drives": count[driveFailed], "missing_drives": count[driveMissing],
		"phasing_out_drives": count[driveLeaving], "ready_drives": count[driveReady], "testing_drives": count[driveTesting],
		"unknown_drives": count["UNKNOWN"], "inactive_nodes": out, "bbu_protected_nodes": nodesInRack, "node_bbu_protection": protection,
	}
}
