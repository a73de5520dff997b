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

const (
	replicas = "replicas"

	asynchronous = common.Asynchronous
	synchronous  = common.Synchronous
	activeActive = common.ActiveActive

	volume     = "VOLUME"
	filesystem = "FILESYSTEM"
	group      = "CONSISTENCY_GROUP"

	suspendedState = "SUSPENDED"
	autoSuspended  = "AUTO_SUSPENDED"
	target         = "TARGET"

	membersSuffix = "remote_members_suffix"
)

// Replica copies a volume, a filesystem or a consistency group to another array.
var Replica = entity.Kind{
	System: common.System,
	Name:   "replica",
	Plural: "replicas",
	Path:   replicas,
	Doc: "A replica: a volume, a filesystem or a consistency group that is copied to another array over a link, and goes on being copied. It is made on the array that has the data and is then there on both; " +
		"the other one's configuration imports it, by `remote_replica_id`, where it has something to say of it.\n\n" +
		"Which of the two arrays has the source is a matter of operation and no attribute: after a failover no plan, on either side, takes the role back. See the guide [Disaster recovery](../guides/disaster-recovery.md).",
	Approvable: true, // what is reserved for InfiniSafe
	Rules:      []entity.Rule{entity.ExactlyOne("volume_id", "filesystem_id", "consistency_group_id")},
	Identity:   entity.Identity{Taken: []string{"REPLICA_ENTITY_IS_SOURCE", "REPLICA_ENTITY_IS_ACTIVE_ACTIVE_PEER"}},
	Reading:    entity.Reading{Find: findReplica},
	Planning: entity.Planning{
		Check: checkReplica, Weighs: []entity.Consent{common.Overwriting},
	},
	Creation: entity.Creation{
		Request: func(after entity.Values) api.Request {
			r := api.Request{Method: http.MethodPost, Path: replicas}
			if after.Known(membersSuffix) {
				r.Query = url.Values{membersSuffix: {after.Text(membersSuffix)}}
			}
			return r
		},
		Fill:  fillReplica,
		InUse: []string{"remote_replica_id"}, // the copy would stay behind
	},
	Deletion: entity.Deletion{
		Danger:  "The data is no longer copied to the other array.",
		Loses:   leftOfReplica,
		Request: deleteWith(replicas, common.RetainStaging, common.KeepSerial, common.ForceNoCredentials, common.ForceRemoteError, common.ForceOnLocal, common.ForceOnTarget),
	},
	Explain: explainReplica,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		entity.Ref("link_id").Required().To("link").Doc("The id of the link to the other array."),
		local("volume_id", "local_entity_id", volume).To("volume").Doc("The id of the volume that is replicated; either this, `filesystem_id` or `consistency_group_id`."),
		local("filesystem_id", "local_entity_id", filesystem).To("filesystem").Doc("The id of the filesystem that is replicated. It takes asynchronous replication alone."),
		local("consistency_group_id", "local_cg_id", group).To("consistency_group").Doc("The id of the consistency group that is replicated: its members are copied together, as of one point in time."),
		entity.Enum("replication_type", asynchronous, synchronous, activeActive).Required().Queryable().ReplacedWhen(entity.Becomes(activeActive), entity.Was(activeActive)).
			ChangedBy(changeType).
			Danger("Writes wait for the other array from then on: hosts feel the way there, and the link must be up.", entity.Becomes(synchronous)).
			Danger("The other array lags behind from then on: if this one fails, what was written since the last job is lost.", entity.Becomes(asynchronous)).
			Doc("How data gets to the other array: `ASYNC` in jobs, `SYNC` with every write, or `ACTIVE_ACTIVE` with hosts at work on both arrays. The first two change into each other in place, once the replica is synchronized; `ACTIVE_ACTIVE` is only made anew, and its link needs a witness."),
		entity.Integer("remote_pool_id").Defaulted().Positive().Queryable().
			Doc("The id of the pool on the other array that the copy is made in. Not needed where the copy is of what is there."),
		entityPairs(),
		common.Word(entity.Text(membersSuffix)).LongestOf(65).
			Doc("What the names of a group's members end in on the other array. It counts when the replica is made."),
		interval(entity.Duration("sync_interval", time.Millisecond)).Checked("0s, or 4s to 24h", checkInterval).
			Doc("How often a job begins, from `\"4s\"` to `\"24h\"`; `\"0s\"` for never by itself. At most `rpo`."),
		interval(entity.Duration("rpo", time.Millisecond).Field("rpo_value")).NotBelow("sync_interval").
			Doc("The recovery point objective: how far the copy may lag behind before the array raises an alert. At least `sync_interval`; `\"0s\"` for none."),
		entity.Text("description").Defaulted().Mutable().Queryable().Checked("at most 255 characters", checkDescription).
			Doc("What the replica is for: at most 255 characters."),
		entity.Bool("suspended").Field("state").From(isSuspended).Defaulted().AfterCreation().After("replication_type").ChangedBy(suspend).
			Danger("The other array goes offline for hosts, which lose access where they reach the volumes there alone.", entity.When("set it to `true` where `replication_type` is `ACTIVE_ACTIVE`", stopsPeer)).
			Doc("Whether nothing is copied for now."),
		entity.Bool("is_preferred").Defaulted().Mutable().Queryable().Of("replication_type", activeActive).While("suspended", true).
			Doc("Whether this array goes on when the two lose sight of each other and of the witness. It changes only while the replica is suspended."),
		entity.Bool("mobility_source").Optional().Mutable().Queryable().Of("replication_type", activeActive).ReplacedWhen(entity.Was(true)).
			Doc("`true` of a volume that is on its way to the other array. Such a replica cannot be suspended."),
	}, snapshotFacts, entity.Facts{
		entity.Duration("permanent_failure_wait_interval", time.Millisecond).Defaulted().Mutable().AfterCreation().
			Doc("How long the array waits before it tries again after a failure that will not pass by itself."),
		entity.Duration("temporary_failure_retry_interval", time.Millisecond).Defaulted().Mutable().AfterCreation().
			Doc("How long the array waits before it tries again after a failure that may pass."),
		entity.Integer("temporary_failure_retry_count").Defaulted().Mutable().AfterCreation().Queryable().Between(0, 1<<31-1).
			Doc("How often it tries again then."),
		common.Word(entity.Bool(common.RetainStaging)).Doc("Whether deleting the replica keeps what of the copy was on its way: as a snapshot, on the array that has the copy."),
		common.Word(entity.Bool(common.KeepSerial)).Of("replication_type", activeActive).Doc("Whether this array's volume keeps its serial number when the replica is deleted. Hosts know both volumes by one serial number until then, and one of the two gets another."),
		common.Word(entity.Bool(common.ForceNoCredentials)).Doc("Whether the replica may be deleted also where the other array does not accept the user."),
		common.Word(entity.Bool(common.ForceRemoteError)).Doc("Whether the replica may be deleted also where the other array does not answer or refuses. Its end of the replica then stays there."),
		common.Word(entity.Bool(common.ForceOnLocal)).Doc("Whether the replica may be deleted on this array alone."),
		common.Word(entity.Bool(common.ForceOnTarget)).Doc("Whether the replica may be deleted on this array alone where this array has the copy."),
		entity.Integer("remote_replica_id").Lasting().Queryable().Doc("The id of the replica on the other array."),
		entity.Ref("remote_entity_id").Lasting().Queryable().Doc("The id of the copy on the other array: a volume, a filesystem or a consistency group."),
		entity.Ref("remote_cg_id").Lasting().Queryable().Doc("The id of the copy of a consistency group on the other array; absent where something else is replicated."),
		common.CreatedAt(),
	}, replicaMeasures),
}

// local is what is replicated, of replicas of one type.
func local(name, field, entityType string) entity.Fact {
	return entity.Ref(name).Field(field).From(func(o api.Object) any {
		if o["entity_type"] != entityType {
			return nil
		}
		return o[field]
	}, "entity_type").Into(func(api.Object, any) {}).Optional() // fillReplica puts it in its place
}

// interval is a time of replicas that have jobs.
func interval(f entity.Fact) entity.Fact {
	return f.OrZero().Defaulted().Queryable().Of("replication_type", asynchronous).After("replication_type").ChangedBy(changeTimes)
}

// changeTimes sets both times at once, because they bound each other.
func changeTimes(id string, after entity.Values) api.Request {
	body := api.Object{}
	for name, field := range map[string]string{"sync_interval": "sync_interval", "rpo": "rpo_value"} {
		if d, err := time.ParseDuration(after.Text(name)); err == nil {
			body[field] = d.Milliseconds()
		}
	}
	return api.Request{Method: http.MethodPut, Path: api.Path(replicas, id), Body: body}
}

// snapshotFacts are on the snapshots that are replicated along.
var snapshotFacts = entity.Facts{
	entity.Bool("including_snapshots").Defaulted().Queryable().
		Doc("Whether snapshots are replicated too. A replica with them never becomes `SYNC`."),
	entity.Duration("snapshots_retention", time.Second).Optional().Mutable().Queryable().
		Doc("How long the other array keeps the snapshots, such as `\"168h\"`. Required with `including_snapshots`, and only there."),
	entity.Text("remote_snapshot_suffix").Optional().Mutable().Queryable().LongestOf(255).
		Doc("What the names of the snapshots end in on the other array. Only with `including_snapshots`."),
	entity.Duration("lock_remote_snapshot_retention", time.Second).Optional().Mutable().Queryable().
		Doc("How long the other array locks the snapshots: at most `snapshots_retention`, and 365 days. **Nobody can delete them there before.** Only with `including_snapshots`."),
}

// isSuspended reports whether a replica is suspended; what the array suspends by itself,
// it resumes by itself.
func isSuspended(o api.Object) any { return o["state"] == suspendedState }

func suspend(id string, after entity.Values) api.Request {
	verb := "resume"
	if after.Bool("suspended") {
		verb = "suspend"
	}
	return api.Request{Method: http.MethodPost, Path: api.Path(replicas, id, verb)}
}

// stopsPeer reports whether a change takes volumes from the hosts of the other array.
func stopsPeer(_, after entity.Values) bool {
	return after.Bool("suspended") && after.Text("replication_type") == activeActive
}

func changeType(id string, after entity.Values) api.Request {
	verb := "change_type_to_async"
	if after.Text("replication_type") == synchronous {
		verb = "change_type_to_sync"
	}
	return api.Request{Method: http.MethodPost, Path: api.Path(replicas, id, verb)}
}

// findReplica reads a replica by its id, or finds the one of the same over the same link:
// there is no other.
func findReplica(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("id") {
		return s.Client.Read(ctx, replicas, v.ID("id"), nil)
	}
	entityType, field, id := replicated(v)
	return api.First(s.Client.List(ctx, replicas, api.Query{Filters: api.Where("entity_type", entityType)}), func(o api.Object) bool {
		return fmt.Sprint(o["link_id"]) == v.ID("link_id") && fmt.Sprint(o[field]) == id
	}, &api.Error{Reason: api.NotFound, Operation: "GET " + replicas, Message: "There is no replica of it over this link"})
}

// replicated is what a replica is of: its type, the field that names it, and its id.
func replicated(v entity.Values) (entityType, field, id string) {
	switch {
	case v.Known("filesystem_id"):
		return filesystem, "local_entity_id", v.ID("filesystem_id")
	case v.Known("consistency_group_id"):
		return group, "local_cg_id", v.ID("consistency_group_id")
	}
	return volume, "local_entity_id", v.ID("volume_id")
}

// describeReplica names a replica by what it copies.
func describeReplica(o api.Object) string {
	return fmt.Sprintf("the replica of %q (id %v)", ends(o, "local"), o["id"])
}

// ends is the name of what a replica has on one of its ends: "local" or "remote".
func ends(o api.Object, end string) any {
	if name := o[end+"_entity_name"]; !api.IsNothing(name) {
		return name
	}
	return o[end+"_cg_name"]
}
