package replication

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// warnOfOldCopies tells of what a replica that is replaced leaves on the other array, where the
// new one is to make copies of the same names there.
func warnOfOldCopies(ctx context.Context, p *entity.Plan) {
	if p.Applying() || !p.After.Known("link_id") {
		return
	}
	old, err := replaced(ctx, p)
	entityType, _, id := replicated(p.After)
	if err != nil || old == nil || id == "" || old["entity_type"] != entityType || fmt.Sprint(old["link_id"]) != p.After.ID("link_id") {
		return
	}
	left, instead := common.CopiesOf(old), "Give the new one another name (remote_entity_name of entity_pairs), have the old one taken and overwritten (base_action and remote_entity_id), "
	wanted := copyNames(ctx, p, entityType, id)
	if entityType == group {
		// The group there stays as well, and is made under this one's name.
		name, _ := old["remote_cg_name"].(string)
		left = append([]common.Copy{{Name: name, ID: fmt.Sprint(old["remote_cg_id"])}}, left...)
		o, _ := p.Session.Client.Read(ctx, "cgs", id, []string{"id", "name"})
		wanted = append(wanted, common.NameOf(o))
		instead = "Rename the group there, and give the new copies of its members other names (remote_members_suffix, or remote_entity_name of entity_pairs), "
	}
	common.TellOfCopies(p, common.OtherArray(ctx, p.Session, p.After.ID("link_id")), left, wanted,
		instead+"or take the replica out of the configuration, apply that, delete there what it leaves, and put it back.")
}

// replaced is the replica in whose place a plan makes one; nil where there is none.
func replaced(ctx context.Context, p *entity.Plan) (api.Object, error) {
	switch {
	case p.Replaced:
		return p.Session.Client.Read(ctx, replicas, p.Before.ID("id"), nil)
	case p.Second && p.Forced: // what it is of has not changed
		return findReplica(ctx, p.Session, p.After)
	}
	return nil, nil
}

// copyNames are the names that copies are to be made under, as far as they are known.
func copyNames(ctx context.Context, p *entity.Plan, entityType, id string) []string {
	written, known := p.Config.Records(pairs)
	if !known || p.Config.Unknown(membersSuffix) {
		return nil
	}
	names := map[string]string{} // by the id of what is replicated
	if entityType == group {
		for _, member := range common.Collect(ctx, p.Session, api.Path("cgs", id, "members"), api.Query{Fields: []string{"id", "name"}}) {
			names[fmt.Sprint(member["id"])] = common.NameOf(member) + p.After.Text(membersSuffix)
		}
	} else {
		collection := map[string]string{volume: "volumes", filesystem: "filesystems"}[entityType]
		o, _ := p.Session.Client.Read(ctx, collection, id, []string{"id", "name"})
		names[id] = common.NameOf(o)
	}
	for _, pair := range written {
		local := id
		if pair.Known("local_entity_id") {
			local = pair.ID("local_entity_id")
		}
		switch {
		case common.ActionOf(pair) != common.CreateCopy, pair.Unknown("base_action"), pair.Unknown("remote_entity_name"):
			delete(names, local) // nothing is made, or under a name that is not known
		case pair.Known("remote_entity_name"):
			names[local] = pair.Text("remote_entity_name")
		}
	}
	return slices.Collect(maps.Values(names))
}
