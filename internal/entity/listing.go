package entity

import (
	"context"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The attributes of the data source of many objects.
const (
	filtersName = "filters"
	sortName    = "sort"
	limitName   = "limit"
)

// plural serves a Kind as the data source of many objects.
type plural struct {
	kind     *Kind
	sessions Sessions
}

var (
	_ datasource.DataSourceWithConfigure      = (*plural)(nil)
	_ datasource.DataSourceWithValidateConfig = (*plural)(nil)
)

// PluralDataSource serves the kind as the data source of many objects.
func (k *Kind) PluralDataSource() datasource.DataSource { return &plural{kind: k} }

func (d *plural) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.kind.pluralTypeName()
}

func (d *plural) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	k := d.kind
	attributes := d.scopeAttributes()
	object := k.Facts.dataAttributes(nil)
	if k.hasMetadata() {
		object[metadataName] = schema.MapAttribute{
			ElementType: types.StringType, Computed: true,
			MarkdownDescription: "All key-value pairs kept on the object.",
		}
	}
	attributes[k.results()] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The objects found, in the order asked for, else in the system's.",
		NestedObject:        schema.NestedAttributeObject{Attributes: object},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists objects of a system that a filter selects. " + k.Doc,
		Attributes:          attributes,
	}
}

// results is the attribute with the objects found.
func (k *Kind) results() string {
	if k.Listing.As != "" {
		return k.Listing.As
	}
	return k.Plural
}

// scopeAttributes are the arguments of a listing.
func (d *plural) scopeAttributes() map[string]schema.Attribute {
	k := d.kind
	attributes := map[string]schema.Attribute{
		limitName: schema.Int64Attribute{Optional: true, MarkdownDescription: "The most objects to return; all where it is not set."},
	}
	for _, name := range k.parents() {
		attributes[name] = k.owner(name)
	}
	for _, name := range k.Listing.Scope {
		f, _ := k.Facts.find(name)
		attributes[name] = f.argument("Lists only what belongs to this object. " + f.doc)
	}
	if k.Listing.Plain {
		maps.Copy(attributes, k.plainFilters())
		return attributes
	}
	if filterable := k.Facts.names(func(f Fact) bool { return f.isFilterable() }); len(filterable) > 0 {
		attributes[filtersName] = schema.ListNestedAttribute{
			Optional:            true,
			MarkdownDescription: "Conditions that all must hold. They are checked by the system itself. Fields that can be filtered: `" + strings.Join(filterable, "`, `") + "`.",
			NestedObject:        schema.NestedAttributeObject{Attributes: filterAttributes()},
		}
	}
	if sortable := k.Facts.names(func(f Fact) bool { return f.isSortable() }); len(sortable) > 0 {
		attributes[sortName] = schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Fields to sort by, the first first; a leading `-` sorts downwards. Fields that can be sorted by: `" + strings.Join(sortable, "`, `") + "`.",
		}
	}
	return attributes
}

func (d *plural) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.sessions = sessionsOf(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig refuses what the system would refuse: a filter on a field that
// cannot be filtered, a value of the wrong kind.
func (d *plural) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		d.kind.query(config, &resp.Diagnostics)
	}
}

func (d *plural) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	s := sessionFor(d.sessions, d.kind, &resp.Diagnostics)
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	q := d.kind.query(config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()

	objectType := stateTypes(&resp.State)[d.kind.results()].(types.ListType).ElemType.(types.ObjectType)
	r := newReading(d.kind.pluralTitle())
	var found []Values
	for o, err := range d.kind.list(ctx, s, config, q) {
		if err != nil {
			resp.Diagnostics.Append(d.kind.refusal(ctx, s, listing, nil, err))
			return
		}
		var values Values
		if err = d.kind.addBeside(ctx, s, o); err == nil {
			values = r.object(d.kind.Facts, o)
			err = d.kind.deduce(ctx, s, values)
		}
		if err != nil {
			resp.Diagnostics.Append(problem("list "+d.kind.pluralTitle(), err))
			return
		}
		found = append(found, values)
	}
	if d.kind.hasMetadata() {
		if err := addMetadata(ctx, s, found); err != nil {
			resp.Diagnostics.Append(problem("read the metadata of "+d.kind.pluralTitle(), err))
			return
		}
	}
	objects := make([]attr.Value, len(found))
	for i, values := range found {
		objects[i] = types.ObjectValueMust(objectType.AttrTypes, values)
	}
	resp.Diagnostics.Append(r.warnings()...)
	config[d.kind.results()] = types.ListValueMust(objectType, objects)
	resp.Diagnostics.Append(setObject(ctx, &resp.State, config)...)
}

// addMetadata adds every object's pairs: one listing for many objects.
func addMetadata(ctx context.Context, s *Session, found []Values) error {
	if len(found) == 0 {
		return nil
	}
	if len(found) == 1 {
		pairs, err := s.Metadata.Get(ctx, idOf(found[0]))
		found[0][metadataName] = pairsValue(pairs)
		return err
	}
	all, err := s.Metadata.All(ctx)
	for _, values := range found {
		values[metadataName] = pairsValue(all[idOf(values)])
	}
	return err
}
