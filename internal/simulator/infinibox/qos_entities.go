package infinibox

import (
	"net/http"
	"strings"
)

// An assignment of a volume or pool to a QoS policy is an object of its own, an "assigned entity".
func newQoSEntities() *collection {
	return newCollection(collection{
		path: "qos/assigned_entities", noun: "QoS assigned entity", absent: "QOS_ASSIGNED_ENTITY_NOT_FOUND",
		absentText: "QoS assigned entity with ID %d was not found", minor: true, command: "GetAllQosAssignedEntities",
		computed: map[string]func(a *Array, o Object) any{
			"entity_name": func(a *Array, o Object) any { return nameOf(a.qosSubject(o.text("entity_type"), o.int("entity_id"))) },
		},
	}, `
		id            integer  filter sort
		qos_policy_id integer  filter sort
		entity_id     integer  filter sort
		entity_name   text     filter sort
		entity_type   text(VOLUME|FILESYSTEM|POOL)  filter sort
		created_at    integer  filter sort
		updated_at    integer  filter sort
	`)
}

func (a *Array) qosEntityRoutes(r router) {
	r.read("/qos/assigned_entities", func(rq *request) (any, error) { return a.listQoSEntities(rq, a.qosEntities.all()) })
	r.read("/qos/assigned_entities/{id}", func(rq *request) (any, error) {
		o, err := a.qosEntities.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.render(a.qosEntities, o, pluck(rq.query)), nil
	})
	const base = "/qos/policies/{id}/assigned_entities"
	r.read(base, func(rq *request) (any, error) {
		policy, err := a.qosPolicies.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.listQoSEntities(rq, a.qosEntitiesOf(policy))
	})
	r.read(base+"/{entity_id}", func(rq *request) (any, error) {
		policy, err := a.qosPolicies.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		own := *a.qosEntities
		own.objects = map[int]Object{}
		for _, o := range a.qosEntitiesOf(policy) {
			own.objects[o.id()] = o
		}
		o, err := own.get(rq.path[1])
		if err != nil {
			return nil, err
		}
		return a.render(a.qosEntities, o, pluck(rq.query)), nil
	})
	r.write(http.MethodPost, "/qos/policies/{id}/assign", administrators, a.assignQoS)
	r.write(http.MethodPost, "/qos/policies/{id}/unassign", administrators, a.unassignQoS)
}

// listQoSEntities lists assignments, by few operators.
func (a *Array) listQoSEntities(rq *request, assignments []Object) (any, error) {
	conditions, err := a.qosEntities.conditions(rq.query, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range conditions {
		if !contains([]string{"EQ", "IN", "LIKE"}, c.op) {
			return nil, badRequest("UNSUPPORTED_FILTER_RELATION", "The filtering operator '%s' is not supported by this resource", c.op)
		}
	}
	return a.query(a.qosEntities, assignments, rq.query)
}

// qosEntitiesOf returns the assignments to a policy in the order of their ids.
func (a *Array) qosEntitiesOf(policy Object) []Object {
	var own []Object
	for _, o := range a.qosEntities.all() {
		if o.int("qos_policy_id") == policy.id() {
			own = append(own, o)
		}
	}
	return own
}

// subjectType is what can be assigned to a policy: a pool, or a volume.
func subjectType(policy Object) string {
	kind, _, _ := strings.Cut(policy.text("type"), "_")
	return kind
}

func (a *Array) qosSubject(kind string, id int) Object {
	switch kind {
	case "POOL":
		return a.pools.objects[id]
	case "VOLUME":
		return a.volumes.objects[id]
	}
	return nil
}

// qosKey finds an assignment: by the id of the volume or pool, and by the type of the policy, as a pool may have one
// of each type.
type qosKey struct {
	entity int
	kind   string
}

func (a *Array) assignment(o Object, kind string) Object { return a.qosBy[qosKey{o.id(), kind}] }

func (a *Array) dropAssignment(assignment Object) {
	kind := a.qosPolicies.objects[assignment.int("qos_policy_id")].text("type")
	delete(a.qosBy, qosKey{assignment.int("entity_id"), kind})
	a.remove(a.qosEntities, assignment)
}

// qosOf is the policy of a type that a volume or pool is assigned to, or nil.
func (a *Array) qosOf(o Object, kind string) Object {
	return a.qosPolicies.objects[a.assignment(o, kind).int("qos_policy_id")]
}

// poolQoS are the policies of a pool, as objects.
func (a *Array) poolQoS(pool Object) any {
	policies := []any{}
	for _, kind := range []string{"POOL_VOLUME", "POOL_FILESYSTEM"} {
		if policy := a.qosOf(pool, kind); policy != nil {
			policies = append(policies, a.render(a.qosPolicies, policy, nil))
		}
	}
	return policies
}

func (a *Array) assignQoS(rq *request) (any, error) {
	policy, id, err := a.readQoSEntity(rq)
	if err != nil {
		return nil, err
	}
	kind := subjectType(policy)
	o := a.qosSubject(kind, id)
	if o == nil {
		return nil, conflict("QOS_EXPECTED_ENTITY_NOT_FOUND", "The expected QoS entity of type %s was not found", kind)
	}
	former := a.assignment(o, policy.text("type"))
	if former == nil && len(a.qosEntitiesOf(policy)) >= a.limits.QoSEntities {
		return nil, conflict("QOS_ASSIGNED_PER_POLICY_COUNT_LIMIT", "QoS assigned entities per policy count limit reached")
	}
	if err := a.approveQoS(rq, policy, o, former); err != nil {
		return nil, err
	}
	if former != nil && former.int("qos_policy_id") == policy.id() {
		return a.render(a.qosEntities, former, nil), nil
	}
	if former != nil {
		a.dropAssignment(former)
	}
	assignment := a.make(a.qosEntities, map[string]any{"qos_policy_id": policy.id(), "entity_id": id, "entity_type": kind})
	a.add(a.qosEntities, assignment)
	a.qosBy[qosKey{id, policy.text("type")}] = assignment
	return a.render(a.qosEntities, assignment, nil), nil
}

// approveQoS asks for approval when an assignment replaces another one, or when a pool's limits come to be lower than
// those of the pool's own volumes.
func (a *Array) approveQoS(rq *request, policy, o, former Object) error {
	noun := strings.ToLower(subjectType(policy))
	if former != nil {
		if former.int("qos_policy_id") == policy.id() {
			return rq.needApproval("You are trying to assign %s '%s' to a QoS policy it is already assigned to: '%s'", noun, o.name(), policy.name())
		}
		return rq.needApproval("You are trying to assign %s '%s' to QoS policy '%s' while it is assigned to QoS policy '%s'", noun, o.name(), policy.name(), a.qosPolicies.objects[former.int("qos_policy_id")].name())
	}
	shared, direct := policy, Object(nil)
	if noun == "volume" {
		shared, direct = a.qosOf(a.poolOf(o), "POOL_VOLUME"), policy
	} else {
		for _, assignment := range a.qosEntities.objects {
			if volume := a.qosSubject(assignment.text("entity_type"), assignment.int("entity_id")); assignment.text("entity_type") == "VOLUME" && volume.int("pool_id") == o.id() {
				if own := a.qosPolicies.objects[assignment.int("qos_policy_id")]; tighter(policy, own) {
					direct = own
				}
			}
		}
	}
	if shared == nil || direct == nil || !tighter(shared, direct) {
		return nil
	}
	return rq.needApproval("The limits of the shared QoS policy '%s' are lower than those of QoS policy '%s'", shared.name(), direct.name())
}

func (a *Array) unassignQoS(rq *request) (any, error) {
	policy, id, err := a.readQoSEntity(rq)
	if err != nil {
		return nil, err
	}
	for _, assignment := range a.qosEntitiesOf(policy) {
		if assignment.int("entity_id") == id {
			result := a.render(a.qosEntities, assignment, nil)
			a.dropAssignment(assignment)
			return result, nil
		}
	}
	return nil, notFound("QOS_ENTITY_NOT_FOUND", "QoS policy '%s' does not have an entity with ID %d assigned to it", policy.name(), id)
}

// readQoSEntity reads which entity and which policy a request is about.
func (a *Array) readQoSEntity(rq *request) (policy Object, id int, err error) {
	if policy, err = a.qosPolicies.get(rq.path[0]); err != nil {
		return nil, 0, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, 0, err
	}
	id, err = requiredInteger(body, "entity_id")
	return policy, id, err
}

// dropQoS forgets all assignments of a volume or pool.
func (a *Array) dropQoS(o Object) {
	for _, kind := range a.qosPolicies.byName["type"].values {
		if assignment := a.assignment(o, kind); assignment != nil {
			a.dropAssignment(assignment)
		}
	}
}
