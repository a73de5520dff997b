// Command smallest is the smallest provider that the framework allows: one
// resource with a name and an id, and no API behind it. It is the floor that the
// benchmark holds the provider against.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return smallest{} }, providerserver.ServeOpts{
		Address:         "registry.terraform.io/storage-as-code/smallest",
		ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}

type smallest struct{}

func (smallest) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "smallest"
}
func (smallest) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (smallest) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (smallest) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (smallest) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return object{} }}
}

// object has what every object must have.
type object struct{}

func (object) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "smallest_object"
}

func (object) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true},
		"id": schema.StringAttribute{
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
	}}
}

func (object) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	take(ctx, req.Plan, resp)
}
func (object) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}
func (object) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (object) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// take makes the state that of the plan, with the name as the id.
func take(ctx context.Context, plan tfsdk.Plan, resp *resource.CreateResponse) {
	var name types.String
	resp.Diagnostics.Append(plan.GetAttribute(ctx, path.Root("name"), &name)...)
	resp.State.Raw = plan.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), name)...)
}
