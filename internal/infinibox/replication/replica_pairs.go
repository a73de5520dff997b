package replication

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// The base actions: what a copy begins with.
const (
	create     = "CREATE"
	noBaseData = "NO_BASE_DATA"
	takeSnap   = "TAKE_SNAP"
	base       = "BASE"

	pairs = "entity_pairs"
)

// overwrites is why it is dangerous to replicate onto what is there.
const overwrites = "Its data on the other array is overwritten with that of this one."

// entityPairs are what is copied to what, in the words of a creation.
func entityPairs() entity.Fact {
	return entity.Records(pairs, entity.Facts{
		entity.Ref("local_entity_id").Optional().Doc("The id of the volume or filesystem; of a group, that of a member. Of a replica of one volume or filesystem it is that one where it is not set."),
		entity.Enum("base_action", create, noBaseData, takeSnap, base).Otherwise(create).
			Doc("What the copy begins with: `CREATE` makes it, `NO_BASE_DATA` takes the one of `remote_entity_id` and copies everything, `TAKE_SNAP` takes that one after a snapshot of it, and `BASE` copies what differs from a snapshot that both arrays have. `CREATE` where it is not set."),
		entity.Text("remote_entity_name").Optional().LongestOf(65).Doc("The name of a copy that is made; that of this array's where it is not set."),
		entity.Ref("remote_entity_id").Optional().Doc("The id on the other array of a copy that is there."),
		entity.Ref("local_base_entity_id").Optional().Doc("The id of the snapshot that `BASE` begins with, on this array."),
		entity.Ref("remote_base_entity_id").Optional().Doc("The id of the same snapshot on the other array."),
	}).InAnyOrder().Optional().Unread().
		Doc("What is copied to what, where it is not to be made under the same name: one pair, or one for each member of a group. It counts when the replica is made; `pairs` of the data source has what is copied by now.")
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
			all = append(all, api.Object{"local_entity_id": member["id"], "remote_base_action": create})
		}
	default:
		all = append(all, encodePair(nil, after))
	}
	body[pairs] = all
	return nil
}

// encodePair is a pair as the array takes it.
func encodePair(pair, after entity.Values) api.Object {
	action := actionOf(pair)
	o := api.Object{"local_entity_id": max(after.Int("volume_id"), after.Int("filesystem_id")), "remote_base_action": action}
	if action != create {
		o["local_base_action"] = action
	}
	for _, name := range []string{"local_entity_id", "remote_entity_id", "local_base_entity_id", "remote_base_entity_id"} {
		if pair.Known(name) {
			o[name] = pair.Int(name)
		}
	}
	if pair.Known("remote_entity_name") {
		o["remote_entity_name"] = pair.Text("remote_entity_name")
	}
	return o
}

func actionOf(pair entity.Values) string {
	if pair.Known("base_action") {
		return pair.Text("base_action")
	}
	return create
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
	action := actionOf(pair)
	is := func(name string) bool { return pair.Known(name) || pair.Unknown(name) }
	existing, bases := action != create, action == base
	switch {
	case pair.Unknown("base_action"):
		return ""
	case existing && !is("remote_entity_id"):
		return action + " is for a copy that is there: name it in remote_entity_id."
	case !existing && is("remote_entity_id"):
		return "CREATE makes the copy, and remote_entity_id names one that is there. Choose another base_action, or leave remote_entity_id out."
	case existing && is("remote_entity_name"):
		return "remote_entity_name is for a copy that is made, by CREATE."
	case bases && !(is("local_base_entity_id") && is("remote_base_entity_id")):
		return "BASE begins with a snapshot that both arrays have: name it in local_base_entity_id and remote_base_entity_id."
	case !bases && (is("local_base_entity_id") || is("remote_base_entity_id")):
		return action + " begins with no snapshot: local_base_entity_id and remote_base_entity_id are for BASE."
	case action == takeSnap && config.Known("filesystem_id"):
		return "TAKE_SNAP is not for filesystems."
	case !config.Null("consistency_group_id") && !is("local_entity_id"):
		return "name the member of the group in local_entity_id."
	case !existing && config.Null("remote_pool_id"):
		return "CREATE makes the copy in a pool of the other array: name that in remote_pool_id."
	}
	return ""
}

// overwritten reports whether a plan replicates onto what is there.
func overwritten(p *entity.Plan) bool {
	written, _ := p.After.Records(pairs)
	for _, pair := range written {
		if pair.Known("base_action") && actionOf(pair) != create {
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
