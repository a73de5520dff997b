package block

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// VVol is a virtual volume, which VMware makes, uses and deletes.
var VVol = entity.Kind{
	System:   common.System,
	Name:     "vvol",
	Plural:   "vvols",
	Noun:     "vVol",
	Path:     "vvols",
	Doc:      "A vVol: a volume of a virtual machine, which VMware makes, uses and deletes.",
	Presence: entity.Foreign,
	Facts: entity.Join(entity.Facts{
		entity.ID(),
		entity.Text("name").Queryable().Doc("The name."),
		entity.Text("uuid").Queryable().Doc("The identifier by which VMware knows it."),
		entity.Text("vvol_type").Queryable().Doc("What it holds: `Config`, `Data`, `Swap`, `Memory` or `Other`."),
		entity.Text("type").Queryable().Doc("`MASTER`, or `SNAPSHOT`."),
		entity.Capacity("size").Queryable().Doc("The size."),
		entity.Text("provtype").Queryable().Doc("Whether space is taken as data is written, or set aside at once."),
		entity.Ref("pool_id").Filterable().Doc("The id of the pool."),
		entity.Text("pool_name").Doc("The pool's name."),
		entity.Ref("parent_id").Doc("The id of what it is a snapshot of."),
		entity.Integer("depth").Queryable().Doc("How many snapshots lie between this one and the vVol at the root."),
		entity.Ref("vm_id").Doc("The id of the virtual machine."),
		entity.Text("vm_uuid").Queryable().Doc("The identifier by which VMware knows the virtual machine."),
		entity.Text("guest_os").Queryable().Doc("The virtual machine's operating system."),
		entity.Moment("created_at").Queryable().Doc("When it was created."),
		entity.Moment("create_time").Queryable().Doc("When VMware created it."),
		common.UpdatedAt(),
		entity.Bool("ssd_enabled").Doc("Whether the SSD cache serves it."),
		entity.Bool("compression_enabled").Doc("Whether data is compressed."),
		entity.Bool("is_replicated").Doc("Whether it is replicated."),
		entity.Ref("replication_group_id").Doc("The id of its replication group."),
		entity.Capacity("tree_allocated").Doc("What is taken in the pool, snapshots included."),
		entity.Capacity("disk_usage").Doc("What is taken on disk."),
		entity.Capacity("host_written_data").Doc("What has been written, before reduction."),
		entity.Capacity("capacity_savings_per_entity").Doc("What compression and the like save of this one alone."),
	}, common.Reduction.Unqueried()),
}

// VM is a virtual machine that has vVols. VMware makes and deletes it; its name
// on the array can be changed.
var VM = entity.Kind{
	System:   common.System,
	Name:     "vm",
	Plural:   "vms",
	Noun:     "virtual machine",
	Path:     "vms",
	Doc:      "A virtual machine that has vVols on the array. VMware makes and deletes it: this resource takes over one that is there and names it, and gives its name back when it is destroyed.",
	Presence: entity.There,
	Facts: entity.Facts{
		entity.ID().Required().Immutable().Doc("The id by which the virtual machine is taken over."),
		entity.Text("name").Defaulted().Mutable().Queryable().LongestOf(65).Doc("The name on the array."),
		entity.Text("uuid").Lasting().Doc("The identifier by which VMware knows it."),
	},
}

// Dataset is a volume, a filesystem or a snapshot of either.
var Dataset = entity.Kind{
	System:   common.System,
	Name:     "dataset",
	Plural:   "datasets",
	Path:     "datasets",
	Doc:      "A dataset: a volume, a filesystem, or a snapshot of either.",
	Presence: entity.Foreign,
	Facts:    entity.Join(anyDataset, anyVolume.Unqueried(), entity.Join(common.FilesystemState, common.FilesystemMeasures).Unqueried()),
}

// anyDataset is what the array tells of every dataset, and anyVolume what it tells of
// volumes alone, whatever they are.
var (
	anyDataset = entity.Join(entity.Facts{
		entity.ID(),
		entity.Text("name").Queryable().Doc("The name."),
		entity.Ref("pool_id").Doc("The id of the pool."),
		entity.Ref("parent_id").Doc("The id of what it is a snapshot of."),
		entity.Capacity("size").Queryable().Doc("The size."),
		entity.Text("provtype").Queryable().Doc("Whether space is taken as data is written, or set aside at once."),
		entity.Bool("ssd_enabled").Queryable().Doc("Whether the SSD cache serves it."),
		entity.Bool("compression_enabled").Queryable().Doc("Whether data is compressed."),
		entity.Bool("write_protected").Queryable().Doc("Whether clients can only read."),
		entity.Bool("ssa_express_enabled").Queryable().Doc("Whether it is kept in the SSA Express cache as a whole."),
		entity.Ref("snapshot_policy_id").Doc("The id of the policy that takes and keeps snapshots of it."),
		entity.Moment("lock_expires_at").Queryable().Doc("Until when it is locked."),
		entity.Integer("snapshot_retention").Queryable().Doc("How long it is kept, in seconds."),
		entity.Text("serial").Queryable().Doc("The SCSI serial number of a volume."),
		entity.Moment("created_at").Queryable().Doc("When it was created."),
		entity.Text("dataset_type").Queryable().Doc("`VOLUME` or `FILESYSTEM`."),
		entity.Bool("mapped").Queryable().Doc("Whether it is mapped to a host or cluster, or exported."),
	}, common.Measures("volume or filesystem"), common.RemoteRetention)
	anyVolume = entity.Join(entity.Facts{udid(), nguid()}, ofVolumes)
)
