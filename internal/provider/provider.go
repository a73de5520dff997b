// Package provider is the Terraform provider: its configuration, and the list
// of systems that it serves.
package provider

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/alibabacloud"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/access"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/file"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/hardware"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/monitoring"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/network"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/object"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/replication"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/system"
	"github.com/storage-as-code/terraform-provider-storage/internal/ontap"
	"github.com/storage-as-code/terraform-provider-storage/internal/ontap/vscan"
	"github.com/storage-as-code/terraform-provider-storage/internal/unitrends"
)

// Systems are the systems that the provider serves.
func Systems(version string) []*entity.System {
	userAgent := "terraform-provider-storage/" + version
	return []*entity.System{
		infinibox.System(userAgent).With(block.Area(), file.Area(), access.Area(), network.Area(), hardware.Area(), object.Area(), monitoring.Area(), system.Area(), replication.Area()),
		ontap.System(userAgent).With(vscan.Area()),
		unitrends.System(userAgent).With(unitrends.Area()),
		alibabacloud.System(userAgent).With(alibabacloud.Area()),
	}
}

type storage struct {
	version string
	systems []*entity.System

	configured atomic.Pointer[sessions]
	// validated says that the configuration was validated, as every plan and every apply
	// does before it configures a provider of its own.
	validated atomic.Bool
}

var (
	_ provider.ProviderWithActions        = (*storage)(nil)
	_ provider.ProviderWithFunctions      = (*storage)(nil)
	_ provider.ProviderWithListResources  = (*storage)(nil)
	_ provider.ProviderWithValidateConfig = (*storage)(nil)
)

// New makes the provider, as the plugin's server wants it.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &storage{version: version, systems: Systems(version)} }
}

func (p *storage) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "storage", p.version
}

func (p *storage) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := map[string]schema.Attribute{}
	for _, s := range p.systems {
		attributes[s.Name] = s.Attribute()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages storage systems and what protects their data. Each system has a block of its own, and each is optional; a second array is a second provider configuration with an `alias`.",
		Attributes:          attributes,
	}
}

// Server makes the provider's server: the framework's, with the engine's checks and
// its shortcut before it.
func Server(version string) func() tfprotov6.ProviderServer {
	return serverOf(version, Systems(version), func(*storage) {})
}

// serverOf makes servers, and tells of each provider that it makes for one.
func serverOf(version string, systems []*entity.System, made func(*storage)) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		p := &storage{version: version, systems: systems}
		made(p)
		framework := providerserver.NewProtocol6(p)().(entity.Server)
		var kinds []*entity.Kind
		for _, s := range p.systems {
			kinds = append(kinds, s.Kinds...)
		}
		return entity.Shortcut(entity.Strict(framework, p.systems), kinds, func() entity.Sessions {
			if configured := p.configured.Load(); configured != nil {
				return *configured
			}
			return nil
		})
	}
}

// sessions are the systems that are configured, for the provider's objects.
type sessions map[string]*entity.Session

func (all sessions) Session(system string) (*entity.Session, diag.Diagnostics) {
	var diags diag.Diagnostics
	s := all[system]
	if s == nil {
		diags.AddError(fmt.Sprintf("The provider has no %s block", system),
			fmt.Sprintf("This object belongs to a system of the kind %q, which the provider is not told how to reach. "+
				"Add the block %s = { ... } to the configuration of provider \"storage\".", system, system))
	}
	return s, diags
}

// ValidateConfig implements provider.ProviderWithValidateConfig.
func (p *storage) ValidateConfig(context.Context, provider.ValidateConfigRequest, *provider.ValidateConfigResponse) {
	p.validated.Store(true)
}

func (p *storage) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	configured := sessions{}
	for _, s := range p.systems {
		var block types.Object
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(s.Name), &block)...)
		session, diags := s.Configure(ctx, block)
		resp.Diagnostics.Append(diags...)
		if session != nil {
			session.Kept = !p.validated.Load()
			configured[s.Name] = session
		}
	}
	p.configured.Store(&configured)
	resp.ResourceData = entity.Sessions(configured)
	resp.DataSourceData = entity.Sessions(configured)
	resp.ActionData = entity.Sessions(configured)
	resp.ListResourceData = entity.Sessions(configured)
}

// each makes one of something of every kind of every system that has it.
func each[T any](p *storage, has func(*entity.Kind) bool, of func(*entity.Kind) T) []func() T {
	var all []func() T
	for _, s := range p.systems {
		for _, k := range s.Kinds {
			if has(k) {
				all = append(all, func() T { return of(k) })
			}
		}
	}
	return all
}

func (p *storage) Resources(context.Context) []func() resource.Resource {
	return each(p, (*entity.Kind).IsManaged, (*entity.Kind).Resource)
}

func (p *storage) DataSources(context.Context) []func() datasource.DataSource {
	all := append(each(p, (*entity.Kind).IsFound, (*entity.Kind).DataSource), each(p, (*entity.Kind).IsListed, (*entity.Kind).PluralDataSource)...)
	for _, s := range p.systems {
		for _, l := range s.Lookups {
			all = append(all, l.DataSource)
		}
	}
	return all
}

func (p *storage) ListResources(context.Context) []func() list.ListResource {
	return each(p, (*entity.Kind).IsQueried, (*entity.Kind).ListResource)
}

func (p *storage) Actions(context.Context) []func() action.Action {
	var all []func() action.Action
	for _, s := range p.systems {
		for _, a := range s.Actions {
			all = append(all, a.Action)
		}
	}
	return all
}

func (p *storage) Functions(context.Context) []func() function.Function { return entity.Functions() }
