package vscan

import "github.com/storage-as-code/terraform-provider-storage/internal/entity"

// ServerStatus is the connection between a scanner and an SVM on one node, or
// what became of it.
var ServerStatus = entity.Kind{
	System:   system,
	Name:     "vscan_server_status",
	Plural:   "vscan_server_status",
	Noun:     "Vscan server status",
	Path:     "protocols/vscan/server-status",
	Doc:      "The connections between virus scanners and SVMs, node by node: the ones that are there, and why others are not.",
	Presence: entity.Nameless,
	Listing:  entity.Listing{As: "servers", Plain: true},
	Facts: entity.Facts{
		entity.Text("ip").Queryable().Doc("The scanner's IP address."),
		entity.Enum("state", "connected", "disconnected").Queryable().Doc("Whether the scanner is connected."),
		entity.Enum("disconnected_reason",
			"unknown", "vscan_disabled", "no_data_lif", "session_uninitialized", "remote_closed", "invalid_protocol_msg",
			"invalid_session_id", "inactive_connection", "invalid_user", "server_removed").Queryable().
			Doc("Why the scanner is not connected: Vscan is disabled on the SVM (`vscan_disabled`), the SVM has no data LIF (`no_data_lif`), " +
				"the session was not set up (`session_uninitialized`), the scanner closed the connection (`remote_closed`), " +
				"sent what is no message of the protocol (`invalid_protocol_msg`) or a wrong session id (`invalid_session_id`), " +
				"or was silent for too long (`inactive_connection`), came as a user who is not privileged (`invalid_user`), " +
				"or is in no active pool any more (`server_removed`)."),
		entity.Enum("type", primary, "backup").Queryable().Doc("Whether it is a primary scanner or a backup, as the role of its pool says."),
		entity.Text("vendor").Queryable().Doc("Who made the scanner."),
		entity.Text("version").Queryable().Doc("The scanner's version."),
		entity.Text("update_time").Queryable().Doc("Since when it is in this state, as the cluster writes it."),
		entity.Text("svm_name").Field("svm.name").Queryable().Doc("The name of the SVM."),
		uuid("svm_uuid").Field("svm.uuid").Queryable().Doc("The UUID of the SVM."),
		entity.Text("node_name").Field("node.name").Queryable().Doc("The name of the node."),
		uuid("node_uuid").Field("node.uuid").Queryable().Doc("The UUID of the node."),
	},
}
