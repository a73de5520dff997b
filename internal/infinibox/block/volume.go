package block

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Volume is a block device carved from a pool and served to hosts over Fibre
// Channel, iSCSI or NVMe-oF. A snapshot is a volume too, but an entity of its
// own here: VolumeSnapshot.
var Volume = entity.Kind{
	System:            system,
	Name:              "volume",
	Plural:            "volumes",
	Path:              "volumes",
	Doc:               "A volume: a block device carved from a pool and served to hosts over Fibre Channel, iSCSI or NVMe-oF.",
	Within:            entity.Where("type", "MASTER"),
	Metadata:          true,
	OneFieldPerUpdate: true,
	Delete:            entity.Dangerous("The data of the volume and of all its snapshots is lost."),
	InUse:             entity.InUse{Fields: usedFields},
	Loses:             losesOfVolume,
	Leave:             leaveGroup,
	Check:             checkVolume,
	Tracks:            []string{"id", "name", "pool_id", "size", "snapshot_policy_id"},
	Explain:           explainVolume,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		name(),
		entity.Ref("pool_id").Required().ChangedBy(moveToPool).Filterable().
			Doc("The id of the pool that the volume is carved from. A change moves the volume, with its snapshots, while hosts go on using it."),
		moveWithCapacity(),
		entity.Capacity("size").Required().GrowsOnly().While("write_protected", types.BoolValue(false)).AtLeast("1GB").InBlocksOf(blockSize).Queryable().
			Doc("The size, such as `\"500GB\"`; at least 1GB. It can be raised in place and never lowered."),
		entity.Enum("provtype", "THIN", "THICK").Optional().Mutable().Queryable().
			Doc("Whether space is taken as data is written, or set aside at once."),
		entity.Bool("ssd_enabled").Optional().Mutable().Queryable().
			Doc("Whether the SSD cache serves the volume."),
		entity.Bool("compression_enabled").Optional().Mutable().Queryable().
			Doc("Whether data is compressed."),
		entity.Bool("write_protected").Optional().Mutable().Queryable().
			DangerousWhen(types.BoolValue(true), "Hosts can no longer write to the volume, and applications on it may fail.").
			Doc("Whether hosts can only read."),
		entity.Bool("ssa_express_enabled").Optional().Mutable().While("ssd_enabled", types.BoolValue(true)).Queryable().
			Danger(addToSSAExpress).
			Doc("Whether the volume is kept in the SSA Express cache as a whole."),
		snapshotPolicyID("volume"),
		udid(),
		serial(),

		// They stay, but there are thousands of volumes, and Terraform works for every
		// attribute of each, in every plan: the data sources tell these two.
		nguid(),
		entity.Moment("created_at").Queryable().Doc("When the volume was created."),
		entity.Ref("parent_id").Filterable().Doc("None: only a snapshot has a parent."),
		entity.Moment("lock_expires_at").Queryable().Doc("None: only a snapshot can be locked."),
		entity.Integer("snapshot_retention").Queryable().Doc("None: only a snapshot is kept for a time."),
	}, measures),
}

func moveToPool(id string, after entity.Values) entity.Request { return move("volumes", id, after) }

func addToSSAExpress(_, after entity.Values) string {
	if after.Bool("ssa_express_enabled") {
		return "The volume takes its full size of the SSA Express cache, at the cost of what else could use it."
	}
	return ""
}

func checkVolume(ctx context.Context, p *entity.Planning) {
	budgetOf(p.Session).volume(ctx, p)
	groupsOf(p.Session).volume(p)
}

// groupOf is the consistency group that a volume is in; "" where there is none.
func groupOf(ctx context.Context, s *entity.Session, volume entity.Values) string {
	o, err := s.Client.Read(ctx, "volumes", volume["id"].String(), []string{"id", "cg_id", "cg_name"})
	if err != nil || entity.IsNothing(o["cg_id"]) {
		return ""
	}
	return fmt.Sprintf("consistency group %q (id %v)", o["cg_name"], o["cg_id"])
}
