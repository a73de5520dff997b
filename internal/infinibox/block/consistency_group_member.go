package block

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// groupOfVolume is the relation between a volume and the consistency group that it is in.
const groupOfVolume = "consistency group of a volume"

// losesGroup is why it is dangerous to take a volume out of its group.
const losesGroup = "The snapshots of a volume that leaves the group are removed from the group's snapshot groups, and later snapshots are without it."

// ConsistencyGroupMember puts one volume into a consistency group, for teams that own
// volumes and groups apart. The array knows it as a field of the volume.
var ConsistencyGroupMember = entity.Kind{
	System: common.System,
	Name:   "consistency_group_member",
	Plural: "consistency_group_members",
	Path:   "volumes",
	Doc: "A volume in a consistency group, for configurations in which volumes and groups are managed apart. A volume is in one group at most, and in the group's pool. " +
		"It does for one volume what `member_ids` of `storage_infinibox_consistency_group` does for all: a group takes one of the two, so leave its `member_ids` out.\n\n" +
		"Of a group that is replicated, it also says what the volume's copy on the other array is to be, and what becomes of that when the volume leaves. Of any other group, these words count for nothing.",
	Identity: entity.Identity{Key: []string{"consistency_group_id", "member_id"}, Match: api.Where("type", "MASTER")},
	Reading: entity.Reading{
		Find: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
			if !v.Known("consistency_group_id") || !v.Known("member_id") {
				return nil, errors.New("a volume in a consistency group is found by consistency_group_id and member_id")
			}
			volume, err := groupedVolume(ctx, s, v)
			if err == nil && fmt.Sprint(volume["cg_id"]) != fmt.Sprint(v.Int("consistency_group_id")) {
				err = noMember("Volume", v.Int("member_id"), fmt.Sprintf("consistency group %d", v.Int("consistency_group_id")))
			}
			return volume, err
		},
	},
	Planning: entity.Planning{
		Check: func(ctx context.Context, p *entity.Plan) {
			groupsOf(p.Session).member(p)
			checkReplicatedMember(ctx, p)
		},
		Weighs: []entity.Consent{common.Overwriting},
		Tracks: []string{"consistency_group_id", "member_id"},
	},
	Creation: entity.Creation{
		Request: func(after entity.Values) api.Request {
			return addMember(fmt.Sprint(after.Int("consistency_group_id")), nil)
		},
		Fill: func(ctx context.Context, s *entity.Session, after entity.Values, body api.Object) error {
			clear(body) // of a volume's own fields
			body["dataset_id"] = after.Int("member_id")
			return tellCounterpart(ctx, s, after.ID("consistency_group_id"), after, body)
		},
		Answer: func(after entity.Values, _ any) (api.Object, error) {
			return api.Object{"cg_id": after.Int("consistency_group_id"), "id": after.Int("member_id")}, nil
		},
		Occupant: groupedVolume,
	},
	Deletion: entity.Deletion{
		Danger: losesGroup,
		Loses: func(ctx context.Context, s *entity.Session, before entity.Values) []string {
			return whatLeaves(ctx, s, before.ID("consistency_group_id"), before.ID("member_id"), before)
		},
		Request: func(before entity.Values) api.Request {
			return removeMember(before.ID("consistency_group_id"), before.Int("member_id"))
		},
		Fill: tellHowItLeaves,
	},
	Listing: entity.Listing{Scope: []string{"consistency_group_id", "member_id"}, List: listGroupMembers},
	Explain: explainGroupMember,
	Facts: entity.Join(entity.Facts{
		entity.Ref("consistency_group_id").Field("cg_id").Required().To("consistency_group", "snapshot_group").InPath().
			Doc("The id of the consistency group."),
		entity.Ref("member_id").Field("id").Required().To("volume", "volume_snapshot").Joins(groupOfVolume, "consistency_group_id").
			Doc("The id of the volume."),
	}, ofReplicatedGroup(), entity.Facts{
		entity.Text("member_name").Field("name").Doc("The volume's name."),
		entity.Text("consistency_group_name").Field("cg_name").Doc("The group's name."),
	}),
}

// memberVolume are the fields of a volume that tell of its group.
var memberVolume = []string{"id", "name", "type", "cg_id", "cg_name"}

// groupedVolume is the volume as the member of whatever group it is in.
func groupedVolume(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	volume, err := s.Client.Read(ctx, "volumes", fmt.Sprint(v.Int("member_id")), memberVolume)
	if err == nil && (api.IsNothing(volume["cg_id"]) || volume["type"] != "MASTER") {
		err = noMember("Volume", v.Int("member_id"), "any consistency group")
	}
	return volume, err
}

// listGroupMembers lists the volumes of a group, or of all.
func listGroupMembers(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
	inGroup := api.Filter{Field: "cg_id", Operator: api.IsNotNull}
	if scope.Known("consistency_group_id") {
		inGroup = api.Where("cg_id", fmt.Sprint(scope.Int("consistency_group_id")))[0]
	}
	filters := append(slices.Clone(q.Filters), inGroup)
	if scope.Known("member_id") {
		filters = append(filters, api.Where("id", fmt.Sprint(scope.Int("member_id")))...)
	}
	return s.Client.List(ctx, "volumes", api.Query{Fields: memberVolume, Filters: filters, Limit: q.Limit})
}

// explainGroupMember names the group that the volume is in, or the pools that differ, and
// what replication forbids.
func explainGroupMember(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	switch code := api.CodeOf(err); {
	case api.ReasonOf(err) == api.AlreadyThere, code == "DATASET_ALREADY_IN_A_CG":
		if _, group := groupOf(ctx, s, entity.Values{"id": v["member_id"]}); group != "" {
			return "The volume is in the " + group + ". A volume is in one group at most."
		}
	case code == "DATASET_NOT_IN_CG_POOL":
		return "The volumes of a group are all in its pool: move the volume there first, by its pool_id, or the group, by its own."
	}
	if said := explainMembership(err); said != "" {
		if api.CodeOf(err) == "VOLUME_NAME_CONFLICT" {
			said = strings.TrimSpace(said + " " + copyInTheWay(ctx, s, v))
		}
		return said
	}
	return common.ExplainReplicated(ctx, s, "volumes", v.ID("member_id"), err)
}
