package replication

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// slowestLook is the longest wait between two looks at a replica that is at work.
const slowestLook = 10 * time.Second

// ReplicaSync copies what differs by now.
var ReplicaSync = entity.Action{
	System: common.System, Name: "replica_sync",
	Doc: "Begins a job of an asynchronous replica at once, and waits until the copy is as of now. " +
		"Before a planned failover it is what makes the copy complete, once nobody writes any more.",
	Arguments: entity.Facts{replicaArgument()},
	Timeout:   2 * time.Hour,
	Doing:     func(v entity.Values) string { return fmt.Sprintf("Synchronizing replica %d", v.Int(replicaID)) },
	Request:   onReplica("sync"),
	Wait:      jobEnds,
	Done:      sayAsOf,
}

// ReplicaSwitchRole makes the copy of a synchronous replica the source.
var ReplicaSwitchRole = entity.Action{
	System: common.System, Name: "replica_switch_role",
	Doc: "Switches the roles of a synchronous replica, on the array that has the source: a planned failover, in which no data is lost. " +
		"An asynchronous replica becomes synchronous first (`replication_type`), or changes its roles one by one (`storage_infinibox_replica_change_role`).",
	Danger:    "What is replicated becomes write-protected on this array: hosts here can no longer write, and those of the other array can.",
	Loses:     hitBySwitch,
	Arguments: entity.Facts{replicaArgument()},
	Doing: func(v entity.Values) string {
		return fmt.Sprintf("Switching the roles of replica %d", v.Int(replicaID))
	},
	Request: onReplica("switch_role"),
	Wait:    roleIs(func(string) string { return target }),
	Done:    sayRole,
}

// ReplicaChangeRole changes the role on one array alone.
var ReplicaChangeRole = entity.Action{
	System: common.System, Name: "replica_change_role",
	Doc: "Changes the role of a replica on this array alone. On the array with the copy it is an unplanned failover: the other array is gone, or is to be left as it is, and this one goes on with what the copy has. " +
		"On the array with the source it makes this one the copy, after a failover to the other one; the replica must be suspended then. The two go on together once it is resumed (`suspended`).",
	Danger: "A copy that becomes the source can be written to, and the two arrays' data go apart. A source that becomes the copy goes back to what was last replicated: what was written since is lost, and hosts can no longer write.",
	Loses:  hitByChange,
	Arguments: entity.Facts{
		replicaArgument(),
		entity.Bool(common.RetainStaging).Optional().Doc("Whether what of the copy was on its way is kept, as a snapshot. Not of filesystems."),
	},
	Doing: func(v entity.Values) string {
		return fmt.Sprintf("Changing the role of replica %d on this array", v.Int(replicaID))
	},
	Request: func(v entity.Values) api.Request {
		r := onReplica("change_role")(v)
		if v.Bool(common.RetainStaging) {
			r.Query = url.Values{common.RetainStaging: {"true"}}
		}
		return r
	},
	Wait: roleIs(func(answered string) string { return answered }),
	Done: sayRole,
}

const replicaID = "replica_id"

func replicaArgument() entity.Fact {
	return entity.Ref(replicaID).Required().Doc("The id of the replica, on this array.")
}

// onReplica is an operation on the replica that the arguments name.
func onReplica(verb string) func(v entity.Values) api.Request {
	return func(v entity.Values) api.Request {
		return api.Request{Method: http.MethodPost, Path: api.Path(replicas, v.Int(replicaID), verb)}
	}
}

// named is the replica that the arguments name, where it is known by now.
func named(ctx context.Context, s *entity.Session, v entity.Values) (o api.Object, far string, ok bool) {
	if !v.Known(replicaID) {
		return nil, "", false
	}
	o, err := s.Client.Read(ctx, replicas, v.ID(replicaID), nil)
	if err != nil {
		return nil, "", false
	}
	return o, common.OtherArray(ctx, s, fmt.Sprint(o["link_id"])), true
}

// hitBySwitch names what becomes the copy, and what the source.
func hitBySwitch(ctx context.Context, s *entity.Session, v entity.Values) []string {
	o, far, ok := named(ctx, s, v)
	if !ok {
		return nil
	}
	return []string{fmt.Sprintf("%s%s becomes the copy, and %q on %s the source.", described(o), withMembers(o), ends(o, "remote"), far)}
}

// hitByChange says which way the role goes, and what is lost.
func hitByChange(ctx context.Context, s *entity.Session, v entity.Values) []string {
	o, far, ok := named(ctx, s, v)
	switch {
	case !ok:
		return nil
	case o["role"] == target:
		return []string{fmt.Sprintf("%s%s is the copy by now, as of %s. It becomes the source, and %q on %s stays what it is until its role is changed there.", described(o), withMembers(o), asOf(o), ends(o, "remote"), far)}
	}
	return []string{fmt.Sprintf("%s%s is the source by now. It becomes the copy, and goes back to %s.", described(o), withMembers(o), asOf(o))}
}

// described is what a replica has on this array, to begin a sentence.
func described(o api.Object) string { return fmt.Sprintf("%q here", ends(o, "local")) }

func withMembers(o api.Object) string {
	if names := describeMembers(o, "local"); o["entity_type"] == group && names != "" {
		return " (with " + names + ")"
	}
	return ""
}

// asOf is how old the copy of a replica is.
func asOf(o api.Object) string {
	at, err := common.Number(o["restore_point"])
	if err != nil {
		return "what was last replicated"
	}
	return time.UnixMilli(at).UTC().Format(time.RFC3339)
}

// watch looks at a replica of a collection again and again until it is as it should be.
func watch(ctx context.Context, s *entity.Session, collection, id string, look func(o api.Object) (done bool, said string, err error)) (o api.Object, err error) {
	err = common.Watch(ctx, slowestLook, func() (bool, string, error) {
		if o, err = s.Client.Read(api.Fresh(ctx), collection, id, nil); err != nil {
			return false, "", err
		}
		return look(o)
	})
	return o, err
}

// jobEnds waits for the jobs that are at work or wait right after one was asked for. Later
// ones, which begin by themselves, are no matter.
func jobEnds(ctx context.Context, s *entity.Session, v entity.Values, _ any) (any, error) {
	var awaited map[string]bool
	return watch(ctx, s, replicas, v.ID(replicaID), func(o api.Object) (bool, string, error) {
		if state := o["state"]; state == suspendedState || state == autoSuspended {
			return false, "", fmt.Errorf("%s is %v: nothing is copied until it is resumed%s", describeReplica(o), state, because(o))
		}
		at := jobsOf(o)
		if pending, err := common.Number(o["pending_job_count"]); awaited == nil && (err != nil || pending == 0) {
			awaited = at
		}
		done := awaited != nil
		for job := range awaited {
			done = done && !at[job]
		}
		return done, howFar(o, describeReplica(o)), nil
	})
}

// howFar says what the job of a replica is at.
func howFar(o api.Object, replica string) string {
	said := fmt.Sprintf("The job of %s is %v", replica, o["job_state"])
	if progress, err := common.Number(o["progress"]); err == nil {
		said += fmt.Sprintf(", %d%%", progress)
	}
	return said + because(o)
}

// because is what the array says of a replica's state, after a colon.
func because(o api.Object) string {
	if text, ok := o["state_description"].(string); ok && text != "" {
		return ": " + text
	}
	return ""
}

// jobsOf are the jobs at work, by their numbers.
func jobsOf(o api.Object) map[string]bool {
	all, _ := o["jobs"].([]any)
	at := map[string]bool{}
	for _, job := range all {
		if one, ok := job.(api.Object); ok {
			at[fmt.Sprint(one["id"])] = true
		}
	}
	return at
}

// roleIs waits until a replica has the role that the answer leads to.
func roleIs(of func(answered string) string) func(ctx context.Context, s *entity.Session, v entity.Values, answer any) (any, error) {
	return func(ctx context.Context, s *entity.Session, v entity.Values, answer any) (any, error) {
		answered, _ := answer.(api.Object)
		want := of(fmt.Sprint(answered["role"]))
		return watch(ctx, s, replicas, v.ID(replicaID), func(o api.Object) (bool, string, error) {
			return fmt.Sprint(o["role"]) == want, fmt.Sprintf("%s is still %v here%s", describeReplica(o), o["role"], because(o)), nil
		})
	}
}

func sayAsOf(answer any) string {
	o, _ := answer.(api.Object)
	return fmt.Sprintf("The copy %q is as of %s", ends(o, "remote"), asOf(o))
}

func sayRole(answer any) string {
	o, _ := answer.(api.Object)
	return fmt.Sprintf("%q is the %v here%s", ends(o, "local"), o["role"], because(o))
}
