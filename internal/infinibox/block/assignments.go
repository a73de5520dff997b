package block

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// SnapshotPolicyAssignment has a policy take snapshots of a volume, a filesystem
// or a consistency group.
var SnapshotPolicyAssignment = entity.Kind{
	System: system,
	Name:   "snapshot_policy_assignment",
	Plural: "snapshot_policy_assignments",
	Path:   "snapshot_policies/{snapshot_policy_id}/assigned_entities",
	Doc: "The assignment of a volume, a filesystem or a consistency group to a snapshot policy. An object has one policy at most. " +
		"It does the same as the object's own `snapshot_policy_id`: use one of the two for an object.",
	Key:    []string{"snapshot_policy_id", "assigned_entity_id"},
	Orphan: entity.OrphanByKey(),
	Delete: entity.Dangerous("No more scheduled snapshots are taken of the object."),
	Create: func(after entity.Values) entity.Request {
		return entity.Request{Method: http.MethodPost, Path: entity.Path("snapshot_policies", after.Int("snapshot_policy_id"), "assign_entity")}
	},
	Decode: func(after entity.Values, _ any) (entity.Object, error) {
		return entity.Object{
			"snapshot_policy_id":   after.Int("snapshot_policy_id"),
			"assigned_entity_id":   after.Int("assigned_entity_id"),
			"assigned_entity_type": after.Text("assigned_entity_type"),
		}, nil
	},
	Find: func(ctx context.Context, s *entity.Session, v entity.Values) (entity.Object, error) {
		return findAssigned(ctx, s, entity.Path("snapshot_policies", v.Int("snapshot_policy_id"), "assigned_entities"),
			"assigned_entity_id", v.Int("assigned_entity_id"))
	},
	Remove: func(before entity.Values) entity.Request {
		return entity.Request{
			Method: http.MethodPost, Path: entity.Path("snapshot_policies", before.Int("snapshot_policy_id"), "unassign_entity"),
			Body: entity.Object{"assigned_entity_id": before.Int("assigned_entity_id")},
		}
	},
	Facts: entity.Facts{
		entity.Ref("snapshot_policy_id").Required().Unsent().Doc("The id of the policy."),
		entity.Ref("assigned_entity_id").Required().Doc("The id of the volume, filesystem or consistency group."),
		entity.Enum("assigned_entity_type", "VOLUME", "FILESYSTEM", "CG").Required().Doc("What it is."),

		entity.Text("assigned_entity_name").Doc("Its name."),
		entity.Text("snapshot_policy_name").Doc("The policy's name."),
	},
}

// QoSPolicyAssignment caps the performance of a volume, a filesystem or a pool.
var QoSPolicyAssignment = entity.Kind{
	System: system,
	Name:   "qos_policy_assignment",
	Plural: "qos_policy_assignments",
	Noun:   "QoS policy assignment",
	Path:   "qos/policies/{qos_policy_id}/assigned_entities",
	Doc:    "The assignment of a volume, a filesystem or a pool to a QoS policy, whose limits then hold for it. An object has one policy of its own at most; volumes also share their pool's.",
	Key:    []string{"qos_policy_id", "entity_id"},
	// It may take the place of another policy, or lower limits that a pool shares.
	Approvable: true,
	Create: func(after entity.Values) entity.Request {
		return entity.Request{Method: http.MethodPost, Path: entity.Path("qos", "policies", after.Int("qos_policy_id"), "assign")}
	},
	Find: func(ctx context.Context, s *entity.Session, v entity.Values) (entity.Object, error) {
		return findAssigned(ctx, s, entity.Path("qos", "policies", v.Int("qos_policy_id"), "assigned_entities"), "entity_id", v.Int("entity_id"))
	},
	Remove: func(before entity.Values) entity.Request {
		return entity.Request{
			Method: http.MethodPost, Path: entity.Path("qos", "policies", before.Int("qos_policy_id"), "unassign"),
			Body: entity.Object{"entity_id": before.Int("entity_id")},
		}
	},
	List: listQoSAssigned,
	Facts: entity.Facts{
		entity.ID().Doc("The number the array gave the assignment.").Unqueried(),
		entity.Ref("qos_policy_id").Required().Unsent().Doc("The id of the policy."),
		entity.Ref("entity_id").Required().Doc("The id of the volume, filesystem or pool."),
		createdAt().Unqueried(),

		entity.Text("entity_type").Doc("What it is: `VOLUME`, `FILESYSTEM` or `POOL`."),
		entity.Text("entity_name").Doc("Its name."),
		entity.Moment("updated_at").Doc("When the assignment was last changed."),
	},
}

func findAssigned(ctx context.Context, s *entity.Session, path, field string, id int64) (entity.Object, error) {
	for o, err := range s.Client.List(ctx, path, entity.Query{}) {
		if err != nil {
			return nil, err
		}
		if n, err := number(o[field]); err == nil && n == id {
			return o, nil
		}
	}
	return nil, &entity.Error{
		Reason: entity.NotFound, Operation: "GET " + path, Status: http.StatusNotFound,
		Message: fmt.Sprintf("Object %d is not assigned to the policy", id),
	}
}

func listQoSAssigned(ctx context.Context, s *entity.Session, scope entity.Values, q entity.Query) iter.Seq2[entity.Object, error] {
	return s.Client.List(ctx, entity.Path("qos", "policies", scope.Int("qos_policy_id"), "assigned_entities"), q)
}
