package block_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// estateOfTheWalk is what random changes are made in.
func estateOfTheWalk() *walk.Estate {
	volumes := []string{"volume", "volume_snapshot"}
	return &walk.Estate{
		Lab:    func(t *testing.T) acctest.Simulated { return acctest.SimulateInfiniBox(t, simulator.Options{}) },
		Prefix: "storage_infinibox_",
		Aside: map[string]string{
			"qos":             "there is one, which all share",
			"system_metadata": "there is one, which all share",
			"vm":              "VMware makes it, and it has no other objects",
			"metadata":        "it and an object's own metadata are for the same pairs",
		},
		Relations: map[string]walk.Relation{
			"cluster_id":                                    {To: []string{"host_cluster"}},
			"lun.volume_id":                                 {To: volumes},
			"host_cluster.host_ids":                         {To: []string{"host"}, Once: true},
			"host_cluster_member.host_id":                   {To: []string{"host"}},
			"consistency_group_member.member_id":            {To: []string{"volume"}},
			"consistency_group.member_ids":                  {To: []string{"volume"}, Once: true, Alike: []string{"pool_id"}},
			"volume_snapshot.parent_id":                     {To: []string{"volume"}},
			"snapshot_group.parent_id":                      {To: []string{"consistency_group"}, Needs: "member_ids"},
			"volume_group_snapshot.volume_ids":              {To: []string{"volume"}, Among: []string{"pool_id"}},
			"qos_policy_assignment.entity_id":               {To: []string{"volume"}},
			"snapshot_policy_assignment.assigned_entity_id": {To: []string{"volume"}},
			"volume_group_snapshot.snap_names":              {}, // of volumes that are no resources
			"pool.owners":                                   {}, // users are no resources yet
		},
		Always: map[string]any{
			"pool.type": "STANDARD", // volumes are in no other
			// A cluster takes hosts of its own type alone.
			"host.host_type": "DEFAULT", "host_cluster.host_type": "DEFAULT",
			"snapshot_policy_assignment.assigned_entity_type": "VOLUME",
			// Snapshots that outlive their group are in the way of the next of its name.
			"snapshot_group.delete_members": true,
			// No snapshot is made smaller than what it is taken of, which others make grow.
			"volume_snapshot.size": nil,
			// The array has one default policy, and new volumes get it.
			"snapshot_policy.default_snapshot_policy": false,
			// What depends on a pool goes before the pool is unlocked: Terraform's order.
			"pool.locked": false,
			// What it moves along, the pools' configurations want back.
			"volume.move_with_capacity":            false,
			"consistency_group.move_with_capacity": false,
			// They bound each other, and count where a group is replicated alone.
			"consistency_group_member.base_action": nil, "consistency_group_member.remote_entity_id": nil,
			"consistency_group_member.local_base_entity_id": nil, "consistency_group_member.remote_base_entity_id": nil,
			"consistency_group_member.create_replica": nil, "consistency_group_member.replica_name": nil,
			// The volumes of a group are resources of their own.
			"consistency_group.delete_members": false,
		},
		Behind: map[string]map[string]func(acctest.Object, any) acctest.Request{
			"host_cluster": {
				"gets a host of others": func(o acctest.Object, host any) acctest.Request {
					return acctest.Request{Method: "POST", Path: fmt.Sprintf("clusters/%v/hosts", o["id"]), Body: map[string]any{"id": host}}
				},
				"loses a host": func(o acctest.Object, _ any) acctest.Request {
					return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("clusters/%v/hosts/%v", o["id"], firstOf(o["host_ids"]))}
				},
			},
			"consistency_group": {
				"loses a volume": func(o acctest.Object, _ any) acctest.Request {
					return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("cgs/%v/members/%v?retain_staging_area=false", o["id"], firstOf(o["member_ids"]))}
				},
			},
			"volume": {
				"grows": func(o acctest.Object, _ any) acctest.Request {
					return acctest.Request{Method: "PUT", Path: fmt.Sprintf("volumes/%v", o["id"]), Body: map[string]any{"size": 9_000_000_000}}
				},
			},
			"host": {
				"loses a port": func(o acctest.Object, _ any) acctest.Request {
					return acctest.Request{Method: "DELETE", Path: fmt.Sprintf("hosts/%v/ports/FC/%v", o["id"], firstOf(o["fc_ports"]))}
				},
			},
		},
		Stays:       map[string]string{"consistency_group": "its snapshots stay, and are in the way of those of its successor"},
		Lasting:     []string{"Snapshots of a group are gone"},
		Contradicts: contradiction,
		Never:       never,
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_pool.theirs": {Arguments: acctest.Attrs{"name": "their pool", "physical_capacity": "1TB"}},
			"storage_infinibox_volume.theirs": {Arguments: acctest.Attrs{
				"name": "their volume", "size": "1GB", "pool_id": testcore.Ref{Address: "storage_infinibox_pool.theirs", Attribute: "id"},
			}},
			"storage_infinibox_host.theirs": {Arguments: acctest.Attrs{"name": "their host", "fc_ports": []any{"10:00:00:00:00:00:00:01"}}},
			"storage_infinibox_lun.theirs": {Arguments: acctest.Attrs{
				"volume_id": testcore.Ref{Address: "storage_infinibox_volume.theirs", Attribute: "id"},
				"host_id":   testcore.Ref{Address: "storage_infinibox_host.theirs", Attribute: "id"},
			}},
		}},
		Member: "storage_infinibox_host.theirs",
		Either: map[string][]string{"lun": {"host_id", "cluster_id"}},
		Unique: map[string][][]string{
			"lun":                        {{"host_id", "cluster_id", "lun"}},
			"host_cluster_member":        {{"host_id"}},
			"consistency_group_member":   {{"member_id"}},
			"qos_policy_assignment":      {{"entity_id"}},
			"snapshot_policy_assignment": {{"assigned_entity_id"}},
			"snapshot_policy":            {{"suffix"}},
			"snapshot_policy_schedule":   {{"snapshot_policy_id", "name"}},
		},
	}
}

// firstOf is the first of several ids; 0, which nothing has, of none.
func firstOf(ids any) any {
	if all, _ := ids.([]any); len(all) > 0 {
		return all[0]
	}
	return 0
}

// never tells what the array does not change.
func never(e testcore.Said, p *testcore.Plan) bool {
	switch {
	case strings.Contains(e.Detail, "(UDID_ILLEGAL_MODIFICATION)"):
		return true // of a mapped volume
	case strings.Contains(e.Detail, "(VOLUME_NAME_CONFLICT)") && strings.Contains(testcore.TypeOf(e.Address), "group"):
		// A snapshot keeps its name when its volume gets another, and is nobody's any more
		// when others take its volume out of the group.
		return !slices.ContainsFunc(named.FindAllStringSubmatch(e.Detail, -1), func(id []string) bool { return goes(id[1], p) })
	}
	return keepsPolicy(e.Detail, p)
}

var (
	number     = regexp.MustCompile(`\d+`)
	named      = regexp.MustCompile(`\(id (\d+)\)`)
	assignment = regexp.MustCompile(`In the way is the snapshot policy assignment \(snapshot_policy_id (\d+), assigned_entity_id (\d+)\)`)
)

// goes reports whether a plan changes or deletes an object, or what it is a member of.
func goes(id string, p *testcore.Plan) bool {
	for address, action := range p.Actions() {
		if action == testcore.Create {
			continue
		}
		state := p.Refreshed.Attributes(address)
		for _, name := range []string{"id", "member_ids", "snapshot_ids"} {
			if slices.Contains(number.FindAllString(fmt.Sprint(state[name]), -1), id) {
				return true
			}
		}
	}
	return false
}

// keepsPolicy reports whether the policy that an assignment meets is one that a volume or a
// group of the state has kept since its configuration spoke of it.
func keepsPolicy(detail string, p *testcore.Plan) bool {
	met := assignment.FindStringSubmatch(detail)
	return met != nil && slices.ContainsFunc(p.Refreshed.Addresses(), func(address string) bool {
		state := p.Refreshed.Attributes(address)
		return fmt.Sprint(state["id"]) == met[2] && fmt.Sprint(state["snapshot_policy_id"]) == met[1]
	})
}

// contradiction finds two groups of snapshots that would name them alike, and a volume
// whose snapshot policy is said twice: by itself, by its group, or by an assignment.
func contradiction(c testcore.Config) string {
	said := map[string]string{}
	for _, address := range c.Addresses() {
		var volumes []string
		arguments := c.Resources[address].Arguments
		if suffix := arguments["snap_suffix"]; suffix != nil {
			if other := said[fmt.Sprint(suffix)]; other != "" {
				return address + " names snapshots as " + other + " does"
			}
			said[fmt.Sprint(suffix)] = address
		}
		switch testcore.TypeOf(address) {
		case "storage_infinibox_volume":
			if arguments["snapshot_policy_id"] != nil {
				volumes = []string{address}
			}
		case "storage_infinibox_consistency_group":
			for _, ref := range testcore.References(arguments["member_ids"]) {
				volumes = append(volumes, ref.Address)
			}
		case "storage_infinibox_consistency_group_member":
			for _, ref := range testcore.References(arguments["member_id"]) {
				volumes = append(volumes, ref.Address)
			}
		case "storage_infinibox_snapshot_policy_assignment":
			for _, ref := range testcore.References(arguments["assigned_entity_id"]) {
				volumes = append(volumes, ref.Address)
			}
		}
		for _, volume := range volumes {
			if other := said[volume]; other != "" {
				return volume + " has a snapshot policy by " + other + " and by " + address
			}
			said[volume] = address
		}
	}
	for _, r := range memberships {
		if twice := r.statedTwice(c); twice != "" {
			return twice
		}
	}
	return ""
}

// membership is a relation that is stated by a set of its owner, or by a resource for
// each member.
type membership struct{ owner, set, part, of, member string }

var memberships = []membership{
	{"host_cluster", "host_ids", "host_cluster_member", "cluster_id", "host_id"},
	{"consistency_group", "member_ids", "consistency_group_member", "consistency_group_id", "member_id"},
}

// statedTwice finds a member that is in two places, and an owner whose members are
// stated in both ways.
func (r membership) statedTwice(c testcore.Config) string {
	places, whole := map[string]string{}, map[string]bool{}
	for _, address := range c.Addresses() {
		if arguments := c.Resources[address].Arguments; testcore.TypeOf(address) == "storage_infinibox_"+r.owner && arguments[r.set] != nil {
			whole[address] = true
			for _, ref := range testcore.References(arguments[r.set]) {
				places[ref.Address] = address
			}
		}
	}
	for _, address := range c.Addresses() {
		arguments := c.Resources[address].Arguments
		if testcore.TypeOf(address) != "storage_infinibox_"+r.part {
			continue
		}
		for _, ref := range testcore.References(arguments[r.of]) {
			if whole[ref.Address] {
				return fmt.Sprintf("%s states its members, and %s one of them", ref.Address, address)
			}
		}
		for _, ref := range testcore.References(arguments[r.member]) {
			if other := places[ref.Address]; other != "" {
				return fmt.Sprintf("%s is put somewhere by %s and by %s", ref.Address, other, address)
			}
		}
	}
	return ""
}
