package infinibox

// assignable are the types of what can be assigned to a policy, as clients write them.
var assignable = &field{name: "assigned_entity_type", kind: text, values: []string{"VOLUME", "FILESYSTEM", "CG"}}

// entitiesOf returns what is assigned to a policy, in the order of the ids.
func (a *Array) entitiesOf(policy Object) []Object {
	var entities []Object
	for _, c := range a.collections {
		if c.policies != "" {
			entities = append(entities, c.where("snapshot_policy_id", policy.id())...)
		}
	}
	byID(entities)
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
			"assigned_entity_id": o.id(), "assigned_entity_name": o.name(), "assigned_entity_type": o.of().policies,
			"snapshot_policy_id": policy.id(), "snapshot_policy_name": policy.name(),
		})
	}
	return plain(rq, "GetAssignedEntities", items)
}

func (a *Array) assignPolicy(rq *request) (any, error) {
	body, err := rq.onlyFields("assigned_entity_id", "assigned_entity_type")
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
	if err := rq.mayUse(o); err != nil {
		return nil, err
	}
	if o.int("snapshot_policy_id") == policy.id() {
		return nil, conflict("ENTITY_ALREADY_ASSIGNED_TO_SNAPSHOT_POLICY", "%s '%s' is already assigned to snapshot policy '%s'", o.of().noun, o.name(), policy.name())
	}
	return true, a.reassign(rq, o, policy.id())
}

// reassign assigns a dataset or group to a policy, or with 0 to none.
func (a *Array) reassign(rq *request, o Object, policy int) error {
	if err := a.unlocked(o); err != nil {
		return err
	}
	return a.change(rq, o, map[string]any{"snapshot_policy_id": policy})
}

// entityToAssign finds a dataset or group by its id, which must be of the type that the client says.
func (a *Array) entityToAssign(kind string, id int) (Object, error) {
	for _, c := range a.collections {
		o := c.objects[id]
		switch {
		case o == nil || c.policies == "":
		case c.policies == kind:
			return o, nil
		default:
			// The reference's example has the value and the parameter the wrong way round.
			return nil, errWrong(kind, "assigned_entity_type", "Entity with id "+itoa(id)+" is not of type "+kind)
		}
	}
	if kind == "CG" {
		_, err := a.groups.find(id)
		return nil, err
	}
	return nil, errNoDataset
}

// checkPolicyChange checks the policy that a dataset or group is to be assigned to; null and 0 are none.
func checkPolicyChange(ch *change) error {
	id := ch.after.int("snapshot_policy_id")
	if id == 0 {
		ch.after["snapshot_policy_id"] = nil
	} else if _, err := ch.a.policies.find(id); err != nil {
		return err
	}
	o := ch.before
	if ch.isNew() || o.int("snapshot_policy_id") == id {
		return nil
	}
	before := ch.a.policies.objects[o.int("snapshot_policy_id")]
	switch {
	case id == 0:
		return ch.rq.needApproval("If you unassign the %s from the snapshot policy, scheduled snapshots will no longer be created for this %s", noun(o), noun(o))
	case o["cg_id"] != nil:
		return forbidden("SNAPSHOT_POLICY_CANNOT_BE_ASSIGNED_TO_CG_MEMBER", "VOLUME '%s' belongs to a consistency group and cannot have its own snapshot policy", o.name())
	case isGroup(o) && isSnapshot(o):
		return conflict("ASSIGN_SG_TO_SNAPSHOT_POLICY_NOT_SUPPORTED", "A snap group cannot be assigned to a snapshot policy")
	case before != nil:
		return ch.rq.needApproval("%s '%s' will be assigned to snapshot policy '%s' instead of snapshot policy '%s'", o.of().noun, o.name(), ch.a.policies.objects[id].name(), before.name())
	}
	return nil
}

func (a *Array) unassignPolicy(rq *request) (any, error) {
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields("assigned_entity_id")
	if err != nil {
		return nil, err
	}
	id, err := requiredInteger(body, "assigned_entity_id")
	if err != nil {
		return nil, err
	}
	for _, o := range a.entitiesOf(policy) {
		if o.id() == id {
			if err := rq.mayUse(o); err != nil {
				return nil, err
			}
			return true, a.reassign(rq, o, 0)
		}
	}
	return nil, notFound("ASSIGNED_ENTITY_TO_SNAPSHOT_POLICY_NOT_FOUND", "The entity is not assigned to the snapshot policy")
}
