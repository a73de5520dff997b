package block

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Actions are the operations of block storage that change data or identity once,
// and leave no state of their own.
func Actions() []*entity.Action {
	return slices.Concat([]*entity.Action{
		common.Overwrite("volume", "volumes", "restore", "volume_id", "the volume to restore", "snapshot_id", "the snapshot of it to restore from",
			"Restores a volume from one of its snapshots, in place: hosts that have it mapped go on with the restored data.",
			"What is on the volume now is lost, unless there is another snapshot of it."),
		common.Overwrite("volume", "volumes", "refresh", "snapshot_id", "the snapshot to refresh", "volume_id", "its parent, whose content it gets",
			"Refreshes a snapshot: its content becomes what its parent's is now.",
			"What is on the snapshot now is lost."),
		common.Overwrite("consistency_group", "cgs", "restore", "consistency_group_id", "the group to restore", "snapshot_group_id", "the snapshot group of it to restore from",
			"Restores the volumes of a consistency group from one of its snapshot groups, in place and all together.",
			"What is on the group's volumes now is lost. Volumes that joined the group after the snapshot was taken are not restored."),
		common.Overwrite("consistency_group", "cgs", "refresh", "snapshot_group_id", "the snapshot group to refresh", "consistency_group_id", "its consistency group, whose content it gets",
			"Refreshes a snapshot group: the content of its snapshots becomes what the volumes' is now.",
			"What is on the group's snapshots now is lost."),
		common.Promote("volume", "volumes", "snapshot_id", "the snapshot to promote",
			"Promotes a snapshot to a volume of its own, outside its former family. If Terraform manages the snapshot, take it out of the configuration then, and import the volume.",
			"The snapshot is no longer one: how long it is kept is forgotten, and its former parent cannot be restored from it."),
		common.Promote("consistency_group", "cgs", "snapshot_group_id", "the snapshot group to promote",
			"Promotes a snapshot group to a consistency group of its own, and its snapshots to volumes. If Terraform manages the snapshot group, take it out of the configuration then, and import the consistency group.",
			"The snapshot group is no longer one, and cannot be the base of a new replica."),
		{
			System: common.System, Name: "volume_reset_serial",
			Doc:       "Gives a volume a new SCSI serial number, such as after it was moved between arrays. Hosts must find the volume anew.",
			Arguments: entity.Facts{entity.Ref("volume_id").Required().Doc("The id of the volume.")},
			Doing: func(v entity.Values) string {
				return fmt.Sprintf("Resetting the serial number of volume %d", v.Int("volume_id"))
			},
			Request: func(v entity.Values) api.Request {
				return api.Request{Method: http.MethodPost, Path: api.Path("volumes", v.Int("volume_id"), "reset_serial")}
			},
		},
		{
			System: common.System, Name: "volume_own_snapshot",
			Doc: "Makes the latest replication snapshot of a volume an ordinary snapshot with a name.",
			Arguments: entity.Facts{
				entity.Ref("volume_id").Required().Doc("The id of the volume."),
				entity.Text("name").Required().LongestOf(65).Doc("The snapshot's name."),
			},
			Doing: func(v entity.Values) string {
				return fmt.Sprintf("Keeping the latest replication snapshot of volume %d as %q", v.Int("volume_id"), v.Text("name"))
			},
			Request: func(v entity.Values) api.Request {
				return api.Request{
					Method: http.MethodPost, Path: api.Path("volumes", v.Int("volume_id"), "own_snapshot"),
					Body: api.Object{"name": v.Text("name")},
				}
			},
		},
		{
			System: common.System, Name: "datasets_update",
			Doc: "Adds volumes and filesystems to the SSA Express cache, or removes them from it, all together: if one cannot be, none is. It is for datasets that Terraform does not manage; for the others set `ssa_express_enabled`.",
			Arguments: entity.Facts{
				entity.Integers("ids").Required().NotEmpty().Doc("The ids of the volumes and filesystems."),
				entity.Bool("ssa_express_enabled").Required().Doc("Whether they are to be in the cache."),
			},
			Danger: "The datasets take their full size of the SSA Express cache, at the cost of what else could use it; or lose their place in it.",
			Doing:  func(v entity.Values) string { return fmt.Sprintf("Updating %d datasets", v.Count("ids")) },
			Request: func(v entity.Values) api.Request {
				return api.Request{
					Method: http.MethodPut, Path: "datasets/bulk",
					Body: api.Object{"ids": v.Ints("ids"), "data": api.Object{"ssa_express_enabled": v.Bool("ssa_express_enabled")}},
				}
			},
		},
		{
			System: common.System, Name: "vvol_delete",
			Doc:       "Deletes a vVol that VMware has left behind. vVols in use are deleted from vCenter.",
			Arguments: entity.Facts{entity.Ref("vvol_id").Required().Doc("The id of the vVol.")},
			Danger:    "The data of the vVol is lost, and a virtual machine that uses it fails.",
			Doing:     func(v entity.Values) string { return fmt.Sprintf("Deleting vVol %d", v.Int("vvol_id")) },
			Request: func(v entity.Values) api.Request {
				return api.Request{Method: http.MethodDelete, Path: api.Path("vvols", v.Int("vvol_id"))}
			},
		},
	}, lunActions(), pairActions())
}
