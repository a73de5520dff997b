package entity_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	plugin "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

const (
	lossOfWidget = "What the widget holds is lost."
	lossOfAccess = "Others lose access to the widget."
	lossOfPort   = "What uses the port loses its widget."
)

// widgetFacts are a fact of every kind there is, but for one: a decimal.
func widgetFacts() entity.Facts {
	return entity.Facts{
		entity.ID(),
		entity.Name(20).Matching(regexp.MustCompile(`^[a-z0-9-]*$`), "small letters, digits and hyphens"),
		entity.Ref("box_id").Required().ChangedBy(moveWidget).Filterable().Doc("The box that holds it."),
		entity.Capacity("size").RoundedTo(512).Required().GrowsOnly().AtLeast("1KB").Queryable(),
		entity.Capacity("quota").OrUnlimited().Defaulted().Mutable(),
		entity.Enum("mode", "A", "B").Defaulted().Mutable().Queryable(),
		entity.Integer("level").Defaulted().Mutable().Between(0, 10).Queryable(),
		entity.Bool("shared").Defaulted().Mutable().Filterable().Danger(lossOfAccess, entity.Becomes(false)),
		entity.Bool("frozen").Defaulted().AfterCreation().ChangedBy(freezeWidget),
		entity.Moment("expires_at").Optional().Mutable().Filterable(),
		entity.Integer("weight").Optional().Mutable(),
		entity.Text("label").Ignoring(strings.ToLower).Defaulted().Mutable(),
		entity.Text("owner").Defaulted().Mutable().ChosenAnewWith("mode"),
		entity.Enum("grade", "LOW", "HIGH").Defaulted().Mutable(),
		entity.Text("color").Defaulted(),
		entity.Text("lid").Optional(),
		entity.Texts("ports", plainPort).Defaulted().Checked("a port", checkPort).
			Members(entity.Relation{Add: addPort, Fill: fillPort, Remove: removePort}).Danger(lossOfPort, entity.LosesMembers()),
		entity.Integers("peers").Defaulted().Mutable(),
		entity.Text("user").Optional().Mutable().InGroup("login"),
		entity.Secret("key", "has_key").InGroup("login").Checked("a key", checkKey),
		entity.Text("serial").Lasting(),
		entity.Moment("created_at").Lasting().Queryable(),

		entity.Capacity("used").Doc("What is in it now."),
		entity.Decimal("temperature").Filterable(),
		entity.Bool("has_key"),
		entity.Records("slots", entity.Facts{entity.Integer("number"), entity.Text("holds")}),
	}
}

func plainPort(s string) string { return strings.ReplaceAll(strings.ToLower(s), ":", "") }

func checkPort(s string) error {
	if !regexp.MustCompile(`^[0-9a-f]{4}$`).MatchString(plainPort(s)) {
		return fmt.Errorf("%q is not a port: write 4 hexadecimal digits", s)
	}
	return nil
}

func checkKey(s string) error {
	if len(s) < 8 {
		return fmt.Errorf("a key has at least 8 characters; this one has %d", len(s))
	}
	return nil
}

func moveWidget(id string, after entity.Values) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("widgets", id, "move"), Body: api.Object{"box_id": after.Int("box_id")}}
}

func freezeWidget(id string, after entity.Values) api.Request {
	operation := "thaw"
	if after.Bool("frozen") {
		operation = "freeze"
	}
	return api.Request{Method: http.MethodPost, Path: api.Path("widgets", id, operation)}
}

func addPort(id string, port any) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("widgets", id, "ports"), Body: api.Object{"address": port}}
}

// fillPort says of a port that begins with f which box the widget is in.
func fillPort(ctx context.Context, s *entity.Session, id string, port any, body api.Object) error {
	if !strings.HasPrefix(fmt.Sprint(port), "f") {
		return nil
	}
	o, err := s.Client.Read(ctx, "widgets", id, []string{"box_id"})
	body["box_id"] = o["box_id"]
	return err
}

func removePort(id string, port any) api.Request {
	return api.Request{Method: http.MethodDelete, Path: api.Path("widgets", id, "ports", port)}
}

// kinds are the depot's: a widget is the kind that has everything, a gadget is a
// widget of a system that takes one field at a time, a button is a widget without
// decimals, which the shortcut leaves to the framework, a plate is the simplest,
// and a link has no id that one could know it by.
func kinds() []*entity.Kind {
	widget := entity.Kind{
		System:   "depot",
		Name:     "widget",
		Plural:   "widgets",
		Path:     "widgets",
		Doc:      "A widget.",
		Metadata: entity.WithDefaults,
		Identity: entity.Identity{Match: api.Where("type", "WIDGET")},
		Planning: entity.Planning{
			Check: func(_ context.Context, p *entity.Plan) {
				if p.After != nil && p.After.Text("name") == "forbidden" {
					p.Refuse("name", "No such name", "The depot has no room for it.")
				}
			},
		},
		Creation: entity.Creation{InUse: []string{"slots"}},
		Deletion: entity.Deletion{Danger: lossOfWidget},
		Explain: func(_ context.Context, _ *entity.Session, _ entity.Values, err error) string {
			if api.CodeOf(err) == "WIDGET_IN_USE" {
				return "It is linked to box 1. Remove the link first."
			}
			return ""
		},
		Facts: entity.Join(widgetFacts(), entity.Facts{entity.Decimal("ratio").Defaulted().Mutable().Filterable()}),
	}
	gadget := widget
	gadget.Name, gadget.Plural, gadget.Update.OneByOne = "gadget", "gadgets", true
	button := widget
	button.Name, button.Plural, button.Facts = "button", "buttons", widgetFacts()
	return []*entity.Kind{&widget, &gadget, &button, plateKind(), linkKind(), shelfKind(), knobKind(), crateKind(), badgeKind(), tokenKind(), lockerKind(), leaseKind(), pactKind(), rackKind(), clubKind(), nestKind(), lampKind(), radioKind(), passKind(), permitKind(), visaKind(), dishKind(), pegKind(), hookKind(), cabinetKind(), vaultKind(), ticketKind(), slotKind()}
}

// plateKind is the simplest of kinds: nothing about it is dangerous, special or
// kept beside it, and only what it is made with stays as it is.
func plateKind() *entity.Kind {
	return &entity.Kind{
		System: "depot", Name: "plate", Plural: "plates", Path: "plates", Doc: "A plate.",
		Facts: entity.Facts{
			entity.ID(), entity.Name(20),
			entity.Enum("mode", "A", "B").Defaulted().Mutable(),
			entity.Integer("level").Defaulted().Mutable().AfterCreation(),
		},
	}
}

func linkKind() *entity.Kind {
	return &entity.Kind{
		System:   "depot",
		Name:     "link",
		Plural:   "links",
		Path:     "links",
		Doc:      "A link.",
		Identity: entity.Identity{Key: []string{"widget_id", "box_id"}},
		Reading:  entity.Reading{Find: findLink},
		Creation: entity.Creation{
			Request: func(after entity.Values) api.Request {
				return api.Request{Method: http.MethodPost, Path: api.Path("boxes", after.Int("box_id"), "links")}
			},
		},
		Deletion: entity.Deletion{
			Danger: lossOfAccess,
			Request: func(before entity.Values) api.Request {
				return api.Request{Method: http.MethodDelete, Path: api.Path("boxes", before.Int("box_id"), "links", before.Int("widget_id"))}
			},
		},
		Listing: entity.Listing{
			Scope: []string{"box_id"},
			List: func(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
				return s.Client.List(ctx, api.Path("boxes", scope.Int("box_id"), "links"), q)
			},
		},
		Facts: entity.Facts{
			entity.ID(),
			entity.Ref("widget_id").Required(),
			entity.Ref("box_id").Required().InPath(),
			entity.Integer("slot").Defaulted().Between(1, 99),
		},
	}
}

func findLink(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	if !v.Known("widget_id") || !v.Known("box_id") {
		return nil, fmt.Errorf("a link is found by widget_id and box_id")
	}
	path := api.Path("boxes", v.Int("box_id"), "links")
	for o, err := range s.Client.List(ctx, path, api.Query{}) {
		if err != nil {
			return nil, err
		}
		if fmt.Sprint(o["widget_id"]) == fmt.Sprint(v.Int("widget_id")) {
			return o, nil
		}
	}
	return nil, &api.Error{Reason: api.NotFound, Operation: "GET " + path, Status: 404, Message: "not linked"}
}

// system is the depot as the made-up provider serves it.
func (d *depot) system() *entity.System {
	return &entity.System{
		Name: "depot", Title: "a depot", Kinds: kinds(), Actions: []*entity.Action{shake()},
		Settings: []entity.Setting{
			{Name: "endpoint", Required: true, Doc: "Where it is."},
			{Name: "password", Sensitive: true, Doc: "The password."},
			{Name: "club_member", Doc: "Who leaves a club."},
			{Name: "club_password", Sensitive: true, Doc: "The password that it takes."},
			{Name: "approve_dangerous_operations", Type: entity.BoolSetting, Doc: "Whether they are approved."},
			{Name: "workers", Type: entity.NumberSetting, Doc: "How many work."},
			{Name: "patience", Type: entity.DurationSetting, Doc: "How long to wait."},
			{Name: "default_metadata", Type: entity.PairsSetting, Doc: "Pairs for all."},
		},
		Connect: func(_ context.Context, given entity.Given) (*entity.Session, diag.Diagnostics) {
			d.given = given
			return &entity.Session{
				Client: d, Metadata: d, Approve: given.Bool("approve_dangerous_operations"),
				DefaultMetadata: given.Pairs("default_metadata"),
			}, nil
		},
	}
}

// madeUp is a provider of one system.
type madeUp struct {
	system   *entity.System
	sessions entity.Sessions
}

var (
	_ provider.ProviderWithActions       = (*madeUp)(nil)
	_ provider.ProviderWithFunctions     = (*madeUp)(nil)
	_ provider.ProviderWithListResources = (*madeUp)(nil)
)

func (p *madeUp) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "storage"
}

func (p *madeUp) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{p.system.Name: p.system.Attribute()}}
}

func (p *madeUp) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var block types.Object
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(p.system.Name), &block)...)
	session, diags := p.system.Configure(ctx, block)
	resp.Diagnostics.Append(diags...)
	p.sessions = oneSession{session}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData, resp.ActionData = p.sessions, p.sessions, p.sessions, p.sessions
}

type oneSession struct{ session *entity.Session }

func (s oneSession) Session(system string) (*entity.Session, diag.Diagnostics) {
	var diags diag.Diagnostics
	if s.session == nil {
		diags.AddError("The provider has no "+system+" block", "Add it.")
	}
	return s.session, diags
}

func serveAll[T any](p *madeUp, has func(*entity.Kind) bool, of func(*entity.Kind) T) []func() T {
	var all []func() T
	for _, k := range p.system.Kinds {
		if has(k) {
			all = append(all, func() T { return of(k) })
		}
	}
	return all
}

func (p *madeUp) Resources(context.Context) []func() plugin.Resource {
	return serveAll(p, (*entity.Kind).IsManaged, (*entity.Kind).Resource)
}

func (p *madeUp) DataSources(context.Context) []func() datasource.DataSource {
	return append(serveAll(p, (*entity.Kind).IsFound, (*entity.Kind).DataSource), serveAll(p, (*entity.Kind).IsListed, (*entity.Kind).PluralDataSource)...)
}

func (p *madeUp) ListResources(context.Context) []func() list.ListResource {
	return serveAll(p, (*entity.Kind).IsQueried, (*entity.Kind).ListResource)
}

func (p *madeUp) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return p.system.Actions[0].Action() }}
}

func (p *madeUp) Functions(context.Context) []func() function.Function { return entity.Functions() }
