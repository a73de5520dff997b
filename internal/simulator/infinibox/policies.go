package infinibox

import "net/http"

const maxSuffix = 64

// A snapshot policy takes and keeps snapshots of what is assigned to it, as its schedules say.
func newPolicies() *collection {
	return newCollection(collection{
		path: "snapshot_policies", noun: "Snapshot policy", absent: "SNAPSHOT_POLICY_NOT_FOUND",
		taken: "SNAPSHOT_POLICY_NAME_CONFLICT", takenText: "A snapshot policy named '%s' already exists",
		minor: true, command: "GetAllSnapshotPolicies",
		computed: map[string]func(a *Array, o Object) any{
			"assigned_entities_count": func(a *Array, o Object) any { return len(a.assigned[o.id()]) },
			"schedules": func(a *Array, o Object) any {
				rendered := []any{}
				for _, schedule := range a.schedulesOf(o) {
					rendered = append(rendered, a.render(a.schedules, schedule, nil))
				}
				return rendered
			},
		},
	}, `
		id                      integer  filter sort
		name                    text     filter sort required update
		suffix                  text     filter sort required update
		default_snapshot_policy boolean  update  =false
		schedules               list
		assigned_entities_count integer
		tenant_id               integer  filter sort
		created_at              integer  filter sort
		updated_at              integer  filter sort
	`)
}

func (a *Array) policyRoutes(r router) {
	r.collection(a, a.policies, nil, actions{
		create: a.createPolicy, createRoles: administrators,
		update: a.updatePolicy, updateRoles: administrators,
		remove: a.deletePolicy, removeRoles: administrators,
	})
	r.read("/snapshot_policies/{id}/assigned_entities", a.policyEntities)
	r.write(http.MethodPost, "/snapshot_policies/{id}/assign_entity", poolAdmins, a.assignPolicy)
	r.write(http.MethodPost, "/snapshot_policies/{id}/unassign_entity", poolAdmins, a.unassignPolicy)
	a.scheduleRoutes(r)
}

// addDefaultPolicy makes the policy that the array comes with, as the reference lists it.
func (a *Array) addDefaultPolicy() {
	policy := a.make(a.policies, map[string]any{"name": "Default Policy", "suffix": "policy", "default_snapshot_policy": true})
	a.add(a.policies, policy)
	const hour = 3600
	for _, s := range []Object{
		{"name": "Six-Hourly", "interval": 6 * hour, "retention": 24 * hour},
		{"name": "Daily", "interval": 24 * hour, "retention": 7 * 24 * hour},
	} {
		a.addSchedule(policy, s)
	}
}

func (a *Array) createPolicy(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.policies.creation(body)
	if err != nil {
		return nil, err
	}
	if err := a.checkPolicy(values, 0); err != nil {
		return nil, err
	}
	if len(a.policies.objects) >= a.limits.SnapshotPolicies {
		return nil, conflict("SNAPSHOT_POLICIES_COUNT_LIMIT", "The maximum number of snapshot policies has been reached. A new snapshot policy cannot be added")
	}
	o := a.make(a.policies, values)
	a.add(a.policies, o)
	return created{a.render(a.policies, o, nil)}, nil
}

// checkPolicy checks a name and a suffix, where they are given; both must be free.
func (a *Array) checkPolicy(values map[string]any, self int) error {
	if name, ok := values["name"].(string); ok {
		if err := a.policies.freeName(name, self); err != nil {
			return err
		}
	}
	suffix, ok := values["suffix"].(string)
	switch {
	case !ok:
		return nil
	case suffix == "" || len(suffix) > maxSuffix:
		return errWrong("suffix", suffix, "size must be between 1 and 64")
	case !legalCharacters(suffix):
		return badRequest("INVALID_CHARACTERS_IN_SNAPSHOT_POLICY_SUFFIX", "Invalid characters in snapshot policy suffix '%s'", suffix)
	}
	for id, other := range a.policies.objects {
		if id != self && other.text("suffix") == suffix {
			return conflict("SNAPSHOT_POLICY_SUFFIX_CONFLICT", "A snapshot policy with suffix '%s' already exists", suffix)
		}
	}
	return nil
}

func (a *Array) updatePolicy(rq *request) (any, error) {
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.policies.change(body)
	if err != nil {
		return nil, err
	}
	if err := a.checkPolicy(values, policy.id()); err != nil {
		return nil, err
	}
	for name, value := range values {
		switch name {
		case "name":
			a.policies.rename(policy, value.(string))
		case "default_snapshot_policy":
			if former := a.defaultPolicy(); value == true && former != nil {
				former[name] = false // there is one default
			}
			policy[name] = value
		default:
			policy[name] = value
		}
	}
	a.touch(policy)
	return a.render(a.policies, policy, nil), nil
}

func (a *Array) deletePolicy(rq *request) (any, error) {
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("If you delete the snapshot policy, its scheduled snapshots will no longer be created for the assigned entities"); err != nil {
		return nil, err
	}
	result := a.render(a.policies, policy, nil)
	for _, o := range a.entitiesOf(policy) {
		a.setPolicy(o, 0)
	}
	for _, schedule := range a.schedulesOf(policy) {
		a.remove(a.schedules, schedule)
	}
	a.remove(a.policies, policy)
	a.nextEvent = 0
	return result, nil
}

// defaultPolicy is the policy that new volumes and groups get, or nil.
func (a *Array) defaultPolicy() Object {
	for _, policy := range a.policies.objects {
		if policy.bool("default_snapshot_policy") {
			return policy
		}
	}
	return nil
}

// policyOfNew takes the policy of a new volume or group from its values. Without a word the default policy is meant,
// as in the reference's example of a new filesystem; 0 is none.
func (a *Array) policyOfNew(values map[string]any) (int, error) {
	value, given := values["snapshot_policy_id"]
	delete(values, "snapshot_policy_id")
	if !given {
		return a.defaultPolicy().id(), nil
	}
	return a.policyID(value)
}

// policyID checks an id of a policy; null and 0 are none.
func (a *Array) policyID(value any) (int, error) {
	id, _ := value.(int)
	if id == 0 {
		return 0, nil
	}
	_, err := a.policies.find(id)
	return id, err
}

// setPolicy assigns a volume or group to a policy, or to none.
func (a *Array) setPolicy(o Object, policy int) {
	delete(a.assigned[o.int("snapshot_policy_id")], o.id())
	o["snapshot_policy_id"] = nil
	if policy == 0 {
		return
	}
	if a.assigned[policy] == nil {
		a.assigned[policy] = map[int]Object{}
	}
	a.assigned[policy][o.id()] = o
	o["snapshot_policy_id"] = policy
}

// policyName is the name of the policy that a volume or group is assigned to.
func policyName(a *Array, o Object) any {
	if policy := a.policies.objects[o.int("snapshot_policy_id")]; policy != nil {
		return policy.name()
	}
	return nil
}
