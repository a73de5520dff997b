package infinibox

import (
	"net/http"
	"strings"
)

// An assignment of a dataset or pool to a QoS policy is an object of its own, an "assigned entity".
func newQoSEntities() *collection {
	return newCollection(collection{
		path: "qos/assigned_entities", noun: "QoS assigned entity", silent: true, absent: "QOS_ASSIGNED_ENTITY_NOT_FOUND",
		absentText: "QoS assigned entity with ID %d was not found", minor: true, command: "GetAllQosAssignedEntities",
		onlyOperators: []string{"EQ", "IN", "LIKE"},
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
	r.serve(a, a.qosEntities)
	const base = "/qos/policies/{id}/assigned_entities"
	r.list(base, func(rq *request) (any, error) {
		policy, err := a.qosPolicies.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.query(a.qosEntities, a.qosEntitiesOf(policy), rq.query)
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
		return a.render(o, pluck(rq.query)), nil
	})
	r.write(http.MethodPost, "/qos/policies/{id}/assign", administrators, a.assignQoS)
	r.write(http.MethodPost, "/qos/policies/{id}/unassign", administrators, a.unassignQoS)
}

// qosEntitiesOf returns the assignments to a policy in the order of their ids.
func (a *Array) qosEntitiesOf(policy Object) []Object {
	return a.qosEntities.where("qos_policy_id", policy.id())
}

// subjectType is what can be assigned to a policy: a pool, a volume or a filesystem.
func subjectType(policy Object) string {
	kind, _, _ := strings.Cut(policy.text("type"), "_")
	return kind
}

// qosSubject finds what is assigned, or to be assigned, to a policy.
func (a *Array) qosSubject(kind string, id int) Object {
	for _, c := range a.collections {
		if c.qos == kind {
			return c.objects[id]
		}
	}
	return nil
}

// qosKey finds an assignment: by the id of the dataset or pool, and by the type of the policy, as a pool may have one
// of each type.
type qosKey struct {
	entity int
	kind   string
}

func (a *Array) assignment(o Object, kind string) Object { return a.qosBy[qosKey{o.id(), kind}] }

func (a *Array) dropAssignment(assignment Object) {
	kind := a.qosPolicies.objects[assignment.int("qos_policy_id")].text("type")
	delete(a.qosBy, qosKey{assignment.int("entity_id"), kind})
	a.remove(assignment)
}

// qosOf is the policy of a type that something is assigned to, or nil.
func (a *Array) qosOf(o Object, kind string) Object {
	return a.qosPolicies.objects[a.assignment(o, kind).int("qos_policy_id")]
}

// directQoS is the policy that a dataset is assigned to, sharedQoS the one that its pool has for such datasets.
func (a *Array) directQoS(o Object) Object { return a.qosOf(o, o.of().qos) }
func (a *Array) sharedQoS(o Object) Object { return a.qosOf(a.poolOf(o), "POOL_"+o.of().qos) }

// poolQoS are the policies of a pool, as objects.
func (a *Array) poolQoS(pool Object) any {
	var policies []Object
	for _, kind := range []string{"POOL_VOLUME", "POOL_FILESYSTEM"} {
		if policy := a.qosOf(pool, kind); policy != nil {
			policies = append(policies, policy)
		}
	}
	return a.renderAll(policies, nil)
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
	if isActiveActivePeer(o) {
		return nil, conflict("REPLICA_UNSUPPORTED_FEATURE", "Replication feature not yet supported: Assigning an active-active replicated entity to a QoS policy")
	}
	former := a.assignment(o, policy.text("type"))
	if former == nil && len(a.qosEntitiesOf(policy)) >= a.limits.QoSEntities {
		return nil, conflict("QOS_ASSIGNED_PER_POLICY_COUNT_LIMIT", "QoS assigned entities per policy count limit reached")
	}
	if err := a.approveQoS(rq, policy, o, former); err != nil {
		return nil, err
	}
	if former != nil && former.int("qos_policy_id") == policy.id() {
		return a.render(former, nil), nil
	}
	if former != nil {
		a.dropAssignment(former)
	}
	assignment := a.make(a.qosEntities, map[string]any{"qos_policy_id": policy.id(), "entity_id": id, "entity_type": kind})
	a.add(assignment)
	a.qosBy[qosKey{id, policy.text("type")}] = assignment
	return a.render(assignment, nil), nil
}

// approveQoS asks for approval when an assignment replaces another one, or when a pool's limits come to be lower than
// those of the pool's own datasets.
func (a *Array) approveQoS(rq *request, policy, o, former Object) error {
	if former != nil {
		if former.int("qos_policy_id") == policy.id() {
			return rq.needApproval("You are trying to assign %s '%s' to a QoS policy it is already assigned to: '%s'", noun(o), o.name(), policy.name())
		}
		return rq.needApproval("You are trying to assign %s '%s' to QoS policy '%s' while it is assigned to QoS policy '%s'", noun(o), o.name(), policy.name(), a.qosPolicies.objects[former.int("qos_policy_id")].name())
	}
	shared, direct := a.sharedQoS(o), policy
	if o.of() == a.pools {
		shared, direct = policy, a.looserQoS(o, policy)
	}
	if shared == nil || direct == nil || !tighter(shared, direct) {
		return nil
	}
	return rq.needApproval("The limits of the shared QoS policy '%s' are lower than those of QoS policy '%s'", shared.name(), direct.name())
}

// looserQoS is a policy of a dataset in the pool, of the type that a pool's policy is for, with a higher limit than that.
func (a *Array) looserQoS(pool, shared Object) Object {
	for _, assignment := range a.qosEntities.all() {
		o := a.qosSubject(assignment.text("entity_type"), assignment.int("entity_id"))
		own := a.qosPolicies.objects[assignment.int("qos_policy_id")]
		if "POOL_"+own.text("type") == shared.text("type") && a.poolOf(o).id() == pool.id() && tighter(shared, own) {
			return own
		}
	}
	return nil
}

func (a *Array) unassignQoS(rq *request) (any, error) {
	policy, id, err := a.readQoSEntity(rq)
	if err != nil {
		return nil, err
	}
	for _, assignment := range a.qosEntitiesOf(policy) {
		if assignment.int("entity_id") == id {
			result := a.render(assignment, nil)
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
	body, err := rq.onlyFields("entity_id")
	if err != nil {
		return nil, 0, err
	}
	id, err = requiredInteger(body, "entity_id")
	return policy, id, err
}

// dropQoS forgets all assignments of a dataset or pool.
func (a *Array) dropQoS(o Object) {
	for _, kind := range a.qosPolicies.byName["type"].values {
		if assignment := a.assignment(o, kind); assignment != nil {
			a.dropAssignment(assignment)
		}
	}
}
