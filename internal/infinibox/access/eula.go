package access

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const eulaPath = "system/eula"

// eula is the license agreement, and what became of it.
var eula = &entity.Lookup{
	System: common.System,
	Name:   "eula",
	What:   "license agreement",
	Doc:    "The license agreement (EULA) of the array: whether it was accepted, by whom and when, and how long that can be put off.",
	Facts:  common.EULA,
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: eulaPath}))
	},
}

// eulaActions accept the license agreement, and put it off.
func eulaActions() []*entity.Action {
	action := func(name, operation, doing, doc string) *entity.Action {
		return &entity.Action{
			System: common.System, Name: name, Doc: doc,
			Doing: func(entity.Values) string { return doing },
			Request: func(entity.Values) api.Request {
				return api.Request{Method: http.MethodPost, Path: eulaPath + "/" + operation}
			},
			Done: func(answer any) string {
				o, _ := answer.(api.Object)
				return fmt.Sprintf("The license agreement %v is %v", o["eula_version"], o["status"])
			},
		}
	}
	return []*entity.Action{
		action("eula_accept", "accepted", "Accepting the license agreement",
			"Accepts the license agreement (EULA) of the array, in the name of the user that the provider works as. Read it first: it binds whoever operates the array."),
		action("eula_snooze", "snoozed", "Putting the license agreement off",
			"Puts the license agreement (EULA) of the array off, for the time that the data source `storage_infinibox_eula` tells. The array refuses that once it was accepted, and while it is put off."),
	}
}
