package network

import (
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Ping asks a machine for a sign of life.
var Ping = entity.Action{
	System: common.System,
	Name:   "ping",
	Doc: "Pings a machine from the array, from a node and the network of a service, to see whether hosts, clients or another array can be reached. " +
		"It succeeds where the machine answers, and is an error where it does not.",
	Arguments: entity.Facts{
		entity.Text("hostname").Required().LongestOf(255).Doc("The name or the address of the machine."),
		entity.Text("node").Optional().LongestOf(65).Doc("The name of the node to ask from, such as `\"node-1\"`; the array's choice where it is not set."),
		entity.Enum("service", "MGMT", "NAS_SERVICE", "ISCSI_SERVICE", "RMR_SERVICE", "SAN_SERVICE").Optional().
			Doc("The service from whose network to ask: `MGMT` is the network of management. The array's choice where it is not set."),
	},
	Doing: func(v entity.Values) string {
		doing := "Pinging " + v.Text("hostname")
		if v.Known("service") {
			doing += " from the network of " + v.Text("service")
		}
		if v.Known("node") {
			doing += " on " + v.Text("node")
		}
		return doing
	},
	Request: func(v entity.Values) api.Request {
		body := api.Object{}
		for _, name := range []string{"hostname", "node", "service"} {
			if v.Known(name) {
				body[name] = v.Text(name)
			}
		}
		return api.Request{Method: http.MethodPost, Path: "ping", Body: body}
	},
	Done: func(any) string { return "It answers" },
}
