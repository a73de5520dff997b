package entity

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
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

// confines are what one object can be looked up by beside its name: where the name is
// unique.
func (k *Kind) confines() []string {
	if len(k.Reading.By) > 0 || !k.keyedByID() || k.Reading.Find != nil {
		return nil
	}
	return k.Identity.NamedIn
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
	attributes := d.kind.Facts.dataAttributes(append(d.kind.inputs(), d.kind.confines()...))
	for _, name := range d.kind.Reading.By {
		if f, _ := d.kind.Facts.find(name); f.use == required && !(d.kind.keyedByID() && slices.Contains(d.kind.handles(), name)) {
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
		doc := "\n\nLooked up by " + strings.Join(append(quoted[:owners:owners], strings.Join(quoted[owners:], " or ")), " and ") + "."
		if confines := k.confines(); len(confines) > 0 {
			doc += " Where several have the name, `" + strings.Join(confines, "` or `") + "` says which is meant."
		}
		return doc
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

	o, err := d.kind.lookUp(ctx, s, d.kind.asked(config))
	if err == nil && d.kind.Reading.InFull != nil {
		o = maps.Clone(o) // it may be a listing's
		err = d.kind.Reading.InFull(ctx, s, o)
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

// lookUp finds the object that a data source asks for.
func (k *Kind) lookUp(ctx context.Context, s *Session, asked Values) (api.Object, error) {
	if k.keyedByID() && asked.Known(k.label()) {
		return k.lookUpByName(ctx, s, asked)
	}
	o, err := k.find(ctx, s, asked, false)
	if err == nil && len(k.confines()) > 0 && !k.isWithin(o, asked) {
		err = k.notFound("id " + idOf(asked) + ": the object of that id has another " + strings.Join(k.confines(), " or "))
	}
	return o, err
}

func setObject(ctx context.Context, state *tfsdk.State, v Values) diag.Diagnostics {
	return state.Set(ctx, types.ObjectValueMust(stateTypes(state), v))
}
