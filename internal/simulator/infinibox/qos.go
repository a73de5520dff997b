package infinibox

import (
	"math"
	"net/http"
	"strconv"
)

// Bounds of a policy's limits. The reference gives those of max_ops and of the burst factor; those of max_bps are
// the simulator's, from the least that the examples show.
const (
	leastOps, mostOps = 1000, 10000000
	leastBps, mostBps = 50 << 20, 100 << 30
	leastBurst        = 1.1
	mostBurst         = 10.0
	burstSeconds      = 60
)

func newQoSPolicies() *collection {
	return newCollection(collection{
		path: "qos/policies", noun: "QoS policy", command: "GetAllQosPolicies", search: "qos",
		absent: "QOS_POLICY_NOT_FOUND", absentText: "QoS policy with ID %d was not found",
		taken: "QOS_POLICY_NAME_CONFLICT", takenText: "A QoS policy with this name '%s' already exists",
		creation: by(administrators), updating: by(administrators), deletion: by(administrators),
		prepare: func(rq *request, body map[string]any) error {
			if kind, given := body["type"]; given && kind == nil && rq.creates() {
				return errWrong("type", nil, "may not be null")
			}
			return nil
		},
		fill: fillQoS, full: qosFull, check: checkQoS,
		danger: func(Object) string {
			return "Deleting a QoS policy with assigned entities will affect the performance of these entities"
		},
		delete: func(rq *request, o Object) {
			for _, assignment := range rq.a.qosEntitiesOf(o) {
				rq.a.dropAssignment(assignment)
			}
			rq.a.remove(o)
		},
		computed: map[string]func(a *Array, o Object) any{
			"burst_duration_seconds": func(_ *Array, o Object) any {
				if o.bool("burst_enabled") {
					return burstSeconds
				}
				return nil
			},
		},
	}, `
		id                     integer  filter sort
		name                   text     filter sort required update null
		type                   text(VOLUME|FILESYSTEM|POOL_VOLUME|POOL_FILESYSTEM)  filter sort required update null
		max_ops                integer  filter sort create update null
		max_bps                integer  filter sort create update null
		burst_enabled          boolean  filter sort create update  =false
		burst_factor           decimal  filter sort create update null
		burst_duration_seconds integer
		created_at             integer  filter sort
		updated_at             integer  filter sort
	`)
}

func (a *Array) qosRoutes(r router) {
	r.serve(a, a.qosPolicies)
	r.read("/qos/state", func(*request) (any, error) { return map[string]any{"is_enabled": a.qosEnabled}, nil })
	r.write(http.MethodPost, "/qos/enable", administrators, func(*request) (any, error) {
		a.qosEnabled = true
		return true, nil
	})
	a.qosEntityRoutes(r)
}

// fillQoS reads what a change means: a name or type of null changes nothing, as in the reference's example, and without
// burst there is no burst factor.
func fillQoS(ch *change) {
	if ch.isNew() {
		return
	}
	for _, name := range []string{"name", "type"} {
		if ch.sets(name) && ch.values[name] == nil {
			ch.after[name] = ch.before[name]
		}
	}
	if ch.values["burst_enabled"] == false && !ch.sets("burst_factor") {
		ch.after["burst_factor"] = nil
	}
}

func qosFull(a *Array) error {
	if len(a.qosPolicies.objects) >= a.limits.QoSPolicies {
		return conflict("QOS_POLICY_COUNT_LIMIT", "QoS policy count limit reached")
	}
	return nil
}

func checkQoS(ch *change) error {
	o := ch.after
	if !ch.isNew() && o["type"] != ch.before["type"] && len(ch.a.qosEntitiesOf(ch.before)) > 0 {
		return conflict("QOS_POLICY_TYPE_MODIFY_WITH_ENTITIES_NOT_ALLOWED", "Modifying the type of a QoS policy with assigned entities is not allowed")
	}
	if o["max_ops"] == nil && o["max_bps"] == nil {
		return conflict("QOS_POLICY_MAX_LIMIT_NOT_DEFINED", "QoS policy '%s' is missing at least one defined limit: Max OPS or Max BPS", o.name())
	}
	for _, limit := range []struct {
		name        string
		least, most int
	}{{"max_ops", leastOps, mostOps}, {"max_bps", leastBps, mostBps}} {
		if v, given := o[limit.name].(int); given && (v < limit.least || v > limit.most) {
			return conflict("QOS_POLICY_INVALID_MAX_LIMIT", "The %s limit must be between %d and %d. The value: %d is invalid", limit.name, limit.least, limit.most, v)
		}
	}
	factor, given := o["burst_factor"].(float64)
	switch {
	case !o.bool("burst_enabled") && given:
		return errWrong("burst_factor", factor, "must be empty if burst is not enabled")
	case !o.bool("burst_enabled"):
		return nil
	case factor < leastBurst || factor > mostBurst || math.Abs(factor*10-math.Round(factor*10)) > 1e-9:
		shown := "null"
		if given {
			shown = strconv.FormatFloat(factor, 'f', -1, 64)
		}
		return conflict("QOS_POLICY_INVALID_BURST_PARAMETER", "The burst_factor must be between %.1f and %.1f. A valid input needs to be no more than 1 decimal point. The value: %s is invalid", leastBurst, mostBurst, shown)
	}
	return nil
}

// tighter tells whether any limit of one policy is lower than that of another; no limit is the highest.
func tighter(one, other Object) bool {
	for _, name := range []string{"max_ops", "max_bps"} {
		limit, limited := one[name].(int)
		otherLimit, otherLimited := other[name].(int)
		if limited && (!otherLimited || limit < otherLimit) {
			return true
		}
	}
	return false
}
