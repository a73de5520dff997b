package block

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// udid is settable on what can be mapped to an OpenVMS host.
func udid() entity.Fact {
	return entity.Integer("udid").Optional().Mutable().Queryable().Between(1, 32766).
		Doc("The unit number by which OpenVMS hosts know the volume; it must be set before it is mapped to one.")
}

// serial is what volumes and snapshots are known by to hosts, for life.
func serial() entity.Fact {
	return entity.Text("serial").Lasting().Queryable().Doc("The SCSI serial number that hosts see: 31 hexadecimal digits. `36` before it makes the identifier that multipath shows (`wwid` in data sources).")
}

func nguid() entity.Fact {
	return entity.Text("nguid").Doc("The identifier that NVMe-oF hosts see.")
}

// measures are what the array tells of volumes and snapshots, and changes by
// itself.
var measures = entity.Join(entity.Facts{
	entity.Text("dataset_type").Queryable().Doc("`VOLUME`."),
	entity.Bool("mapped").Queryable().Doc("Whether it is mapped to a host or cluster."),
}, ofVolumes, common.Measures("volume"))

// ofVolumes are measures that filesystems do not have.
var ofVolumes = entity.Facts{
	entity.Text("wwid").Field("serial").From(wwid, "dataset_type").
		Doc("The identifier by which SCSI hosts know it, as multipath shows it: `36` and the serial number. Hosts on NVMe-oF know it by `nguid`."),
	entity.Bool("paths_available").Doc("Whether a host has a path to it."),
	entity.Integer("source_replicated_sg_id").Queryable().Doc("The id of the replicated snapshot group it is in."),
}

// wwid is a volume's serial number as Linux has it: 3 for an NAA identifier, of the kind 6.
func wwid(o api.Object) any {
	serial, ok := o["serial"].(string)
	if !ok || o["dataset_type"] == "FILESYSTEM" {
		return nil
	}
	return "36" + serial
}

// explainVolume says what keeps a volume or a snapshot from being deleted, or moved.
func explainVolume(ctx context.Context, s *entity.Session, volume entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "VOLUME_IS_MAPPED", "CHILD_VOLUMES_ARE_MAPPED":
	case "CG_DATASET_MOVE_NOT_ALLOWED":
		return movesWithGroup
	default:
		return common.ExplainReplicated(ctx, s, "volumes", volume.ID("id"), err)
	}
	family := []api.Object{{"id": volume["id"]}}
	if api.CodeOf(err) == "CHILD_VOLUMES_ARE_MAPPED" {
		family = common.Collect(ctx, s, "volumes", api.Query{
			Filters: append(api.Where("family_id", volume.ID("id")), api.Where("mapped", "true")...),
			Fields:  []string{"id", "name"},
		})
	}
	var mappings []string
	for _, member := range family {
		for _, lun := range common.Collect(ctx, s, api.Path("volumes", member["id"], "luns"), api.Query{}) {
			mappings = append(mappings, describeMapping(lun))
		}
	}
	if len(mappings) == 0 {
		return ""
	}
	return "It is mapped: " + common.Few(mappings) + ". Remove these mappings first."
}

func describeMapping(lun api.Object) string {
	owner := fmt.Sprintf("host %v", lun["host_id"])
	if lun["clustered"] == true {
		owner = fmt.Sprintf("cluster %v", lun["host_cluster_id"])
	}
	return fmt.Sprintf("volume %v as LUN %v of %s", lun["volume_id"], lun["lun"], owner)
}
