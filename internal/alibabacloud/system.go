package alibabacloud

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is all of this package.
func Area() entity.Area {
	return entity.Area{Title: "Alibaba Cloud", Lookups: []*entity.Lookup{&ScanTask}}
}

// System is Alibaba Cloud Security Center as the provider serves it.
func System(userAgent string) *entity.System {
	return &entity.System{
		Name:  service.Block,
		Title: "Alibaba Cloud Security Center",
		Settings: append([]entity.Setting{
			{Name: "region", Required: true, Unless: "endpoint", Doc: "A region of the account, such as `\"cn-hangzhou\"`. It chooses the endpoint: Security Center has one for China and one for all other regions."},
			{Name: "endpoint", Doc: "The endpoint, such as `\"tds.aliyuncs.com\"`, where it is not the region's. With it, `region` is not needed."},
			{Name: "access_key_id", Doc: "The id of the access key to sign with. Without it, the default credential chain of Alibaba Cloud's own tools finds one: `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, OIDC, the configuration of the `aliyun` CLI, a credentials file, the RAM role of the machine."},
			{Name: "access_key_secret", Sensitive: true, Doc: "The secret of the access key."},
			{Name: "security_token", Sensitive: true, Doc: "The security token, where the access key is a temporary one."},
			{Name: "poll_interval", Type: entity.DurationSetting, Doc: "How long to wait before a task is looked at again, `\"2s\"` where it is not set. Each wait is half as long again as the one before, up to 15 times the first."},
		}, service.Settings()...),
		Connect: func(_ context.Context, given entity.Given) (*entity.Session, diag.Diagnostics) {
			return connect(userAgent, given)
		},
	}
}

func connect(userAgent string, given entity.Given) (*entity.Session, diag.Diagnostics) {
	config, diags := service.Config(userAgent, given)
	key := Key{ID: given.Text("access_key_id"), Secret: given.Text("access_key_secret"), Token: given.Text("security_token")}
	diags.Append(checkKey(key)...)
	if diags.HasError() {
		return nil, diags
	}
	client, err := New(Config{
		Connection: config, Region: given.Text("region"), Endpoint: given.Text("endpoint"),
		Key: key, PollInterval: given.Duration("poll_interval"),
	})
	if err != nil {
		diags.Append(service.Unusable(err))
		return nil, diags
	}
	diags.Append(service.Warnings(given, "task's data", client.http.Cleartext())...)
	return &entity.Session{Own: client}, diags
}

// checkKey refuses half a key: the default chain must not replace a key that was
// meant to be given.
func checkKey(key Key) diag.Diagnostics {
	var diags diag.Diagnostics
	missing := func(setting, given string) {
		diags.AddAttributeError(path.Root(service.Block).AtName(setting), "The "+service.Block+" block has no "+setting,
			given+" is set, and is of no use without "+setting+". Set "+settings(setting)+".")
	}
	switch {
	case key.ID == "" && key.Secret != "":
		missing("access_key_id", "access_key_secret")
	case key.ID == "" && key.Token != "":
		missing("access_key_id", "security_token")
	case key.ID != "" && key.Secret == "":
		missing("access_key_secret", "access_key_id")
	}
	return diags
}
