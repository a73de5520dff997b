package block

import (
	"fmt"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// groups is what one plan makes of consistency groups and of their volumes, which may
// be planned in any order. It refuses what the array refuses of a member, whatever
// order the operations take.
type groups struct {
	mu sync.Mutex
	// members are the groups that have a volume after the plan, by the volume's id.
	members map[int64]member
	// singly are the volumes of which resources of their own say that they are in a group, by
	// the group's id.
	singly map[int64][]int64
	// pools are those that groups have after the plan, by the group's id.
	pools map[int64]int64
	// places are the pools that volumes have by their own resources, moves those of them
	// that this plan changes, and policies that by which a volume has a snapshot policy
	// of its own.
	places, moves map[int64]int64
	policies      map[int64]string
	// keeps are the policies that volumes have already and their own resources ask for,
	// and ends those whose assignment goes, by the volume's id.
	keeps, ends map[int64]int64
}

type member struct {
	group string
	id    int64 // the group's; 0 where it is not known
	stays bool  // it was in the group before
}

func groupsOf(s *entity.Session) *groups {
	g := entity.Note[groups](s, "consistency groups")
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.members == nil {
		g.members, g.singly, g.policies = map[int64]member{}, map[int64][]int64{}, map[int64]string{}
		g.keeps, g.ends = map[int64]int64{}, map[int64]int64{}
		g.pools, g.places, g.moves = map[int64]int64{}, map[int64]int64{}, map[int64]int64{}
	}
	return g
}

// volume notes the plan of a volume.
func (g *groups) volume(p *entity.Plan) {
	if p.Before == nil || p.After == nil || p.Replaced {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	id := p.Before.Int("id")
	if p.After.Known("pool_id") {
		g.places[id] = p.After.Int("pool_id")
		if p.Changes("pool_id") {
			g.moves[id] = g.places[id]
		}
	}
	if p.Config.Known("snapshot_policy_id") && p.Config.Int("snapshot_policy_id") != 0 {
		g.policy(p, "snapshot_policy_id", id, "its own snapshot_policy_id")
		if !p.Changes("snapshot_policy_id") {
			g.keeps[id] = p.Config.Int("snapshot_policy_id")
			g.warnOfGap(p, id)
		}
	}
	g.refusePool(p, "pool_id", id)
	g.refusePolicy(p, "snapshot_policy_id", id)
}

// assignment notes the plan of a snapshot policy for a volume.
func (g *groups) assignment(p *entity.Plan) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.After == nil {
		id := p.Before.Int("assigned_entity_id")
		g.ends[id] = p.Before.Int("snapshot_policy_id")
		g.warnOfGap(p, id)
		return
	}
	if !p.After.Known("assigned_entity_id") {
		return
	}
	id := p.After.Int("assigned_entity_id")
	g.policy(p, "assigned_entity_id", id, "a storage_infinibox_snapshot_policy_assignment")
	g.refusePolicy(p, "assigned_entity_id", id)
}

// warnOfGap tells of a volume that is to keep by itself the policy which it has by an
// assignment: Terraform sees no change in it, and the assignment takes the policy along.
func (g *groups) warnOfGap(p *entity.Plan, id int64) {
	if policy := g.keeps[id]; policy != 0 && policy == g.ends[id] {
		p.Warn("A volume is without its snapshot policy until the next apply",
			fmt.Sprintf("Volume %d has policy %d by an assignment, which goes and takes the policy along; the next apply gives it back, by the volume's own snapshot_policy_id. "+
				"To leave no gap, take the assignment out of the configuration with a removed block whose lifecycle says destroy = false.", id, policy))
	}
}

// policy notes by what a volume has its snapshot policy.
func (g *groups) policy(p *entity.Plan, attribute string, id int64, by string) {
	if other, has := g.policies[id]; has && other != by {
		p.Refuse(attribute, "The snapshot policy of a volume is said twice",
			fmt.Sprintf("Volume %d has a policy by %s and one by %s: they would take each other's place in every apply. Take one of them out of the configuration.", id, other, by))
		return
	}
	g.policies[id] = by
}

// group notes the plan of a group.
func (g *groups) group(p *entity.Plan) {
	if p.After == nil || p.Replaced {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	name := fmt.Sprintf("consistency group %q", p.After.Text("name"))
	group := p.Before.Int("id")
	if group != 0 && p.After.Known("pool_id") {
		g.pools[group] = p.After.Int("pool_id")
	}
	if p.Config.Null("member_ids") {
		// It keeps what others put into it, who may be about to take it out.
		for _, id := range g.singly[group] {
			if g.members[id].id == group {
				g.refusePool(p, "pool_id", id)
			}
		}
		return
	}
	was := map[int64]bool{}
	for _, id := range p.Before.Ints("member_ids") {
		was[id] = true
	}
	for _, id := range p.After.Ints("member_ids") {
		m := member{group: name, id: group, stays: was[id]}
		g.members[id] = m
		if m.stays && g.moves[id] != 0 {
			// Terraform changes the volumes before the group that refers to them.
			g.refuseMove(p, "member_ids", name)
		} else {
			g.refusePool(p, "member_ids", id)
		}
		g.refusePolicy(p, "member_ids", id)
	}
}

// member notes the plan of one volume in a group.
func (g *groups) member(p *entity.Plan) {
	if p.After == nil || p.Replaced || !p.After.Known("member_id") {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	id := p.After.Int("member_id")
	m := member{group: "a new consistency group", stays: p.Before != nil}
	if p.After.Known("consistency_group_id") {
		m.id = p.After.Int("consistency_group_id")
		m.group = fmt.Sprintf("consistency group %d", m.id)
		g.singly[m.id] = append(g.singly[m.id], id)
	}
	g.members[id] = m
	g.refusePool(p, "consistency_group_id", id)
	g.refusePolicy(p, "member_id", id)
}

// movesWithGroup says how a volume of a group gets to another pool.
const movesWithGroup = "The array moves the group as a whole: change the group's pool_id, and give the volume lifecycle { ignore_changes = [pool_id] }, so that it follows; or take the volume out of the group first."

func (g *groups) refuseMove(p *entity.Plan, attribute, group string) {
	p.Refuse(attribute, "A volume moves with its consistency group alone",
		fmt.Sprintf("A volume of %s is to move to another pool by a pool_id of its own. %s", group, movesWithGroup))
}

// refusePool refuses a volume that would not be in its group's pool. Where the group
// moves to the same pool as the volume, either finds done what the other has done.
func (g *groups) refusePool(p *entity.Plan, attribute string, id int64) {
	m := g.members[id]
	pool, place := g.pools[m.id], g.places[id]
	switch {
	case m.id == 0 || pool == 0:
	case m.stays && g.moves[id] != 0 && g.moves[id] != pool:
		g.refuseMove(p, attribute, m.group)
	case !m.stays && place != 0 && place != pool:
		p.Refuse(attribute, "A volume is not in the pool of its consistency group",
			fmt.Sprintf("Volume %d is to be in the pool with id %d, and in %s, whose pool is the one with id %d: the volumes of a group are all in its pool. Give both the same pool_id.",
				id, place, m.group, pool))
	}
}

func (g *groups) refusePolicy(p *entity.Plan, attribute string, id int64) {
	m, grouped := g.members[id]
	policy, has := g.policies[id]
	if !grouped || !has {
		return
	}
	p.Refuse(attribute, "A volume of a group has no snapshot policy of its own",
		fmt.Sprintf("Volume %d is a member of %s, and has a policy by %s: the array allows only one of the two. Give the policy to the group, or leave the volume out of it.",
			id, m.group, policy))
}
