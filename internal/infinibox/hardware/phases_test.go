package hardware_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// technician is an array with a technician at work, who alone moves parts in and out.
func technician(t *testing.T) *acctest.InfiniBox {
	return acctest.SimulateInfiniBox(t, simulator.Options{}).As("technician")
}

// settle lets the clock go on until what was begun is done.
func settle(t *testing.T, b *acctest.InfiniBox, action string, config acctest.Attrs) {
	t.Helper()
	said := acctest.Invocation{Config: config, Meanwhile: func() { b.Simulator.Advance(time.Hour) }}.Invoke(acctest.NewServer(t, b), "storage_infinibox_"+action)
	if said.Failed() {
		t.Fatalf("%s: %s", action, said.Problems)
	}
}

// moved is an action on a part that ends in a state.
func moved(b *acctest.InfiniBox, config acctest.Attrs, step time.Duration, doing, route, path, state string, refused acctest.Refusal) acctest.Invocation {
	return acctest.Invocation{
		Config: config, Progress: doing, Sent: "POST " + route,
		Meanwhile: func() { b.Simulator.Advance(step) },
		Done: func(t *testing.T) {
			if now := b.Must("GET", path, nil)["state"]; now != state {
				t.Errorf("it is %v, want %s", now, state)
			}
		},
		Refused: []acctest.Refusal{refused},
	}
}

const (
	nodeRoute  = "/api/rest/components/nodes/{id}/"
	driveRoute = "/api/rest/components/enclosures/{enclosure_index}/drives/{drive_index}/"
	drivePath  = "components/enclosures/1/drives/7"
)

var (
	node  = acctest.Attrs{"node_id": 2}
	drive = acctest.Attrs{"enclosure_id": 1, "drive_id": 7}
)

func nodeOut(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := technician(t)
	a := moved(b, node, time.Minute, "Phasing out node 2", nodeRoute+"phase_out", "components/nodes/2", "READY",
		acctest.Refusal{Config: node, Says: []string{"(ILLEGAL_NODE_STATE)"}})
	a.Danger = "The paths through the node are lost"
	return b, a
}

func nodeIn(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := technician(t)
	settle(t, b, "node_phase_out", node)
	return b, moved(b, node, time.Minute, "Phasing in node 2", nodeRoute+"phase_in", "components/nodes/2", "ACTIVE",
		acctest.Refusal{Config: node, Says: []string{"(ILLEGAL_NODE_STATE)"}})
}

func driveOut(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := technician(t)
	return b, moved(b, drive, time.Hour, "Phasing out drive 7 of enclosure 1", driveRoute+"phase_out", drivePath, "READY",
		acctest.Refusal{Config: drive, Says: []string{"(OPERATION_NOT_SUPPORTED)"}})
}

func driveIn(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := technician(t)
	settle(t, b, "drive_phase_out", drive)
	return b, moved(b, drive, time.Hour, "Phasing in drive 7 of enclosure 1", driveRoute+"phase_in", drivePath, "ACTIVE",
		acctest.Refusal{Config: drive, Says: []string{"(OPERATION_NOT_SUPPORTED)"}})
}

func driveTested(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := technician(t)
	settle(t, b, "drive_phase_out", drive)
	return b, moved(b, drive, time.Hour, "Testing drive 7 of enclosure 1", driveRoute+"test", drivePath, "READY",
		acctest.Refusal{Config: acctest.Attrs{"enclosure_id": 1, "drive_id": 99}, Says: []string{"(DRIVE_NOT_FOUND)"}})
}

// switchDeleted forgets a switch to which no port is connected any more.
func switchDeleted(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	for node := 1; node <= 3; node++ {
		for port := range b.IDs(fmt.Sprintf("components/nodes/%d/fc_ports", node)) {
			path := fmt.Sprintf("components/nodes/%d/fc_ports/%d", node, port+1)
			if b.Must("GET", path, nil)["switch_wwnn"] == "ca:11:f0:49:1a:ac:e3:02" {
				b.Must("POST", path+"/disable", nil)
			}
		}
	}
	return b, acctest.Invocation{
		Config: acctest.Attrs{"fc_switch_id": 2}, Progress: "Deleting Fibre Channel switch 2", Sent: "DELETE /api/rest/fc/switches/{id}",
		Done: func(t *testing.T) {
			if left := b.IDs("fc/switches"); len(left) != 1 {
				t.Errorf("the switches are %v", left)
			}
		},
		Refused: []acctest.Refusal{{Config: acctest.Attrs{"fc_switch_id": 1}, Says: []string{"(FC_SWITCH_NOT_DISCONNECTED)"}}},
	}
}

// An action whose time is over says in what state the part is, and that the array goes on;
// what an administrator may not do, it says too.
func TestAccPhaseStopped(t *testing.T) {
	t.Parallel()
	b := technician(t)
	server := acctest.NewServer(t, b)
	server.Invoke("storage_infinibox_drive_phase_out", drive.With(acctest.Attrs{"timeout": "1s"})).
		Refuse(t, "Drive 7 of enclosure 1 is PHASING_OUT, and goes on by itself", "The time allowed for it, 1s, is over")
	b.Simulator.Advance(5 * time.Hour)
	if state := b.Must("GET", drivePath, nil)["state"]; state != "READY" {
		t.Errorf("the drive is %v", state)
	}
	acctest.NewServer(t, b.As("admin")).Invoke("storage_infinibox_node_phase_out", node).Refuse(t, "(UNAUTHORIZED)")
}

// A wait tells the states that it sees.
func TestAccPhaseTells(t *testing.T) {
	t.Parallel()
	b := technician(t)
	said := acctest.Invocation{Config: node, Meanwhile: func() { b.Simulator.Advance(time.Minute) }}.
		Invoke(acctest.NewServer(t, b), "storage_infinibox_node_phase_out")
	want := []string{"Phasing out node 2", "node 2 is PHASING_OUT", "node 2 is READY"}
	if said.Failed() || !slices.Equal(said.Progress, want) {
		t.Errorf("said %q, want %q; %s", said.Progress, want, said.Problems)
	}
}
