package infinibox

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// System is the InfiniBox array as the provider serves it, with the entities of
// the packages below this one.
func System(userAgent string, kinds ...*entity.Kind) *entity.System {
	return &entity.System{
		Name:  "infinibox",
		Title: "an InfiniBox array",
		Kinds: kinds,
		Settings: []entity.Setting{
			{Name: "endpoint", Required: true, Doc: "The address of the array's management interface, such as `\"https://ibox1.example.com\"`."},
			{Name: "username", Required: true, Doc: "The user to work as."},
			{Name: "password", Required: true, Sensitive: true, Doc: "The user's password."},
			{Name: "session_login", Type: entity.BoolSetting, Doc: "Whether to log in once and work with the session, in place of sending the password with every request."},
			{Name: "ca_certificate", Doc: "The certificate authority that signed the array's certificate: PEM text, or the path of a PEM file. The system's authorities are trusted where it is not set."},
			{Name: "insecure", Type: entity.BoolSetting, Doc: "Whether to accept any certificate. Whoever can reach the network between can then read the password and change what is sent."},
			{Name: "request_timeout", Type: entity.DurationSetting, Doc: "How long one request may take, such as `\"60s\"`. How long an operation may take in all is in a resource's `timeouts`."},
			{Name: "max_concurrency", Type: entity.NumberSetting, Doc: "How many requests are under way at a time, 8 where it is not set."},
			{Name: "approve_dangerous_operations", Type: entity.BoolSetting, Doc: "Whether operations that can destroy data or cut off hosts are approved. A resource's own `approved` outranks it. Where neither approves, a plan with such an operation is refused."},
			{Name: "default_metadata", Type: entity.PairsSetting, Doc: "Key-value pairs to keep on every object that carries metadata."},
		},
		Connect: func(_ context.Context, given entity.Given) (*entity.Session, diag.Diagnostics) {
			return connect(userAgent, given)
		},
	}
}

func connect(userAgent string, given entity.Given) (*entity.Session, diag.Diagnostics) {
	var diags diag.Diagnostics
	if n, set := given["max_concurrency"]; set && given.Int("max_concurrency") < 1 {
		diags.AddAttributeError(path.Root("infinibox").AtName("max_concurrency"), "Invalid setting",
			fmt.Sprintf("max_concurrency is %v: at least one request must be under way at a time.", n))
		return nil, diags
	}
	client, err := New(Config{
		Endpoint:       given.Text("endpoint"),
		Username:       given.Text("username"),
		Password:       given.Text("password"),
		SessionLogin:   given.Bool("session_login"),
		CACertificate:  given.Text("ca_certificate"),
		Insecure:       given.Bool("insecure"),
		Timeout:        given.Duration("request_timeout"),
		MaxConcurrency: given.Int("max_concurrency"),
		UserAgent:      userAgent,
	})
	if err != nil {
		diags.AddAttributeError(path.Root("infinibox"), "The infinibox block cannot be used", err.Error())
		return nil, diags
	}
	if given.Bool("insecure") {
		diags.AddAttributeWarning(path.Root("infinibox").AtName("insecure"), "The array's certificate is not verified",
			"insecure is true: whoever can reach the network between Terraform and the array can read the password and change what is sent. "+
				"Set ca_certificate to the authority that signed the array's certificate instead.")
	}
	if client.Cleartext() {
		diags.AddAttributeWarning(path.Root("infinibox").AtName("endpoint"), "The password travels unencrypted",
			"The endpoint is http. Use https.")
	}
	return &entity.Session{
		Client:          client,
		Metadata:        pairs{client},
		Approve:         given.Bool("approve_dangerous_operations"),
		DefaultMetadata: given.Pairs("default_metadata"),
	}, diags
}
