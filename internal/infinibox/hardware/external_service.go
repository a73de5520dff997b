package hardware

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// ExternalService is a service that runs on the nodes beside the array's own software. It
// is there, and is started and stopped.
var ExternalService = entity.Kind{
	System: common.System,
	Name:   "external_service",
	Plural: "external_services",
	Path:   "external_services",
	Doc: "A service that runs on the nodes beside the array's own software, such as `postgresql`. It is there: this resource takes it over to start or stop it, on all nodes, and leaves it as it was when it is destroyed. " +
		"The array lets technicians start and stop services, and no administrators.",
	Presence: entity.There,
	Identity: entity.Identity{Key: []string{"name"}},
	Reading: entity.Reading{
		Find: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
			return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path("external_services", v.Text("name"))}))
		},
	},
	Facts: entity.Facts{
		entity.Text("name").Required().Doc("The name of the service."),
		entity.Bool("running").Field("node_states").From(runs).Defaulted().ChangedBy(switchService).
			Danger("What the array does by the service it does no more, until the service is started again.", entity.Becomes(false)).
			Doc("Whether it runs: `true` on all nodes, `false` on none, and absent where it runs on some."),

		entity.Text("cluster_state").Doc("How it is over all nodes: `GREEN`, `YELLOW` or `RED`."),
		common.AsJSON("health").Doc("What it says of its health, as JSON for `jsondecode`; absent where it says nothing."),
		entity.Records("node_states", entity.Facts{
			entity.Integer("node_id").Doc("The number of the node."),
			entity.Text("state").Doc("`active` where it runs there."),
			entity.Text("role").Doc("What it is there, such as `MASTER`."),
			entity.Bool("part_of_cluster").Doc("Whether it takes part there."),
		}).Doc("How it is on each node."),
	},
}

// runs reports whether a service runs on all nodes or on none; nil for in between.
func runs(o api.Object) any {
	running, all := 0, 0
	states, _ := o["node_states"].([]any)
	for _, item := range states {
		state, _ := item.(api.Object)
		all++
		if state["state"] == "active" {
			running++
		}
	}
	switch running {
	case 0:
		return false
	case all:
		return true
	}
	return nil
}

func switchService(_ string, after entity.Values) api.Request {
	verb := "stop"
	if after.Bool("running") {
		verb = "start"
	}
	return api.Request{Method: http.MethodPost, Path: api.Path("external_services", after.Text("name"), verb)}
}
