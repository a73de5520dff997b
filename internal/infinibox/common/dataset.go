package common

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// UsedFields tell of a volume, a filesystem or a snapshot that somebody has written to
// it, mapped or exported it, taken snapshots of it, grouped, replicated or capped it.
var UsedFields = []string{
	"used", "mapped", "has_children", "cg_id", "replica_ids", "rmr_source", "rmr_target",
	"qos_policy_id", "created_by_snapshot_policy_id",
}

// PoolID is the pool that a dataset of a collection is carved from, for users who go on
// using it while it moves.
func PoolID(collection, what, users string) entity.Fact {
	return entity.Ref("pool_id").Required().To("pool").ChangedBy(MoveIn(collection)).Filterable().
		Doc("The id of the pool that the " + what + " is carved from. A change moves the " + what + ", with its snapshots, while " + users + " go on using it.")
}

// MoveIn moves an object of a collection, with all that is of it, to the pool that it is
// to be in.
func MoveIn(collection string) func(id string, after entity.Values) api.Request {
	return func(id string, after entity.Values) api.Request {
		return api.Request{
			Method: http.MethodPost,
			Path:   api.Path(collection, id, "move"),
			Body:   api.Object{"pool_id": after.Int("pool_id"), "with_capacity": after.Bool("move_with_capacity")},
		}
	}
}

// MoveWithCapacity is the user's word on how a change of pool_id is meant.
func MoveWithCapacity() entity.Fact {
	return entity.Bool("move_with_capacity").Optional().Mutable().Instruction().
		Doc("Whether a change of `pool_id` takes the capacity along, out of the old pool and into the new one. Where it is not `true`, the new pool must have room.")
}

// Size is what a dataset promises; it takes no other while it cannot be written to.
func Size() entity.Fact {
	return entity.Capacity("size").Required().GrowsOnly().While("write_protected", false).AtLeast("1GB").Queryable().
		Doc("The size, such as `\"500GB\"`; at least 1GB. It can be raised in place and never lowered.")
}

// ProvType is how a dataset takes its space.
func ProvType() entity.Fact {
	return entity.Enum("provtype", "THIN", "THICK").Defaulted().Mutable().Queryable().
		Doc("Whether space is taken as data is written, or set aside at once.")
}

// SSDEnabled is whether what it says is in the SSD cache.
func SSDEnabled(what string) entity.Fact {
	return entity.Bool("ssd_enabled").Defaulted().Mutable().Queryable().Doc("Whether the SSD cache serves the " + what + ".")
}

// CompressionEnabled is whether a dataset is compressed.
func CompressionEnabled() entity.Fact {
	return entity.Bool("compression_enabled").Defaulted().Mutable().Queryable().Doc("Whether data is compressed.")
}

// WriteProtected is whether users ("Hosts") can only read.
func WriteProtected(what, users string) entity.Fact {
	return entity.Bool("write_protected").Defaulted().Mutable().Queryable().
		Danger(users+" can no longer write to the "+what+", and applications on it may fail.", entity.Becomes(true)).
		Doc("Whether " + strings.ToLower(users) + " can only read.")
}

// SSAExpressEnabled is whether a dataset is kept in the cache as a whole.
func SSAExpressEnabled(what string) entity.Fact {
	return entity.Bool("ssa_express_enabled").Defaulted().Mutable().While("ssd_enabled", true).Queryable().
		Danger("The "+what+" takes its full size of the SSA Express cache, at the cost of what else could use it.", entity.When("set it to `true`", func(_, after entity.Values) bool { return after.Bool("ssa_express_enabled") })).
		Doc("Whether the " + what + " is kept in the SSA Express cache as a whole.")
}

// SnapshotPolicyID is the policy of a volume, a filesystem or a group.
func SnapshotPolicyID(what string) entity.Fact {
	return entity.Ref("snapshot_policy_id").Defaulted().To("snapshot_policy").Mutable().
		Danger("The policy that it has takes no more snapshots of the "+what+".", entity.When("change it where there is a policy", func(before, _ entity.Values) bool { return before != nil && before.Int("snapshot_policy_id") != 0 })).
		Doc("The id of the policy that takes and keeps snapshots of the " + what + ". Where it is not set, the array assigns its default policy, if it has one; `0` means none.")
}

// MasterFacts are what the data sources tell of what is no snapshot. They stay, but
// there are thousands of datasets, and Terraform works for every attribute of each, in
// every plan.
func MasterFacts(what string) entity.Facts {
	return entity.Facts{
		entity.Moment("created_at").Queryable().Doc("When the " + what + " was created."),
		entity.Ref("parent_id").Filterable().Doc("None: only a snapshot has a parent."),
		entity.Moment("lock_expires_at").Queryable().Doc("None: only a snapshot can be locked."),
		entity.Integer("snapshot_retention").Queryable().Doc("None: only a snapshot is kept for a time."),
	}
}

// SnapshotFacts are what the data sources tell of snapshots, and what they have from
// what they are taken of.
func SnapshotFacts(what string) entity.Facts {
	return entity.Facts{
		entity.Ref("pool_id").Filterable().Doc("The id of the pool, which is the " + what + "'s."),
		entity.Capacity("size").Queryable().Doc("The size, which is the parent's at the moment of creation."),
		entity.Enum("provtype", "THIN", "THICK").Queryable().Doc("Whether space is taken as data is written, or set aside at once."),
		entity.Bool("compression_enabled").Queryable().Doc("Whether data is compressed."),
		entity.Bool("ssa_express_enabled").Queryable().Doc("Whether it is kept in the SSA Express cache as a whole."),
		entity.Ref("snapshot_policy_id").Doc("The id of the policy that takes and keeps snapshots of it."),
	}
}

// LosesSnapshots says which snapshots are lost with a dataset, of what SnapshotsIn lists.
func LosesSnapshots(ctx context.Context, s *entity.Session, snapshots *api.Source, before entity.Values) []string {
	o, err := s.Client.ReadFrom(ctx, snapshots, fmt.Sprint(before.Int("id")))
	children, _ := o["snapshots"].([]any)
	if err != nil || len(children) == 0 {
		return nil
	}
	names := make([]string, len(children))
	for i, name := range children {
		names[i] = fmt.Sprintf("%q", name)
	}
	return []string{"Lost with it: " + Few(names) + ", and what was taken of these."}
}

// SnapshotsIn are the names of the snapshots in a collection, by what they are of.
func SnapshotsIn(collection string) *api.Source {
	return WithNone("snapshots", Grouped(collection+" snapshots by parent", collection, "parent_id", "name", "snapshots", func(parent string) (string, api.Query) {
		return collection, api.Query{Fields: []string{"id", "name"}, Filters: api.Where("parent_id", parent)}
	}))
}
