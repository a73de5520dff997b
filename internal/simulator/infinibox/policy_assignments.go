package infinibox

import "sort"

// assignable are the types of what can be assigned to a policy, as clients write them, and how messages call it.
var assignable = &field{name: "assigned_entity_type", kind: text, values: []string{"VOLUME", "FILESYSTEM", "CG"}}

func (a *Array) typeOf(o Object) string {
	if a.groups.objects[o.id()] != nil {
		return "CG"
	}
	return "VOLUME"
}

func (a *Array) nounOf(o Object) (noun, capital string) {
	if a.typeOf(o) == "CG" {
		return "consistency group", "Consistency group"
	}
	return "volume", "Volume"
}

// entitiesOf returns what is assigned to a policy, in the order of the ids.
func (a *Array) entitiesOf(policy Object) []Object {
	var entities []Object
	for _, o := range a.assigned[policy.id()] {
		entities = append(entities, o)
	}
	sort.Slice(entities, func(i, j int) bool { return entities[i].id() < entities[j].id() })
	return entities
}

func (a *Array) policyEntities(rq *request) (any, error) {
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	items := []any{}
	for _, o := range a.entitiesOf(policy) {
		items = append(items, map[string]any{
			"assigned_entity_id": o.id(), "assigned_entity_name": o.name(), "assigned_entity_type": a.typeOf(o),
			"snapshot_policy_id": policy.id(), "snapshot_policy_name": policy.name(),
		})
	}
	return plain(rq, "GetAssignedEntities", items)
}

func (a *Array) assignPolicy(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	id, err := requiredInteger(body, "assigned_entity_id")
	if err != nil {
		return nil, err
	}
	if body["assigned_entity_type"] == nil {
		return nil, errMissing("assigned_entity_type")
	}
	kind, err := assignable.convert(body["assigned_entity_type"])
	if err != nil {
		return nil, err
	}
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	o, err := a.entityToAssign(kind.(string), id)
	if err != nil {
		return nil, err
	}
	if o.int("snapshot_policy_id") == policy.id() {
		_, noun := a.nounOf(o)
		return nil, conflict("ENTITY_ALREADY_ASSIGNED_TO_SNAPSHOT_POLICY", "%s '%s' is already assigned to snapshot policy '%s'", noun, o.name(), policy.name())
	}
	return true, a.changePolicy(rq, o, policy.id())
}

// entityToAssign finds a volume or group by its id, which must be of the type that the client says.
func (a *Array) entityToAssign(kind string, id int) (Object, error) {
	volume, group := a.volumes.objects[id], a.groups.objects[id]
	switch {
	case kind == "VOLUME" && volume != nil:
		return volume, nil
	case kind == "CG" && group != nil:
		return group, nil
	case volume != nil || group != nil:
		// The reference's example has the value and the parameter the wrong way round.
		return nil, errWrong(kind, "assigned_entity_type", "Entity with id "+itoa(id)+" is not of type "+kind)
	case kind == "CG":
		_, err := a.groups.find(id)
		return nil, err
	}
	return nil, errNoDataset
}

// changePolicy assigns a volume or group to a policy or, with null or 0, to none.
func (a *Array) changePolicy(rq *request, o Object, value any) error {
	id, err := a.policyID(value)
	if err != nil {
		return err
	}
	if err := rq.mayUse(o); err != nil {
		return err
	}
	noun, capital := a.nounOf(o)
	before := a.policies.objects[o.int("snapshot_policy_id")]
	switch {
	case id == before.id():
		return nil
	case id == 0:
		err = rq.needApproval("If you unassign the %s from the snapshot policy, scheduled snapshots will no longer be created for this %s", noun, noun)
	case noun == "volume" && o["cg_id"] != nil:
		err = forbidden("SNAPSHOT_POLICY_CANNOT_BE_ASSIGNED_TO_CG_MEMBER", "VOLUME '%s' belongs to a consistency group and cannot have its own snapshot policy", o.name())
	case noun != "volume" && isSnapshot(o):
		err = conflict("ASSIGN_SG_TO_SNAPSHOT_POLICY_NOT_SUPPORTED", "A snap group cannot be assigned to a snapshot policy")
	case before != nil:
		err = rq.needApproval("%s '%s' will be assigned to snapshot policy '%s' instead of snapshot policy '%s'", capital, o.name(), a.policies.objects[id].name(), before.name())
	}
	if err == nil {
		a.setPolicy(o, id)
	}
	return err
}

func (a *Array) unassignPolicy(rq *request) (any, error) {
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	id, err := requiredInteger(body, "assigned_entity_id")
	if err != nil {
		return nil, err
	}
	o := a.assigned[policy.id()][id]
	if o == nil {
		return nil, notFound("ASSIGNED_ENTITY_TO_SNAPSHOT_POLICY_NOT_FOUND", "The entity is not assigned to the snapshot policy")
	}
	return true, a.changePolicy(rq, o, nil)
}
