package entity

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// single serves a Kind as the data source of one object.
type single struct {
	kind     *Kind
	sessions Sessions
}

var (
	_ datasource.DataSourceWithConfigure        = (*single)(nil)
	_ datasource.DataSourceWithConfigValidators = (*single)(nil)
)

// DataSource serves the kind as the data source of one object.
func (k *Kind) DataSource() datasource.DataSource { return &single{kind: k} }

func (d *single) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.kind.typeName()
}

// inputs are what one object is looked up by.
func (k *Kind) inputs() []string {
	if len(k.Reading.By) > 0 {
		return k.Reading.By
	}
	if !k.keyedByID() {
		return k.key()
	}
	return append(k.parents(), k.handles()...)
}

// handles are what an object is known by among those of its owners.
func (k *Kind) handles() []string {
	if k.isOne() {
		return nil
	}
	if k.hasLabel() {
		return []string{idName, k.label()}
	}
	return []string{idName}
}

func (d *single) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := d.kind.Facts.dataAttributes(d.kind.inputs())
	for _, name := range d.kind.Reading.By {
		if f, _ := d.kind.Facts.find(name); f.use == required {
			attributes[name] = f.asked()
		}
	}
	for _, name := range d.kind.parents() {
		attributes[name] = d.kind.owner(name)
	}
	if d.kind.hasMetadata() {
		attributes[metadataName] = schema.MapAttribute{
			ElementType: types.StringType, Computed: true,
			MarkdownDescription: "All key-value pairs kept on the object.",
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: d.kind.Doc + d.kind.lookUpDoc(),
		Attributes:          attributes,
	}
}

// owner is the argument of a data source that names an owner in the path.
func (k *Kind) owner(name string) schema.Attribute {
	f, _ := k.Facts.find(name)
	return schema.Int64Attribute{Required: true, MarkdownDescription: f.doc}
}

// lookUpDoc says in the docs by what an object is looked up.
func (k *Kind) lookUpDoc() string {
	if k.isOne() {
		return ""
	}
	quoted := make([]string, len(k.inputs()))
	for i, name := range k.inputs() {
		quoted[i] = "`" + name + "`"
	}
	if owners := len(k.parents()); k.keyedByID() {
		return "\n\nLooked up by " + strings.Join(append(quoted[:owners:owners], strings.Join(quoted[owners:], " or ")), " and ") + "."
	}
	return "\n\nLooked up by " + strings.Join(quoted, ", ") + " (of those, the ones that apply)."
}

func (d *single) ConfigValidators(context.Context) []datasource.ConfigValidator {
	if d.kind.isOne() {
		return nil
	}
	if d.kind.keyedByID() {
		return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(rootsOf(d.kind.handles())...)}
	}
	// Where it takes several, Find tells what else is missing.
	var rules []datasource.ConfigValidator
	for _, group := range d.kind.groups() {
		if !slices.ContainsFunc(group, func(name string) bool { return !slices.Contains(d.kind.inputs(), name) }) {
			rules = append(rules, datasourcevalidator.ExactlyOneOf(rootsOf(group)...))
		}
	}
	return rules
}

func (d *single) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.sessions = sessionsOf(req.ProviderData, &resp.Diagnostics)
}

func (d *single) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	s := sessionFor(d.sessions, d.kind, &resp.Diagnostics)
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()

	var o api.Object
	var err error
	if d.kind.keyedByID() && config.Known(d.kind.label()) {
		o, err = d.kind.lookUpByName(ctx, s, config)
	} else {
		o, err = d.kind.find(ctx, s, config, false)
	}
	if err != nil {
		resp.Diagnostics.Append(d.kind.refusal(ctx, s, "find", config, err))
		return
	}
	r := newReading(d.kind.title())
	values := r.object(d.kind.Facts, o)
	if d.kind.hasMetadata() {
		var pairs map[string]string
		pairs, err = s.Metadata.Get(ctx, idOf(values))
		values[metadataName] = pairsValue(pairs)
	}
	if err == nil {
		err = d.kind.deduce(ctx, s, values)
	}
	if err != nil {
		resp.Diagnostics.Append(problem("read "+d.kind.named(config), err))
		return
	}
	resp.Diagnostics.Append(r.warnings()...)
	for _, name := range d.kind.inputs() {
		if config.Known(name) {
			values[name] = config[name]
		}
	}
	resp.Diagnostics.Append(setObject(ctx, &resp.State, values)...)
}

func setObject(ctx context.Context, state *tfsdk.State, v Values) diag.Diagnostics {
	return state.Set(ctx, types.ObjectValueMust(stateTypes(state), v))
}

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
