package replication

import (
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// LinkRefresh has the array look again at what is on the other side of a link.
var LinkRefresh = entity.Action{
	System: common.System, Name: "link_refresh",
	Doc: "Has the array ask the other one again for its addresses and what it allows, after these were changed there.",
	Arguments: entity.Facts{
		entity.Ref("link_id").Required().Doc("The id of the link."),
		entity.Text("remote_host").Optional().LongestOf(255).
			Doc("Where the other array is to be found from now on, where that has changed. Where the link is a resource, change its `remote_host` instead."),
	},
	Doing: func(v entity.Values) string { return fmt.Sprintf("Refreshing link %d", v.Int("link_id")) },
	Request: func(v entity.Values) api.Request {
		body := api.Object{}
		if v.Known("remote_host") {
			body["remote_host"] = v.Text("remote_host")
		}
		return api.Request{Method: http.MethodPost, Path: api.Path(links, v.Int("link_id"), "refresh"), Body: body}
	},
	Done: func(answer any) string {
		o, _ := answer.(api.Object)
		return fmt.Sprintf("The link to %q is %v", o["remote_system_name"], o["link_state"])
	},
}
