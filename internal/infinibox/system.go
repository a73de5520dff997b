package infinibox

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// ActiveDirectoryUsername and ActiveDirectoryPassword are the settings by which a page
// takes the array out of its Active Directory domain.
const (
	ActiveDirectoryUsername = "active_directory_username"
	ActiveDirectoryPassword = "active_directory_password"
)

// System is the InfiniBox array as the provider serves it. The packages below this one
// are its areas.
func System(userAgent string) *entity.System {
	return &entity.System{
		Name:  array.Block,
		Title: "an InfiniBox array",
		Settings: append([]entity.Setting{
			{Name: "endpoint", Required: true, Doc: "The address of the array's management interface, such as `\"https://ibox1.example.com\"`."},
			{Name: "username", Required: true, Doc: "The user to work as."},
			{Name: "password", Required: true, Sensitive: true, Doc: "The user's password."},
			{Name: "session_login", Type: entity.BoolSetting, Doc: "Whether to log in once and work with the session, in place of sending the password with every request. The session is ended at the end of each plan and apply."},
			{Name: remoteUsername, Doc: "A user of the array at the other end of a link, for operations that need its permission as well, such as to create a replica. It is sent once this array has asked for it. A second remote array with another user is a second provider configuration."},
			{Name: remotePassword, Sensitive: true, Doc: "The password of `remote_username`."},
			{Name: ActiveDirectoryUsername, Doc: "A user of the Active Directory domain who may take the array out of it. Leaving the domain takes one, which no state holds: a plan that destroys or replaces the membership is refused without."},
			{Name: ActiveDirectoryPassword, Sensitive: true, Doc: "The password of `active_directory_username`."},
			{Name: "approve_dangerous_operations", Type: entity.BoolSetting, Doc: "Whether operations that can destroy data or cut off hosts are approved. A resource's own `approved` outranks it. Where neither approves, a plan with such an operation is refused."},
			{Name: "default_metadata", Type: entity.PairsSetting, Doc: "Key-value pairs to keep on every object that carries metadata."},
		}, array.Settings()...),
		Connect: func(_ context.Context, given entity.Given) (*entity.Session, diag.Diagnostics) {
			return connect(userAgent, given)
		},
	}
}

func connect(userAgent string, given entity.Given) (*entity.Session, diag.Diagnostics) {
	connection, diags := array.Config(userAgent, given)
	if diags.HasError() {
		return nil, diags
	}
	client, err := New(Config{
		Endpoint:       given.Text("endpoint"),
		Username:       given.Text("username"),
		Password:       given.Text("password"),
		SessionLogin:   given.Bool("session_login"),
		RemoteUsername: given.Text(remoteUsername),
		RemotePassword: given.Text(remotePassword),
		CACertificate:  connection.CACertificate,
		Insecure:       connection.Insecure,
		Timeout:        connection.Timeout,
		MaxConcurrency: connection.MaxConcurrency,
		UserAgent:      connection.UserAgent,
	})
	if err != nil {
		diags.Append(array.Unusable(err))
		return nil, diags
	}
	diags.Append(array.Warnings(given, "password", client.Cleartext())...)
	return &entity.Session{
		Client:          client,
		End:             client.Close,
		Metadata:        pairs{client},
		Approve:         given.Bool("approve_dangerous_operations"),
		DefaultMetadata: given.Pairs("default_metadata"),
	}, diags
}
