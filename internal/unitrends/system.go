package unitrends

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is all of this package.
func Area() entity.Area {
	return entity.Area{Title: "Unitrends", Lookups: []*entity.Lookup{&VirtualClients}}
}

// System is the Unitrends appliance as the provider serves it.
func System(userAgent string) *entity.System {
	return &entity.System{
		Name:  appliance.Block,
		Title: "a Unitrends backup appliance",
		Settings: append([]entity.Setting{
			{Name: "endpoint", Required: true, Doc: "The address of the appliance, such as `\"https://ueb1.example.com\"`."},
			{Name: "username", Required: true, Doc: "The user to work as."},
			{Name: "password", Required: true, Sensitive: true, Doc: "The user's password. It is sent to log in only: from then on a token stands for it."},
		}, appliance.Settings()...),
		Connect: func(_ context.Context, given entity.Given) (*entity.Session, diag.Diagnostics) {
			return connect(userAgent, given)
		},
	}
}

func connect(userAgent string, given entity.Given) (*entity.Session, diag.Diagnostics) {
	config, diags := appliance.Config(userAgent, given)
	if diags.HasError() {
		return nil, diags
	}
	config.Endpoint = given.Text("endpoint")
	client, err := New(config, given.Text("username"), given.Text("password"))
	if err != nil {
		diags.Append(appliance.Unusable(err))
		return nil, diags
	}
	diags.Append(appliance.Warnings(given, "password", client.http.Cleartext())...)
	return &entity.Session{Own: client}, diags
}
