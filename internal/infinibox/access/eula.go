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
	Facts: entity.Facts{
		entity.Text("status").Doc("What became of it: `ACCEPTED` and `SNOOZED` are known."),
		entity.Text("eula_version").Doc("The version that is to be accepted."),
		entity.Text("eula_version_accepted").Doc("The version that was accepted."),
		entity.Text("accepted_by").Doc("The user who accepted it."),
		entity.Text("user_accepted_email").Doc("The user's mail address."),
		entity.Text("accepted_from").Doc("The address of the machine it was accepted from."),
		entity.Moment("accepted_on").Doc("When it was accepted."),
		entity.Moment("eula_first_snoozed_on").Doc("When it was first put off."),
		entity.Moment("last_snoozed_on").Doc("When it was last put off."),
		entity.Integer("eula_snooze_time").Doc("For how many minutes it is put off at a time."),
		entity.Integer("eula_time_left").Doc("How many minutes are left until it has to be accepted."),
	},
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
