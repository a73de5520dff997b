package file

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// FilesystemSnapshot is the content of a filesystem, or of another snapshot, at a point
// in time.
var FilesystemSnapshot = entity.Kind{
	System:   common.System,
	Name:     "filesystem_snapshot",
	Plural:   "filesystem_snapshots",
	Path:     "filesystems",
	Doc:      "A snapshot of a filesystem: its content at the moment of creation, which takes space only as the two grow apart. It can be exported to clients like a filesystem, and locked against deletion.",
	Metadata: entity.WithDefaults,
	Identity: entity.Identity{Match: api.Where("type", "SNAPSHOT")},
	Planning: entity.Planning{Check: common.CheckDatasetSnapshot},
	Creation: entity.Creation{Request: common.TakenIn("filesystems"), InUse: common.UsedFields},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{
		Danger: "The data of the snapshot and of all snapshots taken of it is lost. The array deletes only a snapshot that is not exported or shared.",
		Loses:  losesSnapshot,
	},
	Explain: explainFilesystem,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Ref("parent_id").Required().To("filesystem", "filesystem_snapshot").Filterable().
			Doc("The id of the filesystem or snapshot whose content is kept."),
		common.WriteProtected("snapshot", "Clients").
			Doc("Whether clients can only read; so it is where nothing else is said. A writable snapshot cannot be locked."),
		common.LockExpiresAt(),
		common.SnapshotRetention("How long a snapshot is kept that is replicated or that a snapshot policy took"),
		common.SnapshotSize("filesystems").RoundedTo(sizeUnit),
		common.ForceResize(),
		common.SSDEnabled("snapshot"),
		serial(),
		common.CreatedAt(),

		entity.Text("nguid").Doc("The identifier that the array makes of the serial number."),
	}, common.FilesystemState, common.Replication("snapshot"), common.SnapshotFacts("filesystem"), measures),
}
