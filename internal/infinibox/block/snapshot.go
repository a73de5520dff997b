package block

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// VolumeSnapshot is the content of a volume, or of another snapshot, at a point
// in time.
var VolumeSnapshot = entity.Kind{
	System:   common.System,
	Name:     "volume_snapshot",
	Plural:   "volume_snapshots",
	Path:     "volumes",
	Doc:      "A snapshot of a volume: its content at the moment of creation, which takes space only as the two grow apart. It can be mapped to hosts like a volume, and locked against deletion.",
	Metadata: entity.WithDefaults,
	Identity: entity.Identity{Match: api.Where("type", "SNAPSHOT")},
	Planning: entity.Planning{Check: common.CheckDatasetSnapshot},
	Creation: entity.Creation{Request: common.TakenIn("volumes"), InUse: common.UsedFields},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{Danger: "The data of the snapshot and of all snapshots taken of it is lost.", Loses: losesOfVolume},
	Explain:  explainVolume,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Ref("parent_id").Required().To("volume", "volume_snapshot").Filterable().
			Doc("The id of the volume or snapshot whose content is kept."),
		common.WriteProtected("snapshot", "Hosts").
			Doc("Whether hosts can only read; so it is where nothing else is said. A writable snapshot cannot be locked."),
		common.LockExpiresAt(),
		common.SnapshotRetention("How long a replicated snapshot is kept"),
		common.SnapshotSize("volumes").InBlocksOf(common.BlockSize),
		common.ForceResize(),
		common.SSDEnabled("snapshot"),
		udid().AfterCreation(),
		serial(),
		nguid().Lasting(),
		common.CreatedAt(),
	}, common.Replication("snapshot"), common.SnapshotFacts("volume"), measures),
}
