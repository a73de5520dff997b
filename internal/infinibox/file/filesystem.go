package file

import (
	"math"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// sizeUnit is what the array rounds a filesystem's size up to.
const sizeUnit = 64 << 10

// Filesystem is a tree of files carved from a pool and served to clients over NFS and
// SMB. A snapshot is a filesystem too, but an entity of its own here:
// FilesystemSnapshot.
//
// The array takes several fields in an update. One at a time finds its order: a
// filesystem grows before it is protected, and is suspended last.
var Filesystem = entity.Kind{
	System:   common.System,
	Name:     "filesystem",
	Plural:   "filesystems",
	Path:     "filesystems",
	Doc:      "A filesystem: a tree of files carved from a pool and served to clients over NFS and SMB.",
	Metadata: entity.WithDefaults,
	Identity: entity.Identity{Match: api.Where("type", "MASTER")},
	Planning: entity.Planning{Check: checkFilesystem, Tracks: []string{"id", "name", "pool_id", "size"}},
	Creation: entity.Creation{InUse: append(slices.Clip(common.UsedFields), "filesystems/{id}/treeqs")},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{
		Danger: "The data of the filesystem, of its TreeQs and of all its snapshots is lost. The array deletes only a filesystem that is not exported or shared.",
		Loses:  losesFilesystem,
	},
	Explain: explainFilesystem,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		common.Name(),
		common.PoolID("filesystems", "filesystem", "clients"),
		common.MoveWithCapacity(),
		common.Size("filesystems").RoundedTo(sizeUnit),
		common.ForceResize(),
		common.ProvType(),
		common.SSDEnabled("filesystem"),
		common.CompressionEnabled(),
		common.WriteProtected("filesystem", "Clients"),
		common.SSAExpressEnabled("filesystem"),
		common.SnapshotPolicyID("filesystem"),
		entity.Enum("security_style", "UNIX", "WINDOWS").Defaulted().Queryable().
			Doc("Whether permissions are those of UNIX or Windows ACLs."),
		entity.Bool("posix_file_ownership").Defaulted().Queryable().
			Doc("Whether files of a `WINDOWS` filesystem are owned as POSIX has it; absent of a `UNIX` one."),
		mode("root_mode").
			Doc("The permissions of the root directory at its creation, such as `\"0755\"`. The array does not tell them afterwards: after an import the next apply takes them from the configuration."),
		entity.Enum("atime_mode", "NOATIME", "RELATIME").Defaulted().Queryable().
			Doc("Whether the time of the last access to a file is kept."),
		entity.Integer(atime).Defaulted().Mutable().AfterCreation().Queryable().Between(0, math.MaxInt32).
			Doc("How many seconds the time of the last access may be behind; at least 3600, and `0` where it was never set."),
		common.Named(entity.Text(snapdirName).Defaulted().Queryable().LongestOf(255)).
			Doc("The name of the directory in which clients find the snapshots."),
		entity.Bool("snapdir_accessible").Defaulted().Queryable().
			Doc("Whether clients can enter the directory of the snapshots."),
		entity.Integer(warning).Defaulted().Mutable().InGroup("thresholds").Queryable().Between(1, 100).
			Doc("The percentage of the size in use at which the array warns; the pool's `fs_used_default_warning` where it is not set. `100` is never passed."),
		entity.Integer(critical).Defaulted().Mutable().InGroup("thresholds").Queryable().Between(1, 100).
			Doc("The percentage of the size in use at which the array raises a critical event; the pool's `fs_used_default_critical` where it is not set. It must be above `used_capacity_warning`, unless both are 100."),
		entity.Enum(wormLevel, "NONE", "ENTERPRISE", "COMPLIANCE").Defaulted().Queryable().
			Doc("Whether files, once written, are kept as they are until their retention is over (write once, read many)."),
		entity.Integer(wormRetention).Defaulted().Mutable().Queryable().Between(86400, 157680000).
			Doc("How long a file of a WORM filesystem is retained where nothing else is said, in seconds: one day to 5 years."),
		entity.Bool(wormHold).Defaulted().Mutable().AfterCreation().Queryable().
			Danger("Files whose retention is over can be deleted from then on.", entity.Becomes(false)).
			Doc("Whether a WORM filesystem is under legal hold: nobody can delete it or its files."),
		entity.Enum(suspendState, "NONE", "DROP").Defaulted().Mutable().AfterCreation().After(whileServed...).Queryable().
			Danger("Clients lose access to the filesystem, and applications on it may fail.", entity.Becomes("DROP")).
			Doc("Whether clients are served (`NONE`), or their requests dropped (`DROP`). Nothing else of a suspended filesystem can be changed."),
		serial(),

		entity.Text("nguid").Doc("The identifier that the array makes of the serial number."),
	}, common.MasterFacts("filesystem"), measures),
}

const (
	snapdirName       = "snapdir_name"
	warning, critical = "used_capacity_warning", "used_capacity_critical"
	atime             = "atime_granularity"
	wormLevel         = "worm_level"
	wormRetention     = "worm_default_retention"
	wormHold          = "worm_legal_hold"
	suspendState      = "suspend_state"
)
