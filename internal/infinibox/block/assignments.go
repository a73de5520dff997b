package block

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"path"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SnapshotPolicyAssignment has a policy take snapshots of a volume, a filesystem
// or a consistency group.
var SnapshotPolicyAssignment = entity.Kind{
	System: common.System,
	Name:   "snapshot_policy_assignment",
	Plural: "snapshot_policy_assignments",
	Path:   "snapshot_policies/{snapshot_policy_id}/assigned_entities",
	Doc: "The assignment of a volume, a filesystem or a consistency group to a snapshot policy. An object has one policy at most. " +
		"It does the same as the object's own `snapshot_policy_id`: use one of the two for an object.",
	// It may take the place of the array's default policy.
	Approvable: true,
	Identity: entity.Identity{
		Key:    []string{"snapshot_policy_id", "assigned_entity_id"},
		Refers: map[string][]string{"assigned_entity_id": {"volume", "filesystem", "consistency_group"}},
	},
	Reading: entity.Reading{Held: &entity.Held{}},
	Planning: entity.Planning{
		Check: func(ctx context.Context, p *entity.Plan) {
			groupsOf(p.Session).assignment(p)
			checkAssigned(ctx, p)
		},
		Tracks: []string{"assigned_entity_id"},
	},
	Creation: entity.Creation{
		Request: func(after entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: api.Path("snapshot_policies", after.Int("snapshot_policy_id"), "assign_entity")}
		},
		Answer: func(after entity.Values, _ any) (api.Object, error) {
			return api.Object{
				"snapshot_policy_id":   after.Int("snapshot_policy_id"),
				"assigned_entity_id":   after.Int("assigned_entity_id"),
				"assigned_entity_type": after.Text("assigned_entity_type"),
			}, nil
		},
		Occupant: snapshotPolicyInTheWay,
	},
	Deletion: entity.Deletion{
		Danger: "No more scheduled snapshots are taken of the object.",
		Request: func(before entity.Values) api.Request {
			return api.Request{
				Method: http.MethodPost, Path: api.Path("snapshot_policies", before.Int("snapshot_policy_id"), "unassign_entity"),
				Body: api.Object{"assigned_entity_id": before.Int("assigned_entity_id")},
			}
		},
	},
	Facts: entity.Facts{
		entity.Ref("snapshot_policy_id").Required().To("snapshot_policy").InPath().ChangedBy(func(_ string, after entity.Values) api.Request {
			return api.Request{
				Method: http.MethodPost, Path: api.Path("snapshot_policies", after.Int("snapshot_policy_id"), "assign_entity"),
				Body: api.Object{"assigned_entity_id": after.Int("assigned_entity_id"), "assigned_entity_type": after.Text("assigned_entity_type")},
			}
		}).Danger("The policy that it has takes no more snapshots of the object.").
			Doc("The id of the policy. A change moves the object from one policy to the other, without a gap."),
		entity.Ref("assigned_entity_id").Required().OncePer().Doc("The id of the volume, filesystem or consistency group."),
		entity.Enum("assigned_entity_type", "VOLUME", "FILESYSTEM", "CG").Required().Doc("What it is."),

		entity.Text("assigned_entity_name").Doc("Its name."),
		entity.Text("snapshot_policy_name").Doc("The policy's name."),
	},
}

// assignable are the collections of what a snapshot policy can be for.
var assignable = map[string]string{"VOLUME": "volumes", "FILESYSTEM": "filesystems", "CG": "cgs"}

// checkAssigned refuses an object that is not there, or of another type than is said.
func checkAssigned(ctx context.Context, p *entity.Plan) {
	if p.Before != nil || p.After == nil || p.Applying() || !p.After.Known("assigned_entity_id") {
		return
	}
	collection, id := assignable[p.After.Text("assigned_entity_type")], p.After.Int("assigned_entity_id")
	if collection == "" {
		return
	}
	if _, err := p.Session.Client.Read(ctx, collection, fmt.Sprint(id), []string{"id"}); api.ReasonOf(err) == api.NotFound {
		p.Refuse("assigned_entity_id", "There is no such object to assign",
			fmt.Sprintf("assigned_entity_type is %s, and of the %s on the array none has the id %d.", p.After.Text("assigned_entity_type"), collection, id))
	}
}

// snapshotPolicyInTheWay is the assignment that an object has, to whatever policy. The
// array's default policy is nobody's choice for it.
func snapshotPolicyInTheWay(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	collection := assignable[v.Text("assigned_entity_type")]
	o, err := s.Client.Read(ctx, collection, fmt.Sprint(v.Int("assigned_entity_id")), []string{"id", "snapshot_policy_id", "snapshot_policy_name"})
	if err != nil {
		return nil, err
	}
	if api.IsNothing(o["snapshot_policy_id"]) {
		return nil, notAssigned(v.Int("assigned_entity_id"), "any policy")
	}
	policy, err := s.Client.Read(ctx, "snapshot_policies", fmt.Sprint(o["snapshot_policy_id"]), []string{"id", "default_snapshot_policy"})
	if err != nil {
		return nil, err
	}
	if policy["default_snapshot_policy"] == true && fmt.Sprint(o["snapshot_policy_id"]) != fmt.Sprint(v.Int("snapshot_policy_id")) {
		return nil, notAssigned(v.Int("assigned_entity_id"), "any policy but the default")
	}
	return api.Object{
		"snapshot_policy_id": o["snapshot_policy_id"], "snapshot_policy_name": o["snapshot_policy_name"],
		"assigned_entity_id": v.Int("assigned_entity_id"), "assigned_entity_type": v.Text("assigned_entity_type"),
	}, nil
}

// QoSPolicyAssignment caps the performance of a volume, a filesystem or a pool.
var QoSPolicyAssignment = entity.Kind{
	System: common.System,
	Name:   "qos_policy_assignment",
	Plural: "qos_policy_assignments",
	Noun:   "QoS policy assignment",
	Path:   "qos/policies/{qos_policy_id}/assigned_entities",
	Doc:    "The assignment of a volume, a filesystem or a pool to a QoS policy, whose limits then hold for it. An object has one policy of its own at most; volumes also share their pool's.",
	// It may lower limits that a pool shares.
	Approvable: true,
	Identity: entity.Identity{
		Key:    []string{"qos_policy_id", "entity_id"},
		Refers: map[string][]string{"entity_id": {"volume", "filesystem", "pool"}},
	},
	Reading: entity.Reading{
		Find: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
			return s.Client.ReadFrom(ctx, qosAssignments, api.Path(v.Int("qos_policy_id"), v.Int("entity_id")))
		},
	},
	Planning: entity.Planning{
		Check: func(ctx context.Context, p *entity.Plan) {
			checkQoSType(ctx, p)
			warnOfQoS(ctx, p)
		},
	},
	Creation: entity.Creation{
		Request: func(after entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: api.Path("qos", "policies", after.Int("qos_policy_id"), "assign")}
		},
		Occupant: qosPolicyInTheWay,
	},
	Deletion: entity.Deletion{
		Request: func(before entity.Values) api.Request {
			return api.Request{
				Method: http.MethodPost, Path: api.Path("qos", "policies", before.Int("qos_policy_id"), "unassign"),
				Body: api.Object{"entity_id": before.Int("entity_id")},
			}
		},
	},
	Listing: entity.Listing{
		List: func(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
			return s.Client.List(ctx, assignedTo(scope.Int("qos_policy_id")), q)
		},
	},
	Facts: entity.Facts{
		entity.ID().Doc("The number the array gave the assignment.").Unqueried().ChosenAnewWith("qos_policy_id"),
		entity.Ref("qos_policy_id").Required().To("qos_policy").InPath().ChangedBy(func(_ string, after entity.Values) api.Request {
			return api.Request{
				Method: http.MethodPost, Path: api.Path("qos", "policies", after.Int("qos_policy_id"), "assign"),
				Body: api.Object{"entity_id": after.Int("entity_id")},
			}
		}).Danger("The limits of the other policy hold for the object from then on, and may slow it down.").
			Doc("The id of the policy. A change moves the object from one policy to the other, without a moment in which it is not capped."),
		entity.Ref("entity_id").Required().Doc("The id of the volume, filesystem or pool."),
		common.CreatedAt().Unqueried().ChosenAnewWith("qos_policy_id"),

		entity.Text("entity_type").Doc("What it is: `VOLUME`, `FILESYSTEM` or `POOL`."),
		entity.Text("entity_name").Doc("Its name."),
		entity.Moment("updated_at").Doc("When the assignment was last changed."),
	},
}

// checkQoSType refuses an object that is not of the kind which the policy caps by then,
// where both are there already.
func checkQoSType(ctx context.Context, p *entity.Plan) {
	if p.After == nil || p.Applying() || !p.After.Known("qos_policy_id") || !p.After.Known("entity_id") || !p.Changes("qos_policy_id") && !p.Changes("entity_id") {
		return
	}
	kind := typeOfQoS(ctx, p)
	capped := map[string]string{"VOLUME": "volumes", "FILESYSTEM": "filesystems", "POOL_VOLUME": "pools", "POOL_FILESYSTEM": "pools"}[kind]
	if capped == "" {
		return
	}
	_, err := p.Session.Client.Read(ctx, capped, fmt.Sprint(p.After.Int("entity_id")), []string{"id"})
	if api.ReasonOf(err) == api.NotFound {
		p.Refuse("entity_id", "The policy is not for this object",
			fmt.Sprintf("The QoS policy with the id %d is of type %s, which caps %s, and the array has none of these with the id %d.",
				p.After.Int("qos_policy_id"), kind, capped, p.After.Int("entity_id")))
	}
}

// typeOfQoS is the type that the policy has after the plan, or on the array where the
// plan says nothing of it; "" where nothing tells.
func typeOfQoS(ctx context.Context, p *entity.Plan) string {
	id := p.After.Int("qos_policy_id")
	if planned, ok := qosTypesOf(p.Session).Load(id); ok {
		return planned.(string)
	}
	policy, err := p.Session.Client.Read(ctx, "qos/policies", fmt.Sprint(id), []string{"id", "type"})
	if err != nil {
		return ""
	}
	kind, _ := policy["type"].(string)
	return kind
}

func assignedTo(policy any) string {
	return api.Path("qos", "policies", policy, "assigned_entities")
}

// qosAssignments are the assignments to all policies, each known by policy and entity:
// "1001/1003".
var qosAssignments = &api.Source{
	Name: "QoS assignments",
	Get: func(ctx context.Context, c api.Client, id string) (api.Object, error) {
		policy, _ := path.Split(id)
		assigned := c.List(ctx, assignedTo(path.Clean(policy)), api.Query{})
		return api.First(assigned, func(o api.Object) bool { return assignmentID(o) == id }, notAssigned(path.Base(id), "QoS policy "+path.Clean(policy)))
	},
	List: func(ctx context.Context, c api.Client) iter.Seq2[api.Object, error] {
		return c.List(ctx, "qos/assigned_entities", api.Query{})
	},
	ID: assignmentID,
}

func assignmentID(o api.Object) string { return api.Path(o["qos_policy_id"], o["entity_id"]) }

// qosPolicyInTheWay is the assignment that an object has to a policy of the type of the
// wanted one: a pool has one for its volumes and one for its filesystems.
func qosPolicyInTheWay(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	typeOf := func(policy any) (any, error) {
		o, err := s.Client.Read(ctx, "qos/policies", fmt.Sprint(policy), []string{"id", "type"})
		return o["type"], err
	}
	wanted, err := typeOf(v.Int("qos_policy_id"))
	if err != nil {
		return nil, err
	}
	for o, err := range s.Client.List(ctx, "qos/assigned_entities", api.Query{}) {
		if err != nil {
			return nil, err
		}
		if fmt.Sprint(o["entity_id"]) != fmt.Sprint(v.Int("entity_id")) {
			continue
		}
		has, err := typeOf(o["qos_policy_id"])
		if err != nil {
			return nil, err
		}
		if has == wanted {
			return o, nil
		}
	}
	return nil, notAssigned(v.Int("entity_id"), "a QoS policy")
}

func notAssigned(id any, to string) error {
	return &api.Error{
		Reason: api.NotFound, Operation: "GET assigned entities", Status: http.StatusNotFound,
		Message: fmt.Sprintf("Object %v is not assigned to %s", id, to),
	}
}
