package block

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Volume is a block device carved from a pool and served to hosts over Fibre
// Channel, iSCSI or NVMe-oF. A snapshot is a volume too, but an entity of its
// own here: VolumeSnapshot.
var Volume = entity.Kind{
	System:   common.System,
	Name:     "volume",
	Plural:   "volumes",
	Path:     "volumes",
	Doc:      "A volume: a block device carved from a pool and served to hosts over Fibre Channel, iSCSI or NVMe-oF.",
	Metadata: entity.WithDefaults,
	Identity: entity.Identity{Match: api.Where("type", "MASTER")},
	Planning: entity.Planning{Check: checkVolume, Tracks: []string{"id", "name", "pool_id", "size", "snapshot_policy_id"}},
	Creation: entity.Creation{InUse: common.UsedFields},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{Danger: "The data of the volume and of all its snapshots is lost.", Loses: losesOfVolume, Leave: leaveGroup},
	Explain:  explainVolume,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		common.PoolID("volumes", "volume", "hosts"),
		common.MoveWithCapacity(),
		common.Size("volumes").InBlocksOf(common.BlockSize),
		common.ForceResize(),
		common.ProvType(),
		common.SSDEnabled("volume"),
		common.CompressionEnabled(),
		common.WriteProtected("volume", "Hosts"),
		common.SSAExpressEnabled("volume"),
		common.SnapshotPolicyID("volume"),
		udid(),
		serial(),

		nguid(),
	}, common.MasterFacts("volume"), measures),
}

func checkVolume(ctx context.Context, p *entity.Plan) {
	common.BudgetOf(p.Session).Dataset(ctx, p)
	common.CheckReplicated(ctx, p)
	groupsOf(p.Session).volume(p)
}

// groupOf is the consistency group that a volume is in, by its id and as a sentence names it;
// "" where there is none.
func groupOf(ctx context.Context, s *entity.Session, volume entity.Values) (id, name string) {
	o, err := s.Client.Read(ctx, "volumes", volume.ID("id"), []string{"id", "cg_id", "cg_name", "replica_ids"})
	if err != nil || api.IsNothing(o["cg_id"]) {
		return "", ""
	}
	return fmt.Sprint(o["cg_id"]), fmt.Sprintf("consistency group %q (id %v)", o["cg_name"], o["cg_id"])
}
