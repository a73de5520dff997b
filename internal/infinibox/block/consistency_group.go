package block

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// ConsistencyGroup holds volumes that are snapshotted, restored and replicated
// together, at one point in time.
var ConsistencyGroup = entity.Kind{
	System:   common.System,
	Name:     "consistency_group",
	Plural:   "consistency_groups",
	Path:     "cgs",
	Doc:      "A consistency group: volumes of one pool that are snapshotted, restored and replicated together, as of one point in time.",
	Metadata: entity.WithDefaults,
	Identity: entity.Identity{Match: api.Where("type", "MASTER")},
	Reading:  entity.Reading{Beside: addMembers},
	Planning: entity.Planning{
		Check: func(ctx context.Context, p *entity.Plan) {
			groupsOf(p.Session).group(p)
			common.CheckReplicated(ctx, p)
			checkReplicatedMembers(ctx, p)
		},
		Tracks: []string{"id", "name", "pool_id", "member_ids"},
	},
	Creation: entity.Creation{InUse: []string{"has_children", "is_replicated", "replica_ids"}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{
		Danger: "The group's volumes are no longer kept consistent with each other. With delete_members = true they and their data are lost too.",
		Loses: func(ctx context.Context, s *entity.Session, before entity.Values) []string {
			return common.ReplicatedFirst(ctx, s, "cgs", before.ID("id"), "deletes")
		},
		Request: removeGroup,
	},
	Explain: explainGroup,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Ref("pool_id").Required().To("pool").ChangedBy(common.MoveIn("cgs")).
			Doc("The id of the pool of the group and of its members. A change moves them all."),
		common.MoveWithCapacity(),
		entity.Integers("member_ids").Defaulted().To("volume", "volume_snapshot").KeptBeside().Field(membersField).
			Members(entity.Relation{Add: addMember, Fill: tellNewMember, Remove: removeMember, Around: []string{"pool_id"}}).Joins(groupOfVolume, "id").
			Danger(losesGroup, entity.LosesMembers()).
			Doc("The ids of its volumes, all of them. Where it is not set, the group keeps the volumes that it has: see `storage_infinibox_consistency_group_member` for volumes that are put into it one by one."),
		common.SnapshotPolicyID("group"),
		deleteMembers(),
		common.CreatedAt(),

		entity.Integer("snapshot_retention").Queryable().Doc("None: only a snapshot group is kept for a time."),
		entity.Moment("lock_expires_at").Queryable().Doc("None: only a snapshot group can be locked."),
		entity.Ref("parent_id").Doc("None: only a snapshot group has a parent."),
	}, common.RemoteRetention, groupMeasures),
}

// SnapshotGroup is a consistency group's content at a point in time.
var SnapshotGroup = entity.Kind{
	System:   common.System,
	Name:     "snapshot_group",
	Plural:   "snapshot_groups",
	Path:     "cgs",
	Doc:      "A snapshot group: a snapshot of every volume of a consistency group, all taken at the same moment.",
	Metadata: entity.WithDefaults,
	Rules:    oneAffix(),
	Identity: entity.Identity{Match: api.Where("type", "SNAPSHOT")},
	Reading:  entity.Reading{Beside: addMembers, Deduce: deduceGroupAffixes},
	Planning: entity.Planning{Check: common.CheckSnapshot},
	Creation: entity.Creation{InUse: []string{"has_children", "is_replicated", "replica_ids"}, Request: common.TakenIn("cgs"), TakeBack: takeBackSnapshotGroup},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{
		Danger:  "The group's snapshots are no longer kept together. With delete_members = true they and their data are lost too.",
		Request: removeGroup,
	},
	Explain: explainSnapshotGroup,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Ref("parent_id").Required().To("consistency_group", "snapshot_group").Doc("The id of the consistency group."),
		snapPrefix(),
		snapSuffix(),
		entity.Moment("lock_expires_at").Optional().Mutable().Queryable().
			Doc("Until when the group and its snapshots are locked; at most 365 days ahead. **Nobody can delete or unlock them before**, and the time can only be put off."),
		common.SnapshotRetention("How long the snapshots are kept"),
		deleteMembers(),
		entity.Integers("member_ids").Lasting().KeptBeside().Field(membersField).Doc("The ids of its snapshots."),
		common.CreatedAt(),

		entity.Ref("pool_id").Doc("The id of the pool."),
		entity.Ref("snapshot_policy_id").Doc("None: only a consistency group has a policy."),
	}, common.Replication("snapshot group"), groupMeasures),
}

// groupMeasures are what the array tells of groups, and changes by itself.
var groupMeasures = entity.Join(entity.Facts{
	common.UpdatedAt(),
	common.Tenant(),
	entity.Text("type").Queryable().Doc("`MASTER` for a consistency group, `SNAPSHOT` for a snapshot group."),
	entity.Text("pool_name").Doc("The pool's name."),
	entity.Integer("members_count").Doc("How many members it has."),
	entity.Bool("has_children").Doc("Whether it has snapshot groups."),
	entity.Bool("is_replicated").Doc("Whether it is replicated."),
	entity.Texts("replication_types", nil).Doc("How it is replicated; `NONE` where it is not."),
	entity.Integers("replica_ids").Doc("The ids of its replicas."),
	entity.Moment("snapshot_expires_at").InSeconds().Doc("When the array deletes the snapshot group."),
	entity.Text("rmr_snapshot_guid").Queryable().Doc("The identifier of the replication snapshot."),
}, common.Policies)

// deleteMembers is the user's word on what deleting the group means.
func deleteMembers() entity.Fact {
	return entity.Bool("delete_members").Optional().Mutable().Instruction().
		Doc("Whether deleting the group deletes its members and their data too. Where it is not `true`, they stay.")
}

// takeBackSnapshotGroup takes the snapshots along: the creation has made them too.
func takeBackSnapshotGroup(made, _ entity.Values) api.Request {
	r := removeGroup(made)
	r.Query = url.Values{"delete_members": {"true"}}
	return r
}

func removeGroup(before entity.Values) api.Request {
	r := api.Request{Method: http.MethodDelete, Path: api.Path("cgs", before.Int("id"))}
	if before.Bool("delete_members") {
		r.Query = url.Values{"delete_members": {"true"}}
	}
	return r
}

func addMember(group string, dataset any) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("cgs", group, "members"), Body: api.Object{"dataset_id": dataset}}
}

func removeMember(group string, dataset any) api.Request {
	return api.Request{Method: http.MethodDelete, Path: api.Path("cgs", group, "members", dataset)}
}

// membersField is where addMembers puts the members' ids.
const membersField = "member_ids"

// addMembers adds the ids of a group's members, which the array keeps with the
// members.
func addMembers(ctx context.Context, s *entity.Session, group api.Object) error {
	o, err := s.Client.ReadFrom(ctx, membersByGroup, fmt.Sprint(group["id"]))
	if err == nil {
		group[membersField] = o[membersField]
	}
	return err
}

// deduceGroupAffixes finds what the snapshots of a snapshot group are named by.
func deduceGroupAffixes(ctx context.Context, s *entity.Session, v entity.Values) error {
	group := api.Object{"id": v.Int("id")}
	if err := addMembers(ctx, s, group); err != nil {
		return err
	}
	snapshots, _ := group[membersField].([]any)
	return deduceAffixes(ctx, s, v, snapshots)
}

// membersByGroup are the ids of the members of all groups, by the group.
var membersByGroup = common.Grouped("group members", "volumes", "cg_id", "id", membersField, func(group string) (string, api.Query) {
	return api.Path("cgs", group, "members"), api.Query{Fields: []string{"id"}}
})

// explainGroup says which members are in another pool than their group, and what replication
// forbids.
func explainGroup(ctx context.Context, s *entity.Session, group entity.Values, err error) string {
	if said := explainMembership(err); said != "" {
		return said
	}
	if api.CodeOf(err) != "DATASET_NOT_IN_CG_POOL" {
		return common.ExplainReplicated(ctx, s, "cgs", group.ID("id"), err)
	}
	var elsewhere []string
	for _, id := range group.Ints("member_ids") {
		o, err := s.Client.Read(ctx, "volumes", fmt.Sprint(id), []string{"id", "name", "pool_id", "pool_name"})
		if err == nil && fmt.Sprint(o["pool_id"]) != fmt.Sprint(group.Int("pool_id")) {
			elsewhere = append(elsewhere, fmt.Sprintf("%q (id %d) is in %q", common.NameOf(o), id, o["pool_name"]))
		}
	}
	if len(elsewhere) == 0 {
		return ""
	}
	return "Of its members, " + common.Few(elsewhere) + ". Move them to the group's pool first, or leave them out."
}

// explainSnapshotGroup says whose the names are that the group's snapshots would get, and
// which of them are too long.
func explainSnapshotGroup(ctx context.Context, s *entity.Session, group entity.Values, err error) string {
	code := api.CodeOf(err)
	if code != "VOLUME_NAME_CONFLICT" && code != "SG_MEMBER_INVALID_NAME_LENGTH" || !group.Known("parent_id") {
		return ""
	}
	const longest = 65
	var names, long []string
	for _, m := range common.Collect(ctx, s, api.Path("cgs", group.Int("parent_id"), "members"), api.Query{Fields: []string{"id", "name"}}) {
		name := group.Text(prefixName) + common.NameOf(m) + group.Text(suffixName)
		names = append(names, name)
		if len(name) > longest {
			long = append(long, fmt.Sprintf("%q (%d characters)", name, len(name)))
		}
	}
	if code == "VOLUME_NAME_CONFLICT" {
		return takenBy(ctx, s, names)
	}
	return "Too long: " + common.Few(long) + ". Shorten the prefix or the suffix, or the volumes' names."
}
