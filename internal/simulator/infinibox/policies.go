package infinibox

import "net/http"

const maxSuffix = 64

// A snapshot policy takes and keeps snapshots of what is assigned to it, as its schedules say.
func newPolicies() *collection {
	return newCollection(collection{
		path: "snapshot_policies", noun: "Snapshot policy", absent: "SNAPSHOT_POLICY_NOT_FOUND",
		taken: "SNAPSHOT_POLICY_NAME_CONFLICT", takenText: "A snapshot policy named '%s' already exists",
		minor: true, command: "GetAllSnapshotPolicies", search: "snapshot_policy",
		creation: by(administrators), updating: by(administrators), deletion: by(administrators),
		full: policiesFull, checks: map[string]func(ch *change) error{"suffix": checkSuffix}, stored: oneDefaultPolicy,
		danger: func(Object) string {
			return "If you delete the snapshot policy, its scheduled snapshots will no longer be created for the assigned entities"
		},
		delete: func(rq *request, o Object) { rq.a.dropPolicy(o) },
		computed: map[string]func(a *Array, o Object) any{
			"assigned_entities_count": func(a *Array, o Object) any { return len(a.entitiesOf(o)) },
			"schedules": func(a *Array, o Object) any {
				return a.renderAll(a.schedulesOf(o), nil)
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
	r.serve(a, a.policies)
	r.list("/snapshot_policies/{id}/assigned_entities", a.policyEntities)
	r.write(http.MethodPost, "/snapshot_policies/{id}/assign_entity", poolAdmins, a.assignPolicy)
	r.write(http.MethodPost, "/snapshot_policies/{id}/unassign_entity", poolAdmins, a.unassignPolicy)
	a.scheduleRoutes(r)
}

// addDefaultPolicy makes the policy that the array comes with, as the reference lists it.
func (a *Array) addDefaultPolicy() {
	policy := a.make(a.policies, map[string]any{"name": "Default Policy", "suffix": "policy", "default_snapshot_policy": true})
	a.add(policy)
	const hour = 3600
	for _, s := range []map[string]any{
		{"name": "Six-Hourly", "interval": 6 * hour, "retention": 24 * hour},
		{"name": "Daily", "interval": 24 * hour, "retention": 7 * 24 * hour},
	} {
		schedule := a.make(a.schedules, with(map[string]any{"snapshot_policy_id": policy.id(), "type": "PERIODIC"}, s))
		a.add(schedule)
		a.planNext(schedule, schedule.int("created_at"))
	}
}

func policiesFull(a *Array) error {
	if len(a.policies.objects) >= a.limits.SnapshotPolicies {
		return conflict("SNAPSHOT_POLICIES_COUNT_LIMIT", "The maximum number of snapshot policies has been reached. A new snapshot policy cannot be added")
	}
	return nil
}

// checkSuffix checks a suffix, which no two policies have alike.
func checkSuffix(ch *change) error {
	suffix := ch.after.text("suffix")
	switch {
	case suffix == "" || len(suffix) > maxSuffix:
		return errWrong("suffix", suffix, "size must be between 1 and 64")
	case !legalCharacters(suffix):
		return badRequest("INVALID_CHARACTERS_IN_SNAPSHOT_POLICY_SUFFIX", "Invalid characters in snapshot policy suffix '%s'", suffix)
	}
	for id, other := range ch.a.policies.objects {
		if id != ch.before.id() && other.text("suffix") == suffix {
			return conflict("SNAPSHOT_POLICY_SUFFIX_CONFLICT", "A snapshot policy with suffix '%s' already exists", suffix)
		}
	}
	return nil
}

// oneDefaultPolicy takes the default from the policy that had it.
func oneDefaultPolicy(ch *change) {
	if !ch.after.bool("default_snapshot_policy") {
		return
	}
	for id, other := range ch.a.policies.objects {
		if id != ch.after.id() {
			other["default_snapshot_policy"] = false
		}
	}
}

func (a *Array) dropPolicy(policy Object) {
	for _, o := range a.entitiesOf(policy) {
		o["snapshot_policy_id"] = nil
	}
	for _, schedule := range a.schedulesOf(policy) {
		a.remove(schedule)
	}
	a.remove(policy)
	a.nextEvent = 0
}

// defaultPolicy is the policy that new datasets and groups get, or nil.
func (a *Array) defaultPolicy() Object {
	for _, policy := range a.policies.objects {
		if policy.bool("default_snapshot_policy") {
			return policy
		}
	}
	return nil
}

// policyName is the name of the policy that a dataset or group is assigned to.
func policyName(a *Array, o Object) any {
	return nameOf(a.policies.objects[o.int("snapshot_policy_id")])
}
