package infinibox

import (
	"maps"
	"net/http"
	"time"
)

// Bounds of a schedule, in seconds. The shortest interval is in Limits, as the reference's examples break it.
const (
	longestInterval   = 2592000
	shortestRetention = 3600
	longestRetention  = 31536000
	lastSecondOfDay   = 86399
)

// A schedule says when its policy takes snapshots, and for how long they are kept.
func newSchedules() *collection {
	return newCollection(collection{
		path: "schedules", noun: "Snapshot schedule", absent: "SNAPSHOT_SCHEDULE_NOT_FOUND", minor: true,
		command: "GetAllSchedules",
	}, `
		id                 integer  filter sort
		name               text     filter sort required
		snapshot_policy_id integer  filter sort
		type               text(PERIODIC|CLOCK)  filter sort required
		interval           integer  create null
		day_of_week        text(SUNDAY|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|ALL)  filter sort create null
		time_of_day        integer  create null
		retention          integer  filter sort required
		lock_snapshots     boolean  filter sort create  =false
		enabled            boolean  filter sort create  =true
		tenant_id          integer  filter sort
		created_at         integer  filter sort
		updated_at         integer  filter sort
	`)
}

func (a *Array) scheduleRoutes(r router) {
	const base = "/snapshot_policies/{id}/schedules"
	r.read(base, func(rq *request) (any, error) {
		policy, err := a.policies.get(rq.path[0])
		if err != nil {
			return nil, err
		}
		return a.query(a.schedules, a.schedulesOf(policy), rq.query)
	})
	r.read(base+"/{schedule_id}", func(rq *request) (any, error) {
		schedule, err := a.schedule(rq)
		if err != nil {
			return nil, err
		}
		return a.render(a.schedules, schedule, pluck(rq.query)), nil
	})
	r.write(http.MethodPost, base, administrators, a.createSchedule)
	r.write(http.MethodDelete, base+"/{schedule_id}", administrators, a.deleteSchedule)
	for verb, enabled := range map[string]bool{"enable": true, "disable": false} {
		r.write(http.MethodPost, base+"/{schedule_id}/"+verb, administrators, func(rq *request) (any, error) {
			return a.enableSchedule(rq, enabled)
		})
	}
}

// schedulesOf returns the schedules of a policy in the order of their ids.
func (a *Array) schedulesOf(policy Object) []Object {
	var own []Object
	for _, schedule := range a.schedules.all() {
		if schedule.int("snapshot_policy_id") == policy.id() {
			own = append(own, schedule)
		}
	}
	return own
}

// schedule finds the schedule of a path, which must be of the policy of the path.
func (a *Array) schedule(rq *request) (Object, error) {
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	schedule, err := a.schedules.get(rq.path[1])
	if err != nil {
		return nil, err
	}
	if schedule.int("snapshot_policy_id") != policy.id() {
		return nil, notFound("SCHEDULE_NOT_RELATED_TO_SNAPSHOT_POLICY", "The schedule is not related to policy '%s'", policy.name())
	}
	return schedule, nil
}

func (a *Array) createSchedule(rq *request) (any, error) {
	policy, err := a.policies.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.schedules.creation(body)
	if err != nil {
		return nil, err
	}
	if err := a.checkSchedule(policy, values); err != nil {
		return nil, err
	}
	return created{a.render(a.schedules, a.addSchedule(policy, values), nil)}, nil
}

func (a *Array) checkSchedule(policy Object, values map[string]any) error {
	name := values["name"].(string)
	if err := checkName(name); err != nil {
		return err
	}
	if err := a.checkTiming(values); err != nil {
		return err
	}
	if kept := values["retention"].(int); kept < shortestRetention || kept > longestRetention {
		return conflict("SCHEDULE_RETENTION_INVALID", "Snapshots must be deleted within '%d' seconds and '%d' seconds", shortestRetention, longestRetention)
	}
	own := a.schedulesOf(policy)
	for _, other := range own {
		if other.name() == name {
			return conflict("SNAPSHOT_SCHEDULE_NAME_CONFLICT", "A snapshot schedule named '%s' already exists", name)
		}
	}
	switch {
	case len(own) >= a.limits.PolicySchedules:
		return conflict("SCHEDULES_IN_SNAPSHOT_POLICY_COUNT_LIMIT", "The maximum number of snapshot schedules has been reached for this policy")
	case len(a.schedules.objects) >= a.limits.Schedules:
		return conflict("SCHEDULES_COUNT_LIMIT", "The maximum number of snapshot schedules has been reached. A new snapshot schedule cannot be added")
	}
	return nil
}

// checkTiming checks when snapshots are taken: every so often (PERIODIC), or at a time of all days or one (CLOCK).
func (a *Array) checkTiming(values map[string]any) error {
	second, given := values["time_of_day"].(int)
	switch {
	case given && second > lastSecondOfDay:
		return errWrong("time_of_day", second, "must be less than or equal to 86399")
	case given && second < 0:
		return errWrong("time_of_day", second, "must be greater than or equal to 0")
	case !given && values["type"] == "CLOCK":
		return errMissing("time_of_day")
	}
	interval, given := values["interval"].(int)
	switch {
	case !given && values["type"] == "PERIODIC":
		return errMissing("interval")
	case given && (interval < a.limits.ScheduleInterval || interval > longestInterval):
		return conflict("SCHEDULE_INTERVAL_INVALID", "The interval between snapshots must be between '%d' seconds and '%d' seconds", a.limits.ScheduleInterval, longestInterval)
	}
	return nil
}

func (a *Array) addSchedule(policy Object, values map[string]any) Object {
	o := a.make(a.schedules, map[string]any{"snapshot_policy_id": policy.id(), "type": "PERIODIC"})
	maps.Copy(o, values)
	a.add(a.schedules, o)
	a.planNext(o, o.int("created_at"))
	return o
}

func (a *Array) enableSchedule(rq *request, enabled bool) (any, error) {
	schedule, err := a.schedule(rq)
	if err != nil {
		return nil, err
	}
	if schedule.bool("enabled") != enabled {
		schedule["enabled"] = enabled
		a.planNext(schedule, a.clock())
		a.touch(schedule)
	}
	return a.render(a.schedules, schedule, nil), nil
}

func (a *Array) deleteSchedule(rq *request) (any, error) {
	schedule, err := a.schedule(rq)
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("If the schedule is deleted, it will no longer trigger snapshot creation"); err != nil {
		return nil, err
	}
	result := a.render(a.schedules, schedule, nil)
	a.remove(a.schedules, schedule)
	a.nextEvent = 0
	return result, nil
}

// planNext notes when a schedule is due next, after a moment: an interval later, or when the clock (UTC) shows its time.
func (a *Array) planNext(schedule Object, after int) {
	a.nextEvent = 0
	if schedule.text("type") == "PERIODIC" {
		schedule[".due"] = after + schedule.int("interval")*1000
		return
	}
	then := time.UnixMilli(int64(after)).UTC()
	due := then.Truncate(24 * time.Hour).Add(time.Duration(schedule.int("time_of_day")) * time.Second)
	for !due.After(then) || !fits(due.Weekday(), schedule.text("day_of_week")) {
		due = due.AddDate(0, 0, 1)
	}
	schedule[".due"] = int(due.UnixMilli())
}

func fits(day time.Weekday, word string) bool {
	return word == "" || word == "ALL" || word == weekdays[day]
}

var weekdays = []string{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}
