package block

import (
	"context"
	"errors"
	"math"
	"net/http"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// QoSPolicy is a cap on performance.
var QoSPolicy = entity.Kind{
	System: common.System,
	Name:   "qos_policy",
	Plural: "qos_policies",
	Noun:   "QoS policy",
	Path:   "qos/policies",
	Doc:    "A QoS policy: a cap on the operations and bytes per second of what is assigned to it, with bursts above it for a time.",
	Planning: entity.Planning{
		Check: func(ctx context.Context, p *entity.Plan) {
			checkQoSPolicy(p)
			warnOfQoS(ctx, p)
		},
		Tracks: []string{"id", "type"},
	},
	Creation: entity.Creation{InUse: []string{"qos/policies/{id}/assigned_entities"}},
	Deletion: entity.Deletion{Danger: "What is assigned to the policy is no longer capped, and may take performance from others."},
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Enum("type", "VOLUME", "FILESYSTEM", "POOL_VOLUME", "POOL_FILESYSTEM").Required().Mutable().Queryable().
			Doc("What it caps: single volumes or filesystems, or all volumes or all filesystems of a pool together."),
		entity.Integer("max_ops").Optional().Mutable().Queryable().Between(1000, 10_000_000).
			Doc("The most operations per second; at least one of this and `max_bps` must be set."),
		entity.Integer("max_bps").Optional().Mutable().Queryable().Between(1, 1<<62).
			Doc("The most bytes per second."),
		entity.Bool("burst_enabled").Defaulted().Mutable().Queryable().
			Doc("Whether short bursts may exceed the caps."),
		entity.Decimal("burst_factor").Defaulted().Mutable().ChosenAnewWith("burst_enabled").Queryable().CheckedNumber("a burst factor", checkBurstFactor).
			Doc("How far bursts may exceed the caps: 1.1 to 10, with one decimal."),
		common.CreatedAt(),

		common.UpdatedAt(),
		entity.Integer("burst_duration_seconds").Doc("How long a burst may last."),
	},
}

func checkBurstFactor(f float64) error {
	if f < 1.1 || f > 10 || math.Abs(f*10-math.Round(f*10)) > 1e-9 {
		return errors.New("a burst factor is 1.1 to 10, with one decimal at most")
	}
	return nil
}

func checkQoSPolicy(p *entity.Plan) {
	if p.After == nil {
		return
	}
	if p.Before != nil && !p.Replaced && p.After.Known("type") {
		qosTypesOf(p.Session).Store(p.Before.Int("id"), p.After.Text("type"))
	}
	if p.After.Null("max_ops") && p.After.Null("max_bps") {
		p.Refuse("max_ops", "The policy caps nothing", "Set max_ops, max_bps or both.")
	}
	bursts := p.Before != nil && !p.Replaced && p.Before.Bool("burst_enabled")
	if p.After.Bool("burst_enabled") && p.Config.Null("burst_factor") && !bursts {
		p.Refuse("burst_factor", "The policy does not say how far bursts go", "burst_enabled is true: set burst_factor too.")
	}
	if p.After.Unknown("burst_enabled") && p.Config.Null("burst_enabled") && p.Config.Known("burst_factor") {
		p.Refuse("burst_factor", "The policy has no bursts", "burst_factor says how far bursts go: set burst_enabled = true too.")
	}
	if p.After.Known("burst_enabled") && !p.After.Bool("burst_enabled") && p.Config.Known("burst_factor") {
		p.Refuse("burst_factor", "The policy has no bursts", "burst_factor says how far bursts go, and burst_enabled is false. Leave one of them out.")
	}
}

// qosTypesOf are the types that policies of the configuration have after one plan, by
// their ids.
func qosTypesOf(s *entity.Session) *sync.Map {
	return entity.Note[sync.Map](s, "types of QoS policies")
}

// qosState is whether QoS is on, as one plan has found it, and whether that has been
// told.
type qosState struct {
	mu    sync.Mutex
	asked bool
}

// warnOfQoS tells once in a plan that caps have no effect.
func warnOfQoS(ctx context.Context, p *entity.Plan) {
	if p.After == nil || p.Before != nil && !p.Replaced || p.Applying() {
		return
	}
	state := entity.Note[qosState](p.Session, "QoS state")
	state.mu.Lock()
	defer state.mu.Unlock()
	if state.asked {
		return
	}
	state.asked = true
	o, err := common.Object(p.Session.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: "qos/state"}))
	if err == nil && o["is_enabled"] == false {
		p.Warn("QoS is off on the array", "QoS policies cap nothing while it is off. The resource storage_infinibox_qos switches it on; where this apply does so, all is well.")
	}
}

// QoS is the array-wide switch. The array has an operation to enable it and none
// to disable it.
var QoS = entity.Kind{
	System:   common.System,
	Name:     "qos",
	Noun:     "QoS",
	Path:     "qos/state",
	Doc:      "Quality of service on the whole array. It can be enabled; the array's API has no operation that disables it, so destroying this resource leaves it as it is.",
	Presence: entity.Only,
	Planning: entity.Planning{
		Check: func(_ context.Context, p *entity.Plan) {
			if p.After != nil && p.After.Known("enabled") && !p.After.Bool("enabled") && (p.Before == nil || p.Before.Bool("enabled")) {
				p.Refuse("enabled", "QoS cannot be disabled",
					"The array's API has no operation that disables QoS. Set enabled to true, or remove the resource.")
			}
		},
	},
	Facts: entity.Facts{
		entity.FixedID("qos"),
		entity.Bool("enabled").Field("is_enabled").Required().ChangedBy(enableQoS).
			Doc("Whether the limits of QoS policies hold."),
	},
}

func enableQoS(string, entity.Values) api.Request {
	return api.Request{Method: http.MethodPost, Path: "qos/enable"}
}
