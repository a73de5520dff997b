package block

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// lunOwner is what LUN numbers belong to: a host, or a cluster of hosts.
type lunOwner struct {
	kind *entity.Kind
	id   string
	noun string
	// told are what is told of a mapping beside what it is looked up by.
	told entity.Facts
}

var lunOwners = []lunOwner{
	{&Host, "host_id", "host", entity.Join(mapped, entity.Facts{mappedCluster})},
	{&HostCluster, "cluster_id", "cluster", entity.Join(mapped, entity.Facts{mappedHost})},
}

func (o lunOwner) arguments() entity.Facts {
	return entity.Facts{
		entity.Ref(o.id).Required().Doc("The id of the " + o.noun + "."),
		entity.Integer("lun").Required().Between(0, 16383).Doc("The LUN."),
	}
}

// path is that of the LUNs of the owner that the arguments name.
func (o lunOwner) path(v entity.Values) string {
	return api.Path(o.kind.Path, v.Int(o.id), "luns")
}

// lunIn is the LUN that the arguments name, as a segment of a path. Unlike an id it
// may be 0.
func lunIn(v entity.Values) string { return strconv.FormatInt(v.Int("lun"), 10) }

// lunLookups tell what is mapped under a LUN.
func lunLookups() []*entity.Lookup {
	var all []*entity.Lookup
	for _, o := range lunOwners {
		all = append(all, &entity.Lookup{
			System: common.System, Name: o.kind.Name + "_lun", What: "LUN",
			Doc:       "The volume or snapshot that a " + o.noun + " sees under a LUN. Where the volume is known and the LUN is not, use `storage_infinibox_lun`.",
			Arguments: o.arguments(),
			Facts:     o.told,
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: o.path(v) + "/" + lunIn(v)}))
			},
		})
	}
	return all
}

// lunActions unmap whatever is mapped under a LUN.
func lunActions() []*entity.Action {
	var all []*entity.Action
	for _, o := range lunOwners {
		all = append(all, &entity.Action{
			System: common.System, Name: o.kind.Name + "_lun_unmap",
			Doc:       "Unmaps whatever a " + o.noun + " sees under a LUN. It is for mappings that Terraform does not manage; the others are unmapped by destroying their `storage_infinibox_lun`.",
			Arguments: o.arguments(),
			Danger:    losesLUN,
			Doing: func(v entity.Values) string {
				return fmt.Sprintf("Unmapping LUN %d of %s %d", v.Int("lun"), o.noun, v.Int(o.id))
			},
			Request: func(v entity.Values) api.Request {
				return api.Request{Method: http.MethodDelete, Path: o.path(v) + "/lun/" + lunIn(v)}
			},
			Done: func(answer any) string {
				lun, _ := answer.(api.Object)
				return fmt.Sprintf("Unmapped volume %v", lun["volume_id"])
			},
		})
	}
	return all
}
