package block

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Volumes that join and leave a consistency group which is replicated do so on both arrays.

const (
	createReplica = "create_replica"
	replicaName   = "replica_name"
)

// joiningWords say what the copy of a new member is to be, and leavingWords what becomes of
// it when the member leaves.
var (
	joiningWords = []string{"base_action", "remote_entity_name", "remote_entity_id", "local_base_entity_id", "remote_base_entity_id"}
	leavingWords = []string{
		common.RetainStaging, createReplica, replicaName, common.KeepSerial,
		common.ForceNoCredentials, common.ForceRemoteError, common.ForceOnLocal, common.ForceOnTarget,
	}
)

// ofReplicatedGroup are the user's words on a member of a group that is replicated. Where
// the group is not, none of them counts.
func ofReplicatedGroup() entity.Facts {
	const when = " It counts when the volume joins a group that is replicated."
	facts := entity.Facts{}
	for _, f := range append(entity.Facts{common.BaseAction(when)}, common.Counterpart(when)...) {
		facts = append(facts, common.Word(f))
	}
	return append(facts,
		word(common.RetainStaging).Doc("Whether what of the copy was on its way is kept when the volume leaves the group: as a snapshot, on the array that has the copy."),
		word(createReplica).Doc("Whether the volume goes on being replicated when it leaves the group: by a replica of its own, which no configuration has yet. Not of an active-active group."),
		common.Word(entity.Text(replicaName)).LongestOf(255).Doc("What the replica of `create_replica` is called: its `description`."),
		word(common.KeepSerial).Doc("Whether this array's volume keeps its serial number when it leaves an active-active group. Hosts know both volumes by one serial number until then, and one of the two gets another."),
		word(common.ForceNoCredentials).Doc("Whether the volume may leave the group also where the other array does not accept the user."),
		word(common.ForceRemoteError).Doc("Whether the volume may leave the group also where the other array does not answer or refuses. The copy then stays a member there."),
		word(common.ForceOnLocal).Doc("Whether the volume may leave the group on this array alone."),
		word(common.ForceOnTarget).Doc("Whether the volume may leave the group on this array alone where this array has the copy."),
	)
}

func word(name string) entity.Fact { return common.Word(entity.Bool(name)) }

// says reports whether the user has said any of the words.
func says(v entity.Values, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return v.Known(word) })
}

// tellCounterpart adds to the request by which a volume joins a group what the group's replica
// wants to know of the copy.
func tellCounterpart(ctx context.Context, s *entity.Session, group string, copied entity.Values, body api.Object) error {
	replicas, err := common.ReplicasOf(ctx, s, "cgs", group)
	if err != nil || len(replicas) == 0 {
		return err
	}
	if replicas[0]["replication_type"] != common.ActiveActive {
		if says(copied, joiningWords) {
			body["replication_pair_info"] = common.EncodeCounterpart(copied)
		}
		return nil
	}
	// An active-active group has it said in words of its own, also where it is as usual.
	switch common.ActionOf(copied) {
	case common.CreateCopy:
		body["active_active_info"] = api.Object{"base_action": "NEW", "remote_entity_name": nil}
		if copied.Known("remote_entity_name") {
			body["active_active_info"] = api.Object{"base_action": "NEW", "remote_entity_name": copied.Text("remote_entity_name")}
		}
	case common.NoBaseData:
		body["active_active_info"] = api.Object{"base_action": "EXISTING", "remote_entity_id": copied.Int("remote_entity_id")}
	default:
		return errors.New(notActiveActive)
	}
	return nil
}

const notActiveActive = "the group is active-active: a copy in it begins by CREATE or NO_BASE_DATA, as base_action says"

// tellNewMember is tellCounterpart of a volume of which nothing is said.
func tellNewMember(ctx context.Context, s *entity.Session, group string, _ any, body api.Object) error {
	return tellCounterpart(ctx, s, group, nil, body)
}

// tellHowItLeaves adds the user's words to the request by which a volume leaves a group. Where
// the group is not replicated, or no longer, the array takes none.
func tellHowItLeaves(ctx context.Context, s *entity.Session, before entity.Values, r *api.Request) error {
	if !says(before, leavingWords) {
		return nil
	}
	replicas, err := common.ReplicasOf(api.Fresh(ctx), s, "cgs", before.ID("consistency_group_id"))
	if err != nil || len(replicas) == 0 {
		return err
	}
	words := leavingWords
	if replicas[0]["replication_type"] != common.ActiveActive {
		words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word == common.KeepSerial })
	}
	r.Query = common.Said(before, words...)
	return nil
}

// checkMemberWords refuses words that no array could follow.
func checkMemberWords(p *entity.Plan) {
	if p.After == nil {
		return
	}
	if why := common.Unfit(p.After); why != "" {
		p.Refuse("base_action", "What is said of the copy does not go together", why)
	}
	creates := p.After.Bool(createReplica)
	if p.After.Known(replicaName) && !creates && !p.After.Unknown(createReplica) {
		p.Refuse(replicaName, "There is no replica to be called so", replicaName+" is for the replica that "+createReplica+" = true makes.")
	}
	for _, word := range []string{common.ForceOnTarget, common.ForceRemoteError} {
		if creates && p.After.Bool(word) {
			p.Refuse(createReplica, "A replica is not made on one array alone", "The array makes none where "+word+" lets the volume leave the group without the other array. Set one of the two.")
		}
	}
}

// checkReplicatedMember tells what replication makes of a volume that is to join a group.
func checkReplicatedMember(ctx context.Context, p *entity.Plan) {
	checkMemberWords(p)
	switch {
	case p.After == nil:
	case p.Before != nil && !p.Replaced:
		warnOfLateWords(p)
	default:
		checkJoining(ctx, p)
	}
}

// checkJoining weighs what becomes of what is on the other array, and warns of what is in the
// way.
func checkJoining(ctx context.Context, p *entity.Plan) {
	overwrites := common.ActionOf(p.After) != common.CreateCopy
	if p.Applying() && !overwrites {
		return
	}
	if !p.After.Known("consistency_group_id") {
		if overwrites { // the group may turn out to be replicated
			common.WeighOverwriting(p)
		}
		return
	}
	replicas, err := common.ReplicasOf(ctx, p.Session, "cgs", p.After.ID("consistency_group_id"))
	if err != nil {
		return // the group is not there: that is refused anyway
	}
	if overwrites && len(replicas) > 0 {
		common.WeighOverwriting(p)
	}
	if p.After.Known("member_id") && !p.Applying() {
		warnOfJoining(ctx, p, replicas, p.After.ID("consistency_group_id"), p.After.ID("member_id"), p.After)
	}
}

// warnOfLateWords tells of words that come after what they are about.
func warnOfLateWords(p *entity.Plan) {
	for _, name := range joiningWords {
		if p.Changes(name) {
			p.Warn("The volume is in the group already",
				name+" says what the copy on the other array is to be when the volume joins the group. It joined before, and nothing is changed there.")
			return
		}
	}
}

// warnOfJoining tells why a group does not take a volume as things are, and what becomes of a
// replica that the volume has. It refuses nothing: the same run may change all that it sees.
func warnOfJoining(ctx context.Context, p *entity.Plan, replicas []api.Object, group, volume string, copied entity.Values) {
	own, _ := common.ReplicasOf(ctx, p.Session, "volumes", volume)
	if len(own) > 0 && own[0]["entity_type"] == "CONSISTENCY_GROUP" {
		warnOfOldCopy(ctx, p, replicas, own[0], volume, copied)
		own = nil // it is a group's, which the volume leaves before
	}
	who := fmt.Sprintf("Volume %s is to join consistency group %s", volume, group)
	if len(replicas) > 0 {
		who += ", which is replicated, by " + common.DescribeReplica(replicas[0])
	}
	if why := keepsOut(replicas, own, copied); why != "" {
		p.Warn("The group does not take the volume as things are", who+". As things are, the array refuses that. "+why)
		return
	}
	switch {
	case len(replicas) == 0 && says(copied, joiningWords):
		p.Warn("The group is not replicated", who+". Nothing is made of it on another array, and what is said of the copy counts for nothing. Where the group is replicated later, entity_pairs of storage_infinibox_replica says it.")
	case len(own) > 0:
		p.Warn("The volume's own replica becomes part of the group's", fmt.Sprintf("%s. Its own, %s, goes into that: take the resource of that replica out of the configuration, with a removed block whose lifecycle says destroy = false.", who, common.DescribeReplica(own[0])))
	}
}

// warnOfOldCopy tells of the copy that a volume has from the group which it leaves for this one,
// or to join this one anew.
func warnOfOldCopy(ctx context.Context, p *entity.Plan, replicas []api.Object, own api.Object, volume string, copied entity.Values) {
	bringsIt := copied.Bool(createReplica)
	if p.Before != nil { // it leaves by the words that the state has
		bringsIt = p.Before.Bool(createReplica)
	}
	if len(replicas) == 0 || fmt.Sprint(replicas[0]["link_id"]) != fmt.Sprint(own["link_id"]) ||
		common.ActionOf(copied) != common.CreateCopy || copied.Unknown("remote_entity_name") || bringsIt {
		return
	}
	left := slices.DeleteFunc(common.CopiesOf(own), func(c common.Copy) bool { return c.Local != volume })
	wanted := copied.Text("remote_entity_name")
	if wanted == "" {
		o, _ := p.Session.Client.Read(ctx, "volumes", volume, []string{"id", "name"})
		wanted = common.NameOf(o)
	}
	common.TellOfCopies(p, common.OtherArray(ctx, p.Session, fmt.Sprint(own["link_id"])), left, []string{wanted},
		"Give the new one another name (remote_entity_name), have the old one taken and overwritten (base_action and remote_entity_id), or let the volume leave the group by an apply of its own and delete the copy there then.")
}

// checkReplicatedMembers tells what replication makes of volumes that join a group, and leave
// it, by its own set.
func checkReplicatedMembers(ctx context.Context, p *entity.Plan) {
	if p.Before == nil || p.After == nil || p.Replaced || p.Applying() || !p.After.Known("member_ids") || !p.Changes("member_ids") {
		return
	}
	group := p.Before.ID("id")
	replicas, err := common.ReplicasOf(ctx, p.Session, "cgs", group)
	if err != nil {
		return
	}
	was, will := p.Before.Ints("member_ids"), p.After.Ints("member_ids")
	for _, id := range will {
		if !slices.Contains(was, id) {
			warnOfJoining(ctx, p, replicas, group, strconv.FormatInt(id, 10), nil)
		}
	}
	for _, id := range was {
		if slices.Contains(will, id) {
			continue
		}
		if said := whatLeaves(ctx, p.Session, group, strconv.FormatInt(id, 10), nil); len(said) > 0 {
			p.Warn("A volume leaves a group that is replicated", fmt.Sprintf("Volume %d leaves consistency group %s.\n\n%s", id, group, strings.Join(said, "\n\n")))
		}
	}
}

// whatLeaves says what becomes of a volume that leaves a group which is replicated, on either
// array, and what is in the way of that.
func whatLeaves(ctx context.Context, s *entity.Session, group, volume string, words entity.Values) []string {
	replicas, err := common.ReplicasOf(ctx, s, "cgs", group)
	if err != nil || len(replicas) == 0 {
		return nil
	}
	replica := replicas[0]
	far := common.OtherArray(ctx, s, fmt.Sprint(replica["link_id"]))
	said := []string{fmt.Sprintf("The group is replicated, by %s. %s", common.DescribeReplica(replica), whatStays(replica, volume, far, words))}
	if replica["replication_type"] == common.ActiveActive {
		said = append(said, common.LosesSerial(words, far))
	}
	if words.Bool(common.RetainStaging) {
		said = append(said, "What of the copy was on its way is kept as a snapshot.")
	}
	if common.IsForced(words) {
		said = append(said, fmt.Sprintf("Where %s has no part in it, the copy stays a member of the group there, and somebody must take it out.", far))
	}
	if why := keepsIn(replica, words); why != "" {
		said = append(said, "As things are, the array refuses that. "+why)
	}
	return said
}

// whatStays says what the volume is on either array afterwards.
func whatStays(replica api.Object, volume, far string, words entity.Values) string {
	copied := "The copy"
	for _, one := range common.CopiesOf(replica) {
		if one.Local == volume {
			copied = fmt.Sprintf("%q", one.Name)
		}
	}
	switch {
	case words.Bool(createReplica):
		return fmt.Sprintf("The volume goes on being replicated, to %s on %s, by a replica of its own. Import that one, or it is nobody's.", copied, far)
	case replica["role"] == "TARGET":
		return fmt.Sprintf("This array has the copy, which stays here by itself and is no longer kept up to date with %s on %s.", copied, far)
	}
	return fmt.Sprintf("%s on %s stays there by itself, is no longer kept up to date, and is in the way of another copy of that name.", copied, far)
}
