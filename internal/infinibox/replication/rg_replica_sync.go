package replication

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// rgReplicaSync copies what is new to the other array now.
var rgReplicaSync = entity.Action{
	System: common.System, Name: "rg_replica_sync",
	Doc: "Copies what is new in the vVols of a replication group to the other array now, on the side that has the vVols (role `SOURCE`). " +
		"It waits until that is done, and says how far it is; where it is stopped or its time is over, the array goes on by itself.",
	Arguments: entity.Facts{entity.Ref("rg_replica_id").Required().To("rg_replica").Doc("The id of the RG replica.")},
	Timeout:   time.Hour,
	Doing: func(v entity.Values) string {
		return fmt.Sprintf("Synchronizing RG replica %d", v.Int("rg_replica_id"))
	},
	Request: func(v entity.Values) api.Request {
		return api.Request{Method: http.MethodPost, Path: api.Path(rgReplicas, v.Int("rg_replica_id"), "sync")}
	},
	Wait: func(ctx context.Context, s *entity.Session, v entity.Values, answer any) (any, error) {
		began, err := common.Object(answer, nil)
		if err != nil || api.IsNothing(began["rmr_sync_job_id"]) {
			return nil, errors.New("the array does not say which job it has begun")
		}
		job := fmt.Sprint(began["rmr_sync_job_id"])
		return watch(ctx, s, rgReplicas, v.ID("rg_replica_id"), func(o api.Object) (bool, string, error) {
			if state := o["state"]; state == suspendedState || state == autoSuspended {
				return false, "", fmt.Errorf("%s is %v: nothing is copied until it is resumed%s", describeRGReplica(o), state, because(o))
			}
			return !jobsOf(o)[job], howFar(o, describeRGReplica(o)), nil
		})
	},
	Done: func(answer any) string {
		o, _ := answer.(api.Object)
		return fmt.Sprintf("The copies of the group %q are up to date", o["replication_group_name"])
	},
}

// describeRGReplica names a replica by its group.
func describeRGReplica(o api.Object) string {
	return fmt.Sprintf("the replica of the group %q (id %v)", o["replication_group_name"], o["id"])
}
