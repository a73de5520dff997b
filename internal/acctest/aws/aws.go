// Package aws stands in for the provider of that name, as far as an example of object
// storage uses it: it notes the keys that it is configured with, and reaches nothing.
package aws

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	resources "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Source is where configurations have the provider from.
const Source = "hashicorp/aws"

// Keys are a pair that the provider is configured with.
type Keys struct{ AccessKey, SecretKey string }

// Provider is the stand-in.
type Provider struct {
	mu   sync.Mutex
	keys []Keys
}

// Serve makes a server of it.
func (p *Provider) Serve() tfprotov6.ProviderServer { return providerserver.NewProtocol6(p)() }

// Keys are the pairs that it was configured with since the last call, each once.
func (p *Provider) Keys() []Keys {
	p.mu.Lock()
	defer p.mu.Unlock()
	keys := p.keys
	p.keys = nil
	return keys
}

// Metadata implements provider.Provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "aws"
}

// Schema implements provider.Provider.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	text, flag := schema.StringAttribute{Optional: true}, schema.BoolAttribute{Optional: true}
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"region": text, "access_key": text, "secret_key": text, "s3_use_path_style": flag,
			"skip_credentials_validation": flag, "skip_region_validation": flag, "skip_requesting_account_id": flag,
		},
		Blocks: map[string]schema.Block{
			"endpoints": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{"s3": text}}},
		},
	}
}

// Configure implements provider.Provider.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var access, secret types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("access_key"), &access)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("secret_key"), &secret)...)
	p.mu.Lock()
	defer p.mu.Unlock()
	if keys := (Keys{access.ValueString(), secret.ValueString()}); !slices.Contains(p.keys, keys) {
		p.keys = append(p.keys, keys)
	}
}

// DataSources implements provider.Provider.
func (p *Provider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources implements provider.Provider.
func (p *Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return object{} }}
}

// object is an aws_s3_object, which is wherever the state says.
type object struct{}

func (object) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "aws_s3_object"
}

func (object) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replaces := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = resources.Schema{Attributes: map[string]resources.Attribute{
		"bucket":  resources.StringAttribute{Required: true, PlanModifiers: replaces},
		"key":     resources.StringAttribute{Required: true, PlanModifiers: replaces},
		"content": resources.StringAttribute{Optional: true},
	}}
}

func (object) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (object) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (object) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (object) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
