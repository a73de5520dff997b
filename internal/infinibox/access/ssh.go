package access

import (
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// sshPorts are where the array tells of each of its SSH ports.
var sshPorts = []string{"overall_ssh_port_status", "node1_ssh_port_status", "node2_ssh_port_status", "node3_ssh_port_status", "sa_ssh_port_status"}

// SSH is whether the vendor's support can log in to the array's machines.
var SSH = entity.Kind{
	System: common.System,
	Name:   "ssh",
	Noun:   "SSH",
	Path:   "system/ssh",
	Doc: "Whether the ports of SSH are open on the array's nodes and its support appliance, as the vendor's support needs them. " +
		"The array opens them for a time and closes them by itself: `expires_at` of the data source says when. As long as a configuration says `open = true`, each apply after that opens them again; " +
		"take it out once the support has ended. With `open = false`, an apply closes what others have opened.",
	Presence: entity.Only,
	Facts: entity.Facts{
		entity.FixedID("ssh"),
		entity.Bool("open").Field(sshPorts[0]).From(sshIsOpen, sshPorts[1:]...).Required().ChangedBy(switchSSH).
			Doc("Whether the ports are open. A port whose state the array does not know counts as closed."),

		entity.Moment("expires_at").Field("ssh_open_expiration_time").Doc("When the array closes the ports by itself, or closed them last."),
		entity.Text("overall_status").Field(sshPorts[0]).Doc("The state of all ports together, such as `CLOSED` or `UNKNOWN`."),
		entity.Text("node1_status").Field(sshPorts[1]).Doc("The state of node 1."),
		entity.Text("node2_status").Field(sshPorts[2]).Doc("The state of node 2."),
		entity.Text("node3_status").Field(sshPorts[3]).Doc("The state of node 3."),
		entity.Text("support_appliance_status").Field(sshPorts[4]).Doc("The state of the support appliance."),
	},
}

// sshIsOpen reports whether any port is neither closed nor in a state that the array does
// not know.
func sshIsOpen(o api.Object) any {
	for _, port := range sshPorts {
		if status, ok := o[port].(string); ok && status != "CLOSED" && status != "UNKNOWN" {
			return true
		}
	}
	return false
}

func switchSSH(_ string, after entity.Values) api.Request {
	if after.Bool("open") {
		return api.Request{Method: http.MethodPost, Path: "system/ssh/open"}
	}
	return api.Request{Method: http.MethodPost, Path: "system/ssh/close"}
}
