package replication

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const pairs = "entity_pairs"

// entityPairs are what is copied to what, in the words of a creation.
func entityPairs() entity.Fact {
	facts := entity.Facts{
		entity.Ref("local_entity_id").Optional().Doc("The id of the volume or filesystem; of a group, that of a member. Of a replica of one volume or filesystem it is that one where it is not set."),
		common.BaseAction("").Otherwise(common.CreateCopy),
	}
	for _, f := range common.Counterpart("") {
		facts = append(facts, f.Optional())
	}
	return entity.Records(pairs, facts).InAnyOrder().Defaulted().Unread().ReadAtImport().From(pairsAsWritten).
		Doc("What is copied to what, where it is not to be made under the same name: one pair, or one for each member of a group. It counts when the replica is made; an import takes what is copied by then, and `pairs` of the data source has what is copied by now.")
}

// pairsAsWritten are the pairs of a replica as a configuration would have them made.
func pairsAsWritten(o api.Object) any {
	all, _ := o[pairs].([]any)
	written := []any{}
	for _, one := range all {
		pair, _ := one.(api.Object)
		action := pair["remote_base_action"]
		w := api.Object{"local_entity_id": pair["local_entity_id"], "base_action": action}
		if action == common.CreateCopy {
			w["remote_entity_name"] = pair["remote_entity_name"]
		} else {
			w["remote_entity_id"] = pair["remote_entity_id"]
		}
		if action == common.FromBase {
			w["local_base_entity_id"], w["remote_base_entity_id"] = pair["local_base_entity_id"], pair["remote_base_entity_id"]
		}
		written = append(written, w)
	}
	return written
}

// fillReplica puts into the body of a creation what the array wants to know of what is
// replicated. The members of a group that the user says nothing of are made anew.
func fillReplica(ctx context.Context, s *entity.Session, after entity.Values, body api.Object) error {
	entityType, field, id := replicated(after)
	body["entity_type"] = entityType
	if entityType == group {
		body[field] = after.Int("consistency_group_id")
	}
	written, _ := after.Records(pairs)
	all := []any{}
	for _, pair := range written {
		all = append(all, encodePair(pair, after))
	}
	switch {
	case len(written) > 0:
	case entityType == group:
		for member, err := range s.Client.List(ctx, api.Path("cgs", id, "members"), api.Query{Fields: []string{"id"}}) {
			if err != nil {
				return err
			}
			all = append(all, api.Object{"local_entity_id": member["id"], "remote_base_action": common.CreateCopy})
		}
	default:
		all = append(all, encodePair(nil, after))
	}
	body[pairs] = all
	return nil
}

// encodePair is a pair as the array takes it.
func encodePair(pair, after entity.Values) api.Object {
	o := common.EncodeCounterpart(pair)
	o["local_entity_id"] = max(after.Int("volume_id"), after.Int("filesystem_id"))
	if pair.Known("local_entity_id") {
		o["local_entity_id"] = pair.Int("local_entity_id")
	}
	return o
}

// checkPairs refuses pairs that do not say what their base action needs.
func checkPairs(p *entity.Plan) {
	written, _ := p.After.Records(pairs)
	for i, pair := range written {
		if why := unfit(pair, p.Config); why != "" {
			p.Refuse(pairs, "The pair does not say what it takes", fmt.Sprintf("%s[%d]: %s", pairs, i, why))
		}
	}
	if p.After.Known("consistency_group_id") || len(written) < 2 {
		return
	}
	p.Refuse(pairs, "There is one pair at most", "A volume or a filesystem is copied to one on the other array. Several pairs are for the members of a group.")
}

// unfit says what is wrong with a pair; "" where nothing is.
func unfit(pair, config entity.Values) string {
	action, why := common.ActionOf(pair), common.Unfit(pair)
	switch {
	case why != "" || pair.Unknown("base_action"):
		return why
	case action == common.TakeSnap && config.Known("filesystem_id"):
		return "TAKE_SNAP is not for filesystems."
	case !config.Null("consistency_group_id") && pair.Null("local_entity_id"):
		return "name the member of the group in local_entity_id."
	case action == common.CreateCopy && config.Null("remote_pool_id"):
		return "CREATE makes the copy in a pool of the other array: name that in remote_pool_id."
	}
	return ""
}

// overwritten reports whether a plan replicates onto what is there.
func overwritten(p *entity.Plan) bool {
	written, _ := p.After.Records(pairs)
	for _, pair := range written {
		if pair.Known("base_action") && common.ActionOf(pair) != common.CreateCopy {
			return true
		}
	}
	return false
}

// describeMembers names the members of a replicated group, for whoever reads a plan.
func describeMembers(o api.Object, end string) string {
	all, _ := o[pairs].([]any)
	var names []string
	for _, pair := range all {
		if one, ok := pair.(api.Object); ok {
			names = append(names, fmt.Sprintf("%q", one[end+"_entity_name"]))
		}
	}
	return common.Few(names)
}
