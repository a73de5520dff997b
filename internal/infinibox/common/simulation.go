package common

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// DeleteSimulation is the look-up of what deleting datasets of a collection would free.
func DeleteSimulation(what, collection string) *entity.Lookup {
	return &entity.Lookup{
		System: System, Name: what + "_delete_simulation", What: "delete simulation",
		Doc:       "How much space deleting " + what + "s and snapshots would free, without deleting them. A `check` block can hold it against what is needed.",
		Arguments: entity.Facts{entity.Integers("ids").Required().Doc("The ids of the " + what + "s and snapshots.")},
		Facts: entity.Facts{
			entity.Capacity("space_reclaimable").Doc("The space that would be freed."),
			entity.Integer("space_reclaimable_bytes").Field("space_reclaimable").Doc("The same in bytes, for arithmetic."),
			entity.Bool("valid").Doc("Whether the array could tell."),
		},
		Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
			return Object(s.Client.Do(ctx, api.Request{
				Method: http.MethodPost, Path: collection + "/delete_simulation",
				Body: api.Object{"entities": v.Ints("ids")},
				// It changes nothing; the approval is for a number that may be inexact.
				Approved: true,
			}))
		},
	}
}
