package replication

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	rgReplicas = "rg_replicas"
	forced     = "force"
	withGroup  = "delete_remote_replication_group"
	groupThere = "remote_replication_group_id"
	source     = "SOURCE"
)

// RGReplica copies the vVols of a replication group to another array. Its roles are
// VMware's affair: no request changes them.
var RGReplica = entity.Kind{
	System: common.System,
	Name:   "rg_replica",
	Plural: "rg_replicas",
	Noun:   "RG replica",
	Path:   rgReplicas,
	Doc: "The replica of a replication group: its vVols are copied asynchronously to another array, into a group that is made there. It is made on the side that has the vVols (role `SOURCE`) and is then there on both. " +
		"The other side's configuration imports it where it has something to say of it; what is set there is left to the source. Which side serves the vVols is decided in VMware.\n\n" +
		"The array wants a user of the other array too: one of the same name and password as here, or the provider's `remote_username` and `remote_password`.",
	Identity: entity.Identity{Taken: []string{"REPLICATION_GROUP_ALREADY_REPLICATED"}},
	Reading:  entity.Reading{Find: findRGReplica, Left: groupStays},
	Planning: entity.Planning{Check: checkRGReplica},
	// What cannot be finished is finished in place later: taken back, it would leave a group
	// on the other array, which is in the way of the next one.
	Creation: entity.Creation{Body: ofNewGroup, InUse: []string{"remote_replica_id"}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{
		Danger: "The vVols of the group are no longer copied to the other array.",
		Loses:  endOfRGReplica,
		Each:   deleteRGReplica,
	},
	Explain: explainRGReplica,
	Facts: entity.Facts{
		entity.ID(),
		entity.Ref(groupID).Required().To("replication_group").OncePer().Doc("The id of the replication group. A group has one replica at most."),
		entity.Ref("link_id").Required().To("link").Queryable().Doc("The id of the link to the other array."),
		entity.Integer("remote_pool_id").Required().Positive().Queryable().Doc("The id of the pool on the other array that the copies go into, as of `storage_infinibox_pool` under the other array's `alias`, or of `storage_infinibox_remote`."),
		entity.Text("remote_replication_group_name").Optional().Unread().Queryable().LongestOf(65).
			Doc("The name that the group on the other array is to get; that of this one where it is not set. It can be renamed there: the data sources tell what it is called."),
		entity.Duration("sync_interval", time.Millisecond).Defaulted().Mutable().AfterCreation().OrZero().Queryable().Checked("0s, or 4s to 24h", checkInterval).
			Doc("How often the vVols are copied, such as `\"5m\"`: `4s` to `24h`; the array begins with `4s`. `\"0s\"` copies only when told to, as by `storage_infinibox_rg_replica_sync`."),
		entity.Duration("rpo", time.Millisecond).Field("rpo_value").Defaulted().Mutable().AfterCreation().OrZero().NotBelow("sync_interval").Queryable().
			Doc("How old the copies may be at most before the array warns of it, such as `\"10m\"`: not less than `sync_interval`. `\"0s\"`, as the array begins with, is no limit."),
		entity.Bool("suspended").Field("_enabled").From(isDisabled).Defaulted().AfterCreation().ChangedBy(enable).
			Doc("Whether nothing is copied for now. The two sides stay a pair, and the copies as old as they are."),
		common.Word(entity.Bool(forced)).
			Doc("Whether the replica may be deleted also after VMware has failed it over, and where the other array does not answer. Its side then stays there."),
		common.Word(entity.Bool(withGroup)).
			Doc("Whether the group that the replica has made on the other array is deleted too where the replica is. Where it is not `true`, that group stays, and no other replica can make one of its name."),
		entity.Text("replication_type").Lasting().Queryable().Doc("How is replicated: `ASYNC`."),
		entity.Ref("remote_replica_id").Lasting().Queryable().Doc("The id of the replica on the other array, by which it is imported there."),
		entity.Ref(groupThere).Lasting().Queryable().Doc("The id of the group on the other array."),
		common.CreatedAt(),

		common.UpdatedAt(),
		entity.Text("replication_group_name").Doc("The name of the group."),
		entity.Ref("pool_id").Queryable().Doc("The id of the pool of the group."),
		entity.Text("base_action").Doc("What the replica was made from."),
		entity.Text("role").Queryable().Doc("Whether this side has the vVols (`SOURCE`) or the copies (`TARGET`), or has taken over (`FAILEDOVER`)."),
		entity.Text("state").Doc("Whether it is copying: `ACTIVE`, `SUSPENDED`, or `AUTO_SUSPENDED` by the array itself."),
		entity.Text("state_reason").Doc("The reason for that state, as a code."),
		entity.Text("state_description").Doc("The same in a sentence."),
		entity.Text("rpo_state").Lenient().Doc("Whether the copies are as young as `rpo` wants."),
		entity.Moment("last_synchronized").Doc("When the copies were last brought up to date."),
		entity.Text("job_state").Doc("How the job under way stands, such as `REPLICATING` or `PAUSED`; absent while there is none."),
		entity.Integer("sync_job_id").Doc("The id of the job under way."),
		entity.Integer("progress").Doc("How far it is, in percent."),
		entity.Integer("throughput").Doc("What is sent, in bytes a second."),
		entity.Capacity("allocated_size").Doc("What is taken in the pool for copying."),
		entity.Records("jobs", jobFacts).Doc("The jobs that are under way or wait."),
	},
}

// ofNewGroup says that the group on the other array is to be made: the array takes no
// other, and has it said.
func ofNewGroup(_ entity.Values, body api.Object) any {
	body["base_action"] = "NEW"
	return body
}

// isDisabled is what the user has said; a replica that the array has suspended by itself
// is not.
func isDisabled(o api.Object) any {
	enabled, told := o["_enabled"].(bool)
	if !told {
		return nil
	}
	return !enabled
}

func enable(id string, after entity.Values) api.Request {
	verb := "resume"
	if after.Bool("suspended") {
		verb = "suspend"
	}
	return api.Request{Method: http.MethodPost, Path: api.Path(rgReplicas, id, verb)}
}

// findRGReplica finds a replica by its id, and what a creation has made by its group.
func findRGReplica(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if v.Known("id") {
		return s.Client.Read(ctx, rgReplicas, v.ID("id"), nil)
	}
	for o, err := range s.Client.List(ctx, rgReplicas, api.Query{}) {
		if err != nil || fmt.Sprint(o[groupID]) == v.ID(groupID) {
			return o, err
		}
	}
	return nil, &api.Error{
		Reason: api.NotFound, Operation: "GET " + rgReplicas, Status: http.StatusNotFound,
		Message: fmt.Sprintf("Replication group %s has no replica", v.ID(groupID)),
	}
}

// checkRGReplica warns of a replacement that meets the name of what it leaves behind.
func checkRGReplica(_ context.Context, p *entity.Plan) {
	if p.Replaced && !p.Before.Bool(withGroup) && p.After.Text("remote_replication_group_name") == p.Before.Text("remote_replication_group_name") {
		p.Warn("The group on the other array keeps its name", "The replica is replaced, and the group that it has made on the other array stays: the new one cannot be of the same name. "+
			"Set "+withGroup+" = true and apply that first, or name the new one in remote_replication_group_name.")
	}
}

// deleteRGReplica deletes a replica, and the group on the other array where the user says so.
func deleteRGReplica(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
	requests := []api.Request{deleteWith(rgReplicas, forced)(before)}
	if !before.Bool(withGroup) {
		return requests, nil
	}
	o, err := s.Client.Read(api.Fresh(ctx), rgReplicas, before.ID("id"), nil)
	if err != nil {
		return nil, err
	}
	if group := o[groupThere]; o["role"] == source && !api.IsNothing(group) { // else it is the one with the vVols
		requests = append(requests, api.Request{Method: http.MethodDelete, Path: api.Path(remotePath, before.Int("link_id"), replicationGroups, group)})
	}
	return requests, nil
}

// endOfRGReplica says what the deletion of a replica leaves, and where.
func endOfRGReplica(ctx context.Context, s *entity.Session, before entity.Values) []string {
	o, err := s.Client.Read(ctx, rgReplicas, before.ID("id"), nil)
	if err != nil {
		return nil
	}
	far := common.OtherArray(ctx, s, before.ID("link_id"))
	if o["role"] != source {
		return []string{fmt.Sprintf("This array has the copies: the group %q stays here, and is no longer kept as the group %q on %s is.",
			o["replication_group_name"], o["remote_replication_group_name"], far)}
	}
	lines := []string{fmt.Sprintf("It copies the group %q to the group %q on %s, and is deleted there too (id %s there).",
		o["replication_group_name"], o["remote_replication_group_name"], far, before.ID("remote_replica_id"))}
	if before.Bool(withGroup) {
		lines = append(lines, "The group there is deleted with it.")
	} else {
		lines = append(lines, "The group there stays.")
	}
	if before.Bool(forced) {
		lines = append(lines, fmt.Sprintf("Where %s does not answer, its side stays behind, and somebody must delete it there.", far))
	}
	return lines
}

// explainRGReplica says what to do about what the array refuses.
func explainRGReplica(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	switch {
	case v.Known("id"):
		if left := groupLeft(ctx, s, v, err); left != "" {
			return left
		}
	case mayMeetHalf[api.CodeOf(err)]:
		if half := halfRGReplica(ctx, s, v); half != nil {
			return half.advice(ctx, s, v.ID("link_id"))
		}
	}
	switch api.CodeOf(err) {
	case "REPLICATION_GROUP_NAME_CONFLICT":
		return "The other array has a group of that name, as a replica leaves one that was deleted without " + withGroup + ". Delete that group there, or give the new one another name by remote_replication_group_name."
	case "REPLICA_DELETION_NOT_ALLOWED_ON_TARGET":
		return "This array has the copies: the replica is deleted on the array that has the vVols, and goes here with it. To forget it here alone, take it out of the state (terraform state rm, or a removed block)."
	case "REPLICA_NOT_ALLOWED_ON_TARGET":
		return "This array has the copies: what is to be changed is set in the configuration of the array that has the vVols, and left out here."
	case "REPLICA_DELETION_ERROR":
		return "VMware has failed it over. To delete it as it is, set " + forced + " = true, apply that, and destroy it then."
	case "REPLICA_INVALID_LINK":
		return "The link is detached: name its network space in local_replication_network_space_id of storage_infinibox_link."
	case "LINK_IO_ERROR":
		if v.Known("id") {
			return "Where the other array is gone for good, the replica can be deleted here alone: set " + forced + " = true, apply that, and destroy it then."
		}
	}
	return ""
}
