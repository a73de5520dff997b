package ontap

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// System is the ONTAP cluster as the provider serves it. The packages below this one
// are its areas.
func System(userAgent string) *entity.System {
	return &entity.System{
		Name:  site.Block,
		Title: "an ONTAP cluster",
		Settings: append([]entity.Setting{
			{Name: "endpoint", Required: true, Doc: "The address of the cluster's management interface, such as `\"https://cluster1.example.com\"`."},
			{Name: "username", Required: true, Doc: "The user to work as. It needs the application `http` with password authentication."},
			{Name: "password", Required: true, Sensitive: true, Doc: "The user's password."},
			{Name: "approve_dangerous_operations", Type: entity.BoolSetting, Doc: "Whether operations that leave files unscanned, or cut off clients, are approved. A resource's own `approved` outranks it. Where neither approves, a plan with such an operation is refused."},
		}, site.Settings()...),
		Connect: func(_ context.Context, given entity.Given) (*entity.Session, diag.Diagnostics) {
			return connect(userAgent, given)
		},
	}
}

func connect(userAgent string, given entity.Given) (*entity.Session, diag.Diagnostics) {
	config, diags := site.Config(userAgent, given)
	if diags.HasError() {
		return nil, diags
	}
	config.Endpoint = given.Text("endpoint")
	client, err := New(Config{Config: config, Username: given.Text("username"), Password: given.Text("password")})
	if err != nil {
		diags.Append(site.Unusable(err))
		return nil, diags
	}
	diags.Append(site.Warnings(given, "password", client.Cleartext())...)
	return &entity.Session{Client: client, Approve: given.Bool("approve_dangerous_operations")}, diags
}
