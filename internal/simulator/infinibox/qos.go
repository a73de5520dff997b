package infinibox

import (
	"maps"
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
		path: "qos/policies", noun: "QoS policy", absent: "QOS_POLICY_NOT_FOUND",
		absentText: "QoS policy with ID %d was not found",
		taken:      "QOS_POLICY_NAME_CONFLICT", takenText: "A QoS policy with this name '%s' already exists",
		command: "GetAllQosPolicies",
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
	r.collection(a, a.qosPolicies, nil, actions{
		create: a.createQoS, createRoles: administrators,
		update: a.updateQoS, updateRoles: administrators,
		remove: a.deleteQoS, removeRoles: administrators,
	})
	r.read("/qos/state", func(*request) (any, error) { return map[string]any{"is_enabled": a.qosEnabled}, nil })
	r.write(http.MethodPost, "/qos/enable", administrators, func(*request) (any, error) {
		a.qosEnabled = true
		return true, nil
	})
	a.qosEntityRoutes(r)
}

func (a *Array) createQoS(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	if kind, given := body["type"]; given && kind == nil {
		return nil, errWrong("type", nil, "may not be null")
	}
	values, err := a.qosPolicies.creation(body)
	if err != nil {
		return nil, err
	}
	if err := a.qosPolicies.freeName(values["name"].(string), 0); err != nil {
		return nil, err
	}
	if len(a.qosPolicies.objects) >= a.limits.QoSPolicies {
		return nil, conflict("QOS_POLICY_COUNT_LIMIT", "QoS policy count limit reached")
	}
	o := a.make(a.qosPolicies, values)
	if err := checkQoS(o); err != nil {
		return nil, err
	}
	a.add(a.qosPolicies, o)
	return created{a.render(a.qosPolicies, o, nil)}, nil
}

// checkQoS checks a policy as it is about to be.
func checkQoS(o Object) error {
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

// updateQoS changes fields, also several at once. A name or type of null changes nothing, as in the reference's
// example; a limit of null is taken away. Without burst there is no burst factor.
func (a *Array) updateQoS(rq *request) (any, error) {
	policy, err := a.qosPolicies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.qosPolicies.change(body)
	if err != nil {
		return nil, err
	}
	after := Object{}
	maps.Copy(after, policy)
	for name, value := range values {
		if value != nil || name != "name" && name != "type" {
			after[name] = value
		}
	}
	if _, given := values["burst_factor"]; values["burst_enabled"] == false && !given {
		after["burst_factor"] = nil
	}
	if err := a.qosPolicies.freeName(after.name(), policy.id()); err != nil {
		return nil, err
	}
	if after["type"] != policy["type"] && len(a.qosEntitiesOf(policy)) > 0 {
		return nil, conflict("QOS_POLICY_TYPE_MODIFY_WITH_ENTITIES_NOT_ALLOWED", "Modifying the type of a QoS policy with assigned entities is not allowed")
	}
	if err := checkQoS(after); err != nil {
		return nil, err
	}
	a.qosPolicies.rename(policy, after.name())
	for name := range values {
		policy[name] = after[name]
	}
	policy["burst_factor"] = after["burst_factor"]
	a.touch(policy)
	return a.render(a.qosPolicies, policy, nil), nil
}

func (a *Array) deleteQoS(rq *request) (any, error) {
	policy, err := a.qosPolicies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Deleting a QoS policy with assigned entities will affect the performance of these entities"); err != nil {
		return nil, err
	}
	result := a.render(a.qosPolicies, policy, nil)
	for _, assignment := range a.qosEntitiesOf(policy) {
		a.dropAssignment(assignment)
	}
	a.remove(a.qosPolicies, policy)
	return result, nil
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
