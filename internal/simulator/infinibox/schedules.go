package infinibox

import (
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
		path: "schedules", noun: "Snapshot schedule", absent: "SNAPSHOT_SCHEDULE_NOT_FOUND", command: "GetAllSchedules",
		in: "snapshot_policy_id", nested: true, minor: true,
		foreign: func(policy Object) error {
			return notFound("SCHEDULE_NOT_RELATED_TO_SNAPSHOT_POLICY", "The schedule is not related to policy '%s'", policy.name())
		},
		creation: by(administrators), deletion: by(administrators),
		check:  checkSchedule,
		stored: func(ch *change) { ch.a.planNext(ch.after, ch.after.int("created_at")) },
		danger: func(Object) string { return "If the schedule is deleted, it will no longer trigger snapshot creation" },
		delete: func(rq *request, o Object) {
			rq.a.remove(o)
			rq.a.nextEvent = 0
		},
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
	r.serve(a, a.schedules)
	for verb, enabled := range map[string]bool{"enable": true, "disable": false} {
		r.write(http.MethodPost, "/snapshot_policies/{id}/schedules/{schedule_id}/"+verb, administrators, func(rq *request) (any, error) {
			return a.enableSchedule(rq, enabled)
		})
	}
}

// schedulesOf returns the schedules of a policy in the order of their ids.
func (a *Array) schedulesOf(policy Object) []Object {
	return a.schedules.where("snapshot_policy_id", policy.id())
}

func checkSchedule(ch *change) error {
	a, o := ch.a, ch.after
	if err := checkName(o.name()); err != nil {
		return err
	}
	if err := a.checkTiming(o); err != nil {
		return err
	}
	if kept := o.int("retention"); kept < shortestRetention || kept > longestRetention {
		return conflict("SCHEDULE_RETENTION_INVALID", "Snapshots must be deleted within '%d' seconds and '%d' seconds", shortestRetention, longestRetention)
	}
	own := a.schedules.where("snapshot_policy_id", o.int("snapshot_policy_id"))
	for _, other := range own {
		if other.name() == o.name() {
			return conflict("SNAPSHOT_SCHEDULE_NAME_CONFLICT", "A snapshot schedule named '%s' already exists", o.name())
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
func (a *Array) checkTiming(schedule Object) error {
	second, given := schedule["time_of_day"].(int)
	switch {
	case given && second > lastSecondOfDay:
		return errWrong("time_of_day", second, "must be less than or equal to 86399")
	case given && second < 0:
		return errWrong("time_of_day", second, "must be greater than or equal to 0")
	case !given && schedule["type"] == "CLOCK":
		return errMissing("time_of_day")
	}
	interval, given := schedule["interval"].(int)
	switch {
	case !given && schedule["type"] == "PERIODIC":
		return errMissing("interval")
	case given && (interval < a.limits.ScheduleInterval || interval > longestInterval):
		return conflict("SCHEDULE_INTERVAL_INVALID", "The interval between snapshots must be between '%d' seconds and '%d' seconds", a.limits.ScheduleInterval, longestInterval)
	}
	return nil
}

func (a *Array) enableSchedule(rq *request, enabled bool) (any, error) {
	schedule, err := rq.object(a.schedules)
	if err != nil {
		return nil, err
	}
	if schedule.bool("enabled") != enabled {
		schedule["enabled"] = enabled
		a.planNext(schedule, a.clock())
		a.touch(schedule)
	}
	return a.render(schedule, nil), nil
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
