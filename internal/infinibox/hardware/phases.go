package hardware

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// slowestLook is the longest wait between two looks at a part that is changing.
const slowestLook = 30 * time.Second

// onTheWay are the states that a part leaves by itself.
var onTheWay = []string{"PHASING_IN", "PHASING_OUT", "ACTIVATING", "DEACTIVATING", "TESTING"}

// technicians says who may do what administrators may not.
const technicians = " The array lets technicians do this, and no administrators."

// phase is an operation that moves a part from one state to another, and takes its time.
type phase struct {
	name, operation  string
	doc, danger      string
	doing            string
	allowed          time.Duration
	ends             []string // the states that it may end in; any other is an error
	arguments        entity.Facts
	collection, part func(v entity.Values) string
	title            func(v entity.Values) string
}

func (p phase) action() entity.Action {
	return entity.Action{
		System: common.System, Name: p.name, Doc: p.doc + technicians + " It waits until that is done, and says how far it is; where it is stopped or its time is over, the array goes on by itself.",
		Danger: p.danger, Arguments: p.arguments, Timeout: p.allowed,
		Doing: func(v entity.Values) string { return p.doing + " " + p.title(v) },
		Request: func(v entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: p.collection(v) + "/" + p.part(v) + "/" + p.operation}
		},
		Wait: func(ctx context.Context, s *entity.Session, v entity.Values, _ any) (any, error) {
			state, err := settledState(ctx, s, p.collection(v), p.part(v), p.title(v))
			if err != nil {
				return nil, err
			}
			if !slices.Contains(p.ends, state) {
				return nil, fmt.Errorf("%s is %s in the end, which is not how this should end: the array's events tell why", p.title(v), state)
			}
			return p.title(v) + " is " + state, nil
		},
		Done: func(answer any) string { return fmt.Sprint(answer) },
	}
}

// settledState waits until a part is in a state that it does not leave by itself.
func settledState(ctx context.Context, s *entity.Session, collection, id, title string) (state string, err error) {
	err = common.Watch(ctx, slowestLook, func() (bool, string, error) {
		o, err := s.Client.Read(api.Fresh(ctx), collection, id, []string{"id", "state"})
		if err != nil {
			return false, "", err
		}
		state = fmt.Sprint(o["state"])
		return !slices.Contains(onTheWay, state), title + " is " + state, nil
	})
	return state, err
}

func ofNode(p phase) entity.Action {
	p.arguments = entity.Facts{entity.Integer("node_id").Required().Positive().Doc("The number of the node, from 1.")}
	p.collection = func(entity.Values) string { return nodesPath }
	p.part = func(v entity.Values) string { return v.ID("node_id") }
	p.title = func(v entity.Values) string { return "node " + v.ID("node_id") }
	return p.action()
}

func ofDrive(p phase) entity.Action {
	p.arguments = driveHardware.Arguments
	p.collection = func(v entity.Values) string {
		return api.Path("components", "enclosures", v.Int("enclosure_id"), "drives")
	}
	p.part = func(v entity.Values) string { return v.ID("drive_id") }
	p.title = func(v entity.Values) string {
		return "drive " + v.ID("drive_id") + " of enclosure " + v.ID("enclosure_id")
	}
	return p.action()
}

// drivePath is the path of the drive that arguments name.
func drivePath(v entity.Values) string {
	return api.Path("components", "enclosures", v.Int("enclosure_id"), "drives", v.Int("drive_id"))
}

var (
	nodePhaseOut = ofNode(phase{
		name: "node_phase_out", operation: "phase_out", doing: "Phasing out", allowed: time.Hour, ends: []string{"READY", "INACTIVE"},
		doc:    "Takes a node out of the running array, for service. Its ports go down with it.",
		danger: "The paths through the node are lost, the array is slower, and as long as the node is out another failure may stop it.",
	})
	nodePhaseIn = ofNode(phase{
		name: "node_phase_in", operation: "phase_in", doing: "Phasing in", allowed: time.Hour, ends: []string{"ACTIVE"},
		doc: "Takes a node that is ready back into the running array.",
	})
	drivePhaseOut = ofDrive(phase{
		name: "drive_phase_out", operation: "phase_out", doing: "Phasing out", allowed: 24 * time.Hour, ends: []string{"READY"},
		doc: "Takes a drive out of the array, once its data is on the other drives. That takes hours.",
	})
	drivePhaseIn = ofDrive(phase{
		name: "drive_phase_in", operation: "phase_in", doing: "Phasing in", allowed: 24 * time.Hour, ends: []string{"ACTIVE"},
		doc: "Takes a drive that is ready into the array.",
	})
	driveTest = ofDrive(phase{
		name: "drive_test", operation: "test", doing: "Testing", allowed: 24 * time.Hour, ends: []string{"READY", "ACTIVE"},
		doc: "Tests a drive, which takes hours. A drive that fails the test is an error.",
	})
)
