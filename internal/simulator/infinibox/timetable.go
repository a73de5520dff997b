package infinibox

import (
	"fmt"
	"hash/fnv"
	"math"
)

// What the array does by itself, as its clock moves on: it takes the snapshots that schedules are due for, deletes
// those whose retention has passed, and brings nodes and drives to where they are on their way to. It is caught up on before each request, moment by moment in order, so
// that a jump of the clock leaves what the waiting would have left.

const (
	second     = 1000 // in the milliseconds of the clock
	retryAfter = 3600 * second
)

// catchUp does all that was due since the last time.
func (a *Array) catchUp() {
	a.settleReplicas()
	for {
		if a.nextEvent == 0 {
			a.nextEvent = a.earliest()
		}
		moment := a.nextEvent
		if moment > a.clock() {
			return
		}
		a.nextEvent = 0
		for id, due := range a.expiring {
			if due <= moment {
				a.expire(id, moment)
			}
		}
		a.finish(moment)
		a.replicate(moment)
		for _, schedule := range a.schedules.all() {
			if schedule.bool("enabled") && schedule.int(".due") <= moment {
				a.runSchedule(schedule, moment)
				a.planNext(schedule, moment)
			}
		}
	}
}

// earliest is the next moment at which something is due.
func (a *Array) earliest() int {
	next := math.MaxInt
	for _, schedule := range a.schedules.objects {
		if schedule.bool("enabled") {
			next = min(next, schedule.int(".due"))
		}
	}
	for _, due := range a.expiring {
		next = min(next, due)
	}
	for _, o := range a.rack.underway {
		next = min(next, o.int(".due"))
	}
	next = min(next, a.nextReplication())
	return next
}

// expire deletes a snapshot or snapshot group whose time has come. What cannot be deleted is tried again later.
func (a *Array) expire(id, moment int) {
	a.expiring[id] = moment + retryAfter
	snapshots := []Object{a.dataset(id)}
	group := a.groups.objects[id]
	if group != nil {
		snapshots = a.inside(group)
	}
	for _, snapshot := range snapshots {
		if a.children[snapshot.id()] > 0 || a.checkDeletion(snapshot, nil) != nil {
			return
		}
	}
	if group != nil {
		a.dropGroup(group)
	}
	a.dropFamily(snapshots...)
}

// runSchedule takes a snapshot of all that is assigned to a schedule's policy. What cannot be taken is left out.
func (a *Array) runSchedule(schedule Object, moment int) {
	policy := a.policies.objects[schedule.int("snapshot_policy_id")]
	for _, o := range a.entitiesOf(policy) {
		if o.int("created_at") > moment {
			continue
		}
		values := map[string]any{
			"name": scheduledName(o, policy, schedule, moment), "created_at": moment, "updated_at": moment,
			"created_by_snapshot_policy_id": policy.id(), "created_by_snapshot_policy_name": policy.name(),
			"created_by_schedule_id": schedule.id(), "created_by_schedule_name": schedule.name(),
		}
		if schedule.bool("lock_snapshots") {
			values["lock_expires_at"] = moment + schedule.int("retention")*second
		}
		var taken Object
		if isGroup(o) {
			taken = a.scheduledGroup(o, policy, schedule, values, moment)
		} else if a.checkFamily(o) == nil && a.unlocked(o) == nil {
			taken = a.snapshotOf(o, values)
		}
		if taken != nil {
			a.retain(taken, schedule.int("retention"))
		}
	}
}

// scheduledGroup takes a snapshot group at a schedule's bidding, or none if it may not be.
func (a *Array) scheduledGroup(group, policy, schedule Object, values map[string]any, moment int) Object {
	names := map[int]string{}
	for _, m := range a.inside(group) {
		names[m.id()] = scheduledName(m, policy, schedule, moment)
	}
	if a.checkGroupSnapshot(group, names) != nil {
		return nil
	}
	taken := a.snapshotGroupOf(group, values, names)
	for _, snapshot := range a.inside(taken) {
		snapshot["created_at"], snapshot["updated_at"] = moment, moment
	}
	return taken
}

// scheduledName is the name of a snapshot as the reference's examples have it: the name of what it is taken of and
// the policy's suffix, cut so that 16 hexadecimal digits find room, which keep it unique.
func scheduledName(o, policy, schedule Object, moment int) string {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, o.id(), schedule.id(), moment)
	name := o.name() + policy.text("suffix")
	return fmt.Sprintf("%.*s%016x", maxNameLength-16, name, h.Sum64())
}
