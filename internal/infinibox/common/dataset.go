package common

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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

// Size is what a dataset of a collection promises.
func Size(collection string) entity.Fact {
	return growing(collection).Required().Doc("The size, such as `\"500GB\"`; at least 1GB. It can be raised in place and never lowered.")
}

// SnapshotSize is the size of a snapshot, which begins with that of what it is taken of.
func SnapshotSize(collection string) entity.Fact {
	return growing(collection).Defaulted().AfterCreation().
		Doc("The size, such as `\"500GB\"`; where it is not set, that of what the snapshot is taken of. It can be raised in place and never lowered, of a snapshot whose `write_protected` is `false`.")
}

// growing is a size, which takes no other while the dataset cannot be written to.
func growing(collection string) entity.Fact {
	return entity.Capacity("size").GrowsOnly().While("write_protected", false).AtLeast("1GB").Queryable().
		ChangedBy(func(id string, after entity.Values) api.Request {
			bytes, _ := after.Bytes("size")
			r := api.Request{Method: http.MethodPut, Path: api.Path(collection, id), Body: api.Object{"size": bytes}}
			if after.Bool("force_resize") {
				r.Query = url.Values{"force_resize": {"true"}}
			}
			return r
		})
}

// ForceResize is the user's word on how a change of size is meant.
func ForceResize() entity.Fact {
	return entity.Bool("force_resize").Optional().Mutable().Instruction().
		Doc("Whether a change of `size` is forced where the array would refuse it otherwise, such as of what is replicated.")
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
		remoteRetention().Doc("None: only a snapshot is replicated by itself."),
		remoteLock().Doc("None: only a snapshot can be locked."),
	}
}

// SnapshotFacts are what the data sources tell of snapshots, and what they have from
// what they are taken of.
func SnapshotFacts(what string) entity.Facts {
	return entity.Facts{
		entity.Ref("pool_id").Filterable().Doc("The id of the pool, which is the " + what + "'s."),
		entity.Enum("provtype", "THIN", "THICK").Queryable().Doc("Whether space is taken as data is written, or set aside at once."),
		entity.Bool("compression_enabled").Queryable().Doc("Whether data is compressed."),
		entity.Bool("ssa_express_enabled").Queryable().Doc("Whether it is kept in the SSA Express cache as a whole."),
		entity.Ref("snapshot_policy_id").Doc("The id of the policy that takes and keeps snapshots of it."),
	}
}

// remoteRetention and remoteLock are how long the other system keeps, and locks, what is
// replicated to it. The examples show neither but as null.
func remoteRetention() entity.Fact {
	return entity.Integer("remote_snapshot_retention").Lenient().Queryable()
}

func remoteLock() entity.Fact {
	return entity.Integer("remote_snapshot_retention_lock").Lenient().Queryable()
}

// RemoteRetention is what the array tells of how long the other system keeps, and locks,
// what is replicated to it.
var RemoteRetention = entity.Facts{
	remoteRetention().Doc("How long the other system keeps the replicated snapshot, in seconds."),
	remoteLock().Doc("How long the other system locks the replicated snapshot, in seconds."),
}

const toTarget = "replicate_to_async_target"

// Replication are the user's words on the copy of a snapshot, or of several, on the other
// system, where what they are taken of is replicated.
func Replication(what string) entity.Facts {
	return entity.Facts{
		entity.Bool(toTarget).Optional().Instruction().
			Doc("Whether the " + what + " is replicated to the other system too, where what it is taken of is replicated asynchronously."),
		remoteRetention().Optional().Positive().Doc("How long the other system keeps the replicated " + what + ", in seconds."),
		remoteLock().Optional().Positive().Doc("How long the other system locks the replicated " + what + ", in seconds. **Nobody can delete it there before.**"),
	}
}

// TakenIn takes a snapshot, or several, in a collection.
func TakenIn(collection string) func(after entity.Values) api.Request {
	return func(after entity.Values) api.Request {
		r := api.Request{Method: http.MethodPost, Path: collection}
		if after.Known(toTarget) {
			r.Query = url.Values{toTarget: {strconv.FormatBool(after.Bool(toTarget))}}
		}
		return r
	}
}

// LosesSnapshots says which snapshots are lost with a dataset of a collection, and what was
// taken of these, of what SnapshotsIn lists.
func LosesSnapshots(ctx context.Context, s *entity.Session, collection string, snapshots *api.Source, before entity.Values) []string {
	id := fmt.Sprint(before.Int("id"))
	family := id
	if before.Known("parent_id") {
		o, err := s.Client.Read(ctx, collection, id, []string{"id", "family_id"})
		if err != nil || api.IsNothing(o["family_id"]) {
			return nil
		}
		family = fmt.Sprint(o["family_id"])
	}
	o, err := s.Client.ReadFrom(ctx, snapshots, family)
	members, _ := o["snapshots"].([]any)
	if err != nil || len(members) == 0 {
		return nil
	}
	children, below := map[string][]api.Object{}, []api.Object{}
	for _, m := range members {
		snapshot, _ := m.(api.Object)
		parent := fmt.Sprint(snapshot["parent_id"])
		children[parent] = append(children[parent], snapshot)
	}
	direct := children[id]
	for open := direct; len(open) > 0; open = open[1:] {
		more := children[fmt.Sprint(open[0]["id"])]
		below, open = append(below, more...), append(slices.Clip(open), more...)
	}
	var said []string
	if len(direct) > 0 {
		said = append(said, "Lost with it: "+Few(QuotedNames(direct))+".")
	}
	if len(below) > 0 {
		said = append(said, "Lost with these, because it was taken of them: "+Few(QuotedNames(below))+".")
	}
	return said
}

// SnapshotsIn are the snapshots in a collection, by the dataset at the root of their
// family.
func SnapshotsIn(collection string) *api.Source {
	all := api.Query{Fields: []string{"id", "name", "parent_id", "family_id"}, Filters: api.Where("type", "SNAPSHOT")}
	return WithNone("snapshots", grouped(collection+" snapshots by family", collection, "family_id", "snapshots", all,
		func(family string) (string, api.Query) {
			of := all
			of.Filters = append(api.Where("family_id", family), all.Filters...)
			return collection, of
		}, func(o api.Object) any { return o }))
}
